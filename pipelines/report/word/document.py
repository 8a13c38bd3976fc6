"""The report as a Word document: headings, captioned charts, tables, quotations, methods."""

from __future__ import annotations

import io

from docx.document import Document

from pipelines.records import POLARITY_NAMES
from pipelines.report.charts.drawing import to_png
from pipelines.report.charts.kinds import heat_chart, recurrence_chart, trend_chart
from pipelines.report.charts.trends import no_trend, trend_points
from pipelines.report.content import Content, Issue
from pipelines.report.contrast import by_chance, stand_out
from pipelines.report.english import counted, interval, opening
from pipelines.report.finding import AREA, STRENGTH
from pipelines.report.matrix import ratings_matrices, standard_code
from pipelines.report.templating import byline
from pipelines.report.word.bookmarks import (
    add_contents,
    add_heading,
    add_sentence,
    bookmark,
    link_cell,
    settle_links,
)
from pipelines.report.word.methods import add_methods
from pipelines.report.word.paper import (
    add_caution,
    add_picture,
    add_table,
    colour_ratings,
    new_document,
)
from pipelines.report.word.questions import add_questions
from pipelines.report.word.quotations import Quotations
from pipelines.report.word.repeats import add_repeats
from pipelines.report.word.sources import add_read
from pipelines.report.zipped import settled

_ISSUES = 12  # issues with their evidence in print; the rest by name
_CHANGES = 20  # of each kind
_STANDING_OUT = 8  # of each kind; the workbook has all
_FEW_THEMES = 3  # of an extract, which then quotes each theme at length
_UNITS = 14  # columns of a heat map that can be read on a page


def render_word(content: Content) -> bytes:
    """Return the report as the bytes of a `.docx` file."""
    paper = new_document(content.title, running=_running(content))
    paper.add_heading(content.title, 0)
    paper.add_paragraph(byline(content))
    if content.scope:
        paper.add_paragraph(content.scope)
    _summary(paper, content)
    paper.add_heading("Contents", 2)
    contents = paper.add_paragraph()
    _rest(paper, content)
    _changed(paper, content)
    quotations = Quotations(paper)
    _issues(paper, content, quotations)
    add_repeats(paper, content, quotations)
    _recurrence(paper, content)
    _heat(paper, content)
    _ratings(paper, content)
    add_questions(paper, content)
    _trend(paper, content)
    _advice(paper, content, quotations)
    _themes(paper, content, quotations)
    add_read(paper, content)
    add_methods(paper, content)
    add_contents(paper, contents)
    settle_links(paper)
    out = io.BytesIO()
    paper.save(out)
    return settled(out.getvalue(), written=content.written)


def _running(content: Content) -> str:
    """Return what stands above every page: the title, and the region where there is but one."""
    region = content.regions[0] if len(content.regions) == 1 else ""
    return content.title if region in content.title else f"{content.title} · {region}"


def _summary(paper: Document, content: Content) -> None:
    paper.add_heading("Summary", 1)
    for sentence in content.summary:
        add_sentence(paper.add_paragraph(style="List Bullet"), sentence)
    add_caution(paper, content.provenance.caution)


def _rest(paper: Document, content: Content) -> None:
    if not content.rest:
        return
    add_heading(paper, "Against the rest of the batch", "rest")
    paper.add_paragraph(f"This extract beside {content.rest}. {by_chance(content.contrasts)}")
    for name, more in (("More frequent here", True), ("Less frequent here", False)):
        paper.add_heading(name, 2)
        found = stand_out(content.contrasts, more=more, most=_STANDING_OUT)
        if not found:
            paper.add_paragraph("Nothing, beyond chance.")
        for one in found:
            paragraph = paper.add_paragraph(style="List Bullet")
            paragraph.add_run(opening(one.name)).bold = True
            paragraph.add_run(
                f" ({POLARITY_NAMES[one.polarity]}): {one.said}; difference {one.reach}"
            )


def _changed(paper: Document, content: Content) -> None:
    if content.changed is None:
        return
    add_heading(paper, "What changed since the earlier run", "changed")
    if not content.changed:
        paper.add_paragraph("Nothing changed.")
    for head, lines in content.changed:
        paper.add_heading(f"{head}: {len(lines)}", 2)
        for line in lines[:_CHANGES]:
            paper.add_paragraph(line, style="List Bullet")
        if len(lines) > _CHANGES:
            paper.add_paragraph(f"And {len(lines) - _CHANGES} more.")


