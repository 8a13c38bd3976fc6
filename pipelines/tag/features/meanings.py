"""Meanings of words: vectors that lie close where words mean much the same.

`data/meanings.npz` holds a vector a word, made once from a sentence encoder (corpus/meanings.py).
A text's meaning is the sum of its words' vectors, of length 1: so each word's part in it is known,
and a model that weighs it is explained as exactly as one that weighs words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipelines.lexis import Annotated

FILE: Final = "meanings.npz"


@dataclass(frozen=True)
class Meanings:
    """The vectors of words.

    Attributes:
        places: Row of each word, lower-case.
        vectors: (words, dimensions), weighed by how much a word says.
    """

    places: dict[str, int]
    vectors: NDArray[np.float32]

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.vectors.shape[1])

    def rows(self, text: Annotated) -> tuple[list[int], list[int]]:
        """Return which words of a text are known: their places in it, and their rows here."""
        found = [(n, self.places.get(token.lower, -1)) for n, token in enumerate(text.tokens)]
        known = [(n, row) for n, row in found if row >= 0]
        return [n for n, _ in known], [row for _, row in known]

    def lengths(self, rows: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Return the length of each text's sum of vectors; 1 where it has none."""
        sums = self.sums(rows)
        out: NDArray[np.float32] = np.linalg.norm(sums, axis=1)
        out[out == 0] = 1.0
        return out

    def sums(self, rows: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Add up the vectors of each text's words: (texts, dimensions)."""
        out = np.zeros((len(rows), self.dimensions), dtype=np.float32)
        for n, own in enumerate(rows):
            if own:
                out[n] = self.vectors[own].sum(axis=0)
        return out

    def of(self, texts: Sequence[Annotated]) -> NDArray[np.float32]:
        """Return the meanings of texts, of length 1 or 0: (texts, dimensions)."""
        get = self.places.get
        known = [[r for t in text.tokens if (r := get(t.lower)) is not None] for text in texts]
        sums = self.sums(known)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        unit: NDArray[np.float32] = np.divide(sums, lengths, out=sums, where=lengths > 0)
        return unit


@cache
def load_meanings() -> Meanings:
    """Load the vectors that came with the package, once."""
    with (files("pipelines") / "data" / FILE).open("rb") as file, np.load(file) as data:
        words = data["words"].tobytes().decode("utf-8").split("\n")
        vectors = data["vectors"].astype(np.float32) * data["scales"][:, None]
    return Meanings({word: n for n, word in enumerate(words)}, vectors)
