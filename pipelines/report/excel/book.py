"""The report as a workbook: one sheet per table, ready to be filtered and sorted."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.formatting.rule import ColorScaleRule, DataBarRule
from openpyxl.utils import get_column_letter

from pipelines.columns import TABLES
from pipelines.report.content import Content
from pipelines.report.counts import Count
from pipelines.report.english import plain
from pipelines.report.excel.issues import SIDES, add_contrasts, add_issues, add_repeats
from pipelines.report.excel.pivots import add_long, add_trend, issues_of
from pipelines.report.excel.questions import add_question_sheets
from pipelines.report.excel.sheets import (
    Field,
    add_sheet,
    add_table,
    colour_equal,
    colour_ratings,
    dated,
    scored,
)
from pipelines.report.excel.sources import add_sources
from pipelines.report.finding import AREA, STRENGTH, Evidence, Weight
from pipelines.report.matrix import heat_map, standard_columns
from pipelines.report.zipped import settled


def render_excel(content: Content) -> bytes:
    """Return the report as the bytes of an `.xlsx` file."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "probation-findings"
    book.properties.title = plain(content.title)
    _summary(book, content)
    add_contrasts(book, content)
    add_issues(book, content)
    add_repeats(book, content)
    _recurrence(book, content)
    _themes_by_unit(book, content)
    _ratings(book, content)
    add_trend(book, content)
    add_question_sheets(book, content)
    _findings(book, content)
    add_long(book, content)
    _figures(book, content)
    _advice(book, content)
    add_sources(book, content)
    _provenance(book, content)
    _dictionary(book)
    out = io.BytesIO()
    book.save(out)
    return settled(out.getvalue(), written=content.written)


def _summary(book: Workbook, content: Content) -> None:
    lines = [
        content.title,
        *([content.scope] if content.scope else []),
        *("".join(part.text for part in sentence) for sentence in content.summary),
        content.provenance.caution,
    ]
    add_sheet(book, "Summary", [Field("Summary", 110)], [[line] for line in lines])


def _counts(count: Count) -> list[object]:
    if not count.units:  # nothing of that side was chosen, which is not none
        return [None] * 6
    return [count.units_with, count.units, count.share, count.low, count.high, count.findings]


def _recurrence(book: Workbook, content: Content) -> None:
    side = (
        ("units with", 9),
        ("units", 8),
        ("share", 9),
        ("low", 8),
        ("high", 8),
        ("findings", 10),
    )
    fields = [Field("Theme", 33), Field("Group", 30)]
    for name in ("Areas for improvement", "Strengths"):
        fields += [
            Field(f"{name}: {what}", width + 6, "0%" if what in {"share", "low", "high"} else "0")
            for what, width in side
        ]
    rows = [[t.name, t.group, *_counts(t.areas), *_counts(t.strengths)] for t in content.themes]
    sheet = add_sheet(book, "Recurrence", fields, rows)
    if rows:
        for column, colour in (("E", "B4501C"), ("K", "1D6A8A")):
            rule = DataBarRule("num", 0, "num", 1, color=colour)
            sheet.conditional_formatting.add(f"{column}2:{column}{len(rows) + 1}", rule)


def _themes_by_unit(book: Workbook, content: Content) -> None:
    for title, polarity, colour, form, taken in (
        ("Theme x unit, areas", AREA, "E6A27A", "0;-0;;@", "number"),
        ("Theme x unit, strengths", STRENGTH, "8CBFD3", "0;-0;;@", "number"),
        ("Theme x unit, shares of areas", AREA, "E6A27A", "0%;-0%;;@", "share"),
        ("Theme x unit, sh. of strengths", STRENGTH, "8CBFD3", "0%;-0%;;@", "share"),
    ):
        table = heat_map(content, polarity)
        heads = [Field(line.name, 14, form) for line in table.columns]
        fields = [Field(table.down.capitalize(), 33), *heads]
        rows = [[line.name, *(getattr(cell, taken) for cell in line.cells)] for line in table.rows]
        sheet = add_sheet(book, title, fields, rows)
        if rows and table.columns:
            last = get_column_letter(len(fields))
            sheet.conditional_formatting.add(
                f"B2:{last}{len(rows) + 1}",
                ColorScaleRule("num", 0, "FFFFFF", "max", None, None, "max", None, colour),
            )


def _ratings(book: Workbook, content: Content) -> None:
    columns = standard_columns(content)
    names = sorted(set(columns.values()))
    fields = [Field("Unit", 28), Field("Region", 18), Field("Published", 16, dated)]
    fields += [
        Field("Framework", 60),
        Field("Score", 12, scored),
        *(Field(n, 20) for n in ("Overall", *names)),
    ]
    rows: list[list[object]] = []
    for unit, i in ((u, i) for u in content.units for i in u.inspections):
        own = {columns[i.framework, name]: rating for name, rating in i.standards}
        rows.append([unit.name, i.region, i.published or i.date, i.framework, i.score, i.rating])
        rows[-1] += [own.get(name, "") for name in names]
    sheet = add_sheet(book, "Ratings", fields, rows)
    if rows:
        colour_ratings(sheet, f"F2:{get_column_letter(len(fields))}{len(rows) + 1}")


