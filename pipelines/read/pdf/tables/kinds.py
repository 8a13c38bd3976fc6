"""What each region of a page is: a table, a box with its lines, or a heading on a coloured bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from pipelines.read.pdf.lines.setting import set_lines
from pipelines.read.pdf.model.edges import between, left_edge
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.laid import LaidPage, Thing
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.region import Region
from pipelines.read.pdf.model.rows import is_bold, main_size, rows_of
from pipelines.read.pdf.tables.cells import Cells, row_edges, tables_of, wide_enough
from pipelines.read.pdf.tables.figures import note_figures
from pipelines.read.pdf.tables.parts import part_titles, table_part

_SAME_WIDTH = 4.0
_PROSE = 3  # lines that make running text of a cell
_SHORT = 20.0  # points: the rule over footnotes is longer


def part_prose(page: LaidPage) -> None:
    """Part regions into tables and running text in the same frame; drop those without text."""
    page.regions = [part for r in page.regions for part in _without_prose(r)]


def _without_prose(region: Region) -> list[Region]:
    """Part a region into tables and the running text over all columns between or under them."""
    if len(region.xs) < 3 or len(region.ys) < 3 or not region.walls:
        return [region]
    bands = between(region.ys, region.spans)
    prose = [
        len(edges) == 2 and len(rows_of(band)) >= _PROSE
        for edges, band in zip(row_edges(region), bands, strict=True)
    ]
    if not any(prose):
        return [region]
    parts = []
    for _, group in groupby(range(len(bands)), key=lambda i: (prose[i], prose[i] and i)):
        indices = list(group)
        ys = region.ys[indices[0] : indices[-1] + 2]
        spans = [s for i in indices for s in bands[i]]
        xs = [region.x0, region.x1] if prose[indices[0]] else region.xs
        parts.append(replace(region, top=ys[0], bottom=ys[-1], xs=xs, ys=ys, spans=spans))
    return [part for part in parts if part.spans]


def settle_regions(pages: Sequence[LaidPage], figures: set[int]) -> None:
    """Decide what each region is: a table, a box, or a heading on a coloured bar.

    `figures` takes in where tables have their percentages.
    """
    for index, page in enumerate(pages):
        before = pages[index - 1] if index else None
        after = pages[index + 1] if index + 1 < len(pages) else None
        for region in page.regions:
            region.xs = wide_enough(region.xs)
            box = (region.x0, region.top, region.x1, region.bottom)
            tables, free = tables_of(region)
            if tables or region.level:
                page.free.extend(free)
                for top, cells in tables:
                    note_figures(cells, figures)
                    _take_tables(page, cells, (region.x0, top, region.x1, region.bottom))
                continue
            rows = rows_of(region.spans)
            if _is_bar(rows) and not _is_broken_box(region, page, before, after):
                page.free.extend(region.spans)
                continue
            left = left_edge([row[0].x0 for row in rows])
            right = region.x1 - (left - region.x0)
            lines = set_lines(region.spans, page=page.raw.number, left=left, right=right)
            page.things.append(Thing(*box, lines))


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
    """A line on a ground or in a frame of its own, or two in bold: a heading, or a rating."""
    bold = all(map(is_bold, rows))
    short = len(rows) == 1 and sum(len(s.text) for s in rows[0]) <= 70
    return short or (len(rows) == 2 and bold)


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
