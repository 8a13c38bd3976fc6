"""Accents that stand by themselves, and the marks that are written with a letter for them."""

from __future__ import annotations

from typing import Final

_ALONE: Final = "`ˋ´ˊ^ˆ~˜¯ˉ˘˙¨˚˝ˇ¸˛"
_MARKS: Final = (
    "\u0300\u0300\u0301\u0301\u0302\u0302\u0303\u0303\u0304\u0304"
    "\u0306\u0307\u0308\u030a\u030b\u030c\u0327\u0328"
)

ACCENTS: Final = dict(zip(_ALONE + _MARKS, _MARKS * 2, strict=True))
"""The mark of each accent; a mark that stands by itself is its own."""
