"""What the tables of a folder from elsewhere must hold before anything is made of them.

A checksum shows damage, not intent: whoever changes a table can sign it too. What else the tables
say is taken as they say it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import columns as c
from pipelines.errors import ArtefactError
from pipelines.records import Polarity

KEYS: Final = {
    "documents": c.DOCUMENT_ID,
    "findings": c.FINDING_ID,
    "recommendations": c.RECOMMENDATION_ID,
    "issues": c.ISSUE_ID,
}
"""What names a row of a table: there, and once."""

CHECKED: Final = {
    **{name: (key,) for name, key in KEYS.items()},
    "findings": (c.FINDING_ID, c.TEXT, c.POLARITY),
}
"""The columns by which tables are checked."""


def check_received(folder: Path, tables: Mapping[str, pa.Table]) -> None:
    """Check that rows are named once, and that a finding has a text and a side.

    Args:
        folder: Of the tables, for messages.
        tables: By name, their columns checked already.

    Raises:
        ArtefactError: A table is not as a run writes it.
    """
    for name, key in KEYS.items():
        if name in tables:
            named = tables[name][key]
            if pc.count_distinct(named, mode="only_valid").as_py() < len(named):
                raise _strange(folder, name, f"{key} is missing or given twice")
    if "findings" in tables:
        findings = tables["findings"]
        if findings[c.TEXT].null_count:
            raise _strange(folder, "findings", "a finding has no text")
        sides = {side.value for side in Polarity}
        given = set(findings[c.POLARITY].unique().to_pylist())
        if strange := sorted(given - sides - {None}):
            raise _strange(
                folder,
                "findings",
                f"polarity {strange[0][:40]!r}, expected {' or '.join(sorted(sides))}",
            )


def _strange(folder: Path, table: str, what: str) -> ArtefactError:
    return ArtefactError(
        f"{folder / table}.parquet: {what}, which no run writes; the folder was changed: run "
        "`findings run` into it again, or take a sound copy"
    )
