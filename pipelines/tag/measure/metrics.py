"""Figures of agreement between given and labelled themes, and how sure they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

RESAMPLES: Final = 1000
BINS: Final = 10
SEED: Final = 20231120


def f1(y: NDArray[Any], given: NDArray[np.bool_]) -> float:
    """Return micro F1: 2 TP / (2 TP + FP + FN); 0 where there is nothing."""
    total = float(given.sum() + y.sum())
    return 2.0 * float((given & (y == 1)).sum()) / total if total else 0.0


def theme_f1(y: NDArray[Any], given: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return F1 a theme; NaN where a theme neither stands nor is given."""
    total = (given.sum(axis=0) + (y == 1).sum(axis=0)).astype(float)
    hits = 2.0 * (given & (y == 1)).sum(axis=0)
    out: NDArray[np.float64] = np.divide(
        hits, total, out=np.full(len(total), np.nan), where=total > 0
    )
    return out


def macro_f1(y: NDArray[Any], given: NDArray[np.bool_]) -> float:
    """Return the mean F1 of themes that stand or are given."""
    values = theme_f1(y, given)
    return float(np.nanmean(values)) if not np.isnan(values).all() else 0.0


def calibration_error(p: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the expected calibration error over ten bins of equal width (Naeini et al., 2015)."""
    if not len(p):
        return 0.0
    which = np.minimum((p * BINS).astype(int), BINS - 1)
    gaps = [
        (which == b).mean() * abs(float(p[which == b].mean()) - float(right[which == b].mean()))
        for b in range(BINS)
        if (which == b).any()
    ]
    return float(sum(gaps))


def reliability(p: NDArray[np.float64], right: NDArray[np.bool_]) -> list[dict[str, float]]:
    """Return, for ten bins of probability, its mean, how often it was right, and how many."""
    which = np.minimum((p * BINS).astype(int), BINS - 1)
    return [
        {
            "probability": round(float(p[which == b].mean()), 4),
            "observed": round(float(right[which == b].mean()), 4),
            "count": int((which == b).sum()),
        }
        for b in range(BINS)
        if (which == b).any()
    ]


def bootstrap(y: NDArray[Any], given: NDArray[np.bool_]) -> dict[str, Any]:
    """Return 95 % percentile intervals of micro, macro and each theme's F1 over findings."""
    generator = np.random.default_rng(SEED)
    draws = [generator.integers(0, len(y), len(y)) for _ in range(RESAMPLES)]
    micro = [f1(y[i], given[i]) for i in draws]
    macro = [macro_f1(y[i], given[i]) for i in draws]
    themes = np.asarray([theme_f1(y[i], given[i]) for i in draws])
    return {
        "micro": _interval(np.asarray(micro)),
        "macro": _interval(np.asarray(macro)),
        "themes": [_interval(column[~np.isnan(column)]) for column in themes.T],
    }


def _interval(values: NDArray[np.float64]) -> list[float]:
    if not len(values):
        return [0.0, 1.0]
    low, high = np.percentile(values, [2.5, 97.5])
    return [round(float(low), 4), round(float(high), 4)]


def paired_difference(
    y: NDArray[Any], champion: NDArray[np.bool_], challenger: NDArray[np.bool_]
) -> dict[str, Any]:
    """Compare two sets of decisions on the same findings by a paired bootstrap of micro F1."""
    generator = np.random.default_rng(SEED)
    values = []
    for _ in range(RESAMPLES):
        draw = generator.integers(0, len(y), len(y))
        values.append(f1(y[draw], challenger[draw]) - f1(y[draw], champion[draw]))
    return {
        "champion_micro": round(f1(y, champion), 4),
        "challenger_micro": round(f1(y, challenger), 4),
        "difference": round(f1(y, challenger) - f1(y, champion), 4),
        "interval": _interval(np.asarray(values)),
        "findings": len(y),
    }


def confusions(
    y: NDArray[Any], given: NDArray[np.bool_], slugs: Sequence[str]
) -> list[dict[str, Any]]:
    """Count, where a theme was missed, which themes were given wrongly instead; most first."""
    missed = ((y == 1) & ~given).astype(int)
    wrongly = (given & (y == 0)).astype(int)
    counts = missed.T @ wrongly
    pairs = [
        {"missed": slugs[a], "given": slugs[b], "findings": int(counts[a, b])}
        for a, b in zip(*np.nonzero(counts), strict=True)
    ]
    return sorted(pairs, key=lambda row: (-row["findings"], row["missed"], row["given"]))[:20]
