"""A fitted model: features, a linear score a theme, and how scores become themes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.lexis import Annotated, annotate
from pipelines.tag.decide import Decision
from pipelines.tag.features import Pieces, transform_views, views

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix
    from sklearn.pipeline import Pipeline


@dataclass(frozen=True)
class Model:
    """A loaded model: its pipeline, how it decides, and what its folder says of it."""

    name: str
    version: int
    themes: tuple[str, ...]
    pipeline: Pipeline
    decision: Decision
    meta: dict[str, Any]
    folder: Path | None = None

    @property
    def label(self) -> str:
        """Name and version, which is the folder's name."""
        return f"{self.name}-{self.version}"

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """Coefficients, an array of (features, themes)."""
        return np.vstack([_dense(e.coef_) for e in self.pipeline[-1].estimators_]).T

    @cached_property
    def intercepts(self) -> NDArray[np.float64]:
        """Intercepts, one a theme."""
        return np.asarray([float(e.intercept_[0]) for e in self.pipeline[-1].estimators_])

    @property
    def whole(self) -> float:
        """What the whole text counts for beside its best sentence, from 0 to 1."""
        return float(self.meta.get("settings", {}).get("whole", 0.0))

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return calibrated probabilities, an array of (texts, themes)."""
        return self.decision.probabilities(self.scores(annotate(texts)))

    def scores(self, annotated: Sequence[Annotated]) -> NDArray[np.float64]:
        """Score texts: an array of (texts, themes); see `Pieces.pool`."""
        pieces = Pieces.of(annotated)
        return pieces.pool(self.claim_scores(pieces.flat), whole=self.whole)

    def claim_scores(self, annotated: Sequence[Annotated]) -> NDArray[np.float64]:
        """Score claims one by one: an array of (claims, themes)."""
        matrix: csr_matrix = transform_views(self.pipeline[0], views(annotated))
        out: NDArray[np.float64] = np.asarray(matrix @ self.weights) + self.intercepts
        return out


def _dense(coefficients: Any) -> NDArray[np.float64]:  # noqa: ANN401
    dense = coefficients.toarray() if hasattr(coefficients, "toarray") else coefficients
    return np.asarray(dense, dtype=np.float64).ravel()
