"""Ligatures that a file's table of signs gives no letters."""

from __future__ import annotations

import re
import time
from io import BytesIO

import pikepdf
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from pipelines.read.pdf import read_pdf
from pipelines.read.pdf.extract.damage import amend_streams
from pipelines.read.pdf.extract.lettering import table_of
from pipelines.read.pdf.extract.letters import mended
from pipelines.read.pdf.extract.ligatures import NamelessGlyphs, by_neighbours
from pipelines.read.pdf.legible import why_illegible
from pipelines.read.pdf.model.page import Face, RawPage, Span
from pipelines.records import BlockKind

_LIGATURES = re.compile(rb"(<[0-9a-f]{4}>) <(0066(?:0066|0069|006c)+)>")
_FACE = Face("A", False, False, False)
TOLD = ["a women\x03s centre", "people\x03s needs", "no word: q\x04x"]
TEXT = "Staff found first-rate offices; conflicts and difficulties were significant. "


def test_figures_and_capitals_of_another_style_are_read_as_what_they_are():
    """Fonts of old-style figures name them by codes of Adobe's own."""
    assert table_of(b"2 beginbfchar <01> <F732> <02> <F761> endbfchar") == {1: "2", 2: "a"}
    assert mended("\uf731\uf739 \uf7e9") == "19 é"


def test_a_text_is_not_legible_whose_headings_have_no_letters():
    text = "The plans of the unit were good, and were followed. " * 40
    assert why_illegible(text + "\ufffd\ufffd\ufffd" * 9 + " \ufffd" * 99) is None
    assert why_illegible(text + " \ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd" * 9) is not None


def test_neighbours_tell_a_ligature():
    table = {0x13B1: "ff", 0x13B3: "fl", 0x13B4: "ffi"}
    assert by_neighbours(0x13B2, table) == "fi"
    assert by_neighbours(0x13B5, table) == "ffl"
    assert by_neighbours(0x03B1, {0x03B0: "a", 0x03B2: "b"}) == ""


@pytest.mark.parametrize("broken", [b"1 beginbfchar ", b"1 beginbfrange <1><2>[", b"<1><2>["])
def test_a_broken_table_is_gone_through_once(broken):
    """Not once more for each block that has no end: it would take hours."""
    glyphs = NamelessGlyphs(b"1 beginbfrange" + broken * 200_000)
    assert not glyphs.met


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "named",
    [b"", *b"0000 fffd 0020 e001 0066 0069 00de 00ad 00a0 00660066 014b 003f 200b fb00".split()],
)
def test_a_ligature_without_its_letters_is_read(named, packed):
    data, found = _forgetful(TEXT, named, packed=packed)
    document = read_pdf(data, path="made.pdf", sha256="0" * 64)
    assert found > 2
    assert document.blocks[0].text == " ".join((TEXT * 3).split())
    assert document.warnings == ()


def test_a_blank_of_one_byte_is_the_blank_though_a_ligature_named_so_comes_before_it():
    data = amend_streams(drawn(), b"beginbf", lambda t: re.sub(rb"FB0[0-2]", b"0020", t))
    assert read_pdf(data, path="made.pdf", sha256="0" * 64).blocks[0].text == SAID


def test_the_second_sign_of_a_font_without_a_table_is_no_hyphen():
    data = drawn().replace(b"/ToUnicode", b"/ToNowhere")
    assert read_pdf(data, path="made.pdf", sha256="0" * 64).blocks[0].text == SAID


def test_a_sign_that_is_drawn_in_a_font_of_its_own_scale_is_one_of_the_word_around_it():
    canvas = Canvas(page := BytesIO(), pageCompression=0)
    for x, words in (
        (72, "The of"),
        (72 + stringWidth("The of", "Helvetica", 11) + 6, "cers came."),
    ):
        canvas.setFont("Helvetica", 11)
        canvas.drawString(x, 700, words)
    canvas.save()
    file = pikepdf.open(page)
    glyph = file.make_stream(b"60 0 0 0 55 80 d1 0 0 55 80 re f")
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type3, FontMatrix=[1, 0, 0, 1, 0, 0],
        FontBBox=[0, 0, 60, 80], FirstChar=1, LastChar=1, Widths=[60], Resources={},
        CharProcs=pikepdf.Dictionary(a0=glyph),
        Encoding=pikepdf.Dictionary(Type=pikepdf.Name.Encoding, Differences=[1, pikepdf.Name.a0]),
    )  # fmt: skip
    file.pages[0].Resources.Font["/T3"] = file.make_indirect(font)
    x = 72 + stringWidth("The of", "Helvetica", 11)
    drawn = f"BT /T3 1 Tf .1 0 0 .1 {x} 700 Tm <01> Tj ET".encode()
    file.pages[0].contents_add(file.make_stream(drawn))
    file.save(whole := BytesIO())
    document = read_pdf(whole.getvalue(), path="made.pdf", sha256="0" * 64)
    assert document.blocks[0].text == "The officers came."


