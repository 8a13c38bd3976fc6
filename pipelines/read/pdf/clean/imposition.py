"""Imposition: how pages are arranged on the sheets that hold several, as their numbers tell.

At one height of each part the numbers count on from sheet to sheet, or, in a booklet, add up to one
sum. Numbered columns, figures and cases do so, too: parts must have the shape of pages, and hardly
anything may stand over where they meet.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, starmap
from math import ceil
from typing import NamedTuple

from pipelines.read.pdf.model.page import RawPage, Span

MOST = 0.8  # of the sheets, which have no text over the lines between their parts
_WHITE = 0.01  # of the width or height, beside such a line
_COUNTED = 0.6  # of the sheets with text in a part, whose number there counts on
_LEVEL = 3.0  # points within which the numbers of all parts stand at one height
GRIDS = ((2, 1), (1, 2), (3, 1), (4, 1), (2, 2), (3, 2), (2, 3), (4, 2), (2, 4), (3, 3))
_NARROWEST, _WIDEST = 0.45, 2.1  # widths of a page by its height: of leaflets, of slides
_NUMBER = re.compile(r"\d(?<![\d.,/]\d)\d{0,3}(?![\d%]|[.,/]\d)")
_EDGE = 0.25  # of a page's height, above or below which its number stands
_OUTERMOST = 2  # rows there that may hold it
_OFF = 2.2  # sizes of white between them and the text
OVER = 1  # rows and shapes that cross where pages meet: what the printer says of the sheet
_FRAME = 0.9  # of a sheet: what is larger frames it
FEWEST = 6  # numbers that count on
_LONG = 90  # characters of a line that has no number of a page in it


class _Number(NamedTuple):
    """What may be the number of a page: its part, its height there, itself."""

    part: int
    height: int
    value: int


# The spans of a sheet that may hold the number of a page, with what numbers they hold.
_Numbered = Mapping[Span, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Cut:
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


def proved(sheets: Sequence[RawPage]) -> Cut | None:
    """Return how the numbers on sheets of one size say that they are cut, if they do."""
    filled = [page for page in sheets if page.spans]
    cuts = (cut for cut in starmap(Cut, GRIDS) if _are_pages(filled[0], cut)) if filled else ()
    numbered = [(page, {s: n for s in page.spans if (n := _values(s))}) for page in sheets]
    found = (_counting(numbered, cut) or _booklet(numbered, cut) for cut in cuts)
    return next(filter(None, found), None)


def _are_pages(sheet: RawPage, cut: Cut) -> bool:
    """Whether the parts of a sheet have the shape of pages."""
    _, _, wide, high = cut.box(sheet, 0)
    return _NARROWEST < wide / high < _WIDEST


def uncrossed(sheets: Sequence[RawPage], cut: Cut, *, most: int = OVER) -> list[RawPage]:
    """The sheets with at most `most` over the edges of their parts; none where many have more."""
    clear: list[RawPage] = []
    for at, page in enumerate(sheets):
        if not _is_over(page, cut, most):
            clear.append(page)
        elif at - len(clear) >= len(sheets) - ceil(MOST * len(sheets)):
            return []
    return clear


def _is_over(page: RawPage, cut: Cut, most: int) -> bool:
    """Whether more than `most` rows and shapes of a sheet stand over the edges of its parts."""
    white = _WHITE * page.width
    xs = [page.width * n / cut.columns for n in range(1, cut.columns)]
    ys = [page.height * n / cut.rows for n in range(1, cut.rows)]
    crossing = [s for x in xs for s in page.spans if s.x0 < x + white and s.x1 > x - white]
    for y in ys:
        crossing += [s for s in page.spans if -white < 2 * (s.base - y) < 2 * s.size + white]
    rows = len({round(s.base / _LEVEL) for s in crossing})
    if rows > most:
        return True
    shapes = (
        any(s.x0 < x - white and s.x1 > x + white for x in xs)
        or any(s.top < y - white and s.bottom > y + white for y in ys)
        for s in page.shapes
        if min(s.width / page.width, s.height / page.height) < _FRAME
    )
    return rows + sum(shapes) > most


def _numbers(page: RawPage, own: _Numbered, cut: Cut, *, named: bool) -> Iterator[_Number]:
    """Whole numbers at the head and the foot of each part, or `named` ones, as in "Page 3"."""
    parts: defaultdict[int, defaultdict[int, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for span in page.spans:
        part, height = _place(page, cut, span)
        parts[part][height].append(span)
    for rows in parts.values():
        for height in _heads_and_feet(rows, named=named):
            yield from _numbers_of(page, {s: own[s] for s in rows[height] if s in own}, cut)


def _numbers_of(page: RawPage, own: _Numbered, cut: Cut) -> Iterator[_Number]:
    """Whole numbers in spans near the head or the foot of their part."""
    high = page.height / cut.rows / _LEVEL
    for span, values in own.items():
        part, height = _place(page, cut, span)
        if not _EDGE * high < height < (1 - _EDGE) * high:
            yield from (_Number(part, height, value) for value in values)


def _values(span: Span) -> list[int]:
    """The whole numbers in a span, unless it is too long to hold that of a page."""
    return [int(n) for n in _NUMBER.findall(span.text)] if len(span.text) < _LONG else []


def _place(page: RawPage, cut: Cut, span: Span) -> tuple[int, int]:
    """The part that a span is in, and its height there."""
    part = cut.part_of(page, span.x0, span.base)
    return part, round((span.base - cut.box(page, part)[1]) / _LEVEL)


def _heads_and_feet(rows: Mapping[int, Sequence[Span]], *, named: bool) -> Iterator[int]:
    """Heights of a part's rows with words, and of its outermost ones that white sets off."""
    for heights in (sorted(rows), sorted(rows, reverse=True)):
        for at, height in enumerate(heights):
            white = _OFF * rows[height][0].size / _LEVEL
            steps = pairwise(heights[at : _OUTERMOST + 1])
            off = len(heights) <= _OUTERMOST or any(abs(b - a) > white for a, b in steps)
            bare = not any(c.isalpha() for s in rows[height] for c in s.text)
            if not bare or (off and at < _OUTERMOST and not named):
                yield height


