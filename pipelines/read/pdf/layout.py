"""Pages to blocks: the layout stage that both ways of reading a PDF share.

Regions, furniture, columns, lines and footnotes of a batch of pages are found first; what they
teach (sizes, distances, signs) then decides how lines become blocks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from pipelines.read.pdf import columns, learn
from pipelines.read.pdf.blocks import Composer
from pipelines.read.pdf.flow import Flow, Part
from pipelines.read.pdf.furniture import body_size, drop_furniture
from pipelines.read.pdf.lines import Line, drawn_signs, line_of, rows_of
from pipelines.read.pdf.marks import RawPage, Shape, Span
from pipelines.read.pdf.notes import opens_note, split_notes
from pipelines.read.pdf.regions import (
    Region,
    aligned_cells,
    cell_text,
    cells_in_row,
    cells_of,
    fill_regions,
    find_regions,
    join_stripes,
    page_frames,
)
from pipelines.records import Block, BlockKind


@dataclass(slots=True)
class _Run:
    """Lines of one column in one band of a page, or what stands between them."""

    page: int
    lines: list[Line]
    top: float = 0.0


@dataclass(slots=True)
class _Page:
    raw: RawPage
    free: list[Span] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    rules: list[Shape] = field(default_factory=list)
    runs: list[_Run] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    tables: list[tuple[float, float, Part]] = field(default_factory=list)
    boxes: list[tuple[float, float, list[Line]]] = field(default_factory=list)
    aside: list[Line] = field(default_factory=list)


class Layout:
    """Builds a document's blocks batch by batch, so that long documents do not fill memory."""

    def __init__(self) -> None:
        self.composer = Composer()
        self._flow: Flow | None = None
        self._last = learn.Habits()

    def take(self, pages: Sequence[RawPage]) -> None:
        """Lay out a batch of pages that follow each other."""
        for page in pages:
            if page.turned:
                self.composer.turns[page.number] = (page.turned, page.width, page.height)
            drawn_signs(page)
        drop_furniture(pages)
        frames = page_frames(pages)
        laid = [_regions(page, frames) for page in pages]
        _settle_regions(laid)
        _columns(laid)
        habits = _habits(laid)
        flow = Flow(habits)
        if self._flow is not None:
            flow.resume(self._flow)
        for laid_page in laid:
            self._page(laid_page, flow, habits)
        self._flow = flow
        done = flow.finished()
        self.composer.add(done, habits)
        self._last = habits

    def finish(self) -> tuple[tuple[Block, ...], str]:
        """Hand over the document's blocks and text."""
        if self._flow is not None:
            self._flow.close()
            self.composer.add(self._flow.finished(), self._last)
        return self.composer.finish()

    def _page(self, page: _Page, flow: Flow, habits: learn.Habits) -> None:
        items: list[tuple[float, float, int, object]] = []
        for order, run in enumerate(page.runs):
            for line in run.lines:
                items.append((order, line.base, 0, line))
        extras = [*page.tables, *((x, y, lines) for x, y, lines in page.boxes)]
        for x, top, thing in extras:
            order = _order_at(page, x, top)
            items.append((order, top, 1, thing))
        items.sort(key=lambda item: (item[0], item[1], item[2]))
        for _, _, _, thing in items:
            if isinstance(thing, Line):
                flow.feed(thing)
            elif isinstance(thing, Part):
                flow.insert([thing])
            elif isinstance(thing, list):
                inner = Flow(habits, boxed=True)
                for line in thing:
                    inner.feed(line)
                flow.insert(inner.parts)
        if page.notes:
            flow.insert(_footnotes(page.notes, habits, flow.parts))
        if page.aside:
            inner = Flow(habits, boxed=True)
            for line in page.aside:
                inner.feed(line)
            flow.insert(inner.parts)


def _order_at(page: _Page, x: float, top: float) -> int:
    """The run that a table or box at a place belongs behind."""
    best = 0
    for order, run in enumerate(page.runs):
        if not run.lines:
            continue
        line = run.lines[0]
        inside = line.left - 6 <= x + 1 and x < line.right + 6
        if inside and run.lines[0].base - line.size <= top:
            best = order
        elif inside and order and best == 0 and run.lines[0].base > top:
            best = max(best, order if len(page.runs) > 1 else 0)
            break
    return best


def _footnotes(lines: Sequence[Line], habits: learn.Habits, parts: list[Part]) -> list[Part]:
    found: list[Part] = []
    for line in lines:
        if opens_note(line) or (not found and not any(p.kind is BlockKind.FOOTNOTE for p in parts)):
            found.append(Part(BlockKind.FOOTNOTE, page=line.page))
            found[-1].add(line)
        elif found:
            found[-1].add(line)
        else:
            last = next(p for p in reversed(parts) if p.kind is BlockKind.FOOTNOTE)
            last.add(line)
    return found


