"""Perform the stages that work on all documents at once: mining, counting, the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipelines import columns as c
from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.flow.perform import Progress
from pipelines.flow.pictures import pictured_sources, take_pictures
from pipelines.flow.settings import RunSettings
from pipelines.flow.stages import Stage, code_version, stage
from pipelines.flow.storage.cache import Cache, key_of
from pipelines.flow.storage.packing import pack
from pipelines.flow.storage.stored import Stored
from pipelines.flow.storage.taken import GIVEN, Taken
from pipelines.flow.workers import apart
from pipelines.flow.workers.cluster import backend
from pipelines.flow.workers.model import choose_model
from pipelines.frameworks import load_registry
from pipelines.lexis.forms import load_abbreviations
from pipelines.manifest import load_manifest
from pipelines.mine.cues import cues
from pipelines.places import load_places
from pipelines.project import layers_in_use
from pipelines.tag.labels.marks import marks

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.report.settings import ReportSettings

_PICTURED: Final = {
    "documents": Taken(),
    "findings": Taken((c.FINDING_ID, c.DOCUMENT_ID, c.ORDINAL, c.POLARITY, c.BOXES)),
    "tags": Taken((c.FINDING_ID, c.THEME, c.PROBABILITY, c.ASSIGNED), GIVEN),
    "issue_findings": Taken((c.FINDING_ID, c.REPRESENTATIVE)),
    "links": Taken(),
    "shares": Taken((c.FINDING_ID,)),
}
"""What decides which findings are pictured."""

_KEPT_REPORT: Final = 200_000_000
"""Bytes of a report beyond which it is not kept in the cache."""


def check_choices(settings: RunSettings, *, reported: bool = False) -> None:
    """Check, before hours of work, that the model and the report asked for are available.

    Args:
        settings: Of the run.
        reported: Whether a report will be written.

    Raises:
        ArtefactError: There is no such model.
        SettingsError: There is no such format.
        MachineError: The report's charts cannot be drawn here.
    """
    formats = _report_settings(settings).formats
    if reported:
        from pipelines.report.charts.room import check_room

        check_room(formats)
    choose_model(settings.model)


def check_data() -> None:
    """Check, before hours of work, every data file of the project in use, if there is one.

    Raises:
        SettingsError: One is wrong; without this, the stage that asks for it first would say so.
    """
    if not layers_in_use().files:
        return
    for load in (
        load_registry,
        load_codebook,
        load_catalogue,
        load_places,
        load_abbreviations,
        load_manifest,
        marks,
        cues,
    ):
        load()


def perform_corpus(
    entry: Stage, tables: Stored, settings: RunSettings, progress: Progress
) -> list[str]:
    """Do a stage that works on all documents at once, from the cache where nothing changed.

    A stage is given what it takes and no more: not the ledger, as what failed, and how long reading
    took, must not change a count. Nor who answered what, and memos: the tags hold what was decided.

    Returns:
        The names of the tables that were written.
    """
    progress(entry.name, 0, 1)
    kept = Cache(settings.cache_folder)
    digests = {name: tables.digest(name) for name in entry.takes if name in tables}
    key = key_of(entry.name, code_version(entry.name), settings.layers.digest, digests)
    packed = kept.get_files(entry.name, key)
    if packed is None:
        given = tables.given(entry.takes)
        with _crew(entry, settings, large=tables.large) as jobs:
            made: dict[str, pd.DataFrame] = entry.load()(given, **jobs)
        packed = {name: pack(name, data) for name, data in sorted(made.items())}
        kept.put_files(entry.name, key, packed)
    for name, data in packed.items():
        tables.put(name, data)
    progress(entry.name, 1, 1)
    return list(packed)


@contextmanager
def _crew(entry: Stage, settings: RunSettings, *, large: bool) -> Iterator[dict[str, int]]:
    """Give what a stage is told of processes: this machine's, or for much work a cluster's."""
    if not entry.spreads:
        yield {}
    elif settings.scheduler is None or not large:
        yield {"jobs": settings.workers}
    else:
        with backend(settings) as jobs:
            yield {"jobs": jobs}


def perform_report(
    tables: Stored,
    folder: Path,
    settings: RunSettings,
    progress: Progress,
    *,
    places: Mapping[str, str],
) -> None:
    """Write the report into a folder, from the cache where nothing changed.

    Args:
        tables: All of the run.
        folder: An empty one.
        settings: Of the run.
        progress: Told what is done.
        places: Where the sources are: pictures of pages are taken from those still there.
    """
    progress("report", 0, 1)
    report = _report_settings(settings)
    sources = pictured_sources(tables, places)
    digests = {name: tables.digest(name) for name in sorted(tables) if name != "ledger"}
    # The seconds of the ledger differ between equal runs, and no report is about them.
    fates = tables["ledger"].drop(columns=[c.SECONDS]).to_json(orient="values")
    kept = Cache(settings.cache_folder)
    version = [code_version("report"), settings.layers.digest]
    key = key_of("report", version, digests, fates, repr(report), sorted(sources))
    held = kept.get_files("report", key)
    if held is not None and set(held) == {f"report.{name}" for name in report.formats}:
        for name, data in held.items():
            (folder / name).write_bytes(data)
    else:
        pictures = take_pictures(tables.given(_PICTURED), sources, settings)
        if tables.large:
            apart.write_apart(tables.files, folder, report=report, pictures=pictures)
        else:
            stage("report").load()(
                dict(tables), folder, settings=report, pictures=pictures, beside=False
            )
        files = sorted(folder.iterdir())
        if sum(path.stat().st_size for path in files) <= _KEPT_REPORT:
            kept.put_files("report", key, {path.name: path.read_bytes() for path in files})
    progress("report", 1, 1)


def _report_settings(settings: RunSettings) -> ReportSettings:
    from pipelines.report.settings import ReportSettings

    if settings.formats:
        return ReportSettings(title=settings.title, formats=settings.formats)
    return ReportSettings(title=settings.title)
