"""Published inspections beside the documents read: which are in the corpus, and which are not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from pipelines import columns as c
from pipelines.manifest import Published, load_manifest
from pipelines.places import canonical_unit
from pipelines.tables import frame, records

_UNKNOWN = "unknown"
_UNDATED: Final = 100_000  # months: further than any two dates are apart


def published_inspections(
    documents: pd.DataFrame, manifest: Iterable[Published] | None = None
) -> pd.DataFrame:
    """Return the table `inspections`: each published one with the document read of it, if any.

    Args:
        documents: The table documents.
        manifest: Where none is given the project's, else the shipped one.
    """
    rows = records(documents.sort_values(c.DOCUMENT_ID))
    for row in rows:
        row[c.UNIT] = canonical_unit(_text(row[c.UNIT]))
    entries = list(load_manifest() if manifest is None else manifest)
    read = _matched(rows, entries)
    out = []
    for place, entry in enumerate(entries):
        out.append(
            {
                c.INSPECTION_ID: entry.id,
                c.UNIT: canonical_unit(entry.unit),
                c.UNIT_TYPE: entry.unit_type,
                c.REGION: entry.region or None,
                c.FRAMEWORK: entry.framework,
                c.PUBLISHED: entry.published or None,
                c.OVERALL_RATING: entry.overall_rating or None,
                c.DOCUMENT_ID: read.get(place),
            }
        )
    return frame("inspections", sorted(out, key=lambda row: str(row[c.INSPECTION_ID])))


def _matched(rows: Sequence[Mapping[str, Any]], entries: Sequence[Published]) -> dict[int, str]:
    """Return the document of each inspection that has one, by the inspection's place.

    A unit may be inspected twice under one framework: what is of one date meets first, then what
    is nearest in time, and at last what has no date.
    """
    pairs = sorted(
        (apart, place, str(row[c.DOCUMENT_ID]))
        for place, entry in enumerate(entries)
        for unit in [canonical_unit(entry.unit)]
        for row in rows
        if _is_of(row, entry, unit) and (apart := _apart(row, entry)) is not None
    )
    read: dict[int, str] = {}
    for _, place, document in pairs:
        if place not in read and document not in read.values():
            read[place] = document
    return read


def _is_of(row: Mapping[str, object], entry: Published, unit: str) -> bool:
    """Whether a document may be the report on an inspection: of one unit and one framework."""
    kind = _text(row[c.UNIT_TYPE])
    if kind not in {"", _UNKNOWN, entry.unit_type}:
        return False
    national = entry.unit_type == "national" == kind
    if not national and row[c.UNIT] not in {unit, f"{unit} ({entry.unit_type})"}:
        return False
    return _text(row[c.FRAMEWORK]) in {"", entry.framework}


def _apart(row: Mapping[str, object], entry: Published) -> int | None:
    """Return how many months lie between a document and an inspection, -1 where both dates are one.

    None for a document of no known framework that is not of the inspection's time.
    """
    published, known = _text(row[c.PUBLISHED])[:7], bool(_text(row[c.FRAMEWORK]))
    if published and published == entry.published:
        return -1
    if not published or (known and not entry.published):
        return _UNDATED if known else None
    early, late = (
        (published, published) if "-" in published else (f"{published}-01", f"{published}-12")
    )
    first, last = entry.span
    months = max(_month(first) - _month(late), _month(early) - _month(last), 0)
    return months if known or not months else None


def _month(date: str) -> int:
    return 12 * int(date[:4]) + int(date[5:7])


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
