"""Which hidden parts of a page are text all the same: closed panels, tabs, what "read more" opens.

A page saved with its panels closed holds what is in them; what it hides for good (menus, notices,
copies for other screens) does too. A panel is told by what opens it or by what stands before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.read.html.elements import (
    BLOCKS,
    NO_LEVEL,
    above,
    children,
    heading_level,
    is_link,
    words_of,
)
from pipelines.read.html.silence import SILENT, is_furniture, is_hidden, is_of_links, unlinked

_HIDING: Final = "[hidden], [aria-hidden], [style]"
_OPENERS: Final = frozenset({"button", "summary", "a"})
_NEVER: Final = frozenset(
    {"cookie", "cookies", "consent", "modal", "popup", "dialog", "lightbox", "offcanvas", "menu"}
    | {"nav", "navigation", "search", "newsletter", "subscribe", "share", "tooltip"}
)
_FEWEST: Final = 60  # characters of a panel that nothing but its place tells
_PROSE: Final = 400  # characters, links apart: so much is not hidden without a word
_PROBE: Final = 100  # characters that stand elsewhere in the page where a text is there twice
_LONGEST_OPENER: Final = 160
_WHOLE: Final = 0.4  # of a page's text
_MOST: Final = 2_000  # hidden elements that are looked at


@dataclass(frozen=True, slots=True)
class Panels:
    """The hidden elements of a page.

    Attributes:
        read: Those that are read all the same, by `mem_id`.
        unread: Words that stand in no other and are not read.
        named: Words in what is passed over as navigation for its class, and says something.
        missing: Panels that headings open and the file does not hold.
    """

    read: frozenset[int] = frozenset()
    unread: int = 0
    named: int = 0
    missing: int = 0

    def warnings(self) -> tuple[str, ...]:
        """Say how much of the page was not read or not saved, if anything."""
        said = []
        if self.unread:
            said.append(f"{self.unread:,} words that the page hides for good were not read")
        if self.named:
            said.append(f"{self.named:,} words in what is named as navigation were not read")
        if self.missing:
            said.append(
                f"{self.missing} closed {'panels' if self.missing > 1 else 'panel'} of the page "
                "not in the file: open them in the browser and save it again"
            )
        return tuple(said)


def find_panels(tree: LexborHTMLParser) -> Panels:
    """Separate the closed panels of a page from what it hides for good."""
    body = tree.body
    if body is None:
        return Panels()
    openers = tree.css("[aria-controls]")
    opened = {name for node in openers for name in _controlled(node)}
    there = {node.attributes.get("id") for node in body.css("[id]")} if opened else set()
    missing = {name for node in openers if _is_heading(node) for name in _controlled(node)} - there
    whole = body.text(deep=True)
    read: set[int] = set()
    hidden = [n for n in body.css(_HIDING) if is_hidden(n) and n.tag not in SILENT]
    unread = hidden[_MOST:]
    read.update(n.mem_id for n in body.css("dialog[open]") if not words_of(n) & _NEVER)
    read.update(n.mem_id for n in body.css("noscript") if _is_instead(n, whole))
    for node in hidden[:_MOST]:
        if node.attributes.get("id") in opened:
            read.add(node.mem_id)
        elif _is_outside(node, len(whole)):
            continue
        elif _is_panel(node) and not _is_copy(node, whole):
            read.add(node.mem_id)
        elif _prose(node) >= _PROSE and not _is_copy(node, whole):
            unread.append(node)
    named = [n for n in body.css("[class]") if is_of_links(n) and unlinked(n) >= _FEWEST]
    return Panels(frozenset(read), _words_in(unread), _words_in(named), len(missing))


def _words_in(nodes: list[LexborNode]) -> int:
    """How many words some elements hold, each counted once."""
    outer = {node.mem_id for node in nodes}
    lost = [node for node in nodes if not any(a.mem_id in outer for a in above(node))]
    return sum(len(node.text(deep=True, separator=" ").split()) for node in lost)


def _controlled(node: LexborNode) -> list[str]:
    return (node.attributes.get("aria-controls") or "").split()


def _is_heading(node: LexborNode) -> bool:
    """Whether what opens a panel is a heading, or in one."""
    return any(0 < heading_level(a) < NO_LEVEL for a in (node, *above(node)))


def _is_outside(node: LexborNode, total: int) -> bool:
    """Whether an element is not a part of the text wherever it stands: a notice, a menu.

    What holds most of the page is neither, whatever it is called.
    """
    return any(
        (a.tag in SILENT or is_furniture(a) or words_of(a) & _NEVER)
        and len(a.text(deep=True)) <= _WHOLE * total
        for a in (node, *above(node))
    )


def _is_panel(node: LexborNode) -> bool:
    attributes = node.attributes
    role = (attributes.get("role") or "").lower()
    if role == "tabpanel" or (attributes.get("aria-labelledby") and role != "dialog"):
        return True
    if _keeps_its_place(node):  # to appear once it is scrolled to
        return _prose(node) >= _FEWEST
    if node.tag not in {"div", "section", "dd", "ul", "ol", "p", "article"}:
        return False
    before = _before(node)
    prose = _prose(node)
    if _opens(before):
        return prose >= _FEWEST or _lists(node)
    return prose >= _PROSE and _heads(before)


def _is_instead(node: LexborNode, whole: str) -> bool:
    """Whether what stands for a program's own text holds text that the page has nowhere else."""
    longest = max(node.css("li"), key=lambda item: len(item.text(deep=True)), default=node)
    fewest = _PROSE if longest is node else 1 if _opens(_before(node)) else _FEWEST
    notice = "javascript" in longest.text(deep=True).lower()
    return _prose(node) >= fewest and not notice and not _is_copy(longest, whole)


