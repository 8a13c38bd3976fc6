"""Which themes go together, and whether units of one rating differ from the others."""

from __future__ import annotations

import pandas as pd

from pipelines import columns as c
from pipelines.aggregate.recurrence import SMALL
from pipelines.intervals import newcombe, wilson
from pipelines.tables import conform, frame


def cooccurrence(claimed: pd.DataFrame) -> pd.DataFrame:
    """Build the table `cooccurrence`: of the findings with a theme, how many have another too.

    A pair stands twice, once from each side, because the denominators differ. Pairs that never
    occur are left out.
    """
    pairs = claimed[[c.FINDING_ID, c.THEME, c.POLARITY]]
    joined = pairs.merge(
        pairs[[c.FINDING_ID, c.THEME]].rename(columns={c.THEME: c.OTHER_THEME}), on=c.FINDING_ID
    )
    joined = joined[joined[c.THEME] != joined[c.OTHER_THEME]]
    if joined.empty:
        return frame("cooccurrence")
    keys = [c.THEME, c.OTHER_THEME, c.POLARITY]
    out = joined.groupby(keys, sort=True)[c.FINDING_ID].nunique().rename(c.FINDINGS).reset_index()
    of_theme = pairs.groupby([c.THEME, c.POLARITY])[c.FINDING_ID].nunique().rename(c.OF_FINDINGS)
    out = out.merge(of_theme.reset_index(), on=[c.THEME, c.POLARITY])
    bounds = [
        wilson(int(k), int(n)) for k, n in zip(out[c.FINDINGS], out[c.OF_FINDINGS], strict=True)
    ]
    out[c.SHARE] = out[c.FINDINGS] / out[c.OF_FINDINGS]
    out[c.LOW] = [low for low, _ in bounds]
    out[c.HIGH] = [high for _, high in bounds]
    out[c.CAUTION] = out[c.OF_FINDINGS] < SMALL
    return conform("cooccurrence", out.sort_values(keys, ignore_index=True))


def rating_contrast(claimed: pd.DataFrame, inspected: pd.DataFrame) -> pd.DataFrame:
    """Build the table `rating_contrast`: units of each overall rating against all others.

    A unit inspected twice counts once for each rating it was given. The interval of the
    difference is Newcombe's hybrid score interval; `caution` is set where either side has fewer
    than ten units.
    """
    rated = inspected.dropna(subset=[c.OVERALL_RATING])
    with_rating = claimed.dropna(subset=[c.OVERALL_RATING])
    rows: list[dict[str, object]] = []
    for rating, of_rating in rated.groupby(c.OVERALL_RATING, sort=True):
        here = of_rating[c.UNIT].nunique()
        there = rated.loc[rated[c.OVERALL_RATING] != rating, c.UNIT].nunique()
        if not there:
            continue
        for (theme, polarity), chosen in with_rating.groupby([c.THEME, c.POLARITY], sort=True):
            same = chosen[c.OVERALL_RATING] == rating
            with_here = chosen.loc[same, c.UNIT].nunique()
            with_there = chosen.loc[~same, c.UNIT].nunique()
            low, high = newcombe(with_here, here, with_there, there)
            rows.append(
                {
                    c.RATING: rating,
                    c.THEME: theme,
                    c.POLARITY: polarity,
                    c.UNITS_WITH: with_here,
                    c.UNITS: here,
                    c.SHARE: with_here / here,
                    c.OTHER_UNITS_WITH: with_there,
                    c.OTHER_UNITS: there,
                    c.OTHER_SHARE: with_there / there,
                    c.DIFFERENCE: with_here / here - with_there / there,
                    c.LOW: low,
                    c.HIGH: high,
                    c.CAUTION: min(here, there) < SMALL,
                }
            )
    return frame("rating_contrast", rows)
