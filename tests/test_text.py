import hashlib
import io
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import SettingsError, UnreadableDocument
from pipelines.read import Limits, read_bytes, read_document
from pipelines.records import BlockKind


def blocks(text):
    return [(b.kind.value, b.text) for b in read_bytes(text.encode(), path="x.txt").blocks]


def test_a_line_is_a_paragraph_and_each_has_its_kind():
    text = (
        "# 1. Organisation\n\nStaff were kept informed.\n\n- First bullet.\n- Second one.\n\n"
        "1. ensure this\n2. ensure that\n\n“They listened to me.”\n\nInadequate\n"
    )
    assert blocks(text) == [
        ("heading", "1. Organisation"),
        ("paragraph", "Staff were kept informed."),
        ("bullet", "First bullet."),
        ("bullet", "Second one."),
        ("numbered", "ensure this"),
        ("numbered", "ensure that"),
        ("quote", "“They listened to me.”"),
        ("heading", "Inadequate"),
    ]


@pytest.mark.parametrize("glyph", ["- ", "• ", "•", "* ", "– ", "o ", "▪ ", "\uf0b7\t", "+ ", "➢ "])
def test_bullet_glyphs(glyph):
    text = f"Heading\n\n{glyph}The first was done.\n{glyph}The second was not.\n"
    assert blocks(text)[1:] == [
        ("bullet", "The first was done."),
        ("bullet", "The second was not."),
    ]


def test_nested_bullets_belong_to_their_parent():
    text = (
        "- Managers did three things:\n    - they met\n    - they spoke\n- Staff were glad.\n\n"
        "• Partners agreed:\no weekly calls\no a shared form\n• Others did not.\n"
    )
    assert blocks(text) == [
        ("bullet", "Managers did three things: they met they spoke"),
        ("bullet", "Staff were glad."),
        ("bullet", "Partners agreed: weekly calls a shared form"),
        ("bullet", "Others did not."),
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("- The backlog was long. As a", "result, plans were late."),
        ("- The plan was agreed with the", "Police and the council in May."),
        ("- Some cases (for example those that", "were new) had no plan."),
        ("- Of the 14 cases,", "10 had no plan."),
    ],
)
def test_a_bullet_goes_on_below_a_blank_line(first, second):
    assert blocks(f"{first}\n\n{second}\n\n- Next one.") == [
        ("bullet", f"{first[2:]} {second}"),
        ("bullet", "Next one."),
    ]


def test_a_bullet_goes_on_below_a_footnote():
    text = "- It was late in the¹\n\n¹ As the survey says.\n\nmajority of cases.\n\n- Next one."
    assert blocks(text) == [
        ("bullet", "It was late in the majority of cases."),
        ("footnote", "As the survey says."),
        ("bullet", "Next one."),
    ]


def test_a_paragraph_after_a_list_is_none_of_its_bullets():
    text = "- The first was done.\n\nA new paragraph follows the list here.\n"
    assert blocks(text) == [
        ("bullet", "The first was done."),
        ("paragraph", "A new paragraph follows the list here."),
    ]


def test_footnotes_and_their_calls():
    text = (
        "Our rating¹ rests on data.[2] The unit spans 40 km² and more.\n\n"
        "It was rated1 by inspectors in the autumn of that year.\n\n"
        "1 The rating is driven by the lowest score of the key questions.\n\n"
        "[2] From the data workbook.\n\n34 Cases were inspected in all of the units seen.\n"
    )
    assert blocks(text) == [
        ("paragraph", "Our rating rests on data. The unit spans 40 km² and more."),
        ("paragraph", "It was rated by inspectors in the autumn of that year."),
        ("footnote", "The rating is driven by the lowest score of the key questions."),
        ("footnote", "From the data workbook."),
        ("paragraph", "34 Cases were inspected in all of the units seen."),
    ]


def test_a_figure_after_capitals_is_a_part_of_a_name():
    text = "People in CAS1, CAS2 and CAS3 housing were seen with their PD1 forms.\n\n"
    note = "3 SPOs had stayed for many years, which all said was of help to them.\n\n"
    assert blocks(f"{text}{note}Third thing here.") == [
        ("paragraph", text.strip()),
        ("paragraph", note.strip()),
        ("paragraph", "Third thing here."),
    ]


