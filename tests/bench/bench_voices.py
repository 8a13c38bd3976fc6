"""The learning curve by number of voices: `make bench-voices`, with `--level themes` in minutes.

Findings of the last five voices are held out whole. Models of themes learn from what belongs to no
voice and from the first 0, 5, 10 … of the other voices; the score is micro F1 at the common
threshold that is best for it, so that it shows what was learned and not how thresholds were.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

from pipelines.tag.fitting.fit import Examples, fit
from pipelines.tag.fitting.settings import FitSettings
from pipelines.tag.measure.metrics import f1
from pipelines.tag.models.decide import Decision
from pipelines.tag.models.model import LEVELS, slugs_of
from pipelines.tag.training.train import TrainSettings, read_labels
from tests.bench.results import keep

HELD = 5
STEP = 5


def best(scores: np.ndarray, y: np.ndarray) -> float:
    """Micro F1 at the best common threshold."""
    grid = np.quantile(scores.ravel(), np.linspace(0.5, 0.999, 200))
    return max(float(f1(y, scores >= threshold)) for threshold in grid)


def main() -> int:
    examples = Examples.of(read_labels(TrainSettings()).require())
    voices = sorted(set(examples.voices) - {""})
    held, others = voices[-HELD:], voices[:-HELD]
    test = examples.where(np.isin(examples.voices, held))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--level", choices=LEVELS, action="append", help="both where not given")
    levels = parser.parse_args().level or LEVELS
    settings, rows = FitSettings(), []
    for number in sorted({*range(0, len(others), STEP), len(others)}):
        mask = np.isin(examples.voices, ["", *others[:number]])
        train = examples.where(mask)
        fitted = fit(train, settings=settings, levels=levels, complete=False, jobs=-1)
        found = fitted.scores(test, settings=settings)
        row = {"voices": number, "findings": len(train.labels)}
        for level in levels:
            known = (test.y[level] >= 0).all(axis=1)
            scores = found[level][known]
            decided = scores - rivals(scores, settings, level)
            row[level] = round(best(decided, test.y[level][known]), 4)
        rows.append(row)
        print(row, flush=True)
    sizes = {level: len(slugs_of(level)) for level in levels}
    keep("voices", {"held": held, "tested": len(test.labels), "slugs": sizes, "curve": rows})
    return 0


def rivals(scores: np.ndarray, settings: FitSettings, level: str) -> np.ndarray:
    """What rivals take off, as the decision does it."""
    size = scores.shape[1]
    rivalry = settings.rivalry_of(level)
    plain = Decision((1.0,) * size, (0.0,) * size, (0.5,) * size, 0.0, rivalry=rivalry)
    return plain.rivals(scores)


if __name__ == "__main__":
    sys.exit(main())
