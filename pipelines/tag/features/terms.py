"""The terms that a model knows of each view of a text, and the weights they have in one.

A view's rule is fixed here; its terms and their rarity are what was learned. It is scikit-learn's
TF-IDF, which learns them (`features.unfitted_features`), done again with nothing but arrays: so a
model is loaded without scikit-learn, which takes a second to import. Equal results are tested.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

WORDS: Final = "words"  # forms, stems, pairs of stems and entries of the lexicon; once a text
LETTERS: Final = "letters"  # runs of letters inside lower-case forms; 1 + ln of their number
CONTEXT: Final = "context"  # polarity and standard, for the ablation; once a text
VIEWS: Final = (WORDS, LETTERS, CONTEXT)
SHORTEST: Final = 5  # words of a finding
_MOST_CUT: Final = 20_000  # words whose runs are remembered
_LONG: Final = 60  # terms that no text of fewer words has
RUNS: Final = (3, 5)  # letters, the spaces around a word among them


@dataclass(frozen=True)
class Terms:
    """The terms of a view.

    Attributes:
        view: Its name, one of `VIEWS`.
        weight: What the view counts for beside the others.
        names: n terms, a feature each, in the order of the features.
        rarity: (n,): inverse document frequencies; none where the view does not weigh by them.
    """

    view: str
    weight: float
    names: tuple[str, ...]
    rarity: NDArray[np.float64] | None

    @cached_property
    def places(self) -> dict[str, int]:
        """The number of each term."""
        return {name: number for number, name in enumerate(self.names)}

    @cached_property
    def _cut(self) -> dict[str, NDArray[np.int32]]:
        """The runs of words that were cut."""
        return {}

    def matrix(self, texts: Iterable[str]) -> csr_matrix:
        """Weigh the terms of texts, the view's own weight left out: (texts, terms)."""
        if self.view == LETTERS:
            return self._weighed(*self._letters(texts))
        found: list[int] = []
        ends = [0]
        strange: list[int] = []
        for text in texts:
            terms = text.split()
            numbers = list(map(self.places.get, terms))
            found += [n for n in numbers if n is not None]
            ends.append(len(found))
            strange.append(_strange(terms, numbers))
        return self._weighed(np.asarray(found, dtype=np.int32), ends, strange)

    def _letters(self, texts: Iterable[str]) -> tuple[NDArray[np.int32], list[int]]:
        """Cut each word once, however often it stands in the texts: most of the work."""
        places = self._cut
        if len(places) > _MOST_CUT:
            places.clear()
        found: list[NDArray[np.int32]] = [np.zeros(0, dtype=np.int32)]
        ends = [0]
        for text in texts:
            total = 0
            for word in text.split():
                known = places.get(word)
                if known is None:
                    numbers = (self.places.get(run) for run in runs_of(word))
                    known = np.asarray([n for n in numbers if n is not None], dtype=np.int32)
                    places[word] = known
                found.append(known)
                total += len(known)
            ends.append(ends[-1] + total)
        return np.concatenate(found), ends

    def _weighed(
        self, found: NDArray[np.int32], ends: Sequence[int], strange: Sequence[int] = ()
    ) -> csr_matrix:
        """Weigh terms of which those between ends n and n + 1 are those of text n.

        Args:
            found: Numbers of terms.
            ends: (texts + 1,).
            strange: (texts,): of terms that are not known; none where left out.
        """
        from scipy.sparse import csr_matrix

        shape = (len(ends) - 1, len(self.names))
        counts = csr_matrix((np.ones(len(found)), found, np.asarray(ends)), shape=shape)
        counts.sum_duplicates()
        if self.view == LETTERS:
            counts.data = np.log(counts.data) + 1.0
        else:
            counts.data[:] = 1.0  # a term counts once a text
        if self.rarity is not None:
            counts.data *= self.rarity[counts.indices]
        if self.view == CONTEXT:
            return counts
        if self.view == LETTERS or self.rarity is None:
            return unit_rows(counts)
        return unit_rows(counts, np.asarray(strange) * self.rarity.max() ** 2)


def _strange(terms: Sequence[str], numbers: Sequence[int | None]) -> int:
    """Count forms and stems that the model does not know, and those short of a finding's.

    They are of the length of the text, as the rarest ones that it knows: so a word that it does
    know does not speak for a sentence of another language, nor for one word alone.
    """
    unknown = [t for t, n in zip(terms, numbers, strict=True) if n is None]
    strange = sum("+" not in t and "/" not in t for t in unknown)
    if len(terms) > _LONG:
        return strange
    words = sum("+" not in t and "/" not in t for t in terms)
    return strange + max(0, 2 * SHORTEST - words)


def runs_of(word: str) -> Iterator[str]:
    """Cut a word and the spaces around it into runs of three to five letters."""
    padded = f" {word.lower()} "
    for size in range(RUNS[0], RUNS[1] + 1):
        for start in range(max(len(padded) - size + 1, 1)):
            yield padded[start : start + size]
        if len(padded) <= size:  # the whole word, once
            return


def form_of(lower: str) -> str:
    """Return the term for a word as it stands, which may be spelled as its stem is."""
    return f"={lower}"


pair_of: Final = "+".join
"""Gives the term for two words that stand side by side, of their stems."""


def unit_rows(matrix: csr_matrix, besides: NDArray[np.float64] | float = 0.0) -> csr_matrix:
    """Divide each row of a matrix by its length, in place; a row of nothing stays.

    Args:
        matrix: (rows, columns).
        besides: (rows,): what squares of the row are not in the matrix.
    """
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    squares = np.bincount(rows, weights=matrix.data**2, minlength=matrix.shape[0])
    lengths = np.sqrt(squares + besides)
    lengths[lengths == 0] = 1.0
    matrix.data /= lengths[rows]
    return matrix


def transform_views(terms: Sequence[Terms], written: Mapping[str, Sequence[str]]) -> csr_matrix:
    """Weigh the terms of all views of some texts: (texts, features), view after view.

    Args:
        terms: What is known of each view.
        written: As `features.views` makes it.
    """
    from scipy.sparse import hstack

    blocks = []
    for own in terms:
        block = own.matrix(written[own.view])
        block.data *= own.weight
        blocks.append(block)
    return hstack(blocks, format="csr")
