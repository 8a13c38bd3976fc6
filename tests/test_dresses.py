"""Reports in other forms: what the laboratory of dresses taught, and a small draw of it."""

from __future__ import annotations

import html

import pytest

from pipelines.read import read_bytes
from pipelines.segment import segment_document
from tests.dresses.draw import read_dress

TITLE = "An inspection of probation services in Oxbarrow PDU"
HALF = "Leaders had listened to the staff of each office before"
REST = "they chose what to change first."
LONG = f"{HALF} {REST}"
ASKED = "Nobody had asked the people on probation what they"
PLANS = "thought of any of these plans."
MORE = f"{ASKED} {PLANS}"


def segment(text: str, name: str = "report.txt"):
    return segment_document(read_bytes(text.encode(), path=name))


def findings(text: str, name: str = "report.txt") -> list[tuple[str, str]]:
    return [(str(f.polarity)[0], f.text) for f in segment(text, name).findings]


def page(body: str) -> str:
    return f"<html><body><h1>{TITLE}</h1><h2>1.1 Leadership</h2>{body}</body></html>"


@pytest.mark.parametrize("seed", [3, 9, 15, 21])
@pytest.mark.parametrize("form", ["html", "html-programs", "text"])
def test_a_small_draw_is_read_whole(form, seed):
    words, _, verdict = read_dress(form, seed)
    assert verdict.wrong == {}, words


@pytest.mark.parametrize(
    "items",
    [
        "<menu><li>{a}</li><li>{b}</li></menu>",
        "<div role=list><div role=listitem>{a}</div><div role=listitem>{b}</div></div>",
        "<table><tr><td>{a}</td></tr><tr><td>{b}</td></tr></table>",
        "<table><tr><td>•</td><td>{a}</td></tr><tr><td>•</td><td>{b}</td></tr></table>",
        "<table><tr><td><p>{a}</p></td></tr><tr><td><p>{b}</p></td></tr></table>",
    ],
)
def test_lists_made_of_other_elements(items):
    body = f"<h3>Strengths</h3>{items.format(a=LONG, b=MORE)}"
    assert findings(page(body), "x.html") == [("s", LONG), ("s", MORE)]


def test_a_menu_of_links_is_no_list():
    body = f"<menu><li><a href=/>Strengths</a></li></menu><h3>Strengths</h3><ul><li>{LONG}</ul>"
    assert findings(page(body), "x.html") == [("s", LONG)]


def test_a_head_that_spans_the_rows_of_its_list():
    body = (
        f"<table><tr><td rowspan=2>Strengths</td><td>{LONG}</td></tr><tr><td>{MORE}</td></tr>"
        f"<tr><td>Areas for improvement</td><td>{MORE}</td></tr></table>"
    )
    assert findings(page(body), "x.html") == [("s", LONG), ("s", MORE), ("a", MORE)]


@pytest.mark.parametrize(
    "rating",
    [
        "<svg width=9><title>Requires improvement</title><circle r=4 /></svg>",
        "<img src=r.png alt='Rating: Requires improvement'>",
        "<img src=r.png alt='Requires improvement'>",
    ],
)
def test_a_rating_that_is_a_picture(rating):
    body = f"<p>1.1 Leadership {rating}</p><h3>Strengths</h3><ul><li>{LONG}</li></ul>"
    ratings = segment(page(body).replace("<h2>1.1 Leadership</h2>", "<h2>Ratings</h2>"), "x.html")
    assert [(r.code, str(r.rating)) for r in ratings.ratings] == [("1.1", "Requires improvement")]


def test_a_table_of_one_cell_with_its_own_title_is_a_box():
    box = "<table><tr><td><p><b>Practice example</b></p><p>Words.</p><ul><li>{a}</li></ul></table>"
    body = f"<h3>Strengths</h3><ul><li>{LONG}</li></ul>{box.format(a=MORE)}<ul><li>{MORE}</li></ul>"
    filler = f"<p>{' '.join([LONG] * 40)}</p>"
    assert findings(page(filler + body), "x.html") == [("s", LONG), ("s", MORE)]


