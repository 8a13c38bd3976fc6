"""How right the model was on a random sample of a run's own findings."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipelines import columns as c
from pipelines.answers.events import NO, THEME, YES

ENOUGH: Final = 20
"""Findings below which a score would say nothing."""

_DRAWS: Final = 2000


def sample_score(answered: pd.DataFrame) -> dict[str, tuple[float, float, float]] | None:
    """Score the model's themes on the findings that were drawn at random and answered whole.

    Args:
        answered: The table of that name.

    Returns:
        `precision`, `recall` and `F1`, each with its 95 % interval (bootstrap over findings), and
        `findings`, their number thrice; None where there are too few.
    """
    mine = answered.loc[
        answered[c.SAMPLED] & (answered[c.KIND] == THEME) & answered[c.ANSWER].isin([YES, NO])
    ]
    names = mine[c.FINDING_ID].unique()
    if len(names) < ENOUGH:
        return None
    right = mine[c.ANSWER] == YES
    given = mine[c.ASSIGNED].astype(bool)
    counts = pd.DataFrame(
        {"both": right & given, "given": given, "right": right, c.FINDING_ID: mine[c.FINDING_ID]}
    )
    each = counts.groupby(c.FINDING_ID, sort=True)[["both", "given", "right"]].sum().to_numpy()
    draws = np.random.default_rng(14).integers(0, len(each), size=(_DRAWS, len(each)))
    drawn = each[draws].sum(axis=1)
    number = float(len(each))
    out = {"findings": (number, number, number)}
    for name, value, spread in zip(
        ("precision", "recall", "F1"), _rates(each.sum(axis=0)[None, :]), _rates(drawn), strict=True
    ):
        low, high = np.percentile(spread, [2.5, 97.5])
        out[name] = (float(value[0]), float(low), float(high))
    return out


def _rates(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    both, given, right = (counts[:, n].astype(float) for n in range(3))
    with np.errstate(invalid="ignore", divide="ignore"):
        return (
            np.nan_to_num(both / given),
            np.nan_to_num(both / right),
            np.nan_to_num(2 * both / (given + right)),
        )
