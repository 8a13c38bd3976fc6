"""A finding as a report shows it: its text, its place, its tags and why it has them.

A batch may have hundreds of thousands. They are held in columns, and a finding is a place in them:
it costs next to nothing until its text is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, overload

from pipelines.records import Box, Polarity
from pipelines.report.coded import Coded, Columns, Listed, Numbers, places
from pipelines.report.english import plain
from pipelines.shortforms import hovers

AREA: Final = Polarity.AREA_FOR_IMPROVEMENT.value
STRENGTH: Final = Polarity.STRENGTH.value


@dataclass(frozen=True, slots=True)
class Weight:
    """A stretch of a finding's text and what it adds to the log-odds of a theme."""

    start: int
    end: int
    value: float


Kind = tuple[str, str, bool, bool, bool]
"""What many tags share: the theme with its name, whether a person gave it and should look at it,
and whether it is sure."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A theme given to a finding, by the model or by a person (`labelled`), who is certain."""

    theme: str
    name: str
    labelled: bool
    review: bool
    sure: bool
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class Findings(Sequence["Evidence"]):
    """The findings of a report, ordered by unit, date and place in the document.

    Attributes:
        own: What is each finding's own: `anchor`, `finding_id`, `text`, `quotes`, `boxes`.
        shared: What many share, by name of the attribute of `Evidence`.
        ordinals: Of each in its document.
        tags: Themes given, the likeliest first, with their probabilities.
        considered: Themes nearly given.
        issues: Ids, those that are sure first: their weight is 1, of the others 0.
        titles: What short forms stand for, by document.
    """

    own: Columns
    shared: Mapping[str, Coded[str]]
    ordinals: Numbers
    tags: Listed[Kind]
    considered: Listed[Kind]
    issues: Listed[str]
    titles: Mapping[str, Mapping[str, str]]

    def __len__(self) -> int:
        return len(self.ordinals)

    @overload
    def __getitem__(self, at: int) -> Evidence: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Evidence, ...]: ...
    def __getitem__(self, at: int | slice) -> Evidence | tuple[Evidence, ...]:
        chosen = range(len(self))[at]
        if isinstance(chosen, int):
            return Evidence(self, chosen)
        return tuple(Evidence(self, place) for place in chosen)

    def __iter__(self) -> Iterator[Evidence]:
        return (Evidence(self, place) for place in range(len(self)))

    @property
    def review(self) -> Iterator[bool]:
        """Whether a person should look at a tag of each, given or nearly given."""
        doubted = (any(review for *_, review, _ in given) for given in self.tags)
        return (bool(nearly) or one for nearly, one in zip(self.considered, doubted, strict=True))

    def places(self, ids: Iterable[str]) -> Numbers:
        """Return the place of each id among the findings; -1 for none."""
        return places(ids, self.own["finding_id"])

    def known(self, ids: Iterable[str]) -> dict[str, Evidence]:
        """Return those of the ids that are among the findings, by id."""
        asked = list(dict.fromkeys(ids))
        found = self.places(asked).tolist()
        return {name: Evidence(self, at) for name, at in zip(asked, found, strict=True) if at >= 0}


class _Shared:
    """What many findings share."""

    def __set_name__(self, _: type, name: str) -> None:
        self.name = name

    def __get__(self, finding: Evidence, _: type) -> str:
        return finding.among.shared[self.name][finding.at]


class _Own:
    """A text that is the finding's own."""

    def __set_name__(self, _: type, name: str) -> None:
        self.name = name

    def __get__(self, finding: Evidence, _: type) -> str:
        return plain(finding.among.own[self.name][finding.at].as_py())


@dataclass(frozen=True, slots=True)
class Evidence:
    """A finding as it is shown: a place among those of its report."""

    among: Findings = field(repr=False)
    at: int

    anchor = _Own()
    finding_id = _Own()
    text = _Own()
    document_id = _Shared()
    unit = _Shared()
    region = _Shared()
    date = _Shared()
    published = _Shared()
    standard = _Shared()
    subsection = _Shared()
    polarity = _Shared()
    page = _Shared()
    rating = _Shared()
    standard_rating = _Shared()

    @property
    def ordinal(self) -> int:
        """Its number in its document."""
        return int(self.among.ordinals[self.at])

    @property
    def quotes(self) -> tuple[str, ...]:
        """What people said to inspectors, as it cites them."""
        return tuple(map(plain, self.among.own["quotes"][self.at].as_py() or ()))

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Where it stands on its pages."""
        return tuple(map(Box.from_text, self.among.own["boxes"][self.at].as_py() or ()))

    @property
    def tags(self) -> tuple[Tag, ...]:
        """Its themes, the likeliest first."""
        return _tags(self.among.tags[self.at])

    @property
    def considered(self) -> tuple[Tag, ...]:
        """Themes that it was nearly given."""
        return _tags(self.among.considered[self.at])

    @property
    def issues(self) -> tuple[str, ...]:
        """Ids of its issues."""
        return tuple(name for name, _ in self.among.issues[self.at])

    @property
    def hovers(self) -> list[tuple[int, int, str]]:
        """Where its short forms stand, with what to show."""
        return hovers(self.text, self.among.titles.get(self.document_id, {}))

    @property
    def place(self) -> str:
        """Unit, date, standard and page in a line."""
        return ", ".join(filter(None, [self.unit, self.date, self.standard, self.page]))

    @property
    def cited(self) -> str:
        """Its place, and whether it is to be checked: what print says below a quotation."""
        return f"{self.place}; check" if self.review else self.place

    @property
    def review(self) -> bool:
        """Whether a person should look at one of its tags, given or nearly given."""
        return bool(self.considered) or any(tag.review for tag in self.tags)


def _tags(given: Iterable[tuple[Kind, float]]) -> tuple[Tag, ...]:
    return tuple(Tag(*kind, probability) for kind, probability in given)
