"""Which themes go together, and whether units of one rating differ from the others."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow.compute as pc

from pipelines import columns as c
from pipelines.aggregate.claims import FINDING, Claims
from pipelines.aggregate.counting import (
    MEASURED,
    SMALL,
    counted,
    found_pairs,
    in_order,
    with_shares,
)
from pipelines.intervals import newcombe
from pipelines.tables import conform, frame


def cooccurrence(claimed: Claims) -> pd.DataFrame:
    """Build the table `cooccurrence`: of the findings with a theme, how many have another too.

    A pair stands twice, once from each side, because the denominators differ. Pairs that never
    occur are left out.
    """
    rows = claimed.table([FINDING, c.THEME, c.POLARITY])
    others = rows.select([FINDING, c.THEME]).rename_columns([FINDING, c.OTHER_THEME])
    joined = rows.join(others, FINDING, join_type="inner")
    joined = joined.filter(pc.field(c.THEME) != pc.field(c.OTHER_THEME))
    keys = [c.THEME, c.OTHER_THEME, c.POLARITY]
    out = in_order(joined.group_by(keys).aggregate(_FINDINGS), [*keys, c.FINDINGS])
    if out.empty:
        return frame("cooccurrence")
    sides = [c.THEME, c.POLARITY]
    of_theme = in_order(rows.group_by(sides).aggregate(_FINDINGS), [*sides, c.OF_FINDINGS])
    out = with_shares(out.merge(of_theme, on=sides), c.FINDINGS, c.OF_FINDINGS)
    return conform("cooccurrence", out.assign(**{c.CAUTION: out[c.OF_FINDINGS] < SMALL}))


_FINDINGS = [(FINDING, "count_distinct")]


def rating_contrast(claimed: Claims) -> pd.DataFrame:
    """Build the table `rating_contrast`: units of each overall rating against all others.

    A unit inspected twice counts once for each rating it was given. The interval of the
    difference is Newcombe's hybrid score interval; `caution` is set where either side has fewer
    than ten units.
    """
    claims = claimed.table([c.OVERALL_RATING, c.THEME, c.POLARITY, *MEASURED])
    rated = claimed.inspections.select([c.OVERALL_RATING, c.UNIT]).drop_null()
    pairs = found_pairs(claims)
    parts = [frame("rating_contrast")]
    for rating in sorted(rated[c.OVERALL_RATING].unique().to_pylist()):
        same = pc.field(c.OVERALL_RATING) == rating
        here, there = (
            counted(claims.filter(side), rated.filter(side), [], pairs=pairs)
            for side in (same, ~same)
        )
        if there[c.UNITS].any():
            parts.append(_contrasted(rating, here, there))
    return pd.concat(parts[1:] or parts, ignore_index=True)


def _contrasted(rating: str, here: pd.DataFrame, there: pd.DataFrame) -> pd.DataFrame:
    numbers = [side[name] for side in (here, there) for name in (c.UNITS_WITH, c.UNITS)]
    bounds = [newcombe(*map(int, each)) for each in zip(*numbers, strict=True)]
    others: dict[str, Any] = {
        c.RATING: rating,
        c.OTHER_UNITS_WITH: there[c.UNITS_WITH],
        c.OTHER_UNITS: there[c.UNITS],
        c.OTHER_SHARE: there[c.SHARE],
        c.DIFFERENCE: here[c.SHARE] - there[c.SHARE],
        c.LOW: [low for low, _ in bounds],
        c.HIGH: [high for _, high in bounds],
        c.CAUTION: (here[c.UNITS] < SMALL) | (there[c.UNITS] < SMALL),
    }
    return conform("rating_contrast", here.assign(**others))
