"""What became of one inspection that was to be fetched, and the ledger of all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from pipelines.manifest import Published
from pipelines.tables import harmless

FETCHED: Final = "fetched"
PLACING: Final = "placing"  # its bytes are whole; the file is about to take its name
FAILED: Final = "failed"
CHANGED: Final = "changed"  # another edition was seen; this one is still the earlier
GONE: Final = "gone"  # no longer published where it was; our copy stays


@dataclass(frozen=True, slots=True)
class Record:
    """What became of one inspection.

    Attributes:
        status: `fetched`, `changed`, `gone`, `failed` or, for a moment, `placing`.
        file: Its name in the folder; empty where there is none.
        words: Digest of the text of a page: what changes around it is not a new edition.
        edition: 1, 2 and so on, counted by us.
        earlier: Files of earlier editions, below the folder, the oldest first.
        replaces: While `placing`, the file in the folder that becomes the last of `earlier`.
        page: The address it was looked for at, without secrets.
        asked: The address at which the document itself was asked for, without secrets.
        address: The address it came from after redirects, without secrets.
        etag: As the server named this edition.
        last_modified: As the server dated this edition.
        corrected: Its publisher says that it is a corrected edition.
        known: Whether its bytes are those of the manifest: `yes`, `no`, or empty.
        reason: Why it failed, or what was found when it was last looked at.
    """

    status: str
    file: str = ""
    kind: str = ""
    bytes: int = 0
    sha256: str = ""
    words: str = ""
    edition: int = 0
    earlier: tuple[str, ...] = ()
    replaces: str = ""
    page: str = ""
    asked: str = ""
    address: str = ""
    etag: str = ""
    last_modified: str = ""
    corrected: bool = False
    known: str = ""
    fetched: str = ""
    checked: str = ""
    reason: str = ""


def record_of(entry: dict[str, Any]) -> Record:
    """Return a record as it was stored.

    One of before `replaces` was noted gets it from the name that its last edition was to be put
    aside under; that edition's own digest was not kept.

    Raises:
        TypeError: It has other fields.
    """
    record = Record(**{**entry, "earlier": tuple(entry.get("earlier", ()))})
    if "replaces" in entry or record.status != PLACING or not record.earlier:
        return record
    name, aside = Path(record.file).stem, Path(record.earlier[-1])
    if aside.stem != f"{name}-{record.edition - 1}":
        return record  # of an edition before the last, which was not there any more
    return replace(record, replaces=f"{name}{aside.suffix}")


def ledger(records: Mapping[str, Record], manifest: Iterable[Published]) -> str:
    """Return the records by id as CSV, with what the manifest says of their inspections."""
    out = io.StringIO()
    names = [item.name for item in fields(Record)]
    about = ("id", "unit", "region", "framework", "published", "licence")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*about, *names])
    known = {entry.id: entry for entry in manifest}
    for name, record in sorted(records.items()):
        entry = known.get(name, Published(name, "", "", "", ""))
        cells = [*(getattr(entry, column) for column in about)]
        cells += [_cell(getattr(record, column)) for column in names]
        writer.writerow([harmless(str(cell)) for cell in cells])
    return out.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(value)
    return "" if value in (False, 0) else "yes" if value is True else str(value)
