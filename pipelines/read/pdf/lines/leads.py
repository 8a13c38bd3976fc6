"""The start of a line: what may be a bullet's sign or an item's number.

Whether it is one, the document decides (`learn`); here it is only told from the text after it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.read.pdf.model.bullets import (
    is_glyph,
    may_mark,
)
from pipelines.read.pdf.model.line import NUMBER, Lead
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.rows import parted


def _glued_sign(text: str) -> str:
    """The sign that a text starts with, parted from it by a space or set hard against a word."""
    if is_glyph(text[0]):
        return text[0]
    if text[2:3] == " " and may_mark(text[:2]):
        return text[:2]
    dash = text[0] in "–—" and text[1].isalnum()
    return text[0] if may_mark(text[0]) and (text[1] == " " or dash) else ""


def split_lead(row: Sequence[Span]) -> tuple[Lead | None, list[Span]]:
    """Split off the row's first token where it may mark an item; the rest is the text."""
    first = row[0]
    bare = first.text.strip()
    rest = list(row[1:])
    while rest and not rest[0].text.strip():
        rest.pop(0)
    loose = bool(rest) and parted(first, rest[0])
    if rest and (is_glyph(bare) or (may_mark(bare) and (loose or not bare.isalpha()))):
        follower = rest[0]
        foreign = first.face.symbolic or first.face.name != follower.face.name
        apart = " " in follower.text.strip()
        return Lead(bare, first.x0, follower.x0, foreign, is_glyph(bare), apart), rest
    if rest and len(bare) <= 2 and first.face.symbolic:
        return Lead(bare, first.x0, rest[0].x0, True, True), rest
    sign = _glued_sign(bare) if len(bare) > 1 else ""
    if sign:
        text = bare[len(sign) :].lstrip()
        width = (first.x1 - first.x0) / len(bare)
        cut = Span(
            text,
            first.x0 + width * (len(bare) - len(text)),
            first.x1,
            first.base,
            first.size,
            first.face,
            first.tag,
        )
        if first.text.endswith(" "):
            cut.text += " "
        glued = bare[len(sign)] != " "
        lead = Lead(sign, first.x0, 0.0, False, is_glyph(sign), glued=glued)
        return lead, [cut, *rest]
    # Set apart as a piece of its own, a number may fill its place up to the text.
    apart = loose or (len(bare) > 2 and bare[:-1].isdecimal() and bool(rest))
    if apart and NUMBER.match(bare) and len(bare) <= 5:
        return Lead(bare, first.x0, rest[0].x0, False, False), rest
    found = NUMBER.match(bare)
    if found and len(bare) > len(found[0]):
        text = bare[found.end() :]
        width = (first.x1 - first.x0) / len(bare)
        cut = Span(
            text + (" " if first.text.endswith(" ") else ""),
            first.x0 + width * found.end(),
            first.x1,
            first.base,
            first.size,
            first.face,
            first.tag,
        )
        return Lead(found[1], first.x0, 0.0, False, False), [cut, *rest]
    return None, list(row)
