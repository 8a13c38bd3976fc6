"""Running heads, running feet and page numbers: what stands at one height on page after page.

A heading that happens to open many pages at one height is none: it needs to recur on two pages
in five, or to change only with the page number, or to stand apart from the text it does not
belong to.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pipelines.read.pdf.clean.page_edges import (
    FIGURES,
    EdgePiece,
    comes_back,
    edge_pieces,
    slots,
    value_of,
    without_headings,
)
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.page import RawPage, text_size

_PAGE_NUMBER = re.compile(r"(?<![\d.,])\d{1,4}(?![\d%]|[.,]\d)")
_NOTE = re.compile(r"^[\[(]?\d{1,3}[\])]?\.?\s?[^\W\d]")
_PAGED = "#±"  # opens the keys of large figures: how far they are from counting the pages
_FEWEST_IN_PART = 4  # pages of an annex with a running head of its own
_OFF = 2.0  # sizes of white between such a head and the text
_FEWEST_LARGE = 3  # pages whose large figures show that they are their numbers
_SHARE = 0.4
_FRAME = 1.5  # sizes between the heights at which two pages' text starts, or ends
_TIGHT, _LOOSE, _USUAL = 0.8, 2.0, 1.3  # sizes between lines: the least, the most, and if none tell
_FAR, _CLOSE = 2.2, 2.4  # sizes of white: more than in text; less than a running head has
_HEIGHT, _SIZE = 0.5, 0.15  # points between heights, and sizes, that are one
_SMALLER, _LARGER = 0.97, 1.05  # of the text's size: type that is smaller, or larger, than the text
_HEAD_STEP = 1.6  # sizes between the lines of a head
_APART, _STEPPED, _STEPS = 1.5, 1.22, 1.25  # sizes of white around a margin's text; and usual steps
_NEAR = 3.0  # sizes from a page's number to the ornaments beside it
_PASSES = 3  # heads of several rows come off row by row


@dataclass(frozen=True, slots=True)
class _Setting:
    """What the pieces of all pages are compared with.

    `outermost`: page, height of its first row from the top and of its last from the bottom;
    `known`: heights and sizes at which furniture was found before.
    """

    pages: int
    body: float
    step: float
    outermost: tuple[tuple[int, float, float], ...]
    known: tuple[tuple[float, float], ...] = ()


def drop_furniture(pages: Sequence[RawPage]) -> None:
    """Take running heads and feet out of the pages' spans."""
    filled = sum(bool(page.spans) for page in pages)
    body = text_size(pages)
    known: set[tuple[float, float]] = set()
    for _ in range(_PASSES):
        pieces = _found(pages, filled, body, known)
        if not pieces:
            break
        known |= {(piece.height, round(piece.size, 1)) for piece in pieces}
        gone = {span for piece in pieces for span in piece.spans}
        for page in pages:
            page.spans = [s for s in page.spans if s not in gone]


def _found(
    pages: Sequence[RawPage], filled: int, body: float, known: Collection[tuple[float, float]]
) -> list[EdgePiece]:
    pieces = [p for page in pages for p in edge_pieces(page)]
    step = _usual_step(pieces, body)
    bases = [(page, [s.base for s in page.spans]) for page in pages if page.spans]
    outermost = tuple((page.number, min(at), max(at) - page.height) for page, at in bases)
    setting = _Setting(filled, body, step, outermost, tuple(known))
    found = [piece for slot in slots(pieces) for piece in _repeated(slot, setting)]
    found += [piece for piece in pieces if _adorns(piece, found)]
    gone = {(piece.page, piece.height > 0, piece.rank) for piece in found}
    rows: defaultdict[tuple[int, bool], list[EdgePiece]] = defaultdict(list)
    for p in pieces:
        if (p.page, p.height > 0, p.rank) not in gone:
            rows[p.page, p.height > 0].append(p)
    within = Counter(p.pattern for p in found if _is_within(p, rows[p.page, p.height > 0], body))
    counts = Counter(piece.pattern for piece in found)
    found = [piece for piece in found if 2 * within[piece.pattern] <= counts[piece.pattern]]
    return without_headings(found, pages)


def _is_within(piece: EdgePiece, rows: Sequence[EdgePiece], body: float) -> bool:
    """Whether a row of its page's text, not of furniture, stands between a piece and the edge."""
    return any(row.rank < piece.rank and not _is_of_head(piece, row, body) for row in rows)


