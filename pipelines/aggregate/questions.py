"""Key questions: percentages with their bases, compared across units, joined to themes and issues.

Only inspections of one framework are compared: another framework asks other questions of other
cases. Each unit counts once, with its latest inspection in the framework.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from pipelines import columns as c
from pipelines.aggregate.bearings import load_bearings
from pipelines.aggregate.claims import FINDING, INSPECTION, SUBJECT, Claims
from pipelines.aggregate.counting import SMALL
from pipelines.frameworks import fold
from pipelines.intervals import wilson
from pipelines.naming import with_letters
from pipelines.places import counted_unit
from pipelines.records import Polarity
from pipelines.tables import frame, records, table

_POLARITIES: Final = (Polarity.AREA_FOR_IMPROVEMENT, Polarity.STRENGTH)
_REPORT: Final = "report"
_WORKBOOK: Final = "workbook"


@dataclass(frozen=True, slots=True)
class Asked:
    """A key question of a document with its percentage, and what it is compared by."""

    document_id: str
    unit: str
    region: str | None
    published: str | None
    framework: str | None
    code: str | None
    question: str
    dimension: str | None
    percent: float
    base: int | None
    base_source: str | None
    same: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What is equal for questions that may be compared."""
        return self.framework or "", self.code or "", self.same


def asked_questions(tables: Mapping[str, pd.DataFrame]) -> tuple[Asked, ...]:
    """Return every key question with a percentage; an attached workbook gives its exact base."""
    documents = {row[c.DOCUMENT_ID]: row for row in records(table(tables, "documents"))}
    exact = {
        (row[c.DOCUMENT_ID], row[c.CODE], _same(row)): row
        for row in records(table(tables, "workbook_results"))
    }
    out: list[Asked] = []
    for row in records(table(tables, "key_questions")):
        document = documents.get(row[c.DOCUMENT_ID])
        better = exact.pop((row[c.DOCUMENT_ID], row[c.CODE], _same(row)), None)
        if document is not None and (better or row)[c.PERCENT] is not None:
            out.append(_asked(row, document, better))
    for row in exact.values():  # of questions that the report itself does not print
        document = documents.get(row[c.DOCUMENT_ID])
        if document is not None and row[c.PERCENT] is not None:
            out.append(_asked(row, document, row))
    named = with_letters({(a.framework or "", a.code) for a in out if a.code})
    out = [replace(a, code=named[a.framework or "", a.code]) if a.code else a for a in out]
    return tuple(sorted(_told_apart(out), key=lambda a: (a.document_id, a.code or "", a.question)))


def _asked(row: Mapping[str, Any], document: Mapping[str, Any], exact: Any) -> Asked:  # noqa: ANN401
    cases = document[c.CASES_INSPECTED]
    base = exact[c.BASE] if exact else cases
    return Asked(
        document_id=row[c.DOCUMENT_ID],
        unit=counted_unit(document[c.UNIT], row[c.DOCUMENT_ID]),
        region=document[c.REGION],
        published=document[c.PUBLISHED],
        framework=document[c.FRAMEWORK],
        code=row[c.CODE],
        question=row[c.QUESTION] or "",
        dimension=row[c.DIMENSION],
        percent=float((exact or row)[c.PERCENT]),
        base=None if base is None else int(base),
        base_source=None if base is None else _WORKBOOK if exact else _REPORT,
    )


def _same(row: Mapping[str, Any]) -> str:
    return fold(row[c.QUESTION] or "") or row[c.DIMENSION] or ""


def _told_apart(asked: Iterable[Asked]) -> Iterator[Asked]:
    """Say by what each question is compared: its dimension where that is enough, else its words.

    Reports word one question in several ways; two questions of one standard and dimension in one
    report are two.
    """
    listed = list(asked)
    times: dict[tuple[str, str | None, str | None], int] = {}
    for one in listed:
        place = (one.document_id, one.code, one.dimension)
        times[place] = times.get(place, 0) + 1
    several = {
        (one.framework, one.code, one.dimension)
        for one in listed
        if times[one.document_id, one.code, one.dimension] > 1
    }
    for one in listed:
        plain = one.dimension and (one.framework, one.code, one.dimension) not in several
        yield replace(one, same=str(one.dimension) if plain else fold(one.question))


def compare_questions(asked: Iterable[Asked]) -> pd.DataFrame:
    """Return the table `question_units`: each question beside the other units' answers to it."""
    groups = _grouped(asked)
    rows = []
    for one in (entry for group in groups.values() for entry in group):
        others = [other.percent for other in _latest(groups[one.key]) if other.unit != one.unit]
        middle = round(median(others), 1) if others else None
        low, high = _interval(one)
        rows.append(
            {
                c.DOCUMENT_ID: one.document_id,
                c.UNIT: one.unit,
                c.REGION: one.region,
                c.PUBLISHED: one.published,
                c.FRAMEWORK: one.framework,
                c.CODE: one.code,
                c.QUESTION: one.question,
                c.DIMENSION: one.dimension,
                c.COMPARED_BY: one.same,
                c.PERCENT: one.percent,
                c.BASE: one.base,
                c.BASE_SOURCE: one.base_source,
                c.LOW: low,
                c.HIGH: high,
                c.OTHER_UNITS: len(others),
                c.MEDIAN: middle,
                c.DIFFERENCE: None if middle is None else round(one.percent - middle, 1),
                c.CAUTION: len(others) < SMALL,
            }
        )
    rows.sort(key=lambda r: (r[c.DOCUMENT_ID], str(r[c.CODE]), str(r[c.QUESTION])))
    return frame("question_units", rows)


