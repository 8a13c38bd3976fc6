"""Sheets that hold several pages, as handouts are printed: each part is a page.

How a sheet is cut is told by its pages' numbers: at one height of each part they count on from
sheet to sheet, or, in a booklet, add up to one sum. Numbered columns, figures and cases do so, too:
parts must have the shape of pages, and hardly anything may stand over where they meet. Without
numbers sheets are cut where nothing crosses the lines between their parts, and all parts begin at
one place.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise, starmap
from math import ceil
from typing import NamedTuple

from pipelines.read.pdf.model.page import RawPage, Shape, Span, text_size

_WIDER = 1.2  # times as wide as high: a sheet with two upright pages
_MOST = 0.8  # of the sheets, which have no text over the lines between their parts
_BOTH = 0.5  # of the sheets, which have text in all parts
_WHITE = 0.01  # of the width or height, beside such a line
_SAME = 6.0  # points between the left margins of the pages on a sheet
_TOPS = 0.025  # of its height, between their tops: less than over and under a page's middle
_FILLED = 0.3  # of the width of a page that its text reaches over at least
_STACKED = 4  # sheets of nothing but pages above each other, as a page's middle may be white
_COUNTED = 0.6  # of the sheets with text in a part, whose number there counts on
_LEVEL = 3.0  # points within which the numbers of all parts stand at one height
_SMALL = 6.5  # points of type that no report is set in
_GRIDS = ((2, 1), (1, 2), (3, 1), (4, 1), (2, 2), (3, 2), (2, 3), (4, 2), (2, 4), (3, 3))
_NARROWEST, _WIDEST = 0.45, 2.1  # widths of a page by its height: of leaflets, of slides
_NUMBER = re.compile(r"(?<![\d.,/])\d{1,4}(?![\d%]|[.,/]\d)")
_EDGE = 0.25  # of a page's height, above or below which its number stands
_OUTERMOST = 2  # rows there that may hold it
_OFF = 2.2  # sizes of white between them and the text
_OVER = 1  # rows and shapes that cross where pages meet: what the printer says of the sheet
_FRAME = 0.9  # of a sheet: what is larger frames it
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
            for part in (0,) if cut is None else cut.order or range(cut.columns * cut.rows):
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
    sizes = dict.fromkeys(map(_size, filled))
    cuts = {size: _proved([p for p in pages if _size(p) == size]) for size in sizes}
    if not any(cuts.values()):
        grids = sorted(_GRIDS, key=lambda grid: -grid[0] * grid[1])
        return dict.fromkeys(cuts, next((_Cut(*g) for g in grids if _hold(filled, _Cut(*g))), None))
    return cuts


def _proved(sheets: Sequence[RawPage]) -> _Cut | None:
    """Return how the numbers on sheets of one size say that they are cut, if they do."""
    filled = [page for page in sheets if page.spans]
    cuts = (cut for cut in starmap(_Cut, _GRIDS) if _may_part(filled, cut))
    found = (_counting(filled, cut) or _booklet(sheets, cut) for cut in cuts)
    return next(filter(None, found), None)


def _may_part(sheets: Sequence[RawPage], cut: _Cut) -> bool:
    """Whether parts of sheets have the shape of pages, and hardly anything is over their edges."""
    _, _, wide, high = cut.box(sheets[0], 0)
    if not _NARROWEST < wide / high < _WIDEST:
        return False
    crossed = (page for page in sheets if _over(page, cut) > _OVER)
    return next(islice(crossed, len(sheets) - ceil(_MOST * len(sheets)), None), None) is None


def _over(page: RawPage, cut: _Cut) -> int:
    """Count rows and shapes of a sheet over the edges where its parts meet."""
    white = _WHITE * page.width
    xs = [page.width * n / cut.columns for n in range(1, cut.columns)]
    ys = [page.height * n / cut.rows for n in range(1, cut.rows)]
    rows = {
        round(s.base / _LEVEL)
        for s in page.spans
        if any(s.x0 < x + white and s.x1 > x - white for x in xs)
        or any(-white < 2 * (s.base - y) < 2 * s.size + white for y in ys)
    }
    shapes = (
        any(s.x0 < x - white and s.x1 > x + white for x in xs)
        or any(s.top < y - white and s.bottom > y + white for y in ys)
        for s in page.shapes
        if min(s.width / page.width, s.height / page.height) < _FRAME
    )
    return len(rows) + sum(shapes)


def _numbers(page: RawPage, cut: _Cut) -> Iterator[_Number]:
    """Whole numbers at the head and the foot of each part, as in "Page 3 of 16"."""
    parts: defaultdict[int, defaultdict[int, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for span in page.spans:
        part = cut.part_of(page, span.x0, span.base)
        height = round((span.base - cut.box(page, part)[1]) / _LEVEL)
        parts[part][height].append(span)
    high = page.height / cut.rows / _LEVEL
    for part, rows in parts.items():
        for height in _heads_and_feet(rows):
            if not _EDGE * high < height < (1 - _EDGE) * high:
                texts = (s.text for s in rows[height] if len(s.text) < _LONG)
                numbers = (int(n) for text in texts for n in _NUMBER.findall(text))
                yield from (_Number(part, height, number) for number in numbers)


def _heads_and_feet(rows: Mapping[int, Sequence[Span]]) -> Iterator[int]:
    """Heights of the outermost rows of a part, where white sets them off from the text."""
    for heights in (sorted(rows), sorted(rows, reverse=True)):
        for at, height in enumerate(heights[:_OUTERMOST]):
            white = _OFF * rows[height][0].size / _LEVEL
            steps = pairwise(heights[at : _OUTERMOST + 1])
            if len(heights) <= _OUTERMOST or any(abs(b - a) > white for a, b in steps):
                yield height


def _counting(sheets: Sequence[RawPage], cut: _Cut) -> _Cut | None:
    """Return a cut, its parts in order, if the numbers of these count on by as many as they are."""
    count = cut.columns * cut.rows
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


def _booklet(sheets: Sequence[RawPage], cut: _Cut) -> _Cut | None:
    """Fold sheets if the numbers of each add up to one sum, the lower at alternate sides.

    The sum is one more than their pages, or less where the first pages are not counted.
    """
    if (cut.columns, cut.rows) != (2, 1):
        return None
    agree: Counter[int] = Counter()
    for index, page in enumerate(sheets):
        numbers = set(_numbers(page, cut))
        low, high = (index + 1) % 2, index % 2  # the cover is at right
        agree.update(
            {
                one.value - index
                for one in numbers
                for other in numbers
                if (one.part, other.part) == (low, high)
                and abs(one.height - other.height) <= 1
                and one.value < other.value
                and one.value - index in (0, 1, -1)
                and other.value - one.value == 2 * (len(sheets) - index) - 1
            }
        )
    most = max(agree.values(), default=0)
    return replace(cut, folded=True) if most >= max(3, _COUNTED * len(sheets)) else None


_Found = tuple[RawPage, int, float, float]
_Margins = tuple[float, float, float]  # left, over and right


def _unfolded(found: Sequence[_Found]) -> list[_Found]:
    """Put the halves of a booklet's sheets in the order of its pages."""
    pairs = [(found[at], found[at + 1]) for at in range(0, len(found) - 1, 2)]
    low = [pair[(index + 1) % 2] for index, pair in enumerate(pairs)]
    high = [pair[index % 2] for index, pair in enumerate(pairs)]
    return [*low, *reversed(high)]


