"""Units inspected twice: what was repeated, what was resolved, what is new.

Each inspection is compared with the one before it of the same unit. Only areas for improvement
can be resolved in the sense of the word, but strengths are compared too: a strength that is
gone is news as well.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pipelines import columns as c
from pipelines.aggregate.claims import SURE
from pipelines.tables import frame

_Subjects = dict[str, set[tuple[str, str, str]]]  # document -> (kind, subject, polarity)


def repeats(
    claimed: pd.DataFrame,
    inspected: pd.DataFrame,
    issues: pd.DataFrame,
    issue_findings: pd.DataFrame,
) -> pd.DataFrame:
    """Build the table `repeats`, for themes and for recurring issues.

    Inspections without a date cannot be put in order and are left out.
    """
    subjects = _subjects(claimed, inspected, issues, issue_findings)
    rows = [row for pair in _pairs(inspected) for row in _compare(*pair, subjects)]
    return frame("repeats", rows)


def _pairs(inspected: pd.DataFrame) -> Iterator[tuple[pd.Series, pd.Series]]:
    dated = inspected.dropna(subset=[c.PUBLISHED])
    for _, of_unit in dated.groupby(c.UNIT, sort=True):
        ordered = of_unit.sort_values([c.PUBLISHED, c.DOCUMENT_ID])
        for at in range(1, len(ordered)):
            yield ordered.iloc[at - 1], ordered.iloc[at]


def _subjects(
    claimed: pd.DataFrame,
    inspected: pd.DataFrame,
    issues: pd.DataFrame,
    issue_findings: pd.DataFrame,
) -> _Subjects:
    out: _Subjects = {document: set() for document in inspected[c.DOCUMENT_ID]}
    sure = claimed[claimed[SURE]]  # a wrong tag would make a repeat, or end one
    themes = sure[[c.DOCUMENT_ID, c.THEME, c.POLARITY]].drop_duplicates()
    for document, theme, polarity in themes.itertuples(index=False):
        out[document].add(("theme", theme, polarity))
    document_of = claimed.drop_duplicates(c.FINDING_ID).set_index(c.FINDING_ID)[c.DOCUMENT_ID]
    members = issue_findings[[c.ISSUE_ID, c.FINDING_ID]].merge(
        issues[[c.ISSUE_ID, c.POLARITY]], on=c.ISSUE_ID
    )
    members = members[members[c.FINDING_ID].isin(document_of.index)]
    for issue, finding, polarity in members.itertuples(index=False):
        out[document_of[finding]].add(("issue", issue, polarity))
    return out


def _compare(
    earlier: pd.Series, later: pd.Series, subjects: _Subjects
) -> Iterator[dict[str, object]]:
    before = subjects[earlier[c.DOCUMENT_ID]]
    after = subjects[later[c.DOCUMENT_ID]]
    frameworks = {earlier[c.FRAMEWORK], later[c.FRAMEWORK]}
    for kind, subject, polarity in sorted(before | after):
        found = (kind, subject, polarity)
        if found in before and found in after:
            status = "repeated"
        else:
            status = "resolved" if found in before else "new"
        yield {
            c.UNIT: later[c.UNIT],
            c.EARLIER: earlier[c.DOCUMENT_ID],
            c.LATER: later[c.DOCUMENT_ID],
            c.ACROSS_BREAK: len(frameworks) > 1,
            c.KIND: kind,
            c.SUBJECT: subject,
            c.POLARITY: polarity,
            c.STATUS: status,
        }