REPORT = [TITLE, "", "1.1 Leadership", "", "Strengths", "", f"• {HALF}", REST, ""]
REPORT += [f"• {ASKED}", PLANS, "", "Areas for improvement", "", f"• {MORE}", ""]
REPORT += ["Annexe one", "", *(f"{LONG} {n}." for n in range(20))]


def test_a_page_that_is_one_pre():
    body = html.escape("\n".join(REPORT))
    found = findings(f"<html><body><pre>\n{body}</pre></body></html>", "x.html")
    assert [(p, " ".join(t.split())) for p, t in found] == [("s", LONG), ("s", MORE), ("a", MORE)]


def test_a_page_of_lines_parted_by_breaks():
    lines = [html.escape(line).replace(" ", "&#160;") for line in REPORT + [LONG] * 20 if line]
    body = "<br/>\n".join(lines)
    found = findings(f"<html><body>{body}</body></html>", "x.html")
    assert found == [("s", LONG), ("s", MORE), ("a", MORE)]


@pytest.mark.parametrize("styled", [True, False])
def test_a_page_of_lines_placed_one_by_one(styled):
    sheet, lines, top = [], [], 40
    for number, text in enumerate(REPORT):
        top += 18 if text else 12
        if not text:
            continue
        left = 90 if number in {7, 10} else 72
        if styled:
            style = f"position:absolute;top:{top}px;left:{left}px"
            lines.append(f'<p style="{style}">{html.escape(text)}</p>')
        else:
            sheet.append(f".y{number}{{bottom:{1200 - top}px;}}")
            lines.append(f'<div class="t x{left} y{number}">{html.escape(text)}</div>')
    css = "".join([*sheet, ".x72{left:72px;} .x90{left:90px;}"])
    body = f"<style>{css}</style><div class='pf'>{''.join(lines)}</div>"
    found = findings(f"<html><body>{body}</body></html>", "x.html")
    assert found == [("s", LONG), ("s", MORE), ("a", MORE)]


def paged(foot: str) -> str:
    """Three chapters over five pages, each with its chapter's title at its foot."""
    pages = []
    chapters = ["Ratings", "1. Organisational delivery", "1. Organisational delivery"]
    chapters += ["2. Case supervision", "2. Case supervision"]
    texts = [
        f"{TITLE}\n\nRatings\n\n1.1 Leadership\tGood",
        f"1. Organisational delivery\n\n1.1 Leadership\n\nStrengths\n\n• {HALF}",
        f"{REST}\n\nAreas for improvement\n\n• {MORE}",
        f"2. Case supervision\n\n2.2 Assessment\n\nStrengths\n\n• {LONG}",
        f"Areas for improvement\n\n• {MORE}",
    ]
    for number, (chapter, text) in enumerate(zip(chapters, texts, strict=True), start=4):
        pages.append(f"{text}\n\n{foot.format(chapter=chapter, number=number)}\n")
    return "\n\f".join(pages)


@pytest.mark.parametrize(
    "foot", ["{chapter}\n\n{number}", "{chapter}          {number}", "{number} | {chapter}"]
)
def test_chapter_titles_at_the_feet_of_pages(foot):
    s = segment(paged(foot))
    assert [(f.code, str(f.polarity)[0], f.text) for f in s.findings] == [
        ("1.1", "s", LONG), ("1.1", "a", MORE), ("2.2", "s", LONG), ("2.2", "a", MORE),
    ]  # fmt: skip
    assert s.leftovers == ()


def test_a_running_head_where_nothing_else_ends_a_page():
    head = "Oxbarrow PDU, Marl region – report of an inspection in 2024"
    filler = "\n".join([LONG] * 20)
    body = f"{filler}\n\n{head}\n\n" * 4
    text = (
        f"{TITLE}\n\n{body}1.1 Leadership\n\n{filler}\n\nStrengths\n\n• {HALF}\n\n{head}\n\n{REST}"
    )
    assert findings(text) == [("s", LONG)]


