"""The gutters of a document: white between two columns, with lines on either side of it.

They are learnt over its pages, so that the last page of a chapter, with a few lines in each
column, is read as the pages before it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise

from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.laid import Gutter, LaidPage
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.rows import rows_of, segments
from pipelines.read.pdf.regions.filling import drawn_rows

# A strip of a line: left, right, baseline, size.
Strip = tuple[float, float, float, float]

_STEP = 2.0  # points: how finely white is looked for
_LEAST = 4.0  # points of a gutter
_WORDS = 0.85  # ems of white from which words are of different strips
_BULLET, _NUMBER = 0.9, 1.6  # ems: narrower strips are bullets; or numbers, at a gutter
_FIGURES = 3  # ems: what is narrower, as in a column of figures, is no line of words
_CLEAR = 1.25  # times the white between words that a gutter's is
_ROWS = 6  # lines on either side before a gap is taken for a gutter
_NARROWEST = 8.0  # points: gutters of facing pages may share less, and are two
_FEW = 0.1  # of a page's lines, which may stand in its gutter
_RECURS = 3  # lines that start at one place right of a gutter


@dataclass(slots=True)
class LearntGutter:
    """A gutter as many pages show it, and where lines start to the right of it."""

    x0: float
    x1: float
    pages: int
    starts: Counter[int]


def find_gutters(pages: Sequence[LaidPage]) -> None:
    """Find the gutter of each page, learnt from all of them."""
    for page in pages:
        page.rows = rows_of(page.free)
    strips_of = [strips(page.rows) for page in pages]
    own = [
        find_gutter(pieces, page.raw.width) for pieces, page in zip(strips_of, pages, strict=True)
    ]
    learnt = learn_gutters([(g, p) for g, p in zip(own, strips_of, strict=True) if g is not None])
    for page, pieces, gutter in zip(pages, strips_of, own, strict=True):
        page.gutter = (
            choose_gutter(pieces, learnt, gutter, drawn_rows(page.regions)) if learnt else None
        )


def learn_gutters(found: Sequence[tuple[Gutter, Sequence[Strip]]]) -> list[LearntGutter]:
    """Gather the gutters of all pages: one each for left and right pages, or for the document."""
    learnt: list[LearntGutter] = []
    for gutter, pieces in sorted(found, key=lambda item: item[0].x1 - item[0].x0):
        best = next((g for g in learnt if _shared(g, gutter) >= _NARROWEST), None)
        if best is not None:
            best.x0, best.x1 = max(best.x0, gutter.x0), min(best.x1, gutter.x1)
        elif (best := next((g for g in learnt if _is_left_white(g, pieces)), None)) is None:
            best = LearntGutter(gutter.x0, gutter.x1, 0, Counter())
            learnt.append(best)
        best.pages += 1
        beside = (p for p in pieces if p[0] >= gutter.x1 - GEOMETRY.edge or is_line(p))
        best.starts.update(round(p[0]) for p in beside if p[0] > gutter.x0)
    for one in learnt:  # few lines but headings may start at the column's edge
        often = (x for x, count in one.starts.items() if count >= _RECURS)
        first = min((x for x in often if x > one.x0 + _NARROWEST), default=one.x1)
        one.x1 = first if first < one.x1 - GEOMETRY.edge else one.x1
    return learnt


def _shared(one: LearntGutter, other: Gutter) -> float:
    """Width of the white that two gutters share."""
    return min(one.x1, other.x1) - max(one.x0, other.x0)


def _is_left_white(learnt: LearntGutter, pieces: Sequence[Strip]) -> bool:
    """Whether hardly a line of a page stands in a gutter, as short ones across the page may."""
    left, right = learnt.x0 + GEOMETRY.edge, learnt.x1 - GEOMETRY.edge
    inside = sum(p[0] < right and p[1] > left for p in pieces)
    return inside <= _FEW * len(pieces)


def _meets(learnt: LearntGutter, own: Gutter) -> bool:
    """Whether the lines before a page's own gutter end at a learnt one; items begin anywhere."""
    return abs(learnt.x0 - own.x0) <= 2 * GEOMETRY.edge


def choose_gutter(
    pieces: Sequence[Strip],
    gutters: Sequence[LearntGutter],
    own: Gutter | None,
    drawn: Sequence[Strip] = (),
) -> Gutter | None:
    """Choose the gutter that a page has: its own, or one that its lines and drawn rows respect."""
    if own is not None:
        like = max(gutters, key=lambda g: (_meets(g, own), _shared(g, own), g.pages))
        return Gutter(like.x0, like.x1)
    best: tuple[int, Gutter] | None = None
    edge = min((p[0] for p in pieces), default=0.0)
    for gutter in gutters:
        after = [p for p in pieces if p[0] >= gutter.x1 - GEOMETRY.edge]
        known = _known(after, gutter, edge)
        before = sum(p[1] <= gutter.x0 + GEOMETRY.edge for p in pieces)
        crossing = sum(p[0] < gutter.x0 - 1 and p[1] > gutter.x1 + 1 for p in pieces)
        fits = known >= 0.75 * len(after) and crossing <= len(after) + before
        fits = fits and (len(after) < 4 or _fills(after, gutter, edge))
        fits = (fits and len(after) >= 2 and before >= 1) or _parts_a_run(
            [*pieces, *_kept_to_columns(drawn, gutter)], gutter
        )
        if fits and (best is None or known > best[0]):
            best = (known, Gutter(gutter.x0, gutter.x1))
    return best[1] if best is not None else _left_alone(pieces, gutters)


