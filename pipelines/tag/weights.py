"""The weights of a linear score a slug: whole steps of each slug's own size.

Weights finer than a step of the largest one say nothing, but pruning them by number cost two
points of F1 on voices never seen: many small ones together say much.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix


@dataclass(frozen=True)
class Weights:
    """Weights of features in the scores of slugs.

    Attributes:
        steps: (features, slugs), in whole steps.
        step: (slugs,): what a step is.
    """

    steps: NDArray[np.int8]
    step: NDArray[np.float32]

    def __post_init__(self) -> None:
        """Refuse arrays that do not belong together."""
        if (
            self.steps.ndim != 2
            or self.steps.dtype != np.int8
            or self.step.shape != self.steps.shape[1:]
        ):
            raise ValueError(f"weights of shape {self.steps.shape}, steps of {self.step.shape}")

    @classmethod
    def none(cls, features: int, slugs: int) -> Weights:
        """Return weights of 0, to be filled in."""
        return cls(np.zeros((features, slugs), np.int8), np.zeros(slugs, np.float32))

    @cached_property
    def dense(self) -> NDArray[np.float32]:
        """The weights as numbers: (features, slugs)."""
        out: NDArray[np.float32] = self.steps * self.step
        return out

    def score(self, matrix: csr_matrix) -> NDArray[np.float64]:
        """Multiply rows of features with the weights: (rows, slugs)."""
        out: NDArray[np.float64] = (matrix.astype(np.float32) @ self.dense).astype(np.float64)
        return out
