"""What another typesetter's files taught: a document model set by Typst, in small."""

from __future__ import annotations

import pytest

from pipelines.read.pdf import read_pdf
from pipelines.read.pdf.model.page import Face, Span
from pipelines.read.pdf.model.rows import parted
from pipelines.records import BlockKind, Document
from pipelines.segment import segment_document

typst = pytest.importorskip("typst", reason="typst is not installed")

PAGE = '#set page(width: 400pt, height: 560pt)\n#set text(font: "Libertinus Serif", size: 11pt)\n'


def set_pdf(source: str) -> Document:
    return read_pdf(typst.compile((PAGE + source).encode()), path="set.pdf", sha256="0" * 64)


def texts(document: Document, kind: BlockKind) -> list[str]:
    return [" ".join(block.text.split()) for block in document.blocks if block.kind is kind]


def test_figures_that_the_font_draws_raised_are_calls_of_footnotes():
    # Libertinus has raised figures of its own: on the line, and as large as the text.
    document = set_pdf("- Rotas came late#footnote[In two of 14 weeks.] and often changed.\n")
    assert texts(document, BlockKind.BULLET) == ["Rotas came late and often changed."]
    assert texts(document, BlockKind.FOOTNOTE) == ["In two of 14 weeks."]


@pytest.mark.parametrize("calls", range(1, 7))
def test_every_sign_that_calls_a_footnote_is_known(calls):
    said = [f"Desk {n} stood empty#footnote[Note {n}.] all week." for n in range(1, calls + 1)]
    document = set_pdf('#set footnote(numbering: "*")\n' + "".join(f"- {line}\n" for line in said))
    assert texts(document, BlockKind.BULLET) == [
        f"Desk {n} stood empty all week." for n in range(1, calls + 1)
    ]


DIVIDED = """#set page(width: 210pt, margin: 40pt)
#set text(lang: "en", hyphenate: true)
#set par(justify: true)
"""
LONG = (
    "Practitioners appreciated straightforward arrangements. "
    "Administrators recommended straightforward accommodation. "
    "Straightforward accommodation arrangements satisfied practitioners. "
    "Administrators appreciated recommendations. "
)


def test_a_word_that_stands_nowhere_else_is_put_together_where_words_are_divided():
    document = set_pdf(DIVIDED + LONG * 3 + "\n\nSomebody misunderstandingly photographed it.")
    whole = " ".join(document.text.split())
    assert "-" not in whole
    assert whole.endswith("Somebody misunderstandingly photographed it.")


def test_divided_words_of_cells_are_put_together_as_those_of_the_text_are():
    rows = "[Are straightforward recommendations appreciated by administrators?], [61], " * 2
    table = f"#table(columns: (90pt, 30pt), stroke: 0.5pt, {rows})"
    document = set_pdf(DIVIDED + LONG * 3 + "\n\n" + table)
    (cells,) = (block.rows for block in document.blocks if block.kind is BlockKind.TABLE)
    assert [row[0] for row in cells] == [
        "Are straightforward recommendations appreciated by administrators?"
    ] * 2


STRIPES = "stroke: none, fill: (x, y) => if calc.odd(y) { luma(235) }"
LEVEL = "stroke: (x, y) => (bottom: 0.5pt)"


@pytest.mark.parametrize("style", [STRIPES, LEVEL])
@pytest.mark.parametrize("columns", [3, 2])
def test_a_title_between_two_tables_belongs_to_neither(style, columns):
    def table(*rows):
        if columns == 2:
            rows = [(f"{code} {name}", rating) for code, name, rating in rows]
        cells = ", ".join(f"[{cell}]" for row in rows for cell in row)
        widths = "(1fr, 5fr, 4fr)" if columns == 3 else "(6fr, 4fr)"
        return f"#table(columns: {widths}, {style}, {cells})\n"

    first = table(("1.1", "Leadership", "Good"), ("1.2", "Staff", "Inadequate"))
    last = table(("2.1", "Court work", "Good"), ("2.2", "Planning", "Outstanding"))
    title = "*2. Court work and case supervision*"
    document = set_pdf(f"= Ratings\n*1. Organisational delivery*\n{first}{title}\n\n{last}")
    rows = [" ".join(row) for block in document.blocks for row in block.rows]
    assert rows == [
        "1.1 Leadership Good",
        "1.2 Staff Inadequate",
        "2.1 Court work Good",
        "2.2 Planning Outstanding",
    ]
    assert title.strip("*") in [block.text for block in document.blocks]


