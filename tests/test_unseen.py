"""Text that nobody sees on the page: left out and counted; a scan's text layer is still read."""

from __future__ import annotations

import io
import re
import time

import pikepdf
import pytest
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader

from pipelines.read.pdf.extract.unseen import Letter, Seen
from test_pdf import TEXT, lines, paragraphs, read, sheet

SECRET = "Nobody may read of Mr Underhill here"
WHOLE = " ".join(TEXT)


def with_secret(paper, x=72.0, y=600.0):
    paper.setFont("Helvetica", 11)
    paper.drawString(x, y, SECRET)


def in_mode(mode):
    def draw(paper):
        text = paper.beginText(72, 600)
        text.setFont("Helvetica", 11)
        text.setTextRenderMode(mode)
        text.textLine(SECRET)
        text.setTextRenderMode(0)
        paper.drawText(text)

    return draw


def coloured(paint, *, ground=None):
    def draw(paper):
        if ground is not None:
            paper.setFillColorRGB(*ground)
            paper.rect(60, 590, 400, 30, fill=1, stroke=0)
        paper.setFillColorRGB(*paint)
        with_secret(paper)
        paper.setFillColorRGB(0, 0, 0)

    return draw


def clear(paper):
    paper.saveState()
    paper.setFillAlpha(0.0)
    with_secret(paper)
    paper.restoreState()


def clipped(paper):
    paper.saveState()
    path = paper.beginPath()
    path.rect(0, 0, 30, 30)
    paper.clipPath(path, stroke=0, fill=0)
    with_secret(paper)
    paper.restoreState()


def black_on_a_black_picture(paper):
    paper.drawImage(picture_of("black"), 60, 590, 400, 30)
    with_secret(paper)


def in_clear_form(paper):
    paper.beginForm("faint", 0, 0, 595, 842)
    with_secret(paper)
    paper.endForm()
    paper.saveState()
    paper.setFillAlpha(0.01)
    paper.doForm("faint")
    paper.restoreState()


def off_page(paper):
    with_secret(paper, x=-250)


def picture_of(colour, size=(40, 40)):
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, "PNG")
    stream.seek(0)
    return ImageReader(stream)


def boxed(paper):
    with_secret(paper)
    paper.rect(60, 590, 400, 30, fill=1, stroke=0)


def whited_out(paper):
    with_secret(paper)
    paper.setFillColorRGB(1, 1, 1)
    paper.rect(60, 590, 400, 30, fill=1, stroke=0)
    paper.setFillColorRGB(0, 0, 0)


def under_picture(paper):
    with_secret(paper)
    paper.drawImage(picture_of("navy"), 60, 590, 400, 30)


def under_thick_line(paper):
    with_secret(paper)
    paper.setLineWidth(24)
    paper.line(60, 603, 460, 603)


def under_strokes(paper):
    with_secret(paper)
    paper.setLineWidth(3)
    for step in range(6):
        paper.line(60, 597 + 2.8 * step, 460, 597 + 2.8 * step)


def under_thin_strokes(paper):
    with_secret(paper)
    paper.setLineWidth(1.2)
    for step in range(20):
        paper.line(60, 594 + 1.1 * step, 460, 594 + 1.1 * step)


def scribbled(paper):
    with_secret(paper)
    paper.setLineWidth(1.5)
    path = paper.beginPath()
    path.moveTo(60, 592)
    for step in range(450):
        path.lineTo(60 + 0.9 * step, 592 + 26 * (step % 2))
    paper.drawPath(path)


def under_form(paper):
    with_secret(paper)
    paper.beginForm("box", 0, 0, 400, 30)
    paper.rect(0, 0, 400, 30, fill=1, stroke=0)
    paper.endForm()
    paper.saveState()
    paper.translate(60, 590)
    paper.doForm("box")
    paper.restoreState()


def under_typed_blocks(paper):
    with_secret(paper)
    text = paper.beginText(60, 596)
    text.setFont("ZapfDingbats", 24)
    text.setCharSpace(-4)
    text.textOut("n" * 14)
    paper.drawText(text)


