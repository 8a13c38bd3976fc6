"""Addresses without what opens them: user, password, signature and token are nobody's to read.

Whatever is written or said of an address - ledger, report, manifest, message - passes here.
"""

from __future__ import annotations

import os
import re
from typing import Final
from urllib.parse import unquote

_QUERY: Final = re.compile(r"(?<=[^\s'\"<>?#])[?#][^\s'\"<>)\]]*")
_USER: Final = re.compile(r"(?<=://)[^/\s'\"<>]*@")
_URL: Final = re.compile(r"[a-z][a-z0-9+.-]*://[^\s'\"<>]+", re.IGNORECASE)
_SECRET: Final = re.compile(
    r"(?i)\b(x-amz-[a-z-]+|awsaccesskeyid|signature|sig|se|sp|sv|token|access_token|key|secret|"
    r"password|passwd|pwd|credential|authorization|api[_-]?key)\s*[=:]\s*(bearer\s+|basic\s+)?"
    r"[^\s&'\",;)\]}]+"
)
_SHORTEST: Final = 3  # characters of a user's name that is blotted out wherever it stands


def public(address: str) -> str:
    """Return an address without user, password, query and fragment, in each of its parts."""
    return "::".join(_QUERY.sub("", _USER.sub("", part)) for part in address.split("::"))


def scrubbed(text: str, address: str = "") -> str:
    """Return what a library says of an address without what opens it.

    Args:
        text: A message.
        address: That it may speak of: its secrets go wherever they stand, also out of context.
    """
    text = _URL.sub(lambda found: public(found[0]), text)
    text = _SECRET.sub(lambda found: f"{found[1]}=…", text)
    for secret in sorted(_secrets(address), key=len, reverse=True):
        text = text.replace(secret, "…")
    return text


def readable(path: str) -> str:
    """Return a path as text that any file or terminal can hold: odd bytes and controls escaped."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shown(place: str) -> str:
    """Return a path or an address as it may be written down."""
    return readable(public(place) if "://" in place else place)


def _secrets(address: str) -> set[str]:
    found: set[str] = set()
    for part in address.split("::"):
        user = _USER.search(part)
        if user is not None:
            found.update(user[0][:-1].split(":", 1))
            found.add(user[0][:-1])
        query = _QUERY.search(part)
        if query is not None:
            found.add(query[0][1:])
            found.update(pair.partition("=")[2] for pair in re.split("[&#]", query[0][1:]))
    plain = {unquote(secret) for secret in found}
    return {secret for secret in found | plain if len(secret) >= _SHORTEST}
