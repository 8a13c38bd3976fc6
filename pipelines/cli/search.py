"""The commands that rank findings: for a few words, or by likeness to one of them.

The index is kept in the folder of the run and made again when the findings have changed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from pipelines.cli.options import CSV, FOLDER, FORM, POLARITY, REGIONS, SINCE, THEME, UNIT, UNITS
from pipelines.cli.show import chosen_findings, chosen_form, folder_and, mined, show
from pipelines.cli.values import meant, plain_names
from pipelines.errors import SettingsError

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.flow.opening import OnDisk

_LIMIT = typer.Option(20, "--limit", "-n", min=1, help="Rows at most.")
_FIRST = typer.Argument(..., metavar="DIR", help="Folder of a run; the current one.")
_QUERY = typer.Argument("", metavar="QUERY", help="Words; abbreviations meet their expansions.")
_LIKE = typer.Argument("", metavar="FINDING", help="Id of a finding.")
_UNKNOWN = typer.Option(False, "--unknown", help="Only those that nobody explains.")
_INDEX: Final = "search-index.npz"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("search")(search)
    app.command("similar")(similar)
    app.command("acronyms")(acronyms)


def search(
    first: str = _FIRST,
    second: str = _QUERY,
    theme: str = THEME,
    polarity: str = POLARITY,
    region: list[str] = REGIONS,
    unit: list[str] = UNITS,
    since: str = SINCE,
    limit: int = _LIMIT,
    form: str = FORM,
    csv: bool = CSV,
) -> None:
    """Rank the findings of a run for a few words.

    DIR and QUERY may also be given the other way round.
    """
    from pipelines import columns as c
    from pipelines.mine.search import search as rank
    from pipelines.mine.search import stored_index

    folder, query = folder_and(first, second, what="words to search for")
    if not query.strip():
        raise SettingsError("no words to search for; give some: findings search DIR QUERY")
    tables = mined(folder, "abbreviations")
    chosen, _ = chosen_findings(
        tables, theme=theme, polarity=polarity, regions=region, units=unit, since=since
    )
    findings = _findings(tables)
    found = rank(
        query,
        findings,
        index=stored_index(_defined(tables, findings), folder / _INDEX),
        within=chosen[c.FINDING_ID].to_pylist(),
        limit=limit,
    )
    _ranked(found, form=chosen_form(form, csv=csv))


def similar(
    first: str = _FIRST,
    second: str = _LIKE,
    limit: int = _LIMIT,
    form: str = FORM,
    csv: bool = CSV,
) -> None:
    """Rank the findings of a run by their likeness to one of them.

    DIR and FINDING may also be given the other way round.
    """
    from pipelines.mine.search import similar as rank
    from pipelines.mine.search import stored_index

    folder, finding = folder_and(first, second, what="the id of a finding")
    tables = mined(folder, "abbreviations")
    findings = _findings(tables)
    index = stored_index(_defined(tables, findings), folder / _INDEX)
    _ranked(rank(finding, findings, index=index, limit=limit), form=chosen_form(form, csv=csv))


def acronyms(
    folder: Path = FOLDER,
    unit: str = UNIT,
    unknown: bool = _UNKNOWN,
    form: str = FORM,
    csv: bool = CSV,
) -> None:
    """List short forms with what they stand for in their documents.

    What a document says itself counts inside it. Those of several senses are marked, with all.
    """
    from pipelines import columns as c
    from pipelines.flow import open_run
    from pipelines.flow.storage.taken import Taken
    from pipelines.shortforms import UNKNOWN

    tables = open_run(folder, {"abbreviations": Taken(), "documents": Taken()}).tables
    if "abbreviations" not in tables:
        raise SettingsError(
            f"{folder}: was made by an earlier version, without short forms; run findings run again"
        )
    about = tables["documents"][[c.DOCUMENT_ID, c.UNIT]]
    found = tables["abbreviations"].merge(about, on=c.DOCUMENT_ID, how="left")
    if unit:
        unit = meant("--unit", unit, plain_names(found[c.UNIT].dropna().unique()))
        found = found.loc[found[c.UNIT] == unit]
    if unknown:
        found = found.loc[found[c.SOURCE] == UNKNOWN]
    names = [c.SHORT, c.EXPANSION, c.SOURCE, c.AMBIGUOUS, c.SENSES, c.SPELLINGS, c.TIMES]
    show(
        found.sort_values([c.SHORT, c.DOCUMENT_ID]),
        [*names, c.DOCUMENT_ID],
        form=chosen_form(form, csv=csv),
    )


def _findings(tables: OnDisk) -> pd.DataFrame:
    """Return the findings with what is searched and what can be shown of them."""
    from pipelines import columns as c

    shown = (c.FINDING_ID, c.DOCUMENT_ID, c.UNIT, c.PUBLISHED, c.STANDARD, c.POLARITY)
    return tables.frame("findings", (*shown, c.TEXT, c.DIGEST))


def _defined(tables: OnDisk, findings: pd.DataFrame) -> pd.DataFrame:
    from pipelines.mine.search import defined

    known = tables.frame("abbreviations") if "abbreviations" in tables.files else None
    return defined(findings, known)


def _ranked(found: pd.DataFrame, *, form: str) -> None:
    from pipelines import columns as c

    shown = [c.SCORE, c.UNIT, c.PUBLISHED, c.STANDARD, c.POLARITY, c.TEXT, c.FINDING_ID]
    show(found, shown, form=form, lead=c.TEXT)
