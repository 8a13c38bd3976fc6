"""Figures: the places of a text that give a proportion, each read on its own.

A figure is found by a spaCy `Matcher` rule over tokens and then kept or dropped by the words
around it: dates, ages, durations, money, scores and changes are not proportions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pipelines.lexis import Matched
from pipelines.mine.proportions.counted import YEARS, CountReader
from pipelines.mine.proportions.figure import Figure
from pipelines.numbers import number_words

_STOP: Final = frozenset(".!?;:")
_JOINTS: Final = frozenset({"and", "or", "of", "to", "in", "for", "with", "the", ",", "(", ")"})
_ON_THE_WAY: Final = ["of", "the", "way"]
_ADVERBS: Final = frozenset({"only", "just", "about", "around", "nearly", "almost"})
_ALL_BUT: Final = (["all", "but"], ["all", "except"], ["all", "bar"])
_RANK: Final = {
    "range": 0,
    "out of": 1,
    "of": 2,
    "slash": 3,
    "in": 4,
    "percent": 5,
    "fraction": 6,
    "sign": 6,
}


def figures(matched: Matched) -> list[Figure]:
    """Return the proportions among the matches, in order, no two overlapping."""
    words = matched.words
    spaced = (i for i in range(1, len(words)) if words[i].start > words[i - 1].end)
    reader = _Reader([word.lower for word in words], number_words(), frozenset(spaced))
    read = [reader.figure(*place) for place in matched.found]
    kept: list[Figure] = []
    ranked = sorted(
        (f for f in read if f), key=lambda f: (_RANK[f.kind], f.first - f.last, f.first)
    )
    for figure in ranked:
        if all(figure.last <= other.first or other.last <= figure.first for other in kept):
            kept.append(figure)
    for figure in [f for f in kept if f.kind == "percent"]:
        kept.extend(reader.listed(figure))
    return sorted((reader.compared(f) for f in kept), key=lambda f: f.first)


class _Reader(CountReader):
    """Reads figures among the lower-case words of one text."""

    def figure(self, kind: str, first: int, last: int) -> Figure | None:
        if kind == "percent":
            return self.percent(first, last)
        if kind == "range":
            return self.range(first, last)
        if kind == "fraction":
            return self.fraction(first, last)
        if kind == "slash":
            return self.slash(first, last)
        if kind == "sign":
            return self.sign(first, last)
        return self.counted(kind, first, last)

    def percent(self, first: int, last: int) -> Figure | None:
        end = next(i for i in range(first, last) if self.words[i] in self.known.hundredths)
        value, first = self.known.ending(self.words, end) or (101, first)
        if value > 100 or self.money(first) or self.changes(first, last):
            return None
        if value == 100 and self.words[max(0, first - 1) : first] in (["give"], ["gave"]):
            return None  # an idiom
        return Figure("percent", first, last, value / 100)

    def range(self, first: int, last: int) -> Figure | None:
        at = next(i for i in range(first + 1, last) if self.words[i] in ("and", "to", "-"))
        if self.words[at - 1] == "per":  # per-cent
            at = next(i for i in range(at + 1, last) if self.words[i] in ("and", "to", "-"))
        joined = self.words[at]
        low, high = self.bound(self.words[first]), self.bound(self.words[at + 1])
        if low is None or high is None or not low < high <= 100:
            return None
        if (joined == "and") != (self.word(first - 1) == "between"):
            return None
        if joined == "to" and self.word(first - 1) in ("from", "down", "up"):
            return None  # two values, not a range
        lead = first - (joined == "and")
        if self.changes(first, last) or (joined == "-" and low % 10 == 0 and high < 10):
            return None
        return Figure("range", lead, last, (low + high) / 200, comparator="approx")

    def bound(self, word: str) -> float | None:
        """Read one end of a range, in hundredths."""
        part, whole = self.known.signs.get(word, (0, 1))
        return 100 * part / whole if part else self.known.read([word])

    def changes(self, first: int, last: int) -> bool:
        """Whether the percentage tells by how much something moved, or a point on a scale."""
        after = [w for w in self.words[last : last + 3] if w != "-"]
        nouns = after[:1] if after[:1] and after[0] in _JOINTS else after[:2]
        noun = next((w for w in nouns if w in self.known.changes), "")
        if noun in self.known.comparatives and noun != after[0]:  # 43 per cent had less than
            noun = ""
        if (noun and not self.outcome(noun, last)) or self.higher(after) or self.beyond(last):
            return True
        before = self.words[max(0, first - 5) : first]
        if before and before[-1] in self.known.moved:
            return True
        if before[-1:] in (["up"], ["down"]):
            return before[-2:-1] not in (["made"], ["make"], ["makes"], ["making"])
        if before[-1:] == ["by"]:
            return any(w in self.known.changing for w in before)
        return (
            before[-1:] == ["of"]
            and any(w in self.known.changing for w in before[-2:-1])
            and (before[-2] not in ("up", "down"))
        )

    def higher(self, after: list[str]) -> bool:
        """Whether what follows compares two levels: `larger than`."""
        return after[1:2] == ["than"] and after[0].endswith("er") and after[0] != "other"

    def beyond(self, last: int) -> bool:
        """Whether what follows is a level that is passed or not reached: `over capacity`."""
        near = self.words[last + 1 : last + 4]
        return self.word(last) in ("over", "under") and any(
            word in self.known.benchmarks | self.known.limits for word in near
        )

    def outcome(self, noun: str, last: int) -> bool:
        """Whether the change is an outcome judged case by case: then it is a share of cases."""
        following = self.words[last : last + 16]
        ends = [i for i, w in enumerate(following) if w in _STOP]
        clause = following[: ends[0]] if ends else following
        return noun in self.known.judged and any(w in self.known.outcomes for w in clause)

    def fraction(self, first: int, last: int) -> Figure | None:
        parts = self.known.fractions[self.words[last - 1]]
        count = 1 if self.words[first] in ("a", "half") else self.known.cardinals[self.words[first]]
        if not 0 < count < parts or (count == 1) == self.words[last - 1].endswith("s"):
            return None
        before = self.words[max(0, first - 5) : first]
        if before[-1:] == ["by"] and any(w in self.known.changing for w in before):
            return None  # fell by a quarter
        if self.measures(first, last) or (count == 1 and not self.is_part(first, last)):
            return None
        return Figure("fraction", first, last, count / parts)

    def sign(self, first: int, last: int) -> Figure | None:
        """Read `¾ of cases`, but not `2 ¾` or `½ an hour`."""
        part, whole = self.known.signs[self.words[first]]
        before = self.words[max(0, first - 5) : first]
        moved = before[-1:] == ["by"] and any(w in self.known.changing for w in before)
        if moved or self.measures(first, last) or self.known.read(before[-1:]) is not None:
            return None
        return Figure("fraction", first, last, part / whole)

    def measures(self, first: int, last: int) -> bool:
        """Whether the fraction measures time or compares levels."""
        if self.word(last) in ("-", "as") or self.word(first - 1) in ("-", "once", "twice"):
            return True
        if self.word(last) in self.known.changes or self.words[last : last + 3] == _ON_THE_WAY:
            return True  # the two-thirds point, two-thirds of the way through
        if self.word(last) in self.known.times or (
            self.word(first - 1) == "and" and (self.known.read([self.word(first - 2)]) is not None)
        ):
            return True
        if (
            self.word(first - 1) == "and"
            and self.word(first - 2) in self.known.times
            and self.word(last) != "of"
        ):
            return True  # an hour and a half
        near = self.words[last : last + 4]
        if near[:1] in (["of"], ["a"], ["an"]) and any(
            w in self.known.times and not w.endswith("s") for w in near[1:3]
        ):
            return True
        if near[:2] == ["the", "time"] and self.word(first - 1) in _ADVERBS:
            return False  # made only half the time
        return "the" in near[:2] and any(w in self.known.levels for w in near)

    def is_part(self, first: int, last: int) -> bool:
        """Whether `a third`, `half`, `one quarter` is a part of a whole, not an ordinal."""
        if self.words[first] in ("half", "quarter") and self.word(first - 1) in self.known.ordinals:
            return False
        after = self.word(last)
        row = self.words[max(0, first - 25) : first]
        if row[-1:] == ["and"] and after in ("was", "had", "is") and {"two", "second"} & set(row):
            return False  # two were dropped and a third was delayed
        return (
            after in self.known.parts
            or not after[:1].isalnum()
            or self.compared(Figure("fraction", first, last, 0.5)).comparator != "eq"
            or self.word(first - 1) in ("only", "just")
        )

    def slash(self, first: int, last: int) -> Figure | None:
        top, bottom = (int(part.rstrip("thsrdn")) for part in self.words[first].split("/"))
        closed = self.word(first - 1) == "(" and self.word(last) == ")"
        named = self.word(last) in self.known.counted or self.word(last) == "of"
        if not (closed or named) or top in YEARS or not 0 <= top <= bottom or bottom == 0:
            return None
        return Figure("slash", first, last, top / bottom, top, bottom)

    def listed(self, figure: Figure) -> list[Figure]:
        """Read the bare numbers of `62, 58 and 40 per cent`, `from 41 to 17 per cent`."""
        out: list[Figure] = []
        at = figure.first
        while self.word(at - 1) in ("and", "or", ",") and at >= 2:
            value = self.known.read([self.words[at - 2]])
            if (
                value is None
                or value > 100
                or self.word(at - 3)
                in (
                    *self.known.scored,
                    *self.known.changing,
                    "between",
                    "aged",
                )
            ):
                break
            if self.word(at - 1) == "," and not out:
                break
            out.append(Figure("percent", at - 2, at - 1, value / 100))
            at -= 2
        start = self.known.read([self.word(figure.first - 2)]) or 0
        joined = self.words[max(0, figure.first - 3) : figure.first : 2] == ["from", "to"]
        if joined and 0 < start <= 100:
            out.append(Figure("percent", figure.first - 2, figure.first - 1, start / 100))
        return out

    def compared(self, figure: Figure) -> Figure:
        """Return the figure with the comparator that the words around it give.

        `All but two of the 15` is read as the thirteen that are left.
        """
        if self.words[max(0, figure.first - 2) : figure.first] in _ALL_BUT:
            left = None
            if figure.denominator is not None and figure.numerator is not None:
                left = figure.denominator - figure.numerator
            first = figure.first - 2
            return replace(figure, value=1 - figure.value, numerator=left, first=first, lead=first)
        said = self.known.comparator(self.words, figure.first)
        comparator, lead = said or (figure.comparator, figure.first)
        for run, found in self.known.after:
            if tuple(self.words[figure.last : figure.last + len(run)]) == run:
                comparator = found
        return replace(figure, comparator=comparator, lead=lead)