SAID = "Officers had five files of first floors, and fifty flats."


def test_a_soft_hyphen_that_parts_two_words_is_a_hyphen():
    said = "Officers had home-based work, and long-term plans."
    data = amend_streams(drawn(said), b"beginbf", lambda t: t.replace(b"002D", b"00AD"))
    assert data != drawn(said)
    assert read_pdf(data, path="made.pdf", sha256="0" * 64).blocks[0].text == said


def drawn(said: str = SAID) -> bytes:
    canvas = Canvas(page := BytesIO(), pageCompression=0)
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    canvas.setFont("Vera", 11)
    canvas.drawString(72, 700, said.replace("fl", "\ufb02").replace("fi", "\ufb01"))
    canvas.save()
    return page.getvalue()


def test_signs_whose_letters_nothing_tells_are_counted():
    data, _ = _forgetful(
        "Qwfflom plofig fluxonic and a few more words about the unit here. ", b"fffd"
    )
    document = read_pdf(data, path="made.pdf", sha256="0" * 64)
    assert "Qw\ufffdom" in document.text
    assert "9 glyphs of its fonts stand for no letters" in document.warnings[0]


def _forgetful(text: str, named: bytes, *, packed: bool = False) -> tuple[bytes, int]:
    """A file whose table names its ligatures wrongly, and how many of them."""
    weasyprint = pytest.importorskip("weasyprint")
    html = f'<p style="font: 11pt DejaVu Sans">{text * 3}</p>'
    data = weasyprint.HTML(string=html).write_pdf(uncompressed_pdf=not packed)
    count = 0

    def forget(table: bytes) -> bytes:
        nonlocal count
        table, some = _LIGATURES.subn(
            lambda m: m[1] + b" <" + named + b">" + b" " * (len(m[2]) - len(named)), table
        )
        count += some
        return table

    data = amend_streams(data, b"beginbf", forget)
    if not count:
        pytest.skip("no font with ligatures is installed")
    return data, count


def test_a_table_of_codes_beyond_all_characters_is_gone_through_once():
    """Of four bytes: the codes that it leaves out are billions."""
    entries = "".join(f"<{code:04x}><{code:04x}>" for code in range(97, 123))
    far = "<ffffffff><0041>"
    glyphs = NamelessGlyphs(f"1 beginbfchar {entries}{far} endbfchar endcmap".encode())
    assert not glyphs.met


def test_a_table_whose_doubtful_letters_are_one_glyph_each_is_left_as_it_is():
    """Amended, what another font draws inside of a word may be set behind the word."""
    entries = "".join(f"<{code:04x}><{code:04x}>" for code in range(97, 123))
    rare = "<0001><fb01><0011><014b><0021><00fb><0031><00e2><0041><f001>"
    glyphs = NamelessGlyphs(f"1 beginbfchar {entries}{rare} endbfchar endcmap".encode())
    assert not glyphs.met
    texts = ["The staŋ took great eŋorts", "di\uf001cult ofûces", "Siân met Siân"]
    said = [Span(text, 0, 9, 20 * n, 9, _FACE) for n, text in enumerate(texts)]
    glyphs.mend([RawPage(1, 595, 842, said)])
    assert [span.text for span in said] == [
        "The staff took great efforts",
        "difficult offices",
        "Siân met Siân",
    ]


def test_control_characters_are_no_letters():
    said = [Span(text, 0, 9, 0, 9, _FACE) for text in TOLD]
    signs = NamelessGlyphs(b"")
    signs.mend([RawPage(1, 595, 842, said)])
    assert [span.text for span in said] == [
        "a women’s centre",
        "people’s needs",
        "no word: q\ufffdx",
    ]
    assert signs.lost == 1


def test_a_sign_that_stands_alone_is_no_letter():
    said = [Span(t, 0, 9, 0, 9, _FACE) for t in ("\x03", "so ’ it is")]
    signs = NamelessGlyphs(b"")
    signs.mend([RawPage(1, 595, 842, said)])
    assert [said[0].text, signs.lost] == ["\ufffd", 0]


