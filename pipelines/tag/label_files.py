"""Label files: rows of CSV, XLSX and JSONL as they stand there, before anything is checked."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipelines import columns as c
from pipelines.errors import CorpusError

THEMES: Final = "themes"
ISSUES: Final = "issues"
VOICE: Final = "voice"
SECTION: Final = "section"
ORIGIN: Final = "origin"
WRITTEN: Final = "written"
REAL: Final = "real"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a label file as it stands there."""

    source: str
    values: Mapping[str, Any]
    origin: str


def read_rows(path: Path, *, origin: str = REAL) -> list[Row]:
    """Read a label file.

    Args:
        path: CSV, XLSX or JSONL, told by the suffix.
        origin: Of rows that do not say theirs: `real` or `written`.

    Raises:
        CorpusError: It cannot be read, or has no column of themes.
    """
    readers = {".csv": _csv_rows, ".xlsx": _xlsx_rows, ".jsonl": _jsonl_rows}
    if path.suffix.lower() not in readers:
        raise CorpusError(f"{path}: expected .csv, .xlsx or .jsonl; save the labels as one of them")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path} cannot be read ({error.strerror}); check the path") from error
    numbered = readers[path.suffix.lower()](path, data)
    for number, values in numbered:
        if THEMES not in values:
            raise CorpusError(
                f"{path} row {number}: no column {THEMES!r}; got {sorted(values)}; "
                f"expected {THEMES!r} and {c.TEXT!r} or {c.DIGEST!r}"
            )
    return [Row(f"{path.name} row {number}", values, origin) for number, values in numbered]


def _csv_rows(path: Path, data: bytes) -> list[tuple[int, dict[str, Any]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path} is not UTF-8 ({error}); save it as CSV UTF-8") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="")
    return [(number, dict(values)) for number, values in enumerate(reader, start=2)]


def _xlsx_rows(path: Path, data: bytes) -> list[tuple[int, dict[str, Any]]]:
    from openpyxl import load_workbook

    try:
        sheet = load_workbook(io.BytesIO(data), read_only=True, data_only=True).active
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise CorpusError(f"{path} is not a workbook ({error}); save it as .xlsx") from error
    rows = list(sheet.iter_rows(values_only=True)) if sheet is not None else []
    names = [str(cell).strip() if cell is not None else "" for cell in rows[0]] if rows else []
    return [
        (number, dict(zip(names, cells, strict=False)))
        for number, cells in enumerate(rows[1:], start=2)
        if any(cell is not None for cell in cells)
    ]


def _jsonl_rows(path: Path, data: bytes) -> list[tuple[int, dict[str, Any]]]:
    out: list[tuple[int, dict[str, Any]]] = []
    for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except json.JSONDecodeError as error:
            raise CorpusError(f"{path} row {number} is not JSON ({error}); correct it") from error
        if not isinstance(values, dict):
            raise CorpusError(f"{path} row {number}: got {values!r}; expected an object")
        out.append((number, values))
    return out
