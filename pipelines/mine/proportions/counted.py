"""Counts of a whole: `three out of 12`, `two or three of the 12`, `one in four`."""

from __future__ import annotations

from typing import Final

from pipelines.mine.proportions.figure import Figure
from pipelines.numbers import NumberWords

YEARS: Final = range(1990, 2050)
_RANGING: Final = frozenset({"and", "or", "to", "-"})


class CountReader:
    """Reads counts among the lower-case words of one text."""

    def __init__(
        self, words: list[str], known: NumberWords, spaced: frozenset[int] = frozenset()
    ) -> None:
        self.words = words
        self.known = known
        self.spaced = spaced  # words with a space before them: such a hyphen is a dash

    def word(self, index: int) -> str:
        """Return a word; an empty one before the first and after the last."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def money(self, first: int) -> bool:
        """Whether the figure is a sum of money."""
        return self.word(first - 1) in {"£", "$", "€"}

    def counted(self, kind: str, first: int, last: int) -> Figure | None:
        """Read `N out of M`, `N of the M` and `N in M`."""
        joint = next(i for i in range(first, last) if self.words[i] in ("out", "of", "in"))
        apart = kind == "in" and self.known.read(self.words[joint - 1 : joint]) is None
        top, first = self.known.ending(self.words, joint - apart) or (None, first)
        begin = next(
            i for i in range(joint + 1, last) if self.known.read(self.words[i:last]) is not None
        )
        bottom, last = self.known.longest(self.words, begin) or (None, last)
        if top is None or bottom is None or not 0 <= top <= bottom or bottom < 2:
            return None
        low, start = self.lower_end(first, top) if kind != "in" else (top, first)
        if top % 1 or bottom % 1 or self.no_count(start, begin, last, int(bottom)):
            return None
        if kind == "in" and not self.one_in_some(int(top), int(bottom), last):
            return None
        if kind != "in" and self.in_a_rate(first, int(top), joint):
            return None
        if low < top:
            value = (low + top) / 2 / bottom
            return Figure(kind, start, last, value, None, int(bottom), comparator="approx")
        if kind == "of" and top == 1 and self.word(first - 1) == "not":
            return Figure(kind, first - 1, last, 0.0, 0, int(bottom))
        if kind == "of" and top == 1 and not self.singled(first, last):
            return None
        if kind == "in":  # a rate, not a count
            return Figure(kind, first, last, top / bottom)
        return Figure(kind, first, last, top / bottom, int(top), int(bottom))

    def lower_end(self, first: int, top: float) -> tuple[float, int]:
        """Return the lower end of `between two and three of the 12`, and where it begins."""
        joined = self.word(first - 1)
        read = self.known.ending(self.words, first - 1) if joined in _RANGING else None
        dash = joined == "-" and first - 1 in self.spaced
        if read is None or dash or read[0] % 1 or not 0 < read[0] < top:
            return top, first
        low, start = read
        before = self.word(start - 1)
        if (joined == "and") != (before == "between") or before in ("from", "down", "up"):
            return top, first
        if self.labels(start - 1):
            return top, first
        return low, start - (joined == "and")

    def in_a_rate(self, first: int, top: int, last: int) -> bool:
        """Whether the count is the second number of a rate: `one in four of the 20 cases`."""
        joint = first - 1 - (self.word(first - 1) in ("every", "a"))
        read = self.known.ending(self.words, joint) if self.word(joint) == "in" else None
        if read is None or self.labels(read[1] - 1):
            return False
        return read[0] < top and self.one_in_some(int(read[0]), top, last)

    def labels(self, index: int) -> bool:
        """Whether the number after a word only names one of many: `day 1`, `child one`."""
        return self.word(index) in self.known.scored | self.known.labelled

    def no_count(self, first: int, begin: int, last: int, bottom: int) -> bool:
        """Whether the words around it make it money, a year, time, a score or another figure."""
        if self.money(first) or (bottom in YEARS and "," not in self.words[begin]):
            return True
        after = self.words[last : last + 2]
        if after and (after[0] in self.known.hundredths or after[0] in ("-", "/")):
            return True
        if any(w in self.known.times for w in after):
            return True
        before = self.words[max(0, first - 2) : first]
        near = before[-1:] if before[-1:] and before[-1] not in ("of", "at", "as") else before[:1]
        return any(w in self.known.scored for w in near)

    def one_in_some(self, top: int, bottom: int, last: int) -> bool:
        """Whether `N in M` is a rate: M is a number that rates are given in, not one of places."""
        if top == bottom or bottom not in {*range(2, 13), 15, 20, 25, 50, 100, 1000}:
            return False
        return top > 0 and self.word(last) not in self.known.places

    def singled(self, first: int, last: int) -> bool:
        """Whether `one of the 12 ...` is a share and not a way to name a member."""
        near = self.words[last : last + 3]
        return self.word(first - 1) in self.known.singling and not any(
            w in self.known.places for w in near
        )
