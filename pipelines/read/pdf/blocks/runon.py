"""Whether a line continues the part before it.

By its indent, its distance, its style, or because the line before it had room to spare.
"""

from __future__ import annotations

import re

from pipelines.read.drafts.toplink import without_top_link
from pipelines.read.pdf.lines.learn import ends_early
from pipelines.read.pdf.lines.style import (
    QUOTES,
    ends_heading,
    is_parted_heading,
    looks_like_heading,
    looks_like_quote,
    style_of,
)
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.habits import Habits
from pipelines.read.pdf.model.line import Line
from pipelines.read.pdf.model.part import Part
from pipelines.records import BlockKind

_SAME_SIZE = 0.07  # of a line's size, by which the next may differ
_HEADING, _STEP = 1.3, 1.25  # usual, and least, distances of lines of a heading
_LOOSE = 1.22  # usual distances of lines that a line in small letters may be apart
_HUNG = 45.0  # points by which a paragraph's first line may start left or right of the others
_SET_IN = 0.6  # sizes by which a nested item is indented at least
_REACH = 1.2  # sizes from where it is thought to be that the text's edge may lie
ENDS = (".", "!", "?", ":", ";", "”", '"', "’", ")")
"""What ends a sentence, or may."""


def _is_under_text(part: Part, line: Line) -> bool:
    """Whether a line stands where the text of the item begins, which others may do elsewhere."""
    first = part.lines[0]
    return (
        first.marker is not None
        and first.marker.text_x > 0
        and first.page == line.page
        and abs(line.x0 - first.marker.text_x) <= GEOMETRY.start
    )


def has_unbulleted(part: Part) -> bool:
    """Whether items without a bullet are nested in an item."""
    return any(
        begins and line.marker is None for begins, line in zip(part.joints, part.lines, strict=True)
    )


def opens_inner_line(part: Part, line: Line) -> bool:
    """Whether a line without a bullet is a nested item, under one that ends with a colon."""
    before = part.last
    around = part.edges[0]
    if before.text.endswith(":"):
        placed = line.indent > around + _SET_IN * line.size
    else:
        placed = has_unbulleted(part) and abs(line.indent - around) <= GEOMETRY.start
    return placed and part.kind is BlockKind.BULLET


def _heads_left_of_text(part: Part, line: Line) -> bool:
    """Whether a bold line starts left of an item's text, which is in lighter type and hangs."""
    return (
        part.kind in (BlockKind.BULLET, BlockKind.NUMBERED)
        and part.indent - GEOMETRY.start <= line.indent < part.follow - GEOMETRY.start
        and line.bold_share > GEOMETRY.bold
    )


