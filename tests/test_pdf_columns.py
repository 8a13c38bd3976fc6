"""Two columns: gutters of facing pages, headings in and over columns, tables among them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from pipelines.read.pdf.columns.gutters import (
    LearntGutter,
    choose_gutter,
    find_gutter,
    learn_gutters,
)
from pipelines.read.pdf.columns.margins import column_frames, facing_edges
from pipelines.read.pdf.model.laid import Gutter, Run
from pipelines.read.pdf.model.page import Face, Span
from pipelines.read.pdf.regions.grounds import find_fixtures
from pipelines.read.pdf.tables.unruled import find_tables
from pipelines.records import BlockKind
from tests.pages import draw
from tests.test_pdf_places import HEIGHT, LEFT, MEASURE, RIGHT, filled, lines, read, texts

PLAIN = Face("Sans", bold=False, italic=False, symbolic=False)


def ruled(paper, rows, x, top, *, widths=(150, 70), height=22.0):
    """Draw a ruled table; every row is a pair of short texts."""
    paper.setFont("Helvetica", 9)
    paper.grid(
        [x, x + widths[0], x + sum(widths)],
        [HEIGHT - top - height * index for index in range(len(rows) + 1)],
    )
    for index, (left, right) in enumerate(rows):
        base = HEIGHT - top - height * index - 15
        paper.drawString(x + 4, base, left)
        paper.drawString(x + widths[0] + 4, base, right)


def columns(paper, shift=0.0):
    filled(paper, "left words of line", LEFT + shift, 60, count=40)
    filled(paper, "right words of line", RIGHT + shift, 60, count=40)


def said(paper, words, x, top, count):
    """Write paragraphs of one line each."""
    rows = [f"{words} {i} are a sentence of their own." for i in range(count)]
    lines(paper, rows, x, top, step=20)


def in_order(whole, *wanted):
    places = [whole.index(text) for text in wanted]
    assert places == sorted(places), dict(zip(wanted, places, strict=True))


def test_gutters_of_facing_pages_that_hardly_overlap_are_two():
    gutters = [Gutter(277, 302), Gutter(298, 322), Gutter(282, 302), Gutter(298, 322)]
    learnt = learn_gutters(
        [
            (g, [(x, x + 200, 14.0 * i, 10.0) for i in range(30) for x in (g.x0 - 200, g.x1)])
            for g in gutters
        ]
    )
    assert sorted((g.x0, g.x1, g.pages) for g in learnt) == [(282, 302, 2), (298, 322, 2)]


def test_a_page_of_short_lines_and_items_has_the_gutter_of_the_others():
    """Left lines that end early or run over it, and items beyond it, show another gutter."""
    full = [(x, x + 200, 14.0 * i, 10.0) for i in range(30) for x in (80, 300)]
    short = [(80, 294, 20.0, 10.0), (80, 305, 34.0, 14.0), (300, 380, 48.0, 10.0)]
    short += [(x, x + 170, 60 + 14.0 * i, 10.0) for i in range(20) for x in (80, 330)]
    found = [(Gutter(280, 300), full)] * 2 + [(Gutter(294, 330), short)]
    (learnt,) = learn_gutters(found)
    assert (learnt.x0, learnt.x1, learnt.pages) == (280, 300, 3)


def test_facing_pages_are_laid_over_each_other_by_many_places_and_not_by_one():
    """Left pages of items, right pages of text: items' text does not stand over that."""
    left = [*[97.0] * 18, *[103.0] * 22, *[121.0] * 125, *[139.0] * 13]
    right = [*[107.0] * 102, *[113.0] * 7, *[131.0] * 34, *[149.0] * 7]
    edges = facing_edges([left, right], [[290.0], [300.0]])
    assert [edge for edge, _ in edges] == [97.0, 107.0]


def test_a_table_keeps_its_place_in_its_column():
    def page(paper):
        said(paper, "Left words above", LEFT, 60, 7)
        ruled(paper, [("Was it asked", "41%"), ("Was it kept", "52%")], LEFT - 6, 220)
        said(paper, "Left words below", LEFT, 290, 14)
        ruled(paper, [("Was it read", "63%"), ("Was it sent", "74%")], RIGHT - 6, 60)
        said(paper, "Right words below", RIGHT, 130, 20)

    whole = read(columns, page, columns).text
    in_order(whole, "above 6", "Was it asked", "Left words below 0", "Was it read", "Right words")


def test_a_table_as_wide_as_the_page_ends_the_columns_over_it():
    def page(paper):
        said(paper, "Left words above", LEFT, 60, 8)
        said(paper, "Right words above", RIGHT, 60, 8)
        ruled(paper, [("Was it asked", "41%")] * 3, LEFT, 260, widths=(350, 125))
        said(paper, "Left words below", LEFT, 360, 8)
        said(paper, "Right words below", RIGHT, 360, 8)

    whole = read(columns, page, columns).text
    in_order(whole, "Right words above 7", "Was it asked", "Left words below 0")


