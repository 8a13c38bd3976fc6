"""Where models are: the shipped one, the user's own, and the pointer to the one in use.

The user's models are in the folder given, else in that of the project in use where it was named or
made on this machine, else in the one that FINDINGS_MODELS names, else, in a
checkout of this program, in its `models`, else in the user's data folder. A `models` in whatever
folder a command is started in counts for nothing: it may be another team's. `current.json` says
which is in use and which were before, so that a change can be taken back.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from pipelines.durable import locked, storing, unlinked, write_text
from pipelines.errors import ArtefactError
from pipelines.project import Layers, layers_in_use, project_in_use
from pipelines.project.folder import data_folder
from pipelines.regular import regular_text
from pipelines.tag.models.artefacts import META, load_folder, read_meta
from pipelines.tag.models.meta import NAME
from pipelines.tag.models.model import Model
from pipelines.tag.models.probes import sha256

logger = logging.getLogger(__name__)

POINTER: Final = "current.json"
VARIABLE: Final = "FINDINGS_MODELS"
_LOCK: Final = ".current.lock"
_WAIT: Final = 20.0  # seconds for another command that chooses a model
_FOLDER = re.compile(rf"^(?P<name>{NAME.pattern})-(?P<version>[1-9][0-9]*)$")


@dataclass(frozen=True, slots=True)
class Pointer:
    """The model in use, and those used before it, oldest first."""

    current: str
    history: tuple[str, ...] = ()


def shipped_folder() -> Path:
    """Return the folder of the models that came with the package."""
    installed = Path(str(files("pipelines") / "shipped" / "models"))
    return installed if installed.is_dir() else Path(__file__).parents[3] / "models"


def models_folder(given: str | Path | None = None) -> Path:
    """Return the folder for the user's models; it need not exist yet."""
    if given is not None:
        return Path(given)
    project = project_in_use()
    if project is not None and project.trusted:
        return project.models
    if project is not None and any(project.models.glob(f"*/{META}")):
        _say_untrusted(project.folder)
    if named := os.environ.get(VARIABLE):
        return Path(named)
    local = Path("models")
    if any(local.glob(f"*/{META}")):
        if local.resolve() == shipped_folder().resolve():  # a checkout of this program
            return local
        _say_ignored(local.resolve())
    return data_folder() / "models"


@cache
def _say_untrusted(folder: Path) -> None:
    logger.warning(
        "%s holds models and was not made on this machine: they are not used; name it with "
        "--project, or take it over: findings init %s",
        folder,
        folder,
    )


@cache
def _say_ignored(folder: Path) -> None:
    logger.warning(
        "%s holds models and is not used: name it with --models or %s if it is to be",
        folder,
        VARIABLE,
    )


def origin_of(folder: Path) -> str:
    """Say where a model comes from, without the names of folders of this machine."""
    shipped = folder.resolve().is_relative_to(shipped_folder().resolve())
    return "shipped with the program" if shipped else "not shipped with the program"


def shipped_digests() -> frozenset[str]:
    """Return the hashes that name the models shipped with this version."""
    return frozenset(sha256(path.read_bytes()) for path in shipped_folder().glob(f"*/{META}"))


def model_folders(given: str | Path | None = None) -> dict[str, Path]:
    """Return the folders of all models by `NAME-VERSION`, the user's before the shipped ones."""
    out: dict[str, Path] = {}
    for root in (shipped_folder(), models_folder(given)):
        if root.is_dir():
            found = [p for p in sorted(root.iterdir()) if (p / META).is_file()]
            out.update({p.name: p for p in found if _FOLDER.match(p.name)})
    return dict(sorted(out.items(), key=lambda item: _place(item[0])))


def _place(label: str) -> tuple[str, int]:
    match = _FOLDER.match(label)
    return (match["name"], int(match["version"])) if match else (label, 0)


def next_version(name: str, given: str | Path | None = None) -> int:
    """Return the first version of that name which is not taken.

    Raises:
        ArtefactError: The name cannot be a folder's.
    """
    if not _FOLDER.match(f"{name}-1"):
        raise ArtefactError(
            f"model name {name!r}: expected small letters, digits and hyphens, a letter first"
        )
    taken = [_place(label)[1] for label in model_folders(given) if _place(label)[0] == name]
    return max(taken, default=0) + 1


