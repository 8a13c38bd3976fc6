"""A batch of inspections: fetched, or looked at for what is new; one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from pipelines.errors import UnreadableDocument
from pipelines.fetch.addresses import without_secrets
from pipelines.fetch.answers import NotThere
from pipelines.fetch.client import Client
from pipelines.fetch.finding import Finder, Found
from pipelines.fetch.folder import FetchFolder, now
from pipelines.fetch.hosts import hosts_of
from pipelines.fetch.parts import Part
from pipelines.fetch.record import CHANGED, FAILED, FETCHED, GONE, Record
from pipelines.fetch.settings import FetchSettings
from pipelines.manifest import Published
from pipelines.regular import digest_of

NO_ADDRESS: Final = "no address of it is known; give one in a manifest (--manifest)"


class Fate(StrEnum):
    """What became of an inspection in one command."""

    FETCHED = "fetched"
    EDITION = "new edition"
    THERE = "there already"
    NEW = "new"  # can be fetched, and has not been
    CHANGED = "changed"
    SAME = "unchanged"
    GONE = "gone"
    FAILED = "failed"
    UNKNOWN = "no address"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An inspection, what became of it, and why where that needs saying."""

    entry: Published
    fate: Fate
    reason: str = ""


Tell = Callable[[Outcome, int, int], None]
"""Told each outcome, its number and how many there will be."""


def fetch_reports(
    manifest: Sequence[Published],
    chosen: Iterable[Published],
    folder: FetchFolder,
    settings: FetchSettings,
    tell: Tell = lambda _outcome, _number, _all: None,
) -> list[Outcome]:
    """Fetch what is not in the folder yet, and what the last check found changed.

    Args:
        manifest: All inspections known; its hosts are the ones asked.
        chosen: Those to be fetched.
        folder: That they go into.
        settings: Of the client.
        tell: Told what becomes of each.

    Raises:
        MissingExtra: The HTTP library is not installed.
        StorageError: The folder cannot be written or is in use.
    """
    return _each(manifest, chosen, folder, settings, tell, _fetched)


def check_reports(
    manifest: Sequence[Published],
    chosen: Iterable[Published],
    folder: FetchFolder,
    settings: FetchSettings,
    tell: Tell = lambda _outcome, _number, _all: None,
) -> list[Outcome]:
    """Look for what is new or changed since it was fetched; arguments and errors as above.

    No report is written; what was found changed is remembered for the next fetch.
    """
    return _each(manifest, chosen, folder, settings, tell, _checked)


@dataclass(frozen=True, slots=True)
class _Batch:
    """What each inspection of a batch is done with."""

    manifest: tuple[Published, ...]
    folder: FetchFolder
    finder: Finder


def _each(
    manifest: Sequence[Published],
    chosen: Iterable[Published],
    folder: FetchFolder,
    settings: FetchSettings,
    tell: Tell,
    do: Callable[[Published, _Batch], Outcome],
) -> list[Outcome]:
    listed = list(chosen)
    units = sorted({entry.unit for entry in manifest if entry.unit_type != "national"})
    with Client(settings, hosts_of(manifest)) as client, folder.opened(manifest):
        batch = _Batch(tuple(manifest), folder, Finder(client, folder, units))
        out = []
        for number, entry in enumerate(listed, start=1):
            out.append(do(entry, batch))
            tell(out[-1], number, len(listed))
    return out


def _fetched(entry: Published, batch: _Batch) -> Outcome:
    folder = batch.folder
    record = folder.records.get(entry.id)
    held = folder.held(record)
    if not held and (record is None or not record.file):
        record = folder.adopt(entry, batch.manifest) or record
        held = folder.held(record)
    if held and record is not None and record.status != CHANGED:
        return Outcome(entry, Fate.THERE)
    try:
        folder.refuse_strange(entry)
        if not entry.address:
            return Outcome(entry, Fate.UNKNOWN, NO_ADDRESS)
        found = batch.finder.find(entry, record=record if held else None)
        if record is not None and held and _same(found, record):
            _drop(found)
            folder.put(entry, _looked_at(record, found), batch.manifest)
            return Outcome(entry, Fate.THERE)
        if found.part is None:  # pragma: no cover - only what we have comes without bytes
            raise AssertionError(entry.id)
        placed = _place(entry, batch, found, found.part, record)
    except UnreadableDocument as error:
        _put_failure(entry, batch, record, str(error))
        return Outcome(entry, Fate.FAILED, str(error))
    return Outcome(entry, Fate.EDITION if placed.edition > 1 else Fate.FETCHED, placed.reason)