def inside_form(paper):
    paper.beginForm("said", 0, 0, 500, 30)
    with_secret(paper, 12, 12)
    paper.rect(0, 0, 400, 30, fill=1, stroke=0)
    paper.endForm()
    paper.saveState()
    paper.translate(60, 590)
    paper.doForm("said")
    paper.restoreState()


INVISIBLE = {
    "not painted": in_mode(3),
    "for clipping only": in_mode(7),
    "white": coloured((1, 1, 1)),
    "nearly white": coloured((0.985, 0.985, 0.985)),
    "white outline": None,
    "black on black": coloured((0, 0, 0), ground=(0, 0, 0)),
    "blue on blue": coloured((0.1, 0.2, 0.5), ground=(0.1, 0.2, 0.5)),
    "black on a black picture": black_on_a_black_picture,
    "clear": clear,
    "in a form drawn clear": in_clear_form,
    "clipped": clipped,
    "off the page": off_page,
}
COVERED = {
    "a black box": boxed,
    "a white box": whited_out,
    "a picture": under_picture,
    "a thick line": under_thick_line,
    "strokes beside each other": under_strokes,
    "thin strokes beside each other": under_thin_strokes,
    "a scribble": scribbled,
    "a form": under_form,
    "typed blocks": under_typed_blocks,
    "a box in the same form": inside_form,
}


def white_outline(paper):
    paper.setStrokeColorRGB(1, 1, 1)
    in_mode(1)(paper)


INVISIBLE["white outline"] = white_outline


def made(draw):
    def page(paper, _):
        lines(paper, TEXT)
        draw(paper)

    return read(sheet(page))


def of_a_map(paper, _):
    """Words as of a map, and thin lines that go to and fro over them."""
    said = WHOLE.split()
    paper.setFont("Helvetica", 8)
    for place in range(720):
        paper.drawString(
            60 + 38 * (place % 12), 100 + 10 * (place // 12), f"{said[place % len(said)]}."
        )
    paper.setLineWidth(0.5)
    for line in range(320):
        path = paper.beginPath()
        path.moveTo(60 + line * 37 % 440, 100 + line * 91 % 600)
        for step in range(14):
            x, y = line * 37 % 440 + line * step % 19, line * 91 % 600 + line * step * step % 17
            path.lineTo(60 + x, 100 + y)
        paper.drawPath(path)


def test_thin_lines_that_crowd_a_page_cover_nothing():
    assert read(sheet(of_a_map)).warnings == ()


@pytest.mark.parametrize("name", INVISIBLE)
def test_what_is_not_visible_is_left_out_and_counted(name):
    document = made(INVISIBLE[name])
    assert paragraphs(document) == [WHOLE]
    (said,) = document.warnings
    assert said.startswith("7 words that nobody sees")
    assert "page 1, " in said
    assert "Underhill" not in said


@pytest.mark.parametrize("name", COVERED)
def test_what_is_covered_is_withheld_counted_and_placed(name):
    document = made(COVERED[name])
    assert paragraphs(document) == [WHOLE]
    (said,) = document.warnings
    assert said.startswith("7 words under a box, picture or annotation withheld")
    assert re.search("page 1, 8[56] mm from the top", said)
    assert "Underhill" not in said


def test_a_name_under_a_box_is_withheld_and_the_line_around_it_read():
    def page(paper, _):
        paper.setFont("Helvetica", 11)
        paper.drawString(72, 700, "Staff had told Jane Underhill of the plan.")
        begin = 72 + paper.stringWidth("Staff had told ", "Helvetica", 11)
        end = begin + paper.stringWidth("Jane Underhill", "Helvetica", 11)
        paper.rect(begin - 1, 696, end - begin + 2, 14, fill=1, stroke=0)

    document = read(sheet(page))
    assert paragraphs(document) == ["Staff had told of the plan."]
    assert document.warnings[0].startswith("2 words under a box")


def test_what_stands_on_a_box_is_read_and_what_is_under_both_withheld():
    def page(paper, _):
        lines(paper, TEXT)
        boxed(paper)
        paper.setFillColorRGB(1, 1, 1)
        paper.drawString(76, 601, "Withheld by us")

    document = read(sheet(page))
    assert paragraphs(document) == [WHOLE, "Withheld by us"]
    assert document.warnings[0].startswith("7 words under a box")


def test_letters_set_one_by_one_under_a_long_reason_are_withheld():
    def page(paper, _):
        paper.setFont("Helvetica", 11)
        for at, letter in enumerate(SECRET):
            paper.drawString(72 + 7 * at, 600, letter)
        paper.rect(60, 590, 400, 30, fill=1, stroke=0)
        paper.setFillColorRGB(1, 1, 1)
        paper.drawString(76, 601, "Withheld by us, for it is of a person who is alive")

    document = read(sheet(page))
    assert paragraphs(document) == ["Withheld by us, for it is of a person who is alive"]
    assert " words under a box" in document.warnings[0]


@pytest.mark.parametrize("spaced", [2.8, 6.0])
def test_strokes_that_let_words_through_hide_nothing(spaced):
    def page(paper, _):
        plain_page(paper, _)
        paper.setLineWidth(3)
        for step in range(2):
            paper.line(60, 600 + spaced * step, 460, 600 + spaced * step)

    document = read(sheet(page))
    assert SECRET in document.text
    assert document.warnings == ()


@pytest.mark.parametrize(
    ("kind", "said"), [("Polygon", {"IC": [0, 0, 0]}), ("Line", {"L": [60, 604, 460, 604]})]
)
def test_words_under_marks_that_are_not_drawn_stay(kind, said):
    """Where such a mark lies its rectangle does not tell: a line may be an underline."""
    name = pikepdf.Name(f"/{kind}")
    document = read(annotated(sheet(plain_page), Subtype=name, AP=None, **said))
    assert SECRET in document.text
    assert document.warnings == ()


def annotated(data, **entries):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as file:
        ap = file.make_stream(b"0 0 0 rg 0 0 400 30 re f")
        ap.Type, ap.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        ap.BBox = [0, 0, 400, 30]
        if "content" in entries:
            ap.write(entries.pop("content"))
        entries.setdefault("AP", {"/N": ap})
        entries = {key: value for key, value in entries.items() if value is not None}
        annotation = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Rect=[60, 590, 460, 620], F=4, **entries
        )
        file.pages[0].Annots = pikepdf.Array([file.make_indirect(annotation)])
        file.save(out)
    return out.getvalue()


