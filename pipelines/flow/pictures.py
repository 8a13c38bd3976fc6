"""Pictures of findings on their pages, for the report: taken in guards, many documents at once.

Drawing a page runs far more of the PDF library than reading its text, on documents that nobody
has looked at; in a guard it can crash or hang at the cost of the pictures only.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import columns as c
from pipelines.flow.settings import RunSettings
from pipelines.flow.stages import code_version
from pipelines.flow.storage.cache import Cache, key_of
from pipelines.flow.workers.cluster import backend
from pipelines.flow.workers.pool import GUARDS, each
from pipelines.flow.workers.process import Call

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class _Task:
    path: str
    sha256: str
    places: dict[str, list[str]]
    settings: RunSettings


def pictured_sources(
    tables: Mapping[str, pd.DataFrame], places: Mapping[str, str]
) -> dict[str, str]:
    """Return where the PDFs of documents are on this machine, by document, where they still are."""
    documents = tables["documents"]
    pdfs = documents[documents[c.FORMAT] == "pdf"]
    found = {
        document_id: places.get(path, "")
        for document_id, path in zip(pdfs[c.DOCUMENT_ID], pdfs[c.PATH], strict=True)
    }
    return {
        document_id: place
        for document_id, place in found.items()
        if place and "://" not in place and Path(place).is_file()
    }


def take_pictures(
    tables: Mapping[str, pd.DataFrame], sources: Mapping[str, str], settings: RunSettings
) -> dict[str, bytes]:
    """Take pictures of the findings that a report shows as evidence, and of others up to a number.

    Args:
        tables: Of a run.
        sources: Where PDFs are, by document, as `pictured_sources` finds them.
        settings: Of the run.

    Returns:
        PNG by finding; of a document whose file has changed, or cannot be drawn, there is none.
    """
    from pipelines.report.page.pictured import choose_pictured

    chosen = choose_pictured(tables, set(sources))
    hashes = dict(
        zip(tables["documents"][c.DOCUMENT_ID], tables["documents"][c.SHA256], strict=True)
    )
    here = replace(settings, scheduler=None)
    tasks = [
        _Task(sources[document_id], hashes[document_id], places, here)
        for document_id, places in chosen.items()
    ]
    pictures: dict[str, str] = {}
    if tasks:
        for taken, _ in each(_take, tasks, settings=here, backend=backend):
            pictures.update(taken)
    return {name: base64.b64decode(png) for name, png in sorted(pictures.items())}


def _take(task: _Task) -> dict[str, str]:
    """Take the pictures of one document, from the cache where that was done before."""
    kept = Cache(task.settings.cache_folder)
    key = key_of("picture", code_version("read"), task.sha256, task.places)
    held = kept.get_json("report", key)
    if held is not None:
        return dict(held)
    call = Call(
        "pipelines.flow.rows:picture_rows",
        {"path": task.path, "sha256": task.sha256, "places": task.places},
    )
    answer = GUARDS.ask(call, seconds=task.settings.timeout, memory=task.settings.memory)
    if answer.failed:
        return {}
    if answer.value:
        kept.put_json("report", key, answer.value)
    return dict(answer.value)