def test_a_heading_of_a_size_met_in_columns_stays_in_its_column():
    """Here the right column happens to break at the height of the left one's heading."""

    def page(paper):
        filled(paper, "left words above", LEFT, 60, count=20)
        lines(paper, ["2.1 Planning"], LEFT, 370, size=14, font="Helvetica-Bold")
        filled(paper, "left words below", LEFT, 400, count=20)
        filled(paper, "right words above", RIGHT, 60, count=21)
        filled(paper, "right words below", RIGHT, 400, count=20)

    def headed(paper):
        filled(paper, "left words of line", LEFT, 60, count=40)
        lines(paper, ["2.2 Assessment"], RIGHT, 60, size=14, font="Helvetica-Bold")
        filled(paper, "right words of line", RIGHT, 90, count=38)

    whole = read(headed, page, headed).text
    assert whole.index("left words above 19") < whole.index("2.1 Planning")
    assert whole.index("2.1 Planning") < whole.index("right words above 0")


def test_a_heading_of_a_size_that_crosses_elsewhere_parts_uneven_columns():
    def opening(paper):
        title = "1. A heading that is longer than any column of the page"
        lines(paper, [title], LEFT, 60, size=16, font="Helvetica-Bold")
        filled(paper, "left words of line", LEFT, 100, count=38)
        filled(paper, "right words of line", RIGHT, 100, count=38)

    def page(paper):
        filled(paper, "left words above", LEFT, 60, count=25)
        filled(paper, "right words above", RIGHT, 60, count=4)
        lines(paper, ["2. Courts"], LEFT, 450, size=16, font="Helvetica-Bold")
        filled(paper, "left words below", LEFT, 480, count=14)
        filled(paper, "right words below", RIGHT, 480, count=14)

    whole = read(opening, page, columns).text
    assert whole.index("right words above 3") < whole.index("2. Courts")
    assert whole.index("2. Courts") < whole.index("left words below 0")


def test_the_last_page_of_a_chapter_with_few_lines_in_either_column():
    def last(paper):
        lines(paper, ["• an item at its very end"], LEFT, 60)
        filled(paper, "right words at last", RIGHT, 60, count=5)

    document = read(columns, columns, last)
    assert "an item at its very end" in texts(document, BlockKind.BULLET)


def test_figures_under_each_other_on_a_page_in_one_column_are_no_column():
    """Ratings stand where indented lines of the right column start on other pages."""

    def indented(paper):
        filled(paper, "left words of line", LEFT, 60, count=40)
        filled(paper, "right words of line", RIGHT, 60, count=20)
        rows = [f"right words set in {i}" for i in range(18)]
        lines(paper, rows, RIGHT + 30, 350)

    def ratings(paper):
        lines(paper, [f"1.{i} A standard" for i in range(1, 7)], LEFT, 60)
        lines(paper, ["Good", "Inadequate"] * 3, RIGHT + 30, 60)

    document = read(ratings, indented, indented)
    assert ("1.2 A standard", "Inadequate") in document.blocks[0].rows


def test_rules_beside_a_table_in_the_next_column_are_its_own():
    """The rules of a table are not those of a box at the same height in the other column."""

    def page(paper):
        paper.setFont("Helvetica", 9)
        for index in range(5):
            paper.line(LEFT, HEIGHT - 100 - 40 * index, LEFT + 200, HEIGHT - 100 - 40 * index)
        for index in range(4):
            paper.drawString(LEFT + 4, HEIGHT - 118 - 40 * index, f"Was point {index}")
            paper.drawString(LEFT + 150, HEIGHT - 118 - 40 * index, f"4{index}%")
        paper.rect(RIGHT, HEIGHT - 250, MEASURE, 120)
        filled(paper, "boxed words", RIGHT + 6, 150, count=6)
        filled(paper, "left words below", LEFT, 300, count=20)
        filled(paper, "right words below", RIGHT, 300, count=20)

    document = read(columns, page, columns)
    table = next(block for block in document.blocks if block.rows)
    assert table.rows == tuple((f"Was point {i}", f"4{i}%") for i in range(4))


def test_nested_items_alone_in_a_right_column_show_its_gutter():
    def half(paper):
        wide = "wide words set over both of the columns, " * 3
        lines(paper, [wide[:110]] * 20, LEFT, 60)
        filled(paper, "left words below", LEFT, 400, count=12)
        rows = [f"nested words below {i} set in so far" for i in range(12)]
        lines(paper, rows, RIGHT + 50, 400)

    whole = read(columns, columns, half).text
    in_order(whole, "left words below 0", "left words below 11", "nested words below 0")


def test_a_single_line_in_the_right_column_goes_on_after_the_left_one():
    def last(paper):
        filled(paper, "left words at last", LEFT, 60, count=40)
        lines(paper, ["a word to end with."], RIGHT, 60)

    whole = read(columns, columns, last).text
    in_order(whole, "left words at last 0", "left words at last 39", "a word to end with")


