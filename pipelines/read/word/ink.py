"""Which runs of a Word document nobody sees: hidden, in their own ground's colour, tiny.

Only what a run says itself is looked at. What tables, shapes, pictures and styles paint behind it
is unknown: white letters stay, and automatic ones, which turn white where it is dark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipelines.read.word.styles import WORD, child, value_of

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement as Element

_SMALLEST: Final = 2  # half points: letters no larger are dots
_HIGHLIGHTS: Final = {"black": "000000", "white": "FFFFFF", "yellow": "FFFF00", "red": "FF0000"}


class Ink:
    """Tells which runs are seen, and counts the words of the others.

    Attributes:
        words: Of runs that nobody sees, so far.
    """

    def __init__(self) -> None:
        self.words = 0

    def admit(self, run: Element) -> bool:
        """Say whether a run is seen; if not, count its words."""
        if _is_seen(child(run, "rPr")):
            return True
        self.words += sum(len((part.text or "").split()) for part in run.iter(f"{WORD}t"))
        return False


def is_on(properties: Element | None, name: str) -> bool:
    """Whether a property that is on or off is on."""
    found = child(properties, name)
    return found is not None and found.get(f"{WORD}val", "1") not in {"0", "false", "off"}


def _is_seen(own: Element | None) -> bool:
    size = value_of(own, "sz")
    if is_on(own, "vanish") or (size.isdecimal() and int(size) <= _SMALLEST):
        return False
    colour = child(own, "color")
    if colour is None or _is_of_theme(colour):
        return True
    ground = _ground(own)
    return not ground or value_of(own, "color").upper() != ground


def _ground(own: Element | None) -> str:
    """The colour that a run says is behind it; empty where it says none."""
    highlight = value_of(own, "highlight")
    if highlight not in {"", "none"}:
        return _HIGHLIGHTS.get(highlight, "")
    shading = child(own, "shd")
    if shading is None or _is_of_theme(shading):
        return ""
    kind = shading.get(f"{WORD}val", "clear")
    painted = {"clear": "fill", "solid": "color"}.get(kind, "")
    said = str(shading.get(f"{WORD}{painted}", "")).upper() if painted else ""
    return "" if said == "AUTO" else said


def _is_of_theme(part: Element) -> bool:
    return any("}theme" in str(name) for name in part.attrib)
