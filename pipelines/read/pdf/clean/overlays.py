"""What is laid over the text of a whole file: watermarks, and the numbers of a draft's lines."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.page import RawPage, Span, text_size
from pipelines.read.pdf.model.rows import rows_of

_FEWEST = 3  # pages on which a watermark stands; numbers of lines on a page
_SHARE = 0.8  # of the pages with text, on which what is large is a watermark; of regular steps
_SOME = 0.25  # of the pages, with a watermark that lies on other text
_ON = 0.06  # of the places of its words, which lie on text: small ones stand in white, too
_LAID = 0.35  # of a type's height that two texts share where one lies on the other
_IN_LINE = (
    0.15  # sizes of the smaller between the bases of a label and of what is filled in behind it
)
_NUMBERED = 0.7  # of a page's rows, more than any numbered paragraphs have
_LINES = 5  # of a page at least that its numbers count
_COUNTED = 0.5  # of the pages with more lines, whose numbers count on one by one
_GOING_ON = 0.15  # of the lines beside numbers, which begin within a sentence
_HANGING = 20.0  # points that a list's numbers may be set in from the text around it
_MARK = re.compile(r"\W?(?:l(?:n|ine)?\.?\s?)?(\d{1,5})\W?", re.IGNORECASE)
_LONGEST = 12  # characters of such a mark
_FIGURE = re.compile(r"\d")
_HUGE = 2.5  # times as large as the text that a watermark lies on, which no title is that does
_WORD = 4  # letters of it: fewer may open a paragraph
_FILLED_IN = re.compile(r"__|\.\.|……")  # a line of a form, which text is written on
_OVER = 1.0  # points that texts on each other share of a line
_HEADED = 3.0  # sizes from a heading to the base of what it heads at most
_TALL = 0.7  # sizes from a baseline to the top of its letters


def drop_watermarks(pages: Sequence[RawPage]) -> None:
    """Take what lies over the text, on many pages or in huge type on one, out of their spans."""
    body = text_size(pages)
    _drop_recurring(pages, body)
    for page in pages:
        page.spans = [s for s in page.spans if not _is_laid_over(s, page.spans, _HUGE * body)]


def _drop_recurring(pages: Sequence[RawPage], body: float) -> None:
    """Take out what recurs at one place, large or on other text.

    Headings recur, too, but never on other text; the large ones stand over what they head.
    """
    filled = sum(bool(page.spans) for page in pages)
    least = max(_FEWEST, _SOME * filled)
    spots = Counter((round(s.x0), round(s.base)) for page in pages for s in page.spans)
    often = {spot for spot, count in spots.items() if count >= least}
    places = [
        [(round(s.x0), round(s.base)) in often and _place(s) for s in page.spans] for page in pages
    ]
    counts = Counter(key for keys in places for key in set(keys) if key)
    recurring = {
        key
        for key, count in counts.items()
        if count >= least
        if any(map(str.isalpha, key[2])) and not _FILLED_IN.search(key[2])
    }
    laid, heading = (defaultdict[tuple[str, int], list[bool]](list) for _ in range(2))
    for page, keys in zip(pages, places, strict=True):
        others = [s for s, key in zip(page.spans, keys, strict=True) if key not in recurring]
        for span, key in zip(page.spans, keys, strict=True):
            if key and key in recurring:
                steps = ((s, s.base - span.base) for s in others)
                near = [s for s, down in steps if -span.size < down < _HEADED * s.size]
                laid[key[2:]].append(any(_lies_on(span, other) for other in near))
                heading[key[2:]].append(any(_heads(span, other) for other in near))
    large, most = GEOMETRY.large * body, max(_FEWEST, _SHARE * filled)
    marks: defaultdict[tuple[int, int], list[tuple[int, str]]] = defaultdict(list)
    for key in recurring:
        x, base, text, size = key
        on = laid[text, size]
        # A heading never lies on text: it stands close over it, or its figure counts chapters.
        heads = 2 * sum(heading[text, size]) > len(on) or "#" in text
        always = counts[key] >= most and (any(on) or not heads)
        if (size > large and always) or sum(on) >= max(_FEWEST, _ON * len(on)):
            marks[base, size].append((x, text))
    for page in pages if marks else ():
        page.spans = [s for s in page.spans if not _is_part(_place(s), marks)]


def _is_laid_over(span: Span, spans: Sequence[Span], huge: float) -> bool:
    """Whether a word in huge type lies on text in small, as no title does, if only on one page."""
    return (
        span.size > huge
        and sum(map(str.isalpha, span.text)) >= _WORD
        and any(_HUGE * s.size < span.size and _lies_on(span, s) for s in spans)
    )


_Place = tuple[int, int, str, int]


def _is_part(place: _Place, marks: Mapping[tuple[int, int], Sequence[tuple[int, str]]]) -> bool:
    """Whether a text is a mark, or a part of one where something covers the rest."""
    left, base, said, size = place
    return any(map(str.isalpha, said)) and any(
        x <= left < x + size * len(text) and said in text for x, text in marks.get((base, size), ())
    )


def _place(span: Span) -> _Place:
    """Left edge, baseline, text but for its figures, and size."""
    return round(span.x0), round(span.base), _FIGURE.sub("#", span.text.strip()), round(span.size)


def _lies_on(one: Span, other: Span) -> bool:
    """Whether a text lies on another as no text of a page does.

    A label may run into what stands behind it in its line.
    """
    shared = min(one.base, other.base) - max(
        one.base - _TALL * one.size, other.base - _TALL * other.size
    )
    return (
        shared > _LAID * min(one.size, other.size)
        and (other.x0 < one.x0 or abs(one.base - other.base) > _IN_LINE * min(one.size, other.size))
        and min(one.x1, other.x1) - max(one.x0, other.x0) > _OVER
        and one.angle == other.angle
    )


def _heads(one: Span, other: Span) -> bool:
    """Whether words that begin before a text ends stand close under it."""
    below = _TALL * other.size < other.base - one.base < _HEADED * other.size
    words = any(map(str.isalpha, other.text))
    return below and words and other.x0 < one.x1 and one.angle == other.angle


class _Mark(NamedTuple):
    """What may number a line: its figure, and how it is set."""

    span: Span
    value: int
    style: tuple[str, float]


def drop_line_numbers(pages: Sequence[RawPage]) -> None:
    """Take the numbers of a draft's lines out of the pages' spans, wherever text keeps off them."""
    found = [_line_numbers(page) for page in pages]
    numbered = [runs for runs in found if runs]
    if not numbered or not _count_running_text(pages, found):
        return
    step = max(step for runs in numbered for step, _ in runs)
    full = sum(len(rows_of(page.spans)) > max(_LINES, _FEWEST * step) for page in pages)
    if len(numbered) < _COUNTED * full:
        return
    strips = {(run[0].style, *_sides(run)) for runs in numbered for _, run in runs}
    for page, runs in zip(pages, found, strict=True):
        gone = {mark.span for _, run in runs for mark in run}
        if not gone:  # too few lines to show that they are counted
            gone = {mark.span for mark in _marks(page)[0] if _is_in(mark, strips)}
        page.spans = [s for s in page.spans if s not in gone]


def _count_running_text(
    pages: Sequence[RawPage], found: Sequence[Iterable[tuple[int, list[_Mark]]]]
) -> bool:
    """Whether sentences go on beside many marks: items and rows of tables begin there.

    Bare figures beside all text of a page need not show it.
    """
    going_on: list[bool] = []
    for page, runs in zip(pages, found, strict=True):
        marks = {mark.span for _, run in runs for mark in run}
        if any(_are_outside(run, page.spans) for _, run in runs):
            return True
        for row in rows_of(page.spans) if marks else ():
            if mark := next((s for s in row if s in marks), None):
                beside = [s for s in row if s.x0 > mark.x0 and s not in marks] or row
                going_on.append(beside[0].text.lstrip()[:1].islower())
    return sum(going_on) >= _GOING_ON * len(going_on)


def _are_outside(run: Sequence[_Mark], spans: Sequence[Span]) -> bool:
    """Whether marks are bare figures left or right of all that is no figure."""
    left, right = _sides(run)
    words = [s for s in spans if not s.angle and not s.text.strip().isdecimal()]
    beside = all(s.x0 > right for s in words) or all(s.x1 < left for s in words)
    return not run[0].style[0] and beside


def _is_in(mark: _Mark, strips: Iterable[tuple[tuple[str, float], float, float]]) -> bool:
    span = mark.span
    return any(mark.style == s and span.x0 < x1 and x0 < span.x1 for s, x0, x1 in strips)


def _sides(run: Iterable[_Mark]) -> tuple[float, float]:
    spans = [mark.span for mark in run]
    return min(s.x0 for s in spans), max(s.x1 for s in spans)


def _marks(page: RawPage) -> tuple[list[_Mark], list[Span]]:
    """What may be numbers of lines on a page, and what else stands there."""
    marks: list[_Mark] = []
    others: list[Span] = []
    for span in page.spans:
        text = span.text.strip()
        match = _MARK.fullmatch(text) if len(text) <= _LONGEST and not span.angle else None
        if match:
            style = (_FIGURE.sub("", text), round(span.size, 1))
            marks.append(_Mark(span, int(match[1]), style))
        elif not span.angle and text:
            others.append(span)
    return marks, others


def _line_numbers(page: RawPage) -> list[tuple[int, list[_Mark]]]:
    """The runs of marks below each other that count the rows of a page, and by how many.

    Some drafts number every second, fifth or tenth line.
    """
    marks, others = _marks(page)
    if len(marks) < _FEWEST:
        return []
    marks.sort(key=lambda m: (m.style, m.span.x0))
    runs: list[list[_Mark]] = []
    for mark in marks:
        run = runs[-1] if runs else []
        if run and run[0].style == mark.style and mark.span.x0 < max(m.span.x1 for m in run):
            run.append(mark)
        else:
            runs.append([mark])
    runs = [sorted(run, key=lambda m: m.span.base) for run in runs if len(run) >= _FEWEST]
    rows = rows_of(others) if runs else []
    steps = [_step(run, others, len(rows)) for run in runs]
    return [(step, run) for step, run in zip(steps, runs, strict=True) if step]


def _step(run: Sequence[_Mark], others: Sequence[Span], rows: int) -> int:
    """By how many a run of marks counts the rows beside it; 0 if it does not."""
    steps = [after.value - before.value for before, after in pairwise(run)]
    step = max(set(steps), key=steps.count)
    if step < 1 or len(run) * step < max(_LINES, _NUMBERED * rows - step):
        return 0
    regular = steps.count(step) >= _SHARE * len(steps)
    left, right = _sides(run)
    is_list = any(left - _HANGING < s.x0 < right < s.x1 for s in others)  # titles begin there
    return step if regular and not is_list else 0
