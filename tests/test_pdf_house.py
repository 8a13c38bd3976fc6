"""House styles of the layout laboratory: touches that once broke the reader, a few at a time."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest

from pipelines.read.pdf import read_pdf
from pipelines.read.pdf.leads import is_glyph, may_mark, split_lead
from pipelines.read.pdf.letters import Piece, close_up
from pipelines.read.pdf.marks import Face, Span
from tests.layouts.draw import titles
from tests.layouts.finish import finish
from tests.layouts.house import draw_house, dress, set_text
from tests.layouts.look import draw_look
from tests.layouts.measure import naive_findings, score
from tests.layouts.model import draw_report
from tests.layouts.web import page_html, print_page

PLAIN = Face("Sans", bold=False, italic=False, symbolic=False)
STYLES = [
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
    [("—the hub met", "—", "the hub met"), (">> The hub", ">>", "The hub"), ("➤The", "➤", "The")],
)
def test_signs_set_hard_against_a_word_are_parted(text, sign, rest):
    lead, body = split_lead([Span(text, 50, 150, 100, 10, PLAIN)])
    assert lead is not None
    assert (lead.text, body[0].text) == (sign, rest)


def test_letters_driven_apart_are_closed_up_to_words():
    pieces, x = [], 50.0
    for letter in "on time":
        if letter != " ":
            pieces.append(Piece(letter, (x, 90, x + 5, 100), (x, 100), 10, PLAIN, -1, 0))
        x += 7
    close_up(pieces)
    gaps = [b.origin[0] - a.box[2] for a, b in pairwise(pieces)]
    assert [gap > 1 for gap in gaps] == [False, True, False, False, False]
