"""The start of a line: what may be a bullet's sign or an item's number.

Whether it is one, the document decides (`learn`); here it is only told from the text after it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import category

from pipelines.read.pdf.marks import Face, RawPage, Shape, Span

#: Gap in ems from which two spans on a line are two words; less where a space is written.
_WORD_GAP = 0.18
_SPACE_GAP = 0.11
#: Ems of white that a one brings with it on its right: all figures of a font are as wide.
_AFTER_ONE = 0.15

_SIGN, _DASH = 0.75, 1.05  # ems: the largest signs, and the longest dashes

_LETTER_OR_DIGIT = re.compile(r"\w")
_NUMBER = re.compile(r"^(\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)])(?:\s+|$)")
_GLYPHS = "•‣⁃∙◦⁌⁍◘\ufffd"
_WEAK = "–—-−*·»›>+§~o¡=#^|"
_PAIRS = ("--", "->", "=>", ">>", "++", "::", "·-")
_LETTERLIKE = range(0x2100, 0x2150)  # ℃, № and ™ belong to words
_ARROWS = (range(0x2190, 0x2200), range(0x27F0, 0x2800), range(0x2900, 0x2980))
_DRAWN = Face("drawn", bold=False, italic=False, symbolic=True)


@dataclass(slots=True)
class Lead:
    """The lone first token of a line; `text_x` is where the text after it starts (0: unknown).

    `apart`: It was drawn by itself, the words after it were not.
    `glued`: Nothing parts it from the word after it.
    """

    text: str
    x: float
    text_x: float
    foreign: bool
    strong: bool
    apart: bool = False
    glued: bool = False


def parted(before: Span, span: Span) -> bool:
    """Whether a space stands between two spans of a line.

    A space at the end needs white as well: PDFium writes some after letters that are set singly.
    One at the start is the text's own, and the white may be in what it covers.
    """
    size, gap = min(before.size, span.size), span.x0 - before.x1
    if span.text.startswith(" "):
        return before.text.endswith(" ") or gap > -_SPACE_GAP * size
    if before.text.endswith("1") and span.text[:1].isdigit():
        gap -= _AFTER_ONE * size
    return gap > (_SPACE_GAP if before.text.endswith(" ") else _WORD_GAP) * size


def is_glyph(text: str) -> bool:
    """Whether a lone token is a sign that only bullets use: a disc, a box, an arrow, a tick."""
    if len(text) != 1 or text.isascii():
        return False
    return text in _GLYPHS or "\ue000" <= text <= "\uf8ff" or _is_ornament(text)


def _is_ornament(sign: str) -> bool:
    code, kind = ord(sign), category(sign)
    arrow = kind == "Sm" and any(code in arrows for arrows in _ARROWS)
    return code > 0x2000 and (arrow or (kind == "So" and code not in _LETTERLIKE))


def may_mark(text: str) -> bool:
    """Whether a lone token may be a bullet's sign if it recurs: a dash, a star, two of them."""
    return (len(text) == 1 and text in _WEAK) or (len(text) == 2 and text in _PAIRS)


def is_number(lead: Lead | None) -> bool:
    """Whether a lead is a number or letter with a full stop or bracket."""
    return (
        lead is not None
        and bool(_NUMBER.match(lead.text))
        and bool(_LETTER_OR_DIGIT.search(lead.text))
        and len(lead.text) > 1
    )


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
    """Set bullets that are drawn as small discs, squares or dashes, or as pictures, as signs.

    Such a shape stands by itself to the left of a line, at the height of its small letters.
    """
    small = [s for s in page.shapes if s.width <= 9 and s.height <= 9 and _is_small_sign(s)]
    if not small:
        return
    upright = [s for s in page.spans if s.angle == 0]
    for shape in _outermost(small):
        middle = (shape.top + shape.bottom) / 2
        beside = [
            s
            for s in upright
            if 0.5 < s.x0 - shape.x1 < 3.2 * s.size
            and abs(s.base - 0.32 * s.size - middle) < 0.3 * s.size
            and shape.width < (_DASH if shape.height < 0.25 * s.size else _SIGN) * s.size
            and shape.height < _SIGN * s.size
        ]
        before = [s for s in upright if s.x1 <= shape.x0 + 1 and shape.x0 - s.x1 < 2 * s.size]
        if not beside or any(abs(s.base - beside[0].base) < 2 for s in before):
            continue
        follower = min(beside, key=lambda s: s.x0)
        page.spans.append(
            Span("•", shape.x0, shape.x1, follower.base, follower.size, _DRAWN, follower.tag)
        )


def _outermost(small: Sequence[Shape]) -> list[Shape]:
    """Drop what lies inside a shape: a sign may be an outline and what it encloses."""
    kept: dict[tuple[int, int], Shape] = {}
    for shape in sorted(small, key=lambda s: s.width):
        kept[round((shape.x0 + shape.x1) / 2), round((shape.top + shape.bottom) / 2)] = shape
    return list(kept.values())


def _is_small_sign(shape: Shape) -> bool:
    """Whether a small shape is about as wide as high, or a dash."""
    if shape.height < 1.2 or shape.width / shape.height > 1.7:
        return shape.width >= 3 and 0.4 <= shape.height <= 2.5
    return shape.width >= 1.2 and shape.width / shape.height >= 0.6
