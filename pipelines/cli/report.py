"""Commands on what a run has found: the report, questions in SQL, data for other programs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import typer

from pipelines.cli.options import CSV, FORM, RUN
from pipelines.cli.part import part_meant
from pipelines.cli.progress import progress, say
from pipelines.cli.show import chosen_form, show
from pipelines.cli.values import parted, target
from pipelines.durable import unlinked

_FORMATS = typer.Option(
    "html,xlsx,docx,md", "--formats", help="Which formats, parted by commas: html,xlsx,docx,md."
)
_THEME = typer.Option(None, "--theme", help="Only this theme; may be given repeatedly.")
_UNIT = typer.Option(None, "--unit", help="Only this unit; may be given repeatedly.")
_REGION = typer.Option(None, "--region", help="Only this region; may be given repeatedly.")
_SINCE = typer.Option("", "--since", help="Only reports published since then, such as 2024-03.")
_ISSUE = typer.Option(
    None, "--issue", help="Only this issue (id, subject or name); may be given repeatedly."
)
_CHANGES = typer.Option(
    False, "--changes", help="Add what changed since the run before; the report is an extract."
)
_TITLE = typer.Option("", "--title", help="Title of the report.")
_EXTRACT = target(
    None, "--out", "-o", metavar="FOLDER", help="Folder for the report; DIR/report if not given."
)
_QUERY = typer.Argument(..., metavar="QUERY", help='For example "select * from recurrence".')
_FILE = target(None, "--out", "-o", metavar="FILE", help="Write FILE.csv or FILE.parquet.")
_TO = target(
    ..., "--to", metavar="PLACE", help="A file .sqlite, .db or .xlsx, or a new folder for CSV."
)
_WIDEST = 60  # characters of a cell in a printed table


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("report")(report)
    app.command("sql")(sql)
    app.command("export")(export)


def report(
    folder: Path = RUN,
    formats: str = _FORMATS,
    theme: list[str] | None = _THEME,
    unit: list[str] | None = _UNIT,
    region: list[str] | None = _REGION,
    since: str = _SINCE,
    issue: list[str] | None = _ISSUE,
    changes: bool = _CHANGES,
    title: str = _TITLE,
    out: Path | None = _EXTRACT,
) -> None:
    """Write the theme report again, or an extract of it.

    The whole report takes the place of the one in DIR/report. An extract goes to DIR/extracts,
    unless --out says where. Every number of an extract is of the extract; the rest of the batch is
    named beside it, as what it is compared with.
    """
    from pipelines.flow import open_run, run_stage
    from pipelines.report import ReportSettings, write_report

    settings = ReportSettings(formats=parted(formats), since=since, title=title)
    if out is None and not any((since, theme, unit, region, issue, changes)):
        before = _forms(folder)
        with progress() as tell:
            whole = run_stage(
                "report", folder, progress=tell, formats=settings.formats, title=settings.title
            )
        say(f"report: {whole.report}")
        if gone := sorted(before - _forms(folder)):
            say(
                f"no longer beside it, as --formats leaves them out: {', '.join(gone)}; the report "
                f"before has them: findings generations list {folder}"
            )
        return
    done = open_run(folder)
    tables = dict(done.tables)
    settings = part_meant(settings, tables, themes=theme, units=unit, regions=region, issues=issue)
    if changes:
        from pipelines.flow.changes import changes_since

        tables["changes"] = changes_since(folder)[1]
    place = out or unlinked(folder, "extracts", "say where to with --out")
    for path in write_report(
        tables,
        place,
        settings=settings,
        pictures=done.pictures() if "html" in settings.formats else None,
    ):
        say(f"report: {path}")


def _forms(folder: Path) -> set[str]:
    """Return the files of the whole report of a run."""
    return {path.name for path in (folder / "report").glob("report.*")}


def sql(
    folder: Path = RUN,
    query: str = _QUERY,
    out: Path | None = _FILE,
    form: str = FORM,
    csv: bool = CSV,
) -> None:
    """Ask a run's tables a question in SQL (needs extra `sql`)."""
    from pipelines.flow import open_sets
    from pipelines.report.export.files import to_csv, write_result
    from pipelines.report.export.sql import query_tables

    form = chosen_form(form, csv=csv)
    found = query_tables(open_sets(folder), query)
    if out is not None:
        for path in write_result(found, out):
            say(f"written: {path}")
    elif form == "csv":
        typer.echo(to_csv(found), nl=False)
    elif form == "json":
        show(found, found.columns.tolist(), form=form)
    else:
        _print_table(found.columns.tolist(), found.to_numpy(dtype=object).tolist())
        say(f"{len(found)} rows")


def export(folder: Path = RUN, to: Path = _TO) -> None:
    """Write the tables for other programs, with a data dictionary."""
    from pipelines.flow import open_run
    from pipelines.report.export.files import export_tables

    say(f"written: {export_tables(open_run(folder).tables, to)}")


def _print_table(names: list[str], rows: list[list[object]]) -> None:
    """Print a table as wide as its cells need; text that is too long is cut with an ellipsis."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    numbers = [all(isinstance(row[i], int | float) for row in rows) for i in range(len(names))]
    for name, number in zip(names, numbers, strict=True):
        table.add_column(
            Text(name),
            justify="right" if number else "left",
            overflow="ellipsis",
            max_width=_WIDEST,
        )
    for row in rows:
        table.add_row(*(Text(_shown(value)) for value in row))
    Console(width=None if _on_terminal() else 10_000).print(table)


def _shown(value: Any) -> str:  # noqa: ANN401 - whatever a query gives
    import pandas as pd

    from pipelines.report.english import plain

    if isinstance(value, Iterable) and not isinstance(value, str):  # a list, such as quotes
        return "; ".join(_shown(part) for part in value)
    if value is None or pd.isna(value):
        return ""
    return f"{value:.4g}" if isinstance(value, float) else plain(value)


def _on_terminal() -> bool:
    """Return whether stdout is a terminal, whose width then limits a table."""
    import sys

    return sys.stdout.isatty()
