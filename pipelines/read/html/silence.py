"""Which elements of a page are not read: programs, forms, navigation, notices, what is hidden."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborNode

from pipelines.read.html.elements import class_of, heading_level, is_list_of_links, words_of

SILENT: Final = frozenset(
    {"script", "style", "noscript", "template", "svg", "nav", "form", "select", "input", "textarea"}
    | {"iframe", "object", "embed", "video", "audio", "canvas", "dialog", "head", "title", "math"}
    | {"datalist", "map", "del", "rp"}
)
_ROLES: Final = frozenset({"navigation", "banner", "contentinfo", "search", "dialog"})
_NOTICES: Final = frozenset(  # words that no heading of a report has
    {"cookie", "cookies", "breadcrumb", "breadcrumbs", "skiplink", "navbar", "pagination"}
)
_OF_LINKS: Final = frozenset({"skip", "navigation", "share", "social", "sharing"})
_SKIPS: Final = frozenset({"link", "links", "content", "to", "nav"})
_WORDS: Final = re.compile(r"[a-z0-9]+")
_HIDDEN: Final = re.compile(r"display:none|(?<![\w-])visibility:hidden")
_SAID: Final = 60  # characters outside links, of a paragraph or an item that says something
_UNSEEN: Final = frozenset({"sronly", "visuallyhidden", "offscreen"})
_UNSEEN_PAIRS: Final = ("visually-hidden", "sr-only", "screen-reader", "skip-to", "skip-link")


def is_silent(node: LexborNode, panels: frozenset[int]) -> bool:
    """Whether an element is not read: program, form, navigation, banner, hidden.

    Args:
        node: An element.
        panels: Hidden elements that are text all the same, by `mem_id`.
    """
    tag = node.tag
    if tag in SILENT and node.mem_id not in panels:
        return not (tag == "form" and len(node.text(deep=True)) > 2000)
    if tag == "menu" and _is_of_commands(node):
        return True
    if not node.attributes:
        return False
    if is_furniture(node):
        return True
    if node.mem_id in panels:
        return False
    named = class_of(node)
    unseen = any(pair in named for pair in _UNSEEN_PAIRS) or bool(words_of(node) & _UNSEEN)
    return unseen or is_hidden(node)


def _is_of_commands(menu: LexborNode) -> bool:
    """Whether a menu is one to choose from: of buttons, or of links and nothing else."""
    return menu.css_first("li > button, menuitem") is not None or is_list_of_links(menu)


def is_furniture(node: LexborNode) -> bool:
    """Whether an element is navigation, a banner or a notice by its role or its name."""
    if (node.attributes.get("role") or "").lower() in _ROLES:
        return True
    tag = node.tag
    if tag in {"body", "main", "article", "html", "li"} or heading_level(node):
        return False
    return bool(words_of(node) & _NOTICES) or is_of_links(node)


def is_of_links(node: LexborNode) -> bool:
    """Whether an element's class calls it a place of links, and it is one.

    Its id says nothing: ids are made of the words of headings, and reports have headings on
    information sharing, on social work, on navigation.
    """
    words = frozenset(_WORDS.findall(class_of(node)))
    if not words & _OF_LINKS or ("skip" in words and not words & _SKIPS):
        return False
    said, whole = unlinked(node), len("".join(node.text(deep=True).split()))
    if said > max(whole - said, _SAID):
        return False
    return all(unlinked(part) < _SAID for part in node.css("p, li, td, dd"))


def unlinked(node: LexborNode) -> int:
    """Characters of an element outside links and buttons, white space apart."""
    if node.tag in {"a", "button"}:
        return 0
    linked = sum(len("".join(n.text(deep=True).split())) for n in node.css("a, button"))
    return max(0, len("".join(node.text(deep=True).split())) - linked)


def is_hidden(node: LexborNode) -> bool:
    """Whether an element is hidden by an attribute or a style of its own."""
    attributes = node.attributes
    style = (attributes.get("style") or "").replace(" ", "").lower()
    for_good = "hidden" in attributes and (attributes["hidden"] or "").lower() != "until-found"
    if for_good or _HIDDEN.search(style):
        return True
    return (attributes.get("aria-hidden") or "").lower() == "true"
