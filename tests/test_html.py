import re
from itertools import count

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.errors import UnreadableDocument
from pipelines.read import Limits, read_bytes
from pipelines.records import BlockKind


def read(body, head=""):
    data = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()
    return read_bytes(data, path="x.html")


def blocks(body):
    return [(b.kind.value, b.text) for b in read(body).blocks]


def test_headings_lists_and_paragraphs():
    document = read(
        "<h1>Title here</h1><h2>1. Part</h2><p>Some <em>plain</em> text.</p>"
        "<ul><li>One.</li><li><p>Two.</p></li></ul><ol start='3'><li>three</li><li>four</li></ol>"
    )
    assert document.format == "html"
    assert document.pages is None
    assert [(b.kind.value, b.level, b.marker, b.text) for b in document.blocks] == [
        ("heading", 1, "", "Title here"),
        ("heading", 2, "", "1. Part"),
        ("paragraph", 0, "", "Some plain text."),
        ("bullet", 0, "•", "One."),
        ("bullet", 0, "•", "Two."),
        ("numbered", 0, "3.", "three"),
        ("numbered", 0, "4.", "four"),
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "<h2>Foreword (Back to top)</h2>",
        "<h2>Foreword <a href='#top'>(Back to top)</a></h2>",
        "<h2>Foreword</h2><p><a href='#top'>Back to top</a></p>",
        "<p>Foreword (Back to top)</p>",
        "<h2><span>Foreword</span>&nbsp;<small>[Back to the top]</small></h2>",
    ],
)
def test_back_to_top(heading):
    assert blocks(f"{heading}<p>The text is here.</p>") == [
        ("heading", "Foreword"),
        ("paragraph", "The text is here."),
    ]


def test_nested_lists_belong_to_their_item():
    body = "<ul><li>Managers did: <ul><li>this</li><li>that<ul><li>deeper</li></ul></li></ul></li>"
    assert blocks(f"{body}<li>Staff did not.</li></ul>") == [
        ("bullet", "Managers did: this that deeper"),
        ("bullet", "Staff did not."),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "<ul><li><ul><li>One.</li><li>Two.</li></ul></li></ul>",
        "<ul><li> <ul><li>One.</li></ul></li><li><ol><li>Two.</li></ol></li></ul>",
    ],
)
def test_a_list_that_is_the_only_thing_in_an_item_keeps_its_items(body):
    assert [text for _, text in blocks(body)] == ["One.", "Two."]


@pytest.mark.parametrize(
    "gloss",
    [
        "police<span class=footnote-popup>local force</span>",
        "<span class=glossary>police<span class=glossary-def>local force</span></span>",
        "<dfn>police<span class=popup>local force</span></dfn>",
        "police<small>local force</small>",
        "police<span style='position: absolute'>local force</span>",
    ],
)
def test_what_explains_a_word_does_not_run_into_it(gloss):
    text = blocks(f"<p>Asked the {gloss}, they came. S<small>TAFF</small> knew.</p>")[0][1]
    assert {"police", "local", "force,"} <= set(text.replace("police,", "police force,").split())
    assert "STAFF" in text


@pytest.mark.parametrize(
    ("marked", "read"),
    [
        ("<a class=glossary-term>probation officer</a>s met", "probation officers met"),
        ("a <dfn class=definition>practitioner</dfn>s met", "a practitioners met"),
        ("the <span class=has-tooltip>CRC</span>s met", "the CRCs met"),
        ("<span style='display:block;float:left'>L</span>eaders met", "Leaders met"),
        ("risk<span style='position:absolute'>2</span>s met", "risk2s met"),
        ("1<small>st of May</small> 2020", "1st of May 2020"),
        ("the officer<span class=tooltip>of courts</span>s met", "the officer of courtss met"),
        ("the <span class=tooltip>mis</span>placed trust", "the misplaced trust"),
        ("CRC<span class=tooltip>a company</span>staff met", "CRC a company staff met"),
    ],
)
def test_words_with_marked_parts_keep_their_letters_together(marked, read):
    assert blocks(f"<p>{marked}.</p>")[0][1] == f"{read}."


def test_quotations():
    body = (
        "<ul><li>A finding.<blockquote>“I was heard.”</blockquote></li></ul>"
        "<blockquote><p>“First part,</p><p>second part.”</p></blockquote>"
        "<p class='pull-quote'>They asked me.</p><p>“A quotation.”</p>"
    )
    assert blocks(body) == [
        ("bullet", "A finding."),
        ("quote", "“I was heard.”"),
        ("quote", "“First part, second part.”"),
        ("quote", "They asked me."),
        ("quote", "“A quotation.”"),
    ]


