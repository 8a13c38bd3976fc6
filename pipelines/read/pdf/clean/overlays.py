"""What is laid over the text of a whole file: watermarks, and the numbers of a draft's lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.page import RawPage, Span, text_size
from pipelines.read.pdf.model.rows import rows_of

_FEWEST = 3  # pages on which a watermark stands; numbers of lines on a page
_SHARE = 0.8  # of the pages with text
_NUMBERED = 0.7  # of a page's rows, more than any numbered paragraphs have
_LINES = 5  # of a page at least that its numbers count
_COUNTED = 0.5  # of the pages with more lines, whose numbers count on one by one


def drop_watermarks(pages: Sequence[RawPage]) -> None:
    """Take what stands large at one place of nearly every page out of the pages' spans."""
    body = text_size(pages)
    least = max(_FEWEST, _SHARE * sum(bool(page.spans) for page in pages))
    places = Counter(
        key
        for page in pages
        for key in {(_place(s), s.text) for s in page.spans if s.size > GEOMETRY.large * body}
    )
    marks = {place: text for (place, text), count in places.items() if count >= least}
    for page in pages if marks else ():  # a part of one, where something covers the rest
        page.spans = [s for s in page.spans if s.text not in marks.get(_place(s), "\0")]


def _place(span: Span) -> tuple[int, int, int]:
    return round(span.x0), round(span.base), round(span.size)


def drop_line_numbers(pages: Sequence[RawPage]) -> None:
    """Take the numbers of a draft's lines out of the pages' spans, left or right of the text."""
    counted = [p for p in pages if sum(map(_is_number, p.spans)) >= _FEWEST]
    for at_right in (False, True):
        _drop_on_side(pages, counted, at_right)


def _is_number(span: Span) -> bool:
    return span.text.strip().isdecimal()


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
            s for s in page.spans if not (_is_number(s) and left - 1 <= s.x0 and s.x1 <= right + 1)
        ]


def _line_numbers(page: RawPage, at_right: bool) -> list[Span]:
    """The figures on one side of a page's text, where they stand at its rows and count on.

    Some drafts number every second, fifth or tenth line.
    """
    figures: list[Span] = []
    other: list[Span] = []
    for span in page.spans:
        if span.angle == 0:
            (figures if _is_number(span) else other).append(span)
    left, right = min((s.x0 for s in other), default=0.0), max((s.x1 for s in other), default=0.0)
    beside = (s for s in figures if (s.x0 > right if at_right else s.x1 < left))
    figures = sorted(beside, key=lambda s: s.base)
    if len(figures) < _FEWEST:
        return []
    rows = rows_of(other)
    steps = [int(after.text) - int(before.text) for before, after in pairwise(figures)]
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
