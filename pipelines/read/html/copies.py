"""Copies of a part right behind it, as pages have for narrow screens: sheets show one of them."""

from __future__ import annotations

from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.read.html.silence import is_hidden

_PARTS: Final = "ul, ol, dl, div, section, article"
_FEWEST: Final = 60  # characters that two parts do not share by chance
_MOST: Final = 40_000_000  # characters compared: parts may be nested in parts without end


def leave_out_copies(tree: LexborHTMLParser) -> None:
    """Take parts off a page whose text is that of the part before them, of the same kind.

    Which of them a sheet hides on which screen does not matter: the text is one. A list counts
    more than its text alone, as pages have that for readers of screens.
    """
    compared = 0
    for node in tree.body.css(_PARTS) if tree.body is not None else ():
        before = _before(node)
        if before is None or before.tag != node.tag:
            continue
        text, said = _text(node), _text(before)
        compared += len(text) + len(said)
        if compared > _MOST:
            return
        if len(text) >= _FEWEST and text == said:
            seen = not is_hidden(before)
            second = is_hidden(node) or (seen and _items(before) > _items(node))
            (node if second else before).replace_with("")  # what is in it is yet to be asked


def _text(node: LexborNode) -> str:
    return " ".join(node.text(deep=True, separator=" ").split())


def _items(node: LexborNode) -> int:
    return len(node.css("li, dd"))


def _before(node: LexborNode) -> LexborNode | None:
    """The element before an element, with nothing but white between them."""
    before = node.prev
    while before is not None and before.tag in {"-text", "-comment"}:
        if before.tag == "-text" and (before.text_content or "").strip():
            return None
        before = before.prev
    return before
