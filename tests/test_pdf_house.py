"""House styles of the layout laboratory: touches that once broke the reader, a few at a time."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from itertools import pairwise

import pytest
from pikepdf import Array, Dictionary, Encryption, Name, Pdf
from reportlab.lib.colors import HexColor

from pipelines.read.pdf import read_pdf
from pipelines.read.pdf.clean.drawn import join_dots
from pipelines.read.pdf.columns.margins import page_sides
from pipelines.read.pdf.extract import visibility
from pipelines.read.pdf.extract.crossing import set_within
from pipelines.read.pdf.extract.letters import Piece
from pipelines.read.pdf.extract.pieces import close_up
from pipelines.read.pdf.layout import Layout
from pipelines.read.pdf.lines.markers import split_marker
from pipelines.read.pdf.model.bullets import is_glyph, may_mark
from pipelines.read.pdf.model.page import Face, Span
from pipelines.read.pdf.model.rows import parted
from pipelines.records import BlockKind
from tests.layouts.draw import titles
from tests.layouts.finish import finish
from tests.layouts.house import draw_house, dress, set_text
from tests.layouts.look import draw_look
from tests.layouts.measure import naive_findings, score
from tests.layouts.model import draw_report
from tests.layouts.web import page_html, print_page
from tests.pages import draw
from tests.test_pdf import TEXT, lines, read, sheet

BOLD = "Helvetica-Bold"
PLAIN = Face("Sans", bold=False, italic=False, symbolic=False)
STYLES = [
    ("ruled heads", "drawn squares", "hard spaces"),
    ("margin heads",),
    ("odd sign", "spaced heads", "hard hyphens", "bold drawn twice"),
    ("drawn rings", "ligatures", "crop marks"),
    ("counted", "drawn bars", "lying pages"),
]


@pytest.mark.parametrize("touches", STYLES, ids=lambda touches: touches[0])
def test_house_styles_give_every_finding_in_its_place(touches):
    seed = 13
    look = replace(draw_look(seed), producer="weasyprint", columns=1, mutation="none")
    report = draw_report(random.Random(seed))
    report.sections = report.sections[:3]
    page = dress(page_html(set_text(report, touches, seed), look), touches, seed)
    document = read_pdf(finish(print_page(page, look), touches), path="house.pdf", sha256="0" * 64)
    result = score(report.findings(), naive_findings(document, titles(report)))
    assert result.perfect, (result.missed[:2], result.extra[:2])


def test_a_seed_draws_one_house_style():
    assert draw_house(7) == draw_house(7)
    assert len({draw_house(seed)[1] for seed in range(30)}) > 20


def test_ornaments_are_signs_and_letters_are_not():
    assert all(is_glyph(sign) for sign in "•■➤→⇒❥☛✔◉\uf0b7")
    assert not any(is_glyph(letter) for letter in "a1-“(™№©°≥")
    assert all(may_mark(sign) for sign in (">>", "->", "–", "#"))
    assert not may_mark("**")


@pytest.mark.parametrize(
    ("text", "sign", "rest"),
    [
        ("—the hub met", "—", "the hub met"),
        (">> The hub", ">>", "The hub"),
        (">>45 per cent", ">>", "45 per cent"),
        ("➤The", "➤", "The"),
    ],
)
def test_signs_set_hard_against_a_word_are_parted(text, sign, rest):
    marker, body = split_marker([Span(text, 50, 150, 100, 10, PLAIN)])
    assert marker is not None
    assert (marker.text, body[0].text) == (sign, rest)


def test_letters_driven_apart_are_closed_up_to_words():
    """Where PDFium guesses a space behind some of them, as well."""
    pieces, x = [], 50.0
    for letter in "on time":
        if letter != " ":
            shown = letter + " " * (letter in "nm")
            pieces.append(Piece(shown, (x, 90, x + 5, 100), (x, 100), 10, PLAIN, -1, 0))
        x += 7
    close_up(pieces)
    gaps = [b.origin[0] - a.box[2] for a, b in pairwise(pieces)]
    assert [gap > 1 for gap in gaps] == [False, True, False, False, False]
    assert [piece.text for piece in pieces] == ["o", "n ", "t", "i", "m", "e"]


def test_a_space_guessed_behind_letters_drawn_in_a_hole_of_their_word_goes():
    """Another font draws them, and the pen goes back: a space of the text's own leaves white."""
    line = Piece("the o ce", (50, 90, 100, 100), (50, 100), 10, PLAIN, -1, 0)
    dash = Piece("– ", (102, 90, 108, 100), (102, 100), 10, PLAIN, -1, 0)
    ligature = Piece("ffi ", (76, 90, 86, 100), (76, 100), 10, PLAIN, -1, 0)
    assert set_within([line, dash, ligature]) == {0: [81]}
    assert ligature.text == "ffi"


