"""What commands share: the tables of a folder, the findings that options leave, printing."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipelines.cli.entries import cell, print_entries
from pipelines.cli.progress import say
from pipelines.cli.values import POLARITIES, meant, plain_names, theme_meant
from pipelines.errors import SettingsError
from pipelines.tables import missing

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from pipelines.flow.opening import OnDisk

_WIDEST: Final = 400
_FORMS: Final = ("table", "csv", "json")


def mined_tables(folder: Path, *names: str) -> dict[str, pd.DataFrame]:
    """Return tables of a folder, and `issues`, as frames.

    Raises:
        SettingsError: It has not been mined.
    """
    from pipelines.flow import open_run
    from pipelines.flow.storage.taken import Taken

    tables = open_run(folder, {name: Taken() for name in (*names, "issues")}).tables
    if "issues" not in tables:
        raise _unmined(folder)
    return dict(tables)


def folder_and(first: str, second: str, *, what: str) -> tuple[Path, str]:
    """Separate the folder of a run from what is asked of it; either may come first.

    Args:
        first: The first argument.
        second: The second one; empty where there is none: the current folder is meant.
        what: What is asked, for the message: `words to search for`.

    Raises:
        SettingsError: There is nothing asked, or neither is the folder of a run.
    """
    from pipelines.flow.storage.written import MANIFEST

    runs = [bool(given) and (Path(given) / MANIFEST).exists() for given in (first, second)]
    if not second:
        if runs[0]:
            raise SettingsError(f"{first}: is the folder of a run; {what} must follow it")
        return Path(), first
    if not any(runs):
        raise SettingsError(
            f"neither {first!r} nor {second!r} is the folder of a finished run (no {MANIFEST}); "
            "make one with findings run SOURCE --out DIR"
        )
    return (Path(first), second) if runs[0] else (Path(second), first)


def mined(folder: Path, *names: str) -> OnDisk:
    """Return tables of a run as they lie on the disk.

    Args:
        folder: Of a run.
        names: Of the tables that are asked, besides those that options choose by.

    Raises:
        SettingsError: The folder has not been mined.
    """
    from pipelines.flow import open_files

    tables = open_files(folder, {*names, "findings", "issues", "tags", "recurrence"})
    if "issues" not in tables.files:
        raise _unmined(folder)
    return tables


def _unmined(folder: Path) -> SettingsError:
    return SettingsError(f"{folder}: has not been mined; run: findings mine {folder}")


def chosen_findings(
    tables: OnDisk,
    *,
    theme: str = "",
    polarity: str = "",
    regions: Sequence[str] | None = None,
    units: Sequence[str] | None = None,
    since: str = "",
) -> tuple[pa.Table, str]:
    """Return what the options leave of the findings, without texts, and the slug of the theme.

    Raises:
        SettingsError: A value is given that no finding has, or nothing is so new.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    from pipelines import columns as c

    one = [polarity] if polarity else []
    asked = ((c.POLARITY, one), (c.REGION, regions or ()), (c.UNIT, units or ()))
    shown = (c.FINDING_ID, c.DOCUMENT_ID, c.PUBLISHED, c.STANDARD, *(name for name, _ in asked))
    findings = tables.take("findings", shown)
    for column, wanted in asked:
        if wanted:
            known = plain_names(filter(None, findings[column].unique().to_pylist()))
            known = POLARITIES if column == c.POLARITY else known
            values = [meant(f"--{column}", value, known) for value in wanted]
            findings = findings.filter(pc.is_in(findings[column], value_set=pa.array(values)))
    if since:
        findings = _published_since(findings, since)
    if theme:
        theme = _meant_theme(tables, theme)
        given = {c.ASSIGNED: None, c.THEME: pa.array([theme])}
        having = tables.take("tags", [c.FINDING_ID], given)
        findings = of_ids(findings, having[c.FINDING_ID])
    return findings, theme


def _published_since(findings: pa.Table, since: str) -> pa.Table:
    from pipelines import columns as c
    from pipelines.report import ReportSettings
    from pipelines.report.extract import not_before

    ReportSettings(since=since)  # says what is wrong with the date
    kept = findings.filter([not_before(date, since) for date in findings[c.PUBLISHED].to_pylist()])
    if not kept.num_rows:
        raise SettingsError(f"--since {since}: no finding asked for is of a report so new")
    return kept


