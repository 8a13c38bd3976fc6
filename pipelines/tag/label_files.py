"""Label files: rows of CSV, workbooks and JSON as they stand there, before anything is checked.

People send what their programs write. So heads are known in any case and spelling and under the
names that annotation tools use, the sheet with the labels is looked for, and rows are numbered as
the program shows them. What cannot be a label is kept with a sentence that names its cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from pipelines import columns as c
from pipelines.errors import CorpusError
from pipelines.tag.label_heads import (
    CODER,
    DONE,
    ISSUES,
    ORIGIN,
    SECTION,
    THEMES,
    VOICE,
    heads_of,
    spread_of,
)
from pipelines.tag.label_json import json_records, jsonl_records
from pipelines.tag.label_sheets import Grid, Wrong, ods_grids, text_grids, xlsx_grids

__all__ = [
    "CODER",
    "ISSUES",
    "ORIGIN",
    "REAL",
    "SECTION",
    "THEMES",
    "VOICE",
    "WRITTEN",
    "Row",
    "read_rows",
    "shipped_labels",
]

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
_KNOWN: Final = (*_TABLES, *_RECORDS)


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
    """

    source: str
    values: Mapping[str, Any]
    origin: str
    wrong: str = ""
    note: str = ""
    passed: bool = False


def shipped_labels() -> Path:
    """Return the folder of the labels that came with the package."""
    installed = Path(str(files("pipelines") / "shipped" / "labels"))
    return installed if installed.is_dir() else Path(__file__).parents[2] / "corpus" / "labels"


def read_rows(path: Path, *, origin: str = REAL) -> list[Row]:
    """Read a label file.

    Args:
        path: CSV, TSV, XLSX, ODS, JSON or JSON lines, told by the suffix; also what Label Studio,
            doccano, Prodigy and Argilla export.
        origin: Of rows that do not say theirs: `real` or `written`.

    Raises:
        CorpusError: It cannot be read, has no column of themes, or holds no row.
    """
    suffix = path.suffix.lower()
    if suffix not in _KNOWN:
        old = "; open it in a spreadsheet program and save it as .xlsx" if suffix == ".xls" else ""
        raise CorpusError(
            f"{path}: expected .csv, .tsv, .xlsx, .ods, .json or .jsonl; "
            f"save the labels as one of them{old}"
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path} cannot be read ({error.strerror}); check the path") from error
    if suffix in _RECORDS:
        rows = _of_records(path, _RECORDS[suffix](path, data), origin)
    else:
        rows = _of_grids(path, _TABLES[suffix](path, data), origin)
    if not any(not row.passed for row in rows):
        raise CorpusError(
            f"{path}: holds no label; expected a row a finding below the heads "
            f"{c.TEXT!r} and {THEMES!r}"
        )
    return rows


def _of_records(path: Path, records: list[tuple[int, dict[str, Any]]], origin: str) -> list[Row]:
    out = []
    for number, values in records:
        source = f"{path.name} row {number}"
        if values.pop("passed", ""):
            out.append(Row(source, values, origin, note="was not accepted there", passed=True))
        elif THEMES not in values:
            raise _no_themes(f"{path} row {number}", sorted(map(str, values)))
        else:
            out.append(Row(source, values, origin))
    return out


def _of_grids(path: Path, grids: Sequence[Grid], origin: str) -> list[Row]:
    """Return the rows of the first sheet that has heads of ours."""
    seen: list[str] = []
    for grid in grids:
        for number, cells in list(grid.rows.items())[:_TOP]:
            shown = [_shown(cell) for cell in cells]
            heads, spread = heads_of(shown), spread_of(shown)
            if (THEMES in heads or THEMES in spread) and {c.TEXT, c.DIGEST} & set(heads):
                return _below(path, grid, number, heads, spread, origin)
            seen = seen or [said for cell in cells if (said := _shown(cell))]
    raise _no_themes(str(path), seen)


def _no_themes(place: str, got: Sequence[str]) -> CorpusError:
    found = ", ".join(repr(name[:40]) for name in got[:12]) or "nothing"
    return CorpusError(
        f"{place}: no column {THEMES!r}; got {found}; expected {THEMES!r} and {c.TEXT!r} or "
        f"{c.DIGEST!r} as heads"
    )


def _below(
    path: Path,
    grid: Grid,
    head: int,
    heads: Mapping[str, int],
    spread: Mapping[str, Sequence[int]],
    origin: str,
) -> list[Row]:
    out = []
    for number, cells in grid.rows.items():
        if number <= head:
            continue
        values = _values(cells, heads, spread)
        if not any(_shown(value) for value in values.values()):
            continue  # as spreadsheets write blank rows
        if DONE in heads and not _shown(values[DONE]):
            continue  # a row of our own sheet that nobody has looked at yet
        source = f"{path.name} row {number}"
        if number in grid.hidden:
            note = "is hidden, by a filter perhaps, and was passed over; show it if it counts"
            out.append(Row(source, {}, origin, note=note, passed=True))
            continue
        wrong = "; ".join(
            f"{value.cell} {value.what}" for value in values.values() if isinstance(value, Wrong)
        )
        plain = {n: v for n, v in values.items() if not isinstance(v, Wrong)}
        out.append(Row(source, plain, origin, wrong=wrong, note=grid.note))
    return out


def _values(
    cells: Sequence[Any], heads: Mapping[str, int], spread: Mapping[str, Sequence[int]]
) -> dict[str, Any]:
    values = {name: cells[at] if at < len(cells) else None for name, at in heads.items()}
    for name, places in spread.items():
        several = [cells[at] for at in places if at < len(cells)]
        failed = [cell for cell in several if isinstance(cell, Wrong)]
        said = [_shown(cell) for cell in several if _shown(cell)]
        values[name] = failed[0] if failed else "; ".join(said)
    return values


def _shown(value: object) -> str:
    return "" if value is None else str(value).strip()
