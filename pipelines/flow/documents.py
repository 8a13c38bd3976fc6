"""One document at a time: from a source to rows of the tables, from findings to tags.

These functions run in the threads of a run, or of a cluster's worker: they look into the cache and
ask a guard for what is not there.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from pipelines import columns as c
from pipelines.errors import UnreadableDocument
from pipelines.flow.cache import Cache, key_of
from pipelines.flow.model import ModelChoice, at_hand
from pipelines.flow.packing import compact
from pipelines.flow.process import Answer, Call
from pipelines.flow.remote import CHECK_ADDRESS, fetch
from pipelines.flow.rows import Row
from pipelines.flow.settings import RunSettings
from pipelines.flow.sources import Source
from pipelines.flow.stages import code_version
from pipelines.flow.workers import GUARDS
from pipelines.flow.zips import unpack

if TYPE_CHECKING:
    import pyarrow as pa

DOCUMENT_TABLES: Final = (
    "documents",
    "standards",
    "key_questions",
    "findings",
    "recommendations",
    "leftovers",
    "abbreviations",
)
_GUARDED: Final = "pipelines.flow.rows"
Stated = list[str | None]
"""A finding or recommendation as tagging is told of it; see `rows.STATED`."""

_CHUNK: Final = 2**20
_TEXTS_AT_ONCE: Final = 5_000
"""Findings that a worker tags in one call: tens of thousands at once would need gigabytes."""

_NOT_HERE: Final = (
    "the worker of the cluster does not see this file; keep sources in a folder that all workers "
    "have at the same path, or give an address such as s3://bucket/folder"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a source: rows by table, or a reason.

    Attributes:
        rows: By table; ids as the document alone would have them.
        document_id: As the document alone would have it.
        text_digest: Of its normalised text.
        edition: Month in which it was corrected, as it says itself; empty where it does not.
    """

    source: Source
    format: str = ""
    sha256: str = ""
    document_id: str = ""
    text_digest: str = ""
    rows: dict[str, list[Row]] | None = None
    reason: str = ""
    cached: bool = False
    edition: str = ""


@dataclass(frozen=True, slots=True)
class Tagging:
    """The tags of one document's texts, and why, or a reason for none.

    `tables` are as `packing.compact` gives them: for ids they have the places of the texts.

    `model_refused` says that the reason is the model's, so no document can be tagged with it.
    """

    document_id: str
    tables: dict[str, pa.Table]
    reason: str = ""
    model_refused: bool = False
    cached: bool = False


def read_source(task: tuple[Source, RunSettings]) -> Reading:
    """Read and segment one source, from the cache where that was done before."""
    source, settings = task
    if source.problem:
        remedy = CHECK_ADDRESS if source.remote else "check its path and permissions"
        return Reading(source, reason=f"{source.problem}; {source.remedy or remedy}")
    if settings.scheduler and _unseen(source):
        return Reading(source, reason=_NOT_HERE)
    try:
        with _at_hand(source, settings) as path:
            answer, cached = _read(path, settings)
    except UnreadableDocument as error:
        return Reading(source, reason=str(error))
    except OSError as error:
        return Reading(source, reason=f"{error.strerror or error}; check its path and permissions")
    if answer.failed:
        reason = "; ".join(part for part in (answer.reason, answer.remedy) if part)
        return Reading(source, reason=reason, cached=cached)
    return Reading(source, cached=cached, **answer.value)


def _unseen(source: Source) -> bool:
    """Whether this machine lacks a file that the machine of the command has."""
    place = source.archive or source.address
    return "://" not in place and not os.path.lexists(place)


