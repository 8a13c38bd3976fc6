"""A page of the web: the report itself, a page that leads to it, or something else.

Landing pages and press releases link to the report among much else: data annexes, press releases,
other units' reports, the furniture of the site.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from pipelines.errors import UnreadableDocument
from pipelines.fetch.addresses import joined
from pipelines.frameworks import fold, load_registry
from pipelines.places import fold_name, load_places
from pipelines.read.drafts.toplink import without_top_link
from pipelines.read.html.markup import check_markup
from pipelines.read.limits import DEFAULT_LIMITS
from pipelines.read.sniff import decode

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_NUMBER: Final = re.compile(r"^[A-Z]?\s?\d+(?:\.\d+)*\.?\s*")
_FURNITURE: Final = "script, style, noscript, template, nav, header, footer, aside, form, iframe"
_BODIES: Final = ("main", "article", "body")
_INLINE: Final = "b, strong, i, em, span, a, u, font, mark, small, sup, sub, wbr"
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_LONGEST_HEADING: Final = 90
_HEADS_LOOKED_AT: Final = 6
_MOST_LINKS: Final = 3_000
_OPENING: Final = 600  # characters
_LEAST_TEXT: Final = 1_500
"""Characters of a report: a landing page says little more than its title and a line."""

_OF_A_REPORT: Final = frozenset({"foreword", "ratings", "recommendations", "polarity", "standard"})
_LEAST_KINDS: Final = 2
_MANY_ENDS: Final = 5
_LOGIN: Final = re.compile(
    r"^(?:sign|log)[ -]?in\b|\b(?:please|you (?:must|need to)) (?:sign|log) ?in\b", re.IGNORECASE
)
_OTHERS: Final = re.compile(
    r"annexe?s?\b|press[ _-]?(?:release|notice)|news release|\bpn\d*\b|methodolog|glossary|workbook"
    r"|\bdata\b|easy[ _-]?read|cymraeg|welsh (?:language )?version|action plan|\bresponse\b|poster"
    r"|infographic|standards? (?:manual|and ratings)|rules and guidance|bulletin|thematic",
    re.IGNORECASE,
)
_REPORT: Final = re.compile(r"\binspection\b|\breport\b", re.IGNORECASE)
_LISTED: Final = re.compile(r"\binspection of\b|\binspection report\b", re.IGNORECASE)
_CORRECTED: Final = re.compile(
    r"\b(?:corrected|correction|re-?issued|amended|erratum|version \d|v[2-9])\b",
    re.IGNORECASE,
)
_PLACES_OF_REPORTS: Final = re.compile(r"/(?:document|documents|inspections|uploads)/|\.pdf$", re.I)


class PageKind(StrEnum):
    """What a page is."""

    REPORT = "report"
    LOGIN = "login"
    OTHER = "other"  # it may lead to a report


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page: where it leads, and what it says about that."""

    address: str
    text: str

    @property
    def is_pdf(self) -> bool:
        """Whether its address is that of a PDF."""
        return urlsplit(self.address).path.lower().endswith(".pdf")

    @property
    def said(self) -> str:
        """Its text and the words of its address, to look for names in."""
        parts = urlsplit(self.address)
        return f"{self.text} {re.sub(r'[-_/.+]+', ' ', unquote(parts.path))}"


@dataclass(frozen=True, slots=True)
class Page:
    """A page as far as it matters here.

    Attributes:
        title: Its title and its first headings.
        opening: How its own text begins.
        links: In its own part, not in the furniture of the site.
        words: Digest of its own text; the same whatever changes around it.
        corrected: It says that it is a corrected edition.
    """

    kind: PageKind
    title: str
    opening: str
    links: tuple[Link, ...]
    words: str
    corrected: bool


def read_page(data: bytes, address: str) -> Page:
    """Read a page.

    Raises:
        UnreadableDocument: It is not text, or markup that a parser would choke on.
    """
    from selectolax.lexbor import LexborHTMLParser

    text = decode(data)[0]
    check_markup(text, DEFAULT_LIMITS)
    tree = LexborHTMLParser(text)
    heads = [_text(node.text()) for node in tree.css("title, h1, h2")][:_HEADS_LOOKED_AT]
    asks_password = bool(tree.css('input[type="password"]'))
    for node in tree.css(_FURNITURE):
        node.decompose()
    body = next((found[0] for name in _BODIES if (found := tree.css(name))), None)
    links = tuple(islice(_links(tree, address), _MOST_LINKS))
    lines = _lines(body)  # takes the page apart: links come first
    text = " ".join(lines)
    kind = PageKind.OTHER
    if asks_password or any(_LOGIN.search(head) for head in heads):
        kind = PageKind.LOGIN
    elif len(text) >= _LEAST_TEXT and _has_sections(lines):
        kind = PageKind.REPORT
    return Page(
        kind=kind,
        title=" ".join(dict.fromkeys(heads)),
        opening=text[:_OPENING],
        links=links,
        words=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16],
        corrected=bool(_CORRECTED.search(" ".join([*heads, text[:_OPENING]]))),
    )


