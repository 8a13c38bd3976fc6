"""The weights of a linear score a slug: whole steps of each slug's own size.

Weights finer than a step of the largest one say nothing, but pruning them by number cost two
points of F1 on voices never seen: many small ones together say much.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

_FINE: Final = 2.0**26
"""Parts of 1 in which dense features count: with 256 of them sums stay far below 2 ** 53."""


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

    def of(self, features: NDArray[np.int64] | slice) -> NDArray[np.float64]:
        """Return the weights of some features as numbers: (features, slugs)."""
        out: NDArray[np.float64] = np.multiply(self.steps[features], self.step, dtype=np.float64)
        return out

    def score(
        self, matrix: csr_matrix, dense: NDArray[np.float32] | None = None
    ) -> NDArray[np.float64]:
        """Multiply rows of features with the weights: (rows, slugs).

        Args:
            matrix: (rows, features); of the first features alone where it is narrower.
            dense: (rows, features) of the features behind these, where every row has all.
        """
        from scipy.sparse import csr_matrix

        matrix = csr_matrix(matrix)
        there = np.zeros(matrix.shape[1], dtype=bool)  # few of all: the rest is left as it is
        there[matrix.indices] = True
        places = np.cumsum(there) - 1
        shape = (matrix.shape[0], int(there.sum()))
        found = csr_matrix((matrix.data, places[matrix.indices], matrix.indptr), shape=shape)
        out: NDArray[np.float64] = found @ self.of(np.flatnonzero(there))
        if dense is not None and dense.shape[1]:
            # In whole numbers, so that sums are exact and the same whatever rows stand beside.
            whole = np.rint(dense * np.float64(_FINE))
            out += whole @ self.steps[matrix.shape[1] :].astype(np.float64) * (self.step / _FINE)
        return out
