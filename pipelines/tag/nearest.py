"""The labelled findings nearest to a text: precedents to judge a theme by."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from pipelines.lexis import annotate
from pipelines.project import forgotten_with_project
from pipelines.tag.features import views
from pipelines.tag.label_files import WRITTEN, read_rows
from pipelines.tag.labels import Label, check_labels
from pipelines.tag.model import Model
from pipelines.tag.terms import transform_views, unit_rows
from pipelines.tag.train import shipped_labels

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@forgotten_with_project
@lru_cache(maxsize=1)
def written_labels() -> tuple[Label, ...]:
    """Return the shipped labels whose text may be shown: those written for training."""
    paths = sorted(p for p in shipped_labels().iterdir() if p.suffix == ".jsonl")
    rows = [row for path in paths for row in read_rows(path, origin=WRITTEN)]
    return check_labels(rows).labels


def nearest_labels(text: str, *, model: Model, number: int = 3) -> list[tuple[Label, float]]:
    """Return the labelled findings most like a text, with the cosine of their features.

    Args:
        text: A finding's text.
        model: Whose features are compared.
        number: Of findings; none where 0.
    """
    labels = written_labels()
    if not number or not labels:
        return []
    known = _features([label.text for label in labels], model)
    likeness = np.asarray((known @ _features([text], model).T).todense()).ravel()
    order = np.lexsort((np.arange(len(labels)), -likeness))[:number]
    return [(labels[i], float(likeness[i])) for i in order]


def _features(texts: list[str], model: Model) -> csr_matrix:
    return unit_rows(transform_views(model.features, views(annotate(texts))))
