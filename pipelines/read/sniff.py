"""Decide what a file is by what is in it, and turn bytes into characters."""

from __future__ import annotations

import codecs
import re
from typing import Final, Literal

from pipelines.errors import UnreadableDocument
from pipelines.read.archives import is_mime
from pipelines.read.packed import is_archive, is_whole, is_word, kind_of_parts

Format = Literal["pdf", "docx", "html", "text"]

_PDF_WITHIN: Final = 1024  # readers accept junk before the header up to here
_HEAD: Final = 4096
_WORD: Final = "save it as PDF, .docx, HTML or plain text and give that file"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS: Final[tuple[tuple[bytes, str, str], ...]] = (
    (
        _OLE,
        "an old Office file (.doc, .xls) or locked with a password",
        _WORD,
    ),
    (b"{\\rtf", "a rich text file (.rtf)", _WORD),
    (b"\x89PNG", "a picture (PNG)", "run OCR on it and give the PDF with text"),
    (b"\xff\xd8\xff", "a picture (JPEG)", "run OCR on it and give the PDF with text"),
    (b"GIF8", "a picture (GIF)", "run OCR on it and give the PDF with text"),
    (b"II*\x00", "a picture (TIFF)", "run OCR on it and give the PDF with text"),
    (b"MM\x00*", "a picture (TIFF)", "run OCR on it and give the PDF with text"),
    (b"\x1f\x8b", "a packed file (gzip)", "unpack it and give what is inside"),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z)", "unpack it and give what is inside"),
    (b"Rar!", "an archive (RAR)", "unpack it and give what is inside"),
    (b"%!PS", "a PostScript file", "convert it to PDF and give that file"),
    (b"SQLite format 3\x00", "a database", "give the report itself as PDF, HTML or text"),
    (b"bplist00", "a property list of Apple's that holds no page", _WORD),
    (b"PAR1", "a Parquet table", "give the report itself as PDF, HTML or text"),
)
_STREAMS: Final = (  # by which old Office files, and what else is packed as they are, differ
    ("EncryptedPackage", "locked with a password", "save a copy without one and give that"),
    (
        "__properties_version1.0",
        "a mail (.msg)",
        "if a report is attached to it, save that and give it",
    ),
    ("WordDocument", "an old Word document (.doc)", _WORD),
)
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with the other's
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MARKUP_START: Final = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body|main|article|section|header|div|title|meta|h[1-6]|ul|ol|p|table)\b",
    re.IGNORECASE | re.DOTALL,
)
# Those of tables are left out: Markdown may hold tables written as HTML.
_MARKUP_ENDS: Final = re.compile(r"</(?:p|li|h[1-6]|div|ul|ol|section|article)\s*>", re.I)
_DECLARED: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.I)
_XML: Final = re.compile(rb"\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w-]{2,20})", re.I)
_NOT_TEXT: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_TOLERATED: Final = 0.005  # share of undecodable or control characters in what is still text


def sniff_format(data: bytes) -> Format:
    """Name the format of a file's bytes.

    Raises:
        UnreadableDocument: It is empty or of a kind that holds no text for us.
    """
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise UnreadableDocument(
            "the file is empty" if not data else "the file holds nothing but blanks",
            remedy="fetch it again from where it was published",
        )
    if is_pdf(data):
        return "pdf"
    if is_word(data):
        return "docx"
    _refuse_others(data)
    return "html" if is_markup(decode(data)[0]) else "text"


def is_pdf(data: bytes) -> bool:
    """Whether a file is a PDF, by its head."""
    return b"%PDF-" in data[:_PDF_WITHIN] and not is_archive(data)


def is_markup(text: str) -> bool:
    """Whether a text is HTML: it opens like HTML, or is dense with the ends of its blocks."""
    if _MARKUP_START.match(text.lstrip("\ufeff")[:_HEAD]):
        return True
    ends = len(_MARKUP_ENDS.findall(text[:200_000]))
    return ends >= 5 and ends * 1000 > len(text[:200_000])


def decode(data: bytes) -> tuple[str, str]:
    """Decode bytes to text and name the encoding: marks first, then UTF-8, declared, Windows.

    Raises:
        UnreadableDocument: It is not text in any of them.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _checked(data.decode(name, "replace"), name)
    if guess := _wide(data):
        return _checked(data.decode(guess, "replace"), guess)
    try:
        return _checked(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    for declared in (_XML.match(data[:_HEAD]), _DECLARED.search(data[:_HEAD])):
        if declared and (codec := _codec(declared[1].decode("ascii", "replace"))):
            return _checked(data.decode(codec, "replace"), codec)
    lenient = data.decode("utf-8", "replace")
    wide = sum(1 for char in lenient if char > "\x7f" and char != "\ufffd")
    if wide > lenient.count("\ufffd"):  # UTF-8 all the same, cut or damaged in places
        return _checked(lenient, "utf-8")
    return _checked(data.decode("cp1252", "replace"), "cp1252")


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of Latin text is zero."""
    head = data[: _HEAD & ~1]
    if len(head) < 4:
        return None
    even, odd = head[0::2].count(0) / len(head[0::2]), head[1::2].count(0) / len(head[1::2])
    if odd > 0.7 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 and odd < 0.1 else None


def _codec(name: str) -> str | None:
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return None
    # Browsers read Latin-1 and ASCII as Windows-1252; UTF-8 was tried and failed.
    if found in {"iso8859-1", "ascii", "latin-1", "utf-8"}:
        return "cp1252" if found != "utf-8" else None
    return found if codecs.lookup(found)._is_text_encoding else None


def _checked(text: str, encoding: str) -> tuple[str, str]:
    if len(_NOT_TEXT.findall(text)) > _TOLERATED * len(text):
        raise UnreadableDocument(
            "the file is binary data or damaged: it is no PDF, HTML or text",
            remedy="fetch it again, or save the report as PDF, HTML or plain text",
        )
    return text, encoding


def _refuse_others(data: bytes) -> None:
    for magic, kind, remedy in _OTHERS:
        if data.startswith(magic):
            streams = _STREAMS if data.startswith(_OLE) else ()
            told = (one[1:] for one in streams if one[0].encode("utf-16-le") in data)
            kind, remedy = next(told, (kind, remedy))
            raise UnreadableDocument(f"the file is {kind}", remedy=remedy)
    if is_archive(data):
        raise _refusal_of_packed(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        raise UnreadableDocument(
            "the file is a picture (WebP)", remedy="run OCR on it and give the PDF with text"
        )
    if is_mime(data):
        raise UnreadableDocument(
            "the file is a web archive (MHTML) or mail that holds no page",
            remedy="save the page as HTML only",
        )


def _refusal_of_packed(data: bytes) -> UnreadableDocument:
    if kind := kind_of_parts(data):
        return UnreadableDocument(f"the file is {kind}", remedy=_WORD)
    if not is_whole(data):
        return UnreadableDocument(
            "the file is a zip archive or an Office file that is damaged or was cut",
            remedy="fetch it again, or save it anew and give that",
        )
    return UnreadableDocument(
        "the file is a zip archive",
        remedy="download it, name it .zip and give the file, or give what is inside",
    )
