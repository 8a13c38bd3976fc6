"""Frames that keep the contract of `columns.py`: right columns, right order, right types."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pipelines.columns import TABLES, Kind
from pipelines.errors import SettingsError, check_kind

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    import pyarrow.dataset as ds

T = TypeVar("T")

_DTYPE: Final[dict[Kind, Any]] = {
    "text": "str",
    "integer": "Int64",
    "number": "float64",
    "boolean": "bool",
    "list": "object",
}


_MISSING: Final = frozenset({"nan", "<NA>", "NaT"})

FORMULA: Final = "=+-@\t\r\n＝＋－＠"
"""Characters that open a formula; a spreadsheet in East Asian settings takes the wide ones too."""

UNSEEN: Final = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u202a\u202b\u202c\u202d\u202e"
"""Characters that may stand before one, and change nothing."""


def harmless(text: str) -> str:
    """Return text for a CSV cell: a spreadsheet must not take it for a formula.

    What begins like one gets an apostrophe before it, as spreadsheets themselves write it. A lone
    carriage return would end a row for some programs, NUL the whole file.
    """
    text = text.replace("\0", "\ufffd").replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if text.lstrip(UNSEEN).startswith(tuple(FORMULA)) else text


def as_written(text: str) -> str:
    """Return the text of a cell without the apostrophe that `harmless` put before it."""
    return text[1:] if text[:1] == "'" and harmless(text[1:]) == text else text


def frame(table: str, rows: Iterable[Mapping[str, object]] = ()) -> pd.DataFrame:
    """Build the table from rows; a missing value is null, a key that is not a column is an error.

    Args:
        table: A name in `columns.TABLES`.
        rows: Mappings from column name to value.

    Raises:
        SettingsError: A row has a key that is not a column of the table.
    """
    import pandas as pd

    listed = rows if isinstance(rows, list) else [dict(row) for row in rows]
    known = set(TABLES[table].names)
    for row in listed:
        if strange := sorted(set(row) - known):
            raise SettingsError(f"table {table}: no column {strange[0]!r}; it has {sorted(known)}")
    return conform(table, pd.DataFrame(listed, columns=list(TABLES[table].names)))


def missing(value: object) -> bool:
    """Tell whether a cell of a frame holds nothing, which its types write in several ways."""
    # Told by its name, so that commands which only list need not import pandas.
    return value is None or (not isinstance(value, str) and str(value) in _MISSING)


def records(data: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame by column, None for what is missing."""
    return [
        {str(name): None if missing(value) else value for name, value in row.items()}
        for row in data.to_dict("records")
    ]


class Given(Mapping[str, T]):
    """Tables that somebody gave to a stage, each looked at when it is asked for.

    Raises:
        SettingsError: They are no mapping; or a table is no frame and no data set, or lacks a
            column that is read; others may be left out.
    """

    def __init__(self, tables: Mapping[str, T], reads: Mapping[str, Collection[str]]) -> None:
        """Take tables, and the columns without which nothing comes of them."""
        check_kind("tables", tables, Mapping, "tables by their names, as run(...).tables")
        self._tables = tables
        self._reads = reads

    def __getitem__(self, name: str) -> T:
        found = self._tables[name]
        columns = getattr(getattr(found, "schema", None), "names", None)  # as a data set has them
        if columns is None:
            columns = getattr(found, "columns", None)
        if columns is None:
            got = type(found).__name__
            raise SettingsError(
                f"table {name}: got {got}; expected a DataFrame, as run(...).{name}"
            )
        require_columns(self._reads.get(name, ()), name, list(columns))
        return found

    def need(self, *names: str) -> None:
        """Raise SettingsError where a table is not there without which all counts are nought."""
        if missing := [name for name in names if name not in self._tables]:
            raise SettingsError(
                f"table {missing[0]} is missing; got {sorted(self._tables)}; give it, if it is "
                f"empty as pipelines.tables.frame({missing[0]!r})"
            )

    def __contains__(self, name: object) -> bool:
        return name in self._tables  # without reading it

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


def table(tables: Mapping[str, pd.DataFrame], name: str) -> pd.DataFrame:
    """Return a table of the run, or an empty one with its columns where the run has none."""
    return tables[name] if name in tables else frame(name)


def schema_of(table: str) -> pa.Schema:
    """Return the columns of a table of the contract, in order, with their types in Parquet."""
    import pyarrow as pa

    kinds: dict[Kind, Any] = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "list": pa.list_(pa.string()),
    }
    return pa.schema([(column.name, kinds[column.kind]) for column in TABLES[table].columns])


SCANNED: Final[dict[str, Any]] = {
    "batch_size": 50_000,
    "batch_readahead": 1,
    "fragment_readahead": 1,
}
"""How a file is scanned: what Arrow reads ahead by itself is half a gigabyte of tags."""


def file_of(path: Path) -> ds.Dataset:
    """Return a table's file as a data set, to be scanned as `SCANNED` says."""
    import pyarrow.dataset as ds

    options = ds.ParquetFragmentScanOptions(pre_buffer=False)
    form = ds.ParquetFileFormat(default_fragment_scan_options=options)
    return ds.dataset(path, format=form)


def require_columns(wanted: Iterable[str], table: str, given: Collection[str]) -> None:
    """Check that a table has columns.

    Raises:
        SettingsError: One is missing.
    """
    if missing := [name for name in wanted if name not in given]:
        raise SettingsError(
            f"table {table}: column {missing[0]!r} is missing; got {list(given)}; a folder "
            "of another version is made anew by findings run"
        )


def conform(table: str, data: pd.DataFrame, *, only: Collection[str] | None = None) -> pd.DataFrame:
    """Return `data` with exactly the table's columns, in order, in their types.

    Args:
        table: A name in `columns.TABLES`.
        data: Has these columns, and perhaps others.
        only: Names of the columns wanted; all where none are given.

    Raises:
        SettingsError: A column is missing.
    """
    import pandas as pd

    wanted = [x for x in TABLES[table].columns if only is None or x.name in only]
    require_columns([column.name for column in wanted], table, list(data.columns))
    out = data.loc[:, [column.name for column in wanted]].reset_index(drop=True)
    for column, given in zip(wanted, list(out.dtypes), strict=True):
        if column.kind != "list" and given == _DTYPE[column.kind]:
            continue  # a frame takes a column with a search that costs more than the column
        values = out[column.name]
        if column.kind == "list":
            out[column.name] = pd.Series(
                [[] if v is None or isinstance(v, float) else [str(x) for x in v] for v in values],
                dtype="object",
                index=out.index,
            )
        elif column.kind == "boolean":
            out[column.name] = values.where(values.notna(), other=False).astype("bool")
        else:
            out[column.name] = values.astype(_DTYPE[column.kind])
    return out
