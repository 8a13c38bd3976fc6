"""Know the heading of a list of findings, with whatever a report sets before and behind its name.

A list goes on over the page, is numbered, counted or about one matter: "4.2 Areas for improvement
(continued)", "Strengths – staffing". The name is looked up in the registry; what may stand around
it are forms, not wordings, but for the words that say that a list goes on.
"""

from __future__ import annotations

import re
from typing import Final

from pipelines.frameworks import Registry, fold
from pipelines.records import Polarity
from pipelines.welsh import english_heading

_NUMBER: Final = re.compile(r"^(?:[A-Z]\s?)?\(?\d{1,2}(?:\.\d{1,2}){0,3}[.):]*\s+")
_BRACKET: Final = re.compile(r"\s*[(\[][^()\[\]]{0,60}[)\]][\s:.]*$")
_GOES_ON: Final = re.compile(r"[\s,:–—-]+cont(?:inued|['’]?d|\.)?[\s:.]*$", re.IGNORECASE)
_MATTER: Final = re.compile(r"^(?P<name>[^:–—]{3,60}?)(?:\s*:|\s+[–—-])\s+\S[^.]*$")
_LONGEST: Final = 160  # characters of a heading
_HYPHEN: Final = re.compile(r"(?<=\w)[-‐‑–](?=\w)")
_ABOUT: Final = re.compile(r"\s*(?:$|[^\w\s'’]|(?:in|of|for|at|on|with|within|across)\b)")
_JOINED: Final = re.compile(r"\s*(?:and|or|/|,)\s*")


def list_named(text: str, registry: Registry) -> Polarity | None:
    """Return the list that a text names, its number, count or "continued" aside."""
    text = english_heading(text)
    polarity = registry.polarity.get(fold(text))
    if polarity or len(text) > _LONGEST:
        return polarity
    bare = _GOES_ON.sub("", _BRACKET.sub("", _NUMBER.sub("", text.strip())))
    return registry.polarity.get(fold(bare))


def list_headed(text: str, registry: Registry, *, heading: bool) -> Polarity | None:
    """Return the list that a line opens; a heading may say what it is about."""
    if (polarity := list_named(text, registry)) or not heading:
        return polarity
    match = _MATTER.match(_NUMBER.sub("", text.strip()))
    return list_named(match["name"], registry) if match else None


def heads_other_list(text: str, polarity: Polarity | None, registry: Registry) -> bool:
    """Whether a heading in a list is of the other list, or of both: then it is no topic of the one.

    "Strengths in leadership" divides a list of strengths; "Strengths and weaknesses" divides none.

    Args:
        text: The heading.
        polarity: Of the list that it stands in.
        registry: Has the names of lists.
    """
    folded = fold(_HYPHEN.sub("_", _NUMBER.sub("", text.strip())))  # "strengths-based" is one word
    for named, rest in _begun(folded, registry):
        if named is not polarity and _ABOUT.match(rest):
            return True
        if joined := _JOINED.match(rest):
            others = _begun(rest[joined.end() :], registry)
            if any(other is not named for other, _ in others):
                return True
    return False


def _begun(folded: str, registry: Registry) -> list[tuple[Polarity, str]]:
    """Each list whose name a text begins with, and what comes behind the name."""
    names = registry.polarity.items()
    return [(named, folded[len(name) :]) for name, named in names if folded.startswith(name)]