def test_footnotes_and_their_calls():
    body = (
        "<p>Our rating<sup><a href='#fn1'>1</a></sup> and data<a href='#_ftn2'>[2]</a>, 40 km<sup>2"
        "</sup> wide, of 19<sup>th</sup> century make.</p>"
        "<ol class='footnotes'><li id='fn1'>From the survey. <a href='#fnref1'>↩</a></li></ol>"
        "<div id='_ftn2'><p><a href='#_ftnref2'>[2]</a> From the workbook.</p></div>"
    )
    assert blocks(body) == [
        ("paragraph", "Our rating and data, 40 km² wide, of 19th century make."),
        ("footnote", "From the survey."),
        ("footnote", "From the workbook."),
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Homes stand 12 per km<sup>2</sup> here.", "Homes stand 12 per km² here."),
        ("It is <span>350 m</span><sup>2</sup> wide.", "It is 350 m² wide."),
        ("It weighs 10<sup>-3</sup> or 2 × 10<sup>6</sup>.", "It weighs 10⁻³ or 2 × 10⁶."),
        ("It cost £5m<sup>2</sup> in 12<sup>3</sup> months.", "It cost £5m in 12 months."),
        ("It is 5 km<sup><a href='#n2'>2</a></sup> away.", "It is 5 km away."),
    ],
)
def test_raised_figures_that_call_nothing_are_kept(written, read):
    """In text and in tables alike."""
    assert blocks(f"<p>{written}</p>") == [("paragraph", read)]
    table = f"<table><tr><th>Place</th><th>Size</th></tr><tr><td>a</td><td>{written}</td></tr>"
    assert blocks(table) == [("table", f"Place\tSize\na\t{read}")]


def test_tables():
    document = read(
        "<table><caption>Key questions</caption><tr><th>Key question</th><th colspan='2'>Yes</th>"
        "</tr><tr><td>Is it<br>done?</td><td><strong>71</strong>%</td><td></td></tr></table>"
        "<dl><dt>1.1 Leadership</dt><dd>Good</dd></dl>"
        "<table><tr><td>1.2 Staff</td><td><img src='r.png' alt='Requires improvement'></td></tr>"
        "</table>"
    )
    assert [b.rows for b in document.blocks] == [
        (("Key questions",), ("Key question", "Yes"), ("Is it done?", "71%", "")),
        (("1.1 Leadership", "Good"),),
        (("1.2 Staff", "Requires improvement"),),
    ]
    assert document.blocks[1].text == "1.1 Leadership\tGood"


def test_a_table_that_only_lays_out_the_page_is_read_through():
    body = "<table><tr><td><h3>Strengths</h3><ul><li>One.</li></ul></td><td><p>Two.</p></td></tr>"
    assert blocks(f"{body}</table>") == [
        ("heading", "Strengths"),
        ("bullet", "One."),
        ("paragraph", "Two."),
    ]


def test_columns_under_heads_are_read_one_after_the_other():
    body = (
        "<table><tr><th>Strengths</th><th>Areas for improvement</th></tr>"
        "<tr><td><ul><li>One.</li></ul></td><td><ul><li>Two.</li></ul></td></tr></table>"
    )
    assert [text for _, text in blocks(body)] == [
        "Strengths",
        "One.",
        "Areas for improvement",
        "Two.",
    ]


@pytest.mark.parametrize(
    "box",
    [
        "<aside><h4>Example</h4><ul><li>In it.</li></ul></aside>",
        "<div class='practice-example'><h4>Example</h4><ul><li>In it.</li></ul></div>",
        "<div class='call-out'><h4>Example</h4><ul><li>In it.</li></ul></div>",
        "<div style='border: 1px solid'><h4>Example</h4><ul><li>In it.</li></ul></div>",
    ],
)
def test_boxes(box):
    document = read(f"<ul><li>Before.</li></ul>{box}<ul><li>After.</li></ul>")
    assert [(b.text, b.boxed) for b in document.blocks] == [
        ("Before.", False),
        ("Example", True),
        ("In it.", True),
        ("After.", False),
    ]


