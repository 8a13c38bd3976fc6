"""The style sheets that a page holds itself: what they declare of which element."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

Declared = dict[str, str]
"""What is declared of an element, by property; both in lower case."""

_LOOKED_AT: Final = frozenset(
    {"display", "visibility", "opacity", "color", "background", "background-color", "clip"}
    | {"background-image", "font-size", "position", "left", "right", "top", "text-indent"}
    | {"clip-path"}
)
_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|$)|<!--|-->", re.DOTALL)
_MEDIA: Final = re.compile(r"<style\b[^<>]*\bmedia\s*=\s*[\"']?\s*(?:print|speech)", re.IGNORECASE)
_ELSEWHERE: Final = re.compile(r"@media[^{]*(?:\bprint\b|\bspeech\b|max-width|prefers-|\bnot\b)")
_WITHIN: Final = ("@media", "@supports", "@layer", "@container")
_STATE: Final = re.compile(r":(?!:?(?:root|first|last|nth|only))")
_NAMES: Final = re.compile(r"[.#][\w-]+")
_LAST: Final = re.compile(r"[\s>+~]+")
_ELEMENT: Final = re.compile(r"(?<![\w.#-])[a-z][\w-]*", re.IGNORECASE)
_MOST: Final = 2_000  # rules


def declarations(style: str) -> Declared:
    """Read what a style declares, a later word of a property in place of an earlier one."""
    found = {}
    for part in style.lower().split(";"):
        name, _, value = part.partition(":")
        if name.strip() in _LOOKED_AT:
            found[name.strip()] = value.replace("!important", "").strip()
    return found


def declared_by_sheets(tree: LexborHTMLParser, markup: str) -> dict[int, Declared]:
    """Return what a page's own sheets declare of its elements, by `mem_id`.

    Hiding that another rule takes back, as when a panel is opened, is none: it is left out.

    Args:
        tree: The parsed page.
        markup: The page as it stood, with its sheets.
    """
    matched: list[tuple[tuple[int, ...], list[LexborNode], Declared]] = []
    shown: set[str] = set()
    rules = [rule for sheet in _sheets(markup) for rule in _rules(sheet)][:_MOST]
    for place, (selector, said) in enumerate(rules):
        nodes = _matching(tree, selector)
        if not nodes and _shows(said):
            shown.update(_NAMES.findall(_LAST.split(selector)[-1]))
        elif nodes:
            weight = selector.count("#"), len(re.findall(r"[.\[]", selector))
            order = (*weight, len(_ELEMENT.findall(selector)), place)
            matched.append((order, nodes, said))
    out: dict[int, Declared] = {}
    for _, nodes, said in sorted(matched, key=lambda one: one[0]):
        for node in nodes:
            out.setdefault(node.mem_id, {}).update(said)
            if shown and shown & _names_of(node):
                for name in ("display", "visibility", "opacity"):
                    out[node.mem_id].pop(name, None)
    return out


def has_other_sheets(tree: LexborHTMLParser, markup: str) -> bool:
    """Whether a page is also styled by sheets that are not in it."""
    return tree.css_first("link[rel~=stylesheet]") is not None or "@import" in markup


def _sheets(markup: str) -> Iterator[str]:
    low = markup.lower() if len(markup.lower()) == len(markup) else markup
    at = 0
    while (start := low.find("<style", at)) >= 0:
        begin, end = low.find(">", start) + 1, low.find("</style", start)
        if not 0 < begin <= end:
            return
        if not _MEDIA.match(markup[start:begin]):
            yield _COMMENT.sub("", markup[begin:end])
        at = end


def _rules(sheet: str) -> Iterator[tuple[str, Declared]]:
    """Yield selectors with what they declare, those for a wide screen as for any."""
    around: list[str] = []
    text = ""
    for part in re.split(r"([{}])", sheet):
        if part == "{":
            around.append(" ".join(text.rpartition(";")[2].split()))
        elif part == "}":
            head = around.pop() if around else ""
            outer = [one.lower() for one in around]
            screen = all(one.startswith(_WITHIN) and not _ELSEWHERE.match(one) for one in outer)
            if head and not head.startswith("@") and screen and (said := declarations(text)):
                yield from ((one.strip(), said) for one in head.split(",") if one.strip())
            text = ""
            continue
        else:
            text = part
            continue
        text = ""


def _matching(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    if _STATE.search(selector):  # under the mouse, say: not now
        return []
    try:
        return tree.css(selector)
    except SelectolaxError:
        return []


def _names_of(node: LexborNode) -> set[str]:
    attributes = node.attributes
    classes = {f".{name}" for name in (attributes.get("class") or "").split()}
    return classes | {f"#{attributes.get('id')}"}


def _shows(said: Declared) -> bool:
    opened = said.get("display", "none") != "none" or said.get("visibility") == "visible"
    return opened or said.get("opacity", "0") not in {"0", "0.0", "0%"}
