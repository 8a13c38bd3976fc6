"""Coverage: recommendations without evidence, and frequent areas without a recommendation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from pipelines import columns as c
from pipelines.mine.listing import few_of, places_of
from pipelines.records import Polarity
from pipelines.tables import frame

_FREQUENT: Final = 3
"""Areas for improvement of one theme in a document that call for a recommendation."""


def coverage(
    tables: Mapping[str, pd.DataFrame],
    linked: pd.DataFrame,
    recommendation_tags: pd.DataFrame,
) -> pd.DataFrame:
    """Say which recommendations have no evidence and which frequent areas no recommendation.

    Args:
        tables: Needs `findings`, `tags` and `recommendations`.
        linked: As `links` returns it.
        recommendation_tags: Themes of the recommendations.

    Returns:
        The table coverage: one row per recommendation without evidence, and one per theme that a
        document has often among its areas for improvement and in no recommendation.
    """
    recommendations = tables["recommendations"]
    supported = set(linked[c.RECOMMENDATION_ID])
    rows: list[dict[str, object]] = [
        {
            c.DOCUMENT_ID: document,
            c.KIND: "recommendation_without_evidence",
            c.RECOMMENDATION_ID: rec_id,
        }
        for document, rec_id in zip(
            recommendations[c.DOCUMENT_ID], recommendations[c.RECOMMENDATION_ID], strict=True
        )
        if rec_id not in supported
    ]
    rows.extend(_unasked(tables, linked, recommendation_tags))
    ordered = sorted(
        rows, key=lambda r: (str(r[c.DOCUMENT_ID]), str(r[c.KIND]), str(r.get(c.RECOMMENDATION_ID)))
    )
    return frame("coverage", ordered)


def _unasked(
    tables: Mapping[str, pd.DataFrame],
    linked: pd.DataFrame,
    recommendation_tags: pd.DataFrame,
) -> list[dict[str, object]]:
    """Find themes frequent among areas for improvement that no recommendation takes up."""
    recommendations = tables["recommendations"]
    asking = recommendations[[c.RECOMMENDATION_ID, c.DOCUMENT_ID]]
    asked = recommendation_tags.loc[recommendation_tags[c.ASSIGNED]].merge(
        asking, on=c.RECOMMENDATION_ID
    )
    taken = set(zip(asked[c.DOCUMENT_ID], asked[c.THEME], strict=True))
    findings = tables["findings"]
    worse = (findings[c.POLARITY] == Polarity.AREA_FOR_IMPROVEMENT) & findings[c.DOCUMENT_ID].isin(
        asking[c.DOCUMENT_ID]
    )
    named = findings.loc[worse, [c.FINDING_ID, c.DOCUMENT_ID]]
    given = tables["tags"].loc[tables["tags"][c.ASSIGNED], [c.FINDING_ID, c.THEME]]
    places = places_of(given[c.FINDING_ID], named)
    given, places = given.loc[places >= 0], places[places >= 0]
    claims = pd.DataFrame(
        {
            c.DOCUMENT_ID: few_of(named[c.DOCUMENT_ID])[places],
            c.THEME: few_of(given[c.THEME]),
            c.SHARE: given[c.FINDING_ID].isin(linked[c.FINDING_ID]).to_numpy(),
        }
    )
    counted = (
        claims.groupby([c.DOCUMENT_ID, c.THEME], sort=True)
        .agg(**{c.FINDINGS: (c.SHARE, "size"), c.SHARE: (c.SHARE, "mean")})
        .reset_index()
    )
    open_ones = counted.loc[(counted[c.FINDINGS] >= _FREQUENT) & (counted[c.SHARE] < 0.5)]
    return [
        {
            c.DOCUMENT_ID: document,
            c.KIND: "area_without_recommendation",
            c.THEME: theme,
            c.FINDINGS: int(number),
        }
        for document, theme, number in zip(
            open_ones[c.DOCUMENT_ID], open_ones[c.THEME], open_ones[c.FINDINGS], strict=True
        )
        if (document, theme) not in taken
    ]
