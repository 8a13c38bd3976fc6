"""Fit the pipeline and its decisions on labelled findings.

One linear model a theme on shared features. Its decisions (calibration, thresholds, review band)
are learned out of fold: every real document is scored by a model that has not seen it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.codebook import load_codebook
from pipelines.errors import CorpusError, SettingsError
from pipelines.tag.decide import Decision
from pipelines.tag.features import FeatureSettings, unfitted_features, views

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from sklearn.pipeline import Pipeline

    from pipelines.tag.labels import Label


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How a model is fitted.

    Attributes:
        features: Weight of each view.
        strength: C of the logistic regressions: the inverse of their regularisation.
        real_weight: What a real finding counts for, a written one being 1.
    """

    features: FeatureSettings = field(default_factory=FeatureSettings)
    strength: float = 5.0
    real_weight: float = 3.0

    def __post_init__(self) -> None:
        """Refuse settings that cannot be fitted."""
        for name in ("strength", "real_weight"):
            if not getattr(self, name) > 0:
                raise SettingsError(f"{name}: got {getattr(self, name)}, expected more than 0")

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as JSON can hold them."""
        return asdict(self)


def targets(labels: Sequence[Label]) -> NDArray[np.int8]:
    """Return an array of (labels, themes), 1 where the theme is given."""
    place = {slug: number for number, slug in enumerate(load_codebook().slugs)}
    out = np.zeros((len(labels), len(place)), dtype=np.int8)
    for row, label in enumerate(labels):
        for theme in label.themes:
            out[row, place[theme]] = 1
    return out


def label_views(labels: Sequence[Label]) -> pd.DataFrame:
    """Write labelled findings down in every view."""
    return views([label.text for label in labels])[0]


def fit_pipeline(labels: Sequence[Label], *, settings: FitSettings) -> Pipeline:
    """Fit features and one logistic regression a theme.

    Raises:
        CorpusError: A theme has no example, or every example.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import LabelBinarizer

    y = targets(labels)
    slugs = load_codebook().slugs
    for number, slug in enumerate(slugs):
        if not 0 < y[:, number].sum() < len(labels):
            raise CorpusError(
                f"theme {slug!r} has {y[:, number].sum()} of {len(labels)} labelled findings; "
                "expected some with it and some without: label findings for it"
            )
    features = unfitted_features(settings.features)
    matrix = features.fit_transform(label_views(labels))
    weights = np.asarray([settings.real_weight if x.real else 1.0 for x in labels])
    head = OneVsRestClassifier(LogisticRegression())
    head.label_binarizer_ = LabelBinarizer(sparse_output=True).fit(y)
    head.estimators_ = [
        LogisticRegression(
            C=settings.strength, class_weight="balanced", solver="liblinear", random_state=0
        ).fit(matrix, y[:, number], sample_weight=weights)
        for number in range(len(slugs))
    ]
    return Pipeline([("features", features), ("themes", head)])


def pipeline_scores(pipeline: Pipeline, labels: Sequence[Label]) -> NDArray[np.float64]:
    """Score labelled findings: an array of (labels, themes) of uncalibrated log-odds."""
    out: NDArray[np.float64] = pipeline.decision_function(label_views(labels))
    return out


def out_of_fold(
    labels: Sequence[Label], *, settings: FitSettings
) -> tuple[list[Label], NDArray[np.float64]]:
    """Score each real finding by a model fitted without its document.

    Written findings are only ever in training.

    Returns:
        The real labels, documents in order, and their scores.

    Raises:
        CorpusError: There are fewer than two real documents.
    """
    documents = sorted({label.document for label in labels if label.real})
    if len(documents) < 2:
        raise CorpusError(
            f"got labels of {len(documents)} real documents; expected at least 2 to measure with: "
            "give their reports with --reports"
        )
    held: list[Label] = []
    scores: list[NDArray[np.float64]] = []
    for document in documents:
        inside = [label for label in labels if label.document == document]
        outside = [label for label in labels if label.document != document]
        held.extend(inside)
        scores.append(pipeline_scores(fit_pipeline(outside, settings=settings), inside))
    return held, np.vstack(scores)


def learn_decision(scores: NDArray[np.float64], y: NDArray[np.int8]) -> Decision:
    """Calibrate and set thresholds on out-of-fold scores.

    Args:
        scores: (findings, themes) uncalibrated log-odds.
        y: (findings, themes) 0 or 1.
    """
    from sklearn.linear_model import LogisticRegression

    platt = LogisticRegression(C=1e4).fit(scores.reshape(-1, 1), y.ravel())
    slope, offset = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    size = scores.shape[1]
    best: tuple[float, float] = (-1.0, 0.5)
    for threshold in np.arange(0.2, 0.71, 0.01):
        one = float(round(threshold, 2))
        decision = Decision((slope,) * size, (offset,) * size, (one,) * size, 0.0)
        given = decision.assigned(decision.probabilities(scores))
        hits = 2 * float((given & (y == 1)).sum())
        f1 = hits / float(given.sum() + y.sum())
        best = max(best, (f1, one))
    return Decision((slope,) * size, (offset,) * size, (best[1],) * size, 0.15)
