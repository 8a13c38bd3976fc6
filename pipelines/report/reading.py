"""What was read, and what was not, in Word and Excel: files given, and inspections published."""

from __future__ import annotations

from typing import Final

from docx.document import Document
from openpyxl import Workbook

from pipelines.report.bookmarks import add_heading
from pipelines.report.content import Content
from pipelines.report.english import listing, opening
from pipelines.report.paper import add_table
from pipelines.report.sheets import DATE, SCORE, Field, add_sheet, colour_equal
from pipelines.report.unread import part

_ASIDE: Final = "aside"  # of a file that is not a report


def add_read(paper: Document, content: Content) -> None:
    """Add to a document what was read, and what was not."""
    add_heading(paper, "What was read, and what was not", "read")
    given = [source for source in content.sources if source.status != _ASIDE]
    add_table(
        paper,
        ["File", "Outcome", "Unit", "Published", "Strengths", "Areas", "Left over", "Remarks"],
        [
            [
                source.path,
                source.status,
                source.unit,
                source.date,
                *(
                    [str(source.strengths), str(source.areas), str(source.leftovers)]
                    if source.status == "read"
                    else ["", "", ""]
                ),
                ". ".join(source.remarks),
            ]
            for source in given
        ],
        "Files given to the run",
        size=8,
        widths=[3.1, 1.8, 2.3, 2.1, 2.0, 1.4, 1.2, 3.1],
    )
    left: dict[str, list[str]] = {}
    for source in content.sources:
        if source.status == _ASIDE:
            left.setdefault(". ".join(source.remarks), []).append(source.path)
    for remark, names in left.items():
        paper.add_paragraph(f"Left aside: {listing(names)}. {opening(remark)}.")
    unread = content.unread
    if unread is None:
        return
    paper.add_heading("Published inspections", 2)
    paper.add_paragraph(unread.sentence)
    add_table(
        paper,
        ["Region", *unread.years, "All"],
        [[region, *(part(count) for count in counts)] for region, counts in unread.regions],
        "Published inspections in this batch, by region and year of publication",
        size=8,
        widths=[3.6, *(13.4 / (len(unread.years) + 1) for _ in (*unread.years, ""))],
    )


def add_sources(book: Workbook, content: Content) -> None:
    """Add a sheet of the files given, and one of published inspections that were not."""
    fields = [Field("File", 34), Field("Outcome", 12), Field("Unit", 24), Field("Region", 18)]
    fields += [Field("Published", 16, DATE), Field("Overall", 20), Field("Score", 10, SCORE)]
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
                Field("Published", 16, DATE),
                Field("Overall", 22),
                Field("Id in the manifest", 44),
            ],
            [[m.region, m.unit, m.date, m.rating, m.inspection_id] for m in content.unread.missing],
        )
