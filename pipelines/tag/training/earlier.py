"""What the model in use was trained on: its own label files, and what became of its labels."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pipelines.regular import regular_bytes
from pipelines.tag.models.probes import sha256

if TYPE_CHECKING:
    from pipelines.tag.labels.label import Label
    from pipelines.tag.labels.reading import LabelSet

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


def file_entry(path: Path, labels: Iterable[Label], base: Path | None) -> dict[str, Any]:
    """Return what meta.json holds of a label file: its path, its bytes' digest, what it gave.

    Args:
        path: Of the file.
        labels: All that the model is trained on.
        base: Folder of the labels always used, which nobody renames; None without them.
    """
    entry = {"path": str(path), "sha256": sha256(regular_bytes(path))}
    if path.parent == base:
        return {**entry, "path": f"corpus/labels/{path.name}"}
    return {**entry, "labels": sorted(x.digest for x in labels if x.file == str(path))}


def count_missing(meta: Mapping[str, Any], labels: LabelSet, base: Path | None) -> Missing:
    """Count labels of a model that are not among those at hand: lost ones, and dropped ones.

    A label is lost where its text was not found, and where its file is gone. A file at hand that
    does not hold it any more has dropped it: somebody took it out, or corrected its text. A file
    that is gone but nearly all of whose own labels are at hand was renamed. A model of before does
    not say what each file gave: what is missing may then be of any that is gone.

    Args:
        meta: What the model's meta.json holds.
        labels: Those at hand.
        base: Folder of the labels always used; None without them.
    """
    learned = set(meta.get("labels", ()))
    held = {label.digest: Path(label.file) for label in labels.labels if label.digest in learned}
    missing = learned - set(held)
    missing -= {label.digest for label in labels.unsettled}  # said by themselves
    if not missing:
        return Missing(0, 0, few=True)
    places = {
        path if path.is_absolute() or base is None else base / path.name: entry
        for path, entry in zip(_files(meta), meta.get("label_files", ()), strict=True)
    }
    gave = {one: place for place, entry in places.items() for one in entry.get("labels", ())}
    owner = {**held, **gave}
    there = {place for place in places if place.is_file()}
    lost = missing & labels.unfound
    owned: dict[Path | None, set[str]] = {}
    for one in learned:
        owned.setdefault(owner.get(one), set()).add(one)
    for place in set(places) - there:
        own = owned.get(place, set()) | owned.get(None, set())
        if _MANY * len(own & missing) > len(own):
            lost |= own & missing
    changed = set(places) - {
        place for place in there if sha256(regular_bytes(place)) == places[place].get("sha256")
    }
    touched = len(missing | {one for one, place in owner.items() if place in changed})
    dropped = len(missing) - len(lost)
    return Missing(len(lost), dropped, not lost and dropped <= max(1, touched // _MANY))


def _files(meta: Mapping[str, Any]) -> list[Path]:
    return [Path(entry["path"]) for entry in meta.get("label_files", ())]
