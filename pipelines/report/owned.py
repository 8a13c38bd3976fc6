"""Files in folders that are not ours: what we wrote there is replaced, what anybody else did never.

A file is known for ours by a mark that says what it was when it was written: a record beside it
for reports, a comment for answers to queries, the file's own header for SQLite.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pipelines.durable import storing, write_bytes, write_text
from pipelines.errors import SettingsError
from pipelines.regular import regular_text

logger = logging.getLogger(__name__)

RECORD: Final = ".findings-written.json"
"""Beside reports that stand outside a run's own folder: their digests as they were written."""

_MARK: Final = re.compile(
    r"<!-- findings sql: answer ([0-9a-f]{64}(?: or [0-9a-f]{64})?), "
    r"dictionary ([0-9a-f]{64}) -->\n"
)
_APPLICATION: Final = b"find"
_HEADER: Final = 100  # bytes of an SQLite file before its first table
_COUNTER: Final = slice(24, 28)  # of changes: SQLite counts up with every one
_VALID: Final = slice(92, 96)
_VERSION: Final = slice(60, 64)  # of the user's own: here the counter as it was written
_PROGRAM: Final = slice(68, 72)
_ONE: Final = (1).to_bytes(4, "big")


def write_beside(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files into a folder; what stands there and is not as we wrote it is moved aside.

    What they were and what they will be is noted before: of a command that was killed, the next
    one knows both for ours.

    Args:
        folder: Made where it is missing.
        files: Name to content.

    Returns:
        Their paths.

    Raises:
        StorageError: The folder cannot be written.
    """
    known = _record(folder)
    for name, data in files.items():
        path = folder / name
        held = [_digest(path.read_bytes())] if path.is_file() else []
        if held and held[0] not in known.get(name, ()):
            _keep(path)
            held = []
        known[name] = [*held, _digest(data)]
    write_text(folder / RECORD, json.dumps(known, indent=1, sort_keys=True) + "\n")
    for name, data in files.items():
        write_bytes(folder / name, data)
    return [folder / name for name in files]


def _keep(path: Path) -> None:
    with storing(path):
        names = (path.with_name(f"{path.stem}-{n}{path.suffix}") for n in range(2, 100_000))
        place = next(p for p in names if not os.path.lexists(p))
        path.rename(place)
    logger.warning("%s: was not as it was written; it is kept as %s", path, place.name)


def _record(folder: Path) -> dict[str, list[str]]:
    try:
        held = json.loads(regular_text(folder / RECORD))
    except (OSError, ValueError, RecursionError):
        return {}
    noted = held.items() if isinstance(held, dict) else ()
    return {name: said if isinstance(said, list) else [said] for name, said in noted}


def mark_answer(path: Path, data: bytes, dictionary: str) -> str:
    """Return the dictionary of an answer under a comment that marks both files for ours.

    Args:
        path: Of the answer. What it holds before is ours too, for it has been checked.
        data: What it will hold.
        dictionary: Of its columns.
    """
    held = {_digest(path.read_bytes())} if path.is_file() else set()
    answers = " or ".join([*sorted(held - {_digest(data)}), _digest(data)])
    return f"<!-- findings sql: answer {answers}, dictionary {_said(dictionary)} -->\n{dictionary}"


def check_answer(path: Path, beside: Path) -> None:
    """Refuse to write an answer over what is not an unchanged answer of ours.

    Raises:
        SettingsError: One of the two files is somebody else's, or was changed.
    """
    text = beside.read_text(encoding="utf-8", errors="replace") if beside.is_file() else ""
    found = _MARK.match(text)
    ours = found is not None and _said(text[found.end() :]) == found[2]
    if beside.exists() and not ours:
        raise _taken(beside)
    if path.exists() and not (found and ours and _digest(path.read_bytes()) in found[1]):
        raise _taken(path)


def mark_sqlite(data: bytes) -> bytes:
    """Mark an SQLite file for ours: any later change counts on, and the mark no longer fits."""
    head = bytearray(data[:_HEADER])
    head[_COUNTER] = head[_VALID] = head[_VERSION] = _ONE
    head[_PROGRAM] = _APPLICATION
    return bytes(head) + data[_HEADER:]


def check_sqlite(path: Path) -> None:
    """Refuse to replace a file that is not an unchanged export of ours.

    Raises:
        SettingsError: It is somebody else's, or was changed.
    """
    if not path.exists():
        return
    if path.is_file():
        with path.open("rb") as stream:
            head = stream.read(_HEADER)
        if head[_PROGRAM] == _APPLICATION and head[_COUNTER] == head[_VERSION]:
            return
    raise _taken(path)


def _taken(path: Path) -> SettingsError:
    return SettingsError(
        f"{path}: is there already and is not, or no longer, as `findings` wrote it; nothing is "
        "overwritten: give another name, or move it away"
    )


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _said(text: str) -> str:
    return _digest(text.encode("utf-8"))
