"""The command `read`: the findings of documents, as a table to read or as JSON lines."""

from __future__ import annotations

import shutil
import sys
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from pipelines import columns as c
from pipelines.cli.options import (
    ALLOW_EMPTY,
    JOBS,
    KEEP,
    MIXED,
    NO_CACHE,
    SOURCES,
    TIMEOUT,
    TOLERANCE,
)
from pipelines.cli.progress import progress
from pipelines.cli.run import conclude
from pipelines.errors import SettingsError
from pipelines.tables import records

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    from pipelines.flow import Run

_OUT = typer.Option("", "--out", "-o", metavar="DIR", help="Write the tables into a folder.")
_JSON = typer.Option(False, "--json", help="Print one JSON object a finding.")
_CSV = typer.Option(False, "--csv", help="With --out: write the tables as CSV too.")
_TRACE = typer.Option(
    False, "--trace", help="Of one PDF: list what each pass of reading changed, page by page."
)
_PAGE = typer.Option(0, "--page", min=0, help="With --trace: of this page alone.")

_WIDTH: Final = 120  # columns of a table that goes to a file or a pipe
_SIGNS: Final = {"strength": "+", "area_for_improvement": "–"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("read")(read)


def read(
    sources: list[str] = SOURCES,
    out: str = _OUT,
    json: bool = _JSON,
    jobs: int = JOBS,
    timeout: float = TIMEOUT,
    csv: bool = _CSV,
    no_cache: bool = NO_CACHE,
    tolerance: float = TOLERANCE,
    keep: int = KEEP,
    allow_empty: bool = ALLOW_EMPTY,
    mixed: bool = MIXED,
    trace: bool = _TRACE,
    page: int = _PAGE,
) -> None:
    """Print the findings of reports, or write their tables."""
    from pipelines.flow import read_into

    if trace:
        _print_trace(sources, page)
        return
    settings: dict[str, Any] = {"jobs": jobs, "timeout": timeout}
    if no_cache:
        settings["cache"] = None
    if out:
        settings |= {"csv": csv, "keep": keep, "allow_empty": allow_empty, "mixed": mixed}
    with progress() as tell:
        done = read_into(sources, Path(out) if out else None, progress=tell, **settings)
    if not out:
        _print_json(done.findings) if json else _print_tables(done)
    raise typer.Exit(conclude(done, tolerance))


def _print_trace(sources: list[str], page: int) -> None:
    from pipelines.flow.alone import trace_document

    if len(sources) != 1:
        raise SettingsError(f"--trace takes one PDF, not {len(sources)} sources; give one")
    for line in trace_document(sources[0], page=page or None):
        sys.stdout.write(f"{line}\n")


def _print_json(findings: pd.DataFrame) -> None:
    for row in records(findings):
        sys.stdout.write(f"{dumps(row, ensure_ascii=False)}\n")


def _print_tables(done: Run) -> None:
    from rich.console import Console

    width = shutil.get_terminal_size((_WIDTH, 24)).columns
    console = Console(width=width, highlight=False)
    for document in records(done.documents):
        _print_document(console, document, done)


def _print_document(console: Console, document: dict[Any, Any], done: Run) -> None:
    from rich.text import Text

    name = document[c.DOCUMENT_ID]
    console.print(Text(_heading(document), style="bold"))
    standard = ""
    findings = done.findings
    for row in records(findings.loc[findings[c.DOCUMENT_ID] == name]):
        if _standard(row) != standard:
            standard = _standard(row)
            console.print(Text(f"\n{standard}", style="underline"))
        console.print(_entry(row), soft_wrap=False)
    console.print()
    for warning in document[c.WARNINGS]:
        console.print(Text(f"note: {warning}", style="italic"))
    leftovers = done.leftovers
    for row in records(leftovers.loc[leftovers[c.DOCUMENT_ID] == name]):
        console.print(Text(f"left over ({row[c.REASON]}): {row[c.TEXT]}", style="yellow"))
    console.print()


def _entry(row: dict[Any, Any]) -> Table:
    """A finding: its sign and number, its text and quotes as wide as there is room, its page."""
    from rich.table import Table
    from rich.text import Text

    page = "" if row[c.PAGE] is None else f"  (page {row[c.PAGE]})"
    quotes = (Text(quote, style="italic") for quote in row[c.QUOTES])
    entry = Table.grid(padding=(0, 1))
    entry.add_column(no_wrap=True, width=4, justify="right")
    entry.add_column()
    text = Text("\n").join([Text(f"{row[c.TEXT]}{page}"), *quotes])
    entry.add_row(f"{_SIGNS[row[c.POLARITY]]}{row[c.ORDINAL]}", text)
    return entry


def _heading(document: dict[Any, Any]) -> str:
    rating = document[c.OVERALL_RATING]
    score = document[c.SCORE]
    parts = [
        document[c.DOCUMENT_ID],
        document[c.UNIT],
        document[c.REGION],
        document[c.PUBLISHED],
        rating,
        None if score is None else f"{score}/{document[c.SCORE_MAX]}",
        f"{document[c.STRENGTHS]} strengths",
        f"{document[c.AREAS_FOR_IMPROVEMENT]} areas for improvement",
    ]
    return " · ".join(str(part) for part in parts if part is not None)


def _standard(row: dict[Any, Any]) -> str:
    parts = [row[c.CODE], row[c.STANDARD]]
    name = " ".join(str(p) for p in parts if p is not None)
    below = row[c.SUBSECTION]
    return name if below is None else f"{name}: {below}"
