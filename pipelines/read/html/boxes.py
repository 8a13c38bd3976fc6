"""Which elements of a page are call-out boxes: named so, or framed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborNode

from pipelines.read.drafts.lines import LineKind, parse_plain
from pipelines.read.html.elements import LISTS, class_of, words_of

_BOXES: Final = frozenset(
    {"example", "examples", "callout", "inset", "infobox", "boxout", "box", "casestudy"}
)
_BOXABLE: Final = frozenset(
    {"aside", "div", "section", "figure", "td", "table", "blockquote", "details"}
)
_BOX_PAIRS: Final = ("case-study", "call-out", "practice-example")
_LONGEST_TITLE: Final = 80  # of a box
_LONGEST_RUN: Final = 30  # paragraphs of a box
_MOST_FRAMED: Final = 0.4  # of a page's text, where what is framed are boxes
_LINE: Final = re.compile(
    r"border(?:-(?:left|top|right|bottom))?\s*:\s*[^;]*\b(?:solid|double|dashed|dotted)\b", re.I
)
_GROUND: Final = re.compile(
    r"background(?:-color)?\s*:\s*(?!transparent|none|inherit|initial|white|#fff(?:fff)?\b)[#\w]",
    re.I,
)


def is_box(node: LexborNode, total: int) -> bool:
    """Whether an element is a call-out box: named so, and no large part of the page.

    Args:
        node: An element.
        total: Characters of the page's text.
    """
    if node.tag not in _BOXABLE:
        return False
    bordered = _is_bordered(node)
    named = class_of(node)
    if not (
        node.tag == "aside"
        or bordered
        or words_of(node) & _BOXES
        or any(pair in named for pair in _BOX_PAIRS)
        or _is_titled_cell(node)
    ):
        return False
    size = len(node.text(deep=True))
    return size <= 6000 and size <= max(0.2 * total, 600) and node.css_first("h1, h2") is None


def has_framed_lines(root: LexborNode, total: int) -> bool:
    """Whether paragraphs of a page are framed or shaded, and so few that these are boxes."""
    framed = sum(len(p.text(deep=True)) for p in root.css("p[style]") if _is_framed(p))
    return 0 < framed <= _MOST_FRAMED * total


def _is_bordered(node: LexborNode) -> bool:
    return "border:" in (node.attributes.get("style") or "").replace(" ", "").lower()


def _is_framed(node: LexborNode) -> bool:
    """Whether an element has a line on a side of it, or a ground of its own."""
    style = node.attributes.get("style") or ""
    return bool(_LINE.search(style) or _GROUND.search(style))


def is_framed_line(node: LexborNode) -> bool:
    """Whether a paragraph is one of several in a frame, as word processors write boxes."""
    if node.tag != "p" or not _is_framed(node):
        return False
    if node.parent is not None and node.parent.tag == "li":
        return True
    run = [node, *_framed_beside(node, back=True), *_framed_beside(node, back=False)]
    texts = [" ".join(part.text(deep=True).split()) for part in run]
    if any((line := parse_plain(text)) and line.kind is LineKind.HEADING for text in texts):
        return False  # the head of a standard and its description
    return len(run) > 1 and any(
        part.tag in LISTS or len(text) > _LONGEST_TITLE
        for part, text in zip(run, texts, strict=True)
    )


def _framed_beside(node: LexborNode, *, back: bool) -> Iterator[LexborNode]:
    """Yield the elements right before or after one that share its frame."""
    for _ in range(_LONGEST_RUN):
        beside = node.prev if back else node.next
        while beside is not None and (beside.tag or "-").startswith("-"):
            beside = beside.prev if back else beside.next
        inner = beside.css_first("p") if beside is not None and beside.tag in LISTS else beside
        if beside is None or inner is None or inner.tag != "p" or not _is_framed(inner):
            return
        yield beside
        node = beside


def _is_titled_cell(node: LexborNode) -> bool:
    """Whether an element is a table of one cell that opens with a title of its own, as Word's."""
    if node.tag != "table" or len(node.css("td, th")) != 1:
        return False
    blocks = node.css("p, div, h3, h4, h5, h6, li")
    first = next((b for b in blocks if b.css_first("p, div, ul, ol, table") in {None, b}), None)
    if first is None or first.tag == "li":
        return False
    title = " ".join(first.text(deep=True).split())
    whole = " ".join(node.text(deep=True).split())
    return 0 < len(title) <= _LONGEST_TITLE and title != whole and not title.endswith((".", "!"))
