"""Open a workbook: ODS or XLSX, decided by what is in it; limited, as its makers are unknown."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from pipelines.damage import DAMAGE, PACKED, damage_said
from pipelines.errors import UnreadableDocument
from pipelines.regular import regular_bytes
from pipelines.workbooks.cells import MOST_BYTES, MOST_CELLS, Cell, Sheet
from pipelines.workbooks.merging import merged_too_far

_ODS: Final = b"application/vnd.oasis.opendocument.spreadsheet"
_SAVE: Final = "open it in a spreadsheet program, save it as ODS or XLSX and give that file"
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALC: Final = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_ENTITIES: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:\.\d+)?(?:[eE][+-]?\d{1,2})?")
_LONGEST: Final = 5000  # rows that one merged cell may speak for
_PERCENT: Final = re.compile(r'%(?=(?:[^"]*"[^"]*")*[^"]*$)')  # not within quotes


def read_sheets(data: bytes, name: str) -> tuple[Sheet, ...]:
    """Read the sheets of a workbook.

    Args:
        data: Its bytes.
        name: What messages call it.

    Raises:
        UnreadableDocument: It is not a workbook, is protected, damaged, or too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if any(entry.flag_bits & 1 for entry in packed.infolist()):
                raise UnreadableDocument(
                    f"{name}: is protected by a password", remedy="save it without one"
                )
            if sum(entry.file_size for entry in packed.infolist()) > MOST_BYTES:
                raise UnreadableDocument(
                    f"{name}: is larger than {MOST_BYTES:,} bytes when unpacked",
                    remedy="check that it is an inspection's workbook; save only its data sheets",
                )
            names = set(packed.namelist())
            if "xl/workbook.xml" in names:
                if not has_cells(names):
                    raise UnreadableDocument(
                        f"{name}: holds no sheet of cells (of charts only, perhaps)", remedy=_SAVE
                    )
                if merged := merged_too_far(packed):
                    raise UnreadableDocument(
                        f"{name}: {merged}", remedy="part them, or save only its data sheets"
                    )
                return _xlsx(data, name)
            if "mimetype" in names and packed.read("mimetype").strip() == _ODS:
                return _ods(packed.read("content.xml"), name)
    except PACKED as error:
        raise UnreadableDocument(
            f"{name}: is no ODS or XLSX workbook, or damaged", remedy=_SAVE
        ) from error
    raise UnreadableDocument(f"{name}: is no ODS or XLSX workbook", remedy=_SAVE)


def has_cells(parts: Iterable[str]) -> bool:
    """Whether an XLSX workbook has a sheet of cells, going by the names of its parts."""
    return any("worksheets/" in part.casefold() for part in parts)


