"""Heads of label files, however they are spelled and whatever program chose them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from pipelines import columns as c
from pipelines.tag.labels.marks import marks

ADDS: Final = "adds"
THEMES: Final = "themes"
ISSUES: Final = "issues"
VOICE: Final = "voice"
SECTION: Final = "section"
ORIGIN: Final = "origin"
CODER: Final = "coder"
MEMO: Final = "memo"
DONE: Final = "done"
DECIDED: Final = {"theme": "decided", "issue": "decided_issues"}
"""What a label that does not speak of all speaks of, by level."""
CODED: Final = {"theme": "coded_themes", "issue": "coded_issues"}
"""What was given before a model's doubt had it decided again, by level."""

OF_ANYTHING: Final = ("description", "content")
"""Heads of a finding's text, and of other texts as well."""

_NAMES: Final = {
    c.TEXT: (
        "text",
        "finding",
        "finding text",
        *("text of the finding", "text of finding", "bullet point"),
        "sentence",
        "data",
        *("statement", "quote", "quotation", "excerpt", "bullet", "passage", "verbatim"),
        *OF_ANYTHING,
    ),
    THEMES: (
        "themes",
        "theme",
        "label",
        "labels",
        "accept",
        "choices",
        "choice",
        "annotation",
        "themes responses",
        "themes response",
        *("original themes", "original theme"),
    ),
    ISSUES: ("issues", "issue", "subjects", "subject"),
    c.DIGEST: ("digest",),
    c.DOCUMENT_ID: ("document id", "document"),
    c.FINDING_ID: ("finding id", "finding no", "finding number"),
    c.ORDINAL: ("ordinal",),
    c.POLARITY: ("polarity",),
    c.UNIT: ("unit",),
    SECTION: ("section",),
    ORIGIN: ("origin",),
    VOICE: ("voice",),
    CODER: ("coder", "who", "initials", "by"),
    MEMO: ("memo", "note", "notes", "comment"),
    DONE: ("done", "is done", "done y n"),
    ADDS: ("adds",),
    DECIDED["theme"]: ("decided",),
    DECIDED["issue"]: ("decided issues",),
    CODED["theme"]: ("coded themes",),
    CODED["issue"]: ("coded issues",),
}
"""The first name found counts: a file that has `themes` and `label` means its themes."""

_ROLE: Final = "(?:(?:cod|annotat|review|rat|labell?|tagg|assess)(?:er|or)|analyst)"
_CODER: Final = re.compile(
    rf"(?:{_ROLE}|user)s? ?(?:names?|ids?|initials)?|"
    r"(?:coded|annotated|reviewed|rated|labell?ed|tagged|assessed|analysed|completed) by"
)

_CODES: Final = re.compile(r"\W*cod(?:er|ed)", re.IGNORECASE)

_APART: Final = re.compile(r"[\s_\-./]+")
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")  # as in `findingText`
_ASIDE: Final = re.compile(r"\([^()]*\)|[:?]\s*$")  # `Theme(s)`, `Finding (verbatim):`, `Done?`


def head_key(said: str) -> str:
    """Fold a head: its case, blanks, hyphens and the marks that programs put before it."""
    plain = unicodedata.normalize("NFKC", said).strip("\ufeff \t'\"*")
    plain = _HUMP.sub(" ", plain).casefold()
    plain = _ASIDE.sub("", plain) or plain
    plain = _APART.sub(" ", plain).strip()
    return CODER if _CODER.fullmatch(plain) else plain


_SPREAD: Final = re.compile(
    r"(?:(?:main|primary|secondary|first|second|third|fourth|other|further) )?"
    r"(?P<what>theme|issue)s?(?P<number> ?(?:no |#)?0?[1-9]| [a-d])?"
)


def spread_of(cells: Sequence[str]) -> dict[str, list[int]]:
    """Return the columns of a sheet that has one for each theme: `Theme 1`, `Second theme`."""
    out: dict[str, list[int]] = {}
    numbered = set()
    for place, cell in enumerate(cells):
        found = _SPREAD.fullmatch(head_key(cell))
        if found:
            name = THEMES if found["what"] == "theme" else ISSUES
            out.setdefault(name, []).append(place)
            if found[0] not in (found["what"], f"{found['what']}s"):
                numbered.add(name)
    return {name: places for name, places in out.items() if len(places) > 1 or name in numbered}


