"""Edits of issues: what a person wants done, checked against the issues of a run."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, Final

from pipelines import columns as c
from pipelines.answers import Event, about_finding, edit
from pipelines.answers.events import (
    DROP,
    ISSUE,
    MERGE,
    NO,
    PIN,
    PUT,
    RENAME,
    SPLIT,
    TAKE,
    YES,
)
from pipelines.errors import SettingsError
from pipelines.mine.listing import CATALOGUE, NEW
from pipelines.naming import slug
from pipelines.review.session import Session

WHOLE: Final = (PIN, RENAME, MERGE, DROP)
"""Edits of an issue as a whole."""

_LONGEST: Final = 120  # characters of a name
_SHOWN: Final = 5


def edit_issue(
    session: Session,
    who: str,
    do: str,
    issue: str,
    *,
    into: str = "",
    name: str = "",
    findings: Sequence[str] = (),
) -> list[Event]:
    """Keep what a person does to an issue; it counts when the run is recounted.

    Args:
        session: Of the run.
        who: Name of the person.
        do: One of `EDITS`.
        issue: Its id or its name.
        into: Of `merge`: the other issue's id or name.
        name: Of `rename` and `split`.
        findings: Ids of those that move, for `split`, `put` and `take`.

    Returns:
        What was kept.

    Raises:
        SettingsError: The run has no such issue or finding, or something else of it is wrong.
        StorageError: It could not be kept.
    """
    return _keep(session, _edits(session, who, do, issue, into=into, name=name, findings=findings))


def move_findings(
    session: Session, who: str, findings: Sequence[str], *, into: str = "", out_of: str = ""
) -> list[Event]:
    """Put findings into an issue, take them out of another, or both: both are kept, or neither.

    Raises:
        SettingsError: As `edit_issue`, or no issue was given.
        StorageError: It could not be kept.
    """
    if not into and not out_of:
        raise SettingsError("move: say where: --into ISSUE, --out-of ISSUE, or both")
    steps = [(do, issue) for do, issue in ((PUT, into), (TAKE, out_of)) if issue]
    made = [_edits(session, who, do, issue, findings=findings) for do, issue in steps]
    return _keep(session, [event for events in made for event in events])


def _keep(session: Session, events: list[Event]) -> list[Event]:
    """Keep events of one command: of one time, and taken back together by the stem of their ids."""
    if len(events) > 1:
        stem, when = secrets.token_hex(12), events[0].when
        events = [
            replace(one, event_id=f"{stem}-{n:05}", when=when) for n, one in enumerate(events)
        ]
    session.keep(events)
    return events


def _edits(
    session: Session,
    who: str,
    do: str,
    issue: str,
    *,
    into: str = "",
    name: str = "",
    findings: Sequence[str] = (),
) -> list[Event]:
    """Return the events of an edit, once all of it was found to fit."""
    row = known_issue(session, issue)
    has = _members(session, row[c.ISSUE_ID])
    moved = [_finding(session, one) for one in findings]
    given = " ".join(name.split())
    if do in (RENAME, SPLIT) and not 0 < len(given) <= _LONGEST:
        raise SettingsError(f"{do}: got the name {given[:40]!r}; expected 1 to {_LONGEST} letters")
    target, had = "", has if do in (SPLIT, PUT, TAKE) else []
    if do == MERGE:
        other = known_issue(session, into)
        target, had = str(other[c.ISSUE_ID]), _members(session, other[c.ISSUE_ID])
        if other[c.POLARITY] != row[c.POLARITY] or target == row[c.ISSUE_ID]:
            raise SettingsError(f"merge: {target}: expected another issue of the same side")
    elif do == SPLIT:
        target = f"own-{slug(given)[:60]}/{row[c.POLARITY]}"
        if target in _parted(session) | set(session.run.tables["issues"][c.ISSUE_ID]):
            raise SettingsError(f"split: there is an issue {target} already; give another name")
    if do in (SPLIT, TAKE, PUT):
        _check_moved(session, do, row, has, moved)
    meant = target if do == MERGE else str(row[c.ISSUE_ID])
    made = edit(
        who,
        do,
        str(row[c.ISSUE_ID]),
        into=target,
        findings=_digests(session, moved or has),
        had=_digests(session, had) if meant.startswith(f"{NEW}-") else (),
        name=given,
        shown={"label": str(row[c.LABEL])},
    )
    if do not in (PUT, TAKE) or row[c.STATUS] != CATALOGUE:
        return [made]
    # Of the catalogue's issues that is an answer like any other too, which the next model learns.
    said, subject = YES if do == PUT else NO, row[c.SUBJECT]
    return [made] + [
        about_finding(who, session.digests[at], ISSUE, subject, said, place=session.ids[at])
        for at in moved
    ]


def _parted(session: Session) -> set[str]:
    """Return ids of issues of this run that splits have made and no edit since has ended."""
    out: set[str] = set()
    for event in session.standing.edits:
        if event.answer == SPLIT and not session.rows.keys().isdisjoint(event.findings):
            out.add(event.slugs[0])
        elif event.answer in (MERGE, DROP):
            out.discard(event.slug)
    return out


def _digests(session: Session, rows: Sequence[int]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(session.digests[at] for at in rows))


def known_issue(session: Session, said: str) -> dict[str, Any]:
    """Return the row of an issue by its id, or by its name in any case.

    Raises:
        SettingsError: The run has none, or several of that name, or has not been mined.
    """
    if "issues" not in session.run.tables:
        folder = session.folder
        raise SettingsError(f"{folder}: has not been mined; run: findings mine {folder}")
    rows = session.run.tables["issues"].to_dict("records")
    folded = " ".join(said.split()).casefold()
    found = [r for r in rows if folded in (r[c.ISSUE_ID].casefold(), str(r[c.LABEL]).casefold())]
    if len(found) == 1:
        return {str(key): value for key, value in found[0].items()}
    names = [str(r[c.ISSUE_ID]) for r in (found or rows)]
    near = names if found else get_close_matches(folded, names, _SHOWN, 0.4)
    hint = f"perhaps {', '.join(near)}" if near else f"findings issues {session.folder} lists them"
    many = "several are called that" if found else "this run lists no such issue"
    raise SettingsError(f"issue {said!r}: {many}; {hint}")


def _members(session: Session, issue: str) -> list[int]:
    table = session.run.tables["issue_findings"]
    row_of = {name: at for at, name in enumerate(session.ids)}
    mine = table.loc[table[c.ISSUE_ID] == issue, c.FINDING_ID]
    return [row_of[str(name)] for name in mine if str(name) in row_of]


def _finding(session: Session, name: str) -> int:
    if name not in session.ids:
        raise SettingsError(
            f"finding {name!r}: this run has none of that id; expected one such as "
            f"{session.ids[0]!r}; findings issues and findings search show them"
        )
    return session.ids.index(name)


def _check_moved(
    session: Session, do: str, row: dict[str, Any], has: list[int], moved: list[int]
) -> None:
    if not moved:
        raise SettingsError(f"{do}: no finding was given; expected the ids of those that move")
    for at in moved:
        name = session.ids[at]
        if do == PUT:
            side = session.tables["findings"][c.POLARITY].iloc[at]
            if side != row[c.POLARITY]:
                raise SettingsError(f"{name} is a {side}; {row[c.ISSUE_ID]} is of the other side")
        elif at not in has:
            raise SettingsError(f"{name} is no finding of {row[c.ISSUE_ID]}")
