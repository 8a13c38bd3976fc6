"""Where a page's text stands: gutters between columns and the left edge that indents count from.

Gutters are learnt over the document, so that the last page of a chapter, with a few lines in
each column, is read as the pages before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from pipelines.read.pdf.lines import rows_of
from pipelines.read.pdf.marks import Span

# A piece of a line: left, right, baseline, size.
Piece = tuple[float, float, float, float]

_STEP = 2.0
_ROWS = 6  # lines on either side before a gap is taken for a gutter
_PLAY = 3.0
_NARROWEST = 8.0  # points: gutters of facing pages may share less, and are two


class Gutter(NamedTuple):
    """White between two columns and the text edges beside it."""

    x0: float
    x1: float


def strips(spans: Sequence[Span]) -> list[Piece]:
    """Merge spans into pieces of line, parted at gaps wider than words."""
    found: list[Piece] = []
    for row in rows_of(spans):
        x0, x1, base, size = row[0].x0, row[0].x1, row[0].base, row[0].size
        for span in row[1:]:
            if span.x0 - x1 > 0.85 * max(size, span.size):
                found.append((x0, x1, base, size))
                x0 = span.x0
            x1, size = max(x1, span.x1), max(size, span.size)
        found.append((x0, x1, base, size))
    return found


def find_gutter(pieces: Sequence[Piece], width: float) -> Gutter | None:
    """Find the gutter of one page: the gap that few pieces of line cross, with lines beside it."""
    # The signs of a column's items are no lines: the white after them is no gutter.
    pieces = [p for p in pieces if p[1] - p[0] >= 0.9 * p[3]]
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
    open_runs: list[tuple[int, int]] = []
    start = None
    for index in range(low, high + 1):
        open_ = index < high and cover[index] <= allowed and cover[index] <= least + 1
        if open_ and start is None:
            start = index
        elif not open_ and start is not None:
            open_runs.append((start, index))
            start = None
    # The white between the signs of items and their text may be as wide.
    for begin, end in sorted(open_runs, key=lambda run: run[0] - run[1])[:2]:
        found = _confirmed(pieces, left + _STEP * (begin + end) / 2)
        if found is not None:
            return found
    return None


def _confirmed(pieces: Sequence[Piece], middle: float) -> Gutter | None:
    before = [p for p in pieces if p[1] <= middle]
    after = [p for p in pieces if p[0] >= middle]
    crossing = len(pieces) - len(before) - len(after)
    if min(len(before), len(after)) < _ROWS or crossing > 0.6 * min(len(before), len(after)):
        return None
    edges = sorted(p[1] for p in before)
    x0 = edges[int(0.97 * (len(edges) - 1))]
    starts = sorted(p[0] for p in after)
    x1 = starts[int(0.03 * (len(starts) - 1))]
    if x1 - x0 < 4 or not _aligned(_first_starts(after)):
        return None
    signs = [p[1] - p[0] < 1.6 * p[3] for p in before if p[1] > x0 - p[3]]
    if sum(signs) > 0.6 * len(signs) or not _stands_out(pieces, middle):
        return None
    left, right = min(p[0] for p in before), max(p[1] for p in after)
    if x1 - x0 > 0.8 * min(x0 - left, right - x1):  # it stands between the cells of a table
        return None
    for group, span in ((before, x0 - left), (after, right - x1)):
        widths = _row_widths(group)
        if widths[len(widths) // 2] < 0.5 * span or span < 0.22 * (right - left):
            return None
    return Gutter(x0, x1)


def _stands_out(pieces: Sequence[Piece], middle: float) -> bool:
    """Whether the white at a gutter is wider than that between the words beside it.

    Where words are driven apart and set one by one, white may stand over white by chance.
    """
    rows: dict[int, list[Piece]] = {}
    for piece in pieces:
        rows.setdefault(round(piece[2]), []).append(piece)
    clear = both = 0
    for row in rows.values():
        row.sort()
        gaps = [(b[0] - a[1], a[1] <= middle <= b[0]) for a, b in pairwise(row)]
        at = next((gap for gap, here in gaps if here), None)
        if at is not None:
            both += 1
            clear += at > 1.25 * max((gap for gap, here in gaps if not here), default=0.0)
    return clear >= 0.6 * both


def _first_starts(pieces: Sequence[Piece]) -> list[float]:
    rows: dict[int, float] = {}
    for x0, _, base, _ in pieces:
        rows[round(base)] = min(rows.get(round(base), x0), x0)
    return list(rows.values())


def _aligned(starts: Sequence[float]) -> bool:
    """Whether lines start at a few places, as in a column; the words beside a river do not."""
    counts: dict[int, int] = {}
    for start in starts:
        counts[round(start)] = counts.get(round(start), 0) + 1
    top = sorted(counts.values(), reverse=True)[:4]
    return sum(top) >= 0.55 * len(starts)


def _row_widths(pieces: Sequence[Piece]) -> list[float]:
    """Widths of the lines that pieces make up, ascending; wide word spaces part pieces, too."""
    rows: dict[int, tuple[float, float]] = {}
    for x0, x1, base, _ in pieces:
        low, high = rows.get(round(base), (x0, x1))
        rows[round(base)] = (min(low, x0), max(high, x1))
    return sorted(high - low for low, high in rows.values())


@dataclass(slots=True)
class LearntGutter:
    """A gutter as many pages show it, and where lines start to the right of it."""

    x0: float
    x1: float
    pages: int
    starts: dict[int, int]


def learn_gutters(
    found: Sequence[tuple[Gutter, Sequence[Piece]]],
) -> list[LearntGutter]:
    """Gather the gutters of all pages: one each for left and right pages, or for the document."""
    learnt: list[LearntGutter] = []
    for gutter, pieces in sorted(found, key=lambda item: item[0].x1 - item[0].x0):
        best = next((g for g in learnt if _shared(g, gutter) >= _NARROWEST), None)
        if best is None:
            best = LearntGutter(gutter.x0, gutter.x1, 0, {})
            learnt.append(best)
        best.pages += 1
        best.x0, best.x1 = max(best.x0, gutter.x0), min(best.x1, gutter.x1)
        for piece in pieces:
            if piece[0] >= gutter.x1 - _PLAY:
                place = round(piece[0])
                best.starts[place] = best.starts.get(place, 0) + 1
    if len(found) == 1 and not _is_clear(*found[0]):
        return []
    most = max((g.pages for g in learnt), default=0)
    return [g for g in learnt if g.pages >= max(1, most // 6)]


def _shared(one: LearntGutter, other: Gutter) -> float:
    """Width of the white that two gutters share."""
    return min(one.x1, other.x1) - max(one.x0, other.x0)


def _likeness(learnt: LearntGutter, own: Gutter) -> int:
    """Tenths of a learnt gutter that a page's own leaves white; the own may be wider by chance."""
    return int(10 * max(0.0, _shared(learnt, own)) / max(learnt.x1 - learnt.x0, 1.0))


