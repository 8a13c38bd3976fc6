"""What other programs do to a finished PDF: rewrite it, cut its text into words, turn its pages."""

from __future__ import annotations

import io
import random
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pypdfium2 as pdfium

from .look import Look


def mutate(data: bytes, look: Look) -> bytes:
    rng = random.Random(look.seed + 99)
    if look.mutation == "cairo" and shutil.which("pdftocairo"):
        return _through(data, ["pdftocairo", "-pdf", "{in}", "{out}"])
    if look.mutation == "ghostscript" and shutil.which("gs"):
        return _if_same_text(
            data,
            [
                "gs",
                "-q",
                "-dSAFER",
                "-dBATCH",
                "-dNOPAUSE",
                "-sDEVICE=pdfwrite",
                "-sOutputFile={out}",
                "{in}",
            ],
        )
    if look.mutation in ("words", "shuffled"):
        return by_words(data, rng, look.mutation == "shuffled")
    if look.mutation in ("rotated", "blank"):
        return _pages(data, rng, look.mutation)
    return data


def _through(data: bytes, command: list[str]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.pdf", Path(folder) / "out.pdf"
        source.write_bytes(data)
        subprocess.run(
            [c.format(**{"in": str(source), "out": str(target)}) for c in command],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return target.read_bytes()


def _if_same_text(data: bytes, command: list[str]) -> bytes:
    """Ghostscript garbles the characters of some fonts; nobody could read such a file."""
    changed = _through(data, command)
    return changed if _letters(changed) == _letters(data) else data


def _letters(data: bytes) -> list[str]:
    found: list[str] = []
    for page in pdfium.PdfDocument(data):
        found.extend(page.get_textpage().get_text_range())
    return sorted(c for c in found if c.isalnum())


def _pages(data: bytes, rng: random.Random, how: str) -> bytes:
    document = pdfium.PdfDocument(data)
    if how == "blank":
        for _ in range(2):
            document.new_page(595, 842, rng.randint(1, len(document)))
    else:
        for page in document:
            page.set_rotation(rng.choice([90, 180, 270]))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def by_words(data: bytes, rng: random.Random, shuffle: bool) -> bytes:
    """Set every word anew by itself, without space glyphs, rules and fills kept."""
    import pdfplumber
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen import canvas

    faces = _faces(pdfmetrics, TTFont)
    out = io.BytesIO()
    sheet = canvas.Canvas(out)
    with pdfplumber.open(io.BytesIO(data)) as source:
        for page in source.pages:
            height = float(page.height)
            sheet.setPageSize((float(page.width), height))
            for rect in [*page.rects, *page.curves]:
                _shape(sheet, rect, height)
            for line in page.lines:
                sheet.setLineWidth(0.6)
                sheet.line(line["x0"], height - line["top"], line["x1"], height - line["bottom"])
            words = page.extract_words(
                x_tolerance_ratio=0.15, extra_attrs=["fontname", "size"], use_text_flow=False
            )
            if shuffle:
                rng.shuffle(words)
            for word in words:
                bold = "bold" in word["fontname"].lower()
                italic = any(m in word["fontname"].lower() for m in ("ital", "obli"))
                size = float(word["size"])
                base = height - float(word["bottom"]) + 0.21 * size
                text = re.sub(
                    r"\(cid:\d+\)", "•", word["text"].replace("\uf0b7", "•").replace("\x7f", "•")
                )
                face = faces[bold, italic]
                wide = pdfmetrics.stringWidth(text, face, size)
                target = word["x1"] - word["x0"]
                item = sheet.beginText(word["x0"], base)
                item.setFont(face, size)
                if wide > 0 and target > 0:
                    item.setHorizScale(100 * target / wide)
                item.textOut(text)
                sheet.drawText(item)
            sheet.showPage()
    sheet.save()
    return out.getvalue()


def _faces(metrics: object, font: object) -> dict[tuple[bool, bool], str]:
    folder = Path("/usr/share/fonts/truetype/liberation")
    names = {
        (False, False): "Regular",
        (True, False): "Bold",
        (False, True): "Italic",
        (True, True): "BoldItalic",
    }
    found = {}
    for key, name in names.items():
        path = folder / f"LiberationSans-{name}.ttf"
        if not path.exists():
            raise FileNotFoundError("Liberation Sans is not installed")
        metrics.registerFont(font(f"LiberationSans-{name}", str(path)))
        found[key] = f"LiberationSans-{name}"
    return found


def _shape(sheet: object, rect: dict, height: float) -> None:
    colour = rect.get("non_stroking_color")
    fill = bool(rect.get("fill")) and colour is not None
    if fill:
        values = list(colour) if isinstance(colour, (tuple, list)) else [colour]
        if len(values) == 1:
            values *= 3
        if len(values) == 3:
            sheet.setFillColorRGB(*values)
        else:
            sheet.setFillColorCMYK(*values)
    sheet.setLineWidth(0.6)
    sheet.rect(
        rect["x0"],
        height - rect["bottom"],
        rect["x1"] - rect["x0"],
        rect["bottom"] - rect["top"],
        stroke=int(bool(rect.get("stroke"))),
        fill=int(fill),
    )
    sheet.setFillColorRGB(0, 0, 0)
