"""From a finding's text to numbers: the views of it, and the unfitted scikit-learn pipeline.

`views` writes a text down in several ways, without having learned anything. Every view is text
again; all that is learned of it is its terms and how rare they are (`terms.py`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from pipelines.errors import SettingsError
from pipelines.lexis import Annotated
from pipelines.tag.features.meanings import load_meanings
from pipelines.tag.features.terms import (
    CONTEXT,
    LETTERS,
    RUNS,
    VIEWS,
    WORDS,
    Terms,
    form_of,
    pair_of,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix
    from sklearn.compose import ColumnTransformer

WHOLE: Final = r"\S+"  # a term is what stands between spaces
SHORTEST_CLAIM: Final = 3  # words
FEW: Final = 50  # texts below which a word of a single one is learned from
MEANINGS: Final = "meanings"  # of the words; beside the views, since its vectors are not learned


@dataclass(frozen=True, slots=True)
class FeatureSettings:
    """How much each view weighs; 0 leaves it out.

    Attributes:
        words: Forms, stems, pairs of stems and entries of the lexicon, inverse document
            frequencies; together of length 1, so that none of them crowds out the others.
        letters: Runs of three to five letters inside words, TF-IDF.
        context: Polarity and standard.
        meanings: The sum of the words' vectors; see `meanings.py`.
    """

    words: float = 1.0
    letters: float = 0.4
    context: float = 0.0
    meanings: float = 0.4

    def __post_init__(self) -> None:
        """Refuse weights that mean nothing."""
        weights = {view: getattr(self, view) for view in (*VIEWS, MEANINGS)}
        for view, weight in weights.items():
            if not 0.0 <= weight <= 10.0:
                raise SettingsError(f"weight of {view}: got {weight}, expected 0 to 10")
        if not any(weights[view] for view in VIEWS):
            raise SettingsError("all views weigh 0; give at least one of them a weight")


def views(
    annotated: Sequence[Annotated], *, contexts: Sequence[str] | None = None
) -> dict[str, list[str]]:
    """Write annotated texts down in every view.

    Args:
        annotated: n texts, or claims of texts.
        contexts: n strings of context terms (`polarity=strength code=1.1`); none where absent.

    Returns:
        By the name of each view, n texts; a frame would cost the import of pandas.
    """
    return {
        WORDS: [" ".join(_words(a)) for a in annotated],
        LETTERS: [" ".join(t.lower for t in a.tokens) for a in annotated],
        CONTEXT: list(contexts) if contexts is not None else [""] * len(annotated),
    }


def _words(annotated: Annotated) -> list[str]:
    stems = [token.stem for token in annotated.tokens]
    return [
        *[form_of(token.lower) for token in annotated.tokens],
        *stems,
        *map(pair_of, pairwise(stems)),
        *[hit.name for hit in annotated.hits],
    ]


def claims(annotated: Annotated) -> list[Annotated]:
    """Cut a text into its sentences: a finding makes a claim in one of them.

    Sentences of fewer than three words go with nothing; a text of such only stays whole.
    """
    if len(annotated.sentences) < 2:
        return [annotated]
    # Words, hits and sentences stand in the order of the text.
    firsts = [token.start for token in annotated.tokens], [hit.start for hit in annotated.hits]
    out = []
    for start, end in annotated.sentences:
        (a, b), (c, d) = ((bisect_left(f, start), bisect_left(f, end)) for f in firsts)
        tokens = tuple(token for token in annotated.tokens[a:b] if token.end <= end)
        hits = tuple(hit for hit in annotated.hits[c:d] if hit.end <= end)
        out.append(Annotated(tokens, hits, ((start, end),)))
    return [claim for claim in out if len(claim.tokens) >= SHORTEST_CLAIM] or [annotated]


@dataclass(frozen=True, slots=True)
class Pieces:
    """What of some texts is scored: the claims of each, and the whole of one that has several.

    Attributes:
        flat: Claims and wholes, text by text.
        starts: (texts,): the first of each text's claims.
        wholes: (texts,): the whole of each text, which is its claim where it has but one.
    """

    flat: list[Annotated]
    starts: NDArray[np.int64]
    wholes: NDArray[np.int64]

    @classmethod
    def of(cls, annotated: Sequence[Annotated]) -> Pieces:
        """Cut annotated texts into what is scored of them."""
        flat: list[Annotated] = []
        starts: list[int] = []
        wholes: list[int] = []
        for text in annotated:
            parts = claims(text)
            starts.append(len(flat))
            flat += parts
            if len(parts) > 1:
                flat.append(text)
            wholes.append(len(flat) - 1)
        return cls(flat, np.asarray(starts, dtype=np.int64), np.asarray(wholes, dtype=np.int64))

    def best(self, scores: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return, of (pieces, themes) scores, the best claim of each text: (texts, themes)."""
        ends = np.maximum(self.wholes, self.starts + 1)  # the whole is not a claim beside others
        places = zip(self.starts.tolist(), ends.tolist(), strict=True)
        found = [scores[first:end].argmax(axis=0) + first for first, end in places]
        return np.asarray(found, dtype=np.int64).reshape(len(found), scores.shape[1])

    def pool(self, scores: NDArray[np.float64], *, whole: float) -> NDArray[np.float64]:
        """Mix the score of each text's best claim with that of the whole text: (texts, themes).

        Args:
            scores: (pieces, themes).
            whole: What the whole text counts for, from 0 to 1.
        """
        best = np.take_along_axis(scores, self.best(scores), axis=0)
        out: NDArray[np.float64] = (1.0 - whole) * best + whole * scores[self.wholes]
        return out