def test_signs_in_the_gutter_belong_to_the_right_column():
    def page(paper):
        filled(paper, "left words of line", LEFT, 60, count=40)
        for index in range(20):
            top = 64 + 28 * index
            lines(paper, ["\u2022"], RIGHT - 11, top)
            lines(paper, [f"right words {index} of an item that", "has two lines"], RIGHT, top)

    document = read(page, page, page)
    whole = document.text
    in_order(whole, "left words of line 0", "left words of line 39", "right words 0", "words 19")
    assert len(texts(document, BlockKind.BULLET)) == 60


def test_a_bar_beside_a_quotation_makes_no_box_of_the_next_column():
    def page(paper):
        filled(paper, "west words of line", LEFT, 60, count=20)
        paper.rect(LEFT + 6, HEIGHT - 372, 1.5, 28, fill=1, stroke=0)
        lines(paper, ["a saying set in beside a bar", "and its second line"], LEFT + 14, 354)
        filled(paper, "west words below", LEFT, 390, count=14)
        filled(paper, "east words of line", RIGHT, 60, count=38)

    document = read(columns, page, columns)
    saying = next(b.text for b in document.blocks if "a saying" in b.text)
    assert saying == "a saying set in beside a bar and its second line"
    in_order(document.text, "west words of line 19", "west words below 0", "east words of line 22")


def test_a_page_of_turned_margins_takes_the_gutter_that_its_lines_end_at():
    lines_of = {300.0: (319.0, 15), 286.0: (305.0, 6)}
    learnt = [LearntGutter(x0, x1, pages, Counter()) for x0, (x1, pages) in lines_of.items()]
    pieces = [(60.0, 285.7, 14.0 * i, 10.0) for i in range(20)]
    assert choose_gutter(pieces, learnt, Gutter(285.7, 359.0)) == Gutter(286.0, 305.0)


def test_columns_of_three_lines_under_a_page_of_text_are_columns():
    learnt = LearntGutter(290, 310, 9, Counter({310: 40, 320: 20}))
    over = [(80.0, 530.0, 60 + 14.0 * i, 10.0) for i in range(12)]
    under = [(x, x + 205, 300 + 14.0 * i, 10.0) for i in range(3) for x in (80.0, 320.0)]
    assert choose_gutter([*over, *under], [learnt], None) == Gutter(290, 310)
    assert choose_gutter([*over, *under[:-2]], [learnt], None) is None


def test_the_sides_of_boxes_without_text_beside_them_part_no_columns():
    page = (
        "page\nrule 72 560 73 800\nrule 500 560 501 800\nlines 80 620 14 10 | Staff met partners.\n"
    )
    assert find_fixtures(draw(page * 3)).between == set()
    beside = page + "lines 510 620 14 10 | More.\n"
    assert len(find_fixtures(draw(beside * 3)).between) == 1


def test_a_column_without_text_at_its_edge_takes_it_from_the_other():
    def span(x0):
        return Span("a line of the column", x0, x0 + 200, 0.0, 10.0, PLAIN)

    def column(*starts):
        return [[replace(span(x), base=14.0 * i)] for i, x in enumerate(starts)]

    left = column(*[36.0] * 4, *[50.0] * 12, *[68.0] * 12)
    right = column(*[309.0] * 4, *[318.2] * 12, *[336.2] * 12)
    runs = [Run(1, (0, index), 2, index + 1, rows) for index, rows in enumerate((left, right))]
    frames = column_frames([(0, run) for run in runs])
    assert [round(edge) for edge, _ in frames[0][1]] == [36, 304]


def test_few_words_driven_apart_over_a_column_are_no_table():
    def row(base, *words):
        return [Span(word, x0, x1, base, 10.0, PLAIN) for word, x0, x1 in words]

    rows = [
        row(100, ("a full line of the item", 80, 200)),
        row(114, ("\u2022", 66, 70), ("administrators", 80, 169)),
        row(128, ("reviewed", 80, 130), ("e-", 189, 200)),
        row(142, ("learning", 80, 130), ("on", 188.5, 200)),
        row(156, ("practice.", 80, 140)),
    ]
    assert find_tables(rows) == []


def test_a_rule_between_columns_opens_no_box():
    def page(paper):
        columns(paper)
        paper.rect(297, HEIGHT - 620, 0.5, 570, fill=1, stroke=0)

    document = read(page, page, page)
    assert not any(block.boxed for block in document.blocks)
    in_order(document.text, "left words of line 39", "right words of line 0")


def test_short_answers_beside_a_few_lines_of_long_questions_are_no_column():
    """Centred in their rows they are level with few of those lines, as lines of a column are."""
    questions = [(60.0, end, 100.0 + 11 * i, 9.0) for i, end in enumerate([380, 150, 140] * 6)]
    answers = [(440.0, 536.0, 105.5 + 33 * i, 9.0) for i in range(6)]
    assert find_gutter(sorted(questions + answers, key=lambda strip: strip[2]), 595.0) is None
