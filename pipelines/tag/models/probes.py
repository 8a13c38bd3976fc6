"""Probes: findings that a model predicts again wherever it is loaded, and what it depends on.

A model that gives other probabilities here than when it was saved, under other libraries, another
lexicon or other vectors, is refused.
"""

from __future__ import annotations

import hashlib
import json
import logging
import platform
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Final

import numpy as np

from pipelines.errors import ArtefactError
from pipelines.lexis import METHOD, lexicon_digest
from pipelines.project import layers_in_use
from pipelines.tag.features.meanings import FILE as MEANINGS
from pipelines.tag.models.model import LEVELS, Model

PROBE: Final = "probe.jsonl"
TOLERANCE: Final = 1e-3
"""Of a probe's probability.

Processors add up in other orders, so a score of the encoder, which is rounded, may come out a step
apart: that moved probabilities by up to .00004 on the shipped model's probes, and could by .0005.
"""
EVERY: Final = 8  # of the probes, where nothing is known to have changed: all take half a second
LIBRARIES: Final = ("numpy", "scikit-learn", "scipy", "spacy")
STRANGE: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What is met where a folder from elsewhere holds other things than a training writes."""

_log = logging.getLogger(__name__)


def sha256(data: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def environment() -> dict[str, str]:
    """Return the versions that a model depends on."""
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


@cache
def data_digest(name: str) -> str:
    """Return the SHA-256 of a data file that came with the package."""
    return sha256((files("pipelines") / "data" / name).read_bytes())


def probe_lines(model: Model, texts: list[str]) -> str:
    """Predict texts; return a JSON line each with the probabilities of both levels."""
    found = model.probabilities(texts)
    rows = [
        {
            "text": text,
            **{level: [round(float(p), 7) for p in found[level][n]] for level in LEVELS},
        }
        for n, text in enumerate(texts)
    ]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def probe_difference(model: Model, *, every: int = 1) -> float:
    """Predict a model's probes again; return the largest difference of a probability.

    Args:
        model: Loaded from a folder.
        every: Of how many probes one is predicted, the first among them.

    Raises:
        ArtefactError: The folder has no probes.
    """
    if model.folder is None:
        raise ArtefactError(f"{model.label} was not loaded from a folder: it has no probes")
    lines = (model.folder / PROBE).read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines[::every]]
    got = model.probabilities([row["text"] for row in rows])
    expected = {level: np.asarray([row[level] for row in rows]) for level in LEVELS}
    if not rows:
        return float("inf")
    apart = [np.abs(got[level] - expected[level]).max(initial=0.0) for level in LEVELS]
    return float(np.nan_to_num(np.max(apart), nan=np.inf))  # "not a number" agrees with nothing


def recheck(model: Model) -> None:
    """Predict a model's probes again: all where what they rest on has changed, else a few.

    Raises:
        ArtefactError: It does not run here, or gives other probabilities than when it was saved.
    """
    installed = environment()
    before = model.meta["libraries"]
    changed = [
        f"{name} {before.get(name)} -> {installed[name]}"
        for name in installed
        if before.get(name) != installed[name]
    ]
    before_ours = not model.meta["lexicon"].startswith(f"{METHOD}:")
    if before_ours:
        changed.append("how phrases are found")
    elif lexicon_digest() != model.meta["lexicon"]:
        changed.append("the phrases of the codebook or the catalogue, or the abbreviations")
    if data_digest(MEANINGS) != model.meta.get("meanings"):
        changed.append("the vectors of words")
    said = "; ".join(changed) or "nothing that is recorded"
    try:
        difference = probe_difference(model, every=1 if changed else EVERY)
    except STRANGE as error:
        raise ArtefactError(
            f"{model.label} does not run here (changed since it was saved: {said}): {error}; "
            "undo that or train again: findings train"
        ) from error
    layers, otherwise = layers_in_use().digest, ""
    if before_ours:
        otherwise = "this version finds more phrases than the one it was trained with"
    elif layers and layers != model.meta.get("layers", ""):
        otherwise = "the project has other words than when it was trained"
    if difference > TOLERANCE and otherwise:
        _log.warning(
            "%s: %s; its probabilities differ by up to %.2g; train it again: findings train",
            model.label,
            otherwise,
            difference,
        )
        return
    if difference > TOLERANCE:
        raise ArtefactError(
            f"{model.label} gives other probabilities than when it was saved (by "
            f"{difference:.2g}; changed: {said}); undo that or train again: findings train"
        )
    if changed:
        _log.info("%s: changed since it was saved: %s; same probes", model.label, said)
