"""Model folders `NAME-VERSION/`: save, load, verify, refuse.

    model.skops   the fitted pipeline: scikit-learn's own types only, never a pickle
    meta.json     format number, themes, decision, settings, hashes of data, library versions
    metrics.json  what was measured at save time
    probe.jsonl   written findings with the probabilities this model gives them
    README.md     the card

`meta.json` holds the SHA-256 of `model.skops` and `probe.jsonl`: a folder whose files do not fit
together is refused before anything is loaded. Then its probes are predicted again: a model that
gives other probabilities here, under other libraries or another lexicon, is refused.
"""

from __future__ import annotations

import hashlib
import json
import logging
import platform
import warnings
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pipelines.codebook import load_codebook
from pipelines.durable import drafted
from pipelines.errors import ArtefactError, SettingsError, UntrustedArtefact
from pipelines.tag.decide import Decision
from pipelines.tag.meta import check_meta, read_metrics, settled_digest
from pipelines.tag.model import Model

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

FORMAT: Final = 1
WEIGHTS: Final = "model.skops"
META: Final = "meta.json"
METRICS: Final = "metrics.json"
PROBE: Final = "probe.jsonl"
CARD: Final = "README.md"
TOLERANCE: Final = 1e-6  # of a probe's probability, under the same and under other libraries
LIBRARIES: Final = ("numpy", "scikit-learn", "scipy", "skops", "spacy")

_MOST_UNPACKED: Final = 1_000_000_000  # bytes; the shipped model has 40 million
# What skops, numpy and zipfile meet a file with that is not what it says.
_MET: Final = (AttributeError, EOFError, KeyError, MemoryError, OSError, RuntimeError, TypeError)
_DAMAGE: Final = (*_MET, ValueError, zipfile.BadZipFile, zlib.error)

_log = logging.getLogger(__name__)


def environment() -> dict[str, str]:
    """Return the versions that a model depends on."""
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


def lexicon_digest() -> str:
    """Return the SHA-256 of the codebook and the abbreviations that came with the package."""
    data = files("pipelines") / "data"
    return sha256((data / "codebook.toml").read_bytes() + (data / "abbreviations.csv").read_bytes())


def sha256(data: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def save_model(
    folder: Path,
    *,
    model: Model,
    metrics: dict[str, Any],
    probe_texts: list[str],
    texts: Mapping[str, str],
) -> Model:
    """Write a model's folder; what stands in it is exactly what `load_model` checks.

    Args:
        folder: A new one.
        model: What to save.
        metrics: What was measured, for metrics.json.
        probe_texts: Written findings to predict again when libraries change.
        texts: More files by name: the card and its pictures.

    Returns:
        The model as it was read back.

    Raises:
        ArtefactError: The folder exists, or what was written does not load.
    """
    import skops.io as sio

    _refuse_existing(folder)
    with drafted(folder) as draft:
        sio.dump(model.pipeline, draft / WEIGHTS, compression=zipfile.ZIP_DEFLATED, compresslevel=9)
        probabilities = model.probabilities(probe_texts)
        probes = [
            {"text": text, "probabilities": [round(float(p), 9) for p in row]}
            for text, row in zip(probe_texts, probabilities, strict=True)
        ]
        probe = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in probes).encode()
        meta = {
            "format": FORMAT,
            "name": model.name,
            "version": model.version,
            **model.meta,
            "themes": list(model.themes),
            "decision": model.decision.to_dict(),
            "libraries": environment(),
            "lexicon": lexicon_digest(),
            "settled": settled_digest(model.decision.to_dict()),
            "sha256": {WEIGHTS: sha256((draft / WEIGHTS).read_bytes()), PROBE: sha256(probe)},
        }
        files = {
            PROBE: probe.decode(),
            METRICS: json.dumps(metrics, indent=1, ensure_ascii=False) + "\n",
            **texts,
            META: json.dumps(meta, indent=1, ensure_ascii=False) + "\n",
        }
        for name, text in files.items():
            (draft / name).write_bytes(text.encode("utf-8"))
        saved = load_folder(draft)
        _refuse_existing(folder)  # another training may have taken the version meanwhile
    return replace(saved, folder=folder)


def _refuse_existing(folder: Path) -> None:
    if folder.exists():
        raise ArtefactError(f"{folder} exists; a model is never overwritten: use the next version")


def read_meta(folder: Path) -> dict[str, Any]:
    """Read and check a model folder's meta.json, loading nothing else.

    Raises:
        ArtefactError: It is missing, damaged or of another format.
    """
    path = folder / META
    try:
        meta: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ArtefactError(
            f"{folder} is no model folder: {META} is missing; give the folder of a model"
        ) from error
    except (ValueError, RecursionError) as error:
        raise ArtefactError(
            f"{path} is damaged ({error}); restore the folder or use another model"
        ) from error
    if not isinstance(meta, dict) or meta.get("format") != FORMAT:
        found = meta.get("format") if isinstance(meta, dict) else type(meta).__name__
        raise ArtefactError(
            f"{path}: got format {found!r}, expected {FORMAT}; train the model again with this "
            "version: findings train"
        )
    needed = {"name", "version", "themes", "decision", "libraries", "lexicon", "sha256"}
    if missing := sorted(needed - set(meta)):
        raise ArtefactError(f"{path}: {missing[0]!r} is missing; restore the folder or train again")
    check_meta(path, meta, files={WEIGHTS, PROBE})
    return meta


