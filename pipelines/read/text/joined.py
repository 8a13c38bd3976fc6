"""Words that a converter joined over the ends of lines, with the lines they stood in.

`pdftotext` drops the hyphen at a line's end and appends the next line: "multi-" and "agency
work" become "multiagency work", in a line longer than the others. Where no word is divided the
hyphen was the word's own and comes back, if the text's other words say where.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pipelines.read.drafts.wrapping import starts_lower, unfinished

_TOKEN: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SHORTEST: Final = 25  # characters of a line of running text
_FEWEST: Final = 10  # lines of running text that show a width
_WIDEST: Final = 150
_SLACK: Final = 1.08  # lines of one width differ, for letters do
_MOST_LONG: Final = 0.4  # share of longer lines, where they are two lines joined
_TWICE: Final = 1.25  # times the longest; below it may be notes, whose type is smaller
_HARD: Final = 0.25  # share of such lines with a word that had a hyphen, where none is divided
_FEWEST_LETTERS: Final = 2
# Written with a hyphen before nearly any word.
_PREFIX: Final = re.compile(
    r"(?:co|cross|ex|full|half|high|inter|long|low|mid|multi|non|on|post|pre|pro|re|self|semi|short"
    r"|sub|two|three|four|well)$"
)
# Opens no word but those with a hyphen, whatever stands after it.
_SURE_PREFIX: Final = re.compile(r"(two|three|multi|self|semi)(?!fold|some|ish|less|ple)[a-z]{3,}$")
_ROW: Final = re.compile(r"\t|\|| {3}|\.{4}|…{2}")


@dataclass(frozen=True, slots=True)
class _Widths:
    """The lengths between which a line ends that continues in the next."""

    least: int
    most: int

    def words(self, line: str) -> Iterator[re.Match[str]]:
        """The words of a line that a line end may have divided."""
        for match in _TOKEN.finditer(line[: 2 * _WIDEST]):
            if match.end() > self.least and match.start() < self.most:
                yield match


def part_joined(text: str) -> str:
    """Return a text with its hyphens restored, and joined lines split after their words."""
    lines = text.split("\n")
    widths = _measure(lines)
    long = [i for i, line in enumerate(lines) if widths and _is_long(line, widths)]
    if widths is None or not long or len(long) > _MOST_LONG * sum(map(_is_prose, lines)):
        return text
    counts = Counter(m[0].lower() for line in lines for m in _TOKEN.finditer(line))
    near = Counter(m[0].lower() for line in lines for m in widths.words(line.rstrip()))
    words = _Known(counts, Counter(p for w in counts for p in w.split("-")), near)
    found = {i: _hyphened(lines[i], words, widths, sure=False) for i in long}
    twice = [i for i in long if len(lines[i].rstrip()) > _TWICE * widths.most]
    if sum(found[i] is not None for i in twice) < max(1, _HARD * len(twice)):
        return text
    for index, line in enumerate(lines):
        hit = found[index] if index in found else _hyphened(line, words, widths, sure=True)
        if hit is not None:
            match, word = hit
            lines[index] = line = line[: match.start()] + word + line[match.end() :]
        if index in found and (hit is not None or index in twice):
            lines[index] = _parted(line, widths, hit[0].end() if hit else 0)
    return "\n".join(lines)


def lost_hyphens(text: str, parted: str) -> tuple[str, ...]:
    """Say how many hyphens were restored, as others may still be missing."""
    count = parted.count("-") - text.count("-")
    if not count:
        return ()
    return (
        f"hyphens lost at the ends of lines: {count} given back; words that nothing else in the "
        "text shows to have one may be joined still",
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """The words of a text: whole, their parts between hyphens, those near the ends of lines."""

    counts: Mapping[str, int]
    parts: Mapping[str, int]
    near: Mapping[str, int]

    def hyphened(self, word: str, *, sure: bool) -> str:
        """The word with the hyphen it lost; empty where it lost none, or nobody can tell."""
        low = word.lower()
        if self.counts[low] > self.near[low] or len(low) < 2 * _FEWEST_LETTERS + 1:
            return ""
        cuts = range(_FEWEST_LETTERS, len(low) - _FEWEST_LETTERS + 1)
        halves = [(low[:at], low[at:], at) for at in cuts if "-" not in low[at - 1 : at + 1]]
        for first, second, at in halves:
            if f"{first}-{second}" in self.counts:
                return f"{word[:at]}-{word[at:]}"
        best = max(
            (
                (self.parts[first.rsplit("-", 1)[-1]] + self.parts[second.split("-", 1)[0]], at)
                for first, second, at in halves
                if self._is_part(first.rsplit("-", 1)[-1]) and second.split("-")[0] in self.parts
            ),
            default=(0, 0),
        )[1]
        opened = _SURE_PREFIX.match(low) if not best else None
        best = opened.end(1) if opened else best
        return f"{word[:best]}-{word[best:]}" if best and not sure else ""

    def _is_part(self, word: str) -> bool:
        return bool(_PREFIX.match(word)) or (len(word) > _FEWEST_LETTERS and word in self.parts)


def _hyphened(
    line: str, words: _Known, widths: _Widths, *, sure: bool
) -> tuple[re.Match[str], str] | None:
    """The one word of a line that lost its hyphen, and how it was written."""
    hits = [(m, found) for m in widths.words(line) if (found := words.hyphened(m[0], sure=sure))]
    return hits[0] if len(hits) == 1 else None


def _parted(line: str, widths: _Widths, behind: int) -> str:
    """Split a joined line after its word, or where the others end."""
    at = line.find(" ", behind) if behind else line.rfind(" ", widths.least, widths.most + 1)
    return f"{line[:at]}\n{line[at + 1 :]}" if at > 0 else line


def _measure(lines: Sequence[str]) -> _Widths | None:
    running = sorted(
        len(a.rstrip())
        for a, b in pairwise(lines)
        if _is_prose(a) and b.strip() and unfinished(a.rstrip()) and starts_lower(b)
    )
    if len(running) < _FEWEST or (width := running[len(running) // 2]) > _WIDEST:
        return None
    usual = [length for length in running if length <= width * 1.2]
    return _Widths(usual[len(usual) // 10], round(usual[len(usual) * 9 // 10] * _SLACK))


def _is_prose(line: str) -> bool:
    return len(line) > _SHORTEST and not _ROW.search(line)


def _is_long(line: str, widths: _Widths) -> bool:
    return widths.most < len(line.rstrip()) <= 2 * widths.most and _is_prose(line)
