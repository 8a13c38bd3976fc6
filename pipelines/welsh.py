"""Welsh, as far as we need it: a report in Welsh is named, a unit's Welsh name is left out."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ENGLISH: Final = frozenset(
    ("the", "of", "and", "to", "was", "were", "that", "for", "is", "not", "with", "had", "are")
)
_FEWEST: Final = 5  # Welsh words of a text that tell
_KINDS: Final = 3  # different ones: one or two are words of Latin, Polish or a list of codes too
_HALF: Final = 2  # headings of a report that is in Welsh, though another is not
_LONGEST: Final = 160  # characters of a heading
_SHORT: Final = 3  # letters of what is a short form where they are capitals: DA, domestic abuse
_NUMBER: Final = re.compile(r"(?:[A-Z]\s?)?\d+(?:\.\d+)*[.):]?\s+")  # of a standard
_TWINS: Final = re.compile(r"\s*/\s*|\s+[|–—]\s+|\s+-\s+|\s*[()]\s*")


@dataclass(frozen=True, slots=True)
class _Welsh:
    headings: frozenset[str]
    words: frozenset[str]
    names: frozenset[str]


@cache
def _known() -> _Welsh:
    raw = tomllib.loads((files("pipelines") / "data" / "welsh.toml").read_text(encoding="utf-8"))
    return _Welsh(*(frozenset(map(_plain, raw[key])) for key in ("headings", "words", "names")))


def is_welsh(texts: Iterable[str]) -> bool:
    """Whether texts are in Welsh: two of them headings of a Welsh report, or most words Welsh."""
    known = _known()
    welsh: Counter[str] = Counter()
    english = headings = 0
    for text in texts:
        headings += _is_heading(text)
        words = [word.casefold() for word in _WORD.findall(text)]
        welsh.update(filter(known.words.__contains__, words))
        english += sum(map(_ENGLISH.__contains__, words))
    told = len(welsh) >= _KINDS and welsh.total() >= _FEWEST
    return headings > 1 or (told and welsh.total() > english)


def welsh_run(texts: Sequence[str]) -> range:
    """Where the Welsh half of texts in two languages stands; empty where there is none.

    It has two headings of a Welsh report, and no run of texts has more Welsh words over English.
    """
    known = _known()
    is_heading = list(map(_is_heading, texts))
    if sum(is_heading) < _HALF:
        return range(0)
    best, over, start, most = range(0), 0, 0, 0
    for place, text in enumerate(texts):
        words = [word.casefold() for word in _WORD.findall(text)]
        over += sum((w in known.words) - (w in _ENGLISH) for w in words) + is_heading[place]
        if over <= 0:
            over, start = 0, place + 1
        elif over > most:
            best, most = range(start, place + 1), over
    return best if sum(is_heading[best.start : best.stop]) >= _HALF else range(0)


def english_name(name: str) -> str:
    """Return a unit's name without its Welsh twin: `Cwm Teilas PDU / Uned Cwm Teilas`.

    A part is the twin where more of its words are Welsh than of the other part; of two that are
    equally so both are the name, unless they are one: `Gwent / Gwent`.
    """
    parts = [part for part in _TWINS.split(name) if part.strip()]
    if len(parts) != 2:
        return name
    first, second = map(_share, parts)
    if first == second:
        return parts[0].strip() if len(set(map(_plain, parts))) == 1 else name
    return parts[0] if first < second else parts[1]


@lru_cache(maxsize=4096)  # several steps ask for each heading of a report
def english_heading(text: str) -> str:
    """Return a heading without its Welsh twin: `Strengths / Cryfderau`; with its number, if any."""
    parts = [part for part in _TWINS.split(text) if part.strip()] if len(text) <= _LONGEST else []
    if len(parts) != 2:
        return text
    number = _NUMBER.match(parts[0])
    before = number[0] if number else ""
    bare = (parts[0][len(before) :], parts[1])
    welsh = [_is_heading(part.capitalize() if text.isupper() else part) for part in bare]
    return before + bare[welsh.index(False)].strip() if sum(welsh) == 1 else text


def _is_heading(text: str) -> bool:
    """Whether a text is a heading of a Welsh report, and no English short form."""
    short = text.isupper() and len(text.strip()) <= _SHORT
    return not short and _plain(text) in _known().headings


def _share(name: str) -> int:
    return sum(_plain(word) in _known().names for word in _WORD.findall(name))


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split()).strip(" :.")
