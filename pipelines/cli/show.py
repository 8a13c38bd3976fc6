"""What commands share: the tables of a folder, the findings that options leave, printing."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from pipelines.cli.entries import cell, print_entries
from pipelines.cli.values import POLARITIES, meant, plain_names, theme_names
from pipelines.errors import SettingsError

if TYPE_CHECKING:
    import pandas as pd

FOLDER = typer.Argument(Path(), metavar="[DIR]", help="Folder of a run; the current one.")
THEME = typer.Option("", "--theme", help="A theme: its slug or name, or a start of it.")
POLARITY = typer.Option("", "--polarity", help="`strength` or `area`.")
REGION = typer.Option("", "--region", help="A region, or a start of its name.")
UNIT = typer.Option("", "--unit", help="A unit, or a start of its name.")
FORM = typer.Option("table", "--format", help="`table`, `csv` or `json`.")
CSV = typer.Option(False, "--csv", help="The same as --format csv.")

_WIDEST: Final = 400
_FORMS: Final = ("table", "csv", "json")


def mined_tables(folder: Path, *names: str, theme: str = "") -> dict[str, pd.DataFrame]:
    """Return tables of a folder, of a large run in the memory of a small one.

    Args:
        folder: Of a run.
        names: Of the tables wanted, besides the findings, of which there is what can be shown; all
            tables, and all of them, where none are named.
        theme: Where one is asked for, the tags that are given are there too.

    Raises:
        SettingsError: The folder has not been mined.
    """
    from pipelines import columns as c
    from pipelines.flow import open_run
    from pipelines.flow.taken import GIVEN, Taken

    shown = (c.FINDING_ID, c.DOCUMENT_ID, c.UNIT, c.REGION, c.PUBLISHED, c.STANDARD, c.POLARITY)
    tag = (c.FINDING_ID, c.THEME, c.PROBABILITY, c.ASSIGNED)
    wanted = {"issues": Taken((c.ISSUE_ID,)), **{name: Taken() for name in names}}
    wanted |= {"findings": Taken((*shown, c.TEXT, c.DIGEST))}
    if theme:
        wanted |= {"tags": Taken(tag, GIVEN), "recurrence": Taken((c.THEME,))}
    tables = open_run(folder, wanted if names else None).tables
    if "issues" not in tables:
        raise SettingsError(f"{folder}: has not been mined; run: findings mine {folder}")
    return dict(tables)


def folder_and(first: str, second: str, *, what: str) -> tuple[Path, str]:
    """Tell the folder of a run from what is asked of it; either may come first.

    Args:
        first: The first argument.
        second: The second one; empty where there is none: the current folder is meant.
        what: What is asked, for the message: `words to search for`.

    Raises:
        SettingsError: There is nothing asked, or neither is the folder of a run.
    """
    from pipelines.flow.written import MANIFEST

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


def chosen_findings(
    tables: Mapping[str, pd.DataFrame], *, theme: str, polarity: str, region: str, unit: str
) -> pd.DataFrame:
    """Return the findings that the options leave; a value that no finding has is an error."""
    from pipelines import columns as c

    findings = tables["findings"]
    for column, wanted in ((c.POLARITY, polarity), (c.REGION, region), (c.UNIT, unit)):
        if wanted:
            known = plain_names(findings[column].dropna().unique())
            value = meant(f"--{column}", wanted, POLARITIES if column == c.POLARITY else known)
            findings = findings.loc[findings[column] == value]
    if theme:
        tags, theme = tables["tags"], meant_theme(tables, theme)
        having = tags.loc[tags[c.ASSIGNED] & (tags[c.THEME] == theme), c.FINDING_ID]
        findings = findings.loc[findings[c.FINDING_ID].isin(having)]
    return findings


def meant_theme(tables: Mapping[str, pd.DataFrame], theme: str) -> str:
    """Return the slug of the theme that is meant; nothing where none was given."""
    from pipelines import columns as c

    if not theme:
        return ""
    listed = [tables[name] for name in ("tags", "recurrence") if name in tables]
    known = {str(slug) for data in listed for slug in data[c.THEME]}
    return meant("--theme", theme, theme_names(sorted(known)))


def chosen_form(form: str, *, csv: bool) -> str:
    """Return the form of output that options ask for.

    Raises:
        SettingsError: It is none of the three.
    """
    if form not in _FORMS:
        raise SettingsError(f"--format {form!r}: expected {', '.join(_FORMS)}")
    return "csv" if csv else form


def show(found: pd.DataFrame, names: list[str], *, form: str, lead: str = "") -> None:
    """Print columns of a table; an empty one is said on stderr.

    Args:
        found: The table.
        names: Of the columns.
        form: `csv`; `json`, an array of objects; or `table`.
        lead: The column of text that each row is about. With one, a row is an entry as wide as the
            terminal: text first, the rest in small below, ids whole. Without one, a table.
    """
    if form == "csv":
        from pipelines.report.export import to_csv

        sys.stdout.write(to_csv(found[names]))
    elif form == "json":
        rows = [
            {name: _as_json(value) for name, value in zip(names, row, strict=True)}
            for row in found[names].to_numpy(dtype=object).tolist()
        ]
        sys.stdout.write(f"{dumps(rows, ensure_ascii=False, indent=1)}\n")
    elif len(found) and lead:
        print_entries(found[names], lead)
    elif len(found):
        _print_table(found, names)
    say(f"{len(found)} rows" if len(found) else "nothing found")


def _as_json(value: object) -> object:
    if isinstance(value, list) or hasattr(value, "tolist"):
        return value if isinstance(value, list) else value.tolist()
    missing = value is None or str(value) in ("<NA>", "nan", "NaT")
    return None if missing else value if isinstance(value, (str, int, float)) else str(value)


def _print_table(found: pd.DataFrame, names: list[str]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in names:
        table.add_column(name.replace("_", " "), max_width=_WIDEST)
    for row in found[names].to_numpy(dtype=object).tolist():
        table.add_row(*(Text(cell(value)) for value in row))
    Console(width=None if sys.stdout.isatty() else 10_000).print(table)


def say(line: str) -> None:
    """Say a line on stderr."""
    from pipelines.report.english import plain

    typer.echo(plain(line), err=True)
