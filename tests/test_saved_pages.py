"""Pages as browsers and others save them: archives, closed panels, widgets, printed lines."""

from __future__ import annotations

import base64
import plistlib
import re

import pytest

from pipelines.errors import UnreadableDocument
from pipelines.flow.sources.find import find_sources
from pipelines.read import Limits, read_bytes
from pipelines.segment import segment_document

TITLE = "An inspection of probation services in Oxbarrow PDU"
LONG = "Leaders had listened to the staff of each office before they chose what to change first."
MORE = "Nobody had asked the people on probation what they thought of any of these plans."
AREAS = "<h3>Areas for improvement</h3>"
BODY = f"<h3>Strengths</h3><ul><li>{LONG}</li></ul>{AREAS}<ul><li>{MORE}</li></ul>"
BOTH = [("s", LONG), ("a", MORE)]
HEAD = f"<html><body><h1>{TITLE}</h1>"
PAGE = f"{HEAD}<h2>1.1 Leadership</h2>{BODY}</body></html>"


def segment(data: str | bytes):
    raw = data if isinstance(data, bytes) else data.encode()
    return segment_document(read_bytes(raw, path="report.html"))


def findings(data: str | bytes) -> list[tuple[str, str]]:
    return [(str(f.polarity)[0], f.text) for f in segment(data).findings]


def archive(part: str, body: bytes) -> bytes:
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/r\r\n"
        "Subject: An inspection\r\n of many words\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="--B.1"\r\n\r\n'
    )
    css = "Content-Type: text/css\r\n\r\np { color: red }"
    return f"{head}----B.1\r\n{css}\r\n----B.1\r\n{part}\r\n\r\n".encode() + body + b"\r\n----B.1--"


def quoted(page: str) -> bytes:
    text = page.replace("=", "=3D").replace("é", "=C3=A9")
    return "=\r\n".join(text[i : i + 70] for i in range(0, len(text), 70)).encode()


@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable", quoted(PAGE)),
        (
            "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64",
            base64.encodebytes(PAGE.encode()),
        ),
        ("Content-Type: text/html; charset=utf-16", PAGE.encode("utf-16")),
        ("Content-Type: application/xhtml+xml", PAGE.encode()),
        (
            "Content-Type: multipart/alternative; boundary=inner\r\n\r\n--inner\r\n"
            "Content-Type: text/plain\r\n\r\nx\r\n--inner\r\n"
            'Content-Type: TEXT/HTML; charset="nonsense"',
            PAGE.encode(),
        ),
    ],
)
def test_a_web_archive_is_read(part, body):
    assert findings(archive(part, body)) == BOTH


def test_a_web_archive_keeps_the_name_of_its_own_bytes():
    data = archive("Content-Type: text/html", PAGE.encode())
    document = read_bytes(data, path="r.mhtml")
    assert document.sha256 != read_bytes(PAGE.encode(), path="r.html").sha256
    assert document.warnings == ()


def test_an_archive_of_safari_is_read():
    resource = {"WebResourceData": PAGE.encode("utf-16"), "WebResourceTextEncodingName": "UTF-16"}
    data = plistlib.dumps({"WebMainResource": resource}, fmt=plistlib.FMT_BINARY)
    assert findings(data) == BOTH


@pytest.mark.parametrize(
    "data",
    [
        archive("Content-Type: image/png", b"\x89PNG"),
        b"MIME-Version: 1.0\nContent-Type: text/plain\n\nA mail.",
        b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x--",
        plistlib.dumps({"a": 1}, fmt=plistlib.FMT_BINARY),
        b"bplist00 and then nothing that makes sense" * 3,
    ],
)
def test_an_archive_without_a_page_is_named(data):
    with pytest.raises(UnreadableDocument, match="holds no page"):
        read_bytes(data, path="x.mht")


