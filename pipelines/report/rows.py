"""Tables as rows of plain Python values, whatever tables a run has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipelines import columns as c
from pipelines.errors import SettingsError
from pipelines.report.english import plain

Row = dict[str, Any]


def rows_of(tables: Mapping[str, pd.DataFrame], name: str) -> list[Row]:
    """Return the rows of a table; none where the run does not have it.

    Nulls become None, text loses what cannot be printed.
    """
    data = tables.get(name)
    return [] if data is None else _rows(data)


def each_row(tables: Mapping[str, pd.DataFrame], name: str) -> Iterator[Row]:
    """Yield the rows of a table as `rows_of` gives them, without holding all at once."""
    data = tables.get(name)
    return iter(()) if data is None else _each(data)


def assigned(tables: Mapping[str, pd.DataFrame]) -> list[Row]:
    """Return the rows of `tags` whose theme is given to the finding."""
    data = tables.get("tags")
    return [] if data is None else _rows(data[data[c.ASSIGNED].astype(bool)])


def undecided(tables: Mapping[str, pd.DataFrame]) -> list[Row]:
    """Return the rows of `tags` that a person should look at although the theme is not given."""
    data = tables.get("tags")
    if data is None:
        return []
    return _rows(data[data[c.REVIEW].astype(bool) & ~data[c.ASSIGNED].astype(bool)])


def by(rows: Iterable[Row], *keys: str) -> dict[Any, list[Row]]:
    """Group rows by a column, or by several as a tuple; the order of rows is kept."""
    out: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        out[row[keys[0]] if len(keys) == 1 else tuple(row[key] for key in keys)].append(row)
    return dict(out)


def restrict(
    tables: Mapping[str, pd.DataFrame], *, themes: tuple[str, ...], units: tuple[str, ...]
) -> dict[str, pd.DataFrame]:
    """Keep what belongs to the themes and units asked for; an empty tuple asks for all.

    Denominators stay those of the whole batch: `units` of a recurrence is not recounted.

    Raises:
        SettingsError: A unit is none of the batch's.
    """
    out = dict(tables)
    if units:
        _check_units(tables, units)
        out = _narrow(out, c.UNIT, set(units))
        documents = out.get("documents")
        if documents is not None:
            out = _narrow(out, c.DOCUMENT_ID, set(documents[c.DOCUMENT_ID]), spare=("ledger",))
    if themes:
        out = _narrow(out, c.THEME, set(themes), spare=("tags",))
        if "tags" in out and "findings" in out:
            tags = out["tags"]
            about = tags[tags[c.ASSIGNED].astype(bool) & tags[c.THEME].isin(themes)]
            out["findings"] = _where(out["findings"], c.FINDING_ID, set(about[c.FINDING_ID]))
    if (themes or units) and "findings" in out:
        kept = set(out["findings"][c.FINDING_ID])
        out = _narrow(out, c.FINDING_ID, kept, spare=("findings",))
    if (themes or units) and "issue_findings" in out and "issues" in out:
        named = set(out["issue_findings"][c.ISSUE_ID])
        out["issues"] = _where(out["issues"], c.ISSUE_ID, named)
    return out


def _check_units(tables: Mapping[str, pd.DataFrame], units: tuple[str, ...]) -> None:
    known = sorted({row[c.UNIT] for row in rows_of(tables, "documents") if row[c.UNIT]})
    for unit in units:
        if unit not in known:
            raise SettingsError(f"no unit {unit!r} in this run; it has {', '.join(known)}")


def _narrow(
    tables: dict[str, pd.DataFrame], column: str, wanted: set[str], *, spare: tuple[str, ...] = ()
) -> dict[str, pd.DataFrame]:
    return {
        name: data if name in spare or column not in data.columns else _where(data, column, wanted)
        for name, data in tables.items()
    }


def _where(data: pd.DataFrame, column: str, wanted: set[str]) -> pd.DataFrame:
    return data[data[column].isin(wanted)].reset_index(drop=True)


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
        known.get(value) or known.setdefault(value, _value(value))
        if isinstance(value, str)
        else _value(value)
        for value in column.tolist()
    ]


def _value(value: object) -> object:
    if isinstance(value, str):
        return value if value.isprintable() else plain(value)
    if isinstance(value, list | tuple) or hasattr(value, "tolist"):
        inner = value if isinstance(value, list | tuple) else value.tolist()
        return [plain(v) for v in inner] if isinstance(inner, list | tuple) else inner
    return None if value is None or value is pd.NA or value != value else value
