"""Recurrence: in how many of the units inspected a theme is found, with Wilson intervals."""

from __future__ import annotations

import pandas as pd

from pipelines import columns as c
from pipelines.aggregate.claims import SURE
from pipelines.codebook import Codebook
from pipelines.intervals import wilson
from pipelines.records import Polarity
from pipelines.tables import conform

SMALL = 10  # units; below it a share says little, and the tables say so in `caution`
POLARITIES = [str(polarity) for polarity in Polarity]


def count(claimed: pd.DataFrame, units: int, by: list[str]) -> pd.DataFrame:
    """Count distinct units and findings among claims for each combination of `by`.

    Args:
        claimed: Claims (see `claims.claims`), all within the same denominator.
        units: The denominator: distinct units inspected.
        by: Column names to group by.

    Returns:
        Columns `by`, units_with, units, share, low, high, findings. Share and interval are null
        where no unit was inspected.
    """
    grouped = claimed.groupby(by, observed=True, sort=True)
    out = grouped.agg(
        **{c.UNITS_WITH: (c.UNIT, "nunique"), c.FINDINGS: (c.FINDING_ID, "nunique")}
    ).reset_index()
    out[c.UNITS] = units
    return with_interval(out)


def with_interval(counts: pd.DataFrame) -> pd.DataFrame:
    """Add share, low and high (95 % Wilson score interval) to units_with and units."""
    out = counts.copy()
    pairs = list(zip(out[c.UNITS_WITH], out[c.UNITS], strict=True))
    nothing = float("nan")
    out[c.SHARE] = [k / n if n else nothing for k, n in pairs]
    bounds = [wilson(int(k), int(n)) if n else (nothing, nothing) for k, n in pairs]
    out[c.LOW] = [low for low, _ in bounds]
    out[c.HIGH] = [high for _, high in bounds]
    return out


def full_grid(counted: pd.DataFrame, key: str, slugs: tuple[str, ...], units: int) -> pd.DataFrame:
    """Give every slug x polarity a row, zero where it was not found: absence is a result."""
    grid = pd.MultiIndex.from_product([slugs, POLARITIES], names=[key, c.POLARITY])
    out = counted.set_index([key, c.POLARITY]).reindex(grid).reset_index()
    for name in (c.UNITS_WITH, c.FINDINGS):
        out[name] = out[name].fillna(0).astype("int64")
    out[c.UNITS] = units
    return with_interval(out)


def recurrence(claimed: pd.DataFrame, inspected: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Build the table `recurrence`: every theme of the codebook x polarity, in its order."""
    units = inspected[c.UNIT].nunique()
    counted = full_grid(
        count(claimed, units, [c.THEME, c.POLARITY]), c.THEME, codebook.slugs, units
    )
    sure = claimed[claimed[SURE]].groupby([c.THEME, c.POLARITY])[c.UNIT].nunique()
    keys = zip(counted[c.THEME], counted[c.POLARITY], strict=True)
    counted[c.UNITS_SURE] = [int(sure.get(key, 0)) for key in keys]
    return conform("recurrence", counted)


def group_recurrence(
    claimed: pd.DataFrame, inspected: pd.DataFrame, codebook: Codebook
) -> pd.DataFrame:
    """Build the table `group_recurrence`: a finding with two themes of a group counts once."""
    units = inspected[c.UNIT].nunique()
    group = {theme.slug: theme.group for theme in codebook.themes}
    grouped = claimed.assign(**{c.GROUP: claimed[c.THEME].map(group)}).dropna(subset=[c.GROUP])
    counted = count(grouped, units, [c.GROUP, c.POLARITY])
    slugs = tuple(g.slug for g in codebook.groups)
    return conform("group_recurrence", full_grid(counted, c.GROUP, slugs, units))


def theme_unit(claimed: pd.DataFrame) -> pd.DataFrame:
    """Build the table `theme_unit`: findings for each theme, unit and polarity that occur.

    A unit whose inspections name different regions keeps the region of the latest one.
    """
    latest = (
        claimed.sort_values([c.PUBLISHED, c.DOCUMENT_ID], na_position="first")
        .drop_duplicates(c.UNIT, keep="last")
        .set_index(c.UNIT)[c.REGION]
    )
    out = (
        claimed.groupby([c.THEME, c.UNIT, c.POLARITY], sort=True)[c.FINDING_ID]
        .nunique()
        .rename(c.FINDINGS)
        .reset_index()
    )
    out[c.REGION] = out[c.UNIT].map(latest)
    return conform("theme_unit", out)