def plain_page(paper, _):
    lines(paper, TEXT)
    with_secret(paper)


@pytest.mark.parametrize("kind", ["Square", "Stamp", "Highlight", "FreeText", "Redact"])
def test_text_under_an_annotation_is_withheld(kind):
    document = read(annotated(sheet(plain_page), Subtype=pikepdf.Name(f"/{kind}")))
    assert paragraphs(document) == [WHOLE]
    assert "7 words under a box, picture or annotation" in document.warnings[0]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("Stamp", b"1 0 0 RG 4 w 2 2 396 26 re S 8 w 10 0 m 390 30 l S"),
        ("Ink", b"0 0 1 RG 3 w 0 4 m 90 30 l 120 0 l 260 28 l 300 0 l S"),
        ("Line", b"3 w 0 0 m 400 30 l S"),
        ("FreeText", b"1 0 0 rg BT /F 40 Tf 0 0 Td (DRAFT) Tj ET"),
        ("Highlight", b"1 1 0 rg 0 0 5 30 re f 380 0 20 30 re f"),
    ],
)
def test_an_annotation_withholds_only_what_its_paint_covers(kind, content):
    """Thin letters have little ink in their boxes: they are no seams of what lies over them."""
    secret = "I fill it, Will: it is ill-lit."
    page = sheet(lambda paper, _: [lines(paper, TEXT), paper.drawString(80, 600, secret)])
    document = read(annotated(page, Subtype=pikepdf.Name(f"/{kind}"), content=content))
    assert paragraphs(document) == [WHOLE, secret]
    assert not [w for w in document.warnings if "withheld" in w]


@pytest.mark.parametrize(
    ("width", "left"), [(7, "Mr Underhill born 12/03/19"), (29, "Mr Underhill born")]
)
def test_paint_over_figures_of_a_word_withholds_them(width, left):
    def page(paper, _):
        lines(paper, TEXT)
        paper.setFont("Helvetica", 11)
        paper.drawString(72, 600, "Mr Underhill born 12/03/1985")
        end = 72 + paper.stringWidth("Mr Underhill born 12/03/1985", "Helvetica", 11)
        paper.rect(end - 2 * width + 2, 595, 2 * width, 16, fill=1)

    document = read(sheet(page))
    assert paragraphs(document)[-1] == left
    assert "under a box" in document.warnings[0]


@pytest.mark.parametrize("name", ["Jo/Underhill", "Li-Underhill", "J.Underhill"])
def test_a_short_name_inside_of_a_word_is_withheld_whole(name):
    hidden = re.match(r"\w+", name)[0]

    def page(paper, _):
        paper.setFont("Helvetica", 11)
        paper.drawString(72, 600, f"Told to {name} by post")
        begin = 72 + paper.stringWidth("Told to ", "Helvetica", 11)
        width = paper.stringWidth(hidden, "Helvetica", 11)
        paper.rect(begin - 0.5, 595, width + 0.5, 16, fill=1)

    document = read(sheet(page))
    assert hidden not in document.text
    assert "Underhill by post" in document.text
    assert "under a box" in document.warnings[0]


def test_what_is_marked_to_be_blackened_is_withheld():
    outline = b"1 0 0 RG 2 w 1 1 398 28 re S"
    data = annotated(sheet(plain_page), Subtype=pikepdf.Name.Redact, content=outline)
    document = read(data)
    assert paragraphs(document) == [WHOLE]
    assert "7 words under a box, picture or annotation" in document.warnings[0]


@pytest.mark.parametrize("kind", ["Text", "Link", "FileAttachment"])
def test_the_sign_of_a_note_hides_nothing(kind):
    document = read(annotated(sheet(plain_page), Subtype=pikepdf.Name(f"/{kind}")))
    assert SECRET in " ".join(paragraphs(document))
    assert document.warnings == ()


def test_a_highlight_that_lets_text_through_hides_nothing():
    def page(paper, _):
        lines(paper, TEXT)
        paper.setFillColorRGB(1, 1, 0)
        paper.setFillAlpha(0.4)
        paper.rect(60, 740, 450, 40, fill=1, stroke=0)

    document = read(sheet(page))
    assert paragraphs(document) == [WHOLE]
    assert document.warnings == ()


@pytest.mark.parametrize("paint", [(1, 1, 1), (0.9, 0.9, 0.9)])
def test_light_text_on_a_dark_bar_is_print(paint):
    document = made(coloured(paint, ground=(0.1, 0.1, 0.4)))
    assert SECRET in document.text
    assert document.warnings == ()


def test_text_in_a_colour_as_bright_as_its_ground_is_print():
    document = made(coloured((0.8, 0.1, 0.1), ground=(0.1, 0.47, 0.1)))
    assert SECRET in document.text


def scan(*, redacted=False, boxed_over=False, under=False):
    """A picture of two lines, with its text layer over or under it."""

    def page(paper, _):
        image = Image.new("L", (1190, 1684), 250)
        drawing = ImageDraw.Draw(image)
        for index in range(2):
            top = 1684 - 2 * (760 - 14 * index) - 18
            for x in range(144, 880, 9):
                drawing.rectangle((x, top, x + 4, top + 20), fill=20)
        if redacted:
            drawing.rectangle((140, 1684 - 2 * 760 - 22, 880, 1684 - 2 * 760 + 8), fill=0)
        stream = io.BytesIO()
        image.save(stream, "PNG")
        stream.seek(0)
        if not under:
            paper.drawImage(ImageReader(stream), 0, 0, 595, 842)
        text = paper.beginText(72, 760)
        text.setFont("Helvetica", 11, leading=14)
        text.setTextRenderMode(0 if under else 3)
        for line in TEXT:
            text.textLine(line)
        text.setTextRenderMode(0)
        paper.drawText(text)
        if under:
            paper.drawImage(ImageReader(stream), 0, 0, 595, 842)
        if boxed_over:
            paper.rect(60, 740, 500, 15, fill=1, stroke=0)

    return read(sheet(page))


