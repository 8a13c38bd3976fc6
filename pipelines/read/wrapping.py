"""Tell a line that goes on from one that begins anew.

Text comes with a paragraph a line, or with lines cut at some width; bullets are cut by page
breaks and footnotes. The signs used are general: whether the next word would have fitted,
whether a sentence has ended, whether the next line begins in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pipelines.read.lines import Line, LineKind

_ENDED: Final = re.compile(r"[.!?:;…][\"'”’)\]]*(?:[⁰¹²³⁴-⁹]+|\[\d{1,3}\])?$")
_SENTENCE_END: Final = re.compile(r"[.!?][\"'”’)\]]*(?:[⁰¹²³⁴-⁹]+|\[\d{1,3}\])?$")
_LOWER: Final = re.compile(r"[(\[‘“\"']?[a-z]")
_OPENING: Final = re.compile(r"[“\"‘]")
# Words after which no text stops.
_UNENDING: Final = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "nor",
        "but",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "with",
        "without",
        "into",
        "onto",
        "upon",
        "over",
        "under",
        "between",
        "among",
        "through",
        "during",
        "before",
        "after",
        "about",
        "against",
        "as",
        "than",
        "that",
        "which",
        "who",
        "whose",
        "whom",
        "this",
        "these",
        "those",
        "their",
        "its",
        "his",
        "her",
        "our",
        "your",
        "my",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "has",
        "have",
        "had",
        "not",
        "no",
        "such",
        "both",
        "either",
        "each",
        "every",
        "per",
        "via",
        "including",
        "whether",
        "if",
        "because",
        "while",
        "where",
        "when",
        "how",
        "why",
        "what",
        "some",
        "many",
        "most",
        "more",
        "less",
        "few",
        "all",
        "any",
        "very",
    ]
)
_WRAPPED: Final = 150  # characters; lines that are all shorter may have been cut


@dataclass(frozen=True, slots=True)
class Wrap:
    """How a text breaks its lines; `width` is 0 where a line is a paragraph."""

    width: int

    def is_full(self, line: Line) -> bool:
        """Whether a line had hardly room for another word."""
        return bool(self.width) and line.length > self.width * 0.85

    def goes_on(self, line: Line, after: Line, *, ahead: Line | None) -> bool:
        """Whether `after`, the very next line, goes on the text of `line`; `ahead` follows it."""
        text, more = line.plain, after.plain
        if not text or not more:
            return bool(more)
        if unfinished(text) and starts_lower(more):
            return True
        if not self.width:
            return False
        room = line.length + 1 + len(more.split(" ", 1)[0])
        if room <= self.width * (0.5 if ends_openly(text) else 0.82):
            return False
        if not unfinished(text) and (_OPENING.match(more) or self._heads(after, ahead)):
            return False
        return room > self.width * 0.82 or unfinished(text)

    def _heads(self, line: Line, ahead: Line | None) -> bool:
        """Whether a line looks like a heading: no sentence ends in it, yet it had room for more."""
        text = line.plain
        if len(text) > 60 or ends_sentence(text) or starts_lower(text):
            return False
        if ahead is None or ahead.kind is not LineKind.TEXT:
            return True
        return line.length + 1 + len(ahead.plain.split(" ", 1)[0]) <= self.width * 0.82


def measure_wrap(lines: Sequence[Line]) -> Wrap:
    """Find at which width the lines of a text were cut, if they were."""
    long = sorted(line.length for line in lines if line.length > 25)
    if not long or long[int(len(long) * 0.97)] > _WRAPPED:
        return Wrap(0)
    followed = [
        a for a, b in pairwise(lines) if b.kind is LineKind.TEXT and a.text and a.length > 25
    ]
    running = [
        a
        for a, b in pairwise(lines)
        if b.kind is LineKind.TEXT
        and a.length > 25
        and unfinished(a.plain)
        and starts_lower(b.plain)
    ]
    if len(running) < 3 or len(running) < 0.25 * len(followed):
        return Wrap(0)
    widths = sorted(a.length for a in running)
    return Wrap(widths[int(len(widths) * 0.95)])


def unfinished(text: str) -> bool:
    """Whether a text stops in the middle of a sentence."""
    return not _ENDED.search(text[-60:])


def ends_openly(text: str) -> bool:
    """Whether a text stops where none can: after a comma, an article, an open bracket."""
    text = text[-1000:]
    if text.endswith((",", "(", "–", "&", "/")) or text.count("(") > text.count(")"):
        return True
    last = text.rsplit(" ", 1)[-1].strip("“‘\"'").lower()
    return last in _UNENDING


def starts_lower(text: str) -> bool:
    """Whether a text begins in lower case."""
    return bool(_LOWER.match(text))


def ends_sentence(text: str) -> bool:
    """Whether a text ends with the end of a sentence."""
    return bool(_SENTENCE_END.search(text[-60:]))


def join_lines(first: str, second: str) -> str:
    """Join two lines; a hyphen at the end of a line keeps its word together."""
    if re.search(r"[^\W\d_]-$", first) and re.match(r"[^\W\d_]", second):
        word = second.split(" ", 1)[0].lower()
        if word not in {"and", "or", "to", "nor"}:
            return first + second
    return f"{first}\n{second}"
