"""Markup before it is parsed: refused where no parser could cope, and rid of programs."""

from __future__ import annotations

import html
import re
from typing import Final

from pipelines.errors import UnreadableDocument
from pipelines.read.html.slots import SHADOW
from pipelines.read.limits import Limits

VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track"}
    | {"wbr", "param"}
)
_AUTO_CLOSED: Final = frozenset(
    {"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup"}
    | {"a", "button", "html", "head", "body", "colgroup", "rt", "rp"}
)
_DRAWN_TITLE: Final = re.compile(
    r"<svg\b[^<>]*>\s*<title\b[^<>]*>(?P<words>[^<>\"]{1,100})</title", re.IGNORECASE
)
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][\w:-]*)[^<>]*>")
_TAG_START: Final = re.compile(r"<[a-zA-Z/!?]")
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'|=data:[^\s>]*")  # and pictures written out
_WRITTEN_OUT: Final = re.compile(r"data:[\w/+.-]{1,80};base64,[\w+/=%]{200,}")
_TEMPLATE: Final = re.compile(r"<(/?)template\b([^<>]*)>", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,5}|#[xX][0-9a-fA-F]{2,5});")
_DASH: Final = re.compile(r"(<(?!/)[^<>]*>\s*[–—])(?=[A-Z])")  # not behind a word of its own
_LONG_ITEM: Final = re.compile(rf"{_DASH.pattern}[^<]{{60}}")
_FEWEST_ITEMS: Final = 3
_LONG_TAG: Final = 20_000
_MOST_ATTRIBUTES: Final = 2_000


def check_markup(text: str, limits: Limits) -> None:
    """Refuse markup that a parser would choke on, before it is parsed.

    Raises:
        UnreadableDocument: Elements are nested too deeply, or a tag is absurdly long.
    """
    depth: dict[str, int] = {}
    total = 0
    for match in _TAG.finditer(text):
        name = match[2].lower()
        if name in VOID or name in _AUTO_CLOSED:
            continue
        step = -1 if match[1] else 1
        if step > 0 or depth.get(name, 0) > 0:
            depth[name] = depth.get(name, 0) + step
            total += step
        if total > limits.max_depth:
            raise UnreadableDocument(
                f"HTML elements are nested more than {limits.max_depth} deep",
                remedy="save the page anew as plain HTML, or raise the limit max_depth",
            )
    for part in text.split(">"):
        if len(part) < _LONG_TAG or not (start := _TAG_START.search(part)):
            continue
        tag = _QUOTED.sub("", part[start.start() :])
        if len(tag.split()) > _MOST_ATTRIBUTES or len(tag) > 50 * _LONG_TAG:
            raise UnreadableDocument(
                "an HTML tag is far too long to be honest",
                remedy="save the page anew as plain HTML or as PDF",
            )


def without_programs(text: str) -> str:
    """Take out scripts, styles, drawings and comments: no text of the page is in them.

    A drawing with a title is a picture of those words.
    """
    for opening, closing in (
        ("<!--", "-->"),
        ("<script", "</script"),
        ("<style", "</style"),
        ("<svg", "</svg"),
    ):
        text = _cut(text, opening, closing)
    return text


def with_dashes_apart(text: str) -> str:
    """Set a blank after the dashes that items begin with, which converters set against them.

    One dash may name who is quoted; several over long lines are those of a list.
    """
    if len(_LONG_ITEM.findall(text)) < _FEWEST_ITEMS:
        return text
    return _DASH.sub(r"\1 ", text)


def with_shadows(text: str) -> str:
    """Set what elements show of their own (declared shadow roots) as text of the page."""
    opened: list[bool] = []

    def as_block(match: re.Match[str]) -> str:
        if match[1]:
            return "</div>" if opened and opened.pop() else match[0]
        opened.append("shadowroot" in match[2].lower())
        return f"<div {SHADOW}>" if opened[-1] else match[0]

    return _TEMPLATE.sub(as_block, text) if "shadowroot" in text.lower() else text


def resolved(text: str) -> str:
    """Resolve references to characters that were escaped twice or oftener: a page shows them."""
    while "&" in text and (plain := _REFERENCE.sub(lambda m: html.unescape(m[0]), text)) != text:
        text = plain
    return text


def without_pictures(text: str) -> str:
    """Take out what pictures and fonts hold where they are written into the page itself."""
    return _WRITTEN_OUT.sub("data:,", text)


def _cut(text: str, opening: str, closing: str) -> str:
    low = text.lower() if len(text.lower()) == len(text) else text
    parts: list[str] = []
    at = 0
    while (start := low.find(opening, at)) >= 0:
        end = low.find(closing, start + len(opening))
        if end < 0:
            break
        parts.append(text[at:start])
        if titled := _DRAWN_TITLE.match(text[start : start + 2000]):
            parts.append(f'<img alt="{titled["words"].strip()}">')
        at = low.find(">", end) + 1 if closing != "-->" else end + len(closing)
        if at <= 0:
            at = len(text)
    return " ".join([*parts, text[at:]]) if parts else text
