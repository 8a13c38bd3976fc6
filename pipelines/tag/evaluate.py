"""Measure: every report left out in turn, written findings only ever in training.

For each report the model is fitted on all else, and its calibration and thresholds are learned
from the other reports. Where that is one, it is scored by halves: by models that saw neither that
half nor the report left out, but as much else as the model they decide for. Where there are more,
which would take the square of their number in fits, by the models that left them out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pipelines.codebook import load_codebook
from pipelines.errors import CorpusError
from pipelines.tag.calibrate import learn_decision
from pipelines.tag.decide import Decision
from pipelines.tag.features import WHOLE
from pipelines.tag.fit import Examples, FitSettings, fit_pipeline, held_out_scores, score_examples
from pipelines.tag.metrics import (
    bootstrap,
    calibration_error,
    confusions,
    f1,
    macro_f1,
    reliability,
    theme_f1,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDS: Final = 4  # of written findings, where no two reports are at hand
NESTED_MOST: Final = 2  # groups up to which decisions are learned from fits of their own
NEAR: Final = 0.8  # share of word pairs in common from which two texts are near-duplicates


@dataclass(frozen=True)
class Held:
    """Findings scored and decided by models that have not seen their report.

    Attributes:
        examples: n findings of reports.
        scores: (n, themes), before calibration.
        probabilities: (n, themes), calibrated.
        assigned: (n, themes).
        uncertain: (n, themes): the review band.
        measured_on: `reports`, or `written findings` where there were no two reports.
    """

    examples: Examples
    scores: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    assigned: NDArray[np.bool_]
    uncertain: NDArray[np.bool_]
    measured_on: str

    @property
    def groups(self) -> NDArray[np.str_]:
        """Group of each finding: its report, or its fold."""
        return np.asarray(fold_groups(self.examples), dtype=str)


def fold_groups(examples: Examples) -> list[str]:
    """Name the fold of each finding: its report; empty for a written one, only in training.

    Where there are fewer than two reports, written findings are held out too, in folds by the
    digest of their text, so that the order of files changes nothing.
    """
    if len(set(examples.documents) - {""}) >= 2:
        return [str(d) for d in examples.documents]
    return [
        label.document or f"written-{int(label.digest[:8], 16) % FOLDS}"
        for label in examples.labels
    ]


def evaluate_held_out(
    examples: Examples,
    *,
    settings: FitSettings,
    training: NDArray[np.bool_] | None = None,
    drop_near: Callable[[Examples, Examples], NDArray[np.bool_]] | None = None,
    nested_most: int = NESTED_MOST,
) -> Held:
    """Score and decide each report's findings without it.

    Args:
        examples: n labelled findings.
        settings: Of the fits.
        training: n booleans: which of them may train; all where not given.
        drop_near: Which training findings nearly repeat a held-out one; see `near_duplicates`.
        nested_most: Groups up to which decisions are learned from fits of their own; 0 for none.

    Raises:
        CorpusError: There is nothing to hold out.
    """
    groups = np.asarray(fold_groups(examples), dtype=str)
    names = sorted(set(groups) - {""})
    if len(names) < 2:
        raise CorpusError("nothing to hold out: label findings, or give the reports with --reports")
    may = training if training is not None else np.ones(len(groups), dtype=bool)
    dropper = drop_near if drop_near is not None else near_duplicates
    size = examples.y.shape
    scores = np.zeros(size)
    decisions: dict[str, Decision] = {}
    for name in names:
        held = groups == name
        test, rest = examples.where(held), examples.where(~held)
        keep = ~dropper(rest, test)
        rest, trains, inner = rest.where(keep), may[~held][keep], groups[~held][keep]
        if len(names) <= nested_most:
            halves = _halves(rest, inner)
            seen = held_out_scores(rest, settings=settings, groups=halves, training=trains)
            known = ~np.isnan(seen[:, 0])
            decisions[name] = learn_decision(seen[known], rest.y[known])
        scores[held] = score_examples(
            fit_pipeline(rest.where(trains), settings=settings), test, whole=settings.whole
        )
    probabilities = np.zeros(size)
    assigned = np.zeros(size, dtype=bool)
    uncertain = np.zeros(size, dtype=bool)
    for name in names:
        held = groups == name
        others = (groups != "") & ~held
        decision = decisions.get(name) or learn_decision(scores[others], examples.y[others])
        probabilities[held] = decision.probabilities(scores[held])
        assigned[held] = decision.assigned(probabilities[held])
        uncertain[held] = decision.uncertain(probabilities[held])
    scored = groups != ""
    on = "reports" if not any(name.startswith("written-") for name in names) else "written findings"
    return Held(
        examples.where(scored),
        scores[scored],
        probabilities[scored],
        assigned[scored],
        uncertain[scored],
        on,
    )


def _halves(examples: Examples, groups: NDArray[np.str_]) -> list[str]:
    """Halve each group by the digests of its texts; findings without a group have none."""
    return [
        f"{group}/{int(label.digest[:8], 16) % 2}" if group else ""
        for label, group in zip(examples.labels, groups, strict=True)
    ]


def near_duplicates(training: Examples, test: Examples) -> NDArray[np.bool_]:
    """Mark training findings that share most of their word pairs with a held-out one."""
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(ngram_range=(2, 2), binary=True, token_pattern=WHOLE)
    stems = [[" ".join(t.stem for t in a.tokens) for a in e.annotated] for e in (training, test)]
    try:
        matrix = counter.fit_transform(stems[0] + stems[1])
    except ValueError:  # texts of one word have no pairs
        return np.zeros(len(training.labels), dtype=bool)
    first, second = matrix[: len(stems[0])], matrix[len(stems[0]) :]
    shared = (first @ second.T).toarray()
    sizes = np.asarray(first.sum(axis=1)) + np.asarray(second.sum(axis=1)).T - shared
    out: NDArray[np.bool_] = (shared / np.maximum(sizes, 1)).max(axis=1, initial=0.0) >= NEAR
    return out


def measure(held: Held) -> dict[str, Any]:
    """Return everything the card and the evaluation command show of held-out findings."""
    from sklearn.metrics import label_ranking_average_precision_score

    y, given, p = held.examples.y, held.assigned, held.probabilities
    right = y == 1
    groups = held.groups
    intervals = bootstrap(y, given)
    slugs = load_codebook().slugs
    scores = theme_f1(y, given)
    per_group = {
        str(name): {
            "findings": int((groups == name).sum()),
            "micro": round(f1(y[groups == name], given[groups == name]), 4),
            "macro": round(macro_f1(y[groups == name], given[groups == name]), 4),
        }
        for name in sorted(set(groups))
    }
    return {
        "measured_on": held.measured_on,
        "documents": per_group,
        "mean_micro": round(float(np.mean([v["micro"] for v in per_group.values()])), 4),
        "mean_macro": round(float(np.mean([v["macro"] for v in per_group.values()])), 4),
        "micro": round(f1(y, given), 4),
        "micro_interval": intervals["micro"],
        "macro": round(macro_f1(y, given), 4),
        "macro_interval": intervals["macro"],
        "lrap": round(float(label_ranking_average_precision_score(y, p)), 4),
        "brier": round(float(np.mean((p - y) ** 2)), 4),
        "calibration_error_assigned": round(calibration_error(p[given], right[given]), 4),
        "calibration_error_all": round(calibration_error(p.ravel(), right.ravel()), 4),
        "themes_per_finding": {
            "labelled": round(float(y.sum() / len(y)), 3),
            "given": round(float(given.sum() / len(y)), 3),
        },
        "reliability": reliability(p.ravel(), right.ravel()),
        "reliability_assigned": reliability(p[given], right[given]),
        "review": review_band(held),
        "themes": [
            {
                "theme": slug,
                "support": int(y[:, n].sum()),
                "given": int(given[:, n].sum()),
                "f1": None if np.isnan(scores[n]) else round(float(scores[n]), 4),
                "interval": intervals["themes"][n],
            }
            for n, slug in enumerate(slugs)
        ],
        "confusions": confusions(y, given, slugs),
    }


def review_band(held: Held) -> dict[str, Any]:
    """Return coverage and error rates inside and outside the review band.

    For themes given, which is what is reviewed; for all decisions; and for findings, of which one
    is marked where a decision about it is, and wrong where any is.
    """
    wrong = held.assigned != (held.examples.y == 1)

    def rates(
        inside: NDArray[np.bool_], among: NDArray[np.bool_], wrong: NDArray[np.bool_] = wrong
    ) -> dict[str, Any]:
        within, without = among & inside, among & ~inside
        error_in = float(wrong[within].mean()) if within.any() else 0.0
        error_out = float(wrong[without].mean()) if without.any() else 0.0
        return {
            "share": round(float(within.sum() / max(among.sum(), 1)), 4),
            "error_inside": round(error_in, 4),
            "error_outside": round(error_out, 4),
            "ratio": round(error_in / error_out, 2) if error_out else None,
        }

    everything = np.ones_like(wrong)
    return {
        "decisions": rates(held.uncertain, everything),
        "assigned": rates(held.uncertain, held.assigned),
        "findings": rates(
            np.asarray(held.uncertain.any(axis=1)),
            np.ones(len(wrong), dtype=bool),
            np.asarray(wrong.any(axis=1)),
        ),
        "findings_with_one": round(float(held.uncertain.any(axis=1).mean()), 4),
    }


def errors(held: Held) -> list[dict[str, Any]]:
    """List wrongly decided findings, with their id and themes; their text is the caller's."""
    slugs = load_codebook().slugs
    out: list[dict[str, Any]] = []
    for row, label in enumerate(held.examples.labels):
        y, given = held.examples.y[row] == 1, held.assigned[row]
        if (y != given).any():
            out.append(
                {
                    "finding": label.name,
                    "text": label.text,
                    "missed": [slugs[n] for n in np.flatnonzero(y & ~given)],
                    "wrongly_given": [slugs[n] for n in np.flatnonzero(given & ~y)],
                    "right": [slugs[n] for n in np.flatnonzero(given & y)],
                }
            )
    return out
