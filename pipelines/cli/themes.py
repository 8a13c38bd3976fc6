"""The commands on themes that findings propose: list, accept as drafts, merge."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import typer

from pipelines.cli.show import CSV, FOLDER, mined_tables, say, show

_PROPOSAL = typer.Argument(..., metavar="PROPOSAL", help="Slug of a proposed theme.")
_INTO = typer.Argument(..., metavar="THEME", help="Slug of the theme to merge it into.")
_CODEBOOK = typer.Option(
    Path("codebook.toml"),
    "--codebook",
    metavar="FILE",
    help="Your codebook; begun as a copy of the shipped one.",
)
_GROUP = typer.Option("", "--group", help="Slug of the theme's group.")
_NAME = typer.Option("", "--name", help="Name of the theme.")
_EXAMPLES: Final = "examples"

themes = typer.Typer(
    help="List proposed themes; accept or merge them.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    themes.command("propose")(propose)
    themes.command("accept")(accept)
    themes.command("merge")(merge)
    app.add_typer(themes, name="themes")


def propose(folder: Path = FOLDER, csv: bool = CSV) -> None:
    """List the themes proposed from findings that no theme holds."""
    from pipelines import columns as c

    tables = mined_tables(folder)
    members = tables["proposal_findings"].merge(
        tables["findings"][[c.FINDING_ID, c.TEXT]], on=c.FINDING_ID
    )
    typical = members.loc[members[c.REPRESENTATIVE]].groupby(c.PROPOSAL_ID)[c.TEXT]
    found = tables["proposals"].merge(
        typical.agg(" | ".join).rename(_EXAMPLES).reset_index(), on=c.PROPOSAL_ID, how="left"
    )
    shown = [c.PROPOSAL_ID, c.LABEL, c.TERMS, c.FINDINGS, c.UNITS, c.THEME, c.STABILITY]
    show(found, [*shown, _EXAMPLES], csv=csv)


def accept(
    proposal: str = _PROPOSAL,
    folder: Path = FOLDER,
    codebook: Path = _CODEBOOK,
    group: str = _GROUP,
    name: str = _NAME,
) -> None:
    """Write a proposed theme to your codebook as a draft."""
    from pipelines.mine.adopt import accept as adopt

    labels = adopt(
        mined_tables(folder), proposal, codebook=codebook, group=group or None, name=name or None
    )
    say(f"{codebook}: {proposal} is a draft theme; its first labels: {labels}")


def merge(
    proposal: str = _PROPOSAL,
    theme: str = _INTO,
    folder: Path = FOLDER,
    codebook: Path = _CODEBOOK,
) -> None:
    """Add a proposal to a theme of your codebook."""
    from pipelines.mine.adopt import merge as adopt

    labels = adopt(mined_tables(folder), proposal, theme, codebook=codebook)
    say(f"{codebook}: {proposal} is part of {theme}; labels: {labels}")
