"""The store of answers: a folder with one file of JSON lines per person, which only grows.

Files of several people, or of several copies of a folder, are merged by putting their lines
together: order does not matter and a line that comes twice counts once, so git's union merge does
it. A line that was cut off by a crash is passed over and said; nothing after it is lost.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines.answers.events import Event
from pipelines.durable import locked, storing, sync_folder, write_text
from pipelines.errors import SettingsError

_log = logging.getLogger(__name__)

FOLDER: Final = "answers"
"""Its name in a project or in the folder of a run."""

_MERGE: Final = "*.jsonl merge=union\n"
Stamp = dict[str, tuple[int, int]]
"""Size and time of change of each file of a store, by its path."""

_WAIT: Final = 20.0  # seconds for another writer of the same file


@dataclass(frozen=True, slots=True)
class Reading:
    """What a store holds.

    Attributes:
        events: Each once, in order of time.
        damaged: Lines that are not events: file, line, what is wrong.
    """

    events: tuple[Event, ...]
    damaged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerStore:
    """A folder of answers; it need not be there before the first one.

    Attributes:
        folder: With one file per person; what is added goes here.
        beside: More folders that are read.
    """

    folder: Path
    beside: tuple[Path, ...] = ()

    def read(self) -> Reading:
        """Read all events of all people."""
        found: dict[str, Event] = {}
        damaged: list[str] = []
        folders = dict.fromkeys((self.folder.absolute(), *(p.absolute() for p in self.beside)))
        for path in (path for folder in folders for path in sorted(folder.glob("*.jsonl"))):
            if path.is_symlink() or not path.is_file():
                damaged.append(f"{path.name}: is a link or no file; put the file itself there")
                continue
            lines = path.read_bytes().split(b"\n")
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                try:
                    event = Event.from_dict(json.loads(line.decode("utf-8-sig")))
                except (ValueError, RecursionError) as error:
                    damaged.append(f"{path.name} line {number}: no JSON ({error})")
                except SettingsError as error:
                    damaged.append(f"{path.name} line {number}: {error}")
                else:
                    found.setdefault(event.event_id, event)
        for said in damaged:
            _log.warning("answers: %s; passed over, the rest is used", said)
        ordered = sorted(found.values(), key=lambda event: (event.when, event.event_id))
        return Reading(tuple(ordered), tuple(damaged))

    def stamp(self) -> Stamp:
        """Return what changes when anybody adds an event, without reading any."""
        out = {}
        for folder in (self.folder, *self.beside):
            for path in folder.glob("*.jsonl"):
                state = path.lstat()
                out[str(path)] = (state.st_size, state.st_mtime_ns)
        return out

    def append(self, events: Sequence[Event]) -> dict[str, tuple[int, int]]:
        """Add events; when this returns they are on the disk, all of one person's or none.

        Returns:
            From which byte to which byte they stand in which file.

        Raises:
            StorageError: The folder cannot be written or the disk is full.
        """
        places: dict[str, tuple[int, int]] = {}
        by_person: dict[str, list[Event]] = {}
        for event in events:
            by_person.setdefault(event.who, []).append(event)
        with storing(self.folder):
            self._prepare()
            for who, mine in by_person.items():
                path = self.folder / f"{file_name(who)}.jsonl"
                busy = f"{path}: is being written by another command; give this one again"
                with locked(self.folder / f".{path.stem}.lock", wait=_WAIT, busy=busy):
                    places[str(path)] = _append(path, mine)
        return places

    def _prepare(self) -> None:
        if not self.folder.is_dir():
            self.folder.mkdir(parents=True)
            write_text(self.folder / ".gitattributes", _MERGE)
            write_text(self.folder / ".gitignore", ".*.lock\n")


def _append(path: Path, events: Sequence[Event]) -> tuple[int, int]:
    lines = [json.dumps(event.to_dict(), ensure_ascii=False, sort_keys=True) for event in events]
    data = "".join(f"{line}\n" for line in lines).encode("utf-8")
    new = not path.exists()
    if path.is_symlink():
        raise SettingsError(f"{path}: is a link, and nothing is added through it; delete it")
    with path.open("ab") as stream:
        end = stream.tell()
        if end and _last_byte(path) != b"\n":  # a line that a crash cut off stays its own
            data = b"\n" + data
        try:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        except BaseException:  # a full disk: half of what was to be added must not count
            os.ftruncate(stream.fileno(), end)
            raise
    if new:
        sync_folder(path.parent)
    return end, end + len(data)


def _last_byte(path: Path) -> bytes:
    with path.open("rb") as stream:
        stream.seek(-1, os.SEEK_END)
        return stream.read(1)


def file_name(who: str) -> str:
    """Return the name of a person's file: plain letters, and different for different people."""
    plain = re.sub(r"[^a-z0-9]+", "-", who.strip().casefold()).strip("-")[:40]
    if plain == who.strip():
        return plain
    return f"{plain or 'person'}-{hashlib.sha256(who.strip().encode()).hexdigest()[:6]}"
