"""Edits: people's changes to issues, redone on those of a run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from pipelines import columns as c
from pipelines.answers.events import DROP, MERGE, PIN, PUT, RENAME, SPLIT, TAKE
from pipelines.mine.listing import MADE, NEW, Issue, Rows

_SAME: Final = 0.5  # of the findings that a new issue had, by which it is known again
_log = logging.getLogger(__name__)

Edit = Mapping[Any, Any]


def edited(found: list[Issue], edits: pd.DataFrame, findings: pd.DataFrame) -> list[Issue]:
    """Redo people's edits to the issues of a run, in their order.

    A new issue has no name that lasts: it is known again by its findings. What is about an issue
    that this run does not have is passed over and said.

    Args:
        found: Issues as mining found them, those that recur too seldom too.
        edits: The table of that name.
        findings: In the order of the space.

    Returns:
        The issues, each that a person touched with a line on what was done.
    """
    if not len(edits):
        return found
    issues = _Issues({issue.name: issue for issue in found}, _rows_of(findings))
    for edit in edits.to_dict("records"):
        issue = issues.meant(edit[c.ISSUE_ID], edit)
        if issue is None or not _DO[edit[c.EDIT]](issues, issue, edit):
            _log.warning(
                "edits: %s %s: this run has nothing that it is about; it is kept for others",
                edit[c.EDIT],
                edit[c.ISSUE_ID],
            )
    return list(issues.held.values())


def _rows_of(findings: pd.DataFrame) -> dict[str, int]:
    return {str(name): row for row, name in enumerate(findings[c.FINDING_ID])}


@dataclass(frozen=True, slots=True)
class _Issues:
    """The issues as they are after some edits.

    Attributes:
        held: By the id that they were found under.
        row_of: Of the findings.
    """

    held: dict[str, Issue]
    row_of: Mapping[str, int]

    def members(self, edit: Edit) -> Rows:
        """Return the rows of the findings that an edit names and the run has."""
        rows = [self.row_of[name] for name in edit[c.MEMBERS] if name in self.row_of]
        return np.unique(np.asarray(rows, dtype=np.intp))

    def meant(self, name: str, edit: Edit) -> Issue | None:
        """Return the issue of that id; a new one also by the findings that it had."""
        if name in self.held:
            return self.held[name]
        rows, side = self.members(edit), name.rpartition("/")[2]
        if not name.startswith(f"{NEW}-") or not len(rows):
            return None
        shared = {
            issue.name: len(np.intersect1d(rows, issue.rows))
            for issue in self.held.values()
            if issue.status == NEW and issue.polarity == side
        }
        best = max(sorted(shared), key=lambda one: shared[one], default="")
        return self.held[best] if best and shared[best] > _SAME * len(rows) else None

    def put(self, issue: Issue, edit: Edit, done: str, **changes: Any) -> bool:  # noqa: ANN401
        """Hold an issue with what was done to it."""
        said = f"{done} by {edit[c.WHO][0]}, {str(edit[c.WHEN])[:10]}"
        decided = tuple(dict.fromkeys((*issue.decided, said)))
        self.held[issue.name] = replace(issue, decided=decided, **changes)
        return True


def _pin(issues: _Issues, issue: Issue, edit: Edit) -> bool:
    return issues.put(issue, edit, "pinned", pinned=True)


def _rename(issues: _Issues, issue: Issue, edit: Edit) -> bool:
    return issues.put(issue, edit, f"renamed from ‘{issue.label}’", label=edit[c.LABEL])


def _drop(issues: _Issues, issue: Issue, edit: Edit) -> bool:
    _ = edit
    return issues.held.pop(issue.name, None) is not None


def _merge(issues: _Issues, issue: Issue, edit: Edit) -> bool:
    into = issues.held.get(edit[c.INTO])
    if into is None or into is issue or into.polarity != issue.polarity:
        return False
    del issues.held[issue.name]
    came = ~np.isin(issue.rows, into.rows)
    moved = _of(issue, came)
    sources = np.full(int(came.sum()), "person", dtype=object)
    whole = _joined(into, replace(moved, sources=sources))
    pinned = into.pinned or issue.pinned
    return issues.put(whole, edit, f"‘{issue.label}’ merged into it", pinned=pinned)


def _split(issues: _Issues, issue: Issue, edit: Edit) -> bool:
    leave = np.isin(issue.rows, issues.members(edit))
    if not leave.any():
        return False
    parted = _of(issue, leave)
    made = replace(
        parted,
        key=str(edit[c.INTO]).rpartition("/")[0],
        status=MADE,
        label=edit[c.LABEL],
        terms=(),
        sources=np.full(len(parted.rows), "person", dtype=object),
        stability=None,
        decided=(),
        pinned=True,  # who makes an issue wants to see it
    )
    issues.put(made, edit, f"parted from ‘{issue.label}’")
    return _left(issues, issue, ~leave, edit, f"‘{made.label}’ parted from it")


def _take(issues: _Issues, issue: Issue, edit: Edit) -> bool:
    leave = np.isin(issue.rows, issues.members(edit))
    said = f"{int(leave.sum())} taken out"
    return bool(leave.any()) and _left(issues, issue, ~leave, edit, said)


def _left(issues: _Issues, issue: Issue, stay: np.ndarray, edit: Edit, done: str) -> bool:
    if not stay.any():
        return issues.held.pop(issue.name, None) is not None
    return issues.put(_of(issue, stay), edit, done)


def _put(issues: _Issues, issue: Issue, edit: Edit) -> bool:
    rows = np.setdiff1d(issues.members(edit), issue.rows)
    if not len(rows):
        return False
    came = replace(
        issue,
        rows=rows,
        probabilities=np.full(len(rows), np.nan),
        certainties=np.full(len(rows), None, dtype=object),
        sources=np.full(len(rows), "person", dtype=object),
    )
    return issues.put(_joined(issue, came), edit, f"{len(rows)} put in")


_ROWS: Final = ("rows", "probabilities", "certainties", "sources")


def _of(issue: Issue, chosen: np.ndarray) -> Issue:
    return replace(issue, **{name: getattr(issue, name)[chosen] for name in _ROWS})


def _joined(issue: Issue, more: Issue) -> Issue:
    both: dict[str, Any] = {n: np.concatenate([getattr(issue, n), getattr(more, n)]) for n in _ROWS}
    order = np.argsort(both["rows"], kind="stable")
    return replace(issue, **{name: values[order] for name, values in both.items()})


_DO: Final[Mapping[str, Callable[[_Issues, Issue, Edit], bool]]] = {
    PIN: _pin,
    RENAME: _rename,
    MERGE: _merge,
    SPLIT: _split,
    DROP: _drop,
    PUT: _put,
    TAKE: _take,
}
