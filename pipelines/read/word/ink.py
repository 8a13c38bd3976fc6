"""Which runs of a Word document nobody sees: hidden, in their own ground's colour, tiny.

Only what a run, its paragraph and their styles say is looked at. What tables, shapes and pictures
paint behind it is unknown: white letters stay, unless dark ones stand beside them in one paragraph
and nothing can be behind them. Automatic letters turn white on a dark shading; on a black highlight
they stay black.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipelines.read.word.styles import WORD, Styles, child, value_of

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement as Element

_SMALLEST: Final = 2  # half points: letters no larger are dots
_WHITE: Final = "FFFFFF"
_DARK: Final = 0x99
_BLACK: Final = "000000"
_HIGHLIGHTS: Final = {  # all that there are
    "black": _BLACK, "blue": "0000FF", "cyan": "00FFFF", "darkBlue": "000080",
    "darkCyan": "008080", "darkGray": "808080", "darkGreen": "008000", "darkMagenta": "800080",
    "darkRed": "800000", "darkYellow": "808000", "green": "00FF00", "lightGray": "C0C0C0",
    "magenta": "FF00FF", "red": "FF0000", "white": "FFFFFF", "yellow": "FFFF00",
}  # fmt: skip


class Ink:
    """Tells which runs are seen, and counts the words of the others.

    Attributes:
        words: Of runs that nobody sees, so far.
    """

    def __init__(self, styles: Styles) -> None:
        self.words = 0
        self._styles = styles

    def admit(self, run: Element) -> bool:
        """Say whether a run is seen; if not, count its words."""
        if self._is_seen(run, child(run, "rPr")):
            return True
        self.words += len(_words(run))
        return False

    def _is_seen(self, run: Element, own: Element | None) -> bool:
        size = value_of(own, "sz")
        if is_on(own, "vanish") or (size.isdecimal() and int(size) <= _SMALLEST):
            return False
        colour, ground = self._colour(run), _ground(own)
        if ground:
            return colour != ground and not (
                colour == "auto" and ground == _BLACK and child(own, "highlight") is not None
            )
        return colour != _WHITE or not self._is_beside_dark(run)

    def _colour(self, run: Element) -> str:
        """The colour of a run: six figures, `auto`, or empty where a theme has it."""
        colour = self._styles.colour_of(run)
        if colour is None:
            return "auto"
        said = str(colour.get(f"{WORD}val", "auto"))
        return "" if _is_of_theme(colour) else said if said == "auto" else said.upper()

    def _is_beside_dark(self, run: Element) -> bool:
        """Whether dark letters stand beside a run, and both on paper."""
        paragraph = next(run.iterancestors(f"{WORD}p"), None)
        if paragraph is None or self._styles.is_shaded(run):
            return False
        others = [r for r in paragraph.iter(f"{WORD}r") if r is not run and _words(r)]
        return any(_is_dark(self._colour(r)) and not _ground(child(r, "rPr")) for r in others)


def is_on(properties: Element | None, name: str) -> bool:
    """Whether a property that is on or off is on."""
    found = child(properties, name)
    return found is not None and found.get(f"{WORD}val", "1") not in {"0", "false", "off"}


def _words(run: Element) -> list[str]:
    return [word for part in run.iter(f"{WORD}t") for word in (part.text or "").split()]


def _is_dark(colour: str) -> bool:
    """Whether a colour stands out from paper; automatic letters are black."""
    if colour == "auto":
        return True
    try:
        parts = bytes.fromhex(colour)
    except ValueError:
        return False
    return len(parts) == 3 and max(parts) <= _DARK


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
