"""Sections about a theme, a unit, a recommendation, a pair of inspections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from pipelines import columns as c
from pipelines.aggregate import phrase
from pipelines.codebook import Codebook, Theme
from pipelines.frameworks import load_registry
from pipelines.naming import slug
from pipelines.report.content import (
    Advice,
    Answer,
    Inspection,
    Issue,
    StatedShare,
    ThemeSection,
    UnitSection,
)
from pipelines.report.counts import Count
from pipelines.report.english import counted, interval, month
from pipelines.report.evidence import standard_label, tagged, unit_label
from pipelines.report.finding import AREA, STRENGTH, Evidence, Findings
from pipelines.report.repeats import Repeat
from pipelines.report.rows import Row, by, rows_of
from pipelines.report.sentence import Part, Query, Sentence

_WORDS = {AREA: "an area for improvement", STRENGTH: "a strength"}


def count_of(row: Row | None) -> Count:
    """Read units_with, units, share, interval and findings from a row that has them."""
    if row is None:
        return Count()
    return Count(
        int(row[c.UNITS_WITH]),
        int(row[c.UNITS]),
        row[c.SHARE],
        row[c.LOW],
        row[c.HIGH],
        int(row[c.FINDINGS]),
        None if row.get(c.UNITS_SURE) is None else int(row[c.UNITS_SURE]),
    )


def framework_name(slug: str | None) -> str:
    """Return the name of a framework in the registry; the slug where it is not there."""
    known = load_registry().framework(slug)
    return known.name if known else slug or ""


def gather_themes(
    tables: Mapping[str, pd.DataFrame],
    codebook: Codebook,
    *,
    evidence: Findings,
    issues: Sequence[Issue],
    figures: Sequence[StatedShare],
    quotes: int,
    sides: Sequence[str] = (AREA, STRENGTH),
) -> tuple[ThemeSection, ...]:
    """Build the sections of all themes that any finding has, the most recurrent first.

    Of a polarity that is none of `sides` nothing was chosen, and nothing is counted.
    """
    groups = {group.slug: group.name for group in codebook.groups}
    counts = {
        (row[c.THEME], row[c.POLARITY]): count_of(row) for row in rows_of(tables, "recurrence")
    }
    having = tagged(evidence, quotes)
    known = {theme.slug for theme in codebook.themes}
    themes = [
        *codebook.themes,
        *(Theme(s, "", s, "") for s in sorted({s for s, _ in having} - known)),
    ]
    sections = []
    for theme in themes:
        areas, strengths = (
            (
                counts.get((theme.slug, side)) or Count(findings=having[theme.slug, side][0])
                if side in sides
                else Count()
            )
            for side in (AREA, STRENGTH)
        )
        if not areas.findings and not strengths.findings:
            continue
        sections.append(
            ThemeSection(
                slug=theme.slug,
                name=theme.name,
                group=groups.get(theme.group, ""),
                claim=theme.claim,
                areas=areas,
                strengths=strengths,
                sentence=_found_as(theme.slug, {AREA: areas, STRENGTH: strengths}, sides),
                issues=tuple(issue for issue in issues if issue.theme == theme.slug),
                area_quotes=typical(having[theme.slug, AREA][1], theme.slug, quotes),
                strength_quotes=typical(having[theme.slug, STRENGTH][1], theme.slug, quotes),
                figures=tuple(figure for figure in figures if figure.theme == theme.slug),
            )
        )
    return tuple(sorted(sections, key=_reach))


def _reach(section: ThemeSection) -> tuple[int, int, int, str]:
    areas, strengths = section.areas, section.strengths
    return (-areas.units_with, -areas.findings, -strengths.units_with, section.name)


def _found_as(theme: str, counts: Mapping[str, Count], sides: Sequence[str]) -> Sentence:
    said = [_side(theme, side, counts[side]) for side in (AREA, STRENGTH) if side in sides]
    between = (Part("; "),)
    return (*said[0], *(part for more in said[1:] for part in (*between, *more)), Part("."))


def _side(theme: str, polarity: str, count: Count) -> Sentence:
    address = Query(theme=theme, polarity=polarity).address
    said = Part(counted(count.findings, "finding"), address if count.findings else "")
    if not count.units:
        return (Part(f"as {_WORDS[polarity]} in "), said)
    where = f"{phrase(count.units_with, count.units)}"
    reach = interval(count.low, count.high)
    return (
        Part(
            f"{_WORDS[polarity]} in {where}" + (f", 95% interval {reach}" if reach else "") + " ("
        ),
        said,
        Part(")"),
    )


def typical(findings: Sequence[Evidence], theme: str, limit: int) -> tuple[Evidence, ...]:
    """Choose findings to show for a theme: the surest, each unit once before any twice."""

    def surest(finding: Evidence) -> tuple[float, str]:
        sure = max((tag.probability for tag in finding.tags if tag.theme == theme), default=0.0)
        return (-sure, finding.finding_id)

    seen: dict[str, int] = {}
    turns = []
    for finding in sorted(findings, key=surest):
        seen[finding.unit] = seen.get(finding.unit, 0) + 1
        turns.append((seen[finding.unit], *surest(finding), finding))
    return tuple(turn[-1] for turn in sorted(turns, key=lambda turn: turn[:3])[:limit])


def gather_units(
    tables: Mapping[str, pd.DataFrame],
    names: Mapping[str, str],
    *,
    advice: Sequence[Advice],
    repeats: Sequence[Repeat],
) -> tuple[UnitSection, ...]:
    """Build a section for each unit, by region and name."""
    standards = by(rows_of(tables, "standards"), c.DOCUMENT_ID)
    questions = by(rows_of(tables, "key_questions"), c.DOCUMENT_ID)
    cells = by(rows_of(tables, "theme_unit"), c.UNIT, c.POLARITY)
    documents: dict[str, list[Row]] = {}
    for row in rows_of(tables, "documents"):
        documents.setdefault(unit_label(row), []).append(row)
    asked: dict[str, list[Advice]] = {}
    for one in advice:
        asked.setdefault(one.unit, []).append(one)
    again = {repeat.unit: repeat for repeat in reversed(repeats)}  # the first of each unit
    out, slugs = [], set[str]()
    for unit, inspected in documents.items():
        own = slug(unit)
        while own in slugs:
            own += "-x"
        slugs.add(own)
        inspected.sort(key=lambda row: (row[c.PUBLISHED] or "", row[c.DOCUMENT_ID]))
        out.append(
            UnitSection(
                slug=own,
                name=unit,
                region=inspected[-1][c.REGION] or "",
                inspections=tuple(
                    _inspection(
                        row,
                        standards.get(row[c.DOCUMENT_ID], []),
                        questions.get(row[c.DOCUMENT_ID], []),
                    )
                    for row in inspected
                ),
                areas=_top(cells.get((unit, AREA), []), names),
                strengths=_top(cells.get((unit, STRENGTH), []), names),
                advice=tuple(asked.get(unit, ())),
                repeat=again.get(unit),
                kind=str(inspected[-1][c.UNIT_TYPE] or ""),
            )
        )
    return tuple(sorted(out, key=lambda unit: (unit.region, unit.name)))


def _inspection(row: Row, standards: list[Row], questions: list[Row]) -> Inspection:
    titles = {s[c.CODE]: standard_label(s) for s in standards}
    answers = tuple(
        Answer(
            titles.get(q[c.CODE]) or q[c.CODE] or "",
            q[c.QUESTION],
            q[c.DIMENSION] or "",
            float(q[c.PERCENT]),
        )
        for q in sorted(questions, key=lambda q: (q[c.CODE] or "", q[c.QUESTION]))
        if q[c.PERCENT] is not None
    )
    score = f"{row[c.SCORE]} of {row[c.SCORE_MAX]}" if row[c.SCORE] is not None else ""
    return Inspection(
        document_id=str(row[c.DOCUMENT_ID]),
        date=month(row[c.PUBLISHED]),
        framework=framework_name(row[c.FRAMEWORK]),
        rating=row[c.OVERALL_RATING] or "",
        score=score if row[c.SCORE_MAX] is not None else "",
        cases=row[c.CASES_INSPECTED],
        answers=answers,
        standards=tuple(sorted((standard_label(s), s[c.RATING] or "") for s in standards)),
        strengths=int(row[c.STRENGTHS] or 0),
        areas=int(row[c.AREAS_FOR_IMPROVEMENT] or 0),
        region=row[c.REGION] or "",
        published=row[c.PUBLISHED] or "",
    )


def _top(cells: list[Row], names: Mapping[str, str]) -> tuple[tuple[str, str, int], ...]:
    ordered = sorted(cells, key=lambda row: (-row[c.FINDINGS], row[c.THEME]))
    return tuple(
        (row[c.THEME], names.get(row[c.THEME], row[c.THEME]), int(row[c.FINDINGS]))
        for row in ordered
    )
