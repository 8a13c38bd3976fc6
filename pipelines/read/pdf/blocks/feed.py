"""Pages to blocks: the layout stage that both ways of reading a PDF share.

Regions, furniture, columns, lines and footnotes of a batch of pages are found first; what they
teach (sizes, distances, signs) then decides how lines become blocks.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.read.pdf.blocks.compose import Composer
from pipelines.read.pdf.blocks.flow import Flow
from pipelines.read.pdf.clean.accents import set_accents
from pipelines.read.pdf.clean.drawn import drawn_signs
from pipelines.read.pdf.clean.furniture import drop_furniture
from pipelines.read.pdf.clean.overlays import drop_overlays
from pipelines.read.pdf.clean.sheets import Sheets
from pipelines.read.pdf.lines import learn
from pipelines.read.pdf.lines.notes import is_stray_call, opens_note, split_notes
from pipelines.read.pdf.model.laid import Page, Place, Turn
from pipelines.read.pdf.model.line import Line
from pipelines.read.pdf.model.page import RawPage
from pipelines.read.pdf.model.part import Part
from pipelines.read.pdf.tables.cells import join_lines
from pipelines.read.pdf.tables.kinds import lay_out
from pipelines.read.pdf.tables.parts import join_grids
from pipelines.records import Block, BlockKind

# Where something stands on its page, how high, whether it is drawn, and what it is.
_Item = tuple[Place, float, int, Line | Part | list[Line]]


class Layout:
    """Builds a document's blocks batch by batch, so that long documents do not fill memory."""

    def __init__(self) -> None:
        self._sheets = Sheets()
        self.composer = Composer(self._sheets.halves)
        self._flow: Flow | None = None
        self._last = learn.Habits()
        self._table: Part | None = None  # nothing was fed since
        self._tail: Line | None = None  # the latest line that went on with it
        self._column: Place | None = None  # that was fed last
        self._held: list[_Item] = []  # of the second of two lists abreast

    def take(self, pages: Sequence[RawPage]) -> None:
        """Lay out a batch of pages that follow each other."""
        pages = self._sheets.part(pages)
        for page in pages:
            if page.roles:
                self.composer.page_roles[page.number] = page.roles
            if page.turned:
                self.composer.turns[page.number] = (page.turned, page.width, page.height)
            drawn_signs(page)
            set_accents(page)
        drop_overlays(pages)
        drop_furniture(pages)
        laid = lay_out(pages)
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
            self._release(self._flow, self._last)
            self._flow.close()
            self.composer.add(self._flow.finished(), self._last)
        return self.composer.finish()

    def _page(self, page: Page, flow: Flow, habits: learn.Habits) -> None:
        """Feed a page's lines in reading order, tables and boxes where they stand among them."""
        items: list[_Item] = [
            (run.place, line.base, 0, line) for run in page.runs for line in run.lines
        ]
        items += [(thing.place, thing.top, 1, thing.content) for thing in page.things]
        self._column = None
        for item in sorted(items, key=lambda item: item[:3]):
            place = item[0]
            turn = page.turns.get(place[0])
            begins = turn is Turn.BEGIN and not place[1] and place != self._column
            if turn is None or begins:
                self._release(flow, habits)
            if turn in (Turn.BEGIN, Turn.GO_ON) and place[1]:
                self._held.append(item)
            else:
                self._feed(item, flow, habits)
        if page.notes:
            flow.insert(_footnotes(page.notes, flow.parts))
        if page.aside:
            flow.insert(_boxed(page.aside, habits))

    def _release(self, flow: Flow, habits: learn.Habits) -> None:
        """Feed the second of two lists abreast, once the first has come to its end."""
        held, self._held = self._held, []
        for item in held:
            self._feed(item, flow, habits)

    def _feed(self, item: _Item, flow: Flow, habits: learn.Habits) -> None:
        place, _, _, thing = item
        first, self._column = place != self._column, place
        if isinstance(thing, Line):
            if not self._ends_row(thing, habits):
                self._table = None
                flow.feed(thing)
        elif isinstance(thing, Part):
            if not first or not _goes_on(thing, flow.parts):
                flow.insert([thing])
                self._table, self._tail = thing, None
        else:
            flow.insert(_boxed(thing, habits, flow.parts))

    def _ends_row(self, line: Line, habits: learn.Habits) -> bool:
        """Give the last row of a table the lines of its first cell that the next column opens."""
        table, tail = self._table, self._tail
        if table is None or table.cells is None or line.lead is not None or not table.rows:
            return False
        cell = table.rows[-1][0]
        if not cell or cell.endswith((".", "?", "!", ":")):
            return False
        if tail is None:
            over = line.page == table.page + 1 or (
                line.page == table.page and line.base < table.cells[1] and line.indent <= 14
            )
            if not over or not line.text[:1].islower() or line.x1 > line.right - 2 * line.size:
                return False
        elif line.page != tail.page or line.base - tail.base > 1.2 * habits.leading * line.size:
            return False
        table.rows = (*table.rows[:-1], (join_lines([cell, line.text]), *table.rows[-1][1:]))
        self._tail = line
        return True


