"""The issues of a brief, each with the finding that says it best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.report.content import Content, Issue
from pipelines.report.contrast import ISSUE
from pipelines.report.english import counted, opening, shorten
from pipelines.report.finding import AREA, Evidence
from pipelines.report.where import inspections_of, said_where, where_found

_QUOTED: Final = 330  # characters
_PLACES: Final = 6  # units named


@dataclass(frozen=True, slots=True)
class Quoted:
    """An issue in a sentence, with the finding that says it best.

    `where` is where and since when it is found: of what needs improving in several units.
    """

    name: str
    reach: str
    where: str
    quote: str
    source: str


def latest_inspections(content: Content) -> set[str]:
    """Return the latest inspection of each unit: what an earlier one said may be mended."""
    return {unit.inspections[-1].document_id for unit in content.units if unit.inspections}


def turned_since(content: Content, issue_id: str) -> str:
    """Say where a later inspection found the opposite of an issue; empty for nowhere.

    Of the units that its count holds: of a part of the batch, an earlier inspection may be outside.
    """
    counted_in = {finding.finding_id for finding in content.evidence}
    said = []
    for repeat in content.repeats:
        for pairs, what in ((repeat.turned, "a strength"), (repeat.worsened, "a problem")):
            found = (f for p in pairs if p.issue_id == issue_id for f in p.then)
            if any(finding.finding_id in counted_in for finding in found):
                said.append(f"; since then {what} in {repeat.unit}")
    return "".join(said)


def quote_issues(content: Content, polarity: str, most: int) -> tuple[Quoted, ...]:
    """Choose issues by how clearly they differ, then by sure units and findings."""
    clear = {o.subject: o.beyond_chance for o in content.contrasts if o.kind == ISSUE and o.more}
    latest = latest_inspections(content)
    chosen = [i for i in content.issues if i.polarity == polarity and i.count.certain and not i.new]
    ranked = sorted(
        chosen,
        key=lambda i: (
            -clear.get(i.issue_id, 0.0),
            -i.count.certain,
            -i.count.units_with,
            -i.count.findings,
            i.label,
        ),
    )
    inspections = inspections_of(content)
    out: list[Quoted] = []
    used: list[Evidence] = []
    for issue in ranked:
        finding = _best(issue, content, latest, used)
        if finding is not None and len(out) < most:
            used.append(finding)
            out.append(
                Quoted(
                    opening(issue.label),
                    _reach(issue) + turned_since(content, issue.issue_id),
                    said_where(issue.found, where_found(issue, content, inspections), _PLACES)
                    if issue.count.units > 1 and polarity == AREA
                    else "",
                    shorten(finding.text, _QUOTED),
                    finding.cited,
                )
            )
    return tuple(out)


def _best(
    issue: Issue, content: Content, latest: set[str], used: Sequence[Evidence]
) -> Evidence | None:
    """Return the finding of a latest inspection that says an issue best and was not quoted.

    Best is one that needs no check, is short, is of a report that is quoted least so far (one unit
    alone reads as if it were the region), and stands for the issue.
    """
    quoted = Counter(finding.document_id for finding in used)
    taken = {finding.finding_id for finding in used}
    typical = {finding.finding_id: at for at, finding in enumerate(issue.evidence)}
    free = [
        f
        for f in (content.evidence[at] for at in content.evidence.issues.having(issue.issue_id))
        if f.document_id in latest and f.finding_id not in taken
    ]
    return min(
        free,
        key=lambda f: (
            f.review,
            len(f.text) > _QUOTED,
            quoted[f.document_id],
            typical.get(f.finding_id, len(typical)),
            f.finding_id,
        ),
        default=None,
    )


def _reach(issue: Issue) -> str:
    units = counted(issue.count.units, "unit")
    findings = counted(issue.count.findings, "finding")
    if issue.count.units == 1:
        return findings
    said = f"{issue.count.units_with} of {units}, {findings}"
    doubtful = issue.count.units_with - issue.count.certain
    where = "unit" if doubtful == 1 else "units"
    return f"{said}; not certain in {doubtful} {where}" if doubtful else said
