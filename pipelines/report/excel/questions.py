"""Key questions in the workbook: answers, and the themes and issues that go with them."""

from __future__ import annotations

from openpyxl import Workbook

from pipelines.report.content import Content
from pipelines.report.excel.issues import SIDES
from pipelines.report.excel.sheets import Field, add_sheet, dated
from pipelines.report.sections import framework_name


def add_question_sheets(book: Workbook, content: Content) -> None:
    """Add a sheet of answers, one row a unit and question, and one of what goes with them."""
    about = [Field("Framework", 60), Field("Code", 9), Field("Key question", 60)]
    points = "0"
    fields = [Field("Unit", 26), Field("Region", 20), Field("Published", 12, dated), *about]
    fields += [Field("Sufficient, %", 11, points), Field("Cases", 9, points)]
    fields += [Field("Cases from", 14), Field("Low, %", 9, points), Field("High, %", 9, points)]
    fields += [Field("Other units", 9, points), Field("Median of others, %", 11, points)]
    fields += [Field("Difference", 11, "+0;-0;0"), Field("Latest", 9), Field("Themes", 44)]
    fields += [Field("Areas for improvement", 13, points), Field("Strengths", 10, points)]
    fields += [Field("Recurring issues", 60)]
    add_sheet(
        book,
        "Key questions",
        fields,
        [
            [
                answer.unit,
                answer.region,
                answer.published,
                *(framework_name(question.framework), question.code, answer.question),
                answer.percent,
                answer.base,
                ("workbook" if answer.exact else "report") if answer.base is not None else "",
                *(answer.low, answer.high, answer.other_units, answer.median, answer.apart),
                "yes" if answer.latest else "no",
                "; ".join(name for _, name in question.themes),
                answer.areas,
                answer.strengths,
                "; ".join(answer.issues),
            ]
            for question in content.questions
            for answer in question.answers
        ],
    )
    more = [Field("Kind", 9), Field("Theme or issue", 44), Field("Polarity", 24)]
    more += [Field("Units with it", 10, points), Field("Their median, %", 11, points)]
    more += [Field("Other units", 10, points), Field("Median of others, %", 11, points)]
    more += [Field("Difference", 11, "+0;-0;0"), Field("Few units", 9)]
    add_sheet(
        book,
        "Questions x themes",
        [*about, *more],
        [
            [
                *(framework_name(question.framework), question.code, question.text),
                *(one.kind, one.name, SIDES[one.polarity], one.units_with, one.percent_with),
                *(one.other_units, one.other_percent, one.apart, "yes" if one.caution else "no"),
            ]
            for question in content.questions
            for one in question.contrasts
        ],
    )
