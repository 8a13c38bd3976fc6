"""Tables of percentages without rules, and what the foot of a page does to tables and bullets."""

from __future__ import annotations

import io

from reportlab.pdfgen import canvas

from pipelines.read.pdf import read_pdf
from pipelines.records import BlockKind, Document
from pipelines.segment import segment_document

A4 = (595.0, 842.0)
PROSE = [
    "Managers in the east of the county met every fortnight to talk through",
    "the hardest cases, and they kept a short record of what was agreed.",
]


def read(draw, pages: int = 1) -> Document:
    out = io.BytesIO()
    paper = canvas.Canvas(out, pagesize=A4)
    for number in range(1, pages + 1):
        paper.setFont("Helvetica", 11)
        draw(paper, number)
        paper.showPage()
    paper.save()
    return read_pdf(out.getvalue(), path="made.pdf", sha256="0" * 64)


def tables(document: Document) -> list[tuple[tuple[str, ...], ...]]:
    return [block.rows for block in document.blocks if block.kind is BlockKind.TABLE]


def test_figures_at_the_middle_of_their_cells():
    def draw(paper, number):
        for index, line in enumerate(PROSE):
            paper.drawString(72, 760 - 14 * index, line)
        paper.drawString(78, 707, "Question")
        paper.drawString(400, 714, "Share of")
        paper.drawString(400, 700, "cases")
        paper.drawString(78, 670, "Was the plan drawn up with")
        paper.drawString(400, 663, "61%")
        paper.drawString(78, 656, "the person it was for?")
        paper.drawString(78, 630, "Was it kept?")
        paper.drawString(400, 630, "7%")

    assert tables(read(draw)) == [
        (
            ("Question", "Share of cases"),
            ("Was the plan drawn up with the person it was for?", "61%"),
            ("Was it kept?", "7%"),
        )
    ]


def test_figures_at_the_first_line_of_cells_without_white_between():
    def draw(paper, number):
        paper.drawString(72, 760, "Question")
        paper.drawString(400, 760, "Yes")
        for at, line, figure in (
            (740, "Was the plan drawn up with", "61%"),
            (726, "the person it was for?", ""),
            (712, "Was it", "48%"),
            (698, "kept?", ""),
        ):
            paper.drawString(72, at, line)
            paper.drawString(400, at, figure)
        paper.drawString(72, 660, PROSE[0])

    (rows,) = tables(read(draw))
    assert rows[1:] == (
        ("Was the plan drawn up with the person it was for?", "61%"),
        ("Was it kept?", "48%"),
    )


def test_a_row_goes_on_at_the_top_of_the_next_page():
    def draw(paper, number):
        if number == 1:
            for index in range(30):
                paper.drawString(72, 760 - 20 * index, PROSE[index % 2] + " So it was.")
            paper.drawString(72, 110, "Question")
            paper.drawString(400, 110, "Yes")
            paper.drawString(72, 84, "Was the plan drawn up with")
            paper.drawString(400, 84, "61%")
        else:
            paper.drawString(72, 760, "the person it was for?")
            paper.drawString(72, 720, "What we saw was good.")

    document = read(draw, pages=2)
    assert tables(document)[0][1] == ("Was the plan drawn up with the person it was for?", "61%")
    assert document.blocks[-1].text == "What we saw was good."


def test_prose_that_ends_in_percentages_is_no_table():
    def draw(paper, number):
        for index, line in enumerate(
            ("Offices were open late on most days, and those asked said that it helped: 61%",) * 3
        ):
            paper.drawString(72, 760 - 14 * index, line)

    assert not tables(read(draw))


def test_like_footnotes_on_pages_that_follow_each_other_are_no_running_foot():
    """Their numbers rise by one a page, as page numbers do."""

    def draw(paper, number):
        for index in range(8 + number):
            paper.drawString(72, 760 - 14 * index, f"{PROSE[index % 2]} Part {number}.{index}")
        if number in (3, 4):
            paper.setFont("Helvetica", 8)
            paper.drawString(72, 90, f"{number - 2} The share of cases that were good enough,")
            paper.drawString(72, 80, f"as inspectors judged them{' in all' * number}.")
        paper.setFont("Helvetica", 9)
        paper.drawString(300, 40, str(number))

    notes = [b.text for b in read(draw, pages=8).blocks if b.kind is BlockKind.FOOTNOTE]
    assert len(notes) == 2
    assert all(note.startswith("The share of cases") for note in notes)


def test_a_dash_at_a_line_end_keeps_its_figures_together():
    def draw(paper, number):
        paper.setFont("Helvetica-Bold", 14)
        paper.drawString(72, 780, "Strengths")
        paper.setFont("Helvetica", 11)
        for at, sign, line in (
            (760, "\N{BULLET}", "Groups for people who were 18\N{EN DASH}"),
            (746, "", "25 years old were full."),
            (732, "\N{BULLET}", "The other groups were not."),
        ):
            paper.drawString(72, at, sign)
            paper.drawString(90, at, line)

    first = segment_document(read(draw)).findings[0]
    assert first.text == "Groups for people who were 18\N{EN DASH}25 years old were full."
