"""Where a page's text stands: gutters between columns and the left edge that indents count from.

Gutters are learnt over the document, so that the last page of a chapter, with a few lines in
each column, is read as the pages before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.read.pdf.lines import Line, line_of, rows_of
from pipelines.read.pdf.marks import Span

_STEP = 2.0
_ROWS = 6  # lines on either side before a gap is taken for a gutter
_PLAY = 3.0


class Gutter(NamedTuple):
    """White between two columns and the text edges beside it."""

    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class Frame:
    """The text frame of a page: its columns' edges, left to right."""

    left: float
    right: float


def strips(spans: Sequence[Span]) -> list[tuple[float, float, float, float]]:
    """Merge spans into pieces of line: (x0, x1, baseline, size), parted at gaps wider than words."""
    found: list[tuple[float, float, float, float]] = []
    for row in rows_of(spans):
        x0, x1, base, size = row[0].x0, row[0].x1, row[0].base, row[0].size
        for span in row[1:]:
            if span.x0 - x1 > 0.85 * max(size, span.size):
                found.append((x0, x1, base, size))
                x0 = span.x0
            x1, size = max(x1, span.x1), max(size, span.size)
        found.append((x0, x1, base, size))
    return found


def find_gutter(pieces: Sequence[tuple[float, float, float, float]], width: float) -> Gutter | None:
    """Find the gutter of one page: the gap that few pieces of line cross, with lines beside it."""
    if len(pieces) < 2 * _ROWS:
        return None
    left = min(p[0] for p in pieces)
    right = max(p[1] for p in pieces)
    if right - left < 0.4 * width:
        return None
    bins = int((right - left) / _STEP) + 2
    change = [0] * (bins + 1)
    for x0, x1, _, _ in pieces:
        change[int((x0 - left) / _STEP)] += 1
        change[min(bins, int((x1 - left) / _STEP) + 1)] -= 1
    cover: list[int] = []
    running = 0
    for value in change:
        running += value
        cover.append(running)
    low, high = int(0.3 * bins), int(0.7 * bins)
    least = min(cover[low:high], default=0)
    allowed = max(least, int(0.12 * len(pieces)))
    best: tuple[int, int] | None = None
    start = None
    for index in range(low, high + 1):
        open_ = index < high and cover[index] <= allowed and cover[index] <= least + 1
        if open_ and start is None:
            start = index
        elif not open_ and start is not None:
            if best is None or index - start > best[1] - best[0]:
                best = (start, index)
            start = None
    if best is None:
        return None
    middle = left + _STEP * (best[0] + best[1]) / 2
    return _confirmed(pieces, middle)


def _confirmed(pieces: Sequence[tuple[float, float, float, float]], middle: float) -> Gutter | None:
    before = [p for p in pieces if p[1] <= middle]
    after = [p for p in pieces if p[0] >= middle]
    crossing = len(pieces) - len(before) - len(after)
    if min(len(before), len(after)) < _ROWS or crossing > 0.6 * min(len(before), len(after)):
        return None
    edges = sorted(p[1] for p in before)
    x0 = edges[int(0.97 * (len(edges) - 1))]
    starts = sorted(p[0] for p in after)
    x1 = starts[int(0.03 * (len(starts) - 1))]
    if x1 - x0 < 4:
        return None
    left, right = min(p[0] for p in before), max(p[1] for p in after)
    for group, span in ((before, x0 - left), (after, right - x1)):
        widths = sorted(p[1] - p[0] for p in group)
        if widths[len(widths) // 2] < 0.5 * span:
            return None
    return Gutter(x0, x1)


def cluster_gutters(found: Sequence[Gutter]) -> list[Gutter]:
    """Gather the gutters of all pages: one each for left and right pages, or for the document."""
    groups: list[list[Gutter]] = []
    for gutter in sorted(found):
        for group in groups:
            if abs(group[0].x1 - gutter.x1) < 6:
                group.append(gutter)
                break
        else:
            groups.append([gutter])
    best = max((len(g) for g in groups), default=0)
    return [
        Gutter(max(g.x0 for g in group), min(g.x1 for g in group))
        for group in groups
        if len(group) >= max(1, best // 6)
    ]


def choose_gutter(
    pieces: Sequence[tuple[float, float, float, float]],
    gutters: Sequence[Gutter],
    own: Gutter | None,
) -> Gutter | None:
    """Choose the gutter that a page has: its own, or a learnt one that its lines respect."""
    if own is not None:
        return own
    best: tuple[int, Gutter] | None = None
    for gutter in gutters:
        starts = sum(abs(p[0] - gutter.x1) < _PLAY for p in pieces)
        crossing = sum(p[0] < gutter.x0 - 1 and p[1] > gutter.x1 + 1 for p in pieces)
        before = sum(p[1] <= gutter.x0 + _PLAY for p in pieces)
        if starts >= 2 and before >= 2 and crossing <= max(3, len(pieces) // 2):
            if best is None or starts > best[0]:
                best = (starts, gutter)
    return best[1] if best else None


def split_bands(spans: Sequence[Span], gutter: Gutter | None) -> list[list[list[Span]]]:
    """Cut a page into bands, each of one or two columns of spans, in reading order."""
    if gutter is None:
        return [[list(spans)]]
    middle = (gutter.x0 + gutter.x1) / 2
    rows = rows_of(spans)
    crossing = [
        any(s.x0 < middle - 2 and s.x1 > middle + 2 for s in row) or _flows_over(row, gutter)
        for row in rows
    ]
    bands: list[list[list[Span]]] = []
    current: tuple[list[Span], list[Span]] = ([], [])
    for row, crosses in zip(rows, crossing, strict=True):
        if crosses:
            _close_band(bands, current)
            current = ([], [])
            if bands and len(bands[-1]) == 1:
                bands[-1][0].extend(row)
            else:
                bands.append([list(row)])
        else:
            for span in row:
                current[span.x0 >= middle - 2].append(span)
    _close_band(bands, current)
    return bands


def _flows_over(row: Sequence[Span], gutter: Gutter) -> bool:
    """Whether words set one by one run across the gutter without leaving it white."""
    before = [s for s in row if s.x1 <= gutter.x1]
    after = [s for s in row if s.x0 >= gutter.x0]
    if not before or not after:
        return False
    return min(s.x0 for s in after) - max(s.x1 for s in before) < 0.6 * (gutter.x1 - gutter.x0)


def _close_band(bands: list[list[list[Span]]], current: tuple[list[Span], list[Span]]) -> None:
    if current[0] and current[1]:
        bands.append([current[0], current[1]])
    elif current[0] or current[1]:
        bands.append([current[0] or current[1]])


def left_edge(starts: Sequence[float]) -> float:
    """The edge that indents count from: the leftmost start that recurs."""
    if not starts:
        return 0.0
    counts: dict[int, int] = {}
    for start in starts:
        counts[round(start)] = counts.get(round(start), 0) + 1
    needed = max(2, len(starts) // 25)
    for place in sorted(counts):
        if sum(counts.get(place + d, 0) for d in (-1, 0, 1)) >= needed:
            near = [s for s in starts if abs(s - place) <= 1.5]
            return min(near)
    return min(starts)


def set_lines(spans: Sequence[Span], *, page: int, left: float, right: float) -> list[Line]:
    """Set the spans of one column as lines."""
    found = []
    for row in rows_of(spans):
        line = line_of(row, page=page, left=left, right=right)
        if line is not None:
            found.append(line)
    return found
