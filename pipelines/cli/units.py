"""The command on units: what a run has of each, and which names may be of one."""

from __future__ import annotations

from pathlib import Path

import typer

from pipelines.cli.options import CSV, FOLDER, FORM
from pipelines.cli.progress import say
from pipelines.cli.show import chosen_form, show

_TWICE = typer.Option(False, "--twice", help="Only units that were inspected more than once.")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("units")(units)


def units(folder: Path = FOLDER, twice: bool = _TWICE, form: str = FORM, csv: bool = CSV) -> None:
    """List units: reports, dates, ratings, near names.

    Units inspected more than once have several dates. Names that may be of one unit are proposed
    and never joined: an alias in the list of places joins them.
    """
    from pipelines import columns as c
    from pipelines.flow import open_run
    from pipelines.flow.storage.taken import Taken
    from pipelines.flow.units import COLUMNS, REPORTS, list_units, possible_twins

    tables = open_run(folder, {"documents": Taken()}).tables
    twins = possible_twins(tables)
    found = list_units(tables, twins)
    if twice:
        found = found.loc[found[REPORTS] > 1]
    show(found, list(COLUMNS), form=chosen_form(form, csv=csv), lead=c.UNIT)
    for miss in twins:
        say(
            f"perhaps one unit: {miss.one} | {miss.other} ({miss.why}); if it is, give one name "
            "as an alias (`also`) of the other in your list of places"
        )
