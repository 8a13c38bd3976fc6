"""The folder of a run: tables, report and manifest, which change together or not at all.

    DIR/tables/NAME.parquet   DIR/report/index.html   DIR/manifest.json

Each run fills a generation of its own under `DIR/.generations` and then turns one link, so a run
that is killed at any moment leaves what was there before. Where a file system has no links the
finished generation takes the folders' places one by one, and whoever opens the folder next ends
what was begun.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from pipelines.durable import storing, sync_folder, sync_tree
from pipelines.errors import ArtefactError, NoRunFolder, SettingsError, StorageError
from pipelines.flow.packing import unpack
from pipelines.flow.sources import RUN_MARK
from pipelines.tables import harmless

FORMAT: Final = 1
"""Of the folder. Raise it when what `read_tables` expects changes, and keep reading older ones."""

MANIFEST: Final = "manifest.json"
"""What makes a folder that of a finished run."""

PARTS: Final = ("tables", "report", MANIFEST)
_CURRENT: Final = "current"
_COMMITTED: Final = "committed"
_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class RunFolder:
    """A folder that runs write to."""

    path: Path

    def check(self) -> None:
        """Refuse a folder in which our names are taken by something else.

        Raises:
            StorageError: They are.
            SettingsError: It is no folder.
        """
        if self.path.exists() and not self.path.is_dir():
            raise SettingsError(f"{self.path}: is a file, expected a folder; give another --out")
        for part in PARTS:
            place = self.path / part
            if os.path.lexists(place) and not (self.path / RUN_MARK).is_dir():
                raise StorageError(
                    f"{place}: is there already and was not written by a run; nothing is "
                    "overwritten: give an empty or new folder as --out"
                )

    @contextmanager
    def locked(self, wait: float = 0.0) -> Iterator[None]:
        """Hold the folder for one run; a run that dies lets go of it by itself.

        Raises:
            StorageError: Another run holds it, or it cannot be written.
        """
        from filelock import FileLock, Timeout

        with storing(self.path):
            self.check()
            (self.path / RUN_MARK).mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.path / RUN_MARK / "lock", timeout=wait)
        try:
            with storing(self.path):
                lock.acquire()
        except Timeout as error:
            raise StorageError(
                f"{self.path}: another run is writing to this folder; wait for it to end "
                "(--wait SECONDS does that) or give another --out"
            ) from error
        try:
            self._finish()
            self._sweep()
            yield
        finally:
            lock.release()

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """Give an empty folder to fill with the parts; leaving it makes them current in one step.

        The folder must be locked. If anything goes wrong, what was current stays current.

        Raises:
            StorageError: The disk is full or the folder cannot be written.
        """
        with storing(self.path):
            store = self.path / RUN_MARK
            draft = Path(tempfile.mkdtemp(prefix="draft-", dir=store))
            try:
                yield draft
                draft.chmod(0o755)
                sync_tree(draft)
                self._publish(draft)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
            self._sweep()

    def manifest(self) -> dict[str, Any]:
        """Return what the last run said of itself.

        Raises:
            ArtefactError: There is none, or it is damaged or of a later version.
        """
        return _manifest(self._generation())

    def read_tables(self) -> dict[str, pd.DataFrame]:
        """Read all tables of one and the same run, each checked against the manifest.

        Raises:
            ArtefactError: The folder is no run folder, or a table is missing or damaged.
        """
        for left in reversed(range(_TRIES)):
            generation = self._generation()
            try:
                return _tables(generation)
            except FileNotFoundError as error:
                # A run that ends just now takes the older generation away: look again.
                if left == 0 or self._generation() == generation:
                    raise ArtefactError(
                        f"{error.filename}: is missing; run `findings run` into this folder again"
                    ) from error
        raise AssertionError  # pragma: no cover - the loop above always ends otherwise

    def report(self) -> Path | None:
        """Return the folder of the report, if there is one."""
        place = self.path / "report"
        return place if place.is_dir() else None

    def _generation(self) -> Path:
        if (self.path / RUN_MARK / _COMMITTED).is_dir():
            self._finish()
        place = self.path / MANIFEST
        if not place.is_file():
            raise NoRunFolder(
                f"{self.path}: not the folder of a finished run (no {MANIFEST}); make one with "
                f"findings run SOURCE --out {self.path}"
            )
        return place.resolve().parent

    def _publish(self, draft: Path) -> None:
        store = self.path / RUN_MARK
        number = max((int(p.name) for p in store.iterdir() if p.name.isdigit()), default=0) + 1
        final = store / f"{number:06d}"
        turned = Path(tempfile.mkdtemp(prefix="link-", dir=store)) / _CURRENT
        try:
            turned.symlink_to(final.name, target_is_directory=True)
        except (OSError, NotImplementedError):  # no links here, as on some shared drives
            draft.replace(store / _COMMITTED)
            self._finish()
            return
        draft.replace(final)
        for part in PARTS:
            place = self.path / part
            if not place.is_symlink():
                _remove(place)
                place.symlink_to(Path(RUN_MARK) / _CURRENT / part)
        sync_folder(self.path)
        sync_folder(store)
        turned.replace(store / _CURRENT)
        sync_folder(store)

    def _finish(self) -> None:
        """End what a run without links began: its parts take their places, each by a rename."""
        done = self.path / RUN_MARK / _COMMITTED
        if not done.is_dir():
            return
        for part in PARTS:
            source, place = done / part, self.path / part
            if source.exists():
                _remove(place)
                source.replace(place)
        sync_folder(self.path)
        shutil.rmtree(done)

    def _sweep(self) -> None:
        """Remove what earlier runs left: older generations, drafts of runs that were killed."""
        store = self.path / RUN_MARK
        current = (store / _CURRENT).resolve()
        for place in store.iterdir():
            # Both resolved: a folder given by a relative path must not lose what is current.
            if place.is_dir() and not place.is_symlink() and place.resolve() != current:
                shutil.rmtree(place, ignore_errors=True)


def write_tables(draft: Path, packed: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """Write tables into a draft and return what the manifest says of them."""
    folder = draft / "tables"
    folder.mkdir()
    entries = {}
    for name, raw in packed.items():
        (folder / f"{name}.parquet").write_bytes(raw)
        entries[name] = {"sha256": hashlib.sha256(raw).hexdigest()}
    return entries


def write_csv(draft: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write tables as CSV too: UTF-8, lists as JSON, no cell that a spreadsheet would execute.

    A text that begins with a sign of a formula gets an apostrophe before it, as spreadsheets do.
    """
    for name, data in tables.items():
        plain = data.copy()
        for column in plain.columns:
            if plain[column].dtype == "object":
                plain[column] = [json.dumps(list(v), ensure_ascii=False) for v in plain[column]]
            elif pd.api.types.is_string_dtype(plain[column].dtype):
                plain[column] = plain[column].map(harmless, na_action="ignore")
        plain.to_csv(draft / "tables" / f"{name}.csv", index=False, lineterminator="\n")


def write_manifest(draft: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest into a draft, last of all."""
    text = json.dumps({"format": FORMAT, **manifest}, indent=1, sort_keys=True, ensure_ascii=True)
    (draft / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _tables(generation: Path) -> dict[str, pd.DataFrame]:
    tables = {}
    for name, entry in _manifest(generation)["tables"].items():
        raw = (generation / "tables" / f"{name}.parquet").read_bytes()
        if hashlib.sha256(raw).hexdigest() != entry["sha256"]:
            raise ArtefactError(
                f"{generation / 'tables' / name}.parquet: is not what the run wrote (checksum); "
                "run `findings run` into this folder again"
            )
        tables[name] = unpack(name, raw)
    return tables


def _manifest(generation: Path) -> dict[str, Any]:
    place = generation / MANIFEST
    try:
        manifest = json.loads(place.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ArtefactError(
            f"{place}: damaged ({error}); run `findings run` into this folder again"
        ) from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        got = manifest.get("format") if isinstance(manifest, dict) else manifest
        raise ArtefactError(
            f"{place}: format {got!r}, expected {FORMAT}; run `findings run` into this folder again"
        )
    return manifest


def _remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
