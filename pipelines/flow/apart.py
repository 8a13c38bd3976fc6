"""The report of a large run, written in a process of its own.

By the time of the report this process has held what every stage before it needed, and the
libraries of each stay loaded. What the report needs would come on top, and it alone is as much
again; in a process that begins with nothing but the tables, neither grows beyond what a small
machine can give.
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipelines.errors import StorageError
from pipelines.flow.packing import unpack
from pipelines.flow.process import Call
from pipelines.flow.stages import stage
from pipelines.flow.workers import GuardPool

if TYPE_CHECKING:
    from pipelines.report.settings import ReportSettings

LARGE: Final = 10_000
"""Findings from which a process of its own is worth the seconds that it takes to start."""

_SECONDS: Final = 3600.0
_MEMORY: Final = 1_000_000  # megabytes: no limit, since no other document could be spared by one


def write_apart(
    packed: Mapping[str, bytes],
    folder: Path,
    *,
    report: ReportSettings,
    pictures: Mapping[str, bytes],
) -> None:
    """Write the report as the stage itself would, byte for byte.

    Args:
        packed: All tables of the run, as `Packer` gives them.
        folder: Where to; empty.
        report: What is wanted.
        pictures: PNG by finding.

    Raises:
        StorageError: It could not be written.
    """
    pool = GuardPool()
    # Beside the report, so that a run that is killed leaves nothing outside its own folder.
    with tempfile.TemporaryDirectory(prefix=".tables-", dir=folder.resolve().parent) as place:
        for name, raw in packed.items():
            (Path(place) / f"{name}.parquet").write_bytes(raw)
        arguments = {
            "tables": place,
            "folder": str(folder.resolve()),
            "report": asdict(report),
            "pictures": {name: base64.b64encode(png).decode() for name, png in pictures.items()},
        }
        try:
            answer = pool.ask(
                Call("pipelines.flow.apart:write_here", arguments), seconds=_SECONDS, memory=_MEMORY
            )
        finally:
            pool.close()
    if answer.failed:
        raise StorageError(
            f"{folder}: the report could not be written: {answer.reason}; the tables are not "
            "affected: free memory or disk and run `findings report` on the folder"
        )


def write_here(
    *, tables: str, folder: str, report: dict[str, Any], pictures: dict[str, str]
) -> None:
    """Write the report in this process; the other side of `write_apart`."""
    from pipelines.report.settings import ReportSettings

    if Path(folder).is_dir():  # a process before this one may have been killed at it
        for left in Path(folder).iterdir():
            left.unlink()
    given: dict[str, Any] = {name: _tuples(value) for name, value in report.items()}
    stage("report").load()(
        {
            path.stem: unpack(path.stem, path.read_bytes())
            for path in sorted(Path(tables).iterdir())
        },
        Path(folder),
        settings=ReportSettings(**given),
        pictures={name: base64.b64decode(png) for name, png in pictures.items()},
        beside=False,
    )


def _tuples(value: object) -> object:
    """Return what JSON made lists of as tuples again."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
