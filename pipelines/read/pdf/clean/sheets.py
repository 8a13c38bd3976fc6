"""Sheets that hold several pages, as handouts are printed: each part is a page.

How a sheet is cut is known for certain by its pages' numbers: at one height of each part they
count on from sheet to sheet, or, in a booklet, add up to one sum. Without numbers sheets are cut
where nothing crosses the lines between their parts, and all parts begin at one place.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pipelines.read.pdf.model.page import RawPage, Shape, Span, text_size

_WIDER = 1.2  # times as wide as high: a sheet with two upright pages
_MOST = 0.8  # of the sheets, which have no text over the lines between their parts
_BOTH = 0.5  # of the sheets, which have text in all parts
_WHITE = 0.01  # of the width or height, beside such a line
_OUTER = 0.03  # of a sheet's height, where what its printer wrote stands
_SAME = 6.0  # points between the left margins of the pages on a sheet
_TOPS = 0.025  # of its height, between their tops: less than over and under a page's middle
_STACKED = 4  # sheets of nothing but pages above each other, as a page's middle may be white
_COUNTED = 0.6  # of the sheets with text in a part, whose number there counts on
_LEVEL = 3.0  # points within which the numbers of all parts stand at one height
_SMALL = 6.5  # points of type that no report is set in
_GRIDS = ((2, 1), (1, 2), (3, 1), (4, 1), (2, 2), (3, 2), (2, 3), (4, 2), (2, 4), (3, 3))
_NUMBER = re.compile(r"(?<![\d.,/])\d{1,4}(?![\d%]|[.,/]\d)")
_EDGE = 0.25  # of a page's height, above or below which its number stands
_FEWEST = 6  # numbers that count on
_LONG = 90  # characters of a line that has no number of a page in it


class _Number(NamedTuple):
    """What may be the number of a page: its part, its height there, itself."""

    part: int
    height: int
    value: int


@dataclass(frozen=True, slots=True)
class _Cut:
    """How sheets are cut: columns and rows, the parts in reading order, whether to be folded."""

    columns: int = 2
    rows: int = 1
    order: tuple[int, ...] = ()
    folded: bool = False

    def box(self, page: RawPage, part: int) -> tuple[float, float, float, float]:
        """Left, top, width and height of a part; parts count from left to right, then down."""
        wide, high = page.width / self.columns, page.height / self.rows
        return part % self.columns * wide, part // self.columns * high, wide, high

    def part_of(self, page: RawPage, x: float, y: float) -> int:
        """The part that a place of a sheet is in."""
        column = min(max(int(x * self.columns / page.width), 0), self.columns - 1)
        return min(max(int(y * self.rows / page.height), 0), self.rows - 1) * self.columns + column


class Sheets:
    """Cuts the sheets of a file, once the first show that each holds several pages."""

    def __init__(self) -> None:
        self._cuts: dict[tuple[int, int], _Cut | None] | None = None
        self.halves: dict[int, tuple[int, float, float]] = {}  # of pages: sheet, left, top
        self.small: list[int] = []  # sheets that may hold several pages, and are not cut

    def part(self, pages: list[RawPage]) -> None:
        """Put the pages that stand on sheets in their place; they count on from page to page."""
        if self._cuts is None:
            self._cuts = _cuts(pages)
        if not any(self._cuts.values()):
            crossed = (_whole(pages, _Cut(*grid)) for grid in _GRIDS if min(grid) > 1)
            if 0 < text_size(pages) < _SMALL or any(crossed):
                self.small += [page.number for page in pages if page.spans]
            return
        found: list[tuple[RawPage, int, float, float]] = []
        for page in pages:
            cut = self._cuts.get(_size(page))
            parts = (0,) if cut is None else cut.order or range(cut.columns * cut.rows)
            for part in parts:
                left, top, wide, high = (cut or _Cut(1, 1)).box(page, part)
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


def _cuts(pages: Sequence[RawPage]) -> dict[tuple[int, int], _Cut | None]:
    """Return how the sheets of each size are cut: a cover may stand on a page of its own."""
    filled = [page for page in pages if page.spans]
    cuts = {}
    for size in {_size(page) for page in filled}:
        sheets = [page for page in filled if _size(page) == size]
        found = filter(None, (_counting(sheets, *grid) for grid in _GRIDS))
        cuts[size] = next(found, _booklet(sheets))
    if not any(cuts.values()):
        grids = sorted(_GRIDS, key=lambda grid: -grid[0] * grid[1])
        return dict.fromkeys(cuts, next((_Cut(*g) for g in grids if _hold(filled, _Cut(*g))), None))
    return cuts


def _numbers(page: RawPage, cut: _Cut) -> Iterator[_Number]:
    """Whole numbers of a sheet, as in "Page 3 of 16"."""
    for span in page.spans:
        for number in _NUMBER.findall(span.text) if len(span.text) < _LONG else ():
            part = cut.part_of(page, span.x0, span.base)
            _, top, _, high = cut.box(page, part)
            if not _EDGE * high < span.base - top < (1 - _EDGE) * high:
                yield _Number(part, round((span.base - top) / _LEVEL), int(number))


def _counting(sheets: Sequence[RawPage], columns: int, rows: int) -> _Cut | None:
    """Cut sheets into a grid if the numbers of its parts count on by as many as there are parts."""
    count, cut = columns * rows, _Cut(columns, rows)
    firsts: Counter[_Number] = Counter()
    filled: Counter[int] = Counter()
    for index, page in enumerate(sheets):
        filled.update({cut.part_of(page, s.x0, s.base) for s in page.spans})
        firsts.update({n._replace(value=n.value - count * index) for n in _numbers(page, cut)})
    for height, value in {(n.height, n.value) for n, times in firsts.items() if times > 1}:
        found = {
            n.value: (n.part, times)
            for n, times in firsts.items()
            if abs(n.height - height) <= 1
            and value <= n.value < value + count
            and times >= max(2, _COUNTED * filled[n.part])
        }
        enough = sum(times for _, times in found.values()) >= _FEWEST
        if enough and len({part for part, _ in found.values()}) == count == len(found):
            return replace(cut, order=tuple(found[value + step][0] for step in range(count)))
    return None


def _booklet(sheets: Sequence[RawPage]) -> _Cut | None:
    """Cut sheets in two if the numbers of each add up to one sum, the lower at alternate sides."""
    sums: Counter[tuple[int, int]] = Counter()
    cut = _Cut(folded=True)
    for index, page in enumerate(sheets):
        numbers = set(_numbers(page, cut))
        low, high = (index + 1) % 2, index % 2  # the cover is at right
        sums.update(
            {
                (one.height, one.value + other.value)
                for one in numbers
                for other in numbers
                if (one.part, other.part) == (low, high)
                and abs(one.height - other.height) <= 1
                and one.value < other.value
                and one.value - index in (0, 1, -1)
            }
        )
    most = max(sums.values(), default=0)
    return cut if most >= max(3, _COUNTED * len(sheets)) else None


_Found = tuple[RawPage, int, float, float]


def _unfolded(found: Sequence[_Found]) -> list[_Found]:
    """Put the halves of a booklet's sheets in the order of its pages."""
    pairs = [(found[at], found[at + 1]) for at in range(0, len(found) - 1, 2)]
    low = [pair[(index + 1) % 2] for index, pair in enumerate(pairs)]
    high = [pair[index % 2] for index, pair in enumerate(pairs)]
    return [*low, *reversed(high)]


