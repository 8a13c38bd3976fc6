"""Pages of lines: what viewers and converters of PDFs write as HTML.

Their elements are the printed lines, each placed by itself, or separated by <br>, or all in one
<pre>. Nothing in them says what is a paragraph or a list, so their lines are laid out as plain
text, for the reader of text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Final

from selectolax.lexbor import LexborNode

from pipelines.read.drafts.calls import raised
from pipelines.read.drafts.lines import LineKind, parse_plain
from pipelines.read.drafts.wrapping import count_words, join_lines
from pipelines.read.html.elements import BLOCKS, LISTS, children, is_list_of_links
from pipelines.read.html.position import (
    BULLET_FORM,
    CONTINUES,
    NO_LINE,
    PlacedLine,
    append_to_line,
    lines_of,
    with_bullets,
)
from pipelines.read.html.silence import is_silent

_MOST: Final = 0.6  # share of a page's text that its lines hold at least
_FEWEST: Final = 20  # lines
_PARAGRAPHS: Final = 0.1  # share of elements with several lines where elements are paragraphs
_FEWEST_BREAKS: Final = 40  # <br> in one element
_SMALL: Final = 0.8  # of the size of the text before it: the call of a footnote is smaller
_RAISED: Final = 0.4  # of the difference in size that a call's top is lower; on one line it is more
_COLUMN: Final = 7.0  # units of length that a blank stands for
_PLACED: Final = re.compile(r"position\s*:\s*absolute", re.IGNORECASE)
_LENGTH: Final = re.compile(
    r"(?<![\w-])(left|top|bottom|line-height|font-size)\s*:\s*(-?\d+(?:\.\d+)?)\s*(?:px|pt)",
    re.IGNORECASE,
)
_RULE: Final = re.compile(r"\.([\w-]+)\s*\{([^{}]{1,400})\}")
_ITEMS: Final = (LineKind.BULLET, LineKind.NUMBERED)
_INITIAL: Final = re.compile(
    rf"(?m)^(?P<bullet> *{BULLET_FORM} *)(?P<letter>[A-Za-z]) *\n {{0,4}}(?P<rest>[a-z]+)"
)
_TARGETS: Final = re.compile(
    r"(?:[^\S\f]{0,3}\blink to page \d+\b)+ *"
)  # pdftohtml names those of links
_CALL: Final = re.compile(r"(?:\d{1,3}|[*†‡§¶]{1,3})(?=\s|$)")
_PAGE_END: Final = "\n\f"

Lengths = Mapping[str, float]


def lay_out(body: LexborNode, markup: str) -> str | None:
    """Return a page's lines as plain text; None where the page is not made of lines.

    Args:
        body: Of the parsed page.
        markup: The page as it stood: its style sheets may say where its lines are.
    """
    whole = len(body.text(deep=True).strip())
    if not whole:
        return None
    return _preformatted(body, whole) or _placed(body, markup, whole) or _parted(body, whole)


def _preformatted(body: LexborNode, whole: int) -> str | None:
    parts = [node.text(deep=True) for node in body.css("pre")]
    lines = sum(part.count("\n") for part in parts)
    enough = sum(map(len, parts)) >= _MOST * whole and lines >= _FEWEST
    return _PAGE_END.join(parts) if enough else None


def _placed(body: LexborNode, markup: str, whole: int) -> str | None:
    sheet = {match[1]: found for match in _RULE.finditer(markup) if (found := _lengths(match[2]))}
    elements: list[tuple[PlacedLine, float]] = []
    page, parent = 0, -1
    for node in body.css("p, div, span"):
        lengths = _position(node, sheet)
        if not lengths or _holds_placed(node, sheet) or is_silent(node, frozenset()):
            continue
        above = node.parent.mem_id if node.parent is not None else -1
        page += above != parent
        parent = above
        top = lengths.get("top")
        if top is None and "bottom" in lengths:
            top = -lengths["bottom"]
        raw = "".join(_inline(node))
        text = raw.strip()
        last = elements[-1][0] if elements else NO_LINE
        if text.isdigit() and _is_call(node, last, lengths["left"], top):
            elements[-1] = replace(last, text=last.text + raised(text)), elements[-1][1]
        elif text:
            line = PlacedLine(text, lengths["left"], top, page, lengths.get("font-size", 0.0))
            if not (CONTINUES.match(raw) and append_to_line(elements, line)):
                elements.append((line, lengths.get("line-height", 0.0)))
    heights = sorted({found["line-height"] for found in sheet.values() if "line-height" in found})
    lines = with_bullets(lines_of(elements, heights))
    if len(lines) < _FEWEST or sum(len(line.text) for line in lines) < _MOST * whole:
        return None
    several = sum("\n" in line.text for line in lines)
    return _written(lines, whole=several > _PARAGRAPHS * len(lines))


def _is_call(node: LexborNode, last: PlacedLine, left: float, top: float | None) -> bool:
    """Whether a figure is a link that stands after the line before: the call of a footnote."""
    if node.css_first("a") is None or top is None or last.top is None:
        return False
    return left > last.left and top > last.top - _COLUMN


def _lengths(style: str) -> dict[str, float]:
    return {match[1].lower(): float(match[2]) for match in _LENGTH.finditer(style)}


def _position(node: LexborNode, sheet: Mapping[str, Lengths]) -> dict[str, float]:
    """Where a line is placed: by its own style or by the classes it has; empty for no line."""
    style = node.attributes.get("style") or ""
    found: dict[str, float] = {}
    for name in (node.attributes.get("class") or "").split():
        found.update(sheet.get(name, {}))
    if _PLACED.search(style):
        found.update(_lengths(style))
    return found if "left" in found and ("top" in found or "bottom" in found) else {}


def _holds_placed(node: LexborNode, sheet: Mapping[str, Lengths]) -> bool:
    """Whether what is placed is a page or a part of it, and not a line."""
    return any(_position(child, sheet) for child in node.css("p, div") if child != node)


def _written(lines: Sequence[PlacedLine], *, whole: bool) -> str:
    """Write lines below each other: indents as blanks, wide gaps as blank lines, cells by tabs.

    Args:
        lines: In the order of the page's elements.
        whole: Elements are paragraphs: their lines are joined, and each stands by itself.
    """
    steps = [
        b.top - a.top
        for a, b in pairwise(lines)
        if a.top is not None and b.top is not None and a.page == b.page and b.top - a.top > 1
    ]
    usual = median(steps) if steps else 0.0
    margin = min(line.left for line in lines)
    size = median([line.size for line in lines if line.size] or [0.0])
    out: list[str] = []
    last: PlacedLine | None = None
    for line in lines:
        text = _paragraphs(line.text) if whole else line.text
        indent = " " * round((line.left - margin) / _COLUMN)
        step = usual
        if last is not None and last.top is not None and line.top is not None:
            step = line.top - last.top
        if last is not None and line.page != last.page:
            out += ["\f", indent + text]
        elif last is not None and line.left > last.left and abs(step) < usual / 3:
            gap = "\t" if re.search(r"[^\W\d_]{2}", last.text) else " "
            call = _CALL.match(text) if _is_raised(line, last, size) else None
            out[-1] += f"{raised(call[0])}{text[call.end() :]}" if call else f"{gap}{text}"
        elif whole or step > usual * 1.3:
            out += ["", indent + text]
        else:
            out.append(indent + text)
        last = line
    return "\n".join(out)


def _is_raised(line: PlacedLine, before: PlacedLine, size: float) -> bool:
    """Whether a line is set smaller, and stands higher, than the one before, or a usual one."""
    over = (before.size or size) - line.size
    small = 0 < line.size < _SMALL * (before.size or size)
    return small and (line.top or 0.0) - (before.top or 0.0) < _RAISED * over


def _paragraphs(text: str) -> str:
    """Join the lines of an element, but for those that open an item of a list."""
    parts: list[str] = []
    for line in text.split("\n"):
        opens = (found := parse_plain(line)) is not None and found.kind in _ITEMS
        if parts and not opens:
            parts[-1] = join_lines(parts[-1], line).replace("\n", " ")
        else:
            parts.append(line)
    return "\n\n".join(parts)


def _parted(body: LexborNode, whole: int) -> str | None:
    """Lines that <br> parts, all in one element: the text of a page, not of a paragraph."""
    for node in body.css("body, div, main, article, td, p"):
        if len(node.text(deep=True).strip()) < _MOST * whole:
            continue
        breaks = sum(1 for child in children(node) if child.tag == "br")
        blocks = sum(1 for child in children(node) if child.tag in BLOCKS and child.tag != "hr")
        if breaks >= _FEWEST_BREAKS and breaks > 3 * blocks:
            return _with_initials(_TARGETS.sub("\n", "".join(_inline(node))))
    return None


def _with_initials(text: str) -> str:
    """Put first letters back before their words: a bullet too close pulls one onto its own line.

    "A" and "I" are words too, before what is a word elsewhere.
    """
    counts = count_words(text).counts if _INITIAL.search(text) else {}

    def join(match: re.Match[str]) -> str:
        letter, rest = match["letter"], match["rest"]
        whole = counts.get(f"{letter}{rest}".lower(), 0)
        alone = letter in "AIa" and not whole and counts.get(rest, 0) > 1
        return f"{match['bullet']}{letter}{' ' if alone else ''}{rest}"

    return _INITIAL.sub(join, text)


def _inline(node: LexborNode) -> Iterator[str]:
    """Yield the text below an element; line ends are those of <br>, <hr> ends a page."""
    for child in children(node):
        tag = child.tag or "-"
        if tag == "-text":
            yield re.sub(r"\s+", " ", (child.text_content or "").replace("\xa0", " "))
        elif tag == "br":
            yield "\n"
        elif tag == "hr":
            yield _PAGE_END
        elif tag in LISTS and is_list_of_links(child):
            continue  # the outline of a PDF
        elif not tag.startswith("-") and not is_silent(child, frozenset()):
            yield from _inline(child)
            if tag in BLOCKS:
                yield "\n"
