"""Addresses: which hosts are asked, and what of an address may be written down."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urldefrag, urlencode, urljoin, urlsplit, urlunsplit

from pipelines.errors import SettingsError, UnreadableDocument

_PORTS: Final = {"http": 80, "https": 443}
_SECRET: Final = re.compile(
    r"token|secret|passw|pwd|api_?key|^key$|^auth|^sig$|signature|credential|session|^code$",
    re.IGNORECASE,
)
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?", re.IGNORECASE)
HIDDEN: Final = "hidden"


def host_of(address: str) -> str:
    """Return the host of an address, with its port where that is not the scheme's own.

    Raises:
        UnreadableDocument: It is not an address of the web.
    """
    parts = _split(address)
    host = (parts.hostname or "").lower()
    port = parts.port
    return host if port in {None, _PORTS[parts.scheme]} else f"{host}:{port}"


def check_web(address: str) -> str:
    """Return the address where it is one of the web.

    Raises:
        UnreadableDocument: It is not.
    """
    _split(address)
    return address


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise UnreadableDocument(
            f"{without_secrets(address)!r} is no address ({error})",
            remedy="correct the address in the manifest",
        ) from error
    if parts.scheme not in _PORTS or not parts.hostname or port == 0:
        kind = f"{parts.scheme}:" if parts.scheme else "no scheme"
        raise UnreadableDocument(
            f"an address of the kind {kind} is not followed, only http: and https:",
            remedy="look at the page in a browser and give the report's own address in a manifest",
        )
    return parts


def without_secrets(address: str) -> str:
    """Return an address as it may be written down: no user, password, token or signature.

    What stands behind `#` goes too: servers never see it.
    """
    try:
        parts = urlsplit(urldefrag(address).url)
        netloc = parts.netloc.rpartition("@")[2]
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return HIDDEN  # nothing is known of what is in it
    query = parts.query
    if any(_SECRET.search(name) for name, _ in pairs):
        query = urlencode([(n, HIDDEN if _SECRET.search(n) else v) for n, v in pairs])
    return urlunsplit((parts.scheme, netloc, parts.path, query, ""))


def joined(base: str, target: str) -> str:
    """Return where a link or redirect of a page leads, without a user or password of its own.

    A page must not make us log in anywhere; what stands behind `#` goes.

    Raises:
        UnreadableDocument: It leads to what is not an address of the web.
    """
    try:
        whole = urldefrag(urljoin(base, target.strip())).url
        parts = urlsplit(whole)
        if "@" in parts.netloc:
            whole = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    except ValueError as error:
        raise UnreadableDocument(
            f"a link of the page is no address ({error})",
            remedy="look at the page in a browser and give the report's own address in a manifest",
        ) from error
    return check_web(whole)


def check_hosts(names: Iterable[str]) -> frozenset[str]:
    """Return the hosts that a user adds to the manifest's.

    Raises:
        SettingsError: One is not written as a host.
    """
    out = set()
    for name in names:
        if not _HOST.fullmatch(name):
            raise SettingsError(
                f"--host {name!r}: expected the name of a host, as in www.example.org, without "
                "https:// or path"
            )
        out.add(name.lower())
    return frozenset(out)
