"""Measure: reports and voices left out in turn; other written findings are only ever in training.

For each fold the model is fitted on all else, and its calibration, thresholds and hints are
learned from the other folds. A fold is a report, or some of the voices whole: findings of one
voice are alike, so that none of them may teach what another is tested on. Reports and voices are
shown apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from joblib import Parallel, delayed

from pipelines.errors import CorpusError
from pipelines.project import Layers, layers_held, layers_in_use
from pipelines.tag.features.pipeline import WHOLE
from pipelines.tag.fitting.calibrate import learn_decision
from pipelines.tag.fitting.fit import FEWEST_EXAMPLES, Examples, fit, targets
from pipelines.tag.fitting.settings import FitSettings
from pipelines.tag.labels.slugs import MOST_ISSUES, MOST_THEMES
from pipelines.tag.models.decide import SURE
from pipelines.tag.models.model import ISSUES, LEVELS, NEVER, THEMES, Head, slugs_of
from pipelines.tag.models.sections import SectionHints, learn_hints
from pipelines.tag.models.weights import Weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDS: Final = 4  # of voices; of written findings, where there are neither reports nor voices
NEAR: Final = 0.8  # share of word pairs in common from which two texts are near-duplicates
MOST: Final = {THEMES: MOST_THEMES, ISSUES: MOST_ISSUES}
PRECISE: Final = {THEMES: 1.0, ISSUES: 1.3}
"""A finding put into an issue wrongly pairs with all of its members, so it costs more there."""
MANY: Final = 1500  # findings from which folds are worth a process each
REPORT_WEIGHT: Final = 3  # what a report's finding counts for in what is learned from scores
VOICES: Final = "voices"
WRITTEN_FOLD: Final = "written"


@dataclass(frozen=True)
class Level:
    """Held-out findings of one level, scored and decided by models that have not seen their fold.

    Attributes:
        y: (n, slugs); -1 where a finding has no labels of the level.
        scores: (n, slugs), before calibration.
        probabilities: (n, slugs), calibrated.
        assigned: (n, slugs).
        uncertain: (n, slugs): the review band.
        certainty: (n, slugs): `sure`, `likely`, `suggested` or None.
    """

    y: NDArray[np.int8]
    scores: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    assigned: NDArray[np.bool_]
    uncertain: NDArray[np.bool_]
    certainty: NDArray[np.object_]

    def where(self, mask: NDArray[np.bool_]) -> Level:
        """Return the findings where the mask of n is true."""
        return Level(
            self.y[mask],
            self.scores[mask],
            self.probabilities[mask],
            self.assigned[mask],
            self.uncertain[mask],
            self.certainty[mask],
        )

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which findings have labels of the level: (n,)."""
        return np.asarray((self.y >= 0).all(axis=1), dtype=bool)

    @property
    def sure(self) -> NDArray[np.bool_]:
        """Which decisions are sure tags: (n, slugs)."""
        return np.asarray(self.certainty == SURE, dtype=bool)


@dataclass(frozen=True)
class Held:
    """Findings that were held out, with the fold of each.

    Attributes:
        examples: n findings.
        groups: Fold of each.
        levels: By level.
        measured_on: `reports`, `voices` or `written findings`: what the figures are led by.
    """

    examples: Examples
    groups: NDArray[np.str_]
    levels: dict[str, Level]
    measured_on: str

    @property
    def themes(self) -> Level:
        """The first level."""
        return self.levels[THEMES]

    def where(self, mask: NDArray[np.bool_]) -> Held:
        """Return the findings where the mask of n is true."""
        return Held(
            self.examples.where(mask),
            self.groups[mask],
            {name: level.where(mask) for name, level in self.levels.items()},
            self.measured_on,
        )


def fold_groups(examples: Examples) -> list[str]:
    """Name the fold of each finding; empty for one that is only ever in training.

    A report is a fold; voices are spread over four in the order of their names. Where there are
    neither, written findings are held out by the digest of their text, so that the order of files
    changes nothing. Who was asked about some themes only was asked about the doubtful ones: no
    fair test.
    """
    voices = sorted(set(examples.voices) - {""})
    place = {voice: f"{VOICES} {n % FOLDS + 1}" for n, voice in enumerate(voices)}
    fair = list(zip(examples.labels, examples.whole, strict=True))
    named = [(x.document or place.get(x.voice, "")) if whole else "" for x, whole in fair]
    if len(set(named) - {""}) >= 2:
        return named
    written = [f"{WRITTEN_FOLD} {int(x.digest[:8], 16) % FOLDS}" for x in examples.labels]
    return [
        (x.document or fold) if whole else ""
        for (x, whole), fold in zip(fair, written, strict=True)
    ]


