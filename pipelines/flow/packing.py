"""Tables as bytes: Parquet in the types of their contract, the same for equal tables."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines import columns as c
from pipelines.columns import TABLES
from pipelines.tables import conform, frame

_KINDS: Final[dict[str, Any]] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "list": pa.list_(pa.string()),
}


def schema_of(table: str) -> pa.Schema:
    """Return the columns of a table of the contract, in order, with their types."""
    return pa.schema([(column.name, _KINDS[column.kind]) for column in TABLES[table].columns])


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
    data = pd.read_parquet(io.BytesIO(raw))
    return conform(table, data) if table in TABLES else data


def compact(columns: Mapping[str, Mapping[str, list[Any]]]) -> dict[str, pa.Table]:
    """Return the columns of one document's tags as small as their types allow.

    Args:
        columns: Of `tags`, `issue_tags` and `explanations`; for ids the places of texts, from 0.
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
        "recommendation_tags": asked.rename_columns(
            [as_recommendations.get(name, name) for name in asked.column_names]
        ).select(TABLES["recommendation_tags"].names),
    }


def joined(table: str, parts: Iterable[pa.Table]) -> pd.DataFrame:
    """Return parts of a table, one below the other, as one frame."""
    listed = list(parts)
    if not listed:
        return frame(table)
    # The parts go as the frame comes, else a large batch would be there twice.
    return conform(table, pa.concat_tables(listed).to_pandas(split_blocks=True, self_destruct=True))


class Packer:
    """Packs each frame once, however often its bytes are asked for; frames must not be changed."""

    def __init__(self) -> None:
        self._packed: dict[tuple[str, int], tuple[pd.DataFrame, bytes]] = {}

    def pack(self, table: str, data: pd.DataFrame) -> bytes:
        """Return a table as `pack` does."""
        # The frame is kept beside its bytes, so that no other can come to have its id.
        held = self._packed.get((table, id(data)))
        if held is None:
            held = self._packed[table, id(data)] = (data, pack(table, data))
        return held[1]

    def pack_all(self, tables: Mapping[str, pd.DataFrame]) -> dict[str, bytes]:
        """Return all tables packed, by name in alphabetical order."""
        return {name: self.pack(name, data) for name, data in sorted(tables.items())}

    def digests(self, tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
        """Return a hash of each table, by name."""
        packed = self.pack_all(tables)
        return {name: hashlib.sha256(raw).hexdigest() for name, raw in packed.items()}
