"""Learn calibration and thresholds from scores of findings that were never seen in fitting.

Few labelled findings of reports stand against 26 themes, so what is learned for a single theme is
shrunk towards what all themes share: with no support a theme has the common setting.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from pipelines.tag.models.decide import Decision
from pipelines.tag.models.model import NEVER

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHRINKAGE: Final = 5.0  # of a theme's offset: a Gaussian prior of variance 1/5 around the common
FLOOR: Final = 8  # findings with the theme below which it has the common threshold
SHARED_WEIGHT: Final = 60.0  # findings that the common threshold counts for beside a theme's own
GRID: Final = tuple(round(0.15 + 0.01 * step, 2) for step in range(66))  # 0.15 to 0.80
BAND: Final = 0.20  # of probability, on both sides of a threshold: for review
SURE: Final = 0.95  # share of sure tags that must be right
SURE_MARGIN: Final = 0.02  # on top, for what a grid fits to the findings at hand
FEWEST_SURE: Final = 50  # tags over a probability below which their precision says little
SUGGESTED: Final = 0.12  # probability from which a tag is worth a question
_NEWTON_STEPS: Final = 50


def learn_decision(
    scores: NDArray[np.float64],
    y: NDArray[np.int8],
    *,
    most: int = 4,
    precise: float = 1.0,
    hints: NDArray[np.float64] | float = 0.0,
    rivalry: float = 0.0,
) -> Decision:
    """Learn how scores become tags.

    Args:
        scores: (findings, slugs) scores, none of them from a model that saw its finding.
        y: (findings, slugs), 1 where the slug is given.
        most: Tags that a finding can have.
        precise: How much more a wrong tag costs than a missed one: thresholds are best for
            F-beta with beta = 1 / precise.
        hints: What sections add to the log-odds.
        rivalry: See `Decision`.
    """
    size = scores.shape[1]
    if not can_learn(scores, y):  # then nothing is given
        never = (-1e3,) * size
        return Decision((1.0,) * size, never, (0.5,) * size, BAND, sure=1.0, most=most)
    plain = Decision((1.0,) * size, (0.0,) * size, (0.5,) * size, 0.0, most=most, rivalry=rivalry)
    slope, offsets = calibration(scores - plain.rivals(scores), y, hints)
    plain = replace(plain, slopes=(slope,) * size, offsets=tuple(offsets.tolist()))
    probabilities = plain.probabilities(scores, hints)
    thresholds = learn_thresholds(probabilities, y, precise=precise)
    decided = replace(plain, thresholds=thresholds, band=BAND)
    assigned = decided.assigned(probabilities)
    sure = _sure(probabilities[assigned], y[assigned] == 1)
    return replace(decided, sure=sure, suggested=min(SUGGESTED, sure))


def can_learn(scores: NDArray[np.float64], y: NDArray[np.int8]) -> bool:
    """Say whether scores tell what is given from what is not.

    A slug whose labels all stand in what was held out has no score: of it nothing was learned.

    Args:
        scores: (findings, slugs).
        y: (findings, slugs): 1 given, 0 not, below 0 unknown.
    """
    scored = told(scores, y)
    return bool((scored == 1).any() and (scored == 0).any())


def told(scores: NDArray[np.float64], y: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return what labels say where there is a score: 1 given, 0 not, below 0 unknown."""
    return y[scores > NEVER / 2]


def _sure(given: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the least probability over which given tags were right often enough; 1 for none.

    Args:
        given: n probabilities of given tags.
        right: n booleans: whether the labels have them.
    """
    order = np.argsort(-given, kind="stable")
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(precision >= SURE + SURE_MARGIN)
    if not len(enough) or enough[-1] + 1 < FEWEST_SURE:
        return 1.0
    return float(given[order][enough[-1]])


def calibration(
    scores: NDArray[np.float64], y: NDArray[np.int8], hints: NDArray[np.float64] | float = 0.0
) -> tuple[float, NDArray[np.float64]]:
    """Fit log-odds = slope x score + offset: one slope, one offset per theme, shrunk together.

    Hints are log-odds as they stand: added, not fitted. Scores of a slug of which nothing had been
    learned teach nothing.

    Platt, Probabilistic outputs for support vector machines (1999), with a Gaussian prior on what
    a theme's offset differs from the common one.

    Returns:
        The slope and an array of (themes,) offsets.
    """
    from sklearn.linear_model import LogisticRegression

    slope, shared = 1.0, 0.0
    own = np.zeros(scores.shape[1])
    learned = scores > NEVER / 2
    for _ in range(5):  # in turn: slope and common offset, then what the themes differ by
        shifted = scores + np.broadcast_to(own + hints, scores.shape) / slope
        platt = LogisticRegression(C=1e4).fit(shifted[learned].reshape(-1, 1), y[learned])
        slope, shared = max(float(platt.coef_[0, 0]), 1e-3), float(platt.intercept_[0])
        for _ in range(_NEWTON_STEPS):
            p = 1.0 / (1.0 + np.exp(-np.clip(slope * scores + shared + own + hints, -500, 500)))
            gradient = ((y - p) * learned).sum(axis=0) - SHRINKAGE * own
            step = gradient / ((p * (1 - p) * learned).sum(axis=0) + SHRINKAGE)
            own += step
            if float(np.abs(step).max()) < 1e-9:
                break
    return slope, shared + own


def learn_thresholds(
    probabilities: NDArray[np.float64], y: NDArray[np.int8], *, precise: float = 1.0
) -> tuple[float, ...]:
    """Choose one threshold per slug: its own best for F-beta, shrunk towards the best for all.

    The best for all is halfway between what the labels say and what the probabilities do.
    """
    square = 1.0 / precise**2
    size = y.shape[1]
    measured = _plateau([_micro(probabilities, y, t, square) for t in GRID])
    shared = (measured + _expected(probabilities, square)) / 2
    out: list[float] = []
    for number in range(size):
        support = int(y[:, number].sum())
        if support < FLOOR:
            out.append(shared)
            continue
        given = probabilities[:, number, None] >= np.asarray(GRID)
        hits = (given & (y[:, number, None] == 1)).sum(axis=0)
        own = _plateau(list((1 + square) * hits / (given.sum(axis=0) + square * support)))
        out.append(round((support * own + SHARED_WEIGHT * shared) / (support + SHARED_WEIGHT), 4))
    return tuple(out)


def _expected(probabilities: NDArray[np.float64], square: float) -> float:
    """Return the threshold that is best for F-beta if the probabilities are right.

    It needs no labels, so it steadies what few labels say (Lipton et al., Optimal thresholding of
    classifiers to maximize F1 measure, 2014).
    """
    total = float(probabilities.sum())
    given = [probabilities[probabilities >= threshold] for threshold in GRID]
    values = [(1 + square) * float(p.sum()) / (p.size + square * total) for p in given]
    return GRID[int(np.argmax(values))]


def _micro(
    probabilities: NDArray[np.float64], y: NDArray[np.int8], threshold: float, square: float
) -> float:
    given = probabilities >= threshold
    hits = float((given & (y == 1)).sum())
    return (1 + square) * hits / float(given.sum() + square * y.sum())


def _plateau(values: list[float]) -> float:
    """Return the threshold in the middle of the best stretch: a lone peak is luck."""
    padded = np.pad(np.asarray(values, dtype=float), 3, mode="edge")
    smooth = np.convolve(padded, np.ones(7) / 7, mode="valid")
    best = np.flatnonzero(smooth >= smooth.max() - 1e-12)
    return GRID[int(best[len(best) // 2])]
