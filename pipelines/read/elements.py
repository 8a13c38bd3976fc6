"""What an HTML element is to a reader: hidden, furniture, a heading, a footnote, a quotation.

Judged by element, role and the words of its class and id, for pages of any make.
"""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborNode

SILENT: Final = frozenset(
    {"script", "style", "noscript", "template", "svg", "nav", "form", "select", "input", "textarea"}
    | {"iframe", "object", "embed", "video", "audio", "canvas", "dialog", "head", "title", "math"}
    | {"datalist", "map", "del"}
)
BLOCKS: Final = frozenset(
    {"p", "div", "section", "article", "main", "header", "footer", "aside", "address", "figure"}
    | {"figcaption", "hr", "pre", "ul", "ol", "menu", "li", "dl", "dt", "dd", "table", "blockquote"}
    | {"details", "summary", "h1", "h2", "h3", "h4", "h5", "h6", "body", "fieldset", "center"}
    | {"caption", "legend", "hgroup", "tr", "td", "th", "tbody", "thead", "tfoot"}
)
_WORDS: Final = re.compile(r"[a-z0-9]+")
_FURNITURE_ROLES: Final = frozenset({"navigation", "banner", "contentinfo", "search", "dialog"})
_FURNITURE: Final = frozenset(
    {"cookie", "cookies", "breadcrumb", "breadcrumbs", "skiplink", "skip", "navbar", "navigation"}
    | {"pagination", "share", "social", "sharing"}
)
LISTS: Final = frozenset({"ul", "ol", "menu"})
NO_LEVEL: Final = 10
_HEADING: Final = re.compile(r"h([1-6])$")
_LEVELS: Final = frozenset("123456")
_UNSEEN: Final = frozenset({"hidden", "sronly", "visuallyhidden", "offscreen"})
_UNSEEN_PAIRS: Final = ("visually-hidden", "sr-only", "screen-reader", "skip-to", "skip-link")
_NOTES: Final = frozenset({"footnote", "footnotes", "endnote", "endnotes", "ftn", "footnoteitem"})
_NOTE_ID: Final = re.compile(r"_?(?:ftn|fn|footnote|endnote|note)[-_:]?\d+$", re.IGNORECASE)
_NOTE_HREF: Final = re.compile(
    r"#_?(?:ftn|fn|footnote|endnote|note|edn|en)(?:ref)?[-_:]?\d+$", re.I
)
_QUOTES: Final = frozenset({"quote", "pullquote", "blockquote", "quotation"})
_DEEP_LIST: Final = re.compile(r"\blst-[\w-]+-[1-8]\b")


def words_of(node: LexborNode) -> frozenset[str]:
    """Return the words of an element's class and id, in lower case."""
    attributes = node.attributes
    text = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
    return frozenset(_WORDS.findall(text)) if text.strip() else frozenset()


def class_of(node: LexborNode) -> str:
    """Return an element's class in lower case, its words joined by hyphens."""
    return re.sub(r"_+", "-", (node.attributes.get("class") or "").lower())


def is_silent(node: LexborNode, revealed: frozenset[str]) -> bool:
    """Whether an element is not read: program, form, navigation, banner, hidden.

    Args:
        node: An element.
        revealed: Ids that a button shows on a click; what they hide is text all the same.
    """
    tag = node.tag
    if tag in SILENT:
        return not (tag == "form" and len(node.text(deep=True)) > 2000)
    if tag == "menu" and node.css_first("li > a, li > button, menuitem") is not None:
        return True
    attributes = node.attributes
    if not attributes:
        return False
    if (attributes.get("role") or "").lower() in _FURNITURE_ROLES:
        return True
    words = words_of(node)
    if words & _FURNITURE and tag not in {"body", "main", "article", "html"}:
        return "skip" not in words or bool(words & {"link", "links", "content", "to", "nav"})
    if attributes.get("id") in revealed:
        return False
    style = (attributes.get("style") or "").replace(" ", "").lower()
    if "hidden" in attributes or "display:none" in style or "visibility:hidden" in style:
        return True
    if (attributes.get("aria-hidden") or "").lower() == "true":
        return True
    named = class_of(node)
    return any(pair in named for pair in _UNSEEN_PAIRS) or bool(words & (_UNSEEN - {"hidden"}))


def heading_level(node: LexborNode) -> int:
    """Level of a heading, `NO_LEVEL` where it has none of its own; 0 for any other element."""
    if match := _HEADING.match(node.tag or ""):
        return int(match[1])
    if node.tag in {"summary", "button", "caption", "legend"}:
        return NO_LEVEL
    if node.attributes.get("role") != "heading":
        return 0
    level = node.attributes.get("aria-level") or ""
    return int(level) if level in _LEVELS else NO_LEVEL


def list_start(node: LexborNode) -> int:
    """Return the number of the first item of a list."""
    value = node.attributes.get("start") or ""
    return int(value) if value.lstrip("-").isdigit() else 1


def is_note(node: LexborNode) -> bool:
    """Whether an element holds footnotes."""
    role = (node.attributes.get("role") or "").lower()
    if role in {"doc-footnote", "doc-endnotes", "doc-endnote"} or words_of(node) & _NOTES:
        return node.tag not in {"a", "sup", "span"}
    return bool(_NOTE_ID.match(node.attributes.get("id") or "")) and node.tag in {"p", "li", "div"}


def is_note_call(node: LexborNode) -> bool:
    """Whether a link or a raised figure calls a footnote, or leads back from one."""
    text = node.text(deep=True).strip()
    if len(text) > 6:
        return False
    bare = text.strip("[]()*†‡ ,↑↩︎^")
    if node.tag == "sup":
        return bare.isdigit() or not bare
    if node.tag != "a":
        return False
    role = (node.attributes.get("role") or "").lower()
    noted = bool(_NOTE_HREF.search(node.attributes.get("href") or "")) or "noteref" in role
    leads_back = bool(text) and not text.strip("↑↩︎^ ")
    return leads_back or (noted and (bare.isdigit() or not bare))


def is_quote(node: LexborNode) -> bool:
    """Whether an element is set as a quotation by its class."""
    return node.tag in {"p", "div", "figure", "aside"} and bool(words_of(node) & _QUOTES)


def is_nested_list(node: LexborNode | None) -> bool:
    """Whether a list stands beside the item it is nested in: its class says how deep it is."""
    return node is not None and bool(_DEEP_LIST.search(node.attributes.get("class") or ""))


def is_contents_link(node: LexborNode) -> bool:
    """Whether all text of an element is a link into the same page."""
    link = node.css_first("a[href^='#']")
    if link is None:
        return False
    text = " ".join(node.text(deep=True).split())
    return bool(text) and text == " ".join(link.text(deep=True).split()) and len(text) < 160


def is_list_of_links(node: LexborNode) -> bool:
    """Whether a list holds nothing but links."""
    linked = sum(len(link.text(deep=True).strip()) for link in node.css("a[href]"))
    return 0 < linked >= len("".join(node.text(deep=True).split()))
