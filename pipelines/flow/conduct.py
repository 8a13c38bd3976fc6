"""Conduct a run: sources in, tables and report out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from pipelines.errors import SettingsError, check_kind
from pipelines.flow.attached import carry_attached
from pipelines.flow.batch import Batch, answer_store
from pipelines.flow.follow import require_today
from pipelines.flow.outcome import Run
from pipelines.flow.perform import Progress, perform_reading, silent
from pipelines.flow.settings import Choices, RunSettings
from pipelines.flow.sources.find import survey_sources
from pipelines.flow.sources.given import check_given
from pipelines.flow.stages import STAGES, stage, stages_after
from pipelines.flow.storage.store import RunFolder
from pipelines.flow.storage.stored import Stored, workplace
from pipelines.flow.whole import check_choices, check_data
from pipelines.memory import give_back
from pipelines.project import project_held

if TYPE_CHECKING:
    import pandas as pd

Sources = str | Path | Iterable[str | Path]


@project_held()
def run(
    sources: Sources,
    out: str | Path | None = None,
    *,
    progress: Progress = silent,
    **settings: Unpack[Choices],
) -> Run:
    """Read reports, find and tag their findings, mine and count them, write the report.

    Args:
        sources: Files or folders of reports, or fsspec addresses.
        out: Folder for tables and report; None keeps the tables in memory and writes no report.
        progress: Told what is done.
        **settings: As in `RunSettings`.

    Returns:
        The run; its attributes are the tables. What failed is in `ledger`.

    Raises:
        SettingsError: A setting is wrong, no source is there, or there is nothing to read.
        StorageError: `out` cannot be written or is in use.
        MachineError: A limit of this machine leaves no room for workers, or for charts.
    """
    chosen = RunSettings(**settings)
    check_choices(chosen, reported=out is not None)
    folder = _folder(out, chosen)
    then = "(--wait SECONDS does that) or give another --out"
    with _batch_read(sources, folder, chosen, progress, then=then) as read:
        batch = replace(read, answers=answer_store(folder.path if folder else None, chosen))
        for entry in STAGES[2:-1]:
            batch.add(entry.name)
        if folder is None:
            return Run(dict(batch.tables), places=batch.places)
        return batch.publish(folder, batch.report)


@project_held()
def read_into(
    sources: Sources,
    out: str | Path | None,
    *,
    progress: Progress = silent,
    **settings: Unpack[Choices],
) -> Run:
    """Do the first two stages only, read and segment; in a folder the others can follow.

    Args:
        sources: As for `run`.
        out: Folder for the tables; None keeps them in memory.
        progress: Told what is done.
        **settings: As in `RunSettings`.

    Raises:
        SettingsError: A setting is wrong, no source is there, or there is nothing to read.
        StorageError: `out` cannot be written or is in use.
    """
    chosen = RunSettings(**settings)
    folder = _folder(out, chosen)
    with _batch_read(sources, folder, chosen, progress, then="or give another --out") as batch:
        if folder is None:
            return Run(dict(batch.tables), places=batch.places)
        return batch.publish(folder)


def _folder(out: str | Path | None, settings: RunSettings) -> RunFolder | None:
    check_kind("out", out, (str, PathLike, type(None)), "the name of a folder, or None")
    return None if out is None else RunFolder(Path(out), mixed=settings.mixed)


@contextmanager
def _batch_read(
    sources: Sources,
    folder: RunFolder | None,
    settings: RunSettings,
    progress: Progress,
    *,
    then: str,
) -> Iterator[Batch]:
    """Read and segment sources; the folder is locked until the batch is done with.

    `then` says what else to do where another run is in the folder.
    """
    check_given(sources)
    check_data()
    found = survey_sources(sources, leave_out=folder.path if folder else None)
    lock = folder.locked(settings.wait, then=then) if folder else nullcontext()
    with lock, workplace(folder) as work:
        tables = Stored(work)
        perform_reading(found, settings, tables, progress)
        give_back()
        owners = dict.fromkeys(tables, "segment")
        if folder is not None:
            carry_attached(folder, tables, owners)
        places = {source.path: source.place for source in found}
        yield Batch(tables, owners, places, settings, progress)


@project_held()
def run_stage(
    name: str, folder: str | Path, *, progress: Progress = silent, **settings: Unpack[Choices]
) -> Run:
    """Do one stage again on the folder of a run; what later stages made goes, as it is stale.

    Args:
        name: `tag`, `mine`, `aggregate` or `report`.
        folder: Of a run.
        progress: Told what is done.
        **settings: As in `RunSettings`.

    Raises:
        SettingsError: A setting is wrong, or an earlier stage has not been done.
        ArtefactError: The folder is not a run's, or damaged.
        StorageError: It cannot be written or is in use.
    """
    chosen = RunSettings(**settings)
    check_choices(chosen)
    place = RunFolder(Path(folder), mixed=True)
    place.manifest()  # before the lock, which would make a folder of a mistyped name
    with place.locked(chosen.wait), workplace(place) as work:
        owners = place.manifest()["owners"]
        before = [entry.name for entry in STAGES[2 : STAGES.index(stage(name))]]
        if missing := [entry for entry in before if entry not in owners.values()]:
            raise SettingsError(
                f"{folder}: the stage {missing[0]} comes before {name} and has not been done; "
                f"run: findings {missing[0]} {folder}"
            )
        batch = Batch.continued(
            place,
            work,
            chosen,
            progress,
            without={entry.name for entry in (stage(name), *stages_after(name))},
            answers=answer_store(place.path, chosen),
        )
        if name == "report":
            require_today(batch.tables, folder)
            return batch.publish(place, batch.report)
        batch.add(name)
        return batch.publish(place)


@project_held()
def put_table(
    name: str, change: Callable[[Stored], pd.DataFrame], folder: str | Path, *, owner: str
) -> Run:
    """Put a table of other origin into the folder of a run, and count again what is made of it.

    Args:
        name: Of the table.
        change: Makes it from the tables that are there; what it raises leaves all as it was.
        folder: Of a run that has been mined.
        owner: The command that it comes from; later stages keep it.

    Raises:
        SettingsError: The run has not been mined.
        ArtefactError: The folder is not a run's, or damaged.
        StorageError: It cannot be written or is in use.
    """
    chosen = RunSettings()
    place = RunFolder(Path(folder))
    place.manifest()
    with place.locked(chosen.wait), workplace(place) as work:
        if "mine" not in place.manifest()["owners"].values():
            raise SettingsError(f"{folder}: has not been mined; run: findings mine {folder}")
        batch = Batch.continued(place, work, chosen, silent, without={"aggregate"})
        batch.tables[name], batch.owners[name] = change(batch.tables), owner
        batch.add("aggregate")
        return batch.publish(place)