@pytest.mark.parametrize("code", ["4.5 SPOs", "P 1.2 Staffing", "7.1 Annexe"])
def test_a_line_of_an_item_may_begin_with_a_decimal_or_a_code(code):
    wrapped = (
        "- Leaders had asked the staff of each of the offices what they thought and had\n"
        "  listened to what was said of the plans, which all of them had read before any\n"
        "  change was made, so that by the end of the year the unit was left with only a\n"
        "  few of its posts to fill and had made known which teams would be helped first\n"
        f"  {code} in post, which was fewer than it needed for the work that it had.\n"
        "- Staff were trained in all that they had asked for, and in what the region had\n"
        "  told them that they would need for the work\n"
        "P 1.3 Services\n"
        "- Services were near to those who needed them.\n"
    )
    found = blocks(wrapped)
    assert [kind for kind, _ in found] == ["bullet", "bullet", "heading", "bullet"]
    assert found[0][1].endswith(
        f"{code} in post, which was fewer than it needed for the work that it had."
    )


def test_quotations_are_told_from_words_in_quotation_marks():
    kinds = [
        kind
        for kind, _ in blocks(
            "“I was heard.”\n\n"
            '"A nightmare to get to."\n\n'
            "“I was heard.” – person on probation\n\n"
            "‘Good’ was the rating, and ‘Inadequate’ before that.\n\n"
            "“User Voice” is a charity that asks people what they think.\n\n"
            "> They asked me what I thought.\n"
        )
    ]
    assert kinds == ["quote", "quote", "quote", "paragraph", "paragraph", "quote"]


@pytest.mark.parametrize(
    "lines",
    [
        "Foreword.....3\nRatings.....4\n1. Services .......7",
        "Foreword\t3\nRatings\t4\n1. Services\t7",
        "Foreword          3\nRatings           4\n1. Services       7",
        "Foreword . . . . . 3\nRatings . . . . . 4\n1. Services . . . . 7",
    ],
)
def test_contents_lines(lines):
    found = blocks(f"Contents\n\n{lines}\n\nForeword\n\nIt was a good year for all.\n")
    assert [kind for kind, _ in found] == [
        "heading", "contents", "contents", "contents", "heading", "paragraph",
    ]  # fmt: skip


def test_tables():
    tabs = read_bytes(b"Question\tYes\nIs it?\t71%\nWas it?\t32%\n", path="x.txt").blocks
    pipes = read_bytes(b"| Question | Yes |\n|---|---|\n| Is it? | 71% |\n", path="x.md").blocks
    spaces = read_bytes(b"Is it well done in all the cases?     71%\n", path="x.txt").blocks
    assert tabs[0].rows == (("Question", "Yes"), ("Is it?", "71%"), ("Was it?", "32%"))
    assert pipes[0].rows == (("Question", "Yes"), ("Is it?", "71%"))
    assert spaces[0].rows == (("Is it well done in all the cases?", "71%"),)


def test_bold_is_kept_beside_the_text():
    block = read_bytes(b"Services are delivered. **Inadequate**", path="x.md").blocks[0]
    assert block.text == "Services are delivered. Inadequate"
    assert [block.text[a:b] for a, b in block.bold] == ["Inadequate"]


def test_back_to_top_marks_a_heading():
    assert blocks(
        "1.1. Purpose (Back to top)\n\nThe text is here.\n\nForeword\n(Back to top)\n"
    ) == [
        ("heading", "1.1. Purpose"),
        ("paragraph", "The text is here."),
        ("heading", "Foreword"),
    ]


def test_hard_wrapped_lines_are_joined():
    text = (
        "The leaders of the service had set out what they wanted to do over three years,\n"
        "and most staff could say what that was. In a survey of 2021 some – 80 per cent of\n"
        "the staff – said so, and\nthis was well-\nbeing at work.\n\n"
        "- The first bullet is as long as it takes to be cut at the width of eighty or\n"
        "  so, which makes it go on in the next line and in one more after that, as a\n"
        "  rule, and so on to the end.\n- Second bullet.\n"
    )
    assert blocks(text) == [
        (
            "paragraph",
            "The leaders of the service had set out what they wanted to do over three years, and "
            "most staff could say what that was. In a survey of 2021 some – 80 per cent of the "
            "staff – said so, and this was well-being at work.",
        ),
        (
            "bullet",
            "The first bullet is as long as it takes to be cut at the width of eighty or so, which "
            "makes it go on in the next line and in one more after that, as a rule, and so on to "
            "the end.",
        ),
        ("bullet", "Second bullet."),
    ]


def test_page_furniture_goes_and_what_recurs_in_the_text_stays():
    filler = "\n\n".join(f"Sentence {n} of the page." for n in "abcdefgh")
    pages = [
        f"{filler}\n\nStrengths:\n\n- Finding {word} was made here and it goes on\n\n"
        f"Inspection of Marlock PDU   {n}\n\f\nover the page to its end.\n\n{filler}"
        "\n\nInadequate\n"
        for n, word in enumerate(["one", "two", "three", "four"], start=3)
    ]
    found = blocks("\n".join(pages))
    assert [t for k, t in found if k == "bullet"] == [
        f"Finding {word} was made here and it goes on over the page to its end."
        for word in ("one", "two", "three", "four")
    ]
    assert [t for k, t in found if k == "heading"] == ["Strengths:", "Inadequate"] * 4


