"""Word's section of key questions beside each other: the dots of each framework, and a table."""

from __future__ import annotations

from itertools import groupby

from docx.document import Document

from pipelines.report.charts.drawing import to_png
from pipelines.report.charts.kinds import questions_chart
from pipelines.report.content import Content
from pipelines.report.sections import framework_name
from pipelines.report.word.bookmarks import add_heading
from pipelines.report.word.paper import add_picture, add_table


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
