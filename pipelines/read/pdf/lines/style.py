"""What a line looks like, whatever it says: heading, quotation, style."""

from __future__ import annotations

import re

from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.habits import Habits
from pipelines.read.pdf.model.line import Line

#: Marks that open a quotation.
QUOTES = "“\"‘'«„"


def style_of(line: Line) -> tuple[bool, bool]:
    """Whether it is bold, whether it is italic, nearly throughout."""
    return line.bold_share > GEOMETRY.styled, line.italic_share > GEOMETRY.styled


def looks_like_heading(line: Line, habits: Habits) -> bool:
    """Whether it is larger than the text, or bold throughout."""
    return line.size > GEOMETRY.head * habits.body or line.bold_share > GEOMETRY.bold


def looks_like_quote(line: Line) -> bool:
    """Whether it opens with a quotation mark or is italic throughout."""
    return line.text[:1] in QUOTES or line.italic_share > GEOMETRY.styled


def keep_marker(line: Line) -> None:
    """Put a marker that marks no item back into the text."""
    marker = line.marker
    if marker is None:
        return
    sign = marker.text if marker.glued else f"{marker.text} "
    shift = len(sign)
    line.text = sign + line.text
    line.bold = [(a + shift, b + shift) for a, b in line.bold]
    if line.bold and line.bold[0][0] == shift and line.bold_share > 0.5:
        line.bold[0] = (0, line.bold[0][1])
    line.marker = None


def ends_heading(before: Line, line: Line) -> bool:
    """Whether a heading ends with a line, so that the next line is none of it."""
    if line.text[:1].islower() and before.text[-1:].isalnum():
        return False
    if line.marker is not None or re.match(r"^[A-Z]?\s?\d+\.", line.text):
        return True
    room = before.right - before.x1
    return room > line.width_of_first * 1.2 + before.size or before.text.endswith(":")


def is_parted_heading(before: Line, line: Line) -> bool:
    """Whether the end of a page or column cuts a heading in two: it continues in small letters."""
    alike = abs(before.size - line.size) < 0.02 * line.size and style_of(before) == style_of(line)
    return alike and line.text[:1].islower()
