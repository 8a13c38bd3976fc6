"""Fit the pipeline on labelled findings, and score findings by models that have not seen them.

One logistic regression a theme on shared features. Whole findings train it; when it scores, a
finding's score for a theme is a mix of that of its best sentence and that of the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.codebook import load_codebook
from pipelines.errors import CorpusError, SettingsError
from pipelines.lexis import Annotated, annotate
from pipelines.tag.features import (
    FeatureSettings,
    Pieces,
    transform_views,
    unfitted_features,
    views,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix
    from sklearn.pipeline import Pipeline

    from pipelines.tag.labels import Label

FEWEST_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How a model is fitted.

    Attributes:
        features: Weight of each view.
        strength: C of the logistic regressions: the inverse of their regularisation.
        real_weight: What a finding of a report counts for, a written one being 1.
        emphasis: How far features are scaled, for each theme, by how well their counts tell it
            from the rest: 0 leaves them as they are, 1 is naive Bayes' log-count ratio alone.
        whole: What a finding's whole text counts for in its score, beside its best sentence.
    """

    features: FeatureSettings = field(default_factory=FeatureSettings)
    strength: float = 5.0
    real_weight: float = 8.0
    emphasis: float = 0.4
    whole: float = 0.5

    def __post_init__(self) -> None:
        """Refuse settings that cannot be fitted."""
        for name in ("strength", "real_weight"):
            if not getattr(self, name) > 0:
                raise SettingsError(f"{name}: got {getattr(self, name)}, expected more than 0")
        for name in ("emphasis", "whole"):
            if not 0 <= getattr(self, name) <= 1:
                raise SettingsError(f"{name}: got {getattr(self, name)}, expected 0 to 1")

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as JSON can hold them."""
        return asdict(self)

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> FitSettings:
        """Read the settings from what `to_dict` gave, now or before there were all of them.

        Raises:
            SettingsError: A setting is unknown or strange.
        """
        try:
            return cls(
                **{
                    "emphasis": 0.0,
                    "whole": 0.0,
                    **raw,
                    "features": FeatureSettings(**raw["features"]),
                }
            )
        except (KeyError, TypeError) as error:
            raise SettingsError(f"settings of a model: {error}; train it again") from error


@dataclass(frozen=True)
class Examples:
    """Labelled findings, annotated once for any number of fits.

    Attributes:
        labels: n labels.
        annotated: Their texts, annotated.
        y: (n, themes), 1 where the theme is given.
        contexts: n strings of context terms; empty where unknown.
    """

    labels: tuple[Label, ...]
    annotated: tuple[Annotated, ...]
    y: NDArray[np.int8]
    contexts: tuple[str, ...]

    @classmethod
    def of(cls, labels: Sequence[Label]) -> Examples:
        """Annotate labelled findings; their order is that of their digests, whatever was given."""
        labels = sorted(labels, key=lambda label: label.digest)
        found = tuple(annotate([label.text for label in labels]))
        return cls(tuple(labels), found, targets(labels), tuple(label.context for label in labels))

    def where(self, mask: NDArray[np.bool_]) -> Examples:
        """Return those where the mask of n is true."""
        chosen = [int(i) for i in np.flatnonzero(mask)]
        return Examples(
            tuple(self.labels[i] for i in chosen),
            tuple(self.annotated[i] for i in chosen),
            self.y[chosen],
            tuple(self.contexts[i] for i in chosen),
        )

    @property
    def documents(self) -> NDArray[np.str_]:
        """The document of each; empty for a written one."""
        return np.asarray([label.document for label in self.labels], dtype=str)


def targets(labels: Sequence[Label]) -> NDArray[np.int8]:
    """Return an array of (labels, themes), 1 where the theme is given."""
    place = {slug: number for number, slug in enumerate(load_codebook().slugs)}
    out = np.zeros((len(labels), len(place)), dtype=np.int8)
    for row, label in enumerate(labels):
        for theme in label.themes:
            out[row, place[theme]] = 1
    return out


def require_support(examples: Examples) -> None:
    """Check that every theme can be learned.

    Raises:
        CorpusError: A theme has too few examples, or nothing but examples.
    """
    counts = examples.y.sum(axis=0)
    for slug, count in zip(load_codebook().slugs, counts, strict=True):
        if not FEWEST_EXAMPLES <= count < len(examples.labels):
            raise CorpusError(
                f"theme {slug!r} has {count} of {len(examples.labels)} labelled findings; expected "
                f"at least {FEWEST_EXAMPLES} with it and some without: label findings for it"
            )


def fit_pipeline(examples: Examples, *, settings: FitSettings) -> Pipeline:
    """Fit features and one logistic regression a theme.

    Raises:
        CorpusError: A theme has too few examples.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import LabelBinarizer

    require_support(examples)
    features = unfitted_features(settings.features)
    matrix = features.fit_transform(views(examples.annotated, contexts=examples.contexts))
    weights = np.asarray([settings.real_weight if x.real else 1.0 for x in examples.labels])
    head = OneVsRestClassifier(LogisticRegression())
    head.label_binarizer_ = LabelBinarizer(sparse_output=True).fit(examples.y)
    head.estimators_ = []
    for column, scale in zip(
        examples.y.T, _scales(matrix, examples.y, settings.emphasis), strict=True
    ):
        estimator = LogisticRegression(
            C=settings.strength,
            class_weight="balanced",
            solver="liblinear",
            dual=True,  # far more features than findings: twenty times as fast as the primal
            max_iter=1000,
            random_state=0,
            tol=1e-2,  # scores differ by less than 0.01 from those of a tenth of it
        ).fit(_scaled(matrix, scale), column, sample_weight=weights)
        estimator.coef_ *= scale  # so that it takes the features as they are
        head.estimators_.append(estimator)
    return Pipeline([("features", features), ("themes", head)])


