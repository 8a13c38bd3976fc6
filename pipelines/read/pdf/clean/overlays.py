"""What is laid over the text of a whole file: watermarks, and the numbers of a draft's lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from pipelines.read.pdf.model.bullets import is_glyph
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.page import RawPage, Span, text_size
from pipelines.read.pdf.model.rows import rows_of

_NUMBER = re.compile(r"\s*\d{1,5}[.:]?\s*")
_FIGURES = re.compile(r"\d+")
_FEWEST = 3  # pages on which a watermark stands; numbers of lines on a page
_INTO = 0.7  # sizes between the baselines of two texts that cross
_SHARE = 0.8  # of the pages with text
_NUMBERED = 0.7  # of a page's rows, more than any numbered paragraphs have
_LINES = 5  # of a page at least that its numbers count
_COUNTED = 0.5  # of the pages with more lines, whose numbers count on one by one


def drop_watermarks(pages: Sequence[RawPage]) -> None:
    """Take what stands at one place of nearly every page, large or over text, out of the pages."""
    body = text_size(pages)
    least = max(_FEWEST, _SHARE * sum(bool(page.spans) for page in pages))
    places = Counter(
        key
        for page in pages
        for key in {(_place(s), s.text) for s in page.spans if s.size > GEOMETRY.large * body}
    )
    marks = {place: text for (place, text), count in places.items() if count >= least}
    crossing = _crossing(pages, least)
    for page in pages if marks or crossing else ():
        page.spans = [
            s
            for s in page.spans  # a part of a mark, where something covers the rest
            if s.text not in marks.get(_place(s), "\0") and _key(s) not in crossing
        ]


def _crossing(pages: Sequence[RawPage], least: float) -> set[tuple[tuple[int, int, int], str]]:
    """What stands at one place of so many pages, and somewhere in other text; figures may count."""
    times = Counter(text for page in pages for text in {_said(s) for s in page.spans})
    often = {text for text, count in times.items() if count >= least}
    places = Counter(
        key for page in pages if often for key in {_key(s) for s in page.spans} if key[1] in often
    )
    fixed = {key for key, count in places.items() if count >= least}
    over = {
        _said(mark)
        for page in pages if fixed
        for mark in page.spans if _key(mark) in fixed
        if any(_crosses(mark, other) and _key(other) not in fixed for other in page.spans)
    }  # fmt: skip
    return {key for key in fixed if key[1] in over}


def _said(span: Span) -> str:
    return _FIGURES.sub("0", span.text)


def _key(span: Span) -> tuple[tuple[int, int, int], str]:
    return _place(span), _said(span)


def _crosses(mark: Span, other: Span) -> bool:
    """Whether a text is set into another, as none of a page's own is."""
    size = min(mark.size, other.size)
    return (
        abs(mark.base - other.base) < _INTO * size
        and min(mark.x1, other.x1) - max(mark.x0, other.x0) > size
    )


def _place(span: Span) -> tuple[int, int, int]:
    return round(span.x0), round(span.base), round(span.size)


def drop_line_numbers(pages: Sequence[RawPage]) -> None:
    """Take the numbers of a draft's lines out of the pages' spans, left or right of the text."""
    counted = [p for p in pages if sum(bool(_NUMBER.fullmatch(s.text)) for s in p.spans) >= _FEWEST]
    for at_right in (False, True):
        _drop_on_side(pages, counted, at_right)


def _drop_on_side(pages: Sequence[RawPage], counted: Sequence[RawPage], at_right: bool) -> None:
    found = [_line_numbers(page, at_right) for page in counted]
    numbers = [span for spans in found for span in spans]
    if not numbers or sum(map(bool, found)) < _COUNTED * sum(
        len(rows_of(page.spans)) > _LINES for page in pages
    ):
        return
    left, right = min(s.x0 for s in numbers), max(s.x1 for s in numbers)
    for page in pages:
        page.spans = [
            s
            for s in page.spans
            if not (_NUMBER.fullmatch(s.text) and left - 1 <= s.x0 and s.x1 <= right + 1)
        ]


def _line_numbers(page: RawPage, at_right: bool) -> list[Span]:
    """The figures on one side of a page's text, where they stand at its rows and count on.

    Some drafts number every second, fifth or tenth line.
    """
    figures: list[Span] = []
    other: list[Span] = []
    for span in page.spans:
        if span.angle == 0:
            (figures if _NUMBER.fullmatch(span.text) else other).append(span)
    left, right = min((s.x0 for s in other), default=0.0), max((s.x1 for s in other), default=0.0)
    beside = (s for s in figures if (s.x0 > right if at_right else s.x1 < left))
    figures = sorted(beside, key=lambda s: s.base)
    if len(figures) < _FEWEST:
        return []
    rows = rows_of(other)
    if not all(s.text.strip().isdecimal() for s in figures) and not _go_on(rows, figures):
        return []  # of items
    numbers = [int(s.text.strip().rstrip(".:")) for s in figures]
    steps = [after - before for before, after in pairwise(numbers)]
    step = max(set(steps), key=steps.count)
    passed = [
        sum(before.base + 2 < row[0].base < after.base + 2 for row in rows)
        for before, after in pairwise(figures)
    ]
    if step < 1 or len(figures) * step < max(_LINES, _NUMBERED * len(rows) - step):
        return []
    regular = sum(
        one == step and (step == 1 or count == step)
        for one, count in zip(steps, passed, strict=True)
    )
    return figures if regular >= _SHARE * len(steps) else []


def _go_on(rows: Sequence[Sequence[Span]], figures: Sequence[Span]) -> bool:
    """Whether rows with figures go on from the row before or have signs, as no numbered item."""
    heights = [s.base for s in figures]
    return any(
        (is_glyph(begin := row[0].text.strip()[:1]) or begin.islower())
        and any(abs(row[0].base - base) < 2 for base in heights)
        for row in rows
    )
