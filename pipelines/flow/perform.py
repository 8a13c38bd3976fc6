"""Perform the stages: the tables that one stage makes from the tables before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from pipelines import columns as c
from pipelines.errors import ArtefactError
from pipelines.flow import apart
from pipelines.flow.cache import Cache, key_of
from pipelines.flow.cluster import backend
from pipelines.flow.documents import (
    DOCUMENT_TABLES,
    Stated,
    read_source,
    tag_document,
)
from pipelines.flow.ledger import FAILED, settle
from pipelines.flow.model import ModelChoice, choose_model
from pipelines.flow.packing import Packer, joined, pack, tag_tables, unpack
from pipelines.flow.pictures import pictured_sources, take_pictures
from pipelines.flow.rows import STATED
from pipelines.flow.settings import RunSettings
from pipelines.flow.sources import Source
from pipelines.flow.stages import Stage, code_version, stage
from pipelines.flow.workers import each
from pipelines.tables import frame

if TYPE_CHECKING:
    import pyarrow as pa

    from pipelines.report.settings import ReportSettings

Progress = Callable[[str, int, int], None]
"""Told the stage, how much of it is done and how much there is."""

Tables = dict[str, pd.DataFrame]

_TAGGED_BY_ONE: Final = 10
"""Documents for which one more worker pays in tagging."""

_APART: Final = ("ledger", "answered", "memos")

_KEPT_REPORT: Final = 200_000_000
"""Bytes of a report beyond which it is not kept in the cache."""


def silent(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def check_choices(settings: RunSettings, *, reported: bool = False) -> None:
    """Find out before hours of work whether the model and the report asked for can be had.

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
        from pipelines.report.room import check_room

        check_room(formats)
    choose_model(settings.model)


def perform_reading(
    found: Iterable[Source], settings: RunSettings, progress: Progress = silent
) -> Tables:
    """Read and segment sources; returns the tables of documents, and the ledger."""
    given = list(found)
    tasks = [(source, settings) for source in given if not source.aside]
    # What is left aside needs no worker: it has its line in the ledger already.
    readings = [(read_source((source, settings)), 0.0) for source in given if source.aside]
    aside = len(readings)
    progress("read", 0, len(tasks))
    for done in each(read_source, tasks, settings=settings, backend=backend):
        readings.append(done)
        progress("read", len(readings) - aside, len(tasks))
    settled = settle(readings)
    tables = {table: frame(table, settled.rows[table]) for table in DOCUMENT_TABLES}
    return {**tables, "ledger": frame("ledger", settled.ledger)}


