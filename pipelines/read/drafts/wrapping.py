"""Tell a line that continues the one before from one that starts a new text.

Text comes with a paragraph a line, or with lines cut at some width; bullets are cut by page
breaks and footnotes. The clues used are general: whether the next word would have fitted,
whether a sentence has ended, whether the next line begins in lower case.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from pipelines.read.drafts.lines import Line, LineKind
from pipelines.read.drafts.repair import DIVIDER
from pipelines.read.drafts.words import HANGING, is_divided, known

_ENDED: Final = re.compile(r"[.!?:;…][\"'”’)\]]*(?:[⁰¹²³⁴-⁹]+|\[\d{1,3}\])?$")
_SENTENCE_END: Final = re.compile(r"[.!?][\"'”’)\]]*(?:[⁰¹²³⁴-⁹]+|\[\d{1,3}\])?$")
_LOWER: Final = re.compile(r"[(\[‘“\"']?[a-z]|\([A-Z\d]")
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_DIVIDED: Final = re.compile(  # bounded, and tried at the beginnings of words only
    r"(?<![\w-])([^\W\d_][\w-]{0,40})-[ \t]{0,8}\n{1,3}[ \t]{0,80}([^\W\d_]{1,40})"
)
_HEAD: Final = re.compile(r"([\w-]*[^\W_])-$")
_TAIL: Final = re.compile(r"[^\W_]+")
_FIGURE: Final = re.compile(r"\d{1,3}(?:\.\d)?\s?%$")  # of a table; prose says "per cent"
_ANSWERED: Final = re.compile(r"\?\s+\d{1,3}(?:\.\d)?\s?%$")  # a key question, on one line
_OPENING: Final = re.compile(r"[“\"‘]")
_UNENDING: Final = re.compile(  # words after which no text stops
    r"(?:a|an|the|and|or|nor|but|of|to|in|on|at|by|for|from|with|without|into|onto|upon|over"
    r"|under|between|among|through|during|before|after|about|against|as|than|that|which"
    r"|who|whose|whom|this|these|those|their|its|his|her|our|your|my|is|are|was|were|be"
    r"|been|being|has|have|had|not|no|such|both|either|each|every|per|via|including"
    r"|whether|if|because|while|where|when|how|why|what|some|many|most|more|less|few|all"
    r"|any|very)$"
)
_MOST_NAMED: Final = 4  # words of a list's name
_LONGEST_LEAD: Final = 80
_FEWEST_DIVIDED: Final = 2
_WRAPPED: Final = 150  # characters; lines that are all shorter may have been cut
_ITEMS: Final = frozenset({LineKind.BULLET, LineKind.NUMBERED})
_ROOM: Final = 0.82  # of the width
_LEAST: Final = 0.6
_FULL: Final = 0.88
_SLACK: Final = 0.96
_ODD: Final = 100  # one line in so many is cut for other reasons
_FEWEST: Final = 30  # lines that show the least length
_MANY: Final = 20  # lines of one length that continue: cut, however long


@dataclass(frozen=True, slots=True)
class Wrap:
    """How a text breaks its lines.

    Attributes:
        width: Of its lines, in characters; 0 where a line is a paragraph.
        least: Of the shortest lines that continue, with the word that found no room in them.
        listed: The same, of items alone: they are indented, and all to one width.
    """

    width: int
    least: float = 0
    listed: float = 0

    def is_full(self, line: Line) -> bool:
        """Whether a line had hardly room for another word."""
        return bool(self.width) and line.length > self.width * 0.85

    def continues(
        self, line: Line, after: Line, *, ahead: Line | None, listed: bool = False
    ) -> bool:
        """Whether `after`, the very next line, continues the text of `line`.

        Args:
            line: The line before.
            after: The line right below it.
            ahead: The line after that.
            listed: They would be of an item.
        """
        text, more = line.plain, after.plain
        if not text or not more:
            return bool(more)
        if is_figure(text) or is_figure(more) or _ANSWERED.search(text[-20:]):
            return False
        if _introduces(after, ahead, bare=not listed) and not ends_openly(text):
            return False
        if unfinished(text) and starts_lower(more):
            return True
        if not self.width:
            return False
        room = line.length + 1 + len(more.split(" ", 1)[0])
        least = self.listed if listed else self.least
        if unfinished(text):
            least = min(least, self.least)
        if room <= (self.width * 0.5 if ends_openly(text) else least):
            return False
        if not unfinished(text) and (_OPENING.match(more) or self._heads(after, ahead)):
            return False
        return room > least or unfinished(text)

    def _heads(self, line: Line, ahead: Line | None) -> bool:
        """Whether a line looks like a heading: no sentence ends in it, yet it had room for more."""
        text = line.plain
        if len(text) > 60 or ends_sentence(text) or starts_lower(text):
            return False
        if line.length > self.width * _FULL:
            return False
        if ahead is None or ahead.kind is not LineKind.TEXT:
            return True
        return line.length + 1 + len(ahead.plain.split(" ", 1)[0]) <= self.width * 0.82


def _introduces(line: Line, ahead: Line | None, *, bare: bool) -> bool:
    """Whether a line introduces the list right below it: "The region should:".

    Args:
        line: May be a list's own.
        ahead: The line below it.
        bare: A name without a colon may do so too: no text ends like that, though an item may.
    """
    short = len(line.text) <= _LONGEST_LEAD and line.plain[:1].isupper()
    listed = ahead is not None and ahead.kind in {LineKind.BULLET, LineKind.NUMBERED}
    named = bare and line.plain[-1:].isalpha() and len(line.plain.split()) <= _MOST_NAMED
    return short and listed and (named or line.plain.endswith(":"))


def is_figure(text: str) -> bool:
    """Whether a text is the percentage of a table, and nothing else."""
    return bool(_FIGURE.match(text))


def measure_wrap(lines: Sequence[Line]) -> Wrap:
    """Find at which width the lines of a text were cut, if they were."""
    text = [line for line in lines if line.kind is not LineKind.TABLE]
    long = sorted(line.length for line in text if line.length > 25)
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
    alike = len(running) > _MANY and widths[-len(widths) // 10] < 1.25 * widths[len(widths) // 2]
    if long[int(len(long) * 0.97)] > _WRAPPED and not alike:
        return Wrap(0)
    width = widths[int(len(widths) * 0.8)]  # footnotes, set smaller, have longer lines
    return Wrap(width, width * _ROOM, _least(lines, width))


def _least(lines: Sequence[Line], width: int) -> float:
    """The least length, with the next word, of lines of items that continue."""
    rooms: list[int] = []
    listed = False
    for a, b in pairwise(lines):
        listed = a.kind in _ITEMS or (listed and a.kind is LineKind.TEXT)
        text, more = a.plain, b.plain
        runs = listed and b.kind is LineKind.TEXT and unfinished(text) and starts_lower(more)
        if runs and a.length > 25 and not text.endswith("-"):
            rooms.append(a.length + 1 + len(more.split(" ", 1)[0]))
    if len(rooms) < _FEWEST:
        return width * _ROOM
    return min(max(sorted(rooms)[len(rooms) // _ODD] * _SLACK, width * _LEAST), width * _SLACK)


def unfinished(text: str) -> bool:
    """Whether a text stops in the middle of a sentence."""
    return not _ENDED.search(text[-60:])


def ends_openly(text: str) -> bool:
    """Whether a text stops where none can: after a comma, an article, an open bracket."""
    text = text[-1000:]
    if text.endswith((",", "(", "–", "&", "/")) or text.count("(") > text.count(")"):
        return True
    last = text.rsplit(" ", 1)[-1].strip("“‘\"'").lower()
    return bool(_UNENDING.match(last))


def starts_openly(text: str) -> bool:
    """Whether a text begins with a word that only continues another text: no item does."""
    return bool(_UNENDING.match(text.split(" ", 1)[0]))


def starts_lower(text: str) -> bool:
    """Whether a text begins in lower case, or with an aside: no sentence does."""
    return bool(_LOWER.match(text))


def ends_sentence(text: str) -> bool:
    """Whether a text ends with the end of a sentence."""
    return bool(_SENTENCE_END.search(text[-60:]))


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text, counted, to tell a divided word from one with a hyphen of its own.

    Attributes:
        divides: Words are divided at line ends: what is left of them stands whole elsewhere.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    divides: bool = False

    def joins(self, head: str, tail: str) -> bool:
        """Whether `head` and `tail`, with a hyphen between them at a line's end, are one word.

        A name keeps its hyphen, unless it is known without one, as ViSOR is.
        """
        halves = head.casefold(), tail.casefold()
        if self.divides and tail[:1].isupper():
            hyphened, solid = known(*halves, self.counts)
            return solid > hyphened
        return self.divides and is_divided(*halves, self.counts)


NO_WORDS: Final = Words()


def count_words(text: str) -> Words:
    """Count the words of a text and see whether it divides them."""
    counts: Counter[str] = Counter()
    for word, number in Counter(_WORD.findall(_DIVIDED.sub(" ", text))).items():
        counts[word.lower()] += number
    found = [known(m[1].lower(), m[2].lower(), counts) for m in _DIVIDED.finditer(text)]
    solid = sum(whole > hyphened for hyphened, whole in found)
    kept = sum(hyphened > whole for hyphened, whole in found)
    return Words(dict(counts), divides=solid >= _FEWEST_DIVIDED and solid > kept)


def join_lines(first: str, second: str, words: Words = NO_WORDS) -> str:
    """Join two lines; a hyphen at the end of a line keeps its word together or divides it."""
    if first.endswith(DIVIDER):
        return first[:-1] + second
    if not first.endswith("-"):
        return f"{first}\n{second}"
    if (head := _HEAD.search(first[-60:])) and (tail := _TAIL.match(second)):
        if words.joins(head[1], tail[0]):
            return first[:-1] + second
        if second.partition(" ")[0].strip(",.;:").lower() not in HANGING:
            return first + second
    return f"{first}\n{second}"
