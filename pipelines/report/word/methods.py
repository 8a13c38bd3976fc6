"""Word's last section: how the report was made, on what, and the fingerprints of the files read."""

from __future__ import annotations

from docx.document import Document

from pipelines.report.content import Content
from pipelines.report.word.bookmarks import add_heading
from pipelines.report.word.paper import add_caution, add_facts, add_table


def add_methods(paper: Document, content: Content) -> None:
    """Add the section, on a page of its own."""
    heading = add_heading(paper, "How this report was made", "provenance")
    heading.paragraph_format.page_break_before = True
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
