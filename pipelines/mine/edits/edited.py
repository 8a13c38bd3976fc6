"""Edits: people's changes to issues, redone on those of a run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from pipelines import columns as c
from pipelines.answers.events import DROP, MERGE, PIN, PUT, RENAME, SPLIT, TAKE
from pipelines.mine.edits.held import Edit, Held
from pipelines.mine.listing import CATALOGUE, MADE, NEW, Issue

_log = logging.getLogger(__name__)


def edited(
    found: list[Issue], edits: pd.DataFrame, findings: pd.DataFrame, tags: pd.DataFrame
) -> list[Issue]:
    """Redo people's edits to the issues of a run, in their order.

    What a person kept, named, merged or parted stays, also where its findings are no group any
    more: they are made an issue. What is about nothing that this run has is passed over. Both are
    said.

    Args:
        found: Issues as mining found them, those that recur too seldom too.
        edits: The table of that name.
        findings: In the order of the space.
        tags: Give the theme of an issue that is made.

    Returns:
        The issues, each that a person touched with a line on what was done.
    """
    if not len(edits):
        return found
    issues = Held(findings, tags, {str(n): at for at, n in enumerate(findings[c.FINDING_ID])})
    for issue in found:
        issues.hold(issue)
    for edit in edits.to_dict("records"):
        if not _DO[edit[c.EDIT]](issues, edit):
            _log.warning(
                "edits: %s %s: this run has nothing that it is about; it is kept for others",
                edit[c.EDIT],
                edit[c.ISSUE_ID],
            )
    return list(issues.held.values())


def _whole(issues: Held, edit: Edit, *, make: bool = True) -> Issue | None:
    """Return the issue of an edit that names all the findings that it had."""
    return issues.meant(edit, edit[c.ISSUE_ID], issues.rows(edit), make=make)


def _moving(issues: Held, edit: Edit, *, make: bool = False) -> Issue | None:
    """Return the issue of an edit that names findings that move; what is older says no others."""
    name, had = edit[c.ISSUE_ID], issues.rows(edit, c.HAD)
    if not len(had) and name not in issues.held and edit[c.EDIT] != PUT:
        had = issues.rows(edit)
    return issues.meant(edit, name, had, make=make)


def _command(edit: Edit) -> tuple[str, str]:
    return edit[c.WHO][0], edit[c.WHEN]


def _pin(issues: Held, edit: Edit) -> bool:
    issue = _whole(issues, edit)
    return issue is not None and issues.put(issue, edit, "pinned", pinned=True)


def _rename(issues: Held, edit: Edit) -> bool:
    issue = _whole(issues, edit)
    if issue is None:
        return False
    return issues.put(issue, edit, f"renamed from ‘{issue.label}’", label=edit[c.LABEL])


def _drop(issues: Held, edit: Edit) -> bool:
    issue = _whole(issues, edit, make=False)
    return issue is not None and issues.held.pop(issue.name) is not None


def _merge(issues: Held, edit: Edit) -> bool:
    some = len(issues.rows(edit)) > 0
    known = issues.known(edit[c.ISSUE_ID], issues.rows(edit))
    if known and known not in issues.held:
        return False  # dropped or merged meanwhile
    into = issues.meant(edit, edit[c.INTO], issues.rows(edit, c.HAD), make=some)
    issue = None if into is None else _whole(issues, edit)
    if into is None or issue is None or into.polarity != issue.polarity:
        return False
    if into.name == issue.name:
        return True  # this run found the two as one
    del issues.held[issue.name]
    came = ~np.isin(issue.rows, into.rows)
    moved = _of(issue, came)
    sources = np.full(int(came.sum()), "person", dtype=object)
    whole = _joined(into, replace(moved, sources=sources))
    issues.heirs[issue.name] = into.name
    pinned = into.pinned or issue.pinned
    return issues.put(whole, edit, f"‘{issue.label}’ merged into it", pinned=pinned)


def _split(issues: Held, edit: Edit) -> bool:
    issue, moved = _moving(issues, edit), issues.rows(edit)
    if issue is None:  # no group any more: the part is all that is left of it
        issue = issues.meant(edit, edit[c.ISSUE_ID], moved)
    if issue is None or issue.name == edit[c.INTO]:
        return False
    leave = np.isin(issue.rows, moved)
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
    there = issues.held.get(made.name)
    if there is not None:  # another part was given the same name
        made = _joined(there, _of(made, ~np.isin(made.rows, there.rows)))
    issues.put(made, edit, f"parted from ‘{issue.label}’")
    return _left(issues, issue, ~leave, edit, f"‘{made.label}’ parted from it")


def _take(issues: Held, edit: Edit) -> bool:
    issue, rows = _moving(issues, edit), issues.rows(edit)
    lasting = not edit[c.ISSUE_ID].startswith((f"{NEW}-", "own-"))
    heir = None if issue is not None or lasting else issues.heir(edit)
    if (there := issue or heir) is None:
        return len(rows) > 0 and lasting  # an answer has taken the last one out already
    if issues.went.get(_command(edit)) == there.name:
        return True  # merged meanwhile with the one that they go to
    leave = np.isin(there.rows, rows)
    if heir is not None:  # it keeps those that it had before the merge
        leave &= there.sources == "person"
    if not len(rows) or not (leave.any() or (heir is None and there.status == CATALOGUE)):
        return False
    return _left(issues, there, ~leave, edit, f"{len(rows)} taken out")


def _left(issues: Held, issue: Issue, stay: np.ndarray, edit: Edit, done: str) -> bool:
    if not stay.any():
        return issues.held.pop(issue.name, None) is not None
    return issues.put(_of(issue, stay), edit, done)


def _put(issues: Held, edit: Edit) -> bool:
    issue, moved = _moving(issues, edit, make=True), issues.rows(edit)
    if issue is None:
        issue = issues.heir(edit)
    if issue is None or not len(moved):
        return False
    issues.went[_command(edit)] = issue.name
    rows = np.setdiff1d(moved, issue.rows)  # an answer may have put in the others already
    came = replace(
        issue,
        rows=rows,
        probabilities=np.full(len(rows), np.nan),
        certainties=np.full(len(rows), None, dtype=object),
        sources=np.full(len(rows), "person", dtype=object),
    )
    return issues.put(_joined(issue, came), edit, f"{len(moved)} put in")


_ROWS: Final = ("rows", "probabilities", "certainties", "sources")


def _of(issue: Issue, chosen: np.ndarray) -> Issue:
    return replace(issue, **{name: getattr(issue, name)[chosen] for name in _ROWS})


def _joined(issue: Issue, more: Issue) -> Issue:
    both: dict[str, Any] = {n: np.concatenate([getattr(issue, n), getattr(more, n)]) for n in _ROWS}
    order = np.argsort(both["rows"], kind="stable")
    return replace(issue, **{name: values[order] for name, values in both.items()})


_DO: Final[Mapping[str, Callable[[Held, Edit], bool]]] = {
    PIN: _pin,
    RENAME: _rename,
    MERGE: _merge,
    SPLIT: _split,
    DROP: _drop,
    PUT: _put,
    TAKE: _take,
}
