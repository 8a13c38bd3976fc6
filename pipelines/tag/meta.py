"""What a model folder says of itself, read and checked with nothing loaded."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from pipelines.errors import ArtefactError

FORMAT: Final = 1
META: Final = "meta.json"
METRICS: Final = "metrics.json"
WEIGHTS: Final = "model.skops"
PROBE: Final = "probe.jsonl"
CARD: Final = "README.md"


def sha256(data: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


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
    kinds = {"name": str, "version": int, "themes": list, "decision": dict, "libraries": dict}
    for key, kind in {**kinds, "lexicon": str, "sha256": dict}.items():
        if not isinstance(meta[key], kind) or isinstance(meta[key], bool):
            raise ArtefactError(
                f"{path}: {key}: got {str(meta[key])[:40]!r}, expected {kind.__name__}; restore "
                "the folder or train again"
            )
    themes, files = meta["themes"], meta["sha256"]
    if not all(isinstance(x, str) for x in (*themes, *files.values())):
        raise ArtefactError(f"{path}: a theme or a sha256 is no text; restore the folder")
    if not {WEIGHTS, PROBE} <= set(files) or any(name != Path(name).name for name in files):
        raise ArtefactError(
            f"{path}: sha256 names {', '.join(files)[:80]}; expected {WEIGHTS} and {PROBE}"
        )
    settled = meta.get("settled")
    decided = settled_digest(meta["decision"])
    if settled not in (None, decided):
        raise ArtefactError(
            f"{path}: its thresholds are not those that were saved; restore the folder or "
            "use another model"
        )
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
        json.dumps(read_metrics(folder), ensure_ascii=False, separators=(",", ":")),
    )


def read_metrics(folder: Path) -> dict[str, Any]:
    """Return what was measured when a model was saved; nothing where that was not kept.

    Raises:
        ArtefactError: The file is damaged.
    """
    path = folder / METRICS
    if not path.is_file():
        return {}
    try:
        metrics = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(metrics, dict):
            raise ValueError(f"got {type(metrics).__name__}, expected an object")
    except (ValueError, RecursionError) as error:
        raise ArtefactError(
            f"{path} is damaged ({error}); restore the folder or use another model"
        ) from error
    return metrics


def settled_digest(decision: dict[str, Any]) -> str:
    """Hash what decides after the probabilities, of which no probe can tell."""
    said = {key: decision.get(key) for key in ("thresholds", "band")}
    return sha256(json.dumps(said, sort_keys=True).encode())