def _interval(one: Asked) -> tuple[float | None, float | None]:
    if not one.base or not 0 <= one.percent <= 100:
        return None, None
    low, high = wilson(round(one.percent * one.base / 100), one.base)
    return round(100 * low, 1), round(100 * high, 1)


def _grouped(asked: Iterable[Asked]) -> dict[tuple[str, str, str], list[Asked]]:
    groups: dict[tuple[str, str, str], list[Asked]] = {}
    for one in asked:
        groups.setdefault(one.key, []).append(one)
    return groups


def _latest(group: Iterable[Asked]) -> list[Asked]:
    by_unit: dict[str, Asked] = {}
    for one in sorted(group, key=lambda a: (a.published or "", a.document_id)):
        by_unit[one.unit] = one
    return [by_unit[unit] for unit in sorted(by_unit)]


@dataclass(frozen=True, slots=True)
class Claimed:
    """Findings by what they are about: ids of documents, by subject and polarity."""

    themes: dict[tuple[str, str], dict[str, int]]
    issues: dict[tuple[str, str], frozenset[str]]
    issue_themes: dict[str, str]


def claimed_by(claimed: Claims, grouped: pa.Table, issues: pd.DataFrame) -> Claimed:
    """Collect which documents have findings on which themes and in which issues.

    Args:
        claimed: The claims.
        grouped: What `issue_findings` says of findings, as `CountedFindings.stated` returns it.
        issues: The table of that name.
    """
    documents = claimed.inspections[c.DOCUMENT_ID].to_pylist()
    by = [c.THEME, c.POLARITY, INSPECTION]
    counts = claimed.rows.group_by(by).aggregate([(FINDING, "count")])
    themes: dict[tuple[str, str], dict[str, int]] = {}
    for theme, polarity, place, number in _each(counts):
        themes.setdefault((theme, polarity), {})[documents[place]] = number
    polarities = dict(zip(issues[c.ISSUE_ID], issues[c.POLARITY], strict=True))
    members: dict[tuple[str, str], set[str]] = {}
    for issue, place in _each(grouped.group_by([SUBJECT, INSPECTION]).aggregate([])):
        if issue in polarities:
            members.setdefault((issue, polarities[issue]), set()).add(documents[place])
    return Claimed(
        themes,
        {place: frozenset(found) for place, found in members.items()},
        dict(zip(issues[c.ISSUE_ID], issues[c.THEME], strict=True)),
    )


def _each(rows: pa.Table) -> Iterator[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in rows.columns), strict=True)


def join_themes(asked: Iterable[Asked], claimed: Claimed) -> pd.DataFrame:
    """Return the table `question_themes`: findings on the themes that a question asks about."""
    rows = []
    for one in asked:
        for theme in load_bearings().themes(one.question, one.dimension):
            areas, strengths = (
                claimed.themes.get((theme, polarity), {}).get(one.document_id, 0)
                for polarity in _POLARITIES
            )
            issues = [
                issue
                for (issue, _), documents in sorted(claimed.issues.items())
                if claimed.issue_themes[issue] == theme and one.document_id in documents
            ]
            rows.append(
                {
                    c.DOCUMENT_ID: one.document_id,
                    c.CODE: one.code,
                    c.QUESTION: one.question,
                    c.DIMENSION: one.dimension,
                    c.PERCENT: one.percent,
                    c.THEME: theme,
                    c.AREAS_FOR_IMPROVEMENT: areas,
                    c.STRENGTHS: strengths,
                    c.ISSUES: issues,
                }
            )
    return frame("question_themes", rows)


def contrast_questions(asked: Iterable[Asked], claimed: Claimed) -> pd.DataFrame:
    """Return the table `question_contrast`: answers of units with a theme or issue, and without."""
    rows = []
    for key, group in sorted(_grouped(asked).items()):
        latest = _latest(group)
        first = latest[0]
        usual = max(sorted({one.question for one in latest}), key=lambda q: _times(latest, q))
        bearing = set(load_bearings().themes(usual, first.dimension))
        for kind, subject, polarity, having in _subjects(claimed, bearing):
            with_it = [one.percent for one in latest if one.document_id in having]
            without = [one.percent for one in latest if one.document_id not in having]
            if not with_it or not without:
                continue
            one, other = round(median(with_it), 1), round(median(without), 1)
            rows.append(
                {
                    c.FRAMEWORK: key[0] or None,
                    c.CODE: key[1] or None,
                    c.DIMENSION: first.dimension,
                    c.COMPARED_BY: first.same,
                    c.QUESTION: usual,
                    c.KIND: kind,
                    c.SUBJECT: subject,
                    c.POLARITY: polarity,
                    c.UNITS_WITH: len(with_it),
                    c.PERCENT_WITH: one,
                    c.OTHER_UNITS: len(without),
                    c.OTHER_PERCENT: other,
                    c.DIFFERENCE: round(one - other, 1),
                    c.CAUTION: min(len(with_it), len(without)) < SMALL,
                }
            )
    return frame("question_contrast", rows)


def _times(group: Iterable[Asked], question: str) -> int:
    return sum(one.question == question for one in group)


def _subjects(claimed: Claimed, bearing: set[str]) -> Iterator[tuple[str, str, str, Iterable[str]]]:
    for (theme, polarity), counts in sorted(claimed.themes.items()):
        if theme in bearing:
            yield "theme", theme, polarity, counts
    for (issue, polarity), documents in sorted(claimed.issues.items()):
        if claimed.issue_themes[issue] in bearing:
            yield "issue", issue, polarity, documents
