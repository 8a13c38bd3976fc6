"""The gutter that one page shows: white between two columns, with lines on either side of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate, groupby, pairwise

from pipelines.read.pdf.model.laid import Gutter
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.rows import segments

# A strip of a line: left, right, baseline, size.
Strip = tuple[float, float, float, float]

_STEP = 2.0  # points: how finely white is looked for
_NARROWEST = 4.0  # points of a gutter
_WORDS = 0.85  # ems of white from which words are of different strips
_BULLET, _NUMBER = 0.9, 1.6  # ems: narrower strips are bullets; or numbers, at a gutter
_FIGURES = 3  # ems: what is narrower, as in a column of figures, is no line of words
_CLEAR = 1.25  # times the white between words that a gutter's is
_ROWS = 6  # lines on either side before a gap is taken for a gutter


def strips(rows: Sequence[Sequence[Span]]) -> list[Strip]:
    """Merge the spans of rows into strips of line, split at gaps wider than words."""
    return [
        (part[0].x0, max(s.x1 for s in part), row[0].base, max(s.size for s in part))
        for row in rows
        for part in segments(row, _WORDS)
    ]


def is_line(strip: Strip) -> bool:
    """Whether a strip is no bullet."""
    return strip[1] - strip[0] >= _BULLET * strip[3]


def find_gutter(strips: Sequence[Strip], width: float) -> Gutter | None:
    """Find the gutter of one page: the gap that few strips cross, with lines beside it."""
    # The bullets of a column's items are not lines: the white after them is not a gutter.
    strips = list(filter(is_line, strips))
    if len(strips) < 2 * _ROWS:
        return None
    left = min(p[0] for p in strips)
    right = max(p[1] for p in strips)
    if right - left < 0.4 * width:
        return None
    bins = int((right - left) / _STEP) + 2
    change = [0] * (bins + 1)
    for x0, x1, _, _ in strips:
        change[int((x0 - left) / _STEP)] += 1
        change[min(bins, int((x1 - left) / _STEP) + 1)] -= 1
    cover = list(accumulate(change))
    low, high = int(0.3 * bins), int(0.7 * bins)
    least = min(cover[low:high], default=0)
    allowed = min(max(least, int(0.12 * len(strips))), least + 1)
    runs = groupby(range(low, high), key=lambda at: cover[at] <= allowed)
    open_runs = [(at[0], at[-1] + 1) for is_open, run in runs if is_open and (at := list(run))]
    # The white between the bullets of items and their text may be as wide.
    for begin, end in sorted(open_runs, key=lambda run: run[0] - run[1])[:2]:
        found = _confirmed(strips, left + _STEP * (begin + end) / 2)
        if found is not None:
            return found
    return None


def _confirmed(strips: Sequence[Strip], middle: float) -> Gutter | None:
    before = [p for p in strips if p[1] <= middle]
    after = [p for p in strips if p[0] >= middle]
    crossing = len(strips) - len(before) - len(after)
    if min(len(before), len(after)) < _ROWS or crossing > 0.6 * min(len(before), len(after)):
        return None
    edges = sorted(p[1] for p in before)
    x0 = edges[int(0.97 * (len(edges) - 1))]
    starts = sorted(p[0] for p in after)
    x1 = starts[int(0.03 * (len(starts) - 1))]
    if x1 - x0 < _NARROWEST:
        return None
    bullets = [p[1] - p[0] < _NUMBER * p[3] for p in before if p[1] > x0 - p[3]]
    if sum(bullets) > 0.6 * len(bullets) or not _stands_out(strips, middle):
        return None
    left, right = min(p[0] for p in before), max(p[1] for p in after)
    if x1 - x0 > 0.8 * min(x0 - left, right - x1):  # it stands between the cells of a table
        return None
    both = by_row(before), by_row(after)  # wide word spaces split strips, too
    # Lines of text need not be level with those of the other column, as the cells of a table are.
    level = 2 * len(both[0].keys() & both[1].keys()) > min(map(len, both))
    for rows, span in zip(both, (x0 - left, right - x1), strict=True):
        widths = sorted(max(p[1] for p in row) - min(p[0] for p in row) for row in rows.values())
        half, most = widths[len(widths) // 2], widths[3 * len(widths) // 4]
        if half < 0.5 * span and (level or most < 0.5 * span or half < _FIGURES * strips[0][3]):
            return None
    return Gutter(x0, x1)


def _stands_out(strips: Sequence[Strip], middle: float) -> bool:
    """Whether the white at a gutter is wider than that between the words beside it.

    Where words are driven apart and set one by one, white may stand over white by chance.
    """
    clear = both = 0
    for row in by_row(strips).values():
        row.sort()
        gaps = [(b[0] - a[1], a[1] <= middle <= b[0]) for a, b in pairwise(row)]
        at = next((gap for gap, here in gaps if here), None)
        if at is not None:
            both += 1
            clear += at > _CLEAR * max((gap for gap, here in gaps if not here), default=0.0)
    return clear >= 0.6 * both


def by_row(strips: Sequence[Strip]) -> dict[int, list[Strip]]:
    """The strips of each row, by its height."""
    rows: defaultdict[int, list[Strip]] = defaultdict(list)
    for piece in strips:
        rows[round(piece[2])].append(piece)
    return rows