def test_dashes_one_by_one_frame_a_box_as_dots_do():
    across = [f"fill {x} {y} {x + 8} {y + 1}" for y in (120, 240) for x in range(72, 312, 12)]
    down = [f"fill {x} {y} {x + 1} {y + 8}" for x in (72, 311) for y in range(120, 240, 12)]
    layout = Layout()
    layout.take(
        draw("\n".join(["page", *across, *down, "lines 84 150 14 3 | An officer met a person"]))
    )
    (block,) = layout.finish()[0]
    assert block.text.startswith("An officer met a person")
    assert block.boxed


def test_signs_drawn_as_dashes_under_each_other_are_no_rule():
    page = draw("page\n" + "".join(f"fill 72 {y} 79 {y + 1}\n" for y in range(100, 200, 14)))[0]
    join_dots(page)
    assert len(page.shapes) == 8


def test_a_rating_at_a_page_s_foot_goes_on_in_no_heading_in_small_capitals():
    """Which read as small letters: a line that leaves room is cut by no page's end."""
    text = "page\nlines 72 100 14 40 to=540 | On this page is a line that goes to its {word}.\n"
    rating = "72 680 bold | Requires improvement\n"
    head = "page\n72 90 14 bold | s\n79 90 11 bold | trengths\n" + text.removeprefix("page\n")
    layout = Layout()
    layout.take(draw(text + rating + head))
    blocks = layout.finish()[0]
    headings = [block.text for block in blocks if block.kind is BlockKind.HEADING]
    assert headings == ["Requires improvement", "strengths"]


@pytest.mark.parametrize("turned", [False, True])
def test_spaces_guessed_between_letters_that_stand_a_little_apart_are_none(turned):
    """Where PDFium guesses some of them, and the file writes none; figures stand alone as well."""
    said = ["1.1. Leadership", "Feedback from people on probation", "Planning"]

    def draw(paper, _):
        font = paper._doc.getInternalFontName(BOLD)
        if turned:
            paper.setPageRotation(90)
            paper.transform(0, 1, -1, 0, 595, 0)
        for index, text in enumerate(said):
            apart = {" ": "-500 "} | dict.fromkeys("1.erhvic", "({}) -140 ")
            shown = "".join(apart.get(letter, "({}) -110 ").format(letter) for letter in text)
            paper._code.append(f"BT {font} 13 Tf 72 {500 - 60 * index} Td [{shown}] TJ ET")
        lines(paper, ["I Unit with him"], top=320, size=13, font=BOLD)
        lines(paper, TEXT * 4, top=290)

    blocks = [block.text for block in read(sheet(draw)).blocks]
    assert blocks[:4] == [*said, "I Unit with him"]


def test_small_capitals_are_of_the_size_of_the_capitals_before_them_and_on_the_next_line():
    def draw(paper, _):
        lines(paper, TEXT * 4)
        for text, x, y, size in (
            ("A", 72, 600, 15),
            ("reas for the next year, and their", 72 + paper.stringWidth("A", BOLD, 15), 600, 12),
            ("improvement", 72, 582, 12),
        ):
            lines(paper, [text], x, y, size=size, font=BOLD)
        lines(paper, TEXT * 4, top=550)
        lines(paper, ["Not in small capitals"], top=420, size=12, font=BOLD)
        lines(paper, TEXT * 4, top=400)

    headings = [b for b in read(sheet(draw)).blocks if b.kind is BlockKind.HEADING]
    assert [(b.text, b.level) for b in headings] == [
        ("Areas for the next year, and their improvement", 1),
        ("Not in small capitals", 2),
    ]