def test_words_divided_at_line_ends_in_a_text_that_divides_words():
    text = (
        f"{TITLE}\n\n1.1 Leadership\n\nThe management of practitioners and their recruitment.\n"
        "Recruitment of well-known practitioners, management and the well-being of all.\n\n"
        "Strengths\n\n• The manage-\nment of practi-\ntioners and recruit-\nment were "
        "well-\nknown to trans-\nferred staff."
    )
    assert findings(text) == [
        (
            "s",
            "The management of practitioners and recruitment were well-known to transferred staff.",
        )
    ]


@pytest.mark.parametrize(
    ("call", "note"),
    [
        ("office†", "† Two of the offices were shared with the council."),
        ("office**", "** Two of the offices were shared with the council."),
        ("office4", "4\n\nTwo of the offices were shared with the council."),
    ],
)
def test_notes_with_signs_and_numbers_of_their_own_line(call, note):
    first, second = LONG.replace("office", call)[:60].rsplit(" ", 1)[0], ""
    second = LONG.replace("office", call)[len(first) + 1 :]
    text = (
        f"{TITLE}\n\n1.1 Leadership\n\nStrengths\n\n• {first}\n{note}\n\n\f\n{second}\n\n• {MORE}"
    )
    assert findings(text) == [("s", LONG), ("s", MORE)]


def test_calls_whose_notes_were_left_behind():
    items = [f"• {w.join(LONG.split('before'))}" for w in ("before1", "before2", "before3")]
    text = "\n\n".join([TITLE, "1.1 Leadership", "Strengths", *items])
    assert findings(text) == [("s", LONG)] * 3


@pytest.mark.parametrize(
    "lines",
    [
        ["Does planning keep", "41%", "other people safe?", "Is there a plan?", "60%"],
        ["Does planning keep other", "people safe?", "", "Is there a plan?", "", "41%", "", "60%"],
        ["Does planning keep other people safe?", "41%", "Is there a plan?", "60%"],
    ],
)
def test_questions_whose_percentages_stand_beside_or_below_them(lines):
    text = "\n".join([TITLE, "", "2.3 Planning", "", "Key question", "Percentage 'Yes'", *lines])
    text += f"\n\nStrengths\n\n• {LONG}"
    assert [(k.question, k.percent) for k in segment(text).key_questions] == [
        ("Does planning keep other people safe?", 41), ("Is there a plan?", 60),
    ]  # fmt: skip


def test_a_text_quoted_in_a_mail():
    text = "\n".join([TITLE, "", "1.1 Leadership", "", "Strengths", "", f"* {LONG}", f"* {MORE}"])
    quoted = "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
    assert findings(f"Please see below.\n\n{quoted}") == [("s", LONG), ("s", MORE)]


