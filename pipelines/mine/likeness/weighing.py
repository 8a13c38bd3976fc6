"""Weighing: texts as rows of TF-IDF weights, and the axes along which they differ most.

scikit-learn does the same (`TfidfVectorizer`, `normalize`, `TruncatedSVD`), to the last bit; to
load it costs every run a second, more than all that is done here.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import ArpackError, svds

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Weighing:
    """What features weigh.

    Attributes:
        names: Of the features, ascending, in the order of the columns of a matrix of weights.
        rarity: Their inverse document frequency, smoothed.
    """

    names: npt.NDArray[np.object_]
    rarity: Floats

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.names)}

    def weighed(self, texts: Iterable[list[str]]) -> csr_matrix:
        """Return the weights of the features of texts, a row of length 1 a text."""
        known = self._columns
        return self._rows(
            _counts(([known[name] for name in text if name in known] for text in texts), len(known))
        )

    def _rows(self, counts: csr_matrix) -> csr_matrix:
        np.log(counts.data, counts.data)
        counts.data += 1.0
        counts.data *= self.rarity[counts.indices]
        return unit_rows(counts)


def weigh(
    texts: Iterable[list[str]], *, least: int, most: int
) -> tuple[Weighing, csr_matrix] | None:
    """Weigh the features of texts; None where no feature stands in enough of them.

    Args:
        texts: The features of each.
        least: Texts that a feature must stand in.
        most: Features kept, the most frequent first.

    Returns:
        What they weigh, and the texts weighed, a row of length 1 a text.
    """
    seen: dict[str, int] = {}
    counts = _counts([seen.setdefault(name, len(seen)) for name in text] for text in texts)
    names = sorted(seen)
    places = np.empty(len(names), dtype=counts.indices.dtype)
    places[[seen[name] for name in names]] = np.arange(len(names))
    counts.indices = places[counts.indices]
    kept = np.flatnonzero(np.bincount(counts.indices, minlength=len(names)) >= least)
    if len(kept) > most:
        frequency = np.asarray(counts.sum(axis=0)).ravel()[kept]
        kept = np.sort(kept[np.argsort(-frequency)[:most]])
    if not len(kept):
        return None
    counts = counts[:, kept]
    having = np.bincount(counts.indices, minlength=len(kept)).astype(np.float32) + np.float32(1)
    rarity = np.log(np.float32(counts.shape[0] + 1) / having) + np.float32(1)
    weighing = Weighing(np.asarray(names, dtype=object)[kept], rarity)
    return weighing, weighing._rows(counts)


def _counts(texts: Iterable[list[int]], width: int | None = None) -> csr_matrix:
    """Count the columns of each text; without a width there are as many as were seen."""
    columns, counts, ends = array("i"), array("i"), [0]
    for text in texts:
        counted = Counter(text)
        columns.extend(counted.keys())
        counts.extend(counted.values())
        ends.append(len(columns))
    if width is None:
        width = max(columns, default=-1) + 1
    held = (np.asarray(counts, dtype=np.float32), np.asarray(columns), np.asarray(ends))
    out = csr_matrix(held, shape=(len(ends) - 1, width))
    out.sort_indices()
    return out


def unit_rows(matrix: csr_matrix) -> csr_matrix:
    """Give each row the length 1, in place; one of nothing stays as it is."""
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    squares = np.bincount(rows, weights=matrix.data * matrix.data, minlength=matrix.shape[0])
    lengths = np.where(squares == 0, 1.0, np.sqrt(squares))
    matrix.data /= lengths[rows]
    return matrix


def widest_axes(rows: csr_matrix, size: int) -> Floats:
    """Return so many axes of a truncated singular value decomposition, a column an axis.

    It is exact, not drawn at random: else it hangs on the order of rows, thus on names of files.
    """
    start = np.random.RandomState(0).uniform(-1, 1, min(rows.shape))
    try:
        axes = svds(rows, k=size, v0=start)[2][::-1]
    except ArpackError:
        # Few different texts, each said often: the search runs out of directions. Few texts have
        # few words, so that the whole decomposition is cheap.
        axes = np.linalg.svd(rows.toarray(), full_matrices=False)[2][:size]
    # Either direction is as good: the largest entry is positive.
    axes *= np.sign(axes[np.arange(size), np.abs(axes).argmax(axis=1)])[:, np.newaxis]
    return np.ascontiguousarray(axes.T, dtype=np.float32)
