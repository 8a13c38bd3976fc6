"""PDFs to documents.

`extract` reads spans and shapes, page by page; `passes` names what then happens to them, in the
order in which it does; `layout` is the loop over the passes. `legible` judges what comes of it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.errors import UnreadableDocument
from pipelines.read.limits import DEFAULT_LIMITS, Limits
from pipelines.read.pdf.extract.withheld import Withheld
from pipelines.read.pdf.legible import why_illegible
from pipelines.records import Document

if TYPE_CHECKING:
    from pipelines.read.pdf.extract.pdfium import PdfiumFile
    from pipelines.read.pdf.layout import Layout, Watch
    from pipelines.read.pdf.model.page import RawPage

__all__ = ["read_pdf"]

_FILE_NAME = re.compile(r"^Microsoft Word - |\.(docx?|odt|pdf|indd|html?)$", re.IGNORECASE)
_BATCH = 60  # pages laid out together: enough to learn from, few enough to hold
_COVER = 1500  # characters that the cover of a portfolio or a notice may have, and no report
_NOTICE = re.compile("this message is not eventually|later version of the PDF viewer")  # Adobe's
_SCANNED = 12  # characters a page below which pages of pictures are a scan


def read_pdf(
    data: bytes,
    *,
    path: str,
    sha256: str,
    limits: Limits = DEFAULT_LIMITS,
    watch: Watch | None = None,
) -> Document:
    """Read a PDF with a text layer into a document.

    Args:
        data: The file's bytes.
        path: Names the file in messages and in the document.
        sha256: Of the bytes.
        limits: Pages, characters and seconds beyond which it is refused.
        watch: Is told of each pass that has acted on the pages (`trace`).

    Raises:
        UnreadableDocument: It is damaged, encrypted with a user password, a scan without text or
            without a table of its letters (where OCR is not installed), or beyond a limit.
    """
    reading = _Reading(limits, watch=watch)
    document = reading.run(data, path=path, sha256=sha256)
    if document is not None:
        return document
    from pipelines.read.ocr import add_text_layer, ocr_available

    if not (reading.pictures or reading.illegible is not None) or not ocr_available():
        raise _scan(reading)
    again = _Reading(limits, recognised=True, watch=watch)
    try:
        layer = add_text_layer(data, seconds=limits.seconds, anew=reading.illegible is not None)
    except UnreadableDocument as error:
        if reading.illegible is None:
            raise
        raise reading.illegible from error
    document = again.run(layer, path=path, sha256=sha256)
    if document is None:
        raise reading.illegible or _scan(again)
    return document


def _refuse_cover(attached: Sequence[str], *, form: bool) -> None:
    """A page or two that only say where the report is."""
    if attached:
        listed = ", ".join(attached[:5]) + (" …" if len(attached) > 5 else "")
        raise UnreadableDocument(
            f"the PDF is the cover of {len(attached)} attached: {listed}",
            remedy="open it in Adobe Reader, save what is attached, and give that",
        )
    if form:
        raise UnreadableDocument(
            "the PDF is a form (XFA) whose pages only Adobe Reader makes; it holds just a notice",
            remedy="open it in Adobe Reader, print it to a new PDF, and give that",
        )


def _scan(reading: _Reading) -> UnreadableDocument:
    if reading.illegible is not None:
        return reading.illegible
    if reading.recognised:
        return UnreadableDocument(
            "the PDF is a scan, and in its pictures (OCR) no text was found",
            remedy="look at its pages: scan them anew where they hold text",
        )
    if not reading.pictures:
        return UnreadableDocument(
            f"the PDF holds no text on its {reading.count} pages",
            remedy="fetch it again, or print the report to PDF anew",
        )
    return UnreadableDocument(
        f"the PDF is a scan: {reading.pictures} of {reading.count} pages are pictures without text",
        remedy="run OCR over it (ocrmypdf scan.pdf text.pdf), or install the extra [ocr] and "
        "Tesseract, and read it again",
    )


@dataclass(slots=True)
class _Reading:
    """One pass over a file: what was read, and what was not."""

    limits: Limits
    recognised: bool = False
    illegible: UnreadableDocument | None = None  # its refusal, where nothing says of which letters
    watch: Watch | None = None
    begun: float = field(default_factory=time.monotonic)
    count: int = 0
    characters: int = 0
    pictures: int = 0
    nameless: int = 0  # glyphs of its fonts whose letters nothing shows
    lost: list[int] = field(default_factory=list)
    partial: list[int] = field(default_factory=list)
    bare: list[int] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)  # layers that are off and hold something
    unseen: Withheld = field(default_factory=Withheld)

    def run(self, data: bytes, *, path: str, sha256: str) -> Document | None:
        """Read the file; None where it is a scan, or holds no text or one without letters."""
        from pipelines.read.pdf.extract.damage import find_damage
        from pipelines.read.pdf.extract.layers import Layers
        from pipelines.read.pdf.extract.ligatures import NamelessGlyphs
        from pipelines.read.pdf.extract.pdfium import PdfiumFile
        from pipelines.read.pdf.layout import Layout

        with PdfiumFile(data) as file:
            self._check_pages(file.count)
            title = _title(file.information("Title"))
            form = file.made_elsewhere()
            glyphs, layers = NamelessGlyphs(data), Layers(data)
            layout = Layout(file=data, glyphs=glyphs, watch=self.watch)
            warnings = find_damage(
                data, file.count, inspectors=(glyphs.inspect, layers.inspect, file.inspect)
            )
            if glyphs.met:
                file.amend(glyphs.named())
            layers.read()
            file.hidden, file.layered = layers.hidden, layers.may_hide
            self._lay_out(file, layout)
            attached = file.attached() if self.characters < _COVER else []
            self.hidden = sorted(file.left_out)
            self.unseen.unread, self.unseen.written = file.unread, file.written
        self.nameless = glyphs.lost
        blocks, text = layout.finish()
        if self.characters < _COVER:
            _refuse_cover(attached, form=form or bool(_NOTICE.search(text)))
        if not blocks or self._is_scan():
            self._refuse_damaged(warnings)
            return None
        self.illegible = why_illegible(text)
        if self.illegible is not None:
            return None
        dated = ""  # a file's own date says when it was saved, not when the report was published
        said = (*warnings, *self._remarks(), *_imposed(layout.small))
        reader = self._reader(layout)
        return Document(path, "pdf", sha256, text, blocks, self.count, reader, title, dated, said)

    def _lay_out(self, file: PdfiumFile, layout: Layout) -> None:
        batch: list[RawPage] = []
        for number in range(1, file.count + 1):
            page = self._page(file.page(number), number)
            if page is not None:
                batch.append(page)
            if batch and (len(batch) == _BATCH or number == file.count):
                layout.take(batch)
                batch = []
            self._check_limits()

    def _is_scan(self) -> bool:
        return self.pictures >= 0.8 * self.count and self.characters < _SCANNED * self.count

    def _reader(self, layout: Layout) -> str:
        if self.recognised:
            return "ocr+pdfium"
        return "pdfium+tags" if layout.tagged else "pdfium"

    def _page(self, got: tuple[RawPage, bool] | None, number: int) -> RawPage | None:
        if got is None:
            self.lost.append(number)
            return None
        page, complete = got
        if not complete:
            self.partial.append(number)
        self.unseen.take(page)
        letters = sum(len(span.text) for span in page.spans)
        self.characters += letters
        if page.pictures and letters < _SCANNED:
            self.pictures += 1
            self.bare.append(number)
        elif not letters:
            self.empty.append(number)
        return page

    def _check_pages(self, count: int) -> None:
        self.count = count
        if self.count < 1:
            raise UnreadableDocument(
                "the PDF is damaged: no page can be found in it",
                remedy="fetch the file again, or open and save it in a PDF viewer",
            )
        if self.count > self.limits.max_pages:
            raise UnreadableDocument(
                f"{self.count:,} pages, more than the limit of {self.limits.max_pages:,}",
                remedy="split the file, or raise the limit max_pages",
            )

    def _check_limits(self) -> None:
        if time.monotonic() - self.begun > self.limits.seconds:
            raise UnreadableDocument(
                f"reading took more than the limit of {self.limits.seconds:g} seconds",
                remedy="split the file, or raise the limit seconds",
            )
        if self.characters > self.limits.max_characters:
            raise UnreadableDocument(
                f"more characters than the limit of {self.limits.max_characters:,}",
                remedy="split the file, or raise the limit max_characters",
            )

    def _refuse_damaged(self, warnings: list[str]) -> None:
        """Damage, not a scanner, explains why there is no text."""
        if self.lost or warnings:
            raise UnreadableDocument(
                "the PDF is damaged: no text can be read from its pages"
                + (f" ({'; '.join(warnings)})" if warnings else ""),
                remedy="fetch the file again, or open and save it in a PDF viewer",
            )

    def _remarks(self) -> list[str]:
        found = []
        if self.recognised:
            found.append("the text was recognised from pictures (OCR): letters may be wrong")
        told = (
            (self.lost, f"damaged and left out, of {self.count}"),
            (self.partial, "damaged or unusual: letters may be missing"),
            (self.bare, "without text but with a picture: perhaps scanned"),
            (self.empty, "empty: blank, or lost"),
        )
        found += [f"{_pages(numbers)} {said}" for numbers, said in told if numbers]
        if self.hidden:
            names = ", ".join(self.hidden)
            found.append(f"what stands in layers that the file switches off is left out: {names}")
        if self.nameless:
            found.append(
                f"{self.nameless} glyphs of its fonts stand for no letters: each is set as \ufffd"
            )
        return found + self.unseen.remarks()


def _imposed(sheets: list[int]) -> list[str]:
    """What is said of sheets that may hold several pages and were not cut."""
    if not sheets:
        return []
    return [
        f"{_pages(sheets)} in type as small, or with as empty a cross, as of several pages on "
        "one sheet, and perhaps read across them: give the file with one page a sheet"
    ]


def _pages(numbers: list[int]) -> str:
    shown = ", ".join(str(n) for n in numbers[:10]) + (" …" if len(numbers) > 10 else "")
    return f"page {shown} is" if len(numbers) == 1 else f"pages {shown} are"


def _title(value: str) -> str:
    """The title in the file's information, unless a program made it up."""
    made_up = value.casefold() in ("untitled", "title", "document") or _FILE_NAME.search(value)
    return "" if made_up else " ".join(value.split())