@pytest.mark.parametrize(
    "panel",
    [
        "<h2>1.1 Leadership</h2><div style='display: none'>{}</div>",
        f"<p><b>1.1 Leadership</b></p><div style='display:none'>{{}}<p>{MORE * 6}</p></div>",
        "<div role=tabpanel aria-labelledby=t aria-hidden=true style='display:none'>"
        "<h2>1.1 Leadership</h2>{}</div>",
        "<h2>1.1 Leadership</h2><button class=more>Read more</button><div hidden>{}</div>",
        "<h2>1.1 Leadership, Show this section</h2><div>{}</div>",
        "<h2>1.1 Leadership</h2><section class=wow style='visibility: hidden'>{}</section>",
        "<div><div><a role=button>1.1 Leadership</a></div></div><div hidden=hidden>{}</div>",
        "<h2><button aria-expanded=false aria-controls=p><span>1.1 Leadership</span>"
        "<span class=x>, </span><span><span>Show</span></span></button></h2>"
        "<div id=p hidden=until-found>{}</div>",
        "<h2>1.1 Leadership</h2><div hidden=until-found style='content-visibility:hidden'>{}</div>",
        f"<h2>1.1 Leadership</h2><div hidden>{{}}</div><h2>2. Next</h2><div hidden>{LONG}</div>",
    ],
)
def test_closed_panels_are_read(panel):
    found = segment(HEAD + panel.format(BODY))
    assert [(f.code, f.text) for f in found.findings][:2] == [("1.1", LONG), ("1.1", MORE)]


@pytest.mark.parametrize(
    "around",
    [
        "<div class=accordion__content hidden>{}</div>",
        "<div aria-hidden=true style='display:none'>{}</div>",
        "<noscript>{}</noscript>",
    ],
)
def test_a_short_list_that_is_hidden_right_below_its_heading_is_read(around):
    short = around.format("<ul><li>Lifts worked.</li></ul>")
    assert segment(f"{HEAD}<h2>1.1 Leadership</h2><h3>Strengths</h3>{short}").findings


@pytest.mark.parametrize("sheets", ["", "<link rel=stylesheet href=a.css>"])
@pytest.mark.parametrize(
    "style",
    [
        "background:#000;color:#000",
        "background-color: white; color: rgb(255, 255, 255)",
        "color:transparent",
        "color:rgba(0,0,0,0)",
        "opacity:0",
        "font-size:0",
        "font-size:1pt",
        "visibility:hidden",
        "position:absolute; left:-9999px",
        "position:absolute;clip:rect(0,0,0,0)",
    ],
)
def test_words_that_a_style_hides_are_left_out_and_counted(style, sheets):
    item = f"<ul><li>Lifts <span style='{style}'>for Jane Roe</span> worked.</li></ul>"
    document = read_bytes(f"<html><head>{sheets}</head>{item}".encode(), path="x.html")
    assert document.text == "Lifts worked."
    assert document.warnings[0].startswith("3 words that nobody sees")


BLACK = "background:#000;color:#000"


@pytest.mark.parametrize(
    ("style", "rules", "kept"),
    [
        (BLACK, "", False),
        ("color: #000; background-color: #000", "", False),
        (BLACK, "@page{margin:2cm; @bottom-left{content:'p'}} @font-face{src:url(a)}", False),
        ("color:var(--k); background:var( --k )", ":root{--k: #000}", False),
        ("color:var(--k); background:var(--k)", ":root{--k:#000} .d{--k:#fff}", True),
        (BLACK, ".r:hover{color:red}", True),
        (BLACK, "@media print{.r{margin:0}}", True),
        (BLACK, "@media print{.b{margin:0} .s{margin:0}}", True),
        (BLACK, "</style><link rel=stylesheet href=a.css><style>", True),
        ("display:none", "", True),  # a script may open it, or another rule
        ("opacity:0", "", True),
        ("background-color:#000", "", True),
    ],
)
def test_words_that_the_only_rule_for_their_class_blacks_out_are_left_out(style, rules, kept):
    page = (
        f"<html><style>.b{{margin:0}} /* {{ */ span.r{{{style}}} {rules}</style>"
        "<ul><li>Lifts <span class='b r'>for Jane Roe</span> worked.</li></ul>"
    )
    document = read_bytes(page.encode(), path="x.html")
    assert ("Jane Roe" in document.text) == kept
    assert bool(document.warnings) != kept