def _hold(filled: Sequence[RawPage], cut: _Cut) -> bool:
    """Whether the parts of a cut are whole, and all have their text at one place."""
    if not (starts := _whole(filled, cut)):
        return False
    margins = [list(map(min, zip(*part, strict=True))) for part in zip(*starts, strict=True)]
    lefts, tops = zip(*margins, strict=True)
    room = _TOPS * filled[0].height if len(margins) > 2 or cut.rows > 1 else math.inf
    return bool(max(lefts) - min(lefts) < _SAME and max(tops) - min(tops) < room)


def _whole(filled: Sequence[RawPage], cut: _Cut) -> list[list[tuple[float, float]]]:
    """Where the parts of sheets begin, if nothing crosses the lines between them."""
    wide = all(page.width >= _WIDER * page.height for page in filled)
    if len(filled) < (_STACKED if cut.columns == 1 else 2) or not (wide or cut.rows > 1):
        return []
    clear = [page for page in filled if not any(_crosses(s, page, cut) for s in page.spans)]
    starts = [_starts(page, cut) for page in clear]
    whole = [found for found in starts if len(found) == cut.columns * cut.rows]
    few = len(clear) < _MOST * len(filled) or len(whole) < _BOTH * len(filled)
    return [] if few else whole


def _crosses(span: Span, page: RawPage, cut: _Cut) -> bool:
    """Whether a text stands over a line between the parts of a sheet, or hardly beside it."""
    if not _OUTER * page.height < span.base < (1 - _OUTER) * page.height:
        return False
    right, down = _WHITE * page.width, _WHITE * page.height
    return cut.part_of(page, span.x0 - right, span.base - span.size - down) != cut.part_of(
        page, span.x1 + right, span.base + down
    )


def _starts(page: RawPage, cut: _Cut) -> list[tuple[float, float]]:
    """Where the text of each part that has some begins: from its left and from its top."""
    starts: defaultdict[int, list[tuple[float, float]]] = defaultdict(list)
    for span in page.spans:
        part = cut.part_of(page, span.x0, span.base)
        left, top, *_ = cut.box(page, part)
        starts[part].append((span.x0 - left, span.base - top))
    return [(min(x for x, _ in at), min(y for _, y in at)) for _, at in sorted(starts.items())]


def _piece(page: RawPage, box: tuple[float, float, float, float], cut: _Cut, part: int) -> RawPage:
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
