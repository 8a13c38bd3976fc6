"""Bands of a page: where one column becomes two and two become one, in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.laid import Band, Gutter, LaidPage
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.rows import main_size, rows_of

# Left edge, top, right edge and bottom of a box or table.
Drawn = tuple[float, float, float, float]

_LARGE = 1.3  # sizes of the text from which a heading may separate columns
_LARGER = 1.6  # the same, where the column that it may belong to is full
_FLOOR = 3  # sizes above the page's floor of a full column
_ENDS, _STARTS = 3.5, 4.5  # sizes between the ends, and the starts, of columns that are even


def cut_into_bands(pages: Sequence[LaidPage], body: float) -> None:
    """Cut pages into bands; `body` is the size of the document's text."""
    floor = max((s.base for page in pages for s in page.free), default=0.0)
    sizes = _head_sizes(pages, body)
    for page in pages:
        if page.gutter is None:
            page.bands = [[[span for row in page.rows for span in row]]]
        else:
            drawn = [(r.x0, r.top, r.x1, r.bottom) for r in page.regions]
            page.bands = _split(_Page(page.rows, page.gutter, body, floor, drawn), sizes)


class _Page(NamedTuple):
    """What a page is cut by.

    `floor`: The lowest baseline of the document's pages. `drawn`: The page's boxes and tables.
    """

    rows: Sequence[list[Span]]
    gutter: Gutter
    body: float
    floor: float
    drawn: Sequence[Drawn]


def _split(page: _Page, sizes: HeadSizes) -> list[Band]:
    """Cut a page into bands, each of one or two columns of spans, in reading order.

    Footnotes across the page's whole width are kept together, however short their last lines.
    Of two columns one may be empty.
    """
    rows, gutter, _, _, drawn = page
    crossing = _crossing(page, sizes)
    over_both = (gutter.x0 - GEOMETRY.edge, gutter.x1 + GEOMETRY.edge)
    wide = sorted(d[1] for d in drawn if d[0] < over_both[0] and d[2] > over_both[1])
    begins: list[bool] = []
    for row in rows:  # a table or box as wide as the page ends the columns above it
        begins.append(bool(wide) and wide[0] < row[0].middle)
        wide = [top for top in wide if top >= row[0].middle]
    bands: list[Band] = []
    for index, band in gather(rows, [None if c else gutter for c in crossing], begins):
        if crossing[index] and bands and len(bands[-1]) == 1:
            bands[-1][0].extend(band[0])
        else:
            bands.append(_without_empty(band, gutter))
    return bands


def gather(
    rows: Sequence[list[Span]], gutters: Sequence[Gutter | None], begins: Sequence[bool]
) -> list[tuple[int, Band]]:
    """Gather rows that follow each other into bands, each with the index of its first row.

    Args:
        rows: Of a page, from the top.
        gutters: What parts each; None where it runs over the whole width.
        begins: Whether each begins a band, whatever stands above it.
    """
    bands: list[tuple[int, Band]] = []
    for index, (row, gutter, begin) in enumerate(zip(rows, gutters, begins, strict=True)):
        parts = [row] if gutter is None else sides(row, gutter)
        if begin or not bands or len(bands[-1][1]) != len(parts):
            bands.append((index, [[] for _ in parts]))
        for column, spans in zip(bands[-1][1], parts, strict=True):
            column.extend(spans)
    return bands


def sides(row: Sequence[Span], gutter: Gutter) -> list[list[Span]]:
    """What of a row starts left of a gutter's middle, and what right of it."""
    return [[s for s in row if (s.x0 >= gutter.middle - 2) is right] for right in (False, True)]


def _crossing(page: _Page, sizes: HeadSizes) -> list[bool]:
    """Whether each row runs over the gutter, or parts what stands in columns over and under it."""
    rows, gutter, body, _, _ = page
    crossing = [_runs_over(row, gutter) for row in rows]
    wide_notes = False
    for index, row in enumerate(rows):
        small = (
            max(s.size for s in row) < GEOMETRY.note * body or main_size(row) < GEOMETRY.note * body
        )
        wide_notes = small and (wide_notes or crossing[index])
        crossing[index] = crossing[index] or wide_notes
    halves = [round(2 * main_size(row)) for row in rows]
    heads = [
        main_size(row) >= _LARGE * body and half not in sizes.inner and not all(sides(row, gutter))
        for row, half in zip(rows, halves, strict=True)
    ]
    crossing = [c or half in sizes.outer for c, half in zip(crossing, halves, strict=True)]
    _cut_between(page, crossing, heads)
    _cut_below(page, crossing, heads)
    return crossing