def _recurrence(paper: Document, content: Content) -> None:
    heading = add_heading(paper, "Which themes recur", "recurrence")
    heading.paragraph_format.page_break_before = not (content.rest or content.changed)
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
    table = add_table(
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
        widths=[4.2, 1.7, 2.5, 1.9, 2.3, 2.5, 1.9],
    )
    for row, theme in zip(table.rows[1:], counted_themes, strict=True):
        link_cell(row.cells[0], theme.anchor)


def _heat(paper: Document, content: Content) -> None:
    add_heading(paper, "Theme by unit", "units")
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
    add_heading(paper, "Ratings", "ratings")
    matrices = ratings_matrices(content)
    if not matrices:
        paper.add_paragraph("The reports in this batch carry no ratings.")
    else:
        legend = "O: Outstanding, G: Good, R: Requires improvement, I: Inadequate, N: not rated."
        paper.add_paragraph(legend).paragraph_format.keep_with_next = True
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
    add_heading(paper, "Change over time", "trend")
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


def _issues(paper: Document, content: Content, quotations: Quotations) -> None:
    add_heading(paper, "Recurring issues", "issues")
    if not content.issues:
        paper.add_paragraph("No issue recurs across units in this batch.")
    for polarity, name in ((AREA, "Areas for improvement"), (STRENGTH, "Strengths")):
        chosen = [issue for issue in content.issues if issue.polarity == polarity]
        if not chosen:
            continue
        paper.add_heading(name, 2)
        for issue in chosen[:_ISSUES]:
            _issue(paper, issue, quotations)
        if rest := chosen[_ISSUES:]:
            table = add_table(
                paper,
                ["Issue", "Theme", "Units", "Findings"],
                [
                    [opening(i.label), i.theme_name, i.count.said, str(i.count.findings)]
                    for i in rest
                ],
                f"{name}: further issues; the page and the workbook quote each finding",
                size=8,
                widths=[8.6, 4.8, 1.8, 1.8],
            )
            for row, issue in zip(table.rows[1:], rest, strict=True):
                bookmark(row.cells[0].paragraphs[0], issue.anchor)


def _issue(paper: Document, issue: Issue, quotations: Quotations) -> None:
    paragraph = paper.add_paragraph()
    bookmark(paragraph, issue.anchor)
    paragraph.add_run(opening(issue.label)).bold = True
    reach = interval(issue.count.low, issue.count.high)
    said = (f"{issue.count.said} units", f"95% interval {reach}" if reach else "", *issue.remarks)
    findings = counted(issue.count.findings, "finding")
    paragraph.add_run(f" ({issue.theme_name}): {findings} in {'; '.join(filter(None, said))}")
    paragraph.paragraph_format.keep_with_next = True
    for finding in issue.evidence[:1]:
        quotations.add(finding)


def _advice(paper: Document, content: Content, quotations: Quotations) -> None:
    add_heading(paper, "Recommendations and their evidence", "recommendations")
    if not content.advice:
        paper.add_paragraph("No recommendations were found.")
    report = ""
    for item in content.advice:
        if report != (report := item.document_id):
            paper.add_heading(f"{item.unit}, {item.date}", 2)
        paragraph = paper.add_paragraph(f"{item.number}. ")
        if item.addressee:
            paragraph.add_run(f"{item.addressee} should ").bold = True
        paragraph.add_run(item.text)
        if item.unmatched:
            paragraph.add_run().add_break()
            paragraph.add_run(item.unmatched).italic = True
        paragraph.paragraph_format.keep_with_next = bool(item.evidence)
        for finding, _ in item.evidence[:1]:
            quotations.add(finding, item.cited(finding))


def _themes(paper: Document, content: Content, quotations: Quotations) -> None:
    add_heading(paper, "Each theme, with evidence", "themes")
    most = len(content.evidence) if len(content.themes) <= _FEW_THEMES else 1
    if most == 1:
        paper.add_paragraph(
            "Each with a finding of either kind that is not quoted above, where there is one; the "
            "page and the workbook have all findings of each theme."
        )
    for theme in content.themes:
        add_heading(paper, theme.name, theme.anchor, level=2)
        found = paper.add_paragraph("Found as ")
        found.paragraph_format.keep_with_next = True
        add_sentence(found, theme.sentence)
        sides = (("Areas for improvement", theme.area_quotes), ("Strengths", theme.strength_quotes))
        for name, quotes in sides:
            if quotes:
                paper.add_heading(name, 3)
            for finding in quotations.fresh(quotes, most):
                quotations.add(finding)
