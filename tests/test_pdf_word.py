"""What letters and reports by Word showed: notes with links, ordinals, lists set a little apart."""

from __future__ import annotations

import pytest

from pipelines.records import BlockKind
from tests.test_pdf_odd import WOOD
from tests.test_pdf_places import lines, read, texts

FULL = "A line of a sentence that fills the measure of the page up to the very end of"
NOTE = "The notes of the unit's own board, which met in the spring of that year at"


def _note(paper, link):
    """A page whose last finding has a call, and a note of two lines under a rule at its foot."""
    lines(paper, ["•", "", "•"], 72, 600, size=11)
    lines(paper, [FULL, "this page.", FULL], 90, 600, size=11)
    paper.line(72, 842 - 724, 216, 842 - 724)
    lines(paper, ["1"], 72, 735, size=6)
    lines(paper, [NOTE], 76, 738, size=9)
    lines(paper, ["www.westmarch.example/board/minutes"], 72, 749, size=9)
    lines(paper, ["and were not changed later."], 72, 760, size=9)
    if link:
        drop, thick = link
        paper.setLineWidth(thick)
        paper.line(72, 842 - 749 - drop, 232, 842 - 749 - drop)


@pytest.mark.parametrize("link", [(), (1.3, 0.6), (2.0, 1.2), (-2.0, 0.5)])
def test_a_rule_under_a_link_or_through_it_is_not_the_rule_over_the_footnotes(link):
    def after(paper):
        lines(paper, ["the first and goes on to its end."], 90, 72, size=11)

    document = read(lambda paper: _note(paper, link), after)
    assert texts(document, BlockKind.BULLET)[-1] == f"{FULL} the first and goes on to its end."
    assert texts(document, BlockKind.FOOTNOTE) == [
        f"{NOTE} www.westmarch.example/board/minutes and were not changed later."
    ]


def test_small_type_pages_after_a_note_is_none_of_it():
    def plain(paper):
        lines(paper, [FULL] * 20, 72, 72, size=11)

    def small(paper):
        lines(paper, [FULL] * 20, 72, 72, size=11)
        paper.line(72, 842 - 724, 216, 842 - 724)
        lines(paper, ["Small type that is no part of any note before."], 72, 738, size=9)

    document = read(lambda paper: _note(paper, ()), plain, small)
    assert texts(document, BlockKind.FOOTNOTE)[0].endswith("not changed later.")
    assert "Small type" in texts(document, BlockKind.FOOTNOTE)[1]


@pytest.mark.parametrize(
    ("said", "figures", "part"),
    [
        ("It has rooms of 1,350 m", "2", "²"),
        ("There are 1.5 × 10", "6", "⁶"),
        ("They spent £5m", "2", ""),
        ("They spent more than £ 5m", "3", ""),
        ("They met in the case of Child M", "2", ""),
        ("It has rooms of 350 m", "4", ""),
    ],
)
def test_raised_figures_are_a_part_of_a_measure_alone(said, figures, part):
    """Behind money and names they are calls of footnotes."""

    def page(paper):
        lines(paper, [FULL, said, FULL], 72, 72, size=11)
        at = 72 + paper.stringWidth(said, "Helvetica", 11) + 0.3
        lines(paper, [figures], at, 72 + 14 - 4, size=6.4)

    assert f"{said}{part}" in read(page).text.splitlines()


@pytest.mark.parametrize("raised", ["th", "²"])
def test_what_stands_raised_behind_a_word_tears_no_line(raised):
    def page(paper):
        lines(paper, ["•", "", "", "•"], 72, 72, size=11)
        first = "Young people moved over on their 18"
        lines(paper, [FULL, first, "meeting.", "A second finding."], 90, 72, size=11)
        at = 90 + paper.stringWidth(first, "Helvetica", 11) + 0.5
        lines(paper, [raised], at, 72 + 14 - 4.3, size=6.4)
        lines(paper, ["birthday without a"], at + 8, 72 + 14, size=11)

    said = f"18{raised if raised.isalpha() else ''} birthday without a meeting."
    assert texts(read(page), BlockKind.BULLET) == [
        f"{FULL} Young people moved over on their {said}",
        "A second finding.",
    ]


