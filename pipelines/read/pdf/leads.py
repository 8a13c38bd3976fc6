"""The start of a line: what may be a bullet's sign or an item's number.

Whether it is one, the document decides (`learn`); here it is only told from the text after it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.read.pdf.marks import Face, RawPage, Span

#: Gap in ems from which two spans on a line are two words; less where a space is written.
_WORD_GAP = 0.18
_SPACE_GAP = 0.11

_LETTER_OR_DIGIT = re.compile(r"\w")
_NUMBER = re.compile(r"^(\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])(?:\s+|$)")
_GLYPHS = "•●○◦▪▫■□‣⁃∙◆◇★☆►▶➢➤➔→✓✔❖♦⬤❑❒▸▹■\ufffd"
_WEAK = "–—-−*·»›>+§~o¡"
_DRAWN = Face("drawn", bold=False, italic=False, symbolic=True)


@dataclass(slots=True)
class Lead:
    """The lone first token of a line; `text_x` is where the text after it starts (0: unknown).

    `apart`: It was drawn by itself, the words after it were not.
    """

    text: str
    x: float
    text_x: float
    foreign: bool
    strong: bool
    apart: bool = False


def parted(before: Span, span: Span) -> bool:
    """Whether a space stands between two spans of a line.

    A written space needs white as well: PDFium writes some after letters that are set singly.
    Where both write one, the white is in what they cover.
    """
    if before.text.endswith(" ") and span.text.startswith(" "):
        return True
    size = min(before.size, span.size)
    written = before.text.endswith(" ") or span.text.startswith(" ")
    gap = span.x0 - before.x1
    return gap > (_SPACE_GAP if written else _WORD_GAP) * size


def is_glyph(text: str) -> bool:
    """Whether a lone token is a sign that only bullets use."""
    return len(text) == 1 and (text in _GLYPHS or "\ue000" <= text <= "\uf8ff")


def may_mark(text: str) -> bool:
    """Whether a lone token may be a bullet's sign if it recurs: a dash, a star, an odd letter."""
    return len(text) == 1 and text in _WEAK


def is_number(lead: Lead | None) -> bool:
    """Whether a lead is a number or letter with a full stop or bracket."""
    return (
        lead is not None
        and bool(_NUMBER.match(lead.text))
        and bool(_LETTER_OR_DIGIT.search(lead.text))
        and len(lead.text) > 1
    )


def _glued_sign(text: str) -> bool:
    """Whether a text starts with a sign and a space, or with a dash set hard against a capital."""
    if not may_mark(text[0]):
        return False
    return text[1] == " " or (text[0] in "–—" and text[1].isupper())


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
    if len(bare) > 1 and (is_glyph(bare[0]) or _glued_sign(bare)):
        text = bare[1:].lstrip()
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
        return Lead(bare[0], first.x0, 0.0, False, is_glyph(bare[0])), [cut, *rest]
    # Set apart as a piece of its own, a number may fill its place up to the text.
    apart = loose or (len(bare) > 2 and bare[:-1].isdecimal() and bool(rest))
    if apart and _NUMBER.match(bare) and len(bare) <= 5:
        return Lead(bare, first.x0, rest[0].x0, False, False), rest
    found = _NUMBER.match(bare)
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


def drawn_signs(page: RawPage) -> None:
    """Set bullets that are drawn as small discs or squares, or as pictures, as signs.

    Such a shape stands by itself to the left of a line, at the height of its small letters.
    """
    small = [
        s
        for s in page.shapes
        if 1.2 <= s.width <= 9 and 1.2 <= s.height <= 9 and 0.6 <= s.width / s.height <= 1.7
    ]
    if not small:
        return
    upright = [s for s in page.spans if s.angle == 0]
    for shape in small:
        middle = (shape.top + shape.bottom) / 2
        beside = [
            s
            for s in upright
            if 0.5 < s.x0 - shape.x1 < 3.2 * s.size
            and abs(s.base - 0.32 * s.size - middle) < 0.3 * s.size
            and max(shape.width, shape.height) < 0.75 * s.size
        ]
        before = [s for s in upright if s.x1 <= shape.x0 + 1 and shape.x0 - s.x1 < 2 * s.size]
        if not beside or any(abs(s.base - beside[0].base) < 2 for s in before):
            continue
        follower = min(beside, key=lambda s: s.x0)
        page.spans.append(
            Span("•", shape.x0, shape.x1, follower.base, follower.size, _DRAWN, follower.tag)
        )
