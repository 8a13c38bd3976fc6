"""Grouping: sets of texts of one bucket that lie close together, without comparing all pairs.

Average-linkage agglomeration is exact but quadratic, so a large bucket is first cut into parts by
2-means, again and again; groups of different parts whose centres lie close are then joined. For
a given largest part the cost is linear in the number of texts, but for the few cuts.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappush, heappushpop
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import linkage

from pipelines.mine.likeness.space import Space
from pipelines.mine.likeness.weighing import Floats

Rows = npt.NDArray[np.intp]
LARGEST_PART: Final = 400
_TURNS: Final = 6
_LOPSIDED: Final = 0.1  # a smaller share on one side is not a fair cut


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
    if len(rows) < smallest:
        return []
    parts = _parts(space, rows)
    found = [part[members] for part in parts for members in _close(space, part, threshold)]
    if len(parts) > 1:
        found = _joined(space, found, threshold)
    kept = [np.sort(group) for group in found if len(group) >= smallest]
    return sorted(kept, key=lambda group: int(group[0]))


def _parts(space: Space, rows: Rows) -> list[Rows]:
    return [rows[part] for part in _blocks(space.sensed(rows))]


def _blocks(points: Floats) -> list[Rows]:
    """Cut points into blocks of at most `LARGEST_PART`, each block's points close together."""
    pending, done = [np.arange(len(points), dtype=np.intp)], []
    while pending:
        block = pending.pop()
        if len(block) <= LARGEST_PART:
            done.append(block)
            continue
        second = _second_half(points[block])
        pending.extend([block[second], block[~second]])
    return sorted(done, key=lambda block: int(block[0]))


def _second_half(points: Floats) -> npt.NDArray[np.bool_]:
    """Part points in two by 2-means, begun along the axis in which they differ most.

    Written out because scikit-learn's bisecting k-means costs a hundred times as much on parts of
    this size, nearly all of it in starting threads. A lopsided result is cut at the median instead:
    points that coincide, too, must come apart in the end.
    """
    spread = points - points.mean(axis=0)
    axis = spread[int(np.argmax((spread**2).sum(axis=1)))]
    for _ in range(_TURNS):
        axis = spread.T @ (spread @ axis)
        axis = axis / (float(np.linalg.norm(axis)) or 1.0)
    along = spread @ axis
    second = along > 0
    for _ in range(_TURNS):
        if not _LOPSIDED <= second.mean() <= 1 - _LOPSIDED:
            break
        gap = points[second].mean(axis=0) - points[~second].mean(axis=0)
        middle = (points[second].mean(axis=0) + points[~second].mean(axis=0)) / 2
        second = (points - middle) @ gap > 0
    if _LOPSIDED <= second.mean() <= 1 - _LOPSIDED:
        return np.asarray(second)
    ranked = np.argsort(np.round(along, 6), kind="stable")
    second = np.zeros(len(points), dtype=bool)
    second[ranked[len(points) // 2 :]] = True
    return second


def _close(space: Space, part: Rows, threshold: float) -> list[Rows]:
    if len(part) == 1:
        return [np.zeros(1, dtype=np.intp)]
    return _linked(space.similarity(part, part), threshold)


def _linked(similarity: Floats, threshold: float) -> list[Rows]:
    distance = 1 - np.round(np.maximum(similarity, similarity.T), 5)
    tree = linkage(distance[np.triu_indices(len(distance), 1)], "average")
    joined = tree[:, :2].astype(int)
    # The tree is cut at its highest joints, the last in it; what is one text stays.
    nodes, leaves = [-2 * len(joined)], len(joined) + 1
    for _ in range(int(np.count_nonzero(tree[:, 2] >= 1 - threshold))):
        one, other = joined[-nodes[0] - leaves]
        heappush(nodes, -int(one))
        heappushpop(nodes, -int(other))
    below = [[at] for at in range(leaves)]
    for one, other in joined:
        below.append(below[one] + below[other])
    return [np.sort(np.asarray(below[-node], dtype=np.intp)) for node in nodes]


def _joined(space: Space, found: list[Rows], threshold: float) -> list[Rows]:
    """Join groups of different parts whose centres lie close; single texts go to the nearest."""
    firm = [group for group in found if len(group) > 1]
    single = [int(group[0]) for group in found if len(group) == 1]
    if not firm:
        return found
    centres = np.vstack([_centre(space.sensed(group)) for group in firm])
    if len(firm) > 1:
        # A centre is less scattered than a text: centres must lie closer than texts.
        merged = _in_blocks(centres, lambda s: _linked(s, (1 + threshold) / 2))
        firm = [np.concatenate([firm[i] for i in members]) for members in merged]
        centres = np.vstack([_centre(space.sensed(group)) for group in firm])
    if not single:
        return firm
    nearness = space.sensed(np.asarray(single)) @ centres.T
    best, value = nearness.argmax(axis=1), nearness.max(axis=1)
    near = value >= (1 + threshold) / 2
    order = np.argsort(best[near], kind="stable")
    coming = np.asarray(single, dtype=np.intp)[near][order]
    bounds = np.searchsorted(best[near][order], np.arange(len(firm) + 1))
    return [
        np.concatenate([group, coming[bounds[at] : bounds[at + 1]]])
        for at, group in enumerate(firm)
    ]


def _in_blocks(centres: Floats, link: Callable[[Floats], list[Rows]]) -> list[Rows]:
    """Link centres, in blocks where they are too many to compare all."""
    out: list[Rows] = []
    for block in _blocks(centres):
        if len(block) == 1:
            out.append(block)
        else:
            points = centres[block]
            out.extend(block[members] for members in link(np.clip(points @ points.T, 0, 1)))
    return out


def _centre(points: Floats) -> Floats:
    mean: Floats = points.mean(axis=0)
    length = float(np.linalg.norm(mean))
    return mean / length if length else mean
