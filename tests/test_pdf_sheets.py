"""Sheets that hold several pages: what their numbers prove, and what they do not."""

from dataclasses import replace

import pytest

from pipelines.read.pdf.clean.sheets import Sheets
from pipelines.read.pdf.model.page import Face, RawPage, Span

PLAIN = Face("Arial", False, False, False)
BOLD = PLAIN._replace(bold=True)


def page(number, width, height, *spans):
    drawn = [Span(text, x, x + 4.0 * len(text), base, 9.0, PLAIN) for x, base, text in spans]
    return RawPage(number, width, height, drawn)


def two_up(pairs):
    """Landscape sheets with text over their middle, which the numbers of their pages prove two."""
    return [
        page(n, 842, 595, *((60 + 421 * at, 560, str(v)) for at, v in enumerate(pair)),
             (60, 100, f"Page {pair[0]}."), (481, 100, f"Page {pair[1]}."), (380, 580, "sheet"))
        for n, pair in enumerate(pairs, 1)
    ]  # fmt: skip


def first_words(pages):
    return [next(s.text for s in p.spans if s.text.startswith("Page")) for p in pages]


@pytest.mark.parametrize(
    "pairs",
    [
        [(1, 2), (3, 4), (5, 6)],
        [(2, 1), (4, 3), (6, 5)],
        [(8, 1), (2, 7), (6, 3), (4, 5)],
    ],
)
def test_numbers_give_the_pages_of_sheets_in_their_order(pairs):
    pages, sheets = two_up(pairs), Sheets()
    sheets.part(pages)
    assert first_words(pages) == [f"Page {n}." for n in range(1, 2 * len(pairs) + 1)]
    assert [p.number for p in pages] == list(range(1, len(pages) + 1))
    assert sheets.halves[1][0] == next(n for n, pair in enumerate(pairs, 1) if 1 in pair)


def test_a_cover_on_a_page_of_its_own_stays_and_the_sheets_behind_it_are_cut():
    pages = [page(1, 421, 595, (60, 100, "Page 0.")), *two_up([(1, 2), (3, 4), (5, 6)])]
    Sheets().part(pages)
    assert first_words(pages) == [f"Page {n}." for n in range(7)]


@pytest.mark.parametrize(
    "rows",
    [
        # A page a number; numbered items at one height of two columns; a year beside the number.
        [[(60, 800, "1")], [(500, 800, "2")], [(60, 800, "3")], [(500, 800, "4")]],
        [[(60, 60, "1"), (360, 60, "2")], [(60, 60, "3"), (360, 60, "4")]],
        [[(60, 800, "2024"), (500, 800, str(n))] for n in range(1, 6)],
        [[(60, 400, str(2 * n)), (360, 400, str(2 * n + 1))] for n in range(6)],
    ],
)
def test_pages_whose_figures_prove_no_sheet_stay_whole(rows):
    body = (60, 300, "Staff of the unit were asked, and most of them said that it was so.")
    pages = [page(n, 595, 842, body, *spans) for n, spans in enumerate(rows, 1)]
    before = [(p.number, list(p.spans)) for p in pages]
    sheets = Sheets()
    sheets.part(pages)
    assert [(p.number, p.spans) for p in pages] == before
    assert sheets.small == []


LISTS = ("Strengths", "Weaknesses", "Opportunities", "Threats")
SAID = "Staff of the unit were asked, and most of them said that it was so there."


@pytest.mark.parametrize(
    ("width", "height", "pages"),
    [
        # Heads of a table's columns that count, with its rows right under them.
        (842, 595, [[(60 + 281 * c, 80 + 15 * r, str(3 * n + c + 1 if r == 0 else r + c))
                     for r in range(20) for c in range(3)] for n in range(2)]),
        # Columns too narrow for pages.
        (595, 842, [[(60 + 297 * c, y, str(2 * n + c + 1) if y == 800 else f"{n} is so.")
                     for c in range(2) for y in (100, 800)] for n in range(3)]),
        # Cases side by side, two rows over their middle.
        (842, 595, [[(60 + 421 * c, y, str(2 * n + c + 1) if y == 40 else f"Case {n} was so.")
                     for c in range(2) for y in (40, 100, 114)]
                    + [(300, 500, SAID), (300, 514, SAID)] for n in range(3)]),
        # Figures that add up to one sum, of more pages than there are.
        (842, 595, [[(300, 100, SAID), (60, 560, one), (481, 560, two)]
                    for one, two in (("8", "1"), ("2", "7"), ("6", "3"))]),
    ],
)  # fmt: skip
def test_landscape_pages_that_hold_one_page_each_stay_whole(width, height, pages):
    whole = [page(n, width, height, (60, 300, "Staff of it."), *spans)
             for n, spans in enumerate(pages, 1)]  # fmt: skip
    before = [(p.number, list(p.spans)) for p in whole]
    Sheets().part(whole)
    assert [(p.number, p.spans) for p in whole] == before