def tag_document(task: tuple[str, Sequence[Stated], ModelChoice, RunSettings]) -> Tagging:
    """Tag what one document states, from the cache where that was done before."""
    document_id, stated, model, settings = task
    kept = Cache(settings.cache_folder)
    key = key_of("tag", code_version("tag"), model.digest, settings.layers.digest, list(stated))
    columns = kept.get_json("tag", key)
    cached = columns is not None
    if columns is None:
        columns = {}
        for first in range(0, len(stated), _TEXTS_AT_ONCE):
            answer = _tag(list(stated[first : first + _TEXTS_AT_ONCE]), at_hand(model), settings)
            if answer.failed:
                refused = answer.lasting and not answer.prepared
                return Tagging(document_id, {}, reason=answer.reason, model_refused=refused)
            _append(columns, answer.value, first)
        kept.put_json("tag", key, columns)
    return Tagging(document_id, compact(columns), cached=cached)


def _tag(stated: list[Stated], folder: str, settings: RunSettings) -> Answer:
    call = Call(
        f"{_GUARDED}:tag_rows",
        {"stated": stated, "model": folder, "layers": settings.layers.digest},
        prepare=f"{_GUARDED}:prepare_tagging",
        prepare_arguments=(("model", folder), ("layers", settings.layers.handed)),
    )
    return GUARDS.ask(call, seconds=settings.timeout, memory=settings.memory)


def _append(
    columns: dict[str, dict[str, list[Any]]], more: dict[str, dict[str, list[Any]]], first: int
) -> None:
    """Put the columns of some texts behind those of the texts before; `first` is their place."""
    for table, added in more.items():
        mine = columns.setdefault(table, {name: [] for name in added})
        for name, values in added.items():
            mine[name] += [place + first for place in values] if name == c.FINDING_ID else values


def _read(path: Path, settings: RunSettings) -> tuple[Answer, bool]:
    kept = Cache(settings.cache_folder)
    version = [code_version("read", "segment"), settings.layers.digest]
    limits = asdict(settings.limits)
    # The name takes part: it gives the id of a document that does not say what it is.
    digest = _sha256(path, settings)
    key = key_of("read", version, limits, os.fsencode(path.name).hex(), digest)
    held = kept.get_json("read", key)
    if held is not None:
        return Answer(**held), True
    call = Call(
        f"{_GUARDED}:read_rows",
        {"path": str(path), "limits": limits, "layers": settings.layers.digest},
        prepare=f"{_GUARDED}:prepare_reading",
        prepare_arguments=(("layers", settings.layers.handed),),
    )
    answer = GUARDS.ask(call, seconds=settings.timeout, memory=settings.memory)
    # The file may have been replaced meanwhile, as clients that synchronise do: what is kept
    # under a digest is what was read of these bytes.
    read = _sha256(path, settings) if answer.failed else answer.value["sha256"]
    if answer.lasting and read == digest:
        kept.put_json("read", key, asdict(answer))
    return answer, False


def _sha256(path: Path, settings: RunSettings) -> str:
    """Hash a file; one that is beyond the limit, or no file, is refused by its size alone."""
    if not path.is_file():
        return "no file"
    size = path.stat().st_size
    if size > settings.limits.max_bytes:
        return f"{size} bytes"
    state, left = hashlib.sha256(), settings.limits.max_bytes + 1
    # Files of the system that say they are empty can wait for ever, or never end.
    mode = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, mode), "rb") as stream:
        while left > 0 and (chunk := stream.read(min(_CHUNK, left))):
            state.update(chunk)
            left -= len(chunk)
    return state.hexdigest()


@contextmanager
def _at_hand(source: Source, settings: RunSettings) -> Iterator[Path]:
    """Give the path of the source on this machine; what is remote or packed is put there."""
    if not source.remote:
        yield Path(source.address)
        return
    folder = Path(tempfile.mkdtemp(prefix="findings-"))
    try:
        path = folder / (PurePosixPath(source.path).name or "source")
        if source.archive:
            unpack(source.archive, source.packed, path, most=settings.limits.max_bytes)
            yield path
            return
        fetch(
            GUARDS,
            source.address,
            path,
            most=settings.limits.max_bytes,
            seconds=settings.timeout,
            memory=settings.memory,
        )
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)
