"""What simpler methods score on the same folds, and what each part of the model is worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pipelines.codebook import load_codebook
from pipelines.lexis import annotate
from pipelines.tag.fitting.fit import Examples
from pipelines.tag.fitting.settings import FitSettings
from pipelines.tag.measure.evaluate import Held, evaluate_held_out, fold_groups
from pipelines.tag.measure.metrics import f1, macro_f1
from pipelines.tag.models.model import THEMES

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

Scorer = Callable[[Examples, Examples], "NDArray[np.bool_]"]
COMMONEST: Final = 2  # themes that the majority baseline gives everything
CONTEXT_WEIGHT: Final = 0.3


def measure_baselines(examples: Examples) -> list[dict[str, Any]]:
    """Score four simpler ways on the folds of `evaluate_held_out`."""
    ways: dict[str, Scorer] = {
        "majority: the two commonest themes for all": _majority,
        "lexicon only: themes with the most entries found": _lexicon,
        "codebook similarity: no labels, TF-IDF of claim texts": _codebook,
        "plain TF-IDF words and linear SVC": _plain,
    }
    examples = examples.where(examples.whole)
    groups = np.asarray(fold_groups(examples), dtype=str)
    out: list[dict[str, Any]] = []
    for name, way in ways.items():
        figures = []
        for group in sorted(set(groups) - {""}):
            held = groups == group
            given = way(examples.where(~held), examples.where(held))
            y = examples.y[THEMES][held]
            figures.append((f1(y, given), macro_f1(y, given)))
        micro, macro = np.mean(figures, axis=0)
        out.append({"way": name, "micro": round(float(micro), 4), "macro": round(float(macro), 4)})
    return out


def measure_ablations(examples: Examples, *, settings: FitSettings) -> list[dict[str, Any]]:
    """Take each part of the model away, or add what was left out, and score on the reports.

    Reports alone are held out where there are two: voices would take three times as long.
    """
    features = settings.features
    real = examples.documents != ""
    judged = real if len(set(examples.documents) - {""}) >= 2 else None
    variants: dict[str, tuple[Examples, FitSettings, NDArray[np.bool_] | None]] = {
        "as shipped": (examples, settings, None),
        **{
            f"without {view}": (
                examples,
                replace(settings, features=replace(features, **{view: 0.0})),
                None,
            )
            for view in ("words", "letters", "meanings")
        },
        "without section hints": (examples, replace(settings, hints=0.0), None),
        "without whole voices in training": (examples, settings, examples.voices == ""),
        "written findings only": (examples, settings, ~real),
        "reports weigh as much as written": (
            examples,
            replace(settings, real_weight=1.0),
            None,
        ),
        "every feature as it is, no emphasis": (examples, replace(settings, emphasis=0.0), None),
        "best sentence alone": (examples, replace(settings, whole=0.0), None),
        "whole finding alone": (examples, replace(settings, whole=1.0), None),
        "C = 5": (examples, replace(settings, strength=5.0), None),
        "C = 100": (examples, replace(settings, strength=100.0), None),
    }
    if any(examples.contexts):
        variants["with polarity and standard"] = (
            examples,
            replace(settings, features=replace(features, context=CONTEXT_WEIGHT)),
            None,
        )
    out: list[dict[str, Any]] = []
    for name, (data, tried, training) in variants.items():
        held = evaluate_held_out(
            data, settings=tried, training=training, judged=judged, levels=(THEMES,)
        )
        micro, macro = mean_by_group(held)
        out.append({"variant": name, "micro": round(micro, 4), "macro": round(macro, 4)})
    return out


def mean_by_group(held: Held) -> tuple[float, float]:
    """Return micro and macro F1, each the mean over the reports held out."""
    groups, y = held.groups, held.themes.y
    figures = []
    for group in sorted(set(groups)):
        inside = groups == group
        given = held.themes.assigned[inside]
        figures.append((f1(y[inside], given), macro_f1(y[inside], given)))
    micro, macro = np.mean(figures, axis=0)
    return float(micro), float(macro)


def _majority(training: Examples, test: Examples) -> NDArray[np.bool_]:
    out = np.zeros(test.y[THEMES].shape, dtype=bool)
    out[:, np.argsort(-training.y[THEMES].sum(axis=0), kind="stable")[:COMMONEST]] = True
    return out


def _lexicon(training: Examples, test: Examples) -> NDArray[np.bool_]:
    place = {slug: n for n, slug in enumerate(load_codebook().slugs)}
    counts = np.zeros(test.y[THEMES].shape)
    for row, annotated in enumerate(test.annotated):
        for theme in (name.split("/")[0] for name in {hit.name for hit in annotated.hits}):
            if theme in place:
                counts[row, place[theme]] += 1
    return _top(counts, training)


def _codebook(training: Examples, test: Examples) -> NDArray[np.bool_]:
    themes = annotate([f"{t.name}. {t.claim}" for t in load_codebook().themes])
    both = (*themes, *test.annotated)
    matrix = _tfidf([" ".join(token.stem for token in text.tokens) for text in both])
    size = len(themes)
    return _top((matrix[size:] @ matrix[:size].T).toarray(), training)


def _plain(training: Examples, test: Examples) -> NDArray[np.bool_]:
    from sklearn.svm import LinearSVC

    matrix = _tfidf([label.text for e in (training, test) for label in e.labels])
    size = len(training.labels)
    scores = [
        LinearSVC(random_state=0).fit(matrix[:size], column).decision_function(matrix[size:])
        for column in training.y[THEMES].T
    ]
    out: NDArray[np.bool_] = np.stack(scores, axis=1) >= 0
    return out


def _tfidf(texts: list[str]) -> csr_matrix:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(sublinear_tf=True).fit_transform(texts)


def _top(scores: NDArray[np.float64], training: Examples) -> NDArray[np.bool_]:
    """Give each finding its best themes, as many as a labelled finding has on average."""
    number = max(1, round(float(training.y[THEMES].sum() / len(training.labels))))
    order = np.argsort(-scores, axis=1, kind="stable")[:, :number]
    out = np.zeros(scores.shape, dtype=bool)
    np.put_along_axis(out, order, np.take_along_axis(scores, order, axis=1) > 0, axis=1)
    return out
