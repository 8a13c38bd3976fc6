"""Search: findings ranked for a query, and findings like a given one.

Words are weighed by BM25 (S. Robertson, H. Zaragoza, The probabilistic relevance framework,
Foundations and Trends in Information Retrieval 3, 2009) over stems with abbreviations expanded.
A decomposition of the same weights adds findings that say it in other words.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csc_matrix, csr_matrix

from pipelines import columns as c
from pipelines.durable import write_bytes
from pipelines.errors import SettingsError, StorageError
from pipelines.mine.likeness.terms import phrasing, terms
from pipelines.records import digest
from pipelines.regular import regular_bytes
from pipelines.shortforms import own_by_document, written_out

Floats = npt.NDArray[np.float32]
logger = logging.getLogger(__name__)

FORMAT: Final = 1
_K1: Final = 1.4
_B: Final = 0.6
_WORDS: Final = 0.75  # weight of BM25 against the decomposition
_DIMENSIONS: Final = 100
_FITTED_ON: Final = 10_000
_BROKEN: Final = (BadZipFile, EOFError, MemoryError, OSError, zlib.error)
_ODD: Final = (KeyError, RuntimeError, TypeError, ValueError)  # of another format, or made up


def stems(text: str) -> list[str]:
    """Return the stems of a text that can be searched for."""
    known = phrasing()
    return [
        known.same.get(term.stem, term.stem)
        for term in terms(text)
        if term.stem and term.stem not in known.stop
    ]


@dataclass(frozen=True, slots=True)
class Index:
    """What a search needs, made once from the findings.

    Attributes:
        ids: Finding ids, a row each, ascending.
        vocabulary: Column of each stem.
        weights: BM25 weights, one row per finding.
        senses: Unit rows of the decomposition, one row per finding.
        axes: The decomposition: one row per dimension, one column per stem.
    """

    ids: tuple[str, ...]
    vocabulary: dict[str, int]
    weights: csc_matrix
    senses: Floats
    axes: Floats

    def ranked(self, query: str) -> Floats:
        """Return a score for each finding, 0 to 1; 0 where nothing speaks for it."""
        wanted = sorted({self.vocabulary[s] for s in stems(query) if s in self.vocabulary})
        if not wanted:
            return np.zeros(len(self.ids), dtype=np.float32)
        words = np.asarray(self.weights[:, wanted].sum(axis=1), dtype=np.float32).ravel()
        best = float(words.max())
        near = _near(self.senses, self.axes[:, wanted].sum(axis=1))
        scores: Floats = _WORDS * words / (best or 1.0) + (1 - _WORDS) * near
        scores[(words == 0) & (near < 0.5)] = 0
        return scores

    def like(self, finding_id: str) -> Floats:
        """Return how much each finding is like one of them, 0 to 1; 0 for itself.

        Raises:
            SettingsError: There is no such finding.
        """
        from sklearn.preprocessing import normalize

        if finding_id not in self.ids:
            raise SettingsError(
                f"no finding {finding_id!r}; ids look like {self.ids[0] if self.ids else 'x/001'}"
            )
        at = self.ids.index(finding_id)
        if not self.vocabulary:  # no finding has a word
            return np.zeros(len(self.ids), dtype=np.float32)
        rows = normalize(csr_matrix(self.weights))
        words = np.asarray((rows @ rows[at].T).todense(), dtype=np.float32).ravel()
        scores: Floats = 0.5 * words + 0.5 * _near(self.senses, self.senses[at])
        scores[at] = 0
        return scores


def _near(points: Floats, point: Floats) -> Floats:
    length = float(np.linalg.norm(point))
    if not length:
        return np.zeros(len(points), dtype=np.float32)
    out: Floats = np.clip(points @ (point / length), 0, 1)
    return out


def build_index(findings: pd.DataFrame) -> Index:
    """Make the index of findings; the order of rows decides nothing."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.preprocessing import normalize

    ordered = findings.sort_values(c.FINDING_ID)
    ids = tuple(ordered[c.FINDING_ID])
    vectorizer = CountVectorizer(analyzer=stems, dtype=np.float32)
    try:
        counts = vectorizer.fit_transform(ordered[c.TEXT]).tocsr()
    except ValueError:  # no text has a word
        nothing = np.zeros((len(ids), 0), dtype=np.float32)
        return Index(ids, {}, csc_matrix(nothing), nothing, np.zeros((0, 0), dtype=np.float32))
    weights = _bm25(counts)
    size = min(_DIMENSIONS, min(weights.shape) - 1)
    vocabulary = {str(word): int(at) for word, at in vectorizer.vocabulary_.items()}
    if size < 1:
        nothing = np.zeros((len(ids), 1), dtype=np.float32)
        axes = np.zeros((1, len(vocabulary)), dtype=np.float32)
        return Index(ids, vocabulary, weights.tocsc(), nothing, axes)
    unit = normalize(weights)
    decomposition = TruncatedSVD(size, n_iter=3, random_state=0)
    decomposition.fit(unit[:: max(1, -(-unit.shape[0] // _FITTED_ON))])
    senses = normalize(decomposition.transform(unit)).astype(np.float32)
    axes = decomposition.components_.astype(np.float32)
    return Index(ids, vocabulary, weights.tocsc(), senses, axes)


def _bm25(counts: csr_matrix) -> csr_matrix:
    total = counts.shape[0]
    having = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.log1p((total - having + 0.5) / (having + 0.5))
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    relative = 1 - _B + _B * lengths / (lengths.mean() or 1)
    out = counts.copy()
    rows = np.repeat(np.arange(total), np.diff(counts.indptr))
    out.data = (
        rarity[counts.indices] * counts.data * (_K1 + 1) / (counts.data + _K1 * relative[rows])
    ).astype(np.float32)
    return out


def search(
    query: str,
    findings: pd.DataFrame,
    *,
    index: Index | None = None,
    within: Sequence[str] | None = None,
    limit: int = 20,
) -> pd.DataFrame:
    """Rank findings for a query.

    Args:
        query: Words; abbreviations meet their expansions.
        findings: The table findings.
        index: Of these findings; made where none is given.
        within: Ids of the findings to choose from; all where none are given.
        limit: Findings to return at most.

    Returns:
        The columns of findings and `score`, best first.
    """
    used = index or build_index(findings)
    return _best(used, used.ranked(query), findings, within, limit)


def similar(
    finding_id: str,
    findings: pd.DataFrame,
    *,
    index: Index | None = None,
    within: Sequence[str] | None = None,
    limit: int = 10,
) -> pd.DataFrame:
    """Rank findings by their likeness to one of them; arguments and result as `search`.

    Raises:
        SettingsError: There is no such finding.
    """
    used = index or build_index(findings)
    return _best(used, used.like(finding_id), findings, within, limit)


def _best(
    index: Index,
    scores: Floats,
    findings: pd.DataFrame,
    within: Sequence[str] | None,
    limit: int,
) -> pd.DataFrame:
    ids = np.asarray(index.ids, dtype=object)
    if within is not None:
        scores = np.where(pd.Index(ids).isin(list(within)), scores, 0)
    order = np.argsort(-np.round(scores, 6), kind="stable")[:limit]
    order = order[scores[order] > 0]
    ranked = pd.DataFrame({c.FINDING_ID: ids[order], c.SCORE: scores[order].round(4)})
    ranked[c.FINDING_ID] = ranked[c.FINDING_ID].astype("str")
    return ranked.merge(findings, on=c.FINDING_ID, how="left")


def defined(findings: pd.DataFrame, abbreviations: pd.DataFrame | None) -> pd.DataFrame:
    """Return findings as an index should see them: with what their documents' short forms mean.

    Args:
        findings: The table findings.
        abbreviations: The table abbreviations; None where a run does not have it.
    """
    own = own_by_document(abbreviations)
    if not own:
        return findings
    texts = [
        written_out(text, own.get(document, {}))
        for text, document in zip(findings[c.TEXT], findings[c.DOCUMENT_ID], strict=True)
    ]
    return findings.assign(**{c.TEXT: texts, c.DIGEST: [digest(text) for text in texts]})


def fingerprint(findings: pd.DataFrame) -> str:
    """Name the findings that an index is of."""
    state = hashlib.sha256(f"{FORMAT}".encode())
    for line in sorted(
        f"{finding_id}\t{named}"
        for finding_id, named in zip(findings[c.FINDING_ID], findings[c.DIGEST], strict=True)
    ):
        state.update(line.encode())
    return state.hexdigest()[:16]


def stored_index(findings: pd.DataFrame, path: Path) -> Index:
    """Return the index kept at a path, made again and kept where it is not of these findings."""
    name = fingerprint(findings)
    kept = _load(path, name, tuple(sorted(findings[c.FINDING_ID])))
    if kept is None:
        kept = build_index(findings)
        try:
            _save(kept, path, name)
        except StorageError as error:  # a folder that may only be read is searched all the same
            logger.info("the index is not kept: %s", error)
    return kept


def _save(index: Index, path: Path, name: str) -> None:
    buffer = io.BytesIO()
    words = sorted(index.vocabulary, key=index.vocabulary.__getitem__)
    head = json.dumps({"name": name, "ids": index.ids, "words": words})
    np.savez(
        buffer,
        head=np.frombuffer(head.encode(), dtype=np.uint8),
        data=index.weights.data,
        indices=index.weights.indices,
        indptr=index.weights.indptr,
        senses=index.senses,
        axes=index.axes,
    )
    write_bytes(path, buffer.getvalue())


def _load(path: Path, name: str, ids: tuple[str, ...]) -> Index | None:
    """Return the index at a path; None where it is missing, of other findings, or not sound.

    The folder of a run may come from anywhere, and scipy writes where the places of a matrix say.
    """
    try:
        with np.load(io.BytesIO(regular_bytes(path)), allow_pickle=False) as kept:
            head = json.loads(kept["head"].tobytes())
            if (head["name"], tuple(head["ids"])) != (name, ids):
                return None
            vocabulary = {str(word): at for at, word in enumerate(head["words"])}
            shape = (len(ids), len(head["words"]))
            data, senses, axes = (kept[key] for key in ("data", "senses", "axes"))
            weights = csc_matrix((data, kept["indices"], kept["indptr"]), shape=shape)
            weights.check_format(full_check=True)
    except (*_BROKEN, *_ODD):
        return None
    sound = (
        len(vocabulary) == shape[1]
        and all(array.dtype == np.float32 for array in (data, senses, axes))
        and bool(np.isfinite(data).all() and np.isfinite(senses).all() and np.isfinite(axes).all())
        and senses.ndim == 2
        and (len(senses), *axes.shape) == (shape[0], senses.shape[1], shape[1])
    )
    return Index(ids, vocabulary, weights, senses, axes) if sound else None
