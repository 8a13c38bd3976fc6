"""Word's section of what was read, and what was not: files given, and inspections published."""

from __future__ import annotations

from typing import Final

from docx.document import Document

from pipelines.report.content import Content
from pipelines.report.english import listing, opening, outcome
from pipelines.report.unread import part
from pipelines.report.word.bookmarks import add_heading
from pipelines.report.word.paper import add_table

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
                outcome(source.status),
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
