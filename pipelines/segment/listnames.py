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

_NUMBER: Final = re.compile(r"^(?:[A-Z]\s?)?\(?\d{1,2}(?:\.\d{1,2}){0,3}[.):]*\s+")
_BRACKET: Final = re.compile(r"\s*[(\[][^()\[\]]{0,60}[)\]][\s:.]*$")
_GOES_ON: Final = re.compile(r"[\s,:–—-]+cont(?:inued|['’]?d|\.)?[\s:.]*$", re.IGNORECASE)
_MATTER: Final = re.compile(r"^(?P<name>[^:–—]{3,60}?)(?:\s*:|\s+[–—-])\s+\S[^.]*$")
_LED_TO: Final = re.compile(r"\b(?:following|these)\s+(?P<name>\S[^:]{2,60}):$", re.IGNORECASE)
_LONGEST: Final = 160  # characters of a heading
_HYPHEN: Final = re.compile(r"(?<=\w)[-‐‑](?=\w)")
_WORD: Final = re.compile(r"[\w’']")


def list_named(text: str, registry: Registry) -> Polarity | None:
    """Return the list that a text names, its number, count or "continued" aside."""
    polarity = registry.polarity.get(fold(text))
    if polarity or len(text) > _LONGEST:
        return polarity
    bare = _GOES_ON.sub("", _BRACKET.sub("", _NUMBER.sub("", text.strip())))
    return registry.polarity.get(fold(bare))


def list_headed(text: str, registry: Registry, *, heading: bool) -> Polarity | None:
    """Return the list that a line opens: it may lead up to it, and a heading may say of what."""
    if polarity := list_named(text, registry):
        return polarity
    bare = _NUMBER.sub("", text.strip())
    match = _LED_TO.search(bare) or (_MATTER.match(bare) if heading else None)
    return list_named(match["name"], registry) if match else None


def begins_as_list(text: str, registry: Registry) -> bool:
    """Whether a text begins with the name of a list: it may be of two, and is no topic of one."""
    folded = fold(_HYPHEN.sub("_", _NUMBER.sub("", text.strip())))  # "strengths-based" is one word
    return any(
        folded.startswith(name) and not _WORD.match(folded[len(name) :])
        for name in registry.polarity
    )