@pytest.mark.parametrize("under", [True, False])
def test_the_text_layer_of_a_scan_is_read_over_and_under_its_picture(under):
    document = scan(under=under)
    assert paragraphs(document) == [WHOLE]
    assert document.warnings == ()


def test_what_is_black_in_a_scan_is_withheld():
    document = scan(redacted=True)
    assert TEXT[0] not in document.text
    assert TEXT[1] in document.text
    assert document.warnings


def test_what_is_boxed_on_a_scan_is_withheld():
    document = scan(boxed_over=True)
    assert TEXT[0] in document.text
    assert TEXT[1] not in document.text
    assert document.warnings


@pytest.mark.parametrize("shift", [0.0, 0.6])
@pytest.mark.parametrize("first", [True, False])
def test_a_text_layer_over_print_is_read_once(shift, first):
    def layer(paper):
        text = paper.beginText(72 + shift, 760 - shift)
        text.setFont("Helvetica", 10.8, leading=14)
        text.setTextRenderMode(3)
        for line in TEXT:
            text.textLine(line)
        text.setTextRenderMode(0)
        paper.drawText(text)

    def page(paper, _):
        if first:
            layer(paper)
        lines(paper, TEXT)
        if not first:
            layer(paper)

    document = read(sheet(page))
    assert paragraphs(document) == [WHOLE]
    assert document.warnings == ()


def test_a_text_layer_without_its_picture_is_read():
    """As programs that recognise text write it for others to put under a scan."""

    def page(paper, _):
        text = paper.beginText(72, 760)
        text.setFont("Helvetica", 11, leading=14)
        text.setTextRenderMode(3)
        for line in TEXT:
            text.textLine(line)
        paper.drawText(text)

    assert paragraphs(read(sheet(page))) == [WHOLE]


def test_what_a_crop_box_cuts_off_is_left_out():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sheet(plain_page))) as file:
        file.pages[0].CropBox = [0, 650, 595, 842]
        file.save(out)
    document = read(out.getvalue())
    assert paragraphs(document) == [WHOLE]
    assert "7 words that nobody sees" in document.warnings[0]


def test_a_turned_page_is_looked_at_as_it_is_shown():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sheet(lambda p, n: (lines(p, TEXT), boxed(p))))) as file:
        file.pages[0].Rotate = 90
        file.save(out)
    document = read(out.getvalue())
    assert paragraphs(document) == [WHOLE]
    assert document.warnings[0].startswith("7 words under a box")


def test_an_earlier_setting_of_a_line_that_is_cut_away_hides_nothing():
    def draw(paper, _):
        lines(paper, TEXT)
        paper.saveState()
        path = paper.beginPath()
        path.rect(0, 0, 30, 30)
        paper.clipPath(path, stroke=0, fill=0)
        lines(paper, [TEXT[1][:-1] + ";"], top=744.0)
        paper.restoreState()

    document = read(sheet(draw))
    assert paragraphs(document) == [WHOLE]
    assert document.warnings == ()


def test_a_word_that_is_seen_elsewhere_does_not_excuse_one_that_is_not():
    def draw(paper, _):
        lines(paper, TEXT)
        paper.saveState()
        path = paper.beginPath()
        path.rect(0, 0, 30, 30)
        paper.clipPath(path, stroke=0, fill=0)
        lines(paper, ["Managers"], top=700.0)
        paper.restoreState()

    document = read(sheet(draw))
    assert paragraphs(document) == [WHOLE]
    assert any("1 word that nobody sees" in warning for warning in document.warnings)


def test_letters_of_a_damaged_font_as_high_as_a_country_are_compared_at_once():
    def word(text, box, *, hidden):
        return [Letter(sign, box, hidden) for sign in text]

    high = (0.0, -1.4e9, 1.1e6, 6.5)
    endless = (0.0, float("-inf"), 5.0, float("inf"))
    seen = Seen()
    for letter in word("staff", high, hidden=False) + word("plans", endless, hidden=False):
        seen.add(letter)
    begun = time.process_time()
    assert seen.shows(word("staff", high, hidden=True))
    assert not seen.shows(word("plans", endless, hidden=True))
    assert time.process_time() - begun < 1