class HeadSizes(NamedTuple):
    """Sizes of large headings, in half points: inside columns, and over both of them."""

    inner: frozenset[int] = frozenset()
    outer: frozenset[int] = frozenset()


def _head_sizes(pages: Sequence[LaidPage], body: float) -> HeadSizes:
    """Learn from a document's pages which headings belong to a column and which part them.

    A size met inside the right column belongs to columns, wherever else it stands; one that only
    ever crosses a gutter separates them, even where a heading is too short to cross.
    """
    inner: set[int] = set()
    outer: set[int] = set()
    for page in pages:
        gutter = page.gutter
        if gutter is None:
            continue
        for row in rows_of(s for s in page.free if s.size >= _LARGE * body):
            if _runs_over(row, gutter):
                outer.add(round(2 * main_size(row)))
            elif row[0].x0 >= gutter.x1 - GEOMETRY.edge and any(
                s.x1 < gutter.x1 and abs(s.base - row[0].base) < 2 * body for s in page.free
            ):
                inner.add(round(2 * main_size(row)))
    return HeadSizes(frozenset(inner), frozenset(outer - inner))


def _cut_between(page: _Page, crossing: list[bool], heads: Sequence[bool]) -> None:
    """A large heading between two parts in columns separates them, even if too short to cross.

    The columns over it end together, those under it start together, and beside it is nothing.
    """
    middle = page.gutter.middle
    for index, row in enumerate(page.rows):
        if crossing[index] or not heads[index]:
            continue
        others = (s for other in page.rows if other is not row for s in other)
        things = [
            (side, s.base - s.size, s.base)
            for s in others
            for side in {s.x0 >= middle, s.x1 > middle + 2}
        ]
        things += [(x0 >= middle - 2, top, low) for x0, top, _, low in page.drawn]
        crossing[index] = _lies_between(row[0], row[0].x0 >= middle, things, page.body)


def _lies_between(
    head: Span, of_right: bool, things: Sequence[tuple[bool, float, float]], body: float
) -> bool:
    """Whether a heading has nothing beside it, and both columns end over it and start under it.

    `of_right`: Whether it stands right of the gutter, as one that is set flush right does.
    `things`: Whether each stands in the right column, its top and its bottom.
    """
    top = head.base - head.size
    ends, starts = [-1e9, -1e9], [1e9, 1e9]
    for right, over, under in things:
        if under <= top + 2:
            ends[right] = max(ends[right], under)
        elif over >= head.base - 1:
            starts[right] = min(starts[right], over)
        elif right != of_right:
            return False
    even = abs(ends[0] - ends[1]) < _ENDS * body and abs(starts[0] - starts[1]) < _STARTS * body
    return even and starts[1] > head.base + body and max(ends) > 0


def _cut_below(page: _Page, crossing: list[bool], heads: Sequence[bool]) -> None:
    """A large heading under both columns ends them, even where it is too short to cross.

    Where the left column reaches the page's floor, it may be just a heading in it.
    """
    rows, middle = page.rows, page.gutter.middle
    lowest = max([rows[-1][0].base, *(bottom for _, _, _, bottom in page.drawn)], default=0.0)
    full = lowest > page.floor - _FLOOR * page.body
    right = [i for i, row in enumerate(rows) if row[-1].x0 >= middle and not crossing[i]]
    for head in range(right[-1] + 1, len(rows)) if right else ():
        if heads[head] and not crossing[head]:
            if not full or main_size(rows[head]) >= _LARGER * page.body:
                crossing[head:] = [True] * (len(rows) - head)
            return


def _runs_over(row: Sequence[Span], gutter: Gutter) -> bool:
    """Whether a row runs over the gutter."""
    edge = gutter.middle
    return any(s.x0 < edge - 2 and s.x1 > edge + 2 for s in row)


def _without_empty(band: Band, gutter: Gutter) -> Band:
    """A band without its right column, where nothing stands there and the left is no column."""
    left, right = band[0], band[-1]
    return band if right or _fills_column(left, gutter) else [left]


def _fills_column(spans: Sequence[Span], gutter: Gutter) -> bool:
    """Whether lines with nothing beside them fill a column rather than part of a page's width."""
    start, end = min(s.x0 for s in spans), max(s.x1 for s in spans)
    return len(rows_of(spans)) >= 3 and gutter.is_reached(start, end)
