"""Join an inspection's data workbook to its document: by code and question, each cell checked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipelines import columns as c
from pipelines.errors import CorpusError, SettingsError
from pipelines.flow.conduct import put_table
from pipelines.flow.perform import Progress, Tables, silent
from pipelines.frameworks import fold, load_registry
from pipelines.places import canonical_unit
from pipelines.tables import frame
from pipelines.workbooks import Result, Sheet, find_results
from pipelines.workbooks.opening import read_file
from pipelines.workbooks.results import refuse_cell, units_named

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.flow.outcome import Run

TABLE: Final = "workbook_results"
_ROUNDED: Final = 1.0  # percentage points by which a printed percentage may be off

Row = dict[str, Any]


def attach_workbook(
    workbook: Path,
    folder: str | Path,
    *,
    document: str = "",
    progress: Progress = silent,
) -> tuple[Run, str]:
    """Attach a workbook to a document of a run; one attached before is replaced.

    Args:
        workbook: ODS or XLSX.
        folder: Of the run.
        document: Id of the document; where it is empty, the one whose unit the workbook names.
        progress: Told what is done.

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

    def change(tables: Tables) -> pd.DataFrame:
        chosen.append(_document(tables["documents"], sheets, workbook, document))
        rows = join_results(results, tables, chosen[0], workbook.name)
        told = {c.PATH: workbook.name, c.SHA256: hashlib.sha256(data).hexdigest()}
        before = tables.get(TABLE, frame(TABLE))
        kept = before.loc[before[c.DOCUMENT_ID] != chosen[0]].to_dict("records")
        whole = [{str(k): v for k, v in row.items()} for row in kept]
        return frame(TABLE, [*whole, *({**row, **told} for row in rows)])

    run = put_table(TABLE, change, folder, owner="attach", progress=progress)
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


def join_results(results: Sequence[Result], tables: Tables, document: str, name: str) -> list[Row]:
    """Join the results of a workbook to the key questions of a document.

    Raises:
        CorpusError: A code is none of the document's, a figure is not the one printed, or no
            question is one of the document's.
    """
    printed = _of(tables["key_questions"], document)
    codes = _codes(tables, document, printed)
    joined = []
    hits = 0
    for result in results:
        if result.code and codes and result.code not in codes:
            raise refuse_cell(
                result, name, f"code {result.code}", f"one of the report's: {', '.join(codes)}"
            )
        row = _match(result, printed, name)
        if row is not None:
            hits += 1
            _agree(result, row, name)
        joined.append(_row(result, row, document))
    if not hits:
        raise CorpusError(
            f"{name}: none of its {len(joined)} questions is one of {document}; give the workbook "
            "of that inspection, or another --document"
        )
    return joined


def _of(data: pd.DataFrame, document: str) -> list[Row]:
    mine = data.loc[data[c.DOCUMENT_ID] == document]
    return [
        {str(k): None if v is None or v != v else v for k, v in row.items()}
        for row in mine.to_dict("records")
    ]


def _codes(tables: Tables, document: str, printed: Sequence[Row]) -> list[str]:
    """Return the codes that results of a document may have."""
    framework = _of(tables["documents"], document)[0][c.FRAMEWORK]
    codes = {s[c.CODE] for s in _of(tables["standards"], document)} | {
        row[c.CODE] for row in printed
    }
    for known in load_registry().frameworks:
        if known.slug == framework:
            codes |= {standard.code for standard in known.standards}
    return sorted(code for code in codes if code)


def _match(result: Result, printed: Sequence[Row], name: str) -> Row | None:
    """Return the key question that a result is of; None where the report does not print it."""
    same = [row for row in printed if not result.code or row[c.CODE] == result.code]
    if result.question:
        words = [row for row in same if fold(row[c.QUESTION] or "") == fold(result.question)]
        dimension = load_registry().dimension(result.question)
        near = [row for row in same if dimension and row[c.DIMENSION] == dimension]
        if words or (result.code and len(near) == 1):
            return (words or near)[0]
        if not result.code:
            raise refuse_cell(
                result, name, result.question, "a question of the report, or a column of codes"
            )
        return None
    if len(same) > 1:
        raise refuse_cell(
            result,
            name,
            f"code {result.code} without a question",
            f"a column Key question: the report asks {len(same)} under this code",
        )
    return same[0] if same else None


def _agree(result: Result, row: Row, name: str) -> None:
    if result.percent is None or row[c.PERCENT] is None:
        return
    if abs(result.percent - row[c.PERCENT]) > _ROUNDED:
        raise refuse_cell(
            result,
            name,
            f"{result.percent:g}",
            f"{row[c.PERCENT]:g}, as the report prints for {row[c.CODE]} {row[c.QUESTION]!r}; is "
            "it the workbook of another inspection?",
        )


def _row(result: Result, row: Row | None, document: str) -> Row:
    question = row[c.QUESTION] if row else result.question
    return {
        c.DOCUMENT_ID: document,
        c.CODE: row[c.CODE] if row else result.code,
        c.QUESTION: question,
        c.DIMENSION: row[c.DIMENSION] if row else load_registry().dimension(question),
        c.PERCENT: result.percent,
        c.NUMERATOR: result.numerator,
        c.BASE: result.base,
        c.SHEET: result.sheet,
        c.CELL: result.cell,
    }
