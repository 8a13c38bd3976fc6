"""A finding as a report shows it: its text, its place, its tags and why it has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.records import Box
from pipelines.shortforms import hovers


@dataclass(frozen=True, slots=True)
class Weight:
    """A stretch of a finding's text and what it adds to the log-odds of a theme."""

    start: int
    end: int
    value: float


@dataclass(frozen=True, slots=True)
class Tag:
    """A theme given to a finding, by the model or by a person (`labelled`), who is certain."""

    theme: str
    name: str
    probability: float
    labelled: bool = False
    review: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """A finding as it is shown.

    `considered` are themes it was nearly given, `titles` what its document's short forms stand for.
    """

    anchor: str
    finding_id: str
    document_id: str
    ordinal: int
    unit: str
    region: str
    date: str
    published: str
    standard: str
    subsection: str
    polarity: str
    text: str
    quotes: tuple[str, ...]
    page: str
    rating: str
    standard_rating: str
    tags: tuple[Tag, ...]
    considered: tuple[Tag, ...] = ()
    issues: tuple[str, ...] = ()
    boxes: tuple[Box, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def hovers(self) -> list[tuple[int, int, str]]:
        """Where its short forms stand, with what to show: found for those that a page holds."""
        return hovers(self.text, self.titles)

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
