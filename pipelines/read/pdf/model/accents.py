"""Accents that stand by themselves, and the marks that are written with a letter for them."""

from __future__ import annotations

from typing import Final

_ALONE: Final = {
    "`": "\u0300",
    "´": "\u0301",
    "ˋ": "\u0300",
    "ˊ": "\u0301",
    "ˆ": "\u0302",
    "^": "\u0302",
    "˜": "\u0303",
    "~": "\u0303",
    "¯": "\u0304",
    "ˉ": "\u0304",
    "˘": "\u0306",
    "˙": "\u0307",
    "¨": "\u0308",
    "˚": "\u030a",
    "˝": "\u030b",
    "ˇ": "\u030c",
    "¸": "\u0327",
    "˛": "\u0328",
}

ACCENTS: Final = {**_ALONE, **{mark: mark for mark in _ALONE.values()}}
"""The mark of each accent; a mark that stands by itself is its own."""