def _is_clear(gutter: Gutter, pieces: Sequence[Piece]) -> bool:
    """Whether hardly a line crosses a gutter: one that a single page shows may be chance."""
    crossing = sum(p[0] < gutter.x0 - 1 and p[1] > gutter.x1 + 1 for p in pieces)
    return crossing <= 0.06 * len(pieces)


def choose_gutter(
    pieces: Sequence[Piece],
    gutters: Sequence[LearntGutter],
    own: Gutter | None,
    drawn: Sequence[Piece] = (),
) -> Gutter | None:
    """Choose the gutter that a page has: its own, or one that its lines and drawn rows respect."""
    if own is not None:
        like = max(gutters, key=lambda g: (_likeness(g, own), g.pages), default=None)
        if like is not None and _shared(like, own) > _PLAY:
            return Gutter(like.x0, like.x1)
    best: tuple[int, Gutter] | None = None
    edge = min((p[0] for p in pieces), default=0.0)
    for gutter in gutters:
        after = [p for p in pieces if p[0] >= gutter.x1 - _PLAY]
        known = sum(
            any(gutter.starts.get(round(p[0]) + d, 0) >= 3 for d in (-1, 0, 1)) for p in after
        )
        before = sum(p[1] <= gutter.x0 + _PLAY for p in pieces)
        crossing = sum(p[0] < gutter.x0 - 1 and p[1] > gutter.x1 + 1 for p in pieces)
        fits = known >= 0.75 * len(after) and crossing <= len(after) + before
        fits = fits and (len(after) < 4 or _fills(after, gutter, edge))
        fits = (fits and len(after) >= 2 and before >= 1) or _parts_a_run(
            [*pieces, *_kept_to_columns(drawn, gutter)], gutter
        )
        if fits and (best is None or known > best[0]):
            best = (known, Gutter(gutter.x0, gutter.x1))
    if best is not None:
        return best[1]
    if own is not None:
        return own
    return _left_alone(pieces, gutters)


