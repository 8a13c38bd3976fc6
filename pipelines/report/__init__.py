"""Report: from the tables of a run to a page, a workbook, a document that people send on.

The modules here say what a report says, whatever its form: `gather` makes the `content` from the
tables. The folders are its forms (`page`, `word`, `excel`; `markdown` is one module), the `charts`
that they share, the `brief`, and the `export` of tables that are no report.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipelines import columns as c
from pipelines.durable import write_bytes
from pipelines.errors import check_kind
from pipelines.naming import slug
from pipelines.report.owned import write_beside
from pipelines.report.settings import FORMATS, ReportSettings
from pipelines.tables import Given

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.report.content import Content

__all__ = ["FORMATS", "ReportSettings", "write_report"]

_READ: Final = {"findings": (c.FINDING_ID, c.DOCUMENT_ID, c.POLARITY, c.TEXT)}
"""Columns without which nothing comes of a table."""


def write_report(
    tables: Mapping[str, pd.DataFrame],
    folder: str | Path,
    *,
    settings: ReportSettings | None = None,
    pictures: Mapping[str, bytes] | None = None,
    beside: bool = True,
) -> list[Path]:
    """Write the theme report in the formats asked for.

    Args:
        tables: Name to frame, as `columns.TABLES` defines them; any may be absent or empty.
        folder: Where the files go; made where it is missing.
        settings: The reader's choices.
        pictures: PNG of findings as they stand on their pages, by finding, for the page; the
            others get a sketch of the place.
        beside: Whether other files may stand in the folder: what is not as it was written is
            then moved aside. Not where a run fills a folder of its own.

    Returns:
        The files written: `report.html`, `report.md` and so on; an extract about single themes
        or units has their names in its own, so that it never replaces the whole report.

    Raises:
        SettingsError: A unit asked for is not in the tables; a table is none, or lacks a column;
            something is of another type.
        StorageError: The folder cannot be written.
        MachineError: A limit of this machine leaves no room for charts.
    """
    from pipelines.memory import give_back
    from pipelines.report.charts.room import check_room
    from pipelines.report.gather import gather
    from pipelines.report.tagger import account

    check_kind("settings", settings or ReportSettings(), ReportSettings, "ReportSettings(...)")
    check_kind("folder", folder, (str, PathLike), "the name of a folder")
    tables, chosen, folder = Given(tables, _READ), settings or ReportSettings(), Path(folder)
    check_room(chosen.formats)
    explained, facts = account(tables)
    content = gather(explained, replace(chosen, model=(*facts, *chosen.model)), pictures=pictures)
    give_back()
    stem = "-".join(["report", *(slug(name) for name in chosen.names)])[:120]
    forms = {f"{stem}.{name}": _FORMS[name] for name in chosen.formats}
    if beside:
        return write_beside(folder, {name: form(content) for name, form in forms.items()})
    for name, form in forms.items():  # a page of thousands of reports is not held beside another
        write_bytes(folder / name, form(content))
    return [folder / name for name in forms]


def _html(content: Content) -> bytes:
    from pipelines.report.page.html import page_parts

    page = io.BytesIO()
    for part in page_parts(content):
        page.write(part.encode("utf-8"))
    return page.getvalue()


def _markdown(content: Content) -> bytes:
    from pipelines.report.markdown import render_markdown

    return render_markdown(content).encode("utf-8")


def _excel(content: Content) -> bytes:
    from pipelines.report.excel.book import render_excel

    return render_excel(content)


def _word(content: Content) -> bytes:
    from pipelines.report.word.document import render_word

    return render_word(content)


_FORMS: dict[str, Callable[[Content], bytes]] = {
    "html": _html,
    "md": _markdown,
    "xlsx": _excel,
    "docx": _word,
}
