"""PDFs to documents: the real ones in the checkout's neighbourhood, and small ones made here."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen import canvas

from pipelines.errors import UnreadableDocument
from pipelines.read.limits import Limits
from pipelines.read.pdf import read_pdf
from pipelines.read.pdf.extract.damage import find_damage
from pipelines.records import BlockKind, Document
from pipelines.segment import segment_document
from tests.layouts.measure import norm

SHARED = Path(__file__).resolve().parents[2] / "shared"
REAL = sorted((SHARED / "pdf").glob("*.pdf"))
needs_real = pytest.mark.skipif(not REAL, reason="no published reports beside the checkout")
A4 = (595.0, 842.0)


def read(data: bytes, **limits: float) -> Document:
    return read_pdf(data, path="made.pdf", sha256="0" * 64, limits=Limits(**limits))


def sheet(draw, pages: int = 1, **options) -> bytes:
    out = io.BytesIO()
    paper = canvas.Canvas(out, pagesize=A4, **options)
    for number in range(1, pages + 1):
        draw(paper, number)
        paper.showPage()
    paper.save()
    return out.getvalue()


def lines(paper, rows, x=72.0, top=760.0, step=14.0, size=11, font="Helvetica"):
    paper.setFont(font, size)
    for index, row in enumerate(rows):
        paper.drawString(x, top - index * step, row)


TEXT = [
    "Managers in the east of the county met every fortnight to talk through",
    "the hardest cases, and they kept a short record of what was agreed.",
]


def paragraphs(document: Document) -> list[str]:
    return [b.text for b in document.blocks if b.kind is BlockKind.PARAGRAPH]


@needs_real
@pytest.mark.parametrize("path", REAL, ids=lambda p: p.stem)
def test_real_report_gives_every_finding(path):
    gold = [
        json.loads(row)
        for row in (SHARED / "labels" / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    wanted = [g for g in gold if g["document"][:3] == path.name[:3]]
    document = read_pdf(path.read_bytes(), path=str(path), sha256="0" * 64)
    found = segment_document(document).findings
    assert [norm(f.text) for f in found] == [norm(g["text"]) for g in wanted]
    assert [f.polarity.value for f in found] == [g["polarity"] for g in wanted]
    assert document.reader == "pdfium"
    assert document.warnings == ()


@needs_real
@pytest.mark.parametrize("path", REAL, ids=lambda p: p.stem)
def test_offsets_lead_back_to_every_block(path):
    document = read_pdf(path.read_bytes(), path=str(path), sha256="0" * 64)
    for block in document.blocks:
        if block.kind is not BlockKind.TABLE:
            assert " ".join(document.text[block.start : block.end].split()) == block.text
        assert block.boxes
        assert block.boxes[0].page == block.page
    for finding in segment_document(document).findings:
        assert " ".join(document.text[finding.start : finding.end].split()) == finding.text


@needs_real
def test_real_tables_keep_their_cells():
    path = next(p for p in REAL if p.name == "000_fn.pdf")
    document = read_pdf(path.read_bytes(), path=str(path), sha256="0" * 64)
    rows = [row for b in document.blocks if b.kind is BlockKind.TABLE for row in b.rows]
    assert sum(len(row) == 3 and row[0][:2] in ("1.", "2.") for row in rows) == 9
    assert sum(row[-1].endswith("%") for row in rows) == 13
    broken_over_a_page = [
        row for row in rows if row[-1] == "Good" and row[0].endswith("probation.")
    ]
    assert len(broken_over_a_page) >= 2


def test_lines_of_a_paragraph_are_joined():
    document = read(sheet(lambda p, n: lines(p, TEXT)))
    assert paragraphs(document) == [" ".join(TEXT)]
    assert document.text == "\n".join(TEXT)


def test_stream_order_means_nothing():
    rows = [
        f"{word} line of the same short paragraph that fills its measure"
        for word in ("first", "second", "third", "fourth")
    ]

    def draw(paper, number):
        order = list(enumerate(rows))
        random.Random(3).shuffle(order)
        paper.setFont("Helvetica", 11)
        for index, row in order:
            paper.drawString(72, 700 - 14 * index, row)

    assert read(sheet(draw)).blocks[0].text == " ".join(rows)


def test_bullet_goes_on_over_page_end_running_foot_and_footnote():
    def draw(paper, number):
        if number == 1:
            lines(paper, ["•"], x=72, top=120)
            lines(
                paper,
                ["a bullet whose text goes on", "and on over the end of the page to"],
                x=90,
                top=120,
            )
            paper.setFont("Helvetica", 7)
            paper.drawString(236.0, 123, "1")
            lines(paper, ["1 A footnote in small letters under the text."], top=70, size=8)
        elif number == 2:
            lines(paper, ["the top of the next one."], x=90, top=760)
            lines(paper, ["•"], x=72, top=740)
            lines(paper, ["another bullet"], x=90, top=740)
        else:
            lines(paper, TEXT)
        lines(paper, [f"A running foot of the report   {number}"], top=30, size=8)

    document = read(sheet(draw, pages=4))
    bullets = [b for b in document.blocks if b.kind is BlockKind.BULLET]
    assert [b.text for b in bullets] == [
        "a bullet whose text goes on and on over the end of the page to the top of the next one.",
        "another bullet",
    ]
    assert (bullets[0].page, bullets[0].page_end) == (1, 2)
    assert [b.text for b in document.blocks if b.kind is BlockKind.FOOTNOTE] == [
        "A footnote in small letters under the text."
    ]
    assert "running foot" not in document.text


def test_headings_that_open_many_pages_at_one_height_stay():
    def draw(paper, number):
        head = "Strengths" if number % 2 else "Areas for improvement"
        letter = "abcdefghi"[number - 1]
        rows = [f"{word} sentence on sheet {letter} of a text." for word in ("One", "Two", "Three")]
        if number % 3:
            lines(paper, [head], top=760, font="Helvetica-Bold")
            lines(paper, rows, top=736, step=18)
        else:
            lines(paper, rows, top=760, step=18)
        lines(paper, [f"Unit report, page {number}"], top=30, size=8)

    document = read(sheet(draw, pages=9))
    heads = [b.text for b in document.blocks if b.kind is BlockKind.HEADING]
    assert len(heads) == 6
    assert "Unit report" not in document.text
    assert document.text.count("sentence on sheet") == 27


def test_nested_bullet_belongs_to_its_parent():
    def draw(paper, number):
        lines(paper, ["•", "", "", "•"], x=72, top=700)
        lines(paper, ["three things were missing:"], x=90, top=700)
        lines(paper, ["–", "–"], x=96, top=686)
        lines(paper, ["a plan for each case", "a named deputy"], x=114, top=686)
        lines(paper, ["a second finding"], x=90, top=658)

    bullets = [b.text for b in read(sheet(draw)).blocks if b.kind is BlockKind.BULLET]
    assert bullets == [
        "three things were missing: a plan for each case a named deputy",
        "a second finding",
    ]


def test_drawn_discs_are_bullets():
    def draw(paper, number):
        for index, text in enumerate(
            ["the first of three", "the second of three", "the third of three"]
        ):
            y = 700 - 18 * index
            paper.circle(80, y + 3.6, 1.8, stroke=0, fill=1)
            lines(paper, [text], x=92, top=y)

    kinds = [(b.kind, b.text) for b in read(sheet(draw)).blocks]
    assert kinds == [(BlockKind.BULLET, f"the {n} of three") for n in ("first", "second", "third")]


def test_text_in_a_frame_is_boxed_and_a_heading_on_a_bar_is_not():
    def draw(paper, number):
        lines(paper, TEXT, top=760)
        paper.rect(66, 640, 460, 60)
        lines(paper, ["A unit tried a new way of", "sharing its rota with courts."], top=684)
        paper.setFillGray(0.85)
        paper.rect(66, 590, 460, 20, stroke=0, fill=1)
        paper.setFillGray(0)
        lines(paper, ["Strengths"], top=596, font="Helvetica-Bold")
        lines(paper, TEXT, top=570)

    found = {b.text: b.boxed for b in read(sheet(draw)).blocks}
    assert found["A unit tried a new way of sharing its rota with courts."] is True
    assert found["Strengths"] is False


def test_ruled_and_open_tables_become_rows():
    rows = [
        ("1.1", "Leadership", "Good"),
        ("1.2", "Staff", "Inadequate"),
        ("1.3", "Services", "Good"),
    ]

    def cells(paper, top):
        for r, row in enumerate(rows):
            for x, text in zip((72, 120, 300), row, strict=True):
                lines(paper, [text], x=x, top=top - 20 * r)

    def draw(paper, number):
        if number == 1:
            for r in range(4):
                paper.line(66, 714 - 20 * r, 450, 714 - 20 * r)
            for x in (66, 114, 294, 450):
                paper.line(x, 714, x, 654)
            cells(paper, 700)
        else:
            cells(paper, 700)

    tables = [b.rows for b in read(sheet(draw, pages=2)).blocks if b.kind is BlockKind.TABLE]
    assert tables == [tuple(rows), tuple(rows)]


def test_two_columns_are_read_one_after_the_other_even_on_a_short_last_page():
    left = [f"left column line number {i} fills its measure" for i in range(30)]
    right = [f"right column line number {i} fills its measure" for i in range(30)]

    def draw(paper, number):
        count = 30 if number == 1 else 3
        lines(paper, left[:count], x=60, size=9)
        lines(paper, right[:count], x=310, size=9)

    document = read(sheet(draw, pages=2))
    words = document.text.replace("\n", " ")
    assert words.index("left column line number 29") < words.index("right column line number 0")
    assert words.rindex("left column line number 2 ") < words.rindex("right column line number 0")


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pages_read_the_same(turn):
    data = sheet(lambda p, n: lines(p, TEXT))
    document = pdfium.PdfDocument(data)
    document[0].set_rotation(turn)
    out = io.BytesIO()
    document.save(out)
    assert paragraphs(read(out.getvalue())) == [" ".join(TEXT)]


def test_sideways_text_and_empty_pages():
    def draw(paper, number):
        if number == 2:
            return
        if number == 3:
            paper.translate(300, 300)
            paper.rotate(90)
            lines(paper, TEXT, x=0, top=0)
        else:
            lines(paper, TEXT)

    document = read(sheet(draw, pages=3))
    assert paragraphs(document) == [" ".join(TEXT)] * 2
    box = document.blocks[-1].boxes[0]
    assert box.bottom - box.top > box.x1 - box.x0  # as the page is shown: upright strip


def test_form_objects_are_entered_with_their_matrices():
    def draw(paper, number):
        if number == 1:
            paper.beginForm("inner", 0, -100, 600, 1000)  # what stands outside it is not shown
            lines(paper, TEXT, x=0, top=0)
            paper.endForm()
        paper.saveState()
        paper.translate(72, 600)
        paper.doForm("inner")
        paper.restoreState()

    document = read(sheet(draw))
    assert paragraphs(document) == [" ".join(TEXT)]
    assert abs(document.blocks[0].boxes[0].x0 - 72) < 2


def test_hyphen_at_a_line_end_joins_without_a_space():
    rows = [
        "Probation officers said that they valued the co-",
        "located drug workers, who were well-",
        "informed and easy to reach at short notice.",
    ]
    assert paragraphs(read(sheet(lambda p, n: lines(p, rows)))) == [
        "Probation officers said that they valued the co-located drug workers, who were "
        "well-informed and easy to reach at short notice."
    ]


def test_owner_password_reads_and_user_password_is_named():
    owner = StandardEncryption("", ownerPassword="owner", canPrint=0)
    assert paragraphs(read(sheet(lambda p, n: lines(p, TEXT), encrypt=owner))) == [" ".join(TEXT)]
    user = StandardEncryption("secret", ownerPassword="owner")
    with pytest.raises(UnreadableDocument, match="password") as caught:
        read(sheet(lambda p, n: lines(p, TEXT), encrypt=user))
    assert "without password" in caught.value.remedy


def test_scan_is_recognised_and_the_remedy_named(monkeypatch):
    from PIL import Image

    picture = Image.effect_noise((400, 560), 40)
    from reportlab.lib.utils import ImageReader

    data = sheet(lambda p, n: p.drawImage(ImageReader(picture), 0, 0, 595, 842), pages=2)
    monkeypatch.setenv("PATH", "")  # no OCR program on this path, whatever the machine has
    with pytest.raises(UnreadableDocument, match="scan: 2 of 2 pages") as caught:
        read(data)
    assert "OCR" in caught.value.remedy


def test_a_scanned_page_among_others_is_named():
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    picture = Image.effect_noise((200, 280), 40)

    def draw(paper, number):
        if number == 2:
            paper.drawImage(ImageReader(picture), 0, 0, 595, 842)
        else:
            lines(paper, TEXT * 4)

    assert any("page 2 is without text" in w for w in read(sheet(draw, pages=3)).warnings)


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n", b"%PDF-" + bytes(range(256)) * 20]
)
def test_a_broken_file_is_refused_with_a_remedy(data):
    with pytest.raises(UnreadableDocument) as caught:
        read(data)
    assert caught.value.remedy


def test_limits_are_named():
    data = sheet(lambda p, n: lines(p, TEXT), pages=4)
    with pytest.raises(UnreadableDocument, match="4 pages, more than the limit of 3"):
        read(data, max_pages=3)
    with pytest.raises(UnreadableDocument, match="limit of 100"):
        read(data, max_characters=100)


def test_a_page_whose_letters_are_not_all_accounted_for_is_named(monkeypatch):
    from pipelines.read.pdf.extract import letters

    data = sheet(lambda p, n: lines(p, TEXT))
    assert not read(data).warnings
    monkeypatch.setattr(letters.LetterReader, "account_for", lambda self, seen: False)
    document = read(data)
    assert document.warnings == ("page 1 is damaged or unusual: letters may be missing",)
    assert paragraphs(document) == [" ".join(TEXT)]


def damaged(data: bytes, seed: int) -> bytes:
    """Flip, cut off, overwrite or take out bytes at random."""
    rng = random.Random(seed)
    out = bytearray(data)
    kind, at = seed % 4, rng.randrange(len(data))
    if kind == 0:
        for _ in range(rng.choice([1, 3, 10, 50])):
            out[rng.randrange(len(out))] = rng.randrange(256)
    elif kind == 1:
        del out[max(at, 200) :]
    elif kind == 2:
        size = min(rng.choice([16, 200, 3000]), len(out) - at)
        out[at : at + size] = rng.randbytes(size)
    else:
        del out[at : at + rng.choice([1, 5, 100, 4000])]
    return bytes(out)


def check_damage(path: Path, seeds: range) -> None:
    data = path.read_bytes()
    whole = len(read(data).text)
    for seed in seeds:
        begun = time.process_time()
        try:
            document = read(damaged(data, seed))
        except UnreadableDocument as error:
            assert error.remedy  # noqa: PT017
        else:
            assert document.warnings or len(document.text) > 0.98 * whole, seed
        assert time.process_time() - begun < 30, seed


@needs_real
@pytest.mark.parametrize("path", REAL[1:3], ids=lambda p: p.stem)
def test_damage_is_named_never_a_traceback_nor_silence(path):
    check_damage(path, range(5))


@pytest.mark.slow
@needs_real
@pytest.mark.parametrize("path", REAL, ids=lambda p: p.stem)
def test_much_damage_is_named(path):
    check_damage(path, range(8, 150))


def test_reading_is_deterministic_whatever_the_hash_seed():
    code = (
        "import sys, hashlib, random; sys.path.insert(0, '.');"
        "from tests.test_pdf import sheet, lines, read, TEXT;"
        "d = read(sheet(lambda p, n: lines(p, TEXT * 9), pages=3));"
        "print(hashlib.sha256(repr(d).encode()).hexdigest())"
    )
    root = Path(__file__).resolve().parents[1]
    prints = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(prints) == 1


def long_pages(pages: int) -> bytes:
    """A long report: other sentences on every page, headings, bullets."""
    rng = random.Random(5)
    words = [
        "staff",
        "cases",
        "plans",
        "risk",
        "courts",
        "unit",
        "review",
        "homes",
        "visits",
        "team",
        "record",
        "month",
        "order",
    ]

    def draw(paper, number):
        lines(paper, [f"Chapter {number}"], top=780, size=16, font="Helvetica-Bold")
        for item in range(12):
            top = 740 - 50 * item
            lines(paper, ["•"], x=72, top=top)
            rows = [" ".join(rng.choices(words, k=14)) for _ in range(2)]
            lines(paper, [rows[0].capitalize(), rows[1] + "."], x=90, top=top)

    return sheet(draw, pages=pages)


def test_a_long_report_is_read_in_batches_without_a_seam():
    document = read(long_pages(130))
    bullets = [b for b in document.blocks if b.kind is BlockKind.BULLET]
    assert len(bullets) == 130 * 12
    assert {b.page for b in bullets} == set(range(1, 131))
    assert sum(b.kind is BlockKind.HEADING for b in document.blocks) == 130


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_memory_stays_flat_over_two_thousand_pages(tmp_path):
    from tests.bench.bench_read import PEAK, child

    path = tmp_path / "long.pdf"
    path.write_bytes(long_pages(2000))
    pages, _, peak = child(PEAK, str(path)).split()
    assert pages == "2000"
    assert int(peak) < 100, f"peak of {peak} MB"


class CountedBytes(bytes):
    """Bytes that count how many of them are copied out."""

    copied = 0

    def __getitem__(self, key):
        part = super().__getitem__(key)
        if isinstance(key, slice):
            self.copied += len(part)
        return part


def test_streams_are_unpacked_without_copying_the_rest_of_the_file_for_each():
    packed = zlib.compress(random.Random(5).randbytes(3000))
    body = b"".join(
        b"%d 0 obj\n<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream\nendobj\n"
        % (number, len(packed), packed)
        for number in range(1, 1001)
    )
    data = CountedBytes(b"%PDF-1.4\n" + body + b"startxref\n9\n%%EOF")
    seen: list[int] = []
    assert find_damage(data, 1, inspectors=[lambda text: seen.append(len(text))]) == []
    assert seen == [3000] * 1000
    assert data.copied < 1000 * 70_000 < len(data) * 1000 / 2
