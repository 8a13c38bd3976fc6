"""Events: an answer to one question, a finding labelled whole, an edit, a memo, an undoing.

An event is never changed. It names a finding by the digest of its text, so that no published text
is kept here and an answer finds its finding again when a report moves or is corrected elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from pipelines.errors import SettingsError

THEME: Final = "theme"
ISSUE: Final = "issue"
FINDING: Final = "finding"
UNIT: Final = "unit"
LEVELS: Final = (THEME, ISSUE)

ANSWER: Final = "answer"
WHOLE: Final = "whole"
EDIT: Final = "edit"
MEMO: Final = "memo"
UNDO: Final = "undo"
_ABOUT: Final = {
    ANSWER: LEVELS,
    WHOLE: LEVELS,
    EDIT: (ISSUE,),
    MEMO: (FINDING, ISSUE, THEME, UNIT),
    UNDO: ("",),
}

YES: Final = "yes"
NO: Final = "no"
UNSURE: Final = "unsure"
SKIP: Final = "skip"
ANSWERS: Final = (YES, NO, UNSURE, SKIP)

PIN: Final = "pin"
RENAME: Final = "rename"
MERGE: Final = "merge"
SPLIT: Final = "split"
DROP: Final = "drop"
PUT: Final = "put"
TAKE: Final = "take"
EDITS: Final = (PIN, RENAME, MERGE, SPLIT, DROP, PUT, TAKE)
"""What is done to an issue: the last two move findings into it and out of it."""

_SAYS: Final = {ANSWER: ANSWERS, EDIT: EDITS}

LONGEST_MEMO: Final = 4000
LONGEST_NAME: Final = 80
_ID: Final = re.compile(r"[0-9a-zA-Z-]{8,64}")
_DIGEST: Final = re.compile(r"[0-9a-f]{16}")
_WHEN: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z")
_LONE: Final = re.compile("[\ud800-\udfff]")  # halves of letters, which no file can hold
_SLUG: Final = 300  # characters of a slug or an id
_SHOWN: Final = 20  # facts of what was shown
_MOST: Final = 20_000  # findings of an issue


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a person said; build it with those of `saying.py`, which fill in the rest.

    Attributes:
        event_id: Unique; an event that comes twice counts once.
        kind: `answer`, `whole`, `edit`, `memo` or `undo`.
        who: Name of the person.
        when: UTC, ISO 8601 with a `Z`.
        codebook: `codebook_digest()` at that time.
        finding: Digest of the finding's text; empty for memos on other things and for undo.
        place: Id of the finding where it was seen: for people, nothing is looked up by it.
        level: `theme` or `issue`; of a memo also `finding` or `unit`; empty for undo.
        slug: Theme or subject asked about; of an edit the issue's id; of a memo what it is on; of
            an undo the event's id.
        answer: `yes`, `no`, `unsure` or `skip` of an answer; what an edit does, one of `EDITS`.
        slugs: Of `whole`: all that the finding has of this level, and it has no others. Of an edit
            the id of the issue that it makes or merges into.
        findings: Of an edit: digests of those that move, else of all that the issue had.
        had: Of an edit: digests of all that the issue had where `findings` are those that move,
            and of `merge` of all that the other one had. A new issue is known again by them.
        text: Of a memo; the name that an edit gives.
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
    findings: tuple[str, ...] = ()
    had: tuple[str, ...] = ()
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
            ("kind", self.kind, self.kind in _ABOUT),
            ("who", self.who, self.who.strip() and _plain(self.who)),
            ("when", self.when, _is_time(self.when)),
            ("level", self.level, self.level in _ABOUT.get(self.kind, ())),
            ("finding", self.finding, self._named()),
            ("answer", self.answer, self.answer in _SAYS.get(self.kind, ("",))),
            ("slug", self.slug, self.kind == WHOLE or (self.slug and _plain(self.slug, _SLUG))),
            ("slugs", self.slugs, all(_plain(slug, _SLUG) for slug in self.slugs)),
            ("findings", self.findings, _listed(self.findings)),
            ("had", self.had, _listed(self.had)),
            ("place", self.place, _plain(self.place, _SLUG)),
            ("text", self.text, self._worded()),
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

    def _worded(self) -> bool:
        """Whether the text is one: a memo has lines, a name is shown by terminals as it stands."""
        if self.kind != MEMO:
            return _plain(self.text, LONGEST_MEMO)
        return len(self.text) <= LONGEST_MEMO and not _LONE.search(self.text)

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
            "slugs": list(self.slugs),
            "findings": list(self.findings),
            "had": list(self.had),
            "text": self.text,
            "resolves": self.resolves,
            "shown": dict(self.shown),
        }
        empty = {"slugs"} if self.kind == WHOLE else set()  # a finding may have no theme
        return {name: value for name, value in said.items() if value or name in empty}

    @classmethod
    def from_dict(cls, raw: object) -> Event:
        """Read what `to_dict` returned; keys of later versions are left alone.

        Raises:
            SettingsError: It is not an event.
        """
        if not isinstance(raw, dict):
            raise SettingsError(f"answer: got {str(raw)[:60]!r}; expected an object")
        shown = raw.get("shown") or {}
        lists = {name: raw.get(name) or [] for name in ("slugs", "findings", "had")}
        if not isinstance(shown, dict) or not all(isinstance(x, list) for x in lists.values()):
            raise SettingsError("answer: shown must be an object, slugs, findings and had lists")
        names = ("kind", "who", "when", "codebook", "finding", "place", "level", "slug")
        said = {name: str(raw.get(name) or "") for name in (*names, "answer", "text")}
        return cls(
            event_id=str(raw.get("id") or ""),
            slugs=tuple(map(str, lists["slugs"])),
            findings=tuple(map(str, lists["findings"])),
            had=tuple(map(str, lists["had"])),
            resolves=raw.get("resolves") is True,
            shown=shown,
            **said,
        )


def _plain(text: str, longest: int = LONGEST_NAME) -> bool:
    """Whether it fits a cell and a line, and can steer no terminal."""
    return len(text) <= longest and text.isprintable()


def _listed(digests: tuple[str, ...]) -> bool:
    return len(digests) <= _MOST and all(map(_DIGEST.fullmatch, digests))


def _is_time(text: str) -> bool:
    try:
        return bool(_WHEN.fullmatch(text) and datetime.fromisoformat(text))
    except ValueError:
        return False


_SAID: Final = {
    "id": "8 to 64 letters, digits and hyphens",
    "kind": f"one of {', '.join(_ABOUT)}",
    "who": f"a name of {LONGEST_NAME} characters at most, on one line",
    "when": "a time in UTC such as 2026-01-31T09:30:00Z",
    "level": "theme or issue, or for a memo finding or unit",
    "finding": "the 16 hexadecimal digits of a finding's text where it is on one",
    "answer": f"one of {', '.join(ANSWERS)}, or of an edit one of {', '.join(EDITS)}",
    "findings": f"digests of {_MOST} findings at most",
    "had": f"digests of {_MOST} findings at most",
    "slug": "what it is about",
    "slugs": "slugs",
    "place": "the id of a finding, on one line",
    "text": f"{LONGEST_MEMO} characters at most, all of them letters and signs",
    "shown": f"{_SHOWN} facts at most",
}
