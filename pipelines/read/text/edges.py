"""Running heads and feet by where they stand: the outermost lines of pages.

A chapter's title at the head or foot of its pages recurs a few times only, and is a heading as
well, so its wording cannot show which it is: its place can, once most pages have such a line.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from pipelines.read.drafts.wrapping import starts_lower

_PAGE: Final = re.compile(
    r"(?:^|\s)\(?page\s*\d+(?:\s*(?:of|/)\s*\d+)?\)?$|^\d{1,4}(?:\s*\||\s{2,})|(?:\||\s{2,})\s*\d{1,4}$",
    re.IGNORECASE,
)
_LONGEST: Final = 120
_LONGEST_LINE: Final = 400  # with the blanks between a head and its page number
_LAYERS: Final = 2  # lines of furniture on a side: a title and a chapter
_FURNISHED: Final = 0.5  # share of pages with such a line, where pages have any
_EVERY: Final = 0.8
_FEWEST_PAGES: Final = 3
_FEWEST_WORDS: Final = 6
_SHORTEST_PAGE: Final = 15  # lines
_LONGEST_PAGE: Final = 150
_NEAR: Final = 4
_COUNT: Final = re.compile(r"(?:\S.*\s)?(\d{1,3})$|(\d{1,3})\s+(?:[|–—-]\s*)?[A-Z].*[^.,;:?!]$")
_DIGITS: Final = re.compile(r"\d+")
_WORDS: Final = re.compile(r"[^\W\d_]{3}")


def edge_lines(
    lines: Sequence[str], breaks: set[int], *, sides: Sequence[int] = (0, -1)
) -> set[int]:
    """Return the indices of running heads and feet.

    Args:
        lines: Of the whole text.
        breaks: Indices of lines that end a page: form feeds, page numbers.
        sides: Where to look: 0 for heads, -1 for feet.
    """
    pages = _pages(lines, breaks)
    if len(pages) < _FEWEST_PAGES:
        return set()
    known = Counter(
        _bare(line)
        for index, line in enumerate(lines)
        if len(line) <= 2 * _LONGEST and index not in breaks
    )
    gone: set[int] = set()
    for side in sides:
        for _ in range(_LAYERS):
            left = [[i for i in page if i not in gone] for page in pages]
            outer = {page[side]: _bare(lines[page[side]]) for page in left if len(page) > 1}
            found = _furniture(outer, known, at_foot=side == -1) if outer else set()
            if not found:
                break
            gone |= found | _displaced(lines, left, found, side)
    return gone


def _displaced(
    lines: Sequence[str], pages: list[list[int]], found: set[int], side: int
) -> set[int]:
    """A page's head or foot that is not quite outermost: it was read before the end of a table."""
    named = {_bare(lines[index]) for index in found}
    gone: set[int] = set()
    for page in pages:
        if not found.intersection(page):
            near = page[:_NEAR] if side == 0 else page[-_NEAR:]
            gone.update([i for i in near if _bare(lines[i]) in named][-1:] if side else ())
    return gone


def counted_lines(lines: Sequence[str]) -> set[int]:
    """Return the indices of lines that count pages, where nothing else says where pages end.

    "Ratings 4" or "4 Ratings" is one only where others follow in sequence, a page's text apart.
    """
    counts = [
        (index, int(match[1] or match[2]))
        for index, line in enumerate(lines)
        if len(line) <= _LONGEST and (match := _COUNT.match(line.strip()))
    ]
    best: list[int] = []
    chains: dict[int, list[int]] = {}  # by the figure that each ends with
    for index, figure in counts:
        chain = chains.get(figure - 1, [])
        fits = bool(chain) and _SHORTEST_PAGE <= index - chain[-1] <= _LONGEST_PAGE
        chains[figure] = [*chain, index] if fits else [index]
        best = max(best, chains[figure], key=len)
    return set(best) if len(best) > _FEWEST_PAGES else set()


def repeated_lines(lines: Sequence[str]) -> set[int]:
    """Return the indices of a line that recurs page after page, where nothing else ends a page.

    It is longer than the headings that recur, and a page's text stands between two of it, or
    between two pairs where foot and head are alike.
    """

    def apart(found: Sequence[int]) -> list[int]:
        return [b - a for a, b in pairwise(found) if any(map(has_words, lines[a + 1 : b]))]

    places: dict[str, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        text = line.strip()
        short = len(line) <= 2 * _LONGEST and not re.search(r"[\t|]|:$", text)
        short = short and text[:1].isalnum()  # an item may be said of several standards
        if short and len(line.split()) >= _FEWEST_WORDS and "back to" not in line.lower():
            places[_bare(line)].append(index)

    def goes_on(index: int) -> bool:
        return index + 1 < len(lines) and starts_lower(lines[index + 1].lstrip())

    return {
        index
        for text, found in places.items()
        if text
        and not all(map(goes_on, found))
        and len(found) > _FEWEST_PAGES
        and median(apart(found) or [0]) >= _SHORTEST_PAGE
        for index in found
    }


def _furniture(outer: dict[int, str], known: Counter[str], *, at_foot: bool) -> set[int]:
    """Which of the outermost lines of one side belong to the page.

    A heading may open a page but never ends one: at the head more is asked.
    """
    here = Counter(text for text in outer.values() if text)
    own = recurring = {text for text, count in here.items() if 2 <= count >= 0.5 * known[text]}
    elsewhere = {text for text in here if known[text] > 1}
    share, wider = (sum(here[t] for t in texts) / len(outer) for texts in (recurring, elsewhere))
    if recurring and wider >= (_FURNISHED if at_foot else _EVERY):
        recurring = own | elsewhere
    elif share < _FURNISHED:
        return set()
    found = {index for index, text in outer.items() if text in recurring}
    if at_foot:  # the last page's text may end with whatever
        return {i for i in found if i != max(outer) or outer[i] in own}
    # The heading that the running heads repeat may open a page itself, and stand nowhere else.
    firsts = {text: index for index, text in reversed(outer.items())}
    headed = {t for t in recurring if here[t] == known[t] and here[t] < _FURNISHED * len(outer)}
    return found - {firsts[text] for text in headed}


def _pages(lines: Sequence[str], breaks: set[int]) -> list[list[int]]:
    """The indices of the lines with text, page by page."""
    pages: list[list[int]] = [[]]
    for index, line in enumerate(lines):
        if index in breaks:
            pages.append([])
        elif has_words(line):
            pages[-1].append(index)
    return [page for page in pages if page]


def has_words(line: str) -> bool:
    """Whether there is a letter or figure in a line: a dash, rule or bullet alone is none."""
    return any(map(str.isalnum, line))


def without_figures(line: str) -> str:
    """A line to tell running heads by: a page's number may be drawn anywhere in them."""
    low = line.casefold()
    bare = _DIGITS.sub("", low)
    return " ".join((bare if _WORDS.search(bare) else low).split())


def _bare(line: str) -> str:
    """A line without the number of its page; empty where it is too long for a running head."""
    if len(line) > _LONGEST_LINE:
        return ""
    text = without_figures(_PAGE.sub("", line.strip()).strip(" |\t–—-"))
    return text if len(text) <= _LONGEST and not text.endswith((".", "!", "?", ";")) else ""
