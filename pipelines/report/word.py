"""The report as a Word document: headings, captioned charts, tables, quotations, methods."""

from __future__ import annotations

import io

from docx.document import Document

from pipelines.report.charts import heat_chart, recurrence_chart, trend_chart
from pipelines.report.content import Content, Issue, ThemeSection
from pipelines.report.contrast import by_chance, stand_out
from pipelines.report.drawing import to_png
from pipelines.report.english import counted, interval, listing, opening, percent
from pipelines.report.finding import Evidence
from pipelines.report.matrix import ratings_matrices, standard_code
from pipelines.report.pages import AREA, STRENGTH, byline
from pipelines.report.paper import (
    add_caution,
    add_facts,
    add_picture,
    add_quotation,
    add_table,
    colour_ratings,
    new_document,
)
from pipelines.report.question_pages import add_questions
from pipelines.report.reading import add_read
from pipelines.report.repeated import add_repeats
from pipelines.report.trends import no_trend, trend_points
from pipelines.report.zipped import settled

_ISSUES = 12  # issues with their evidence in print; the rest by name
_CHANGES = 20  # of each kind
_STANDING_OUT = 8  # of each kind; the workbook has all
_UNITS = 14  # columns of a heat map that can be read on a page


def render_word(content: Content) -> bytes:
    """Return the report as the bytes of a `.docx` file."""
    paper = new_document(content.title)
    paper.add_heading(content.title, 0)
    paper.add_paragraph(byline(content))
    if content.scope:
        paper.add_paragraph(content.scope)
    _summary(paper, content)
    _rest(paper, content)
    _changed(paper, content)
    _recurrence(paper, content)
    _heat(paper, content)
    _ratings(paper, content)
    add_questions(paper, content)
    _trend(paper, content)
    _issues(paper, content)
    add_repeats(paper, content)
    _advice(paper, content)
    paper.add_heading("Each theme, with evidence", 1)
    for theme in content.themes:
        _theme(paper, theme)
    add_read(paper, content)
    _methods(paper, content)
    out = io.BytesIO()
    paper.save(out)
    return settled(out.getvalue(), written=content.written)


def _summary(paper: Document, content: Content) -> None:
    paper.add_heading("Summary", 1)
    for sentence in content.summary:
        paper.add_paragraph("".join(part.text for part in sentence), style="List Bullet")
    add_caution(paper, content.provenance.caution)


def _rest(paper: Document, content: Content) -> None:
    if not content.rest:
        return
    paper.add_heading("Against the rest of the batch", 1)
    paper.add_paragraph(f"This extract beside {content.rest}. {by_chance(content.contrasts)}")
    for name, more in (("More frequent here", True), ("Less frequent here", False)):
        paper.add_heading(name, 2)
        found = stand_out(content.contrasts, more=more, most=_STANDING_OUT)
        if not found:
            paper.add_paragraph("Nothing, beyond chance.")
        for one in found:
            paragraph = paper.add_paragraph(style="List Bullet")
            paragraph.add_run(opening(one.name)).bold = True
            side = "strength" if one.polarity == STRENGTH else "area for improvement"
            paragraph.add_run(f" ({side}): {one.said}; difference {one.reach}")


def _changed(paper: Document, content: Content) -> None:
    if content.changed is None:
        return
    paper.add_heading("What changed since the earlier run", 1)
    if not content.changed:
        paper.add_paragraph("Nothing changed.")
    for head, lines in content.changed:
        paper.add_heading(f"{head}: {len(lines)}", 2)
        for line in lines[:_CHANGES]:
            paper.add_paragraph(line, style="List Bullet")
        if len(lines) > _CHANGES:
            paper.add_paragraph(f"And {len(lines) - _CHANGES} more.")


def _recurrence(paper: Document, content: Content) -> None:
    paper.add_heading("Which themes recur", 1)
    counted_themes = [theme for theme in content.themes if theme.units]
    if not counted_themes:
        paper.add_paragraph("Recurrence was not counted in this run.")
        return
    add_picture(
        paper,
        to_png(recurrence_chart(counted_themes)),
        "Share of units with a strength (left) and with an area for improvement (right), "
        "by theme, with 95% intervals",
    )
    add_table(
        paper,
        [
            "Theme",
            "Areas: units",
            "95% interval",
            "Findings",
            "Strengths: units",
            "95% interval",
            "Findings",
        ],
        [
            [
                theme.name,
                theme.areas.said,
                interval(theme.areas.low, theme.areas.high),
                str(theme.areas.findings),
                theme.strengths.said,
                interval(theme.strengths.low, theme.strengths.high),
                str(theme.strengths.findings),
            ]
            for theme in counted_themes
        ],
        "Units with at least one finding on the theme, of all units read",
        size=8,
        widths=[4.4, 1.7, 2.5, 1.9, 2.0, 2.5, 1.9],
    )


def _heat(paper: Document, content: Content) -> None:
    paper.add_heading("Theme by unit", 1)
    if not content.cells:
        paper.add_paragraph("No theme was found in any unit.")
        return
    caption = "Findings that are areas for improvement, by theme and unit"
    for start in range(0, len(content.units), _UNITS):
        units = content.units[start : start + _UNITS]
        part = f" (units {start + 1} to {start + len(units)})"
        span = part if len(content.units) > _UNITS else ""
        add_picture(paper, to_png(heat_chart(content, units, AREA)), caption + span)


