"""Tables as bytes: Parquet in the types of their contract, the same for equal tables."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines import columns as c
from pipelines.columns import TABLES
from pipelines.flow.storage.taken import Where
from pipelines.tables import SCANNED, conform, file_of, require_columns, schema_of

if TYPE_CHECKING:
    import pandas as pd

Having = Mapping[str, pa.Array | None]
"""By column the values of the rows wanted; None for those of which the column is true."""

_AT_ONCE: Final = 50_000  # rows


def pack(table: str, data: pd.DataFrame) -> bytes:
    """Return a table as Parquet; equal tables give equal bytes, and an empty one its types."""
    schema = None
    if table in TABLES:
        data, schema = conform(table, data), schema_of(table)
    stream = io.BytesIO()
    arrow = pa.Table.from_pandas(data, schema=schema, preserve_index=False)
    pq.write_table(arrow, stream, compression="zstd")
    return stream.getvalue()


def unpack(table: str, raw: bytes) -> pd.DataFrame:
    """Return a table from Parquet, in the types of its contract."""
    return conformed(table, pq.read_table(io.BytesIO(raw)))


def conformed(table: str, data: pa.Table) -> pd.DataFrame:
    """Return a table, or some columns of it, in the types of its contract."""
    names = data.column_names
    # What is read goes as the frame comes, else a large table would be there twice.
    made = data.to_pandas(split_blocks=True, self_destruct=True)
    return conform(table, made, only=names) if table in TABLES else made


def take(table: str, path: Path, columns: Sequence[str] = (), rows: Where = ()) -> pd.DataFrame:
    """Read some columns of a table, or all, of some of its rows, or all, from its file.

    Raises:
        OSError: The file is damaged, or there is none.
        ValueError: It holds something else.
    """
    known = schema_of(table).names if table in TABLES else pq.read_schema(path).names
    chosen = [name for name in known if not columns or name in columns]
    where = pq.filters_to_expression([list(all_of) for all_of in rows]) if rows else None
    file = file_of(path)
    lacking = _lacking(table, file.schema)
    held = [name for name in chosen if name not in lacking]
    data = file.to_table(held, filter=where, **SCANNED)
    for name in chosen:
        if name in lacking:
            data = data.append_column(name, pa.nulls(len(data), schema_of(table).field(name).type))
    return conformed(table, data)


def _lacking(table: str, schema: pa.Schema) -> list[str]:
    """Return the columns that a file of an older version lacks and need not have."""
    columns = TABLES[table].columns if table in TABLES else ()
    return [one.name for one in columns if one.later and one.name not in schema.names]


def read_some(
    file: pq.ParquetFile, columns: Sequence[str], having: Having | None = None
) -> pa.Table:
    """Read some columns of some rows of a file, a part of it at a time.

    Args:
        file: Of a table.
        columns: Their names.
        having: What the rows wanted have; all rows where nothing is said.
    """
    wanted = having or {}
    batches = []
    for batch in file.iter_batches(_AT_ONCE, columns=list(dict.fromkeys([*columns, *wanted]))):
        for column, values in wanted.items():
            held = batch.column(column)
            batch = batch.filter(held if values is None else pc.is_in(held, value_set=values))
        batches.append(batch.select(list(columns)))
    # For `empty_table`, as for any value of ours, Arrow imports pandas: half of a command's time.
    schema = pa.schema([file.schema_arrow.field(name) for name in columns])
    return pa.Table.from_batches(batches, schema)


def check_columns(table: str, path: Path) -> None:
    """Check that a file has the columns of its table.

    Raises:
        SettingsError: It lacks one.
        OSError: It is not Parquet.
        ValueError: One is of another type.
    """
    schema = pq.read_schema(path)
    if len(set(schema.names)) < len(schema.names):
        raise ValueError("a column stands twice")
    if table in TABLES:
        lacking = _lacking(table, schema)
        wanted = [name for name in TABLES[table].names if name not in lacking]
        require_columns(wanted, table, schema.names)
        for field in schema_of(table):
            if field.name not in lacking and schema.field(field.name).type != field.type:
                raise ValueError(f"{field.name} is {schema.field(field.name).type}")


def compact(columns: Mapping[str, Mapping[str, list[Any]]]) -> dict[str, pa.Table]:
    """Return the columns of one document's tags as small as their types allow.

    Args:
        columns: As `rows.tag_rows` gives them.
    """
    return {
        table: pa.table(dict(mine), schema=_numbered(schema_of(table)))
        for table, mine in columns.items()
    }


def _numbered(schema: pa.Schema) -> pa.Schema:
    """Return a schema with numbers for ids."""
    return schema.set(schema.get_field_index(c.FINDING_ID), pa.field(c.FINDING_ID, pa.int64()))


def tag_tables(
    tagged: Mapping[str, pa.Table], names: list[str], *, findings: int
) -> dict[str, pa.Table]:
    """Return one document's parts of the tables that tagging makes.

    Args:
        tagged: As `compact` gives it.
        names: The ids of the texts: findings, then recommendations.
        findings: How many of them are findings.
    """
    ids = pa.array(names, pa.string())

    def part(table: str, stands: Callable[[pa.Array, int], pa.Array]) -> pa.Table:
        mine = tagged[table]
        places = mine[c.FINDING_ID]
        column = mine.schema.get_field_index(c.FINDING_ID)
        named = mine.set_column(column, c.FINDING_ID, ids.take(places))
        return named.filter(stands(places, findings))

    asked = part("tags", pc.greater_equal)
    as_recommendations = {c.FINDING_ID: c.RECOMMENDATION_ID}
    return {
        "tags": part("tags", pc.less),
        # Why a recommendation has its themes is shown nowhere.
        "explanations": part("explanations", pc.less),
        "issue_tags": part("issue_tags", pc.less),
        "shares": part("shares", pc.less),
        "recommendation_tags": asked.rename_columns(
            [as_recommendations.get(name, name) for name in asked.column_names]
        ).select(TABLES["recommendation_tags"].names),
    }
