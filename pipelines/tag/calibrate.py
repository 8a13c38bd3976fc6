"""Learn calibration and thresholds from scores of findings that were never seen in fitting.

Few labelled findings of reports stand against 26 themes, so what is learned for a single theme is
shrunk towards what all themes share: with no support a theme has the common setting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from pipelines.tag.decide import Decision

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHRINKAGE: Final = 5.0  # of a theme's offset: a Gaussian prior of variance 1/5 around the common
FLOOR: Final = 8  # findings with the theme below which it has the common threshold
SHARED_WEIGHT: Final = 60.0  # findings that the common threshold counts for beside a theme's own
GRID: Final = tuple(round(0.15 + 0.01 * step, 2) for step in range(56))  # 0.15 to 0.70
BAND: Final = 0.20  # of probability, on both sides of a threshold: for review
_NEWTON_STEPS: Final = 50


def learn_decision(scores: NDArray[np.float64], y: NDArray[np.int8]) -> Decision:
    """Learn how scores become themes.

    Args:
        scores: (findings, themes) scores, none of them from a model that saw its finding.
        y: (findings, themes), 1 where the theme is given.
    """
    slope, offsets = calibration(scores, y)
    size = scores.shape[1]
    plain = Decision((slope,) * size, tuple(offsets.tolist()), (0.5,) * size, 0.0)
    probabilities = plain.probabilities(scores)
    thresholds = learn_thresholds(probabilities, y)
    return Decision(plain.slopes, plain.offsets, thresholds, BAND)


def calibration(
    scores: NDArray[np.float64], y: NDArray[np.int8]
) -> tuple[float, NDArray[np.float64]]:
    """Fit log-odds = slope x score + offset: one slope, an offset a theme, shrunk together.

    Platt, Probabilistic outputs for support vector machines (1999), with a Gaussian prior on what
    a theme's offset differs from the common one.

    Returns:
        The slope and an array of (themes,) offsets.
    """
    from sklearn.linear_model import LogisticRegression

    slope, shared = 1.0, 0.0
    own = np.zeros(scores.shape[1])
    for _ in range(5):  # in turn: slope and common offset, then what the themes differ by
        shifted = np.stack([scores.ravel(), np.broadcast_to(own, scores.shape).ravel()], axis=1)
        platt = LogisticRegression(C=1e4).fit(shifted[:, :1] + shifted[:, 1:] / slope, y.ravel())
        slope, shared = max(float(platt.coef_[0, 0]), 1e-3), float(platt.intercept_[0])
        for _ in range(_NEWTON_STEPS):
            p = 1.0 / (1.0 + np.exp(-np.clip(slope * scores + shared + own, -500, 500)))
            gradient = (y - p).sum(axis=0) - SHRINKAGE * own
            step = gradient / ((p * (1 - p)).sum(axis=0) + SHRINKAGE)
            own += step
            if float(np.abs(step).max()) < 1e-9:
                break
    return slope, shared + own


def learn_thresholds(probabilities: NDArray[np.float64], y: NDArray[np.int8]) -> tuple[float, ...]:
    """Choose a threshold a theme: its own best for F1, shrunk towards the best for all.

    The best for all is halfway between what the labels say and what the probabilities do.
    """
    size = y.shape[1]
    measured = _plateau([_micro(probabilities, y, (t,) * size) for t in GRID])
    shared = (measured + _expected(probabilities)) / 2
    out: list[float] = []
    for number in range(size):
        support = int(y[:, number].sum())
        if support < FLOOR:
            out.append(shared)
            continue
        given = probabilities[:, number, None] >= np.asarray(GRID)
        hits = (given & (y[:, number, None] == 1)).sum(axis=0)
        own = _plateau(list(2 * hits / (given.sum(axis=0) + support)))
        out.append(round((support * own + SHARED_WEIGHT * shared) / (support + SHARED_WEIGHT), 4))
    return tuple(out)


def _expected(probabilities: NDArray[np.float64]) -> float:
    """Return the threshold that is best for F1 if the probabilities are right.

    It needs no labels, so it steadies what few labels say (Lipton et al., Optimal thresholding of
    classifiers to maximize F1 measure, 2014).
    """
    total = float(probabilities.sum())
    given = [probabilities[probabilities >= threshold] for threshold in GRID]
    values = [2 * float(p.sum()) / (p.size + total) for p in given]
    return GRID[int(np.argmax(values))]


def _micro(
    probabilities: NDArray[np.float64], y: NDArray[np.int8], thresholds: tuple[float, ...]
) -> float:
    ones = (1.0,) * len(thresholds)
    given = Decision(ones, ones, thresholds, 0.0).assigned(probabilities)
    return 2 * float((given & (y == 1)).sum()) / float(given.sum() + y.sum())


def _plateau(values: list[float]) -> float:
    """Return the threshold in the middle of the best stretch: a lone peak is luck."""
    padded = np.pad(np.asarray(values, dtype=float), 3, mode="edge")
    smooth = np.convolve(padded, np.ones(7) / 7, mode="valid")
    best = np.flatnonzero(smooth >= smooth.max() - 1e-12)
    return GRID[int(best[len(best) // 2])]
