"""Issues counted over a part of a batch."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipelines import columns as c
from pipelines.aggregate.claims import inspections
from pipelines.aggregate.counting import with_shares
from pipelines.tables import conform, table


def recount_issues(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Count the issues over the documents and findings that are left of a batch.

    Args:
        tables: Needs `documents`, `findings`, `issues` and `issue_findings`. An issue that no
            finding is left of is dropped; one that a single unit is left of stays.

    Returns:
        The table issues in its order. `opposite_units` counts the other pole where it recurs in
        the batch too.
    """
    issues = table(tables, "issues")
    where = inspections(tables)[[c.DOCUMENT_ID, c.UNIT]]
    units = where[c.UNIT].nunique()
    findings = table(tables, "findings")[[c.FINDING_ID, c.DOCUMENT_ID]]
    members = table(tables, "issue_findings").merge(findings, on=c.FINDING_ID)
    members = members.merge(where, on=c.DOCUMENT_ID)
    sure = members[(members[c.CERTAINTY] == "sure") | (members[c.SOURCE] == "person")]
    by = members.groupby(c.ISSUE_ID)
    number, reach = by[c.FINDING_ID].nunique(), by[c.UNIT].nunique()
    certain = sure.groupby(c.ISSUE_ID)[c.UNIT].nunique()
    out = issues[issues[c.ISSUE_ID].isin(number.index)].copy()
    names = out[c.ISSUE_ID].tolist()
    out[c.FINDINGS] = [int(number[name]) for name in names]
    out[c.UNITS] = [int(reach[name]) for name in names]
    out[c.UNITS_SURE] = [int(certain.get(name, 0)) for name in names]
    out[c.OPPOSITE_UNITS] = _opposite(out, {str(k): int(v) for k, v in reach.items()})
    out[c.UNITS_INSPECTED] = units
    out = with_shares(out, c.UNITS, c.UNITS_INSPECTED)
    return conform("issues", out.reset_index(drop=True))


def _opposite(issues: pd.DataFrame, reach: Mapping[str, int]) -> list[int]:
    known = {
        (subject, polarity): reach[name]
        for subject, polarity, name in zip(
            issues[c.SUBJECT], issues[c.POLARITY], issues[c.ISSUE_ID], strict=True
        )
        if isinstance(subject, str)
    }
    return [
        sum(n for (own, side), n in known.items() if own == subject and side != polarity)
        if isinstance(subject, str)
        else 0
        for subject, polarity in zip(issues[c.SUBJECT], issues[c.POLARITY], strict=True)
    ]
