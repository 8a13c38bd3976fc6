"""Space: where findings lie by what they are about, so that like findings lie close together.

Two views are blended: TF-IDF over words and pairs (the same words) and its truncated singular
value decomposition (words that keep the same company). A similarity is the weighted sum of both
cosines, from 0 to 1.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags

from pipelines.mine.likeness.terms import features
from pipelines.mine.likeness.weighing import Floats, Weighing, unit_rows, weigh, widest_axes
from pipelines.mine.parts import spread

if TYPE_CHECKING:
    import pandas as pd

_FITTED_ON: Final = 20_000
"""Texts that words are weighed and the decomposition is made on: of more texts every second, third
and so on, in their order. What a word weighs hardly differs, and the memory does not grow."""

_AT_ONCE: Final = 1_000  # texts of a part
_ROUNDED: Final = 1e-5  # length of a text's senses below which they are errors of rounding


_WORDS: Final = 0.6  # weight of the words' cosine; the rest is the decomposition's
_DIMENSIONS: Final = 100  # of the decomposition, at most; fewer where there are few texts
LARGEST_VOCABULARY: Final = 60_000  # words and pairs kept, the most frequent first


@dataclass(frozen=True, slots=True)
class Space:
    """Texts as points.

    Attributes:
        words: Unit rows of TF-IDF weights, a row a text.
        senses: Unit rows of the decomposition, a row a text; None where there are so many that
            they are made of the words when they are asked for.
        names: Of the features, ascending, in the order of the columns of `words`.
        rarity: Inverse document frequency of the features.
        axes: Of the decomposition, one row per feature, one column per dimension.
        weighing: What the features weigh, to place new texts; None where there is none.
    """

    words: csr_matrix
    senses: Floats | None
    names: npt.NDArray[np.object_]
    rarity: Floats
    axes: Floats
    weighing: Weighing | None = None

    def sensed(self, rows: npt.NDArray[np.intp]) -> Floats:
        """Return the senses of some of the texts."""
        if self.senses is None:
            return _senses(self.words[rows], self.axes)
        chosen: Floats = self.senses[rows]
        return chosen

    def similarity(self, rows: npt.NDArray[np.intp], others: npt.NDArray[np.intp]) -> Floats:
        """Return the similarities of two sets of texts, one row per text of `rows`."""
        return self._blend(self.words[rows], self.sensed(rows), others)

    def columns(self, names: Iterable[str]) -> npt.NDArray[np.intp]:
        """Return the columns of those of the features that the space has, ascending."""
        wanted = np.asarray(sorted(set(names)), dtype=object)
        if not len(wanted) or not len(self.names):
            return np.empty(0, dtype=np.intp)
        places = np.minimum(np.searchsorted(self.names, wanted), len(self.names) - 1)
        found: npt.NDArray[np.intp] = places[self.names[places] == wanted]
        return found

    def centre(self, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
        """Return the middle of a set of texts in both views, as a vector of length 1."""
        words = np.asarray(self.words[rows].mean(axis=0), dtype=np.float32).ravel()
        senses = _unit(self.sensed(rows).mean(axis=0))
        return np.concatenate([_WORDS**0.5 * _unit(words), (1 - _WORDS) ** 0.5 * senses])

    def centrality(self, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
        """Return how close each text lies to the centre of the set, 0 to 1."""
        return self.nearness(rows, rows)

    def nearness(
        self, rows: npt.NDArray[np.intp], others: npt.NDArray[np.intp]
    ) -> npt.NDArray[np.float32]:
        """Return how close each text lies to the centre of other texts, 0 to 1."""
        words = np.asarray(self.words[others].mean(axis=0), dtype=np.float32).ravel()
        senses = self.sensed(others).mean(axis=0)
        near_words = np.asarray(self.words[rows] @ _unit(words), dtype=np.float32).ravel()
        near: npt.NDArray[np.float32] = _WORDS * near_words + (1 - _WORDS) * (
            self.sensed(rows) @ _unit(senses)
        )
        return np.clip(near, 0, 1)

    def subset(self, rows: npt.NDArray[np.intp]) -> Space:
        """Return the space of some of the texts, in the order given, and of their words alone."""
        words = self.words[rows]
        used = np.unique(words.indices)
        return Space(
            words[:, used],
            self.sensed(rows),
            self.names[used],
            self.rarity[used],
            self.axes[used],
        )

    def thinned(self, kept: npt.NDArray[np.bool_]) -> Space:
        """Return the space without some of its words; the senses follow the words left."""
        words = unit_rows(self.words @ diags(kept.astype(np.float32)))
        return replace(self, words=words, senses=_senses(words, self.axes))

    def placed(self, texts: Sequence[str]) -> Space:
        """Return a space of new texts, in the words and senses of this one."""
        if self.weighing is None:
            words = csr_matrix((len(texts), self.words.shape[1]), dtype=np.float32)
        else:
            words = self.weighing.weighed(map(features, texts))
        return replace(self, words=words, senses=_senses(words, self.axes))

    def towards(
        self, rows: npt.NDArray[np.intp], other: Space, others: npt.NDArray[np.intp]
    ) -> Floats:
        """Return the similarities of texts of this space to texts of another, one row per text."""
        return other._blend(self.words[rows], self.sensed(rows), others)

    def _blend(self, words: csr_matrix, senses: Floats, others: npt.NDArray[np.intp]) -> Floats:
        same = (words @ self.words[others].T).toarray()
        near = senses @ self.sensed(others).T
        blended: Floats = _WORDS * same + (1 - _WORDS) * near
        return np.clip(blended, 0, 1)


def build_space(texts: Sequence[str] | pd.Series, *, jobs: int = 1) -> Space:
    """Make the space of texts; their order decides no similarity.

    Args:
        texts: In an order that the caller fixes (sorted by id), so that rounding is the same too,
            and that every n-th of very many are the same.
        jobs: Processes that read the texts.
    """
    step = max(1, -(-len(texts) // _FITTED_ON))
    weighed = weigh(
        _read(texts[::step], jobs),
        least=2 if len(texts) > 50 else 1,  # texts of those fitted on
        most=LARGEST_VOCABULARY,
    )
    if weighed is None:
        empty = csr_matrix((len(texts), 1), dtype=np.float32)
        nothing = np.zeros((1, 1), dtype=np.float32)
        unnamed = np.asarray([""], dtype=object)
        return Space(empty, _senses(empty, nothing), unnamed, np.ones(1, np.float32), nothing)
    weighing, fitted = weighed
    words = _stacked(map(weighing.weighed, _in_parts(texts, jobs))) if step > 1 else fitted
    size = min(_DIMENSIONS, min(fitted.shape) // 4)
    axes = np.zeros((words.shape[1], 1), dtype=np.float32)
    if size >= 2:
        axes = widest_axes(fitted, size)
    senses = _senses(words, axes) if step == 1 else None
    return Space(words, senses, weighing.names, weighing.rarity, axes, weighing)


def _stacked(parts: Iterable[csr_matrix]) -> csr_matrix:
    """Stack parts, which lie on disk meanwhile: in memory they and the whole would be twice it."""
    with tempfile.TemporaryFile() as weights, tempfile.TemporaryFile() as places:
        lengths = [np.zeros(1, dtype=np.int64)]
        width = 0
        for part in parts:
            part.data.tofile(weights)
            part.indices.astype(np.int32, copy=False).tofile(places)
            lengths.append(np.diff(part.indptr).astype(np.int64))
            width = part.shape[1]
        weights.seek(0)
        places.seek(0)
        data, indices = np.fromfile(weights, np.float32), np.fromfile(places, np.int32)
    ends = np.cumsum(np.concatenate(lengths))
    whole = ends.astype(np.int32) if ends[-1] <= np.iinfo(np.int32).max else ends
    return csr_matrix((data, indices, whole), shape=(len(ends) - 1, width))


def _read(texts: Sequence[str] | pd.Series, jobs: int) -> Iterator[list[str]]:
    for part in _in_parts(texts, jobs):
        yield from part


def _in_parts(texts: Sequence[str] | pd.Series, jobs: int) -> Iterator[list[list[str]]]:
    """Yield the features of texts part by part: those of all at once would fill the memory."""
    parts = (list(texts[at : at + _AT_ONCE]) for at in range(0, len(texts), _AT_ONCE))
    return spread(_features, parts, jobs=jobs)


def _features(texts: Sequence[str]) -> list[list[str]]:
    return [features(text) for text in texts]


def _senses(words: csr_matrix, axes: Floats) -> Floats:
    rows = np.asarray(words @ axes, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    # What keeps no company lies nowhere: the direction of a rounding error is no likeness.
    lengths[lengths < _ROUNDED] = np.inf
    rows /= lengths
    return rows


def _unit(vector: Floats) -> Floats:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector
