"""Mining of a run: its issues, its links, its proposals, from one space of its findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import pandas as pd
from threadpoolctl import threadpool_limits

from pipelines import columns as c
from pipelines.codebook import Codebook, load_codebook
from pipelines.errors import check_kind
from pipelines.mine.coverage import coverage
from pipelines.mine.groups.discovery import DiscoverySettings
from pipelines.mine.groups.emerging import emerging
from pipelines.mine.issues import issues
from pipelines.mine.likeness.space import build_space
from pipelines.mine.links import links
from pipelines.mine.parts import jobs_for
from pipelines.mine.proportions.shares import shares
from pipelines.tables import Given, conform, frame, table

if TYPE_CHECKING:
    from pipelines.tag import Model


_READ: Final = {
    "findings": (c.FINDING_ID, c.DOCUMENT_ID, c.POLARITY, c.TEXT),
    "tags": (c.FINDING_ID, c.THEME, c.PROBABILITY, c.ASSIGNED),
    "issue_tags": (c.FINDING_ID, c.SUBJECT, c.POLARITY, c.PROBABILITY, c.ASSIGNED),
    "shares": (c.FINDING_ID,),
    "recommendation_tags": (c.RECOMMENDATION_ID, c.THEME, c.PROBABILITY, c.ASSIGNED),
}
"""Columns without which nothing comes of a table."""


def mine_tables(
    tables: Mapping[str, pd.DataFrame],
    *,
    codebook: Codebook | None = None,
    model: Model | None = None,
    settings: DiscoverySettings | None = None,
    jobs: int = 1,
) -> dict[str, pd.DataFrame]:
    """Mine the findings of a run.

    Args:
        tables: `documents`, `findings`, `tags` and `recommendations`, taken as empty where they
            are not there, and `recommendation_tags` and `shares` where they are. Each is asked
            for once.
        codebook: The shipped one where none is given.
        model: Tags the recommendations where they have no tags; the one in use if none is given.
        settings: Of the recurring issues; the defaults where none are given.
        jobs: Processes to work in, where there are findings enough to gain by it; the tables are
            the same whatever the number.

    Returns:
        The tables issues, issue_findings, links, coverage, proposals, proposal_findings; and
        recommendation_tags and shares where they were not given. No result depends on the order of
        rows.

    Raises:
        SettingsError: `jobs` is less than 1; a table is none, or lacks a column; something is of
            another type.
    """
    tables, book = Given(tables, _READ), codebook or load_codebook()
    check_kind("codebook", book, Codebook, "one of load_codebook()")
    check_kind(
        "settings", settings or DiscoverySettings(), DiscoverySettings, "DiscoverySettings(...)"
    )
    known = set(table(tables, "documents")[c.DOCUMENT_ID])
    findings = table(tables, "findings")
    inside = findings[c.DOCUMENT_ID].isin(known)
    findings = findings if inside.all() else findings.loc[inside]
    findings = findings.sort_values(c.FINDING_ID, ignore_index=True)
    ordered = {
        "documents": frame("documents"),
        "recommendations": frame("recommendations"),
        **{name: tables[name] for name in tables if name not in ("findings", "tags")},
        "findings": findings,
        "tags": table(tables, "tags").sort_values([c.FINDING_ID, c.THEME], ignore_index=True),
    }
    # One thread: the products are many and small, so that more threads only wait for each other.
    with threadpool_limits(limits=1):
        return _mined(ordered, book, model, settings, jobs_for(len(findings), jobs))


def _mined(
    tables: dict[str, pd.DataFrame],
    book: Codebook,
    model: Model | None,
    settings: DiscoverySettings | None,
    jobs: int,
) -> dict[str, pd.DataFrame]:
    findings = tables["findings"]
    space = build_space(findings[c.TEXT], jobs=jobs)
    issue_table, issue_members = issues(tables, space, codebook=book, settings=settings, jobs=jobs)
    given = tables.get("recommendation_tags")
    asked = recommendation_tags(tables["recommendations"], model=model) if given is None else given
    linked = links(tables, space, asked)
    proposals, proposal_members = emerging(tables, space, codebook=book)
    return {
        **({} if "shares" in tables else {"shares": shares(findings, jobs=jobs)}),
        "issues": issue_table,
        "issue_findings": issue_members,
        **({"recommendation_tags": asked} if given is None else {}),
        "links": linked,
        "coverage": coverage(tables, linked, asked),
        "proposals": proposals,
        "proposal_findings": proposal_members,
    }


def recommendation_tags(
    recommendations: pd.DataFrame, *, model: Model | None = None
) -> pd.DataFrame:
    """Give recommendations themes, as findings are given theirs.

    Args:
        recommendations: The table recommendations.
        model: The one in use where none is given.

    Returns:
        The table recommendation_tags, by recommendation and in the codebook's order of themes.
    """
    if recommendations.empty:
        return frame("recommendation_tags")
    from pipelines.tag import tag_findings

    ordered = recommendations.sort_values(c.RECOMMENDATION_ID, ignore_index=True)
    as_findings = ordered[[c.RECOMMENDATION_ID, c.TEXT]].rename(
        columns={c.RECOMMENDATION_ID: c.FINDING_ID}
    )
    tags = tag_findings(as_findings, model=model)
    return conform("recommendation_tags", tags.rename(columns={c.FINDING_ID: c.RECOMMENDATION_ID}))