def read_file(path: Path) -> tuple[bytes, tuple[Sheet, ...]]:
    """Read a workbook from a file: its bytes, and its sheets.

    Raises:
        UnreadableDocument: As `read_sheets`, or the file cannot be read.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableDocument(
                f"{path.name}: is larger than {MOST_BYTES:,} bytes",
                remedy="check that it is an inspection's workbook",
            )
        data = regular_bytes(path)
    except OSError as error:
        raise UnreadableDocument(
            f"{path}: cannot be read: {error.strerror}", remedy="check the path"
        ) from error
    return data, read_sheets(data, path.name)


def _xlsx(data: bytes, name: str) -> tuple[Sheet, ...]:
    from openpyxl import load_workbook

    try:
        # Values, and beside them the formulas: a formula without a value must not pass for a blank.
        book = load_workbook(io.BytesIO(data), data_only=True)
        formulas = load_workbook(io.BytesIO(data), read_only=True)
        sheets = []
        seen = 0
        for sheet in book.worksheets:
            _counted(sheet.max_row * sheet.max_column - 1, name)  # one cell far off is a huge sheet
            cells: dict[tuple[int, int], Cell] = {}
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value is not None and str(cell.value).strip():
                        seen = _counted(seen, name)
                        shown = bool(_PERCENT.search(cell.number_format or ""))
                        place = (int(cell.row), int(cell.column or 0))
                        value = cell.value
                        plain = value if isinstance(value, (bool, int, float)) else str(value)
                        cells[place] = Cell(*place, plain, percentage=shown)
            for values in formulas[sheet.title].iter_rows():
                for inner in values:
                    if inner.value is not None and str(inner.value).startswith("="):
                        place = (int(inner.row), int(inner.column))
                        cells.setdefault(place, Cell(*place, str(inner.value), formula=True))
            sheets.append(Sheet(sheet.title, cells))
        formulas.close()
    except DAMAGE as error:
        raise UnreadableDocument(
            f"{name}: the workbook is damaged ({damage_said(error)})", remedy=_SAVE
        ) from error
    return tuple(sheets)


def _ods(content: bytes, name: str) -> tuple[Sheet, ...]:
    if b"\0" in content or _ENTITIES.search(content):  # UTF-16 could hide them
        raise UnreadableDocument(
            f"{name}: declares entities, as no spreadsheet program writes them", remedy=_SAVE
        )
    try:
        root = ET.fromstring(content)  # noqa: S314 - without entities nothing can swell
    except (ET.ParseError, LookupError) as error:  # LookupError: of an encoding that is none
        raise UnreadableDocument(f"{name}: the workbook is damaged", remedy=_SAVE) from error
    concealing = {
        style.get(f"{_STYLE}name")
        for style in root.iter(f"{_STYLE}style")
        if any(part.get(f"{_TABLE}display") == "false" for part in style)
    }
    sheets = []
    seen = 0
    for table in root.iter(f"{_TABLE}table"):
        cells: dict[tuple[int, int], Cell] = {}
        hidden: set[int] = set()
        row = 0
        for line in table.iter(f"{_TABLE}table-row"):
            times = _times(line, "number-rows-repeated")
            if line.get(f"{_TABLE}visibility", "visible") != "visible":
                hidden |= set(range(row + 1, row + 1 + min(times, MOST_CELLS)))
            found = list(_ods_row(line, row + 1))
            for cell in found:
                # A row that repeats itself repeats its figures: that is seen when they are checked.
                for again in range(min(times, 3)):
                    seen = _counted(seen, name)
                    place = (cell.row + again, cell.column)
                    cells[place] = replace(cell, row=place[0])
            row += times
        concealed = table.get(f"{_TABLE}style-name") in concealing
        sheets.append(Sheet(table.get(f"{_TABLE}name", ""), cells, frozenset(hidden), concealed))
    return tuple(sheets)


def _ods_row(line: ET.Element, row: int) -> Iterator[Cell]:
    column = 0
    for element in line:
        if element.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            continue
        times = _times(element, "number-columns-repeated")
        kind = element.get(f"{_OFFICE}value-type", "")
        said = "\n".join(_words(p) for p in element.findall(f"{_TEXT}p")).strip()
        error = element.get(f"{_CALC}value-type") == "error"
        number = element.get(f"{_OFFICE}value", "")
        value: str | float = said
        if kind in {"float", "percentage", "currency"} and number:
            value = float(number) if _NUMBER.fullmatch(number) else number
        formula = not said and not number and element.get(f"{_TABLE}formula") is not None
        over = _times(element, "number-rows-spanned")
        if _times(element, "number-columns-spanned") > 1:
            over = 1  # a title, not a value for several rows
        if said or number or formula:
            place = (row, 0, value, kind == "percentage", formula, "error" if error else kind)
            cell = Cell(*place, over=min(over, _LONGEST))
            for again in range(min(times, 100)):
                yield replace(cell, column=column + 1 + again)
        column += times


def _words(element: ET.Element) -> str:
    """Return the text of a paragraph with the blanks and line ends that have elements."""
    count = element.get(f"{_TEXT}c", "1")
    signs = {
        f"{_TEXT}s": " " * min(int(count) if count.isdigit() else 1, 100),
        f"{_TEXT}tab": "\t",
        f"{_TEXT}line-break": "\n",
    }
    inner = "".join(_words(part) + (part.tail or "") for part in element)
    return signs.get(element.tag) or (element.text or "") + inner


def _times(element: ET.Element, attribute: str) -> int:
    said = element.get(f"{_TABLE}{attribute}", "1")
    return int(said) if said.isdigit() else 1


def _counted(seen: int, name: str) -> int:
    if seen >= MOST_CELLS:
        raise UnreadableDocument(
            f"{name}: has more than {MOST_CELLS:,} cells",
            remedy="check that it is an inspection's workbook; save only its data sheets",
        )
    return seen + 1
