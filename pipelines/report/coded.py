"""Columns of a table as a report holds them: what many rows say alike is there once.

A batch has hundreds of thousands of findings. As values of Python each would cost kilobytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.report.english import plain
from pipelines.report.rows import Row, printable
from pipelines.tables import SCANNED, schema_of

T = TypeVar("T")
Columns = pa.Table
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Coded(Generic[T]):
    """A column of few values: each once, and for every row the number of its own."""

    values: Sequence[T]
    codes: npt.NDArray[np.int32]

    def __getitem__(self, row: int) -> T:
        value: T = self.values[self.codes[row]]
        return value

    def __iter__(self) -> Iterator[T]:
        return map(self.values.__getitem__, self.codes.tolist())

    @property
    def ranks(self) -> Numbers:
        """The place of each row's value among the values in order."""
        order = sorted(range(len(self.values)), key=self.values.__getitem__)  # type: ignore[arg-type]
        ranks = np.empty(len(order), np.int64)
        ranks[order] = np.arange(len(order))
        return ranks[self.codes]


@dataclass(frozen=True, slots=True, eq=False)
class Listed(Generic[T]):
    """A column of lists: all items in order, each with a weight, and where each row's begin."""

    items: Coded[T]
    weights: npt.NDArray[np.float64]
    starts: Numbers

    def __getitem__(self, row: int) -> tuple[tuple[T, float], ...]:
        here = range(self.starts[row], self.starts[row + 1])
        return tuple((self.items[at], float(self.weights[at])) for at in here)

    def __iter__(self) -> Iterator[list[T]]:
        """Yield each row's items, without their weights."""
        items = list(self.items)
        return (items[start:end] for start, end in pairwise(self.starts.tolist()))

    def having(self, item: T) -> list[int]:
        """Return the rows that have an item."""
        if item not in self.items.values:
            return []
        found = np.flatnonzero(self.items.codes == self.items.values.index(item))
        rows: list[int] = (np.searchsorted(self.starts, found, side="right") - 1).tolist()
        return rows

    @property
    def weighed(self) -> npt.NDArray[np.float64]:
        """The weight of all items of each row."""
        reached = np.concatenate([[0.0], np.cumsum(self.weights)])
        weighed: npt.NDArray[np.float64] = np.diff(reached[self.starts])
        return weighed

    @property
    def filled(self) -> npt.NDArray[np.bool_]:
        """Whether each row has any."""
        return np.diff(self.starts) > 0


def taken(
    tables: Mapping[str, Any], name: str, columns: Sequence[str], where: pc.Expression | None = None
) -> pa.Table:
    """Take some columns of a table, in memory or in a file; of one that is not there, no rows.

    Args:
        tables: Frames and files by name.
        name: Of the table.
        columns: Their names; one that the table lacks is null.
        where: Which rows; all where nothing is said.
    """
    data = tables.get(name)
    schema = pa.schema([schema_of(name).field(column) for column in columns])
    if data is None:
        return schema.empty_table()
    if not isinstance(data, pd.DataFrame):
        return data.to_table(list(columns), filter=where, **SCANNED)
    known = pa.schema([field for field in schema if field.name in data])
    shown = {n: data[n].map(printable) if data[n].dtype == object else data[n] for n in known.names}
    made = pa.Table.from_pandas(pd.DataFrame(shown), known, preserve_index=False)
    for field in schema:
        if field.name not in known.names:
            made = made.append_column(field, pa.nulls(len(data), field.type))
    return made if where is None else made.filter(where)


def coded(rows: pa.Table, say: Callable[[Row], T], *columns: str) -> Coded[T]:
    """Return what is said of each row, found once for all rows that have the same in some columns.

    Args:
        rows: With these columns.
        say: Given the columns as `rows_of` gives them.
        columns: Their names; few values of each, taken together, are different.
    """
    key, known = np.zeros(rows.num_rows, np.int64), []
    for name in columns:
        column = pc.dictionary_encode(rows[name].combine_chunks(), null_encoding="encode")
        known.append([plain(v) if isinstance(v, str) else v for v in column.dictionary.to_pylist()])
        key = key * max(1, len(known[-1])) + column.indices.to_numpy()
    distinct, places = np.unique(key, return_inverse=True)
    numbers: dict[T, int] = {}
    codes = [numbers.setdefault(say(row), len(numbers)) for row in _apart(distinct, columns, known)]
    return Coded(list(numbers), np.array(codes, np.int32)[places])


def _apart(
    keys: Numbers, columns: Sequence[str], known: Sequence[Sequence[object]]
) -> Iterator[Row]:
    """Yield the values that keys were made of."""
    for key in keys.tolist():
        row = {}
        for name, values in zip(reversed(columns), reversed(known), strict=True):
            key, at = divmod(key, len(values))
            row[name] = values[at]
        yield row


def listed(
    rows: Numbers, items: Coded[T], weights: npt.NDArray[np.float64], number: int
) -> Listed[T]:
    """Put items together by the row that each belongs to, the weightiest of a row first.

    Args:
        rows: Of each item; those of -1 belong to none.
        items: Of equal weight they stand as they come.
        weights: Of the items.
        number: Of rows.
    """
    order = np.lexsort((-weights, rows))
    order = order[np.searchsorted(rows[order], 0) :]
    starts = np.searchsorted(rows[order], np.arange(number + 1))
    return Listed(Coded(items.values, items.codes[order]), weights[order], starts)


def places(ids: pa.Array | Iterable[str], among: pa.Array) -> Numbers:
    """Return the place of each id among others; -1 for none."""
    asked = ids if isinstance(ids, pa.Array | pa.ChunkedArray) else pa.array(ids, pa.string())
    found = pc.fill_null(pc.index_in(asked, value_set=among), -1)
    return np.asarray(found, np.int64)