def _is_of_head(piece: EdgePiece, row: EdgePiece, body: float) -> bool:
    """Whether a piece is of one small head with the row over it, such as a chapter's title.

    What is bold, ends as the name of a list does, begins an item, or has text close under it is
    the page's own, in whatever type it is set.
    """
    return (
        0 < piece.height - row.height < _HEAD_STEP * piece.size * (piece.rank - row.rank)
        and abs(row.size - piece.size) < _SIZE
        and piece.size < _SMALLER * body
        and piece.apart > _FAR * body
        and not (piece.begins or piece.text.endswith(":") or piece.spans[0].face.bold)
    )


def _adorns(piece: EdgePiece, found: Sequence[EdgePiece]) -> bool:
    """Whether a piece is only ornament, over, under or beside a page's number."""
    near = _NEAR * piece.size
    return not any(map(str.isalnum, piece.text)) and any(
        other.page == piece.page
        and "#" in other.pattern
        and abs(other.height - piece.height) < near
        and any(abs(span.x0 - piece.spans[0].x0) < near for span in other.spans)
        for other in found
    )


def _is_in_frame(slot: Sequence[EdgePiece], outermost: Sequence[tuple[int, float, float]]) -> bool:
    """Whether pages without a text at this height have their own text start (or end) there.

    Then it is the first line of the text that stands there, not something over it.
    """
    places, height = {p.page for p in slot}, slot[0].height
    others = [top if height > 0 else low for page, top, low in outermost if page not in places]
    near = sum(abs(other - height) < _FRAME * slot[0].size for other in others)
    return near >= 2 and near >= 0.3 * len(others)


def _mostly_repeats(slot: Sequence[EdgePiece], places: set[int]) -> bool:
    """Whether most pages have a text here that other pages have, too, as no text itself does."""
    pages_of: defaultdict[str, set[int]] = defaultdict(set)
    for piece in slot:
        pages_of[piece.pattern].add(piece.page)
    shared = set().union(*(p for text, p in pages_of.items() if len(p) > 1 and text != "#"))
    return len(shared) >= 0.6 * len(places)


def _usual_step(pieces: Sequence[EdgePiece], body: float) -> float:
    """The commonest distance of rows near the edges of pages, not of notes: the text's leading."""
    text = (p.apart for p in pieces if p.rank and p.size > _SMALLER * body)
    counts = Counter(round(apart * 2) for apart in text if _TIGHT * body < apart < _LOOSE * body)
    return max(counts, key=lambda c: (counts[c], -c)) / 2 if counts else _USUAL * body


def _repeated(slot: Sequence[EdgePiece], setting: _Setting) -> list[EdgePiece]:
    body = setting.body
    by_pattern: dict[str, list[EdgePiece]] = {}
    for piece in slot:
        by_pattern.setdefault(_key(piece, body), []).append(piece)
    found: list[EdgePiece] = []
    rest: list[EdgePiece] = []
    for pattern, group in by_pattern.items():
        places = {p.page for p in group}
        running = _is_running(pattern, group, len(places), setting)
        if running and not (any(map(str.isalpha, pattern)) and _opens_pages(group, slot, setting)):
            found.extend(group)
        else:
            rest.extend(group)
    if _is_margin(slot, setting):
        return list(slot)
    sizes = {round(p.size, 1) for p in found}
    if rest and _is_where_others_were(rest, setting):
        return [*found, *rest]
    if found and rest:
        # Once the slot is known, its other texts (a chapter's title) go if they look like it.
        found.extend(
            p
            for p in rest
            if round(p.size, 1) in sizes
            and p.size < 1.02 * body
            and (
                p.size < _SMALLER * body or p.apart > 1.6 * p.size or len(by_pattern[p.pattern]) > 1
            )
        )
    return found


def _key(piece: EdgePiece, body: float) -> str:
    """What a piece says but for its figures; one set large counts only as it is, or the pages."""
    if piece.size <= GEOMETRY.large * body:
        return piece.pattern
    return _counts_large(piece) or piece.text


def _counts_large(piece: EdgePiece) -> str:
    """How far a figure in large type is from counting the pages, with what stands beside it.

    Over the text, words with a figure may be a heading, as of a chapter.
    """
    words = "".join(filter(str.isalpha, piece.pattern)).casefold()
    figures = [value_of(figure) for figure in FIGURES.findall(piece.text)]
    if not figures or (piece.height > 0 and words not in ("", "page", "pageof")):
        return ""
    nearest = min((figure - piece.page for figure in figures), key=abs)
    return f"{_PAGED}{nearest} {piece.pattern}"


