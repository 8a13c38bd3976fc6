"""Sources behind an address such as `s3://bucket/folder`: listed and fetched in guards.

A server can hang, refuse, or break off, and the library that speaks to it can raise what it likes.
All that happens in a process of its own, held to a time, and costs no more than what was asked of
it. Nothing is fetched but what an address names that the user gave.
"""

from __future__ import annotations

import errno
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipelines.damage import PACKED
from pipelines.errors import MissingExtra, SettingsError, UnreadableDocument
from pipelines.flow.sources.addresses import public, scrubbed
from pipelines.flow.workers.pool import GuardPool
from pipelines.flow.workers.process import Call

CHECK_ADDRESS: Final = "check the address, your rights to it and the network"

_LIST_SECONDS: Final = 600.0
_LIST_MEMORY: Final = 4096  # megabytes: a million names
_STATUS: Final = {
    401: "which asks for a login",
    403: "which means that you may not have it",
    404: "which means that there is no such page",
    410: "which means that the page is gone",
    429: "which means too many requests: try again later",
    500: "an error of its own: try again later",
    502: "an error of its own: try again later",
    503: "an error of its own: try again later",
    504: "an error of its own: try again later",
}
_CHUNK: Final = 2**20


@dataclass(frozen=True, slots=True)
class Listing:
    """What is found at an address.

    Attributes:
        folder: The path of the folder in its file system; None where the address is not a folder.
        found: Path in the file system and whole address of each file below the folder.
        problem: Why nothing was found.
    """

    folder: str | None = None
    found: tuple[tuple[str, str], ...] = ()
    problem: str = ""


def check_address(address: str) -> None:
    """See that the libraries for an address are there, without asking anybody anything.

    Raises:
        MissingExtra: fsspec or s3fs is not installed.
        SettingsError: No file system has this kind of address, or its library is not installed.
    """
    try:
        from fsspec import get_filesystem_class
    except ImportError as error:
        raise MissingExtra(f"Reading from {address.partition('://')[0]}://", "s3") from error
    for part in address.split("::"):  # `zip://a.pdf::s3://bucket/b.zip` is two
        kind = part.partition("://")[0]
        try:
            get_filesystem_class(kind)
        except (ImportError, ValueError) as error:
            if isinstance(error, ImportError) and kind in ("s3", "s3a"):
                raise MissingExtra(f"Reading from {kind}://", "s3") from error
            raise SettingsError(
                f"source {public(address)}: {scrubbed(str(error), address)}; expected a path or "
                "an address such as s3://bucket/folder"
            ) from error


def list_address(address: str) -> Listing:
    """Find out what is at an address.

    Raises:
        MissingExtra: fsspec or s3fs is not installed.
        SettingsError: No file system has this kind of address, or its library is not installed.
    """
    check_address(address)
    pool = GuardPool()
    try:
        call = Call("pipelines.flow.sources.remote:list_here", {"address": address})
        answer = pool.ask(call, seconds=_LIST_SECONDS, memory=_LIST_MEMORY)
    finally:
        pool.close()
    if answer.failed:
        return Listing(problem=scrubbed(answer.reason, address))
    return Listing(answer.value["folder"], tuple(map(tuple, answer.value["found"])))


def fetch(
    pool: GuardPool, address: str, path: Path, *, most: int, seconds: float, memory: int
) -> None:
    """Copy a file behind an address into a file on this machine.

    Args:
        pool: Whose guards do it.
        address: Of the file.
        path: Where to.
        most: Bytes; what is longer is cut off one byte after, so that the reader refuses it.
        seconds: That it may take.
        memory: Megabytes that the guard may hold.

    Raises:
        UnreadableDocument: It could not be fetched.
    """
    call = Call(
        "pipelines.flow.sources.remote:fetch_here",
        {"address": address, "path": str(path), "most": most},
    )
    answer = pool.ask(call, seconds=seconds, memory=memory)
    if answer.failed:
        remedy = CHECK_ADDRESS if answer.lasting else answer.remedy
        reason = scrubbed(answer.reason, address)
        raise UnreadableDocument(f"it could not be fetched: {reason}", remedy=remedy)


def list_here(address: str) -> dict[str, Any]:
    """List an address in this process; the other side of `list_address`.

    Raises:
        UnreadableDocument: Nothing is there, or the server refuses.
    """
    from fsspec.core import url_to_fs

    try:
        system, inner = url_to_fs(address)
        # A page of the web is one source, whatever it links to; what its server says of it comes
        # when it is fetched.
        if _is_page(system.protocol):
            return {"folder": None, "found": []}
        if system.isdir(inner):
            behind = "".join(address.partition("::")[1:])  # an archive's own address
            found = [
                (name, system.unstrip_protocol(name) + behind)
                for name in sorted(system.find(inner))
            ]
            return {"folder": inner.rstrip("/"), "found": found}
        if not system.exists(inner):
            raise UnreadableDocument("No such file or directory", remedy=CHECK_ADDRESS)
    except _refusals() as error:
        listless = isinstance(error, (ValueError, zipfile.BadZipFile))
        if "::" not in address or not listless:
            raise UnreadableDocument(_said(error), remedy=CHECK_ADDRESS) from error
        # No archive whatever its name says, or on a server that gives files only whole: it is told
        # by its content when it is fetched.
    return {"folder": None, "found": []}


def fetch_here(address: str, path: str, most: int) -> None:
    """Fetch a file in this process; the other side of `fetch`.

    Raises:
        UnreadableDocument: The server refuses or breaks off.
    """
    from fsspec.core import url_to_fs

    try:
        system, inner = url_to_fs(address)
        with system.open(inner, "rb") as remote, Path(path).open("wb") as local:
            left = most + 1
            while left > 0 and (chunk := remote.read(min(_CHUNK, left))):
                local.write(chunk)
                left -= len(chunk)
    except _refusals() as error:
        raise UnreadableDocument(_said(error), remedy=CHECK_ADDRESS) from error


def _is_page(protocol: str | tuple[str, ...]) -> bool:
    return not {"http", "https"}.isdisjoint([protocol] if isinstance(protocol, str) else protocol)


def _refusals() -> tuple[type[Exception], ...]:
    """Return what file systems raise where a server does not give what is asked of it."""
    known: tuple[type[Exception], ...] = (
        *(OSError, ImportError),
        *PACKED,
    )
    if "aiohttp" in sys.modules:  # so have pages of the web
        from aiohttp import ClientError as WebError

        known = (*known, WebError)
    if "botocore" in sys.modules:  # it has a tree of errors of its own
        from botocore.exceptions import BotoCoreError, ClientError

        known = (*known, BotoCoreError, ClientError)
    return known


def _said(error: Exception) -> str:
    # What a server answered stands behind what the file system makes of it.
    behind: BaseException | None = error
    while behind is not None:
        status = getattr(behind, "status", None)
        if isinstance(status, int) and status in _STATUS:
            return f"the server answers {status}, {_STATUS[status]}"
        if isinstance(behind, OSError) and behind.errno and behind.errno != errno.ENOENT:
            return f"the server cannot be reached ({behind.strerror})"
        behind = behind.__cause__ or behind.__context__
    if isinstance(error, FileNotFoundError):
        return "No such file or directory"
    return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
