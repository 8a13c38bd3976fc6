"""What changed between two runs over reports: reports, issues, and decisions on the same findings.

A finding is the same where its id and the digest of its text are. Decisions are compared only on
those; what new reports bring is not a changed decision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from pipelines import columns as c
from pipelines.aggregate.claims import inspections
from pipelines.catalogue import issue_id
from pipelines.tables import frame, table

NEEDED: Final = (
    "documents",
    "findings",
    "tags",
    "issue_tags",
    "issues",
    "models",
)
"""Tables that a comparison needs of each run, as far as it has them."""

PERSON: Final = "a person decided"
MODEL: Final = "another model"
PROGRAM: Final = "another version of the program, of its data or of the project"

_Tables = Mapping[str, pd.DataFrame]
_Rows = Iterator[dict[str, object]]


def changes(before: _Tables, after: _Tables) -> pd.DataFrame:
    """Compare two runs.

    Args:
        before: Tables of the earlier run; those of `NEEDED` that it has.
        after: The same of the later one.

    Returns:
        The table changes: reports first, then issues by how much they spread, then decisions.
    """
    rows = [*_reports(before, after), *_issues(before, after), *_decisions(before, after)]
    return frame("changes", rows)


def _reports(before: _Tables, after: _Tables) -> _Rows:
    old, new = (table(t, "documents").set_index(c.DOCUMENT_ID) for t in (before, after))
    names: dict[str, str] = {}
    for tables in (before, after):
        inspected = inspections(tables)
        names |= dict(zip(inspected[c.DOCUMENT_ID], inspected[c.UNIT], strict=True))
    for document in sorted(set(old.index) | set(new.index)):
        if document in old.index and document in new.index:
            if str(old.at[document, c.SHA256]) == str(new.at[document, c.SHA256]):
                continue
            kind = "report_changed"
        else:
            kind = "report_added" if document in new.index else "report_gone"
        yield {
            c.KIND: kind,
            c.SUBJECT: document,
            c.UNIT: names[document],
            c.FINDINGS_BEFORE: _number(old, document, c.FINDINGS),
            c.FINDINGS_AFTER: _number(new, document, c.FINDINGS),
        }


def _issues(before: _Tables, after: _Tables) -> _Rows:
    old, new = (table(t, "issues").set_index(c.ISSUE_ID) for t in (before, after))
    totals = [int(inspections(t)[c.UNIT].nunique()) for t in (before, after)]
    found = []
    for name in set(old.index) | set(new.index):
        then, now = _number(old, name, c.UNITS), _number(new, name, c.UNITS)
        if then == now:
            continue
        if not then or not now:
            kind = "issue_went" if then else "issue_appeared"
        else:
            kind = "issue_spread" if now > then else "issue_shrank"
        row = new.loc[name] if name in new.index else old.loc[name]
        found.append(
            {
                c.KIND: kind,
                c.SUBJECT: name,
                c.LABEL: row[c.LABEL],
                c.POLARITY: row[c.POLARITY],
                c.UNITS_BEFORE: then,
                c.UNITS_READ_BEFORE: totals[0],
                c.UNITS_AFTER: now,
                c.UNITS_READ_AFTER: totals[1],
                c.FINDINGS_BEFORE: _number(old, name, c.FINDINGS),
                c.FINDINGS_AFTER: _number(new, name, c.FINDINGS),
            }
        )
    yield from sorted(
        found,
        key=lambda r: (
            -abs(int(str(r[c.UNITS_AFTER])) - int(str(r[c.UNITS_BEFORE]))),
            str(r[c.KIND]),
            -int(str(r[c.UNITS_AFTER])),  # one report more changes many by one
            str(r[c.SUBJECT]),
        ),
    )


def _decisions(before: _Tables, after: _Tables) -> _Rows:
    same = _same_findings(before, after)
    models = [sorted(table(t, "models")[c.SHA256].dropna()) for t in (before, after)]
    by_machine = PROGRAM if models[0] == models[1] else MODEL
    for name, column in (("tags", c.THEME), ("issue_tags", c.SUBJECT)):
        old, new = (_given(table(t, name), column, same) for t in (before, after))
        for finding, subject in sorted(set(old) ^ set(new)):
            given = (finding, subject) in new
            source = new[finding, subject] if given else _said_by(after, name, finding, subject)
            yield {
                c.KIND: "decision_given" if given else "decision_taken",
                c.SUBJECT: subject,
                c.UNIT: same[finding],
                c.FINDING_ID: finding,
                c.REASON: PERSON if source == "person" else by_machine,
            }


def _same_findings(before: _Tables, after: _Tables) -> dict[str, str]:
    """Return the unit of each finding that both runs have with the same words."""
    old, new = (table(t, "findings") for t in (before, after))
    digests = dict(zip(old[c.FINDING_ID], old[c.DIGEST], strict=True))
    return {
        finding: "" if pd.isna(unit) else str(unit)
        for finding, digest, unit in zip(new[c.FINDING_ID], new[c.DIGEST], new[c.UNIT], strict=True)
        if digests.get(finding) == digest
    }


def _given(
    rows: pd.DataFrame, column: str, same: Mapping[str, str]
) -> dict[tuple[str, str], object]:
    """Return the source of each tag given to a finding that both runs have."""
    given = rows[rows[c.ASSIGNED].astype(bool) & rows[c.FINDING_ID].isin(same)]
    poles = given[c.POLARITY] if column == c.SUBJECT else [""] * len(given)
    return {
        (finding, issue_id(subject, pole) if pole else subject): source
        for finding, subject, pole, source in zip(
            given[c.FINDING_ID], given[column], poles, given[c.SOURCE], strict=True
        )
    }


def _said_by(tables: _Tables, name: str, finding: str, subject: str) -> object:
    """Return who now says that a tag is not given."""
    rows = table(tables, name)
    column, slug = (c.THEME, subject) if name == "tags" else (c.SUBJECT, subject.rpartition("/")[0])
    own = rows.loc[(rows[c.FINDING_ID] == finding) & (rows[column] == slug), c.SOURCE]
    return own.iloc[0] if len(own) else None


def _number(rows: pd.DataFrame, name: str, column: str) -> int:
    value: Any = rows.at[name, column] if name in rows.index else 0
    return 0 if pd.isna(value) else int(value)
