"""Sheets that hold several pages, as handouts are printed: each part is a page.

How a sheet is cut is known for certain by its pages' numbers: at one height of each part they
count on from sheet to sheet, or, in a booklet, add up to one sum. Without numbers only two pages
side by side are cut, where nothing crosses their middle.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pipelines.read.pdf.model.page import RawPage, Shape, text_size

_WIDER = 1.2  # times as wide as high: a sheet with two upright pages
_MOST = 0.8  # of the sheets, which have no text over their middle
_BOTH = 0.5  # of the sheets, which have text in both halves
_WHITE = 0.01  # of the width, beside the middle
_SAME = 6.0  # points between the left margins of the two pages
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
    order: tuple[int, ...] = (0, 1)
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
        self.small: list[int] = []  # sheets in so small a type that they may hold several pages

    def part(self, pages: list[RawPage]) -> None:
        """Put the pages that stand on sheets in their place; they count on from page to page."""
        if self._cuts is None:
            self._cuts = _cuts(pages)
        if not any(self._cuts.values()):
            if 0 < text_size(pages) < _SMALL:
                self.small += [page.number for page in pages if page.spans]
            return
        found: list[tuple[RawPage, int, float, float]] = []
        for page in pages:
            cut = self._cuts.get(_size(page))
            parts = (0,) if cut is None else cut.order
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
    if not any(cuts.values()) and _hold_two(filled):
        return dict.fromkeys(cuts, _Cut())
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


def _hold_two(filled: Sequence[RawPage]) -> bool:
    if len(filled) < 2 or any(page.width < _WIDER * page.height for page in filled):
        return False
    clear = [page for page in filled if not _crosses(page)]
    lefts = [_starts(page, 0) for page in clear], [_starts(page, 1) for page in clear]
    both = [(one, two) for one, two in zip(*lefts, strict=True) if one and two]
    if len(clear) < _MOST * len(filled) or len(both) < _BOTH * len(filled):
        return False
    return abs(min(min(one) for one, _ in both) - min(min(two) for _, two in both)) < _SAME


def _crosses(page: RawPage) -> bool:
    middle, white = page.width / 2, _WHITE * page.width
    return any(s.x0 < middle + white and s.x1 > middle - white for s in page.spans)


def _starts(page: RawPage, side: int) -> list[float]:
    middle = page.width / 2
    return [s.x0 - side * middle for s in page.spans if (s.x0 >= middle) == bool(side)]


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
