"""The workbook's sheets of the files given, and of inspections published that were not."""

from __future__ import annotations

from openpyxl import Workbook

from pipelines.report.content import Content
from pipelines.report.excel.sheets import Field, add_sheet, colour_equal, dated, scored


def add_sources(book: Workbook, content: Content) -> None:
    """Add a sheet of the files given, and one of published inspections that were not."""
    fields = [Field("File", 34), Field("Outcome", 12), Field("Unit", 24), Field("Region", 18)]
    fields += [Field("Published", 16, dated), Field("Overall", 20), Field("Score", 10, scored)]
    fields += [Field("Findings", 10), Field("Strengths", 10), Field("Areas", 10)]
    fields += [Field("Left over", 10), Field("Pages", 8), Field("Remarks", 60)]
    fields += [Field("SHA-256", 68)]
    sheet = add_sheet(
        book,
        "Sources",
        fields,
        [
            [
                s.path,
                s.status,
                s.unit,
                s.region,
                s.date,
                s.rating,
                s.score,
                s.findings,
                s.strengths,
                s.areas,
                s.leftovers,
                s.pages,
                ". ".join(s.remarks),
                s.sha256,
            ]
            for s in content.sources
        ],
    )
    if content.sources:
        colour_equal(sheet, f"B2:B{len(content.sources) + 1}", "failed", fill="F4CBB0")
    if content.unread is not None:
        add_sheet(
            book,
            "Not read",
            [
                Field("Region", 26),
                Field("Unit", 34),
                Field("Published", 16, dated),
                Field("Overall", 22),
                Field("Id in the manifest", 44),
            ],
            [[m.region, m.unit, m.date, m.rating, m.inspection_id] for m in content.unread.missing],
        )