def _scales(matrix: csr_matrix, y: NDArray[np.int8], emphasis: float) -> NDArray[np.float64]:
    """Return what each feature is multiplied by for each theme: (themes, features).

    The size of naive Bayes' log-count ratio, of mean square 1, mixed with 1 (Wang and Manning,
    Baselines and bigrams, 2012).
    """
    there = matrix.copy()
    there.data = np.ones_like(there.data)
    every = np.asarray(there.sum(axis=0)).ravel() + 2.0
    out = np.ones((y.shape[1], matrix.shape[1]))
    for number, inside in enumerate(np.asarray((there.T @ y.astype(np.float64)).T) + 1.0):
        outside = every - inside
        ratio = np.abs(np.log((inside / inside.sum()) / (outside / outside.sum())))
        size = float(np.sqrt(np.mean(ratio**2))) or 1.0
        out[number] += emphasis * (ratio / size - 1.0)
    return out


def _scaled(matrix: csr_matrix, scale: NDArray[np.float64]) -> csr_matrix:
    """Multiply the columns of a matrix."""
    out = matrix.copy()
    out.data *= scale[out.indices]
    return out


def score_examples(pipeline: Pipeline, examples: Examples, *, whole: float) -> NDArray[np.float64]:
    """Score findings by their best claim and their whole text: an array of (findings, themes)."""
    pieces = Pieces.of(examples.annotated)
    sizes = np.diff(np.append(pieces.starts, len(pieces.flat)))
    contexts = [str(context) for context in np.repeat(np.asarray(examples.contexts), sizes)]
    matrix = transform_views(pipeline[0], views(pieces.flat, contexts=contexts))
    return pieces.pool(pipeline[-1].decision_function(matrix), whole=whole)


def held_out_scores(
    examples: Examples,
    *,
    settings: FitSettings,
    groups: Sequence[str],
    training: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Score the findings of each group by a model fitted on all others.

    Args:
        examples: n findings.
        settings: Of the fits.
        groups: n group names; a finding with an empty name is only ever in training.
        training: n booleans: which of them may train.

    Returns:
        An array of (n, themes), NaN for findings without a group.
    """
    named = np.asarray(groups, dtype=str)
    out = np.full((len(named), examples.y.shape[1]), np.nan)
    for group in sorted(set(named) - {""}):
        held = named == group
        pipeline = fit_pipeline(examples.where(~held & training), settings=settings)
        out[held] = score_examples(pipeline, examples.where(held), whole=settings.whole)
    return out
