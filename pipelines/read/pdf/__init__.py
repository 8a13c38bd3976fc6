"""PDFs to documents: PDFium's page objects first, pdfplumber's words where they fall short.

The modules in order of use: `pdfium` (or `plumber`) gives `marks`; `furniture`, `regions`,
`columns`, `lines` and `notes` find what stands where; `learn` looks at the whole document;
`flow` and `blocks` turn lines into blocks; `layout` holds them together.
"""

from __future__ import annotations

import time

from pipelines.errors import UnreadableDocument
from pipelines.read.limits import DEFAULT_LIMITS, Limits
from pipelines.records import Document

__all__ = ["read_pdf"]

_BATCH = 120  # pages laid out together: enough to learn from, few enough to hold


def read_pdf(data: bytes, *, path: str, sha256: str, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read a PDF with a text layer into a document.

    Args:
        data: The file's bytes.
        path: Names the file in messages and in the document.
        sha256: Of the bytes.
        limits: Pages, characters and seconds beyond which it is refused.

    Raises:
        UnreadableDocument: It is damaged, encrypted with a user password, a scan without text,
            or beyond a limit.
    """
    from pipelines.read.pdf.layout import Layout
    from pipelines.read.pdf.pdfium import PdfiumFile

    begun = time.monotonic()
    layout = Layout()
    warnings: list[str] = []
    with PdfiumFile(data) as file:
        count = file.count
        title = file.information("Title")
        batch = []
        for number in range(1, count + 1):
            got = file.page(number)
            if got is None:
                warnings.append(f"page {number} of {count} is damaged and was left out")
                continue
            page, complete = got
            if not complete:
                warnings.append(f"page {number} incomplete")
            batch.append(page)
            if len(batch) == _BATCH:
                layout.take(batch)
                batch = []
            if time.monotonic() - begun > limits.seconds:
                raise UnreadableDocument(
                    f"reading took more than the limit of {limits.seconds:g} seconds",
                    remedy="raise the limit seconds, or split the file",
                )
        if batch:
            layout.take(batch)
    layout.finish()
    composer = layout.composer
    if not composer.blocks:
        raise UnreadableDocument(
            "the PDF holds no text", remedy="run OCR over it and give the result"
        )
    return Document(
        path,
        "pdf",
        sha256,
        "".join(composer.pieces),
        tuple(composer.blocks),
        count,
        "pdfium",
        title,
        "",
        tuple(warnings),
    )
