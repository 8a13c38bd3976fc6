"""Published inspections beside the documents read: which are in the corpus, and which are not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from pipelines import columns as c
from pipelines.manifest import Published, load_manifest
from pipelines.places import canonical_unit
from pipelines.tables import frame

_UNKNOWN = "unknown"


def published_inspections(
    documents: pd.DataFrame, manifest: Iterable[Published] | None = None
) -> pd.DataFrame:
    """Return the table `inspections`: each published one with the document read of it, if any.

    Args:
        documents: The table documents.
        manifest: Where none is given the project's, else the shipped one.
    """
    rows: list[dict[str, Any]] = [
        {str(name): value for name, value in row.items()}
        for row in documents.sort_values(c.DOCUMENT_ID).to_dict("records")
    ]
    for row in rows:
        row[c.UNIT] = canonical_unit(_text(row[c.UNIT]))
    taken: set[str] = set()
    out = []
    for entry in manifest if manifest is not None else load_manifest():
        unit = canonical_unit(entry.unit)
        left = (row for row in rows if row[c.DOCUMENT_ID] not in taken)
        found = next((row for row in left if _is_of(row, entry, unit)), None)
        if found is not None:
            taken.add(found[c.DOCUMENT_ID])
        out.append(
            {
                c.INSPECTION_ID: entry.id,
                c.UNIT: unit,
                c.UNIT_TYPE: entry.unit_type,
                c.REGION: entry.region or None,
                c.FRAMEWORK: entry.framework,
                c.PUBLISHED: entry.published or None,
                c.OVERALL_RATING: entry.overall_rating or None,
                c.DOCUMENT_ID: found[c.DOCUMENT_ID] if found else None,
            }
        )
    return frame("inspections", sorted(out, key=lambda row: str(row[c.INSPECTION_ID])))


def _is_of(row: Mapping[str, object], entry: Published, unit: str) -> bool:
    """Whether a document is the report on an inspection: one unit, one framework, one time."""
    kind = _text(row[c.UNIT_TYPE])
    if kind not in {"", _UNKNOWN, entry.unit_type}:
        return False
    national = entry.unit_type == "national" == kind
    if not national and row[c.UNIT] != unit:
        return False
    framework, published = _text(row[c.FRAMEWORK]), _text(row[c.PUBLISHED])
    if framework and framework != entry.framework:
        return False
    return bool(framework) or _within(published, entry)


def _within(published: str, entry: Published) -> bool:
    """Whether a document of no known framework is of the inspection's time."""
    first, last = entry.span
    early, late = (
        (published, published) if "-" in published else (f"{published}-01", f"{published}-12")
    )
    return bool(published) and early <= last and late >= first


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
