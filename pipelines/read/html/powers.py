"""Raised figures that are a part of what they stand behind: of an area, of a power of ten.

All others call footnotes and are left out, so these are written as signs before anything is read.
"""

from __future__ import annotations

from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.read.drafts.calls import is_part, raised

_BEHIND: Final = 24  # characters that tell what raised figures are
_PIECES: Final = 6  # elements and texts in which those stand


def write_powers(tree: LexborHTMLParser) -> None:
    """Put signs in place of raised figures that call nothing."""
    for node in tree.css("sup"):
        figures = node.text(deep=True).strip()
        if node.css_first("a") is None and is_part(_before(node), figures):
            node.replace_with(raised(figures))


def _before(node: LexborNode) -> str:
    """The words right before an element, in the element that it is in."""
    text, before = "", node.prev
    for _ in range(_PIECES):
        if before is None or len(text) > _BEHIND:
            break
        text = (before.text(deep=True) or "") + text
        before = before.prev
    return " ".join(text.split())
