"""Glyphs that only bullets use, and those that may mark an item if they recur."""

from __future__ import annotations

from unicodedata import category

_GLYPHS = "•‣⁃∙◦⁌⁍◘\ufffd"
_WEAK = "–—-−*·»›>+§~o¡=#^|"
_PAIRS = ("--", "->", "=>", ">>", "++", "::", "·-")
_LETTERLIKE = range(0x2100, 0x2150)  # ℃, № and ™ belong to words
_ARROWS = (range(0x2190, 0x2200), range(0x27F0, 0x2800), range(0x2900, 0x2980))


def is_glyph(text: str) -> bool:
    """Whether a lone token is a glyph that only bullets use: a disc, a box, an arrow, a tick."""
    if len(text) != 1 or text.isascii():
        return False
    return text in _GLYPHS or "\ue000" <= text <= "\uf8ff" or _is_ornament(text)


def _is_ornament(sign: str) -> bool:
    code, kind = ord(sign), category(sign)
    arrow = kind == "Sm" and any(code in arrows for arrows in _ARROWS)
    return code > 0x2000 and (arrow or (kind == "So" and code not in _LETTERLIKE))


def may_mark(text: str) -> bool:
    """Whether a lone token may be a bullet if it recurs: a dash, a star, two of them."""
    return (len(text) == 1 and text in _WEAK) or (len(text) == 2 and text in _PAIRS)


def is_sign(text: str) -> bool:
    """Whether a text is but a bullet, or what may be one."""
    bare = text.strip()
    return is_glyph(bare) or may_mark(bare)
