"""One document at a time: from a source to rows of the tables, from findings to tags.

These functions run in the threads of a run, or of a cluster's worker: they look into the cache and
ask a guard for what is not there.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from pipelines import columns as c
from pipelines.errors import UnreadableDocument
from pipelines.flow.rows import Row
from pipelines.flow.settings import RunSettings
from pipelines.flow.sources.hashed import sha256_of
from pipelines.flow.sources.remote import CHECK_ADDRESS, fetch
from pipelines.flow.sources.source import Source
from pipelines.flow.sources.zips import unpack
from pipelines.flow.stages import code_version
from pipelines.flow.storage.cache import Cache, key_of
from pipelines.flow.storage.packing import compact
from pipelines.flow.storage.spool import Kept, Part, rows_of
from pipelines.flow.workers.model import ModelChoice, at_hand
from pipelines.flow.workers.pool import GUARDS
from pipelines.flow.workers.process import Answer, Call

if TYPE_CHECKING:
    import pyarrow as pa

logger = logging.getLogger(__name__)

DOCUMENT_TABLES: Final = (
    "documents",
    "standards",
    "key_questions",
    "findings",
    "recommendations",
    "leftovers",
    "abbreviations",
)
_TOLD: Final = (c.FORMAT, c.SHA256, c.DOCUMENT_ID, "text_digest", "edition")
"""Of the head: format, hash, id as the document alone would have it, digest of its normalised text,
month in which it was corrected as it says itself."""

_GUARDED: Final = "pipelines.flow.rows"
_FAILURE: Final = ("reason", "remedy")
Stated = list[str | None]
"""A finding or recommendation as tagging is told of it; see `rows.STATED`."""

Stating = tuple[str, Sequence[Stated], Mapping[str, str], ModelChoice, RunSettings]
"""A document, what it states, what it says that its short forms stand for, and how to tag it."""

_TEXTS_AT_ONCE: Final = 5_000
"""Findings that a worker tags in one call: tens of thousands at once would need gigabytes."""

_NOT_HERE: Final = (
    "the worker of the cluster does not see this file; keep sources in a folder that all workers "
    "have at the same path, or give an address such as s3://bucket/folder"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a source: a part, or a reason.

    Attributes:
        head: What is known of the document at a glance, as `part_of` gives it.
        held: The part with its rows, or where it is kept; ids as the document alone would have
            them. None where there is a reason.
    """

    source: Source
    head: dict[str, Any] = field(default_factory=dict)
    held: Part | Kept | None = None
    reason: str = ""

    @property
    def document_id(self) -> str:
        """As the document alone would have it."""
        return str(self.head[c.DOCUMENT_ID])

    @property
    def document(self) -> Row:
        """Its row of the table documents."""
        row: Row = self.head["document"]
        return row

    @property
    def digests(self) -> str:
        """Those of its findings, in their order, parted by spaces."""
        return str(self.head["digests"])

    def tables(self) -> dict[str, pa.Table]:
        """Its rows by table, read from where they are kept."""
        if self.held is None:
            return {}
        return self.held.tables if isinstance(self.held, Part) else self.held.part().tables


def part_of(value: Mapping[str, Any]) -> Part:
    """Return what reading and segmenting gave as a part.

    Args:
        value: As `rows.read_rows` gives it.
    """
    rows = value["rows"]
    head = {
        **{name: value[name] for name in _TOLD},
        "document": next(iter(rows["documents"]), {}),
        "digests": " ".join(row[c.DIGEST] for row in rows["findings"]),
    }
    return Part(head, {table: rows_of(table, rows.get(table, ())) for table in DOCUMENT_TABLES})


@dataclass(frozen=True, slots=True)
class Tagging:
    """The tags of one document's texts, and why, or a reason for none.

    The tables are as `packing.compact` gives them: for ids they have the places of the texts.

    `model_refused` says that the reason is the model's, so no document can be tagged with it.
    """

    document_id: str
    held: Part | None = None
    reason: str = ""
    model_refused: bool = False


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
            part = _read(path, settings)
    except UnreadableDocument as error:
        return Reading(source, reason=str(error))
    except OSError as error:
        return Reading(source, reason=f"{error.strerror or error}; check its path and permissions")
    return _reading(source, part)


