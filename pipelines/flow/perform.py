"""Perform the stages that work on one document at a time: reading, segmenting, tagging."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import columns as c
from pipelines.errors import ArtefactError
from pipelines.flow.documents import (
    DOCUMENT_TABLES,
    Reading,
    Stated,
    Stating,
    read_before,
    read_source,
    tag_document,
    tagged_before,
)
from pipelines.flow.ledger import FAILED, settle
from pipelines.flow.rows import STATED
from pipelines.flow.settings import RunSettings
from pipelines.flow.sources.source import Source
from pipelines.flow.storage.packing import tag_tables
from pipelines.flow.storage.spool import Kept, Part, Spool
from pipelines.flow.storage.stored import Stored
from pipelines.flow.workers.cluster import backend
from pipelines.flow.workers.model import ModelChoice, choose_model
from pipelines.flow.workers.pool import each
from pipelines.shortforms import own_forms
from pipelines.tables import frame

Progress = Callable[[str, int, int], None]
"""Told the stage, how much of it is done and how much there is."""

_TAGGED_BY_ONE: Final = 4
"""Documents for which one more worker pays in tagging."""

TAG_TABLES: Final = ("tags", "issue_tags", "explanations", "shares", "recommendation_tags")
"""What tagging makes of each document."""

_STATING: Final = {
    "findings": STATED,
    "recommendations": (c.TEXT,),
    "abbreviations": (c.SHORT, c.EXPANSION, c.SOURCE),
}
_NAMED: Final = {"findings": (c.FINDING_ID,), "recommendations": (c.RECOMMENDATION_ID,)}


def silent(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def perform_reading(
    found: Iterable[Source], settings: RunSettings, tables: Stored, progress: Progress
) -> None:
    """Read and segment sources; write the tables of documents, and the ledger."""
    given = list(found)
    # What is left aside needs no worker: it has its line in the ledger already.
    readings = [(read_source((source, settings)), 0.0) for source in given if source.aside]
    tasks = [(source, settings) for source in given if not source.aside]
    left: list[tuple[Source, RunSettings]] = []
    with Spool.within(tables.folder) as spool:

        def take(done: Reading, seconds: float) -> None:
            kept = isinstance(done.held, Part) and spool.keep(done.held)
            readings.append((replace(done, held=kept) if kept else done, seconds))

        for task in tasks:
            begun = time.perf_counter()
            # Nor does what was read before; the caches of a cluster are with its workers.
            done = read_before(task) if _caches_here(settings) else None
            if done is None:
                left.append(task)
            else:
                take(done, time.perf_counter() - begun)
        before = len(tasks) - len(left)
        progress("read", before, len(tasks))
        for number, (done, seconds) in enumerate(
            each(read_source, left, settings=settings, backend=backend), start=before + 1
        ):
            take(done, seconds)
            progress("read", number, len(tasks))
        settled = settle(readings)
        with tables.writing(*DOCUMENT_TABLES) as write:
            for named in settled.kept:
                write(named.tables())
    tables["ledger"] = frame("ledger", settled.ledger)


def _caches_here(settings: RunSettings) -> bool:
    return settings.scheduler is None and settings.cache_folder is not None


def perform_tagging(tables: Stored, settings: RunSettings, progress: Progress) -> None:
    """Tag findings and recommendations, a document at a time.

    Writes the tables of `TAG_TABLES`, and `models`. Where a document could not be tagged, all are
    left without it and the ledger has the reason, so that every document in the tables has been
    through every stage.

    Raises:
        ArtefactError: The model cannot be loaded.
    """
    model = choose_model(settings.model, encoder=settings.encoder)
    # A run of an earlier version has no table of abbreviations.
    wanted = {name: columns for name, columns in _STATING.items() if name in tables}

    def stating() -> Iterator[Stating]:
        for document, mine in tables.each_document(wanted):
            if stated := _stated(mine):
                yield document, stated, _own(mine), model, settings

    failed: dict[str, str] = {}
    with Spool.within(tables.folder) as spool:
        kept, number = _tagged_before(stating(), spool)
        before = frozenset(kept)
        # Loading the model costs a worker as much as tagging dozens of documents does.
        enough = min(settings.workers, max(1, (number - len(before)) // _TAGGED_BY_ONE))
        progress("tag", len(before), number)
        for done, (tagging, _) in enumerate(
            each(
                tag_document,
                (task for task in stating() if task[0] not in before),
                settings=replace(settings, jobs=enough),
                backend=partial(backend, model=model),
            ),
            start=len(before) + 1,
        ):
            if tagging.model_refused:
                raise ArtefactError(tagging.reason)
            if tagging.held is None:
                failed[tagging.document_id] = f"not tagged: {tagging.reason}"
            else:
                kept[tagging.document_id] = spool.keep(tagging.held)
            progress("tag", done, number)
        with tables.writing(*TAG_TABLES) as write:
            for document, mine in tables.each_document(_NAMED):
                if document in kept:
                    names = [name for part in mine.values() for name in part[0].to_pylist()]
                    tagged, findings = kept[document].part().tables, mine["findings"].num_rows
                    write(tag_tables(tagged, names, findings=findings))
    # Few rows, and always in the order of the findings' ids, not of the files' names.
    tables["shares"] = tables["shares"].sort_values(c.FINDING_ID, kind="stable")
    tables["models"] = _used(model, tables.rows("findings"))
    if failed:
        _leave_out(tables, failed)


def _tagged_before(tasks: Iterable[Stating], spool: Spool) -> tuple[dict[str, Kept], int]:
    """Take what was tagged before, which needs no worker; and return the number of documents."""
    kept: dict[str, Kept] = {}
    number = 0
    for task in tasks:
        number += 1
        held = tagged_before(task) if _caches_here(task[-1]) else None
        if held is not None:
            kept[task[0]] = spool.keep(held)
    return kept, number


def _used(model: ModelChoice, findings: int) -> pd.DataFrame:
    """Return the table `models`: the report says which model it was without loading it."""
    from pipelines.tag.models.artefacts import describe_folder

    label, sha256, scores = describe_folder(Path(model.folder), encoder=model.encoder)
    row = {c.MODEL: label, c.SHA256: sha256, c.FINDINGS: findings, c.SCORES: scores}
    return frame("models", [row])


def _stated(mine: Mapping[str, pa.Table]) -> list[Stated]:
    """Return what to tag of a document, findings before recommendations."""
    columns = [mine["findings"][name].to_pylist() for name in STATED]
    asked = mine["recommendations"][c.TEXT].to_pylist()
    lacking = [None] * (len(STATED) - 1)
    return [*map(list, zip(*columns, strict=True)), *([text, *lacking] for text in asked)]


def _own(mine: Mapping[str, pa.Table]) -> dict[str, str]:
    found = mine.get("abbreviations")
    return {} if found is None else own_forms(zip(*found.to_pydict().values(), strict=True))


def _leave_out(tables: Stored, failed: Mapping[str, str]) -> None:
    """Leave documents out of all tables that know them by id, and say in the ledger why."""
    lost = pc.field(c.DOCUMENT_ID).isin(list(failed))
    for name in DOCUMENT_TABLES:
        tables.keep(name, ~lost)
    ledger = tables["ledger"]
    for document_id, reason in failed.items():
        hit = ledger[c.DOCUMENT_ID] == document_id
        ledger.loc[hit, c.STATUS] = FAILED
        ledger.loc[hit, c.REASON] = reason
        ledger.loc[hit, c.DOCUMENT_ID] = None
    tables["ledger"] = ledger
