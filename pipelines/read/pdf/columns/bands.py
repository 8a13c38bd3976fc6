"""Bands of a page: where one column becomes two and two become one, in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipelines.read.pdf.model.bullets import is_glyph, may_mark
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.laid import Band, Gutter, LaidPage
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.rows import main_size, rows_of

# Left edge, top, right edge and bottom of a box or table.
Drawn = tuple[float, float, float, float]

_LARGE = 1.3  # sizes of the text from which a heading may part columns


def cut_into_bands(pages: Sequence[LaidPage], body: float) -> None:
    """Cut pages into bands; `body` is the size of the document's text."""
    floor = max((s.base for page in pages for s in page.free), default=0.0)
    sizes = head_sizes(((page.free, page.gutter) for page in pages), body)
    for page in pages:
        drawn = [(r.x0, r.top, r.x1, r.bottom) for r in page.regions]
        page.bands = split_bands(
            page.rows, page.gutter, body=body, floor=floor, drawn=drawn, sizes=sizes
        )


def split_bands(
    rows: Sequence[list[Span]],
    gutter: Gutter | None,
    *,
    body: float,
    floor: float,
    drawn: Sequence[Drawn],
    sizes: HeadSizes,
) -> list[Band]:
    """Cut a page into bands, each of one or two columns of spans, in reading order.

    Footnotes set over the page's whole width stay together, however short their last lines.
    `floor` is the lowest baseline of the document's pages; `drawn` the page's boxes and tables;
    `sizes` those of the document's headings. Of two columns one may be empty.
    """
    if gutter is None:
        return [[[span for row in rows for span in row]]]
    starts = [_right_start(row, gutter) for row in rows]
    crossing = _crossing(rows, starts, gutter, body=body, floor=floor, drawn=drawn, sizes=sizes)
    bands: list[Band] = []
    current: tuple[list[Span], list[Span]] = ([], [])
    over_both = (gutter.x0 - GEOMETRY.edge, gutter.x1 + GEOMETRY.edge)
    wide = sorted(d[1] for d in drawn if d[0] < over_both[0] and d[2] > over_both[1])
    for row, crosses, start in zip(rows, crossing, starts, strict=True):
        over = [top for top in wide if top < row[0].middle]
        wide = wide[len(over) :]
        if over or crosses:  # a table or box as wide as the page ends the columns above it
            _close_band(bands, current, gutter)
            current = ([], [])
        if crosses:
            if bands and len(bands[-1]) == 1:
                bands[-1][0].extend(row)
            else:
                bands.append([list(row)])
        else:
            for span in row:
                current[span.x0 >= start - 2].append(span)
    _close_band(bands, current, gutter)
    return bands


def _crossing(
    rows: Sequence[list[Span]],
    starts: Sequence[float],
    gutter: Gutter,
    *,
    body: float,
    floor: float,
    drawn: Sequence[Drawn],
    sizes: HeadSizes,
) -> list[bool]:
    """Whether each row runs over the gutter, or parts what stands in columns over and under it."""
    middle = (gutter.x0 + gutter.x1) / 2
    crossing = [
        any(s.x0 < min(middle, start) - 2 and s.x1 > middle + 2 for s in row)
        or _flows_over(row, gutter)
        for row, start in zip(rows, starts, strict=True)
    ]
    wide_notes = False
    for index, row in enumerate(rows):
        small = (
            max(s.size for s in row) < GEOMETRY.note * body or main_size(row) < GEOMETRY.note * body
        )
        wide_notes = small and (wide_notes or crossing[index])
        crossing[index] = crossing[index] or (wide_notes and not _parted_at(row, gutter))
    halves = [round(2 * main_size(row)) for row in rows]
    heads = [
        main_size(row) >= _LARGE * body and half not in sizes.inner
        for row, half in zip(rows, halves, strict=True)
    ]
    for index, half in enumerate(halves):
        if half in sizes.outer and not crossing[index]:
            crossing[index] = not _has_beside(rows, index, middle, drawn)
    _cut_between(rows, crossing, heads, middle, body, drawn)
    _cut_below(rows, crossing, heads, gutter, body, floor, drawn)
    return crossing


def _right_start(row: Sequence[Span], gutter: Gutter) -> float:
    """Where the right column of a row starts: some lines stand out into the gutter."""
    middle = (gutter.x0 + gutter.x1) / 2
    before = [s for s in row if s.x1 <= gutter.x0 + GEOMETRY.edge]
    after = [s for s in row if s.x1 > gutter.x0 + GEOMETRY.edge]
    if not after or not gutter.x0 < after[0].x0 < middle:
        return middle
    if _is_sign(after[0]):
        return after[0].x0
    edge = max((s.x1 for s in before), default=after[0].x0)
    return after[0].x0 if after[0].x0 - edge > GEOMETRY.cell_gap * after[0].size else middle


class HeadSizes(NamedTuple):
    """Sizes of large headings, in half points: inside columns, and over both of them."""

    inner: frozenset[int] = frozenset()
    outer: frozenset[int] = frozenset()


def head_sizes(pages: Iterable[tuple[Sequence[Span], Gutter | None]], body: float) -> HeadSizes:
    """Learn from a document's pages which headings belong to a column and which part them.

    A size met inside the right column belongs to columns, wherever else it stands; one that only
    ever crosses a gutter parts them, even where a heading is too short to cross.
    """
    inner: set[int] = set()
    outer: set[int] = set()
    for spans, gutter in pages:
        if gutter is None:
            continue
        for row in rows_of(s for s in spans if s.size >= _LARGE * body):
            middle = (gutter.x0 + gutter.x1) / 2
            over = any(s.x0 < middle - 2 and s.x1 > middle + 2 for s in row)
            if over or _flows_over(row, gutter):
                outer.add(round(2 * main_size(row)))
            elif row[0].x0 >= gutter.x1 - GEOMETRY.edge:
                inner.add(round(2 * main_size(row)))
    return HeadSizes(frozenset(inner), frozenset(outer - inner))


