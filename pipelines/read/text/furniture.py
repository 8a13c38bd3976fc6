"""Find what belongs to the page and not to the text: page numbers, running heads, contents.

Text exports keep them where the page ended, in the middle of a paragraph or a bullet.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from pipelines.numbers import number_words
from pipelines.read.text.edges import (
    counted_lines,
    edge_lines,
    has_words,
    repeated_lines,
    without_figures,
)
from pipelines.read.text.interruptions import interrupting_lines

PAGE_BREAK: Final = "\f"

_SURE_NUMBER: Final = re.compile(
    r"\s*(?:page\s*\|?\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?|\d{1,4}\s*\|\s*page|[-–—]\s*\d{1,4}\s*[-–—])\s*$",
    re.IGNORECASE,
)
_TITLED_NUMBER: Final = re.compile(  # with a running head on the same line
    r"\s*(?:\S.*\s)?page\s+\d{1,4}\s+of\s+\d{1,4}\s*$|\s*page\s+\d{1,4}\s+of\s+\d{1,4}\b",
    re.IGNORECASE,
)
_DASH: Final = re.compile(r"\s*[-–—]\s*$")
_NUMBER: Final = re.compile(r"\s*(\d{1,4})(?:\s+of\s+\d{1,4})?\s*$")
_MONTH: Final = re.compile(rf"\b(?:{'|'.join(number_words().months)})[ ]*$", re.IGNORECASE)
_FEWEST_FEEDS: Final = 3
_NEAR: Final = 2  # lines with text between a running head and the end of its page
_HEAD_WORDS: Final = 4
_MIRRORED: Final = 0.4  # share of pages: left and right ones may have heads of their own
_LONGEST_HEAD: Final = 120
_LONGEST_LINE: Final = 400  # with the blanks between a head and its page number
_LEADERS: Final = re.compile(r"\s*(\S.{0,150}?)[ \t]*(?:\.[ \t]?){4,}[ \t]*(\d{1,3})\s*$")
_ELLIPSES: Final = re.compile(r"\s*(\S.{0,150}?)[ \t]*…+[ \t….]*(\d{1,3})\s*$")
_SPACED: Final = re.compile(r"\s*(\S[^\t]{0,150}?)(?:[ ]*\t+[ ]*|[ ]{3,})(\d{1,3})\s*$")
_FRAME: Final = re.compile(r"\s*(?:\+[-=]{3,}\+|[┌╔╭┏][─═━]{3,}[┐╗╮┓]|[└╚╰┗][─═━]{3,}[┘╝╯┛])\s*$")
_FRAMED: Final = re.compile(r"\s*[|│║┃] ?(.*?)\s*[|│║┃]\s*$")
_CONTENTS: Final = re.compile(r"[\s#*]*(?:table of )?contents[\s:*]*$", re.IGNORECASE)


def drop_furniture(lines: Sequence[str]) -> list[str]:
    """Put a page break in place of each page number and running head."""
    if PAGE_BREAK in lines:
        lines = [*lines, PAGE_BREAK]  # the last page ends as well
    numbers = _page_numbers(lines)
    breaks = numbers | {i for i, line in enumerate(lines) if line == PAGE_BREAK}
    if breaks:
        gone = numbers | _running_heads(lines, breaks) | _heads_of_pages(lines, numbers)
        # Feet that are known tell of others in their place, and hide those above them; heads
        # that are known tell of none: the first page's is the title.
        gone |= edge_lines(lines, breaks | gone) | edge_lines(lines, breaks, sides=(-1,))
    else:
        gone = counted_lines(lines)
    if PAGE_BREAK not in lines:
        gone |= repeated_lines(lines)
    gone |= interrupting_lines([PAGE_BREAK if i in gone else line for i, line in enumerate(lines)])
    gone |= _dashes_around(lines, gone)
    return [PAGE_BREAK if i in gone else line for i, line in enumerate(lines)]


def contents_lines(lines: Sequence[str]) -> set[int]:
    """Return the indices of lines of a table of contents: a title and the number of its page."""
    found: set[int] = set()
    run: list[tuple[int, int]] = []
    led = headed = False
    for index, line in enumerate([*lines, "end"]):
        if not line.strip():
            continue
        sure = _LEADERS.match(line) or _ELLIPSES.match(line) if len(line) < 400 else None
        match = sure or (_SPACED.match(line) if len(line) < 400 else None)
        if match:
            run.append((index, int(match[2])))
            led = led or sure is not None
            continue
        rising = len(run) >= 3 and all(a[1] <= b[1] for a, b in pairwise(run))
        if run and (led or headed or rising):
            found.update(i for i, _ in run)
        run, led, headed = [], False, bool(_CONTENTS.match(line))
    return found


def framed_lines(lines: Sequence[str]) -> dict[int, str | None]:
    """Return the lines of boxes drawn with characters, without their frame; None for the frame."""
    found: dict[int, str | None] = {}
    start: int | None = None
    for index, line in enumerate(lines):
        if len(line) < 400 and _FRAME.match(line):
            inside = {} if start is None else _inside(lines, start, index)
            if start is not None and inside:
                found |= {start: None, index: None, **inside}
                start = None
            else:
                start = index
        elif start is not None and line.strip() and not _FRAMED.match(line[:400]):
            start = None
    return found


def _inside(lines: Sequence[str], start: int, end: int) -> dict[int, str | None]:
    matches = {i: _FRAMED.match(lines[i]) for i in range(start + 1, end)}
    return {i: match[1] for i, match in matches.items() if match}


def _page_numbers(lines: Sequence[str]) -> set[int]:
    short = [(i, line.strip()) for i, line in enumerate(lines)]
    short = [(i, line) for i, line in short if len(line) < 60]
    sure = {i for i, line in short if _SURE_NUMBER.match(line)}
    titled = {i for i, line in enumerate(lines) if len(line) < 200 and _TITLED_NUMBER.match(line)}
    sure |= titled if len(titled) >= _FEWEST_FEEDS else set()
    bare = [
        (i, int(match[1]))
        for i, line in short
        if (match := _NUMBER.match(line)) and not _is_year(lines, i, match[1])
    ]
    beside = {i for i, _ in bare if _beside_break(lines, i)}
    feeds = [i for i, line in enumerate(lines) if line == PAGE_BREAK]
    if len(feeds) >= _FEWEST_FEEDS:  # other lone figures are content, such as calls of footnotes
        return sure | beside | _in_step(lines, bare, feeds)
    steps = [0 < b[1] - a[1] <= 2 for a, b in pairwise(bare)]
    if len(bare) >= 3 and sum(steps) >= 0.6 * len(steps):
        # Only those that take part in the count: a lone figure elsewhere is content.
        taking = {
            i
            for (a, b), step in zip(pairwise(bare), steps, strict=True)
            if step
            for i in (a[0], b[0])
        }
        return sure | taking
    return sure | beside


def _dashes_around(lines: Sequence[str], gone: set[int]) -> set[int]:
    """Dashes on lines of their own, above and below what belongs to the page: drawn around it."""
    found: set[int] = set()
    above: int | None = None
    between = False
    for index, line in enumerate(lines):
        if index in gone:
            between = line != PAGE_BREAK
        elif _DASH.match(line):
            found.update((above, index) if between and above is not None else ())
            above, between = index, False
        elif line.strip(" \t\n"):
            above = None
    return found


def _is_year(lines: Sequence[str], index: int, figure: str) -> bool:
    """Whether a figure is the year of a month at the end of the line before."""
    before = lines[index - 1] if index else ""
    return len(figure) == len("2023") and bool(_MONTH.search(before[-_LONGEST_HEAD:]))


def _in_step(
    lines: Sequence[str], bare: Sequence[tuple[int, int]], feeds: Sequence[int]
) -> set[int]:
    """Figures near the ends of pages that grow by one a page."""
    ends = set(feeds)
    near = {i for f in feeds for step in (-1, 1) for i in _next_lines(lines, ends, f, step)}
    steps = [(i, n - bisect(feeds, i)) for i, n in bare if i in near]
    usual, count = Counter(step for _, step in steps).most_common(1)[0] if steps else (0, 0)
    # Some print them on every other page, and on neither cover.
    return {i for i, step in steps if step == usual} if count >= 0.33 * len(feeds) else set()


def _beside_break(lines: Sequence[str], index: int) -> bool:
    for step in (-1, 1):
        at = index + step
        while 0 <= at < len(lines) and not lines[at].strip(" \t\n"):
            at += step
        if 0 <= at < len(lines) and lines[at] == PAGE_BREAK:
            return True
    return False


def _running_heads(lines: Sequence[str], breaks: set[int]) -> set[int]:
    """Lines that recur, figures aside, and nearly always beside the end of a page."""
    near: set[int] = set()
    for index in breaks:
        for step in (-1, 1):
            near.update(_next_lines(lines, breaks, index, step))
    if len(near) > 0.5 * sum(1 for line in lines if line.strip()):
        return set()  # pages of a few lines: everything is near an end
    places: dict[str, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if index in breaks or line.rstrip().endswith((".", ":", "!", "?", ";")):
            continue  # a running head is not a sentence
        bare = without_figures(line[:_LONGEST_LINE])
        if 3 <= len(bare) <= _LONGEST_HEAD:
            places[bare].append(index)
    gone: set[int] = set()
    for found in places.values():
        beside = sum(index in near for index in found)
        if beside >= 3 and beside >= 0.8 * len(found) and beside >= 0.25 * len(breaks):
            gone.update(index for index in found if index in near)
    return gone


def _heads_of_pages(lines: Sequence[str], numbers: set[int]) -> set[int]:
    """Lines that open or close two pages or more, figures aside, right at a form feed.

    A form feed is where a page ends, beyond doubt: there twice is enough for a line that is
    longer than the headings that recur.
    """
    feeds = [-1, *(i for i, line in enumerate(lines) if line == PAGE_BREAK)]
    places: dict[str, list[int]] = defaultdict(list)
    for feed in feeds if len(feeds) > 1 else []:
        for step in (-1, 1):
            at = feed + step
            while 0 <= at < len(lines) and (not lines[at].strip(" \t\n") or at in numbers):
                at += step
            if 0 <= at < len(lines) and lines[at] != PAGE_BREAK:
                bare = without_figures(lines[at][:_LONGEST_LINE])
                named = len(bare.split()) >= _HEAD_WORDS and len(bare) <= _LONGEST_HEAD
                if named and not bare.endswith((".", ":", "!", "?", ";")):
                    places[bare].append(at)
    pages = len(feeds) - (not any(line.strip() for line in lines[feeds[-1] + 1 :]))
    return {i for found in places.values() if 2 <= len(found) >= _MIRRORED * pages for i in found}


def _next_lines(lines: Sequence[str], breaks: set[int], index: int, step: int) -> list[int]:
    found: list[int] = []
    at = index + step
    while 0 <= at < len(lines) and len(found) < _NEAR:
        if at in breaks:
            break
        if has_words(lines[at]):
            found.append(at)
        at += step
    return found
