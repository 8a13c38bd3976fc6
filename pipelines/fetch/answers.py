"""What a server answers: a document, a redirect, a refusal, or that it is busy."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from pipelines.durable import storing
from pipelines.errors import UnreadableDocument
from pipelines.fetch.addresses import without_secrets
from pipelines.fetch.parts import Part
from pipelines.fetch.settings import FetchSettings

if TYPE_CHECKING:
    from httpx2 import Response

_BUSY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_RANGE: Final = re.compile(r"bytes (\d+)-\d+/(?:\d+|\*)")
_REASONS: Final = {
    401: ("the page asks for a password (status 401)", "fetch it with a browser"),
    403: ("the server forbids it (status 403)", "fetch it with a browser"),
    404: ("is not there (status 404)", "look for its new address and give it in a manifest"),
    410: ("has been taken away (status 410)", "look for its new address and give it in a manifest"),
    451: ("may not be shown (status 451)", "ask its publisher"),
}
GONE: Final = frozenset({404, 410})


class Busy(Exception):
    """A server that did not answer, broke off, or asks us to come back later.

    Attributes:
        wait: Seconds that it asks us to wait; None where it does not say.
    """

    def __init__(self, reason: str, *, wait: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait


class NotThere(UnreadableDocument):
    """A document that a server no longer has, or never had."""


class LeaveAlone(UnreadableDocument):
    """A server that wants no requests for longer than we wait: it is asked nothing more."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where a server sends us, as it says it."""

    target: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A document that has come.

    Attributes:
        address: It came from, after all redirects; as it was asked, secrets and all.
        unchanged: It is as it was when it was fetched, and has not come again.
        measured: Whether its length was said before, so that it is known to be whole.
        etag: As the server named this edition.
        last_modified: As the server dated this edition.
    """

    address: str
    unchanged: bool = False
    measured: bool = True
    etag: str = ""
    last_modified: str = ""


def receive(
    response: Response, part: Part, address: str, settings: FetchSettings
) -> Answer | Redirect:
    """Take in an answer; its body goes into `part`.

    Raises:
        Busy: The server is busy or the answer broke off; what came is kept.
        UnreadableDocument: The answer is a refusal, or the document is too large.
    """
    status, headers = response.status_code, response.headers
    if response.has_redirect_location:
        return Redirect(headers["location"])
    if status == 304:
        return Answer(address, unchanged=True)
    if status == 416:  # what came before is all, or of another edition: start again
        part.drop()
        raise Busy("the server does not go on where it broke off", wait=0)
    if status in _BUSY:
        raise refusal(response, settings.patience)
    begun = _begun(response, part)
    if begun < 0:
        raise _refused(status, address)
    length = headers.get("content-length", "")
    if length.isdigit() and begun + int(length) > settings.max_bytes:
        part.drop()
        raise _too_large(begun + int(length), settings.max_bytes)
    etag, modified = headers.get("etag", ""), headers.get("last-modified", "")
    if (
        not begun
    ):  # before the note: a note of this edition must never stand beside bytes of another
        part.drop()
    packed = headers.get("content-encoding", "identity") != "identity"
    part.note(
        without_secrets(address),
        etag="" if packed else etag,
        last_modified="" if packed else modified,
    )
    _store(response, part, settings, begun=begun)
    measured = bool(length) or "chunked" in headers.get("transfer-encoding", "")
    return Answer(address, measured=measured, etag=etag, last_modified=modified)


def _begun(response: Response, part: Part) -> int:
    """Return at which byte the body begins; -1 where the status is none that brings a body."""
    if response.status_code == 206:
        match = _RANGE.fullmatch(response.headers.get("content-range", ""))
        if match is None or int(match[1]) != part.size:
            part.drop()
            raise Busy("the server goes on at another place than asked", wait=0)
        return part.size
    return 0 if response.status_code == 200 else -1


def _store(response: Response, part: Part, settings: FetchSettings, *, begun: int) -> None:
    ends = time.monotonic() + settings.seconds
    size = begun
    with storing(part.path), part.path.open("ab" if begun else "wb") as out:
        try:
            # As they come: pieces of one size would be held back, and lost where it breaks off.
            for chunk in response.iter_bytes():
                size += len(chunk)
                if size > settings.max_bytes:
                    break
                out.write(chunk)
                if time.monotonic() > ends:
                    raise UnreadableDocument(
                        f"took longer than {settings.seconds:g} seconds; {size:,} bytes have come",
                        remedy="run the same command again: it goes on where it stopped",
                    )
        finally:  # what broke off is gone on with, so it must be on the disk too
            out.flush()
            os.fsync(out.fileno())
    if size > settings.max_bytes:
        part.drop()
        raise _too_large(size, settings.max_bytes)


def _too_large(size: int, most: int) -> UnreadableDocument:
    return UnreadableDocument(
        f"is too large: {size:,} bytes or more, {most:,} at most",
        remedy="where it is a report all the same, give a larger --max-bytes",
    )


def _refused(status: int, address: str) -> UnreadableDocument:
    reason, remedy = _REASONS.get(
        status, (f"the server answers with status {status}", "look at the page in a browser")
    )
    kind = NotThere if status in GONE else UnreadableDocument
    return kind(f"{without_secrets(address)}: {reason}", remedy=remedy)


def refusal(response: Response, patience: float) -> Exception:
    """Return the error for a busy server: come back later, or leave it alone for today."""
    status = response.status_code
    wait = _retry_after(response.headers.get("retry-after", ""))
    if wait is not None and wait > patience:
        return LeaveAlone(
            f"the server asks to be left alone for {wait:.0f} seconds (status {status})",
            remedy="run the same command again after that time",
        )
    return Busy(f"the server answers with status {status}", wait=wait)


def _retry_after(said: str) -> float | None:
    if said.strip().isdigit():
        return float(said)
    try:
        when = parsedate_to_datetime(said)
    except (ValueError, TypeError):
        return None
    return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
