"""What was made of documents, on disk from the moment it is made until the tables are written.

A run may be of more documents than the memory holds: of each it keeps a few facts in mind, and the
rows lie here, to be read again one document at a time.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from pipelines.durable import storing
from pipelines.tables import schema_of

_SMALL: Final = pa.Codec("zstd")
"""For all tables of a part at once: each buffer by itself, hundreds of a few bytes, took ten times
as long to pack and five times as long to unpack, and more room."""


@dataclass(frozen=True, slots=True)
class Part:
    """What was made of one document.

    Attributes:
        head: Facts, as JSON has them.
        tables: Its rows of tables.
        packed: Its bytes where they are known: to make them costs more than all else that is
            done with a part that was made before.
    """

    head: dict[str, Any]
    tables: dict[str, pa.Table] = field(default_factory=dict)
    packed: bytes = field(default=b"", compare=False, repr=False)

    def __reduce__(self) -> tuple[Callable[[bytes], Part], tuple[bytes]]:
        """Travel as bytes: workers of a cluster pack what they send."""
        return Part.unpack, (self.pack(),)

    def packed_up(self) -> Part:
        """Return it with its bytes."""
        return replace(self, packed=self.pack())

    def pack(self) -> bytes:
        """Return it as bytes, equal for equal parts."""
        if self.packed:
            return self.packed
        streams = {name: _stream(table) for name, table in self.tables.items()}
        lengths = {name: len(raw) for name, raw in streams.items()}
        head = json.dumps([self.head, lengths]).encode("ascii")
        return b"\n".join([head, _SMALL.compress(b"".join(streams.values()), asbytes=True)])

    @classmethod
    def unpack(cls, raw: bytes) -> Part:
        """Return it from its bytes.

        Raises:
            ValueError: They are none of ours.
        """
        line, _, rest = raw.partition(b"\n")
        said = json.loads(line)
        if not isinstance(said, list) or [type(value) for value in said] != [dict, dict]:
            raise ValueError("no part of a document")
        head, lengths = said
        tables, at = {}, 0
        try:
            rows = _SMALL.decompress(rest, decompressed_size=sum(lengths.values()))
            for name, length in lengths.items():
                with pa.ipc.open_stream(rows.slice(at, length)) as stream:
                    tables[name] = stream.read_all()
                at += length
        except (OSError, TypeError, LookupError, MemoryError, OverflowError) as error:
            raise ValueError(f"no part of a document: {error}") from error
        return cls(head, tables, raw)


def _stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    raw: bytes = sink.getvalue().to_pybytes()
    return raw


def rows_of(table: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Return rows as a table of the contract; what a row lacks is null.

    Raises:
        ValueError: A row has a key that is not a column of the table.
    """
    schema = schema_of(table)
    listed = [dict(row) for row in rows]
    known = set(schema.names)
    if strange := sorted({name for row in listed for name in row} - known):
        raise ValueError(f"table {table}: no column {strange[0]!r}; it has {sorted(known)}")
    return pa.Table.from_pylist(listed, schema=schema)


@dataclass(frozen=True, slots=True)
class Kept:
    """A part in a spool."""

    spool: Spool
    at: int
    length: int

    def part(self) -> Part:
        """Read it."""
        return self.spool.part(self.at, self.length)


class Spool:
    """A file of parts that has no name: it is gone when its process is, however that ends."""

    def __init__(self, folder: Path) -> None:
        """Open it.

        Args:
            folder: Where there is room: the system's folder for such files may be in memory.

        Raises:
            StorageError: The folder cannot be written.
        """
        self._folder = folder
        with storing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - lives as long
        self._end = 0

    @classmethod
    @contextmanager
    def within(cls, folder: Path) -> Iterator[Spool]:
        """Give a spool that is closed in the end."""
        spool = cls(folder)
        try:
            yield spool
        finally:
            spool.close()

    def keep(self, part: Part) -> Kept:
        """Keep a part.

        Raises:
            StorageError: The disk is full.
        """
        raw = part.pack()
        with storing(self._folder):
            self._file.seek(self._end)
            self._file.write(raw)
        kept = Kept(self, self._end, len(raw))
        self._end += len(raw)
        return kept

    def part(self, at: int, length: int) -> Part:
        """Read the part of a place."""
        self._file.seek(at)
        return Part.unpack(self._file.read(length))

    def close(self) -> None:
        """Let go of all of it."""
        self._file.close()
