"""Text that programs took from PDFs: what they join, break and leave between the lines."""

from __future__ import annotations

import random
import textwrap

import pytest

from pipelines.read import read_bytes
from tests.test_dresses import TITLE, findings

WIDTH = 64
WORDS = (
    "the of and to staff courts in for plans people on probation with their officers had been"
    " women who was by partners reviews at prison risk not that offices harm from visits work"
)


def sentence(number: int) -> str:
    words = random.Random(number).choices(WORDS.split(), k=12 + number % 23)
    return f"Leaders {' '.join(words)} again."


def items(count: int, *, behind: str = "") -> list[str]:
    return [sentence(number) + behind for number in range(count)]


def listed(sentences: list[str], *, width: int = WIDTH, sign: str = "• ") -> list[str]:
    """A list as lines of one width, without white before any."""
    return [line for text in sentences for line in textwrap.wrap(sign + text, width)]


def report(lines: list[str]) -> str:
    return "\n".join([TITLE, "June 2023", "", "1.1. Leadership", "Strengths", *lines, ""])


@pytest.mark.parametrize(
    ("first", "second", "elsewhere"),
    [("multi-", "agency work", "multi-agency"), ("risk-of-", "harm plans", "risk-of-harm")],
)
def test_words_that_lost_their_hyphen_at_the_end_of_a_line(first, second, elsewhere):
    cut = f"Every office had set up panels of its own for {first}"
    rest = f"{second} with the council, and met them every other week."
    lines = [
        *listed(items(14)),
        f"• {cut[:-1]}{rest}",
        f"• Reviews of {elsewhere} cases were rare.",
    ]
    assert findings(report(lines))[14] == ("s", cut + rest)


def test_words_divided_by_a_program_that_joins_them_stay_whole():
    cut, rest = "Nobody had asked for the opi", "nions of those on probation, and it showed."
    whole = "The opinions of staff were sought in most of the teams."
    lines = [*listed(items(14)), f"• {cut}{rest} It also showed in plans.", f"• {whole}"]
    assert findings(report(lines))[14][1].startswith("Nobody had asked for the opinions of those")


@pytest.mark.parametrize(
    ("foot", "head"),
    [
        (["2. Case supervision (Back to top)"], []),
        (["–", "A report on Oxbarrow", "{} and the coast", "–"], []),
        (["2. Case supervision {}"], ["A report on Oxbarrow"]),
    ],
)
def test_lines_that_break_sentences_belong_to_the_page(foot, head):
    lines = listed(items(40))
    broken = []
    for number, start in enumerate(range(0, len(lines), 22), start=3):
        page = lines[start : start + 22]
        broken += [*(head if start else []), *page, *(line.format(number) for line in foot)]
    assert findings(report(broken)) == [("s", text) for text in items(40)]


def test_ratings_in_the_middle_of_what_they_rate_stay():
    half = "Leaders set out a way of working that is clear and enables every"
    lines = []
    for number, rest in enumerate(("team to do good work.", "office to do well.", "plan to help.")):
        lines += [f"1.{number + 2} Leadership {number}", half, "Requires improvement", rest]
    text = report([*listed(items(3)), *lines])
    assert read_bytes(text.encode(), path="x.txt").text.count("Requires improvement") == 3


@pytest.mark.parametrize("call", ["ViSOR{}", "office{}", "offices,{}"])
def test_calls_in_a_count_are_taken_out_wherever_they_stand(call):
    texts = [f"The {call.format('')} was used by staff of all the teams {n}." for n in range(4)]
    called = [t.replace(call.format(""), call.format(n + 1)) for n, t in enumerate(texts)]
    assert findings(report([f"• {t}" for t in called])) == [("s", t) for t in texts]


def test_calls_of_many_asterisks_are_no_markup():
    lines = [
        "• The police described an impressive use of***** the register",
        "by staff.",
        "",
        "***** The register was described in detail by inspectors.",
        "",
        "• Rooms were safe.",
    ]
    whole = "The police described an impressive use of the register by staff."
    assert findings(report(lines)) == [("s", whole), ("s", "Rooms were safe.")]


def test_long_lines_are_cut_lines_too():
    lines = listed(items(60), width=170)
    assert findings(report(lines)) == [("s", text) for text in items(60)]