def _may_count(sheets: Sequence[tuple[RawPage, _Numbered]], cut: Cut) -> bool:
    """Whether some numbers count on: hardly ever, and telling heads and feet apart takes long."""
    count = cut.columns * cut.rows
    values = Counter(
        value - count * index
        for index, (_, own) in enumerate(sheets)
        for value in set().union(*own.values())
    )
    if not any(_are_enough([values[n + step] for step in range(count)]) for n in list(values)):
        return False
    times = Counter(
        number
        for index, (page, own) in enumerate(sheets)
        for number in {(n.height, n.value - count * index) for n in _numbers_of(page, own, cut)}
    )
    again = {number for number, found in times.items() if found > 1}
    return any(
        _are_enough(
            [max(times[height + off, value + step] for off in (-1, 0, 1)) for step in range(count)]
        )
        for height, value in again
    )


def _are_enough(times: Sequence[int]) -> bool:
    """Whether numbers count on often enough; the last sheet of two may have empty parts."""
    again = sum(found > 1 for found in times)
    return again == len(times) or (
        min(times) > 0 and sum(times) >= FEWEST and 2 * again >= len(times)
    )


def _counting(numbered: Sequence[tuple[RawPage, _Numbered]], cut: Cut) -> Cut | None:
    """Return a cut, its parts in order, if the numbers of these count on by as many as they are."""
    sheets = [sheet for sheet in numbered if sheet[0].spans]
    if not _may_count(sheets, cut):
        return None
    count = cut.columns * cut.rows
    named = not uncrossed([page for page, _ in sheets], cut)
    firsts: Counter[_Number] = Counter()
    filled: Counter[int] = Counter()
    for index, (page, own) in enumerate(sheets):
        filled.update({cut.part_of(page, s.x0, s.base) for s in page.spans})
        numbers = _numbers(page, own, cut, named=named)
        firsts.update({n._replace(value=n.value - count * index) for n in numbers})
    for height, value in {(n.height, n.value) for n, times in firsts.items() if times > 1}:
        found = {
            n.value: (n.part, times)
            for n, times in firsts.items()
            if abs(n.height - height) <= 1
            and value <= n.value < value + count
            and times >= max(min(2, filled[n.part]), _COUNTED * filled[n.part])
        }
        enough = sum(times for _, times in found.values()) >= FEWEST
        if enough and len({part for part, _ in found.values()}) == count == len(found):
            return replace(cut, order=tuple(found[value + step][0] for step in range(count)))
    return None


def _booklet(sheets: Sequence[tuple[RawPage, _Numbered]], cut: Cut) -> Cut | None:
    """Fold sheets if the numbers of each add up to one sum, the lower at alternate sides.

    The sum is one more than their pages, or less where the first pages are not counted.
    """
    filled = [page for page, _ in sheets if page.spans]
    if (cut.columns, cut.rows) != (2, 1) or not uncrossed(filled, cut):
        return None
    agree: Counter[int] = Counter()
    for index, (page, own) in enumerate(sheets):
        numbers = set(_numbers(page, own, cut, named=False))
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