LIST = (
    "<ul class={}><li>The door was shut at noon on most days of the week.</li>"
    "<li>Lifts worked.</li></ul>"
)


LIST_SAID = "The door was shut at noon on most days of the week. Lifts worked."


@pytest.mark.parametrize(
    "both",
    [
        LIST.format("wide") + "\n<!-- narrow -->" + LIST.format("narrow"),
        LIST.format("wide") + LIST.format("narrow style='display:none'"),
        f"<div>{LIST.format('a')}</div><div class=narrow>{LIST.format('b')}</div>",
        f"<div>{LIST.format('a')}</div><div class=print>{LIST_SAID}</div>",
        f"<div>{LIST.format('a')}</div><div hidden><div>{LIST.format('b')}</div></div>",
    ],
)
def test_a_list_that_stands_twice_in_a_row_is_read_once(both):
    """The second may be its text alone, for readers of screens or for paper."""
    page = f"<html><style>.narrow{{display:none}}</style><h3>Strengths</h3>{both}</html>"
    items = [b.text for b in read_bytes(page.encode(), path="x.html").blocks[1:]]
    assert items == ["The door was shut at noon on most days of the week.", "Lifts worked."]


RATINGS = "<table><tr><td>1.1 Leadership<td>Good<tr><td>1.2 Staff<td>Inadequate</table>"
SPARE = "<span style='opacity:0'>"


@pytest.mark.parametrize(
    ("rules", "body"),
    [
        ("html{background:#111} body{color:#fff}", "<p>Lifts worked.</p>"),
        (".c{color:#fff; background:#ffffff14}", "<p class=c>Overall: <span class=c>Good</span>"),
        (".b{color:#fff} .b:not(.x){background:#003}", "<div class=b><h2>Findings</h2></div>"),
        ("h2{color:#fff}", "<div><span style='background:#123'></span><h2>Findings</h2></div>"),
        ("", "<p>Overall: <span class=badge><span style='color:#fff'>Good</span></span></p>"),
        ("", "<ul><li>Leadership <font color=white style='color:white'>Good</font></li></ul>"),
        ("@media (width < 600px){table{display:none}}", RATINGS),
        (".c{display:none}", "<h3>Leadership</h3><div class=c><p>Leaders act.</p></div>"),
        (".c{display:none} .c.on{display:block}", "<p class=c>First.</p><p class=c>Second.</p>"),
        ("h1{text-indent:-9999px} .page{top:-9999px}", "<div class=page><h1>Marlock</h1></div>"),
        ("", f"<h2>{SPARE}Key</span> findings</h2>"),
        ("", f"<p>{SPARE}Leaders act</span> {SPARE}on it.</span></p>"),
        ("", "<a style='opacity:0' href=x><h2>Leadership</h2></a>"),
        ("", "<ul><li>Staff. <a style='opacity:0'><div>Leaders act.</div></a></li></ul>"),
        ("", "<p>Staff <span style='position:relative;left:-50vw'>act.</span></p>"),
        ("", "<p>Staff <b style='color:transparent;text-shadow:0 0 #000'>act.</b></p>"),
        ("", "<p>Staff <i style='font-size:small'>act</i> on it.</p>"),
        ("", "<p>Staff <i style='font-size:1.5pt'>act</i> on it.</p>"),
        ("", "<p>Staff <i style='opacity:.5'>act</i> on it.</p>"),
        ("", "<p>Staff <i style='color:rgba(0,0,0)'>act</i> on it.</p>"),
        ("", "<p>Staff <i style='color:#fff;background:#ffffff14'>act</i> on it.</p>"),
        ("", "<p>Staff <i style='background:#fff url(a.png);color:#fff'>act</i> on it.</p>"),
        ("", "<p>Staff <b style='font-size:0'><i class=c>act</i></b> on it.</p>"),
    ],
)
def test_ordinary_pages_keep_their_words(rules, body):
    styled = read_bytes(f"<html><style>{rules}</style>{body}".encode(), path="x.html")
    bare = re.sub(r" style='[^']*'", "", body)
    plain = read_bytes(f"<html>{bare}".encode(), path="x.html")
    assert styled.blocks == plain.blocks
    assert not styled.warnings