def of_ids(rows: pa.Table, ids: pa.ChunkedArray, column: str = "finding_id") -> pa.Table:
    """Return the rows of which a column holds one of some ids, in their order."""
    import pyarrow.compute as pc

    return rows.filter(pc.is_in(rows[column], value_set=ids))


def texts_of(tables: OnDisk, rows: pa.Table) -> pa.Table:
    """Return the texts of the findings that rows are about, and of no others."""
    from pipelines import columns as c

    named = {c.FINDING_ID: rows[c.FINDING_ID].unique()}
    return tables.take("findings", [c.FINDING_ID, c.TEXT], named)


def in_order(rows: pa.Table, *columns: tuple[str, str]) -> pa.Table:
    """Return rows by columns, each `ascending` or `descending`; equal rows as they stand."""
    import pyarrow.compute as pc

    return rows.take(pc.sort_indices(rows, sort_keys=list(columns)))


def joined(left: pa.Table, right: pa.Table, key: str, names: Mapping[str, str]) -> pa.Table:
    """Return rows with columns of another table; those that it lacks are left out.

    Args:
        left: The rows, whose order stays.
        right: Has each key once.
        key: The column that both have.
        names: Columns of the other table, and what each is called from now on.
    """
    import pyarrow.compute as pc

    left = of_ids(left, right[key], key)
    places = pc.index_in(left[key], value_set=right[key])
    for name, called in names.items():
        left = left.append_column(called, right[name].take(places))
    return left


def _meant_theme(tables: OnDisk, theme: str) -> str:
    from pipelines import columns as c

    listed = [
        tables.take(name, [c.THEME], having)
        for name, having in (("tags", {c.ASSIGNED: None}), ("recurrence", {}))
        if name in tables.files
    ]
    known = {str(slug) for data in listed for slug in data[c.THEME].unique().to_pylist()}
    return theme_meant("--theme", theme, known)


def chosen_form(form: str, *, csv: bool) -> str:
    """Return the form of output that options ask for.

    Raises:
        SettingsError: It is none of the three.
    """
    if form not in _FORMS:
        raise SettingsError(f"--format {form!r}: expected {', '.join(_FORMS)}")
    return "csv" if csv else form


def show(
    found: pd.DataFrame | pa.Table, names: Sequence[str], *, form: str, lead: str = ""
) -> None:
    """Print columns of a table; an empty one is said on stderr.

    Args:
        found: The table.
        names: Of the columns.
        form: `csv`; `json`, an array of objects; or `table`.
        lead: The column of text that each row is about. With one, a row is an entry as wide as the
            terminal: text first, the rest in small below, ids whole. Without one, a table.
    """
    rows = _rows(found, names)
    if form == "csv":
        from pipelines.report.export.files import csv_of

        sys.stdout.write(csv_of(names, rows))
    elif form == "json":
        listed = [dict(zip(names, map(_as_json, row), strict=True)) for row in rows]
        sys.stdout.write(f"{dumps(listed, ensure_ascii=False, indent=1)}\n")
    elif rows and lead:
        print_entries(names, rows, lead)
    elif rows:
        _print_table(names, rows)
    say(f"{len(rows)} rows" if rows else "nothing found")


def _rows(found: pd.DataFrame | pa.Table, names: Sequence[str]) -> list[list[object]]:
    if hasattr(found, "to_pylist"):
        return list(map(list, zip(*(found[name].to_pylist() for name in names), strict=True)))
    listed: list[list[object]] = found[list(names)].to_numpy(dtype=object).tolist()
    return listed


def _as_json(value: object) -> object:
    if isinstance(value, list) or hasattr(value, "tolist"):
        return value if isinstance(value, list) else value.tolist()
    return None if missing(value) else value if isinstance(value, (str, int, float)) else str(value)


def _print_table(names: Sequence[str], rows: list[list[object]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in names:
        table.add_column(name.replace("_", " "), max_width=_WIDEST)
    for row in rows:
        table.add_row(*(Text(cell(value)) for value in row))
    Console(width=None if sys.stdout.isatty() else 10_000).print(table)