def _known(after: Sequence[Strip], gutter: LearntGutter, left: float) -> int:
    """How many strips right of a gutter start where lines of its column do.

    Long lines that start together, as those of nested items, teach a place of their own; of the
    cells that a table has there, few are long.
    """
    own: defaultdict[int, list[bool]] = defaultdict(list)
    for x0, x1, _, _ in after:
        own[round(x0)].append(x1 - x0 >= 0.5 * (gutter.x0 - left))
    places = {x for x, long in own.items() if sum(long) >= max(3, 0.6 * len(long))}
    places |= {x for x, count in gutter.starts.items() if count >= _RECURS}
    return sum(any(round(x0) + d in places for d in (-1, 0, 1)) for x0, _, _, _ in after)


def _kept_to_columns(drawn: Sequence[Strip], gutter: LearntGutter) -> list[Strip]:
    """Rows of tables and boxes, with edges that stand out into the gutter drawn in."""
    kept: list[Strip] = []
    for x0, x1, base, size in drawn:
        if x0 >= gutter.x0 - GEOMETRY.edge:
            kept.append((gutter.x1, max(x1, gutter.x1), base, size))
        else:
            near = x1 <= gutter.x1 + GEOMETRY.edge
            kept.append((x0, min(x1, gutter.x0) if near else x1, base, size))
    return kept


def _parts_a_run(pieces: Sequence[Strip], gutter: LearntGutter) -> bool:
    """Whether rows that follow each other leave a gutter white and start again beyond it.

    So does the part in two columns of a page whose other part runs over its whole width.
    """
    edge = min((p[0] for p in pieces), default=0.0)
    left = right = known = full = 0
    for _, row in sorted(by_row(pieces).items()):
        if any(p[0] < gutter.x1 - 1 and p[1] > gutter.x0 + 1 for p in row):
            left = right = known = full = 0
            continue
        beyond = [p[0] for p in row if p[0] >= gutter.x1 - 1]
        left += len(beyond) < len(row)
        if beyond:
            right += 1
            start = min(beyond)
            known += start == gutter.x1 or any(
                gutter.starts[round(start) + d] >= _RECURS for d in (-1, 0, 1)
            )
            full += _fills(row, gutter, edge)
        if left and full and right >= 3 and known >= 0.8 * right:
            return True
    return False


def _fills(pieces: Sequence[Strip], gutter: LearntGutter, left: float) -> bool:
    """Whether lines right of a gutter start at its edge or are long: cells of a table do neither.

    `left`: Where the left column starts; the right one is taken to be as wide.
    """
    return any(
        abs(p[0] - gutter.x1) <= GEOMETRY.edge or p[1] >= gutter.x1 + 0.7 * (gutter.x0 - left)
        for p in pieces
        if p[0] >= gutter.x1 - GEOMETRY.edge
    )


def _left_alone(pieces: Sequence[Strip], gutters: Sequence[LearntGutter]) -> Gutter | None:
    """The gutter of a page that all but ends in its left column, as a chapter's last page may.

    What is left for its right column stands at the page's head: full lines, and the last one.
    """
    start = min((p[0] for p in pieces), default=0.0)
    for learnt in gutters:
        gutter = Gutter(learnt.x0, learnt.x1)
        after = sorted((p for p in pieces if p[0] >= gutter.x1 - GEOMETRY.edge), key=lambda p: p[2])
        reach = max((p[1] for p in pieces if p not in after), default=0.0)
        alone = len(pieces) - len(after) >= 3 and gutter.is_reached(start, reach)
        at_head = not after or after[0][2] <= min(p[2] for p in pieces) + 1
        if learnt.pages > 1 and alone and at_head:
            return gutter
    return None


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
    if x1 - x0 < _LEAST:
        return None
    bullets = [p[1] - p[0] < _NUMBER * p[3] for p in before if p[1] > x0 - p[3]]
    if sum(bullets) > 0.6 * len(bullets) or not _stands_out(strips, middle):
        return None
    left, right = min(p[0] for p in before), max(p[1] for p in after)
    if x1 - x0 > 0.8 * min(x0 - left, right - x1):  # it stands between the cells of a table
        return None
    both = by_row(before), by_row(after)  # wide word spaces split strips, too
    spans = x0 - left, right - x1
    # Lines of text need not be level with those of the other column, as the cells of a table are;
    # columns of it are about as wide.
    cells = 2 * len(both[0].keys() & both[1].keys()) > min(map(len, both))
    cells = cells or min(spans) < 0.5 * max(spans)
    for rows, span in zip(both, spans, strict=True):
        widths = sorted(max(p[1] for p in row) - min(p[0] for p in row) for row in rows.values())
        half, most = widths[len(widths) // 2], widths[3 * len(widths) // 4]
        if half < 0.5 * span and (cells or most < 0.5 * span or half < _FIGURES * strips[0][3]):
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