def test_what_opens_over_a_page_is_read():
    panel = "<h2>Staff</h2><button popovertarget=t>Evidence</button><div popover id=t>{}</div>"
    assert "It was late." in read_bytes(panel.format("It was late.").encode(), path="x.html").text


def test_blocks_that_appear_once_they_are_scrolled_to_are_read():
    style = "style='opacity:0;transform:translateY(20px)'"
    page = f"<html><h3 {style}>Strengths</h3><ul {style}><li {style}>Lifts worked.</li></ul>"
    assert read_bytes(page.encode(), path="x.html").text == "Strengths\n\nLifts worked."


@pytest.mark.parametrize(
    "hidden",
    [
        f"<h4>On paper</h4><div style='display:none'>{BODY}</div>",
        "<h4>Settings</h4><div class='cookie-notice' hidden><h3>Strengths</h3>"
        "<ul><li>We keep small files to make this site work for everyone.</li></ul></div>",
        "<h4>Menu</h4><div hidden><ul><li><a href=/a>Strengths</a></li>"
        "<li><a href=/b>Areas for improvement</a></li></ul></div>",
        f"<div class=modal><h2>News</h2><div hidden>{'Sign up for news of us. ' * 9}</div></div>",
    ],
)
def test_what_is_hidden_for_good_or_there_twice_is_not_read(hidden):
    found = segment(PAGE.replace("</body>", f"{hidden}</body>"))
    assert [f.text for f in found.findings] == [LONG, MORE]
    assert not any("hides" in warning for warning in found.warnings)


def test_hidden_prose_that_is_not_read_is_told():
    prose = "".join(f"<p>{n} plans were seen that nobody had read.</p>" for n in range(20))
    found = segment(PAGE.replace("</body>", f"<table></table><div hidden>{prose}</div></body>"))
    assert [f.text for f in found.findings] == [LONG, MORE]
    assert "160 words that the page hides for good were not read" in found.warnings


def test_panels_that_were_not_saved_are_told():
    opener = "<h2><button aria-controls=c{} aria-expanded=false>Annexe</button></h2>"
    found = segment(PAGE.replace("</body>", f"{opener.format(1)}{opener.format(2)}</body>"))
    assert any(w.startswith("2 closed panels of the page not in the file") for w in found.warnings)


def test_pictures_written_into_the_page_are_no_danger():
    picture = f"<img src=data:image/png;base64,{'iVBORw0KGgo' * 150_000} alt>"
    assert findings(PAGE.replace("<h2>", f"{picture}<h2>")) == BOTH


def test_pictures_written_into_the_page_do_not_count_as_text():
    picture = f"<img src='data:image/png;base64,{'iVBORw0KGgo' * 10_000}'>"
    page = PAGE.replace("<h2>", f"{picture}<h2>").encode()
    assert read_bytes(page, path="x.html", limits=Limits(max_characters=2_000)).blocks


