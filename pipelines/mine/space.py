"""Space: where findings lie by what they are about, so that like findings lie close together.

Two views are blended: TF-IDF over words and pairs (the same words) and its truncated singular
value decomposition (words that keep the same company). A similarity is the weighted sum of both
cosines, from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from pipelines.errors import SettingsError
from pipelines.mine.terms import features

Floats = npt.NDArray[np.float32]
_FITTED_ON: Final = 20_000


@dataclass(frozen=True, slots=True)
class SpaceSettings:
    """How the space is made.

    Attributes:
        words: Weight of the words' cosine; the rest is the decomposition's.
        dimensions: Of the decomposition, at most; fewer where there are few texts.
        largest_vocabulary: Words and pairs kept, the most frequent first.
    """

    words: float = 0.6
    dimensions: int = 100
    largest_vocabulary: int = 60_000

    def __post_init__(self) -> None:
        """Check the settings.

        Raises:
            SettingsError: A value is out of range.
        """
        if not 0 <= self.words <= 1:
            raise SettingsError(f"space: words is {self.words}; expected 0 to 1")
        if self.dimensions < 2 or self.largest_vocabulary < 2:
            raise SettingsError("space: dimensions and largest_vocabulary must be 2 or more")


@dataclass(frozen=True, slots=True)
class Space:
    """Texts as points.

    Attributes:
        words: Unit rows of TF-IDF weights, a row a text.
        senses: Unit rows of the decomposition, a row a text.
        settings: How it was made.
        vectorizer: Fitted; None where there was nothing to fit on.
        decomposition: Fitted; None where there was nothing to fit on.
        names: Of the features, in the order of the columns of `words`.
    """

    words: csr_matrix
    senses: Floats
    settings: SpaceSettings
    vectorizer: Any = None
    decomposition: Any = None
    names: npt.NDArray[np.object_] = field(default_factory=lambda: np.empty(0, dtype=object))

    def similarity(self, rows: npt.NDArray[np.intp], others: npt.NDArray[np.intp]) -> Floats:
        """Return the similarities of two sets of texts, a row a text of `rows`."""
        return self._blend(self.words[rows], self.senses[rows], others)

    @property
    def vocabulary(self) -> dict[str, int]:
        """Column of each feature."""
        return {} if self.vectorizer is None else self.vectorizer.vocabulary_

    def centre(self, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
        """Return the middle of a set of texts in both views, as a vector of length 1."""
        words = np.asarray(self.words[rows].mean(axis=0), dtype=np.float32).ravel()
        share = self.settings.words
        return np.concatenate(
            [share**0.5 * _unit(words), (1 - share) ** 0.5 * _unit(self.senses[rows].mean(axis=0))]
        )

    def centrality(self, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
        """Return how close each text lies to the centre of the set, 0 to 1."""
        words = np.asarray(self.words[rows].mean(axis=0), dtype=np.float32).ravel()
        senses = self.senses[rows].mean(axis=0)
        near_words = np.asarray(self.words[rows] @ _unit(words), dtype=np.float32).ravel()
        share = self.settings.words
        near: npt.NDArray[np.float32] = share * near_words + (1 - share) * (
            self.senses[rows] @ _unit(senses)
        )
        return np.clip(near, 0, 1)

    def subset(self, rows: npt.NDArray[np.intp]) -> Space:
        """Return the space of some of the texts, in the order given."""
        return replace(self, words=self.words[rows], senses=self.senses[rows])

    def thinned(self, kept: npt.NDArray[np.bool_]) -> Space:
        """Return the space without some of its words; the senses follow the words left."""
        mask = diags(kept.astype(np.float32))
        words = normalize(self.words @ mask, copy=False)
        if self.decomposition is None:
            return replace(self, words=words)
        return replace(self, words=words, senses=_senses(self.decomposition, words))

    def placed(self, texts: Sequence[str]) -> Space:
        """Return a space of new texts, in the words and senses of this one."""
        if self.vectorizer is None or not texts:
            empty = csr_matrix((len(texts), self.words.shape[1]), dtype=np.float32)
            return replace(self, words=empty, senses=np.zeros((len(texts), 1), dtype=np.float32))
        words = self.vectorizer.transform(texts)
        if self.decomposition is None:
            return replace(self, words=words, senses=np.zeros((len(texts), 1), dtype=np.float32))
        return replace(self, words=words, senses=_senses(self.decomposition, words))

    def towards(
        self, rows: npt.NDArray[np.intp], other: Space, others: npt.NDArray[np.intp]
    ) -> Floats:
        """Return the similarities of texts of this space to texts of another, a row a text."""
        return other._blend(self.words[rows], self.senses[rows], others)

    def _blend(self, words: csr_matrix, senses: Floats, others: npt.NDArray[np.intp]) -> Floats:
        share = self.settings.words
        same = (words @ self.words[others].T).toarray()
        near = senses @ self.senses[others].T
        blended: Floats = share * same + (1 - share) * near
        return np.clip(blended, 0, 1)


def build_space(texts: Sequence[str], *, settings: SpaceSettings | None = None) -> Space:
    """Make the space of texts; their order decides no similarity.

    Args:
        texts: In an order that the caller fixes (sorted by id), so that rounding is the same too.
        settings: The defaults where none are given.
    """
    chosen = settings or SpaceSettings()
    vectorizer = TfidfVectorizer(
        analyzer=features,
        sublinear_tf=True,
        min_df=2 if len(texts) > 50 else 1,
        max_features=chosen.largest_vocabulary,
        dtype=np.float32,
    )
    try:
        words = vectorizer.fit_transform(texts)
    except ValueError:  # no text has a feature
        empty = csr_matrix((len(texts), 1), dtype=np.float32)
        return Space(empty, np.zeros((len(texts), 1), dtype=np.float32), chosen)
    names = vectorizer.get_feature_names_out()
    size = min(chosen.dimensions, min(words.shape) // 4)
    if size < 2:
        nothing = np.zeros((len(texts), 1), dtype=np.float32)
        return Space(words, nothing, chosen, vectorizer, None, names)
    decomposition = TruncatedSVD(size, n_iter=4, random_state=0)
    step = max(1, -(-words.shape[0] // _FITTED_ON))
    decomposition.fit(words[::step])
    return Space(words, _senses(decomposition, words), chosen, vectorizer, decomposition, names)


def _senses(decomposition: TruncatedSVD, words: csr_matrix) -> Floats:
    rows: Floats = normalize(decomposition.transform(words)).astype(np.float32)
    return rows


def _unit(vector: Floats) -> Floats:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector
