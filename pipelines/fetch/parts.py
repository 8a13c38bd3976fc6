"""A document being fetched: its bytes so far, and what is needed to resume."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines.durable import storing, write_text

_WEAK: Final = "W/"


@dataclass(frozen=True, slots=True)
class Part:
    """A file being fetched, with a note beside it: of which address and edition its bytes are."""

    path: Path

    @property
    def _note(self) -> Path:
        return self.path.with_suffix(".json")

    @property
    def size(self) -> int:
        """Bytes received so far."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    def going_on(self, address: str) -> dict[str, str]:
        """Return the headers that ask for the rest; none where it must start again.

        Only a server that named the edition can be asked for the rest of it: a report corrected in
        between would be sewn together of two.
        """
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
            named = str(note["edition"]) if note["address"] == address else ""
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        if not named or not self.size:
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": named}

    def note(self, address: str, *, etag: str, last_modified: str) -> None:
        """Write down whose bytes are about to come."""
        edition = etag if etag and not etag.startswith(_WEAK) else last_modified
        with storing(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        write_text(self._note, json.dumps({"address": address, "edition": edition}))

    def drop(self) -> None:
        """Forget what was received."""
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def kept(self) -> None:
        """Forget the note: the bytes are whole and belong to somebody else now."""
        self._note.unlink(missing_ok=True)