class Continuity:
    """Judges lines by the habits of their document."""

    def __init__(self, habits: Habits) -> None:
        self._habits = habits

    def continues(self, part: Part, line: Line, broken: bool) -> bool:
        """Whether a line without a bullet of its own belongs to the open part."""
        before = part.last
        if abs(line.size - before.size) > _SAME_SIZE * max(line.size, before.size):
            return False
        if line.entry or line.page < before.page:  # the second of two lists begins
            return False
        linked = without_top_link(line.text)[1] and not looks_like_heading(before, self._habits)
        if linked or without_top_link(before.text)[1]:
            return False
        if style_of(line) != style_of(before):
            new = self.ends(before, line) or before.text.endswith(ENDS)
            new = new or _heads_left_of_text(part, line)
            if (new or is_head_alone(part, line)) and not self._opens_bold(part, line):
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
        if step > GEOMETRY.ended * usual:
            return part.kind is BlockKind.BULLET and self._second_paragraph(part, line)
        if not self._stands_right(part, line, before):
            return False
        if self._hangs(part, line):
            stands_off = step > GEOMETRY.apart * usual and before.text.endswith(ENDS)
            spoken = (
                line.text[:1] in QUOTES
                and line.italic_share > GEOMETRY.styled > before.italic_share
            )
            new = stands_off or spoken or self.ends(before, line)
            return not (looks_like_quote(line) and new)
        if looks_like_heading(before, habits):
            least = habits.head_step.get(round(line.size * 2), usual)
            near = step <= min(_HEADING * usual, _STEP * max(least, 1.0))
            return near and not ends_heading(before, line)
        if line.entry is False and not self.ends(before, line):
            return True
        starts = line.text[:1]
        fresh = starts.isupper() or starts.isdigit() or starts in QUOTES + "©"
        fresh = fresh and not before.text.endswith("-")
        if step > GEOMETRY.apart * usual:
            return not fresh and step <= _LOOSE * usual
        if self.ends(before, line):
            full = before.x1 - before.left > GEOMETRY.full * (before.right - before.left)
            text = abs(line.size - habits.body) < GEOMETRY.size * habits.body
            if habits.spaced and text and full and before.text.endswith("."):
                return starts not in QUOTES
            return not fresh
        return True

    def _hangs(self, part: Part, line: Line) -> bool:
        """Whether a line stands where only the wrapped lines of this item stand."""
        return part.kind in (BlockKind.BULLET, BlockKind.NUMBERED) and any(
            wanted - max(part.indent, 0.0) > GEOMETRY.indent
            and abs(line.indent - wanted) <= GEOMETRY.start
            for wanted in part.edges
        )

    def _opens_bold(self, part: Part, line: Line) -> bool:
        """Whether a line continues an item that is bold so far, or is bold and continues one.

        Some styles set an item's first line in bold, even the first of its rest on the next page.
        """
        before = part.last
        sure = self._habits.bold_starts and not self.ends(before, line)
        if not self._hangs(part, line):
            return sure and bool(part.marker) and not before.text.endswith(ENDS)
        if sure:
            return True
        goes_on = line.bold_share < GEOMETRY.light or line.text[:1].islower()
        return goes_on and not before.text.endswith(ENDS)

    def _second_paragraph(self, part: Part, line: Line) -> bool:
        """A further paragraph inside a hanging bullet, set at the indent of its text."""
        hanging = part.follow - part.indent > GEOMETRY.indent and part.follow > GEOMETRY.indent
        inside = abs(line.indent - part.follow) <= GEOMETRY.start
        return hanging and inside and not looks_like_quote(line)

    def _stands_right(self, part: Part, line: Line, before: Line) -> bool:
        if part.kind in (BlockKind.BULLET, BlockKind.NUMBERED):
            near = any(abs(line.indent - wanted) <= GEOMETRY.edge for wanted in part.edges)
            if near or _is_under_text(part, line):
                return True
            if len(part.lines) > 1 and abs(line.indent - before.indent) <= GEOMETRY.start:
                return not before.marker
            return (
                len(part.lines) == 1
                and part.indent - GEOMETRY.start
                <= line.indent
                <= part.edges[0] + _REACH * before.size
                and not self.ends(before, line)
            )
        if abs(line.x0 - before.x0) <= GEOMETRY.edge:
            return True
        middle = abs((line.x0 + line.x1) - (before.x0 + before.x1)) / 2 <= GEOMETRY.edge
        end = abs(line.x1 - before.x1) <= GEOMETRY.edge and before.indent > GEOMETRY.indent
        if (middle or end) and line.indent > GEOMETRY.indent:
            return True
        # A first line may stand in or out of the paragraph's edge.
        goes_on = line.text[:1].islower() and not before.text.endswith(ENDS)
        full = not self.ends(before, line)
        if goes_on and full and abs(line.x0 - before.x0) < line.size:
            return True  # the text runs round something at its side
        return len(part.lines) == 1 and abs(line.x0 - before.x0) < _HUNG and (goes_on or full)

    def _goes_over(self, part: Part, line: Line, before: Line) -> bool:
        """The first line after a page's or column's end, or after a box."""
        heads = looks_like_heading(before, self._habits) or looks_like_heading(line, self._habits)
        below = line.page == before.page and line.base > before.base
        if heads and not self._opens_bold(part, line):
            parted = is_parted_heading(before, line) and not self.ends(before, line)
            return not below and parted
        starts = line.text[:1]
        open_ = not before.text.endswith(ENDS)
        # Words in quotation marks may continue a sentence that a page end cuts in two.
        quoted = looks_like_quote(line) and not looks_like_quote(part.lines[0])
        if quoted and (not open_ or line.italic_share > GEOMETRY.styled or self.ends(before, line)):
            return False
        unfinished = open_ or starts.islower()
        if part.kind in (BlockKind.BULLET, BlockKind.NUMBERED):
            if not any(abs(line.indent - wanted) <= GEOMETRY.edge for wanted in part.edges):
                return False
            return unfinished or not self.ends(before, line)
        if abs(line.indent - before.indent) > GEOMETRY.edge and not (
            len(part.lines) == 1 and line.indent < before.indent
        ):
            return False
        fresh = starts.isupper() or re.match(r"\d+\.\d", line.text) is not None
        fresh &= self.ends(before, line) or (below and line.text.endswith(":"))  # it names a list
        return unfinished and not fresh

    def ends(self, before: Line, line: Line) -> bool:
        """Whether the line before had room to spare for the next one's first word."""
        return ends_early(before, line, self._habits)


def usual_step(part: Part, habits: Habits) -> float:
    """Usual distance of lines in this part, in sizes."""
    leading = habits.leading_of(part.last.size)
    if len(part.lines) > 2:
        one, two = part.lines[-2], part.lines[-1]
        if two.page == one.page and two.base > one.base and not part.joints[-1]:
            step = (two.base - one.base) / max(two.size, 1.0)
            if step <= _HEADING * leading:
                return max(step, leading)
    if len(part.lines) == 1 or part.joints[-1]:
        marker = part.last.marker
        if marker is not None:
            return max(leading, habits.first_step.get(marker.text, 0.0))
    return leading


def is_head_alone(part: Part, line: Line) -> bool:
    """Whether the part is bold throughout and the line not at all: a heading and its text.

    A bold beginning of a paragraph ends inside a line, hardly ever with it.
    """
    return (
        line.bold_share < GEOMETRY.light
        and all(one.bold_share > GEOMETRY.bold for one in part.lines)
        and not part.last.text.endswith("-")
        and not line.text[:1].islower()
    )
