"""Which elements of a page are call-out boxes: named so, or framed."""

from __future__ import annotations

from typing import Final

from selectolax.lexbor import LexborNode

from pipelines.read.elements import class_of, words_of

_BOXES: Final = frozenset(
    {"example", "examples", "callout", "inset", "infobox", "boxout", "box", "casestudy"}
)
_BOXABLE: Final = frozenset(
    {"aside", "div", "section", "figure", "td", "table", "blockquote", "details"}
)
_BOX_PAIRS: Final = ("case-study", "call-out", "practice-example")
_LONGEST_TITLE: Final = 80  # of a box


def is_box(node: LexborNode, total: int) -> bool:
    """Whether an element is a call-out box: named so, and no large part of the page.

    Args:
        node: An element.
        total: Characters of the page's text.
    """
    if node.tag == "p":
        return _is_framed_line(node)
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


def _is_bordered(node: LexborNode | None) -> bool:
    style = (node.attributes.get("style") or "") if node is not None else ""
    return "border:" in style.replace(" ", "").lower()


def _is_framed_line(node: LexborNode) -> bool:
    """Whether a paragraph has a frame that goes on around its neighbours, as LibreOffice's."""
    if not _is_bordered(node):
        return False
    if node.parent is not None and node.parent.tag == "li":
        return True
    after, before = node.next, node.prev
    while after is not None and after.tag == "-text":
        after = after.next
    while before is not None and before.tag == "-text":
        before = before.prev
    return _is_bordered(after) or _is_bordered(before)


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
