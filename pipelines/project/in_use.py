"""The project in use: the one that was named, else the one that the working folder is in.

What loads data (codebook, frameworks, places …) asks here, so that every command, notebook and
worker goes by the same files without each function in between having to hand them on.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeVar

from pipelines.errors import check_kind
from pipelines.project.folder import (
    VARIABLE,
    Project,
    find_folder,
    is_remembered,
    read_project,
    stamp_of,
)
from pipelines.project.layers import Layers


@dataclass(frozen=True, slots=True)
class _Held:
    """A reading that stays as it is: of a run that has begun, or what a worker was handed."""

    project: Project | None
    layers: Layers


_chosen: list[Project | _Held] = []
"""What was put in use; the last of them counts."""


def open_project(folder: str | Path) -> Project:
    """Read a project and put it in use for this process, until another one is.

    Args:
        folder: Of the project.

    Raises:
        SettingsError: It is not a project, or a file of it is wrong.
    """
    check_kind("folder", folder, (str, os.PathLike), "the name of a project's folder")
    found = read_project(Path(folder), trusted=True)
    _chosen[:] = [found]
    layers_in_use()
    return found


def leave_project() -> None:
    """Undo `open_project`: the working folder decides again which project is in use, if any."""
    _chosen.clear()
    _forget()


def project_in_use() -> Project | None:
    """Return the project in use; None where there is none.

    The one opened; else the one that FINDINGS_PROJECT names; else the one that the working folder
    is in. Its files are read again when they have changed.

    Raises:
        SettingsError: A file of it is wrong, or FINDINGS_PROJECT names none.
    """
    last = _chosen[-1] if _chosen else None
    if isinstance(last, _Held):
        return last.project
    if last is not None:
        return _read(last.folder, stamp_of(last.folder), last.trusted)
    if named := os.environ.get(VARIABLE):
        folder = Path(named).absolute()
        return _read(folder, stamp_of(folder), True)
    found = find_folder()
    return None if found is None else _read(found, stamp_of(found), is_remembered(found))


def layers_in_use() -> Layers:
    """Return the data files of the project in use; none where there is none.

    Raises:
        SettingsError: As `project_in_use`.
    """
    last = _chosen[-1] if _chosen else None
    if isinstance(last, _Held):
        found = last.layers
    else:
        project = project_in_use()
        found = Layers() if project is None else project.layers
    if found != _seen[-1]:
        _seen[-1] = found
        _forget()
    return found


def _forget() -> None:
    for forget in _forgets:
        forget()


_UNSEEN: Final = Layers("?")
_seen: Final[list[Layers]] = [Layers()]
_forgets: Final[list[Callable[[], None]]] = []

Cached = TypeVar("Cached")


def forgotten_with_project(cached: Cached) -> Cached:
    """Empty a cached function whenever another project, or a changed one, is in use.

    For what is asked too often, word by word, to ask each time which project is in use.
    """
    _forgets.append(cached.cache_clear)  # type: ignore[attr-defined]
    return cached


def use_layers(layers: Layers) -> None:
    """Use these data files whatever folder this process is in, as a worker is told to."""
    _chosen[:] = [_Held(None, layers)]


@contextmanager
def layers_held(layers: Layers) -> Iterator[None]:
    """Use these data files for a while, whatever process this is."""
    depth = len(_chosen)
    _chosen.append(_Held(None, layers))
    layers_in_use()
    try:
        yield
    finally:
        del _chosen[depth:]
        _seen[-1] = _UNSEEN  # whoever asks next finds out
        _forget()


@contextmanager
def project_held() -> Iterator[Project | None]:
    """Use the project as it is now: a run of hours ends with the files it began with."""
    project = project_in_use()
    depth = len(_chosen)
    _chosen.append(_Held(project, Layers() if project is None else project.layers))
    try:
        yield project
    finally:
        del _chosen[depth:]


@lru_cache(maxsize=4)
def _read(folder: Path, _stamp: object, trusted: bool) -> Project:
    return read_project(folder, trusted=trusted)