def _boxed(lines: Sequence[Line], habits: learn.Habits, before: Sequence[Part] = ()) -> list[Part]:
    """The parts of a box, which are no part of the text around it.

    What a page's end parts goes on: the first of them may belong to the last of those before.
    """
    inner = Flow(habits, boxed=True)
    last = next((p for p in reversed(before) if p.kind is not BlockKind.FOOTNOTE), None)
    if last is not None and last.boxed and last.lines and last.last.page == lines[0].page - 1:
        inner.go_on(last)
    for line in lines:
        inner.feed(line)
    return inner.parts


def _goes_on(table: Part, parts: Sequence[Part]) -> bool:
    """Join a table at a page's or column's top to the one that the one before broke off."""
    last = next((p for p in reversed(parts) if p.kind is not BlockKind.FOOTNOTE), None)
    if last is None or last.kind is not BlockKind.TABLE or not last.cells or not table.cells:
        return False
    next_column = last.page_end == table.page and table.cells[0] > last.cells[2]
    if last.page_end != table.page - 1 and not next_column:
        return False
    if len(last.rows[-1]) != len(table.rows[0]):
        return False
    wide, narrow = last.cells[2] - last.cells[0], table.cells[2] - table.cells[0]
    if abs(wide - narrow) > 4:
        return False
    if len(table.rows) > 1 and len(last.rows) > 1 and table.rows[0] == last.rows[0]:
        table.rows, table.grid = table.rows[1:], table.grid[1:]  # its heads are set again
    first = table.rows[0]
    started = next((cell for cell in first if cell), "")
    if started[:1].islower() or not all(first):
        joined = tuple(
            join_lines([text for text in pair if text])
            for pair in zip(last.rows[-1], first, strict=True)
        )
        last.rows = (*last.rows[:-1], joined, *table.rows[1:])
    else:
        last.rows = (*last.rows, *table.rows)
    join_grids(last, table)
    return True


def _footnotes(lines: Sequence[Line], parts: Sequence[Part]) -> list[Part]:
    """The notes at the foot of a page; one without a mark goes on from the page before, or not."""
    last = next((p for p in reversed(parts) if p.kind is BlockKind.FOOTNOTE), None)
    found: list[Part] = []
    for line in lines:
        goes_on = last is not None and line.page - last.last.page <= 1
        if opens_note(line) or last is None or not goes_on:
            last = Part(BlockKind.FOOTNOTE, page=line.page)
            found.append(last)
        last.add(line)
    return found


def _habits(pages: Sequence[Page]) -> learn.Habits:
    habits = learn.Habits()
    everything = [line for page in pages for run in page.runs for line in run.lines]
    habits.body = learn.body_size(everything)
    habits.called = any(line.notes for line in everything)
    for page in pages:
        for run in page.runs:
            run.lines, notes = split_notes(
                run.lines, page.rules, body=habits.body, called=habits.called
            )
            run.lines = [ln for ln in run.lines if not is_stray_call(ln, habits.body)]
            page.notes.extend(notes)
    runs = [run.lines for page in pages for run in page.runs if run.lines]
    boxes = [thing.content for page in pages for thing in page.things]
    for box in boxes:
        if isinstance(box, list):
            runs.append(box)
        elif box.listed:
            runs.extend(cell for row in box.grid for cell in row if cell)
    habits.leading = learn.leading(runs, habits.body)
    habits.head_step = learn.heading_steps(runs, habits.body)
    habits.edges = learn.line_ends(line for run in runs for line in run)
    learn.learn_bullets(runs, habits)
    learn.learn_words(runs, habits)
    return habits
