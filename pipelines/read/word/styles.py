"""What a paragraph of a Word document is, by its style, outline level and numbering."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement as Element

WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ANCHOR: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}anchor"

_HEADING: Final = re.compile(r"heading\s*([1-9])", re.IGNORECASE)
_LIST: Final = re.compile(r"list (?:bullet|number|continue|paragraph)?\s*([2-9])")  # Word's names
_CHAIN: Final = 12  # styles that one rests on, at most
_BODY: Final = 9  # the outline level of what is not a heading
_DEEPEST: Final = 8
_PLACE: Final = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class Role:
    """What a paragraph is.

    Attributes:
        level: Of a heading, from 1; 0 for any other paragraph.
        listed: Whether it is an item of a list.
        depth: Of the item, from 0.
        number: As printed before it, with a space; empty for a bullet or nothing.
        quote: Whether its style is one of quotations.
        contents: Whether it is a line of a table of contents.
    """

    level: int = 0
    listed: bool = False
    depth: int = 0
    number: str = ""
    quote: bool = False
    contents: bool = False


@dataclass(slots=True)
class Styles:
    """Styles and numberings of a document, and how far each numbering has counted.

    Attributes:
        styles: By id.
        levels: Levels of each numbering, by its id and their number.
        shapes: Whether the document has shapes or a ground, which may be behind any of its text.
        counts: How far each numbering has counted, by level.
    """

    styles: dict[str, Element] = field(default_factory=dict)
    levels: dict[str, dict[int, Element]] = field(default_factory=dict)
    shapes: bool = False
    counts: defaultdict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def of(cls, document: Document) -> Styles:
        """Take them from an opened document."""
        styles = {
            style.get(f"{WORD}styleId", ""): style
            for style in document.styles.element.iter(f"{WORD}style")
        }
        drawn = document.element.iter(_ANCHOR, f"{WORD}pict", f"{WORD}background")
        return cls(styles, _numberings(document), any(True for _ in drawn))

    def role(self, paragraph: Element) -> Role:
        """Say what a paragraph is; its numbering runs on, so ask for each once, in order."""
        own = child(paragraph, "pPr")
        chain = self._chain(value_of(own, "pStyle"))
        names = [value_of(style, "name").lower() for style in chain]
        properties = [p for p in (own, *(child(s, "pPr") for s in chain)) if p is not None]
        if any(name.startswith(("toc ", "table of figures")) for name in names):
            return Role(contents=True)
        number, depth, listed = self._numbered(properties)
        level = _level(names, properties)
        if level:
            return Role(level=level, number=number)
        if not depth:  # the styles of deeper lists have numberings of their own
            depth = max((int(m[1]) - 1 for name in names if (m := _LIST.match(name))), default=0)
        listed = listed or any(name.startswith("list bullet") for name in names)
        quote = any("quote" in name for name in names)
        return Role(listed=listed, depth=depth, number=number, quote=quote)

    def colour_of(self, run: Element) -> Element | None:
        """The colour of a run: its own, or one that a style of it says."""
        said = (child(p, "color") for p in (child(run, "rPr"), *self._properties(run)))
        return next((colour for colour in said if colour is not None), None)

    def is_shaded(self, run: Element) -> bool:
        """Whether something may be painted behind a run, beside what it says itself."""
        paragraph = child(next(run.iterancestors(f"{WORD}p"), None), "pPr")
        said = (paragraph, *self._properties(run), *self._properties(run, "pPr"))
        return (
            self.shapes
            or any(child(p, "shd") is not None for p in said)
            or any(True for _ in run.iterancestors(f"{WORD}tbl", f"{WORD}txbxContent"))
        )

    def _properties(self, run: Element, kind: str = "rPr") -> list[Element | None]:
        """What the styles of a run and of its paragraph say, the nearest first."""
        paragraph = child(next(run.iterancestors(f"{WORD}p"), None), "pPr")
        named = (value_of(child(run, "rPr"), "rStyle"), value_of(paragraph, "pStyle"))
        return [child(style, kind) for name in named for style in self._chain(name)]

    def _chain(self, style: str) -> list[Element]:
        chain: list[Element] = []
        while style in self.styles and len(chain) < _CHAIN:
            chain.append(self.styles[style])
            style = value_of(chain[-1], "basedOn")
        return chain

    def _numbered(self, properties: list[Element]) -> tuple[str, int, bool]:
        """The number printed before a paragraph, how deep it stands, and whether it is listed."""
        given = [found for p in properties if (found := child(p, "numPr")) is not None]
        name = next((value_of(p, "numId") for p in given if value_of(p, "numId")), "")
        if name in ("", "0"):
            return "", 0, False
        deep = next((value_of(p, "ilvl") for p in given if value_of(p, "ilvl")), "0")
        depth = min(int(deep), _DEEPEST) if deep.isdecimal() else 0
        levels = self.levels.get(name, {})
        level = levels.get(depth)
        if level is None or value_of(level, "numFmt") in ("bullet", "none"):
            return "", depth, True
        counts = self.counts[name]
        counts[depth] = counts.get(depth, _start(level) - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]

        def count(place: re.Match[str]) -> str:
            at = int(place[1]) - 1
            return str(counts.get(at, _start(levels[at]) if at in levels else 1))

        return f"{_PLACE.sub(count, value_of(level, 'lvlText'))} ", depth, True


def _numberings(document: Document) -> dict[str, dict[int, Element]]:
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError):  # it has none
        return {}
    shapes = {
        shape.get(f"{WORD}abstractNumId", ""): {
            int(level.get(f"{WORD}ilvl", "0")): level for level in shape.iter(f"{WORD}lvl")
        }
        for shape in root.iter(f"{WORD}abstractNum")
    }
    return {
        number.get(f"{WORD}numId", ""): shapes.get(value_of(number, "abstractNumId"), {})
        for number in root.iter(f"{WORD}num")
    }


def _level(names: list[str], properties: list[Element]) -> int:
    for name in names:
        if found := _HEADING.match(name):
            return int(found[1])
    outlined = next((v for p in properties if (v := value_of(p, "outlineLvl"))), "")
    if outlined.isdecimal() and int(outlined) < _BODY:
        return int(outlined) + 1
    return 1 if "title" in names else 0


def _start(level: Element) -> int:
    start = value_of(level, "start")
    return int(start) if start.isdecimal() else 1


def child(node: Element | None, name: str) -> Element | None:
    """The first child of a name in Word's namespace; None of nothing."""
    found: Element | None = None if node is None else node.find(f"{WORD}{name}")
    return found


def value_of(node: Element | None, name: str) -> str:
    """The value that a child of a name has; empty where there is none."""
    found = child(node, name)
    return "" if found is None else str(found.get(f"{WORD}val", ""))