@pytest.mark.parametrize(
    "line",
    [
        "<figure><table><tr><td>Question</td><td>9%</td></tr></table>"
        "<figcaption>From our records</figcaption></figure>",
        "<p>From our records</p>",
        "<p><a href='/annexe.pdf'>The data annexe of this report</a></p>",
        "<div class=button><a href='/annexe.pdf'>Download</a></div>",
        "<p><a href='#contents'>Back to contents</a></p>",
    ],
)
def test_short_lines_are_no_headings_where_headings_are_marked(line):
    many = "".join(f"<h2>{n}.1 Part</h2><p>{LONG}</p>" for n in range(3, 9))
    found = segment(PAGE.replace("<h3>Strengths", f"{line}<h3>Strengths").replace("</body>", many))
    assert [(f.code, f.subsection, f.text) for f in found.findings] == [
        ("1.1", None, LONG),
        ("1.1", None, MORE),
    ]


def test_the_last_list_ends_before_what_is_no_sentence():
    behind = "<p>Data annexe</p><div><a href=/a>Next: Annexe</a></div>"
    behind += "<ul><li><a href=/b>News of us</a></li></ul>"
    assert findings(PAGE.replace("</body>", f"{behind}</body>")) == BOTH


@pytest.mark.parametrize(
    "rating",
    [
        "<ul><li>1.1 Leadership: <img alt=Good></li></ul>",
        "<ul><li>1.1 Leadership: <img alt='Rating: Good'></li></ul>",
        "<ul><li>1.1 Leadership <svg role=img><title>Good</title></svg></li></ul>",
        "<p>1.1 Leadership</p><p>Rating: <img alt='Rating: Good'></p>",
    ],
)
def test_ratings_that_are_pictures_behind_their_labels(rating):
    found = segment(PAGE.replace("<h2>1.1", f"<h2>Ratings</h2>{rating}<h2>1.1"))
    assert [(r.code, str(r.rating)) for r in found.ratings] == [("1.1", "Good")]


def test_pictures_in_findings_are_signs():
    page = PAGE.replace(f"<li>{LONG}", f"<li><img src=tick.png alt=Tick>{LONG}")
    assert findings(page) == BOTH


@pytest.mark.parametrize("around", ["{}", "<menu><li>{}</li></menu>", "<p>o&nbsp; {}</p>"])
def test_long_lists_side_by_side(around):
    cells = "".join(f"<td>{around.format(t * 9)}</td>" for t in (f"{LONG} ", f"{MORE} "))
    table = (
        f"<table><tr><th>Strengths</th><th>Areas for improvement</th></tr><tr>{cells}</tr></table>"
    )
    page = PAGE.replace(BODY, table)
    found = [(p, t[:30]) for p, t in findings(page)]
    assert found == [("s", LONG[:30]), ("a", MORE[:30])]


@pytest.mark.parametrize(
    "style",
    [
        "border-left: 1.00pt solid #445566; border-top: none",
        "margin-bottom: 0in; background: #eef3f7",
        "background-color: rgb(220, 230, 240)",
    ],
)
def test_framed_paragraphs_are_a_box(style):
    box = f'<p style="{style}"><b>Practice example</b></p>'
    box += f'<ul><li><p style="{style}">A boat was mended.</p></ul>'
    assert findings(PAGE.replace("<h3>Areas", f"{box}<h3>Areas")) == BOTH


def test_a_shaded_head_of_a_standard_is_no_box():
    style = 'style="background: #ddeeff"'
    head = f"<p {style}>1.1 Leadership</p><p {style}>{LONG}</p><p {style}>Good</p>"
    found = segment(PAGE.replace("<h2>1.1 Leadership</h2>", head) + f"<p>{MORE * 20}</p>")
    assert [(f.code, str(f.polarity)[0]) for f in found.findings] == [("1.1", "s"), ("1.1", "a")]


def test_descriptions_without_terms_are_items():
    page = PAGE.replace("<ul><li>", "<dl><dd>").replace("</li></ul>", "</dd></dl>")
    assert findings(page.replace(LONG, f"{LONG}</dd><dd>{MORE}")) == [
        ("s", LONG),
        ("s", MORE),
        BOTH[1],
    ]


