"""Ligatures whose letters a file forgot to name.

Some programs leave a ligature without its letters in the table that tells what a font's signs
stand for; PDFium then takes the sign's number for that of a letter, which may be any. Fonts keep
their ligatures in one order, so that the letters of a sign's neighbours tell its own.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from pipelines.read.pdf.letters import NAMELESS
from pipelines.read.pdf.marks import RawPage
from pipelines.read.pdf.plumber import trouble

_ORDER = ("ff", "fi", "fl", "ffi", "ffl")  # as Unicode has them, from U+FB00
_FORGOTTEN = re.compile(rb"<[0-9A-Fa-f]{2,4}>\s*<\s*>")
_NAMELESS = re.compile("[\U000f0000-\U000fffff]")


class NamelessSigns:
    """The signs of a file that its tables give no letters."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._tables: list[tuple[str, Mapping[int, str]]] | None = None
        self.met = False  # whether a table leaves one out
        self.look(data)

    def look(self, stream: bytes) -> None:
        """Look whether a stream is a table that leaves a sign without letters."""
        if b"beginbf" in stream and _FORGOTTEN.search(stream):
            self.met = True

    def mend(self, pages: Sequence[RawPage]) -> None:
        """Put letters in place of signs that `LetterReader` marked as nameless.

        Where they cannot be told, what PDFium said stands.
        """
        if not self.met:
            return
        for page in pages:
            for span in page.spans:
                if not span.text.isascii() and _NAMELESS.search(span.text):
                    span.text = _NAMELESS.sub(partial(self._letters, span.face.name), span.text)

    def _letters(self, name: str, sign: re.Match[str]) -> str:
        """The letters of a nameless sign in a font of this name."""
        if self._tables is None:
            self._tables = []
            with contextlib.suppress(*trouble()):
                self._tables.extend(_tables(self._data))
        number = ord(sign[0]) - NAMELESS
        found = (_by_neighbours(number, table) for font, table in self._tables if font == name)
        return next(filter(None, found), chr(number))


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


def _tables(data: bytes) -> Iterator[tuple[str, Mapping[int, str]]]:
    """The tables from signs to letters of a file's fonts, as pdfminer reads them."""
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfinterp import PDFResourceManager
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdfparser import PDFParser
    from pdfminer.pdftypes import dict_value, resolve1

    fonts, seen = PDFResourceManager(), set()
    for page in PDFPage.create_pages(PDFDocument(PDFParser(io.BytesIO(data)))):
        for reference in dict_value(page.resources.get("Font", {})).values():
            spec = dict_value(reference)
            number = getattr(reference, "objid", None)
            if number is not None and number in seen:
                continue
            seen.add(number)
            name = str(getattr(resolve1(spec.get("BaseFont")), "name", "")).rpartition("+")[2]
            mapped = getattr(fonts.get_font(number, spec), "unicode_map", None)
            if mapped is not None:
                yield name, mapped.cid2unichr
