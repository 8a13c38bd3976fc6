"""The workbook's sheets of recurring issues, of repeats, and of an extract beside the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from openpyxl import Workbook

from pipelines.records import POLARITY_NAMES
from pipelines.report.content import Content
from pipelines.report.english import listing
from pipelines.report.excel.sheets import Field, add_sheet, dated
from pipelines.report.finding import Evidence
from pipelines.report.where import Where, inspections_of, where_found

SIDES: Final = {side: name.capitalize() for side, name in POLARITY_NAMES.items()}


def add_issues(book: Workbook, content: Content) -> None:
    """Add the sheet: one issue per row, with what its count rests on, and where and when."""
    inspections = inspections_of(content)
    fields = [Field("Issue", 44), Field("Theme", 33), Field("Polarity", 24)]
    fields += [Field("Units", 8), Field("Units inspected", 11), Field("Share", 8, "0%")]
    fields += [Field("Low", 8, "0%"), Field("High", 8, "0%"), Field("Findings", 10)]
    fields += [Field("Units sure", 8), Field("Units with the opposite", 12), Field("Source", 12)]
    fields += [Field("First found", 16, dated), Field("Last found", 16, dated)]
    fields += [Field("Found in", 60)]
    fields += [Field("Stability", 10, "0.00"), Field("Phrases", 40), Field("Example", 70)]
    add_sheet(
        book,
        "Issues",
        fields,
        [
            [
                i.label,
                i.theme_name,
                SIDES[i.polarity],
                i.count.units_with,
                i.count.units,
                i.count.share,
                i.count.low,
                i.count.high,
                i.count.findings,
                i.count.certain,
                i.opposite,
                "new" if i.new else "catalogue",
                *i.dates,
                _places(where_found(i, content, inspections)),
                i.stability,
                "; ".join(i.terms),
                cited(i.evidence[:1]),
            ]
            for i in content.issues
        ],
    )


def _places(where: Where) -> str:
    return "; ".join(f"{unit} ({listing(dates)})" for unit, dates in where)


def add_contrasts(book: Workbook, content: Content) -> None:
    """Add the sheet of an extract beside the rest of its batch; none where there is no rest."""
    if not content.rest:
        return
    fields = [Field("Kind", 10), Field("Theme or issue", 44), Field("Polarity", 24)]
    fields += [Field("Counted", 20), Field("Here", 8), Field("Of", 8), Field("Share", 8, "0%")]
    fields += [Field("Rest", 8), Field("Of the rest", 8), Field("Share of the rest", 8, "0%")]
    fields += [Field(name, 11, "+0%;-0%;0%") for name in ("Difference", "Low", "High")]
    fields += [Field("Beyond chance", 10)]
    rows = [
        [
            o.kind,
            o.name,
            SIDES[o.polarity],
            o.noun,
            *(o.here, o.of, o.here / o.of),
            *(o.other, o.other_of, o.other / o.other_of),
            *(o.difference, o.low, o.high),
            "yes" if o.beyond_chance else "no",
        ]
        for o in content.contrasts
    ]
    add_sheet(book, "Against the rest", fields, rows)


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
