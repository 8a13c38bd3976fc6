"""The tables of a run as one workbook: a sheet a table, and the dictionary, for pivots and filters.

Beside the tables stands *long*: a row for each finding, theme and issue that go together, which is
what pivot tables and Power BI count over without joins.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from pipelines import columns as c
from pipelines.columns import TABLES
from pipelines.durable import write_bytes
from pipelines.errors import SettingsError
from pipelines.report.export.dictionary import HEADS, dictionary_rows
from pipelines.report.zipped import settled
from pipelines.tables import harmless, missing

LONG: Final = "long"
_MOST_ROWS: Final = 1_048_575  # of a sheet, below its head
_LONGEST: Final = 32_000  # characters; a cell holds 32,767
_WIDEST: Final = 60
_MARK: Final = b"findings export"
"""Comment of the file as an archive: a program that saves the workbook again leaves it out."""

_SAVED: Final = "1980-01-01"  # so that the same tables give the same bytes on any day
_WANTED: Final = (
    c.FINDING_ID,
    c.DOCUMENT_ID,
    c.UNIT,
    c.REGION,
    c.PUBLISHED,
    c.STANDARD,
    c.POLARITY,
    c.TEXT,
)


def long_table(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return a row for each finding, theme and issue that go together.

    A finding without a theme or issue has one row, with that column empty. Count findings by
    distinct `finding_id`: one that has two themes and three issues has six rows.

    Args:
        tables: Of a run that has been tagged; without issues where it has not been mined.
    """
    findings = tables["findings"]
    long = findings[[name for name in _WANTED if name in findings]]
    if "tags" in tables:
        tags = tables["tags"]
        given = tags.loc[tags[c.ASSIGNED].astype(bool), [c.FINDING_ID, c.THEME, c.PROBABILITY]]
        long = long.merge(given, on=c.FINDING_ID, how="left")
    if "issue_findings" in tables:
        members = tables["issue_findings"][[c.FINDING_ID, c.ISSUE_ID]]
        names = tables["issues"][[c.ISSUE_ID, c.LABEL]]
        long = long.merge(members.merge(names, on=c.ISSUE_ID), on=c.FINDING_ID, how="left")
    return long.reset_index(drop=True)


def export_workbook(tables: Mapping[str, pd.DataFrame], path: Path) -> Path:
    """Write the tables into one workbook; dates of a whole day are dates, lists are lines.

    Args:
        tables: Name to frame.
        path: File to write; one that this function wrote and nobody changed is replaced.

    Raises:
        SettingsError: Another file is there, or one that was changed; a sheet cannot hold a table.
        StorageError: The file cannot be written.
    """
    if path.exists() and not _is_ours(path):
        raise SettingsError(
            f"{path}: is there already and is not, or no longer, as findings export wrote it; "
            "nothing is overwritten: give another name, or move it away"
        )
    book = Workbook(write_only=True)
    book.properties.creator = "probation-findings"
    sheets = {LONG: long_table(tables), **{n: tables[n] for n in TABLES if n in tables}}
    for name, data in sheets.items():
        if len(data) > _MOST_ROWS:
            raise SettingsError(
                f"table {name}: {len(data):,} rows, more than the {_MOST_ROWS:,} of a sheet; "
                "export to .sqlite instead"
            )
        rows = zip(*(data[column].tolist() for column in data.columns), strict=True)
        _add(book, name, [str(column) for column in data.columns], rows)
    _add(book, "dictionary", HEADS, dictionary_rows(tables))
    out = io.BytesIO()
    book.save(out)
    marked = io.BytesIO(settled(out.getvalue(), written=_SAVED))
    with zipfile.ZipFile(marked, "a") as packed:
        packed.comment = _MARK
    write_bytes(path, marked.getvalue())
    return path


def _add(book: Workbook, name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = "A2"
    listed = [[_plain(value) for value in row] for row in rows]
    for place, head in enumerate(heads):
        longest = max((len(str(row[place])) for row in listed[:200]), default=0)
        width = min(_WIDEST, max(len(head), longest) + 2)
        sheet.column_dimensions[get_column_letter(place + 1)].width = width
    sheet.append([_cell(sheet, head, bold=True) for head in heads])
    for row in listed:
        sheet.append([_cell(sheet, value) for value in row])
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(1, len(heads)))}{len(listed) + 1}"


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a table holds
    if isinstance(value, str):
        return _day(value) or value
    if isinstance(value, list | tuple) or hasattr(value, "tolist"):
        inner = value if isinstance(value, list | tuple) else value.tolist()
        return "\n".join(map(str, inner)) if isinstance(inner, list | tuple) else inner
    if missing(value):
        return None
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value


def _day(text: str) -> date | None:
    if len(text) != 10 or text[4] != "-":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _cell(sheet: WriteOnlyWorksheet, value: Any, *, bold: bool = False) -> Cell:  # noqa: ANN401
    """Make a cell; text is always text, so that a formula in a finding stays words."""
    if isinstance(value, str):
        clean = "".join(sign for sign in value if sign.isprintable() or sign in "\n\t")
        text = clean.encode("utf-8", "replace").decode("utf-8")[:_LONGEST]
        cell = WriteOnlyCell(sheet, value=text)
        cell.data_type = "s"
        cell.quotePrefix = harmless(text) != text
    else:
        cell = WriteOnlyCell(sheet, value=value)
        if isinstance(value, date) and not isinstance(value, datetime):
            cell.number_format = "yyyy-mm-dd"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _is_ours(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as packed:
            return packed.comment == _MARK
    except (OSError, ValueError, zipfile.BadZipFile):
        return False
