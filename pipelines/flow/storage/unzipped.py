"""Folders of runs that were zipped by programs which write links to folders as empty folders."""

from __future__ import annotations

import filecmp
from pathlib import Path

from pipelines.flow.storage.generations import CURRENT, PARTS, is_folder, numbered
from pipelines.flow.storage.written import MANIFEST


def is_emptied(place: Path) -> bool:
    """Whether a folder is empty, as Python's `shutil` and others zip a link to one."""
    return is_folder(place) and not any(place.iterdir())


def clear_emptied(store: Path, folder: Path) -> None:
    """Take away what a zip made of our links: then the newest generation is what is shown."""
    if not is_emptied(store / CURRENT) or not numbered(store):
        return
    copied = folder / MANIFEST
    newest = numbered(store)[-1] / MANIFEST
    plain = copied.is_file() and newest.is_file() and not copied.is_symlink()
    if is_emptied(folder / PARTS[0]) and plain and filecmp.cmp(copied, newest, shallow=False):
        copied.unlink()
    for place in (*(folder / part for part in PARTS[:2]), store / CURRENT):
        if is_emptied(place):
            place.rmdir()
