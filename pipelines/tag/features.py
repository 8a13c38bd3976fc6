"""From a finding's text to numbers: the views of it, and the unfitted scikit-learn pipeline.

`views` writes a text down in the ways below, without having learned anything; all that is
learned is inside the pipeline. Every view is text again, so that a saved pipeline holds nothing
but scikit-learn's own types.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from pipelines.errors import SettingsError
from pipelines.lexis import Annotated
from pipelines.tag.meanings import load_meanings

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix
    from sklearn.compose import ColumnTransformer
    from sklearn.feature_extraction.text import TfidfVectorizer

WORDS: Final = "words"  # stems, the expansion after each abbreviation
LETTERS: Final = "letters"  # lower-case forms, for runs of letters inside words
ENTRIES: Final = "entries"  # entries of the lexicon that were found
HINTS: Final = "hints"  # theme of each entry that was found: one an entry
CONTEXT: Final = "context"  # polarity and standard, for the ablation
WHOLE: Final = r"\S+"  # a term is what stands between spaces
SHORTEST_CLAIM: Final = 3  # words
VIEWS: Final = (WORDS, LETTERS, ENTRIES, HINTS, CONTEXT)
MEANINGS: Final = "meanings"  # of the words; beside the views, since its vectors are not learned


@dataclass(frozen=True, slots=True)
class FeatureSettings:
    """How much each view weighs; 0 leaves it out.

    Attributes:
        words: Stems and pairs of them, TF-IDF.
        letters: Runs of three to five letters inside words, TF-IDF.
        entries: Entries of the lexicon, TF-IDF.
        hints: 1 + ln(number of entries) found for a theme.
        context: Polarity and standard.
        meanings: The sum of the words' vectors; see `meanings.py`.
    """

    words: float = 0.6
    letters: float = 1.0
    entries: float = 1.3
    hints: float = 0.2
    context: float = 0.0
    meanings: float = 1.0

    def __post_init__(self) -> None:
        """Refuse weights that mean nothing."""
        weights = {view: getattr(self, view) for view in (*VIEWS, MEANINGS)}
        for view, weight in weights.items():
            if not 0.0 <= weight <= 10.0:
                raise SettingsError(f"weight of {view}: got {weight}, expected 0 to 10")
        if not any(weights[view] for view in VIEWS):
            raise SettingsError("all views weigh 0; give at least one of them a weight")


def views(annotated: Sequence[Annotated], *, contexts: Sequence[str] | None = None) -> pd.DataFrame:
    """Write annotated texts down in every view.

    Args:
        annotated: n texts, or claims of texts.
        contexts: n strings of context terms (`polarity=strength code=1.1`); none where absent.

    Returns:
        A frame of n rows and a column a view.
    """
    import pandas as pd

    names = [sorted({hit.name for hit in a.hits}) for a in annotated]
    return pd.DataFrame(
        {
            WORDS: [" ".join(t.stem for t in a.tokens) for a in annotated],
            LETTERS: [" ".join(t.lower for t in a.tokens) for a in annotated],
            ENTRIES: [" ".join(found) for found in names],
            HINTS: [" ".join(name.split("/")[0] for name in found) for found in names],
            CONTEXT: list(contexts) if contexts is not None else [""] * len(annotated),
        },
        columns=list(VIEWS),
        dtype="object",
    )


def claims(annotated: Annotated) -> list[Annotated]:
    """Cut a text into its sentences: a finding makes a claim in one of them.

    Sentences of fewer than three words go with nothing; a text of such only stays whole.
    """
    if len(annotated.sentences) < 2:
        return [annotated]
    out = [
        Annotated(
            tuple(t for t in annotated.tokens if start <= t.start and t.end <= end),
            tuple(h for h in annotated.hits if start <= h.start and h.end <= end),
            ((start, end),),
        )
        for start, end in annotated.sentences
    ]
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
        ends = np.maximum(self.wholes, self.starts + 1)  # the whole is no claim beside others
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


def unfitted_features(settings: FeatureSettings) -> ColumnTransformer:
    """Return the unfitted preparation: a frame of views to a sparse matrix."""
    from sklearn.compose import ColumnTransformer
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizers = {
        WORDS: TfidfVectorizer(
            ngram_range=(1, 2), sublinear_tf=True, token_pattern=WHOLE, min_df=2
        ),
        LETTERS: TfidfVectorizer(
            analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=3
        ),
        ENTRIES: TfidfVectorizer(binary=True, lowercase=False, token_pattern=WHOLE),
        HINTS: TfidfVectorizer(
            sublinear_tf=True, use_idf=False, norm=None, lowercase=False, token_pattern=WHOLE
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

    dense = csr_matrix(weight * load_meanings().of(annotated))
    return hstack([matrix, dense], format="csr")


def transform_views(features: ColumnTransformer, frame: pd.DataFrame) -> csr_matrix:
    """Apply the fitted preparation as `features.transform` does, several times as fast.

    Cutting words into runs of letters is most of the work there; here each word is cut once,
    however often it stands in the texts. Equal results are tested.
    """
    from scipy.sparse import hstack

    fast = {WORDS: _words, LETTERS: _letters}
    blocks = []
    for view, vectorizer, _ in features.transformers_:
        if view not in VIEWS:
            continue
        texts = frame[view]
        block = fast[view](vectorizer, texts) if view in fast else vectorizer.transform(texts)
        block.data *= features.transformer_weights[view]
        blocks.append(block)
    return hstack(blocks, format="csr")


def _words(vectorizer: TfidfVectorizer, texts: Iterable[str]) -> csr_matrix:
    vocabulary = vectorizer.vocabulary_
    found: list[int] = []
    ends = [0]
    for text in texts:
        words = text.lower().split()
        pairs = map(" ".join, pairwise(words))
        found += [n for n in map(vocabulary.get, chain(words, pairs)) if n is not None]
        ends.append(len(found))
    return _weighed(vectorizer, np.asarray(found, dtype=np.int32), ends)


def _letters(vectorizer: TfidfVectorizer, texts: Iterable[str]) -> csr_matrix:
    analyze, vocabulary = vectorizer.build_analyzer(), vectorizer.vocabulary_
    places: dict[str, NDArray[np.int32]] = {}
    found: list[NDArray[np.int32]] = []
    ends = [0]
    for text in texts:
        total = 0
        for word in text.split():
            known = places.get(word)
            if known is None:
                terms = (vocabulary.get(run) for run in analyze(word))
                known = np.asarray([n for n in terms if n is not None], dtype=np.int32)
                places[word] = known
            found.append(known)
            total += len(known)
        ends.append(ends[-1] + total)
    indices = np.concatenate(found) if found else np.zeros(0, dtype=np.int32)
    return _weighed(vectorizer, indices, ends)


def _weighed(
    vectorizer: TfidfVectorizer, indices: NDArray[np.int32], ends: Sequence[int]
) -> csr_matrix:
    """Weigh the terms of texts, those of text n between ends n and n + 1, as TF-IDF does."""
    from scipy.sparse import csr_matrix, diags
    from sklearn.preprocessing import normalize

    shape = (len(ends) - 1, len(vectorizer.vocabulary_))
    counts = csr_matrix((np.ones(len(indices)), indices, np.asarray(ends)), shape=shape)
    counts.sum_duplicates()
    counts.data = np.log(counts.data) + 1.0  # sublinear_tf
    return normalize(counts @ diags(vectorizer.idf_), copy=False)
