"""Where results may be written: not among somebody's files, nor into a program's own folders."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

import pipelines
from pipelines.answers import FOLDER as ANSWERS
from pipelines.durable import unlinked
from pipelines.errors import ArtefactError, SettingsError, StorageError
from pipelines.flow.aside import RUN_MARK
from pipelines.flow.storage.generations import PARTS, SET_ASIDE, is_folder, was_link
from pipelines.flow.storage.written import MANIFEST, read_manifest

_NOBODYS: Final = frozenset({".DS_Store", "desktop.ini", "Thumbs.db", ".gitkeep", ".gitignore"})
_OURS: Final = frozenset({*PARTS, SET_ASIDE, RUN_MARK, ANSWERS, "extracts"})
_RUNS: Final = "runs"
"""The folder of a checkout that git ignores: published text must not get into a repository."""


def check_place(folder: Path, *, mixed: bool) -> None:
    """Refuse a folder that is not a place for results.

    Args:
        folder: That a run is to write to.
        mixed: Whether it may hold other files than a run's.

    Raises:
        StorageError: It holds something else, or is part of a program.
        SettingsError: It is not a folder.
    """
    if folder.exists() and not folder.is_dir():
        raise SettingsError(f"{folder}: is a file, expected a folder; give another --out")
    check_program(folder)
    store = folder / RUN_MARK
    if os.path.lexists(store) and not is_folder(store):
        raise StorageError(
            f"{store}: is no folder of ours but a link or a file; nothing is written through it: "
            "delete it, or give another --out"
        )
    unlinked(folder, SET_ASIDE, "give another --out")
    for name in ("lock", "committed", "leaving"):
        if (store / name).is_symlink():
            raise StorageError(
                f"{store / name}: is a link, as no run makes it; delete it, or give another --out"
            )
    if store.is_dir() or _is_shown(folder):
        return
    for part in PARTS:
        if os.path.lexists(folder / part):
            raise StorageError(
                f"{folder / part}: is there already and was not written by a run; nothing is "
                "overwritten: give an empty or new folder as --out"
            )
    others = sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []
    others = [name for name in others if name not in _NOBODYS | _OURS]
    if others and not mixed:
        named = ", ".join(others[:3]) + (" …" if len(others) > 3 else "")
        raise StorageError(
            f"{folder}: holds other files ({named}); give a new folder as --out, or --mixed to "
            "write tables and report beside them"
        )


def check_program(folder: Path) -> None:
    """Refuse a place inside this program or its source code.

    Raises:
        StorageError: It is there.
    """
    place = folder.resolve()
    package = Path(pipelines.__file__).resolve().parent
    inside = [package]
    if sys.prefix != sys.base_prefix:
        inside.append(Path(sys.prefix).resolve())
    if any(place.is_relative_to(root) for root in inside):
        raise StorageError(
            f"{folder}: is inside the installation of this program; give a place of your own"
        )
    checkout = package.parent
    if not (checkout / "pyproject.toml").is_file() or not place.is_relative_to(checkout):
        return
    if place.relative_to(checkout).parts[:1] != (_RUNS,):
        raise StorageError(
            f"{folder}: is inside the source code of this program ({checkout}), where results "
            f"could be committed; give a place below {checkout / _RUNS}, or elsewhere"
        )


def _is_shown(folder: Path) -> bool:
    """Whether a folder without a store is the copy of what a run shows, or of links to that."""
    if was_link(folder / MANIFEST):
        return True
    try:
        read_manifest(folder / MANIFEST)
    except (ArtefactError, OSError):
        return False
    return True
