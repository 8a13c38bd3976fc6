"""What stands where on the pages of a batch: regions, tables, columns, lines.

Pages are looked at together: a gutter, a frame or a margin is learnt from all of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.read.pdf.columns import margins
from pipelines.read.pdf.columns.abreast import set_abreast
from pipelines.read.pdf.columns.bands import head_sizes, split_bands
from pipelines.read.pdf.columns.gutter import strips
from pipelines.read.pdf.columns.gutters import page_gutters
from pipelines.read.pdf.columns.order import place_of
from pipelines.read.pdf.columns.sideheads import lift_side_heads
from pipelines.read.pdf.lines.setting import line_of
from pipelines.read.pdf.model.laid import Gutter, Page, Run, Thing
from pipelines.read.pdf.model.line import Line
from pipelines.read.pdf.model.page import RawPage, Span, body_size
from pipelines.read.pdf.model.region import Region
from pipelines.read.pdf.model.rows import main_size, rows_of
from pipelines.read.pdf.regions.connected import find_regions, partings
from pipelines.read.pdf.regions.filling import drawn_rows, fill_regions
from pipelines.read.pdf.regions.fixtures import Fixtures, find_fixtures
from pipelines.read.pdf.tables.cells import Cells, cells_of, is_joined, level_tables
from pipelines.read.pdf.tables.figures import note_figures
from pipelines.read.pdf.tables.merged import without_prose
from pipelines.read.pdf.tables.parts import table_part
from pipelines.read.pdf.tables.stripes import join_stripes
from pipelines.read.pdf.tables.titles import part_titles
from pipelines.read.pdf.tables.unruled import find_tables

_SAME_WIDTH = 4.0


def lay_out(pages: Sequence[RawPage]) -> list[Page]:
    """Find regions, tables, columns and lines of pages that follow each other."""
    fixtures = find_fixtures(pages)
    laid = [_regions(page, fixtures) for page in pages]
    if any(partings(region, page.raw) for page in laid for region in page.regions):
        _part_columns(laid, fixtures)
    figures: set[int] = set()
    _settle_regions(laid, figures)
    lift_side_heads([page.free for page in laid], body_size(pages))
    _columns(laid, figures)
    for page in laid:
        # The lines say it all now; long documents are read in batches of many pages.
        page.raw.spans.clear()
        page.raw.shapes.clear()
        page.free.clear()
        page.regions.clear()
    return laid


def _part_columns(laid: list[Page], fixtures: Fixtures) -> None:
    """Find the regions anew on pages where boxes of two columns touch each other."""
    gutters = _gutters(laid)
    for index, (page, gutter) in enumerate(zip(laid, gutters, strict=True)):
        if gutter is None:
            continue
        places = [
            x
            for region in page.regions
            for x in partings(region, page.raw)
            if gutter.x0 - 3 <= x <= gutter.x1 + 3
        ]
        if places:
            laid[index] = _regions(page.raw, fixtures, gutter=sum(places) / len(places))


def _regions(raw: RawPage, fixtures: Fixtures, *, gutter: float | None = None) -> Page:
    page = Page(raw)
    page.regions, page.rules = find_regions(raw, fixtures, gutter=gutter)
    spans = [s for s in raw.spans if s.angle == 0]
    if len(spans) < len(raw.spans):
        turned = [s for s in raw.spans if s.angle != 0]
        page.aside = _set_lines(turned, page=raw.number, left=0.0, right=raw.width)
    page.free = fill_regions(page.regions, spans)
    page.free = join_stripes(page.regions, page.free)
    page.regions = [part for r in page.regions if r.spans for part in without_prose(r)]
    return page


def _settle_regions(pages: Sequence[Page], figures: set[int]) -> None:
    """Decide what each region is: a table, a box, or a heading on a coloured bar.

    `figures` takes in where tables have their percentages.
    """
    for index, page in enumerate(pages):
        before = pages[index - 1] if index else None
        after = pages[index + 1] if index + 1 < len(pages) else None
        for region in page.regions:
            cells = None if is_joined(region) else cells_of(region)
            box = (region.x0, region.top, region.x1, region.bottom)
            if cells is not None:
                note_figures(cells, figures)
                _take_tables(page, cells, box)
                continue
            if region.level:
                tables, free = level_tables(region)
                for top, part in tables:
                    note_figures(part, figures)
                    spot = (region.x0, top, region.x1, region.bottom)
                    page.things.append(Thing(*spot, table_part(part, page.raw.number, spot)))
                page.free.extend(free)
                continue
            rows = rows_of(region.spans)
            if _is_bar(rows) and not _is_broken_box(region, page, before, after):
                page.free.extend(region.spans)
                continue
            left = margins.left_edge([row[0].x0 for row in rows])
            right = region.x1 - (left - region.x0)
            lines = _set_lines(region.spans, page=page.raw.number, left=left, right=right)
            page.things.append(Thing(*box, lines))


def _take_tables(page: Page, cells: Cells, box: tuple[float, float, float, float]) -> None:
    """Put a table on its page, or several with what stands between them."""
    x0, top, x1, bottom = box
    parts = part_titles(cells)
    for index, (title, rows) in enumerate(parts):
        page.free.extend(title)
        top = max([top, *(s.base for s in title)])
        under = [s.base - s.size for title, _ in parts[index + 1 : index + 2] for s in title]
        spot = (x0, top, x1, min([bottom, *under]))
        page.things.append(Thing(*spot, table_part(rows, page.raw.number, spot)))


def _is_bar(rows: Sequence[Sequence[Span]]) -> bool:
    """A line on a ground or in a frame of its own, or two in bold: a heading, or a rating."""
    bold = all(s.face.bold for row in rows for s in row)
    short = len(rows) == 1 and sum(len(s.text) for s in rows[0]) <= 70
    return short or (len(rows) == 2 and bold)


def _is_broken_box(region: Region, page: Page, before: Page | None, after: Page | None) -> bool:
    """Whether a region is the first or last lines of a box that a page's or column's end parts.

    A bold line at a page's head is a heading; at its foot it may be the title of a box.
    """
    bold = all(s.face.bold for s in region.spans)
    under = [r for r in page.regions if abs(r.x0 - region.x0) < _SAME_WIDTH]
    others = [r for r in under if region.top < r.top < region.bottom - 2]
    if _is_last(region, page):
        others += [r for r in page.regions if r.x0 > region.x1 - 3 and _is_first(r, page, r.x0 - 3)]
        others += [r for r in after.regions if _is_first(r, after)][:1] if after else []
    if not bold and _is_first(region, page):
        others += [r for r in page.regions if r.x1 < region.x0 + 3 and _is_last(r, page)]
        others += [r for r in before.regions if _is_last(r, before)][-1:] if before else []
    return any(
        r is not region and _goes_with(region, r) and not _is_bar(rows_of(r.spans)) for r in others
    )


def _is_first(region: Region, page: Page, left: float = 0.0) -> bool:
    """Whether nothing that starts right of `left` stands over a region."""
    top = min(s.base for s in region.spans) - 2
    return not any(s.base < top and s.x0 >= left for s in _in_line(region, page))


def _is_last(region: Region, page: Page) -> bool:
    """Whether nothing but footnotes stands under a region."""
    low = max(s.base for s in region.spans) + 2
    under = [s for s in _in_line(region, page) if s.base > low]
    small = 0.94 * main_size(page.raw.spans)
    return all(s.size < small for s in under) or _only_notes_under(region, page)


def _in_line(region: Region, page: Page) -> list[Span]:
    """The text over and under a region."""
    return [
        s for s in page.raw.spans if s.angle == 0 and s.x0 < region.x1 - 2 and s.x1 > region.x0 + 2
    ]


def _goes_with(one: Region, other: Region) -> bool:
    """Whether two regions are as wide, or end together: a bar at the left may touch one alone."""
    wider = abs(one.x1 - one.x0 - other.x1 + other.x0)
    return wider < _SAME_WIDTH or (wider < 3 * _SAME_WIDTH and abs(one.x1 - other.x1) < 2)


def _only_notes_under(region: Region, page: Page) -> bool:
    """Whether a short rule is what comes next under a region: that of the footnotes."""
    rules = [r.top for r in page.rules if r.height < 4 and 20 < r.width < 0.5 * page.raw.width]
    under = [s.base for s in page.raw.spans if s.angle == 0 and s.base > region.bottom + 1]
    return any(region.bottom < top < min(under, default=0.0) for top in rules)


def _columns(pages: Sequence[Page], figures: set[int]) -> None:
    body = body_size([page.raw for page in pages])
    floor = max((s.base for page in pages for s in page.free), default=0.0)
    gutters = _gutters(pages)
    sizes = head_sizes(((p.free, g) for p, g in zip(pages, gutters, strict=True)), body)
    bands: list[list[list[list[Span]]]] = []
    for page, gutter in zip(pages, gutters, strict=True):
        drawn = [(r.x0, r.top, r.x1, r.bottom) for r in page.regions]
        bands.append(
            split_bands(page.free, gutter, body=body, floor=floor, drawn=drawn, sizes=sizes)
        )
    turns = set_abreast([page.free for page in pages], bands, gutters, body)
    for page, page_bands, gutter, page.turns in zip(pages, bands, gutters, turns, strict=True):
        for thing in page.things:
            thing.place = place_of(thing, page_bands, gutter)
    sides = margins.page_sides(
        [[row[0].x0 for band in page_bands for row in rows_of(band[0])] for page_bands in bands]
    )
    frames = margins.column_frames(bands, sides)
    for page, page_bands, side in zip(pages, bands, sides, strict=True):
        frame = frames[side]
        band_number = 0
        for order, band in enumerate(page_bands):
            for index, spans in enumerate(band):
                if not spans:
                    continue
                left, right = frame[min(len(band), 2) - 1][index if len(band) > 1 else 0]
                band_number += 1
                page.runs.append(Run(page.raw.number, [], (order, index)))
                _take_run(page, spans, (left, right), band_number, figures)


def _gutters(pages: Sequence[Page]) -> list[Gutter | None]:
    return page_gutters(
        [(strips(page.free), page.raw.width, drawn_rows(page.regions)) for page in pages]
    )


def _take_run(
    page: Page, spans: list[Span], edges: tuple[float, float], band: int, figures: set[int]
) -> None:
    left, right = edges
    rows = rows_of(spans)
    rest: list[list[Span]] = []
    at = 0
    for begin, end, cells in find_tables(rows, figures):
        note_figures(cells, figures)
        rest.extend(rows[at:begin])
        at = end
        box_spans = [s for row in rows[begin:end] for s in row]
        box = (
            min(s.x0 for s in box_spans),
            min(s.base - s.size for s in box_spans),
            max(s.x1 for s in box_spans),
            max(s.base for s in box_spans) + 2,
        )
        table = table_part(cells, page.raw.number, box)
        page.things.append(Thing(*box, table, page.runs[-1].place))
    rest.extend(rows[at:])
    for index, row in enumerate(rest):
        if index in (0, len(rest) - 1) and len(row) == 1 and _is_crumb(row[0]):
            continue
        line = line_of(row, page=page.raw.number, left=left, right=right)
        if line is not None:
            line.band = band
            page.runs[-1].lines.append(line)


def _is_crumb(span: Span) -> bool:
    """A single small letter at a page's edge: what a browser cuts off a line of another page."""
    text = span.text.strip()
    return len(text) == 1 and text.islower()


def _set_lines(spans: Sequence[Span], *, page: int, left: float, right: float) -> list[Line]:
    """Set the spans of one column as lines."""
    found = []
    for row in rows_of(spans):
        line = line_of(row, page=page, left=left, right=right)
        if line is not None:
            found.append(line)
    return found
