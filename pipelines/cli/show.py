"""What commands share: the tables of a folder, the findings that options leave, printing."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from pipelines.errors import SettingsError

if TYPE_CHECKING:
    import pandas as pd

FOLDER = typer.Argument(Path(), metavar="[DIR]", help="Folder of a run; the current one.")
THEME = typer.Option("", "--theme", help="Slug of a theme.")
POLARITY = typer.Option("", "--polarity", help="`strength` or `area_for_improvement`.")
REGION = typer.Option("", "--region", help="Plain name of a region.")
UNIT = typer.Option("", "--unit", help="Plain name of a unit.")
CSV = typer.Option(False, "--csv", help="Print CSV.")

_WIDEST: Final = 400


def mined_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a folder.

    Raises:
        SettingsError: The folder has not been mined.
    """
    from pipelines.flow import open_run

    tables = open_run(folder).tables
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
            known = sorted(findings[column].dropna().unique())
            if wanted not in known:
                raise SettingsError(f"--{column} {wanted!r}: this run has {', '.join(known)}")
            findings = findings.loc[findings[column] == wanted]
    if theme:
        tags = tables["tags"]
        known = sorted(tags[c.THEME].unique())
        if theme not in known:
            raise SettingsError(f"--theme {theme!r}: this run has {', '.join(known)}")
        having = tags.loc[tags[c.ASSIGNED] & (tags[c.THEME] == theme), c.FINDING_ID]
        findings = findings.loc[findings[c.FINDING_ID].isin(having)]
    return findings


def show(found: pd.DataFrame, names: list[str], *, csv: bool) -> None:
    """Print columns of a table: CSV, or a table as wide as the terminal, else as its cells need.

    An empty one is said on stderr.
    """
    from pipelines.report.export import to_csv

    if csv:
        sys.stdout.write(to_csv(found[names]))
        if found.empty:
            say("nothing found")
        return
    if found.empty:
        say("nothing found")
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in names:
        table.add_column(name.replace("_", " "), max_width=_WIDEST)
    for row in found[names].to_numpy(dtype=object).tolist():
        table.add_row(*(Text(_cell(value)) for value in row))
    Console(width=None if sys.stdout.isatty() else 10_000).print(table)
    say(f"{len(found)} rows")


def _cell(value: object) -> str:
    from pipelines.report.english import plain

    if isinstance(value, list):
        return "; ".join(plain(part) for part in value)
    if value is None or str(value) in ("<NA>", "nan"):
        return ""
    return f"{value:.3g}" if isinstance(value, float) else plain(value)


def say(line: str) -> None:
    """Say a line on stderr."""
    from pipelines.report.english import plain

    typer.echo(plain(line), err=True)
