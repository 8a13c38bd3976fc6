"""Odd files: accents drawn apart, two pages on a sheet, watermarks, line numbers, lone signs."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
import pytest
from reportlab.pdfgen import canvas

from pipelines.errors import UnreadableDocument
from pipelines.read.limits import Limits
from pipelines.read.pdf import _Reading, _scan, read_pdf
from pipelines.read.pdf.extract.damage import find_damage
from pipelines.read.pdf.extract.letters import between_words
from pipelines.read.pdf.legible import why_illegible
from pipelines.records import BlockKind
from tests.test_pdf_places import lines, read, texts

FULL = "A line of a sentence that fills the measure of the page up to the very end of"
WOOD = ["alder", "birch", "cedar", "elder", "furze", "gorse", "hazel", "larch", "maple", "olive"]
WOOD += ["rowan", "thorn"]


def test_accents_that_are_drawn_apart_are_written_with_their_letters():
    def page(paper):
        at = 72.0
        for word, accent in (
            ("Staff of Ll", "ˆ"),
            ("wydfa and T", "ˆ"),
            ("y Gwyn, caf", "´"),
            ("e", ""),
        ):
            lines(paper, [word], at, 100, size=11)
            at += paper.stringWidth(word, "Helvetica", 11)
            if accent:
                lines(paper, [accent], at + 1, 100 - 1, size=11)

    assert read(page).blocks[0].text == "Staff of Llŵydfa and Tŷ Gwyn, café"


@pytest.mark.parametrize("before", [True, False])
def test_accents_on_the_line_of_their_letters_are_written_with_them(before):
    said = [("Zo", "e", "¨"), (" and Jos", "e", "´"), (" in S", "a", "˜"), ("o for a fa", "c", "¸")]

    def drawn(paper):
        at = 72.0
        for word, letter, accent in [*said, ("ade.", "", "")]:
            lines(paper, [word], at, 100, size=11)
            at += paper.stringWidth(word, "Helvetica", 11)
            wide = paper.stringWidth(letter, "Helvetica", 11)
            set_over = at + (wide - paper.stringWidth(accent, "Helvetica", 11)) / 2
            places = [(accent, set_over), (letter, at)] if accent else []
            for text, x in places if before else places[::-1]:
                lines(paper, [text], x, 100, size=11)
            at += wide

    assert read(drawn).blocks[0].text == "Zoë and José in São for a façade."


def test_a_large_text_across_the_page_takes_no_accent():
    def drawn(paper):
        lines(paper, ["~ about 30 of them"], 200, 300, size=11)
        paper.saveState()
        paper.translate(120, 380)
        paper.rotate(45)
        lines(paper, ["DRAFT"], 0, 700, size=90)
        paper.restoreState()

    assert "~ about 30" in read(drawn).text


def test_two_pages_on_a_sheet_are_read_one_after_the_other():
    words = iter(WOOD)
    said = []
    out = io.BytesIO()
    paper = canvas.Canvas(out, pagesize=(842, 595))
    for _ in range(2):
        for x in (43, 464):
            paper.setFont("Helvetica", 8)
            for index, word in enumerate((next(words), next(words), next(words))):
                said.append(word)
                row = f"{word} and some more words that fill the measure of one of two pages"
                paper.drawString(x, 480 - 11 * index - x / 99, row)
        paper.showPage()
    paper.save()
    blocks = read_pdf(out.getvalue(), path="made.pdf", sha256="0" * 64).blocks
    assert [w for b in blocks for w in b.text.split() if w in said] == said
    assert [(box.page, box.x0 > 421) for b in blocks for box in b.boxes] == [
        (sheet, right) for sheet in (1, 2) for right in (False, True)
    ]
    assert (blocks[0].page, blocks[-1].page_end) == (1, 2)


def test_a_watermark_over_the_lines_is_no_heading():
    def page(paper):
        lines(paper, [FULL] * 30, 72, 90, size=11)
        lines(paper, ["OFFICIAL"], 150, 300, size=60)

    document = read(page, page, page, page)
    assert "OFFICIAL" not in document.text
    assert texts(document, BlockKind.HEADING) == []


def test_the_numbers_of_a_drafts_lines_go():
    def page(paper):
        lines(paper, ["•", "", "•", "", "•", "", "•"], 72, 90, size=11)
        lines(paper, [FULL, "this page."] * 4, 90, 90, size=11)
        lines(paper, [str(n) for n in range(1, 9)], 40, 90, size=7)

    document = read(page, page)
    assert texts(document, BlockKind.BULLET) == [f"{FULL} this page."] * 8


def test_numbers_of_items_of_a_line_stay():
    def page(paper):
        lines(paper, [f"{n}." for n in range(1, 9)], 60, 90, size=11)
        rows = [f"The {word} was kept." for word in WOOD[:7]]
        lines(paper, [*rows, "iPads were kept."], 90, 90, size=11)

    found = [b for b in read(page).blocks if b.kind is BlockKind.NUMBERED]
    assert [b.marker for b in found] == [f"{n}." for n in range(1, 9)]


def test_heads_of_a_form_that_stand_on_every_page_stay():
    def page(number):
        def drawn(paper):
            lines(paper, ["Area of the inspected unit:", FULL, FULL], 72, 300, size=11)
            lines(paper, [f"{WOOD[number]} and its {WOOD[number]}"], 90, 304, size=11)

        return drawn

    assert read(*map(page, range(4))).text.count("inspected unit") == 4


def test_numbers_of_paragraphs_stay():
    def page(paper):
        for index in range(6):
            lines(paper, [str(index + 1)], 60, 90 + 60 * index, size=11)
            lines(paper, [FULL, FULL, "this page."], 90, 90 + 60 * index, size=11)

    assert "6 A line" in read(page).text


def test_a_sign_that_nests_but_once_is_one():
    def page(paper):
        lines(paper, ["•"], 72, 90, size=11)
        lines(paper, [FULL, "this page."], 90, 90, size=11)
        lines(paper, ["o"], 102, 118, size=11, font="Courier")
        lines(paper, ["which made the families wait for help."], 120, 118, size=11)
        lines(paper, ["•"], 72, 140, size=11)
        lines(paper, ["A second item."], 90, 140, size=11)

    assert texts(read(page), BlockKind.BULLET) == [
        f"{FULL} this page. which made the families wait for help.",
        "A second item.",
    ]


def test_the_word_stream_in_a_font_is_no_damage():
    out = io.BytesIO()
    paper = canvas.Canvas(out, pageCompression=0)
    paper.drawString(72, 700, "Words of a page.")
    paper.save()
    whole = out.getvalue()
    for words in (b"of a Bitstream\n.", b"endobj endstream", b"at 12 0 obj >>s."):
        odd = whole.replace(b"Words of a page.", words)
        assert find_damage(whole, 1) == find_damage(odd, 1) == []
    titled = whole.replace(b"(untitled)", b"(endobj)  ")
    assert titled != whole
    assert find_damage(titled, 1) == []


def test_a_page_with_nothing_on_it_is_no_damage():
    paper = canvas.Canvas(out := io.BytesIO())
    paper.save()
    empty = b"9 0 obj\n<< /Length 0 /Filter /FlateDecode >>\nstream\n\nendstream\nendobj\n"
    assert find_damage(out.getvalue() + empty, 1) == []
    assert find_damage(out.getvalue() + empty.replace(b"stream\n\n", b"stream\nxx\n"), 1) != []


@pytest.mark.parametrize("name", ["Westmarch report.pdf", "Report.DOCX", "web page.html", "report"])
@pytest.mark.parametrize(("rows", "refused"), [(1, True), (40, False)])
def test_a_portfolio_is_named_and_an_attachment_to_a_report_does_no_harm(rows, refused, name):
    out = io.BytesIO()
    paper = canvas.Canvas(out)
    for row in range(rows):
        paper.drawString(72, 800 - 14 * row, FULL)
    paper.save()
    file = pypdfium2.PdfDocument(out.getvalue())
    file.new_attachment(name).set_data(out.getvalue())
    whole = io.BytesIO()
    file.save(whole)
    if refused:
        with pytest.raises(UnreadableDocument, match=f"1 attached: {name};"):
            read_pdf(whole.getvalue(), path="made.pdf", sha256="0" * 64)
    else:
        assert read_pdf(whole.getvalue(), path="made.pdf", sha256="0" * 64).blocks


def test_what_is_attached_to_a_note_of_a_cover_is_named():
    paper = canvas.Canvas(out := io.BytesIO())
    paper.drawString(72, 800, "The report is attached to this page.")
    paper.save()
    with pikepdf.open(out) as file:
        report = pikepdf.AttachedFileSpec(file, out.getvalue(), filename="Westmarch.pdf")
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.FileAttachment,
            Rect=[10, 10, 30, 30],
            FS=report.obj,
        )
        file.pages[0].Annots = pikepdf.Array([file.make_indirect(note)])
        file.save(whole := io.BytesIO())
    with pytest.raises(UnreadableDocument, match=r"1 attached: Westmarch\.pdf;"):
        read_pdf(whole.getvalue(), path="made.pdf", sha256="0" * 64)


def test_a_notice_printed_in_place_of_a_form_is_told_as_one():
    said = "If this message is not eventually replaced by the proper contents of the document, wait"
    with pytest.raises(UnreadableDocument, match="is a form"):
        read(lambda paper: paper.drawString(20, 700, said))


def test_a_row_of_two_cells_written_as_one_text_is_parted():
    names = ("1.1 Leadership", "1.2 Implementation and delivery", "1.3 Staff")

    def page(paper):
        for index, name in enumerate(names):
            text = paper.beginText(60, 700 - 15 * index)
            text.setFont("Helvetica", 11)
            wide = 300 - paper.stringWidth(name, "Helvetica", 11)
            text._code.append(f"[({name}) {-wide / 11 * 1000:.0f} (Requires improvement)] TJ")
            paper.drawText(text)

    (table,) = (b.rows for b in read(page).blocks if b.kind is BlockKind.TABLE)
    assert table == tuple((name, "Requires improvement") for name in names)


def test_the_number_of_a_line_in_one_text_with_it_is_parted():
    """The pen goes back for it, as producers write what was distilled again."""

    def page(paper):
        for row in range(8):
            words = f"Row {row} of a draft that fills its column to the edge of the page as"
            text = paper.beginText(90, 700 - 14 * row)
            text.setFont("Helvetica", 11)
            back = (paper.stringWidth(words, "Helvetica", 11) + 40) / 11 * 1000
            text._code.append(f"[({words}) {back:.0f} ({row + 1})] TJ")
            paper.drawText(text)

    (block,) = read(page).blocks
    assert (
        block.text.split(" as ")[0]
        == "Row 0 of a draft that fills its column to the edge of the page"
    )
    assert "as Row 7" in block.text


def test_signs_in_one_text_with_their_items_mark_them_though_some_are_set_in():
    def page(paper):
        for row, x in enumerate((72, 82, 82, 72, 82)):
            text = paper.beginText(x, 700 - 30 * row)
            text.setFont("Helvetica", 11)
            wide = 90 - x - paper.stringWidth("\u2022 ", "Helvetica", 11)
            text._code.append(f"[(\\225 ) {-wide / 11 * 1000:.0f} (Team {row} met people each)] TJ")
            paper.drawText(text)
            lines(paper, ["week, and wrote plans with them."], 90, 142 + 30 * row + 13, size=11)

    blocks = read(page).blocks
    assert [b.kind for b in blocks] == [BlockKind.BULLET] * 5
    assert blocks[1].text == "Team 1 met people each week, and wrote plans with them."


def test_letters_of_another_font_within_a_word_leave_it_whole():
    """The space that PDFium guesses where they are left out is none."""

    def page(paper):
        words, size = ("Newly qualified o", "cers met at the o", "ce of the court."), 13
        helvetica = [paper.stringWidth(word, "Helvetica", size) for word in words]
        wide = paper.stringWidth("ffi", "Times-Roman", size) + 1.3
        text = paper.beginText(60, 700)
        text.setFont("Helvetica", size)
        gap = -wide / size * 1000
        text._code.append(f"[({words[0]}) {gap:.0f} ({words[1]}) {gap:.0f} ({words[2]})] TJ")
        paper.drawText(text)
        text = paper.beginText(60 + helvetica[0] + 0.1, 700)
        text.setFont("Times-Roman", size)
        text._code.append(f"[(ffi) {-(helvetica[1] + 1.3) / size * 1000:.0f} (ffi)] TJ")
        paper.drawText(text)

    (block,) = read(page).blocks
    assert block.text == "Newly qualified officers met at the office of the court."


@pytest.mark.parametrize(("rows", "refused"), [(1, True), (40, False)])
def test_a_form_whose_pages_another_program_makes_is_named(rows, refused):
    out = io.BytesIO()
    paper = canvas.Canvas(out)
    for row in range(rows):
        paper.drawString(72, 800 - 14 * row, FULL)
    paper.save()
    whole = io.BytesIO()
    with pikepdf.open(io.BytesIO(out.getvalue())) as file:
        described = file.make_stream(b'<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"/>')
        file.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(), XFA=described)
        file.save(whole)
    if refused:
        with pytest.raises(UnreadableDocument, match=r"form \(XFA\).*print it to a new PDF"):
            read_pdf(whole.getvalue(), path="made.pdf", sha256="0" * 64)
    else:
        assert read_pdf(whole.getvalue(), path="made.pdf", sha256="0" * 64).blocks


@pytest.mark.parametrize(
    ("font", "text"),
    [
        ("ZapfDingbats", "a report of signs and of no letters"),
        ("Helvetica", "UHSRUW RI VLJQV DQG QRW OHWWHUV RI VWDII"),  # numbers of glyphs, not letters
    ],
)
def test_signs_that_are_no_letters_are_not_read_as_a_report(monkeypatch, font, text):
    monkeypatch.setattr("pipelines.read.ocr.ocr_available", lambda: False)
    paper = canvas.Canvas(out := io.BytesIO())
    for row in range(50):
        paper.setFont(font, 10)
        paper.drawString(72, 790 - 14 * row, text)
    paper.save()
    with pytest.raises(UnreadableDocument, match="does not say which"):
        read_pdf(out.getvalue(), path="made.pdf", sha256="0" * 64)


def test_letters_driven_apart_are_one_word_though_two_of_them_stand_close():
    # A stroke of an f leans over the next letter.
    staff = [0.18, 0.13, 0.14, 0.07]
    assert between_words(staff, 1.0) > max(staff)
    numbered = [0.39, 0.07, 0.1, 0.42]  # of "P 1.1 L": the white of words is no usual gap
    assert 0.1 < between_words(numbered, 1.0) < 0.39


def test_spaces_that_are_guessed_among_letters_driven_apart_are_none_and_written_ones_are():
    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer, pagesize=(595, 842))
    name = paper._doc.getInternalFontName("Helvetica-Bold")
    wide = [265 if at in (1, 5) else 120 for at in range(17)]
    set_ = " ".join(f"({sign}) -{gap}" for sign, gap in zip("Resettlement work", wide, strict=True))
    paper._code.append(f"BT {name} 18 Tf 1 0 0 1 72 760 Tm [{set_}] TJ ET")
    lines(paper, ["The courts were served well by those who work there."] * 12, 72, 700)
    paper.showPage()
    paper.save()
    document = read_pdf(buffer.getvalue(), path="apart.pdf", sha256="0" * 64)
    assert texts(document, BlockKind.HEADING) == ["Resettlement work"]


def test_a_text_in_another_script_is_not_said_to_be_without_letters():
    refusal = why_illegible("Во дворе дома стоит старый колодец. " * 60)
    assert refusal is not None
    assert "another script" in str(refusal)
    assert "English edition" in refusal.remedy


def test_a_picture_in_which_no_text_was_recognised_is_not_to_be_recognised_again():
    said = _scan(_Reading(Limits(), recognised=True))
    assert "no text was found" in said.reason
    assert "ocrmypdf" not in said.remedy