_WHO: Final = rf"(?P<who>(?i:(?:first|second|third|\d[a-z]{{2}}) {_ROLE}|{_ROLE} ?\w{{1,2}}))"
_WORDS: Final = re.compile(r"[^\W_]+")
_LETTERS: Final = frozenset("abcds")  # `Theme A` and `Theme(s)`
_THEIRS: Final = re.compile(
    r"(?i:theme(?:s|\(s\))?)\s*(?P<number>\d?)\s*"
    rf"(?:\((?P<aside>[A-Z][^()]+|[^()]*(?i:{_ROLE})[^()]*)\)|"
    r"[-–—:]\s*(?P<behind>[A-Z].+)|_(?P<under>[^\s\-].*))|"
    r"(?P<owner>\S.*?)['’]s?\s+(?i:themes?)|"
    rf"{_WHO}(?i: themes?)?"
)
_INITIALS: Final = re.compile(r"[A-Z]{2,3}")
_NAME: Final = re.compile(
    rf"(?:{_WHO}|"
    r"(?P<name>[^\W\d_]+\.?(?:[ '’-][^\W\d_]+\.?){0,2}?))"
    r"(?:['’]s)?(?: (?:labels?|themes?|coding|coded))?(?: ?\([^()]*\))?",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[a-z]+")
_THEMED: Final = frozenset({"theme", "themes", "label", "labels"})
_AGAIN: Final = frozenset(
    {
        *("correct", "corrected", "correction", "final", "agreed", "revised"),
        *("review", "reviewed", "checked", "amended", "updated"),
    }
)
_NOT_YET: Final = frozenset({"before", "pre", "prior", "original", "to", "not"})


def coders_of(cells: Sequence[str]) -> dict[int, str]:
    """Return the columns of themes that are one person's: `Themes (Ann)`, `Bob's themes`.

    Where each has a number of its own, as `Theme 1 (Topic)` beside `Theme 2 (Detail)`, they are
    several themes of one person's.
    """
    matched = {place: _THEIRS.fullmatch(cell.strip()) for place, cell in enumerate(cells)}
    found = {place: match for place, match in matched.items() if match}
    numbers = [match["number"] for match in found.values()]
    if all(numbers) and len(set(numbers)) == len(numbers):
        return {}
    named = {place: match[match.lastgroup or 0].strip() for place, match in found.items()}
    own = {n: who for n, who in named.items() if not _says_which(who)}
    if any(map(_INITIALS.fullmatch, own.values())):  # beside `(PB)`, `(QA)` is somebody, too
        own |= {n: who for n, who in named.items() if _INITIALS.fullmatch(who)}
    return own


def is_a_name(said: str) -> bool:
    """Whether a sheet's name may be a person's: `Ann`, `B. Jones`, `Ann (done)`, `Coder 1`."""
    found = _NAME.fullmatch(said.strip())
    if found is None or found["who"]:
        return found is not None
    words = _WORDS.findall(found["name"].casefold())
    return len(found["name"]) > 1 and not (_says_which(found["name"]) or _of_no_person(words))


def _says_which(said: str) -> bool:
    """Whether themes are called so for what they are, as `first pass`, `April` or `b`, not whose.

    A name has a surname's letter or one behind it that is a word, too: `Ann S`, `Emily Post`.
    """
    words = _WORDS.findall(said.casefold())
    if len(words) == 1 and (words[0] in marks().months or words[0] in _LETTERS):
        return True
    of_a_role = re.search(_ROLE, said, re.IGNORECASE)
    return all(map(str.isdecimal, words)) or (not of_a_role and _of_no_person(words[:1]))


def _of_no_person(words: Iterable[str]) -> bool:
    return not marks().of_no_person.isdisjoint(words)


def speaks_of_themes(said: str, *, corrected: bool = False) -> bool:
    """Whether a head has a word for themes; and one for corrected, where that is asked."""
    words = set(_WORD.findall(said.casefold()))
    again = bool(words & _AGAIN) and not words & _NOT_YET
    return bool(words & _THEMED) and (again or not corrected)


def heads_of(cells: Sequence[str]) -> dict[str, int]:
    """Return where our columns stand in a row of heads: the place of each, from 0."""
    places: dict[str, int] = {}
    # Where `Reviewer` stands beside `Coder`, it is not who reviewed that is asked.
    for place, cell in sorted(enumerate(cells), key=lambda one: not _CODES.match(one[1])):
        places.setdefault(head_key(cell), place)
    out: dict[str, int] = {}
    for name, spellings in _NAMES.items():
        found = next((places[key] for key in spellings if key in places), None)
        if found is not None and found not in out.values():
            out[name] = found
    return out
