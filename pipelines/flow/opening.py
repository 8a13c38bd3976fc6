"""Open what a run has written: as frames, or as it lies on the disk."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.codebook import load_codebook
from pipelines.columns import TABLES
from pipelines.errors import check_kind
from pipelines.flow.outcome import Run
from pipelines.flow.storage.packing import Having, conformed, pack, read_some
from pipelines.flow.storage.store import RunFolder
from pipelines.flow.storage.taken import Taken

if TYPE_CHECKING:
    import pandas as pd


def open_run(folder: str | Path, only: Mapping[str, Taken] | None = None) -> Run:
    """Open the folder of a run that has ended.

    Args:
        folder: Of the run.
        only: What is wanted, by table, as far as it is there; everything where nothing is said.

    Raises:
        ArtefactError: It is not a run's folder, or damaged.
        SettingsError: It is no name of a folder.
    """
    check_kind("folder", folder, (str, PathLike), "the name of a run's folder")
    place = RunFolder(Path(folder))
    places = place.manifest()["places"]
    tables = place.read_tables(only)
    if load_codebook().changes.steps:
        from pipelines.flow.follow import follow

        follow(tables)
    return Run(tables, folder=place.path, places=places)


@dataclass(frozen=True, slots=True)
class OnDisk:
    """Tables of a run that has ended, of which each question reads what it needs.

    Attributes:
        files: By name; open, so that they can be read to the end even where a run takes them away
            meanwhile.
    """

    files: Mapping[str, pq.ParquetFile]

    def take(self, name: str, columns: Sequence[str], having: Having | None = None) -> pa.Table:
        """Read some columns of a table, of the rows that have one of some values in others."""
        return read_some(self.files[name], columns, having)

    def frame(self, name: str, columns: Sequence[str] = ()) -> pd.DataFrame:
        """Read some columns of a table, or all, as a frame in the types of its contract."""
        return conformed(name, self.take(name, columns or TABLES[name].names))


def open_files(folder: str | Path, only: Collection[str] | None = None) -> OnDisk:
    """Open the tables of a run that has ended as they lie on the disk.

    Where a project has given things other names since, they are read and follow.

    Args:
        folder: Of the run.
        only: Names of the tables wanted, as far as they are there; all where none are given.

    Raises:
        ArtefactError: It is not a run's folder, or damaged.
    """
    if not load_codebook().changes.steps:
        found = RunFolder(Path(folder)).files(only)
        return OnDisk({n: pq.ParquetFile(pa.OSFile(str(path))) for n, path in found.items()})
    wanted = None if only is None else {name: Taken() for name in only}
    held: Mapping[str, Any] = open_run(folder, wanted).tables
    packed = {name: pa.BufferReader(pack(name, data)) for name, data in held.items()}
    return OnDisk({name: pq.ParquetFile(data) for name, data in packed.items()})


def open_sets(folder: str | Path) -> dict[str, Any]:
    """Return the tables of a run that has ended for queries in SQL, otherwise as `open_files`.

    Returns:
        By name, Arrow data sets; or frames, where a project has given things other names since.
    """
    import pyarrow.dataset as ds

    if load_codebook().changes.steps:
        return dict(open_run(folder).tables)
    return {name: ds.dataset(path) for name, path in RunFolder(Path(folder)).files().items()}
