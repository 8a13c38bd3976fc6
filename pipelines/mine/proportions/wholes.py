"""Wholes: the `of the 14 cases` that stands apart from the count it belongs to."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pipelines.mine.proportions.figure import Figure
from pipelines.numbers import NumberWords, number_words

_ENDS: Final = frozenset({".", "!", "?"})
_OPENINGS: Final = frozenset(
    {"", ",", ";", ":", "-", "–", "(", "and", "but", "that", "while", "out"}
)
_BEFORE_COUNT: Final = frozenset(
    {",", ";", "and", "but", "while", "whereas", "with", "that", "in", "for", "a", "found"}
)
_TURNS: Final = frozenset({"but", "while", "whereas"})
_FILLERS: Final = frozenset({"only", "just", "also", "as", "few", "many", "a", "mere", "further"})
_BACK: Final = frozenset({"these", "those", "them", "which", "whom"})
_YEARS: Final = range(1990, 2050)


def sentences(words: list[str]) -> list[tuple[int, int]]:
    """Return (first, after last) word of each sentence."""
    out: list[tuple[int, int]] = []
    opened = 0
    for at, word in enumerate(words):
        if word in _ENDS:
            out.append((opened, at + 1))
            opened = at + 1
    if opened < len(words):
        out.append((opened, len(words)))
    return out


def add_wholes(words: list[str], found: list[Figure], spans: list[tuple[int, int]]) -> list[Figure]:
    """Give figures the denominators that stand apart, and add the counts that they make shares.

    Args:
        words: Lower-case words of the text.
        found: Figures already read, in order.
        spans: Sentences, as `sentences` returns them.

    Returns:
        All figures, in order.
    """
    finder = _Wholes(words, found, number_words())
    out = [finder.with_following_whole(figure) for figure in found]
    for first, last in spans:
        for whole, after in finder.leading_wholes(first, last):
            out = _give(out, whole, after, last)
            for begin, end in finder.own_stretches(after, last):
                out.extend(finder.counts(whole, begin, end, sure=True))
            out.extend(finder.parts_of_these(first, last))
        for whole, after in finder.pointed_wholes(first, last):
            end = min(after + 6, finder.end_of_part(after, last))
            out.extend(finder.counts(whole, after, end, sure=False))
        out.extend(finder.trailing_wholes(first, last))
        out.extend(finder.parts_of_these(first, last, after="in"))
    kept: list[Figure] = []
    for figure in sorted(out, key=lambda f: (f.first, -f.last)):
        if not kept or figure.first >= kept[-1].last:
            kept.append(figure)
    return kept


def _give(found: list[Figure], whole: int, after: int, last: int) -> list[Figure]:
    """Give the whole to the first figure that follows it and has none."""
    for at, figure in enumerate(found):
        if after <= figure.first < last:
            if figure.denominator is None:
                found = [*found[:at], replace(figure, denominator=whole), *found[at + 1 :]]
            break
    return found


class _Wholes:
    def __init__(self, words: list[str], found: list[Figure], known: NumberWords) -> None:
        self.words = words
        self.known = known
        self.found = found
        self.taken = {i for figure in found for i in range(figure.first, figure.last)}

    def number(self, at: int) -> tuple[int, int] | None:
        """Read the whole number that begins at a word: its value and the word after it."""
        read = self.known.longest(self.words, at)
        return (
            (int(read[0]), read[1]) if read and not read[0] % 1 and at not in self.taken else None
        )

    def number_before(self, end: int) -> tuple[int, int] | None:
        """Read the whole number that ends before a word: its value and its first word."""
        read = self.known.ending(self.words, end)
        if read is None or read[0] % 1 or read[1] in self.taken:
            return None
        return int(read[0]), read[1]

    def whole(self, at: int) -> tuple[int, int] | None:
        """Read `of [the ...] NUMBER` or `in the NUMBER` that begins at a word."""
        named = self.words[at] == "in" and self.words[at + 1 : at + 2] in (["the"], ["these"])
        if self.words[at] != "of" and not named:
            return None
        at += 1
        while at < len(self.words) and self.words[at] in self.known.determiners:
            at += 1
        read = self.number(at)
        if read is None or not self.is_count(read[0], read[1]) or read[0] < 2:
            return None
        return read

    def is_count(self, value: int, after: int) -> bool:
        near = self.words[after : after + 1]
        if value in _YEARS or near in (["-"], ["/"], ["of"], ["out"]):
            return False
        if near and near[0] in self.known.hundredths:
            return False
        return not any(word in self.known.times for word in self.words[after : after + 2])

    def with_following_whole(self, figure: Figure) -> Figure:
        """Read `62 per cent of the 46 cases`, and `14 (30 per cent) of the 46`."""
        if figure.kind not in ("percent", "fraction", "in") or figure.last >= len(self.words):
            return figure
        bracketed = self.words[figure.last] == ")" and self.words[figure.lead - 1] == "("
        at = figure.last + bracketed
        read = self.whole(at) if self.words[at : at + 1] == ["of"] else None
        if read is None:
            return figure
        numerator = self.number_before(figure.lead - 1) if bracketed else None
        count = numerator[0] if numerator and numerator[0] <= read[0] else None
        return replace(figure, denominator=read[0], numerator=count)

    def leading_wholes(self, first: int, last: int) -> list[tuple[int, int]]:
        """Find `Of the 14 cases, ...`: the whole, and the word after its number."""
        out: list[tuple[int, int]] = []
        for at in range(first, last):
            before = self.words[at - 1] if at > first else ""
            opens = before == "" if self.words[at] == "in" else before in _OPENINGS
            read = self.whole(at) if opens else None
            if read is not None:
                out.append(read)
        return out

    def trailing_wholes(self, first: int, last: int) -> list[Figure]:
        """Read `11 cases out of the 15` and `five (of 12) plans`."""
        out: list[Figure] = []
        for at in range(first + 2, last):
            joint = self.words[at - 1]
            read = self.whole(at) if joint in ("out", "(") and self.words[at] == "of" else None
            if read is None or at in self.taken:
                continue
            for start in range(at - 2, max(first - 1, at - 5 if joint == "out" else at - 3), -1):
                count = self.number(start) if self.words[start] != "no" else (0, start + 1)
                apart = joint == "(" or (count is not None and count[1] < at - 1)
                if count and apart and count[0] <= read[0] and self.words[start - 1] != "-":
                    closed = read[1] < last and self.words[read[1]] == ")"
                    comparator, lead = self.comparator(start)
                    value = count[0] / read[0]
                    end = read[1] + closed
                    out.append(
                        Figure("of", start, end, value, *(count[0], read[0]), comparator, lead)
                    )
                    break
        return out

    def pointed_wholes(self, first: int, last: int) -> list[tuple[int, int]]:
        """Find `of these`, `of which` with the nearest count before it as the whole."""
        out: list[tuple[int, int]] = []
        for at in self.pointers(first, last):
            before = self.words[at - 1] if at > first else ""
            whole = self.count_before(at) if before in _OPENINGS else None
            if whole is not None:
                out.append((whole, at + 2))
        return out

    def parts_of_these(self, first: int, last: int, *, after: str = "") -> list[Figure]:
        """Read `In 15 cases there was concern; in five of these ...` within one sentence.

        Args:
            first: Of the sentence.
            last: The word after it.
            after: The word that must stand before the part; any may where it is empty.
        """
        out: list[Figure] = []
        for at in self.pointers(first + 2, last):
            part = self.number_before(at)
            if part is None or (after and self.words[part[1] - 1] != after):
                continue
            number, start = part
            whole = self.count_before(start, first)
            if whole is not None and number <= whole:
                comparator, lead = self.comparator(start)
                value = number / whole
                out.append(Figure("of", start, at + 2, value, number, whole, comparator, lead))
        return out

    def pointers(self, first: int, last: int) -> list[int]:
        """Find `of these`, `of which`."""
        return [
            at
            for at in range(first, last - 1)
            if self.words[at] == "of" and self.words[at + 1] in _BACK
        ]

    def own_stretches(self, after: int, last: int) -> list[tuple[int, int]]:
        """Leave out what speaks of a part of the whole: from `of these` on, or the count before."""
        out: list[tuple[int, int]] = []
        for at in self.pointers(after, last):
            if at >= after:
                part = self.number_before(at)
                out.append((after, part[1] if part else at))
                after = self.end_of_part(at + 2, last)
        return [*out, (after, last)]

    def end_of_part(self, after: int, last: int) -> int:
        """Return where what is said of a part ends: `, and 16 had none` is of the whole again."""
        for at in range(after, last):
            word = self.words[at]
            if word == ";":
                return at
            if word in _TURNS or self.words[at - 1 : at + 1] == [",", "and"]:
                count = at + 1
                while count < last and self.words[count] in _FILLERS | {"in", "for"}:
                    count += 1
                if count < last and self.number(count):
                    return at
        return last

    def count_before(self, at: int, first: int = 0) -> int | None:
        for index in range(at - 1, first - 1, -1):
            for figure in self.found:
                if figure.first <= index < figure.last:
                    bracketed = self.words[figure.lead - 1] == "("
                    read = self.number_before(figure.lead - 1) if bracketed else None
                    # 12 (30 per cent) involved abuse
                    return read[0] if read and figure.numerator is None else figure.numerator
            read = self.number_before(index + 1)
            if read and read[0] >= 2 and self.is_count(read[0], index + 1):
                return read[0]
        return None

    def counts(self, whole: int, after: int, last: int, *, sure: bool) -> list[Figure]:
        """Read the counts of a whole's parts between two words."""
        out: list[Figure] = []
        at = after
        while at < last:
            read = self.number(at)
            if read and read[0] <= whole and self.is_part(at, read[1], after, sure=sure):
                value, end = read
                comparator, lead = self.comparator(at)
                out.append(Figure("of", at, end, value / whole, value, whole, comparator, lead))
                at = end
            else:
                at += 1
        return out

    def is_part(self, at: int, end: int, after: int, *, sure: bool) -> bool:
        following = self.words[end] if end < len(self.words) else ""
        if following in ("-", "/") or following in self.known.hundredths | self.known.times:
            return False
        _, lead = self.comparator(at)
        before = lead - 1
        while before > after and self.words[before] in _FILLERS:
            before -= 1
        if not sure and before < after:
            return True
        alone = before < lead - 1 and self.words[lead - 1] in ("only", "just")
        return (alone or self.words[before] in _BEFORE_COUNT) and following[:1].isalpha()

    def comparator(self, at: int) -> tuple[str, int]:
        return self.known.comparator(self.words, at) or ("eq", at)
