"""The commands that rank findings: for a few words, or by likeness to one of them.

The index is kept in the folder of the run and made anew when the findings have changed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from pipelines.cli.show import (
    CSV,
    FOLDER,
    POLARITY,
    REGION,
    THEME,
    UNIT,
    chosen_findings,
    mined_tables,
    show,
)

if TYPE_CHECKING:
    import pandas as pd

_LIMIT = typer.Option(20, "--limit", "-n", min=1, help="Rows at most.")
_QUERY = typer.Argument(..., metavar="QUERY", help="Words; abbreviations meet their expansions.")
_LIKE = typer.Argument(..., metavar="FINDING", help="Id of a finding.")
_INDEX: Final = "search-index.npz"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("search")(search)
    app.command("similar")(similar)


def search(
    query: str = _QUERY,
    folder: Path = FOLDER,
    theme: str = THEME,
    polarity: str = POLARITY,
    region: str = REGION,
    unit: str = UNIT,
    limit: int = _LIMIT,
    csv: bool = CSV,
) -> None:
    """Rank the findings of a run for a few words."""
    from pipelines import columns as c
    from pipelines.mine.search import search as rank
    from pipelines.mine.search import stored_index

    tables = mined_tables(folder)
    chosen = chosen_findings(tables, theme=theme, polarity=polarity, region=region, unit=unit)
    found = rank(
        query,
        tables["findings"],
        index=stored_index(tables["findings"], folder / _INDEX),
        within=chosen[c.FINDING_ID].tolist(),
        limit=limit,
    )
    _ranked(found, csv=csv)


def similar(
    finding: str = _LIKE,
    folder: Path = FOLDER,
    limit: int = _LIMIT,
    csv: bool = CSV,
) -> None:
    """Rank the findings of a run by their likeness to one of them."""
    from pipelines.mine.search import similar as rank
    from pipelines.mine.search import stored_index

    tables = mined_tables(folder)
    index = stored_index(tables["findings"], folder / _INDEX)
    _ranked(rank(finding, tables["findings"], index=index, limit=limit), csv=csv)


def _ranked(found: pd.DataFrame, *, csv: bool) -> None:
    from pipelines import columns as c

    shown = [c.SCORE, c.UNIT, c.PUBLISHED, c.STANDARD, c.POLARITY, c.TEXT, c.FINDING_ID]
    show(found, shown, csv=csv)
