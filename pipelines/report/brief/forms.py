"""A brief as a page, as a Word document and as a PDF."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd

from pipelines.errors import MissingExtra, SettingsError
from pipelines.naming import slug
from pipelines.report.brief.contents import Brief, gather_brief
from pipelines.report.brief.quotes import Quoted
from pipelines.report.owned import write_beside
from pipelines.report.settings import ReportSettings
from pipelines.report.templating import environment

BRIEF_FORMATS: Final = ("html", "docx", "pdf")


def write_brief(
    tables: Mapping[str, pd.DataFrame],
    folder: Path,
    *,
    settings: ReportSettings,
    formats: tuple[str, ...] = BRIEF_FORMATS,
) -> list[Path]:
    """Write a brief of one or two pages.

    Args:
        tables: Of the whole run.
        folder: Where the files go; made where it is missing.
        settings: Say what it is about.
        formats: Of `html`, `docx` and `pdf`.

    Returns:
        The files written, `brief-NAME.html` and so on.

    Raises:
        SettingsError: A format is unknown, or the settings say nothing or what the run has not.
        MissingExtra: PDF is asked for and the extra `pdf` is not installed.
        StorageError: The folder cannot be written.
    """
    for name in formats:
        if name not in BRIEF_FORMATS:
            raise SettingsError(
                f"formats: no format {name!r} of a brief; choose from {', '.join(BRIEF_FORMATS)}"
            )
    brief = gather_brief(tables, settings)
    stem = "-".join(["brief", *(slug(name) for name in settings.names)])[:120]
    forms = {"html": _html, "docx": lambda b: _word(b, settings.written), "pdf": _pdf}
    files = {f"{stem}.{name}": forms[name](brief) for name in formats}
    return write_beside(folder, files)


def render_brief(brief: Brief) -> str:
    """Return a brief as a self-contained page."""
    return environment().get_template("brief.html.j2").render(brief=brief)


def _html(brief: Brief) -> bytes:
    return render_brief(brief).encode("utf-8")


def _pdf(brief: Brief) -> bytes:
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:  # OSError: the library that it draws with is missing
        raise MissingExtra("a brief as PDF", "pdf") from error
    drawn: bytes = HTML(string=render_brief(brief)).write_pdf()
    return drawn


def _word(brief: Brief, written: str) -> bytes:
    from docx.shared import Pt

    from pipelines.report.word.paper import add_quotation, new_document
    from pipelines.report.zipped import settled

    paper = new_document(brief.title)
    for name, size in (("Normal", 10), ("Quote", 10), ("Title", 18), ("Heading 1", 12)):
        paper.styles[name].font.size = Pt(size)
        paper.styles[name].paragraph_format.space_after = Pt(3)
    paper.styles["Heading 1"].paragraph_format.space_before = Pt(8)
    paper.add_heading(brief.title, 0)
    paper.add_paragraph(brief.basis)

    def points(head: str, said: tuple[str, ...], listed: tuple[str, ...]) -> None:
        paper.add_heading(head, 1)
        for point in listed:
            paper.add_paragraph(point, style="List Bullet")
        for text in said:
            paper.add_paragraph(text)

    def quoted(head: str, listed: tuple[Quoted, ...]) -> None:
        if listed:
            paper.add_heading(head, 1)
        for one in listed:
            paragraph = paper.add_paragraph()
            paragraph.add_run(one.name).bold = True
            paragraph.add_run(f" ({one.reach})")
            paragraph.add_run(f"\n{one.where}" if one.where else "").font.size = Pt(9)
            paragraph.paragraph_format.keep_with_next = True
            add_quotation(paper, one.quote, one.source)

    for head, said, listed in brief.sections[:1]:
        points(head, said, listed)
    quoted("What needs improving, in the inspectors’ words", brief.issues)
    quoted("What is done well", brief.strengths)
    for head, said, listed in brief.sections[1:]:
        points(head, said, listed)
    points("What is uncertain", (), brief.uncertain)
    paper.add_paragraph(f"Written {brief.written} by probation-findings.")
    out = io.BytesIO()
    paper.save(out)
    return settled(out.getvalue(), written=date.fromisoformat(written).isoformat())
