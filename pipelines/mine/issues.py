"""Recurring issues: what findings of several inspections claim alike.

Most issues are the catalogue's: a subject and a pole that tagging gave to findings, one by one, so
that a finding's issues do not depend on what else is in the batch. What no subject covers is
grouped (`discovery.py`) and marked new. Findings in no issue are said once; `said_once` counts
them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines import columns as c
from pipelines.catalogue import Catalogue, load_catalogue
from pipelines.codebook import Codebook
from pipelines.mine.edits.edited import edited
from pipelines.mine.groups.discovery import DiscoverySettings, Group, discover
from pipelines.mine.likeness.space import Space
from pipelines.mine.listing import CATALOGUE, NEW, Issue, few_of, issue_tables, places_of, units_of
from pipelines.records import Polarity
from pipelines.tables import frame


def issues(
    tables: Mapping[str, pd.DataFrame],
    space: Space,
    *,
    codebook: Codebook,
    catalogue: Catalogue | None = None,
    settings: DiscoverySettings | None = None,
    jobs: int = 1,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """List the recurring issues of a run: the catalogue's, then new ones.

    Args:
        tables: Needs `documents`, `findings` (in the order of the space) and `tags`; uses
            `issue_tags` and `edits` where they are there.
        space: The findings' space.
        codebook: Gives the order of themes.
        catalogue: Gives names and themes; the shipped one where none is given.
        settings: Of discovery; the defaults where none are given.
        jobs: Processes that discovery is spread over.

    Returns:
        The tables issues and issue_findings.
    """
    chosen = settings or DiscoverySettings()
    findings = tables["findings"]
    inspected = units_of(tables["documents"])
    found, opposite, held = _of_catalogue(tables, catalogue or load_catalogue(), inspected)
    new = discover(tables, space, codebook=codebook, left=~held, settings=chosen, jobs=jobs)
    edits = tables.get("edits", frame("edits"))
    listed = edited([*found, *_named(new)], edits, findings, tables["tags"])
    documents = few_of(findings[c.DOCUMENT_ID])
    recurring = [
        issue
        for issue in listed
        if issue.pinned
        or issue.status == NEW
        or len(set(documents[issue.rows])) >= chosen.least_inspections
    ]
    return issue_tables(recurring, space, findings, inspected, codebook.slugs, opposite)


def _of_catalogue(
    tables: Mapping[str, pd.DataFrame],
    catalogue: Catalogue,
    inspected: Mapping[str, str],
) -> tuple[list[Issue], dict[tuple[str, str], int], npt.NDArray[np.bool_]]:
    """Return issues, the units of each one's other pole, and which findings state any issue."""
    findings = tables["findings"]
    tags = tables.get("issue_tags", frame("issue_tags"))
    documents = few_of(findings[c.DOCUMENT_ID])
    units = np.asarray([inspected[d] for d in documents], dtype=object)
    given = tags.loc[tags[c.ASSIGNED] & tags[c.SUBJECT].isin(catalogue.slugs)]
    given = given.assign(row=places_of(given[c.FINDING_ID], findings))
    given = given.loc[given["row"] >= 0].sort_values([c.SUBJECT, c.POLARITY, "row"])
    held = np.zeros(len(findings), dtype=bool)
    held[given["row"].to_numpy(dtype=int)] = True
    out: list[Issue] = []
    reach: dict[tuple[str, str], int] = {}
    for key, members in given.groupby([c.SUBJECT, c.POLARITY], sort=True):
        slug, polarity = str(key[0]), str(key[1])
        rows = members["row"].to_numpy(dtype=np.intp)
        reach[slug, polarity] = len(set(units[rows]))
        subject = catalogue.subject(slug)
        out.append(
            Issue(
                slug,
                subject.theme,
                polarity,
                CATALOGUE,
                subject.name(polarity),
                (),
                rows,
                members[c.PROBABILITY].to_numpy(dtype=float),
                members[c.CERTAINTY].to_numpy(dtype=object),
                members[c.SOURCE].to_numpy(dtype=object),
                None,
            )
        )
    opposite = {(i.key, i.polarity): reach.get((i.key, Polarity(i.polarity).other), 0) for i in out}
    return out, opposite, held


def _named(groups: list[Group]) -> list[Issue]:
    """Give new groups keys made of their names, so that they keep them when reports are added."""
    taken: dict[tuple[str, str], int] = defaultdict(int)
    out: list[Issue] = []
    for group in groups:
        stem = "new-" + (re.sub(r"[^a-z0-9]+", "-", group.name.label.lower()).strip("-") or "group")
        taken[stem, group.polarity] += 1
        number = taken[stem, group.polarity]
        size = len(group.rows)
        out.append(
            Issue(
                stem if number == 1 else f"{stem}-{number}",
                group.theme,
                group.polarity,
                NEW,
                group.name.label,
                tuple(group.name.terms),
                group.rows,
                np.full(size, np.nan),
                np.full(size, None, dtype=object),
                np.full(size, "model", dtype=object),
                group.stability,
            )
        )
    return out