def test_a_heading_goes_on_over_a_page_end_in_small_letters():
    def draw(paper, number):
        if number == 1:
            lines(paper, TEXT * 20)
            lines(paper, ["Court work, information and the"], top=150, size=18, font=BOLD)
        else:
            lines(paper, ["facilities of the unit"], size=18, font=BOLD)
            lines(paper, TEXT * 8, top=700)

    document = read(sheet(draw, pages=2))
    headings = [b.text for b in document.blocks if b.kind is BlockKind.HEADING]
    assert headings == ["Court work, information and the facilities of the unit"]


def test_an_item_goes_on_over_a_page_end_with_words_in_quotation_marks():
    def draw(paper, number):
        if number == 1:
            lines(paper, TEXT * 16)
            lines(paper, ["\u2022"], x=72, top=190)
            lines(paper, ["Managers told us of the tool that they had made, and called"], 90, 190)
        else:
            lines(
                paper,
                ["\u2018the best of its kind\u2019 whenever we asked. All of them use it."],
                90,
            )
            lines(paper, TEXT * 8, top=700)

    document = read(sheet(draw, pages=2))
    item = next(b for b in document.blocks if b.kind is BlockKind.BULLET)
    assert item.text.endswith(
        "and called \u2018the best of its kind\u2019 whenever we asked. All of them use it."
    )


def test_a_hard_space_after_a_sign_is_a_space():
    def draw(paper, _):
        for index in range(6):
            lines(paper, [f"*\u00a0Point {index} of the list is short."], top=700 - 40 * index)

    bullets = [b for b in read(sheet(draw)).blocks if b.kind is BlockKind.BULLET]
    assert [b.text for b in bullets] == [f"Point {i} of the list is short." for i in range(6)]


def test_a_layer_that_is_switched_off_is_left_out():
    def draw(paper, _):
        lines(paper, TEXT * 4)

    data = finish(sheet(draw), ("hidden layer",))
    document = read(data)
    assert "Check this with the unit" not in document.text
    assert any("switches off is left out: Notes" in warning for warning in document.warnings)


def test_a_layer_that_is_on_is_read():
    def draw(paper, _):
        lines(paper, TEXT * 4)

    with Pdf.open(io.BytesIO(finish(sheet(draw), ("hidden layer",)))) as file:
        file.Root.OCProperties.D.OFF = Array([])
        out = io.BytesIO()
        file.save(out)
    document = read(out.getvalue())
    assert "Check this with the unit" in document.text
    assert not document.warnings


@pytest.mark.parametrize(
    ("keys", "drawn"),
    [
        ({}, False),
        ({"OFF": []}, False),
        ({"OFF": [0]}, True),
        ({"BaseState": Name.OFF}, True),
        ({"AS": [{"Event": Name.View}]}, True),
    ],
)
def test_pages_are_drawn_only_where_a_layer_may_be_off(keys, drawn, monkeypatch):
    """Drawing takes five times as long as reading; that a file is locked is no reason either."""
    data = sheet(lambda paper, _: lines(paper, TEXT * 4))
    with Pdf.open(io.BytesIO(data)) as file:
        layer = file.make_indirect(Dictionary(Type=Name.OCG, Name="Notes"))
        keys = {f"/{k}": [layer] if v == [0] else v for k, v in keys.items()}
        locked = not keys
        if keys:
            file.Root.OCProperties = Dictionary(OCGs=[layer], D=Dictionary(keys))
        out = io.BytesIO()
        file.save(out, encryption=Encryption(owner="x", user="") if locked else False)
    asked = []
    monkeypatch.setattr(visibility, "draw", lambda *args: asked.append(args))
    read(out.getvalue())
    assert bool(asked) == drawn