def evaluate_held_out(
    examples: Examples,
    *,
    settings: FitSettings,
    training: NDArray[np.bool_] | None = None,
    judged: NDArray[np.bool_] | None = None,
    levels: tuple[str, ...] = LEVELS,
    jobs: int = -1,
) -> Held:
    """Score and decide each fold's findings without it.

    Args:
        examples: n labelled findings.
        settings: Of the fits.
        training: n booleans: which of them may train; all where not given.
        judged: n booleans: which of them may be held out; the others are only in training, unless
            too little is left to hold out.
        levels: Of the codebook.
        jobs: Processes for the folds; all cores where -1. The figures are the same. Few findings
            are fitted sooner than a process starts: one does for them.

    Raises:
        CorpusError: There is nothing to hold out.
    """
    folds = groups = np.asarray(fold_groups(examples), dtype=str)
    if judged is not None and len(set(groups[judged]) - {""}) >= 2:
        groups = np.where(judged, groups, "")
    names = sorted(set(groups) - {""})
    if len(names) < 2:
        raise CorpusError("nothing to hold out: label findings, or give the reports with --reports")
    levels = tuple(level for level in levels if slugs_of(level))  # a project may have no issues
    may = training if training is not None else np.ones(len(groups), dtype=bool)
    tasks = []
    for name in names:
        held = groups == name
        others = (folds != name) & (examples.documents != name)
        test, rest = examples.where(held), examples.where(others)
        tasks.append((rest.where(~near_duplicates(rest, test) & may[others]), test))
    run, layers = delayed(_score_fold), layers_in_use()
    processes = jobs if len(examples.labels) >= MANY else 1
    found = Parallel(n_jobs=processes)(run(*task, settings, levels, layers) for task in tasks)
    scored = groups != ""
    coded = tuple(label.as_coded for label in examples.labels)
    y = {level: targets(coded, level) for level in LEVELS}
    examples = replace(examples, labels=coded, y=y)  # models are judged by what none has touched
    out: dict[str, Level] = {}
    for level in levels:
        scores = np.zeros((len(groups), len(slugs_of(level))))
        for name, part in zip(names, found, strict=True):
            scores[groups == name] = part[level]
        out[level] = decided_by_fold(examples, groups, scores, level, settings).where(scored)
    on = "reports" if (examples.documents[scored] != "").any() else names[0].partition(" ")[0]
    on = {"reports": "reports", VOICES: VOICES}.get(on, "written findings")
    return Held(examples.where(scored), groups[scored], out, on)


def _score_fold(
    rest: Examples,
    test: Examples,
    settings: FitSettings,
    levels: tuple[str, ...],
    layers: Layers,
) -> dict[str, NDArray[np.float64]]:
    if len(rest.labels) < FEWEST_EXAMPLES:  # all else repeats the fold: nothing can be learned
        return {level: np.full(test.y[level].shape, NEVER) for level in levels}
    with layers_held(layers):  # this may be another process
        # A theme of few labels may have nearly all of them in the fold: not `complete`.
        fitted = fit(rest, settings=settings, levels=levels, complete=False)
    return fitted.scores(test, settings=settings)


def decided_by_fold(
    examples: Examples,
    groups: NDArray[np.str_],
    scores: NDArray[np.float64],
    level: str,
    settings: FitSettings,
) -> Level:
    """Decide each fold by what was learned from the scores of the others.

    Args:
        examples: n findings.
        groups: Fold of each; those of none, empty, are not decided.
        scores: (n, slugs), by models that had not seen the fold.
        level: Of the codebook.
        settings: Of the fits.
    """
    y = examples.y[level]
    size = scores.shape
    probabilities, certainty = np.zeros(size), np.full(size, None, dtype=object)
    assigned, uncertain = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    sections = np.asarray(examples.sections, dtype=str)
    for name in sorted(set(groups) - {""}):
        held = groups == name
        head = decide_from(
            examples.where((groups != "") & ~held),
            scores[(groups != "") & ~held],
            level=level,
            settings=settings,
        )
        probabilities[held] = head.probabilities(scores[held], sections[held].tolist())
        assigned[held] = head.decision.assigned(probabilities[held])
        uncertain[held] = head.decision.uncertain(probabilities[held])
        certainty[held] = head.decision.certainty(probabilities[held])
    return Level(y, scores, probabilities, assigned, uncertain, certainty)


def decide_from(
    examples: Examples,
    scores: NDArray[np.float64],
    *,
    level: str,
    settings: FitSettings,
    hints: SectionHints | None = None,
) -> Head:
    """Learn calibration, thresholds and hints from held-out scores.

    Args:
        examples: n findings that were held out.
        scores: (n, slugs), of models that had not seen them.
        level: Of the codebook.
        settings: Give the weight of the hints.
        hints: To be used; learned too where not given.

    Returns:
        A head without weights.
    """
    y = examples.y[level]
    if hints is None:
        hints = learn_hints(examples.sections, y, weight=settings.hints)
    counts = np.where(examples.documents != "", REPORT_WEIGHT, 1) * (y >= 0).all(axis=1)
    rows = np.repeat(np.arange(len(y)), counts)
    added = hints.rows([examples.sections[n] for n in rows])
    decision = learn_decision(
        scores[rows],
        y[rows],
        most=MOST[level],
        precise=PRECISE[level],
        hints=added,
        rivalry=settings.rivalry_of(level),
    )
    nothing = Weights.none(0, y.shape[1])
    return Head(slugs_of(level), nothing, np.zeros(y.shape[1]), decision, hints)


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
