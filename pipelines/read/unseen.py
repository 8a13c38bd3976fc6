"""Words of a page that nobody sees: in the colour of their ground, without size, off the page.

What a style hides with a word (`display: none`) may be opened, and is for `panels` to judge: where
the page's own sheet says that word, it is written to the element here. All else is told by what an
element and those around it declare. A ground that sheets elsewhere or pictures may paint is
unknown, and text on it stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.read.colours import BLACK, WHITE, Colour, colour_in, same_to_the_eye
from pipelines.read.elements import BLOCKS
from pipelines.read.silence import SILENT, is_hidden
from pipelines.read.styles import Declared, declarations, declared_by_sheets, has_other_sheets

_LINK: Final[Colour] = (0, 0, 238)
_LENGTH: Final = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|r?em|ex|ch|vw|vh|cm|mm|in|%)?")
_PIXELS: Final = {"pt": 1.33, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "cm": 37.8, "in": 96.0}
_SCREENS: Final = {"vw": 13.0, "vh": 9.0, "%": 13.0, "mm": 3.78}
_SMALLEST: Final = 2.0  # pixels: smaller letters are dots
_FAR: Final = -500.0  # pixels: left of it or above it is no page
_NIL: Final = r"[01](?:px)?"
_CLIPPED: Final = re.compile(rf"rect\(\s*(?:{_NIL}[\s,]+){{3}}{_NIL}\s*\)|inset\(\s*(?:50|100)%")
_PICTURE: Final = re.compile(r"url\(|gradient|var\(|image-set")
_HIDES: Final = (("display", "none"), ("visibility", "hidden"), ("opacity", "0"))
_COLOURED: Final = frozenset({"font", "body", "table", "tr", "td", "th"})
_SENTENCES: Final = frozenset({"li", "p", "td", "dd"})


@dataclass(frozen=True, slots=True)
class _Look:
    """What text in an element looks like; None is unknown.

    Attributes:
        colour: Of its letters.
        ground: Behind it.
        size: In pixels.
        painted: Whether it is.
        told: Whether its colour was declared.
    """

    colour: Colour | None = BLACK
    ground: Colour | None = WHITE
    size: float = 16.0
    painted: bool = True
    told: bool = False

    @property
    def unseen(self) -> bool:
        """Whether nobody sees it."""
        if not self.painted or self.size < _SMALLEST:
            return True
        known = self.colour is not None and self.ground is not None
        return known and same_to_the_eye(self.colour or BLACK, self.ground or WHITE)


def leave_out_unseen(tree: LexborHTMLParser, markup: str) -> int:
    """Take the words that nobody sees off a page; return how many they were.

    Args:
        tree: The parsed page, which is changed.
        markup: The page as it stood, with its style sheets.
    """
    body = tree.body
    if body is None:
        return 0
    sheets = declared_by_sheets(tree, markup)
    if not sheets and body.css_first("[style], [color], [bgcolor], [text]") is None:
        return 0
    gone = _Gone(sheets, elsewhere=has_other_sheets(tree, markup))
    gone.walk(body)
    for node in gone.nodes:
        node.decompose()
    return gone.words


class _Gone:
    """The nodes that nobody sees, and how many words they hold."""

    def __init__(self, sheets: dict[int, Declared], *, elsewhere: bool) -> None:
        self.nodes: list[LexborNode] = []
        self.words = 0
        self._sheets = sheets
        self._elsewhere = elsewhere
        self._lengths: dict[int, int] = {}  # of the text of blocks

    def walk(self, body: LexborNode) -> None:
        """Look at all below an element, which keeps its own stack as the page is deep."""
        stack: list[tuple[LexborNode, _Look]] = [(body, _Look())]
        while stack:
            node, around = stack.pop()
            look = self._looks(node, around)
            if look is None:
                continue
            child = node.child
            while child is not None:
                if child.tag == "-text":
                    if look.unseen and (child.text_content or "").strip():
                        self._take(child)
                elif not (child.tag or "-").startswith("-"):
                    stack.append((child, look))
                child = child.next

    def _take(self, node: LexborNode) -> None:
        self.nodes.append(node)
        said = node.text_content if node.tag == "-text" else node.text(deep=True, separator=" ")
        if not _leads_into_the_page(node):
            self.words += len((said or "").split())

    def _looks(self, node: LexborNode, around: _Look) -> _Look | None:
        """Say how text in an element looks; None where the element is left as it is, or taken."""
        if node.tag in SILENT:
            return None
        attributes = node.attributes
        own = declarations(attributes.get("style") or "")
        said = {**self._sheets.get(node.mem_id, {}), **own}
        hides = [f"{k}:{v}" for k, v in _HIDES if said.get(k) == v and own.get(k) != v]
        if hides:
            node.attrs["style"] = ";".join([attributes.get("style") or "", *hides])
        off = _is_off_the_page(said)
        if off or is_hidden(node):
            if off or ("id" not in attributes and self._is_in_sentence(node)):  # no panel is
                self._take(node)
            return None
        for name, key in (("color", "color"), ("bgcolor", "background"), ("text", "color")):
            if attributes.get(name) and node.tag in _COLOURED:
                said.setdefault(key, str(attributes[name]))
        return self._with(around, said, node)

    def _with(self, around: _Look, said: Declared, node: LexborNode) -> _Look:
        """Return how text in an element looks, by what is around it and what is said of it."""
        look = around
        named = self._elsewhere and bool(node.attributes.get("class") or node.attributes.get("id"))
        placed = said.get("position") in {"absolute", "fixed"}
        if named or placed or (self._elsewhere and node.tag == "body"):  # may stand on anything
            look = replace(look, ground=None)
        if (size := said.get("font-size")) is not None:
            look = replace(look, size=_pixels(size, look.size))
        if (colour := said.get("color")) and colour not in {"inherit", "currentcolor", "unset"}:
            given, painted = colour_in(colour)
            clear = not painted and not any("background" in name for name in said)
            alone = not (named or around.told)
            if self._elsewhere and look.ground is None and alone and self._is_in_sentence(node):
                look = replace(look, ground=WHITE)  # as of the words beside it, which are seen
            look = replace(look, colour=given, painted=not clear, told=True)
        elif node.tag == "a" and not around.told and "href" in node.attributes:
            look = replace(look, colour=_LINK)
        for name in ("background", "background-color", "background-image"):
            value = said.get(name, "")
            if value in {"", "none", "inherit", "initial", "unset"}:
                continue
            given, painted = colour_in(value)
            if _PICTURE.search(value):
                look = replace(look, ground=None)
            elif painted and name != "background-image":
                look = replace(look, ground=given)
        return look

    def _is_in_sentence(self, node: LexborNode) -> bool:
        """Whether an element is a part of a sentence: the block around it has words of its own."""
        block = node.parent
        while block is not None and block.tag not in BLOCKS:
            block = block.parent
        if node.tag in BLOCKS or block is None or block.tag not in _SENTENCES:
            return False
        return self._length(block) > len(node.text(deep=True).strip())

    def _length(self, block: LexborNode) -> int:
        """How long a block's text is, found once however many parts it has."""
        if block.mem_id not in self._lengths:
            self._lengths[block.mem_id] = len(block.text(deep=True).strip())
        return self._lengths[block.mem_id]


def _leads_into_the_page(node: LexborNode) -> bool:
    """Whether it is a link past the navigation, which is seen when the keyboard comes to it."""
    return node.tag == "a" and (node.attributes.get("href") or "").startswith("#")


def _pixels(value: str, around: float) -> float:
    found = _LENGTH.fullmatch(value)
    if found is None:
        return 16.0
    unit = found[2] or "px"
    if unit in {"em", "%"}:
        return float(found[1]) * around / (100 if unit == "%" else 1)
    return float(found[1]) * {**_SCREENS, **_PIXELS}.get(unit, 1.0)


def _is_off_the_page(said: Declared) -> bool:
    placed = said.get("position") in {"absolute", "fixed", "relative"}
    sides = [said.get(name, "") for name in ("left", "right", "top")] if placed else []
    far = [*sides, said.get("text-indent", "")]
    for value in far:
        found = _LENGTH.fullmatch(value)
        if found and float(found[1]) * {**_SCREENS, **_PIXELS}.get(found[2] or "px", 1.0) < _FAR:
            return True
    return any(_CLIPPED.search(said.get(name, "")) for name in ("clip", "clip-path"))