def perform_tagging(
    tables: Mapping[str, pd.DataFrame], settings: RunSettings, progress: Progress = silent
) -> Tables:
    """Tag findings and recommendations, a document at a time.

    Returns:
        The tables `tags`, `issue_tags`, `explanations`, `recommendation_tags` and `models`. Where a
        document could not be tagged, also all tables without it and the ledger with the reason,
        so that every document in the tables has been through every stage.

    Raises:
        ArtefactError: The model cannot be loaded.
    """
    model = choose_model(settings.model)
    stated = _stated(tables)
    tasks = [(name, list(mine.values()), model, settings) for name, mine in stated.items() if mine]
    tagged: dict[str, dict[str, pa.Table]] = {}
    failed: dict[str, str] = {}
    findings = tables["findings"][c.DOCUMENT_ID].value_counts().to_dict()
    # Loading the model costs a worker as much as tagging dozens of documents does.
    enough = min(settings.workers, max(1, len(tasks) // _TAGGED_BY_ONE))
    progress("tag", 0, len(tasks))
    for number, (tagging, _) in enumerate(
        each(
            tag_document,
            tasks,
            settings=replace(settings, jobs=enough),
            backend=partial(backend, model=model),
        ),
        start=1,
    ):
        name = tagging.document_id
        if tagging.model_refused:
            raise ArtefactError(tagging.reason)
        if tagging.reason:
            failed[name] = f"not tagged: {tagging.reason}"
        else:
            tagged[name] = tag_tables(
                tagging.tables, list(stated[name]), findings=findings.get(name, 0)
            )
        progress("tag", number, len(tasks))
    made = {
        table: joined(table, (tagged[name].pop(table) for name in stated if name in tagged))
        for table in ("tags", "issue_tags", "explanations", "recommendation_tags")
    }
    made["models"] = _used(model, sum(findings.values()))
    return {**_without(tables, failed), **made} if failed else made


def _used(model: ModelChoice, findings: int) -> pd.DataFrame:
    """Return the table `models`: the report says which model it was without loading it."""
    from pipelines.tag.artefacts import describe_folder

    label, sha256, scores = describe_folder(Path(model.folder))
    row = {c.MODEL: label, c.SHA256: sha256, c.FINDINGS: findings, c.SCORES: scores}
    return frame("models", [row])


def _stated(tables: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, Stated]]:
    """Return what to tag by id, findings before recommendations, for each document."""
    out: dict[str, dict[str, Stated]] = {name: {} for name in tables["documents"][c.DOCUMENT_ID]}
    findings, asked = tables["findings"], tables["recommendations"]
    columns = [
        [None if pd.isna(value) else str(value) for value in findings[name]] for name in STATED
    ]
    keys = zip(findings[c.DOCUMENT_ID], findings[c.FINDING_ID], strict=True)
    for (document, name), said in zip(keys, zip(*columns, strict=True), strict=True):
        out[document][name] = list(said)
    keys = zip(asked[c.DOCUMENT_ID], asked[c.RECOMMENDATION_ID], strict=True)
    for (document, name), text in zip(keys, asked[c.TEXT], strict=True):
        out[document][name] = [text] + [None] * (len(STATED) - 1)
    return out


def perform_corpus(
    entry: Stage,
    tables: Mapping[str, pd.DataFrame],
    settings: RunSettings,
    progress: Progress = silent,
    *,
    packer: Packer,
) -> Tables:
    """Do a stage that works on all documents at once, from the cache where nothing changed.

    Mining and aggregation never see the ledger: what failed, and how long reading took, must not
    change a count. Nor do they see who answered what, and memos: the tags hold what was decided.
    """
    progress(entry.name, 0, 1)
    given = {name: data for name, data in sorted(tables.items()) if name not in _APART}
    kept = Cache(settings.cache_folder)
    version = code_version(entry.name)
    key = key_of(entry.name, version, settings.layers.digest, packer.digests(given))
    packed = kept.get_files(entry.name, key)
    if packed is None:
        spread = {"jobs": settings.workers} if entry.spreads else {}
        made: Tables = entry.load()(given, **spread)
        packed = {name: pack(name, data) for name, data in sorted(made.items())}
        kept.put_files(entry.name, key, packed)
    progress(entry.name, 1, 1)
    return {name: unpack(name, data) for name, data in packed.items()}


def perform_report(
    tables: Mapping[str, pd.DataFrame],
    folder: Path,
    settings: RunSettings,
    progress: Progress = silent,
    *,
    packer: Packer,
    places: Mapping[str, str],
) -> None:
    """Write the report into a folder, from the cache where nothing changed.

    Args:
        tables: All of the run.
        folder: An empty one.
        settings: Of the run.
        progress: Told what is done.
        packer: Of the tables.
        places: Where the sources are: pictures of pages are taken from those still there.
    """
    progress("report", 0, 1)
    report = _report_settings(settings)
    sources = pictured_sources(tables, places)
    digests = packer.digests({name: data for name, data in tables.items() if name != "ledger"})
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
        pictures = take_pictures(tables, sources, settings)
        if len(tables["findings"]) >= apart.LARGE:
            packed = packer.pack_all(tables)
            apart.write_apart(packed, folder, report=report, pictures=pictures)
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


def _without(tables: Mapping[str, pd.DataFrame], failed: Mapping[str, str]) -> Tables:
    left = {
        name: tables[name].loc[~tables[name][c.DOCUMENT_ID].isin(list(failed))]
        for name in DOCUMENT_TABLES
    }
    ledger = tables["ledger"].copy()
    for document_id, reason in failed.items():
        hit = ledger[c.DOCUMENT_ID] == document_id
        ledger.loc[hit, c.STATUS] = FAILED
        ledger.loc[hit, c.REASON] = reason
        ledger.loc[hit, c.DOCUMENT_ID] = None
    return {**left, "ledger": ledger}
