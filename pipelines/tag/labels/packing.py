"""Workbooks before they are opened: what is no XLSX is named, and what unpacks to too much."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Final

from pipelines.errors import CorpusError
from pipelines.workbooks.cells import MOST_BYTES
from pipelines.workbooks.merging import merged_too_far
from pipelines.workbooks.opening import has_cells

_OLD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # of .xls, and of what a password locks
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
_SAVE: Final = "open it in a spreadsheet program and save it as .xlsx"


def check_workbook(path: Path, data: bytes) -> None:
    """Refuse what is no XLSX workbook, or one that is far too large.

    Raises:
        CorpusError: It is locked, of an older or binary kind, without cells, or too large.
        zipfile.BadZipFile: It is damaged, or no workbook at all.
    """
    if data.startswith(_OLD):
        if _LOCKED in data:
            raise CorpusError(f"{path}: is locked with a password; save it without one")
        raise CorpusError(f"{path}: is an old workbook (.xls), whatever its name; {_SAVE}")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        unpacked = sum(entry.file_size for entry in packed.infolist())
        parts = packed.namelist()
        merged = merged_too_far(packed) if unpacked <= MOST_BYTES else ""
    if unpacked > MOST_BYTES:
        raise CorpusError(
            f"{path}: unpacks to {unpacked:,} bytes, {MOST_BYTES:,} at most are read; "
            "save only the sheet of labels"
        )
    if "xl/workbook.bin" in parts:
        raise CorpusError(f"{path}: is a binary workbook (.xlsb); {_SAVE}")
    if any(part.startswith(("word/", "ppt/")) for part in parts):
        raise CorpusError(f"{path}: is a document or slides, and no workbook; give the workbook")
    if "xl/workbook.xml" in parts and not has_cells(parts):
        raise CorpusError(
            f"{path}: holds no sheet of cells (of charts only, perhaps); save the one with "
            "the labels as .xlsx"
        )
    if merged:
        raise CorpusError(f"{path}: {merged}; part them, or save only the sheet of labels")
