"""The model of a run: named by its bytes, and at hand wherever documents are tagged.

On this machine it is a folder. A worker of a cluster may have no such folder, or another model of
the same name: it is sent the files, under the hash of their bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from pipelines.errors import ArtefactError, SettingsError
from pipelines.regular import regular_bytes


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """The model of a run: its folder, a hash of all that is in it, and how it reads.

    `encoder` says whether findings are read as a whole too, or by their words alone.
    """

    folder: str
    digest: str
    encoder: bool = True


_ARRIVED: Final[dict[str, Path]] = {}
"""Folders of the models that were sent to this process, by digest."""


def choose_model(model: str | Path | None, *, encoder: bool = True) -> ModelChoice:
    """Find the model of a run and name it by its files, so that a changed one tags again.

    Args:
        model: Name and version, or a folder; None for the one in use.
        encoder: Whether it is to read findings as a whole, where it can.

    Raises:
        SettingsError: There is none of that name.
        ArtefactError: It is not a model folder, or none is in use.
    """
    from pipelines.tag.models.artefacts import read_meta
    from pipelines.tag.models.registry import find_model, read_pointer

    if model is not None and Path(model).is_dir():
        folder = Path(model).resolve()
    else:
        label = str(model) if model is not None else read_pointer().current
        try:
            folder = find_model(label).resolve()
        except ArtefactError as error:
            raise SettingsError(f"setting model: {error}") from error
    read_meta(folder)
    return ModelChoice(str(folder), _digest(model_files(folder)), encoder)


def model_files(folder: str | Path) -> dict[str, bytes]:
    """Return the files of a model's folder by their names, sorted."""
    root = Path(folder)
    return {
        path.relative_to(root).as_posix(): regular_bytes(path)
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def receive_model(files: dict[str, bytes], place: Path) -> ModelChoice:
    """Write the files of a model that was sent into a folder; `at_hand` then finds them by digest.

    Args:
        files: By name, as `model_files` gives them.
        place: An empty folder.

    Raises:
        ArtefactError: A name leads out of the folder.
    """
    for name, data in files.items():
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise ArtefactError(f"a model was sent with a file named {name!r}; it is not written")
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    choice = ModelChoice(str(place), _digest(files))
    _ARRIVED[choice.digest] = place
    return choice


def forget_model(digest: str) -> None:
    """Look for a model in the run's own folder again: the one that was sent is gone."""
    _ARRIVED.pop(digest, None)


def at_hand(model: ModelChoice) -> str:
    """Return the folder where this process finds a model: the one sent to it, or the run's own."""
    return str(_ARRIVED.get(model.digest, model.folder))


def _digest(files: dict[str, bytes]) -> str:
    state = hashlib.sha256()
    for name, data in files.items():
        state.update(name.encode())
        state.update(data)
    return state.hexdigest()[:16]
