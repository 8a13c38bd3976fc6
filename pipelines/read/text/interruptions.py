"""Running heads and feet by what they break: no heading stands in the middle of a sentence.

A line between the halves of a sentence, with the same wording between those of another, belongs
to the page; so found, it is known wherever else it stands, in text without any trace of pages.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pipelines.read.drafts.notes import may_begin_note
from pipelines.read.drafts.wrapping import starts_lower, unfinished
from pipelines.records import Rating

_LONGEST: Final = 120
_SHORTEST: Final = 3
_SHORTEST_TEXT: Final = 25  # characters of a line of running text
_LAYERS: Final = 4  # lines between the halves: a foot and a head, each with its number
_NOTE_LINES: Final = 8
_DIFFERENT: Final = 0.6  # share of sentences that are unlike: notes repeat whole, with their parts
_NUMBER: Final = re.compile(r"^\d{1,3}\s+(?:\|\s*)?|(?:\s+\|)?\s+\d{1,3}$")
_CODED: Final = re.compile(r"\s*(?:[A-Z] ?)?\d{1,2}\.\d")
_CHAPTER: Final = re.compile(r"\s*\d{1,2}[.)]?\s+[A-Z]")
_GAP: Final = re.compile(r"\S {3,}\S")  # of a table
_ITEM: Final = re.compile(r"o\s|\(?(?:[a-z]|[ivx]{1,4})[.)]\s")  # no word in lower case
_FAR_RIGHT: Final = re.compile(r" {30,}\S.*[^\d\s]$")
_MOST_WORDS: Final = 12
_RATINGS: Final = frozenset(str(rating).casefold() for rating in Rating)
_LONE: Final = re.compile(r"\s*+[-–—|_]?\s*+$")
_SIGNED: Final = re.compile(r"\s*(?:\(?\d{1,2}[.)]\s|[^\w\s“‘\"'(\[])")


@dataclass(frozen=True, slots=True)
class _Break:
    """A line in the middle of a sentence: its index, the halves, the lines below it in between."""

    index: int
    halves: tuple[str, str]
    below: tuple[str, ...]


def interrupting_lines(lines: Sequence[str]) -> set[int]:
    """Return the indices of lines that stand between the halves of sentences, and their likes.

    One of them was a heading as well where it stands before all that break a sentence.
    """
    text = [i for i, line in enumerate(lines) if line.strip(" \t\f") and not _LONE.match(line)]
    broken: dict[str, list[_Break]] = defaultdict(list)
    for found in _breaks(lines, text):
        broken[_bare(lines[found.index])].append(found)
    recurring = _recurring(broken)
    known = Counter(_bare(line) for line in lines if len(line) <= _LONGEST)
    gone: set[int] = set()
    for bare, breaks in broken.items():
        places = {b.index for b in breaks if recurring.issuperset(b.below)}
        if bare in recurring:
            gone |= {i for i in text if i >= min(places) and _bare(lines[i]) == bare}
        elif known[bare] > len(places):
            gone |= {i for i in places if _NUMBER.search(lines[i].strip())}
    ahead = dict(pairwise(text))
    chapters = (i for i in gone if i in ahead and _CHAPTER.match(lines[i]))
    headed = {i for i in chapters if _CODED.match(lines[ahead[i]])}
    return gone - headed


def _recurring(broken: Mapping[str, Sequence[_Break]]) -> set[str]:
    """Wordings that part several sentences, with nothing below them that does not."""
    recurring = set(broken)
    for _ in range(_LAYERS):
        kept = set()
        for bare in recurring:
            halves = {b.halves for b in broken[bare] if recurring.issuperset(b.below)}
            befores, afters = {h[0] for h in halves}, {h[1] for h in halves}
            if min(len(befores), len(afters)) > max(1, _DIFFERENT * len(halves)):
                kept.add(bare)
        recurring = kept
    return recurring


def _breaks(lines: Sequence[str], text: Sequence[int]) -> Iterator[_Break]:
    """Yield the lines that part a sentence."""
    for at, index in enumerate(text):
        line = lines[index].strip()
        if not starts_lower(line) or _ITEM.match(line) or _GAP.search(line):
            continue
        below: list[str] = []
        for back in range(1, min(_LAYERS, at - 1) + 1):
            if not _may_be_head(lines[text[at - back]]):
                break
            below.append(_bare(lines[text[at - back]]))
            before = at - back - 1
            if _bare(lines[text[before]]) not in below and _is_severed(lines, text, before):
                halves = (lines[text[before]], lines[index])
                for step in range(1, back + 1):
                    yield _Break(text[at - step], halves, tuple(below[: step - 1]))


def _is_severed(lines: Sequence[str], text: Sequence[int], at: int) -> bool:
    """Whether a line's sentence continues elsewhere; notes may stand below it."""
    if _goes_on(lines[text[at]]):
        return True
    for back in range(at, max(0, at - _NOTE_LINES), -1):
        if may_begin_note(lines[text[back]].lstrip()):
            return _goes_on(lines[text[back - 1]])
    return False


def _goes_on(line: str) -> bool:
    bare = line.strip()
    return len(bare) >= _SHORTEST_TEXT and unfinished(bare) and not _GAP.search(bare)


def _may_be_head(line: str) -> bool:
    bare = line.strip()
    if not _SHORTEST <= len(bare) <= _LONGEST or starts_lower(bare) or bare.endswith((",", "-")):
        return False
    if bare.casefold() in _RATINGS or "%" in bare or _FAR_RIGHT.match(line):
        return False  # a cell in the middle of another
    if bare[0].isdigit() and len(bare.split()) > _MOST_WORDS:
        return False  # a note
    return unfinished(bare) and (bare[0].isdigit() or not _SIGNED.match(bare))


def _bare(line: str) -> str:
    return " ".join(_NUMBER.sub("", " ".join(line.split()).casefold()).split())
