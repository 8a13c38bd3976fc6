"""Key questions side by side: each with the units that were asked it, and what bears on it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import pandas as pd

from pipelines import columns as c
from pipelines.records import Polarity
from pipelines.report.english import month
from pipelines.report.finding import Findings
from pipelines.report.rows import Row, by, rows_of

WORKBOOK = "workbook"


@dataclass(frozen=True, slots=True)
class Answered:
    """What a unit's report says to a key question, in per cent of its cases.

    Attributes:
        exact: Whether the base is of a data workbook; else it is all cases inspected.
        latest: Whether it is of the unit's latest inspection in the framework, which is compared.
        median: Of the other units; None where no other was asked.
        areas, strengths: Findings of the report on the themes that the question bears on, each
            once however many of them it is about.
        issues: Labels of those of them that recur.
    """

    document_id: str
    unit: str
    region: str
    date: str
    published: str
    question: str
    percent: float
    base: int | None
    exact: bool
    low: float | None
    high: float | None
    other_units: int
    median: float | None
    latest: bool
    areas: int
    strengths: int
    issues: tuple[str, ...]

    @property
    def apart(self) -> float | None:
        """Points above the median of the other units, or below it."""
        return None if self.median is None else round(self.percent - self.median, 1)


@dataclass(frozen=True, slots=True)
class Contrasted:
    """Medians of units with a theme or an issue, and of the units without it.

    `anchor` is the theme's slug or the issue's id.
    """

    kind: str
    anchor: str
    name: str
    polarity: str
    units_with: int
    percent_with: float
    other_units: int
    other_percent: float
    caution: bool

    @property
    def apart(self) -> float:
        """Points between the two medians."""
        return round(self.percent_with - self.other_percent, 1)


@dataclass(frozen=True, slots=True)
class Question:
    """A key question of a framework, with the answers in the order of their percentages."""

    framework: str
    code: str
    text: str
    dimension: str
    themes: tuple[tuple[str, str], ...]
    answers: tuple[Answered, ...]
    contrasts: tuple[Contrasted, ...]

    @property
    def compared(self) -> tuple[Answered, ...]:
        """The latest answer of each unit."""
        return tuple(answer for answer in self.answers if answer.latest)

    @property
    def middle(self) -> float:
        """The median of the units."""
        return round(median(answer.percent for answer in self.compared), 1)

    @property
    def bases(self) -> str:
        """How many cases the percentages are of: `32 to 60`; empty where that is not known."""
        known = sorted({a.base for a in self.compared if a.base is not None})
        return " to ".join(map(str, dict.fromkeys([known[0], known[-1]]))) if known else ""


def gather_questions(
    tables: Mapping[str, pd.DataFrame],
    names: Mapping[str, str],
    evidence: Findings,
    *,
    about: Sequence[str] = (),
) -> tuple[Question, ...]:
    """Build the key questions that more units than one were asked, by framework and code.

    Args:
        tables: Uses question_units, question_themes, question_contrast and issues.
        names: Of themes.
        evidence: The findings.
        about: Slugs of themes, one of which a question must bear on; empty for all questions.
    """
    labels = {row[c.ISSUE_ID]: str(row[c.LABEL]) for row in rows_of(tables, "issues")}
    joined = by(rows_of(tables, "question_themes"), c.DOCUMENT_ID, c.CODE, c.QUESTION)
    key = (c.FRAMEWORK, c.CODE, c.COMPARED_BY)
    contrasts = by(rows_of(tables, "question_contrast"), *key)
    given = _given(evidence)
    out = []
    for asked, rows in by(rows_of(tables, "question_units"), *key).items():
        if not any(row[c.OTHER_UNITS] for row in rows):
            continue
        bearing = {id(row): joined.get(_place(row), []) for row in rows}
        themes = {join[c.THEME] for joins in bearing.values() for join in joins}
        if about and not themes & set(about):
            continue
        latest = _latest(rows)
        answers = [
            _answered(row, bearing[id(row)], given, labels, latest=row[c.DOCUMENT_ID] in latest)
            for row in rows
        ]
        out.append(
            Question(
                framework=asked[0] or "",
                code=asked[1] or "",
                text=_usual(answers),
                dimension=min(row[c.DIMENSION] or "" for row in rows),
                themes=tuple(sorted((theme, names.get(theme, theme)) for theme in themes)),
                answers=tuple(sorted(answers, key=lambda a: (a.percent, a.unit, a.document_id))),
                contrasts=_contrasts(contrasts.get(asked, []), names, labels),
            )
        )
    return tuple(sorted(out, key=lambda q: (q.framework, q.code, q.dimension, q.text)))


_Given = Mapping[tuple[str, str], Counter[frozenset[str]]]
"""How many findings have which themes, by document and polarity."""


def _given(evidence: Findings) -> _Given:
    given: dict[tuple[str, str], Counter[frozenset[str]]] = defaultdict(Counter)
    shared = (evidence.shared["document_id"], evidence.shared["polarity"])
    for document, polarity, tags in zip(*shared, evidence.tags, strict=True):
        given[document, polarity][frozenset(theme for theme, *_ in tags)] += 1
    return given


def _place(row: Row) -> tuple[object, ...]:
    return row[c.DOCUMENT_ID], row[c.CODE], row[c.QUESTION]


def _latest(rows: Iterable[Row]) -> set[str]:
    """Return the documents whose answers count: of each unit the latest."""
    ordered = sorted(rows, key=lambda row: (row[c.PUBLISHED] or "", row[c.DOCUMENT_ID]))
    return set({row[c.UNIT]: row[c.DOCUMENT_ID] for row in ordered}.values())


def _usual(answers: Sequence[Answered]) -> str:
    """Return the wording that most reports print."""
    said = [answer.question for answer in answers]
    return max(sorted(set(said)), key=said.count)


def _answered(
    row: Row, joins: Sequence[Row], given: _Given, labels: Mapping[str, str], *, latest: bool
) -> Answered:
    themes = {join[c.THEME] for join in joins}
    areas, strengths = (
        sum(
            number
            for held, number in given.get((row[c.DOCUMENT_ID], polarity), Counter()).items()
            if not themes.isdisjoint(held)
        )
        for polarity in (Polarity.AREA_FOR_IMPROVEMENT, Polarity.STRENGTH)
    )
    issues = {issue for join in joins for issue in join[c.ISSUES]}
    return Answered(
        document_id=str(row[c.DOCUMENT_ID]),
        unit=str(row[c.UNIT]),
        region=row[c.REGION] or "",
        date=month(row[c.PUBLISHED]),
        published=row[c.PUBLISHED] or "",
        question=row[c.QUESTION] or "",
        percent=float(row[c.PERCENT]),
        base=None if row[c.BASE] is None else int(row[c.BASE]),
        exact=row[c.BASE_SOURCE] == WORKBOOK,
        low=row[c.LOW],
        high=row[c.HIGH],
        other_units=int(row[c.OTHER_UNITS]),
        median=row[c.MEDIAN],
        latest=latest,
        areas=areas,
        strengths=strengths,
        issues=tuple(sorted(labels.get(issue, issue) for issue in issues)),
    )


def _contrasts(
    rows: Iterable[Row], names: Mapping[str, str], labels: Mapping[str, str]
) -> tuple[Contrasted, ...]:
    """Build the contrasts of a question, the widest first."""
    out = []
    for row in rows:
        subject = str(row[c.SUBJECT])
        known = names if row[c.KIND] == "theme" else labels
        out.append(
            Contrasted(
                kind=str(row[c.KIND]),
                anchor=subject,
                name=known.get(subject, subject),
                polarity=str(row[c.POLARITY]),
                units_with=int(row[c.UNITS_WITH]),
                percent_with=float(row[c.PERCENT_WITH]),
                other_units=int(row[c.OTHER_UNITS]),
                other_percent=float(row[c.OTHER_PERCENT]),
                caution=bool(row[c.CAUTION]),
            )
        )
    return tuple(sorted(out, key=lambda one: (-abs(one.apart), one.kind, one.anchor, one.polarity)))
