"""Events: an answer to one question, a finding labelled whole, a memo, the undoing of either.

An event is never changed. It names a finding by the digest of its text, so that no published text
is kept here and an answer finds its finding again when a report moves or is corrected elsewhere.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.errors import SettingsError

THEME: Final = "theme"
ISSUE: Final = "issue"
FINDING: Final = "finding"
UNIT: Final = "unit"
LEVELS: Final = (THEME, ISSUE)

ANSWER: Final = "answer"
WHOLE: Final = "whole"
MEMO: Final = "memo"
UNDO: Final = "undo"
_KINDS: Final = (ANSWER, WHOLE, MEMO, UNDO)
_ABOUT: Final = {ANSWER: LEVELS, WHOLE: LEVELS, MEMO: (FINDING, ISSUE, THEME, UNIT), UNDO: ("",)}

YES: Final = "yes"
NO: Final = "no"
UNSURE: Final = "unsure"
SKIP: Final = "skip"
ANSWERS: Final = (YES, NO, UNSURE, SKIP)

LONGEST_MEMO: Final = 4000
LONGEST_NAME: Final = 80
_ID: Final = re.compile(r"[0-9a-zA-Z-]{8,64}")
_DIGEST: Final = re.compile(r"[0-9a-f]{16}")
_WHEN: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z")
_LONE: Final = re.compile("[\ud800-\udfff]")  # halves of letters, which no file can hold
_SLUG: Final = 300  # characters of a slug or an id
_SHOWN: Final = 20  # facts of what was shown


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a person said; build it with the functions below, which fill in the rest.

    Attributes:
        event_id: Unique; an event that comes twice counts once.
        kind: `answer`, `whole`, `memo` or `undo`.
        who: Name of the person.
        when: UTC, ISO 8601 with a `Z`.
        codebook: `codebook_digest()` at that time.
        finding: Digest of the finding's text; empty for memos on other things and for undo.
        place: Id of the finding where it was seen: for people, nothing is looked up by it.
        level: `theme` or `issue`; of a memo also `finding` or `unit`; empty for undo.
        slug: Theme or subject asked about; of a memo what it is on; of an undo the event's id.
        answer: `yes`, `no`, `unsure` or `skip` of an answer; else empty.
        slugs: Of `whole`: all that the finding has of this level, and it has no others.
        text: Of a memo.
        resolves: Whether it settles what others disagree on.
        shown: What was seen with the question: probability, certainty, model, order.
    """

    event_id: str
    kind: str
    who: str
    when: str
    codebook: str
    finding: str = ""
    place: str = ""
    level: str = ""
    slug: str = ""
    answer: str = ""
    slugs: tuple[str, ...] = ()
    text: str = ""
    resolves: bool = False
    shown: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what no command of ours writes: a store may come from anywhere.

        Raises:
            SettingsError: A field is wrong.
        """
        for name, value, good in (
            ("id", self.event_id, _ID.fullmatch(self.event_id)),
            ("kind", self.kind, self.kind in _KINDS),
            ("who", self.who, self.who.strip() and _plain(self.who)),
            ("when", self.when, _is_time(self.when)),
            ("level", self.level, self.level in _ABOUT.get(self.kind, ())),
            ("finding", self.finding, self._named()),
            ("answer", self.answer, self.answer in (ANSWERS if self.kind == ANSWER else ("",))),
            ("slug", self.slug, self.kind == WHOLE or (self.slug and _plain(self.slug, _SLUG))),
            ("slugs", self.slugs, all(_plain(slug, _SLUG) for slug in self.slugs)),
            ("place", self.place, _plain(self.place, _SLUG)),
            ("text", self.text, len(self.text) <= LONGEST_MEMO and not _LONE.search(self.text)),
            ("shown", self.shown, len(self.shown) <= _SHOWN),
        ):
            if not good:
                raise SettingsError(
                    f"answer: {name} is {str(value)[:60]!r}; expected {_SAID[name]}"
                )

    def _named(self) -> bool:
        if self.kind in (ANSWER, WHOLE) or self.level == FINDING:
            return bool(_DIGEST.fullmatch(self.finding))
        return not self.finding

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it, without what is empty."""
        said: dict[str, Any] = {
            "id": self.event_id,
            "kind": self.kind,
            "who": self.who,
            "when": self.when,
            "codebook": self.codebook,
            "finding": self.finding,
            "place": self.place,
            "level": self.level,
            "slug": self.slug,
            "answer": self.answer,
            "text": self.text,
            "resolves": self.resolves,
            "shown": dict(self.shown),
        }
        out = {name: value for name, value in said.items() if value}
        return {**out, "slugs": list(self.slugs)} if self.kind == WHOLE else out

    @classmethod
    def from_dict(cls, raw: object) -> Event:
        """Read what `to_dict` gave; keys of later versions are left alone.

        Raises:
            SettingsError: It is no event.
        """
        if not isinstance(raw, dict):
            raise SettingsError(f"answer: got {str(raw)[:60]!r}; expected an object")
        shown, slugs = raw.get("shown") or {}, raw.get("slugs") or []
        if not isinstance(shown, dict) or not isinstance(slugs, list):
            raise SettingsError("answer: shown must be an object and slugs a list")
        names = ("kind", "who", "when", "codebook", "finding", "place", "level", "slug")
        said = {name: str(raw.get(name) or "") for name in (*names, "answer", "text")}
        return cls(
            event_id=str(raw.get("id") or ""),
            slugs=tuple(str(slug) for slug in slugs),
            resolves=raw.get("resolves") is True,
            shown=shown,
            **said,
        )


def _plain(text: str, longest: int = LONGEST_NAME) -> bool:
    """Whether it fits a cell and a line, and can steer no terminal."""
    return len(text) <= longest and text.isprintable()


def _is_time(text: str) -> bool:
    try:
        return bool(_WHEN.fullmatch(text) and datetime.fromisoformat(text))
    except ValueError:
        return False


_SAID: Final = {
    "id": "8 to 64 letters, digits and hyphens",
    "kind": f"one of {', '.join(_KINDS)}",
    "who": f"a name of {LONGEST_NAME} characters at most, on one line",
    "when": "a time in UTC such as 2026-01-31T09:30:00Z",
    "level": "theme or issue, or for a memo finding or unit",
    "finding": "the 16 hexadecimal digits of a finding's text where it is on one",
    "answer": f"one of {', '.join(ANSWERS)}",
    "slug": "what it is about",
    "slugs": "slugs",
    "place": "the id of a finding, on one line",
    "text": f"{LONGEST_MEMO} characters at most, all of them letters and signs",
    "shown": f"{_SHOWN} facts at most",
}


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
    """Say all themes (or subjects) of a finding: these and no others, none where there are none.

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


def undo(who: str, event_id: str) -> Event:
    """Take an earlier event back; both stay in the store."""
    return _event(UNDO, who, slug=event_id)


def _event(kind: str, who: str, event_id: str = "", **said: Any) -> Event:  # noqa: ANN401 - fields
    """Make an event of now, by the codebook in use."""
    return Event(event_id or _new_id(), kind, who.strip(), _now(), codebook_digest(), **said)


def codebook_digest() -> str:
    """Name the themes and subjects in use by 12 digits: what an answer meant when it was given."""
    state = hashlib.sha256(repr(load_codebook().themes).encode())
    state.update(repr(load_catalogue().subjects).encode())
    return state.hexdigest()[:12]


def _new_id() -> str:
    return secrets.token_hex(12)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