def unfitted_features(settings: FeatureSettings, *, texts: int = FEW) -> ColumnTransformer:
    """Return the unfitted preparation: a frame of views to a sparse matrix.

    It learns terms, and weighs texts to fit weights on; texts to be scored are weighed by
    `terms.transform_views`, for which words that were not learned are of a text's length.

    Args:
        settings: Weights of the views.
        texts: How many it will be fitted on: of few, words of one of them count too.
    """
    from sklearn.compose import ColumnTransformer
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizers = {
        WORDS: TfidfVectorizer(
            binary=True,
            lowercase=False,
            token_pattern=WHOLE,
            min_df=2 if texts >= FEW else 1,
        ),
        LETTERS: TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=RUNS,
            sublinear_tf=True,
            min_df=3 if texts >= FEW else 1,
        ),
        CONTEXT: TfidfVectorizer(
            binary=True, use_idf=False, norm=None, lowercase=False, token_pattern=WHOLE
        ),
    }
    used = [view for view in VIEWS if getattr(settings, view) > 0]
    return ColumnTransformer(
        [(view, vectorizers[view], view) for view in used],
        transformer_weights={view: getattr(settings, view) for view in used},
        sparse_threshold=1.0,
    )


def meanings_of(annotated: Sequence[Annotated], weight: float) -> NDArray[np.float32]:
    """Return the meanings of texts times a weight: (texts, dimensions); of none where it is 0."""
    if not weight:
        return np.zeros((len(annotated), 0), dtype=np.float32)
    return load_meanings().of(annotated) * np.float32(weight)


def with_meanings(matrix: csr_matrix, annotated: Sequence[Annotated], weight: float) -> csr_matrix:
    """Put the meanings of texts, times a weight, beside their other features; none where it is 0.

    Args:
        matrix: (texts, features).
        annotated: The same texts.
        weight: Of the meanings.
    """
    if not weight:
        return matrix
    from scipy.sparse import csr_matrix, hstack

    dense = csr_matrix(meanings_of(annotated, weight))
    return hstack([matrix, dense], format="csr")


def learned_terms(features: ColumnTransformer) -> tuple[Terms, ...]:
    """Take from a fitted preparation what it learned: the terms of each view."""
    return tuple(
        Terms(
            view,
            float(features.transformer_weights[view]),
            tuple(str(name) for name in vectorizer.get_feature_names_out()),
            np.asarray(vectorizer.idf_) if vectorizer.use_idf else None,
        )
        for view, vectorizer, _ in features.transformers_
        if view in VIEWS  # scikit-learn lists what it drops, too
    )
