"""The command `brief`: one or two pages about a region, a unit, a theme or an issue."""

from __future__ import annotations

from pathlib import Path

import typer

from pipelines.cli.options import RUN
from pipelines.cli.part import part_meant
from pipelines.cli.progress import say
from pipelines.cli.values import parted, target
from pipelines.durable import unlinked

_REGION = typer.Option(None, "--region", help="About this region; may be given repeatedly.")
_UNIT = typer.Option(None, "--unit", help="About this unit; may be given repeatedly.")
_THEME = typer.Option(None, "--theme", help="About this theme.")
_ISSUE = typer.Option(None, "--issue", help="About this issue (id, subject or name).")
_SINCE = typer.Option("", "--since", help="Only reports published since then, such as 2024-03.")
_TITLE = typer.Option("", "--title", help="Title of the brief.")
_FORMATS = typer.Option("html,docx", "--formats", help="Parted by commas: html,docx,pdf.")
_OUT = target(
    None, "--out", "-o", metavar="FOLDER", help="Folder for the brief; DIR/extracts if not given."
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("brief")(brief)


def brief(
    folder: Path = RUN,
    region: list[str] | None = _REGION,
    unit: list[str] | None = _UNIT,
    theme: list[str] | None = _THEME,
    issue: list[str] | None = _ISSUE,
    since: str = _SINCE,
    title: str = _TITLE,
    formats: str = _FORMATS,
    out: Path | None = _OUT,
) -> None:
    """Write a brief of one or two pages on a part of a run.

    For a person who reads nothing else; PDF needs the extra `pdf`.

    What stands out against the rest, three issues in the inspectors' words, what is new since the
    last inspection, what was recommended, and what is uncertain.
    """
    from pipelines.flow import open_run
    from pipelines.report import ReportSettings
    from pipelines.report.brief.forms import write_brief

    settings = ReportSettings(since=since, title=title)
    place = out or unlinked(folder, "extracts", "say where to with --out")
    tables = open_run(folder).tables
    settings = part_meant(settings, tables, themes=theme, units=unit, regions=region, issues=issue)
    for path in write_brief(tables, place, settings=settings, formats=parted(formats)):
        say(f"brief: {path}")