def read_before(task: tuple[Source, RunSettings]) -> Reading | None:
    """Return what came of a file of this machine where that is in the cache."""
    source, settings = task
    if source.problem or source.remote:
        return None
    try:
        _, key = _reading_key(Path(source.address), settings)
    except OSError:  # which reading it tells
        return None
    part = _held(Cache(settings.cache_folder), "read", key)
    return None if part is None else _reading(source, part)


def _reading(source: Source, part: Part) -> Reading:
    if reason := "; ".join(filter(None, map(part.head.get, _FAILURE))):
        return Reading(source, reason=reason)
    return Reading(source, part.head, part)


def _unseen(source: Source) -> bool:
    """Whether this machine lacks a file that the machine of the command has."""
    place = source.archive or source.address
    return "://" not in place and not os.path.lexists(place)


def tagged_before(task: Stating) -> Part | None:
    """Return the tags of what one document states where they are in the cache."""
    return _held(Cache(task[-1].cache_folder), "tag", _tagging_key(task))


def tag_document(task: Stating) -> Tagging:
    """Tag what one document states, from the cache where that was done before."""
    document_id, stated, own, model, settings = task
    if (held := tagged_before(task)) is not None:
        return Tagging(document_id, held)
    columns: dict[str, dict[str, list[Any]]] = {}
    for first in range(0, len(stated), _TEXTS_AT_ONCE):
        some = list(stated[first : first + _TEXTS_AT_ONCE])
        answer = _tag(some, own, model, settings)
        if answer.failed:
            refused = answer.lasting and not answer.prepared
            return Tagging(document_id, reason=answer.reason, model_refused=refused)
        _append(columns, answer.value, first)
    made = Part({}, compact(columns)).packed_up()
    Cache(settings.cache_folder).put("tag", _tagging_key(task), made.packed)
    return Tagging(document_id, made)


def _tagging_key(task: Stating) -> str:
    _, stated, own, model, settings = task
    names = (code_version("tag"), model.digest, model.encoder, settings.layers.digest)
    return key_of("tag", *names, list(stated), sorted(own.items()))


def _held(kept: Cache, stage: str, key: str) -> Part | None:
    """Return a part from the cache, or None where there is none that we wrote."""
    raw = kept.get(stage, key)
    try:
        return None if raw is None else Part.unpack(raw)
    except ValueError:  # a right checksum over what we did not write
        logger.warning("cache entry %s of %s holds no document; it is made anew", key, stage)
        return None


def _tag(
    stated: list[Stated], own: Mapping[str, str], model: ModelChoice, settings: RunSettings
) -> Answer:
    used = {"model": at_hand(model), "encoder": model.encoder}
    call = Call(
        f"{_GUARDED}:tag_rows",
        {"stated": stated, "own": dict(own), **used, "layers": settings.layers.digest},
        prepare=f"{_GUARDED}:prepare_tagging",
        prepare_arguments=(*used.items(), ("layers", settings.layers.handed)),
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


def _read(path: Path, settings: RunSettings) -> Part:
    """Return what reading and segmenting gave, or a part whose head has reason and remedy."""
    kept = Cache(settings.cache_folder)
    digest, key = _reading_key(path, settings)
    held = _held(kept, "read", key)
    if held is not None:
        return held
    limits = asdict(settings.limits)
    call = Call(
        f"{_GUARDED}:read_rows",
        {"path": str(path), "limits": limits, "layers": settings.layers.digest},
        prepare=f"{_GUARDED}:prepare_reading",
        prepare_arguments=(("layers", settings.layers.handed),),
    )
    answer = GUARDS.ask(call, seconds=settings.timeout, memory=settings.memory)
    failed = answer.failed
    made = Part({n: getattr(answer, n) for n in _FAILURE}) if failed else part_of(answer.value)
    made = made.packed_up()
    # The file may have been replaced meanwhile, as clients that synchronise do: what is kept
    # under a digest is what was read of these bytes.
    read = sha256_of(path, settings.limits.max_bytes) if failed else answer.value["sha256"]
    if answer.lasting and read == digest:
        kept.put("read", key, made.packed)
    return made


def _reading_key(path: Path, settings: RunSettings) -> tuple[str, str]:
    """Return the digest of a file, and the name under which what is read of it is kept."""
    version = [code_version("read", "segment"), settings.layers.digest]
    # The name takes part: it gives the id of a document that does not say what it is.
    name, digest = os.fsencode(path.name).hex(), sha256_of(path, settings.limits.max_bytes)
    return digest, key_of("read", version, asdict(settings.limits), name, digest)


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