def _cut_between(
    rows: Sequence[Sequence[Span]],
    crossing: list[bool],
    heads: Sequence[bool],
    middle: float,
    body: float,
    drawn: Sequence[Drawn],
) -> None:
    """A large heading between two parts in columns parts them, even if too short to cross.

    The columns over it end together, those under it start together, and beside it is nothing.
    """
    for index, row in enumerate(rows):
        if crossing[index] or row[-1].x0 >= middle or not heads[index]:
            continue
        others = (s for other in rows if other is not row for s in other)
        things = [(s.x0 >= middle, s.base - s.size, s.base) for s in others]
        things += [(x0 >= middle - 2, top, low) for x0, top, _, low in drawn]
        crossing[index] = _lies_between(row[0], things, body)


def _has_beside(
    rows: Sequence[Sequence[Span]], index: int, middle: float, drawn: Sequence[Drawn]
) -> bool:
    """Whether anything stands in the right column at the height of a row."""
    base, size = rows[index][0].base, rows[index][0].size
    tops = [(s.base - s.size, s.base) for row in rows for s in row if s.x0 >= middle - 2]
    tops += [(top, low) for x0, top, _, low in drawn if x0 >= middle - 2]
    return any(top < base and low > base - size + 2 for top, low in tops)


def _lies_between(head: Span, things: Sequence[tuple[bool, float, float]], body: float) -> bool:
    """Whether a heading has nothing beside it, and both columns end over it and start under it.

    `things`: Whether each stands in the right column, its top and its bottom.
    """
    top = head.base - head.size
    ends, starts = [-1e9, -1e9], [1e9, 1e9]
    for right, over, under in things:
        if under <= top + 2:
            ends[right] = max(ends[right], under)
        elif over >= head.base - 1:
            starts[right] = min(starts[right], over)
        elif right:
            return False
    even = abs(ends[0] - ends[1]) < 3.5 * body and abs(starts[0] - starts[1]) < 4.5 * body
    return even and starts[1] > head.base + body and max(ends) > 0


def _cut_below(
    rows: Sequence[Sequence[Span]],
    crossing: list[bool],
    heads: Sequence[bool],
    gutter: Gutter,
    body: float,
    floor: float,
    drawn: Sequence[Drawn],
) -> None:
    """A large heading under both columns ends them, even where it is too short to cross.

    Where the left column reaches the page's floor, or goes on far below the right one, it may
    be just a heading in it; so it is if the text under it keeps to the column.
    """
    middle = (gutter.x0 + gutter.x1) / 2
    right = [i for i, row in enumerate(rows) if row[-1].x0 >= middle and not crossing[i]]
    last = max(right, default=-1)
    head = next(
        (i for i in range(last + 1, len(rows)) if last >= 0 and heads[i] and not crossing[i]),
        None,
    )
    if head is None:
        return
    under = next((i for i in range(head, len(rows)) if crossing[i]), len(rows))
    text = [s for row in rows[head:under] for s in row if s.size < 1.15 * body]
    if text and _fills_column(text, gutter):
        return
    lowest = max([rows[-1][0].base, *(bottom for _, _, _, bottom in drawn)])
    full = lowest > floor - 3 * body or len(rows) - head > 12
    if full and main_size(rows[head]) < 1.6 * body:
        return
    left, beside = _column_ends(rows[:head], rows[head][0].base, middle, drawn)
    if full and left - beside > 6 * body:
        return
    for index in range(head, len(rows)):
        crossing[index] = True


def _column_ends(
    rows: Sequence[Sequence[Span]], over: float, middle: float, drawn: Sequence[Drawn]
) -> tuple[float, float]:
    """How far down the left and the right column go above a height."""
    left, right = (
        max(
            [s.base for row in rows for s in row if (s.x0 < middle) == side]
            + [low for x0, _, _, low in drawn if low < over and (x0 < middle - 2) == side],
            default=over,
        )
        for side in (True, False)
    )
    return left, right


def _parted_at(row: Sequence[Span], gutter: Gutter) -> bool:
    return row[0].x0 < gutter.x0 and row[-1].x0 >= gutter.x1 - GEOMETRY.edge


def _flows_over(row: Sequence[Span], gutter: Gutter) -> bool:
    """Whether words set one by one run across the gutter without leaving it white."""
    row = [s for s in row if not _is_sign(s)]  # an item's sign may stand in it
    before = [s for s in row if s.x1 <= gutter.x1]
    after = [s for s in row if s.x0 >= gutter.x0]
    if not before or not after:
        return False
    return min(s.x0 for s in after) - max(s.x1 for s in before) < 0.6 * (gutter.x1 - gutter.x0)


def _is_sign(span: Span) -> bool:
    bare = span.text.strip()
    return is_glyph(bare) or may_mark(bare)


def _close_band(bands: list[Band], current: tuple[list[Span], list[Span]], gutter: Gutter) -> None:
    left, right = current
    if right or (left and _fills_column(left, gutter)):
        bands.append([left, right])
    elif left:
        bands.append([left])


def _fills_column(spans: Sequence[Span], gutter: Gutter) -> bool:
    """Whether lines with nothing beside them fill a column rather than part of a page's width."""
    rows = rows_of(spans)
    start = min(s.x0 for s in spans)
    ends = [max(s.x1 for s in row) for row in rows]
    return (
        len(rows) >= 3
        and start + GEOMETRY.full * (gutter.x0 - start) <= max(ends) <= gutter.x0 + GEOMETRY.edge
    )