def _ratings(paper: Document, content: Content) -> None:
    paper.add_heading("Ratings", 1)
    matrices = ratings_matrices(content)
    if not matrices:
        paper.add_paragraph("The reports in this batch carry no ratings.")
    else:
        paper.add_paragraph(
            "O: Outstanding, G: Good, R: Requires improvement, I: Inadequate, N: not rated."
        )
    for matrix in matrices:
        table = add_table(
            paper,
            ["Unit", "Published", "Overall", *map(standard_code, matrix.standards)],
            [
                [unit.name, inspection.date, inspection.rating[:1], *(r[:1] for _, r in cells)]
                for unit, inspection, cells in matrix.rows
            ],
            "Ratings as printed" + (f", {matrix.framework}" if matrix.framework else ""),
            size=8,
            widths=[3.2, 2.6, 1.7, *(9.5 / len(matrix.standards) for _ in matrix.standards)],
        )
        colour_ratings(table, columns=2)
        paper.add_paragraph(f"{'; '.join(matrix.standards) or 'Rated overall only'}.")


def _trend(paper: Document, content: Content) -> None:
    paper.add_heading("Change over time", 1)
    points = trend_points(content)
    if not points:
        paper.add_paragraph(no_trend(content))
        return
    add_picture(
        paper,
        to_png(trend_chart(points)),
        "Share of units with an area for improvement, by year; lines join only years inspected "
        "under one framework",
    )


def _issues(paper: Document, content: Content) -> None:
    paper.add_heading("Recurring issues", 1)
    if not content.issues:
        paper.add_paragraph("No issue recurs across units in this batch.")
    for polarity, name in ((AREA, "Areas for improvement"), (STRENGTH, "Strengths")):
        chosen = [issue for issue in content.issues if issue.polarity == polarity]
        if not chosen:
            continue
        paper.add_heading(name, 2)
        for issue in chosen[:_ISSUES]:
            _issue(paper, issue)
        if rest := chosen[_ISSUES:]:
            named = listing([f"{opening(i.label)} ({i.count.said} units)" for i in rest])
            paper.add_paragraph(f"Also: {named}.")


def _issue(paper: Document, issue: Issue) -> None:
    paragraph = paper.add_paragraph()
    paragraph.add_run(opening(issue.label)).bold = True
    reach = interval(issue.count.low, issue.count.high)
    said = (f"{issue.count.said} units", f"95% interval {reach}" if reach else "", *issue.remarks)
    findings = counted(issue.count.findings, "finding")
    paragraph.add_run(f" ({issue.theme_name}): {findings} in {'; '.join(filter(None, said))}")
    paragraph.paragraph_format.keep_with_next = True
    _quote(paper, issue.evidence[:1])


def _quote(paper: Document, evidence: tuple[Evidence, ...]) -> None:
    for finding in evidence:
        add_quotation(paper, finding.text, finding.cited)


def _advice(paper: Document, content: Content) -> None:
    paper.add_heading("Recommendations and their evidence", 1)
    if not content.advice:
        paper.add_paragraph("No recommendations were found.")
    unit = ""
    for item in content.advice:
        if item.unit != unit:
            unit = item.unit
            paper.add_heading(unit, 2)
        paragraph = paper.add_paragraph(f"{item.number}. ")
        if item.addressee:
            paragraph.add_run(f"{item.addressee} should ").bold = True
        paragraph.add_run(item.text)
        for finding, _ in item.evidence[:1]:
            add_quotation(paper, finding.text, item.cited(finding))


def _theme(paper: Document, theme: ThemeSection) -> None:
    paper.add_heading(theme.name, 2)
    paper.add_paragraph("Found as " + "".join(part.text for part in theme.sentence))
    sides = (("Areas for improvement", theme.area_quotes), ("Strengths", theme.strength_quotes))
    for name, quotes in sides:
        if quotes:
            paper.add_heading(name, 3)
            _quote(paper, quotes)
    if theme.figures:
        lowest, highest = theme.figures[0].value, theme.figures[-1].value
        paper.add_paragraph(
            f"{counted(len(theme.figures), 'share')} of cases stated in findings, from "
            f"{percent(lowest)} to {percent(highest)}; they measure different things."
        )


def _methods(paper: Document, content: Content) -> None:
    paper.add_page_break()
    paper.add_heading("How this report was made", 1)
    for text in (
        "Each report was read as text and cut into findings: the bullets under “Strengths” and "
        "“Areas for improvement” of each standard, whole and word for word. Each finding was "
        "given one to four themes of the codebook by a statistical model trained on labelled "
        "findings. Themes were then counted: a theme recurs in a unit if at least one finding of "
        "the unit has it, however many there are.",
        "Intervals are 95% Wilson score intervals. They say how far the share could plausibly "
        "lie from the one counted, given how few units were read; they do not allow for errors "
        "of the model or for how units were chosen for inspection.",
        "Words for shares follow one rule: with fewer than ten units only numbers are given; from "
        "ten on “most” and “a minority” are used only when the whole interval lies above or "
        "below one half, and “about half” only for 40% to 60%.",
    ):
        paper.add_paragraph(text)
    add_caution(paper, content.provenance.caution)
    add_facts(paper, content.provenance.facts)
    hashes = [[source.path, source.sha256] for source in content.sources if source.sha256]
    if hashes:
        add_table(
            paper,
            ["File", "SHA-256"],
            hashes,
            "Fingerprints of the files read",
            size=7,
            widths=[6, 11],
        )
