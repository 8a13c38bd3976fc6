"""Grids of cells out of what spreadsheet programs save: CSV in any dress, XLSX and ODS."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pipelines.damage import DAMAGE, damage_said
from pipelines.errors import CorpusError, UnreadableDocument
from pipelines.tables import UNSEEN
from pipelines.tag.labels.encodings import decoded
from pipelines.tag.labels.heads import heads_of
from pipelines.tag.labels.packing import check_workbook
from pipelines.workbooks.cells import MOST_CELLS, Cell

_ROWS: Final = 1_048_576  # of a sheet, by its format
_DELIMITERS: Final = ",;\t|"
# As programs of all languages write them: #N/A, #NV, #¡REF!, #DIV/0!; and Google's while it waits.
_ERRORS: Final = re.compile(
    r"#(?:N/A|N/D|N/B|NV|I/T|Н/Д|YOK|HIÁNYZIK|NENÍ_K_DISPOZICI|GETTING_DATA|DĚLENÍ_NULOU!|"
    r"[¡¿](?:[^\W\d_]|/0)+[!?]?|[^\W\d_]+(?:/0)?[!?])|Err:\d{3}|Loading(?:\.{3}|…)"
)
_FORMULA: Final = re.compile(
    r"=\s*[-+]?(?:(?:_xlfn\.)?[^\W\d_a-z][\w.]*\(|"  # a function's call
    r"(?:[\w.]+!|'[^']+'!)?\$?[A-Z]{1,3}\$?\d{1,7}\s*(?:$|[-+*/^&<>=:,;]))"  # or a cell
)
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")  # a sign that XML cannot hold, as `_x000D_`
_TOP: Final = 20  # records among which the heads are looked for


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that holds no words: an error, a number, a formula without its result."""

    cell: str
    what: str

    def __str__(self) -> str:
        """Say what the cell holds, where a message lists what was found."""
        return f"{self.cell}, which {re.split('[,;]', self.what)[0]}"


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet: its cells by the row's number as its program shows it.

    Attributes:
        rows: Cells from the left: text, `Wrong`, or None where empty.
        hidden: Numbers of the rows that the program does not show.
        name: Of the sheet.
        note: What is to be said of all its rows.
        cut: Why it was not read to its end; empty where it was.
        parted: Whether signs part its cells: a row longer than its heads has one too many then.
    """

    rows: Mapping[int, Sequence[Any]]
    hidden: frozenset[int] = field(default_factory=frozenset)
    note: str = ""
    name: str = ""
    cut: str = ""
    parted: bool = False


def text_grids(path: Path, data: bytes) -> list[Grid]:
    """Read a text file of rows: its encoding and what parts its cells are found out.

    Raises:
        CorpusError: It is not text, or a cell is not closed.
    """
    text, note = decoded(path, data)
    best: tuple[tuple[int, int], dict[int, Sequence[Any]], csv.Error | None] = ((-1, 0), {}, None)
    for delimiter in _DELIMITERS:
        rows: dict[int, Sequence[Any]] = {}
        failed = None
        try:
            rows |= enumerate(_records(text, delimiter), start=1)
        except csv.Error as error:  # counts where this is what parts the cells
            failed = error
        # What gives most heads that are known, or else most cells, is what parts them.
        top = [[str(cell or "") for cell in row] for row in rows.values() if any(row)][:_TOP]
        score = max(((len(heads_of(row)), len(row)) for row in top), default=(0, 0))
        best = max(best, (score, rows, failed), key=lambda one: one[0])
    if best[2] is not None:
        said = str(best[2])
        if not said.startswith("row "):
            said = f"row {len(best[1]) + 1}: {said}"
        raise CorpusError(
            f"{path}: is no table ({said}); open it in a spreadsheet program and save it as "
            "CSV UTF-8"
        ) from best[2]
    return [Grid(best[1], note=note, parted=True)]


def _records(text: str, delimiter: str) -> Iterator[list[Any]]:
    """Yield the records; a blank line is one too, as spreadsheets count it.

    A quote that is not closed takes in all that stands below it, to the next quote or the end: a
    record over several lines must be quoted as spreadsheets quote, or cells were lost.
    """
    lines = text.split("\n", 1)
    if re.fullmatch(r"sep=.\r?", lines[0]):  # Excel's own word on what parts cells, and no row
        text = lines[1] if len(lines) > 1 else ""
    taken: list[str] = []

    def told() -> Iterator[str]:
        for line in (*io.StringIO(text, newline=""), "\n"):  # an open quote takes the last in, too
            taken.append(line)
            yield line

    closed = re.compile(rf'" +(?={re.escape(delimiter)}|\r?\n|$)')  # a blank there does no harm
    for number, record in enumerate(csv.reader(told(), delimiter=delimiter), start=1):
        if len(taken) > 1:
            lines = [closed.sub('"', line) for line in taken]
            try:
                list(csv.reader(lines, delimiter=delimiter, strict=True))
            except csv.Error as error:
                said = f"row {number}: a quote is opened and not closed, or what follows it is odd"
                raise csv.Error(said) from error
        taken.clear()
        yield [_word(cell, f"row {number}, column {at + 1}") for at, cell in enumerate(record)]


def _word(cell: str, place: str) -> object:
    said = cell.strip()
    if _ERRORS.fullmatch(said) and (said[0] != "#" or said == said.upper()):
        return Wrong(place, f"holds the error {said}; type what is meant")
    if _FORMULA.match(said):
        return Wrong(place, f"holds the formula {said[:40]}; paste its value")
    return cell


def xlsx_grids(path: Path, data: bytes) -> list[Grid]:
    """Read the sheets of a workbook, the one that was in front first.

    Raises:
        CorpusError: It is not a workbook, is damaged, or far too large.
    """
    from openpyxl import load_workbook

    try:
        check_workbook(path, data)
        values = load_workbook(io.BytesIO(data), data_only=True)
        if any(sheet.max_row > _ROWS for sheet in values.worksheets):
            raise CorpusError(
                f"{path}: has rows beyond {_ROWS:,}, as no spreadsheet program writes; open it in "
                "one and save it again"
            )
        formulas = load_workbook(io.BytesIO(data))
        front = values.active
        shown = [s for s in values.worksheets if s.sheet_state == "visible"]
        sheets = sorted(shown, key=lambda sheet: sheet is not front)
        sheets += [s for s in values.worksheets if s not in shown]
        if not sheets:
            raise CorpusError(
                f"{path}: no sheet of cells was found, as in a workbook saved as Strict Open XML; "
                "save it as the usual .xlsx"
            )
        return [_sheet_grid(sheet, formulas[sheet.title]) for sheet in sheets]
    except DAMAGE as error:
        raise CorpusError(
            f"{path} is not a workbook, or a damaged one ({damage_said(error)}); open it in a "
            "spreadsheet program and save it as .xlsx"
        ) from error


def _sheet_grid(sheet: Any, formulas: Any) -> Grid:  # noqa: ANN401
    # What a file holds, not what it reaches over: to ask for a cell makes it, and one that is only
    # formatted may stand in the last row of all.
    held, written = sheet._cells, formulas._cells
    spread = {
        (row, area.min_col): held[area.min_row, area.min_col].value
        for area in sheet.merged_cells.ranges
        if area.max_col == area.min_col  # a cell over several rows means each of them
        for row in range(area.min_row + 1, min(area.max_row, area.min_row + 5000) + 1)
    }
    found = ((*at, _cell(one, written.get(at), spread.get(at))) for at, one in held.items())
    rows, cut = _lined(sheet.title, found)
    concealed = sheet.sheet_state != "visible"
    hidden = {n for n in rows if concealed or sheet.row_dimensions[n].hidden}
    return Grid(rows, frozenset(hidden), name=sheet.title, cut=cut)


def _lined(name: str, cells: Iterable[tuple[int, int, Any]]) -> tuple[dict[int, list[Any]], str]:
    """Put cells into rows by their row and column, from 1; say where a sheet has too many."""
    rows: dict[int, list[Any]] = {}
    room = MOST_CELLS
    for number, column, value in sorted(cells, key=lambda one: one[:2]):
        if value is None:
            continue
        row = rows.setdefault(number, [])
        room -= column - len(row)
        if room < 0:
            return rows, (
                f"sheet {name!r} has more than {MOST_CELLS:,} cells, empty ones among others too, "
                f"by row {number}; delete the columns and rows that are not needed, or save it in "
                "parts"
            )
        row += [*[None] * (column - 1 - len(row)), value]
    return rows, ""


def _cell(cell: Any, written: Any, spread: object) -> object:  # noqa: ANN401
    value = spread if cell.value is None else cell.value
    if value is None:
        if written is not None and written.data_type == "f":
            return Wrong(
                cell.coordinate,
                "holds a formula whose result was not saved; open the workbook in a spreadsheet "
                "program and save it, or paste the value",
            )
        return None
    if cell.data_type == "e":
        return Wrong(cell.coordinate, f"holds the error {value}; type what is meant")
    if isinstance(value, (dt.date, dt.time, dt.timedelta)):
        return Wrong(cell.coordinate, f"holds the date {value}, which is neither text nor a theme")
    if isinstance(value, (bool, int, float)):
        return Number(value, cell.coordinate)
    said = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))
    return _word(said, cell.coordinate)


class Number(str):
    """A number as text: good for a column that counts, no finding and no theme."""

    cell: str

    def __new__(cls, value: float, cell: str) -> Number:
        """Write the number as a person would."""
        whole = isinstance(value, float) and value.is_integer()
        made = super().__new__(cls, str(int(value) if whole else value))
        made.cell = cell
        return made


def ods_grids(path: Path, data: bytes) -> list[Grid]:
    """Read the sheets of an OpenDocument spreadsheet.

    Raises:
        CorpusError: It cannot be read.
    """
    from pipelines.workbooks.opening import read_sheets

    try:
        sheets = read_sheets(data, path.name)
    except UnreadableDocument as error:
        raise CorpusError(f"{path}: {error}") from error
    out = []
    for sheet in sheets:
        rows, cut = _lined(
            sheet.name,
            (
                (number, cell.column, _ods_value(cell))
                for cell in sheet.cells.values()
                for number in range(cell.row, cell.row + cell.over)
            ),
        )
        hidden = frozenset(rows) if sheet.concealed else sheet.hidden
        out.append(Grid(rows, hidden, name=sheet.name, cut=cut))
    return sorted(out, key=lambda grid: bool(grid.rows) and set(grid.rows) <= grid.hidden)


def _ods_value(cell: Cell) -> object:
    if cell.formula:
        return Wrong(cell.name, "holds a formula whose result was not saved; paste the value")
    if cell.kind == "error":
        return Wrong(cell.name, f"holds the error {cell.value}; type what is meant")
    if cell.kind in ("date", "time"):
        said = f"holds the {cell.kind} {cell.value}, which is neither text nor a theme"
        return Wrong(cell.name, said)
    if not isinstance(cell.value, str):
        return Number(cell.value, cell.name)
    return _word(cell.value, cell.name)


def shown(value: object) -> str:
    """Return what is in a cell as text; empty where nothing is."""
    return "" if value is None else str(value).strip().strip(UNSEEN).strip()