def test_a_letter_on_a_rule_of_its_colour_stays_where_a_layer_is_off():
    def draw(paper, _):
        lines(paper, TEXT * 4)
        lines(paper, ["As seen by HMI"], x=72, top=300)
        paper.rect(
            72 + paper.stringWidth("As seen by HM", "Helvetica", 11) + 0.4, 298, 2.2, 12, 0, 1
        )

    assert "As seen by HMI" in read(finish(sheet(draw), ("hidden layer",))).text


@pytest.mark.parametrize("top", [760, 690])  # over the layer; in its place, as other languages are
def test_a_layer_that_no_name_tells_of_is_left_out(top):
    def draw(paper, _):
        lines(paper, TEXT * 4, top=top)

    with Pdf.open(io.BytesIO(finish(sheet(draw), ("hidden layer",)))) as file:
        del file.Root.OCProperties.OCGs[0].Name
        out = io.BytesIO()
        file.save(out)
    document = read(out.getvalue())
    assert "Check this with the unit" not in document.text
    assert "\n\n".join(b.text for b in document.blocks) == " ".join(TEXT * 4)
    assert any("a layer that is off" in warning for warning in document.warnings)


def test_headings_in_the_margin_need_not_be_bold():
    def draw(paper, _):
        for index in range(4):
            top = 760 - 160 * index
            lines(paper, ["Areas for" if index % 2 else "Strengths"], x=60, top=top)
            lines(paper, ["improvement"] * (index % 2), x=60, top=top - 14)
            for item in range(3):
                lines(paper, ["\u2022"], x=150, top=top - 42 * item)
                lines(paper, TEXT[:2], x=162, top=top - 42 * item, step=14)

    blocks = read(sheet(draw)).blocks
    heads = [b.text for b in blocks if b.kind is not BlockKind.BULLET]
    assert heads == ["Strengths", "Areas for improvement"] * 2
    assert sum(b.kind is BlockKind.BULLET for b in blocks) == 12


def test_lists_abreast_go_on_over_the_page_end_each_by_itself():
    def items(paper, x, top, count, name):
        for base in range(top, top - 40 * count, -40):
            lines(paper, ["\u2022"], x=x, top=base)
            lines(
                paper,
                [
                    f"{name} Managers in the east met often",
                    "and kept a record of it that all could see.",
                ],
                x + 12,
                base,
            )

    def draw(paper, number):
        if number % 2:
            lines(paper, TEXT * 3)
            for x, title in ((72, "Strengths"), (315, "Areas for improvement")):
                lines(paper, [title], x=x, top=640, font=BOLD)
            items(paper, 72, 610, 11, f"S{number}")
            items(paper, 315, 610, 11, f"A{number}")
        else:
            items(paper, 72, 760 - 9 * number, 4, f"S{number}")
            items(paper, 315, 760 - 9 * number, 2, f"A{number}")
            lines(paper, TEXT * 5, top=520)

    blocks = read(sheet(draw, pages=6)).blocks
    bullets = [b.text.split()[0] for b in blocks if b.kind is BlockKind.BULLET]
    wanted = [
        f"{side}{page}"
        for first in (1, 3, 5)
        for side in "SA"
        for page, count in ((first, 11), (first + 1, 4 if side == "S" else 2))
        for _ in range(count)
    ]
    assert bullets == wanted


def test_items_may_open_with_a_line_in_bold():
    def draw(paper, _):
        for index in range(6):
            top = 740 - 60 * index
            lines(paper, ["\u2022"], x=72, top=top)
            lines(paper, TEXT[:1], x=90, top=top, font=BOLD)
            lines(
                paper,
                ["London teams, too, met every fortnight to talk these cases through"],
                90,
                top - 14,
            )
            lines(paper, TEXT[1:], x=90, top=top - 28)

    blocks = read(sheet(draw)).blocks
    assert [b.kind for b in blocks] == [BlockKind.BULLET] * 6


