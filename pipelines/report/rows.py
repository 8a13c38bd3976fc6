"""Tables as rows of plain Python values, whatever tables a run has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipelines.report.english import plain

Row = dict[str, Any]


def rows_of(tables: Mapping[str, pd.DataFrame], name: str) -> list[Row]:
    """Return the rows of a table; none where the run does not have it.

    Nulls become None, text loses what cannot be printed.
    """
    data = tables.get(name)
    return [] if data is None else _rows(data)


def each_row(
    tables: Mapping[str, pd.DataFrame], name: str, columns: Sequence[str] = ()
) -> Iterator[Row]:
    """Yield rows as `rows_of` gives them, or some columns of them, without holding all at once."""
    data = tables.get(name)
    return iter(()) if data is None else _each(data[list(columns)] if columns else data)


def number_of(tables: Mapping[str, Any], name: str) -> int:
    """Return how many rows a table has, in memory or in a file; 0 where there is none."""
    data = tables.get(name, ())
    return int(data.count_rows()) if hasattr(data, "count_rows") else len(data)


def by(rows: Iterable[Row], *keys: str) -> dict[Any, list[Row]]:
    """Group rows by a column, or by several as a tuple; the order of rows is kept."""
    out: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        out[row[keys[0]] if len(keys) == 1 else tuple(row[key] for key in keys)].append(row)
    return dict(out)


def _rows(data: pd.DataFrame) -> list[Row]:
    return list(_each(data))


def _each(data: pd.DataFrame) -> Iterator[Row]:
    names = [str(name) for name in data.columns]
    values = [_values(data[name]) for name in data.columns]
    for row in zip(*values, strict=True):
        yield dict(zip(names, row, strict=True))


def _values(column: pd.Series[Any]) -> list[object]:
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iub":  # has no nulls
        values: list[object] = column.tolist()
        return values
    # Equal texts become one: a thousand reports say the same units and standards everywhere.
    known: dict[str, object] = {}
    return [
        known.get(value) or known.setdefault(value, printable(value))
        if isinstance(value, str)
        else None
        if value is None or value is np.nan
        else printable(value)
        for value in column.tolist()
    ]


def printable(value: object) -> object:
    """Return a value without what cannot be printed in its texts; None for what is missing."""
    if isinstance(value, str):
        return value if value.isprintable() else plain(value)
    if isinstance(value, list | tuple) or hasattr(value, "tolist"):
        inner = value if isinstance(value, list | tuple) else value.tolist()
        return [plain(v) for v in inner] if isinstance(inner, list | tuple) else inner
    return None if value is None or value is pd.NA or value != value else value
