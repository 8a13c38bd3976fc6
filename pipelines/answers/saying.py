"""Saying something: events of this moment, made of what a person says."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from pipelines.answers.events import ANSWER, EDIT, FINDING, ISSUE, MEMO, UNDO, WHOLE, Event
from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.errors import SettingsError
from pipelines.project import Layers, layers_in_use


def about_finding(
    who: str,
    finding: str,
    level: str,
    slug: str,
    answer: str,
    *,
    place: str = "",
    shown: Mapping[str, Any] | None = None,
    resolves: bool = False,
    event_id: str = "",
) -> Event:
    """Answer one question: whether a finding makes a claim about a theme, or states an issue.

    Args:
        who: Name of the person.
        finding: Digest of its text.
        level: `theme` or `issue`.
        slug: Of the theme, or of the issue's subject.
        answer: `yes`, `no`, `unsure` or `skip`.
        place: Id of the finding.
        shown: What was seen with it.
        resolves: Whether it settles a disagreement.
        event_id: Given where a question may be sent twice; new if empty.

    Raises:
        SettingsError: Something of it is wrong.
    """
    return _event(
        ANSWER,
        who,
        event_id,
        finding=finding,
        place=place,
        level=level,
        slug=slug,
        answer=answer,
        resolves=resolves,
        shown=shown or {},
    )


def whole(
    who: str,
    finding: str,
    level: str,
    slugs: tuple[str, ...],
    *,
    place: str = "",
    shown: Mapping[str, Any] | None = None,
    resolves: bool = False,
    event_id: str = "",
) -> Event:
    """State all themes (or subjects) of a finding: these and no others; none if it has none.

    Raises:
        SettingsError: Something of it is wrong.
    """
    return _event(
        WHOLE,
        who,
        event_id,
        finding=finding,
        place=place,
        level=level,
        slugs=slugs,
        resolves=resolves,
        shown=shown or {},
    )


def memo(
    who: str, level: str, slug: str, text: str, *, finding: str = "", event_id: str = ""
) -> Event:
    """Write a memo on a finding, an issue, a theme or a unit.

    Args:
        who: Name of the person.
        level: `finding`, `issue`, `theme` or `unit`.
        slug: Id of the finding or issue, slug of the theme, name of the unit.
        text: The memo.
        finding: Digest of the text of a finding.
        event_id: New if empty.

    Raises:
        SettingsError: Something of it is wrong, or it is empty.
    """
    if not text.strip():
        raise SettingsError("memo: it is empty; write what is to be remembered")
    return _event(
        MEMO,
        who,
        event_id,
        finding=finding,
        place=slug if level == FINDING else "",
        level=level,
        slug=slug,
        text=text.strip(),
    )


def edit(
    who: str,
    do: str,
    issue: str,
    *,
    into: str = "",
    findings: tuple[str, ...] = (),
    had: tuple[str, ...] = (),
    name: str = "",
    shown: Mapping[str, Any] | None = None,
) -> Event:
    """Change an issue of the report.

    Args:
        who: Name of the person.
        do: One of `EDITS`.
        issue: Its id, with the pole.
        into: Id of the issue that `merge` and `split` lead to.
        findings: Digests of those that move; of the others all that the issue has.
        had: Digests of all that the issue has where findings move, and of those that the one
            merged into has: a new issue is found again by them when its id changes.
        name: For `rename` and `split`.
        shown: What was seen: the name that it had.

    Raises:
        SettingsError: Something of it is wrong.
    """
    return _event(
        EDIT,
        who,
        level=ISSUE,
        slug=issue,
        answer=do,
        slugs=(into,) if into else (),
        findings=findings,
        had=had,
        text=name.strip(),
        shown=shown or {},
    )


def undo(who: str, event_id: str) -> Event:
    """Take an earlier event back; both stay in the store."""
    return _event(UNDO, who, slug=event_id)


def _event(kind: str, who: str, event_id: str = "", **said: Any) -> Event:  # noqa: ANN401 - fields
    """Make an event of now, by the codebook in use."""
    return Event(event_id or _new_id(), kind, who.strip(), _now(), codebook_digest(), **said)


def codebook_digest() -> str:
    """Return 12 digits for the themes and subjects in use: what answers meant when given."""
    return _digest_of(layers_in_use())


@lru_cache(maxsize=8)
def _digest_of(_layers: Layers) -> str:
    state = hashlib.sha256(repr(load_codebook().themes).encode())
    state.update(repr(load_catalogue().subjects).encode())
    return state.hexdigest()[:12]


def _new_id() -> str:
    return secrets.token_hex(12)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