def _has_sections(lines: Iterable[str]) -> bool:
    """Whether lines that stand alone are the headings of a report.

    Whatever marks them: pages set headings as bold paragraphs, cells and buttons too.
    """
    registry = load_registry()
    kinds: set[str] = set()
    ends = 0
    for line in lines:
        if not line or len(line) > _LONGEST_HEADING:
            continue
        title, linked = without_top_link(line)
        ends += linked
        name = fold(_NUMBER.sub("", title))
        if name in registry.polarity:
            kinds.add("polarity")
        elif name in registry.titles:
            kinds.add("standard")
        elif name in registry.sections:
            kinds.add(registry.sections[name])
    mine = kinds & _OF_A_REPORT
    return len(mine) >= _LEAST_KINDS or (bool(mine) and ends >= _MANY_ENDS)


def _links(tree: LexborHTMLParser, address: str) -> Iterable[Link]:
    for node in tree.css("a[href]"):
        try:
            target = joined(address, node.attributes.get("href") or "")
        except UnreadableDocument:  # mailto:, javascript:, file: and the like lead nowhere for us
            continue
        yield Link(target, _text(node.text()))


def _text(text: str) -> str:
    return " ".join(_INVISIBLE.sub("", text).split())


def _lines(body: LexborNode | None) -> list[str]:
    """Return the text of a page, a line for each block or row of text that stands alone."""
    if body is None:
        return []
    for node in body.css(_INLINE):
        node.unwrap()
    body.merge_text_nodes()
    return [line for piece in body.text(separator="\n").split("\n") if (line := _text(piece))]


def names_unit(said: str, unit: str) -> bool:
    """Whether a text names a unit, under any of its names.

    All parts of a name must stand in it, in any order: slugs leave out commas and the "and".
    """
    words = f" {fold_name(said)} "
    return any(all(part in words for part in parts) for parts in _names(unit))


@cache
def _names(unit: str) -> tuple[tuple[str, ...], ...]:
    place = load_places().find(unit)
    names = (unit, place.name, *place.also) if place else (unit,)
    return tuple(
        tuple(f" {fold_name(p)} " for p in re.split(r",|&|\band\b", name) if p.strip())
        for name in names
    )


def report_links(page: Page, unit: str, others: Iterable[str]) -> tuple[Link, ...]:
    """Return the links of a page that lead to the report on a unit, none better than the others.

    Args:
        page: That may lead to it.
        unit: Whose report is looked for; empty where its kind of report names none.
        others: Units whose reports the page may link to as well.
    """
    known = [name for name in others if name != unit]
    page_names = not unit or names_unit(page.title, unit)
    best: dict[str, tuple[int, Link]] = {}
    for link in page.links:
        rank = _rank(link, unit, known, page_names=page_names)
        if rank and rank > best.get(link.address, (0, link))[0]:
            best[link.address] = (rank, link)
    top = max((rank for rank, _ in best.values()), default=0)
    return tuple(link for rank, link in best.values() if rank == top)


def _rank(link: Link, unit: str, others: list[str], *, page_names: bool) -> int:
    """Return how surely a link leads to the report on a unit; 0 for not at all."""
    at_home = bool(_PLACES_OF_REPORTS.search(urlsplit(link.address).path))
    if not at_home or _OTHERS.search(link.said):
        return 0
    named = bool(unit) and names_unit(link.said, unit)
    # "Derby City and Leicester ..." names another unit than Derby City alone does.
    if not named and (not page_names or any(names_unit(link.said, name) for name in others)):
        return 0
    if not named and not link.is_pdf and not _REPORT.search(link.said):
        return 0
    rank = 1 + 4 * named + 2 * link.is_pdf + bool(_REPORT.search(link.said))
    return rank + 8 * bool(_CORRECTED.search(link.said))


def listed_reports(page: Page) -> list[Link]:
    """Return the links of a list of publications that lead to inspection reports."""
    return [
        link
        for link in page.links
        if _PLACES_OF_REPORTS.search(urlsplit(link.address).path)
        and _LISTED.search(link.text)
        and not _OTHERS.search(link.said)
    ]
