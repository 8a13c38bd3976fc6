"""Changes since an earlier run of a folder, of those that it keeps."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from pipelines.aggregate import changes as compare
from pipelines.aggregate.changes import NEEDED
from pipelines.errors import SettingsError
from pipelines.flow.aside import RUN_MARK
from pipelines.flow.storage.generations import Generation, numbered
from pipelines.flow.storage.store import RunFolder
from pipelines.flow.storage.written import MANIFEST, load_tables, read_manifest


def changes_since(folder: str | Path, since: str = "") -> tuple[Generation, pd.DataFrame]:
    """Compare what a folder shows with an earlier run that it keeps.

    Args:
        folder: Of a run.
        since: Number of a kept run as `findings generations list` gives it, or a day: the last
            run of that day or before. Empty for the run before the one that is shown, however often
            that was counted or written again; where there is none, for what it was at first.

    Returns:
        The earlier run, and the table changes.

    Raises:
        SettingsError: No such run is kept.
        ArtefactError: The folder is not a run's, or one of the two runs is damaged.
    """
    place = RunFolder(Path(folder))
    kept = place.generations()
    earlier = _chosen(kept, since, place.path)
    return earlier, compare(_tables(place.path / RUN_MARK, earlier.number), place.read_tables())


def _chosen(every: list[Generation], since: str, folder: Path) -> Generation:
    kept = [one for one in every if not one.current]
    if since.isdigit() and len(since) < 4:
        found = [one for one in kept if one.number == int(since)]
    elif since:
        found = [one for one in kept if one.ended.date() <= _day(since)][-1:]
    else:
        begun = len(every) - 1
        while begun and every[begun].goes_on(every[begun - 1]):
            begun -= 1
        found = every[:begun][-1:] or kept[:1]
    if not found:
        known = ", ".join(f"{one.number} of {one.ended:%Y-%m-%d}" for one in kept)
        raise SettingsError(
            f"{folder}: keeps no earlier run{f' {since}; it keeps {known}' if known else ''}; "
            "findings run keeps two earlier ones, --keep N as many as wanted"
        )
    return found[0]


def _day(since: str) -> date:
    try:
        return date.fromisoformat(since)
    except ValueError as error:
        raise SettingsError(
            f"since: got {since!r}; expected the number of a kept run or a day such as 2025-03-31"
        ) from error


def _tables(store: Path, number: int | None) -> dict[str, pd.DataFrame]:
    """Read of a kept run what a comparison needs: older ones may lack other tables."""
    place = next(place for place in numbered(store) if int(place.name) == number)
    manifest = read_manifest(place / MANIFEST)
    wanted = {name: entry for name, entry in manifest["tables"].items() if name in NEEDED}
    return load_tables({**manifest, "tables": wanted}, place / "tables")
