"""Edits: people's changes to issues, redone on those of a run.

Issues of the catalogue and those that people made keep their ids. A new one has none that lasts,
and another group may have it in the next run: it is known again by its findings, by those that it
was found with or has after the edits so far, whichever are most like those that the person saw.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from pipelines import columns as c
from pipelines.answers.events import DROP, MERGE, PIN, PUT, RENAME, SPLIT, TAKE
from pipelines.mine.listing import CATALOGUE, MADE, NEW, Issue, Rows

_SAME: Final = 0.5  # of the findings that a new issue had, by which it is known again
_log = logging.getLogger(__name__)

Edit = Mapping[Any, Any]


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
    issues = _Issues(findings, tags, {str(n): at for at, n in enumerate(findings[c.FINDING_ID])})
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


@dataclass(frozen=True, slots=True)
class _Issues:
    """The issues as they are after some edits.

    Attributes:
        findings: Of the run.
        tags: Of these findings.
        row_of: Of the findings.
        held: By the id that they have in this run.
        states: Id and size of issues that have no id that lasts, at each time.
        by_row: Places in `states` by finding.
    """

    findings: pd.DataFrame
    tags: pd.DataFrame
    row_of: Mapping[str, int]
    held: dict[str, Issue] = field(default_factory=dict)
    states: list[tuple[str, int]] = field(default_factory=list)
    by_row: dict[int, list[int]] = field(default_factory=dict)

    def hold(self, issue: Issue) -> None:
        """Hold an issue, and remember that a person may have seen it so."""
        self.held[issue.name] = issue
        if issue.status != CATALOGUE:
            for row in issue.rows.tolist():
                self.by_row.setdefault(row, []).append(len(self.states))
            self.states.append((issue.name, len(issue.rows)))

    def rows(self, edit: Edit, column: str = c.MEMBERS) -> Rows:
        """Return the rows of the findings that an edit names and the run has."""
        rows = [self.row_of[name] for name in edit[column] if name in self.row_of]
        return np.unique(np.asarray(rows, dtype=np.intp))

    def known(self, name: str, rows: Rows) -> str:
        """Return the id in this run of what a person saw by a name; empty where it is not known."""
        lasting = not name.startswith((f"{NEW}-", "own-"))
        if lasting or (name in self.held and (name.startswith("own-") or not len(rows))):
            return name
        shared = Counter(at for row in rows.tolist() for at in self.by_row.get(row, ()))
        alike: list[tuple[float, bool, str]] = []
        for at, number in shared.items():
            now, size = self.states[at]
            of_side = now.rpartition("/")[2] == name.rpartition("/")[2]
            if of_side and (number > _SAME * len(rows) or now == name):
                alike.append((number / (size + len(rows) - number), now == name, now))
        return max(alike, default=(0.0, False, ""))[2]

    def meant(self, edit: Edit, name: str, rows: Rows, *, make: bool = True) -> Issue | None:
        """Return the issue that an edit names; made of its findings where no group is known again.

        Args:
            edit: What is done.
            name: Id of the issue, or of the other one.
            rows: Findings that it had.
            make: Whether it is made.
        """
        known = self.known(name, rows)
        if known or not make or not len(rows):
            return self.held.get(known)
        key, _, side = name.rpartition("/")
        named = self.findings[c.FINDING_ID].iloc[rows]
        given = self.tags[c.ASSIGNED] & self.tags[c.FINDING_ID].isin(named)
        themes = Counter(self.tags.loc[given, c.THEME])
        if not themes:
            return None
        while f"{key}/{side}" in self.held:
            key = f"own-{key}"
        words = name.rpartition("/")[0].removeprefix(f"{NEW}-").replace("-", " ").capitalize()
        said = (
            edit[c.LABEL] if name == edit[c.ISSUE_ID] and edit[c.EDIT] in (PIN, MERGE, PUT) else ""
        )
        made = Issue(
            key,
            max(sorted(themes), key=lambda theme: themes[theme]),
            side,
            MADE,
            said or words,
            (),
            rows,
            np.full(len(rows), np.nan),
            np.full(len(rows), None, dtype=object),
            np.full(len(rows), "person", dtype=object),
            None,
        )
        _log.warning(
            "edits: %s %s: this run does not group its findings any more; those %d that it has "
            "are kept as an issue",
            edit[c.EDIT],
            name,
            len(rows),
        )
        self.put(made, edit, "no group of this run any more, kept")
        return self.held[made.name]

    def put(self, issue: Issue, edit: Edit, done: str, **changes: Any) -> bool:  # noqa: ANN401
        """Hold an issue with what was done to it."""
        said = f"{done} by {edit[c.WHO][0]}, {str(edit[c.WHEN])[:10]}"
        decided = tuple(dict.fromkeys((*issue.decided, said)))
        self.hold(replace(issue, decided=decided, **changes))
        return True


def _whole(issues: _Issues, edit: Edit, *, make: bool = True) -> Issue | None:
    """Return the issue of an edit that names all the findings that it had."""
    return issues.meant(edit, edit[c.ISSUE_ID], issues.rows(edit), make=make)


def _moving(issues: _Issues, edit: Edit, *, make: bool = False) -> Issue | None:
    """Return the issue of an edit that names findings that move; what is older says no others."""
    had = issues.rows(edit, c.HAD)
    if not len(had) and edit[c.EDIT] != PUT:
        had = issues.rows(edit)
    return issues.meant(edit, edit[c.ISSUE_ID], had, make=make)


def _pin(issues: _Issues, edit: Edit) -> bool:
    issue = _whole(issues, edit)
    return issue is not None and issues.put(issue, edit, "pinned", pinned=True)


def _rename(issues: _Issues, edit: Edit) -> bool:
    issue = _whole(issues, edit)
    if issue is None:
        return False
    return issues.put(issue, edit, f"renamed from ‘{issue.label}’", label=edit[c.LABEL])


def _drop(issues: _Issues, edit: Edit) -> bool:
    issue = _whole(issues, edit, make=False)
    return issue is not None and issues.held.pop(issue.name) is not None


def _merge(issues: _Issues, edit: Edit) -> bool:
    some = len(issues.rows(edit)) > 0
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
    pinned = into.pinned or issue.pinned
    return issues.put(whole, edit, f"‘{issue.label}’ merged into it", pinned=pinned)


def _split(issues: _Issues, edit: Edit) -> bool:
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


def _take(issues: _Issues, edit: Edit) -> bool:
    issue, rows = _moving(issues, edit), issues.rows(edit)
    if issue is None or not len(rows):
        return False
    return _left(issues, issue, ~np.isin(issue.rows, rows), edit, f"{len(rows)} taken out")


def _left(issues: _Issues, issue: Issue, stay: np.ndarray, edit: Edit, done: str) -> bool:
    if not stay.any():
        return issues.held.pop(issue.name, None) is not None
    return issues.put(_of(issue, stay), edit, done)


def _put(issues: _Issues, edit: Edit) -> bool:
    issue, moved = _moving(issues, edit, make=True), issues.rows(edit)
    if issue is None or not len(moved):
        return False
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


_DO: Final[Mapping[str, Callable[[_Issues, Edit], bool]]] = {
    PIN: _pin,
    RENAME: _rename,
    MERGE: _merge,
    SPLIT: _split,
    DROP: _drop,
    PUT: _put,
    TAKE: _take,
}
