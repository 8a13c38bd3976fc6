"""Conduct a run: sources in, tables and report out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from pipelines import __version__
from pipelines import columns as c
from pipelines.errors import ArtefactError, SettingsError, StorageError
from pipelines.flow.follow import followed, require_today
from pipelines.flow.memory import give_back
from pipelines.flow.outcome import Run
from pipelines.flow.packing import Packer
from pipelines.flow.perform import (
    Progress,
    Tables,
    check_choices,
    perform_corpus,
    perform_reading,
    perform_report,
    perform_tagging,
    silent,
)
from pipelines.flow.settings import Choices, RunSettings
from pipelines.flow.sources import Source, find_sources
from pipelines.flow.stages import STAGES, code_version, stage, stages_after
from pipelines.flow.store import RunFolder
from pipelines.flow.written import write_csv, write_manifest, write_tables
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
        SettingsError: A setting is wrong, or there is nothing to read.
        StorageError: `out` cannot be written or is in use.
    """
    chosen = RunSettings(**settings)
    check_choices(chosen)
    folder = RunFolder(Path(out), mixed=chosen.mixed) if out is not None else None
    found = find_sources(sources, leave_out=folder.path if folder else None)
    with folder.locked(chosen.wait) if folder else nullcontext():
        tables = perform_reading(found, chosen, progress)
        give_back()
        batch = _Batch(tables, dict.fromkeys(tables, "segment"), _places(found), chosen, progress)
        for entry in STAGES[2:-1]:
            batch.add(entry.name)
        if folder is None:
            return Run(batch.tables, places=batch.places)
        return batch.publish(folder, batch.report)


@project_held()
def read_into(
    sources: Sources, out: str | Path, *, progress: Progress = silent, **settings: Unpack[Choices]
) -> Run:
    """Do the first two stages only, read and segment, into a folder; the others can follow.

    Raises:
        SettingsError: A setting is wrong, or there is nothing to read.
        StorageError: `out` cannot be written or is in use.
    """
    chosen = RunSettings(**settings)
    folder = RunFolder(Path(out), mixed=chosen.mixed)
    found = find_sources(sources, leave_out=folder.path)
    with folder.locked(chosen.wait):
        tables = perform_reading(found, chosen, progress)
        batch = _Batch(tables, dict.fromkeys(tables, "segment"), _places(found), chosen, progress)
        return batch.publish(folder)


@project_held()
def run_stage(
    name: str, folder: str | Path, *, progress: Progress = silent, **settings: Unpack[Choices]
) -> Run:
    """Do one stage anew on the folder of a run; what later stages made goes, as it is stale.

    Args:
        name: `tag`, `mine`, `aggregate` or `report`.
        folder: Of a run.
        progress: Told what is done.
        **settings: As in `RunSettings`.

    Raises:
        SettingsError: A setting is wrong, or an earlier stage has not been done.
        ArtefactError: The folder is no run's, or damaged.
        StorageError: It cannot be written or is in use.
    """
    chosen = RunSettings(**settings)
    check_choices(chosen)
    place = RunFolder(Path(folder), mixed=True)
    place.manifest()  # before the lock, which would make a folder of a mistyped name
    with place.locked(chosen.wait):
        manifest = place.manifest()
        tables, owners = followed(place.read_tables()), dict(manifest["owners"])
        before = [entry.name for entry in STAGES[2 : STAGES.index(stage(name))]]
        if missing := [entry for entry in before if entry not in owners.values()]:
            raise SettingsError(
                f"{folder}: the stage {missing[0]} comes before {name} and has not been done; "
                f"run: findings {missing[0]} {folder}"
            )
        stale = {entry.name for entry in (stage(name), *stages_after(name))}
        owners = {table: owner for table, owner in owners.items() if owner not in stale}
        tables = {table: tables[table] for table in owners}
        batch = _Batch(tables, owners, manifest["places"], chosen, progress)
        if name == "report":
            require_today(tables, folder)
            return batch.publish(place, batch.report)
        batch.add(name)
        return batch.publish(place)


