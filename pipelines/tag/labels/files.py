"""Label files: rows of CSV, workbooks and JSON as they stand there, before anything is checked.

People send what their programs write. So heads are known in any case and spelling and under the
names that annotation tools use, the sheet with the labels is looked for, and rows are numbered as
the program shows them. What cannot be a label is kept with a sentence that names its cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from pipelines import columns as c
from pipelines.errors import CorpusError
from pipelines.regular import regular_bytes
from pipelines.tag.labels import ticks
from pipelines.tag.labels.choices import chosen
from pipelines.tag.labels.columns import (
    SAYING,
    Heads,
    by_coder,
    heads_in,
    keys_of,
    may_be_codebook,
    sheets_of_people,
)
from pipelines.tag.labels.heads import CODER, DECIDED, DONE, ISSUES, THEMES
from pipelines.tag.labels.records import PASSED, UNANSWERED, json_records, jsonl_records
from pipelines.tag.labels.sheets import Grid, Wrong, ods_grids, shown, text_grids, xlsx_grids
from pipelines.tag.labels.wording import alike

WRITTEN: Final = "written"
REAL: Final = "real"

_TOP: Final = 20  # rows among which the heads are looked for
_TABLES: Final = {
    ".csv": text_grids,
    ".tsv": text_grids,
    ".txt": text_grids,
    ".xlsx": xlsx_grids,
    ".xlsm": xlsx_grids,
    ".ods": ods_grids,
}
_RECORDS: Final = {".jsonl": jsonl_records, ".ndjson": jsonl_records, ".json": json_records}
SUFFIXES: Final = (*_TABLES, *_RECORDS)
_CHECKED: Final = (c.TEXT, c.DIGEST, THEMES, ISSUES, c.POLARITY, *DECIDED.values())
_ODS: Final = b"application/vnd.oasis.opendocument.spreadsheet"
_QUOTE: Final = "put quotes around a cell that holds the sign by which cells are parted"
_CONTROL: Final = re.compile(rb"[\0-\x08\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a label file as it stands there.

    Attributes:
        source: File and row, as its program numbers it.
        values: By the names that we use for columns.
        origin: `real` or `written`.
        wrong: Why it cannot be a label, with the cell; empty if it can.
        note: What is said of it though it is used, or why it was passed over.
        passed: Whether it was passed over.
        file: Its path; empty for a row of none.
    """

    source: str
    values: Mapping[str, Any]
    origin: str
    wrong: str = ""
    note: str = ""
    passed: bool = False
    file: str = ""


def shipped_labels() -> Path:
    """Return the folder of the labels that came with the package."""
    installed = Path(str(files("pipelines") / "shipped" / "labels"))
    return installed if installed.is_dir() else Path(__file__).parents[3] / "corpus" / "labels"


def read_rows(path: Path, *, origin: str = REAL) -> list[Row]:
    """Read a label file.

    Args:
        path: CSV, TSV, XLSX, ODS, JSON or JSON lines, told by the suffix; also what Label Studio,
            doccano, Prodigy and Argilla export.
        origin: Of rows that do not say theirs: `real` or `written`.

    Raises:
        CorpusError: It cannot be read, has no column of themes, or holds no row.
    """
    data = _bytes(path)
    suffix = path.suffix.lower()
    packed = data[:2] == b"PK"
    if suffix not in SUFFIXES and not packed:
        old = "; open it in a spreadsheet program and save it as .xlsx" if suffix == ".xls" else ""
        raise CorpusError(
            f"{path}: expected .csv, .tsv, .xlsx, .ods, .json or .jsonl; "
            f"save the labels as one of them{old}"
        )
    # People rename what they send: what is in the file decides, where that is plain.
    objects = data[:400].translate(None, b"\0\xef\xbb\xbf\xfe\xff").lstrip()[:1] in (b"{", b"[")
    if not packed and (objects or (suffix in _RECORDS and not data.strip())):
        rows = _of_records(path, _RECORDS.get(suffix, jsonl_records)(path, data), origin)
    else:
        rows = _of_grids(path, _reader(suffix, data)(path, data), origin)
    if rows and all(row.passed and row.note.startswith("is hidden") for row in rows):
        raise CorpusError(
            f"{path}: holds no label that is shown: {len(rows)} are hidden, by a filter or with "
            "their sheet; show them in a spreadsheet program and save it"
        )
    if not any(not row.passed for row in rows):
        raise CorpusError(
            f"{path}: holds no label; expected a row a finding below the heads "
            f"{c.TEXT!r} and {THEMES!r}"
        )
    return [replace(row, file=str(path)) for row in rows]