@pytest.mark.parametrize(
    "furniture",
    [
        "<script>var a = 'Strengths';</script>",
        "<style>p { content: 'x' }</style>",
        "<noscript><p>Turn it on.</p></noscript>",
        "<nav><ul><li>Home</li></ul></nav>",
        "<div id='cookie-banner'><p>Are you OK with cookies?</p></div>",
        "<a class='skip-link' href='#main'>Skip to content</a>",
        "<p hidden>Unseen.</p>",
        "<div style='display:none'>Unseen.</div>",
        "<span class='sr-only'>Unseen.</span>",
        "<div aria-hidden='true'>Unseen.</div>",
        "<footer role='contentinfo'><p>Privacy</p></footer>",
        "<form><label>Search</label><input value='x'></form>",
        "<!-- <p>Unseen.</p> -->",
        "<svg><text>Unseen.</text></svg>",
        "<template><p>Unseen.</p></template>",
        "<iframe src='https://example.org'>Unseen.</iframe>",
        "<img src='https://example.org/x.png' alt='A photograph of the chief inspector'>",
    ],
)
def test_what_is_no_text_of_the_page_is_not_read(furniture):
    assert blocks(f"{furniture}<p>The text is here.</p>") == [("paragraph", "The text is here.")]


@pytest.mark.parametrize("calls", ["1", "4, 5", "[12], [13]", "(101; 102)", "†"])
def test_raised_figures_call_notes_however_many(calls):
    text = f"<p>So it was in 12<sup>{calls}</sup> of 20 cases on the 10<sup>th</sup> day.</p>"
    assert blocks(text) == [("paragraph", "So it was in 12 of 20 cases on the 10th day.")]


@pytest.mark.parametrize(
    "part",
    [
        '<section id="information-sharing">{}</section>',
        '<div id="skip-to-areas">{}</div>',
        '<div class="share-data">{}</div>',
        '<h5 id="information-sharing">Sharing of information</h5>{}',
        '<h3 class="social">Social work</h3>{}',
    ],
)
def test_the_words_of_a_heading_in_an_id_or_a_class_make_no_navigation(part):
    items = "".join(
        f"<li id='social-work-{n}' class=social>Plan {n} was shared with the police in time, and "
        "with nobody else.</li>"
        for n in (1, 2)
    )
    found = [text for kind, text in blocks(part.format(f"<ul>{items}</ul>")) if kind == "bullet"]
    assert [text[:6] for text in found] == ["Plan 1", "Plan 2"]
    assert "<h" not in part or len(blocks(part.format(items))) == 3


def test_places_of_links_are_passed_over_and_what_they_say_is_told():
    share = "<div class='share'><h2>Share this page</h2>{}<a href=/a>Tell your friends</a></div>"
    links = "".join(f"<a href=/{n}>Send it to somebody: {n}</a>" for n in "abcde")
    text = "<p>The text is here.</p>"
    assert blocks(share.format("") + text) == [("paragraph", "The text is here.")]
    said = "<p>Many people send it on.</p><p>You may send it to anybody, friend or foe.</p>"
    found = read(share.format(said + links) + text)
    assert [b.text for b in found.blocks] == ["The text is here."]
    assert found.warnings == ("45 words in what is named as navigation were not read",)


@pytest.mark.parametrize(
    "panel",
    [
        "<details><summary>1.1 Leadership</summary><p>The text is here.</p></details>",
        "<h3><button aria-expanded='false' aria-controls='p1'>1.1 Leadership</button></h3>"
        "<div id='p1' hidden><p>The text is here.</p></div>",
        "<button class='accordion' aria-controls='p2'>1.1 Leadership</button>"
        "<div id='p2' style='display: none'><p>The text is here.</p></div>",
    ],
)
def test_panels_of_an_accordion_are_read(panel):
    assert blocks(panel) == [("heading", "1.1 Leadership"), ("paragraph", "The text is here.")]


def test_the_main_part_is_found_and_keeps_the_title():
    article = "<main><p>The report is rather long and stands in here, all of it.</p></main>"
    document = read(f"<header><h1>The title</h1></header>{article}<div>Related news</div>")
    assert [b.text for b in document.blocks] == [
        "The title",
        "The report is rather long and stands in here, all of it.",
    ]


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", "<p>Published: <time datetime='2025-07-01'>1 July</time></p>"),
        ("<meta property='article:published_time' content='2025-07-01T09:00:00Z'>", "<p>x</p>"),
        ("<meta name='dcterms.issued' content='2025-07-01'>", "<p>x</p>"),
        ('<script type="application/ld+json">{"datePublished": "2025-07-01"}</script>', "<p>x</p>"),
        ("", "<p>Updated <time datetime='2026-01-01'>x</time></p>"
             "<p>Published <time datetime='2025-07-01'>x</time></p>"),
    ],
)  # fmt: skip
def test_date_of_publication(head, body):
    assert read(body, head).published == "2025-07-01"


