"""Where an issue was found, and when: the units with their inspections, the latest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.report.content import Content, Inspection, Issue
from pipelines.report.english import counted, listing, opening, span


@dataclass(frozen=True, slots=True)
class Where:
    """The inspections that found something, by unit.

    Attributes:
        first: Date of the earliest of those that are dated, as the report gives it; empty for none.
        latest: Of the latest.
        units: Names of units, those found latest first, each with the months of its inspections.
    """

    first: str = ""
    latest: str = ""
    units: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def said(self, most: int) -> str:
        """Say since when it is found and in which units, `most` of them by name."""
        if not self.units:
            return ""
        named = [f"{name} ({listing(dates)})" for name, dates in self.units[:most]]
        rest = len(self.units) - most
        when = span([self.first, self.latest])
        order = "latest first" if self.first != self.latest and len(self.units) > 1 else ""
        more = [counted(rest, "other unit")] if rest > 0 else []
        head = ", ".join(filter(None, (when, order)))
        return f"{opening(head)}: {listing([*named, *more])}" if head else listing([*named, *more])


def inspections_of(content: Content) -> dict[str, tuple[str, Inspection]]:
    """Return each inspection of a report with the name of its unit, by document."""
    return {i.document_id: (unit.name, i) for unit in content.units for i in unit.inspections}


def where_found(
    issue: Issue, content: Content, inspections: Mapping[str, tuple[str, Inspection]]
) -> Where:
    """Return where the findings of an issue were made.

    Args:
        issue: Of the report.
        content: The report.
        inspections: As `inspections_of` gives them: they are the same for every issue.
    """
    names = content.evidence.shared["document_id"]
    documents = {names[at] for at in content.evidence.issues.having(issue.issue_id)}
    found = [inspections[name] for name in documents if name in inspections]
    found.sort(key=lambda one: (one[1].published, one[1].document_id))
    units: dict[str, list[str]] = {}
    for unit, inspection in reversed(found):  # the latest inspection places a unit
        units.setdefault(unit, []).insert(0, inspection.date)
    dated = [one.published for _, one in found if one.published]
    return Where(
        dated[0] if dated else "",
        dated[-1] if dated else "",
        tuple((unit, tuple(dates)) for unit, dates in units.items()),
    )
