"""The start of a line: what may be a bullet, an item's number, or a name in a list of names.

The document shows whether it is one (`learn`); here it is only split from the text after it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.read.pdf.model.bullets import is_glyph, may_mark
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.habits import Habits
from pipelines.read.pdf.model.laid import LaidPage
from pipelines.read.pdf.model.line import NUMBER, Line, Marker
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.rows import parted

_FEWEST = 3  # names that make a list
_LONGEST = 5  # words of a name with its titles


def _glued_bullet(text: str) -> str:
    """The bullet that a text starts with, before a space or set hard against a word."""
    if text[0].isalnum() and not may_mark(text[0]):
        return ""
    if is_glyph(text[0]):
        return text[0]
    if may_mark(text[:2]) and (text[2:3] == " " or text[2:3].isalnum()):
        return text[:2]
    dash = text[0] in "–—" and text[1].isalnum()
    return text[0] if may_mark(text[0]) and (text[1] == " " or dash) else ""


def _cut(first: Span, text: str) -> Span:
    """The end of a span that has a text of its own; letters are taken to be equally wide."""
    whole = first.text.strip()
    width = (first.x1 - first.x0) / len(whole)
    space = " " if first.text.endswith(" ") else ""
    x0 = first.x0 + width * (len(whole) - len(text))
    return Span(
        text + space, x0, first.x1, first.base, first.size, first.face, first.tag, first.angle
    )


def split_marker(row: Sequence[Span]) -> tuple[Marker | None, list[Span]]:
    """Split off the row's first token where it may mark an item; the rest is the text."""
    first = row[0]
    bare = first.text.strip()
    rest = list(row[1:])
    while rest and not rest[0].text.strip():
        rest.pop(0)
    loose = bool(rest) and parted(first, rest[0])
    sized = bool(rest) and first.size != rest[0].size and not rest[0].text[:1].islower()
    if rest and (is_glyph(bare) or (may_mark(bare) and (loose or sized or not bare.isalpha()))):
        follower = rest[0]
        foreign = first.face.symbolic or first.face.name != follower.face.name
        return Marker(bare, first.x0, follower.x0, foreign, is_glyph(bare)), rest
    if rest and len(bare) <= 2 and first.face.symbolic:
        return Marker(bare, first.x0, rest[0].x0, True, True), rest
    bullet = _glued_bullet(bare) if len(bare) > 1 else ""
    if bullet:
        cut = _cut(first, bare[len(bullet) :].lstrip())
        glued = bare[len(bullet)] != " "
        marker = Marker(bullet, first.x0, 0.0, False, is_glyph(bullet), glued=glued)
        return marker, [cut, *rest]
    # Set apart as a piece of its own, a number may fill its place up to the text.
    apart = loose or (len(bare) > 2 and bare[:-1].isdecimal() and bool(rest))
    if apart and NUMBER.match(bare) and len(bare) <= 5:
        return Marker(bare, first.x0, rest[0].x0, False, False), rest
    found = NUMBER.match(bare)
    if found and len(bare) > len(found[0]):
        cut = _cut(first, bare[found.end() :])
        return Marker(found[1], first.x0, 0.0, False, False), [cut, *rest]
    return None, list(row)


def mark_entries(page: LaidPage, habits: Habits) -> None:
    """Mark which lines of a list of names begin an entry, and which do not.

    White separates a list from other text. Text of whole sentences hardly ever begins every second
    line with a name and a comma.
    """
    for run in page.runs:
        for lines in _close_lines(run.lines, habits):
            named = [_opens_with_name(line) for line in lines]
            if sum(named) >= max(_FEWEST, len(lines) / 2):
                for line, opens in zip(lines, named, strict=True):
                    line.entry = opens


def _close_lines(lines: list[Line], habits: Habits) -> list[list[Line]]:
    """Lines that no white parts; a last line may stand a little lower, as other text may not."""
    found: list[list[Line]] = []
    for line in lines:
        usual = 1.06 * GEOMETRY.apart * habits.leading_of(line.size) * line.size
        step = line.base - found[-1][-1].base if found else -1.0
        if line.marker is not None or not 0 <= step <= usual:
            found.append([])
        found[-1].append(line)
    return found


def _opens_with_name(line: Line) -> bool:
    """Whether two words or more in capitals and a comma begin a line."""
    name, comma, _ = line.text.partition(",")
    words = name.split()
    return (
        bool(comma)
        and 2 <= len(words) <= _LONGEST
        and all(word[0].isupper() and not any(map(str.isdigit, word)) for word in words)
    )