def test_no_date_is_no_date():
    document = read("<p>Text.</p>", "<title>A&nbsp;title</title>")
    assert document.published == ""
    assert document.title == "A title"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>Line<br>two</p>", [("paragraph", "Line two")]),
        (
            "<p><strong>Strengths:</strong><br>- One was done.<br>- Two was done.</p>",
            [("heading", "Strengths:"), ("bullet", "One was done."), ("bullet", "Two was done.")],
        ),
        (
            "<p class=MsoListParagraph>·<span>&nbsp;&nbsp; </span>A finding.</p>",
            [("bullet", "A finding.")],
        ),
        ("<div>Loose text<p>In a paragraph.</p>and after</div>",
         [("heading", "Loose text"), ("paragraph", "In a paragraph."), ("paragraph", "and after")]),
        ("<p>soft&shy;hyphen, &ldquo;quoted&rdquo; &amp; 5&nbsp;per&nbsp;cent &lt; 6 it was.</p>",
         [("paragraph", "softhyphen, “quoted” & 5 per cent < 6 it was.")]),
        ("<p>&#xF0B7; Zero&#8203;width &#64257;nding made.</p>",
         [("bullet", "Zerowidth finding made.")]),
        ("<h3><strong>Bold</strong> heading</h3>", [("heading", "Bold heading")]),
    ],
)  # fmt: skip
def test_other_makes_of_markup(body, expected):
    assert blocks(body) == expected


def test_bold_parts_are_kept():
    block = read("<p>Services are delivered. <b>Inade</b><b>quate</b></p>").blocks[0]
    assert [block.text[a:b] for a, b in block.bold] == ["Inadequate"]


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 5000 + "deep",
        "<b>" * 5000 + "deep",
        "<ul><li>" * 5000 + "deep",
        "<span></b>" * 5000 + "deep",
        "<div " + " ".join(f"a{i}=1" for i in range(30_000)) + ">wide</div>",
    ],
)
def test_markup_that_would_choke_a_parser_is_refused(markup):
    with pytest.raises(UnreadableDocument, match=r"deep|long"):
        read(markup)


def test_depth_within_the_limit_is_read():
    assert read("<div>" * 300 + "Deep text." + "</div>" * 300).blocks[0].text == "Deep text."
    with pytest.raises(UnreadableDocument, match="max_depth"):
        read_bytes(
            b"<html><body>" + b"<div>" * 60 + b"x", path="x.html", limits=Limits(max_depth=50)
        )


def test_a_page_without_text_is_named():
    with pytest.raises(UnreadableDocument, match="no text"):
        read("<script>only()</script>")


TAGS = ["p", "div", "ul", "li", "ol", "h2", "b", "table", "tr", "td", "blockquote", "span", "sup"]
TREES = st.recursive(
    st.text("abc &\u00e9“” .", max_size=12),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(TAGS),
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(TREES, max_size=5).map("".join))
@example(("<div><p>é" + "a" * 36 + "</p><p>" + "a" * 20 + "</p>a</div>") * 2)
def test_offsets_hold_and_no_letter_is_lost_whatever_the_tree(body):
    number = count()  # what a page says twice, for wide and for narrow screens, is read once
    body = re.sub("é", lambda _: f"é{next(number)}", body)
    try:
        document = read(f"<p>x</p>{body}")
    except UnreadableDocument:
        return
    for block in document.blocks:
        part = document.text[block.start : block.end]
        wanted = part if block.kind is BlockKind.TABLE else " ".join(part.split())
        assert wanted == block.text
    if "<sup" not in body and "<t" not in body:
        assert document.text.count("é") == body.count("é")


def test_an_item_that_is_one_linked_sentence_is_an_item():
    items = "<li><a href=#c1>Leaders listened before they acted on it.</a></li>{}"
    assert blocks(f"<ul>{items.format('<li>Staff did, too.</li>')}</ul>") == [
        ("bullet", "Leaders listened before they acted on it."),
        ("bullet", "Staff did, too."),
    ]
    assert blocks("<ul><li><a href=#c2>Annexe 2. The method</a></li></ul>")[0][0] == "contents"
    links = items.format("<li><a href=/r>Download the whole report as a file (2 MB).</a></li>")
    assert {kind for kind, _ in blocks(f"<ul>{links}</ul>")} == {"contents"}
