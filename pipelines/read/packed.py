"""What a file that is packed like a zip archive is, going by the list of its parts."""

from __future__ import annotations

import io
import zipfile

from pipelines.damage import PACKED


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


def is_workbook(data: bytes) -> bool:
    """Whether bytes of an archive are those of an `.xlsx` file."""
    names = _names(data)
    return b"xl/workbook." in data if names is None else any(n.startswith("xl/") for n in names)


def _names(data: bytes) -> list[str] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return packed.namelist()
    except PACKED:
        return None  # it is damaged
