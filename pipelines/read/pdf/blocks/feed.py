"""Lines, tables, boxes and notes of pages, fed to the flow in the order in which they are read."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.read.pdf.blocks.flow import Flow
from pipelines.read.pdf.lines.notes import note_mark
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.habits import Habits
from pipelines.read.pdf.model.laid import LaidPage, Place, Turn
from pipelines.read.pdf.model.line import Line
from pipelines.read.pdf.model.part import Part
from pipelines.read.pdf.tables.cells import join_lines
from pipelines.read.pdf.tables.parts import join_grids
from pipelines.records import BlockKind

_SIGNED = 3  # bold paragraphs that are not headings, where a box holds nothing else
_SAME_WIDTH = 4.0  # points between the widths of a table's two halves
_TITLE = 120  # letters of a title at most

# Where something stands on its page, how high, whether it is drawn, and what it is.
_Item = tuple[Place, float, int, Line | Part | list[Line]]


class Feeder:
    """Feeds batches of pages; what a page end leaves open continues with the next batch."""

    def __init__(self) -> None:
        self._flow = Flow(Habits())
        self._table: Part | None = None  # nothing was fed since
        self._column: Place | None = None  # that was fed last
        self._held: list[_Item] = []  # of the second of two lists abreast

    def take(self, pages: Sequence[LaidPage], habits: Habits) -> None:
        """Feed the pages of a batch."""
        self._flow.read_on(habits)
        for page in pages:
            self._page(page)

    @property
    def habits(self) -> Habits:
        """Those of the latest batch."""
        return self._flow.habits

    @property
    def parts(self) -> list[Part]:
        """The parts that are not handed over yet."""
        return self._flow.parts

    def finished(self) -> list[Part]:
        """Hand over the parts that nothing can be added to any more."""
        return self._flow.finished()

    def finish(self) -> None:
        """End what is open: no page follows."""
        self._release()
        self._flow.close()

    def _page(self, page: LaidPage) -> None:
        """Feed a page's lines in reading order, tables and boxes where they stand among them."""
        items: list[_Item] = [
            (run.place, line.base, 0, line) for run in page.runs for line in run.lines
        ]
        items += [(thing.place, thing.top, 1, thing.content) for thing in page.things]
        if _is_figure(page, self.habits):
            # Its title heads nothing else; what was open goes on over it.
            titles = [line for run in page.runs for line in run.lines]
            self._flow.insert(_boxed(titles, self.habits))
            items = []
        self._column = None
        for item in sorted(items, key=lambda item: item[:3]):
            place = item[0]
            lists = page.turns.get(place[0])
            turn = lists and lists.turn
            begins = turn is Turn.BEGIN and not place[1] and place != self._column
            if turn is None or begins:
                self._release()
            if turn in (Turn.BEGIN, Turn.GO_ON) and place[1]:
                self._held.append(item)
            else:
                self._feed(item)
        if page.notes:
            self._flow.insert(_footnotes(page.notes, self.parts))
        if page.aside:
            self._flow.insert(_boxed(page.aside, self.habits))

    def _release(self) -> None:
        """Feed the second of two lists abreast, once the first has come to its end."""
        held, self._held = self._held, []
        for item in held:
            self._feed(item)

    def _feed(self, item: _Item) -> None:
        place, _, _, thing = item
        first, self._column = place != self._column, place
        if isinstance(thing, Line):
            if not self._take_row_end(thing):
                self._table = None
                self._flow.feed(thing)
        elif isinstance(thing, Part):
            if not first or not _join_table(thing, self.parts):
                self._flow.insert([thing])
                self._table = thing
        else:
            self._flow.insert(_boxed(thing, self.habits, self.parts))

    def _take_row_end(self, line: Line) -> bool:
        """Give the last row of a table the lines of its first cell that the next column opens."""
        table = self._table
        if table is None or not table.cells or line.marker is not None:
            return False
        cell = table.rows[-1][0]
        if not cell or cell.endswith((".", "?", "!", ":")):
            return False
        over = line.page == table.page + 1 or (
            line.page == table.page and line.base < table.cells[1]
        )
        if not over or not line.text[:1].islower():
            return False
        table.rows = (*table.rows[:-1], (join_lines([cell, line.text]), *table.rows[-1][1:]))
        return True


def _is_figure(page: LaidPage, habits: Habits) -> bool:
    """Whether a page holds only a drawing, with its bold title over it and small labels."""
    lines = [line for run in page.runs for line in run.lines]
    # What reaches over two rows of text; a rule or a bar under a heading does not.
    areas = [s for s in page.raw.shapes if min(s.width, s.height) > 2 * habits.body]
    low = max((shape.bottom for shape in areas), default=0.0)
    titles = [line for line in lines if line.size > GEOMETRY.note * habits.body]
    return (
        bool(titles)
        and not page.things
        and not any(line.marker for line in lines)
        and len(titles) < len(lines) + len(page.notes)
        and all(
            line.bold_share > GEOMETRY.bold
            and line.size <= GEOMETRY.head * habits.body
            and line.base < low
            for line in titles
        )
    )


def _boxed(lines: Sequence[Line], habits: Habits, before: Sequence[Part] = ()) -> list[Part]:
    """The parts of a box, which are not part of the text around it.

    What a page end cuts in two is joined: the first may continue the last of those before.
    """
    inner = Flow(habits, boxed=True)
    last = next((p for p in reversed(before) if p.kind is not BlockKind.FOOTNOTE), None)
    if last is not None and last.boxed and last.lines and last.last.page == lines[0].page - 1:
        inner.go_on(last)
    for line in lines:
        inner.feed(line)
    _settle_bold(inner.parts)
    return inner.parts


def _settle_bold(parts: Sequence[Part]) -> None:
    """Settle what the bold lines of a box are.

    Over lighter text they are its title, even with a full stop. Where all is bold, nothing is a
    heading: names and posts of those who sign.
    """
    light = [min(line.bold_share for line in part.lines) <= GEOMETRY.bold for part in parts]
    if not any(light):
        for part in parts:
            part.heads = len(parts) < _SIGNED
        return
    for part in parts[: light.index(True)]:
        letters = sum(len(line.text) for line in part.lines)
        if part.kind is BlockKind.PARAGRAPH and letters <= _TITLE:
            part.kind = BlockKind.HEADING


def _join_table(table: Part, parts: Sequence[Part]) -> bool:
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
    if abs(wide - narrow) > _SAME_WIDTH:
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
    """The notes at the foot of a page; one without a mark may continue from the page before."""
    last = next((p for p in reversed(parts) if p.kind is BlockKind.FOOTNOTE), None)
    found: list[Part] = []
    for line in lines:
        goes_on = last is not None and line.page - last.last.page <= 1
        if note_mark(line) or last is None or not goes_on:
            last = Part(BlockKind.FOOTNOTE, page=line.page)
            found.append(last)
        last.add(line)
    return found
