"""Word's section on units inspected twice."""

from __future__ import annotations

from docx.document import Document

from pipelines.report.content import Content
from pipelines.report.english import opening
from pipelines.report.repeats import Pair, named
from pipelines.report.word.bookmarks import add_heading
from pipelines.report.word.paper import add_caution
from pipelines.report.word.quotations import Quotations

_SHOWN = 4  # pairs of a kind with their findings in print; the rest by name


def add_repeats(paper: Document, content: Content, quotations: Quotations) -> None:
    """Add the section: what was found again, then and now, and what only once."""
    add_heading(paper, "Repeated since the last inspection", "repeats")
    if not content.repeats:
        paper.add_paragraph("No unit in this batch was inspected twice.")
    for repeat in content.repeats:
        paper.add_heading(f"{repeat.unit}: {repeat.earlier} and {repeat.later}", 2)
        if repeat.across_break:
            add_caution(
                paper,
                "The two inspections used different frameworks, so what was looked at changed too.",
            )
        if not repeat.sections:
            paper.add_paragraph("No issue was found at both inspections.")
        for head, pairs in repeat.sections:
            paper.add_heading(head, 3)
            for pair in pairs[:_SHOWN]:
                _pair(paper, pair, quotations)
            if rest := pairs[_SHOWN:]:
                paper.add_paragraph(f"Also: {named(rest)}.")
        for head, pairs in repeat.once:
            paragraph = paper.add_paragraph()
            paragraph.add_run(f"{head}: ").bold = True
            paragraph.add_run(named(pairs))
        if repeat.roll_up:
            paper.add_paragraph(repeat.roll_up)


def _pair(paper: Document, pair: Pair, quotations: Quotations) -> None:
    paragraph = paper.add_paragraph()
    paragraph.add_run(opening(pair.name)).bold = True
    paragraph.add_run(f" ({pair.theme_name})" + ("" if pair.sure else "; check: not sure"))
    paragraph.paragraph_format.keep_with_next = True
    for found in (pair.then, pair.now):
        for finding in found[:1]:
            more = f"; and {len(found) - 1} more" if len(found) > 1 else ""
            quotations.add(finding, f"{finding.cited}{more}", whole=True)