def _checked(entry: Published, batch: _Batch) -> Outcome:
    folder = batch.folder
    record = folder.records.get(entry.id)
    held = folder.held(record)
    if not entry.address:
        return Outcome(entry, Fate.SAME if held else Fate.UNKNOWN, NO_ADDRESS)
    try:
        # What could not be had before is asked for whole: a link to it was there before too.
        found = batch.finder.find(
            entry, record=record if held else None, take=held or record is not None
        )
    except UnreadableDocument as error:
        if isinstance(error, NotThere) and held and record is not None:
            before = record.status
            gone = replace(record, status=GONE, checked=now(), reason=str(error))
            folder.put(entry, gone, batch.manifest)
            return Outcome(entry, Fate.SAME if before == GONE else Fate.GONE, str(error))
        _put_failure(entry, batch, record, str(error))
        return Outcome(entry, Fate.FAILED, str(error))
    if not held or record is None:
        _drop(found)
        return Outcome(entry, Fate.NEW, found.asked)
    same = _same(found, record)
    _drop(found)
    if same:
        folder.put(entry, _looked_at(record, found), batch.manifest)
        return Outcome(entry, Fate.SAME)
    reason = "another edition is published" + (", marked as corrected" * found.corrected)
    changed = replace(record, status=CHANGED, checked=now(), reason=reason)
    folder.put(entry, changed, batch.manifest)
    return Outcome(entry, Fate.CHANGED, reason)


def _same(found: Found, record: Record) -> bool:
    if found.unchanged:
        return True
    if found.kind == record.kind == "html" and record.words:
        return found.words == record.words
    return found.part is not None and digest_of(found.part.path) == record.sha256


def _looked_at(record: Record, found: Found) -> Record:
    """Return the record of an edition that is still the one published."""
    if found.unchanged:
        return replace(record, status=FETCHED, checked=now(), reason="")
    return replace(
        record,
        status=FETCHED,
        checked=now(),
        reason="",
        asked=found.asked,
        address=found.address,
        etag=found.etag,
        last_modified=found.last_modified,
    )


def _drop(found: Found) -> None:
    if found.part is not None:
        found.part.drop()


def _put_failure(entry: Published, batch: _Batch, record: Record | None, reason: str) -> None:
    """Write a failure down; where we have a copy, its record stays and only the reason is new."""
    if batch.folder.held(record) and record is not None:
        kept = replace(record, reason=reason)
    else:
        before = record or Record(FAILED)
        kept = replace(
            before, status=FAILED, page=without_secrets(entry.address), reason=reason, checked=now()
        )
    batch.folder.put(entry, kept, batch.manifest)


def _place(
    entry: Published, batch: _Batch, found: Found, part: Part, record: Record | None
) -> Record:
    whole = batch.folder.part(entry.id)
    whole.drop()
    part.path.replace(whole.path)
    part.drop()
    sha256 = digest_of(whole.path)
    before = record.edition if record else 0
    edition = before if record and before and record.sha256 == sha256 else before + 1
    remarks = [found.remark] if found.remark else []
    known = ("yes" if sha256 == entry.sha256 else "no") if entry.sha256 else ""
    if known == "no":
        remarks.append("not the edition that the manifest knows (another SHA-256)")
    if found.corrected:
        remarks.append("marked as corrected by its publisher")
    if edition > 1 and edition > before:
        remarks.append(f"edition {edition}; the one before is kept in the ledger's folder")
    fresh = Record(
        FETCHED,
        file=f"{entry.id}.{found.kind}",
        kind=found.kind,
        bytes=whole.size,
        sha256=sha256,
        words=found.words,
        edition=edition,
        earlier=record.earlier if record else (),
        page=without_secrets(entry.address),
        asked=found.asked,
        address=found.address,
        etag=found.etag,
        last_modified=found.last_modified,
        corrected=found.corrected,
        known=known,
        fetched=now(),
        checked=now(),
        reason="; ".join(remarks),
    )
    return batch.folder.place(entry, whole, fresh, batch.manifest)