def describe_folder(folder: Path) -> tuple[str, str, str]:
    """Return a model's label, the SHA-256 of its meta.json and its metrics as JSON, unloaded.

    That hash stands for the whole model: meta.json holds those of the weights and the probes, and
    the decision itself.

    Raises:
        ArtefactError: Its meta.json is missing, damaged or of another format.
    """
    meta = read_meta(folder)
    return (
        f"{meta['name']}-{meta['version']}",
        sha256((folder / META).read_bytes()),
        json.dumps(read_metrics(folder / METRICS), ensure_ascii=False, separators=(",", ":")),
    )


def load_folder(folder: Path) -> Model:
    """Load a model folder without trusting it.

    Raises:
        UntrustedArtefact: It holds a pickle or types that are not scikit-learn's own.
        ArtefactError: A file is missing or changed, its themes are not the codebook's, or its
            probes come out otherwise under the libraries installed.
    """
    meta = read_meta(folder)
    for name, expected in sorted(meta["sha256"].items()):
        _checked(folder / name, expected)
    pipeline = _trusted(folder / WEIGHTS)
    try:
        decision = Decision.from_dict(meta["decision"])
    except (SettingsError, TypeError, ValueError) as error:
        raise ArtefactError(f"{folder / META}: decision: {error}") from error
    themes = tuple(meta["themes"])
    if themes != load_codebook().slugs:
        strange = sorted(set(themes) ^ set(load_codebook().slugs))
        raise ArtefactError(
            f"{folder}: trained for other themes than the codebook has ({', '.join(strange)}); "
            "train again: findings train"
        )
    model = Model(str(meta["name"]), int(meta["version"]), themes, pipeline, decision, meta, folder)
    _recheck(model)
    return model


def _checked(path: Path, expected: str) -> None:
    if not path.is_file():
        raise ArtefactError(f"{path} is missing; restore the folder or use another model")
    if sha256(path.read_bytes()) != expected:
        raise ArtefactError(
            f"{path} is not the file that was saved (its SHA-256 differs from {META}); "
            "restore the folder or use another model"
        )


def _trusted(path: Path) -> Pipeline:
    import skops.io as sio

    if not zipfile.is_zipfile(path):
        raise UntrustedArtefact(
            f"{path} is not a skops file, perhaps a pickle, which is never loaded; "
            "train again: findings train"
        )
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MOST_UNPACKED:
                raise UntrustedArtefact(
                    f"{path} would unpack to more than {_MOST_UNPACKED:,} bytes, which no model "
                    "of ours does; do not use this model"
                )
        if untrusted := sio.get_untrusted_types(file=path):
            raise UntrustedArtefact(
                f"{path} holds types that are not scikit-learn's own: "
                f"{', '.join(sorted(untrusted))}; do not use this model"
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a version mismatch is settled by the probes
            pipeline: Pipeline = sio.load(path, trusted=[])
    except _DAMAGE as error:
        raise ArtefactError(
            f"{path} cannot be loaded ({type(error).__name__}: {error}); "
            "restore the folder or train again: findings train"
        ) from error
    return pipeline


def probe_difference(model: Model) -> float:
    """Predict a model's probes again; return the largest difference of a probability.

    Raises:
        ArtefactError: The folder has no probes.
    """
    if model.folder is None:
        raise ArtefactError(f"{model.label} was not loaded from a folder: it has no probes")
    lines = (model.folder / PROBE).read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    got = model.probabilities([row["text"] for row in rows])
    expected = np.asarray([row["probabilities"] for row in rows])
    return float(np.max(np.abs(got - expected))) if rows else float("inf")


def _recheck(model: Model) -> None:
    installed = environment()
    before = model.meta["libraries"]
    changed = [
        f"{name} {before.get(name)} -> {installed[name]}"
        for name in installed
        if before.get(name) != installed[name]
    ]
    if lexicon_digest() != model.meta["lexicon"]:
        changed.append("the codebook's lexicon or the abbreviations")
    said = "; ".join(changed) or "nothing that is recorded"
    try:
        difference = probe_difference(model)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ArtefactError(
            f"{model.label} does not run here (changed since it was saved: {said}): {error}; "
            "undo that or train again: findings train"
        ) from error
    if difference > TOLERANCE:
        raise ArtefactError(
            f"{model.label} gives other probabilities than when it was saved (by "
            f"{difference:.2g}; changed: {said}); undo that or train again: findings train"
        )
    if changed:
        _log.info("%s: changed since it was saved: %s; same probes", model.label, said)
