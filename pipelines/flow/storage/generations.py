"""Earlier runs of a folder: kept by number, and what people added to them set aside.

Nothing is deleted here but files whose digest the manifest beside them lists. Whatever else stands
in the place of a run - a note, an edited report - goes to `DIR/set-aside` first.
"""

from __future__ import annotations

import filecmp
import logging
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pipelines.errors import ArtefactError, StorageError
from pipelines.flow.aside import RUN_MARK
from pipelines.flow.storage.written import MANIFEST, files_of, read_manifest
from pipelines.regular import digest_of, regular_text

logger = logging.getLogger(__name__)

PARTS: Final = ("tables", "report", MANIFEST)
CURRENT: Final = "current"
SET_ASIDE: Final = "set-aside"
AGAIN: Final = "again"
"""What a manifest calls that the run before was counted or written again, and nothing read."""
DRAFT_MARK: Final = ".draft"
"""In a draft until it is whole: what a killed run leaves is known by it."""

_NUMBER: Final = 20  # characters of a generation's name
_NAMED: Final = 8
_SYSTEMS: Final = frozenset({".DS_Store", "desktop.ini", "Thumbs.db"})
"""Files that a file manager leaves in every folder it shows: nobody's work."""


@dataclass(frozen=True, slots=True)
class Generation:
    """A run that is kept.

    Attributes:
        number: Its place in time; None for the current one where links cannot be made.
        current: Whether it is what the folder shows.
        ended: When it was written.
        documents: How many were read; None where its manifest does not say.
        again: Whether it is a run before it, counted or written again: nothing was read for it.
        read: Digest of the documents that it is of.
    """

    number: int | None
    current: bool
    ended: datetime
    documents: int | None
    again: bool = False
    read: str = ""

    def goes_on(self, earlier: Generation) -> bool:
        """Whether it is that earlier one counted or written again."""
        return self.again and self.read == earlier.read


def numbered(store: Path) -> list[Path]:
    """Return the generations in a store, oldest first; links and files of such names are none."""
    found = (p for p in store.iterdir() if p.name.isdigit() and is_folder(p))
    return sorted(found, key=lambda p: (int(p.name), p.name))


def next_place(store: Path) -> Path:
    """Return the place for one more generation."""
    taken = [int(p.name) for p in store.iterdir() if p.name.isdigit()]
    return store / f"{max(taken, default=0) + 1:06d}"


def current_of(store: Path) -> Path | None:
    """Return the generation that the store's link names, or the file that was made of the link."""
    link = store / CURRENT
    try:
        target = _target(link) if link.is_symlink() else regular_text(link)[:_NUMBER].strip()
    except (OSError, ValueError):
        return None
    place = store / target
    return place if target.isdigit() and is_folder(place) else None


def unfinished(store: Path) -> list[Path]:
    """Return the generations that were about to be shown when their run was killed."""
    links = (place / CURRENT for place in store.glob("link-*") if is_folder(place))
    targets = (_target(link) for link in links if link.is_symlink())
    shown = current_of(store)
    places = (store / target for target in targets if target.isdigit())
    return [place for place in places if is_folder(place) and place != shown]


def _target(link: Path) -> str:
    return Path(os.readlink(link)).as_posix()  # noqa: PTH115 - Path.readlink is the same, slower


def is_folder(place: Path) -> bool:
    """Whether a folder stands there itself, not a link to one."""
    return place.is_dir() and not place.is_symlink()


def stamp(place: Path) -> tuple[int, int] | None:
    """Return what distinguishes a file from another that takes its place."""
    try:
        state = place.stat()
    except OSError:
        return None
    return state.st_ino, state.st_mtime_ns


def described(place: Path, *, current: bool) -> Generation:
    """Say what is known of a generation.

    Raises:
        ArtefactError: Its manifest is damaged.
    """
    path = place / MANIFEST
    manifest = read_manifest(path)
    documents = manifest.get("documents")
    return Generation(
        number=int(place.name) if place.name.isdigit() else None,
        current=current,
        ended=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        documents=documents if isinstance(documents, int) else None,
        again=manifest.get(AGAIN) is True,
        read=manifest["tables"].get("documents", {}).get("sha256", ""),
    )


def was_link(place: Path) -> bool:
    """Whether a part of a folder is a link into our store, or the file that was made of one."""
    ours = f"{RUN_MARK}/{CURRENT}/{place.name}"
    try:
        if place.is_symlink():
            return _target(place) == ours
        return regular_text(place, most=len(ours) + 2).strip() == ours
    except (OSError, ValueError):
        return False


