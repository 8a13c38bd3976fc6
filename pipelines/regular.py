"""Files that somebody gave: read only where they are files, and of a size that can be held.

A name in a folder from elsewhere may be a pipe that nobody writes to, or a link to a device without
end: a command that opened it would wait, or take all memory.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

MOST: Final = 1_000_000_000  # bytes: several times the largest file of ours


@contextmanager
def regular_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file to be read.

    Raises:
        OSError: It cannot be opened, or is not a regular file.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            kind = "folder" if stat.S_ISDIR(mode) else "pipe or device"
            raise OSError(errno.EINVAL, f"is a {kind}, expected a file", str(path))
        with os.fdopen(handle, "rb", closefd=False) as stream:
            yield stream
    finally:
        os.close(handle)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, however large it is.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def regular_bytes(path: Path, most: int = MOST) -> bytes:
    """Return what is in a file.

    Raises:
        OSError: As `regular_file`; or it has more than `most` bytes.
    """
    with regular_file(path) as stream:
        if os.fstat(stream.fileno()).st_size > most:
            raise OSError(errno.EFBIG, f"has more than {most:,} bytes", str(path))
        return stream.read()


def regular_text(path: Path, encoding: str = "utf-8", most: int = MOST) -> str:
    """Return the text of a file, each line ended in one way.

    Raises:
        OSError: As `regular_bytes`.
        UnicodeDecodeError: It is not in that encoding.
    """
    text = regular_bytes(path, most).decode(encoding)
    return text.replace("\r\n", "\n").replace("\r", "\n")
