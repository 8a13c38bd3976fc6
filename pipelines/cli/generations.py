"""The commands `generations list` and `generations restore`: earlier runs of a folder."""

from __future__ import annotations

from pathlib import Path

import typer

from pipelines.cli.options import RUN
from pipelines.cli.progress import say

_NUMBER = typer.Argument(..., metavar="NUMBER", help="As `generations list` gives it.")
_WAIT = typer.Option(0.0, "--wait", min=0, help="Seconds to wait for another run in the folder.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Earlier runs of a folder, which are kept.", no_args_is_help=True)
    group.command("list")(listed)
    group.command("restore")(restore)
    app.add_typer(group, name="generations")


def listed(folder: Path = RUN) -> None:
    """List the runs that a folder keeps, oldest first."""
    from pipelines.flow.storage.store import RunFolder

    for kept in RunFolder(folder).generations():
        number = "-" if kept.number is None else str(kept.number)
        documents = "?" if kept.documents is None else str(kept.documents)
        typer.echo(
            f"{'*' if kept.current else ' '} {number:>4}  {kept.ended:%Y-%m-%d %H:%M} UTC  "
            f"{documents} documents{', counted or written again' if kept.again else ''}"
        )


def restore(folder: Path = RUN, number: int = _NUMBER, wait: float = _WAIT) -> None:
    """Make an earlier run the current one again."""
    from pipelines.flow.storage.store import RunFolder

    RunFolder(folder, mixed=True).restore(number, wait=wait)
    say(f"{folder}: generation {number} is current again")
