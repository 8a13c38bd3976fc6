"""Files that somebody gave: read only where they are files, and of a size that can be held.

A name in a folder from elsewhere may be a pipe that nobody writes to, or a link to a device without
end: a command that opened it would wait, or take all memory.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

MOST: Final = 1_000_000_000  # bytes: several times the largest file of ours


def regular_bytes(path: Path, most: int = MOST) -> bytes:
    """Return what is in a file.

    Raises:
        OSError: It cannot be opened, is no regular file, or has more than `most` bytes.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            kind = "folder" if stat.S_ISDIR(found.st_mode) else "pipe or device"
            raise OSError(errno.EINVAL, f"is a {kind}, expected a file", str(path))
        if found.st_size > most:
            raise OSError(errno.EFBIG, f"has more than {most:,} bytes", str(path))
        with os.fdopen(handle, "rb", closefd=False) as stream:
            return stream.read()
    finally:
        os.close(handle)


def regular_text(path: Path, encoding: str = "utf-8", most: int = MOST) -> str:
    """Return the text of a file, each line ended in one way.

    Raises:
        OSError: As `regular_bytes`.
        UnicodeDecodeError: It is not in that encoding.
    """
    text = regular_bytes(path, most).decode(encoding)
    return text.replace("\r\n", "\n").replace("\r", "\n")
