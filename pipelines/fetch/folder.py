"""The folder that reports are fetched into, and its ledger.

    DIR/UNIT-FRAMEWORK.pdf    DIR/ledger.csv    DIR/.fetch/…

`findings run` takes the folder as it is: what begins with a dot, and the ledger, are not sources. A
file takes its place in one step, after the ledger has written down what is about to be there: so a
command that is killed at any moment leaves nothing that the next one does not understand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Final

from pipelines.durable import locked, storing, sync_folder, write_text
from pipelines.errors import ArtefactError, SettingsError, UnreadableDocument
from pipelines.fetch.parts import Part
from pipelines.fetch.record import FAILED, FETCHED, PLACING, Record, ledger, record_of
from pipelines.manifest import Published
from pipelines.regular import digest_of, regular_text

STORE: Final = ".fetch"
LEDGER: Final = "ledger.csv"
FORMAT: Final = 1
_STATE: Final = "state.json"
_EARLIER: Final = f"{STORE}/earlier"


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
        if self.path.exists() and not self.path.is_dir():
            raise SettingsError(f"{self.path}: is a file, expected a folder; give another --to")
        with storing(self.path):
            (self.path / STORE).mkdir(parents=True, exist_ok=True)
        busy = (
            f"{self.path}: another command is fetching into this folder; wait for it to end or "
            "give another --to"
        )
        with locked(self.path / STORE / "lock", wait=0.0, busy=busy):
            self.read()
            self._finish(tuple(manifest))
            yield

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
            self.records = {name: record_of(entry) for name, entry in raw["records"].items()}
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

    def refuse_strange(self, entry: Published, fetched: Record | None = None) -> None:
        """Refuse an inspection whose file is not what was fetched: nothing is overwritten.

        Args:
            entry: The inspection.
            fetched: What is about to take its name; its own bytes may stand there already.

        Raises:
            UnreadableDocument: It is not.
        """
        ours = [record for record in (self.records.get(entry.id), fetched) if record]
        name = ours[-1].file if ours else ""
        place = self.path / name
        if name and place.exists() and not any(self.held(replace(r, file=name)) for r in ours):
            raise _strange(name)

    def adopt(self, entry: Published, manifest: tuple[Published, ...]) -> Record | None:
        """Adopt a file of the right name that has no record, as somebody put it there.

        Where records were moved away, what had been put aside still tells its edition.
        """
        earlier = self._put_aside(entry.id)
        for suffix in (".pdf", ".html"):
            place = self.path / f"{entry.id}{suffix}"
            if place.is_file():
                record = Record(
                    FETCHED,
                    file=place.name,
                    kind=suffix[1:],
                    bytes=place.stat().st_size,
                    sha256=digest_of(place),
                    edition=max(earlier, default=0) + 1,
                    earlier=tuple(earlier[number] for number in sorted(earlier)),
                    reason="was in the folder already",
                )
                self.put(entry, record, manifest)
                return record
        return None

    def place(
        self, entry: Published, part: Part, record: Record, manifest: tuple[Published, ...]
    ) -> Record:
        """Give a fetched file its name in the folder; an earlier edition is put aside, not lost.

        Raises:
            UnreadableDocument: Something that was not fetched has the name.
        """
        self.refuse_strange(entry, record)
        placing = replace(record, status=PLACING)
        before = self.records.get(entry.id)
        if before is not None and self.held(before) and before.sha256 != record.sha256:
            taken = self._put_aside(entry.id)
            number = next(n for n in count(before.edition) if n not in taken)
            aside = f"{_EARLIER}/{entry.id}-{number}{Path(before.file).suffix}"
            placing = replace(placing, earlier=(*before.earlier, aside), replaces=before.file)
        self.put(entry, placing, manifest)
        self._move(placing, part)
        placed = replace(placing, status=FETCHED, replaces="")
        self.put(entry, placed, manifest)
        return placed

    def _put_aside(self, name: str) -> dict[int, str]:
        """Return the files of an inspection's earlier editions by the number in their names."""
        named = re.compile(rf"{re.escape(name)}-(\d+)\.\w+")
        found = (self.path / _EARLIER).glob(f"{name}-*")
        matches = [match for path in found if (match := named.fullmatch(path.name))]
        return {int(match[1]): f"{_EARLIER}/{match[0]}" for match in matches}

    def _move(self, placing: Record, part: Part) -> None:
        target = self.path / placing.file
        with storing(target):
            if placing.replaces and not (aside := self.path / placing.earlier[-1]).exists():
                aside.parent.mkdir(exist_ok=True)
                old = self.path / placing.replaces
                if old.is_file():
                    old.replace(aside)
                    sync_folder(aside.parent)
            if target.exists() and not self.held(placing):
                raise _strange(target.name)
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
                self.records[name] = replace(record, status=FETCHED, replaces="")
            elif part.path.is_file() and digest_of(part.path) == record.sha256:
                self.records[name] = self._placed(record, part)
            else:
                self.records[name] = replace(
                    record, status=FAILED, replaces="", reason="was cut short"
                )
            self._write(manifest)

    def _placed(self, placing: Record, part: Part) -> Record:
        """Finish a placing that was cut short; fail where something else took the name since."""
        try:
            self._move(placing, part)
        except UnreadableDocument as error:
            return replace(placing, status=FAILED, replaces="", reason=str(error))
        return replace(placing, status=FETCHED, replaces="")

    def _write(self, manifest: tuple[Published, ...]) -> None:
        entries = {name: asdict(record) for name, record in sorted(self.records.items())}
        state = json.dumps({"format": FORMAT, "records": entries}, indent=1, ensure_ascii=True)
        write_text(self.path / STORE / _STATE, state + "\n")
        write_text(self.path / LEDGER, ledger(self.records, manifest))


def _strange(name: str) -> UnreadableDocument:
    return UnreadableDocument(
        f"{name} is there but is not what was fetched, and is not overwritten",
        remedy="move it away and run the same command again",
    )


def now() -> str:
    """Return the time, in UTC to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
