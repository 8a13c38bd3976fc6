"""The report of a large run, written in a process of its own.

By the time of the report this process has held what every stage before it needed, and the
libraries of each stay loaded. What the report needs would come on top, and it alone is as much
again; in a process that begins with nothing but the tables, neither grows beyond what a small
machine can give.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow.parquet as pq

from pipelines import columns as c
from pipelines.errors import StorageError
from pipelines.flow.stages import stage
from pipelines.flow.storage.handed import Given
from pipelines.flow.storage.taken import GIVEN, Taken
from pipelines.flow.workers.pool import GuardPool
from pipelines.flow.workers.process import Call
from pipelines.project import Layers, layers_in_use, use_layers

if TYPE_CHECKING:
    from pipelines.report.settings import ReportSettings

_SECONDS: Final = 3600.0
_MEMORY: Final = 1_000_000  # megabytes: no limit, since no other document could be spared by one


def write_apart(
    tables: Mapping[str, Path],
    folder: Path,
    *,
    report: ReportSettings,
    pictures: Mapping[str, bytes],
) -> None:
    """Write the report as the stage itself would, byte for byte.

    Args:
        tables: Where all tables of the run are, by name.
        folder: Where to; empty.
        report: What is wanted.
        pictures: PNG by finding.

    Raises:
        StorageError: It could not be written.
    """
    pool = GuardPool()
    arguments = {
        "tables": {name: str(path.resolve()) for name, path in tables.items()},
        "folder": str(folder.resolve()),
        "report": asdict(report),
        "pictures": {name: base64.b64encode(png).decode() for name, png in pictures.items()},
        "layers": layers_in_use().handed,
    }
    try:
        answer = pool.ask(
            Call(f"{__name__}:write_here", arguments), seconds=_SECONDS, memory=_MEMORY
        )
    finally:
        pool.close()
    if answer.failed:
        raise StorageError(
            f"{folder}: the report could not be written: {answer.reason}; the tables are not "
            "affected: free memory or disk and run `findings report` on the folder"
        )


def write_here(
    *,
    tables: dict[str, str],
    folder: str,
    report: dict[str, Any],
    pictures: dict[str, str],
    layers: Sequence[Any],
) -> None:
    """Write the report in this process; the other side of `write_apart`."""
    from pipelines.report.settings import ReportSettings

    if Path(folder).is_dir():  # a process before this one may have been killed at it
        for left in Path(folder).iterdir():
            left.unlink()
    use_layers(Layers.taken(layers))
    given: dict[str, Any] = {name: _tuples(value) for name, value in report.items()}
    stage("report").load()(
        _shown({name: Path(path) for name, path in tables.items()}),
        Path(folder),
        settings=ReportSettings(**given),
        pictures={name: base64.b64decode(png) for name, png in pictures.items()},
        beside=False,
    )


def _shown(files: Mapping[str, Path]) -> Given:
    """Say what a report shows of tables: of tags nine in ten say of a finding what it has not.

    Of findings and of the words that spoke for their tags it takes itself what it holds.
    """
    taken = {name: Taken() for name in sorted(files) if name != "issue_tags"}
    taken |= dict.fromkeys(("findings", "explanations"), Taken(streamed=True))
    taken["recommendation_tags"] = Taken(rows=GIVEN)
    if "tags" in files:
        first = next(pq.ParquetFile(files["tags"]).iter_batches(1, columns=[c.FINDING_ID]), ())
        known = [((c.FINDING_ID, "in", [str(name) for name in ids]),) for ids in first]
        # All of one finding too: they tell which themes the model knows.
        taken["tags"] = Taken(
            rows=(*GIVEN, ((c.REVIEW, "==", True),), ((c.SOURCE, "==", "person"),), *known)
        )
    return Given({name: files[name] for name in taken if name in files}, taken)


def _tuples(value: object) -> object:
    """Return what JSON made lists of as tuples again."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
