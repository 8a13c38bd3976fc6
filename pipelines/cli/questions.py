"""The commands on key questions: their percentages side by side, and workbooks that give bases."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import typer

from pipelines.cli.options import CSV, FOLDER, FORM, REGION, RUN, THEME, UNIT
from pipelines.cli.progress import say
from pipelines.cli.show import chosen_form, mined_tables, show
from pipelines.cli.values import meant, plain_names, theme_meant
from pipelines.errors import SettingsError

_WORKBOOK = typer.Argument(..., metavar="WORKBOOK", help="ODS or XLSX of one inspection.")
_DOCUMENT = typer.Option("", "--document", metavar="ID", help="The document that it belongs to.")
_SHOWN: Final = 12


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("questions")(questions)
    app.command("attach")(attach)


def questions(
    folder: Path = FOLDER,
    theme: str = THEME,
    region: str = REGION,
    unit: str = UNIT,
    form: str = FORM,
    csv: bool = CSV,
) -> None:
    """List key questions beside the median of other units.

    A theme leaves the questions that bear on it, with the findings and issues of the unit on it.
    """
    from pipelines import columns as c

    tables = mined_tables(folder, "question_units", "question_themes")
    if "question_units" not in tables:
        raise SettingsError(f"{folder}: has not been counted; run: findings aggregate {folder}")
    found = tables["question_units"]
    for column, wanted in ((c.REGION, region), (c.UNIT, unit)):
        if wanted:
            value = meant(f"--{column}", wanted, plain_names(found[column].dropna().unique()))
            found = found.loc[found[column] == value]
    names = [
        c.UNIT,
        c.PUBLISHED,
        c.FRAMEWORK,
        c.CODE,
        c.QUESTION,
        c.PERCENT,
        c.BASE,
        c.BASE_SOURCE,
        c.LOW,
        c.HIGH,
        c.OTHER_UNITS,
        c.MEDIAN,
        c.DIFFERENCE,
        c.CAUTION,
    ]
    if theme:
        joined = tables["question_themes"]
        theme = theme_meant("--theme", theme, joined[c.THEME].unique())
        on = [c.DOCUMENT_ID, c.CODE, c.QUESTION]
        more = [c.AREAS_FOR_IMPROVEMENT, c.STRENGTHS, c.ISSUES]
        found = found.merge(joined.loc[joined[c.THEME] == theme, [*on, *more]], on=on)
        names = [*names[:_SHOWN], *more]
    show(found, names, lead=c.QUESTION, form=chosen_form(form, csv=csv))


def attach(folder: Path = RUN, workbook: Path = _WORKBOOK, document: str = _DOCUMENT) -> None:
    """Join an inspection's data workbook to its document.

    It gives exact bases and further questions. Each cell is checked, and against the report: a
    wrong one is named and nothing is joined. Results are joined by code and key question. A new
    `findings run` into the folder joins it again to what it reads.
    """
    from pipelines import columns as c
    from pipelines.flow.attach import attach_workbook
    from pipelines.flow.attached import TABLE

    run, chosen = attach_workbook(workbook, folder, document=document)
    mine = run.tables[TABLE].loc[run.tables[TABLE][c.DOCUMENT_ID] == chosen]
    printed = run.tables["key_questions"]
    printed = printed.loc[printed[c.DOCUMENT_ID] == chosen]
    same = mine.merge(printed[[c.CODE, c.QUESTION]], on=[c.CODE, c.QUESTION])
    say(
        f"{workbook.name}: {len(mine)} results joined to {chosen}, {len(same)} of its "
        f"{len(printed)} printed questions; {int(mine[c.PERCENT].isna().sum())} kept back"
    )
    say(f"the report was out of date and is removed; next: findings report {folder}")
