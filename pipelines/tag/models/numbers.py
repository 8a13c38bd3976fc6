"""The numbers of a model in a file: its terms, their rarity, and the weights of each level.

`model.npz` holds plain arrays, which numpy reads without pickle. Terms are one text, a line each,
in the order of the features.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pipelines.errors import ArtefactError, UntrustedArtefact
from pipelines.tag.features.terms import VIEWS, Terms
from pipelines.tag.models.model import LEVELS, Model
from pipelines.tag.models.weights import Weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

NUMBERS: Final = "model.npz"
MOST_UNPACKED: Final = 1_000_000_000  # bytes; the shipped model has 20 million

# What numpy and zipfile meet a file with that is not what it says.
_MET: Final = (AttributeError, EOFError, KeyError, MemoryError, OSError, RuntimeError, TypeError)
DAMAGE: Final = (*_MET, ValueError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True)
class Numbers:
    """What of a model is numbers.

    Attributes:
        terms: Those of each view, in the order of the features.
        weights: By level.
        intercepts: By level, (slugs,).
    """

    terms: tuple[Terms, ...]
    weights: dict[str, Weights]
    intercepts: dict[str, NDArray[np.float64]]


def save_numbers(path: Path, model: Model) -> None:
    """Write the numbers of a model: the same bytes for the same model."""
    kept: dict[str, NDArray[Any]] = {}
    for terms in model.features:
        kept[f"{terms.view}.terms"] = np.frombuffer("\n".join(terms.names).encode(), np.uint8)
        kept[f"{terms.view}.weight"] = np.asarray(terms.weight)
        if terms.rarity is not None:
            kept[f"{terms.view}.rarity"] = terms.rarity
    for level in LEVELS:
        weights = model.head(level).weights
        kept[f"{level}.steps"], kept[f"{level}.step"] = weights.steps, weights.step
        kept[f"{level}.intercepts"] = model.head(level).intercepts
    np.savez_compressed(path, **kept)  # type: ignore[arg-type]  # its stubs name one argument only


def load_numbers(path: Path) -> Numbers:
    """Read the numbers of a model without trusting them.

    Raises:
        UntrustedArtefact: The file is not an archive, or would unpack to far more than a model's.
        ArtefactError: It holds something else than a training writes.
    """
    if not zipfile.is_zipfile(path):
        raise UntrustedArtefact(
            f"{path} is not a model's file, perhaps a pickle, which is never loaded; "
            "train again: findings train"
        )
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise UntrustedArtefact(
                    f"{path} would unpack to more than {MOST_UNPACKED:,} bytes, which no model "
                    "of ours does; do not use this model"
                )
        return _read(path)
    except DAMAGE as error:
        raise ArtefactError(
            f"{path} cannot be loaded ({type(error).__name__}: {error}); "
            "restore the folder or train again: findings train"
        ) from error


def _read(path: Path) -> Numbers:
    with np.load(path, allow_pickle=False) as kept:
        return Numbers(
            tuple(_terms(kept, view) for view in VIEWS if f"{view}.terms" in kept),
            {level: _weights(kept, level) for level in LEVELS},
            {level: _numbers(kept[f"{level}.intercepts"]) for level in LEVELS},
        )


def _terms(kept: Mapping[str, NDArray[Any]], view: str) -> Terms:
    names = tuple(kept[f"{view}.terms"].tobytes().decode("utf-8").split("\n"))
    rarity = f"{view}.rarity"
    found = _numbers(kept[rarity]) if rarity in kept else None
    if found is not None and found.shape != (len(names),):
        raise ValueError(f"{view} has {len(names)} terms and the rarity of {found.size}")
    return Terms(view, float(_numbers(kept[f"{view}.weight"])), names, found)


def _weights(kept: Mapping[str, NDArray[Any]], level: str) -> Weights:
    return Weights(kept[f"{level}.steps"], _numbers(kept[f"{level}.step"]).astype(np.float32))


def _numbers(array: NDArray[Any]) -> NDArray[np.float64]:
    """Take an array for numbers; one that is none would make every probability none, unsaid."""
    if array.dtype.kind not in "fiu" or not np.isfinite(array).all():
        raise ValueError("a weight is no number")
    return np.asarray(array, dtype=np.float64)
