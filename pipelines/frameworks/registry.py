"""All frameworks, and what one document's headings mean under the framework it follows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from pipelines.frameworks.entries import (
    Framework,
    ListEnd,
    SectionKind,
    UnitKind,
    Wordings,
    fold,
)
from pipelines.numbers import number_words
from pipelines.records import Polarity

# "Good practice example" is headed as "Good practice" is; "Practice example" has a name of its own.
_KIND: Final = re.compile(
    r"(?<=[a-z] practice) (?:examples?|case stud(?:y|ies)|illustrations?|spotlights?|snapshots?)\b"
)


@dataclass(frozen=True, slots=True)
class Registry:
    """All frameworks, and the wordings shared by them; look-ups take any case and spacing.

    Attributes:
        titles: Spelling of each standard's wordings.
        groups: Titles of groups of standards.
        list_ends: Which headings end a list of findings; see `Framework`.
    """

    frameworks: tuple[Framework, ...]
    polarity: Mapping[str, Polarity]
    sections: Mapping[str, SectionKind]
    openings: Mapping[str, SectionKind]
    boxes: frozenset[str]
    subsections: Mapping[str, str]
    dimensions: Mapping[str, tuple[str, ...]]
    unit_kinds: tuple[UnitKind, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    groups: frozenset[str] = frozenset()
    list_ends: ListEnd = "any"

    def framework(self, slug: str | None) -> Framework | None:
        """Return the framework of that slug; None where there is none."""
        return next((f for f in self.frameworks if f.slug == slug), None)

    def named(self, title: str) -> Framework | None:
        """Return the framework that a title names; None where none is named."""
        return next((f for f in self.frameworks if f.names(title)), None)

    def under(self, framework: Framework | None) -> Registry:
        """Return the registry for a document that is known to follow a framework.

        The framework's headings mean what it says they do; titles of standards that only others
        have are plain headings in it.
        """
        if framework is None:
            return self
        own = framework.wordings
        # Of a framework whose standards nobody wrote down any title known may be one.
        told = bool(framework.standards) or framework.list_ends == "known"
        bare = told and not framework.standards
        groups = frozenset(fold(t) for _, titles in framework.groups for t in titles)
        return replace(
            self,
            polarity={**self.polarity, **own.polarity},
            sections={**self.sections, **own.sections},
            openings={**self.openings, **own.openings},
            boxes=self.boxes | own.boxes,
            subsections={**({} if bare else self.subsections), **own.subsections},
            titles=spellings((framework,)) if told else self.titles,
            groups=groups if told else self.groups,
            list_ends=framework.list_ends,
        )

    def section(self, title: str) -> SectionKind | None:
        """Say what part of a report a heading opens; None where it is not a known part."""
        folded = fold(title)
        if found := self.sections.get(folded):
            return found
        first = re.match(r"[a-z]+", folded)
        return self.openings.get(first[0]) if first else None

    def is_box(self, title: str, *, heading: bool = True) -> bool:
        """Whether a line is the heading of a practice example, in whatever words.

        "Practice example", alone or with what it is of behind a colon, a dash or a number. A
        heading may also say it in passing: "Box 2: examples of good practice in court".
        """
        folded = _KIND.sub("", fold(re.sub(r"\s+[–—-]\s+", ": ", title, count=1)), count=1)
        named = re.match(r"(.*?)(?:\s*:\s*\S.*|\s+\d+.*)$", folded)
        if folded in self.boxes or (named is not None and named[1] in self.boxes):
            return True
        passing = _passing(self.boxes).fullmatch(folded) if heading else None
        leads = title.rstrip().endswith((":", "."))  # "Examples of this included:" leads to items
        return passing is not None and not (leads and passing["of"])

    def dimension(self, question: str) -> str | None:
        """Say what a key question is about; None where no wording tells."""
        folded = fold(question)
        for name, words in self.dimensions.items():
            if any(re.search(_wording(w), folded) for w in words):
                return name
        return None


@lru_cache(maxsize=64)
def _passing(titles: frozenset[str]) -> re.Pattern[str]:
    """Headings that hold one of these titles behind what leads to it, and before what it is of."""
    named = "|".join(map(re.escape, sorted(titles)))
    counted = "|".join(number_words().cardinals)
    return re.compile(
        r"(?:box \w+\W+)?(?:(?:an?|some|areas? of|cases? of|examples? (?:of|from)) )*"
        rf"(?:{named}|examples? of (?:\w+ )?practice)s?"
        rf"(?P<of>\s*[:(].*|\s(?:\d+|{counted}|about|at|by|for|from|in|of|on|with)\b.*)?"
    )


def spellings(frameworks: Iterable[Framework]) -> dict[str, str]:
    """Map each wording of a standard to its spelling; other wordings never displace a title."""
    standards = [s for f in frameworks for s in f.standards]
    titles = {fold(s.title): s.title for s in standards}
    for standard in standards:
        for wording in standard.also:
            titles.setdefault(fold(wording), wording)
    return titles


def build_registry(
    frameworks: tuple[Framework, ...],
    shared: Wordings,
    dimensions: Mapping[str, tuple[str, ...]],
    unit_kinds: tuple[UnitKind, ...],
) -> Registry:
    """Make a registry of frameworks and of the wordings that all reports share."""
    return Registry(
        frameworks=frameworks,
        polarity=shared.polarity,
        sections=shared.sections,
        openings=shared.openings,
        boxes=shared.boxes,
        subsections=shared.subsections,
        dimensions=dimensions,
        unit_kinds=unit_kinds,
        titles=spellings(frameworks),
        groups=frozenset(fold(t) for f in frameworks for _, titles in f.groups for t in titles),
    )


def _wording(word: str) -> str:
    """A wording as a pattern of whole words; a star at its end stands for any ending."""
    stem = re.escape(fold(word.rstrip("*")))
    return rf"\b{stem}" if word.endswith("*") else rf"\b{stem}\b"