BAR = "stroke: (left: 3pt + rgb(0, 90, 60)), inset: (left: 10pt, rest: 4pt)"
FRAME = "stroke: 1pt, inset: 8pt"
GROUND = "fill: luma(230), inset: 8pt"
EXAMPLE = """#block(width: 100%, STYLE)[
*A day at the river*

Rooms were painted.
- Walls were green.
- Floors were clean.
]
"""
LIST = """#block(width: 100%, STYLE)[
- Rotas were drawn up in time and everyone knew them by heart before the first month was over.
- Desks were shared.
]
"""


@pytest.mark.parametrize("style", [BAR, FRAME, GROUND])
def test_an_example_in_a_box_is_told_from_a_list_in_one(style):
    said = "Some words about leaders that go on for a line or two, as they do in any report.\n"
    source = (
        f"== 1.1. Leadership\n{said}=== Strengths\n{LIST}=== Areas for improvement\n- Letters "
        f"were sent late, and nobody who had sent one could say why.\n{EXAMPLE}- Phones rang.\n"
        "== 1.2. Staff\n" + said.replace("leaders", "staff")
    )
    document = set_pdf(source.replace("STYLE", style))
    assert [(f.polarity.value, f.text.split()[0]) for f in segment_document(document).findings] == [
        ("strength", "Rotas"),
        ("strength", "Desks"),
        ("area_for_improvement", "Letters"),
        ("area_for_improvement", "Phones"),
    ]


def test_a_bar_in_the_margin_makes_no_box():
    moved = "#place(dx: -14pt, line(length: 60pt, angle: 90deg, stroke: 3pt))\n"
    document = set_pdf(
        f"== 1.1. Leadership\nSome words.\n=== Strengths\n{moved}- Rotas were drawn "
        "up in time and everyone knew them by heart before the first month was over.\n- Desks.\n"
    )
    assert not any(block.boxed for block in document.blocks)


def test_tables_with_a_rule_under_their_heads_alone_are_not_one():
    table = (
        "#table(columns: (7fr, 3fr), stroke: (x, y) => if y == 0 {{ (bottom: 1pt) }}, "
        "[Key question], [Percentage], [Does {0} engage the person?], [61%], "
        "[Does {0} keep others safe?], [48%])\n"
    )
    section = (
        "== {1} {0}\n{2}=== Strengths\n- Rotas for {0} were drawn up in time, and everyone who "
        "had to know them knew them by heart.\n=== Areas for improvement\n- Desks were few.\n"
    )
    names = ("Assessment", "Planning", "Delivery")
    document = set_pdf(
        "#set page(height: 800pt)\n"
        + "".join(
            section.format(name, f"2.{number}", table.format(name.lower()))
            for number, name in enumerate(names, 1)
        )
    )
    found = segment_document(document)
    assert [f.code for f in found.findings] == ["2.1", "2.1", "2.2", "2.2", "2.3", "2.3"]
    assert [q.percent for q in found.key_questions] == [61.0, 48.0] * 3


@pytest.mark.parametrize(
    ("before", "after", "ems", "two"),
    [
        ("In 1", "3 cases", 0.21, False),  # figures are as wide as each other, and ones are thin
        ("In 1", "3 cases", 0.45, True),
        ("In 2", "3 cases", 0.21, True),
        ("one of 1", "were", 0.21, True),
    ],
)
def test_the_white_after_a_one_is_its_own(before, after, ems, two):
    face = Face("Nimbus Sans", bold=False, italic=False, symbolic=False)
    first = Span(before, 0.0, 40.0, 100.0, 10.0, face, -1, 0)
    assert parted(first, Span(after, 40.0 + 10.0 * ems, 90.0, 100.0, 10.0, face, -1, 0)) is two


def test_the_head_of_a_striped_table_need_not_be_bold():
    rows = "".join(
        f"[Does review number {n} keep other people safe?], [{40 + n}%], " for n in (1, 2, 3)
    )
    document = set_pdf(
        f"#table(columns: (7fr, 3fr), {STRIPES}, [Key question], [Percentage], {rows})"
    )
    (table,) = (block.rows for block in document.blocks if block.kind is BlockKind.TABLE)
    assert [row[1] for row in table] == ["Percentage", "41%", "42%", "43%"]


def test_a_name_that_a_line_divides_is_put_together_as_elsewhere():
    said = "Recording in MaPPA was straightforward. Practitioners appreciated MaPPA arrangements. "
    document = set_pdf(
        DIVIDED + LONG * 2 + said * 2 + "\n\nNobody had opened the Ma-\\ PPA records."
    )
    assert document.text.split("\n\n")[-1].replace("\n", " ").endswith("the MaPPA records.")


