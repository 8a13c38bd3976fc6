"""The tables of a run where they are: in files, of which each is read when it is asked for.

A table is one Parquet file. A run writes it a document at a time and reads of it what it needs, so
that it takes the memory of its largest question, not of all that it knows.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines import columns as c
from pipelines.durable import draft_folder, storing
from pipelines.errors import ArtefactError
from pipelines.flow.aside import RUN_MARK
from pipelines.flow.storage.generations import DRAFT_MARK
from pipelines.flow.storage.handed import Given
from pipelines.flow.storage.packing import pack, take
from pipelines.flow.storage.taken import Taken, Where
from pipelines.regular import digest_of
from pipelines.tables import SCANNED, file_of, schema_of

if TYPE_CHECKING:
    from pipelines.flow.storage.store import RunFolder

LARGE: Final = 10_000
"""Findings of a run from which on a process of its own is worth the seconds it takes to start."""

_AT_ONCE: Final = 20_000
"""Rows that are held before they are written, and read at once."""

_TOGETHER: Final = 100
"""Parts that are held as they came. A part of a document keeps all that the document was packed
with in memory, of which its own rows are the least."""


@contextmanager
def workplace(folder: RunFolder | None) -> Iterator[Path]:
    """Give an empty folder for the tables of a run; what is left in it goes in the end.

    Args:
        folder: That the run writes to, locked: beside what it keeps there is room. What a killed
            run leaves is found there too. None for a run that writes nowhere.

    Raises:
        StorageError: It cannot be written.
    """
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="findings-") as place:
            yield Path(place)
        return
    with storing(folder.path):
        work = draft_folder(folder.path / RUN_MARK, "draft-")
        (work / DRAFT_MARK).touch()
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


Write = Callable[[Mapping[str, pa.Table]], None]


class Stored(MutableMapping[str, pd.DataFrame]):
    """Tables in files. What is set is written at once; what is asked for is read each time."""

    def __init__(self, folder: Path, files: Mapping[str, Path] | None = None) -> None:
        """Take tables that are there.

        Args:
            folder: Where new tables are written; made where it is missing.
            files: Of tables that are there, which are never changed.
        """
        self.folder = folder
        self._files = dict(files or {})
        self._digests: dict[str, str] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Read a whole table, in the types of its contract."""
        return take(name, self._files[name])

    def __setitem__(self, name: str, data: pd.DataFrame) -> None:
        """Write a table.

        Raises:
            StorageError: The disk is full.
        """
        self.put(name, pack(name, data))

    def __delitem__(self, name: str) -> None:
        path = self._files.pop(name)
        self._digests.pop(name, None)
        if path.parent == self.folder:
            path.unlink(missing_ok=True)

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._files))

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, name: object) -> bool:
        return name in self._files

    def put(self, name: str, raw: bytes) -> None:
        """Write a table that is packed already.

        Raises:
            StorageError: The disk is full.
        """
        with storing(self.folder):
            self._draft(name).write_bytes(raw)
            self._take_up(name)

    def rows(self, name: str) -> int:
        """Return how many rows a table has; 0 where there is none."""
        return int(pq.read_metadata(self._files[name]).num_rows) if name in self else 0

    def take(self, name: str, columns: Sequence[str] = (), rows: Where = ()) -> pd.DataFrame:
        """Read some columns of a table, or all, of some of its rows, or all."""
        return take(name, self._files[name], columns, rows)

    def given(self, wanted: Mapping[str, Taken]) -> Given:
        """Return what is taken of tables, as far as they are there."""
        return Given({name: self._files[name] for name in wanted if name in self}, wanted)

    def digest(self, name: str) -> str:
        """Return the SHA-256 of a table's file."""
        if name not in self._digests:
            self._digests[name] = digest_of(self._files[name])
        return self._digests[name]

    @property
    def files(self) -> dict[str, Path]:
        """Where the tables are, by name."""
        return dict(self._files)

    @property
    def large(self) -> bool:
        """Whether there is so much that it should not be in memory, all at once or for long."""
        return self.rows("findings") >= LARGE

    def keep(self, name: str, where: pc.Expression) -> None:
        """Keep only the rows of a table for which an expression holds.

        Raises:
            StorageError: The disk is full.
        """
        found = file_of(self._files[name])
        with self.writing(name) as write:
            for batch in found.to_batches(filter=where, **SCANNED):
                write({name: pa.Table.from_batches([batch])})

    @contextmanager
    def writing(self, *names: str) -> Iterator[Write]:
        """Yield a function that appends rows; on leaving, the tables are complete.

        Raises:
            StorageError: The disk is full; tables of these names are as they were.
        """
        with storing(self.folder), ExitStack() as stack:
            writers = {n: stack.enter_context(_Writer(self._draft(n), schema_of(n))) for n in names}

            def write(parts: Mapping[str, pa.Table]) -> None:
                for name, part in parts.items():
                    writers[name].write(part)

            yield write
        with storing(self.folder):
            for name in names:
                self._take_up(name)

    def each_document(
        self, wanted: Mapping[str, Sequence[str]]
    ) -> Iterator[tuple[str, dict[str, pa.Table]]]:
        """Yield each document's id and rows of some tables, in the order of `documents`.

        Args:
            wanted: Columns by table.

        Raises:
            ArtefactError: A table has its documents in another order, or has others.
        """
        runs = {name: self._runs(name, columns) for name, columns in wanted.items()}
        ahead = {name: next(found, None) for name, found in runs.items()}
        for document in self.take("documents", [c.DOCUMENT_ID])[c.DOCUMENT_ID].tolist():
            mine = {}
            for name, columns in wanted.items():
                run = ahead[name]
                if run is not None and run[0] == document:
                    mine[name], ahead[name] = run[1], next(runs[name], None)
                else:
                    mine[name] = schema_of(name).empty_table().select(list(columns))
            yield document, mine
        for name, run in ahead.items():
            if run is not None:
                raise ArtefactError(
                    f"{self._files[name]}: document {run[0]!r} is not where the table documents "
                    "has it; run `findings run` into this folder again"
                )

    def entries(self) -> dict[str, dict[str, str]]:
        """Return what a manifest says about the tables."""
        return {name: {"sha256": self.digest(name)} for name in sorted(self)}

    def move_to(self, folder: Path) -> None:
        """Move the tables into another folder; files that were there before are copied."""
        folder.mkdir()
        for name in self:
            path, target = self._files[name], folder / f"{name}.parquet"
            if path.parent == self.folder:
                path.replace(target)
            else:
                shutil.copyfile(path, target)
            self._files[name] = target

    def _runs(self, name: str, columns: Sequence[str]) -> Iterator[tuple[str, pa.Table]]:
        """Yield the rows that stand together of each document."""
        held: list[pa.Table] = []
        current = ""
        read = list(dict.fromkeys([c.DOCUMENT_ID, *columns]))
        file = pq.ParquetFile(self._files[name])
        for batch in file.iter_batches(batch_size=_AT_ONCE, columns=read):
            table = pa.Table.from_batches([batch])
            ends = pc.run_end_encode(table[c.DOCUMENT_ID].combine_chunks())
            first = 0
            for end, value in zip(ends.run_ends.to_pylist(), ends.values.to_pylist(), strict=True):
                piece = table.slice(first, end - first).select(list(columns))
                first = end
                if held and value != current:
                    yield current, pa.concat_tables(held)
                    held = []
                current = value
                held.append(piece)
        if held:
            yield current, pa.concat_tables(held)

    def _draft(self, name: str) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / f".{name}.draft"

    def _take_up(self, name: str) -> None:
        path = self.folder / f"{name}.parquet"
        self._draft(name).replace(path)
        self._files[name] = path
        self._digests.pop(name, None)


class _Writer:
    """A Parquet file that grows by parts."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = schema
        self._file = pq.ParquetWriter(path, schema, compression="zstd")
        self._gathered: list[pa.Table] = []
        self._held: list[pa.Table] = []
        self._rows = 0

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._flush()
        self._file.close()

    def write(self, part: pa.Table) -> None:
        if not part.num_rows:
            return
        self._held.append(part)
        self._rows += part.num_rows
        if self._rows >= _AT_ONCE:
            self._flush()
        elif len(self._held) >= _TOGETHER:
            self._gathered.append(pa.concat_tables(self._held).combine_chunks())
            self._held = []

    def _flush(self) -> None:
        if self._rows:
            rows = pa.concat_tables([*self._gathered, *self._held]).combine_chunks()
            self._file.write_table(rows.cast(self._schema))
        self._gathered, self._held, self._rows = [], [], 0