def _hold(filled: Sequence[RawPage], cut: _Cut) -> bool:
    """Whether the parts of a cut are whole, and all have their text at one place."""
    if not (found := _whole(filled, cut)):
        return False
    lefts, tops, rights = zip(*(_least(part) for part in zip(*found, strict=True)), strict=True)
    even = max(tops) - min(tops) < _TOPS * filled[0].height
    white = max(map(sum, zip(lefts, rights, strict=True)))
    filling = white < (1 - _FILLED) * filled[0].width / cut.columns  # unlike cells
    return max(lefts) - min(lefts) < _SAME and (cut == _Cut() or (even and filling))


def _whole(filled: Sequence[RawPage], cut: _Cut) -> list[list[_Margins]]:
    """The margins of the parts of sheets, if nothing crosses the lines between them."""
    wide = all(page.width >= _WIDER * page.height for page in filled)
    count = cut.columns * cut.rows
    fewest = _STACKED if cut.columns == 1 else 2 if count < _FEWEST else 1
    if len(filled) < fewest or not (wide or cut.rows > 1):
        return []
    clear = [page for page in filled if _over(page, cut) <= (_OVER if count > 2 else 0)]
    whole = [found for page in clear if len(found := _margins(page, cut)) == count]
    few = len(clear) < _MOST * len(filled) or len(whole) < _BOTH * len(filled)
    return [] if few else whole


def _margins(page: RawPage, cut: _Cut) -> list[_Margins]:
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
