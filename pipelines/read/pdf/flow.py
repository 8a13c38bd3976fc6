"""Lines to parts: which line starts a heading, paragraph or bullet, and which goes on with one.

A part stays open over page ends, footnotes and boxes until a line shows that it is finished:
by its indent, its distance, its style, or because the line before it had room to spare.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipelines.read.pdf.leads import is_number
from pipelines.read.pdf.learn import Habits, ends_early, follow_indent, is_bullet
from pipelines.read.pdf.lines import Line
from pipelines.read.pdf.looks import (
    QUOTES,
    ends_heading,
    is_parted_heading,
    keep_lead,
    leads_to_top,
    looks_like_heading,
    looks_like_quote,
    style_of,
)
from pipelines.read.pdf.parts import Part, is_head_alone, is_next_number, usual_step
from pipelines.records import BlockKind

_PLAY = 3.0
_ENDS = (".", "!", "?", ":", ";", "”", '"', "’", ")")


def _reach(first: Line) -> float:
    """How far from where it is thought to be the text's edge may lie: a glued sign hides it."""
    glued = first.lead is not None and not first.lead.text_x
    return 1.2 * first.size if glued else _PLAY


class Flow:
    """Builds the parts of one run of text: the body of a document, a box, its footnotes."""

    def __init__(self, habits: Habits, *, boxed: bool = False) -> None:
        self._habits = habits
        self._boxed = boxed
        self._open: Part | None = None
        self.parts: list[Part] = []
        self._broken = False

    def insert(self, parts: Iterable[Part]) -> None:
        """Put finished parts after the open one, which may go on."""
        self.parts.extend(parts)
        self._broken = True

    def resume(self, earlier: Flow) -> None:
        """Go on where an earlier flow stopped: its open part may continue."""
        self._open = earlier._open
        self._broken = earlier._broken
        self.parts = earlier.parts

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
        habits = self._habits
        broken, self._broken = self._broken, False
        if is_bullet(line, habits) and not self._is_wrapped(line, broken):
            self._item(line, BlockKind.BULLET)
            return
        if self._starts_numbered(line, broken):
            self._item(line, BlockKind.NUMBERED)
            return
        keep_lead(line)
        if self._open is not None and self._goes_on(self._open, line, broken):
            self._open.add(line)
            return
        if self._open is not None and self._leaves_item(self._open, line, broken):
            first = self._open.take_back()
            self._begin(Part(BlockKind.PARAGRAPH, indent=first.indent, follow=line.indent), first)
            self._open.add(line)
            return
        self._begin(Part(BlockKind.PARAGRAPH, indent=line.indent, follow=line.indent), line)

    def _is_wrapped(self, line: Line, broken: bool) -> bool:
        """Whether a dash that opens a line is a dash of the sentence before it."""
        part, lead = self._open, line.lead
        if part is None or lead is None or lead.strong or line.text[:1].isupper():
            return False
        if lead.apart and part.kind is BlockKind.BULLET:
            return False
        wanted = part.follow if part.nested is None else part.nested
        flush = abs(follow_indent(line, self._habits) - line.indent) <= 2
        if not flush and any(abs(line.indent - at) <= 1.2 for at in self._habits.solid):
            return False
        near = abs(line.indent - wanted) <= 1.2 and (broken or line.base > part.last.base)
        wide = lead.text_x - lead.x > 1.3 * line.size
        unfinished = not part.last.text.endswith((*_ENDS, ","))
        if not near or not unfinished or wide or self._ends(part.last, line):
            return False
        return self._goes_on(part, line, broken)

    def _begin(self, part: Part, line: Line) -> None:
        part.add(line)
        part.page = line.page
        part.boxed = self._boxed
        self._open = part
        self.parts.append(part)

    def _item(self, line: Line, kind: BlockKind) -> None:
        follow = follow_indent(line, self._habits)
        part = self._open
        if (
            part is not None
            and part.kind in (BlockKind.BULLET, BlockKind.NUMBERED)
            and self._is_nested(part, line)
        ):
            part.nested = follow
            part.add(line, item=True)
            return
        marker = line.lead.text if line.lead is not None else ""
        self._begin(Part(kind, marker=marker, indent=line.indent, follow=follow), line)

    def _is_nested(self, part: Part, line: Line) -> bool:
        sign = line.lead.text if line.lead is not None else ""
        if is_next_number(part.marker, sign):
            return False
        if sign == part.marker and abs(line.x0 - part.lines[0].x0) <= 1.5:
            return False  # the page has another edge, not the item
        other = sign != part.marker
        return line.indent > part.indent + (2.0 if other else 4.5)

    def _starts_numbered(self, line: Line, broken: bool) -> bool:
        lead, part = line.lead, self._open
        if lead is None or not is_number(lead):
            return False
        if line.bold_share > 0.6 or line.size > 1.08 * self._habits.body:
            return False
        if part is None:
            return True
        if part.kind is BlockKind.NUMBERED and abs(line.indent - part.indent) < _PLAY:
            return True
        if not lead.text[0].isdigit() and not lead.text_x:
            return False
        if (
            lead.text_x
            and lead.text_x - lead.x < 0.9 * line.size
            and not looks_like_heading(part.last, self._habits)
        ):
            return not self._goes_on(part, line, broken)
        return not self._goes_on(part, line, broken) or bool(
            lead.text_x and abs(line.indent - part.follow) > _PLAY
        )

    def _goes_on(self, part: Part, line: Line, broken: bool) -> bool:
        """Whether a line without a sign of its own belongs to the open part."""
        before = part.last
        if abs(line.size - before.size) > 0.07 * max(line.size, before.size):
            return False
        if part.kind is BlockKind.TABLE or leads_to_top(before):
            return False
        if leads_to_top(line) and before.text.endswith(_ENDS):
            return False
        if style_of(line) != style_of(before) and (
            self._ends(before, line) or before.text.endswith(_ENDS)
        ):
            return False
        if is_head_alone(part, line):
            return False
        apart = line.page != before.page or line.band != before.band or broken
        if apart or line.base <= before.base:
            return self._goes_over(part, line, before)
        return self._follows(part, line, before)

    def _follows(self, part: Part, line: Line, before: Line) -> bool:
        """The next line on the same page."""
        habits = self._habits
        step = (line.base - before.base) / max(line.size, 1.0)
        usual = usual_step(part, habits)
        if step > 1.36 * usual:
            return part.kind is BlockKind.BULLET and self._second_paragraph(part, line, step)
        if not self._stands_right(part, line, before):
            return False
        if self._hangs(part, line):
            return not (looks_like_quote(line) and self._ends(before, line))
        if looks_like_heading(before, habits):
            least = habits.head_step.get(round(line.size * 2), usual)
            return step <= min(1.3 * usual, 1.25 * max(least, 1.0)) and not ends_heading(
                before, line
            )
        starts = line.text[:1]
        fresh = starts.isupper() or starts.isdigit() or starts in QUOTES
        if step > 1.13 * usual:
            # A line with a raised mark may stand a little lower than the others.
            if line.notes or before.notes:
                return not (fresh and before.text.endswith(_ENDS)) and not self._ends(before, line)
            return not fresh and step <= 1.22 * usual and not self._ends(before, line)
        if self._ends(before, line):
            return not (
                fresh or style_of(line) != style_of(before) or before.text.endswith((":", ";"))
            )
        return True

    def _hangs(self, part: Part, line: Line) -> bool:
        """Whether a line stands where only the wrapped lines of this item stand."""
        wanted = part.follow if part.nested is None else part.nested
        return (
            part.kind in (BlockKind.BULLET, BlockKind.NUMBERED)
            and wanted > 4
            and (wanted - part.indent > 4 or part.nested is not None)
            and abs(line.indent - wanted) <= 1.5
        )

    def _second_paragraph(self, part: Part, line: Line, step: float) -> bool:
        """A further paragraph inside a hanging bullet, set at the indent of its text."""
        hanging = part.follow - part.indent > 4 and part.follow > 4
        inside = abs(line.indent - part.follow) <= 1.5
        if not hanging or not inside or step > 3 * self._habits.leading:
            return False
        return not looks_like_quote(line) and line.bold_share < 0.5

    def _leaves_item(self, part: Part, line: Line, broken: bool) -> bool:
        """Whether the last line, taken for a further paragraph of an item, begins one of its own.

        Its first line is set in as far as the text of the items; this one, after it, is not.
        """
        before = part.last
        return (
            part.kind is BlockKind.BULLET
            and len(part.lines) > 1
            and not broken
            and line.page == before.page
            and line.band == before.band
            and part.follow - 4 > line.indent >= -_PLAY
            and part.indent >= line.indent - 1.5
            and 0 < line.base - before.base <= 1.13 * self._habits.leading * line.size
            and before.base - part.lines[-2].base > 1.36 * self._habits.leading * before.size
        )

    def _stands_right(self, part: Part, line: Line, before: Line) -> bool:
        if part.kind in (BlockKind.BULLET, BlockKind.NUMBERED):
            wanted = part.follow if part.nested is None else part.nested
            if abs(line.indent - wanted) <= _PLAY:
                return True
            if part.nested is not None and abs(line.indent - part.follow) <= _PLAY:
                return True
            if len(part.lines) > 1 and abs(line.indent - before.indent) <= 1.5:
                return not before.lead
            return (
                len(part.lines) == 1
                and part.indent - 1.5 <= line.indent <= wanted + _reach(before)
                and not self._ends(before, line)
            )
        if abs(line.x0 - before.x0) <= _PLAY:
            return True
        middle = abs((line.x0 + line.x1) - (before.x0 + before.x1)) / 2 <= 3.0
        if middle and line.indent > 4:
            return True
        # A first line may stand in or out of the paragraph's edge.
        goes_on = line.text[:1].islower() and not before.text.endswith(_ENDS)
        return (
            len(part.lines) == 1
            and abs(line.x0 - before.x0) < 45
            and (goes_on or not self._ends(before, line))
        )

    def _goes_over(self, part: Part, line: Line, before: Line) -> bool:
        """The first line after a page's or column's end, or after a box."""
        if looks_like_heading(before, self._habits) or looks_like_heading(line, self._habits):
            return is_parted_heading(before, line, self._habits)
        starts = line.text[:1]
        open_ = not before.text.endswith(_ENDS)
        # Words in quotation marks may go on a sentence that a page's end parts.
        quoted = looks_like_quote(line) and not looks_like_quote(part.lines[0])
        if quoted and (not open_ or line.italic_share > 0.85 or self._ends(before, line)):
            return False
        unfinished = open_ or starts.islower()
        if part.kind in (BlockKind.BULLET, BlockKind.NUMBERED):
            wanted = [part.follow] if part.nested is None else [part.nested, part.follow]
            if not any(abs(line.indent - w) <= _PLAY for w in wanted):
                return False
            return unfinished or not self._ends(before, line)
        if abs(line.indent - before.indent) > _PLAY and not (
            len(part.lines) == 1 and line.indent < before.indent
        ):
            return False
        fresh = starts.isupper() or re.match(r"\d+\.\d", line.text) is not None
        return unfinished and not (self._ends(before, line) and fresh)

    def _ends(self, before: Line, line: Line) -> bool:
        return ends_early(before, line, self._habits)