def test_sides_of_pages_take_turns():
    page, shifted = [50.0] * 9 + [72.0] * 9, [72.0] * 9 + [94.0] * 9
    alike = [72.0] * 12
    pages = [page, shifted, page, shifted, page, alike, page, shifted, alike, shifted]
    assert page_sides(pages) in ([0, 1] * 5, [1, 0] * 5)
    hanging = [[50.0] * 12, *[[50.0] * 6 + [64.0] * 6] * 3, *[[64.0] * 12] * 4]
    assert len(set(page_sides(hanging))) == 1


def test_a_sign_that_sticks_out_of_a_box_belongs_to_its_text():
    def draw(paper, _):
        lines(paper, TEXT * 4)
        paper.rect(72, 500, 400, 100)
        for index in range(3):
            lines(paper, ["\u2022"], x=66, top=580 - 30 * index)
            lines(paper, ["A point of good practice in the box"], x=84, top=580 - 30 * index)
        lines(paper, TEXT * 4, top=460)

    blocks = read(sheet(draw)).blocks
    assert [b.boxed for b in blocks if b.kind is BlockKind.BULLET] == [True] * 3
    assert not any(b.text == "\u2022" for b in blocks)


@pytest.mark.parametrize("touches", [(), ("lying pages",)])
def test_a_sign_of_another_font_drawn_within_a_text_parts_it(touches):
    def draw(paper, _):
        lines(paper, TEXT * 4)
        set_apart = "[(Shares of) -2000 (ten per cent)] TJ"
        paper._code.append(f"BT 1 0 0 1 72 560 Tm /F1 11 Tf {set_apart} ET")
        lines(paper, [">"], x=127, top=560, font="Courier")

    assert "Shares of > ten per cent" in read(finish(sheet(draw), touches)).text


def test_a_heading_on_a_bar_is_none_of_a_box_on_the_next_page():
    def draw(paper, number):
        if number == 1:
            lines(paper, TEXT * 12)
            paper.setFillGray(0.8)
            paper.rect(72, 394, 400, 18, fill=1, stroke=0)
            paper.setFillGray(0)
            lines(paper, ["Areas for improvement"], x=76, top=400, font=BOLD)
            lines(paper, ["\u2022"], x=72, top=382)
            lines(paper, ["The last point of the page is short."], x=90, top=382)
        else:
            lines(paper, TEXT * 3)
            paper.rect(72, 560, 400, 80)
            lines(paper, ["A note in a box", "of two lines"], x=80, top=620)
            lines(paper, TEXT * 5, top=520)

    head = next(b for b in read(sheet(draw, pages=2)).blocks if "Areas" in b.text)
    assert head.kind is BlockKind.HEADING
    assert not head.boxed


def test_a_space_that_opens_a_text_parts_it_from_the_one_before():
    words = Span("screenings", 50, 100, 100, 10, PLAIN), Span(" each", 100.2, 130, 100, 10, PLAIN)
    assert parted(*words)


def test_a_dash_of_a_sentence_where_nested_items_stand_is_no_sign():
    long = "Managers in the east of the county met every fortnight and talked it all over"

    def draw(paper, _):
        for top in (760, 630, 500, 370):
            lines(paper, ["\u2013"], x=72, top=top)
            lines(paper, TEXT[:1], x=90, top=top)
            for base in (top - 16, top - 46):
                lines(paper, ["\u2013"], x=90, top=base)
                lines(paper, ["A nested point of the list", "that has two lines."], 108, base)
            lines(paper, ["\u2013"], x=72, top=top - 76)
            lines(paper, [long], x=90, top=top - 76)
            lines(paper, ["\u2013", "of it was kept."], x=90, top=top - 90)
            lines(paper, ["and staff noticed \u2013 so that a record"], x=99, top=top - 90)

    bullets = [b.text for b in read(sheet(draw)).blocks if b.kind is BlockKind.BULLET]
    assert len(bullets) == 8
    assert all("all over \u2013 and staff noticed" in text for text in bullets[1::2])


