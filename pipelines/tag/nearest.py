"""The labelled findings nearest to a text: precedents to judge a theme by."""

from __future__ import annotations

import json
import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pipelines.lexis import annotate
from pipelines.project import forgotten_with_project
from pipelines.tag.features.pipeline import views
from pipelines.tag.features.terms import transform_views, unit_rows
from pipelines.tag.labels.files import WRITTEN, Row, shipped_labels
from pipelines.tag.labels.label import Label
from pipelines.tag.labels.reading import check_labels
from pipelines.tag.models.model import Model

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_TEXT: Final = re.compile(r'"text": "((?:[^"\\]|\\.)*)"')
_LIKELY: Final = 200  # of some 22,000 labels, those compared in full


@forgotten_with_project
@lru_cache(maxsize=1)
def written_labels() -> tuple[Label, ...]:
    """Return the shipped labels whose text may be shown: those written for training."""
    rows = [Row(f"shipped row {n}", json.loads(v), WRITTEN) for n, v in enumerate(_written())]
    return check_labels(rows).labels


@lru_cache(maxsize=1)
def _written() -> tuple[str, ...]:
    """Return their rows as they are written, JSON each."""
    paths = sorted(p for p in shipped_labels().iterdir() if p.suffix == ".jsonl")
    lines = (line for path in paths for line in path.read_text(encoding="utf-8").split("\n"))
    return tuple(line for line in lines if line.strip())


def nearest_labels(text: str, *, model: Model, number: int = 3) -> list[tuple[Label, float]]:
    """Return the labelled findings most like a text, with the cosine of their features.

    Only labels that share words with it are compared, those with most and rarest words in common:
    to annotate every label takes seconds.

    Args:
        text: A finding's text.
        model: Whose features are compared.
        number: Of findings; none where 0.
    """
    rows = [Row("", values, WRITTEN) for values in _likely(text)] if number else []
    labels = check_labels(rows).labels
    if not labels:
        return []
    known = _features([label.text for label in labels], model)
    likeness = np.asarray((known @ _features([text], model).T).todense()).ravel()
    order = np.lexsort((np.arange(len(labels)), -likeness))[:number]
    return [(labels[i], float(likeness[i])) for i in order]


def _likely(text: str) -> list[dict[str, Any]]:
    """Return the labels that share the rarest words with a text, in their own order."""
    labels = _written()
    texts = (_TEXT.search(line) for line in labels)  # to read all as JSON takes too long
    shown = [f" {text[1].lower()}" if text else "" for text in texts]
    shared = np.zeros(len(labels))
    for stem in sorted({token.stem for token in annotate([text])[0].tokens}):
        begun = f" {stem[:5]}"
        found = np.asarray([begun in words for words in shown], dtype=bool)
        shared[found] += math.log(len(labels) / max(int(found.sum()), 1))
    shared /= np.sqrt([len(words) or 1 for words in shown])  # as the cosine does
    best = np.lexsort((np.arange(len(labels)), -shared))[:_LIKELY]
    return [json.loads(labels[n]) for n in sorted(best.tolist()) if shared[n] > 0]


def _features(texts: list[str], model: Model) -> csr_matrix:
    return unit_rows(transform_views(model.features, views(annotate(texts))))
