"""Which runs of a Word document nobody sees: hidden, in the colour of their ground, tiny.

A run's colour, size and ground are its own, its styles', its paragraph's or its cell's. Automatic
letters turn white on dark shading, but not on a highlight. Where a table's style, a shape or a
picture behind the text may paint the ground it is unknown, and the run stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from pipelines.read.colours import BLACK, WHITE, Colour, colour_in, same_to_the_eye
from pipelines.read.wordstyles import WORD, Styles, child, value_of

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement as Element

_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_SMALLEST: Final = 4  # half points: smaller letters are dots
_HIGHLIGHTS: Final = {"black": BLACK, "white": WHITE}
_AUTOMATIC: Final = ("", "auto")


class Ink:
    """Tells which runs are seen, and counts the words of the others.

    Attributes:
        words: Of runs that nobody sees, so far.
    """

    def __init__(self, styles: Styles, body: Element) -> None:
        self.words = 0
        self._styles = styles
        behind = any(a.get("behindDoc") == "1" for a in body.iter(f"{_DRAWING}anchor"))
        self._pictured = behind or child(body.getparent(), "background") is not None

    def admit(self, run: Element) -> bool:
        """Say whether a run is seen; if not, count its words."""
        paragraph = next(run.iterancestors(f"{WORD}p"), None)
        listed = self._styles.of_run(run, paragraph)
        if self._is_seen(run, paragraph, listed):
            return True
        self.words += sum(len((part.text or "").split()) for part in run.iter(f"{WORD}t"))
        return False

    def _is_seen(self, run: Element, paragraph: Element | None, listed: list[Element]) -> bool:
        if (hidden := _first(listed, "vanish")) is not None and is_on(hidden):
            return False
        size = next((v for p in listed if (v := value_of(p, "sz"))), "")
        if size.isdecimal() and int(size) < _SMALLEST:
            return False
        written = next((v for p in listed if (v := value_of(p, "color"))), "")
        highlight = next((v for p in listed if (v := value_of(p, "highlight"))), "none")
        if highlight != "none":
            marked = _HIGHLIGHTS.get(highlight)
            colour = BLACK if written in _AUTOMATIC else colour_in(f"#{written}")[0]
            return marked is None or colour is None or not same_to_the_eye(colour, marked)
        if written in _AUTOMATIC:
            return True
        colour, ground = colour_in(f"#{written}")[0], self._ground(run, paragraph, listed)
        return colour is None or ground is None or not same_to_the_eye(colour, ground)

    def _ground(
        self, run: Element, paragraph: Element | None, listed: Iterable[Element]
    ) -> Colour | None:
        """The colour behind a run; None where it is unknown."""
        cell = next(run.iterancestors(f"{WORD}tc"), None)
        around = [*listed, *self._styles.of_paragraph(paragraph), child(cell, "tcPr")]
        for properties in around:
            shading = None if properties is None else child(properties, "shd")
            if shading is not None and (found := _shade(shading)) is not WHITE:
                return found
        in_shape = next(run.iterancestors(f"{WORD}txbxContent"), None) is not None
        if in_shape or cell is not None:  # a style, or the shape, may paint it
            return None if in_shape or _is_styled(cell) else WHITE
        alone = paragraph is None or not _has_others(run, paragraph)
        return None if self._pictured and alone else WHITE


def is_on(switch: Element) -> bool:
    """Whether a property that is on or off is on."""
    return switch.get(f"{WORD}val", "1") not in {"0", "false", "off"}


def _first(listed: Iterable[Element], name: str) -> Element | None:
    return next((found for p in listed if (found := child(p, name)) is not None), None)


def _shade(shading: Element) -> Colour | None:
    """The colour of a shading: white where it is none, None where it is a pattern."""
    kind = shading.get(f"{WORD}val", "clear")
    said = shading.get(f"{WORD}{'color' if kind == 'solid' else 'fill'}", "auto")
    if kind == "solid":
        return BLACK if said == "auto" else colour_in(f"#{said}")[0]
    if kind not in {"clear", "nil"}:
        return None
    return WHITE if said == "auto" else colour_in(f"#{said}")[0]


def _is_styled(cell: Element | None) -> bool:
    """Whether a cell's table has a style, which may paint its rows."""
    table = None if cell is None else next(cell.iterancestors(f"{WORD}tbl"), None)
    properties = None if table is None else child(table, "tblPr")
    return value_of(properties, "tblStyle") not in {"", "TableGrid", "TableNormal"}


def _has_others(run: Element, paragraph: Element) -> bool:
    """Whether a paragraph has words of another colour, which are seen where they stand."""
    own = value_of(child(run, "rPr"), "color")
    return any(
        value_of(child(other, "rPr"), "color") != own
        for other in paragraph.iter(f"{WORD}r")
        if any((part.text or "").strip() for part in other.iter(f"{WORD}t"))
    )
