"""Reports printed or written as Word files in the layouts of the other laboratory, then converted.

The converters are real programs: poppler's pdftotext and pdftohtml, pdfminer, pdfplumber, and
LibreOffice's HTML and text.
"""

from __future__ import annotations

import io
import random
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.layouts.contents import Content
from tests.layouts.look import Look, draw_look
from tests.layouts.press import Setting, draw_setting, print_weasyprint
from tests.layouts.press_office import write_word
from tests.layouts.programs import _found, _run


def _look(seed: int) -> tuple[Look, Setting]:
    look = replace(draw_look(seed + 50_000), producer="weasyprint", columns=1)
    return look, draw_setting(seed + 50_000, look)


def _print(content: Content, seed: int, *, inside: bool = False) -> tuple[str, bytes]:
    look, setting = _look(seed)
    if inside:  # signs beside the text are drawn after it: in that order nobody can place them
        look = replace(look, inside=True)
    words = f"{look.glyph} in={look.inside:d} {look.table_style} {setting.banner}/{setting.ratings}/{setting.facts}"
    return words, print_weasyprint(content, look, setting)


def _poppler(program: str, data: bytes, *options: str) -> bytes:
    path = _found(program)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.pdf"
        source.write_bytes(data)
        command = [path, *options, str(source), *(["-"] if program == "pdftotext" else [])]
        return subprocess.run(command, check=True, capture_output=True).stdout


def _complex_html(data: bytes) -> bytes:
    """One HTML file of all pages, each line placed."""
    program = _found("pdftohtml")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "in.pdf").write_bytes(data)
        command = [program, "-c", "-s", "-i", "-q", "-noframes", "in.pdf", "out.html"]
        subprocess.run(command, check=True, capture_output=True, cwd=folder)
        made = sorted(Path(folder).glob("out*.html"), key=lambda path: path.stat().st_size)
        return made[-1].read_bytes()


def _pdfminer(data: bytes) -> bytes:
    from pdfminer.high_level import extract_text

    return extract_text(io.BytesIO(data)).encode()


def _pdfplumber(data: bytes) -> bytes:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return "\n".join(page.extract_text() for page in pdf.pages).encode()


TEXTS: dict[str, Callable[[bytes], bytes]] = {
    "pdftotext": lambda data: _poppler("pdftotext", data),
    "pdftotext -layout": lambda data: _poppler("pdftotext", data, "-layout"),
    "pdftotext -raw": lambda data: _poppler("pdftotext", data, "-raw"),
    "pdftotext -nopgbrk": lambda data: _poppler("pdftotext", data, "-nopgbrk"),
    "pdfminer": _pdfminer,
    "pdfplumber": _pdfplumber,
}
PAGES: dict[str, Callable[[bytes], bytes]] = {
    "pdftohtml": lambda data: _poppler("pdftohtml", data, "-noframes", "-i", "-stdout"),
    "pdftohtml -c": _complex_html,
    "pdftotext -htmlmeta": lambda data: _poppler("pdftotext", data, "-htmlmeta"),
    "pdftotext -bbox-layout": lambda data: _poppler("pdftotext", data, "-htmlmeta", "-layout"),
}


def _office(content: Content, seed: int, target: str, suffix: str) -> tuple[str, bytes]:
    look, setting = _look(seed)
    office = _found("soffice", "libreoffice")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.docx"
        write_word(content, look, setting, source)
        options = [f"-env:UserInstallation=file://{folder}/profile", "--headless"]
        _run(
            [office, *options, "--convert-to", target, "--outdir", folder, str(source)], seconds=180
        )
        data = (Path(folder) / f"in.{suffix}").read_bytes()
    return f"{look.glyph} in={look.inside:d} {setting.banner}/{setting.ratings}", data


def _plain_boxes(content: Content) -> None:
    """Leave out what nobody can tell in bare text.

    Bullets of practice examples whose frame is lost, and calls set hard behind a figure.
    """
    for piece in content.pieces:
        if piece.box is not None:
            piece.box.bullets = []
        if piece.item is not None and piece.item.note:
            words = piece.item.text.split()
            figures = [i for i in range(piece.item.note_at) if words[i][-1].isdigit()]
            if figures and figures[-1] == piece.item.note_at - 1:
                piece.item.note = None


def make_converted_text(content: Content, seed: int) -> tuple[str, bytes]:
    """Print and convert to text; one in eight is LibreOffice's text of a Word file."""
    rng = random.Random(seed * 3001 + 5)
    _plain_boxes(content)
    if rng.random() < 0.125:
        words, data = _office(content, seed, "txt:Text (encoded):UTF8", "txt")
        return f"LibreOffice {words}", data
    name = rng.choice([*TEXTS, "pdftotext", "pdftotext -layout"])
    words, pdf = _print(content, seed, inside=name in {"pdftotext -raw", "pdfminer"})
    return f"{name} {words}", TEXTS[name](pdf)


def make_converted_page(content: Content, seed: int) -> tuple[str, bytes]:
    """Print and convert to HTML; half are LibreOffice's HTML of a Word file."""
    rng = random.Random(seed * 2003 + 3)
    if rng.random() < 0.5:
        words, data = _office(content, seed, "html", "html")
        return f"LibreOffice {words}", data
    _plain_boxes(content)
    name = rng.choice(list(PAGES))
    words, pdf = _print(content, seed)
    return f"{name} {words}", PAGES[name](pdf)
