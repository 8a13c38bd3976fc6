"""The commands on what has been mined: shares, issues and links.

The folder of the run comes last and is the current one where none is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from pipelines.cli.options import CSV, FOLDER, FORM, POLARITY, REGIONS, SINCE, THEME, UNITS
from pipelines.cli.progress import say
from pipelines.cli.show import (
    chosen_findings,
    chosen_form,
    in_order,
    joined,
    mined,
    of_ids,
    show,
    texts_of,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from pipelines.flow.opening import OnDisk

_SENTENCE: Final = "sentence"
_RECOMMENDATION: Final = "recommendation"
_FIRST: Final = "first_found"
_LAST: Final = "last_found"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("shares")(shares)
    app.command("issues")(issues)
    app.command("links")(links)


def shares(
    folder: Path = FOLDER,
    theme: str = THEME,
    polarity: str = POLARITY,
    region: list[str] = REGIONS,
    unit: list[str] = UNITS,
    since: str = SINCE,
    form: str = FORM,
    csv: bool = CSV,
) -> None:
    """List the proportions that findings state, with the sentence."""
    import pyarrow as pa

    from pipelines import columns as c
    from pipelines.mine.proportions.shares import sentence_of

    tables = mined(folder, "shares")
    chosen, _ = chosen_findings(
        tables, theme=theme, polarity=polarity, regions=region, units=unit, since=since
    )
    about = (c.UNIT, c.PUBLISHED, c.POLARITY)
    found = joined(_of(tables, "shares"), chosen, c.FINDING_ID, {name: name for name in about})
    found = joined(found, texts_of(tables, found), c.FINDING_ID, {c.TEXT: _SENTENCE})
    order = (c.UNIT, c.PUBLISHED, c.FINDING_ID, c.START)
    found = in_order(found, *((name, "ascending") for name in order))
    told = zip(found[_SENTENCE].to_pylist(), found[c.START].to_pylist(), strict=True)
    sentences = [sentence_of(text, start) for text, start in told]
    found = found.drop_columns(_SENTENCE).append_column(_SENTENCE, pa.array(sentences, pa.string()))
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
    region: list[str] = REGIONS,
    unit: list[str] = UNITS,
    since: str = SINCE,
    form: str = FORM,
    csv: bool = CSV,
) -> None:
    """List recurring issues: pinned ones, then the most widespread.

    Regions, units or a date leave the issues that findings of theirs state, counted and quoted
    within them.
    """
    import pyarrow.compute as pc

    from pipelines import columns as c

    tables = mined(folder, "issue_findings", "documents")
    chosen, theme = chosen_findings(
        tables, theme=theme, polarity=polarity, regions=region, units=unit, since=since
    )
    members = tables.take("issue_findings", [c.ISSUE_ID, c.FINDING_ID])
    having = of_ids(members, chosen[c.FINDING_ID])[c.ISSUE_ID]
    inside, _ = chosen_findings(tables, regions=region, units=unit, since=since)
    asked = [name for name, said in ((c.REGION, region), (c.UNIT, unit)) if said]
    part = bool(asked or since)
    found = _recounted(tables, inside, asked, since) if part else _of(tables, "issues")
    found = of_ids(found, having, c.ISSUE_ID)
    if theme:
        found = found.filter(pc.equal(found[c.THEME], theme))
    # As the report chooses them.
    surest = [(name, "descending") for name in (c.REPRESENTATIVE, c.PROBABILITY, c.SIMILARITY)]
    names = [c.ISSUE_ID, c.FINDING_ID, *(name for name, _ in surest)]
    # What stands for an issue in the whole run may all be of elsewhere.
    shown = tables.take("issue_findings", names, None if part else {c.REPRESENTATIVE: None})
    shown = of_ids(shown, inside[c.FINDING_ID])
    shown = in_order(shown, *surest, (c.FINDING_ID, "ascending"))
    # `index_in` finds the first of several: the most telling.
    said = shown.take(pc.index_in(found[c.ISSUE_ID], value_set=shown[c.ISSUE_ID]))[c.FINDING_ID]
    texts = texts_of(tables, shown)
    examples = texts[c.TEXT].take(pc.index_in(said, value_set=texts[c.FINDING_ID]))
    found = found.append_column(c.TEXT, examples)
    stated = joined(members, inside, c.FINDING_ID, {c.PUBLISHED: c.PUBLISHED})
    for name, order in ((_FIRST, "ascending"), (_LAST, "descending")):
        dated = in_order(stated, (c.PUBLISHED, order))  # what has no date comes last in both
        places = pc.index_in(found[c.ISSUE_ID], value_set=dated[c.ISSUE_ID])
        found = found.append_column(name, dated[c.PUBLISHED].take(places))
    ranks = (
        *((name, "descending") for name in (c.PINNED, c.UNITS, c.FINDINGS)),
        (c.ISSUE_ID, "ascending"),
    )
    found = in_order(found, *ranks)
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
            _FIRST,
            _LAST,
            c.STATUS,
            c.TEXT,
            c.ISSUE_ID,
        ],
        form=chosen_form(form, csv=csv),
        lead=c.LABEL,
    )
    if tables.take("documents", [c.DOCUMENT_ID]).num_rows == 1:
        say("an issue is what findings of two inspections or more say, and here there is one")
    often = of_ids(inside, members[c.FINDING_ID]).num_rows
    say(f"{inside.num_rows - often} of {inside.num_rows} in no issue")


def _recounted(tables: OnDisk, inside: pa.Table, alike: Sequence[str], since: str) -> pa.Table:
    """Return the issues as a report on regions, units or what is new counts them.

    Args:
        tables: Of the run.
        inside: Its findings, one at least.
        alike: Columns of documents in which all that it is about are as its findings are.
        since: Date from which on; empty for all.
    """
    import pyarrow as pa

    from pipelines import columns as c
    from pipelines.aggregate import recount_issues
    from pipelines.report.extract import not_before
    from pipelines.tables import schema_of

    documents = tables.frame("documents")
    for column in alike:
        documents = documents[documents[column].isin(inside[column].unique().to_pylist())]
    if since:
        documents = documents[[not_before(date, since) for date in documents[c.PUBLISHED]]]
    named = ("issues", "issue_findings")
    part = {name: tables.frame(name) for name in named}
    part |= {"documents": documents, "findings": inside.to_pandas()}
    return pa.Table.from_pandas(recount_issues(part), schema_of("issues"), preserve_index=False)


def links(
    folder: Path = FOLDER,
    theme: str = THEME,
    polarity: str = POLARITY,
    region: list[str] = REGIONS,
    unit: list[str] = UNITS,
    since: str = SINCE,
    form: str = FORM,
    csv: bool = CSV,
) -> None:
    """List recommendations with the findings behind them.

    Options choose among the findings.
    """
    import pyarrow.compute as pc

    from pipelines import columns as c

    tables = mined(folder, "links", "recommendations", "coverage")
    chosen, theme = chosen_findings(
        tables, theme=theme, polarity=polarity, regions=region, units=unit, since=since
    )
    asked = {c.ADDRESSEE: c.ADDRESSEE, c.TEXT: _RECOMMENDATION}
    found = joined(_of(tables, "links"), _of(tables, "recommendations"), c.RECOMMENDATION_ID, asked)
    found = joined(found, chosen, c.FINDING_ID, {c.POLARITY: c.POLARITY})
    found = joined(found, texts_of(tables, found), c.FINDING_ID, {c.TEXT: c.TEXT})
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
    lacking = of_ids(_of(tables, "coverage"), chosen[c.DOCUMENT_ID], c.DOCUMENT_ID)
    if theme:
        lacking = lacking.filter(pc.equal(lacking[c.THEME], theme))
    for row in lacking.to_pylist():
        if row[c.KIND] == "recommendation_without_evidence":
            say(f"{row[c.RECOMMENDATION_ID]}: no finding supports it")
        else:
            say(
                f"{row[c.DOCUMENT_ID]}: {row[c.FINDINGS]} areas for improvement on "
                f"{row[c.THEME]}, no recommendation"
            )


def _of(tables: OnDisk, name: str) -> pa.Table:
    from pipelines.columns import TABLES

    return tables.take(name, TABLES[name].names)