def test_a_bold_line_under_the_sign_of_an_item_is_none_of_it():
    # The line before has no room for its first word, and both lists are as close as lines.
    document = set_pdf(
        "#set par(spacing: 0.65em)\n#set enum(spacing: 0.65em, body-indent: 14pt)\n"
        "+ offer people a place to report to where nobody else\n\n"
        "*Northwestmoorland-upon-Tessenvale region should:*\n\n"
        "+ give managers teams that they can oversee\n"
    )
    assert texts(document, BlockKind.NUMBERED) == [
        "offer people a place to report to where nobody else",
        "give managers teams that they can oversee",
    ]


def test_heads_of_a_table_set_again_over_the_page_are_no_row():
    rows = "".join(
        f"[Does planning number {n} say clearly enough what will be done when the risk of harm "
        f"rises?], [{40 + n}%], "
        for n in range(6)
    )
    document = set_pdf(
        "#set page(height: 230pt, margin: 40pt)\nThree questions were asked.\n\n"
        "#table(columns: (7fr, 2fr), stroke: 0.5pt, "
        f"table.header([Key question], [Percentage]), {rows})"
    )
    assert max(block.page for block in document.blocks) == 1  # one table, where it begins
    (table,) = (block.rows for block in document.blocks if block.rows)
    assert [row[1] for row in table] == ["Percentage", *(f"{40 + n}%" for n in range(6))]
    assert {row[0][-6:] for row in table[1:]} == {"rises?"}


def test_two_columns_over_footnotes_as_wide_as_the_page():
    note = (
        "#footnote[A note about the rota that its text names, which says so in enough words to run "
        "across the whole of the page, as the notes of such pages do, and on to a second line.]"
    )
    items = "".join(
        f"- Rota {n} was drawn up in time{note if not n else ''} and everyone who had to know it "
        "knew it by heart, which had not been so when we came before.\n"
        for n in range(4)
    )
    source = (
        "#set page(width: 595pt, height: 842pt, margin: 60pt)\n= A chapter with a title that runs "
        "over both of its columns\n#columns(2)[\n== 1.1 Leadership\n=== Strengths\n"
        f"{items}=== Areas for improvement\n{items}#colbreak()\n== 1.2 Staff\n=== Strengths\n"
        f"{items}=== Areas for improvement\n{items}]\n"
    )
    found = segment_document(set_pdf(source)).findings
    assert [f.code for f in found] == ["1.1"] * 8 + ["1.2"] * 8
    assert {" ".join(f.text.split()[2:]) for f in found} == {
        "was drawn up in time and everyone who had to know it knew it by heart, which had not been "
        "so when we came before."
    }


def test_titles_of_chapters_over_their_pages_are_running_heads_however_close():
    said = "Rotas were drawn up in time and everyone who had to know one knew it by heart. " * 60
    document = set_pdf(
        "#let chapter() = { let seen = query(heading.where(level: 1).before(here())); "
        "if seen.len() > 0 { emph(seen.last().body) } }\n"
        "#set page(height: 200pt, margin: (top: 30pt, rest: 36pt), header-ascent: 8pt, "
        "header: context chapter(), numbering: none)\n"
        f"= Foreword\n{said[:400]}\n#pagebreak()\n= Background\n{said[:400]}\n#pagebreak()\n"
        f"= 1. Organisational delivery\n{said}\n#pagebreak()\n"
        f"= 2. Case supervision\n{said[:2400]}\n"
    )
    assert max(block.page for block in document.blocks) > 2
    for chapter in ("1. Organisational delivery", "2. Case supervision"):
        assert [b.text for b in document.blocks].count(chapter) == 1
    assert document.text.count("Organisational") == document.text.count("supervision") == 1
    assert " ".join(said.split()) in " ".join(document.text.split())


def test_bars_at_one_place_on_many_pages_open_boxes_and_part_no_columns():
    def page(number: int) -> str:
        walls = "".join(
            f"- Wall {n} of room {number} was painted green by the people who used it.\n"
            for n in range(8 + number)
        )
        return (
            f"== 1.{number} Standard {'ABC'[number]}\n{'Some words about it. ' * 9 * number}\n"
            f"=== Strengths\n- Desk {number} was shared by all who needed it.\n"
            f"#block(width: 100%, {BAR})[\n*An example*\n\nRooms were painted.\n{walls}]\n"
            "- Chairs were counted each week, and found.\n"
        )

    document = set_pdf("#pagebreak()\n".join(map(page, range(3))))
    assert [f.text.split()[0] for f in segment_document(document).findings] == [
        "Desk",
        "Chairs",
    ] * 3
