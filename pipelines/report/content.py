"""What a report says, ready to be printed; HTML, Markdown, Word and Excel are made from this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.records import Polarity
from pipelines.report.changed import Changed
from pipelines.report.contrast import Contrast
from pipelines.report.counts import Count
from pipelines.report.english import counted, span
from pipelines.report.evidence import Words
from pipelines.report.finding import Evidence, Findings
from pipelines.report.questions import Question
from pipelines.report.repeats import Repeat
from pipelines.report.sentence import Sentence
from pipelines.report.unread import Unread


@dataclass(frozen=True, slots=True)
class Source:
    """A file given to the run and what became of it."""

    path: str
    status: str
    unit: str = ""
    region: str = ""
    date: str = ""
    rating: str = ""
    score: str = ""
    findings: int = 0
    strengths: int = 0
    areas: int = 0
    leftovers: int = 0
    pages: str = ""
    sha256: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """A recurring issue with the findings that stand for it.

    `opposite`: units with its other pole; `decided`: what people did; `dates`: the first and last.
    """

    anchor: str
    issue_id: str
    label: str
    theme: str
    theme_name: str
    polarity: str
    terms: tuple[str, ...]
    count: Count
    stability: float | None
    evidence: tuple[Evidence, ...]
    opposite: int = 0
    new: bool = False
    decided: tuple[str, ...] = ()
    dates: tuple[str, str] = ("", "")

    @property
    def found(self) -> str:
        """From when to when it was found."""
        return span(self.dates)

    @property
    def counted(self) -> tuple[str, ...]:
        """In how many units it is sure, if not in all, and its other pole is found; and when."""
        sure = counted(self.count.certain, "unit") if self.count.certain else "none"
        other = "to be improved" if self.polarity == Polarity.STRENGTH else "a strength"
        return (
            *([f"sure in {sure}"] if self.count.rests_on else []),
            *([f"{other} in {self.opposite}"] if self.opposite else []),
            *([f"found {self.found}"] if self.found else []),
        )

    @property
    def lasting(self) -> tuple[str, ...]:
        """What holds of it in any selection: whether it is new, what people did."""
        return (*(["new: not in the catalogue"] if self.new else []), *self.decided)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is to be said of it beside its count."""
        return (*self.counted, *self.lasting)


@dataclass(frozen=True, slots=True)
class StatedShare:
    """A share that a finding states."""

    evidence: Evidence
    theme: str
    theme_name: str
    text: str
    value: float
    good_share: float | None
    of: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """A recommendation and the findings behind it; `unsure` are ids of those to be checked.

    `matched`: whether findings were, of which those on another matter are none of the evidence.
    """

    unit: str
    date: str
    number: int
    addressee: str
    text: str
    evidence: tuple[tuple[Evidence, float], ...] = ()
    themes: tuple[tuple[str, str], ...] = ()
    document_id: str = ""
    unsure: frozenset[str] = frozenset()
    matched: bool = False

    @property
    def unmatched(self) -> str:
        """Say that there is none; nothing where there is."""
        if self.evidence:
            return ""
        if self.matched:
            return "What was matched to it is on another matter."
        return "No finding was matched to it."

    def remark(self, finding: Evidence) -> str:
        """Say of a finding behind it that it is a strength, or that the link is not sure."""
        side = "a strength" if finding.polarity == Polarity.STRENGTH else ""
        doubt = "check: perhaps not what it answers" if finding.finding_id in self.unsure else ""
        return "; ".join(filter(None, (side, doubt)))

    def cited(self, finding: Evidence) -> str:
        """Return the place of a finding behind it, with what is to be remarked on the link."""
        return "; ".join(filter(None, (finding.cited, self.remark(finding))))


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A theme with several areas for improvement in a report and no recommendation about it."""

    unit: str
    date: str
    theme: str
    theme_name: str
    findings: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A theme that findings suggest and the codebook does not have."""

    label: str
    terms: tuple[str, ...]
    nearest: str
    count: Count
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A key question with the share of cases judged sufficient, in per cent."""

    standard: str
    question: str
    dimension: str
    percent: float


@dataclass(frozen=True, slots=True)
class ThemeSection:
    """A theme: how often, in which issues, on what evidence."""

    slug: str
    name: str
    group: str
    claim: str
    areas: Count
    strengths: Count
    sentence: Sentence = ()
    issues: tuple[Issue, ...] = ()
    area_quotes: tuple[Evidence, ...] = ()
    strength_quotes: tuple[Evidence, ...] = ()
    figures: tuple[StatedShare, ...] = ()

    @property
    def anchor(self) -> str:
        """Id of its section on the page."""
        return f"theme-{self.slug}"

    @property
    def units(self) -> int:
        """Units that it was counted over; 0 where it was not counted."""
        return max(self.areas.units, self.strengths.units)


@dataclass(frozen=True, slots=True)
class Inspection:
    """One inspection of a unit."""

    document_id: str
    date: str
    framework: str
    rating: str
    score: str
    cases: int | None
    standards: tuple[tuple[str, str], ...]
    answers: tuple[Answer, ...]
    strengths: int
    areas: int
    region: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class UnitSection:
    """A unit: its inspections, its themes, what it was recommended."""

    slug: str
    name: str
    region: str
    inspections: tuple[Inspection, ...]
    areas: tuple[tuple[str, str, int], ...]
    strengths: tuple[tuple[str, str, int], ...]
    advice: tuple[Advice, ...] = ()
    repeat: Repeat | None = None
    kind: str = ""  # as in the column unit_type

    @property
    def anchor(self) -> str:
        """Id of its section on the page."""
        return f"unit-{self.slug}"

    @property
    def counted_name(self) -> str:
        """Its name, and how many reports what is counted of it comes from, if not from one."""
        return self.name + (f" ({len(self.inspections)} reports)" if self.inspections[1:] else "")


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A theme in one year of one framework."""

    theme: str
    theme_name: str
    polarity: str
    framework: str
    period: str
    count: Count
    caution: bool


@dataclass(frozen=True, slots=True)
class Provenance:
    """How the report came about: label and value in order, and the caution about tags."""

    facts: tuple[tuple[str, str], ...]
    caution: str


@dataclass(frozen=True, slots=True)
class Content:
    """A whole report, or an extract.

    `sides`: polarities of which findings may be in it; `rest`: what an extract is compared with;
    `words`: asked for those findings alone that are shown with them.
    """

    title: str
    scope: str
    written: str
    summary: tuple[Sentence, ...]
    sources: tuple[Source, ...]
    themes: tuple[ThemeSection, ...]
    units: tuple[UnitSection, ...]
    evidence: Findings
    cells: dict[tuple[str, str, str], int]
    standards: tuple[str, ...]
    issues: tuple[Issue, ...]
    once: int
    figures: tuple[StatedShare, ...]
    repeats: tuple[Repeat, ...]
    advice: tuple[Advice, ...]
    unanswered: tuple[Unanswered, ...]
    proposals: tuple[Proposal, ...]
    trend: tuple[TrendPoint, ...]
    leftovers: tuple[tuple[str, str, str, str], ...]
    provenance: Provenance
    regions: tuple[str, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    unread: Unread | None = None
    questions: tuple[Question, ...] = ()
    sides: tuple[str, ...] = tuple(side.value for side in Polarity)
    rest: str = ""
    contrasts: tuple[Contrast, ...] = ()
    changed: Changed | None = None
    words: Words = field(default_factory=Words)
