"""PDF pages to spans and shapes through PDFium's page objects: the fast way of reading.

Raw ctypes, a handful of calls a text object and none a character: forty times faster than
collecting characters one by one. Stream order means nothing here; layout sorts by geometry.
"""

from __future__ import annotations

import re

from pipelines.errors import UnreadableDocument
from pipelines.read.pdf.extract import calls as pdfium
from pipelines.read.pdf.extract.fields import set_fields
from pipelines.read.pdf.extract.handles import Handle, Rectangle, as_shown, objects_of, said
from pipelines.read.pdf.extract.layers import layer_of
from pipelines.read.pdf.extract.letters import LetterReader
from pipelines.read.pdf.extract.objects import PageReader
from pipelines.read.pdf.extract.roles import read_roles
from pipelines.read.pdf.extract.visibility import find_unseen, take_away
from pipelines.read.pdf.model.page import Face, RawPage

_REPORT = re.compile(r"\.(?:pdf|docx?|odt|rtf|html?|mht|mhtml|txt|md|zip)$|^[^.]+$")  # by its name


class PdfiumFile:
    """An open PDF; use as a context manager. Pages are loaded one at a time and closed again."""

    def __init__(self, data: bytes) -> None:
        pdfium.FPDF_InitLibrary()
        self._open(data)
        self.count: int = pdfium.FPDF_GetPageCount(self._handle)
        self.tagged = bool(pdfium.FPDFCatalog_IsTagged(self._handle))
        self.layered = False  # it has layers, and may switch some off
        self.hidden: frozenset[str] = frozenset()  # layers that are not read
        self.unread: list[tuple[int, Rectangle]] = []  # fields and boxes of text, by page
        self.written: list[tuple[int, Rectangle]] = []  # those that are read
        self.left_out: set[str] = set()  # those of them in which something stood
        self._patterned = False
        self.inspect(data)
        self._faces: dict[str, Face] = {}

    def __enter__(self) -> PdfiumFile:
        """Return the open file."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        pdfium.FPDF_CloseDocument(self._handle)

    def inspect(self, stream: bytes) -> None:
        """Note whether a stream has patterns, which shapes are filled with."""
        self._patterned = self._patterned or b"/PatternType" in stream

    def amend(self, data: bytes) -> None:
        """Read on from the same file with some of its bytes changed."""
        pdfium.FPDF_CloseDocument(self._handle)
        self._open(data)

    def _open(self, data: bytes) -> None:
        self._data = data
        self._handle = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
        if not self._handle:
            raise _refusal(pdfium.FPDF_GetLastError())

    def information(self, key: str) -> str:
        """Return an entry of the file's information dictionary, such as `Title`; empty if none."""
        return said(pdfium.FPDF_GetMetaText, self._handle, key.encode()).strip()

    def made_elsewhere(self) -> bool:
        """Whether it is a form whose pages another program must make from a description (XFA)."""
        kinds = (pdfium.FORMTYPE_XFA_FULL, pdfium.FORMTYPE_XFA_FOREGROUND)
        return pdfium.FPDF_GetFormType(self._handle) in kinds

    def attached(self) -> list[str]:
        """Return the names of what is attached to it, or to its pages, and may be a report."""
        count = max(0, pdfium.FPDFDoc_GetAttachmentCount(self._handle))
        items = [pdfium.FPDFDoc_GetAttachment(self._handle, index) for index in range(count)]
        for number in range(self.count):
            page = pdfium.FPDF_LoadPage(self._handle, number)
            for index in range(pdfium.FPDFPage_GetAnnotCount(page) if page else 0):
                note = pdfium.FPDFPage_GetAnnot(page, index)
                if pdfium.FPDFAnnot_GetSubtype(note) == pdfium.FPDF_ANNOT_FILEATTACHMENT:
                    items.append(pdfium.FPDFAnnot_GetFileAttachment(note))
                pdfium.FPDFPage_CloseAnnot(note)
            if page:
                pdfium.FPDF_ClosePage(page)
        names = [said(pdfium.FPDFAttachment_GetName, item) for item in items]
        return [name for name in names if _REPORT.search(name.lower())]

    def page(self, number: int) -> tuple[RawPage, bool] | None:
        """Read page `number` (from 1).

        Returns:
            The page and whether its objects account for its characters; None where PDFium cannot
            load the page at all.
        """
        page = self._load(number)
        if not page:
            return None
        text = pdfium.FPDFText_LoadPage(page)
        try:
            shown, _ = as_shown(page)
            objects = objects_of(page, shown, self._is_off if self.hidden else None)
            letters = LetterReader(text, shown, self._faces)
            on = [drawn for drawn in objects if not drawn.off]
            unseen = find_unseen(page, letters, on, every=self.layered)
            if gone := take_away(page, unseen):
                # PDFium returns text only once where two texts in one place say the same.
                objects = [drawn for drawn in objects if drawn.item not in gone]
                pdfium.FPDFText_ClosePage(text)
                text = pdfium.FPDFText_LoadPage(page)
                letters = LetterReader(text, shown, self._faces)
            reader = PageReader(page, letters, unseen, patterned=self._patterned)
            raw, complete = reader.read(number, objects)
            raw.recognised = unseen.layer
            if self.tagged:
                raw.roles = read_roles(page)
            return raw, complete
        finally:
            if text:
                pdfium.FPDFText_ClosePage(text)
            pdfium.FPDF_ClosePage(page)

    def _load(self, number: int) -> Handle:
        """Load a page, with what its fields and boxes of text show."""
        page = pdfium.FPDF_LoadPage(self._handle, number - 1)
        if page and pdfium.FPDFPage_GetAnnotCount(page) > 0:
            written, unread = set_fields(self._handle, number, page, as_shown(page)[0])
            self.unread += [(number, box) for box in unread]
            self.written += [(number, box) for box in written]
            if written:
                pdfium.FPDF_ClosePage(page)
                page = pdfium.FPDF_LoadPage(self._handle, number - 1)
        return page

    def _is_off(self, item: Handle) -> bool:
        layer = layer_of(item, self.hidden)
        if layer:
            self.left_out.add(layer)
        return bool(layer)


def _refusal(code: int) -> UnreadableDocument:
    if code == pdfium.FPDF_ERR_PASSWORD:
        return UnreadableDocument(
            "the PDF is encrypted and asks for a password",
            remedy="save a copy without password protection and give that",
        )
    if code == pdfium.FPDF_ERR_SECURITY:
        return UnreadableDocument(
            "the PDF is protected by a security scheme that cannot be opened",
            remedy="save a copy without protection and give that",
        )
    return UnreadableDocument(
        "the PDF is damaged: its objects cannot be found",
        remedy="fetch the file again, or open and save it in a PDF viewer",
    )