def test_items_whose_signs_alone_are_set_in_are_not_nested():
    def page(paper):
        for top, sign in ((72, 71), (100, 81), (128, 81)):
            lines(paper, ["•"], sign, top, size=11)
            lines(paper, [FULL, "this page."], 99, top, size=11)
        lines(paper, ["•"], 99, 156, size=11)
        lines(paper, ["An item inside the last one."], 117, 156, size=11)

    found = texts(read(page), BlockKind.BULLET)
    assert found == [f"{FULL} this page."] * 2 + [f"{FULL} this page. An item inside the last one."]


def test_items_count_on_beyond_ninety_nine():
    def page(paper):
        for index, number in enumerate(("99.", "100.", "101.")):
            lines(paper, [number], 72, 72 + 40 * index, size=11)
            lines(paper, [FULL, "this page."], 108, 72 + 40 * index, size=11)

    document = read(page)
    assert [b.marker for b in document.blocks] == ["99.", "100.", "101."]
    assert texts(document, BlockKind.NUMBERED) == [f"{FULL} this page."] * 3


def _numbered(number, *, printed, x, head="", top=817, size=20):
    """A page of a report whose pages are numbered in large type."""

    def page(paper):
        lines(paper, [f"{FULL} {number}"] * 15, 72, 100, size=11)
        if head:
            lines(paper, [head], 72, top, size=9, font="Helvetica-Bold")
        lines(paper, [str(printed)], x, top, size=size, font="Helvetica-Bold")

    return page


def test_page_numbers_in_large_type_go():
    pages = [_numbered(n, printed=n + 1, x=505 if n % 2 else 72) for n in range(1, 6)]
    document = read(*pages)
    assert texts(document, BlockKind.HEADING) == []
    assert "6" not in document.text


def test_chapters_numbers_in_large_type_stay():
    def chapter(number):
        def page(paper):
            lines(paper, [str(number)], 72, 90, size=30)
            lines(paper, [FULL] * 15, 72, 140, size=11)

        return page

    def plain(paper):
        lines(paper, [FULL] * 18, 72, 90, size=11)

    document = read(chapter(1), plain, plain, chapter(2), plain, chapter(3), plain)
    assert texts(document, BlockKind.HEADING) == ["1", "2", "3"]


def test_the_running_foot_and_numbers_of_an_annex_go():
    report = [_numbered(n, printed=n, x=505) for n in range(1, 12)]
    foot = "An inspection of the board for Westmarch:"
    annex = [
        _numbered(n, printed=n - 11, x=505 if n % 2 else 40, head=foot, top=800)
        for n in range(12, 19)
    ]
    document = read(*report, *annex)
    assert texts(document, BlockKind.HEADING) == []
    assert "inspection of the board" not in document.text


def test_a_sentence_in_a_box_goes_on_in_the_box_on_the_next_page():
    def box(paper, top, rows):
        paper.rect(66, 842 - top - 15 * len(rows), 480, 15 * len(rows) + 14, fill=0)
        lines(paper, rows, 72, top, size=11)

    def one(paper):
        lines(paper, [FULL] * 10, 72, 72, size=11)
        box(paper, 600, ["A practice study", FULL])

    def two(paper):
        box(paper, 72, ["the page and stop there.", "A second sentence in its box."])
        lines(paper, [FULL] * 10, 72, 300, size=11)

    boxed = [b for b in read(one, two).blocks if b.boxed]
    assert boxed[1].text.endswith("the very end of the page and stop there.")
    assert (boxed[1].page, boxed[1].page_end) == (1, 2)


def _merged(paper, prose):
    """A table of two columns whose last row goes over both."""
    bottom = 142 + 15 * len(prose) + 6
    for top, low, edges in ((100, 121, (66, 350, 530)), (121, 142, (66, 350, 530))):
        for x in edges:
            paper.line(x, 842 - top, x, 842 - low)
    for x in (66, 530):
        paper.line(x, 842 - 142, x, 842 - bottom)
    for y in (100, 121, 142, bottom):
        paper.line(66, 842 - y, 530, 842 - y)
    for index, (name, rating) in enumerate((("Leadership", "Good"), ("Staffing", "Inadequate"))):
        lines(paper, [name], 72, 115 + 21 * index, size=11)
        lines(paper, [rating], 356, 115 + 21 * index, size=11)
    lines(paper, prose, 72, 156, step=15, size=11)


