"""The name of a source's bytes, by which what was read of them is found again."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from pipelines.regular import regular_file

_CHUNK: Final = 2**20


def sha256_of(path: Path, most: int) -> str:
    """Hash a file; one of more than `most` bytes, or no file, is named by its size alone.

    Raises:
        OSError: It cannot be read.
    """
    if not path.is_file():
        return "no file"
    size = path.stat().st_size
    if size > most:
        return f"{size} bytes"
    # Files of the system that say they are empty may never end.
    state, left = hashlib.sha256(), most + 1
    with regular_file(path) as stream:
        while left > 0 and (chunk := stream.read(min(_CHUNK, left))):
            state.update(chunk)
            left -= len(chunk)
    return state.hexdigest()
