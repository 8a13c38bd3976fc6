"""Sheets that hold several pages, as handouts are printed: each part is a page.

Sheets are cut as the numbers of their pages tell (`imposition`), or, without such numbers, where
nothing crosses the lines between their parts and all parts begin at one place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipelines.read.pdf.clean.imposition import FEWEST, GRIDS, OVER, Cut, proved, uncrossed
from pipelines.read.pdf.model.page import RawPage, Shape, text_size

_WIDER = 1.2  # times as wide as high: a sheet with two upright pages
_BOTH = 0.5  # of the sheets, which have text in all parts
_SAME = 6.0  # points between the left margins of the pages on a sheet
_TOPS = 0.025  # of its height, between their tops: less than over and under a page's middle
_FILLED = 0.3  # of the width of a page that its text reaches over at least
_STACKED = 4  # sheets of nothing but pages above each other, as a page's middle may be white
_HEAD = 0.25  # of a part's height, where what runs on from page to page stands
_ALIKE, _RUNNING = 3, 0.6  # parts that begin alike: at least, and share of those with running heads
_SMALL = 6.5  # points of type that no report is set in


class Sheets:
    """Cuts the sheets of a file, once the first show that each holds several pages."""

    def __init__(self) -> None:
        self._cuts: dict[tuple[int, int], Cut | None] | None = None
        self.halves: dict[int, tuple[int, float, float]] = {}  # of pages: sheet, left, top
        self.small: list[int] = []  # sheets that may hold several pages, and are not cut

    def part(self, pages: list[RawPage]) -> None:
        """Put the pages that stand on sheets in their place; they count on from page to page."""
        if self._cuts is None:
            self._cuts = _cuts(pages)
            for size, cut in self._cuts.items():
                sheets = [page for page in pages if page.spans and _size(page) == size]
                self.small += [s.number for s in sheets if _may_hold_more(sheets, cut)]
        if not any(self._cuts.values()):
            crossed = (_whole(pages, Cut(*grid)) for grid in GRIDS if min(grid) > 1)
            if 0 < text_size(pages) < _SMALL or any(crossed):
                self.small += [page.number for page in pages if page.spans]
            return
        found: list[tuple[RawPage, int, float, float]] = []
        for page in pages:
            cut = self._cuts.get(_size(page))
            for part in (0,) if cut is None else cut.order or range(cut.columns * cut.rows):
                left, top, wide, high = (cut or Cut(1, 1)).box(page, part)
                piece = page if cut is None else _piece(page, (left, top, wide, high), cut, part)
                found.append((piece, page.number, left, top))
        if any(cut and cut.folded for cut in self._cuts.values()):
            found = _unfolded(found)
        pages[:] = [piece for piece, *_ in found]
        for piece, sheet, left, top in found:
            piece.number = len(self.halves) + 1
            self.halves[piece.number] = (sheet, left, top)


def _size(page: RawPage) -> tuple[int, int]:
    return round(page.width), round(page.height)


def _cuts(pages: Sequence[RawPage]) -> dict[tuple[int, int], Cut | None]:
    """Return how the sheets of each size are cut: a cover may stand on a page of its own."""
    filled = [page for page in pages if page.spans]
    sizes = dict.fromkeys(map(_size, filled))
    cuts = {size: proved([p for p in pages if _size(p) == size]) for size in sizes}
    if not any(cuts.values()):
        grids = sorted(GRIDS, key=lambda grid: -grid[0] * grid[1])
        return dict.fromkeys(cuts, next((Cut(*g) for g in grids if _hold(filled, Cut(*g))), None))
    return cuts


def _may_hold_more(pages: Sequence[RawPage], cut: Cut | None) -> bool:
    """Whether sheets that are cut as their white alone tells may be cut finer, too."""
    if cut is None or cut.order or cut.folded or not 0 < text_size(pages) < _SMALL:
        return False
    finer = (Cut(*grid) for grid in GRIDS if grid[0] == cut.columns and grid[1] > cut.rows)
    return any(_whole(pages, one) for one in finer)


_Found = tuple[RawPage, int, float, float]
_Margins = tuple[float, float, float]  # left, over and right


def _unfolded(found: Sequence[_Found]) -> list[_Found]:
    """Put the halves of a booklet's sheets in the order of its pages."""
    pairs = [(found[at], found[at + 1]) for at in range(0, len(found) - 1, 2)]
    low = [pair[(index + 1) % 2] for index, pair in enumerate(pairs)]
    high = [pair[index % 2] for index, pair in enumerate(pairs)]
    return [*low, *reversed(high)]