def test_sheets_that_cannot_be_cut_are_named_by_the_size_of_their_type():
    pages = [page(n, 595, 842, (60, 100, "Staff of the unit were asked.")) for n in (1, 2)]
    for one in pages:
        one.spans[0].size = 5.2
    sheets = Sheets()
    sheets.part(pages)
    assert sheets.small == [1, 2]


def in_parts(columns, rows, width, height, sheets, left=30, top=50, extra=()):
    """Sheets with a line at one place of each part, and one nearly as long as the part."""
    wide, high = width / columns, height / rows
    counted = iter(range(1, 99))
    return [
        page(n, width, height, *extra, *(
            (x * wide + left, y * high + top + add, text)
            for y in range(rows) for x in range(columns)
            for add, text in ((0, f"Page {next(counted)}."), (20, "It is so. " * int(wide / 50)))
        ))
        for n in range(1, sheets + 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "rows", "width", "height", "sheets"),
    [(2, 2, 595, 842, 3), (3, 1, 1190, 842, 2), (1, 2, 595, 842, 4), (4, 2, 1684, 1190, 2)],
)
def test_sheets_without_numbers_are_cut_where_every_one_is_empty(
    columns, rows, width, height, sheets
):
    pages = in_parts(columns, rows, width, height, sheets, extra=[(width / 2 - 20, 12, "Sheet")])
    Sheets().part(pages)
    assert first_words(pages) == [f"Page {n}." for n in range(1, columns * rows * sheets + 1)]


def test_pages_whose_middle_is_white_are_no_sheets():
    """Two columns, and a white line at mid height: nothing begins there as at a page's top."""
    pages = in_parts(2, 2, 595, 842, 4, top=20)
    for one in pages:
        one.spans = [s for s in one.spans if s.base > 421] + [
            replace(s, base=s.base + 50) for s in one.spans if s.base < 421
        ]
    sheets = Sheets()
    sheets.part(pages)
    assert len(pages) == 4
    assert sheets.small == [1, 2, 3, 4]


def test_one_sheet_of_many_pages_close_to_their_edges_is_cut():
    pages = in_parts(3, 3, 1190, 1684, 1, top=16)
    Sheets().part(pages)
    assert first_words(pages) == [f"Page {n}." for n in range(1, 10)]


def four_up(*, numbered):
    """Two sheets of four pages in small type, each with the name of a list; the last half empty."""
    pages = in_parts(2, 2, 842, 595, 2)
    pages[1].spans = [s for s in pages[1].spans if s.base < 297]
    for at, one in enumerate(pages):
        heads = [s for s in one.spans if s.text.startswith("Page")]
        for head in heads:
            one.spans.append(replace(head, text="Strengths", base=head.base - 8, face=BOLD))
        numbers = [
            replace(h, text=str(4 * at + n), x0=h.x0 + 350, x1=h.x0 + 354, base=h.base + 235)
            for n, h in enumerate(heads, 1)
        ]
        if numbered:
            one.spans += numbers
        for head in () if numbered else heads:
            head.text = "It was"
        one.spans = [replace(s, size=5.5) for s in one.spans]
    return pages


def test_numbers_prove_sheets_of_which_the_last_is_not_full():
    pages, sheets = four_up(numbered=True), Sheets()
    sheets.part(pages)
    words = [[s.text for s in p.spans if s.text.startswith("Page")] for p in pages]
    assert words == [*([f"Page {n}."] for n in range(1, 7)), [], []]
    assert sheets.small == []


def test_sheets_that_may_hold_more_pages_than_they_are_cut_into_are_named():
    pages, sheets = four_up(numbered=False), Sheets()
    sheets.part(pages)
    assert len(pages) == 4
    assert sheets.small == [1, 2]


@pytest.mark.parametrize("bold", [True, False])
def test_boxes_with_the_names_of_their_lists_are_no_pages(bold):
    """As pages they would lose the names for running heads."""
    pages = in_parts(2, 2, 595, 842, 4)
    for one in pages:
        for span in [s for s in one.spans if s.text.startswith("Page")]:
            named = "Strengths" if bold else LISTS[int(span.text[5:-1]) % 4]
            one.spans.remove(span)
            head = replace(span, text=named, base=span.base - 12, face=PLAIN._replace(bold=bold))
            one.spans.append(head)
    sheets = Sheets()
    sheets.part(pages)
    assert len(pages) == 4
    assert sheets.small == [1, 2, 3, 4]


def test_named_cases_that_count_in_columns_are_read_one_by_one_under_what_stands_over_them():
    pages = [
        page(n, 842, 595, (60, 40, SAID * 2), (60, 52, SAID * 2), *(
            (60 + 421 * c, y, f"Page {2 * n + c - 1}." if y == 80 else f"Case {n} was so.")
            for c in range(2) for y in (80, 98, 112, 126)
        ))
        for n in range(1, 5)
    ]  # fmt: skip
    Sheets().part(pages)
    assert first_words(pages) == [f"Page {n}." for n in range(1, 9)]