WORDS = "to say in few words what was seen by all of the inspectors who came"


def test_running_text_over_all_columns_of_a_table_is_read_as_a_box():
    document = read(lambda paper: _merged(paper, [f"{FULL} {WORDS[:12]}"] * 4))
    tables = [b.rows for b in document.blocks if b.kind is BlockKind.TABLE]
    assert tables == [(("Leadership", "Good"), ("Staffing", "Inadequate"))]
    assert texts(document, BlockKind.PARAGRAPH) == [" ".join([f"{FULL} {WORDS[:12]}"] * 4)]


def test_a_merged_cell_is_not_cut_at_the_columns_of_other_rows():
    def page(paper):
        _merged(paper, [])
        paper.line(66, 842 - 166, 530, 842 - 166)
        for x in (66, 530):
            paper.line(x, 842 - 142, x, 842 - 166)
        lines(
            paper, ["The judgement of the inspectors on the whole of the unit is"], 72, 157, size=11
        )
        lines(paper, ["inadequate"], 380, 157, size=11, font="Helvetica-Bold")

    (table,) = (b.rows for b in read(page).blocks if b.kind is BlockKind.TABLE)
    assert table[-1] == (
        "The judgement of the inspectors on the whole of the unit is inadequate",
        "",
    )


def test_words_of_type_that_a_matrix_slants_stay_apart():
    def page(paper):
        at = 72.0
        for word in ("and how, as they", "grow up, they must be", "heard as well"):
            text = paper.beginText()
            text.setTextTransform(1, 0, 0.33, 1, at, 700)
            text.setFont("Helvetica", 12)
            text.textOut(word)
            paper.drawText(text)
            at += paper.stringWidth(f"{word} ", "Helvetica", 12)
        lines(paper, [FULL] * 5, 72, 200, size=12)

    assert read(page).blocks[0].text == "and how, as they grow up, they must be heard as well"


def test_items_inside_an_item_need_no_sign():
    def page(paper):
        lines(paper, ["•"], 72, 72, size=11)
        lines(paper, ["•"], 72, 149, size=11)
        lines(paper, ["Of the people in the unit:"], 90, 72, size=11)
        lines(paper, ["some had no home of their own and lived with a friend or"], 117, 93, size=11)
        lines(paper, ["another"], 117, 107, size=11)
        lines(paper, ["half were in work."], 117, 128, size=11)
        lines(paper, [FULL, "this page."], 90, 149, size=11)

    assert texts(read(page), BlockKind.BULLET) == [
        "Of the people in the unit: some had no home of their own and lived with a friend or"
        " another half were in work.",
        f"{FULL} this page.",
    ]


def test_an_item_whose_text_is_set_in_further_than_that_of_others_goes_on():
    def page(paper):
        for index, text in enumerate((90, 90, 90, 93.4)):
            lines(paper, ["•"], 72, 72 + 40 * index, size=11)
            lines(paper, [FULL, "(as we say here) this page."], text, 72 + 40 * index, size=11)

    assert texts(read(page), BlockKind.BULLET) == [f"{FULL} (as we say here) this page."] * 4


def test_a_note_that_recurs_on_pages_that_follow_each_other_is_no_running_foot():
    def noted(number):
        def page(paper):
            rows = [f"{word} {FULL}" for word in WOOD[number : number + 4]]
            lines(paper, [*rows, f"{FULL} the rating."], 72, 90, size=11)
            at = 72 + paper.stringWidth(f"{FULL} the rating.", "Helvetica", 11)
            lines(paper, [str(number)], at, 90 + 4 * 14 - 4, size=6)
            lines(paper, [str(number)], 72, 757, size=6)
            lines(paper, ["It follows the lowest of the scores."], 79, 760, size=9)

        return page

    def plain(paper):
        lines(paper, [FULL] * 9, 72, 90, size=11)

    document = read(*(noted(n) for n in (2, 4, 6, 7, 8)), *[plain] * 9)
    assert texts(document, BlockKind.FOOTNOTE) == ["It follows the lowest of the scores."] * 5
