"""Grouping: sets of texts of one bucket that lie close together, without comparing all pairs.

Average-linkage agglomeration is exact but quadratic, so a large bucket is first cut into parts by
bisecting k-means; groups of different parts whose centres lie close are then joined. The cost is
linear in the number of texts for a given largest part.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.cluster import AgglomerativeClustering, BisectingKMeans

from pipelines.mine.space import Floats, Space

Rows = npt.NDArray[np.intp]
LARGEST_PART: Final = 400


def groups(space: Space, rows: Rows, *, threshold: float, smallest: int = 2) -> list[Rows]:
    """Group texts whose average similarity is at least the threshold.

    Args:
        space: Where the texts lie.
        rows: Texts of one bucket, ascending.
        threshold: Average similarity within a group, 0 to 1.
        smallest: Groups of fewer texts are left out.

    Returns:
        Groups of at least `smallest` rows, each ascending, ordered by their first row.
    """
    parts = _parts(space, rows)
    found = [part[members] for part in parts for members in _close(space, part, threshold)]
    if len(parts) > 1:
        found = _joined(space, found, threshold)
    kept = [np.sort(group) for group in found if len(group) >= smallest]
    return sorted(kept, key=lambda group: int(group[0]))


def _parts(space: Space, rows: Rows) -> list[Rows]:
    if len(rows) <= LARGEST_PART:
        return [rows]
    count = -(-len(rows) * 2 // LARGEST_PART)
    points = space.senses[rows]
    labels = BisectingKMeans(
        count, random_state=0, n_init=1, max_iter=30, bisecting_strategy="largest_cluster"
    ).fit_predict(points)
    parts = [rows[labels == label] for label in range(count) if (labels == label).any()]
    # Points that coincide cannot be parted by k-means; they are cut by rank instead.
    return [
        part[at : at + LARGEST_PART] for part in parts for at in range(0, len(part), LARGEST_PART)
    ]


def _close(space: Space, part: Rows, threshold: float) -> list[Rows]:
    if len(part) == 1:
        return [np.zeros(1, dtype=np.intp)]
    return _linked(space.similarity(part, part), threshold)


def _linked(similarity: Floats, threshold: float) -> list[Rows]:
    distance = 1 - np.round(np.maximum(similarity, similarity.T), 5)
    np.fill_diagonal(distance, 0)
    labels = AgglomerativeClustering(
        None, metric="precomputed", linkage="average", distance_threshold=1 - threshold
    ).fit_predict(distance)
    order = np.argsort(labels, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)


def _joined(space: Space, found: list[Rows], threshold: float) -> list[Rows]:
    """Join groups of different parts whose centres lie close; single texts go to the nearest."""
    firm = [group for group in found if len(group) > 1]
    single = [int(group[0]) for group in found if len(group) == 1]
    if not firm:
        return found
    centres = np.vstack([_centre(space.senses, group) for group in firm])
    if len(firm) > 1:
        # A centre is less scattered than a text: centres must lie closer than texts.
        merged = _in_blocks(centres, lambda s: _linked(s, (1 + threshold) / 2))
        firm = [np.concatenate([firm[i] for i in members]) for members in merged]
        centres = np.vstack([_centre(space.senses, group) for group in firm])
    if not single:
        return firm
    nearness = space.senses[np.asarray(single)] @ centres.T
    best, value = nearness.argmax(axis=1), nearness.max(axis=1)
    bar = (1 + threshold) / 2
    return [
        np.concatenate(
            [
                group,
                np.asarray(
                    [
                        row
                        for row, at, near in zip(single, best, value, strict=True)
                        if at == number and near >= bar
                    ],
                    dtype=np.intp,
                ),
            ]
        )
        for number, group in enumerate(firm)
    ]


def _in_blocks(centres: Floats, link: Callable[[Floats], list[Rows]]) -> list[Rows]:
    """Link centres, in blocks where they are too many to compare all."""
    order = np.arange(len(centres))
    if len(centres) > LARGEST_PART:
        count = -(-len(centres) * 2 // LARGEST_PART)
        labels = BisectingKMeans(
            count, random_state=0, n_init=1, max_iter=30, bisecting_strategy="largest_cluster"
        ).fit_predict(centres)
        blocks = [order[labels == label] for label in range(count) if (labels == label).any()]
        blocks = [
            b[at : at + LARGEST_PART] for b in blocks for at in range(0, len(b), LARGEST_PART)
        ]
    else:
        blocks = [order]
    out: list[Rows] = []
    for block in blocks:
        if len(block) == 1:
            out.append(block)
        else:
            points = centres[block]
            out.extend(block[members] for members in link(np.clip(points @ points.T, 0, 1)))
    return out


def _centre(points: Floats, group: Rows) -> Floats:
    mean: Floats = points[group].mean(axis=0)
    length = float(np.linalg.norm(mean))
    return mean / length if length else mean