def _of_glyphs(shown: str, named: str) -> bytes:
    """A page of one line whose glyph 7 the file names so."""
    return _of_table(shown, {**{n: f"{n:04x}" for n in (0x61, 0x62, 0x63)}, 7: named})


def _of_table(shown: str, table: dict[int, str]) -> bytes:
    """A page of one line, and what the file says that its glyphs stand for."""
    entries = " ".join(f"<{code:04x}> <{text}>" for code, text in table.items())
    paper = pikepdf.new()
    paper.add_blank_page(page_size=(595, 842))
    told = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange "
        f"<0000> <ffff> endcodespacerange {len(table)} beginbfchar {entries} endbfchar "
        "endcmap end end"
    )
    inner = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType2,
        BaseFont=pikepdf.Name("/ABCDEF+Made"),
        CIDSystemInfo=pikepdf.Dictionary(
            Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
        ),
        DW=600,
    )
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type0,
        BaseFont=pikepdf.Name("/ABCDEF+Made"),
        Encoding=pikepdf.Name("/Identity-H"),
        DescendantFonts=[inner],
        ToUnicode=paper.make_stream(told.encode()),
    )
    page = paper.pages[0]
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    page.Contents = paper.make_stream(f"BT /F 11 Tf 72 700 Td <{shown}> Tj ET".encode())
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("named", "said"),
    [("d835dc5b", "ab\U0001d45bab"), ("d83dde00", "ab\U0001f600ab"), ("0000", "abab")],
)
def test_a_character_of_two_halves_is_one_and_one_named_nothing_is_none(named, said):
    data = _of_glyphs("00610062000700610062", named)
    assert read_pdf(data, path="made.pdf", sha256="0" * 64).blocks[0].text == said


@pytest.mark.parametrize(
    ("named", "text", "said"),
    [
        (None, "Two of\0cers had \0rst seen \0les.", "Two officers had first seen files."),
        ("f02d", "The plans \0 all of them \0 were read.", "The plans – all of them – were read."),
        ("0175", "Seen in Ll\0ydfa and at Maes y D\0r.", "Seen in Llŵydfa and at Maes y Dŵr."),
        ("00e9", "A caf\0 for fianc\0es.", "A café for fiancées."),
    ],
)
def test_words_tell_a_glyph_that_is_left_out_or_named_as_a_rare_letter(named, text, said):
    letters = sorted({*text, *"abcdefghijkl"} - {"\0"})
    codes = {letter: code + 1 + (code > 5) for code, letter in enumerate(letters)} | {"\0": 7}
    table = {code: f"{ord(letter):04x}" for letter, code in codes.items() if letter != "\0"}
    data = _of_table(
        "".join(f"{codes[letter]:04x}" for letter in text), table | ({7: named} if named else {})
    )
    assert read_pdf(data, path="made.pdf", sha256="0" * 64).blocks[0].text == said


def test_words_tell_glyphs_that_a_table_far_from_whole_leaves_out_by_their_codes():
    text = "Prac\0\0oners in \0me saw a\1er shi\1s por\0ons; the sta\2 of Ffôs-ŵyn did not."
    codes = {letter: ord(letter) for letter in text} | {"\0": 0x8A2, "\1": 0x5B, "\2": 0x6333}
    shown = "".join(f"{codes[letter]:04x}" for letter in text)
    table = {code: f"{ord(sign):04x}" for sign, code in codes.items() if sign > "\2"}
    said = read_pdf(_of_table(shown, table), path="made.pdf", sha256="0" * 64).text
    assert said == "Practitioners in time saw after shifts portions; the staff of Ffôs-ŵyn did not."


def test_a_figure_that_is_left_out_is_no_dash():
    text = "They saw \0 of 1\0 cases in a field of flint."
    codes = {letter: code for code, letter in enumerate(sorted({*text}), 3)}
    codes |= {"\0": codes["l"], "l": 3}
    table = {code: f"{ord(letter):04x}" for letter, code in codes.items() if letter != "\0"}
    shown = "".join(f"{codes[letter]:04x}" for letter in text)
    assert "–" not in read_pdf(_of_table(shown, table), path="made.pdf", sha256="0" * 64).text


