"""The command `changes`: what is different since an earlier run of a folder."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from pipelines.cli.options import RUN
from pipelines.cli.progress import say

_SINCE = typer.Option(
    "",
    "--since",
    metavar="WHEN",
    help="Number of a kept run (see generations list), or a day; the run before if not given.",
)
_CSV = typer.Option(False, "--csv", help="Print CSV instead of sentences.")
_SHOWN = 15  # of each kind in words; CSV has all


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("changes")(changes)


def changes(folder: Path = RUN, since: str = _SINCE, csv: bool = _CSV) -> None:
    """Say what changed since an earlier run of a folder.

    Reports, issues, and decisions on findings.

    Earlier runs are kept as `findings run --keep` says; `findings report --changes` shows the same
    in a report.
    """
    from pipelines.flow.changes import changes_since
    from pipelines.report.changed import changed
    from pipelines.report.export.files import to_csv

    earlier, found = changes_since(folder, since)
    say(f"since run {earlier.number} of {earlier.ended:%Y-%m-%d %H:%M} UTC:")
    if csv:
        sys.stdout.write(to_csv(found))
        return
    for head, lines in changed(found):
        typer.echo(f"{head}: {len(lines)}")
        for line in lines[:_SHOWN]:
            typer.echo(f"  {line}")
        if len(lines) > _SHOWN:
            typer.echo(f"  and {len(lines) - _SHOWN} more; --csv lists all")
    if found.empty:
        typer.echo("nothing changed")
