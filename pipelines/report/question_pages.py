"""Key questions beside each other in Word, and what the page shows of many units."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from docx.document import Document

from pipelines.report.bookmarks import add_heading
from pipelines.report.charts import questions_chart
from pipelines.report.content import Content
from pipelines.report.drawing import to_png
from pipelines.report.paper import add_picture, add_table
from pipelines.report.questions import Answered, Contrasted, Question
from pipelines.report.sections import framework_name

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
