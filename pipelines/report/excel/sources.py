"""The workbook's sheets of the files given, and of inspections published that were not."""

from __future__ import annotations

from openpyxl import Workbook

from pipelines.report.content import Content
from pipelines.report.english import outcome
from pipelines.report.excel.sheets import Field, add_table, colour_equal, dated, scored


def add_sources(book: Workbook, content: Content) -> None:
    """Add a sheet of the files given, and one of published inspections that were not."""
    sheet = add_table(
        book,
        "Sources",
        content.sources,
        (Field("File", 34), lambda s: s.path),
        (Field("Outcome", 12), lambda s: outcome(s.status)),
        (Field("Unit", 24), lambda s: s.unit),
        (Field("Region", 18), lambda s: s.region),
        (Field("Published", 16, dated), lambda s: s.date),
        (Field("Overall", 20), lambda s: s.rating),
        (Field("Score", 10, scored), lambda s: s.score),
        (Field("Findings", 10), lambda s: s.findings),
        (Field("Strengths", 10), lambda s: s.strengths),
        (Field("Areas", 10), lambda s: s.areas),
        (Field("Left over", 10), lambda s: s.leftovers),
        (Field("Pages", 8), lambda s: s.pages),
        (Field("Remarks", 60), lambda s: ". ".join(s.remarks)),
        (Field("SHA-256", 68), lambda s: s.sha256),
    )
    if content.sources:
        colour_equal(sheet, f"B2:B{len(content.sources) + 1}", outcome("failed"), fill="F4CBB0")
    if content.unread is not None:
        add_table(
            book,
            "Not read",
            content.unread.missing,
            (Field("Region", 26), lambda m: m.region),
            (Field("Unit", 34), lambda m: m.unit),
            (Field("Published", 16, dated), lambda m: m.date),
            (Field("Overall", 22), lambda m: m.rating),
            (Field("Id in the manifest", 44), lambda m: m.inspection_id),
        )
