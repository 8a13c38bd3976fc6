"""What each region of a page is: a table, a box with its lines, or a heading on a coloured bar."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.read.pdf.lines.setting import set_lines
from pipelines.read.pdf.model.edges import left_edge
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.laid import LaidPage, Thing
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.region import Region
from pipelines.read.pdf.model.rows import is_bold, main_size, rows_of, segments
from pipelines.read.pdf.tables.cells import Cells, is_sign, tables_of, wide_enough
from pipelines.read.pdf.tables.figures import note_figures
from pipelines.read.pdf.tables.parts import part_titles, table_part

_SAME_WIDTH = 4.0
_SHORT = 20.0  # points: the rule over footnotes is longer
_CLOSE = 6.0  # points between cells that are set apart
_OVER = 1.2  # sizes from a list's name to the list, or to the left of it


def settle_regions(pages: Sequence[LaidPage], figures: set[int]) -> None:
    """Decide what each region is: a table, a box, or a heading on a coloured bar.

    `figures` takes in where tables have their percentages.
    """
    for index, page in enumerate(pages):
        before = pages[index - 1] if index else None
        after = pages[index + 1] if index + 1 < len(pages) else None
        _join_heads(page)
        for region in page.regions:
            region.xs = wide_enough(region.xs)
            box = (region.x0, region.top, region.x1, region.bottom)
            tables, free = tables_of(region)
            if tables or region.level:
                page.free.extend(free)
                for top, cells in tables:
                    named = [*_take_heads(page, region, cells[0]), *cells]
                    note_figures(named, figures)
                    _take_tables(page, named, (region.x0, top, region.x1, region.bottom))
                continue
            rows = rows_of(region.spans)
            if _is_bar(rows) and not _is_broken_box(region, page, before, after):
                page.free.extend(region.spans)
                continue
            left = left_edge([row[0].x0 for row in rows])
            right = region.x1 - (left - region.x0)
            lines = set_lines(region.spans, page=page.raw.number, left=left, right=right)
            page.things.append(Thing(*box, lines))


def _join_heads(page: LaidPage) -> None:
    """Join bars side by side to the lists right under them: the heads of cells set apart."""
    under = {
        bar: region
        for bar in page.regions
        for region in page.regions
        if 0 <= region.top - bar.bottom < _CLOSE
        and abs(region.x0 - bar.x0) < _SAME_WIDTH
        and abs(region.x1 - bar.x1) < _SAME_WIDTH
        and sum(map(is_sign, region.spans)) > 1
        and len(rows_of(bar.spans)) == 1
    }
    bars = [bar for bar in page.regions if bar in under]
    for bar in bars:
        if sum(abs(bar.top - other.top) < GEOMETRY.edge for other in bars) > 1:
            region = under[bar]
            region.top, region.ys = bar.top, [bar.top, *region.ys]
            region.spans += bar.spans
            page.regions = [r for r in page.regions if r is not bar]


def _take_heads(page: LaidPage, region: Region, row: Sequence[Sequence[Span]]) -> Cells:
    """Take the free row right over lists abreast that has a piece over each: their names."""
    right = region.x1 + 2
    over = rows_of(s for s in page.free if region.x0 - 2 <= s.x0 < right and s.middle < region.top)
    pieces = segments(over[-1]) if over else []
    if len(pieces) != len(row) or not all(any(map(is_sign, cell)) for cell in row):
        return []
    starts = [min(s.x0 for s in cell) for cell in row]
    reach = _OVER * over[-1][0].size
    if region.top - over[-1][0].base > reach or not all(
        start - reach < piece[0].x0 and piece[-1].x1 <= end
        for piece, start, end in zip(pieces, starts, [*starts[1:], right], strict=True)
    ):
        return []
    taken = set(over[-1])
    page.free = [s for s in page.free if s not in taken]
    return [[list(piece) for piece in pieces]]


def _take_tables(page: LaidPage, cells: Cells, box: tuple[float, float, float, float]) -> None:
    """Put a table on its page, or several with what stands between them."""
    x0, top, x1, bottom = box
    parts = part_titles(cells)
    for index, (title, rows) in enumerate(parts):
        page.free.extend(title)
        top = max([top, *(s.base for s in title)])
        under = [s.base - s.size for title, _ in parts[index + 1 : index + 2] for s in title]
        inside = (x0, top, x1, min([bottom, *under]))
        page.things.append(Thing(*inside, table_part(rows, page.raw.number, inside)))


def _is_bar(rows: Sequence[Sequence[Span]]) -> bool:
    """A line on a ground or in a frame of its own, or a few in bold: a heading, or a rating."""
    bold = all(map(is_bold, rows))
    short = len(rows) == 1 and sum(len(s.text) for s in rows[0]) <= 70
    return short or (1 < len(rows) < 4 and bold)


def _is_broken_box(
    region: Region, page: LaidPage, before: LaidPage | None, after: LaidPage | None
) -> bool:
    """Whether a region is the first or last lines of a box that a page's or column's end parts.

    A bold line at a page's head is a heading; at its foot it may be the title of a box.
    """
    others: list[Region] = []
    if _is_last(region, page):
        others += [r for r in page.regions if r.x0 > region.x1 - GEOMETRY.edge]
        others += [r for r in after.regions if _is_first(r, after)][:1] if after else []
    if not is_bold(region.spans) and _is_first(region, page):
        left = [r for r in page.regions if r.x1 < region.x0 + GEOMETRY.edge]
        others += [r for r in left if _is_last(r, page)]
        others += [r for r in before.regions if _is_last(r, before)][-1:] if before else []
    return any(_goes_with(region, r) and not _is_bar(rows_of(r.spans)) for r in others)


def _is_first(region: Region, page: LaidPage) -> bool:
    """Whether nothing stands over a region."""
    top = min(s.base for s in region.spans) - 2
    return not any(s.base < top for s in _in_line(region, page))


def _is_last(region: Region, page: LaidPage) -> bool:
    """Whether nothing but footnotes stands under a region: in small type, or under a short rule."""
    low = max(s.base for s in region.spans) + 2
    under = [s for s in _in_line(region, page) if s.base > low]
    small = GEOMETRY.note * main_size(page.raw.spans)
    first = min((s.base for s in page.raw.spans if s.base > region.bottom + 1), default=0.0)
    return all(s.size < small for s in under) or any(
        region.bottom < rule.top < first and _SHORT < rule.width < page.raw.width / 2
        for rule in page.rules
        if rule.height < GEOMETRY.rule
    )


def _in_line(region: Region, page: LaidPage) -> list[Span]:
    """The text over and under a region."""
    return [
        s for s in page.raw.spans if s.angle == 0 and s.x0 < region.x1 - 2 and s.x1 > region.x0 + 2
    ]


def _goes_with(one: Region, other: Region) -> bool:
    """Whether two regions are as wide."""
    return abs(one.x1 - one.x0 - other.x1 + other.x0) < _SAME_WIDTH
