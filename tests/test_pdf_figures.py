"""Tables of percentages without rules, and what the foot of a page does to tables and bullets."""

from __future__ import annotations

import io
import random

from reportlab.pdfgen import canvas

from pipelines.read.pdf import read_pdf
from pipelines.read.pdf.model.page import Face, Span
from pipelines.read.pdf.tables.parts import part_titles
from pipelines.records import BlockKind, Document
from pipelines.segment import segment_document
from tests.layouts.model import prose

A4 = (595.0, 842.0)
PLAIN = Face("Sans", bold=False, italic=False, symbolic=False)
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


def bullets(document: Document) -> list[str]:
    return [b.text for b in document.blocks if b.kind is BlockKind.BULLET and not b.boxed]


def test_rules_under_headings_make_no_box():
    def draw(paper, number):
        for index, top in enumerate((760, 690, 620)):
            paper.setFont("Helvetica-Bold", 13)
            paper.drawString(72, top, f"{['First', 'Second', 'Third'][index]} office should:")
            paper.line(72, top - 5, 520, top - 5)
            paper.setFont("Helvetica", 11)
            for step, line in enumerate(("see people more often", "write less about it")):
                paper.drawString(72, top - 24 - 16 * step, "\N{BULLET}")
                paper.drawString(86, top - 24 - 16 * step, line)

    assert len(bullets(read(draw))) == 6


def test_two_tables_that_their_rules_join_at_a_title():
    def draw(paper, number):
        paper.line(66, 775, 500, 775)
        at = 760
        early = (("1.1", "Early work", "Good"), ("1.2", "Late work", "Poor"))
        others = (("2.1", "Work for the whole of the county", "Good"), ("2.2", "Rest", "Poor"))
        for row in (*early, "2. Others", *others):
            if isinstance(row, str):
                paper.drawString(66, at, row)
            else:
                second = 230 if at > 700 else 400
                for x, cell in zip((72, 110, second), row, strict=True):
                    paper.drawString(x, at, cell)
            paper.line(66, at - 8, 500, at - 8)
            at -= 26

    rows = [row for table in tables(read(draw)) for row in table]
    assert ("1.2", "Late work", "Poor") in rows
    assert ("2.1", "Work for the whole of the county", "Good") in rows


def test_numbers_on_facing_pages_are_not_nested():
    def draw(paper, number):
        shift = 5 * (number - 1)
        for index in range(30):
            paper.drawString(72, 760 - 20 * index, f"{PROSE[index % 2]} {number}")
        for line in ((9, 10), (11, 12))[number - 1]:
            paper.drawString(84 + shift, 300 - 20 * line, f"{line}.")
            paper.drawString(102 + shift, 300 - 20 * line, "see to it that people are seen")

    items = [b for b in read(draw, pages=2).blocks if b.kind is BlockKind.NUMBERED]
    assert [b.marker for b in items] == ["9.", "10.", "11.", "12."]


def test_calls_in_brackets_at_full_size_are_taken_out():
    def draw(paper, number):
        for index, line in enumerate(
            ("Money from the fund[1]had been spent on time. [sic] stays.", "[2]", "So it is.[3]")
        ):
            paper.drawString(72, 760 - 40 * index, line)

    assert [b.text for b in read(draw).blocks] == [
        "Money from the fund had been spent on time. [sic] stays.",
        "So it is.",
    ]


def test_running_heads_larger_than_the_text():
    def draw(paper, number):
        paper.setFont("Helvetica", 12)
        paper.drawString(250, 815, "First part" if number < 4 else "Second part")
        paper.setFont("Helvetica", 11)
        for index in range(20 + number):
            paper.drawString(72, 770 - 14 * index, f"{PROSE[index % 2]} {number}.{index}")

    assert "part" not in read(draw, pages=7).text


def test_percentages_written_on_with_the_cell_before():
    def draw(paper, number):
        for x in (72, 380, 500):
            paper.line(x, 775, x, 703)
        for top in (775, 751, 727, 703):
            paper.line(72, top, 500, top)
        for at, text, share in (
            (760, "Question", "Yes"),
            (736, "Was the plan drawn up with the person?", "61%"),
        ):
            paper.drawString(78, at, text)
            paper.drawString(386, at, share)
        paper.drawString(78, 712, f"Was the plan kept to, and told to the family?{' ' * 28}7%")

    (rows,) = tables(read(draw))
    assert rows[-1] == ("Was the plan kept to, and told to the family?", "7%")


def test_numbers_glued_to_their_text_keep_their_second_lines():
    def draw(paper, number):
        for index in range(3):
            top = 760 - 40 * index
            paper.drawString(90, top, f"{index + 1}. see to it that those who come are seen within")
            paper.drawString(112, top - 14, "Friday of the week in which they come")

    items = [b for b in read(draw).blocks if b.kind is BlockKind.NUMBERED]
    assert [b.text.endswith("in which they come") for b in items] == [True] * 3


def test_a_number_that_fills_its_place_up_to_the_text():
    def draw(paper, number):
        for at, sign in ((760, "9."), (740, "10."), (720, "11.")):
            paper.drawString(72, at, sign)
            start = max(86.0, 72 + paper.stringWidth(sign, "Helvetica", 11))
            paper.drawString(start, at, "see to it that people are seen in time")

    items = [b for b in read(draw).blocks if b.kind is BlockKind.NUMBERED]
    assert [(b.marker, b.text.split()[0]) for b in items] == [
        ("9.", "see"),
        ("10.", "see"),
        ("11.", "see"),
    ]


