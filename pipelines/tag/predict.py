"""Themes for findings: the stage's own function."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pipelines import columns as c
from pipelines.tables import conform
from pipelines.tag.model import Model
from pipelines.tag.registry import load_model

if TYPE_CHECKING:
    from numpy.typing import NDArray

BATCH: Final = 1000  # findings held as features at once


def tag_findings(findings: pd.DataFrame, *, model: Model | None = None) -> pd.DataFrame:
    """Give each finding one to four themes.

    Args:
        findings: The table `findings`, n rows; only its finding ids and texts are used.
        model: The one in use where none is given.

    Returns:
        The table `tags`: a row for each finding and theme, in the findings' order and the
        codebook's.

    Raises:
        ArtefactError: The model in use cannot be loaded.
    """
    used = model if model is not None else load_model()
    texts = [str(text) for text in findings[c.TEXT]]
    probabilities = score_texts(texts, model=used)
    size = len(used.themes)
    assigned = used.decision.assigned(probabilities)
    return conform(
        "tags",
        pd.DataFrame(
            {
                c.FINDING_ID: findings[c.FINDING_ID].repeat(size).to_numpy(),
                c.THEME: np.tile(np.asarray(used.themes, dtype=object), len(texts)),
                c.PROBABILITY: probabilities.ravel(),
                c.ASSIGNED: assigned.ravel(),
                c.SOURCE: "model",
                c.REVIEW: used.decision.uncertain(probabilities).ravel(),
            }
        ),
    )


def score_texts(texts: list[str], *, model: Model) -> NDArray[np.float64]:
    """Return calibrated probabilities of any number of texts: an array of (texts, themes)."""
    if not texts:
        return np.zeros((0, len(model.themes)))
    with uncollected():
        parts = [model.probabilities(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
    return np.vstack(parts)


@contextmanager
def uncollected() -> Iterator[None]:
    """Hold the garbage collector off: words are small values without cycles, in great number.

    It would walk all of a batch's again and again, which takes a third of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
