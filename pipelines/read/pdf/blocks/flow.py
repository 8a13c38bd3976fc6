"""Lines to parts: which line starts a heading, paragraph or bullet, and which continues one.

A part remains open across page ends, footnotes and boxes until a line shows it is finished.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from pipelines.read.pdf.blocks.runon import ENDS, Continuity, has_unbulleted, opens_inner_line
from pipelines.read.pdf.lines.learn import follow_indent, is_bullet
from pipelines.read.pdf.lines.style import keep_marker
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.habits import Habits
from pipelines.read.pdf.model.line import Line, is_number
from pipelines.read.pdf.model.part import Part
from pipelines.read.pdf.tables.parts import holds_list
from pipelines.records import BlockKind

_DASHES = "–—-"  # what may stand in a sentence, and open a line of it


class Flow:
    """Builds the parts of one run of text: the body of a document, a box, its footnotes."""

    def __init__(self, habits: Habits, *, boxed: bool = False) -> None:
        self.read_on(habits)
        self._boxed = boxed
        self._open: Part | None = None
        self.parts: list[Part] = []
        self._broken = False

    def read_on(self, habits: Habits) -> None:
        """Judge the lines that follow by other habits; the open part may continue."""
        self.habits = habits
        self._judge = Continuity(habits)

    def insert(self, parts: Iterable[Part]) -> None:
        """Put finished parts after the open one, which may continue."""
        self.parts.extend(parts)
        self._broken = True

    def go_on(self, part: Part) -> None:
        """Let lines continue a part that another flow began on the page before."""
        self._open, self._broken = part, True

    def finished(self) -> list[Part]:
        """Hand over the parts that nothing can be added to any more."""
        keep = self.parts.index(self._open) if self._open in self.parts else len(self.parts)
        done, self.parts = self.parts[:keep], self.parts[keep:]
        return done

    def close(self) -> None:
        """End the open part."""
        self._open = None

    def feed(self, line: Line) -> None:
        """Take the next line of the run."""
        habits = self.habits
        broken, self._broken = self._broken, False
        if is_bullet(line, habits) and not self._is_wrapped(line, broken):
            self._item(line, BlockKind.BULLET)
            return
        if self._starts_numbered(line, broken):
            self._item(line, BlockKind.NUMBERED)
            return
        keep_marker(line)
        if self._open is not None and self._judge.continues(self._open, line, broken):
            self._open.add(line)
            return
        if self._open is not None and opens_inner_line(self._open, line):
            self._open.nested = line.indent
            self._open.add(line, item=True)
            return
        self._begin(Part(BlockKind.PARAGRAPH, indent=line.indent, follow=line.indent), line)

    def _is_wrapped(self, line: Line, broken: bool) -> bool:
        """Whether a dash that opens a line is a dash of the sentence before it."""
        part, marker = self._open, line.marker
        if part is None or marker is None or line.text[:1].isupper() or marker.text not in _DASHES:
            return False
        near = abs(line.indent - part.edges[0]) <= GEOMETRY.bullet
        wide = marker.text_x - marker.x > 1.3 * line.size
        unfinished = not part.last.text.endswith((*ENDS, ","))
        full = not self._judge.ends(part.last, line)
        return (
            near and unfinished and full and not wide and self._judge.continues(part, line, broken)
        )

    def _begin(self, part: Part, line: Line) -> None:
        part.add(line)
        part.page = line.page
        part.boxed = self._boxed
        self._open = part
        self.parts.append(part)

    def _item(self, line: Line, kind: BlockKind) -> None:
        follow = follow_indent(line, self.habits)
        part = self._open
        if (
            part is not None
            and part.kind in (BlockKind.BULLET, BlockKind.NUMBERED)
            and self._is_nested(part, line, kind)
        ):
            part.nested = follow
            part.add(line, item=True)
            return
        marker = line.marker.text if line.marker is not None else ""
        self._begin(Part(kind, marker=marker, indent=line.indent, follow=follow), line)

    def _is_nested(self, part: Part, line: Line, kind: BlockKind) -> bool:
        bullet = line.marker.text if line.marker is not None else ""
        if bullet == part.marker and has_unbulleted(part):
            return False  # nested items have no bullets here
        marker = line.marker
        text_at = marker.text_x - line.left if marker is not None and marker.text_x else 0.0
        if part.kind is kind is BlockKind.BULLET and abs(text_at - part.follow) <= GEOMETRY.start:
            return False  # the bullet is indented, the text is not
        other = bullet != part.marker
        return line.indent > part.indent + (2.0 if other else 4.5)

    def _starts_numbered(self, line: Line, broken: bool) -> bool:
        marker, part = line.marker, self._open
        if marker is None or not is_number(marker):
            return False
        if line.bold_share > 0.6 and not (self.habits.bold_starts and marker.text_x):
            return False
        if line.size > GEOMETRY.head * self.habits.body:
            return False
        if part is None:
            return True
        if part.kind is BlockKind.NUMBERED and abs(line.indent - part.indent) < GEOMETRY.edge:
            return True
        beside = [li for li in part.lines[1:] if abs(li.indent - line.indent) <= GEOMETRY.start]
        opened = part.last.text.endswith(":") or any(is_number(li.marker) for li in beside)
        if part.kind is BlockKind.BULLET and opened and marker.text_x:
            return True  # nested where the text of its item stands
        return not self._judge.continues(part, line, broken)


def listed_parts(table: Part, habits: Habits) -> list[Part]:
    """The headings, paragraphs and items in a table's cells, in the order in which people read.

    Columns one after the other, or row by row where lists begin in the first row or the first
    column but numbers the rows.
    """
    grid = table.grid
    flow = Flow(habits, boxed=True)
    if any(map(holds_list, grid[0])) or _is_numbered(table):
        lists = [[cell for row in grid for cell in row]]
    else:
        columns = range(max(map(len, grid)))
        lists = [[row[at] for row in grid if at < len(row)] for at in columns]
    for cells in lists:
        for line in chain.from_iterable(cells):
            flow.feed(line)
        flow.close()
    return flow.parts


def _is_numbered(table: Part) -> bool:
    """Whether the first column but numbers the rows under the head, and one other has lists."""
    numbers = [row[0].strip("., )") for row in table.rows[1:] if row and row[0]]
    listed = {c for row in table.grid for c, cell in enumerate(row) if holds_list(cell)}
    return len(numbers) > 1 and all(map(str.isdecimal, numbers)) and len(listed) == 1
