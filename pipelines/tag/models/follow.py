"""What a model's slugs are called today: it follows a project's recorded steps without training.

A theme that was renamed is its column under the new name; one merged is whichever of its columns
is more probable. Of one that was split no column says which part it is: all parts are suggested
and marked for review. What the model was never taught has no column, and is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pipelines.codebook import load_codebook
from pipelines.project.steps import ISSUE, THEME
from pipelines.tag.models.decide import SUGGESTED
from pipelines.tag.models.model import LEVELS, THEMES, Head, Model, slugs_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNUSED: Final = ""
"""Stands for a slug that the codebook no longer has, or never had."""


@dataclass(frozen=True)
class Decided:
    """What was decided of n findings for the slugs of today that a model knows.

    Attributes:
        slugs: k slugs in the codebook's order.
        probabilities: (n, k).
        assigned: (n, k).
        certainty: (n, k).
        uncertain: (n, k): what a person should look at.
    """

    slugs: tuple[str, ...]
    probabilities: NDArray[np.float64]
    assigned: NDArray[np.bool_]
    certainty: NDArray[np.object_]
    uncertain: NDArray[np.bool_]


def today(trained: tuple[str, ...], level: str) -> tuple[str, ...]:
    """Return what slugs that a model was trained for are called today.

    Returns:
        As many: one that was split keeps its own, one that is not in use is empty, and those that
        were merged are the same.
    """
    changes, known = load_codebook().changes, set(slugs_of(level))
    out = []
    for slug in trained:
        now = changes.follow(THEME if level == THEMES else ISSUE, slug)
        if len(now) > 1 and known & set(now):
            out.append(slug)
        else:
            out.append(now[0] if now and now[0] in known else UNUSED)
    return tuple(out)


def followed(model: Model) -> Model:
    """Return a model with what its slugs are called today; nothing that it computes changes."""
    themes, issues = (
        replace(head, slugs=today(head.slugs, level))
        for level, head in ((level, model.head(level)) for level in LEVELS)
    )
    return replace(model, themes=themes, issues=issues)


def unknown_of(meta: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the slugs of codebook and catalogue that a model cannot give, by level.

    It was never taught them, or only what they were split from.

    Args:
        meta: What its meta.json holds.
    """
    out = {}
    for level in LEVELS:
        known = set(today(tuple(meta[level]["slugs"]), level))
        out[level] = tuple(slug for slug in slugs_of(level) if slug not in known)
    return out


def _columns(slugs: Sequence[str], level: str) -> dict[str, list[int]]:
    """Return the columns of each slug of today: of itself, and of those it was split from."""
    changes, kind = load_codebook().changes, THEME if level == THEMES else ISSUE
    out: dict[str, list[int]] = {slug: [] for slug in slugs_of(level)}
    for column, slug in enumerate(slugs):
        for now in (slug,) if slug in out else changes.follow(kind, slug):
            if now in out:
                out[now].append(column)
    return out


def decided(head: Head, probabilities: NDArray[np.float64], level: str) -> Decided:
    """Decide findings for the slugs of today.

    Args:
        head: Of the level; its slugs are as `today` gives them.
        probabilities: (n, columns of the head).
        level: `themes` or `issues`.
    """
    assigned = head.decision.assigned(probabilities)
    certainty = head.decision.certainty(probabilities)
    uncertain = head.decision.uncertain(probabilities)
    if head.slugs == slugs_of(level):
        return Decided(head.slugs, probabilities, assigned, certainty, uncertain)
    columns = {slug: places for slug, places in _columns(head.slugs, level).items() if places}
    size = (len(probabilities), len(columns))
    out = Decided(
        tuple(columns),
        np.zeros(size),
        np.zeros(size, dtype=bool),
        np.full(size, None, dtype=object),
        np.zeros(size, dtype=bool),
    )
    for place, (slug, every) in enumerate(columns.items()):
        own = [column for column in every if head.slugs[column] == slug]
        parts = own or every
        best = np.asarray(parts)[probabilities[:, parts].argmax(axis=1)]
        rows = np.arange(len(probabilities))
        out.probabilities[:, place] = probabilities[rows, best]
        if own:
            out.assigned[:, place] = assigned[:, parts].any(axis=1)
            out.certainty[:, place] = certainty[rows, best]
            out.uncertain[:, place] = uncertain[rows, best]
        for column in set(every) - set(own):  # of what it was split from
            said = assigned[:, column] & ~out.assigned[:, place]
            out.certainty[said, place] = SUGGESTED
            out.uncertain[said, place] = True
    return out
