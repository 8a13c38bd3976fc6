"""Join an inspection's data workbook to its document: by code and question, each cell checked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import columns as c
from pipelines.errors import SettingsError
from pipelines.flow.attached import OWNER, TABLE, join_results
from pipelines.flow.conduct import put_table
from pipelines.flow.storage.stored import Stored
from pipelines.frameworks import fold
from pipelines.places import canonical_unit
from pipelines.tables import frame, records
from pipelines.workbooks import Sheet, find_results
from pipelines.workbooks.opening import read_file
from pipelines.workbooks.results import units_named

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.flow.outcome import Run


def attach_workbook(workbook: Path, folder: str | Path, *, document: str = "") -> tuple[Run, str]:
    """Attach a workbook to a document of a run; one attached before is replaced.

    Args:
        workbook: ODS or XLSX.
        folder: Of the run.
        document: Id of the document; where it is empty, the one whose unit the workbook names.

    Returns:
        The run, and the id of the document.

    Raises:
        UnreadableDocument: The workbook cannot be read.
        CorpusError: A cell of it is wrong, or contradicts the report; the cell is named.
        SettingsError: It is not clear to which document it belongs.
    """
    data, sheets = read_file(workbook)
    results = find_results(sheets, workbook.name)
    chosen: list[str] = []

    def change(tables: Stored) -> pd.DataFrame:
        chosen.append(_document(tables["documents"], sheets, workbook, document))
        rows = join_results(results, tables, chosen[0], workbook.name)
        told = {c.PATH: workbook.name, c.SHA256: hashlib.sha256(data).hexdigest()}
        before = tables.get(TABLE, frame(TABLE))
        kept = records(before.loc[before[c.DOCUMENT_ID] != chosen[0]])
        return frame(TABLE, [*kept, *({**row, **told} for row in rows)])

    run = put_table(TABLE, change, folder, owner=OWNER)
    return run, chosen[0]


def _document(documents: pd.DataFrame, sheets: Sequence[Sheet], workbook: Path, given: str) -> str:
    ids = sorted(map(str, documents[c.DOCUMENT_ID]))
    if given:
        if given not in ids:
            raise SettingsError(f"--document {given!r}: this run has {', '.join(ids)}")
        return given
    units = dict(zip(documents[c.DOCUMENT_ID], documents[c.UNIT].fillna(""), strict=True))
    there = {unit for unit in units.values() if unit}
    named = set(units_named(sheets, there)) or {
        unit
        for unit in there
        if fold(unit) in fold(workbook.stem.replace("-", " ").replace("_", " "))
    }
    # "Derby City" stands in no workbook on Derbyshire, but "Kirk" in one on "Kirk and Moss".
    named = {u for u in named if not any(u != v and fold(u) in fold(v) for v in named)}
    mine = [key for key in ids if canonical_unit(units[key]) in set(map(canonical_unit, named))]
    if len(mine) == 1:
        return mine[0]
    said = f"names {len(mine)} of them: {', '.join(mine)}" if mine else "names none of their units"
    raise SettingsError(
        f"{workbook.name}: it is not clear which document it belongs to ({said}); give "
        f"--document ID, one of {', '.join(mine or ids)}"
    )
