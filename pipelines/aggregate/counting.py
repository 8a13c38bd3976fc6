"""Counting: the tables that count themes, each declared as group-bys, and what does them.

A row says in how many of the units inspected there is a finding on a theme, with a Wilson interval.
What the units are counted within (a region, a year, a rating) parts claims and inspections alike,
so that each row is divided by the units that could have had it. A trend is one row per year within
one framework: standards and samples change with the framework, so the first year of each is marked
as a break, and no line may join rows of two frameworks.

Arrow counts; a frame is made of the counts alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Final, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import columns as c
from pipelines.aggregate.claims import (
    ANY_FRAMEWORK,
    FINDING,
    HOW,
    INSPECTION,
    QUARTER,
    SURE,
    YEAR,
    Claims,
    CountedFindings,
)
from pipelines.codebook import Codebook
from pipelines.intervals import wilson
from pipelines.records import Polarity
from pipelines.tables import conform, frame

SMALL: Final = 10  # units; below it a share says little, and the tables say so in `caution`
MEASURED: Final = (c.UNIT, FINDING, HOW)
"""What of claims is counted."""

_NUMBERS: Final = [c.UNITS_WITH, c.UNITS_SURE, c.FINDINGS]
_POLARITIES: Final = [str(polarity) for polarity in Polarity]


@dataclass(frozen=True, slots=True)
class GroupBy:
    """What one table, or a part of it, counts.

    Attributes:
        table: Its name.
        key: What is counted for each polarity: themes, or groups of themes.
        within: What claims and inspections are parted by, in the order of the rows; by column the
            name that the table has for it.
        zeros: Which keys have rows where nothing was found, as a row that is missing looks like a
            place that nobody inspected: those of the `codebook`, or those `found` in another part.
        dimension: What the table calls this part of it.
    """

    table: str
    key: str = c.THEME
    within: Mapping[str, str] = field(default_factory=dict)
    zeros: Literal["codebook", "found"] = "found"
    dimension: str = ""


GROUP_BYS: Final = (
    GroupBy("recurrence", zeros="codebook"),
    GroupBy("group_recurrence", c.GROUP, zeros="codebook"),
    *(
        GroupBy("breakdown", within={column: c.CATEGORY}, dimension=dimension)
        for dimension, column in (
            ("region", c.REGION),
            ("year", YEAR),
            ("quarter", QUARTER),
            ("framework", c.FRAMEWORK),
            ("overall_rating", c.OVERALL_RATING),
            ("standard", c.STANDARD),
        )
    ),
    GroupBy("trend", within={ANY_FRAMEWORK: c.FRAMEWORK, YEAR: c.PERIOD}),
)


def count_all(
    claimed: Claims, findings: CountedFindings, standards: pd.DataFrame, codebook: Codebook
) -> dict[str, pd.DataFrame]:
    """Do all group-bys.

    Args:
        claimed: The claims.
        findings: Of the inspections, with a theme or without.
        standards: The table `standards`: a unit counts in the denominator of a standard when its
            document has that standard, or a finding under it.
        codebook: Themes and groups in their order.
    """
    known = {
        c.THEME: codebook.slugs,
        c.GROUP: tuple(group.slug for group in codebook.groups),
    }
    parts: dict[str, list[pd.DataFrame]] = {}
    for each in GROUP_BYS:
        units = claimed.inspections
        if c.STANDARD in each.within:
            units = _inspected_for(claimed, findings, standards)
        rows = claimed.table([*each.within, each.key, c.POLARITY, *MEASURED])
        if each.zeros == "codebook":
            pairs = pd.DataFrame(product(known[each.key], _POLARITIES), columns=_pair(each.key))
        else:
            pairs = found_pairs(rows, each.key)
        part = counted(rows, units, list(each.within), each.key, pairs=pairs)
        part = part.rename(columns=dict(each.within)).assign(**{c.DIMENSION: each.dimension})
        parts.setdefault(each.table, []).append(part)
    return {name: _table(name, of_table) for name, of_table in parts.items()}


def counted(
    rows: pa.Table,
    inspected: pa.Table,
    within: list[str],
    key: str = c.THEME,
    *,
    pairs: pd.DataFrame,
) -> pd.DataFrame:
    """Count units and findings among claims, and divide by the units inspected.

    Args:
        rows: Claims with the columns `within`, `key`, polarity and those of `MEASURED`.
        inspected: Inspections with the columns `within` and the unit.
        within: What both are parted by.
        key: What is counted for each polarity.
        pairs: Keys and polarities that have a row wherever a unit was inspected, zero where
            nothing was found, since absence is a result too.

    Returns:
        Columns `within`, `key`, polarity, units_with, units_sure, units, share, low, high,
        findings; in the order of the first, and then of `pairs`. Share and interval are null where
        no unit was inspected.
    """
    by = [*within, key, c.POLARITY]
    of_unit = rows.group_by([*by, c.UNIT]).aggregate([(FINDING, "count_distinct"), (HOW, "max")])
    sure = pc.equal(of_unit[f"{HOW}_max"], SURE).cast(pa.int64())
    of_unit = of_unit.append_column(c.UNITS_SURE, sure)
    found = in_order(
        of_unit.group_by(by).aggregate(
            [(c.UNIT, "count"), (c.UNITS_SURE, "sum"), (f"{FINDING}_count_distinct", "sum")]
        ),
        [*by, *_NUMBERS],
    )
    total = _units(inspected, within)
    out = total.merge(pairs, how="cross").merge(found, on=by, how="left")
    out[_NUMBERS] = out[_NUMBERS].fillna(0).astype("int64")
    return with_shares(out, c.UNITS_WITH, c.UNITS)


def with_shares(counts: pd.DataFrame, having: str, of: str) -> pd.DataFrame:
    """Return counts with the share of one column in another and its interval; null of nothing."""
    nothing = (float("nan"),) * 3
    numbers = zip(counts[having].astype(int), counts[of].astype(int), strict=True)
    rows = [(k / n, *wilson(k, n)) if n else nothing for k, n in numbers]
    shares, lows, highs = zip(*rows, strict=True) if rows else ((), (), ())
    return counts.assign(**{c.SHARE: shares, c.LOW: lows, c.HIGH: highs})


def found_pairs(rows: pa.Table, key: str = c.THEME) -> pd.DataFrame:
    """Return each key and polarity that there are claims of, in their order."""
    return in_order(rows.group_by(_pair(key)).aggregate([]), _pair(key))


def theme_unit(claimed: Claims) -> pd.DataFrame:
    """Build the table `theme_unit`: findings for each theme, unit and polarity that occur.

    A unit whose inspections name different regions keeps the region of the latest one.
    """
    by = [c.THEME, c.UNIT, c.POLARITY]
    rows = claimed.table([*by, FINDING])
    out = in_order(rows.group_by(by).aggregate([(FINDING, "count_distinct")]), [*by, c.FINDINGS])
    places = claimed.rows[INSPECTION].unique()
    latest = (
        claimed.inspections.take(places)
        .to_pandas()
        .astype({c.PUBLISHED: "str", c.DOCUMENT_ID: "str", c.UNIT: "str", c.REGION: "str"})
        .sort_values([c.PUBLISHED, c.DOCUMENT_ID], na_position="first")
        .drop_duplicates(c.UNIT, keep="last")
        .set_index(c.UNIT)[c.REGION]
    )
    return conform("theme_unit", out.assign(**{c.REGION: out[c.UNIT].map(latest)}))


def _units(inspected: pa.Table, within: list[str]) -> pd.DataFrame:
    """Count the units inspected: the denominators."""
    known = inspected.select([*within, c.UNIT]).drop_null()
    if not within:
        return pd.DataFrame({c.UNITS: [len(known[c.UNIT].unique())]})
    each = known.group_by([*within, c.UNIT]).aggregate([])
    return in_order(each.group_by(within).aggregate([(c.UNIT, "count")]), [*within, c.UNITS])


def _inspected_for(claimed: Claims, findings: CountedFindings, standards: pd.DataFrame) -> pa.Table:
    """Return the units inspected for each standard: a finding says so whatever it is about."""
    names = [c.STANDARD, c.UNIT]
    inspected = claimed.inspections.select([c.DOCUMENT_ID, c.UNIT]).to_pandas()
    listed = standards[[c.DOCUMENT_ID, c.STANDARD]].merge(inspected, on=c.DOCUMENT_ID)[names]
    under = findings.rows.group_by([c.STANDARD, INSPECTION]).aggregate([])
    seen = under.drop_null().to_pandas().merge(inspected, left_on=INSPECTION, right_index=True)
    together = pd.concat([listed.astype("str"), seen[names].astype("str")])
    return pa.Table.from_pandas(together, preserve_index=False)


def in_order(counts: pa.Table, names: list[str]) -> pd.DataFrame:
    """Return counts under other names as a frame, in the order of their keys."""
    plain = pa.schema(
        [
            (name, column.type.value_type if pa.types.is_dictionary(column.type) else column.type)
            for name, column in zip(names, counts.schema, strict=True)
        ]
    )
    made = counts.rename_columns(names).cast(plain)
    keys = [column.name for column in plain if not pa.types.is_integer(column.type)]
    ordered: pd.DataFrame = made.sort_by([(key, "ascending") for key in keys]).to_pandas()
    return ordered


def _pair(key: str) -> list[str]:
    return [key, c.POLARITY]


def _table(name: str, parts: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if not part.empty]
    if not filled:
        return frame(name)
    out = pd.concat(filled, ignore_index=True)
    if c.PERIOD in out:
        first = out.groupby(c.FRAMEWORK)[c.PERIOD].transform("min")
        out[c.AFTER_BREAK] = out[c.PERIOD] == first
    return conform(name, out.assign(**{c.CAUTION: out[c.UNITS] < SMALL}))
