"""Where the walk through a report stands: values that never change; each step makes new ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from pipelines.frameworks import SectionKind
from pipelines.records import Polarity
from pipelines.segment.headings import Landmark
from pipelines.segment.standards import Place

_NOWHERE: Final = Place()


@dataclass(frozen=True, slots=True)
class OpenList:
    """The list of findings that the walk is in.

    Attributes:
        number: Counted from 1 through the report.
        level: Of its heading; 0 where the reader does not know.
        framed: It stands in a frame, and ends with it.
        topic_level: Of the first heading in it that gave its findings a topic; 0 before that.
    """

    number: int
    polarity: Polarity | None
    level: int
    framed: bool
    topic_level: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """The practice example that the walk is in, where only its heading shows it.

    Attributes:
        level: Of its heading; 0 where the reader does not know.
        named: Its heading says what it is about.
        ends_list: Its heading is as high as that of the list, so that all below it is the example.
        itemised: The bullet before was one of its own.
    """

    level: int
    named: bool
    ends_list: bool
    itemised: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """Where a block stands.

    Attributes:
        section: Part of the report; None inside the standards.
        group: Title of the latest group of standards.
        base: Standard and subsection, as the headings outside of lists give them.
        topic: What a heading inside a list says its findings are about; None before such a one.
        standard_level: Of the heading that opened the standard; 0 where unknown or none is open.
        findings: The list of findings that is open.
        lists: How many lists have begun.
        list_level: Of the latest list's heading, also when that list has ended.
        example: The practice example that is open.
        severed: A heading ended a list here that may have been one inside it.
    """

    section: SectionKind | None = "front"
    group: str = ""
    base: Place = _NOWHERE
    topic: str | None = None
    standard_level: int = 0
    findings: OpenList | None = None
    lists: int = 0
    list_level: int = 0
    example: Example | None = None
    severed: bool = False

    @property
    def place(self) -> Place:
        """Where a finding stands: `base`, or the topic below its standard."""
        return self.base if self.topic is None else replace(self.base, subsection=self.topic)

    def opening(self, section: SectionKind | None, base: Place, *, level: int = 0) -> Position:
        """In a new part or standard, whose heading ended whatever was open."""
        return replace(
            self.below(base),
            section=section,
            standard_level=level,
        )

    def below(self, base: Place) -> Position:
        """In another place of the same standard or part, whose heading ended lists and examples."""
        return replace(self, base=base, topic=None, findings=None, example=None, severed=False)

    def in_list(self, landmark: Landmark, section: SectionKind | None, base: Place) -> Position:
        """In the list of findings that a heading opened."""
        number = self.lists + 1
        return replace(
            self.below(base),
            section=section,
            findings=OpenList(number, landmark.polarity, landmark.level, landmark.framed),
            lists=number,
            list_level=landmark.level,
        )

    def under_topic(self, landmark: Landmark) -> Position:
        """Under the heading of a topic, which divides the list and ends an example below it."""
        findings, example = self.findings, self.example
        if findings is not None and not findings.topic_level:
            findings = replace(findings, topic_level=landmark.level)
        if example is not None and 0 < landmark.level <= example.level:
            example = None
        return replace(self, topic=landmark.title, findings=findings, example=example)

    def in_example(self, landmark: Landmark) -> Position:
        """In the practice example that a heading opened.

        A heading as high as that of the list ends it; what follows is the example's. Where all
        headings are of one level, levels say nothing.
        """
        levelled = self.standard_level < self.list_level
        ends_list = levelled and 0 < landmark.level <= self.list_level
        named = ":" in landmark.title or " – " in landmark.title
        return replace(self, example=Example(landmark.level, named, ends_list))
