"""The folder that reports are fetched into, and its ledger.

    DIR/UNIT-FRAMEWORK.pdf    DIR/ledger.csv    DIR/.fetch/…

`findings run` takes the folder as it is: what begins with a dot, and the ledger, are not sources. A
file takes its place in one step, after the ledger has written down what is about to be there: so a
command that is killed at any moment leaves nothing that the next one does not understand.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pipelines.durable import storing, sync_folder, write_text
from pipelines.errors import ArtefactError, SettingsError, StorageError, UnreadableDocument
from pipelines.fetch.parts import Part
from pipelines.manifest import Published
from pipelines.regular import regular_text
from pipelines.tables import harmless

STORE: Final = ".fetch"
LEDGER: Final = "ledger.csv"
FORMAT: Final = 1
_STATE: Final = "state.json"
_CHUNK: Final = 2**20

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


@dataclass(slots=True)
class FetchFolder:
    """The folder, its records by id, and the lock on it."""

    path: Path
    records: dict[str, Record] = field(default_factory=dict)

    @contextmanager
    def opened(self, manifest: Iterable[Published]) -> Iterator[None]:
        """Hold the folder for one command, its records read, what was cut short put right.

        Raises:
            StorageError: Another command holds it, or it cannot be written.
            ArtefactError: Its records are damaged.
        """
        from filelock import FileLock, Timeout

        if self.path.exists() and not self.path.is_dir():
            raise SettingsError(f"{self.path}: is a file, expected a folder; give another --to")
        with storing(self.path):
            (self.path / STORE).mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.path / STORE / "lock", timeout=0)
        try:
            with storing(self.path):
                lock.acquire()
        except Timeout as error:
            raise StorageError(
                f"{self.path}: another command is fetching into this folder; wait for it to end "
                "or give another --to"
            ) from error
        try:
            self.read()
            self._finish(tuple(manifest))
            yield
        finally:
            lock.release()

    def read(self) -> None:
        """Read the records; there are none where nothing has been fetched.

        Raises:
            ArtefactError: They are damaged or of a later version.
        """
        place = self.path / STORE / _STATE
        try:
            raw = json.loads(regular_text(place))
            if raw["format"] != FORMAT:
                raise ArtefactError(
                    f"{place}: format {raw['format']!r}, expected {FORMAT}; it was written by "
                    "another version: fetch into a new folder"
                )
            self.records = {name: _record(entry) for name, entry in raw["records"].items()}
        except FileNotFoundError:
            self.records = {}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ArtefactError(
                f"{place}: damaged ({type(error).__name__}); move it away and run the same command "
                "again: files that are there already are recognised"
            ) from error

    def put(self, entry: Published, record: Record, manifest: Iterable[Published]) -> None:
        """Write down what became of an inspection, in the ledger too."""
        self.records[entry.id] = record
        self._write(tuple(manifest))

    def part(self, name: str) -> Part:
        """Return where a file is put while it is fetched."""
        return Part(self.path / STORE / f"{name}.part")

    def held(self, record: Record | None) -> bool:
        """Whether the file of a record is in the folder as it was fetched."""
        if record is None or not record.file:
            return False
        place = self.path / record.file
        return place.is_file() and digest_of(place) == record.sha256

    def refuse_strange(self, entry: Published) -> None:
        """Refuse an inspection whose file is no longer what was fetched: nothing is overwritten.

        Raises:
            UnreadableDocument: It is not.
        """
        record = self.records.get(entry.id)
        place = self.path / (record.file if record else "")
        if record and record.file and place.exists() and not self.held(record):
            raise UnreadableDocument(
                f"{record.file} is there but is not what was fetched, and is not overwritten",
                remedy="move it away and run the same command again",
            )

    def adopt(self, entry: Published, manifest: tuple[Published, ...]) -> Record | None:
        """Adopt a file of the right name that has no record, as somebody put it there."""
        for suffix in (".pdf", ".html"):
            place = self.path / f"{entry.id}{suffix}"
            if place.is_file():
                record = Record(
                    FETCHED,
                    file=place.name,
                    kind=suffix[1:],
                    bytes=place.stat().st_size,
                    sha256=digest_of(place),
                    edition=1,
                    reason="was in the folder already",
                )
                self.put(entry, record, manifest)
                return record
        return None

    def place(
        self, entry: Published, part: Part, record: Record, manifest: tuple[Published, ...]
    ) -> Record:
        """Give a fetched file its name in the folder; an earlier edition is put aside, not lost.

        `refuse_strange` comes first: what stands under the name is an edition of ours, or nothing.
        """
        before = self.records.get(entry.id)
        replaces = before is not None and self.held(before)
        if replaces and before is not None and before.sha256 != record.sha256:
            aside = f"{STORE}/earlier/{entry.id}-{before.edition}{Path(before.file).suffix}"
            record = replace(record, earlier=(*before.earlier, aside))
        self.put(entry, replace(record, status=PLACING), manifest)
        self._move(entry, record, part, before)
        self.put(entry, record, manifest)
        return record

    def _move(self, entry: Published, record: Record, part: Part, before: Record | None) -> None:
        target = self.path / record.file
        with storing(target):
            if record.earlier and not (aside := self.path / record.earlier[-1]).exists():
                aside.parent.mkdir(exist_ok=True)
                old = self.path / (before.file if before else record.file)
                if old.is_file():
                    old.replace(aside)
                    sync_folder(aside.parent)
            part.path.chmod(0o644)
            part.path.replace(target)
            sync_folder(self.path)
        part.kept()

    def _finish(self, manifest: tuple[Published, ...]) -> None:
        """Put right what a command was killed in the middle of."""
        for name, record in list(self.records.items()):
            if record.status != PLACING:
                continue
            target, part = self.path / record.file, self.part(name)
            if target.is_file() and digest_of(target) == record.sha256:
                part.drop()
                self.records[name] = replace(record, status=FETCHED)
            elif part.path.is_file() and digest_of(part.path) == record.sha256:
                old = next(iter(self.path.glob(f"{name}.*")), target)
                self._move(
                    Published(name, "", "", "", ""), record, part, replace(record, file=old.name)
                )
                self.records[name] = replace(record, status=FETCHED)
            else:
                self.records[name] = replace(record, status=FAILED, reason="was cut short")
            self._write(manifest)

    def _write(self, manifest: tuple[Published, ...]) -> None:
        entries = {name: asdict(record) for name, record in sorted(self.records.items())}
        state = json.dumps({"format": FORMAT, "records": entries}, indent=1, ensure_ascii=True)
        write_text(self.path / STORE / _STATE, state + "\n")
        write_text(self.path / LEDGER, self._ledger(manifest))

    def _ledger(self, manifest: tuple[Published, ...]) -> str:
        out = io.StringIO()
        names = [item.name for item in fields(Record)]
        about = ("id", "unit", "region", "framework", "published", "licence")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([*about, *names])
        known = {entry.id: entry for entry in manifest}
        for name, record in sorted(self.records.items()):
            entry = known.get(name, Published(name, "", "", "", ""))
            cells = [*(getattr(entry, column) for column in about)]
            cells += [_cell(getattr(record, column)) for column in names]
            writer.writerow([harmless(str(cell)) for cell in cells])
        return out.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(value)
    return "" if value in (False, 0) else "yes" if value is True else str(value)


def _record(entry: dict[str, Any]) -> Record:
    return Record(**{**entry, "earlier": tuple(entry.get("earlier", ()))})


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    state = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            state.update(chunk)
    return state.hexdigest()


def now() -> str:
    """Return the time, in UTC to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