def test_what_is_drawn_at_one_place_on_most_pages_belongs_to_the_page():
    def draw(paper, number):
        paper.setFillGray(0.9)
        paper.rect(60, 740, 470, 30, fill=1, stroke=0)
        paper.setFillGray(0)
        lines(
            paper, [f"The {number}. page opens here, and its first", "lines are text as any other."]
        )
        lines(paper, TEXT * 6, top=720)

    assert not any(block.boxed for block in read(sheet(draw, pages=6)).blocks)


def test_a_tint_that_fades_makes_a_box():
    def draw(paper, _):
        lines(paper, TEXT * 4)
        paper.saveState()
        clip = paper.beginPath()
        clip.rect(72, 500, 420, 100)
        paper.clipPath(clip, stroke=0)
        paper.linearGradient(72, 500, 72, 600, (HexColor("#dde8f2"), HexColor("#f4f8fb")))
        paper.restoreState()
        lines(paper, ["Good practice example"], x=80, top=580, font=BOLD)
        lines(paper, ["Text in a box of a tint", "that fades to its foot."], x=80, top=560)
        lines(paper, TEXT * 4, top=470)

    blocks = read(sheet(draw)).blocks
    assert [b.text[:4] for b in blocks if b.boxed] == ["Good", "Text"]


def test_what_is_filled_with_a_tint_that_fades_makes_a_box():
    """Browsers fill with a pattern, which PDFium calls white."""

    def draw(paper, _):
        lines(paper, TEXT * 4)
        paper._code.append("q /Pattern cs /Tint scn 72 500 420 100 re f Q")
        paper._code.append("q 1 1 1 rg 72 300 420 60 re f Q")
        lines(paper, ["Good practice example"], x=80, top=580, font=BOLD)
        lines(paper, ["Text in a box of a tint", "that fades to its foot."], x=80, top=560)
        lines(paper, TEXT * 12, top=470)

    blend = {"/FunctionType": 2, "/Domain": [0, 1], "/N": 1}
    blend |= {"/C0": [0.87, 0.91, 0.95], "/C1": [0.96, 0.97, 0.98]}
    shading = {"/ShadingType": 2, "/ColorSpace": Name.DeviceRGB, "/Coords": [0, 500, 0, 600]}
    with Pdf.open(io.BytesIO(sheet(draw))) as file:
        tint = {"/PatternType": 2, "/Shading": {**shading, "/Function": blend}}
        file.pages[0].Resources.Pattern = Dictionary({"/Tint": tint})
        file.save(made := io.BytesIO())
    blocks = read(made.getvalue()).blocks
    assert [b.text[:4] for b in blocks if b.boxed] == ["Good", "Text"]


def test_a_sign_drawn_within_a_text_parts_it_on_a_page_that_is_a_form():
    def draw(paper, _):
        lines(paper, TEXT * 4)
        set_apart = "[(Shares of) -2000 (ten per cent)] TJ"
        paper._code.append(f"BT 1 0 0 1 72 560 Tm /F1 11 Tf {set_apart} ET")
        lines(paper, [">"], x=127, top=560, font="Courier")

    text = read(finish(sheet(draw), ("pages as forms",))).text
    assert "Shares of > ten per cent" in text


def test_a_drawn_dash_may_be_as_long_as_the_text_is_high():
    def draw(paper, _):
        for index in range(4):
            top = 740 - 50 * index
            paper.rect(78, top + 2.5, 7, 1.2, fill=1, stroke=0)
            lines(paper, TEXT, x=92, top=top, size=9)

    blocks = read(sheet(draw)).blocks
    assert [b.kind for b in blocks] == [BlockKind.BULLET] * 4


def test_a_bar_beside_a_heading_in_the_margin_makes_no_box():
    def draw(paper, _):
        for top in (740, 580, 420):
            paper.rect(56, top - 17, 5, 28, fill=1, stroke=0)
            lines(paper, ["Areas for", "improvement"], x=66, top=top, font=BOLD)
            for item in range(3):
                lines(paper, ["\u2022"], x=150, top=top - 42 * item)
                lines(paper, TEXT, x=162, top=top - 42 * item)

    blocks = read(sheet(draw)).blocks
    assert not any(block.boxed for block in blocks)
    assert sum(block.text == "Areas for improvement" for block in blocks) == 3
