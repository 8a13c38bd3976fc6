"""Model folders `NAME-VERSION/`: save, load, verify, refuse.

    model.npz     terms and weights: plain arrays, never a pickle
    meta.json     format number, slugs, decisions, hints, settings, hashes, library versions
    metrics.json  what was measured at save time
    held.jsonl    what held-out findings were given, by digest: what a challenger is compared with
    probe.jsonl   written findings with the probabilities this model gives them
    README.md     the card

`meta.json` holds the SHA-256 of `model.npz` and `probe.jsonl`: a folder whose files do not fit
together is refused before anything is loaded. Then its probes are predicted again: a model that
gives other probabilities here, under other libraries or another lexicon, is refused.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.durable import drafted
from pipelines.errors import ArtefactError, SettingsError
from pipelines.lexis import lexicon_digest
from pipelines.project import layers_in_use
from pipelines.regular import regular_bytes, regular_text
from pipelines.tag.features.encoder import FILE as ENCODER
from pipelines.tag.features.encoder import load_encoder
from pipelines.tag.features.meanings import FILE as MEANINGS
from pipelines.tag.features.meanings import load_meanings
from pipelines.tag.models.aid import UNREAD, Aid
from pipelines.tag.models.decide import Decision
from pipelines.tag.models.follow import followed
from pipelines.tag.models.meta import WITHOUT_ENCODER, check_meta, read_metrics, settled_digest
from pipelines.tag.models.model import LEVELS, Head, Model
from pipelines.tag.models.numbers import NUMBERS, load_numbers, save_numbers
from pipelines.tag.models.probes import (
    PROBE,
    STRANGE,
    data_digest,
    environment,
    probe_lines,
    recheck,
    sha256,
)
from pipelines.tag.models.sections import SectionHints
from pipelines.tag.models.weights import Weights

FORMAT: Final = 4
META: Final = "meta.json"
METRICS: Final = "metrics.json"
HELD: Final = "held.jsonl"

_log = logging.getLogger(__name__)


def save_model(
    folder: Path,
    *,
    model: Model,
    metrics: dict[str, Any],
    probe_texts: list[str],
    texts: Mapping[str, str],
) -> Model:
    """Write a model's folder; it contains exactly what `load_model` checks.

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
        StorageError: It cannot be written, or another training took its name meanwhile.
    """
    if folder.exists():
        raise ArtefactError(f"{folder} exists; a model is never overwritten: use the next version")
    with drafted(folder, replaces=False) as draft:
        save_numbers(draft / NUMBERS, model)
        probe = probe_lines(model, probe_texts).encode()
        meta = {
            "format": FORMAT,
            "name": model.name,
            "version": model.version,
            **model.meta,
            **{level: said_of(model.head(level)) for level in LEVELS},
            "libraries": environment(),
            "lexicon": lexicon_digest(),
            **({"layers": layers_in_use().digest} if layers_in_use() else {}),
            "meanings": data_digest(MEANINGS),
            **({"encoder": data_digest(ENCODER)} if model.aided else {}),
            "settled": settled_digest({level: said_of(model.head(level)) for level in LEVELS}),
            "sha256": {NUMBERS: sha256((draft / NUMBERS).read_bytes()), PROBE: sha256(probe)},
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
    return replace(saved, folder=folder)


def read_meta(folder: Path) -> dict[str, Any]:
    """Read and check a model folder's meta.json, loading nothing else.

    Raises:
        ArtefactError: It is missing, damaged or of another format.
    """
    path = folder / META
    try:
        meta: dict[str, Any] = json.loads(regular_text(path))
    except FileNotFoundError as error:
        raise ArtefactError(
            f"{folder} is no model folder: {META} is missing; give the folder of a model"
        ) from error
    except (ValueError, RecursionError) as error:
        raise ArtefactError(
            f"{path} is damaged ({error}); restore the folder or use another model"
        ) from error
    found = meta.get("format") if isinstance(meta, dict) else type(meta).__name__
    if type(found) is not int or found != FORMAT:
        raise ArtefactError(
            f"{path}: got format {found!r}, expected {FORMAT}; train the model again with this "
            "version: findings train"
        )
    needed = {"name", "version", *LEVELS, "libraries", "lexicon", "sha256"}
    if missing := sorted(needed - set(meta)):
        raise ArtefactError(f"{path}: {missing[0]!r} is missing; restore the folder or train again")
    check_meta(path, meta, files={NUMBERS, PROBE})
    return meta


def describe_folder(folder: Path, *, encoder: bool = True) -> tuple[str, str, str]:
    """Return a model's label, the SHA-256 of its meta.json and its metrics as JSON, unloaded.

    Of one that could read with the encoder, the metrics say whether it does (`encoder`); where it
    does not, they are those of words alone.

    That hash stands for the whole model: meta.json holds those of the weights and the probes, and
    the decision itself.

    Raises:
        ArtefactError: Its meta.json is missing, damaged or of another format.
    """
    meta = read_meta(folder)
    metrics = read_metrics(folder / METRICS)
    if words := metrics.pop(WITHOUT_ENCODER, None):
        metrics = {**metrics, **({} if encoder else words), "encoder": encoder}
    return (
        f"{meta['name']}-{meta['version']}",
        sha256(regular_bytes(folder / META)),
        json.dumps(metrics, ensure_ascii=False, separators=(",", ":")),
    )


def load_folder(folder: Path) -> Model:
    """Load a model folder without trusting it.

    Raises:
        UntrustedArtefact: It holds a pickle, or what is not a model's.
        ArtefactError: A file is missing or changed, its themes are not the codebook's, or its
            probes come out otherwise under the libraries installed.
    """
    meta = read_meta(folder)
    for name, expected in sorted(meta["sha256"].items()):
        _checked(folder / name, expected)
    numbers = load_numbers(folder / NUMBERS)
    try:
        themes, issues = (
            replace(
                head_without_weights(meta[level]),
                weights=numbers.weights[level],
                intercepts=numbers.intercepts[level],
            )
            for level in LEVELS
        )
        name, version = str(meta["name"]), int(meta["version"])
        model = Model(name, version, numbers.terms, themes, issues, meta, folder)
        _check_places(model)
    except SettingsError as error:
        raise ArtefactError(
            f"{folder}: {META} and {NUMBERS} do not fit together: {error}; restore the folder or "
            "train again: findings train"
        ) from error
    except STRANGE as error:
        raise ArtefactError(
            f"{folder}: {META} and {NUMBERS} do not fit together ({error!r}); restore the folder "
            "or train again: findings train"
        ) from error
    in_project = bool(layers_in_use())
    if not in_project:
        _same_slugs(folder, themes.slugs, load_codebook().slugs, "themes", "codebook")
        _same_slugs(folder, issues.slugs, load_catalogue().slugs, "issues", "catalogue")
    if model.aided and meta.get("encoder") != data_digest(ENCODER):
        _log.warning(
            "%s was trained beside another encoder than this version has: it decides by words "
            "alone; train it again: findings train",
            model.label,
        )
        model = model.without_encoder()
    recheck(model)
    return followed(model) if in_project else model


def _check_places(model: Model) -> None:
    """Refuse weights of other features than the model has, and columns that the encoder has not."""
    features = sum(len(terms.names) for terms in model.features)
    features += load_meanings().dimensions if model.meanings else 0
    for level in LEVELS:
        head = model.head(level)
        rows = len(head.weights.steps)
        if head.slugs and rows != features:
            raise SettingsError(f"{level}: {rows} rows of weights for {features} features")
        if head.aid is None or model.meta.get("encoder") != data_digest(ENCODER):
            continue
        known = len(load_encoder().slugs[level])
        if not all(UNREAD <= column < known for column in head.aid.columns):
            raise SettingsError(f"{level}: the encoder has columns 0 to {known - 1} alone")


def said_of(head: Head) -> dict[str, Any]:
    """Return what meta.json says about a level: all of its head but the weights."""
    return {
        "slugs": list(head.slugs),
        "decision": head.decision.to_dict(),
        "hints": head.hints.to_dict(),
        **({"encoder": head.aid.to_dict()} if head.aid is not None else {}),
    }


def head_without_weights(said: dict[str, Any]) -> Head:
    """Return how a level decides, from what meta.json says about it; weights are added later.

    Raises:
        SettingsError: Something is missing or strange.
    """
    slugs = tuple(str(slug) for slug in said["slugs"])
    return Head(
        slugs,
        Weights.none(0, len(slugs)),
        np.zeros(len(slugs)),
        Decision.from_dict(said["decision"]),
        SectionHints.from_dict(said["hints"]),
        Aid.from_dict(said["encoder"]) if "encoder" in said else None,
    )


def _same_slugs(
    folder: Path, trained: tuple[str, ...], known: tuple[str, ...], what: str, where: str
) -> None:
    if trained != known:
        strange = sorted(set(trained) ^ set(known)) or ["the same in another order"]
        raise ArtefactError(
            f"{folder}: trained for other {what} than the {where} has ({', '.join(strange)}); "
            "train again: findings train"
        )


def _checked(path: Path, expected: str) -> None:
    if not path.is_file():
        raise ArtefactError(f"{path} is missing; restore the folder or use another model")
    if sha256(regular_bytes(path)) != expected:
        raise ArtefactError(
            f"{path} is not the file that was saved (its SHA-256 differs from {META}); "
            "restore the folder or use another model"
        )