def test_cells_written_as_one_piece_of_text_are_parted_at_their_edges():
    def draw(paper, number):
        paper.grid([72, 300, 500], [760, 740, 720])
        for base, left, right in ((745, "Leadership", "Good"), (725, "Staffing", "Not rated")):
            paper._code.append(f"BT /F1 11 Tf 76 {base} Td [({left}) -20000 ({right})] TJ ET")

    assert tables(read(draw)) == [(("Leadership", "Good"), ("Staffing", "Not rated"))]


def test_what_stands_under_the_last_rule_but_over_that_of_the_footnotes_is_no_row():
    def draw(paper, number):
        for top in (760, 735, 710, 685, 625):
            paper.line(72, top, 520, top)
        for base, left, right in (
            (742, "Question", "Yes"),
            (717, "Was it asked?", "61%"),
            (692, "Was it kept?", "7%"),
        ):
            paper.drawString(76, base, left)
            paper.drawString(400, base, right)
        paper.drawString(72, 660, "Some words under the table that are none of its rows")
        paper.drawString(72, 646, "and run on.")
        paper.setFont("Helvetica", 8)
        paper.drawString(72, 612, "1 A note.")

    document = read(draw)
    assert len(tables(document)[0]) == 3
    assert any(block.text.startswith("Some words under") for block in document.blocks)


def test_the_last_row_of_a_page_whose_text_goes_on_in_the_next():
    def draw(paper, number):
        if number == 1:
            for index in range(28):
                paper.drawString(72, 760 - 20 * index, PROSE[index % 2] + " So it was.")
            for base, left, right in ((150, "Question", "Yes"), (124, "Was it kept?", "7%")):
                paper.drawString(72, base, left)
                paper.drawString(400, base, right)
            paper.drawString(72, 98, "Was the plan drawn up with")
            paper.drawString(400, 90, "61%")
        else:
            paper.drawString(72, 760, "the person it was for?")
            paper.drawString(72, 735, "Was it read?")
            paper.drawString(400, 735, "52%")
            paper.drawString(72, 690, PROSE[0] + " What we saw was good.")

    rows = [row for table in tables(read(draw, pages=2)) for row in table]
    assert ("Was the plan drawn up with the person it was for?", "61%") in rows
    assert ("Was it read?", "52%") in rows


def test_a_head_in_bold_is_no_part_of_the_plain_row_under_it():
    def draw(paper, number):
        paper.setFillColorRGB(0.9, 0.9, 0.95)
        for base in (712, 684):
            paper.rect(72, base - 4, 300, 14, stroke=0, fill=1)
            paper.rect(372, base - 4, 128, 14, stroke=0, fill=1)
        paper.setFillColorRGB(0, 0, 0)
        rows = [(740, "Was it asked?", "61%"), (726, "Was it so?", "7%"), (712, "Was it?", "8%")]
        rows += [(698, "Was it kept?", "9%"), (684, "Was it known?", "5%")]
        for base, left, right in rows[1:]:
            paper.drawString(76, base, left)
            paper.drawString(376, base, right)
        paper.setFont("Helvetica-Bold", 11)
        paper.drawString(76, 740, "Question")
        paper.drawString(376, 740, "Yes")

    rows = tables(read(draw))[0]
    assert rows[:2] == (("Question", "Yes"), ("Was it so?", "7%"))


def test_headings_that_open_some_pages_are_no_running_heads():
    """Four of ten pages open with one heading; on the others the text starts at its height."""
    rng = random.Random(3)

    def headed(paper, number):
        top = 760
        if number in (3, 5, 6, 9):
            paper.setFont("Helvetica-Bold", 11)
            paper.drawString(72, 760, "Areas for improvement:")
            paper.setFont("Helvetica", 11)
            top = 738
        for index in range(40):
            paper.drawString(72, top - 14 * index, prose(rng, 1, 1)[:80])

    document = read(headed, pages=10)
    assert [b.text for b in document.blocks].count("Areas for improvement:") == 4


def test_signs_around_the_numbers_of_one_side_and_titles_between_them_go():
    rng = random.Random(4)
    titles = ["Foreword", "Recommendations", "Background", "Leadership", "Staff", "Services"]

    def draw(paper, number):
        for index in range(42):
            paper.drawString(72, 780 - 14 * index, prose(rng, 1, 1)[:80].replace("–", "-"))
        paper.drawString(72, 60, titles[number % 6])
        if number % 2:
            for base, text in ((73, "–"), (60, str(number)), (47, "–")):
                paper.drawString(300, base, text)

    said = read(draw, pages=8).text
    assert not any(f"\n{title}" in said for title in titles)
    assert "–" not in said


def test_rows_over_a_title_between_two_tables_stay_with_the_first():
    def spans(*placed):
        return [Span(text, x0, x1, base, 10.0, PLAIN) for text, x0, x1, base in placed]

    first = spans(
        ("Alpha", 50, 80, 30), ("A title that runs on", 50, 400, 60), ("Beta", 50, 80, 90)
    )
    row = [first, spans(("1%", 300, 320, 30), ("2%", 300, 320, 90))]
    head = [spans(("Name", 50, 80, 10)), spans(("Share", 300, 330, 10))]
    parts = [
        ([s.text for s in title], [[[s.text for s in cell] for cell in row] for row in rows])
        for title, rows in part_titles([head, row])
    ]
    assert parts == [
        ([], [[["Name"], ["Share"]], [["Alpha"], ["1%"]]]),
        (["A title that runs on"], [[["Beta"], ["2%"]]]),
    ]
