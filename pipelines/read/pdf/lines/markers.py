"""The start of a line: what may be a bullet or an item's number.

The document shows whether it is one (`learn`); here it is only split from the text after it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.read.pdf.model.bullets import is_glyph, may_mark
from pipelines.read.pdf.model.line import NUMBER, Marker
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.rows import parted


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
