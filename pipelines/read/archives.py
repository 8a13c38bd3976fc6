"""Pages saved with all that belongs to them in one file: the page itself is taken out.

MHTML (.mht, .mhtml) is what Chromium, Edge and Word write, and mail is the same form; .webarchive
is Safari's. Pictures, styles and frames are left where they are.
"""

from __future__ import annotations

import binascii
import codecs
import quopri
import re
from base64 import b64decode
from typing import Final

_HEAD: Final = 20_000  # bytes that the headers of a file, or of a part of it, fill at most
_HEADER: Final = re.compile(rb"(?m)^([\w-]{1,60}):[ \t]*((?:[^\r\n]*\r?\n[ \t])*[^\r\n]*)")
_BOUNDARY: Final = re.compile(rb"boundary\s*=\s*(?:\"([^\"\r\n]{1,200})\"|([^\s;\"]{1,200}))", re.I)
_CHARSET: Final = re.compile(rb"charset\s*=\s*\"?([\w.:-]{2,40})", re.I)
_END_OF_HEAD: Final = re.compile(rb"\r?\n\r?\n")
_MARKUP: Final = (b"text/html", b"application/xhtml+xml")
_MOST_BOUNDARIES: Final = 50
_SAFARI: Final = b"bplist00"


def page_of_archive(data: bytes) -> bytes | None:
    """Return the page that an archive holds, as UTF-8; None where there is none."""
    if data.startswith(_SAFARI):
        return _page_of_safari(data)
    return _page_of_mime(data) if is_mime(data) else None


def is_mime(data: bytes) -> bool:
    """Whether bytes begin with the headers of MHTML or mail."""
    start = data[:_HEAD].lstrip(b"\xef\xbb\xbf\r\n")
    if not re.match(rb"[\w-]{1,60}:[ \t]", start):
        return False
    return b"mime-version" in _headers(start)


def _headers(start: bytes) -> dict[bytes, bytes]:
    """The headers at the start of a file or part, by name in lower case; folded lines are one."""
    end = _END_OF_HEAD.search(start)
    head = start[: end.start()] if end else start
    return {m[1].lower(): re.sub(rb"\r?\n[ \t]+", b" ", m[2]) for m in _HEADER.finditer(head)}


def _page_of_mime(data: bytes) -> bytes | None:
    boundaries = list(dict.fromkeys(a or b for a, b in _BOUNDARY.findall(data)))
    if not boundaries:
        return _body(data.lstrip(b"\xef\xbb\xbf\r\n"))
    # Parts may hold parts: any boundary declared splits the file, so nothing is nested.
    signs = b"|".join(map(re.escape, boundaries[:_MOST_BOUNDARIES]))
    parts = re.split(rb"(?:^|\r?\n)--(?:" + signs + rb")(?:--)?[ \t]*(?=\r?\n|$)", data)
    pages = (_body(part.lstrip(b"\r\n")) for part in parts[1:])
    return next((page for page in pages if page), None)


def _body(part: bytes) -> bytes | None:
    """The page in a part, decoded; None where the part is something else."""
    headers = _headers(part[:_HEAD])
    kind = headers.get(b"content-type", b"")
    end = _END_OF_HEAD.search(part[:_HEAD])
    if end is None or not kind.lower().lstrip().startswith(_MARKUP):
        return None
    body = part[end.end() :]
    coding = headers.get(b"content-transfer-encoding", b"").strip().lower()
    if coding == b"quoted-printable":
        body = quopri.decodestring(body)
    elif coding == b"base64":
        try:
            body = b64decode(re.sub(rb"[^A-Za-z0-9+/]", b"", body) + b"==")
        except binascii.Error:
            return None
    charset = _CHARSET.search(kind)
    return _as_utf8(body, charset[1].decode("ascii") if charset else "")


def _page_of_safari(data: bytes) -> bytes | None:
    import plistlib  # which few need

    try:
        archive = plistlib.loads(data, fmt=plistlib.FMT_BINARY)
    except (plistlib.InvalidFileException, RecursionError, ValueError, MemoryError):
        return None
    main = archive.get("WebMainResource") if isinstance(archive, dict) else None
    body = main.get("WebResourceData") if isinstance(main, dict) else None
    if not isinstance(body, bytes) or not isinstance(main, dict):
        return None
    return _as_utf8(body, str(main.get("WebResourceTextEncodingName") or ""))


def _as_utf8(body: bytes, charset: str) -> bytes:
    """Bytes of a page in UTF-8, where the archive says in what encoding they are."""
    try:
        codec = codecs.lookup(charset) if charset else None
    except (LookupError, ValueError):
        codec = None
    if codec is None or codec.name == "utf-8" or not codec._is_text_encoding:
        return body
    return body.decode(codec.name, "replace").encode()