def keep_edits(place: Path, folder: Path) -> list[str]:
    """Copy into `folder/set-aside` what people added to a generation, or changed in it.

    Args:
        place: A generation, or the run folder itself where its parts are not links.
        folder: The run folder.

    Returns:
        The new places below `folder`.
    """
    made = []
    for path in list(_strays(place, whole=place != folder)):
        target = _free(folder / SET_ASIDE / path.relative_to(place), path)
        if target is None:
            continue
        if not target.parent.resolve().is_relative_to(folder.resolve() / SET_ASIDE):
            raise StorageError(
                f"{target.parent}: leads out of {folder / SET_ASIDE} by a link, as no run makes "
                "it; delete the link"
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink() or stat.S_ISREG(path.lstat().st_mode):
            shutil.copy2(path, target, follow_symlinks=False)
        made.append(target.relative_to(folder).as_posix())
    if made:
        named = ", ".join(made[:_NAMED]) + (" …" if len(made) > _NAMED else "")
        logger.warning(
            "%s: %d %s not as a run wrote it (added or edited) and set aside, nothing is lost: %s",
            folder,
            len(made),
            "file was" if len(made) == 1 else "files were",
            named,
        )
    return made


def retire(place: Path, folder: Path) -> None:
    """Delete a generation: what is listed and unchanged; the rest is set aside before."""
    keep_edits(place, folder)
    if all(_held_aside(path, place, folder) for path in _strays(place)):
        for part in PARTS[:2]:  # the manifest last: without it nothing would be known for ours
            shutil.rmtree(place / part, ignore_errors=True)
        shutil.rmtree(place)


def sweep(store: Path, folder: Path) -> None:
    """Remove what killed runs left: drafts, and generations that were never shown."""
    for place in unfinished(store):
        retire(place, folder)
    for place in list(store.iterdir()):
        if not is_folder(place):
            continue
        if place.name.startswith("draft-"):
            if (place / DRAFT_MARK).is_file() or not any(place.iterdir()):
                shutil.rmtree(place, ignore_errors=True)
            elif (place / MANIFEST).is_file():
                retire(place, folder)
        elif place.name.startswith("link-"):
            if (place / CURRENT).is_symlink():
                (place / CURRENT).unlink()
            if not any(place.iterdir()):
                place.rmdir()


def prune(store: Path, folder: Path, *, keep: int) -> None:
    """Delete the oldest generations until `keep` earlier runs are left, each as it was last.

    Of the current run what it was before it was last counted or written again is kept too: a
    review of ten steps must not drive out the month before.
    """
    current = current_of(store)
    shown = current or folder
    runs: list[list[Path]] = []
    before: Generation | None = None
    for place in [*numbered(store), *([] if current else [folder])]:
        try:
            known = described(place, current=place == shown)
        except (ArtefactError, OSError):
            known = None
        if not (before and known and known.goes_on(before)):
            runs.append([])
        runs[-1].append(place)
        before = known
    own = next((run for run in runs if shown in run), [shown])
    last = own[: own.index(shown)][-1:]
    kept = [run[-1] for run in runs if run is not own][-keep:] + last if keep else []
    for place in (place for run in runs for place in run):
        if place != shown and place not in kept:
            retire(place, folder)


def _strays(place: Path, *, whole: bool = True) -> Iterator[Path]:
    """Find the files in a generation that are not, or no longer, what its manifest lists."""
    try:
        listed = files_of(read_manifest(place / MANIFEST))
    except (ArtefactError, OSError):
        listed = {}
    for part in PARTS[:2]:
        if was_link(place / part):
            continue
        if os.path.lexists(place / part) and not is_folder(place / part):
            yield place / part
            continue
        for root, folders, names in os.walk(place / part):
            linked = [name for name in folders if (Path(root) / name).is_symlink()]
            for name in sorted([*names, *linked]):
                path = Path(root) / name
                if name not in _SYSTEMS and not _ours(path, place, listed):
                    yield path
    for path in sorted(place.iterdir()) if whole else ():
        if path.name in PARTS or path.name in _SYSTEMS or path.name == DRAFT_MARK:
            continue
        inside = [p for p in path.rglob("*") if not p.is_dir()] if is_folder(path) else [path]
        yield from inside


def _ours(path: Path, place: Path, listed: dict[str, Any]) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    digest = listed.get(path.relative_to(place).as_posix())
    return digest is not None and digest == digest_of(path)


def _free(wanted: Path, path: Path) -> Path | None:
    """Return a place for a file under its name or with a number; None if it is there already."""
    for number in range(1, 10_000):
        stem = wanted.stem if number == 1 else f"{wanted.stem}-{number}"
        place = wanted.with_name(f"{stem}{wanted.suffix}")
        if not os.path.lexists(place):
            return place
        if _same(place, path):
            return None
    raise ArtefactError(f"{wanted}: ten thousand files of this name; move some elsewhere")


def _same(one: Path, other: Path) -> bool:
    if one.is_symlink() or other.is_symlink():
        both = one.is_symlink() and other.is_symlink()
        return both and _target(one) == _target(other)
    return one.is_file() and other.is_file() and filecmp.cmp(one, other, shallow=False)


def _held_aside(path: Path, place: Path, folder: Path) -> bool:
    """Whether a stray is safe in `set-aside`; a pipe or device is not and stays where it is."""
    return _free(folder / SET_ASIDE / path.relative_to(place), path) is None
