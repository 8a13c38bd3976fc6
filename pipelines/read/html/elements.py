"""What an HTML element is to a reader: a heading, a control, a footnote, a quotation.

Judged by element, role and the words of its class and id, for pages of any make.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Final

from selectolax.lexbor import LexborNode

BLOCKS: Final = frozenset(
    {"p", "div", "section", "article", "main", "header", "footer", "aside", "address", "figure"}
    | {"figcaption", "hr", "pre", "ul", "ol", "menu", "li", "dl", "dt", "dd", "table", "blockquote"}
    | {"details", "summary", "h1", "h2", "h3", "h4", "h5", "h6", "body", "fieldset", "center"}
    | {"caption", "legend", "hgroup", "tr", "td", "th", "tbody", "thead", "tfoot", "dialog"}
    | {"noscript"}
)
_WORDS: Final = re.compile(r"[a-z0-9]+")
LISTS: Final = frozenset({"ul", "ol", "menu"})
NO_LEVEL: Final = 10
_HEADING: Final = re.compile(r"h([1-6])$")
_LEVELS: Final = frozenset("123456")
_INTEGER: Final = re.compile("-?[0-9]{1,9}")
_CONTROL: Final = re.compile(
    r"(?:,\s*)?(?:show|hide|open|close|expand|collapse|toggle|\+|-|–|−)"
    r"(?: (?:all|this)?\s*(?:sections?|panels?|content)?)?",
    re.IGNORECASE,
)
_TOGGLES: Final = ("aria-expanded", "aria-controls", "data-toggle", "data-bs-toggle", "role")
_MARGIN: Final = re.compile(r"margin-left\s*:\s*(\d{1,4}(?:\.\d+)?)(pt|px|in|cm|mm|em)\b", re.I)
_POINTS: Final = {"pt": 1.0, "px": 0.75, "in": 72.0, "cm": 28.35, "mm": 2.835, "em": 12.0}
_COLUMN: Final = 6.0  # points
_LONGEST_CONTROL: Final = 30
_CONTROL_DEPTH: Final = 6
_SENTENCE: Final = 5  # words
_LONGEST_LABEL: Final = 60  # characters that stand beside a picture which is a value
_NOTES: Final = frozenset({"footnote", "footnotes", "endnote", "endnotes", "ftn", "footnoteitem"})
_NOTE_ID: Final = re.compile(r"_?(?:ftn|fn|footnote|endnote|note)[-_:]?\d+$", re.IGNORECASE)
_NOTE_HREF: Final = re.compile(
    r"#_?(?:ftn|fn|footnote|endnote|note|edn|en)(?:ref)?[-_:]?\d+$", re.I
)
_CALLS: Final = re.compile(r"[\d\s,;\[\]()*†‡↑↩︎^]{0,40}")  # one call, or several
_TIP: Final = re.compile(
    r"(?:^|[\s-])(?:(?:tool)?tip(?:py)?(?:text)?|pop-?up|gloss(?:ary)?|def(?:inition)?|hint|"
    r"explain(?:er|ation)?|footnote)s?(?:$|[\s-])|popover|hovercard"
)
_APART: Final = re.compile(r"(?:display\s*:\s*(?:block|flex|grid)|position\s*:\s*absolute)\b", re.I)
_OPENING: Final = tuple("([“‘")
_ENDS: Final = frozenset(".?!")  # of sentences
_LETTERS: Final = re.compile(r"[^\W_]+")
_LONGEST_ENDING: Final = 2  # of a word that a gloss stands in: officers, noted
_CONTAINER_IN_ITEM: Final = "h1, h2, h3, h4, h5, h6, table, details, section"
_BOLD: Final = frozenset({"strong", "b"})
_STYLED_BOLD: Final = re.compile(r"font-weight:\s*(?:bold|[6-9]00)", re.IGNORECASE)
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


def is_tooltip(node: LexborNode) -> bool:
    """Whether an element says more of the words before it, where a page shows it beside them."""
    attributes = node.attributes
    if node.tag == "small":  # set in capitals, small ones stand within a word
        return not node.text(deep=True).isupper() and len(node.text(deep=True).split()) > 1
    if _APART.search(attributes.get("style") or ""):
        return True
    named = attributes.get("role") == "tooltip" or "popover" in attributes
    return named or bool(_TIP.search(class_of(node)))


def is_gloss(node: LexborNode, before: str) -> bool:
    """Whether an element explains the word before it, without a blank: it is none of its letters.

    Args:
        node: An element in a line.
        before: What stands before it.
    """
    if not (before[-1:].isalnum() or before[-1:] in _ENDS) or not is_tooltip(node):
        return False
    text = node.text(deep=True).strip()
    begins = text[:1].isalpha() and not (text[0].islower() and before[-1:].isdigit())  # 1, st
    opens = begins or text[:1].isdigit() or text[:1] in _OPENING
    return len(text) > 1 and not text.isdigit() and opens


def parts_behind(node: LexborNode) -> bool:
    """Whether a gloss stands without a blank before the next word, and no ending of its own."""
    before, after = node.prev, node.next
    if before is None or after is None or not is_tooltip(node):
        return False
    word = _LETTERS.match(after.text(deep=True))
    ending = word is None or len(word[0]) <= _LONGEST_ENDING
    return not ending and is_gloss(node, before.text(deep=True))


def is_bold(node: LexborNode) -> bool:
    """Whether an element in a line is bold."""
    if node.tag in _BOLD:
        return True
    return node.tag == "span" and bool(_STYLED_BOLD.search(node.attributes.get("style") or ""))


def frames_blocks(node: LexborNode) -> bool:
    """Whether an item only holds blocks together: parts of a page, or another list.

    Some programs write a list as the one item of another. An item that holds a list alone goes on
    the item before, where that has words.
    """
    if node.css_first(_CONTAINER_IN_ITEM) is not None:
        return True
    item: LexborNode | None = node
    while item is not None:
        own = (child for child in children(item) if child.tag not in LISTS)
        if any(child.text(deep=True).strip() for child in own):
            return False
        item = item.prev
    return any(child.tag in LISTS for child in children(node))


def in_sentence(node: LexborNode) -> bool:
    """Whether an element has words before it and goes on into others: it is one of a sentence."""
    before, after = node.prev, node.next
    if before is None or before.tag != "-text" or after is None or after.tag in BLOCKS:
        return False
    return bool((before.text_content or "").strip() and after.text(deep=True).strip())


def opens_panel(node: LexborNode) -> bool:
    """Whether a button is the heading of a panel."""
    inside = node.parent is not None and 0 < heading_level(node.parent) < NO_LEVEL
    opens = "aria-expanded" in node.attributes or "aria-controls" in node.attributes
    return inside or (opens and len(node.text(deep=True)) < 160)


def is_control(node: LexborNode) -> bool:
    """Whether an element says what a click on the heading around it does: "Show", "Close"."""
    text = node.text(deep=True).strip()
    if len(text) > _LONGEST_CONTROL or not _CONTROL.fullmatch(text):
        return False
    return any(
        a.tag in {"button", "summary"} or a.attributes.get("role") == "button"
        for a in islice(chain((node,), above(node)), _CONTROL_DEPTH)
    )


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
    return number_of(node, name="start", default=1)


def number_of(node: LexborNode, *, name: str, default: int) -> int:
    """Return the whole number that an attribute states.

    More than nine digits, and those of other scripts, state none that a page could mean.
    """
    value = (node.attributes.get(name) or "").strip()
    return int(value) if _INTEGER.fullmatch(value) else default


def is_note(node: LexborNode) -> bool:
    """Whether an element holds footnotes."""
    role = (node.attributes.get("role") or "").lower()
    if role in {"doc-footnote", "doc-endnotes", "doc-endnote"} or words_of(node) & _NOTES:
        return node.tag not in {"a", "sup", "span"}
    return bool(_NOTE_ID.match(node.attributes.get("id") or "")) and node.tag in {"p", "li", "div"}


def is_note_call(node: LexborNode) -> bool:
    """Whether a link or a raised figure calls a footnote, or leads back from one."""
    text = node.text(deep=True).strip()
    if node.tag == "sup":
        return bool(_CALLS.fullmatch(text))
    if node.tag != "a" or len(text) > 6:
        return False
    bare = text.strip("[]()*†‡ ,↑↩︎^")
    role = (node.attributes.get("role") or "").lower()
    noted = bool(_NOTE_HREF.search(node.attributes.get("href") or "")) or "noteref" in role
    leads_back = bool(text) and not text.strip("↑↩︎^#¶ ")  # or to the heading it stands in
    return leads_back or (noted and (bare.isdigit() or not bare))


def is_quote(node: LexborNode) -> bool:
    """Whether an element is set as a quotation by its class."""
    return node.tag in {"p", "div", "figure", "aside"} and bool(words_of(node) & _QUOTES)


def indent_of(node: LexborNode) -> int:
    """How far a paragraph is set in by its own style, in columns of text; 0 where none says."""
    match = _MARGIN.search(node.attributes.get("style") or "")
    return round(float(match[1]) * _POINTS[match[2].lower()] / _COLUMN) if match else 0


def is_item(node: LexborNode) -> bool:
    """Whether an element is the item of a list; so are descriptions of no term, set for indent."""
    if node.tag == "li" or node.attributes.get("role") == "listitem":
        return True
    if node.tag != "dd" or node.parent is None or node.parent.css_first("dt") is not None:
        return False
    return node.text(deep=True).strip()[:1].isalnum()


def is_nested_list(node: LexborNode | None) -> bool:
    """Whether a list stands beside the item it is nested in: its class says how deep it is."""
    return node is not None and bool(_DEEP_LIST.search(node.attributes.get("class") or ""))


def is_link(node: LexborNode, *, sentences: bool = True) -> bool:
    """Whether all text of an element is one link, which leads elsewhere and opens no panel.

    Args:
        node: An element.
        sentences: Whether a link may be a sentence; among items of text one says something.
    """
    link = node.css_first("a[href]")
    if link is None or any(name in link.attributes for name in _TOGGLES):
        return False
    text = " ".join(node.text(deep=True).split())
    if not sentences and text.endswith(".") and len(text.split()) >= _SENTENCE:
        return False
    return bool(text) and text == " ".join(link.text(deep=True).split()) and len(text) < 160


def has_items_of_text(node: LexborNode) -> bool:
    """Whether an item of a list is not wholly a link."""
    items = (child for child in children(node) if child.tag == "li")
    return any(item.text(deep=True).strip() and not is_link(item) for item in items)


def is_list_of_links(node: LexborNode) -> bool:
    """Whether a list holds nothing but links."""
    linked = sum(len(link.text(deep=True).strip()) for link in node.css("a[href]"))
    return 0 < linked >= len("".join(node.text(deep=True).split()))


def words_of_picture(node: LexborNode, *, before: str, listed: bool) -> str:
    """Return the words that a picture stands for, as those of ratings do; nothing for others.

    Args:
        node: The picture.
        before: What stands before it in its block, whose label is not said again.
        listed: It is in the item of a list, where pictures are mostly icons.
    """
    words = (node.attributes.get("alt") or "").split()
    if not 0 < len(words) <= (2 if listed else 4) + words[0].endswith(":"):
        return ""
    if listed and len(_item_text(node)) > _LONGEST_LABEL:
        return ""
    labelled = words[0].endswith(":") and before.endswith(":")
    if len(words) > 1 and (labelled or before.lower().endswith(words[0].lower())):
        words = words[1:]
    return " ".join(words)


def children(node: LexborNode) -> Iterator[LexborNode]:
    """Yield what stands right below an element, text and comments too."""
    child = node.child
    while child is not None:
        yield child
        child = child.next


def above(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the elements that an element is in, the innermost first."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def _item_text(node: LexborNode) -> str:
    """The text of the item of a list, or of another block, that an element is in."""
    return next((a.text(deep=True).strip() for a in above(node) if a.tag in BLOCKS), "")
