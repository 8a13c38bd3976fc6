"""Fit features and heads on labelled findings, and score findings by models that never saw them.

One logistic regression a theme, and one a subject of issues, on shared features. Whole findings
train them; when they score, a finding's score for a slug is a mix of that of its best sentence and
that of the whole. Written findings of no label for a level teach that level nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from pipelines.errors import CorpusError
from pipelines.lexis import Annotated, annotate
from pipelines.tag.features.pipeline import (
    Pieces,
    learned_terms,
    meanings_of,
    unfitted_features,
    views,
    with_meanings,
)
from pipelines.tag.features.terms import Terms, transform_views
from pipelines.tag.fitting.settings import FitSettings
from pipelines.tag.models.model import LEVELS, NEVER, THEMES, slugs_of
from pipelines.tag.models.sections import sections_of
from pipelines.tag.models.weights import Weights

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from pipelines.tag.labels.label import Label

FEWEST_EXAMPLES = 3


@dataclass(frozen=True)
class Examples:
    """Labelled findings, annotated once for any number of fits.

    Attributes:
        labels: n labels.
        annotated: Their texts, annotated.
        y: By level, (n, slugs): 1 where the slug is given, 0 where not, -1 where unknown.
        contexts: n strings of context terms; empty where unknown.
        sections: n slugs of the sections that they stand in; empty where unknown.
    """

    labels: tuple[Label, ...]
    annotated: tuple[Annotated, ...]
    y: dict[str, NDArray[np.int8]]
    contexts: tuple[str, ...]
    sections: tuple[str, ...]

    @classmethod
    def of(cls, labels: Sequence[Label]) -> Examples:
        """Annotate labelled findings; their order is that of their digests, whatever was given."""
        labels = sorted(labels, key=lambda label: label.digest)
        return cls(
            tuple(labels),
            tuple(annotate([label.text for label in labels])),
            {level: targets(labels, level) for level in LEVELS},
            tuple(label.context for label in labels),
            tuple(sections_of([label.section for label in labels], [None] * len(labels))),
        )

    def where(self, mask: NDArray[np.bool_]) -> Examples:
        """Return those where the mask of n is true."""
        chosen = [int(i) for i in np.flatnonzero(mask)]
        return Examples(
            tuple(self.labels[i] for i in chosen),
            tuple(self.annotated[i] for i in chosen),
            {level: y[chosen] for level, y in self.y.items()},
            tuple(self.contexts[i] for i in chosen),
            tuple(self.sections[i] for i in chosen),
        )

    @property
    def whole(self) -> NDArray[np.bool_]:
        """Which of them say of every theme whether it is given."""
        return np.asarray((self.y[THEMES] >= 0).all(axis=1), dtype=bool)

    @property
    def documents(self) -> NDArray[np.str_]:
        """The document of each; empty for a written one."""
        return np.asarray([label.document for label in self.labels], dtype=str)

    @property
    def voices(self) -> NDArray[np.str_]:
        """The voice that each was written in; empty for one of a report, or of no whole voice."""
        return np.asarray([label.voice for label in self.labels], dtype=str)


def targets(labels: Sequence[Label], level: str = THEMES) -> NDArray[np.int8]:
    """Return an array of (labels, slugs): 1 given, 0 not given, -1 not stated by the label."""
    place = {slug: number for number, slug in enumerate(slugs_of(level))}
    out = np.zeros((len(labels), len(place)), dtype=np.int8)
    for row, label in enumerate(labels):
        given = label.themes if level == THEMES else label.subjects
        decided = label.decided if level == THEMES else label.decided_issues
        if given is None or decided is not None:
            out[row] = -1
            out[row, [place[slug] for slug in decided or ()]] = 0
        if given is None:
            continue
        for slug in given:
            out[row, place[slug]] = 1
    return out


def require_support(examples: Examples) -> None:
    """Check that every theme can be learned; a subject without examples is never given.

    Raises:
        CorpusError: A theme has too few examples, or nothing but examples.
    """
    y = examples.y[THEMES]
    for slug, count in zip(slugs_of(THEMES), (y == 1).sum(axis=0), strict=True):
        if not FEWEST_EXAMPLES <= count < len(examples.labels):
            raise CorpusError(
                f"theme {slug!r} has {count} of {len(examples.labels)} labelled findings; expected "
                f"at least {FEWEST_EXAMPLES} with it and some without: label findings for it"
            )


@dataclass(frozen=True)
class Fitted:
    """Features and the heads on them, without decisions: those are learned from held-out scores.

    Attributes:
        features: The terms of each view.
        weights: By level, (features, slugs).
        intercepts: By level, (slugs,).
    """

    features: tuple[Terms, ...]
    meanings: float
    weights: dict[str, Weights]
    intercepts: dict[str, NDArray[np.float64]]

    def scores(
        self, examples: Examples, *, settings: FitSettings
    ) -> dict[str, NDArray[np.float64]]:
        """Score findings by their best claim and their whole text: by level, (findings, slugs)."""
        pieces = Pieces.of(examples.annotated)
        sizes = np.diff(np.append(pieces.starts, len(pieces.flat)))
        contexts = [str(context) for context in np.repeat(np.asarray(examples.contexts), sizes)]
        matrix = transform_views(self.features, views(pieces.flat, contexts=contexts))
        meanings = meanings_of(pieces.flat, self.meanings)
        return {
            level: pieces.pool(
                weights.score(matrix, meanings) + self.intercepts[level],
                whole=settings.whole_of(level),
            )
            for level, weights in self.weights.items()
        }


def fit(
    examples: Examples,
    *,
    settings: FitSettings,
    levels: Sequence[str] = LEVELS,
    complete: bool = True,
    jobs: int = 1,
) -> Fitted:
    """Fit features, and one logistic regression a slug of each level.

    Args:
        examples: Labelled findings.
        settings: How to fit.
        levels: Of the codebook.
        complete: Refuse where a theme has too few examples; else it is never given.
        jobs: Processes that slugs are shared among; all cores where -1. What is learned is equal.

    Raises:
        CorpusError: A theme has too few examples.
    """
    import pandas as pd

    if complete:
        require_support(examples)
    frame = pd.DataFrame(views(examples.annotated, contexts=examples.contexts), dtype="object")
    features = unfitted_features(settings.features, texts=len(frame))
    matrix = features.fit_transform(frame)
    matrix = with_meanings(matrix.tocsr(), examples.annotated, settings.features.meanings)
    matrix.sort_indices()  # scikit-learn would, in the arrays that all slugs share
    weights = np.asarray([settings.real_weight if x.real else 1.0 for x in examples.labels])
    found = {
        level: _fit_head(matrix, examples.y[level], weights, settings, jobs) for level in levels
    }
    return Fitted(
        learned_terms(features),
        settings.features.meanings,
        {level: head[0] for level, head in found.items()},
        {level: head[1] for level, head in found.items()},
    )


def _fit_head(
    matrix: csr_matrix,
    y: NDArray[np.int8],
    weights: NDArray[np.float64],
    settings: FitSettings,
    jobs: int,
) -> tuple[Weights, NDArray[np.float64]]:
    """Fit a logistic regression a slug; return (features, slugs) weights and their intercepts."""
    known = (y >= 0).any(axis=1)
    matrix, y, weights = matrix[known], y[known], weights[known]
    out = Weights.none(matrix.shape[1], y.shape[1])
    intercepts = np.full(y.shape[1], NEVER)
    counts = (y == 1).sum(axis=0)
    some = np.flatnonzero((counts >= FEWEST_EXAMPLES) & (y == 0).any(axis=0))
    there = _presence(matrix)
    # Processes, not threads: liblinear draws its order from one generator for the whole process.
    from joblib import Parallel, delayed, effective_n_jobs

    run = delayed(_fit_slugs)
    shares = np.array_split(some, max(1, min(effective_n_jobs(jobs), len(some))))
    found = Parallel(n_jobs=jobs)(run(matrix, there, y[:, n], weights, settings) for n in shares)
    for number, (steps, step, intercept) in zip(some, chain(*found), strict=True):
        out.steps[:, number] = steps
        out.step[number] = step
        intercepts[number] = intercept
    return out, intercepts


def _fit_slugs(
    matrix: csr_matrix,
    there: csr_matrix,
    y: NDArray[np.int8],
    weights: NDArray[np.float64],
    settings: FitSettings,
) -> list[tuple[NDArray[np.int8], float, float]]:
    return [_fit_slug(matrix, there, column, weights, settings) for column in y.T]


def _fit_slug(
    matrix: csr_matrix,
    there: csr_matrix,
    column: NDArray[np.int8],
    weights: NDArray[np.float64],
    settings: FitSettings,
) -> tuple[NDArray[np.int8], float, float]:
    """Fit one slug; return its weights in whole steps, what a step is, and the intercept."""
    from sklearn.linear_model import LogisticRegression

    known = column >= 0
    if not known.all():  # who was asked about other themes alone says nothing of this one
        matrix, column, weights = matrix[known], column[known], weights[known]
        there = _presence(matrix)
    scale = _scale(there, column, settings.emphasis)
    estimator = LogisticRegression(
        C=settings.strength,
        class_weight="balanced",
        solver="liblinear",
        dual=True,  # far more features than findings: twenty times as fast as the primal
        max_iter=1000,
        random_state=0,
        tol=0.1,  # a finer one decides no finding otherwise, in half as long again
    ).fit(_scaled(matrix, scale), column, sample_weight=weights)
    learned = estimator.coef_[0] * scale  # so that it takes the features as they are
    step = float(np.abs(learned).max()) / settings.steps or 1.0
    return np.rint(learned / step).astype(np.int8), step, float(estimator.intercept_[0])


def _presence(matrix: csr_matrix) -> csr_matrix:
    """Return which feature stands in which row: (features, rows) of ones."""
    there = matrix.T.tocsr()
    there.data = np.ones_like(there.data)
    return there


def _scale(there: csr_matrix, column: NDArray[np.int8], emphasis: float) -> NDArray[np.float64]:
    """Return what each feature is multiplied by for a slug.

    The size of naive Bayes' log-count ratio, of mean square 1, mixed with 1 (Wang and Manning,
    Baselines and bigrams, 2012).
    """
    every = np.diff(there.indptr) + 2.0
    inside = np.asarray(there @ column.astype(np.float64)).ravel() + 1.0
    outside = every - inside
    ratio = np.abs(np.log((inside / inside.sum()) / (outside / outside.sum())))
    size = float(np.sqrt(np.mean(ratio**2))) or 1.0
    scale: NDArray[np.float64] = 1.0 + emphasis * (ratio / size - 1.0)
    return scale


def _scaled(matrix: csr_matrix, scale: NDArray[np.float64]) -> csr_matrix:
    """Multiply the columns of a matrix."""
    from scipy.sparse import csr_matrix

    data = matrix.data * scale[matrix.indices]
    return csr_matrix((data, matrix.indices, matrix.indptr), shape=matrix.shape, copy=False)
