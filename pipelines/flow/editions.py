"""Which edition of its inspection a document is: as published, corrected, or a draft."""

from __future__ import annotations

import re
from typing import Final

from pipelines import columns as c
from pipelines.flow.documents import Reading
from pipelines.records import DRAFT

_FORMATS: Final = ("pdf", "html", "docx", "text")
_PUBLISHED_AS: Final = frozenset(_FORMATS[:2])  # Word and text are what people work in

BY_NAME: Final = "it is a draft by its file's name: give the report as it was published"

_EDITION: Final = re.compile(
    r"(?:^|[\W_])(?:v|version|rev|edition)[\W_]?(\d{1,2})(?=[\W_]|$)", re.IGNORECASE
)
_CORRECTED: Final = re.compile(r"corrected|revised|amended|reissue|republished", re.IGNORECASE)
_DRAFT: Final = re.compile(r"(?:^|[\W_])draft(?=[\W\d_]|$)", re.IGNORECASE)


def draft(reading: Reading) -> str:
    """Say how a document is known to be a draft; nothing where it is none."""
    if DRAFT in (reading.document.get(c.WARNINGS) or ()):
        return DRAFT
    return BY_NAME if _DRAFT.search(_name(reading)) else ""


def published_form(reading: Reading) -> bool:
    """Whether it is in a format in which reports are published."""
    return str(reading.head[c.FORMAT]) in _PUBLISHED_AS


def edition_of(reading: Reading, *, named: bool) -> tuple[str, int]:
    """When a document was published or corrected, and which edition it or its name says it is.

    Args:
        reading: The document.
        named: Whether its name tells: "v2" in the name of a working copy is the second of the
            copies, and says nothing against the report as it was published.
    """
    name = _name(reading) if named else ""
    said = _EDITION.search(name)
    number = int(said[1]) if said else 2 if _CORRECTED.search(name) else 1
    corrected = str(reading.head["edition"])
    published = str(reading.document.get(c.PUBLISHED) or "")
    return max(published, corrected), max(number, 2 if corrected else 1)


def preference(reading: Reading) -> tuple[int, str, str]:
    """Which of documents with one text comes first: one with pages, then by its name."""
    kind = reading.head[c.FORMAT]
    rank = _FORMATS.index(kind) if kind in _FORMATS else len(_FORMATS)
    return (rank, reading.source.path, reading.source.address)


def _name(reading: Reading) -> str:
    return reading.source.path.rpartition("/")[2].rpartition(".")[0]