def _hold(filled: Sequence[RawPage], cut: Cut) -> bool:
    """Whether the parts of a cut are whole, and all have their text at one place."""
    if not (found := _whole(filled, cut)):
        return False
    lefts, tops, rights = zip(*(_least(part) for part in zip(*found, strict=True)), strict=True)
    even = max(tops) - min(tops) < _TOPS * filled[0].height
    white = max(map(sum, zip(lefts, rights, strict=True)))
    filling = white < (1 - _FILLED) * filled[0].width / cut.columns  # unlike cells
    if max(lefts) - min(lefts) >= _SAME:
        return False
    return cut == Cut() or bool(even and filling and not _name_lists(filled, cut))


def _name_lists(filled: Sequence[RawPage], cut: Cut) -> bool:
    """Whether boxes with names of lists stand in the parts: some begin alike, or all in bold.

    As pages they would lose these for running heads.
    """
    heads: defaultdict[tuple[str, bool], set[tuple[int, int]]] = defaultdict(set)
    parts: set[tuple[int, int]] = set()
    for page in filled:
        for span in page.spans:
            part = cut.part_of(page, span.x0, span.base)
            _, top, _, high = cut.box(page, part)
            parts.add((page.number, part))
            if span.base - top < _HEAD * high and any(map(str.isalpha, span.text)):
                heads[span.text.strip(), span.face.bold].add((page.number, part))
    return any(
        len(found) >= _ALIKE and (bold or len(found) < _RUNNING * len(parts))
        for (_, bold), found in heads.items()
    )


def _whole(filled: Sequence[RawPage], cut: Cut) -> list[list[_Margins]]:
    """The margins of the parts of sheets, if nothing crosses the lines between them."""
    wide = all(page.width >= _WIDER * page.height for page in filled)
    count = cut.columns * cut.rows
    fewest = _STACKED if cut.columns == 1 else 2 if count < FEWEST else 1
    if len(filled) < fewest or not (wide or cut.rows > 1):
        return []
    most = OVER if count > 2 else 0
    clear = uncrossed(filled, cut, most=most)
    whole = [found for page in clear if len(found := _margins(page, cut)) == count]
    return whole if len(whole) >= _BOTH * len(filled) else []


def _margins(page: RawPage, cut: Cut) -> list[_Margins]:
    """The white left of, over and right of the text of each part that has some."""
    margins: defaultdict[int, list[_Margins]] = defaultdict(list)
    for span in page.spans:
        part = cut.part_of(page, span.x0, span.base)
        left, top, wide, _ = cut.box(page, part)
        margins[part].append((span.x0 - left, span.base - top, left + wide - span.x1))
    return [_least(at) for _, at in sorted(margins.items())]


def _least(margins: Iterable[_Margins]) -> _Margins:
    left, top, right = map(min, zip(*margins, strict=True))
    return left, top, right


def _piece(page: RawPage, box: tuple[float, float, float, float], cut: Cut, part: int) -> RawPage:
    left, top, wide, high = box
    return replace(
        page,
        width=wide,
        height=high,
        spans=[
            replace(s, x0=s.x0 - left, x1=s.x1 - left, base=s.base - top)
            for s in page.spans
            if cut.part_of(page, s.x0, s.base) == part
        ],
        shapes=[
            Shape(s.x0 - left, s.top - top, s.x1 - left, s.bottom - top, s.filled)
            for s in page.shapes
            if left <= s.x0 + 1 and s.x1 - 1 <= left + wide
            if top <= s.top + 1 and s.bottom - 1 <= top + high
        ],
        covered=[],
        invisible=[],
    )
