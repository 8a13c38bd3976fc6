"""What a file that is packed like a zip archive is, going by the list of its parts."""

from __future__ import annotations

import io
import zipfile

from pipelines.damage import PACKED


def is_word(data: bytes) -> bool:
    """Whether bytes are those of a `.docx` file, going by the names of its parts."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
    except PACKED:
        return b"word/document.xml" in data
    if "word/document.xml" in names:  # damaged it may be, but it is not an archive of reports
        return True
    return "[Content_Types].xml" in names and any(name.startswith("word/") for name in names)