def _lists(node: LexborNode) -> bool:
    """Whether an element is a list of items that are text, or holds one, however short."""
    return any(item.text(deep=True).strip() and not is_link(item) for item in node.css("li"))


def _keeps_its_place(node: LexborNode) -> bool:
    style = (node.attributes.get("style") or "").replace(" ", "").lower()
    unseen = "visibility:hidden" in style
    gone = "display:none" in style or "hidden" in node.attributes
    return node.tag in BLOCKS and unseen and not gone


def _opens(node: LexborNode | None) -> bool:
    """Whether an element is a heading or a button, or holds one and nothing else."""
    for _ in range(4):
        if node is None or not _short(node):
            return False
        role = (node.attributes.get("role") or "").lower()
        if node.tag in _OPENERS or role == "button" or 0 < heading_level(node) <= NO_LEVEL:
            return True
        node = next((c for c in children(node) if c.text(deep=True).strip()), None)
    return False


def _heads(node: LexborNode | None) -> bool:
    """Whether an element has the words of a heading, whatever it is set as."""
    return node is not None and (text := _short(node)) != "" and not text.endswith((".", "!", "?"))


def _short(node: LexborNode) -> str:
    """The text of an element that may be a heading; empty for any other."""
    text = " ".join(node.text(deep=True).split())
    return text if len(text) <= _LONGEST_OPENER else ""


def _before(node: LexborNode) -> LexborNode | None:
    before = node.prev
    while before is not None and (
        (before.tag or "-").startswith("-") and not (before.text_content or "").strip()
    ):
        before = before.prev
    return before


def _prose(node: LexborNode) -> int:
    """Characters of an element that are in no link."""
    linked = sum(len(link.text(deep=True)) for link in node.css("a, button, script, style"))
    return len(re.sub(r"\s+", " ", node.text(deep=True))) - linked


def _is_copy(node: LexborNode, whole: str) -> bool:
    """Whether what an element holds stands elsewhere in the page, too."""
    text = node.text(deep=True).strip()
    middle = max(0, len(text) // 2 - _PROBE // 2)
    probe = text[middle : middle + _PROBE]
    return len(probe) >= _FEWEST and whole.count(probe) > text.count(probe)