def test_a_sign_that_a_table_of_one_byte_leaves_out_is_what_its_encoding_names():
    canvas = Canvas(page := BytesIO(), pageCompression=0)
    canvas.drawString(72, 700, "They saw 50% of 9% in a field of flint.")
    canvas.save()
    file = pikepdf.open(page)
    entries = "".join(f"<{code:02x}><{code:04x}>" for code in range(32, 127) if code != 37)
    table = file.make_stream(f"1 beginbfchar {entries} endbfchar endcmap".encode())
    file.pages[0].Resources.Font["/F1"].ToUnicode = table
    file.save(whole := BytesIO())
    document = read_pdf(whole.getvalue(), path="made.pdf", sha256="0" * 64)
    assert document.text == "They saw 50% of 9% in a field of flint."


def test_an_apostrophe_that_ghostscript_cut_to_a_nine_is_one_again():
    text = "The women9s and officers9 rooms had 39 staff, 8who met9 at 8am in Unit9."
    mended = "The women’s and officers’ rooms had 39 staff, ‘who met’ at 8am in Unit9."
    for nine, more, said in (
        (ord("9"), {}, text),
        (ord("9"), {999: "0039"}, mended),
        (999, {}, mended),  # no figure of the font itself is shown
    ):
        codes = {letter: ord(letter) for letter in text} | {"9": nine}
        table = {code: f"{ord(letter):04x}" for letter, code in codes.items()}
        data = _of_table("".join(f"{codes[letter]:04x}" for letter in text), table | more)
        assert read_pdf(data, path="made.pdf", sha256="0" * 64).blocks[0].text == said


def test_a_bullet_that_ghostscript_cut_is_one_again():
    text = '" The women9s plans were good in 3 of 3.'
    table = {ord(letter): f"{ord(letter):04x}" for letter in text} | {999: "0039"}
    data = _of_table("".join(f"{ord(letter):04x}" for letter in text), table)
    (block,) = read_pdf(data, path="made.pdf", sha256="0" * 64).blocks
    assert (block.kind, block.text) == (BlockKind.BULLET, "The women’s plans were good in 3 of 3.")


def test_a_sign_that_a_table_of_one_byte_numbered_anew_leaves_out_is_told_by_words():
    """Its encoding calls it g2, which says nothing."""
    text = "O\0cers had \1rst seen the \1les of sta\2 at the o\0ce."
    signs = sorted({*text, *"abcdefghijklmnop"} - {*"\0\1\2"})
    codes = {"\0": 2, "\1": 55} | {c: n + 1 + (n > 0) for n, c in enumerate(signs)}
    codes |= {"\2": max(n for c, n in codes.items() if c != "\1") + 1}  # behind the last
    codes["\1"] = codes["\2"] + 1
    table = "".join(f"<{n:02x}><{ord(c):04x}>" for c, n in codes.items() if c > "\2")
    names = {c: f"/g{n}" for c, n in codes.items()}
    order = sorted(codes, key=codes.__getitem__)
    paper = pikepdf.new()
    paper.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Dictionary(Differences=[1, *(pikepdf.Name(names[c]) for c in order)]),
        ToUnicode=paper.make_stream(
            b"begincmap 1 begincodespacerange <00><ff> endcodespacerange "
            b"1 beginbfchar %b endbfchar endcmap" % table.encode()
        ),
    )
    paper.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    shown = "".join(f"{codes[c]:02x}" for c in text)
    paper.pages[0].Contents = paper.make_stream(f"BT /F 11 Tf 72 700 Td <{shown}> Tj ET".encode())
    paper.save(out := BytesIO())
    document = read_pdf(out.getvalue(), path="made.pdf", sha256="0" * 64)
    assert document.text == "Officers had first seen the files of staff at the office."


def test_one_ligature_named_soft_hyphen_is_told_by_words():
    text = "They met at o\0ces of the unit."
    codes = {c: n for n, c in enumerate(sorted({*text, *"abcdefghijklmnop"}), 3)}
    table = {n: f"{ord(c):04x}" if c > "\0" else "00ad" for c, n in codes.items()}
    data = _of_table("".join(f"{codes[c]:04x}" for c in text), table)
    assert read_pdf(data, path="made.pdf", sha256="0" * 64).text == text.replace("\0", "ffi")


def test_a_table_that_many_fonts_have_is_looked_at_once():
    """One of two bytes that names every code takes a tenth of a second."""
    glyphs = NamelessGlyphs(b"")
    ranges = b"".join(b"<%02X00> <%02XFF> <%02X00>" % (n, n, n) for n in range(256))
    begun = time.process_time()
    for _ in range(300):
        glyphs.inspect(b"256 beginbfrange " + ranges + b" endbfrange endcmap")
    assert time.process_time() - begun < 5