def test_lists_beside_each_other_with_their_layout():
    left = ["• Leaders had listened to", "  all staff in the north.", "• Morale was high there."]
    right = ["• Nobody had asked what", "  people thought of it.", ""]
    rows = [f"{a:<30}{b}".rstrip() for a, b in zip(left, right, strict=True)]
    head = f"{'Strengths':<30}Areas for improvement"
    text = "\n".join([TITLE, "", "1.1 Leadership", "", head, *rows])
    assert findings(text) == [
        ("s", "Leaders had listened to all staff in the north."), ("s", "Morale was high there."),
        ("a", "Nobody had asked what people thought of it."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "table",
    [
        "| Strengths | Areas for improvement |\n|---|---|\n| {a} | {b} |",
        "Strengths | Areas for improvement\n---|---\n{a} | {b}",
        "<table>\n<tr><th>Strengths</th><th>Areas for improvement</th></tr>\n"
        "<tr><td>{a}</td><td>{b}</td></tr>\n</table>",
        "Strengths\tAreas for improvement\n{a}\t\n\t{b}",
        "Strengths\n\n| {a} |\n|---|\n\nAreas for improvement\n\n| {b} |\n|---|",
    ],
)
def test_tables_of_findings_in_text(table):
    text = f"# {TITLE}\n\n## 1.1 Leadership\n\n{table.format(a=LONG, b=MORE)}\n"
    assert findings(text) == [("s", LONG), ("a", MORE)]


def test_a_grid_of_restructured_text():
    rows = [
        ("Strengths", "Areas for improvement"),
        ("Leaders had", "Nobody had"),
        ("met all.", "asked."),
    ]
    bar = f"+{'-' * 14}+{'-' * 24}+"
    cells = [f"| {a:<12} | {b:<22} |" for a, b in rows]
    text = "\n".join([TITLE, "=" * len(TITLE), "", "1.1 Leadership", "~" * 14, ""])
    text += "\n".join(["", bar, cells[0], bar, cells[1], cells[2], bar, ""])
    assert findings(text) == [("s", "Leaders had met all."), ("a", "Nobody had asked.")]


@pytest.mark.parametrize("heading", ["== {} ==", "*{}*", "{}\n~~~~~~~~~~~~~~~~~~~~~"])
def test_headings_of_other_dialects(heading):
    text = "\n\n".join(
        [TITLE, "1.1 Leadership", "Strengths", f"- {LONG}",
         heading.format("Areas for improvement"), f"- {MORE}"]
    )  # fmt: skip
    assert findings(text) == [("s", LONG), ("a", MORE)]


def test_bullets_that_count_as_those_of_an_example_are_told():
    text = "\n\n".join(
        [f"# {TITLE}", "## 1.1 Leadership", "### Strengths", f"- {LONG}", "### Practice example",
         "Words of it.", f"- {MORE}"]
    )  # fmt: skip
    s = segment(text)
    assert [f.text for f in s.findings] == [LONG]
    assert "1 item below the headings of practice examples count as theirs" in s.warnings
    flat = text.replace("###", "##")
    assert [f.text for f in segment(flat).findings] == [LONG, MORE]


def test_items_in_a_box_that_has_no_title_are_told():
    bar, item, title = f"+{'-' * 60}+", f"| {'- Visits were made.':<58} |", f"| {'A start':<58} |"
    text = [f"# {TITLE}", "## 1.1 Leadership", "### Strengths", f"- {LONG}", "{}", f"- {MORE}"]
    told = "1 item of 1.1 in boxes without a title: perhaps findings"
    for rows, warned in (([bar, item, bar], True), ([bar, title, item, bar], False)):
        s = segment("\n\n".join(text).format("\n".join(rows)))
        assert [f.text for f in s.findings] == [LONG, MORE]
        assert (told in s.warnings) == warned


@pytest.mark.parametrize(
    "example",
    [
        ["Practice example: a new start", f"- {MORE}\n- {ASKED}"],
        ["Effective practice – a new start", "Words of it.", f"- {MORE}\n- {ASKED}"],
        ["Practice example", "There were two parts to it:", f"- {MORE}\n- {ASKED}"],
        ["Practice example", "Words of it.", f"• {MORE}\n• {ASKED}"],
    ],
)
def test_the_list_of_an_example_without_a_frame_is_not_the_lists_own(example):
    text = "\n\n".join(
        [TITLE, "1.1 Leadership", "Strengths", f"- {LONG}", *example, "What came of it.",
         f"- {PLANS}", "Areas for improvement", f"- {LONG}"]
    )  # fmt: skip
    assert findings(text) == [("s", LONG), ("s", PLANS), ("a", LONG)]
    web = page("".join(f"<p>{line}</p>" for line in ("Strengths", *example[:-1]))).replace(
        "<p>Strengths</p>", f"<h3>Strengths</h3><ul><li>{LONG}</li></ul>"
    )
    if example[-1].startswith("-"):  # web pages have no signs of their own
        items = f"<ul><li>{MORE}</li><li>{ASKED}</li></ul><p>What came of it.</p>"
        web = web.replace("</body>", f"{items}<ul><li>{PLANS}</li></ul></body>")
        assert findings(web, "x.html") == [("s", LONG), ("s", PLANS)]


def test_headings_that_part_a_list_from_its_beginning_are_topics():
    body = "<h3>Strengths</h3><h3>The police</h3><ul><li>{a}</li></ul><h3>Health</h3>"
    body += "<ul><li>{b}</li></ul><h3>Areas for improvement</h3><ul><li>{a}</li></ul>"
    s = segment(page(body.format(a=LONG, b=MORE)), "x.html")
    assert [(str(f.polarity)[0], f.text, f.subsection) for f in s.findings] == [
        ("s", LONG, "The police"), ("s", MORE, "Health"), ("a", LONG, None),
    ]  # fmt: skip


LEVELS = [(2, 3, 4), (2, 3, 3), (2, 3, 0), (2, 2, 2), (2, 0, 0), (2, 0, 3), (2, 3, 2)]


@pytest.mark.parametrize("levels", LEVELS, ids=str)
@pytest.mark.parametrize(
    "topics", ["Police Health", "Staffing Diversity", "Diversity Resettlement", "Court Planning"]
)
def test_a_list_goes_on_below_headings_or_what_stands_there_is_left_over(levels, topics):
    """Levels of a standard's heading, a list's and the topics'; 0 is a line in bold."""

    def headed(kind, words):
        return (
            f"<h{levels[kind]}>{words}</h{levels[kind]}>"
            if levels[kind]
            else f"<p><b>{words}</b></p>"
        )

    for ahead in ("", f"<ul><li>{ASKED}</li></ul>"):
        body = f"{headed(0, '2.1 Assessment')}{headed(1, 'Strengths')}{ahead}"
        for topic, item in zip(topics.split(), (LONG, MORE), strict=True):
            body += f"{headed(2, topic)}<ul><li>{item}</li></ul>"
        s = segment(page(body), "x.html")
        found = {f.text for f in s.findings} - {ASKED}
        ended = ahead and levels in [(2, 3, 3), (2, 2, 2), (2, 0, 3), (2, 3, 2)]
        assert found == (set() if ended else {LONG, MORE})
        assert {row.text for row in s.leftovers} == {LONG, MORE} - found


def test_a_topic_as_high_as_the_heading_of_an_example_ends_it():
    body = (
        f"<h3>Strengths</h3><ul><li>{LONG}</li></ul><h4>Practice example: the van</h4><p>{LONG}</p>"
    )
    s = segment(page(f"{body}<h4>Health</h4><ul><li>{MORE}</li></ul>"), "x.html")
    assert [f.text for f in s.findings] == [LONG, MORE]


def test_items_below_a_heading_that_ended_a_list_are_left_over():
    body = f"<h3>Strengths</h3><ul><li>{LONG}</li></ul><h3>Some words</h3><p>{LONG}</p>"
    body += (
        f"<ul><li>{MORE}</li></ul><h2>1.2 Staff</h2><p>We looked at:</p><ul><li>{MORE}</li></ul>"
    )
    s = segment(page(body), "x.html")
    assert [f.text for f in s.findings] == [LONG]
    assert [(row.text, row.reason) for row in s.leftovers] == [
        (MORE, "an item below a heading that ended a list of findings")
    ]


def test_signs_that_stand_under_each_other_before_their_items():
    filler = "\n".join([f"{LONG} {LONG}"[:76]] * 3)
    items = f"{HALF}\n{REST}\n{ASKED}\n{PLANS}\n{HALF}\n{REST}"
    text = f"{TITLE}\n\n{filler}\n\n1.1 Leadership\n\nStrengths\n*\n\n*\n\n*\n\n{items}\n"
    assert findings(text) == [("s", LONG), ("s", MORE), ("s", LONG)]


def test_elements_of_placed_pages_that_are_paragraphs():
    parts = ["<b>1.1 Leadership</b>", "<b>Strengths</b>", f"• {HALF}<br/>{REST}", f"• {MORE}"]
    parts += ["<b>Areas for improvement</b>", f"• {ASKED}<br/>{PLANS}"]
    parts += [f"{LONG}<br/>{LONG}"] * 20
    body = "".join(
        f'<p style="position:absolute;top:{40 * n}px;left:72px">{part}</p>'
        for n, part in enumerate([TITLE, *parts], start=1)
    )
    found = findings(f"<html><body><div>{body}</div></body></html>", "x.html")
    assert found[:3] == [("s", LONG), ("s", MORE), ("a", MORE)]


def placed(elements):
    """A page of elements, each with its top, its left side, its class and its text."""
    lines = "".join(
        f'<p style="position:absolute;top:{top}px;left:{left}px" class="{name}">{text}</p>'
        for top, left, name, text in elements
    )
    sheet = ".n{font-size:15px} .h{line-height:18px} .m{line-height:22px} .s{font-size:8px}"
    return f"<html><head><style>{sheet}</style></head><body><div>{lines}</div></body></html>"


FILLER = [(2000 + 18 * n, 72, "n", LONG) for n in range(20)]


def test_items_in_one_element_stand_where_their_bullets_are():
    """The room between items is in no height of lines, and grows from item to item."""
    item, short = f"{HALF}<br/>{REST}", "Plans were shared with those whom they concern."
    tops = [160 + 62 * n + more for n in range(6) for more in (0, 40)]
    lists = [(130, 72, "n", "Strengths"), (160, 100, "x", "<br/>".join([item, short] * 6))]
    lists += [(550, 72, "n", "1.2 Staff")]
    top = [(40, 72, "n", TITLE), (80, 72, "n", "1.1 Leadership")]
    signs = [(top, 85, "n", "•") for top in tops]
    last = [(20, 72, "h", f"{LONG}<br/>{LONG}"), (20, 72, "m", "A<br/>B"), *FILLER]
    found = findings(placed([*top, *lists, *signs, *last]), "x.html")
    assert found == [("s", LONG), ("s", short)] * 6


@pytest.mark.parametrize(
    "numbers", [{130: "1. <br/>2. <br/>3. "}, {130: "1. ", 152: "2. <br/>3. "}]
)
def test_numbers_in_one_element_are_of_the_lines_beside_it(numbers):
    top = [(40, 72, "n", TITLE), (80, 72, "n", "Recommendations"), (110, 72, "n", "We ask to:")]
    texts = "<br/>".join(f"share plan {n}" for n in "abc")
    items = [(130, 100, "x", texts), (220, 72, "n", "Background")]
    items += [(top, 85, "x", text) for top, text in numbers.items()]
    found = segment(placed([*top, *items, (20, 72, "m", "A<br/>B"), *FILLER]), "x.html")
    assert [r.text for r in found.recommendations] == [f"share plan {n}" for n in "abc"]


@pytest.mark.parametrize("call", ["1", "†"])
def test_a_small_sign_beside_the_end_of_a_line_calls_a_note(call):
    top = [(40, 72, "n", TITLE), (80, 72, "n", "1.1 Leadership"), (100, 72, "n", "Strengths")]
    note = [(1900, 72, "n", f"{call} This says in full what was meant by it."), *FILLER]
    item = [(130, 85, "n", f"• {HALF}"), (148, 95, "n", REST), (147, 400, "s", call)]
    assert findings(placed([*top, *item, *note]), "x.html")[0] == ("s", LONG)
    item = [(130, 85, "h", f"• {HALF}<br/>they chose"), (147, 120, "s", call)]
    item.append((148, 125, "n", " what to change first."))
    assert findings(placed([*top, *item, *note]), "x.html")[0] == ("s", LONG)


def test_small_figures_on_the_line_of_their_label_are_no_calls():
    top = [(40, 72, "n", TITLE), (80, 72, "n", "1.1 Leadership"), (100, 72, "n", "Cases")]
    rows = [(130 + 18 * n, 72, "n", f"Cases of the {day}") for n, day in enumerate(("5th", "6th"))]
    figures = [(135 + 18 * n, 300, "s", str(41 + n)) for n in range(2)]
    cells = [row for pair in zip(rows, figures, strict=True) for row in pair]
    text = read_bytes(placed([*top, *cells, *FILLER]).encode(), path="x.html").text
    assert "Cases of the 5th\t41\nCases of the 6th\t42" in text


def test_dashes_that_stand_against_their_items_mark_them():
    """Not those between two words, one of which may be bold."""
    more = LONG.replace("they", "<b>they</b>–We")
    items = "".join(f"—{text}<br/>\n" for text in (more, MORE, LONG, MORE))
    filler = "<br/>".join([LONG] * 40)
    body = f"<b>Strengths</b><br/>\n{items}<b>1.2 Staff</b><br/>{filler}"
    found = findings(
        f"<html><body>{TITLE}<br/><b>1.1 Leadership</b><br/>{body}</body></html>", "x.html"
    )
    said = LONG.replace("they", "they–We")
    assert found == [("s", said), ("s", MORE), ("s", LONG), ("s", MORE)]


def test_words_are_not_taken_for_signs_of_nested_items():
    body = f"<h3>Strengths</h3><ul><li>{LONG}<br>This was no longer so.<br>– It was.</li></ul>"
    assert findings(page(body), "x.html") == [("s", f"{LONG} This was no longer so. It was.")]


def test_a_cover_whose_lines_were_cut():
    text = (
        "An inspection of probation services in:\n\nOxbarrow PDU\n\n"
        "The Probation Service – North\n\n"
        f"West region\n\nHM Inspectorate of Probation, June\n\n2024\n\nForeword\n\n{LONG}\n\n"
        f"1.1 Leadership\n\nStrengths\n\n• {LONG}"
    )
    facts = segment(text).facts
    assert (facts.unit, facts.region, facts.published) == ("Oxbarrow", "North West", "2024-06")


def test_a_number_without_white_behind_it_opens_an_item():
    text = (
        f"{TITLE}\n\nRecommendations\n\nThe PDU should:\n\n9. train its staff\n\n"
        f"10.support new staff\n\n1.1 Leadership\n\nStrengths\n\n• {LONG}"
    )
    found = segment(text).recommendations
    assert [(r.number, r.text) for r in found] == [
        (9, "train its staff"),
        (10, "support new staff"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        f"a{' ' * 60_000}b\f" * 4,
        "<table>" * 20_000,
        f"= {'a ' * 40_000}=",
        "-\n" * 12_000,
    ],
)
def test_texts_that_would_cost_minutes_in_patterns_without_bounds(text):
    assert findings(f"{TITLE}\n\n1.1 Leadership\n\nStrengths\n\n• {LONG}\n\n{text}")[0] == (
        "s",
        LONG,
    )


def test_what_a_page_hides_until_it_is_found_is_text():
    body = "<h3>Strengths</h3><ul><li>A.</li></ul>"
    body += '<div hidden="until-found"><ul><li>B.</li></ul></div>'
    assert findings(page(body), "x.html") == [("s", "A."), ("s", "B.")]
    assert findings(page(body.replace("until-found", "")), "x.html") == [("s", "A.")]


@pytest.mark.parametrize(
    "mark", ["shadowrootmode='open'", "SHADOWROOTMODE=closed", "shadowroot=open"]
)
def test_declared_shadow_roots_are_read_and_other_templates_are_not(mark):
    body = f"<h3>Strengths</h3><my-list><template {mark}><ul><li>{{a}}</li></ul>"
    body += "<template><p>None of it.</p></template></template></my-list>"
    s = segment(page(body.format(a=LONG)), "x.html")
    assert [f.text for f in s.findings] == [LONG]
    assert s.leftovers == ()


@pytest.mark.parametrize(
    ("shown", "own"),
    [
        ("<h3>{h}</h3><ul><slot><li>None.</li></slot></ul>", "<li>{a}</li><li>{b}</li>"),
        ("<h3><slot name=h>None</slot></h3><ul><slot></slot></ul>",
         "<li>{a}</li><li>{b}</li><span slot=h>{h}</span>"),
        ("<h3><slot name=h>{h}</slot></h3><slot></slot>", "<ul><li>{a}</li><li>{b}</li></ul>"),
        ("<h3>{h}</h3><in-it><template shadowrootmode=open><ul><slot></slot></ul></template>"
         "<slot></slot></in-it>", "<li>{a}</li><li>{b}</li>"),
    ],
)  # fmt: skip
def test_slots_show_what_an_element_holds_else_their_own_words(shown, own):
    body = f"<my-list><template shadowrootmode=open>{shown}</template>{own}</my-list>"
    s = segment(page(body.format(h="Strengths", a=LONG, b="Plans were read.")), "x.html")
    assert [(f.polarity, f.text) for f in s.findings] == [
        ("strength", LONG),
        ("strength", "Plans were read."),
    ]
    assert s.leftovers == ()


@pytest.mark.parametrize(
    ("markup", "read"),
    [
        ("<dialog open>{}</dialog>", True),
        ("<dialog>{}</dialog>", False),
        ("<dialog open class='cookie-consent'>{}</dialog>", False),
        ("<noscript><p>A plain copy, without JavaScript:</p>{}</noscript>", True),
        ("<noscript><ul><li>Turn on JavaScript in the settings of the browser, and then "
         "load the page anew.</li></ul></noscript>", False),
        ("<ul><li>{0}</li></ul><noscript><ul><li>{0}</li></ul></noscript>", True),
    ],
)  # fmt: skip
def test_open_dialogs_and_lists_for_browsers_without_programs_are_text(markup, read):
    item = LONG if "{0}" in markup else f"<ul><li>{LONG}</li></ul>"
    found = findings(page(f"<h3>Strengths</h3>{markup.format(item)}"), "x.html")
    assert found == [("s", LONG)] * read


def test_what_stands_over_words_follows_them_in_brackets():
    body = "<ul><li>The <ruby>PDU<rp>(</rp><rt>delivery unit</rt><rp>)</rp></ruby> met.</li></ul>"
    assert findings(page(f"<h3>Strengths</h3>{body}"), "x.html") == [
        ("s", "The PDU (delivery unit) met.")
    ]


@pytest.mark.parametrize(
    "mark",
    ["role=tooltip", "class='tooltiptext'", "class='c-tooltip__content'", "class=tip", "popover",
     "class=tippy-content"],
)  # fmt: skip
def test_a_tooltip_is_parted_from_its_word(mark):
    body = f"<h3>Strengths</h3><ul><li>The (<b {mark}>police<i {mark}>the force</i></b>) knew."
    assert findings(page(body), "x.html") == [("s", "The (police the force) knew.")]


def test_a_tooltip_is_parted_from_the_sentence_before_it():
    body = "<h3>Strengths</h3><ul><li>Lifts worked.<i popover>Most of them.</i></li></ul>"
    assert findings(page(body), "x.html") == [("s", "Lifts worked. Most of them.")]


def test_a_button_in_a_sentence_is_one_of_its_words():
    body = "<ul><li>The <button popovertarget=a>police</button><i popover id=a>us</i> knew "
    body += "<button>Show</button> of it.</li></ul><p>Words <button>Copy</button></p>"
    assert findings(page(f"<h3>Strengths</h3>{body}"), "x.html")[0] == (
        "s", "The police us knew of it."
    )  # fmt: skip


def test_references_that_were_escaped_twice_are_resolved():
    body = (
        "<h3>Strengths</h3><ul><li>Women&amp;amp;rsquo;s needs, R&amp;D &amp;#8211; met.</li></ul>"
    )
    assert findings(page(body), "x.html") == [("s", "Women’s needs, R&D – met.")]
