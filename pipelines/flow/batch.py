"""A run as it grows: its tables, whose they are, and how they are written into a folder."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines import __version__
from pipelines import columns as c
from pipelines.answers import FOLDER as ANSWERS
from pipelines.answers import AnswerStore, apply_answers
from pipelines.answers.applied import MADE
from pipelines.durable import unlinked
from pipelines.errors import ArtefactError, StorageError
from pipelines.flow.follow import follow
from pipelines.flow.outcome import Held, Run
from pipelines.flow.perform import TAG_TABLES, Progress, perform_tagging
from pipelines.flow.settings import RunSettings
from pipelines.flow.stages import STAGES, code_version, stage
from pipelines.flow.storage.generations import AGAIN
from pipelines.flow.storage.store import RunFolder
from pipelines.flow.storage.stored import Stored
from pipelines.flow.storage.taken import Taken
from pipelines.flow.storage.written import write_csv, write_manifest
from pipelines.flow.whole import perform_corpus, perform_report
from pipelines.memory import give_back
from pipelines.project import project_in_use

_ANSWERING: Final = ("findings", "tags", "issue_tags", *MADE)


@dataclass(frozen=True, slots=True)
class Batch:
    """The tables of a run as they grow.

    Attributes:
        tables: By name, in files of their own until they are published.
        owners: The stage that made each table.
        places: Where each source was, by its path in the tables.
        settings: Of the run.
        progress: Told what is done.
        answers: What people answered; None where there can be none.
        again: Whether it goes on with a run of the folder, and nothing is read for it.
    """

    tables: Stored
    owners: dict[str, str]
    places: Mapping[str, str]
    settings: RunSettings
    progress: Progress
    answers: AnswerStore | None = None
    again: bool = False

    @classmethod
    def continued(
        cls,
        place: RunFolder,
        work: Path,
        settings: RunSettings,
        progress: Progress,
        *,
        without: Collection[str],
        answers: AnswerStore | None = None,
    ) -> Batch:
        """Take up the run of a folder, less what some stages made, under the slugs of today.

        Args:
            place: Its folder, locked.
            work: A folder of its own, for what is made again.
            settings: Of the run that goes on.
            progress: Told what is done.
            without: Names of stages whose tables are to be made again.
            answers: What people answered.
        """
        manifest = place.manifest()
        owners = {name: made for name, made in manifest["owners"].items() if made not in without}
        files = place.files()
        tables = Stored(work, {name: files[name] for name in owners})
        follow(tables)
        return cls(tables, owners, manifest["places"], settings, progress, answers, again=True)

    def add(self, name: str) -> None:
        """Do a stage and put its tables, and whose they are, among the others."""
        if name == "mine":
            self.apply_answers()
        if name == "tag":
            perform_tagging(self.tables, self.settings, self.progress)
            made = [*TAG_TABLES, "models"]
        else:
            made = perform_corpus(stage(name), self.tables, self.settings, self.progress)
        for table in made:
            self.owners.setdefault(table, name)
        if name == "tag":
            self.apply_answers()
        give_back()

    def apply_answers(self) -> None:
        """Let what people answered stand before what the model gave."""
        if self.answers is None or not {"tags", "findings"} <= set(self.tables):
            return
        reading = self.answers.read()
        if not (reading.events or reading.damaged or set(MADE) & set(self.tables)):
            return
        given = {name: self.tables[name] for name in _ANSWERING if name in self.tables}
        answered = apply_answers(given, reading, learned=self._learned())
        for table in MADE:
            self.tables.pop(table, None)
            self.owners.pop(table, None)
        for table, data in answered.items():
            if data is not given.get(table):
                self.tables[table] = data
                self.owners.setdefault(table, "tag")

    def _learned(self) -> frozenset[str]:
        """Return the findings that the model of the run was trained on, by digest."""
        from pipelines.tag.models.registry import learned_by

        used = self.tables.get("models")
        return learned_by("" if used is None or used.empty else str(used[c.MODEL].iloc[0]))

    def report(self, folder: Path) -> None:
        """Write the report into a folder."""
        perform_report(
            self.tables,
            folder,
            self.settings,
            self.progress,
            places=self.places,
        )

    def publish(self, folder: RunFolder, *more: Callable[[Path], None]) -> Run:
        """Write everything into a draft and make it current.

        Args:
            folder: Locked.
            more: Write what goes into the folder of the report, if there is to be one.
        """
        if not self.settings.allow_empty and not self.tables.rows("documents"):
            self._refuse_empty(folder)
        with folder.draft(keep=self.settings.keep) as draft:
            self.tables.move_to(draft / "tables")
            if self.settings.csv:
                write_csv(draft, self.tables)
            for write in more:
                (draft / "report").mkdir()
                write(draft / "report")
            documents = self.tables.rows("documents")
            kept = None if self.tables.large else dict(self.tables)
            write_manifest(
                draft,
                {
                    "version": __version__,
                    "tables": self.tables.entries(),
                    "owners": self.owners,
                    "report": {"title": self.settings.title},
                    "documents": documents,
                    AGAIN: self.again,
                    "places": dict(self.places),
                    "layers": self.settings.layers.digest,
                    "code": {entry.name: code_version(entry.name) for entry in STAGES},
                },
            )
        if kept is not None:
            return Run(kept, folder=folder.path, places=self.places)
        shown = (folder.path / "tables").resolve()
        files = {name: shown / f"{name}.parquet" for name in self.tables}
        return Run(Held(Stored(shown, files)), folder=folder.path, places=self.places)

    def _refuse_empty(self, folder: RunFolder) -> None:
        """Keep the last results where this run read nothing: an unmounted share, a typo.

        Raises:
            StorageError: The folder holds documents.
        """
        try:
            held = len(folder.read_tables({"documents": Taken()})["documents"])
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


def answer_store(run: Path | None, settings: RunSettings) -> AnswerStore | None:
    """Return the answers that count in a run.

    They are in the folder given, else in that of the project in use, else beside the run's tables;
    what people answered before there was a project still counts.

    Args:
        run: Folder of the run; None where it has none.
        settings: Of the run.
    """
    if settings.answers is not None:
        return AnswerStore(Path(settings.answers))
    own = () if run is None else (unlinked(run, ANSWERS, "name the folder with --answers"),)
    project = project_in_use()
    if project is not None:
        return AnswerStore(project.answers, beside=own)
    return AnswerStore(own[0]) if own else None
