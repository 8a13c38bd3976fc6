"""Which findings a report shows as they stand on their page: its evidence first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

import pandas as pd

from pipelines import columns as c
from pipelines.records import Polarity

MOST: Final = 400  # pictures of 3 kB each; a page of 100 reports stays far below 15 MB
_A_THEME: Final = 4  # surest findings of a theme and polarity


def choose_pictured(
    tables: Mapping[str, pd.DataFrame], documents: Collection[str], *, most: int = MOST
) -> dict[str, dict[str, list[str]]]:
    """Choose findings to picture, those that stand as evidence first.

    In turn: representatives of issues, evidence of recommendations, the surest of each theme,
    those that state a share, then the first of each document.

    Args:
        tables: Of a run; any may be absent.
        documents: Those whose pages can be drawn.
        most: Findings to choose at most.

    Returns:
        Boxes by finding by document; equal for equal tables, whatever the order of their rows.
    """
    findings = tables.get("findings")
    if findings is None or c.BOXES not in findings.columns:
        return {}
    own = findings[findings[c.DOCUMENT_ID].isin(list(documents))]
    placed = own.loc[own[c.BOXES].map(len) > 0, [c.FINDING_ID, c.DOCUMENT_ID, c.BOXES]]
    known = set(placed[c.FINDING_ID])
    chosen = list(dict.fromkeys(name for name in _in_turn(tables, own) if name in known))[:most]
    out: dict[str, dict[str, list[str]]] = {}
    shown = placed.loc[placed[c.FINDING_ID].isin(chosen)].sort_values(c.FINDING_ID)
    for name, document_id, boxes in shown.itertuples(index=False):
        out.setdefault(document_id, {})[name] = [str(box) for box in boxes]
    return out


def _in_turn(tables: Mapping[str, pd.DataFrame], own: pd.DataFrame) -> Iterator[str]:
    members = tables.get("issue_findings")
    if members is not None:
        yield from sorted(members.loc[members[c.REPRESENTATIVE].astype(bool), c.FINDING_ID])
    links = tables.get("links")
    if links is not None:
        best = links.sort_values([c.SCORE, c.FINDING_ID], ascending=[False, True])
        yield from sorted(best.drop_duplicates(c.RECOMMENDATION_ID)[c.FINDING_ID])
    tags = tables.get("tags")
    if tags is not None:
        given = tags[tags[c.ASSIGNED].astype(bool)].merge(own[[c.FINDING_ID, c.POLARITY]])
        given = given.sort_values([c.PROBABILITY, c.FINDING_ID], ascending=[False, True])
        yield from sorted(
            given.groupby([c.THEME, c.POLARITY], sort=True).head(_A_THEME)[c.FINDING_ID]
        )
    shares = tables.get("shares")
    if shares is not None:
        yield from sorted(shares[c.FINDING_ID])
    areas_first = own.assign(area=own[c.POLARITY] != Polarity.AREA_FOR_IMPROVEMENT.value)
    yield from areas_first.sort_values([c.ORDINAL, "area", c.FINDING_ID])[c.FINDING_ID]
