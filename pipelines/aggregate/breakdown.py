"""Recurrence within regions, years, quarters, frameworks, ratings and standards, and over time.

Denominators are the units inspected within the category. A trend is one row per year within one
framework: standards and samples change with the framework, so the first year of each is marked
as a break, and no line may join rows of two frameworks.
"""

from __future__ import annotations

import pandas as pd

from pipelines import columns as c
from pipelines.aggregate.claims import QUARTER, YEAR
from pipelines.aggregate.recurrence import SMALL, count, with_interval
from pipelines.tables import conform, frame

_KEYS = [c.THEME, c.POLARITY]

# Dimension in the table -> column of the inspections.
DIMENSIONS = {
    "region": c.REGION,
    "year": YEAR,
    "quarter": QUARTER,
    "framework": c.FRAMEWORK,
    "overall_rating": c.OVERALL_RATING,
}


def breakdown(
    claimed: pd.DataFrame, inspected: pd.DataFrame, standards: pd.DataFrame
) -> pd.DataFrame:
    """Build the table `breakdown`.

    Args:
        claimed: Claims.
        inspected: Inspections.
        standards: The table `standards`: a unit counts in the denominator of a standard when
            its document has that standard, or a finding under it.
    """
    parts = [
        _within(claimed, inspected, dimension, column) for dimension, column in DIMENSIONS.items()
    ]
    parts.append(_by_standard(claimed, inspected, standards))
    return _table("breakdown", parts)


def trend(claimed: pd.DataFrame, inspected: pd.DataFrame) -> pd.DataFrame:
    """Build the table `trend`: recurrence by year of publication within a framework."""
    known = inspected.dropna(subset=[YEAR]).copy()
    known[c.FRAMEWORK] = known[c.FRAMEWORK].fillna("unknown")
    within = claimed.dropna(subset=[YEAR]).copy()
    within[c.FRAMEWORK] = within[c.FRAMEWORK].fillna("unknown")
    parts = []
    for framework, of_framework in known.groupby(c.FRAMEWORK, sort=True):
        years = sorted(of_framework[YEAR].unique())
        for year in years:
            units = of_framework.loc[of_framework[YEAR] == year, c.UNIT].nunique()
            chosen = within[(within[c.FRAMEWORK] == framework) & (within[YEAR] == year)]
            part = _with_zeros(chosen, within, units)
            part[c.FRAMEWORK] = framework
            part[c.PERIOD] = year
            part[c.AFTER_BREAK] = year == years[0]
            parts.append(part)
    return _table("trend", parts)


def _within(
    claimed: pd.DataFrame, inspected: pd.DataFrame, dimension: str, column: str
) -> pd.DataFrame:
    parts = []
    for category, of_category in inspected.groupby(column, sort=True):
        units = of_category[c.UNIT].nunique()
        part = count(claimed[claimed[column] == category], units, _KEYS)
        part[c.CATEGORY] = str(category)
        parts.append(part)
    return _joined(parts).assign(**{c.DIMENSION: dimension})


def _by_standard(
    claimed: pd.DataFrame, inspected: pd.DataFrame, standards: pd.DataFrame
) -> pd.DataFrame:
    listed = standards[[c.DOCUMENT_ID, c.STANDARD]].merge(
        inspected[[c.DOCUMENT_ID, c.UNIT]], on=c.DOCUMENT_ID
    )
    seen = claimed[[c.DOCUMENT_ID, c.STANDARD, c.UNIT]].dropna(subset=[c.STANDARD])
    units_of = pd.concat([listed, seen]).groupby(c.STANDARD)[c.UNIT].nunique()
    parts = []
    for standard, units in units_of.sort_index().items():
        part = count(claimed[claimed[c.STANDARD] == standard], int(units), _KEYS)
        part[c.CATEGORY] = str(standard)
        parts.append(part)
    return _joined(parts).assign(**{c.DIMENSION: "standard"})


def _with_zeros(chosen: pd.DataFrame, within: pd.DataFrame, units: int) -> pd.DataFrame:
    """Count `chosen`, with a zero row for what is found in other years: a line needs its zeros."""
    wanted = within[_KEYS].drop_duplicates().sort_values(_KEYS)
    out = wanted.merge(count(chosen, units, _KEYS), on=_KEYS, how="left")
    for name in (c.UNITS_WITH, c.FINDINGS):
        out[name] = out[name].fillna(0).astype("int64")
    out[c.UNITS] = units
    return with_interval(out)


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if not part.empty]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()


def _table(name: str, parts: list[pd.DataFrame]) -> pd.DataFrame:
    out = _joined(parts)
    if out.empty:
        return frame(name)
    return conform(name, out.assign(**{c.CAUTION: out[c.UNITS] < SMALL}))
