"""Calls that go wrong on purpose, for the tests of the guards; run inside worker processes."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from pipelines.errors import UnreadableDocument


def double(number: int) -> int:
    return 2 * number


def refuse(number: int) -> int:
    raise UnreadableDocument(f"{number} cannot be read", remedy="give another number")


def stumble(number: int) -> int:
    raise ValueError(f"no idea about {number}")


def die(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_once(number: int, mark: str) -> int:
    if not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def hang(number: int) -> int:
    time.sleep(600)
    return number


def hang_with_a_child(number: int, mark: str) -> int:
    """As text recognition does: a program of its own, which leaves pages behind."""
    folder = Path(tempfile.mkdtemp())
    (folder / "page.png").write_bytes(b"a page of the scan")
    child = subprocess.Popen(["sleep", "600"])
    Path(mark).write_text(f"{child.pid} {folder}")
    time.sleep(600)
    return number


def die_with_a_child(number: int, mark: str) -> int:
    child = subprocess.Popen(["sleep", "600"])
    with Path(mark).open("a") as stream:
        stream.write(f"{child.pid}\n")
    return die(number)


def cannot_begin() -> None:
    raise MemoryError("no room for the libraries")


def swell(number: int) -> int:
    hoard = [bytearray(2**24) for _ in range(10_000)]
    return len(hoard)


def chatter(number: int) -> int:
    print("a library that prints")
    os.write(1, b"and one that writes past Python\n")
    return number


def pid(number: int) -> int:
    return os.getpid()


def prepare(mark: str) -> None:
    with Path(mark).open("a") as stream:
        stream.write(f"{os.getpid()}\n")
