"""What the model in use was trained on: its own label files, and what became of its labels."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.tag.labels import LabelSet

_log = logging.getLogger(__name__)


def earlier_files(meta: Mapping[str, Any]) -> list[Path]:
    """Return label files of a user's own that a model was trained on; one that is gone is said.

    Args:
        meta: What its meta.json holds.
    """
    own = [path for path in _files(meta) if path.is_absolute()]
    for path in own:
        if not path.is_file():
            _log.warning("%s, which the model in use was trained on, is gone: not used", path)
    return [path for path in own if path.is_file()]


def count_missing(meta: Mapping[str, Any], labels: LabelSet, base: Path | None) -> tuple[int, int]:
    """Count labels of a model that are not among those at hand: lost ones, and dropped ones.

    A label is lost where its text was not found, and where nothing but a file that is gone can
    account for it. A file at hand that does not hold it any more has dropped it: somebody took it
    out, or corrected its text.

    Args:
        meta: What the model's meta.json holds.
        labels: Those at hand.
        base: Folder of the labels always used; None without them.
    """
    missing = set(meta.get("labels", ())) - {label.digest for label in labels.labels}
    missing -= {label.digest for label in labels.unsettled}  # said by themselves
    places = [
        path if path.is_absolute() or base is None else base / path.name for path in _files(meta)
    ]
    all_there = all(place.is_file() for place in places)
    lost = missing & labels.unfound if all_there else missing
    return len(lost), len(missing) - len(lost)


def _files(meta: Mapping[str, Any]) -> list[Path]:
    return [Path(entry["path"]) for entry in meta.get("label_files", ())]
