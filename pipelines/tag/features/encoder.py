"""The encoder: a small network that reads a finding as a whole, in the order of its words.

A linear model knows which words a finding has, not what they do in it: whether information was not
asked for, not answered or not used. `data/encoder.npz` holds MiniLM (Wang and others, 2020; the
weights of all-MiniLM-L6-v2, Apache-2.0) as it was trained further on our written findings, once, by
`corpus/encoder.py`. It is run here in numpy, a text at a time, so that a finding is read alike
whatever stands beside it. It says a score for each slug that it was trained for; a model mixes that
with its own (`Head.mixed`). What it was trained on is known by digest, so that nothing that it has
seen is ever measured.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pipelines.tag.features.pieces import WordPieces

if TYPE_CHECKING:
    from numpy.typing import NDArray

FILE: Final = "encoder.npz"
HEADS: Final = 12  # of attention, a layer
MOST_PIECES: Final = 96  # of a text; what follows is not read by the encoder, only by the words
AT_ONCE: Final = 16  # texts that go through a layer, one by one, before the next layer
DECIMALS: Final = 3  # of a score: processors differ in the sixth
NORMS: Final = 1e-12  # as BERT adds to a variance


@dataclass(frozen=True)
class Layer:
    """One layer: attention, then a network of one hidden layer; each added to what came in."""

    attend: NDArray[np.float32]
    attend_bias: NDArray[np.float32]
    gather: NDArray[np.float32]
    gather_bias: NDArray[np.float32]
    widen: NDArray[np.float32]
    widen_bias: NDArray[np.float32]
    narrow: NDArray[np.float32]
    narrow_bias: NDArray[np.float32]
    norms: NDArray[np.float32]

    def __call__(self, x: NDArray[np.float32]) -> NDArray[np.float32]:
        """Read (pieces, dimensions), give as many."""
        size, width = x.shape
        joint = (x @ self.attend + self.attend_bias).reshape(size, 3, HEADS, width // HEADS)
        query, key, value = joint.transpose(1, 2, 0, 3)
        weights = query @ key.transpose(0, 2, 1)
        weights /= np.float32(np.sqrt(width // HEADS))
        weights -= weights.max(axis=-1, keepdims=True)
        np.exp(weights, out=weights)
        weights /= weights.sum(axis=-1, keepdims=True)
        seen = (weights @ value).transpose(1, 0, 2).reshape(size, width)
        x = _normal(x + seen @ self.gather + self.gather_bias, self.norms[0], self.norms[1])
        wide = _gelu(x @ self.widen + self.widen_bias)
        return _normal(x + wide @ self.narrow + self.narrow_bias, self.norms[2], self.norms[3])


@dataclass(frozen=True)
class Encoder:
    """The network.

    Attributes:
        slugs: By level, what it says a score for.
        trained_on: Digests of the findings that it was trained on, as numbers.
        pieces: How texts are cut.
        embedding: (pieces, dimensions).
        places: (places of a text, dimensions).
        norms: (2, dimensions): of what goes into the first layer.
        layers: In their order.
        out: (dimensions, slugs of all levels).
        out_bias: (slugs of all levels,).
    """

    slugs: Mapping[str, tuple[str, ...]]
    trained_on: NDArray[np.uint64]
    pieces: WordPieces
    embedding: NDArray[np.float32]
    places: NDArray[np.float32]
    norms: NDArray[np.float32]
    layers: tuple[Layer, ...]
    out: NDArray[np.float32]
    out_bias: NDArray[np.float32]

    def has_read(self, digests: Sequence[str]) -> NDArray[np.bool_]:
        """Return which of n findings it was trained on, by their digests."""
        asked = np.asarray([int(digest, 16) for digest in digests], dtype=np.uint64)
        return np.isin(asked, self.trained_on)

    def scores(self, texts: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        """Score texts, each by itself: by level, (texts, slugs)."""
        from threadpoolctl import threadpool_limits

        # One thread: the products are small, and sums come out alike on any number of cores.
        with threadpool_limits(limits=1, user_api="blas"):
            places = range(0, len(texts), AT_ONCE)
            rows = [row for first in places for row in self._read(texts[first : first + AT_ONCE])]
        every = np.asarray(rows, dtype=np.float64).reshape(len(texts), len(self.out_bias))
        ends = np.cumsum([len(slugs) for slugs in self.slugs.values()])[:-1]
        return dict(zip(self.slugs, np.split(every.round(DECIMALS), ends, axis=1), strict=True))

    def _read(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        cut = (self.pieces.numbers(text, most=MOST_PIECES) for text in texts)
        read = [_normal(self.embedding[n] + self.places[: len(n)], *self.norms) for n in cut]
        for layer in self.layers:
            read = [layer(x) for x in read]
        return [x.mean(axis=0) @ self.out + self.out_bias for x in read]


def _normal(
    x: NDArray[np.float32], size: NDArray[np.float32], shift: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Bring each row to mean 0 and variance 1, then to a learned size and shift."""
    x = x - x.mean(axis=-1, keepdims=True)
    x /= np.sqrt((x * x).mean(axis=-1, keepdims=True) + np.float32(NORMS))
    out: NDArray[np.float32] = x * size + shift
    return out


def _gelu(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Hendrycks and Gimpel, Gaussian error linear units (2016), by their tanh formula.

    In as few arrays as it can: making them costs as much as the sums.
    """
    inner = np.float32(0.044715) * x
    inner *= x
    inner *= x
    inner += x
    inner *= np.float32(np.sqrt(2 / np.pi))
    np.tanh(inner, out=inner)
    inner += 1
    inner *= np.float32(0.5) * x
    return inner


@cache
def load_encoder() -> Encoder:
    """Load the encoder that came with the package, once."""
    with (files("pipelines") / "data" / FILE).open("rb") as file, np.load(file) as data:
        said: dict[str, Any] = json.loads(data["said"].tobytes())
        return Encoder(
            slugs={level: tuple(slugs) for level, slugs in said["slugs"].items()},
            trained_on=data["trained_on"],
            pieces=WordPieces(data["pieces"].tobytes().decode("utf-8").split("\n")),
            embedding=_numbers(data, "embedding"),
            places=_numbers(data, "places"),
            norms=_numbers(data, "norms"),
            layers=tuple(
                Layer(**{part.name: _numbers(data, f"{n}.{part.name}") for part in fields(Layer)})
                for n in range(said["layers"])
            ),
            out=_numbers(data, "out"),
            out_bias=_numbers(data, "out_bias"),
        )


def _numbers(data: Mapping[str, NDArray[Any]], name: str) -> NDArray[np.float32]:
    """Return an array that is kept as it is, or in whole steps of each column's or row's size."""
    kept = data[name].astype(np.float32)
    if f"{name}.step" in data:
        kept *= data[f"{name}.step"]
    return kept