@pytest.mark.parametrize("style", ["{}", "Page {} of 26", "{} | Page", "- {} -"])
def test_page_numbers(style):
    parts = [f"Paragraph number {n} stands here.\n\n{style.format(n)}\n" for n in range(4, 12)]
    assert [t for _, t in blocks("\n".join(parts))] == [
        f"Paragraph number {n} stands here." for n in range(4, 12)
    ]


def test_a_box_drawn_with_characters_is_boxed():
    box = "+-------------+\n| Example     |\n| - in it     |\n+-------------+"
    text = f"- A finding.\n\n{box}\n\n- Next.\n"
    found = read_bytes(text.encode(), path="x.txt").blocks
    assert [(b.text, b.boxed) for b in found] == [
        ("A finding.", False), ("Example", True), ("in it", True), ("Next.", False),
    ]  # fmt: skip


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings(encoding):
    text = "An inspection of services\n\n• It’s a café – with 5 people, and many more words.\n" * 5
    document = read_bytes(text.encode(encoding), path="x.txt")
    assert document.blocks[1].text == "It’s a café – with 5 people, and many more words."


def test_the_encoding_that_a_page_of_xml_declares_is_its_own():
    page = "<?xml version='1.0' encoding='macintosh'?><html><p>It’s a café – with 5 people.</p>"
    assert read_bytes(page.encode("mac_roman"), path="x.xhtml").text.startswith("It’s a café –")


def test_text_that_is_cut_in_a_character_is_read_with_a_warning():
    data = ("It’s a long text with “quotes”. " * 30).encode()[:-1] + "’".encode()[:2]
    document = read_bytes(data, path="x.txt")
    assert document.warnings == ("1 character could not be decoded",)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def archive(name, data=b"x"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as written:
        written.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "nothing but blanks"),
        (b"\xef\xbb\xbf", "nothing but blanks"),
        (bytes(range(256)) * 20, "binary data"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "picture"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "picture"),
        (b"PK\x03\x04" + b"\0" * 26 + b"word/document.xml" + b"\0" * 50, "Word"),
        (b"PK\x03\x04" + b"\0" * 26 + b"xl/workbook.xml" + b"\0" * 50, "workbook"),
        (
            b"PK\x03\x04" + b"\0" * 50 + b"%PDF- xl/",
            "zip archive or an Office file that is damaged",
        ),
        (archive("ppt/slides/slide1.xml"), "slides"),
        (archive("mimetype", b"application/vnd.oasis.opendocument.text"), r"\(.odt\)"),
        (archive("mimetype", b"application/epub+zip"), "an e-book"),
        (archive("report.pdf"), "a zip archive"),
        (OLE + b"\0" * 50 + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
        (OLE + "__properties_version1.0 WordDocument".encode("utf-16-le"), "a mail"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50, "old Office"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "\0WordDocument".encode("utf-16-le"),
            r"old Word document \(.doc\)",
        ),
        (b"{\\rtf1 text}", "rich text"),
        (b"\x1f\x8b\x08" + b"\0" * 50, "gzip"),
        (b"From: <Saved>\nMIME-Version: 1.0\nContent-Type: x\n", "MHTML"),
    ],
)
def test_what_is_no_text_is_named_with_a_remedy(data, said):
    with pytest.raises(UnreadableDocument, match=said) as error:
        read_bytes(data, path="report.txt")
    assert len(error.value.remedy) > 10


def test_the_content_decides_not_the_suffix(tmp_path):
    page = tmp_path / "report.pdf"
    page.write_text("<!DOCTYPE html><html><body><p>Some text.</p></body></html>")
    document = read_document(page)
    assert document.format == "html"
    assert document.warnings == ("named .pdf but holds HTML: read as HTML",)
    assert document.sha256 == hashlib.sha256(page.read_bytes()).hexdigest()
    markdown = tmp_path / "report.html"
    markdown.write_text("# Title\n\nText with <b>one</b> tag & a sign x < y.\n")
    assert read_document(markdown).format == "text"


def test_what_cannot_be_opened_is_named(tmp_path):
    with pytest.raises(UnreadableDocument, match="cannot be opened"):
        read_document(tmp_path / "absent.txt")
    with pytest.raises(UnreadableDocument, match="folder"):
        read_document(tmp_path)


