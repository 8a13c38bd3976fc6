"""Where an issue was found: the units with their inspections, the latest first."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.report.content import Content, Inspection, Issue
from pipelines.report.english import counted, listing, opening

Where = tuple[tuple[str, tuple[str, ...]], ...]
"""Names of units, those found latest first, each with the months of its inspections."""


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
    return tuple((unit, tuple(dates)) for unit, dates in units.items())


def said_where(when: str, where: Where, most: int) -> str:
    """Say from when to when something was found and in which units, `most` of them by name."""
    if not where:
        return ""
    named = [f"{name} ({listing(dates)})" for name, dates in where[:most]]
    rest = len(where) - most
    more = [counted(rest, "other unit")] if rest > 0 else []
    several = len(where) > 1 and len({date for _, dates in where for date in dates}) > 1
    head = ", ".join(filter(None, (when, "latest first" if several else "")))
    return f"{opening(head)}: {listing([*named, *more])}" if head else listing([*named, *more])
