"""Links: which findings of its own report support a recommendation, and what has no partner.

The score adds up what speaks for a link: the words and senses that recommendation and finding
share, the themes that they share, that the finding is an area for improvement, and that a
recommendation to a region or the national service meets a finding that speaks of that level.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines import columns as c
from pipelines.mine.likeness.space import Space
from pipelines.mine.likeness.terms import terms
from pipelines.records import Polarity
from pipelines.tables import frame

Floats = npt.NDArray[np.float64]
_NAMED: Final = 0.2  # what proper names in common add to the similarity of the words
_EVERYWHERE: Final = 0.3
_AT_ONCE: Final = 500  # documents whose texts are held
_BEYOND_UNIT: Final = {
    "region": re.compile(r"\b(?:sub-)?region(?:s|al|ally)?\b", re.IGNORECASE),
    "hmpps": re.compile(r"\b(?:national(?:ly)?|hmpps|vetting|centrally)\b", re.IGNORECASE),
}


# A link's score: weights of the words and of the themes shared, and what is added for an area for
# improvement, and where finding and addressee speak of the same level above the unit.
_TEXT: Final = 0.45
_THEME: Final = 0.25
_POLARITY: Final = 0.25
_LEVEL: Final = 0.05

LEAST: Final = 0.48
"""Where the best link scores lower, the recommendation has no evidence."""

SURE: Final = 0.6
"""From here on a recommendation's best link is sure; below it a person should look."""

FURTHER: Final = 0.9
"""From here on a link that is not the best is kept too.

By the labels in `corpus/sample/labels/links.csv` fewer than 7 in 10 of those below it are apt, at
any score: so only a finding that says nearly the same is.
"""

_MOST: Final = 5  # links kept for a recommendation


def links(
    tables: Mapping[str, pd.DataFrame], space: Space, recommendation_tags: pd.DataFrame
) -> pd.DataFrame:
    """Link recommendations to the findings of their document.

    Args:
        tables: Needs `findings` (in the order of the space), `tags` and `recommendations`.
        space: The findings' space.
        recommendation_tags: Themes of the recommendations.

    Returns:
        The table links, the best supported first within each recommendation.
    """
    findings, tags = tables["findings"].reset_index(drop=True), tables["tags"]
    asking = tables["recommendations"]
    documents = sorted(set(asking[c.DOCUMENT_ID]) & set(findings[c.DOCUMENT_ID]))
    rows: list[dict[str, object]] = []
    for at in range(0, len(documents), _AT_ONCE):
        some = documents[at : at + _AT_ONCE]
        own = findings.loc[findings[c.DOCUMENT_ID].isin(some)]
        own_tags = tags.loc[tags[c.FINDING_ID].isin(own[c.FINDING_ID])]
        part = {"findings": own, "tags": own_tags}
        part["recommendations"] = asking.loc[asking[c.DOCUMENT_ID].isin(some)]
        rows += _of_some(part, space, recommendation_tags)
    return frame("links", rows)


def _of_some(
    tables: Mapping[str, pd.DataFrame], space: Space, recommendation_tags: pd.DataFrame
) -> list[dict[str, object]]:
    """Link the recommendations of some documents; findings have their places for an index."""
    given = _themes(tables["tags"], c.FINDING_ID)
    ordered = tables["recommendations"].sort_values(
        [c.DOCUMENT_ID, c.NUMBER, c.RECOMMENDATION_ID], ignore_index=True
    )
    tagged = recommendation_tags[c.RECOMMENDATION_ID].isin(ordered[c.RECOMMENDATION_ID])
    asked = _themes(recommendation_tags.loc[tagged], c.RECOMMENDATION_ID)
    own_of = _of_documents(tables["findings"], given)
    texts = ordered[c.TEXT].tolist()
    ids = ordered[c.RECOMMENDATION_ID].tolist()
    levels = ordered[c.ADDRESSEE_TYPE].tolist()
    asking = space.placed(texts)
    rows: list[dict[str, object]] = []
    for document, found in sorted(ordered.groupby(c.DOCUMENT_ID, sort=True).indices.items()):
        group = np.asarray(found, dtype=np.intp)
        own = own_of[str(document)]
        near = asking.towards(group, space, own.places).astype(np.float64)
        for line, at in zip(near, group.tolist(), strict=True):
            closeness = line + _NAMED * _names_shared(texts[at], own.lowered)
            scores = _scores(closeness, own, asked.get(ids[at], {}), str(levels[at]))
            order = np.argsort(-np.round(scores, 6), kind="stable")[:_MOST]
            rows.extend(
                {
                    c.RECOMMENDATION_ID: ids[at],
                    c.FINDING_ID: own.ids[best],
                    c.SCORE: round(float(scores[best]), 4),
                    c.CERTAINTY: "sure" if scores[best] >= SURE else "likely",
                }
                for rank, best in enumerate(order)
                if scores[best] >= (FURTHER if rank else LEAST)
            )
    return rows


