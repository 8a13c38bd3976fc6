"""The sheet of repeats in the workbook: an issue of two inspections a row, then beside now."""

from __future__ import annotations

from openpyxl import Workbook

from pipelines.report.content import Content
from pipelines.report.issue_sheet import cited
from pipelines.report.sheets import DATE, Field, add_sheet


def add_repeats(book: Workbook, content: Content) -> None:
    """Add the sheet; none where no unit was inspected twice."""
    if not content.repeats:
        return
    fields = [
        Field("Unit", 24),
        Field("Region", 18),
        Field("Earlier", 16, DATE),
        Field("Later", 16, DATE),
    ]
    fields += [Field("What became of it", 30), Field("Issue", 40), Field("Theme", 33)]
    fields += [Field("Sure", 8), Field("Findings then", 10), Field("Findings now", 10)]
    fields += [Field("Then", 70), Field("Now", 70), Field("Frameworks differ", 12)]
    rows = [
        [
            *(r.unit, r.region, r.earlier, r.later),
            *(head, pair.name, pair.theme_name, "yes" if pair.sure else "check"),
            *(len(pair.then), len(pair.now), cited(pair.then), cited(pair.now)),
            "yes" if r.across_break else "no",
        ]
        for r in content.repeats
        for head, pairs in (*r.sections, *r.once)
        for pair in pairs
    ]
    add_sheet(book, "Repeats", fields, rows)
