"""The folder of a project: how it is found, what it holds, and whether its models count.

A project is received like any other folder: its files are data that is checked, links that lead
out of it are refused, and its models count only where the project was named or made here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from pipelines.durable import unlinked, write_text
from pipelines.errors import SettingsError
from pipelines.project.layers import FILES, SETTINGS, Layers
from pipelines.regular import regular_text

VARIABLE: Final = "FINDINGS_PROJECT"
MOST_BYTES: Final = 5_000_000
"""Of one data file: the shipped ones have a tenth of a million."""

_MADE_HERE: Final = "projects.txt"


@dataclass(frozen=True, slots=True)
class Project:
    """The folder of a project with what its data files said when they were read.

    Attributes:
        folder: Its absolute path.
        layers: Its data files.
        trusted: Whether its models count: it was named, or made on this machine.
    """

    folder: Path
    layers: Layers
    trusted: bool = True

    @property
    def name(self) -> str:
        """The name that its settings give it, else that of the folder."""
        return self.layers.settings.name or self.folder.name

    @property
    def labels(self) -> Path:
        """Folder of label files; it need not exist."""
        return self._own("labels")

    @property
    def answers(self) -> Path:
        """Folder of what people answered when they reviewed findings; it need not exist."""
        return self._own("answers")

    @property
    def models(self) -> Path:
        """Folder of models; it need not exist."""
        return self._own("models")

    @property
    def runs(self) -> Path:
        """Folder of runs; it need not exist."""
        return self._own("runs")

    def _own(self, name: str) -> Path:
        """Return what has a name in it; a link only where the project is trusted."""
        if self.trusted:
            return self.folder / name
        return unlinked(self.folder, name, "name the project with --project, if you trust it")

    def label_files(self, suffixes: Collection[str]) -> tuple[list[Path], list[Path]]:
        """Return the label files in the order of their names, and what else lies there.

        Hidden files, and those that spreadsheet programs put beside an open one, are neither; a
        README is no table, whatever it ends in.

        Args:
            suffixes: Of files that can be read, in small letters.
        """
        if not self.labels.is_dir():
            return [], []
        seen = sorted(p for p in self.labels.iterdir() if not p.name.startswith((".", "~$")))
        told = (p for p in seen if p.stem.lower() != "readme")
        readable = [p for p in told if p.suffix.lower() in suffixes]
        files = [p for p in readable if p.is_symlink() or not p.is_dir()]  # links are checked
        others = [p for p in seen if p not in files]
        return [self._own(str(path.relative_to(self.folder))) for path in files], others

    def run_folders(self) -> list[Path]:
        """Return the folders of finished runs in the order of their names."""
        if not self.runs.is_dir():
            return []
        return sorted(p for p in self.runs.iterdir() if (p / "tables").is_dir())


def find_folder() -> Path | None:
    """Return the folder of the project that one is in, here or above; None in none."""
    return next((file.parent for file in _settings_above(Path.cwd()) if file.is_file()), None)


@lru_cache(maxsize=16)  # asked for each name of a unit
def _settings_above(here: Path) -> tuple[Path, ...]:
    return tuple(place / SETTINGS for place in (here, *here.parents))


def read_project(folder: Path, *, trusted: bool) -> Project:
    """Read the data files of a project.

    Raises:
        SettingsError: It is not a project, or a file of it cannot be read or is not a data file.
    """
    place = folder.absolute()
    if not (place / SETTINGS).is_file():
        raise SettingsError(
            f"{folder}: is no project: {SETTINGS} is missing; make one: findings init {folder}"
        )
    held = tuple((name, _text(place, name)) for name in FILES if os.path.lexists(place / name))
    layers = Layers(str(place), held)
    _ = layers.settings  # checked before anything is done with it
    return Project(place, layers, trusted)


def stamp_of(folder: Path) -> tuple[tuple[int, int, int], ...]:
    """Return a stamp that changes when a data file of a project does, without reading any."""
    out = []
    for name in FILES:
        try:
            found = (folder / name).stat()
            out.append((found.st_ino, found.st_mtime_ns, found.st_size))
        except OSError:
            out.append((0, 0, 0))
    return tuple(out)


def _text(folder: Path, name: str) -> str:
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise SettingsError(
                f"{path}: is a link that leads out of the project; put a file there"
            )
        return regular_text(path, "utf-8-sig", MOST_BYTES)
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: is not UTF-8 text; save it as UTF-8") from error
    except OSError as error:
        raise SettingsError(
            f"{path}: cannot be read: {error.strerror}; put a data file there, or take it out"
        ) from error


def data_folder() -> Path:
    """Return the folder for what this program keeps for a user."""
    if named := os.environ.get("XDG_DATA_HOME"):
        return Path(named) / "findings"
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", str(_home() / "AppData" / "Local")))
    elif sys.platform == "darwin":
        base = _home() / "Library" / "Application Support"
    else:
        base = _home() / ".local" / "share"
    return base / "findings"


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # no entry of that user, and no HOME: nothing is kept for them
        return Path("no-home").absolute()


def remember(folder: Path) -> None:
    """Note that a project was made, or taken over, on this machine: its models count here.

    Raises:
        StorageError: The note cannot be written.
    """
    known = dict.fromkeys([*_remembered(), str(folder.resolve())])
    path = data_folder() / _MADE_HERE
    write_text(path, "".join(f"{line}\n" for line in known))


def is_remembered(folder: Path) -> bool:
    """Whether a project was made, or taken over, on this machine."""
    return str(folder.resolve()) in _remembered()


def _remembered() -> list[str]:
    try:
        return (data_folder() / _MADE_HERE).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
