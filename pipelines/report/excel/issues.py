"""The workbook's sheets of recurring issues, of repeats, and of an extract beside the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from openpyxl import Workbook

from pipelines.records import POLARITY_NAMES
from pipelines.report.content import Content
from pipelines.report.english import listing
from pipelines.report.excel.sheets import Field, add_sheet, add_table, dated
from pipelines.report.finding import Evidence
from pipelines.report.where import Where, inspections_of, where_found

SIDES: Final = {side: name.capitalize() for side, name in POLARITY_NAMES.items()}


def add_issues(book: Workbook, content: Content) -> None:
    """Add the sheet: one issue per row, with what its count rests on, and where and when."""
    inspections = inspections_of(content)
    add_table(
        book,
        "Issues",
        content.issues,
        (Field("Issue", 44), lambda i: i.label),
        (Field("Theme", 33), lambda i: i.theme_name),
        (Field("Polarity", 24), lambda i: SIDES[i.polarity]),
        (Field("Units", 8), lambda i: i.count.units_with),
        (Field("Units inspected", 11), lambda i: i.count.units),
        (Field("Share", 8, "0%"), lambda i: i.count.share),
        (Field("Low", 8, "0%"), lambda i: i.count.low),
        (Field("High", 8, "0%"), lambda i: i.count.high),
        (Field("Findings", 10), lambda i: i.count.findings),
        (Field("Units sure", 8), lambda i: i.count.certain),
        (Field("Units with the opposite", 12), lambda i: i.opposite),
        (Field("Source", 12), lambda i: "new" if i.new else "catalogue"),
        (Field("First found", 16, dated), lambda i: i.dates[0]),
        (Field("Last found", 16, dated), lambda i: i.dates[1]),
        (Field("Found in", 60), lambda i: _places(where_found(i, content, inspections))),
        (Field("Stability", 10, "0.00"), lambda i: i.stability),
        (Field("Phrases", 40), lambda i: "; ".join(i.terms)),
        (Field("Example", 70), lambda i: cited(i.evidence[:1])),
    )


def _places(where: Where) -> str:
    return "; ".join(f"{unit} ({listing(dates)})" for unit, dates in where)


def add_contrasts(book: Workbook, content: Content) -> None:
    """Add the sheet of an extract beside the rest of its batch; none where there is no rest."""
    if not content.rest:
        return
    points = "+0%;-0%;0%"
    add_table(
        book,
        "Against the rest",
        content.contrasts,
        (Field("Kind", 10), lambda o: o.kind),
        (Field("Theme or issue", 44), lambda o: o.name),
        (Field("Polarity", 24), lambda o: SIDES[o.polarity]),
        (Field("Counted", 20), lambda o: o.noun),
        (Field("Here", 8), lambda o: o.here),
        (Field("Of", 8), lambda o: o.of),
        (Field("Share", 8, "0%"), lambda o: o.here / o.of),
        (Field("Rest", 8), lambda o: o.other),
        (Field("Of the rest", 8), lambda o: o.other_of),
        (Field("Share of the rest", 8, "0%"), lambda o: o.other / o.other_of),
        (Field("Difference", 11, points), lambda o: o.difference),
        (Field("Low", 11, points), lambda o: o.low),
        (Field("High", 11, points), lambda o: o.high),
        (Field("Beyond chance", 10), lambda o: "yes" if o.beyond_chance else "no"),
    )


def add_repeats(book: Workbook, content: Content) -> None:
    """Add the sheet of repeats, one of two inspections a row; none where no unit had two."""
    if not content.repeats:
        return
    fields = [
        Field("Unit", 24),
        Field("Region", 18),
        Field("Earlier", 16, dated),
        Field("Later", 16, dated),
    ]
    fields += [Field("What became of it", 30), Field("Issue", 40), Field("Theme", 33)]
    fields += [Field("Sure", 8), Field("Findings then", 10), Field("Findings now", 10)]
    fields += [Field("Then", 70), Field("Now", 70), Field("Frameworks differ", 12)]
    rows = [
        [
            *(r.unit, r.region, r.earlier, r.later),
            *(head, pair.name, pair.theme_name, "yes" if pair.sure else "check"),
            *(len(pair.then), len(pair.now), cited(pair.then), cited(pair.now)),
            "yes" if r.across_break else "no",
        ]
        for r in content.repeats
        for head, pairs in (*r.sections, *r.once)
        for pair in pairs
    ]
    add_sheet(book, "Repeats", fields, rows)


def cited(evidence: Sequence[Evidence]) -> str:
    """Return findings with their places, one per line."""
    return "\n".join(f"{finding.text} ({finding.cited})" for finding in evidence)
