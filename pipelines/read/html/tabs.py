"""Head the panels of tabs with the words of their tabs, and pass over the list of tabs.

A tab stands apart from what it shows: read in the order of the markup, the names of all lists come
first and none heads its own. A tab names its panel by `aria-controls`, or is named by it in
`aria-labelledby`; where no program has set these yet, a list of links to elements that follow, all
children of one element, is one of tabs by its class.
"""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.read.html.elements import LISTS, above, children, class_of, heading_level

_PASSED: Final = "navigation"  # the role of what is not read
_TAB: Final = re.compile(r"(?:^|[\s-])tabs?(?:$|[\s-])")
_CONTENTS: Final = frozenset({"", "contents"})
_LONGEST: Final = 160  # characters of a heading
_HEADS: Final = 4  # elements in each other, of which a panel's own heading may be the innermost


def head_panels(tree: LexborHTMLParser) -> None:
    """Write the words of each tab above its panel; a list of tabs is passed over once all have one.

    A panel that begins with those words has its heading already.
    """
    body = tree.body
    if body is None:
        return
    named = {n.attributes.get("id"): n for n in body.css("[id]")}
    labelled: dict[str, LexborNode] = {}
    for shown in body.css("[role=tabpanel][aria-labelledby]"):
        labelled.setdefault(shown.attributes.get("aria-labelledby") or "", shown)
    for tabs in _lists_of_tabs(body):
        pairs = [(tab, _panel(tab, named, labelled)) for tab in _tabs(tabs)]
        if not pairs or any(panel is None or _is_none(panel, tabs) for _, panel in pairs):
            continue
        if len({panel.parent.mem_id for _, panel in pairs if panel and panel.parent}) > 1:
            continue  # places in the page, each in a part of its own
        for tab, panel in pairs:
            if panel is not None:
                _head(panel, " ".join(tab.text(deep=True).split()), tree)
        for node in children(tabs.parent) if tabs.parent is not None else ():
            words = node.text(deep=True).strip().casefold()  # "Contents" is for want of programs
            if heading_level(node) and _TAB.search(class_of(node)) and words in _CONTENTS:
                node.attrs["role"] = _PASSED
        tabs.attrs["role"] = _PASSED


def _lists_of_tabs(body: LexborNode) -> list[LexborNode]:
    found = body.css("[role=tablist]")
    if not found:
        found = [n for n in body.css("ul, ol") if _TAB.search(class_of(n))]
    return found


def _tabs(tabs: LexborNode) -> list[LexborNode]:
    return tabs.css("[role=tab]") or (tabs.css("a[href^='#']") if tabs.tag in LISTS else [])


def _panel(
    tab: LexborNode, named: dict[str | None, LexborNode], labelled: dict[str, LexborNode]
) -> LexborNode | None:
    attributes = tab.attributes
    link = attributes.get("href") or ""
    ids = [attributes.get("aria-controls"), link[1:] if link.startswith("#") else None]
    found = next((named[name] for name in ids if name and name in named), None)
    return found or labelled.get(attributes.get("id") or "")


def _is_none(panel: LexborNode, tabs: LexborNode) -> bool:
    """Whether what a tab names needs no heading of ours: it stands among the tabs, or is one.

    Among them each panel has its tab right before it, as in an accordion; nor can the tabs stand
    in a panel of theirs.
    """
    inside = any(a.mem_id == tabs.mem_id for a in above(panel))
    return inside or heading_level(panel) > 0 or any(a.mem_id == panel.mem_id for a in above(tabs))


def _head(panel: LexborNode, words: str, tree: LexborHTMLParser) -> None:
    """Make a panel one that is read, with a heading where it has none of its own."""
    panel.attrs["role"] = "tabpanel"
    for name in ("hidden", "aria-hidden"):  # a click on the tab would show it
        if name in panel.attributes:
            del panel.attrs[name]
    own: LexborNode | None = panel.first_child
    for _ in range(_HEADS):
        if own is None or heading_level(own):
            break
        own = own.first_child
    if not 0 < len(words) <= _LONGEST:
        return
    said = " ".join(own.text(deep=True).split()).casefold() if own is not None else ""
    if said.endswith(words.casefold()):  # its number may stand before them
        return
    heading = tree.create_node("div")
    heading.attrs["role"] = "heading"
    heading.insert_child(words)
    first = panel.child
    if first is None:
        panel.insert_child(heading)
    else:
        first.insert_before(heading)
