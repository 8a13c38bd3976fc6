"""Number words and months: what they mean, as data, and how a run of them is read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Final

from pipelines.errors import SettingsError

# A number with more digits counts nothing that was seen, and no table could hold it.
DIGITS: Final = r"^(\d{1,3}(,\d{3}){1,4}|\d{1,12}(\.\d{1,12})?|\.\d{1,12})$"
_DIGITS = re.compile(DIGITS)
_LONGEST: Final = 7  # words: one hundred and thirty - two
_WORD_LISTS: Final = (
    "hundredths",
    "determiners",
    "times",
    "places",
    "singling",
    "changes",
    "changing",
    "comparatives",
    "moved",
    "outcomes",
    "judged",
    "scored",
    "parts",
    "levels",
    "ordinals",
    "labelled",
    "benchmarks",
    "limits",
    "compared",
    "counted",
)


@dataclass(frozen=True, slots=True)
class NumberWords:
    """The word lists of numbers.toml; comparators as runs of words, longest first.

    Attributes:
        months: Their names, January first.
        before: Runs of words before a figure, with the comparator that they give it.
        after: The same for words after a figure.
        signs: Parts and whole of `¾` and the like.
    """

    months: tuple[str, ...]
    cardinals: dict[str, int]
    fractions: dict[str, int]
    signs: dict[str, tuple[int, int]]
    before: tuple[tuple[tuple[str, ...], str], ...]
    after: tuple[tuple[tuple[str, ...], str], ...]
    hundredths: frozenset[str]
    determiners: frozenset[str]
    times: frozenset[str]
    places: frozenset[str]
    singling: frozenset[str]
    changes: frozenset[str]
    changing: frozenset[str]
    comparatives: frozenset[str]
    moved: frozenset[str]
    outcomes: frozenset[str]
    judged: frozenset[str]
    scored: frozenset[str]
    parts: frozenset[str]
    levels: frozenset[str]
    ordinals: frozenset[str]
    labelled: frozenset[str]
    benchmarks: frozenset[str]
    limits: frozenset[str]
    compared: frozenset[str]
    counted: frozenset[str]

    def read(self, words: Sequence[str]) -> float | None:
        """Return the number that the words spell, `seventy - four`, `1,474` or `66 ⅔`."""
        bare = [word for word in words if word != "-"]
        if bare and (parts := self.signs.get(bare[-1])):
            whole = self.read(bare[:-1]) if len(bare) > 1 else 0.0
            return None if whole is None else whole + parts[0] / parts[1]
        if len(bare) == 1 and _DIGITS.match(bare[0]):
            return float(bare[0].replace(",", ""))
        return self.spelled(bare)

    def longest(self, words: Sequence[str], at: int) -> tuple[float, int] | None:
        """Return the number that begins at a word, and the word after it; the longest there is."""
        found = None
        for end in range(at + 1, min(len(words), at + _LONGEST) + 1):
            if words[end - 1] != "-" and (value := self.read(words[at:end])) is not None:
                found = value, end
            elif end > at + 1 and words[end - 1] not in self.cardinals.keys() | {"-", "and"}:
                break
        return found

    def ending(self, words: Sequence[str], end: int) -> tuple[float, int] | None:
        """Return the number that ends before a word, and its first word; the longest there is."""
        found = None
        for at in range(end - 1, max(0, end - _LONGEST) - 1, -1):
            if words[at] != "-" and (value := self.read(words[at:end])) is not None:
                found = value, at
            elif words[at] not in self.cardinals.keys() | {"-", "and"}:
                break
        return found

    def comparator(self, words: Sequence[str], at: int) -> tuple[str, int] | None:
        """Return how words before a figure compare it, and their first; `not` turns them round."""
        for run, comparator in self.before:
            start = at - len(run)
            if start < 0 or tuple(words[start:at]) != run:
                continue
            turned = {"lt": "gt", "gt": "lt"}.get(comparator)
            if turned and start and words[start - 1] in ("not", "no"):
                return turned, start - 1
            return comparator, start
        return None

    def spelled(self, words: Sequence[str]) -> int | None:
        """Return the whole number that lower-case words spell, `one hundred and twenty four`."""
        if "hundred" in words[1:]:
            at = words.index("hundred", 1)
            rest = words[at + 1 :]
            if len(rest) > 1 and rest[0] == "and":
                rest = rest[1:]
            times = 1 if words[0] == "a" and at == 1 else self.spelled(words[:at])
            more = self.spelled(rest) if rest else 0
            if not times or times > 99 or more is None or more > 99 or (rest and not more):
                return None
            return 100 * times + more
        values = [self.cardinals[word] for word in words if word in self.cardinals]
        if len(values) != len(words):
            return None
        match values:
            case [number]:
                return number
            case [20 | 30 | 40 | 50 | 60 | 70 | 80 | 90 as tens, unit] if 0 < unit < 10:
                return tens + unit
        return None


@cache
def number_words() -> NumberWords:
    """Load and check the shipped numbers.toml.

    Raises:
        SettingsError: A section or list is missing, unknown or of the wrong kind.
    """
    source = files("pipelines") / "data" / "numbers.toml"
    raw = tomllib.loads(source.read_text(encoding="utf-8"))
    _check(
        "numbers.toml",
        raw,
        {"months", "cardinals", "fractions", "signs", "before", "after", "words"},
    )
    for section in ("before", "after"):
        _check(f"numbers.toml [{section}]", raw[section], {"lt", "gt", "approx"})
    _check("numbers.toml [words]", raw["words"], set(_WORD_LISTS))
    for section in ("cardinals", "fractions"):
        for word, value in raw[section].items():
            if not isinstance(value, int) or word != word.lower():
                raise SettingsError(
                    f"numbers.toml [{section}]: {word} = {value!r}; "
                    "expected a lower-case word and a whole number"
                )
    for sign, parts in raw["signs"].items():
        if len(sign) != 1 or len(parts) != 2 or not 0 < parts[0] < parts[1]:
            raise SettingsError(
                f"numbers.toml [signs]: {sign} = {parts!r}; expected one sign, its parts and "
                "the greater number of parts of the whole"
            )
    months = tuple(raw["months"])
    if len(months) != 12:
        raise SettingsError(f"numbers.toml months: got {len(months)} of them, expected 12")
    lists = {name: frozenset(raw["words"][name]) for name in _WORD_LISTS}
    lists["times"] |= {month.lower() for month in months}
    known = {field.name for field in fields(NumberWords)}
    return NumberWords(
        months=months,
        cardinals=raw["cardinals"],
        fractions=raw["fractions"],
        signs={sign: (parts[0], parts[1]) for sign, parts in raw["signs"].items()},
        before=_runs(raw["before"]),
        after=_runs(raw["after"]),
        **{name: words for name, words in lists.items() if name in known},
    )


def _runs(section: dict[str, list[str]]) -> tuple[tuple[tuple[str, ...], str], ...]:
    runs = [
        (tuple(words.split()), comparator)
        for comparator, phrases in section.items()
        for words in phrases
    ]
    return tuple(sorted(runs, key=lambda run: (-len(run[0]), run)))


def _check(name: str, found: dict[str, object], expected: set[str]) -> None:
    if strange := sorted(set(found) - expected):
        raise SettingsError(f"{name}: unknown key {strange[0]!r}; expected {sorted(expected)}")
    if missing := sorted(expected - set(found)):
        raise SettingsError(f"{name}: key {missing[0]!r} is missing; add it")
