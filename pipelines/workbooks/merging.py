"""Cells of a workbook that are merged: openpyxl makes each of them, be they the whole sheet."""

from __future__ import annotations

import re
import zipfile
from typing import Final

from pipelines.workbooks.cells import MOST_CELLS

_MERGED: Final = re.compile(
    rb"<(?:\w+:)?mergeCell\b[^<>]*\bref\s*=\s*[\"']\$?([A-Z]{1,3})\$?(\d{1,9}):\$?([A-Z]{1,3})\$?(\d{1,9})",
    re.IGNORECASE,
)


def merged_too_far(packed: zipfile.ZipFile) -> str:
    """Say which cells are merged where that is more than are read of a workbook; else empty."""
    total = 0
    for name in packed.namelist():
        if "worksheets/" not in name.casefold():
            continue
        for match in _MERGED.finditer(packed.read(name).replace(b"\0", b"")):  # of UTF-16
            first, top, last, bottom = match.groups()
            wide = _column(last) - _column(first) + 1
            total += abs(wide * (int(bottom) - int(top) + 1))
            if total > MOST_CELLS:
                ends = [b"".join(ends).decode() for ends in ((first, top), (last, bottom))]
                return f"merges {':'.join(ends)}; {MOST_CELLS:,} merged cells are read at most"
    return ""


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - ord("A") + 1
    return number
