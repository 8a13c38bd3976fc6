"""Ligatures whose letters a file forgot to name.

Some programs leave a ligature without its letters in the table that tells what a font's signs
stand for; PDFium then reads the sign's number as a letter of some far script. Fonts keep their
ligatures in one order, so that the letters of a sign's neighbours tell its own.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from pipelines.read.pdf.marks import RawPage
from pipelines.read.pdf.plumber import trouble

_ORDER = ("ff", "fi", "fl", "ffi", "ffl")  # as Unicode has them, from U+FB00
_FAR = re.compile(r"[^\W\d_\u0000-\u036f\ufb00-\ufb06]")
_BESIDE = re.compile(r"[a-z][^\W\d_\u0000-\u036f\ufb00-\ufb06]|[^\W\d_\u0000-\u036f][a-z]")


def mend_ligatures(pages: Sequence[RawPage], data: bytes) -> None:
    """Put letters in place of far ones that stand in words of Latin letters, where they are known.

    Args:
        pages: Whose spans are mended.
        data: The file, whose tables of signs are read only where such a letter is met.
    """
    lost: dict[str, set[str]] = {}
    for page in pages:
        for span in page.spans:
            if not span.text.isascii() and _BESIDE.search(span.text):
                lost.setdefault(span.face.name, set()).update(_FAR.findall(span.text))
    if not lost:
        return
    found: dict[str, dict[int, str]] = {}
    with contextlib.suppress(*trouble()):
        for name, table in _tables(data, set(lost)):
            letters = {ord(sign): _by_neighbours(ord(sign), table) for sign in lost[name]}
            found.setdefault(name, {}).update({k: v for k, v in letters.items() if v})
    for page in pages:
        for span in page.spans:
            if span.face.name in found and not span.text.isascii():
                span.text = span.text.translate(found[span.face.name])


def _by_neighbours(number: int, table: Mapping[int, str]) -> str:
    """The ligature that a sign without letters is, by those before and after it; else nothing."""
    if table.get(number):
        return ""
    best, most = "", 0
    for place, letters in enumerate(_ORDER):
        beside = [
            table.get(number + other - place) == name
            for other, name in enumerate(_ORDER)
            if other != place
        ]
        if sum(beside) > most:
            best, most = letters, sum(beside)
    return best


def _tables(data: bytes, names: set[str]) -> Iterator[tuple[str, Mapping[int, str]]]:
    """The tables from signs to letters of fonts of these names, as pdfminer reads them."""
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfinterp import PDFResourceManager
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdfparser import PDFParser
    from pdfminer.pdftypes import dict_value, resolve1

    fonts = PDFResourceManager()
    for page in PDFPage.create_pages(PDFDocument(PDFParser(io.BytesIO(data)))):
        for reference in dict_value(page.resources.get("Font", {})).values():
            spec = dict_value(reference)
            name = str(getattr(resolve1(spec.get("BaseFont")), "name", "")).rpartition("+")[2]
            if name in names:
                font = fonts.get_font(getattr(reference, "objid", None), spec)
                mapped = getattr(font, "unicode_map", None)
                if mapped is not None:
                    yield name, mapped.cid2unichr
