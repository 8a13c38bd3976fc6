"""Findings quoted in a Word document: whole where they stand first, after that by their beginning.

One finding often stands for an issue, behind a recommendation and under three themes. Printed whole
each time, the same evidence fills half of the pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from docx.document import Document

from pipelines.report.english import shorten
from pipelines.report.finding import Evidence
from pipelines.report.word.bookmarks import add_link, bookmark
from pipelines.report.word.paper import add_quotation

_BEGINNING: Final = 90  # characters by which a finding is known again


class Quotations:
    """What a document has quoted so far."""

    def __init__(self, paper: Document) -> None:
        self._paper = paper
        self._quoted: set[str] = set()

    def add(self, finding: Evidence, source: str = "", *, whole: bool = False) -> None:
        """Quote a finding; one that was quoted before by its beginning, with a link to the whole.

        Args:
            finding: What is quoted.
            source: Printed below it; its own place where none is given.
            whole: Whether it is printed whole again, as where two are compared.
        """
        again = finding.finding_id in self._quoted
        place = f"quoted-{finding.finding_id}"
        text = finding.text if whole or not again else shorten(finding.text, _BEGINNING)
        short = text != finding.text
        paragraph, cited = add_quotation(self._paper, text, source or finding.cited)
        if short:
            link = add_link(paragraph, "; in full above", place)
            link.font.size = cited.font.size
        elif not again:
            bookmark(paragraph, place)
            self._quoted.add(finding.finding_id)

    def fresh(self, findings: Iterable[Evidence], most: int) -> tuple[Evidence, ...]:
        """Choose the first of the findings that are not quoted yet, or else the very first."""
        every = tuple(findings)
        new = tuple(f for f in every if f.finding_id not in self._quoted)
        return new[:most] or every[:1]