def _is_where_others_were(rest: Sequence[EdgePiece], setting: _Setting) -> bool:
    """Whether pieces stand outermost and far off, where furniture was found before."""
    return all(
        piece.rank == 0
        and piece.apart > _FAR * max(piece.size, setting.body)
        and any(
            abs(h - piece.height) < _HEIGHT and abs(s - piece.size) < _SIZE
            for h, s in setting.known
        )
        for piece in rest
    )


def _opens_pages(group: Sequence[EdgePiece], slot: Sequence[EdgePiece], setting: _Setting) -> bool:
    """Whether texts are headings that happen to open pages: close to their text, in its frame.

    Running heads may take turns; then many of the other pages have one that recurs, too.
    """
    counts = Counter(p.pattern for p in slot if p.pattern != group[0].pattern)
    recurring = sum(count for count in counts.values() if count > 1)
    turns = recurring >= max(2, 0.3 * (setting.pages - len({p.page for p in group})))
    close = sorted(p.apart for p in group)[len(group) // 2] < _CLOSE * group[0].size
    opens = close and not turns and _is_in_frame(group, setting.outermost)
    return group[0].height > 0 and (opens or comes_back(group, slot, _LARGER * setting.body))


def _is_running(pattern: str, group: Sequence[EdgePiece], places: int, setting: _Setting) -> bool:
    pages = setting.pages
    counted = "#" in pattern and _counts_pages(group)
    if pattern.startswith(_PAGED):
        return places >= _FEWEST_LARGE  # figures that count the pages
    if pattern == "#" or counted:
        return (places >= 2 and _counts_pages(group)) or places >= max(3, _SHARE * pages)
    if pages < 4:
        return places >= 2 and places == pages and all(p.apart > _FAR * p.size for p in group)
    if places >= max(3, _SHARE * pages):
        return True
    large = group[0].size >= _LARGER * setting.body  # the name of a list may open many pages
    every = places == max(p.page for p in group) - min(p.page for p in group) + 1
    return (every or not large) and _runs_through_part(pattern, group, places)


def _runs_through_part(pattern: str, group: Sequence[EdgePiece], places: int) -> bool:
    """Whether words stand alone at the edge of pages that follow each other, as in an annex."""
    stretch = max(p.page for p in group) - min(p.page for p in group) + 1
    return (
        places >= max(_FEWEST_IN_PART, _SHARE * stretch)
        and any(map(str.isalpha, pattern))
        and all(p.rank == 0 and p.apart > _OFF * p.size for p in group)
        and not all(p.height < 0 and _NOTE.match(p.text) for p in group)  # a note, said again
    )


def _counts_pages(group: Sequence[EdgePiece]) -> bool:
    """Whether a figure in the pieces rises by one a page."""
    offsets = Counter(
        figure - piece.page
        for piece in group
        for figure in {int(f) for f in _PAGE_NUMBER.findall(piece.text)}
    )
    return max(offsets.values(), default=0) >= max(2, 0.8 * len({p.page for p in group}))


def _is_margin(slot: Sequence[EdgePiece], setting: _Setting) -> bool:
    """Texts at one height on most pages that stand apart from the pages' text.

    So stands a chapter's title over or under its pages: the words change, the white does not.
    Footnotes or a full page may come a little closer to it than text usually does; the last
    line of a full page stands no further from the one before than any other.
    """
    pages, body, step = setting.pages, setting.body, setting.step
    places = {p.page for p in slot}
    if len(places) < max(3, 0.5 * pages):
        return False
    sizes = [round(p.size, 1) for p in slot]
    if max(sizes) - min(sizes) >= 0.3:
        return False
    if max(sizes) >= _LARGER * body:
        return False
    if len({p.pattern for p in slot}) >= 0.9 * len(slot):
        return False
    if _is_in_frame(slot, setting.outermost):
        return False
    if min(p.apart for p in slot) > max(_APART * max(body, max(sizes)), _STEPS * step):
        return True
    aside = max(sizes) < _SMALLER * body or (slot[0].height < 0 and all(p.rank <= 1 for p in slot))
    if aside and len(places) >= max(4, 0.6 * pages) and _mostly_repeats(slot, places):
        return True
    apart = sum(p.apart > _STEPPED * step for p in slot)
    fixed = max(p.height for p in slot) - min(p.height for p in slot) < _HEIGHT
    outer = all(p.rank == 0 for p in slot)
    return fixed and outer and apart >= 0.75 * len(slot)
