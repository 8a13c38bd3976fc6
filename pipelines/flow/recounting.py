"""Count a run again after people answered: their word in, nothing read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Unpack

from pipelines.errors import SettingsError
from pipelines.flow.batch import Batch, answer_store
from pipelines.flow.outcome import Run
from pipelines.flow.perform import Progress, silent
from pipelines.flow.settings import Choices, RunSettings
from pipelines.flow.storage.store import RunFolder
from pipelines.flow.storage.stored import workplace


def recount(folder: str | Path, *, progress: Progress = silent, **settings: Unpack[Choices]) -> Run:
    """Put the answers of people into a run and count and report again, without reading anything.

    Args:
        folder: Of a run that has been mined.
        progress: Told what is done.
        **settings: As in `RunSettings`; title and formats of the report are those it had.

    Raises:
        SettingsError: The run has not been mined.
        ArtefactError: The folder is not a run's, or damaged.
        StorageError: It cannot be written or is in use.
    """
    place = RunFolder(Path(folder), mixed=True)
    place.manifest()
    chosen = RunSettings(**settings)
    with place.locked(chosen.wait), workplace(place) as work:
        manifest = place.manifest()
        if "mine" not in manifest["owners"].values():
            raise SettingsError(f"{folder}: has not been mined; run: findings mine {folder}")
        shown = place.path / "report"
        if not chosen.formats and shown.is_dir():
            chosen = replace(chosen, **_report_as_it_was(manifest, shown))
        batch = Batch.continued(
            place,
            work,
            chosen,
            progress,
            without={"mine", "aggregate"},
            answers=answer_store(place.path, chosen),
        )
        batch.add("mine")
        batch.add("aggregate")
        return batch.publish(place, *([batch.report] if shown.is_dir() else []))


def _report_as_it_was(manifest: Mapping[str, Any], shown: Path) -> dict[str, Any]:
    """Return title and formats of the report that a folder shows.

    Somebody may have printed the report beside itself, so other suffixes are no formats of it.
    """
    from pipelines.report.settings import FORMATS

    said = manifest.get("report")
    title = said.get("title", "") if isinstance(said, dict) else ""
    suffixes = {path.suffix[1:] for path in shown.iterdir() if path.stem == "report"}
    return {"title": str(title), "formats": tuple(sorted(suffixes & set(FORMATS)))}