def read_pointer(given: str | Path | None = None) -> Pointer:
    """Return the pointer of the user's models; the shipped one where they have none.

    Raises:
        ArtefactError: The pointer is damaged, or there is no model at all.
    """
    for root in (models_folder(given), shipped_folder()):
        path = root / POINTER
        if not path.is_file():
            continue
        try:
            raw = json.loads(regular_text(path))
            return Pointer(str(raw["current"]), tuple(str(x) for x in raw["history"]))
        except (ValueError, KeyError, TypeError) as error:
            raise ArtefactError(
                f"{path} is damaged ({error}); set it again: findings models use NAME-VERSION"
            ) from error
    raise ArtefactError(
        f"no model: neither {models_folder(given)} nor {shipped_folder()} has a {POINTER}; "
        "train one: findings train"
    )


def use_model(label: str, *, models: str | Path | None = None) -> Pointer:
    """Put a model in use and remember the one before it.

    Raises:
        ArtefactError: There is no such model, or it does not load.
    """
    load_folder(find_model(label, models=models))
    with _pointer_locked(models):
        try:
            before = read_pointer(models)
        except ArtefactError:
            before = Pointer(label)
        history = before.history if before.current == label else (*before.history, before.current)
        return _write(Pointer(label, history), models)


def roll_back(*, models: str | Path | None = None) -> Pointer:
    """Go back to the model that was in use before.

    Raises:
        ArtefactError: There was none before, or it does not load.
    """
    with _pointer_locked(models):
        pointer = read_pointer(models)
        if not pointer.history:
            raise ArtefactError(
                f"{pointer.current} is the first model in use: nothing to go back to"
            )
        load_folder(find_model(pointer.history[-1], models=models))
        return _write(Pointer(pointer.history[-1], pointer.history[:-1]), models)


@contextmanager
def _pointer_locked(models: str | Path | None) -> Iterator[None]:
    """Keep the pointer to oneself from reading to writing it: of two commands none is lost."""
    root = models_folder(models)
    with storing(root):
        root.mkdir(parents=True, exist_ok=True)
    busy = f"{root}: another command is choosing a model here; give this one again"
    with locked(unlinked(root, _LOCK, "give another --models"), wait=_WAIT, busy=busy):
        yield


def _write(pointer: Pointer, models: str | Path | None) -> Pointer:
    root = models_folder(models)
    text = json.dumps({"current": pointer.current, "history": list(pointer.history)}, indent=1)
    write_text(root / POINTER, text + "\n")
    return pointer


def find_model(label: str, *, models: str | Path | None = None) -> Path:
    """Return the folder of a model.

    Raises:
        ArtefactError: There is none of that name and version.
    """
    known = model_folders(models)
    if label not in known:
        listed = ", ".join(known) or "none"
        raise ArtefactError(f"no model {label!r}; there are: {listed}")
    return known[label]


def learned_by(label: str) -> frozenset[str]:
    """Return the digests of the findings that a model was trained on; none if it is not at hand.

    What it gives to them says nothing of how right it is.
    """
    folder = model_folders().get(label)
    if folder is None:
        return frozenset()
    try:
        return frozenset(map(str, read_meta(folder).get("labels", ())))
    except ArtefactError:  # damaged, or of another version
        return frozenset()


def load_model(label: str | None = None, *, models: str | Path | None = None) -> Model:
    """Load a model by `NAME-VERSION`; the one in use where none is named.

    Raises:
        ArtefactError: There is none, or it is damaged, of another version or not to be trusted.
    """
    chosen = label if label is not None else read_pointer(models).current
    folder = find_model(chosen, models=models).resolve()
    return _loaded(folder, (folder / META).stat().st_mtime_ns, layers_in_use())


@lru_cache(maxsize=2)
def _loaded(folder: Path, _changed: int, _layers: Layers) -> Model:
    return load_folder(folder)
