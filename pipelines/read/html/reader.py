"""Read an HTML page into blocks.

Pages of the inspectorate end every heading with "(Back to top)"; pages saved or made elsewhere
nest, box and number in other ways. Nothing is fetched; programs, navigation, banners and what is
hidden are not read, and the panels of an accordion are.
"""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.read.drafts.assemble import BOLD_OFF, BOLD_ON, Draft, assemble
from pipelines.read.drafts.polish import polish
from pipelines.read.drafts.repair import repair_text, repair_warnings
from pipelines.read.html.copies import leave_out_copies
from pipelines.read.html.markup import (
    check_markup,
    with_dashes_apart,
    with_shadows,
    without_programs,
)
from pipelines.read.html.page import PageWalk
from pipelines.read.html.panels import find_panels
from pipelines.read.html.placed import lay_out
from pipelines.read.html.powers import write_powers
from pipelines.read.html.silence import is_silent
from pipelines.read.html.slots import fill_slots
from pipelines.read.html.tabs import head_panels
from pipelines.read.html.unseen import leave_out_unseen, unseen_warning
from pipelines.read.limits import Limits
from pipelines.read.text.reader import draft_lines
from pipelines.records import BlockKind, Document

_MAIN: Final = ("main", "[role=main]", "article", "#main-content", "#content")
_META_DATES: Final = (
    "meta[property='article:published_time']",
    "meta[name='dcterms.issued']",
    "meta[name='DC.date.issued']",
    "meta[name='dcterms.date']",
    "meta[name='citation_publication_date']",
    "meta[name='publication_date']",
    "meta[name='date']",
    "meta[itemprop='datePublished']",
)
_LINKED_DATA: Final = re.compile(r"\"datePublished\"\s*:\s*\"(\d{4}-\d{2}(?:-\d{2})?)")
_DATE: Final = re.compile(r"(20\d\d|19\d\d)-(0[1-9]|1[0-2])(?:-(\d\d))?")
_WHOLE: Final = 0.4  # of the page's text that a main element holds at least


def read_html(text: str, *, path: str, sha256: str, limits: Limits) -> Document:
    """Read a page into a document.

    Args:
        text: Decoded markup.
        path: Names the document.
        sha256: Of the bytes it came from.
        limits: Depth and number of blocks.

    Raises:
        UnreadableDocument: It is nested too deeply or holds no text.
    """
    linked = _LINKED_DATA.search(text)
    markup = with_dashes_apart(with_shadows(without_programs(text)))
    check_markup(markup, limits)
    tree = LexborHTMLParser(markup)
    fill_slots(tree)
    leave_out_copies(tree)
    head_panels(tree)
    unseen = leave_out_unseen(tree, text)
    write_powers(tree)
    body = tree.body
    panels = find_panels(tree)
    drafts: list[Draft] = []
    lines = lay_out(body, text) if body is not None else None
    if lines is not None:
        drafts = draft_lines(repair_text(lines))
    elif body is not None:
        root = _main(body)
        drafts = PageWalk(root, panels=panels.read, max_depth=limits.max_depth + 100).drafts
        if root.tag != "body" and not any(d.level == 1 for d in drafts):
            drafts = _first_heading(body) + drafts
        drafts = polish(drafts)
    return assemble(
        drafts,
        path=path,
        form="html",
        sha256=sha256,
        limits=limits,
        title=_title(tree),
        published=_published(tree, linked),
        warnings=(*repair_warnings(_visible(text)), *panels.warnings(), *unseen_warning(unseen)),
        reader="elements" if lines is None else "lines",
    )


def _visible(text: str) -> str:
    """Leave out line ends and tabs inside tags: only what is text is warned of."""
    return re.sub(r"<[^<>]*>", "", text)


def _main(body: LexborNode) -> LexborNode:
    whole = len(body.text(deep=True))
    for selector in _MAIN:
        for node in body.css(selector):
            if len(node.text(deep=True)) >= _WHOLE * whole:
                return node
    return body


def _first_heading(body: LexborNode) -> list[Draft]:
    """The page's title where it stands outside the main part."""
    for node in body.css("h1"):
        text = " ".join(node.text(deep=True).split())
        if text and not is_silent(node, frozenset()):
            return [Draft(BlockKind.HEADING, text, level=1)]
    return []


def _title(tree: LexborHTMLParser) -> str:
    node = tree.css_first("title")
    if node is None:
        return ""
    return (
        repair_text(" ".join(node.text(deep=True).split()))
        .replace(BOLD_ON, "")
        .replace(BOLD_OFF, "")
    )


def _published(tree: LexborHTMLParser, linked: re.Match[str] | None) -> str:
    """Date of publication: beside the word, from the page's metadata, else the first date set."""
    times = [(n, n.attributes.get("datetime") or "") for n in tree.css("time")]
    for node, value in times:
        around = node.parent.text(deep=True) if node.parent is not None else ""
        if re.search(r"\bpublish", around, re.IGNORECASE) and (date := _DATE.match(value)):
            return date[0]
    for selector in _META_DATES:
        for meta in tree.css(selector):
            if date := _DATE.match(meta.attributes.get("content") or ""):
                return date[0]
    if linked:
        return linked[1]
    return next((date[0] for _, value in times if (date := _DATE.match(value))), "")
