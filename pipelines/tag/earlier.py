"""What the model in use was trained on: its own label files, and what became of its labels."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pipelines.regular import regular_bytes
from pipelines.tag.probes import sha256

if TYPE_CHECKING:
    from pipelines.tag.labels import LabelSet

_MANY: Final = 10  # a tenth of a file's labels and less are few
_log = logging.getLogger(__name__)


class Missing(NamedTuple):
    """Labels that a model was trained on and that are not at hand.

    Attributes:
        lost: How many were lost.
        dropped: How many their files hold no more.
        few: Whether none was lost, and one or a tenth at most of what files held that changed.
    """

    lost: int
    dropped: int
    few: bool


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


def count_missing(meta: Mapping[str, Any], labels: LabelSet, base: Path | None) -> Missing:
    """Count labels of a model that are not among those at hand: lost ones, and dropped ones.

    A label is lost where its text was not found, and where nothing but a file that is gone can
    account for it. A file at hand that does not hold it any more has dropped it: somebody took it
    out, or corrected its text. A file that is gone but whose labels are nearly all in others that
    the model does not know was renamed.

    Args:
        meta: What the model's meta.json holds.
        labels: Those at hand.
        base: Folder of the labels always used; None without them.
    """
    learned = set(meta.get("labels", ()))
    files = {label.digest: label.file for label in labels.labels if label.digest in learned}
    missing = learned - set(files)
    missing -= {label.digest for label in labels.unsettled}  # said by themselves
    places = {
        path if path.is_absolute() or base is None else base / path.name: entry.get("sha256")
        for path, entry in zip(_files(meta), meta.get("label_files", ()), strict=True)
    }
    there = [place for place in places if place.is_file()]
    elsewhere = sum(Path(file) not in places for file in files.values())
    renamed = _MANY * len(missing) <= len(missing) + elsewhere
    lost = missing & labels.unfound if len(there) == len(places) or renamed else missing
    dropped = len(missing) - len(lost)
    if not missing:
        return Missing(0, 0, few=True)
    same = {str(place) for place in there if sha256(regular_bytes(place)) == places[place]}
    changed = len(missing) + sum(file not in same for file in files.values())
    return Missing(len(lost), dropped, not lost and dropped <= max(1, changed // _MANY))


def _files(meta: Mapping[str, Any]) -> list[Path]:
    return [Path(entry["path"]) for entry in meta.get("label_files", ())]