def _kept_to_columns(drawn: Sequence[Piece], gutter: LearntGutter) -> list[Piece]:
    """Rows of tables and boxes, with edges that stand out into the gutter drawn in."""
    kept: list[Piece] = []
    for x0, x1, base, size in drawn:
        if x0 >= gutter.x0 - _PLAY:
            kept.append((gutter.x1, max(x1, gutter.x1), base, size))
        else:
            near = x1 <= gutter.x1 + _PLAY
            kept.append((x0, min(x1, gutter.x0) if near else x1, base, size))
    return kept


def _parts_a_run(pieces: Sequence[Piece], gutter: LearntGutter) -> bool:
    """Whether rows that follow each other leave a gutter white and start anew beyond it.

    So does the part in two columns of a page whose other part runs over its whole width.
    """
    rows: dict[int, list[Piece]] = {}
    for piece in pieces:
        rows.setdefault(round(piece[2]), []).append(piece)
    edge = min((p[0] for p in pieces), default=0.0)
    left = right = known = full = 0
    for base in sorted(rows):
        row = rows[base]
        if any(p[0] < gutter.x1 - 1 and p[1] > gutter.x0 + 1 for p in row):
            left = right = known = full = 0
            continue
        beyond = [p[0] for p in row if p[0] >= gutter.x1 - 1]
        left += len(beyond) < len(row)
        if beyond:
            right += 1
            start = min(beyond)
            known += start == gutter.x1 or any(
                gutter.starts.get(round(start) + d, 0) >= 3 for d in (-1, 0, 1)
            )
            full += _fills(row, gutter, edge)
        if left and full and right >= 4 and known >= 0.8 * right:
            return True
    return False


def _fills(pieces: Sequence[Piece], gutter: LearntGutter, left: float) -> bool:
    """Whether lines right of a gutter start at its edge or are long: cells of a table do neither.

    `left`: Where the left column starts; the right one is taken to be as wide.
    """
    return any(
        abs(p[0] - gutter.x1) <= _PLAY or p[1] >= gutter.x1 + 0.7 * (gutter.x0 - left)
        for p in pieces
        if p[0] >= gutter.x1 - _PLAY
    )


def _left_alone(pieces: Sequence[Piece], gutters: Sequence[LearntGutter]) -> Gutter | None:
    """The gutter of a page with text in its left column alone, as a chapter's last page may be."""
    for gutter in gutters:
        start = min((p[0] for p in pieces), default=0.0)
        reach = max((p[1] for p in pieces), default=0.0)
        full = start + 0.85 * (gutter.x0 - start)
        if gutter.pages >= 2 and len(pieces) >= 3 and full <= reach <= gutter.x0 + _PLAY:
            return Gutter(gutter.x0, gutter.x1)
    return None
