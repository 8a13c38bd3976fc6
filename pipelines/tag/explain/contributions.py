"""What each place of a text adds to each theme: the linear scores, taken apart exactly.

A feature may stand at several places of a claim, a place may make many features. Each feature's
share of the score is parted evenly among its places; a place's weight is the sum of such shares.
Both are one product of a sparse matrix of (places, features) with the model's weights, for any
number of claims at once. A claim's meaning is the sum of its words' vectors, so each word's part in
it is known as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pipelines.lexis import Annotated
from pipelines.tag.features.meanings import Meanings, load_meanings
from pipelines.tag.features.terms import LETTERS, VIEWS, WORDS, Terms, form_of, pair_of, runs_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from pipelines.tag.models.model import Head, Model

Span = tuple[int, int]
NOWHERE: Final[Span] = (0, 0)  # of features that no word of the claim made


@dataclass(frozen=True, slots=True)
class Contributions:
    """What the places of some claims add to each theme's log-odds.

    Attributes:
        spans: (places, 2) offsets in the text of the place's claim.
        weights: (places, themes), calibration included.
        bounds: (claims + 1,): the places of claim n are those from `bounds[n]` to `bounds[n + 1]`.
    """

    spans: NDArray[np.int64]
    weights: NDArray[np.float64]
    bounds: NDArray[np.int64]

    def weigh(
        self,
        *,
        pair: NDArray[np.int64],
        claim: NDArray[np.int64],
        theme: NDArray[np.int64],
        factor: NDArray[np.float64],
    ) -> Weighed:
        """Add up what claims, each times a factor, say about a theme, place by place.

        Args:
            pair: n numbers: what is weighed, several claims of it perhaps.
            claim: n claims.
            theme: n themes.
            factor: n factors.
        """
        sizes = self.bounds[claim + 1] - self.bounds[claim]
        each = np.repeat(np.arange(len(pair)), sizes)
        ends = np.cumsum(sizes)
        row = np.arange(len(each)) - np.repeat(ends - sizes - self.bounds[claim], sizes)
        weight = self.weights[row, theme[each]] * factor[each]
        keys = np.column_stack([pair[each], self.spans[row]])
        order = np.lexsort(keys.T[::-1])
        keys, weight = keys[order], weight[order]
        new = np.ones(len(keys), dtype=bool)
        new[1:] = (keys[1:] != keys[:-1]).any(axis=1)
        firsts = np.flatnonzero(new)
        found, start, end = keys[firsts].T
        return Weighed(found, start, end, np.add.reduceat(weight, firsts))


@dataclass(frozen=True, slots=True)
class Weighed:
    """Places and their weights, a row each, in the order of pairs and of the text.

    Attributes:
        pair: What the place was weighed for.
        start: Where it stands.
        end: Where it ends.
        weight: What it adds to the log-odds.
    """

    pair: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    weight: NDArray[np.float64]


def contributions(
    claims: Sequence[Annotated], matrix: csr_matrix, *, model: Model, head: Head
) -> Contributions:
    """Take the scores of claims apart.

    Args:
        claims: n claims.
        matrix: (n, terms), as the model's features make it of the claims.
        model: Whose features count.
        head: Whose weights and calibration count.
    """
    from scipy.sparse import csr_matrix

    places = _Places(model.features)
    for claim in claims:
        places.add(claim)
    spans, bounds, row, feature = places.arrays()
    width = places.width
    matrix = matrix.tocsr()
    matrix.sort_indices()
    owner = np.repeat(np.arange(len(claims)), np.diff(bounds))
    known = np.repeat(np.arange(len(claims)), np.diff(matrix.indptr)) * width + matrix.indices
    wanted = owner[row] * width + feature
    at = np.minimum(np.searchsorted(known, wanted), max(len(known) - 1, 0))
    there = known[at] == wanted if len(known) else np.zeros(len(wanted), dtype=bool)
    row, feature, at = row[there], feature[there], at[there]
    times = np.bincount(at, minlength=len(known))
    share = matrix.data[at] / times[at]
    homeless = np.flatnonzero(times == 0)
    row = np.concatenate([row, bounds[known[homeless] // width]])
    feature = np.concatenate([feature, known[homeless] % width])
    share = np.concatenate([share, matrix.data[homeless]])
    parted = csr_matrix((share, (row, feature)), shape=(len(spans), width))
    weights = head.weights.score(parted)
    if model.meanings:
        known = load_meanings()
        word_rows, vectors, lengths = places.words(known)
        parts = known.vectors[vectors] @ head.weights.of(slice(width, None))
        np.add.at(weights, word_rows, model.meanings * parts / lengths[:, None])
    return Contributions(spans, weights * head.slopes * head.words_share, bounds)


class _Places:
    """Where features stand: gathers (place, feature) pairs claim by claim."""

    def __init__(self, features: Sequence[Terms]) -> None:
        self._vocabularies: dict[str, dict[str, int]] = {view: {} for view in VIEWS}
        self._first = dict.fromkeys(VIEWS, 0)
        total = 0
        for terms in features:
            self._vocabularies[terms.view] = terms.places
            self._first[terms.view] = total
            total += len(terms.names)
        self._runs: dict[str, NDArray[np.int64]] = {}
        self._spans: list[Span] = []
        self._bounds = [0]
        self._rows: list[int] = []
        self._features: list[int] = []
        self._run_rows: list[int] = []
        self._run_features: list[NDArray[np.int64]] = []
        self._claims: list[tuple[Annotated, list[int]]] = []
        self.width = total

    def add(self, claim: Annotated) -> None:
        """Note the places of a claim; its first is `NOWHERE`."""
        rows = {NOWHERE: len(self._spans)}
        first = len(self._spans)

        def row(span: Span) -> int:
            return rows.setdefault(span, first + len(rows))

        known = self._vocabularies[WORDS]
        before = None
        tokens: list[int] = []
        for token in claim.tokens:
            here = row((token.start, token.end))
            tokens.append(here)
            self._note(form_of(token.lower), here)
            self._note(token.stem, here)
            pair = "" if before is None else pair_of((before.stem, token.stem))
            if before is not None and pair in known:
                both = (min(before.start, token.start), max(before.end, token.end))
                self._note(pair, row(both))
            before = token
            self._run_rows.append(here)
            self._run_features.append(self._letters(token.lower))
        for hit in claim.hits:
            self._note(hit.name, row((hit.start, hit.end)))
        self._claims.append((claim, tokens))
        self._spans += rows
        self._bounds.append(len(self._spans))

    def words(
        self, meanings: Meanings
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Return, of each word with a vector: its place, its vector's row, its claim's length."""
        places: list[int] = []
        vectors: list[int] = []
        lengths: list[float] = []
        for claim, tokens in self._claims:
            at, rows = meanings.rows(claim)
            places += [tokens[n] for n in at]
            vectors += rows
            lengths += [float(meanings.lengths([rows])[0])] * len(rows)
        return (
            np.asarray(places, dtype=np.int64),
            np.asarray(vectors, dtype=np.int64),
            np.asarray(lengths, dtype=np.float64),
        )

    def arrays(
        self,
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return spans and bounds, and the places and features of all pairs."""
        sizes = [len(found) for found in self._run_features]
        runs = np.concatenate([np.zeros(0, dtype=np.int64), *self._run_features])
        return (
            np.asarray(self._spans, dtype=np.int64).reshape(-1, 2),
            np.asarray(self._bounds, dtype=np.int64),
            np.concatenate(
                [
                    np.asarray(self._rows, dtype=np.int64),
                    np.repeat(np.asarray(self._run_rows, dtype=np.int64), sizes),
                ]
            ),
            np.concatenate([np.asarray(self._features, dtype=np.int64), runs]),
        )

    def _note(self, term: str, place: int) -> None:
        number = self._vocabularies[WORDS].get(term)
        if number is not None:
            self._rows.append(place)
            self._features.append(self._first[WORDS] + number)

    def _letters(self, word: str) -> NDArray[np.int64]:
        found = self._runs.get(word)
        if found is None:
            known = self._vocabularies[LETTERS]
            numbers = [self._first[LETTERS] + known[run] for run in runs_of(word) if run in known]
            found = self._runs[word] = np.asarray(numbers, dtype=np.int64)
        return found