def read_grids(path: Path) -> list[Grid]:
    """Return the sheets of a table, whatever is in them.

    Raises:
        CorpusError: It cannot be read, or is none.
    """
    data = _bytes(path)
    return _reader(path.suffix.lower(), data)(path, data)


def _bytes(path: Path) -> bytes:
    try:
        return regular_bytes(path)
    except OSError as error:
        raise CorpusError(f"{path} cannot be read ({error.strerror}); check the path") from error


def _reader(suffix: str, data: bytes) -> Callable[[Path, bytes], list[Grid]]:
    """Return what reads a table by what is in the file."""
    if data[:2] == b"PK":
        return ods_grids if _ODS in data[:200] else xlsx_grids
    binary = _CONTROL.search(data[:2000]) or b"\n" not in data
    return _TABLES.get(suffix, text_grids) if binary else text_grids


def _of_records(path: Path, records: list[tuple[int, dict[str, Any]]], origin: str) -> list[Row]:
    """Return the rows of records, as of a table whose columns are all their keys."""
    of_ours = (PASSED, UNANSWERED)
    keys = list(dict.fromkeys(k for _, values in records for k in values if k not in of_ours))
    table = {n: [values.get(key) for key in keys] for n, (_, values) in enumerate(records, 1)}
    heads = heads_in(Grid(table), 0, keys)
    if heads is None:
        raise _no_themes(str(path), keys)
    if heads.wrong:
        raise CorpusError(f"{path}: {heads.wrong}")
    out = []
    for n, (number, record) in enumerate(records, 1):
        source = f"{path.name} row {number}"
        for said in by_coder(table[n], heads):
            values = {k: v for k, v in said.items() if k == THEMES or v is not None}
            silent = not any(values.get(name) for name in (THEMES, ISSUES))
            why = record.get(PASSED) or (record.get(UNANSWERED) if silent else "")
            if why:
                out.append(Row(source, values, origin, note=why, passed=True))
                continue
            if not isinstance(values.get(THEMES), (str, Wrong)):
                values[THEMES] = chosen(values.get(THEMES))
            wrong = values.pop(THEMES).what if isinstance(values[THEMES], Wrong) else ""
            out.append(Row(source, values, origin, wrong=wrong, note=heads.note))
    return out


def _of_grids(path: Path, grids: Sequence[Grid], origin: str) -> list[Row]:
    """Return the rows of the first sheet that has heads of ours, and of others with the same."""
    headed = [(grid, head) for grid in grids if (head := _head(grid)) is not None]
    if not headed:
        filled = (cells for grid in grids for _, cells in _top(grid))
        raise _no_themes(str(path), [said for cell in next(filled, ()) if (said := shown(cell))])
    # A codebook of themes with their descriptions may stand before the findings.
    grid, (number, heads) = min(headed, key=lambda one: _comes_later(one[0], *one[1]))
    cells = grid.rows[number]
    sheets = [(grid.name, _below(path.name, grid, number, heads, origin))]
    rest = [more for more, _ in headed if more is not grid]
    sheets += [(more.name, _more(path.name, more, cells, origin)) for more in rest]
    rows = _of_sheets(sheets, named=CODER in heads.single or bool(heads.coders))
    if DONE in heads.single and all(row.note.startswith(ticks.HELD) for row in rows):
        raise CorpusError(
            f"{path}: no row is marked in the column 'Done', so none was taken over; "
            "write done in those that are right"
        )
    return rows


def _comes_later(grid: Grid, number: int, heads: Heads) -> bool:
    return may_be_codebook(grid, number, heads) or set(grid.rows) <= grid.hidden


def _head(grid: Grid) -> tuple[int, Heads] | None:
    """Return the number of the row of heads, and what they are; None where there is none."""
    found = ((number, heads_in(grid, number, cells)) for number, cells in _top(grid))
    return next(((number, heads) for number, heads in found if heads is not None), None)


