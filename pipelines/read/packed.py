"""What a file that is packed like a zip archive is, going by the list of its parts."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from pipelines.damage import PACKED

_HEAD: Final = 200
_WORKBOOK: Final = "a workbook (.xlsx)"
_FOLDERS: Final = (("xl", _WORKBOOK), ("ppt", "slides (.pptx)"))
_SAID: Final = (
    (b"application/vnd.oasis.opendocument.text", "an OpenDocument text (.odt)"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "a workbook (.ods)"),
    (b"application/vnd.oasis.opendocument.presentation", "slides (.odp)"),
    (b"application/epub+zip", "an e-book (.epub)"),
)


def is_archive(data: bytes) -> bool:
    """Whether bytes begin as a zip archive does, or one that holds nothing.

    What is stored in it unpacked, such as a PDF, may begin within its first bytes.
    """
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_word(data: bytes) -> bool:
    """Whether bytes are those of a `.docx` file, going by the names of its parts."""
    if not is_archive(data):
        return False
    names = _names(data)
    if names is None:
        return b"word/document.xml" in data
    if "word/document.xml" in names:  # damaged it may be, but it is not an archive of reports
        return True
    return "[Content_Types].xml" in names and any(name.startswith("word/") for name in names)


def kind_of_parts(data: bytes) -> str:
    """Return what bytes of an archive are, going by its parts; empty where just an archive."""
    names = _names(data)
    if names is None:
        return _WORKBOOK if b"xl/workbook." in data else ""
    head = data[:_HEAD]  # where OpenDocument and e-books say what they are
    folders = {name.partition("/")[0] for name in names}
    said = (kind for sign, kind in _SAID if sign in head)
    return next(said, "") or next((kind for name, kind in _FOLDERS if name in folders), "")


def is_whole(data: bytes) -> bool:
    """Whether the list of an archive's parts can be read."""
    return _names(data) is not None


def _names(data: bytes) -> list[str] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return packed.namelist()
    except PACKED:
        return None  # it is damaged