def test_limits(tmp_path):
    big = tmp_path / "big.txt"
    big.write_text("- One more line.\n" * 100)
    for limits in (Limits(max_bytes=100), Limits(max_characters=100), Limits(max_blocks=10)):
        with pytest.raises(UnreadableDocument, match="limit"):
            read_document(big, limits=limits)
    with pytest.raises(SettingsError, match="max_bytes"):
        Limits(max_bytes=0)


WORDS = st.text(st.characters(categories=("L", "N", "P", "Zs"), max_codepoint=0x2FF), max_size=60)
LINES = st.lists(
    st.one_of(
        WORDS,
        WORDS.map(lambda t: f"- {t}"),
        WORDS.map(lambda t: f"  • {t}"),
        WORDS.map(lambda t: f"1. {t}"),
        WORDS.map(lambda t: f"“{t}”"),
        st.sampled_from(["", "", "Strengths:", "Areas for improvement", "\f", "a\tb", "| a | b |"]),
    ),
    max_size=40,
).map("\n".join)


@settings(max_examples=150, deadline=None)
@given(LINES)
def test_offsets_hold_whatever_the_text(text):
    try:
        document = read_bytes(text.encode("utf-8", "replace"), path="x.txt")
    except UnreadableDocument:
        return
    end = 0
    for block in document.blocks:
        assert block.start >= end
        assert not document.text[end : block.start].strip()
        part = document.text[block.start : block.end]
        if block.kind is BlockKind.TABLE:
            assert part == block.text
        else:
            assert " ".join(part.split()) == block.text
        end = block.end
    assert not document.text[end:].strip()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text("abcdefgh ", min_size=1, max_size=90).filter(str.strip), max_size=25))
def test_no_word_is_lost(paragraphs):
    for joint in ("\n", "\n\n", "\n- ", "\n\n• "):
        text = joint.join(paragraphs)
        if not text.strip():
            continue
        try:
            document = read_bytes(text.encode(), path="x.txt")
        except UnreadableDocument:
            continue
        assert document.text.replace("•", "").replace("-", "").split() == (
            text.replace("•", "").replace("-", "").split()
        )


_NAMED = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def _text(n):
    """Sixteen lines of running text, cut where they had no room for another word."""
    teams = ("north", "south", "east", "west", "first", "second", "third", "last")
    return "".join(
        f"Records of the {team} team were read in week {_NAMED[n]} of the inspection and\n"
        f"compared with what the plans of {_NAMED[n]} of its {team} members had said of them.\n"
        for team in teams
    )


def _pages(end):
    """Ten pages, each of which ends in the middle of an item."""
    return "".join(
        f"{_text(n)}\nStrengths:\n\n"
        f"- {_NAMED[n].title()} of the leaders had set out what was wanted from\n"
        f"{end(n)}\neverybody, and most of its staff could say what that was.\n\n"
        for n in range(1, 11)
    )


@pytest.mark.parametrize(
    "end",
    [
        # Foot and head are alike, and nothing else says where a page ends.
        lambda n: (
            "Marlock PDU - report of an inspection\n\nMarlock PDU - report of an inspection\n"
        ),
        # Feet name chapters, of which each is a heading once.
        lambda n: f"\n{'Background' if n == 1 else 'Work with people'}\n\n{n + 3}\n",
        # A number between dashes, a line each.
        lambda n: f"\nInspection of Marlock PDU\n\n–\n{n + 3}\n–\n\n\f",
        # Every other page has its number only.
        lambda n: f"\nInspection of Marlock PDU\n\n{f'{n + 3}' if n % 3 == 0 else ''}\n\f",
        # Other figures stand alone, too.
        lambda n: f"\n{n + 20}\n",
    ],
)
def test_what_belongs_to_pages_goes_wherever_they_end(end):
    calls = "".join(f"\nAs noted.\n\n{n}\n" for n in (1, 2, 5, 9, 3))
    text = "Background\n\nThe unit was new.\n\n" + _pages(end) + calls
    assert [t for k, t in blocks(text) if k == "bullet"] == [
        f"{_NAMED[n].title()} of the leaders had set out what was wanted from everybody, and most "
        "of its staff could say what that was."
        for n in range(1, 11)
    ]


def test_a_bullet_alone_at_the_end_of_a_page_is_of_the_item_on_the_next():
    text = "".join(
        f"{_text(n)}\n–\n\nStaff of team {n} were asked.\n\n–\n\n"
        f"{n + 3}\n\f\nTeam {n} had gone on without any.\n\n"
        for n in range(1, 5)
    )
    assert [t for k, t in blocks(text) if k == "bullet"] == [
        said.format(n)
        for n in range(1, 5)
        for said in ("Staff of team {} were asked.", "Team {} had gone on without any.")
    ]