@dataclass(frozen=True, slots=True)
class _Own:
    """The findings of a document.

    Attributes:
        places: Their rows in the space, ascending.
        ids: Finding ids.
        texts: As written, and in `lowered` without capitals.
        worse: 1 for an area for improvement, else 0.
        themes: With their weights.
    """

    places: npt.NDArray[np.intp]
    ids: list[str]
    texts: list[str]
    lowered: list[str]
    worse: Floats
    themes: list[dict[str, float]]


def _of_documents(findings: pd.DataFrame, given: dict[str, dict[str, float]]) -> dict[str, _Own]:
    ids = findings[c.FINDING_ID].tolist()
    texts = findings[c.TEXT].tolist()
    polarity = findings[c.POLARITY].to_numpy(dtype=object)
    worse: Floats = (polarity == Polarity.AREA_FOR_IMPROVEMENT).astype(np.float64)
    out: dict[str, _Own] = {}
    for document, found in findings.groupby(c.DOCUMENT_ID, sort=True).indices.items():
        own = np.sort(np.asarray(found, dtype=np.intp))
        at = own.tolist()
        out[str(document)] = _Own(
            findings.index.to_numpy(dtype=np.intp)[own],
            [ids[i] for i in at],
            [texts[i] for i in at],
            [texts[i].casefold() for i in at],
            worse[own],
            [given.get(ids[i], {}) for i in at],
        )
    return out


def _names_shared(text: str, findings: list[str]) -> Floats:
    """Return the share of a recommendation's proper names that each finding has too.

    A name that most findings have, as a rule the unit's own, tells nothing.
    """
    names = sorted({term.surface.casefold() for term in terms(text) if term.proper})
    if not names:
        return np.zeros(len(findings))
    having = np.asarray([[name in other for name in names] for other in findings], dtype=np.float64)
    telling = having[:, having.mean(axis=0) < _EVERYWHERE]
    if not telling.shape[1]:
        return np.zeros(len(findings))
    shared: Floats = telling.mean(axis=1)
    return shared


def _themes(tags: pd.DataFrame, key: str) -> dict[str, dict[str, float]]:
    """Return each text's themes with a weight: 1 where assigned, else the probability."""
    near = tags.loc[tags[c.ASSIGNED] | (tags[c.PROBABILITY] >= 0.2)]
    out: dict[str, dict[str, float]] = {}
    for name, theme, probability, assigned in zip(
        near[key], near[c.THEME], near[c.PROBABILITY], near[c.ASSIGNED], strict=True
    ):
        out.setdefault(name, {})[theme] = 1.0 if assigned else float(probability)
    return out


def _scores(near: Floats, own: _Own, asked: dict[str, float], level: str) -> Floats:
    shared = np.asarray([_overlap(asked, themes) for themes in own.themes])
    words = _BEYOND_UNIT.get(level)
    beyond = np.asarray([float(bool(words and words.search(text))) for text in own.texts])
    # A similarity of a half is as good as identity between a short demand and a long finding.
    text = np.minimum(1.0, 2 * near)
    return _TEXT * text + _THEME * shared + _POLARITY * own.worse + _LEVEL * beyond


def _overlap(asked: dict[str, float], given: dict[str, float]) -> float:
    """Return how much of what a recommendation is about a finding is about too, 0 to 1."""
    total = sum(asked.values())
    if not total:
        return 0.0
    return sum(min(weight, given.get(theme, 0.0)) for theme, weight in asked.items()) / total