@pytest.mark.parametrize(
    "title", ["1.1 Leadership - {} - HM Inspectorate", "Staff | {} | Site", "{}"]
)
def test_the_page_of_a_chapter_names_its_report(title):
    head = f"<title>{title.format(TITLE)}</title>"
    found = segment(f"{head}<body><h1>1.1 Leadership</h1>{BODY}</body>")
    assert (found.facts.title, found.facts.unit) == (TITLE, "Oxbarrow")
    assert [f.code for f in found.findings] == ["1.1", "1.1"]


def test_a_dash_before_the_unit_is_no_site():
    title = "<title>An inspection of Probation Services - North East region - Site</title>"
    found = segment(f"{title}<body><h1>1.1 Leadership</h1>{BODY}</body>")
    assert found.facts.unit == "North East"


def test_a_menu_with_the_call_of_a_note_is_a_list():
    page = PAGE.replace("<ul>", "<menu>").replace("</ul>", "</menu>")
    noted = page.replace("of each office", "of each office<a href='#_ftn1'>[1]</a>")
    assert findings(noted) == BOTH


def test_one_row_is_a_list_where_lists_are_tables():
    def rows(*texts: str) -> str:
        return f"<table>{''.join(f'<tr><td>{text}</td></tr>' for text in texts)}</table>"

    page = PAGE.replace(f"<ul><li>{LONG}</li></ul>", f"{rows(LONG)}<p>Some words of ours.</p>")
    assert findings(page.replace(f"<ul><li>{MORE}</li></ul>", rows(MORE, LONG))) == [
        *BOTH,
        ("a", LONG),
    ]


def test_signs_set_in_deeper_are_nested():
    def item(margin: str, text: str) -> str:
        return f"<p style='margin-left:{margin}'>o<span>&nbsp;&nbsp; </span>{text}</p>"

    nested = item("36pt", "Plans were late.") + item("1in", "Two came after release.")
    page = PAGE.replace(f"<ul><li>{LONG}</li></ul>", nested + item("48px", LONG))
    assert findings(page) == [("s", "Plans were late. Two came after release."), *BOTH]


def test_a_quotation_below_a_break_is_of_its_finding():
    lines = f"<p>• {LONG}<br>“They asked me what I thought.”<br>• {MORE}</p>"
    found = segment(PAGE.replace(f"<ul><li>{LONG}</li></ul>", lines)).findings
    assert [(f.text, f.quotes) for f in found] == [
        (LONG, ("“They asked me what I thought.”",)),
        (MORE, ()),
        (MORE, ()),
    ]


def test_what_holds_most_of_the_page_is_no_notice():
    closed = f"<h2>1.1 Leadership</h2><div style='display:none'>{BODY}</div>"
    page = f"{HEAD}<div class='dialog-off-canvas-main-canvas'>{closed}</div>"
    assert findings(page) == BOTH


def test_signs_written_apart_go_to_their_lines():
    def line(top: int, left: int, text: str) -> str:
        return f'<p style="position:absolute;top:{top}px;left:{left}px" class="f1">{text}</p>'

    items = [LONG.replace(" before ", " before<br/>"), MORE.replace(" what ", " what<br/>")]
    lines = [line(40, 50, "1.1 Leadership"), line(80, 50, "Strengths:")]
    lines += [line(100, 70, "<br/>".join(items)), line(200, 50, "2. Next")]
    lines += [line(top, 55, "»&#160;") for top in (101, 141)]
    lines += [line(220 + 20 * n, 50, f"{n} plans were seen and none was read.") for n in range(20)]
    page = f"<style>.f1{{line-height:20px}}</style>{HEAD}<div>{''.join(lines)}</div>"
    assert findings(page)[:2] == [("s", LONG), ("s", MORE)]


