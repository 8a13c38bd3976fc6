"""Text that programs took from PDFs: what they join, break and leave between the lines."""

from __future__ import annotations

import random
import re
import textwrap

import pytest

from pipelines.read import read_bytes
from pipelines.read.text.dialects import plain_forms
from tests.test_dresses import TITLE, findings, segment

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
    assert [w for w in segment(report(lines)).warnings if "hyphens lost" in w]


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


def test_a_figure_with_a_hyphen_at_the_end_of_a_line():
    text = report(["• Services for 18–25-", "year-olds were new."])
    assert findings(text) == [("s", "Services for 18–25-year-olds were new.")]


def test_a_sign_that_only_divides_words_goes():
    lines = ["• Leaders planned the devel\u2010", "opment of all their staff and had agree\u2010"]
    text = report(
        [*lines, "ments with most.", "", "Areas for improvement", "• None of it was new."]
    )
    whole = "Leaders planned the development of all their staff and had agreements with most."
    assert findings(text) == [("s", whole), ("a", "None of it was new.")]
    kept = findings(text.replace("new.", "well\u2010known."))
    assert kept[1] == ("a", "None of it was well-known.")


def test_lines_spaced_twice_as_wide():
    lines = "\n\n".join(listed(items(12)))
    assert findings(report(["", lines])) == [("s", text) for text in items(12)]


def test_a_wrapped_link_behind_a_heading():
    lines = ["• Staff were proud.", "2. Casework with those on probation (Back to", "top)"]
    text = report([*lines, "2.1. Assessment (Back", "to top)", "Strengths", "• Plans were kept."])
    assert findings(text) == [("s", "Staff were proud."), ("s", "Plans were kept.")]


def test_an_item_that_a_page_ends_in_behind_a_sentence():
    texts = items(9)
    lines = listed(texts[:8])
    full = "Leaders had seen to it that all of the staff had been trained."
    rest = "They had also been given time to put what they learnt to use."
    text = report([*lines, f"• {full}", "", "7", "\f" + rest, f"• {texts[8]}"])
    assert findings(text)[8:] == [("s", f"{full} {rest}"), ("s", texts[8])]


def test_a_groups_title_among_its_own_standards_is_the_pages():
    lines = ["2. Case supervision", "2.1. Assessment", "Good", "2. Case supervision", ""]
    text = report([*lines, "Strengths", "• Staff were proud."])
    assert [(f.code, f.text) for f in segment(text).findings] == [("2.1", "Staff were proud.")]


def test_letters_that_a_program_lost_are_told():
    words = "Of all the staff in the office the five of the first floor left. "
    lines = [f"• {words * 3}" for _ in range(20)]
    assert not [w for w in segment(report(lines)).warnings if "letters" in w]
    lost = report([line.replace("fi", " ") for line in lines])
    assert [w[:33] for w in segment(lost).warnings if "letters" in w] == [
        "hardly a word has the letters fi:"
    ]


@pytest.mark.parametrize("sign", ["", " ", "\ufffd", "\uf000"])
def test_letters_that_a_program_lost_come_back_where_the_word_list_knows_them(sign):
    words = (
        "Officers of the first office found significant benefits, specific to the staff of the "
        "Griffwold office, and we’re different in re-offering it."
    )
    more = "All of the plans that were made in the year had been read by the managers of the unit. "
    text = report([f"• {more * 26}{words}" for _ in range(25)])
    said = {f.text for f in segment(re.sub("ffi|ff|fi", sign, text)).findings}
    assert len(said) == 1
    found = said.pop().removeprefix(more * 26)
    head = (
        "Officers of the first office found significant benefits, specific to the staff of the Gri"
    )
    assert found.startswith(head)  # it knows nothing of a name, or of half a compound
    assert "office, and we’re different in re-o" in found


def test_findings_that_stop_or_begin_in_the_middle_of_a_sentence_are_told():
    lines = [f"• {text}\n" for text in items(9)]
    text = report([*lines, "• Nobody had thought of the", "", "• and the rest was lost."])
    assert [w.split(": ")[0] for w in segment(text).warnings if "middle" in w] == [
        "1 finding of 1.1 Leadership stops in the middle of a sentence",
        "1 finding of 1.1 Leadership begins in the middle of a sentence",
    ]


