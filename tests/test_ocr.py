"""Scans: what is read of pictures with the extra `ocr`, and how bullets are found in the ink."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

import invented
from pipelines.errors import UnreadableDocument
from pipelines.read import read_document
from pipelines.read.ocr import add_text_layer, ocr_available
from pipelines.read.pdf import read_pdf
from pipelines.read.pdf.extract.recognised import find_spots
from pipelines.read.pdf.model.page import Face, RawPage, Span
from pipelines.records import BlockKind
from pipelines.segment import segment_document

needs_ocr = pytest.mark.skipif(
    not ocr_available(), reason="the extra ocr and Tesseract are not installed"
)
PLAIN_GUARDS = True
PLAIN = Face("Times", bold=False, italic=False, symbolic=False)


def scanned(source, target, *, dots=150, pages=None):
    """Turn a PDF into pictures of its pages."""
    with pypdfium2.PdfDocument(source) as file:
        sheets = [page.render(scale=dots / 72, grayscale=True).to_pil() for page in file]
    sheets = sheets[:pages]
    sheets[0].save(target, save_all=True, append_images=sheets[1:], resolution=dots)
    return target


def sheet(*drawn):
    """A PDF page of 300 by 200 points with discs (x, y from the top, radius) and a text."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(300, 200))
    for x, y, radius in drawn:
        canvas.circle(x, 200 - y, radius, stroke=0, fill=1)
    canvas.drawString(60, 100, "Plans were shared.")
    canvas.save()
    return out.getvalue()


def recognised(*texts):
    """A page as OCR gives it: spans of 11 points on the baseline of the sheet's text."""
    return RawPage(
        1, 300, 200, spans=[Span(text, x0, x1, 100, 11, PLAIN) for text, x0, x1 in texts]
    )


def test_a_disc_left_of_a_line_is_found_in_the_ink():
    page = recognised(("Plans were shared.", 60, 150))
    find_spots([page], sheet((46, 96.5, 1.8)))
    (found,) = page.shapes
    assert found.x0 == pytest.approx(44.2, abs=0.6)
    assert found.width == pytest.approx(3.6, abs=1)


@pytest.mark.parametrize(
    "discs",
    [
        pytest.param([], id="nothing"),
        pytest.param([(46, 96.5, 7)], id="a blot"),
        pytest.param([(46, 96.5, 0.4)], id="a speck"),
        pytest.param([(40, 96.5, 1.8), (50, 96.5, 1.8)], id="two"),
        pytest.param([(46, 60, 1.8)], id="above the line"),
    ],
)
def test_other_ink_is_no_sign(discs):
    page = recognised(("Plans were shared.", 60, 150))
    find_spots([page], sheet(*discs))
    assert page.shapes == []


@pytest.mark.parametrize(
    "texts",
    [
        [("e ", 44, 48), ("Plans were shared.", 60, 150)],
        [("e Plans were shared.", 44, 150)],
        [("¢« Plans were shared.", 44, 150)],
    ],
)
def test_a_sign_taken_for_a_letter_is_cut_off(texts):
    page = recognised(*texts)
    find_spots([page], sheet((46, 96.5, 1.8)))
    assert [span.text for span in page.spans] == ["Plans were shared."]
    assert len(page.shapes) == 1


def test_words_of_one_letter_stay():
    page = recognised(("A plan was shared.", 60, 150))
    find_spots([page], sheet())
    assert [span.text for span in page.spans] == ["A plan was shared."]


@pytest.mark.parametrize("said", ["P 1.1 Plans", "T he plan was shared."])
def test_a_capital_is_no_bullet(said):
    page = recognised((said, 60, 150))
    find_spots([page], sheet((64, 96.5, 3)))
    assert [span.text for span in page.spans] == [said]


def test_the_bullets_of_a_scan_that_came_with_its_text_are_found():
    """As programs that recognise text leave it: bullets are letters, over a picture of them."""
    with pypdfium2.PdfDocument(sheet((46, 96.5, 1.8), (46, 126.5, 1.8))) as file:
        picture = file[0].render(scale=3).to_pil()
    canvas = Canvas(out := io.BytesIO(), pagesize=(300, 200))
    canvas.drawInlineImage(picture, 0, 0, 300, 200)
    text = canvas.beginText()
    text.setTextRenderMode(3)
    text.setFont("Helvetica", 11)
    for x, y, said in ((44, 100, "e"), (60, 100, "Plans were shared."), (44, 70, "e"),
                       (60, 70, "Visits were made.")):  # fmt: skip
        text.setTextOrigin(x, y)
        text.textOut(said)
    canvas.drawText(text)
    canvas.save()
    document = read_pdf(out.getvalue(), path="made.pdf", sha256="0" * 64)
    assert [(b.kind, b.text) for b in document.blocks] == [
        (BlockKind.BULLET, "Plans were shared."),
        (BlockKind.BULLET, "Visits were made."),
    ]


@needs_ocr
def test_a_scan_is_read_as_the_file_it_was_made_of(tmp_path):
    (source,) = invented.write(tmp_path, range(1), suffix="pdf", bullets=2)
    scan = scanned(source, tmp_path / "scan.pdf", pages=2)
    document = read_document(scan)
    assert document.reader == "ocr+pdfium"
    assert any("OCR" in warning for warning in document.warnings)
    printed = segment_document(read_document(source)).findings
    found = segment_document(document).findings
    assert len(found) >= 8
    same = [
        (a.text, a.polarity, a.code) == (b.text, b.polarity, b.code)
        for a, b in zip(found[:-1], printed, strict=False)  # the last one goes on overleaf
    ]
    assert sum(same) >= len(same) - 1  # Tesseract may misread a letter


@needs_ocr
def test_letters_that_no_table_tells_are_recognised():
    weasyprint = pytest.importorskip("weasyprint")
    html = "<h1>Findings</h1>" + "<p>Plans were shared with the hostel each week.</p>" * 40
    data = weasyprint.HTML(string=html).write_pdf(uncompressed_pdf=True)
    data = data.replace(b"/ToUnicode", b"/ToNowhere")
    document = read_pdf(data, path="made.pdf", sha256="0" * 64)
    assert document.reader == "ocr+pdfium"
    assert document.text.count("Plans were shared with the hostel") > 30


@needs_ocr
def test_too_little_time_is_said_with_the_remedy(tmp_path):
    (source,) = invented.write(tmp_path, range(1), suffix="pdf", bullets=1)
    scan = scanned(source, tmp_path / "scan.pdf", pages=1)
    with pytest.raises(UnreadableDocument, match=r"more than 0\.01 seconds") as refusal:
        add_text_layer(scan.read_bytes(), seconds=0.01)
    assert "--timeout" in refusal.value.remedy


@needs_ocr
def test_pages_without_text_or_pictures_are_not_given_to_ocr(monkeypatch, tmp_path):
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.rect(50, 50, 200, 100)
    canvas.showPage()
    canvas.save()
    empty = tmp_path / "empty.pdf"
    empty.write_bytes(out.getvalue())
    monkeypatch.setattr("pipelines.read.ocr.shutil.which", lambda _: "/nowhere/tesseract")
    with pytest.raises(UnreadableDocument, match="holds no text on its 1 pages"):
        read_document(empty)