def test_parts_of_a_line_placed_one_by_one_go_together():
    def line(top: int, left: int, text: str) -> str:
        return f'<p style="position:absolute;top:{top}px;left:{left}px">{text}</p>'

    first, second = LONG.split(" before ")
    lines = [line(40, 50, "1.1 Leadership"), line(60, 50, "Strengths")]
    lines += [
        line(80, 50, f"• {first}"),
        line(82, 400, "3"),
        line(80, 410, f"&#160;before {second}"),
    ]
    lines += [line(100, 50, "• Nobody had asked the per"), line(100, 300, "‐")]
    lines += [line(120, 60, "son on probation."), line(140, 50, "1.2 Staff")]
    lines += [line(160 + 20 * n, 50, f"{n} plans were seen and none was read.") for n in range(20)]
    page = f"{HEAD}<div>{''.join(lines)}</div>"
    texts = [text.replace("-", "").replace("\u2010", "") for _, text in findings(page)]
    assert texts == [LONG, "Nobody had asked the person on probation."]


def test_first_letters_beside_their_signs_go_back_to_their_words():
    def item(text: str) -> str:
        return f"•&#160;{text[0]}<br/>\n&#160;&#160;{text[1:]}<br/>\n"

    third = "A plan for each office had been written and then had been put away again."
    body = f"1.1 Leadership<br/>\nStrengths<br/>\n{item(LONG)}{item(MORE)}{item(third)}"
    rest = "".join(f"The {n} offices had a plan for each of their teams.<br/>\n" for n in range(40))
    page = f"<html><body>{TITLE}<br/>\n{body}1.2 Staff<br/>\n{rest}</body></html>"
    assert findings(page) == [("s", LONG), ("s", MORE), ("s", third)]


def test_what_browsers_keep_beside_a_page_is_no_source(tmp_path):
    (tmp_path / "report.html").write_text(PAGE)
    (tmp_path / "report_files").mkdir()
    (tmp_path / "report_files" / "frame.html").write_text("<html>An advert.</html>")
    (tmp_path / "other_files").mkdir()
    (tmp_path / "other_files" / "second.mhtml").write_bytes(
        archive("Content-Type: text/html", b"<p>x")
    )
    assert [s.path for s in find_sources(tmp_path)] == ["other_files/second.mhtml", "report.html"]


@pytest.mark.parametrize(
    "head", ["**Strengths[(Back to top)](#top)**", "__Strengths (Back to top)__"]
)
@pytest.mark.parametrize("call", ["[[1]](#_ftn1)", "[1](#fn1)", "[[^1]](#fn:1)"])
def test_markdown_that_converters_make_of_pages(head, call):
    long = LONG.replace("office", f"office{call}").replace(" before", "  \nbefore")
    more = MORE.replace(" what", "  \n– what")
    text = f"# {TITLE}\n\n## 1.1 Leadership\n\n{head}\n\n  * {long}\n  * {more}\n\n## 2. Next\n"
    found = segment_document(read_bytes(text.encode(), path="report.md")).findings
    assert [f.text for f in found] == [LONG, MORE]


@pytest.mark.parametrize(
    "table",
    [
        "Strengths| Areas for improvement\n---|---\n\n  * {a}\n  * {b}\n\n| \n\n  * {b}\n",
        "| Strengths | Areas for improvement |\n| --- | --- |\n| * {a} * {b} | * {b} |",
        "| Strengths | Areas for improvement |\n| --- | --- |\n| - {a}<br>- {b} | - {b} |",
    ],
)
def test_markdown_of_lists_side_by_side(table):
    text = f"# {TITLE}\n\n## 1.1 Leadership\n\n{table.format(a=LONG, b=MORE)}\n\n## 2. Next\n"
    found = segment_document(read_bytes(text.encode(), path="report.md")).findings
    assert [(str(f.polarity)[0], f.text) for f in found] == [("s", LONG), ("s", MORE), ("a", MORE)]


