"""Emerging themes: what findings that no theme holds with confidence have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines import columns as c
from pipelines.codebook import Codebook
from pipelines.mine.groups.coherence import Said, one_thing
from pipelines.mine.groups.stability import stabilities
from pipelines.mine.likeness.grouping import groups
from pipelines.mine.likeness.space import Space
from pipelines.mine.listing import few_of, places_of, representatives, texts_of, units_of
from pipelines.naming import slug
from pipelines.tables import frame

Rows = npt.NDArray[np.intp]
_CONFIDENT: Final = 0.5  # probability of a theme, from which on it holds a finding
_LEAST_FINDINGS: Final = 3  # of a proposal
_LEAST_INSPECTIONS: Final = 2  # that they come from
_THRESHOLD: Final = 0.22  # average similarity within a proposal, 0 to 1
_LEAST_STABILITY: Final = 0.5  # groups that come back less on resampling are dropped
_RESAMPLES: Final = 10  # how often findings and words are left out at random


def emerging(
    tables: Mapping[str, pd.DataFrame], space: Space, *, codebook: Codebook
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Propose themes among the findings that no theme holds with confidence.

    Args:
        tables: Needs `documents`, `findings` (in the order of the space) and `tags`.
        space: The findings' space.
        codebook: Names that are taken.

    Returns:
        The tables proposals and proposal_findings.
    """
    findings, tags = tables["findings"], tables["tags"]
    sure = tags.loc[tags[c.PROBABILITY] >= _CONFIDENT, c.FINDING_ID]
    held = findings[c.FINDING_ID].isin(sure).to_numpy()
    rows = np.flatnonzero(~held).astype(np.intp)
    documents = few_of(findings[c.DOCUMENT_ID])
    texts = np.full(len(findings), "", dtype=object)
    texts[rows] = texts_of(findings, rows)
    said = Said(texts, "", np.ones(len(texts), dtype=bool))
    named = []
    if len(rows):
        for group in groups(space, rows, threshold=_THRESHOLD, smallest=_LEAST_FINDINGS):
            one = one_thing(space, group, said)
            if (
                one is not None
                and len(one[0]) >= _LEAST_FINDINGS
                and len(set(documents[one[0]])) >= _LEAST_INSPECTIONS
            ):
                named.append(one)
    steady = stabilities(
        space,
        said.texts,
        rows,
        [group for group, _ in named],
        threshold=_THRESHOLD,
        resamples=_RESAMPLES,
    )
    unit_of = units_of(tables["documents"])
    units = np.asarray([unit_of[d] for d in documents], dtype=object)
    nearest = _nearest(space, findings, tags, held, codebook)
    taken = set(codebook.slugs)
    proposals: list[dict[str, object]] = []
    members: list[dict[str, object]] = []
    for (group, name), stability in sorted(
        zip(named, steady, strict=True), key=lambda pair: (-len(pair[0][0]), pair[0][1].label)
    ):
        if stability < _LEAST_STABILITY:
            continue
        proposal = _new_slug(name.label, taken)
        taken.add(proposal)
        theme, likeness = nearest(group)
        proposals.append(
            {
                c.PROPOSAL_ID: proposal,
                c.LABEL: name.label,
                c.TERMS: list(name.terms),
                c.FINDINGS: len(group),
                c.UNITS: len(set(units[group])),
                c.THEME: theme,
                c.SIMILARITY: likeness,
                c.STABILITY: round(stability, 4),
            }
        )
        nearness = space.centrality(group)
        standing = representatives(nearness, units[group])
        members.extend(
            {
                c.PROPOSAL_ID: proposal,
                c.FINDING_ID: findings[c.FINDING_ID].iloc[row],
                c.SIMILARITY: round(float(near), 4),
                c.REPRESENTATIVE: at in standing,
            }
            for at, (row, near) in enumerate(zip(group, nearness, strict=True))
        )
    return frame("proposals", proposals), frame("proposal_findings", members)


class _nearest:  # noqa: N801 - called like a function: nearest(group)
    """Finds the theme whose confident findings lie closest to a group."""

    def __init__(
        self,
        space: Space,
        findings: pd.DataFrame,
        tags: pd.DataFrame,
        held: npt.NDArray[np.bool_],
        codebook: Codebook,
    ) -> None:
        self.space = space
        assigned = tags.loc[tags[c.ASSIGNED]]
        places = places_of(assigned[c.FINDING_ID], findings)
        sure = np.isin(places, np.flatnonzero(held))
        themes = few_of(assigned[c.THEME])
        self.centres: list[tuple[str, npt.NDArray[np.float32]]] = []
        for theme in codebook.slugs:
            rows = np.unique(places[sure & (themes == theme)])
            if len(rows):
                self.centres.append((theme, space.centre(rows)))

    def __call__(self, group: Rows) -> tuple[str | None, float | None]:
        """Return the closest theme and how close it is, 0 to 1."""
        own = self.space.centre(group)
        best: tuple[float, str] | None = None
        for theme, centre in self.centres:
            likeness = float(np.clip(own @ centre, 0, 1))
            if best is None or likeness > best[0] + 1e-6:
                best = (likeness, theme)
        return (best[1], round(best[0], 4)) if best else (None, None)


def _new_slug(label: str, taken: set[str]) -> str:
    plain = found = slug(label)
    number = 2
    while found in taken:
        found, number = f"{plain}-{number}", number + 1
    return found
