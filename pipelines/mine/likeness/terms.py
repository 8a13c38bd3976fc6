"""Terms: the words of a finding as grouping and naming see them.

Abbreviations are read as their expansions, so that `UPW` meets `unpaid work`; words said in
several ways count as one; words of every finding in the field and words of judgement (which the
polarity gives already) do not make findings alike.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from pipelines.errors import SettingsError
from pipelines.lexis import load_abbreviations, load_spellings, stem
from pipelines.project import forgotten_with_project

_LISTS: Final = (
    "stop",
    "verbs",
    "field",
    "vague",
    "judging",
    "plain",
    "phrases",
    "joints",
    "unfinished",
    "finished",
    "whole",
    "participles",
    "gerunds",
    "same",
)
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9+&]*(?:['~-][A-Za-z0-9]+)*|\d[\d,./]*|[^\sA-Za-z0-9]")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "‑": "-", "‐": "-"})


class Term(NamedTuple):
    """A word of a text.

    Attributes:
        stem: Its stem; empty for a mark or a number, which end a phrase.
        surface: The word as a name shows it: lower case unless an abbreviation or a proper name.
        proper: Begins with a capital inside a sentence: a name of a place, body or person.
    """

    stem: str
    surface: str
    proper: bool = False


@dataclass(frozen=True, slots=True)
class Phrasing:
    """The word lists of phrases.toml; all but `joints` and `same` as stems.

    `silent` are the stems that are not features.
    """

    stop: frozenset[str]
    verbs: frozenset[str]
    field: frozenset[str]
    vague: frozenset[str]
    judging: frozenset[str]
    plain: frozenset[str]
    phrases: re.Pattern[str]
    joints: frozenset[str]
    unfinished: frozenset[str]
    finished: frozenset[str]
    whole: re.Pattern[str]
    participles: frozenset[str]
    gerunds: frozenset[str]
    same: dict[str, str]
    expansions: dict[str, tuple[str, ...]]
    silent: frozenset[str]


@forgotten_with_project
@cache
def phrasing() -> Phrasing:
    """Load and check the shipped phrases.toml.

    Raises:
        SettingsError: A list is missing, unknown or holds something else than lower-case text.
    """
    raw = tomllib.loads((files("pipelines") / "data" / "phrases.toml").read_text(encoding="utf-8"))
    if set(raw) != set(_LISTS):
        raise SettingsError(f"phrases.toml: got keys {sorted(raw)}; expected {sorted(_LISTS)}")
    for name in _LISTS:
        flat = [w for entry in raw[name] for w in (entry if name == "same" else [entry])]
        if wrong := [w for w in flat if not isinstance(w, str) or w != w.lower() or not w]:
            raise SettingsError(f"phrases.toml: {name}: {wrong[0]!r}; expected lower-case text")
    silent = [w for name in ("stop", "verbs", "field", "vague", "judging") for w in raw[name]]
    return Phrasing(
        stop=_stems(raw["stop"]),
        verbs=_stems(raw["verbs"]),
        field=_stems(raw["field"]),
        vague=_stems(raw["vague"]),
        judging=_stems(raw["judging"]),
        plain=_stems(raw["plain"]),
        phrases=_any_of(raw["phrases"]),
        joints=frozenset(raw["joints"]),
        unfinished=_stems(raw["unfinished"]),
        finished=_stems(raw["finished"]),
        whole=_any_of(raw["whole"]),
        participles=frozenset(raw["participles"]),
        gerunds=frozenset(raw["gerunds"]),
        same={
            stem(other): stem(ways[0]) for ways in raw["same"] for other in ways if " " not in other
        },
        expansions=_expansions(),
        silent=_stems(silent),
    )


def _any_of(phrases: list[str]) -> re.Pattern[str]:
    longest = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest))})\b", re.IGNORECASE)


def _stems(words: list[str]) -> frozenset[str]:
    return frozenset(stem(word) for word in words) | frozenset(words)


def _expansions() -> dict[str, tuple[str, ...]]:
    by_short: dict[str, list[str]] = {}
    for entry in load_abbreviations():
        by_short.setdefault(entry.short, []).append(entry.expansion)
    return {
        way: tuple(full[0].split())
        for short, full in by_short.items()
        if len(full) == 1
        for way in (short, *load_spellings().get(short, ()))
    }


def terms(text: str) -> list[Term]:
    """Cut a text into terms; marks and numbers stay as breaks with an empty stem."""
    known = phrasing()
    out: list[Term] = []
    opened = True
    plain = known.phrases.sub("|", text.translate(_QUOTES))
    for word in _WORD.findall(known.whole.sub(lambda m: m[0].replace(" ", "~"), plain)):
        if not word[0].isalpha():
            out.append(Term("", word))
            opened = opened or word in ".!?:;|•"
            continue
        out.extend(_read(word, opened))
        opened = False
    return out


@forgotten_with_project
@lru_cache(maxsize=100_000)
def _read(word: str, opened: bool) -> tuple[Term, ...]:
    """Read a word: itself, or the words that it abbreviates; `opened` where it opens a sentence."""
    known = phrasing()
    if "~" in word:
        return (_whole(word.lower()),)
    short = word if word in known.expansions else word[:-1] if word.endswith("s") else ""
    if short in known.expansions:
        full = known.expansions[short]
        lower = [w if w.isupper() else w.lower() for w in full]
        joined = "~".join(lower)
        if known.whole.fullmatch(joined.replace("~", " ")):
            return (_whole(joined),)
        return tuple(Term(stem(w), shown) for w, shown in zip(full, lower, strict=True))
    acronym = len(word) > 1 and word[:2].isupper()
    proper = word[0].isupper() and word[1:].islower() and not acronym and not opened
    mixed = word[1:] != word[1:].lower()
    return (Term(stem(word), word if acronym or proper or mixed else word.lower(), proper),)


def _whole(word: str) -> Term:
    parts = word.split("~")
    return Term("-".join([*parts[:-1], stem(parts[-1])]), " ".join(parts))


def features(text: str) -> list[str]:
    """Return the features of a text: its telling stems, and pairs of neighbours among them."""
    known = phrasing()
    silent = known.silent
    kept: list[str] = []
    pairs: list[str] = []
    last = ""
    for term in terms(text):
        if not term.stem:
            last = "" if term.surface in ".!?;:|" else last
        elif not term.proper and term.stem not in silent and len(term.stem) > 2:
            one = known.same.get(term.stem, term.stem)
            kept.append(one)
            if last and last != one:
                pairs.append(f"{last} {one}")
            last = one
    return kept + pairs