TABS = {
    "controls": (
        "<div role=tablist><button role=tab aria-controls=t1>Strengths</button>"
        "<button role=tab aria-controls=t2>Areas for improvement</button></div>"
        "<div role=tabpanel id=t1>{}</div><div role=tabpanel id=t2 hidden>{}</div>"
    ),
    "labels": (
        "<ul role=tablist><li><a role=tab id=a href=#>Strengths</a></li>"
        "<li><a role=tab id=b href=#>Areas for improvement</a></li></ul>"
        "<div role=tabpanel aria-labelledby=a>{}</div>"
        "<div role=tabpanel aria-labelledby=b style='display:none'>{}</div>"
    ),
    "links": (
        "<div class=govuk-tabs><h2 class=govuk-tabs__title>Contents</h2>"
        "<ul class=govuk-tabs__list><li><a href=#s>Strengths</a></li>"
        "<li><a href=#i>Areas for improvement</a></li></ul>"
        "<div class=govuk-tabs__panel id=s>{}</div>"
        "<div class='govuk-tabs__panel govuk-tabs__panel--hidden' id=i>{}</div></div>"
    ),
    "headed": (
        "<ul class=tabs><li><a href=#s>Strengths</a></li>"
        "<li><a href=#i>Areas for improvement</a></li></ul>"
        "<div id=s><h3>Strengths</h3>{}</div><div id=i><h3>Areas for improvement</h3>{}</div>"
    ),
}


@pytest.mark.parametrize("tabs", TABS.values(), ids=TABS)
def test_the_words_of_a_tab_head_its_panel(tabs):
    lists = [f"<ul><li>{text}</li></ul>" for text in (LONG, MORE)]
    found = segment(f"{HEAD}<h2>1.1 Leadership</h2>{tabs.format(*lists)}")
    assert [(f.polarity.value, f.text) for f in found.findings] == [
        ("strength", LONG),
        ("area_for_improvement", MORE),
    ]
    assert {f.code for f in found.findings} == {"1.1"}


@pytest.mark.parametrize("title", ["1.1 Leadership", "Areas for improvement"])
def test_a_heading_above_tabs_is_read_unless_it_says_contents(title):
    standard = title.startswith("1.1")
    names = ("Strengths", "Areas for improvement") if standard else ("Staff", "Plans")
    tabs = TABS["links"].replace("Strengths", names[0]).replace("Areas for improvement", names[1])
    page = tabs.replace("Contents", title).format(*[f"<ul><li>{t}</li></ul>" for t in (LONG, MORE)])
    found = segment(HEAD + ("" if standard else "<h2>1.1 Leadership</h2>") + page)
    assert [f.code for f in found.findings] == ["1.1", "1.1"]
    assert [f.subsection for f in found.findings] == ([None, None] if standard else [*names])


def test_a_list_of_tabs_whose_panels_are_not_in_the_file_stays():
    tabs = "<ul role=tablist><li><a role=tab href=#x>Leadership, which was good</a></li></ul>"
    document = read_bytes(
        f"<html><body>{tabs}<p>Text is here.</p></body></html>".encode(), path="x"
    )
    assert "Leadership, which was good" in [block.text for block in document.blocks]


def test_panels_that_stand_among_their_tabs_stay_where_they_are():
    panels = (
        f"<div role=tab id=h{n}><h3><a href=#c{n} aria-controls=c{n}>{name}</a></h3></div>"
        f"<div id=c{n} role=tabpanel aria-labelledby=h{n}><ul><li>{text}</li></ul></div>"
        for n, name, text in ((1, "Strengths", LONG), (2, "Areas for improvement", MORE))
    )
    page = f"{HEAD}<h2>1.1 Leadership</h2><div role=tablist>{''.join(panels)}</div>"
    assert findings(page) == BOTH


def test_a_page_whose_first_line_says_utf_8_wrongly_is_read_by_its_meta_tag():
    page = (
        '<?xml version="1.0" encoding="utf-8"?><html><head><meta charset="windows-1250"></head>'
        "<body><p>Łukasz manages the team.</p></body></html>"
    )
    read = read_bytes(page.encode("cp1250"), path="page.html")
    assert [block.text for block in read.blocks] == ["Łukasz manages the team."]
