"""Sheets that hold two pages side by side, as handouts are printed: each half is a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.read.pdf.model.page import RawPage, Shape

_WIDER = 1.2  # times as wide as high: a sheet with two upright pages
_MOST = 0.8  # of the sheets, which have no text over their middle
_BOTH = 0.5  # of the sheets, which have text in both halves
_WHITE = 0.01  # of the width, beside the middle
_SAME = 6.0  # points between the left margins of the two pages


class Sheets:
    """Cuts the sheets of a file in two, once the first show that each holds two pages."""

    def __init__(self) -> None:
        self._parted: bool | None = None
        self.halves: dict[int, tuple[int, float]] = {}  # of pages: their sheet, and where on it

    def part(self, pages: list[RawPage]) -> None:
        """Put the pages that stand on sheets in their place; they count 1 to 2n where n were."""
        if self._parted is None:
            self._parted = _hold_two(pages)
        if self._parted:
            pages[:] = [self._half(page, side) for page in pages for side in (0, 1)]

    def _half(self, page: RawPage, side: int) -> RawPage:
        half = _half(page, side, page.width / 2)
        self.halves[half.number] = (page.number, side * page.width / 2)
        return half


def _hold_two(pages: Sequence[RawPage]) -> bool:
    filled = [page for page in pages if page.spans]
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


def _half(page: RawPage, side: int, middle: float) -> RawPage:
    left = side * middle
    return RawPage(
        2 * page.number - 1 + side,
        middle,
        page.height,
        [
            replace(s, x0=s.x0 - left, x1=s.x1 - left)
            for s in page.spans
            if (s.x0 >= middle) == bool(side)
        ],
        [
            Shape(s.x0 - left, s.top, s.x1 - left, s.bottom, s.filled)
            for s in page.shapes
            if left <= s.x0 + 1 and s.x1 - 1 <= left + middle
        ],
        page.pictures,
        page.roles,
        page.turned,
    )
