"""What the formats of a document share: the wording around its findings, numbered footnotes."""

from __future__ import annotations

from typing import Final

from authoring.source import Finding, Source, Standard, day, month

FICTION: Final = (
    "This document is fictional. It was written to test and demonstrate software. The unit, the "
    "region, the people and every figure in it are made up, and it is not a publication of "
    "HM Inspectorate of Probation."
)
ANNEXE: Final = (
    "The percentages in this document were made up. They agree with one another and with the "
    "ratings, so that software can be tested on them, and they describe no probation unit."
)


class Setting:
    """One document's wording around its findings."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.core = source.framework == "pdu-2023"
        self.title = f"An inspection of probation services in {source.unit} PDU"
        self.month = month(source.published)
        self.day = day(source.published)
        self.fieldwork = month(source.fieldwork)
        self.fiction = FICTION
        self.colon = "" if self.core else ":"
        self._notes = {
            id(f): n for n, f in enumerate((f for f in source.findings if f.note), start=1)
        }

    def number(self, finding: Finding) -> int:
        """Number of the footnote that the finding calls."""
        return self._notes[id(finding)]

    def notes(self) -> list[tuple[int, str]]:
        """Every footnote with its number."""
        return [(self.number(f), f.note) for f in self.source.findings if f.note]

    def heading(self, standard: Standard) -> str:
        """Heading of a standard: `1.1. Leadership`, `P 1.1 Leadership`."""
        return f"{standard.code}{'' if self.core else '.'} {standard.title}"

    def basis(self, standard: Standard) -> str:
        """Sentence that leads to the table of key questions."""
        if not standard.rating:
            return "This standard carries no rating. The figure below is given for information."
        count = {1: "one question", 3: "three questions"}[len(standard.questions)]
        return (
            f"We rate {standard.title.lower()} by the share of inspected cases that satisfied "
            f"us on {count}:"
        )

    def verdict(self, standard: Standard) -> str:
        """Rating as printed."""
        return str(standard.rating or "Not rated")

    def points(self, standard: Standard) -> str:
        """Points of a standard, as the ratings page prints them."""
        points = standard.points
        return "not scored" if points is None else f"{points} of 3"

    def contents(self) -> list[tuple[str, int]]:
        """Lines of the contents page, with the pages that a printed copy would have."""
        lines = [("Foreword", 4), ("Ratings", 6), ("Recommendations", 7), ("Background", 9)]
        page = 10
        for number, title in self.source.chapters:
            lines.append((f"{number}. {title}", page))
            for standard in self.source.chapter(number):
                if self.core:
                    lines.append((self.heading(standard), page))
                page += 1 + sum(len(p.findings) for p in standard.parts) // 8
        return [*lines, ("Annexe one: About the data", page)]