def _regions(raw: RawPage, frames: Collection[tuple[int, ...]]) -> _Page:
    page = _Page(raw)
    page.regions, page.rules = find_regions(raw, frames)
    spans = [s for s in raw.spans if s.angle == 0]
    if len(spans) < len(raw.spans):
        turned = [s for s in raw.spans if s.angle != 0]
        page.aside = columns.set_lines(turned, page=raw.number, left=0.0, right=raw.width)
    page.free = fill_regions(page.regions, spans)
    page.free = join_stripes(page.regions, page.free)
    page.regions = [r for r in page.regions if r.spans]
    return page


def _settle_regions(pages: Sequence[_Page]) -> None:
    """Decide what each region is: a table, a box, or a heading on a coloured bar."""
    for index, page in enumerate(pages):
        after = pages[index + 1].regions[:1] if index + 1 < len(pages) else []
        for region in page.regions:
            cells = cells_of(region)
            box = (region.x0, region.top, region.x1, region.bottom)
            if cells is not None:
                page.tables.append((region.x0, region.top, _table(cells, page.raw.number, box)))
                continue
            rows = rows_of(region.spans)
            if _is_bar(rows) and not _box_goes_on(page, region, after):
                page.free.extend(region.spans)
                continue
            left = columns.left_edge([row[0].x0 for row in rows])
            lines = columns.set_lines(
                region.spans, page=page.raw.number, left=left, right=region.x1 - (left - region.x0)
            )
            page.boxes.append((region.x0, region.top, lines))


def _is_bar(rows: Sequence[Sequence[Span]]) -> bool:
    """A line on a ground or in a frame of its own, or two in bold: a heading, or a rating."""
    bold = all(s.face.bold for row in rows for s in row)
    return len(rows) == 1 and sum(len(s.text) for s in rows[0]) <= 70 or (len(rows) == 2 and bold)


def _box_goes_on(page: _Page, region: Region, after: Sequence[Region]) -> bool:
    """Whether the box's title was left alone at the page's foot, its text on the next page."""
    lowest = max((s.base for s in page.raw.spans if s.angle == 0), default=0.0)
    return (
        bool(after)
        and max(s.base for s in region.spans) >= lowest - 1
        and abs(after[0].x0 - region.x0) < 4
        and abs(after[0].x1 - region.x1) < 4
    )


def _table(
    cells: list[list[list[Span]]], page: int, box: tuple[float, float, float, float]
) -> Part:
    rows = tuple(tuple(cell_text(cell, page) for cell in row) for row in cells)
    part = Part(BlockKind.TABLE, page=page)
    part.rows = tuple(row for row in rows if any(row))
    part.cells = box
    return part


def _columns(pages: Sequence[_Page]) -> None:
    body = body_size([page.raw for page in pages])
    pieces = [columns.strips(page.free) for page in pages]
    own = [
        columns.find_gutter(found, page.raw.width)
        for found, page in zip(pieces, pages, strict=True)
    ]
    gutters = columns.learn_gutters(
        [(g, found) for g, found in zip(own, pieces, strict=True) if g is not None]
    )
    bands: list[list[list[list[Span]]]] = []
    for page, found, gutter in zip(pages, pieces, own, strict=True):
        best = columns.choose_gutter(found, gutters, gutter) if gutters else None
        bands.append(columns.split_bands(page.free, best, body=body))
    frames = _frames(pages, bands)
    for page, page_bands in zip(pages, bands, strict=True):
        frame = frames[page.raw.number % 2]
        band_number = 0
        for band in page_bands:
            for index, spans in enumerate(band):
                if not spans:
                    continue
                left, right = frame[min(len(band), 2) - 1][index if len(band) > 1 else 0]
                band_number += 1
                _take_run(page, spans, left, right, band_number)


def _frames(
    pages: Sequence[_Page], bands: Sequence[list[list[list[Span]]]]
) -> list[list[list[tuple[float, float]]]]:
    """Column edges for left and right pages: [parity][columns - 1][index] -> (left, right)."""
    starts: dict[tuple[int, int, int], list[float]] = {}
    ends: dict[tuple[int, int, int], list[float]] = {}
    for page, page_bands in zip(pages, bands, strict=True):
        for band in page_bands:
            for index, spans in enumerate(band):
                key = (page.raw.number % 2, min(len(band), 2), index)
                for row in rows_of(spans):
                    starts.setdefault(key, []).append(row[0].x0)
                    ends.setdefault(key, []).append(max(s.x1 for s in row))
    found: list[list[list[tuple[float, float]]]] = [[[], []], [[], []]]
    for count in (1, 2):
        for index in range(2):
            left, right = columns.facing_edges(
                [starts.get((parity, count, index), []) for parity in (0, 1)],
                [ends.get((parity, count, index), []) for parity in (0, 1)],
            )
            found[0][count - 1].append(left)
            found[1][count - 1].append(right)
    return found


