"""What lies beside reports and is not read: what it is, and what its owner can do about it."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

_ATTACHED: Final = "if a report is attached to it, save that and give it"
_TEXT: Final = "if it is a report, run OCR on it and give the PDF with text"
_SAVE: Final = "if it is a report, save it as PDF, .docx, HTML or plain text and give that file"
_UNPACK: Final = "if it holds reports, unpack it and give what is inside"
_TABLE: Final = (
    "nothing to do, unless it is a data workbook: findings attach joins one to its inspection"
)
_NOTHING: Final = (
    "nothing to do, if it is no report; else give the report as PDF, .docx, HTML or text"
)

RUN_MARK: Final = ".generations"
"""A folder with this name inside is one that a run wrote: nothing in it is a source."""

PAGES: Final = frozenset({".html", ".htm", ".xhtml"})
_WORD: Final = frozenset({".docx", ".docm", ".dotx", ".dotm"})
_FILES: Final = _WORD | {".pdf", ".mht", ".mhtml", ".webarchive", ".txt", ".md"}
SUFFIXES: Final = PAGES | _FILES
"""Of what is read."""

DOCUMENTS: Final = _FILES | {".doc", ".odt", ".rtf", ".zip"}
"""What a browser seldom saves of a page, and people do put into a folder named like a page's."""

OF_A_PAGE: Final = (
    "in the folder that a browser saves beside a page",
    "if it is a report, give it by name, or put it into another folder",
)
_KINDS: Final[tuple[tuple[str, str, str], ...]] = (
    (".eml .msg", "a mail", _ATTACHED),
    (".png .jpg .jpeg .gif .tif .tiff .bmp .webp .heic .svg", "a picture", _TEXT),
    (".doc .odt .fodt .rtf .pages .wpd", "a document of a kind that is not read", _SAVE),
    (".ppt .pptx .odp .key", "slides", _SAVE),
    (".epub .mobi .azw3", "an e-book", _SAVE),
    (".xls .xlsx .xlsm .ods .csv .tsv .numbers", "a table", _TABLE),
    (".7z .rar .tar .gz .tgz .bz2 .xz", "an archive of a kind that is not read", _UNPACK),
    (".json .jsonl .xml .parquet .sqlite .db", "data", _NOTHING),
    (".mp3 .m4a .wav .mp4 .mov .avi", "sound or film", _NOTHING),
)
_BY_SUFFIX: Final = {
    suffix: (kind, remedy) for suffixes, kind, remedy in _KINDS for suffix in suffixes.split()
}
_ASIDE: Final = ("._", "~$", ".trashed-", ".goutputstream-")  # Macs, Word, Android, GNOME
_LITTER: Final = frozenset({"thumbs.db", "desktop.ini", "icon\r"})


def left_aside(name: str) -> tuple[str, str]:
    """Return what a file that is not read is, going by its name, and what to do about it.

    Args:
        name: With its suffix.
    """
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".zip":
        return "an archive inside an archive", _UNPACK
    kind, remedy = _BY_SUFFIX.get(suffix, ("a file of an unknown kind", _NOTHING))
    return kind, remedy


def is_litter(name: str) -> bool:
    """Whether a file is nobody's: what systems and programs leave in folders for themselves."""
    plain = PurePosixPath(name.lower())
    if plain.name.startswith(_ASIDE) or plain.name in _LITTER:
        return True
    # A report's name may begin with a dot.
    return name.startswith(".") and plain.suffix not in DOCUMENTS | PAGES
