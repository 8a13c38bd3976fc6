"""The folder of a run: tables, report and manifest, which change together or not at all.

    DIR/tables/NAME.parquet   DIR/report/index.html   DIR/manifest.json

Each run fills a generation of its own under `DIR/.generations` and then turns one link, so a run
that is killed at any moment leaves what was there before. Where a file system has no links the
finished generation takes the folders' places one by one, and whoever opens the folder next ends
what was begun. No link is needed to read: a folder that was copied, zipped or synchronised has
folders for links, or nothing for them, and is read and written on like any other.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pipelines.durable import draft_folder, locked, storing, sync_folder, sync_tree
from pipelines.errors import ArtefactError, NoRunFolder, SettingsError
from pipelines.flow.aside import RUN_MARK
from pipelines.flow.storage.generations import (
    CURRENT,
    DRAFT_MARK,
    PARTS,
    Generation,
    current_of,
    described,
    is_folder,
    keep_edits,
    next_place,
    numbered,
    stamp,
    sweep,
    unfinished,
    was_link,
)
from pipelines.flow.storage.premises import check_place
from pipelines.flow.storage.pruning import prune
from pipelines.flow.storage.taken import Taken
from pipelines.flow.storage.unzipped import clear_emptied, is_emptied
from pipelines.flow.storage.written import MANIFEST, check_tables, load_tables, read_manifest

if TYPE_CHECKING:
    import pandas as pd

Read = TypeVar("Read")

KEPT: Final = 2
"""Earlier runs that are kept, if nobody says otherwise."""

_COMMITTED: Final = "committed"
_LEAVING: Final = "leaving"
_TRIES: Final = 5
_MOMENT: Final = 0.02  # seconds


@dataclass(frozen=True, slots=True)
class RunFolder:
    """A folder that runs write to.

    Attributes:
        path: Of the folder.
        mixed: Whether it may hold other files than a run's.
    """

    path: Path
    mixed: bool = False

    @property
    def _store(self) -> Path:
        return self.path / RUN_MARK

    @contextmanager
    def locked(self, wait: float = 0.0, *, then: str = "and try again") -> Iterator[None]:
        """Hold the folder for one run; a run that dies lets go of it by itself.

        Args:
            wait: Seconds to wait for another run.
            then: How to go on where another holds it; each command has options of its own.

        Raises:
            StorageError: Another run holds it, or it cannot be written.
        """
        with storing(self.path):
            check_place(self.path, mixed=self.mixed)
            self._store.mkdir(parents=True, exist_ok=True)
        busy = f"{self.path}: another run is writing to this folder; wait for it to end {then}"
        with locked(self._store / "lock", wait=wait, busy=busy):
            with storing(self.path):
                self._finish()
                clear_emptied(self._store, self.path)
                sweep(self._store, self.path)
            yield

    @contextmanager
    def draft(self, *, keep: int = KEPT) -> Iterator[Path]:
        """Give an empty folder to fill with the parts; leaving it makes them current in one step.

        The folder must be locked. If anything goes wrong, what was current stays current.

        Args:
            keep: Earlier runs that are kept beside this one.

        Raises:
            StorageError: The disk is full or the folder cannot be written.
        """
        with storing(self.path):
            draft = draft_folder(self._store, "draft-")
            try:
                (draft / DRAFT_MARK).touch()
                yield draft
                (draft / DRAFT_MARK).unlink()
                sync_tree(draft)
                self._publish(draft)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
            prune(self._store, self.path, keep=keep)

    def manifest(self) -> dict[str, Any]:
        """Return what the last run said of itself.

        Raises:
            ArtefactError: There is none, or it is damaged or of a later version.
        """
        return read_manifest(self._manifest())

    def read_tables(self, only: Mapping[str, Taken] | None = None) -> dict[str, pd.DataFrame]:
        """Read tables of one and the same run, each checked against the manifest.

        Args:
            only: What is wanted, by table, as far as it is there; all where nothing is said.

        Raises:
            ArtefactError: The folder is not a run folder, or a table is missing or damaged.
        """
        return self._of_one_run(lambda said, place: load_tables(said, place, only))

    def files(self, only: Collection[str] | None = None) -> dict[str, Path]:
        """Return where tables are, checked as `read_tables` checks them."""
        return self._of_one_run(lambda said, place: check_tables(said, place, only))

    def _of_one_run(self, read: Callable[[Mapping[str, Any], Path], Read]) -> Read:
        """Return what is read of a manifest and of the tables that it lists."""
        for left in reversed(range(_TRIES)):
            place = self._manifest()
            seen = stamp(place)
            try:
                return read(read_manifest(place), self._tables(place))
            except (FileNotFoundError, ArtefactError):
                # A run that ends just now takes older files away: look again.
                if left == 0 or (self._manifest() == place and stamp(place) == seen):
                    raise
            time.sleep(_MOMENT)
        raise AssertionError  # pragma: no cover - the loop above always ends otherwise

    def generations(self) -> list[Generation]:
        """Return the runs that are kept, oldest first, the current one last.

        Raises:
            ArtefactError: The folder is not a run folder.
        """
        shown = self._manifest().parent
        kept = numbered(self._store) if is_folder(self._store) else []
        earlier = [p for p in kept if (p / MANIFEST).is_file() and not p.samefile(shown)]
        return [*(described(p, current=False) for p in earlier), described(shown, current=True)]

    def restore(self, number: int, *, wait: float = 0.0, keep: int = KEPT) -> None:
        """Make an earlier run the current one again; the one that was current is kept.

        Raises:
            SettingsError: There is none of that number.
            ArtefactError: It is damaged.
            StorageError: The folder cannot be written or is in use.
        """
        self.manifest()
        with self.locked(wait, then="(--wait SECONDS does that)"):
            places = {int(p.name): p for p in numbered(self._store) if p != current_of(self._store)}
            if number not in places:
                known = ", ".join(map(str, places)) or "none"
                raise SettingsError(
                    f"generation: got {number}; {self.path} keeps {known}; "
                    f"see findings generations list {self.path}"
                )
            place = places[number]
            load_tables(read_manifest(place / MANIFEST), place / "tables")
            with self.draft(keep=keep + 1) as draft:
                shutil.copytree(place, draft, symlinks=True, dirs_exist_ok=True)

    def _manifest(self) -> Path:
        """Find the manifest of what the folder shows; nothing is written, so anyone may look."""
        places = [self._store / _COMMITTED / MANIFEST, self.path / MANIFEST]
        if is_folder(self._store):
            places += [self._store / _LEAVING / MANIFEST, self._store / CURRENT / MANIFEST]
            if is_emptied(self.path / PARTS[0]):
                places.remove(self.path / MANIFEST)
            lost = not is_folder(self._store / CURRENT) or is_emptied(self._store / CURRENT)
            if lost:  # the link, on the way here
                shown = current_of(self._store)
                never = unfinished(self._store)
                kept = [p for p in reversed(numbered(self._store)) if p not in never]
                places += [p / MANIFEST for p in ([shown] if shown else kept)]
        for place in places:
            if place.is_file() and (place.is_symlink() or not was_link(place)):
                return self._inside(place.resolve())
        raise NoRunFolder(
            f"{self.path}: not the folder of a finished run (no {MANIFEST}); make one with "
            f"findings run SOURCE --out {self.path}"
        )

    def _tables(self, manifest: Path) -> Path:
        """Return the tables of a manifest; a move that was broken off may have parted the two."""
        beside = [manifest.parent, self.path, self._store / _LEAVING]
        found = (place / "tables" for place in beside if (place / "tables").is_dir())
        return self._inside(next(found, manifest.parent / "tables").resolve())

    def _inside(self, place: Path) -> Path:
        if not place.is_relative_to(self.path.resolve()):
            raise ArtefactError(
                f"{self.path}: shows what is at {place}, outside of it, as no run does; "
                "run `findings run` into a new folder"
            )
        return place

    def _publish(self, draft: Path) -> None:
        store = self._store
        # What must make room is numbered before what takes its place, and moved after.
        copied = is_folder(store / CURRENT)  # a folder where the link was
        real = is_folder(store / _LEAVING) or any(self._is_real(part) for part in PARTS)
        first = int(next_place(store).name)
        shown, left = (store / f"{number:06d}" for number in (first, first + copied))
        final = store / f"{first + copied + real:06d}"
        before = current_of(store)
        for place in {before or self.path, self.path}:
            keep_edits(place, self.path)
        turning = draft_folder(store, "link-")
        try:
            (turning / CURRENT).symlink_to(final.name, target_is_directory=True)
        except (OSError, NotImplementedError):  # no links here, as on some shared drives
            turning.rmdir()
            draft.replace(store / _COMMITTED)
            self._finish()
            return
        draft.replace(final)
        if copied:
            (store / CURRENT).replace(shown)
        for part in PARTS:
            self._leave(part)
        if is_folder(store / _LEAVING):
            (store / _LEAVING).replace(left)
        for part in PARTS:
            if not (self.path / part).is_symlink():
                (self.path / part).symlink_to(Path(RUN_MARK) / CURRENT / part)
        sync_folder(self.path)
        sync_folder(store)
        (turning / CURRENT).replace(store / CURRENT)
        turning.rmdir()
        sync_folder(store)

    def _is_real(self, part: str) -> bool:
        return os.path.lexists(self.path / part) and not was_link(self.path / part)

    def _leave(self, part: str) -> None:
        """Move what stands in the place of a part out of the way; a link of ours stays."""
        place, store = self.path / part, self._store
        if was_link(place) and not place.is_symlink():
            place.unlink()
        elif self._is_real(part):
            (store / _LEAVING).mkdir(exist_ok=True)
            place.replace(store / _LEAVING / part)

    def _finish(self) -> None:
        """End what a run without links began: its parts take their places, each by a rename."""
        store = self._store
        done = store / _COMMITTED
        if is_folder(done):
            for part in PARTS:
                if (done / part).exists():
                    self._leave(part)
                    (self.path / part).unlink(missing_ok=True)  # a link to what was current
                    (done / part).replace(self.path / part)
            if (store / CURRENT).is_symlink():
                (store / CURRENT).unlink()
            sync_folder(self.path)
            if any(done.iterdir()):  # not of ours
                done.replace(next_place(store))
            else:
                done.rmdir()
        if is_folder(store / _LEAVING) and (store / _LEAVING / MANIFEST).exists():
            (store / _LEAVING).replace(next_place(store))
