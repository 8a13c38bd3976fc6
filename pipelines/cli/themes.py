"""The commands on themes that findings propose: list, accept as drafts, merge."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import typer

from pipelines.cli.options import CSV, FOLDER, FORM
from pipelines.cli.progress import say
from pipelines.cli.show import chosen_form, mined_tables, show

_PROPOSAL = typer.Argument(..., metavar="PROPOSAL", help="Slug of a proposed theme.")
_INTO = typer.Argument(..., metavar="THEME", help="Slug of the theme to merge it into.")
_GROUP = typer.Option("", "--group", help="Slug of the theme's group.")
_NAME = typer.Option("", "--name", help="Name of the theme.")
_EXAMPLES: Final = "examples"

themes = typer.Typer(
    help="List proposed themes; accept or merge them.",
    no_args_is_help=True,
)

_PROPOSED: Final = ("findings", "proposals", "proposal_findings")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    themes.command("propose")(propose)
    themes.command("accept")(accept)
    themes.command("merge")(merge)
    app.add_typer(themes, name="themes")


def propose(folder: Path = FOLDER, form: str = FORM, csv: bool = CSV) -> None:
    """List the themes proposed from findings that no theme holds."""
    from pipelines import columns as c

    tables = mined_tables(folder, *_PROPOSED)
    members = tables["proposal_findings"].merge(
        tables["findings"][[c.FINDING_ID, c.TEXT]], on=c.FINDING_ID
    )
    typical = members.loc[members[c.REPRESENTATIVE]].groupby(c.PROPOSAL_ID)[c.TEXT]
    found = tables["proposals"].merge(
        typical.agg(" | ".join).rename(_EXAMPLES).reset_index(), on=c.PROPOSAL_ID, how="left"
    )
    shown = [c.PROPOSAL_ID, c.LABEL, c.TERMS, c.FINDINGS, c.UNITS, c.THEME, c.STABILITY]
    show(found, [*shown, _EXAMPLES], form=chosen_form(form, csv=csv))


def accept(
    proposal: str = _PROPOSAL,
    folder: Path = FOLDER,
    group: str = _GROUP,
    name: str = _NAME,
) -> None:
    """Write a proposed theme to your project as a draft."""
    from pipelines.mine.edits.adopt import accept as adopt

    labels = adopt(
        mined_tables(folder, *_PROPOSED), proposal, group=group or None, name=name or None
    )
    say(f"{proposal} is a draft theme of your project; its first labels: {labels}")
    say("next: label more findings for it, then findings train")


def merge(
    proposal: str = _PROPOSAL,
    theme: str = _INTO,
    folder: Path = FOLDER,
) -> None:
    """Add a proposal to a theme, in your project."""
    from pipelines.mine.edits.adopt import merge as adopt

    labels = adopt(mined_tables(folder, *_PROPOSED), proposal, theme)
    say(f"{proposal} is part of {theme} in your project; labels: {labels}")
