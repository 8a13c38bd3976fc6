"""Sheets for pivot tables: one row per finding, theme and issue; the trend, point by point."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

from pipelines.report.content import Content, Issue
from pipelines.report.excel.issues import SIDES
from pipelines.report.excel.sheets import Field, add_sheet, dated
from pipelines.report.sections import framework_name


def issues_of(content: Content) -> Mapping[str, Sequence[Issue]]:
    """Return the recurring issues of each finding, by its id."""
    known = {issue.issue_id: issue for issue in content.issues}
    out: dict[str, list[Issue]] = defaultdict(list)
    for finding in content.evidence:
        out[finding.finding_id] += [known[name] for name in finding.issues if name in known]
    return out


def add_long(book: Workbook, content: Content) -> None:
    """Add a row for each finding, theme and issue that go together, the text left out.

    Count findings by distinct ids: one with two themes and three issues has six rows.
    """
    having = issues_of(content)
    fields = [Field("Finding", 30), Field("Unit", 24), Field("Region", 18)]
    fields += [Field("Published", 16, dated), Field("Year", 8, "0"), Field("Standard", 26)]
    fields += [Field("Overall rating", 20), Field("Polarity", 24), Field("Theme", 33)]
    fields += [Field("Confidence", 11, "0%"), Field("Check", 8), Field("Issue", 44)]
    rows = [
        [
            *(f.finding_id, f.unit, f.region, f.published),
            int(f.published[:4]) if f.published[:4].isdigit() else None,
            *(f.standard, f.rating, SIDES[f.polarity]),
            *((tag.name, tag.probability) if tag else (None, None)),
            "check" if f.review else "",
            issue.label if issue else None,
        ]
        for f in content.evidence
        for tag in f.tags or (None,)
        for issue in having[f.finding_id] or (None,)
    ]
    add_sheet(book, "Long", fields, rows)


def add_trend(book: Workbook, content: Content) -> None:
    """Add the trend: one row for each theme, polarity, framework and year."""
    fields = [Field("Theme", 33), Field("Polarity", 24), Field("Framework", 60), Field("Year", 9)]
    fields += [Field("Units with", 9), Field("Units inspected", 11), Field("Share", 9, "0%")]
    fields += [Field("Low", 8, "0%"), Field("High", 8, "0%"), Field("Few units", 9)]
    rows = [
        [
            *(point.theme_name, SIDES[point.polarity], framework_name(point.framework)),
            int(point.period) if point.period.isdigit() else point.period,
            *(point.count.units_with, point.count.units, point.count.share),
            *(point.count.low, point.count.high, "yes" if point.caution else "no"),
        ]
        for point in content.trend
    ]
    add_sheet(book, "Trend", fields, rows)