def test_a_page_of_one_letter_many_times_in_one_place_is_not_compared_without_end():
    box = (0.0, 0.0, 5.0, 10.0)
    seen = Seen()
    for _ in range(20_000):
        seen.add(Letter("a", box, hidden=False))
    assert seen.shows([Letter("a", box, hidden=True)])
    begun = time.process_time()
    word = [Letter("a", box, hidden=True)] * 20 + [Letter("b", box, hidden=True)]
    assert not any(seen.shows(word) for _ in range(200))
    assert time.process_time() - begun < 10


WRITTEN = "Text of a field that was filled in."
LAST = 760 - 14 * (2 * len(TEXT) - 1)  # base of the last row under the annotations' pages


def laid(items):
    """A page of text with annotations laid on it: kind, rectangle, text and what is drawn first."""
    names = pikepdf.Name
    with pikepdf.open(io.BytesIO(sheet(lambda paper, _: lines(paper, TEXT * 2)))) as file:
        font = pikepdf.Dictionary(Type=names.Font, Subtype=names.Type1, BaseFont=names.Helvetica)

        def annotation(kind, rect, text=WRITTEN, ground=b""):
            look = file.make_stream(ground + b" BT /F 11 Tf 2 5 Td (%s) Tj ET" % text.encode())
            look.Type, look.Subtype = names.XObject, names.Form
            look.BBox = [0, 0, rect[2] - rect[0], rect[3] - rect[1]]
            look.Resources = pikepdf.Dictionary(Font={"/F": font})
            return pikepdf.Dictionary(
                Type=names.Annot,
                Subtype=pikepdf.Name(f"/{'Widget' if len(kind) < 4 else kind}"),
                FT=pikepdf.Name(f"/{kind}"),
                Rect=rect,
                AP=pikepdf.Dictionary(N=look),
                F=4,
            )

        file.pages[0].Annots = pikepdf.Array(annotation(*item) for item in items)
        out = io.BytesIO()
        file.save(out)
    document = read(out.getvalue())
    return document, [w for w in document.warnings if "fields or boxes of text" in w]


@pytest.mark.parametrize(
    ("kinds", "left", "is_read"),
    [
        (["FreeText"], 72, True),
        (["Tx"], 72, True),
        (["Tx", "Square"], 72, False),
        (["Tx", "Highlight"], 72, True),
        (["FreeText"], 8, False),
        (["Sig"], 72, None),
    ],
)
def test_what_is_written_into_a_form_is_read_or_told_of(kinds, left, is_read):
    """Beside a square, which may cover text, or in the margin, it is only told of."""
    document, told = laid(
        (kind, [left, 590 - 60 * index, left + 400, 610 - 60 * index])
        for index, kind in enumerate(kinds)
    )
    assert (WRITTEN in document.text) == bool(is_read)
    assert len(told) == (is_read is not None)
    assert all("page 1, 89 mm" in w and ("are not read" not in w) == is_read for w in told)


def test_a_remark_beside_the_text_keeps_no_field_from_being_read():
    remark = ("FreeText", [510, 700, 590, 730], "Is it so?", b"1 1 .8 rg 0 0 80 30 re f 0 g")
    document, told = laid([("Tx", [72, LAST - 60, 472, LAST - 40]), remark])
    assert WRITTEN in document.text
    assert "Is it so?" not in document.text
    assert ["(1) are not read" in w for w in told] == [True, False]


def test_a_remark_that_covers_text_stays_where_it_is():
    white = ("FreeText", [60, LAST - 5, 500, LAST + 15], "Gone.", b"1 g 0 0 440 20 re f 0 g")
    document, told = laid([("Tx", [72, LAST - 60, 472, LAST - 40]), white])
    assert paragraphs(document) == [" ".join((TEXT * 2)[:-1])]
    assert ["(2) are not read" in w for w in told] == [True]


def test_a_box_of_text_is_where_its_text_stands_though_its_frame_reaches_into_a_row():
    document, told = laid([("FreeText", [72, LAST - 60, 472, LAST + 5])])
    assert WRITTEN in document.text
    assert ["are read as" in w for w in told] == [True]