@pytest.mark.parametrize("name", ["Strengths", "Areas for improvement"])
def test_a_lists_name_right_below_a_text_is_not_of_it(name):
    last = "Staff are enabled to deliver a service for everybody, rated as Good"
    text = f"{_text(1)}{last}\n{name}\n- It was.\n"
    assert blocks(text)[-2:] == [("heading", name), ("bullet", "It was.")]


def test_a_full_line_that_goes_on_below_a_blank_one_is_no_heading():
    first = (
        "Despite some strengths this had not been carried over into casework as one could see from"
    )
    text = f"{_text(1)}\n{first}\n\nthe scores of all cases.\n"
    assert blocks(text)[-1] == ("paragraph", f"{first} the scores of all cases.")


def test_a_line_that_recurs_and_goes_on_each_time_is_text():
    rated = "Our rating for this standard rests on the share of all cases inspected\nthat met it."
    found = blocks("".join(f"{_text(n)}\n{rated}\n\n" for n in range(1, 11)))
    assert sum(text == rated.replace("\n", " ") for _, text in found) == 10


@pytest.mark.parametrize(
    "numbers", [[1, 2, 3, 4, 5, 6, 11, 12, 13, 14], [1, 2, 3, 4, 5, 6, 1, 2, 3, 4]]
)
def test_page_numbers_may_leap_and_begin_again(numbers):
    text = _pages(lambda n: f"\n{numbers[n - 1]}\n")
    assert (
        sum(
            said.endswith(" from everybody, and most of its staff could say what that was.")
            for _, said in blocks(text)
        )
        == 10
    )


_PRINTED = "HM Inspectorate of Probation\nInspection of Marlock PDU\nMay 2025\n"


@pytest.mark.parametrize("feed", ["", "\f"])
@pytest.mark.parametrize(
    "end", [f"\n%s\n%s{_PRINTED}", f"\n{_PRINTED}%s\n%s", "\n%s\n%sInspection of Marlock PDU\n"]
)
def test_heads_of_several_lines_go_and_the_title_that_they_repeat_stays(end, feed):
    found = blocks("Inspection of Marlock PDU\n\n" + _pages(lambda n: end % (n + 3, feed)))
    if not (feed and _PRINTED not in end):
        assert found[0] == ("heading", "Inspection of Marlock PDU")
    assert len([said for kind, said in found if said.endswith("could say what that was.")]) == 10
    assert len([kind for kind, _ in found if kind == "bullet"]) == 10


def test_numbers_of_notes_that_count_on_are_none_of_pages():
    def end(n):
        notes = "".join(f"\n{k}\nThe council gave it in {_NAMED[n]}.\n" for k in (2 * n, 2 * n + 1))
        return f"{notes}\n{n + 3}\n"

    found = blocks(_pages(end))
    assert not [said for kind, said in found if kind == "bullet" and "council gave" in said]


def test_an_item_that_recurs_in_numbered_pages_is_kept():
    item = "- Managers check the quality of the work of each team every week"
    text = "".join(
        f"{_text(n)}\nStrengths\n\n{item}\n- They do.\n\n{_text(n)}\n{n}\n\n" for n in range(1, 7)
    )
    assert sum(said == item[2:] for _, said in blocks(text)) == 6


def test_a_text_of_nothing_but_notes_is_searched_once():
    names = ("Ann Adder", "Bel Brook", "Cor Croft", "Dan Dale")
    notes = [f"{n % 900} {names[n % 4]} lived in a village by the sea." for n in range(6000)]
    begun = time.process_time()
    found = blocks("They were named899.\n\n" + "\n\n".join(notes))
    assert time.process_time() - begun < 15  # went through all before for each: minutes
    assert found[0] == ("paragraph", "They were named.")
    assert [kind for kind, _ in found].count("footnote") == 1
    assert len(found) == 6001


def test_calls_of_one_number_are_taken_from_the_last_draft_that_has_one():
    notes = "1 The first is about one thing.\n\n2 The second is about another.\n"
    again = "1 The third is about one thing.\n"
    text = f"# Part\n\nIt was late1,2 and slow.\n\nIt was early².\n\n{notes}\n{again}"
    assert blocks(text)[1:] == [
        ("paragraph", "It was late,2 and slow."),
        ("paragraph", "It was early."),
        ("footnote", "The first is about one thing."),
        ("footnote", "The second is about another."),
        ("paragraph", "1 The third is about one thing."),
    ]
