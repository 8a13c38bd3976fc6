"""Key questions beside each other in Word and Excel, and what the page shows of many units."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from docx.document import Document
from openpyxl import Workbook

from pipelines.report.bookmarks import add_heading
from pipelines.report.charts import questions_chart
from pipelines.report.content import Content
from pipelines.report.drawing import to_png
from pipelines.report.issue_sheet import SIDES
from pipelines.report.paper import add_picture, add_table
from pipelines.report.questions import Answered, Contrasted, Question
from pipelines.report.sections import framework_name
from pipelines.report.sheets import DATE, Field, add_sheet

_FEW_UNITS: Final = 2  # a median of one unit is that unit's own percentage


def telling(questions: Sequence[Question], most: int) -> list[tuple[Question, Contrasted]]:
    """Choose the contrasts that differ most, between medians of two units or more."""
    pairs = [
        (question, one)
        for question in questions
        for one in question.contrasts
        if min(one.units_with, one.other_units) >= _FEW_UNITS and one.apart
    ]
    pairs.sort(key=lambda pair: (pair[1].caution, -abs(pair[1].apart)))
    return pairs[:most]


def spread(answers: Sequence[Answered], most: int) -> list[Answered]:
    """Choose answers evenly along their range, the lowest and the highest among them."""
    if len(answers) <= most:
        return list(answers)
    step = (len(answers) - 1) / (most - 1)
    return [answers[round(place * step)] for place in range(most)]


def add_questions(paper: Document, content: Content) -> None:
    """Add to a document the dots of each framework's key questions, and their table."""
    add_heading(paper, "Key questions, unit by unit", "questions")
    if not content.questions:
        paper.add_paragraph("No key question was answered for more than one unit of a framework.")
    for framework, group in groupby(content.questions, key=lambda question: question.framework):
        asked = list(group)
        named = f", {framework_name(framework)}" if framework else ""
        add_picture(
            paper,
            to_png(questions_chart(asked)),
            f"Cases judged sufficient, by key question{named}: a dot a unit, a line at the median",
        )
        add_table(
            paper,
            ["Code", "Key question", "Units", "Cases", "Lowest", "Median", "Highest"],
            [
                [
                    question.code,
                    question.text,
                    str(len(question.compared)),
                    question.bases,
                    f"{question.compared[0].percent:.0f}%",
                    f"{question.middle:.0f}%",
                    f"{question.compared[-1].percent:.0f}%",
                ]
                for question in asked
            ],
            f"Cases judged sufficient, by key question{named}",
            size=8,
            widths=[1.3, 7.3, 1.4, 1.9, 1.6, 1.7, 1.8],
        )


def add_question_sheets(book: Workbook, content: Content) -> None:
    """Add a sheet of answers, one row a unit and question, and one of what goes with them."""
    about = [Field("Framework", 28), Field("Code", 9), Field("Key question", 60)]
    points = "0"
    fields = [Field("Unit", 26), Field("Region", 20), Field("Published", 12, DATE), *about]
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
    more = [Field("Kind", 9), Field("Theme or issue", 44), Field("Polarity", 22)]
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
