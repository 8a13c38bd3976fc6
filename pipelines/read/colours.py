"""Colours that text and its ground are given, and whether one can be told from the other."""

from __future__ import annotations

import re
from typing import Final

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

WHITE: Final[Colour] = (255, 255, 255)
BLACK: Final[Colour] = (0, 0, 0)
_NAMED: Final[dict[str, Colour]] = {
    "white": WHITE,
    "black": BLACK,
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245),
    "ghostwhite": (248, 248, 255),
    "floralwhite": (255, 250, 240),
    "red": (255, 0, 0),
    "blue": (0, 0, 255),
    "green": (0, 128, 0),
    "yellow": (255, 255, 0),
    "grey": (128, 128, 128),
    "gray": (128, 128, 128),
    "navy": (0, 0, 128),
}
_HEX: Final = re.compile(r"#([0-9a-f]{3,8})")
_FUNCTION: Final = re.compile(r"(rgb|hsl)a?\(([^()]{1,60})\)")
_NAME: Final = re.compile(r"[a-z]{3,20}")
_APART: Final = 12  # steps of a channel of 255: a smaller difference is seen by nobody
_CLEAR: Final = 0.02  # of 1: more transparent is not painted
_SHORT: Final = (3, 4)  # figures of a colour with one a channel


def same_to_the_eye(one: Colour, other: Colour) -> bool:
    """Whether nobody can tell two colours apart."""
    return all(abs(a - b) <= _APART for a, b in zip(one, other, strict=True))


def colour_in(value: str) -> tuple[Colour | None, bool]:
    """Read a colour as style sheets write it.

    Returns:
        The colour, None where none is understood; and whether it is painted at all.
    """
    said = value.strip().lower()
    if "transparent" in said:
        return None, False
    if found := _HEX.search(said):
        figures = found[1]
        parts = list(figures if len(figures) in _SHORT else re.findall("..", figures))
        whole = [int(part * 2 if len(part) == 1 else part, 16) for part in parts]
        clear = len(whole) > 3 and whole[3] < 255 * _CLEAR
        return (whole[0], whole[1], whole[2]), not clear
    if found := _FUNCTION.search(said):
        return _of_function(found[1], re.split(r"[\s,/]+", found[2].strip()))
    return next((_NAMED[name] for name in _NAME.findall(said) if name in _NAMED), None), True


def _of_function(kind: str, parts: list[str]) -> tuple[Colour | None, bool]:
    try:
        values = [float(part.rstrip("%deg")) for part in parts]
        full = [100.0 if part.endswith("%") else 255.0 for part in parts]
        clear = len(values) > 3 and values[3] / (100 if "%" in parts[3] else 1) < _CLEAR
        if kind == "hsl":  # only white and black are told; others are colours
            light = {100.0: WHITE, 0.0: BLACK}.get(values[2])
            return light, not clear
        red, green, blue = (
            min(255, max(0, round(v * 255 / f))) for v, f in zip(values[:3], full[:3], strict=True)
        )
    except (ValueError, IndexError):
        return None, True
    return (red, green, blue), not clear


def unseen_warning(words: int) -> tuple[str, ...]:
    """Say how many words of a document were left out as nobody sees them, if any."""
    if not words:
        return ()
    counted = "1 word" if words == 1 else f"{words:,} words"
    return (
        f"{counted} that nobody sees (not painted, in the colour of the page, too small, or off "
        "the page) left out",
    )