def test_a_full_stop_that_the_author_left_out_is_no_alarm():
    lines = [f"• {text}\n" for text in items(9)]
    text = report([*lines, "• Nobody had thought of the families\n", "• Staff were proud."])
    assert [w for w in segment(text).warnings if "middle" in w] == []


def test_numbers_below_the_lines_that_they_count():
    lines = [
        "The unit should:",
        "ensure that all of the plans that are made for people in prison",
        "are read",
    ]
    more = [
        "keep rooms open",
        "The region should:",
        "fill the posts that are vacant",
        "1.",
        "2.",
        "1.",
    ]
    text = f"{TITLE}\n\nRecommendations\n" + "\n".join([*lines, *more]) + "\n\n1.1 Leadership\n"
    text += "Strengths\n• Staff were proud.\n"
    assert [(r.addressee, r.text) for r in segment(text).recommendations] == [
        ("The unit", "ensure that all of the plans that are made for people in prison are read"),
        ("The unit", "keep rooms open"),
        ("The region", "fill the posts that are vacant"),
    ]


def test_signs_behind_the_rest_of_an_item_that_a_page_broke():
    broken = ["Strengths", "•", "•", "Rooms were safe and warm.", "Leaders had seen to it that all"]
    rest = ["", "7", "\f•", "•", "of the staff had been trained.", "Plans were kept."]
    more = ["Visits were made in nearly all of the cases that we read."]
    assert [text for _, text in findings(report([*broken[1:], *rest, *more]))] == [
        "Rooms were safe and warm.",
        "Leaders had seen to it that all of the staff had been trained.",
        "Plans were kept.",
        *more,
    ]


def test_items_whose_sign_is_a_letter_are_no_halves_of_sentences():
    lines = []
    for number in range(1, 5):
        lines += [
            f"1.{number + 1}. Standard {number}",
            f"Number {number} asks for a way of working",
        ]
        lines += ["Good", "Strengths", f"o Staff of office {number} were proud."]
    found = findings(report(["o Rooms were safe.", *lines]))
    assert [text for _, text in found[1:]] == [
        f"Staff of office {number} were proud." for number in range(1, 5)
    ]


def test_a_heading_in_lines_spaced_twice_as_wide_stays_one():
    texts = items(14)
    rated = ["1.2. Staff", "There are enough staff to do good work. Requires improvement"]
    lines = [*listed(texts[:12]), *rated, "Strengths", *listed(texts[12:])]
    found = segment(report(["", "\n\n".join(lines)])).findings
    assert [(f.code, f.text) for f in found[12:]] == [("1.2", text) for text in texts[12:]]


def test_a_few_items_with_another_sign_are_of_the_item_above():
    lines = [
        *listed(items(14), sign="‣ "),
        "‣ Two things stood out.",
        "• The first.",
        "• The second.",
    ]
    text = report([*lines, "‣ Plans were kept."])
    assert [t for _, t in findings(text)[14:]] == [
        "Two things stood out. The first. The second.",
        "Plans were kept.",
    ]


def test_a_pages_number_with_a_link_is_no_heading():
    text = report(["• Staff were proud.", "", "11 (Back to top)", "", "• Plans were kept."])
    found = segment(text).findings
    assert [(f.subsection, f.text) for f in found] == [
        (None, "Staff were proud."),
        (None, "Plans were kept."),
    ]


def test_a_year_below_its_month_is_no_page_number():
    text = report(["• Staff were proud."])
    text = text.replace("June 2023", "HM Inspectorate of Probation, June\n2023\n\f")
    assert segment(text).facts.published == "2023-06"


def test_a_percentage_in_the_middle_of_the_rows_of_its_question():
    rows = [" Does this draw enough on what others know", " " * 50 + "77%", " about the person?"]
    assert plain_forms(rows)[:2] == [f"{rows[0]}   77%", rows[2]]
    other = [" Staff of all the offices were asked.", " " * 50 + "77%", " It was new."]
    assert plain_forms(other)[:3] == other