def _take_run(page: _Page, spans: list[Span], left: float, right: float, band: int) -> None:
    rows = rows_of(spans)
    rest: list[list[Span]] = []
    at = 0
    for begin, end, cells in _open_tables(rows):
        rest.extend(rows[at:begin])
        at = end
        box_spans = [s for row in rows[begin:end] for s in row]
        box = (
            min(s.x0 for s in box_spans),
            min(s.base - s.size for s in box_spans),
            max(s.x1 for s in box_spans),
            max(s.base for s in box_spans) + 2,
        )
        page.tables.append((box[0], box[1], _table(cells, page.raw.number, box)))
    rest.extend(rows[at:])
    lines = []
    for index, row in enumerate(rest):
        if index in (0, len(rest) - 1) and len(row) == 1 and _is_crumb(row[0]):
            continue
        line = line_of(row, page=page.raw.number, left=left, right=right)
        if line is not None:
            line.band = band
            lines.append(line)
    page.runs.append(_Run(page.raw.number, lines))


def _is_crumb(span: Span) -> bool:
    """A single small letter at a page's edge: what a browser cuts off a line of another page."""
    text = span.text.strip()
    return len(text) == 1 and text.islower()


def _open_tables(rows: Sequence[list[Span]]) -> list[tuple[int, int, list[list[list[Span]]]]]:
    """Runs of rows whose cells stand under each other without rules."""
    found: list[tuple[int, int, list[list[list[Span]]]]] = []
    parts = [cells_in_row(row) for row in rows]
    index = 0
    while index < len(rows):
        if len(parts[index]) < 2:
            index += 1
            continue
        end = _table_end(rows, parts, index)
        if end - index >= 2 and sum(len(p) > 1 for p in parts[index:end]) >= 2:
            cells = aligned_cells(rows[index:end])
            if cells is not None:
                found.append((index, end, cells))
                index = end
                continue
        index += 1
    return found


def _table_end(rows: Sequence[list[Span]], parts: Sequence[list[list[Span]]], start: int) -> int:
    end = start + 1
    last_wide = start
    anchors = [seg[0].x0 for seg in parts[start][1:]]
    ends = [max(s.x1 for s in seg) for seg in parts[start][1:]]
    while end < len(rows):
        gap = rows[end][0].base - rows[end - 1][0].base
        if gap > 4.2 * rows[end][0].size:
            break
        if len(parts[end]) > 1:
            here = [seg[0].x0 for seg in parts[end][1:]]
            stop = [max(s.x1 for s in seg) for seg in parts[end][1:]]
            aligned = any(abs(a - b) < 2.5 for a in anchors for b in here) or any(
                abs(a - b) < 2.5 for a in ends for b in stop
            )
            if not aligned:
                break
            anchors.extend(here)
            ends.extend(stop)
            last_wide = end
        elif (
            end - last_wide > 3
            or rows[end][0].x0 + 4 > min(anchors)
            or max(s.x1 for s in rows[end]) > min(anchors) - 4
        ):
            break
        end += 1
    return last_wide + 1 + _tail(rows, parts, last_wide, end)


def _tail(
    rows: Sequence[list[Span]], parts: Sequence[list[list[Span]]], last: int, end: int
) -> int:
    """Rows after the last wide one that go on its first cell: as close as lines of a cell are."""
    count = 0
    for index in range(last + 1, end):
        gap = rows[index][0].base - rows[index - 1][0].base
        before = rows[last][0].base - rows[last - 1][0].base if last else gap * 2
        if len(parts[index]) > 1 or gap > 1.45 * rows[index][0].size or gap >= before * 0.95:
            break
        count += 1
    return count


def _habits(pages: Sequence[_Page]) -> learn.Habits:
    habits = learn.Habits()
    everything = [line for page in pages for run in page.runs for line in run.lines]
    habits.body = learn.body_size(everything)
    habits.called = any(line.notes for line in everything)
    for page in pages:
        for run in page.runs:
            run.lines, notes = split_notes(
                run.lines, page.rules, body=habits.body, called=habits.called
            )
            page.notes.extend(notes)
    runs = [run.lines for page in pages for run in page.runs if run.lines]
    runs.extend(lines for page in pages for _, _, lines in page.boxes)
    habits.leading = learn.leading(runs, habits.body)
    habits.edges = learn.line_ends(line for run in runs for line in run)
    learn.learn_bullets(runs, habits)
    learn.learn_words(runs, habits)
    return habits
