"""Tables for other programs: SQLite for Datasette and the like, a workbook, CSV, Parquet.

The data dictionary travels with each of them.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import pandas as pd

from pipelines import columns as c
from pipelines.columns import TABLES, Kind
from pipelines.durable import drafted, storing, write_bytes, write_text
from pipelines.errors import SettingsError
from pipelines.report.english import plain
from pipelines.report.export.dictionary import (
    HEADS,
    describe_columns,
    dictionary_markdown,
    dictionary_rows,
)
from pipelines.report.owned import check_answer, check_sqlite, mark_answer, mark_sqlite
from pipelines.tables import harmless, missing

_TYPES: Final[dict[Kind, str]] = {
    "text": "TEXT",
    "integer": "INTEGER",
    "number": "REAL",
    "boolean": "INTEGER",
    "list": "TEXT",
}
_KEYS: Final = {
    "documents": c.DOCUMENT_ID,
    "findings": c.FINDING_ID,
    "recommendations": c.RECOMMENDATION_ID,
    "issues": c.ISSUE_ID,
}
_DICTIONARY: Final = "data_dictionary"
_SQLITE: Final = frozenset({".sqlite", ".sqlite3", ".db"})


def export_sqlite(tables: Mapping[str, pd.DataFrame], path: Path) -> Path:
    """Write the tables into one SQLite file, lists as JSON, with keys and the dictionary.

    Args:
        tables: Name to frame.
        path: File to write; one that this function wrote and nobody changed is replaced.

    Raises:
        SettingsError: Another file is there.
        StorageError: The file cannot be written.
    """
    check_sqlite(path)
    with closing(sqlite3.connect(":memory:")) as connection:
        for name in _ordered(tables):
            _create(connection, name, tables[name])
        connection.execute(
            f"CREATE TABLE {_DICTIONARY} ({', '.join(f'{_quoted(h)} TEXT' for h in HEADS)})"
        )
        _insert(connection, _DICTIONARY, dictionary_rows(tables), len(HEADS))
        connection.commit()
        data = connection.serialize()
    write_bytes(path, mark_sqlite(data))
    return path


def export_tables(tables: Mapping[str, pd.DataFrame], to: Path) -> Path:
    """Write the tables to a place whose suffix says the form.

    Args:
        tables: Name to frame.
        to: `.sqlite` or `.db`, `.xlsx`, or without a suffix a new folder for CSV files.

    Raises:
        SettingsError: The suffix is another, or something that is not ours is there.
        StorageError: It cannot be written.
    """
    suffix = to.suffix.lower()
    if suffix in _SQLITE:
        return export_sqlite(tables, to)
    if suffix == ".xlsx":
        from pipelines.report.export.workbook import export_workbook  # openpyxl is heavy

        with storing(to):  # openpyxl writes sheets into the folder of temporary files first
            return export_workbook(tables, to)
    if suffix and not to.is_dir():
        raise SettingsError(
            f"{to.name}: no form of {suffix}; expected {', '.join(sorted(_SQLITE))} or .xlsx, or a "
            "folder's name without a suffix for CSV files"
        )
    return export_folder(tables, to)


def export_folder(tables: Mapping[str, pd.DataFrame], folder: Path) -> Path:
    """Write each table as CSV into a folder, with the dictionary as `DICTIONARY.md`.

    Args:
        tables: Name to frame.
        folder: New or empty; nothing is overwritten.

    Raises:
        SettingsError: The folder holds something.
        StorageError: It cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SettingsError(f"{folder}: is not empty; give a new folder")
    with drafted(folder) as draft:
        for name in _ordered(tables):
            if name != Path(name).name or name in ("", ".", ".."):
                raise SettingsError(f"table {name!r}: is no name of a file; it is not written")
            (draft / f"{name}.csv").write_text(to_csv(tables[name]), encoding="utf-8-sig")
        (draft / "DICTIONARY.md").write_text(dictionary_markdown(tables), encoding="utf-8")
    return folder


def write_result(result: pd.DataFrame, path: Path) -> list[Path]:
    """Write the answer to a query as CSV or Parquet, with a dictionary of its columns beside it.

    Raises:
        SettingsError: The suffix is neither `.csv` nor `.parquet`, or another file is there.
        StorageError: The file cannot be written.
    """
    if path.suffix == ".csv":
        data = to_csv(result).encode("utf-8-sig")  # Excel takes UTF-8 by its mark alone
    elif path.suffix == ".parquet":
        stream = io.BytesIO()
        result.to_parquet(stream, index=False)
        data = stream.getvalue()
    else:
        raise SettingsError(f"{path.name}: the suffix says the format; use .csv or .parquet")
    lines = ["| column | kind | meaning |", "|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in describe_columns(map(str, result.columns))]
    beside = path.with_suffix(".dictionary.md")
    check_answer(path, beside)
    # The mark first, which knows what is there and what will be: a kill leaves both files ours.
    write_text(beside, mark_answer(path, data, "\n".join(lines) + "\n"))
    write_bytes(path, data)
    return [path, beside]


def to_csv(data: pd.DataFrame) -> str:
    """Return a frame as CSV: lists as JSON, no text that a spreadsheet would take for a formula."""
    return csv_of(map(str, data.columns), _rows(data))


def csv_of(names: Iterable[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as `to_csv` returns a frame."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([harmless(name) for name in names])
    for row in rows:
        values = map(_plain, row)
        writer.writerow([harmless(plain(v)) if isinstance(v, str) else v for v in values])
    return stream.getvalue()


def _ordered(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    known = [name for name in TABLES if name in tables]
    return known + sorted(set(tables) - set(known))


def _create(connection: sqlite3.Connection, name: str, data: pd.DataFrame) -> None:
    kinds = {k.name: k.kind for k in TABLES[name].columns} if name in TABLES else {}
    columns = [
        f"{_quoted(column)} {_TYPES[kinds.get(str(column), 'text')]}"
        + (" PRIMARY KEY" if _KEYS.get(name) == column else "")
        for column in data.columns
    ]
    columns += [
        f"FOREIGN KEY ({key}) REFERENCES {table} ({key})"
        for table, key in _KEYS.items()
        if table != name and key in data.columns
    ]
    connection.execute(f"CREATE TABLE {_quoted(name)} ({', '.join(columns)})")
    _insert(connection, name, (list(map(_plain, row)) for row in _rows(data)), len(data.columns))


def _insert(
    connection: sqlite3.Connection, name: str, rows: Iterable[Sequence[object]], width: int
) -> None:
    marks = ", ".join("?" * width)
    connection.executemany(f"INSERT INTO {_quoted(name)} VALUES ({marks})", rows)  # noqa: S608


def _quoted(name: object) -> str:
    return '"' + str(name).replace('"', '""') + '"'


def _rows(data: pd.DataFrame) -> Iterable[tuple[object, ...]]:
    return zip(*(data[name].tolist() for name in data.columns), strict=True)


def _plain(value: object) -> object:
    """Return a value that SQLite and CSV hold: text, number or nothing; a list as JSON."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list | tuple) or hasattr(value, "tolist"):
        inner = value if isinstance(value, list | tuple) else value.tolist()
        return json.dumps(inner, ensure_ascii=False) if isinstance(inner, list | tuple) else inner
    if missing(value):
        return None
    return int(value) if isinstance(value, bool) else value
