"""Which generations of a run folder make room: the oldest runs, and all but the last of each."""

from __future__ import annotations

from pathlib import Path

from pipelines.errors import ArtefactError
from pipelines.flow.storage.generations import (
    Generation,
    current_of,
    described,
    numbered,
    retire,
)


def prune(store: Path, folder: Path, *, keep: int) -> None:
    """Delete the oldest generations until `keep` earlier runs are left, each as it was last.

    Of the current run what it was before it was last counted or written again is kept too: a
    review of ten steps must not drive out the month before.
    """
    current = current_of(store)
    shown = current or folder
    runs: list[list[Path]] = []
    before: Generation | None = None
    for place in [*numbered(store), *([] if current else [folder])]:
        try:
            known = described(place, current=place == shown)
        except (ArtefactError, OSError):
            known = None
        if not (before and known and known.goes_on(before)):
            runs.append([])
        runs[-1].append(place)
        before = known
    own = next((run for run in runs if shown in run), [shown])
    last = own[: own.index(shown)][-1:]
    kept = [run[-1] for run in runs if run is not own][-keep:] + last if keep else []
    for place in (place for run in runs for place in run):
        if place != shown and place not in kept:
            retire(place, folder)
