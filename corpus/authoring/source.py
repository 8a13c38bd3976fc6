"""A document of the sample corpus, as its source describes it.

A finding stands in its source with everything that is known of it: text, nested bullets, the
footnote it calls, the pull quotes after it, its themes and the shares it states. Formats and gold
labels are all made from that, so they cannot disagree.

Texts are typed with straight quotation marks and set with curly ones. `{note}` in a text says
where its footnote is called; without it the call stands at the end.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pipelines.records import Polarity, Rating

CALL: Final = "{note}"
_POINTS: Final = {
    Rating.INADEQUATE: 0,
    Rating.REQUIRES_IMPROVEMENT: 1,
    Rating.GOOD: 2,
    Rating.OUTSTANDING: 3,
}
MONTHS: Final = calendar.month_name  # English: nothing here sets a locale


@dataclass(frozen=True, slots=True)
class Share:
    """A proportion that a finding states; `direction` is what it says of practice."""

    text: str
    value: float
    numerator: int | None
    denominator: int | None
    comparator: str
    direction: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A bullet of a standard, with its labels."""

    polarity: Polarity
    code: str
    standard: str
    subsection: str | None
    text: str
    nested: tuple[str, ...]
    note: str
    quotes: tuple[str, ...]
    themes: tuple[str, ...]
    shares: tuple[Share, ...]
    bulletless: bool

    @property
    def lead(self) -> str:
        """Text of the bullet itself, without the footnote's call."""
        return self.text.replace(CALL, "")

    @property
    def whole(self) -> str:
        """Text of the finding: the bullet and the bullets nested in it, joined by one space."""
        return " ".join((self.lead, *self.nested))


@dataclass(frozen=True, slots=True)
class Example:
    """A boxed practice example: never a finding, whatever bullets it has."""

    title: str
    text: tuple[str, ...]
    bullets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Findings under one heading: a standard's own, or those of a subsection of it."""

    title: str | None
    intro: tuple[str, ...]
    strengths: tuple[Finding, ...]
    areas: tuple[Finding, ...]
    example: Example | None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """In printed order."""
        return self.strengths + self.areas


@dataclass(frozen=True, slots=True)
class Question:
    """A key question, its dimension and the percentage of cases that satisfied."""

    text: str
    dimension: str
    percent: int


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard: what it demands, how it is rated and why, its parts."""

    code: str
    title: str
    description: str
    rating: Rating | None
    reason: tuple[str, ...]
    questions: tuple[Question, ...]
    parts: tuple[Part, ...]

    @property
    def points(self) -> int | None:
        """Points that the rating is worth; None where it is not rated."""
        return None if self.rating is None else _POINTS.get(self.rating)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom recommendations are for, and the recommendations."""

    name: str
    kind: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One document of the sample corpus."""

    unit: str
    region: str
    framework: str
    published: str
    fieldwork: str
    cases: int
    overall: Rating
    overall_printed: str
    ship: str
    layout: str
    wrap: int
    inspector: str
    chief: str
    foreword: tuple[str, ...]
    background: tuple[str, ...]
    context: tuple[tuple[str, str], ...]
    addressees: tuple[Addressee, ...]
    chapters: tuple[tuple[str, str], ...]
    standards: tuple[Standard, ...]

    @property
    def document_id(self) -> str:
        """Slug of unit and month of publication."""
        return re.sub(r"[^a-z0-9]+", "-", self.unit.lower()).strip("-") + "-" + self.published[:7]

    @property
    def score(self) -> int:
        """Points of the rated standards."""
        return sum(s.points or 0 for s in self.standards)

    @property
    def score_max(self) -> int:
        """Points that could be had."""
        return 3 * sum(s.points is not None for s in self.standards)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding in printed order."""
        return tuple(f for s in self.standards for p in s.parts for f in p.findings)

    @property
    def recommendations(self) -> Iterator[tuple[int, Addressee, str]]:
        """Number, addressee and text, numbered through."""
        number = 0
        for addressee in self.addressees:
            for text in addressee.items:
                number += 1
                yield number, addressee, text

    def chapter(self, number: str) -> tuple[Standard, ...]:
        """Return the standards of a chapter."""
        return tuple(s for s in self.standards if re.sub(r"^\D*", "", s.code)[0] == number)


def month(date: str) -> str:
    """Write `2023-01-24` as `January 2023`."""
    year, number = date.split("-")[:2]
    return f"{MONTHS[int(number)]} {year}"


def day(date: str) -> str:
    """Write `2023-01-24` as `24 January 2023`."""
    return f"{int(date.split('-')[2])} {month(date)}"


def curly(text: str) -> str:
    """Set straight quotation marks as curly ones."""
    text = re.sub(r"(?<![\w.,;:!?)%])'(?=\w)", "‘", text).replace("'", "’")
    return re.sub(r'(?<![\w.,;:!?)])"(?=\w)', "“", text).replace('"', "”")


def overall_of(score: int, maximum: int) -> Rating:
    """Give the overall rating of a score: bounds at 1/6, 1/2 and 5/6 of the maximum."""
    for bound, rating in zip((1, 3, 5), list(Rating)[:3], strict=True):
        if score <= maximum * bound // 6:
            return rating
    return Rating.OUTSTANDING