def _of_sheets(sheets: Sequence[tuple[str, list[Row]]], *, named: bool) -> list[Row]:
    """Return the rows of all sheets, with their coder where each sheet is one person's."""
    findings = [
        (
            name,
            [
                alike(str(row.values.get(c.TEXT) or row.values.get(c.DIGEST)))
                for row in rows
                if row.values
            ],
        )
        for name, rows in sheets
    ]
    if named or not sheets_of_people(findings):
        return [row for _, rows in sheets for row in rows]
    note = f"has one sheet for each person: {'; '.join(name for name, texts in findings if texts)}"
    return [
        replace(
            row,
            values={**row.values, CODER: name} if row.values else {},
            note=row.note if row.passed else "; ".join(filter(None, (row.note, note))),
        )
        for name, rows in sheets
        for row in rows
    ]


def _top(grid: Grid) -> list[tuple[int, Sequence[Any]]]:
    """Return the first rows that hold anything."""
    return [(n, cells) for n, cells in grid.rows.items() if any(map(shown, cells))][:_TOP]


def _more(file: str, grid: Grid, first: Sequence[Any], origin: str) -> list[Row]:
    """Return the rows of another sheet with the same heads; one with others is said."""
    place = f"{file} sheet {grid.name}"
    for number, cells in _top(grid):
        heads = heads_in(grid, number, cells)
        if heads is not None and keys_of(cells) == keys_of(first):
            return _below(place, grid, number, heads, origin)
        if heads is not None:
            note = "has findings and themes too, but other heads, and was not read; save it alone"
            return [Row(f"{place} row {number}", {}, origin, note=note, passed=True)]
    return []


def _no_themes(place: str, got: Sequence[str]) -> CorpusError:
    found = ", ".join(repr(name[:40]) for name in got[:12]) or "nothing"
    return CorpusError(
        f"{place}: no column {THEMES!r}; got {found}; expected {THEMES!r} and {c.TEXT!r} or "
        f"{c.DIGEST!r} as heads"
    )


def _below(file: str, grid: Grid, head: int, heads: Heads, origin: str) -> list[Row]:
    if wrong := grid.cut or heads.wrong:
        raise CorpusError(f"{file}: {wrong}")
    out, unmarked = [], []
    top = [*map(shown, grid.rows[head])]  # again, where files were put one behind the other
    below = {n: row for n, row in grid.rows.items() if n > head and [*map(shown, row)] != top}
    no = ticks.says_no(below.values(), [heads.single[DONE]]) if DONE in heads.single else ()
    for number, cells in below.items():
        source = f"{file} row {number}"
        beyond = cells[len(top) :] if grid.parted else ()
        if stray := next(filter(None, map(shown, beyond)), ""):
            wrong = f"{stray[:60]!r} stands behind the last head; {_QUOTE}"
            out.append(Row(source, {}, origin, wrong=wrong))
            continue
        for values in by_coder(cells, heads):
            if not any(shown(values.get(name)) for name in SAYING):
                continue  # as spreadsheets write blank rows, with boxes to tick in them perhaps
            back = ticks.held_back(values[DONE], no) if DONE in heads.single else None
            if back is None and number in grid.hidden:
                back = "is hidden, by a filter perhaps, and was passed over; show it if it counts"
            if back is not None:
                unmarked += [] if back else [number]
                out += [Row(source, {}, origin, note=back, passed=True)] if back else []
                continue
            said = [grid.note, heads.note, ticks.crossed_boxes(cells, heads.ticked, heads.no)]
            if DONE in heads.single:
                said, values[DONE] = [*said, ticks.taken_as_done(values[DONE])], True
            failed = {name: one for name, one in values.items() if isinstance(one, Wrong)}
            wrong = "; ".join(f"{failed[n].cell} {failed[n].what}" for n in _CHECKED if n in failed)
            said += [
                f"a cell of the column {name!r} that {one.what.partition(';')[0]} was left out"
                for name, one in failed.items()
                if name not in _CHECKED
            ]
            plain = {n: one for n, one in values.items() if n not in failed}
            note = "; ".join(filter(None, said))
            out.append(Row(source, plain, origin, wrong=wrong, note=note))
    if unmarked:  # said once: a sheet of ours is so before it is looked at
        place = f"{file} row {unmarked[0]}" + (f" and {n} more" if (n := len(unmarked) - 1) else "")
        out.append(Row(place, {}, origin, note=f"{ticks.HELD} no or nothing", passed=True))
    return out
