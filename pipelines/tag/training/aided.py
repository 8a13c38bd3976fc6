"""Held-out findings decided again with the encoder beside the words.

Only of findings that the encoder was not trained on can be measured, or learned, how far it is to
be trusted: of the others it knows the answer.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs

from pipelines.tag.features.encoder import load_encoder
from pipelines.tag.fitting.settings import FitSettings
from pipelines.tag.measure.evaluate import Held, decide_from, decided_by_fold
from pipelines.tag.measure.scores import measure
from pipelines.tag.models.aid import UNREAD, Aid, mix
from pipelines.tag.models.follow import today
from pipelines.tag.models.meta import WITHOUT_ENCODER
from pipelines.tag.models.model import NEVER, Head, slugs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_MANY: Final = 200  # texts from which a second process pays
_KEPT: Final = (
    *("measured_on", "findings", "micro", "micro_interval", "macro", "precision", "recall"),
    *("strongest_right", "sure_precision", "sure_recall", "cells", "voices", "issues"),
)


def unseen(held: Held) -> NDArray[np.bool_]:
    """Return which held-out findings the encoder was not trained on: (n,)."""
    return ~load_encoder().has_read([label.digest for label in held.examples.labels])


def aided(held: Held, *, settings: FitSettings, jobs: int = -1) -> Held | None:
    """Decide held-out findings with the encoder's scores mixed in.

    Args:
        held: n findings as the words decide them.
        settings: Of the fits; give what the encoder counts for.
        jobs: Processes that read; all cores where -1.

    Returns:
        Those that the encoder was not trained on; None where it counts for nothing, knows none of
        the slugs, or has seen all but one fold.
    """
    columns = {level: columns_of(level) for level in held.levels if settings.encoder_of(level)}
    if not any(set(found) - {UNREAD} for found in columns.values()):
        return None
    rest = held.where(unseen(held))
    if len(set(rest.groups)) < 2:
        return None
    read = _read([label.text for label in rest.examples.labels], jobs)
    levels = {}
    for level, own in columns.items():
        words = rest.levels[level].scores
        scores = mix(words, read[level], share=settings.encoder_of(level), columns=own)
        levels[level] = decided_by_fold(rest.examples, rest.groups, scores, level, settings)
    return replace(rest, levels={**rest.levels, **levels})


def measured(held: Held, read: Held | None) -> dict[str, Any]:
    """Return all figures of a model: with the encoder where it has one, and without on the same.

    Args:
        held: As the words decide them.
        read: As `aided` gave it.
    """
    if read is None:
        return measure(held)
    words = measure(held.where(unseen(held)))
    return {**measure(read), WITHOUT_ENCODER: {key: words[key] for key in _KEPT if key in words}}


def columns_of(level: str) -> tuple[int, ...]:
    """Return the encoder's column for each slug of today; -1 for one that it does not know."""
    now = today(load_encoder().slugs[level], level)
    place = {slug: column for column, slug in reversed(list(enumerate(now)))}
    return tuple(place.get(slug, UNREAD) for slug in slugs_of(level))


def aided_head(head: Head, held: Held, level: str, *, settings: FitSettings) -> Head:
    """Return a head that was fitted on words, with what the encoder adds.

    Args:
        head: With its weights.
        held: As `aided` gave it.
        level: Of the codebook.
        settings: Of the fits.
    """
    if not settings.encoder_of(level):
        return head
    scores = held.levels[level].scores
    found = decide_from(held.examples, scores, level=level, settings=settings, hints=head.hints)
    learned = head.intercepts > NEVER
    columns = [
        column if some else UNREAD for column, some in zip(columns_of(level), learned, strict=True)
    ]
    aid = Aid(settings.encoder_of(level), tuple(columns), head.decision)
    return replace(head, decision=found.decision, aid=aid)


def _read(texts: Sequence[str], jobs: int) -> dict[str, NDArray[np.float64]]:
    shares = effective_n_jobs(jobs) if len(texts) >= _MANY else 1
    bounds = np.linspace(0, len(texts), shares + 1).astype(int).tolist()
    parts = Parallel(n_jobs=shares)(
        delayed(_scores)(texts[first:end]) for first, end in pairwise(bounds)
    )
    return {level: np.vstack([part[level] for part in parts]) for level in parts[0]}


def _scores(texts: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    return load_encoder().scores(texts)
