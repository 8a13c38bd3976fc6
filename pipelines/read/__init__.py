"""Read a source into blocks of text, whatever its format.

`read_document` decides by content what a file is and hands its bytes to one of four readers.
Form is their affair (heading, bullet, quote, table); what a block means is the segmenter's.
The steps, in the order in which they happen, by the modules that take them:

any file
    `limits` refuses what is too large, `archives` takes the page out of a saved archive, `sniff`
    tells the format (`packed` that of packed files) and the encoding.
`text`
    `reader` keeps this order: `repair`, `ligated` and `joined` mend what the way here did to
    characters and words (`glyphs` to Word's ligatures); `dialects` brings tables, quotes and
    directives to plain forms; `furniture` takes out page numbers and running heads (`edges` finds
    them by place, `interruptions` by the sentences that they break); `columns` writes lists side
    by side as tables; `lines` judges each line alone (`toplink`, `calls`), `bullets` joins bullets
    to lines; lines that continue are joined to drafts (`wrapping`, `words`). Then `polish` and
    `assemble`, as for a page.
`html`
    `reader` keeps this order: `markup` refuses markup, or takes out what is not text; `slots`
    fills shadow roots; `copies` takes out what stands twice in a row; `tabs` heads panels with
    the words of their tabs; `unseen` takes out words of a sentence that nobody sees; `powers`
    writes raised figures that call no footnote as signs; `panels` finds hidden text that a click
    would show; `placed` reads pages of placed lines as text (`position`), and `page` walks all
    others, element by element (`elements` says what one is, `silence` which are not read, `boxes`
    which are call-outs, `grid` reads tables, `breaks` splits lines). `polish` looks at neighbours:
    bullets cut in two, nested ones, quotations, footnotes (`notes`). `assemble` makes blocks of
    drafts.
`word`
    `opening` limits it and opens it; `reader` writes it as a page (`styles` says what a paragraph
    is, `ink` which words are seen, `elsewhere` what it shows of other parts), read as HTML is.
`pdf`
    It has passes of its own, listed in `pdf/passes.py`; `ocr` gives scans a text layer.
`drafts`
    What they share: lines, and what continues what, until `assemble` has made blocks.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from pipelines.errors import UnreadableDocument
from pipelines.read.archives import page_of_archive
from pipelines.read.limits import DEFAULT_LIMITS, Limits
from pipelines.read.sniff import Format, decode, sniff_format
from pipelines.records import Document
from pipelines.regular import regular_file

__all__ = [
    "DEFAULT_LIMITS",
    "Limits",
    "load_bytes",
    "read_bytes",
    "read_document",
    "trace_document",
]

_SUFFIXES: Final[dict[str, Format]] = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".mht": "html",
    ".mhtml": "html",
    ".webarchive": "html",
    ".txt": "text",
    ".md": "text",
}
_NAMES: Final[dict[Format, str]] = {
    "pdf": "PDF",
    "docx": "a Word document",
    "html": "HTML",
    "text": "text",
}


def read_document(path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read a PDF, Word (.docx), HTML or text file into a document.

    Args:
        path: A file; its suffix is only a hint, its content decides.
        limits: Size, length, depth and time beyond which it is refused.

    Raises:
        UnreadableDocument: It cannot be opened, is not text, or is beyond a limit; the error
            says what its owner can do.
    """
    return read_bytes(load_bytes(path, limits=limits), path=str(path), limits=limits)


def trace_document(path: str | Path, *, page: int | None = None) -> Iterator[str]:
    """Describe what each pass of reading a PDF changed on which page, a line for each change.

    Args:
        path: A PDF.
        page: Describe this page alone, counted from 1.

    Raises:
        UnreadableDocument: As for `read_document`; or it is not a PDF.
    """
    data = load_bytes(path)
    if sniff_format(data) != "pdf":
        raise UnreadableDocument(
            f"{path} is no PDF, and only those are read in passes", remedy="give a PDF"
        )
    from pipelines.read.pdf.trace import trace_pdf

    return trace_pdf(data, path=str(path), page=page)


def read_bytes(data: bytes, *, path: str, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read a document from bytes already in memory; `path` only names it.

    Raises:
        UnreadableDocument: As for `read_document`.
    """
    _check_size(len(data), limits)
    sha256 = hashlib.sha256(data).hexdigest()
    data = page_of_archive(data) or data
    found = sniff_format(data)
    document = _dispatch(found, data, path, sha256, limits)
    expected = _SUFFIXES.get(Path(path).suffix.lower())
    if expected not in (None, found):
        note = f"named {Path(path).suffix} but holds {_NAMES[found]}: read as {_NAMES[found]}"
        return _noted(document, note)
    return document


def load_bytes(path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Return what a file holds.

    Raises:
        UnreadableDocument: It cannot be opened, is no file, or is too large.
    """
    try:
        with regular_file(Path(path)) as source:
            _check_size(os.fstat(source.fileno()).st_size, limits)
            return source.read(limits.max_bytes + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableDocument(
            f"the file cannot be opened: {reason}", remedy="check its path, permissions and disk"
        ) from error


def _dispatch(found: Format, data: bytes, path: str, sha256: str, limits: Limits) -> Document:
    # Imported here so that reading text never pays for the PDF library, nor the reverse.
    if found == "pdf":
        from pipelines.read.pdf import read_pdf

        return read_pdf(data, path=path, sha256=sha256, limits=limits)
    if found == "docx":
        from pipelines.read.word.reader import read_word

        return read_word(data, path=path, sha256=sha256, limits=limits)
    text, encoding = decode(data)
    if found == "html":
        from pipelines.read.html.markup import without_pictures

        text = without_pictures(text)
    if len(text) > limits.max_characters:
        raise UnreadableDocument(
            f"{len(text):,} characters, more than the limit of {limits.max_characters:,}",
            remedy="split the file, or raise the limit max_characters",
        )
    if found == "html":
        from pipelines.read.html.reader import read_html

        document = read_html(text, path=path, sha256=sha256, limits=limits)
    else:
        from pipelines.read.text.reader import read_text

        document = read_text(text, path=path, sha256=sha256, limits=limits)
    if encoding == "cp1252":
        return _noted(document, "read as Windows-1252: the file does not say its encoding")
    return document


def _check_size(size: int, limits: Limits) -> None:
    if size > limits.max_bytes:
        raise UnreadableDocument(
            f"{size:,} bytes, more than the limit of {limits.max_bytes:,}",
            remedy="give a smaller file, or raise the limit max_bytes",
        )


def _noted(document: Document, note: str) -> Document:
    return replace(document, warnings=(*document.warnings, note))
