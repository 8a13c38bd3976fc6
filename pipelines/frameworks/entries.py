"""What a framework is: whom an inspection programme inspects, against what, in which words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal

from pipelines.records import Polarity

SectionKind = Literal[
    "contents", "foreword", "ratings", "recommendations", "background", "front", "end"
]
ListEnd = Literal["any", "known"]

_FOLDED: Final = str.maketrans({"&": " and ", "’": "'", "‘": "'", **dict.fromkeys("-‐‑‒–—―/", " ")})
_ARTICLE: Final = r"(?:report (?:on|of) )?(?:(?:an?|the)\s+)?"
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_PLACES: Final = {  # a name begins with a capital
    "unit": r"(?:the\s+)?(?P<unit>(?-i:[^\Wa-z_]).*?)",
    "topic": r"\S.*",
}


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Reduce a wording to what is compared: case, dashes, "&", spaces and end marks aside."""
    return " ".join(text.casefold().translate(_FOLDED).split()).strip(" :.*_#,?")


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard of a framework; `rated` is false where the inspectorate gives it no rating."""

    code: str
    title: str
    also: tuple[str, ...] = ()
    rated: bool = True

    @property
    def titles(self) -> tuple[str, ...]:
        """Its wordings, the title first."""
        return (self.title, *self.also)


@dataclass(frozen=True, slots=True)
class UnitKind:
    """A kind of unit that is inspected, and the words that go with a name without being of it.

    Attributes:
        kind: As in the column `unit_type`.
        behind: Words behind a name: "PDU", "Borough Council".
        before: Words before it: "London Borough of".
        named: What one is called in a sentence, and what several are.
    """

    kind: str
    behind: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def counted(self, number: int) -> str:
        """Say how many there are: "1 region"; by the word of the column where it has no name."""
        one, many = self.named or (
            f"unit of the kind “{self.kind}”",
            f"units of the kind “{self.kind}”",
        )
        return f"{number:,} {one if number == 1 else many}"


@dataclass(frozen=True, slots=True)
class Wordings:
    """The headings that reports share, or that a framework has besides.

    Attributes:
        polarity: Headings of lists of findings.
        sections: Parts that are not standards.
        openings: First words of headings of such parts.
        boxes: Headings of practice examples.
        subsections: Unnumbered headings below a standard, with their spelling.
    """

    polarity: Mapping[str, Polarity] = field(default_factory=dict)
    sections: Mapping[str, SectionKind] = field(default_factory=dict)
    openings: Mapping[str, SectionKind] = field(default_factory=dict)
    boxes: frozenset[str] = frozenset()
    subsections: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Framework:
    """An inspection programme: whom it inspects, when, against which standards, in which words.

    Attributes:
        prefix: Letter printed before its codes, as in `P 1.1`; empty where there is none.
        since: First month of publication known; `until` the last; empty where open.
        maxima: Scores that a document can be out of; empty where unknown.
        sure: Whether its standards were seen in print.
        rated: Whether it gives ratings at all.
        titled: Wordings in a document's title that name the framework.
        titles: Forms of a document's title; see `form_pattern`.
        told: Forms of words that name the unit in a sentence, where the title does not.
        list_ends: Which headings end a list of findings: `any` as high as the list's own, or
            only a `known` one; all others part the list by topic.
        groups: Titles of its numbered groups of standards, by number.
        wordings: Headings that it has besides those that all reports share.
    """

    slug: str
    name: str
    unit_type: str
    standards: tuple[Standard, ...]
    prefix: str = ""
    since: str = ""
    until: str = ""
    maxima: tuple[int, ...] = ()
    sure: bool = True
    rated: bool = True
    titled: tuple[str, ...] = ()
    titles: tuple[re.Pattern[str], ...] = ()
    told: tuple[re.Pattern[str], ...] = ()
    list_ends: ListEnd = "any"
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    wordings: Wordings = field(default_factory=Wordings)

    def standard(self, *, code: str | None = None, title: str | None = None) -> Standard | None:
        """Return the standard of that code or title; None where there is none.

        A title that stands twice (youth: assessment in and out of court) needs its code.
        """
        found = [
            s
            for s in self.standards
            if (code is None or s.code == code)
            and (title is None or fold(title) in {fold(t) for t in s.titles})
        ]
        return found[0] if found else None

    @property
    def has_own_words(self) -> bool:
        """Whether its headings mean anything that those of other reports do not."""
        return self.wordings != Wordings() or self.list_ends != "any"

    def names(self, title: str) -> bool:
        """Whether a document's title names the framework."""
        folded = fold(title)
        return any(fold(wording) in folded for wording in self.titled)


def form_pattern(form: str, *, whole: bool = True) -> re.Pattern[str]:
    """Compile the form of a title: `Inspection of {topic} in {unit}`.

    `{unit}` stands for the unit's name and `{topic}` for anything, up to the last of the words
    that follow it: of "abuse in the family in Marlock" the unit is Marlock.

    Args:
        form: Words, with `{unit}` once.
        whole: It is all of a title; else a part of a sentence, which the name ends or a comma.

    Raises:
        ValueError: It has another name in braces, or no `{unit}`.
    """
    if names := sorted(set(_PLACEHOLDER.findall(form)) - set(_PLACES)):
        raise ValueError(f"unknown name {{{names[0]}}}")
    if form.count("{unit}") != 1:
        raise ValueError("{unit} must stand in it once")
    parts = _PLACEHOLDER.split(form)
    pieces = [
        _PLACES[part] if index % 2 else r"\s+".join(map(re.escape, re.split(r"\s+", part)))
        for index, part in enumerate(parts)
    ]
    if not whole:
        return re.compile(rf"\b{''.join(pieces)}(?=[.,;]|$)", re.IGNORECASE)
    return re.compile(rf"^{_ARTICLE}{''.join(pieces)}[\s.:]*$", re.IGNORECASE)