@project_held()
def put_table(
    name: str,
    change: Callable[[Tables], pd.DataFrame],
    folder: str | Path,
    *,
    owner: str,
    progress: Progress = silent,
    **settings: Unpack[Choices],
) -> Run:
    """Put a table of other origin into the folder of a run, and count anew what is made of it.

    Args:
        name: Of the table.
        change: Makes it from the tables that are there; what it raises leaves all as it was.
        folder: Of a run that has been mined.
        owner: The command that it comes from; later stages keep it.
        progress: Told what is done.
        **settings: As in `RunSettings`.

    Raises:
        SettingsError: The run has not been mined.
        ArtefactError: The folder is no run's, or damaged.
        StorageError: It cannot be written or is in use.
    """
    chosen = RunSettings(**settings)
    place = RunFolder(Path(folder))
    place.manifest()
    with place.locked(chosen.wait):
        manifest = place.manifest()
        owners = dict(manifest["owners"])
        if "mine" not in owners.values():
            raise SettingsError(f"{folder}: has not been mined; run: findings mine {folder}")
        tables = {
            table: data
            for table, data in followed(place.read_tables()).items()
            if owners[table] != "aggregate"
        }
        owners = {table: made for table, made in owners.items() if table in tables}
        tables[name], owners[name] = change(tables), owner
        batch = _Batch(tables, owners, manifest["places"], chosen, progress)
        batch.add("aggregate")
        return batch.publish(place)


def open_run(folder: str | Path) -> Run:
    """Open the folder of a run that has ended.

    Raises:
        ArtefactError: It is no run's folder, or damaged.
    """
    place = RunFolder(Path(folder))
    places = place.manifest()["places"]
    return Run(followed(place.read_tables()), folder=place.path, places=places)


@dataclass(frozen=True, slots=True)
class _Batch:
    """The tables of a run as they grow.

    Attributes:
        tables: By name.
        owners: The stage that made each table.
        places: Where each source was, by its path in the tables.
        settings: Of the run.
        progress: Told what is done.
        packer: Of the tables.
    """

    tables: Tables
    owners: dict[str, str]
    places: Mapping[str, str]
    settings: RunSettings
    progress: Progress
    packer: Packer = field(default_factory=Packer)

    def add(self, name: str) -> None:
        """Do a stage and put its tables, and whose they are, among the others."""
        if name == "tag":
            made = perform_tagging(self.tables, self.settings, self.progress)
        else:
            made = perform_corpus(
                stage(name), self.tables, self.settings, self.progress, packer=self.packer
            )
        for table in made:
            self.owners.setdefault(table, name)
        self.tables.update(made)
        give_back()

    def report(self, folder: Path) -> None:
        """Write the report into a folder."""
        perform_report(
            self.tables,
            folder,
            self.settings,
            self.progress,
            packer=self.packer,
            places=self.places,
        )

    def publish(self, folder: RunFolder, *more: Callable[[Path], None]) -> Run:
        """Write everything into a draft and make it current.

        Args:
            folder: Locked.
            more: Write what goes into the folder of the report, if there is to be one.
        """
        if not self.settings.allow_empty and not len(self.tables["documents"]):
            self._refuse_empty(folder)
        with folder.draft(keep=self.settings.keep) as draft:
            entries = write_tables(draft, self.packer.pack_all(self.tables))
            if self.settings.csv:
                write_csv(draft, self.tables)
            for write in more:
                (draft / "report").mkdir()
                write(draft / "report")
            write_manifest(
                draft,
                {
                    "version": __version__,
                    "tables": entries,
                    "owners": self.owners,
                    "documents": len(self.tables["documents"]),
                    "places": dict(self.places),
                    "layers": self.settings.layers.digest,
                    "code": {entry.name: code_version(entry.name) for entry in STAGES},
                },
            )
        return Run(self.tables, folder=folder.path, places=self.places)

    def _refuse_empty(self, folder: RunFolder) -> None:
        """Keep the last results where this run read nothing: an unmounted share, a typo.

        Raises:
            StorageError: The folder holds documents.
        """
        try:
            held = len(folder.read_tables()["documents"])
        except (ArtefactError, KeyError):  # nothing that could be lost
            return
        if held:
            failed = self.tables["ledger"]
            first = "".join(
                f": {path}: {reason}"
                for path, reason in zip(failed[c.PATH][:1], failed[c.REASON][:1], strict=True)
            )
            raise StorageError(
                f"{folder.path}: nothing could be read of {len(failed)} sources{first}; the "
                f"results of {held} documents that are there stay as they are; see to the sources, "
                "or give --allow-empty to replace them"
            )


def _places(found: Iterable[Source]) -> dict[str, str]:
    return {source.path: source.place for source in found}
