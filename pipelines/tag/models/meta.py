"""What a model folder says of itself, checked before anything of it is loaded."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from pipelines.errors import ArtefactError
from pipelines.regular import regular_text

NAME: Final = re.compile(r"[a-z][a-z0-9-]*")
"""Of a model: its folder is called so, and a terminal shows it."""

WITHOUT_ENCODER: Final = "without_encoder"
"""Of metrics: those of the words alone, on the same findings."""

_MOST_VERSIONS: Final = 10**9
_KINDS: Final[dict[str, type]] = {
    "name": str,
    "version": int,
    "themes": dict,
    "issues": dict,
    "libraries": dict,
    "lexicon": str,
    "sha256": dict,
}


def check_meta(path: Path, meta: Mapping[str, Any], *, files: Collection[str]) -> None:
    """Check the kinds of what meta.json holds, the names of files and the hash of the thresholds.

    Args:
        path: Of meta.json, for messages.
        meta: What it holds; every key of a model is there.
        files: Names of the files whose hashes it must hold.

    Raises:
        ArtefactError: Something is not what a training writes.
    """
    for key, kind in _KINDS.items():
        if not isinstance(meta[key], kind) or isinstance(meta[key], bool):
            raise ArtefactError(
                f"{path}: {key}: got {str(meta[key])[:40]!r}, expected {kind.__name__}; restore "
                "the folder or train again"
            )
    files_said, labels = meta.get("label_files", []), meta.get("labels", [])
    if not (
        _all_of(dict, files_said)
        and all(isinstance(entry.get("path"), str) for entry in files_said)
        and all(_all_of(str, entry.get("labels", [])) for entry in files_said)
        and _all_of(str, labels)
    ):
        raise ArtefactError(
            f"{path}: labels and label_files: expected digests, and files with their paths; "
            "restore the folder or train again"
        )
    if not NAME.fullmatch(meta["name"]) or not 0 < meta["version"] < _MOST_VERSIONS:
        raise ArtefactError(
            f"{path}: name and version: got {meta['name'][:40]!r} and {str(meta['version'])[:20]}; "
            "expected small letters, digits and hyphens, and a number from 1; restore the folder"
        )
    hashes = meta["sha256"]
    levels = {level: meta[level] for level in ("themes", "issues")}
    if any(
        not isinstance(said.get("slugs"), list) or not isinstance(said.get("decision"), dict)
        for said in levels.values()
    ):
        raise ArtefactError(
            f"{path}: themes and issues need slugs and a decision each; restore the folder"
        )
    slugs = [slug for said in levels.values() for slug in said["slugs"]]
    if not all(isinstance(x, str) for x in (*slugs, *hashes.values())):
        raise ArtefactError(f"{path}: a slug or a sha256 is no text; restore the folder")
    if twice := [level for level, said in levels.items() if _twice(said["slugs"])]:
        raise ArtefactError(f"{path}: {twice[0]}: a slug stands twice; restore the folder")
    if not set(files) <= set(hashes) or any(name != Path(name).name for name in hashes):
        raise ArtefactError(
            f"{path}: sha256 names {', '.join(hashes)[:80]}; expected {' and '.join(sorted(files))}"
        )
    if meta.get("settled") != settled_digest(levels):
        raise ArtefactError(
            f"{path}: its thresholds or section hints are not those that were saved; restore the "
            "folder or use another model"
        )


def _twice(slugs: list[str]) -> bool:
    return len(set(slugs)) < len(slugs)


def _all_of(kind: type, listed: object) -> bool:
    return isinstance(listed, list) and all(isinstance(one, kind) for one in listed)


def settled_digest(levels: Mapping[str, Mapping[str, Any]]) -> str:
    """Hash what no probe can show, level by level: what decides, hints, the encoder."""
    keys = ("thresholds", "band", "sure", "suggested", "most")
    said = {
        level: [own.get("hints"), {key: own["decision"].get(key) for key in keys}]
        + ([own["encoder"]] if "encoder" in own else [])
        for level, own in levels.items()
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def read_metrics(path: Path) -> dict[str, Any]:
    """Return what was measured when a model was saved; nothing where that was not kept.

    Raises:
        ArtefactError: The file is damaged.
    """
    if not path.is_file():
        return {}
    try:
        metrics = json.loads(regular_text(path))
        if not isinstance(metrics, dict):
            raise ValueError(f"got {type(metrics).__name__}, expected an object")
    except (ValueError, RecursionError) as error:
        raise ArtefactError(
            f"{path} is damaged ({error}); restore the folder or use another model"
        ) from error
    return metrics
