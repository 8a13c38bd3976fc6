"""The commands on what has been mined: shares, issues and links.

The folder of the run comes last and is the current one where none is given.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import typer

from pipelines.cli.show import (
    CSV,
    FOLDER,
    FORM,
    POLARITY,
    REGION,
    THEME,
    UNIT,
    chosen_findings,
    chosen_form,
    meant_theme,
    mined_tables,
    say,
    show,
)

_SENTENCE: Final = "sentence"
_RECOMMENDATION: Final = "recommendation"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("shares")(shares)
    app.command("issues")(issues)
    app.command("links")(links)


def shares(
    folder: Path = FOLDER,
    theme: str = THEME,
    polarity: str = POLARITY,
    region: str = REGION,
    unit: str = UNIT,
    form: str = FORM,
    csv: bool = CSV,
) -> None:
    """List the proportions that findings state, with the sentence."""
    from pipelines import columns as c
    from pipelines.mine.shares import sentence_of

    tables = mined_tables(folder, "shares", theme=theme)
    theme = meant_theme(tables, theme)
    chosen = chosen_findings(tables, theme=theme, polarity=polarity, region=region, unit=unit)
    found = tables["shares"].merge(
        chosen[[c.FINDING_ID, c.UNIT, c.PUBLISHED, c.POLARITY, c.TEXT]],
        on=c.FINDING_ID,
        suffixes=("", "_whole"),
    )
    found[_SENTENCE] = [
        sentence_of(text, start)
        for text, start in zip(found[f"{c.TEXT}_whole"], found[c.START], strict=True)
    ]
    found = found.sort_values([c.UNIT, c.PUBLISHED, c.FINDING_ID, c.START])
    show(
        found,
        [
            c.UNIT,
            c.PUBLISHED,
            c.POLARITY,
            c.COMPARATOR,
            c.VALUE,
            c.NUMERATOR,
            c.DENOMINATOR,
            c.GOOD_SHARE,
            _SENTENCE,
            c.FINDING_ID,
        ],
        form=chosen_form(form, csv=csv),
        lead=_SENTENCE,
    )


def issues(
    folder: Path = FOLDER,
    theme: str = THEME,
    polarity: str = POLARITY,
    region: str = REGION,
    unit: str = UNIT,
    form: str = FORM,
    csv: bool = CSV,
) -> None:
    """List the recurring issues, the most widespread first.

    A region or unit leaves the issues that it has a finding of.
    """
    from pipelines import columns as c
    from pipelines.mine import said_once

    tables = mined_tables(folder, "issues", "issue_findings", theme=theme)
    theme = meant_theme(tables, theme)
    found, members = tables["issues"], tables["issue_findings"]
    chosen = chosen_findings(tables, theme=theme, polarity=polarity, region=region, unit=unit)
    having = members.loc[members[c.FINDING_ID].isin(chosen[c.FINDING_ID]), c.ISSUE_ID]
    found = found.loc[found[c.ISSUE_ID].isin(having)]
    if theme:
        found = found.loc[found[c.THEME] == theme]
    typical = (
        members.loc[members[c.REPRESENTATIVE]]
        .sort_values([c.SIMILARITY, c.FINDING_ID], ascending=[False, True])
        .drop_duplicates(c.ISSUE_ID)
        .merge(tables["findings"][[c.FINDING_ID, c.TEXT]], on=c.FINDING_ID)
    )
    found = found.merge(typical[[c.ISSUE_ID, c.TEXT]], on=c.ISSUE_ID, how="left")
    found = found.sort_values([c.UNITS, c.FINDINGS, c.ISSUE_ID], ascending=[False, False, True])
    show(
        found,
        [
            c.LABEL,
            c.THEME,
            c.POLARITY,
            c.FINDINGS,
            c.UNITS,
            c.UNITS_INSPECTED,
            c.UNITS_SURE,
            c.OPPOSITE_UNITS,
            c.LOW,
            c.HIGH,
            c.STATUS,
            c.TEXT,
            c.ISSUE_ID,
        ],
        form=chosen_form(form, csv=csv),
        lead=c.LABEL,
    )
    say(f"{said_once(tables['findings'], members)} of {len(tables['findings'])} said once")


def links(
    folder: Path = FOLDER,
    theme: str = THEME,
    polarity: str = POLARITY,
    region: str = REGION,
    unit: str = UNIT,
    form: str = FORM,
    csv: bool = CSV,
) -> None:
    """List recommendations with the findings behind them.

    Options choose among the findings.
    """
    from pipelines import columns as c

    tables = mined_tables(folder, "links", "recommendations", "coverage", theme=theme)
    theme = meant_theme(tables, theme)
    chosen = chosen_findings(tables, theme=theme, polarity=polarity, region=region, unit=unit)
    found = (
        tables["links"]
        .merge(
            tables["recommendations"][[c.RECOMMENDATION_ID, c.ADDRESSEE, c.TEXT]],
            on=c.RECOMMENDATION_ID,
        )
        .rename(columns={c.TEXT: _RECOMMENDATION})
        .merge(chosen[[c.FINDING_ID, c.POLARITY, c.TEXT]], on=c.FINDING_ID)
    )
    shown = [
        c.RECOMMENDATION_ID,
        c.ADDRESSEE,
        _RECOMMENDATION,
        c.SCORE,
        c.CERTAINTY,
        c.POLARITY,
        c.TEXT,
        c.FINDING_ID,
    ]
    show(found, shown, form=chosen_form(form, csv=csv), lead=_RECOMMENDATION)
    lacking = tables["coverage"]
    lacking = lacking.loc[lacking[c.DOCUMENT_ID].isin(chosen[c.DOCUMENT_ID])]
    if theme:
        lacking = lacking.loc[lacking[c.THEME] == theme]
    for row in lacking.to_dict("records"):
        if row[c.KIND] == "recommendation_without_evidence":
            say(f"{row[c.RECOMMENDATION_ID]}: no finding supports it")
        else:
            say(
                f"{row[c.DOCUMENT_ID]}: {row[c.FINDINGS]} areas for improvement on "
                f"{row[c.THEME]}, no recommendation"
            )
