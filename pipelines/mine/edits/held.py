"""Issues while people's edits of them are redone: which one an edit means, what became of it.

Issues of the catalogue and those that people made keep their ids; the latter live by the split that
made them. A new one has none that lasts, and another group may have it in the next run: it is known
again by its findings, by those that it was found with or has after the edits so far, whichever are
most like those that the person saw.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from pipelines import columns as c
from pipelines.answers.events import MERGE, PIN, PUT
from pipelines.mine.listing import CATALOGUE, MADE, NEW, Issue, Rows

_SAME: Final = 0.5  # of the findings that a new issue had, by which it is known again
_log = logging.getLogger(__name__)

Edit = Mapping[Any, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """The issues as they are after some edits.

    Attributes:
        findings: Of the run.
        tags: Of these findings.
        row_of: Of the findings.
        held: By the id that they have in this run.
        states: Id and size of issues that have no id that lasts, at each time.
        by_row: Places in `states` by finding.
        exact: The same ids by all their rows.
        heirs: What each issue was merged into, by its id.
        went: Issue that a command put findings into, by who gave it and when.
    """

    findings: pd.DataFrame
    tags: pd.DataFrame
    row_of: Mapping[str, int]
    held: dict[str, Issue] = field(default_factory=dict)
    states: list[tuple[str, int]] = field(default_factory=list)
    by_row: dict[int, list[int]] = field(default_factory=dict)
    exact: dict[bytes, list[str]] = field(default_factory=dict)
    heirs: dict[str, str] = field(default_factory=dict)
    went: dict[tuple[str, str], str] = field(default_factory=dict)

    def hold(self, issue: Issue) -> None:
        """Hold an issue, and remember that a person may have seen it so."""
        before = self.held.get(issue.name)
        self.held[issue.name] = issue
        self.heirs.pop(issue.name, None)
        same = before is not None and np.array_equal(before.rows, issue.rows)
        if issue.status != CATALOGUE and not same:
            for row in issue.rows.tolist():
                self.by_row.setdefault(row, []).append(len(self.states))
            self.states.append((issue.name, len(issue.rows)))
            self.exact.setdefault(issue.rows.tobytes(), []).append(issue.name)

    def rows(self, edit: Edit, column: str = c.MEMBERS) -> Rows:
        """Return the rows of the findings that an edit names and the run has."""
        rows = [self.row_of[name] for name in edit[column] if name in self.row_of]
        return np.unique(np.asarray(rows, dtype=np.intp))

    def known(self, name: str, rows: Rows) -> str:
        """Return the id in this run of what a person saw by a name; empty where it is not known."""
        held = self.held.get(name)
        sure = held is not None and (held.status == CATALOGUE or not len(rows))
        if sure or not name.startswith(f"{NEW}-"):
            return name
        side = name.rpartition("/")[2]
        if seen := [n for n in self.exact.get(rows.tobytes(), ()) if n.endswith(f"/{side}")]:
            return max((one == name, one) for one in seen)[1]
        shared = Counter(at for row in rows.tolist() for at in self.by_row.get(row, ()))
        alike: list[tuple[float, bool, str]] = []
        for at, number in shared.items():
            now, size = self.states[at]
            of_side = now.rpartition("/")[2] == side
            if of_side and (number > _SAME * len(rows) or now == name):
                alike.append((number / (size + len(rows) - number), now == name, now))
        return max(alike, default=(0.0, False, ""))[2]

    def heir(self, edit: Edit) -> Issue | None:
        """Return the issue that the one of an edit was merged into, or that one in turn."""
        name = self.known(edit[c.ISSUE_ID], self.rows(edit, c.HAD)) or edit[c.ISSUE_ID]
        while name in self.heirs:
            name = self.heirs[name]
        return self.held.get(name)

    def meant(self, edit: Edit, name: str, rows: Rows, *, make: bool = True) -> Issue | None:
        """Return the issue that an edit names; a new one that is no group any more is made again.

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
            key = f"{key}-kept"
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
