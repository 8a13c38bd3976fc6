"""Results of data workbooks beside the key questions of their documents, in this run and the next.

A workbook is attached once. A new run into its folder joins the results again to what it read: a
report may have been corrected, or be read better than before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from pipelines import columns as c
from pipelines.errors import ArtefactError, CorpusError
from pipelines.flow.storage.taken import Taken
from pipelines.frameworks import fold, load_registry
from pipelines.tables import frame, records
from pipelines.workbooks import Result
from pipelines.workbooks.results import refuse_cell

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.flow.storage.store import RunFolder
    from pipelines.flow.storage.stored import Stored

TABLE: Final = "workbook_results"
OWNER: Final = "attach"
LEFT_OUT: Final = "the data workbook attached to this document is left out"
_ROUNDED: Final = 1.0  # percentage points by which a printed percentage may be off

Row = dict[str, Any]


def carry_attached(folder: RunFolder, tables: Stored, owners: dict[str, str]) -> None:
    """Put the workbooks attached in a folder among the tables of a new run into it.

    Results of a document that this run did not read are kept as they are: they count again once
    it is read. A workbook that contradicts the report as it is now is left out, and the warnings
    of the document say so.

    Args:
        folder: Locked; it may hold no run yet.
        tables: Of the new run, changed in place.
        owners: Of the tables, changed in place.
    """
    try:
        before = folder.read_tables({TABLE: Taken()}).get(TABLE)
    except ArtefactError:  # no run, or a damaged one, which the new run replaces
        return
    if before is None or before.empty:
        return
    rows: list[Row] = []
    for document, mine in before.groupby(c.DOCUMENT_ID, sort=True):
        results = _of(mine, str(document))
        try:
            rows += _joined_again(results, tables, str(document))
        except CorpusError as error:
            _warn(tables, str(document), f"{LEFT_OUT}: {error}; attach it again")
    tables[TABLE], owners[TABLE] = frame(TABLE, rows), OWNER


def _joined_again(rows: Sequence[Row], tables: Stored, document: str) -> list[Row]:
    if document not in set(tables["documents"][c.DOCUMENT_ID]):
        return list(rows)
    results = [
        Result(
            code=row[c.CODE] or "",
            question=row[c.QUESTION] or "",
            percent=row[c.PERCENT],
            numerator=row[c.NUMERATOR],
            base=row[c.BASE],
            sheet=row[c.SHEET],
            cell=row[c.CELL],
        )
        for row in rows
    ]
    joined = join_results(results, tables, document, rows[0][c.PATH])
    told = {c.PATH: rows[0][c.PATH], c.SHA256: rows[0][c.SHA256]}
    return [{**row, **told} for row in joined]


def _warn(tables: Stored, document: str, warning: str) -> None:
    documents = tables["documents"].copy()
    mine = documents[c.DOCUMENT_ID] == document
    documents[c.WARNINGS] = [
        [*said, warning] if hit else said
        for said, hit in zip(documents[c.WARNINGS], mine, strict=True)
    ]
    tables["documents"] = documents


def join_results(results: Sequence[Result], tables: Stored, document: str, name: str) -> list[Row]:
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
    return records(data.loc[data[c.DOCUMENT_ID] == document])


def _codes(tables: Stored, document: str, printed: Sequence[Row]) -> list[str]:
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