def _findings(book: Workbook, content: Content) -> None:
    having, words = issues_of(content), content.words.of(content.evidence)
    sheet = add_table(
        book,
        "Findings",
        content.evidence,
        (Field("Finding", 30), lambda f: f.finding_id),
        (Field("Unit", 24), lambda f: f.unit),
        (Field("Region", 18), lambda f: f.region),
        (Field("Published", 16, dated), lambda f: f.published),
        (Field("Standard", 26), lambda f: f.standard),
        (Field("Rating of standard", 20), lambda f: f.standard_rating),
        (Field("Overall rating", 20), lambda f: f.rating),
        (Field("Subsection", 24), lambda f: f.subsection),
        (Field("Polarity", 24), lambda f: SIDES[f.polarity]),
        (Field("Text", 80), lambda f: f.text),
        (Field("Quotes", 40), lambda f: "\n".join(f.quotes)),
        (Field("Page", 14), lambda f: f.page),
        (Field("Themes", 44), lambda f: "; ".join(tag.name for tag in f.tags)),
        (Field("Issues", 44), lambda f: "; ".join(i.label for i in having[f.finding_id])),
        (
            Field("Lowest confidence", 12, "0%"),
            lambda f: min((tag.probability for tag in f.tags), default=None),
        ),
        (Field("Perhaps also", 30), lambda f: "; ".join(tag.name for tag in f.considered)),
        (Field("Check", 8), lambda f: "check" if f.review else ""),
        (Field("Because of", 40), lambda f: _reasons(f, words)),
    )
    last = len(content.evidence) + 1
    if last > 1:
        colour_ratings(sheet, f"F2:G{last}")
        colour_equal(sheet, f"Q2:Q{last}", "check", fill="F3C969")


def _reasons(finding: Evidence, spoke: Mapping[tuple[str, str], Sequence[Weight]]) -> str:
    """Name the words that spoke most for each theme."""
    said = []
    for tag in finding.tags:
        own = spoke.get((finding.finding_id, tag.theme), ())
        strongest = sorted(own, key=lambda w: -w.value)[:4]
        if strongest:
            words = ", ".join(finding.text[w.start : w.end] for w in strongest)
            said.append(f"{tag.name}: {words}")
    return "\n".join(said)


def _figures(book: Workbook, content: Content) -> None:
    add_table(
        book,
        "Shares",
        content.figures,
        (Field("Theme", 33), lambda f: f.theme_name),
        (Field("Share", 9, "0%"), lambda f: f.value),
        (Field("As written", 26), lambda f: f.text),
        (Field("Share of good practice", 11, "0%"), lambda f: f.good_share),
        (Field("Counts", 14), lambda f: f.of),
        (Field("Unit", 24), lambda f: f.evidence.unit),
        (Field("Published", 16, dated), lambda f: f.evidence.published),
        (Field("Polarity", 24), lambda f: SIDES[f.evidence.polarity]),
        (Field("Finding", 30), lambda f: f.evidence.finding_id),
        (Field("Text", 80), lambda f: f.evidence.text),
    )


def _advice(book: Workbook, content: Content) -> None:
    add_table(
        book,
        "Recommendations",
        content.advice,
        (Field("Unit", 24), lambda a: a.unit),
        (Field("Published", 16, dated), lambda a: a.date),
        (Field("Number", 9, "0"), lambda a: a.number),
        (Field("Addressee", 28), lambda a: a.addressee),
        (Field("Recommendation", 70), lambda a: a.text),
        (Field("Findings behind it", 12, "0"), lambda a: len(a.evidence)),
        (
            Field("Nearest findings", 80),
            lambda a: "\n".join(f"{f.text} ({a.cited(f)})" for f, _ in a.evidence),
        ),
    )


def _provenance(book: Workbook, content: Content) -> None:
    facts = [*content.provenance.facts, ("Caution", content.provenance.caution)]
    add_sheet(book, "Provenance", [Field("Fact", 34), Field("Value", 100)], facts)


def _dictionary(book: Workbook) -> None:
    fields = [Field("Table", 20), Field("A row is", 40), Field("Column", 24)]
    fields += [Field("Kind", 10), Field("Meaning", 80)]
    add_sheet(
        book,
        "Dictionary",
        fields,
        [[t.name, t.row, k.name, k.kind, k.meaning] for t in TABLES.values() for k in t.columns],
    )
