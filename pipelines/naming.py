"""One name for each unit and standard, whatever its reports call it; near misses are proposed.

What is in the list of places has its name there. Units in no list meet where their names differ
by case, punctuation and the order of parts only: two real units are never made one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import combinations
from typing import Final

from pipelines.places import Places, fold_name, load_places, name_keys, plain_name
from pipelines.project import forgotten_with_project

_ALIKE: Final = 0.86  # of two names' letters, from which a person should look
_COMPASS: Final = frozenset({"north", "south", "east", "west", "central"})
_UNKNOWN: Final = "unknown"
_FIRST_KINDS: Final = ("pdu", "region", "national")  # the first that bears a name has it plain

_FIGURES: Final = re.compile(r"\d+")
_KIND: Final = re.compile(r" \(\w+\)$")
_GAP: Final = re.compile(r"[^a-z0-9]+")
_LETTER: Final = re.compile(r"^[A-Z] (?=\d)")

Unit = tuple[str, str]
"""A unit's plain name as printed, and its kind."""


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Two units that may be one; a person has to say, as an alias in the list of places."""

    one: str
    other: str
    why: str


def name_units(units: Sequence[Unit], places: Places | None = None) -> dict[Unit, str]:
    """Return the one name of each unit, for every spelling of it.

    Args:
        units: Once for each document: the spelling that most use is the name.
        places: Units known, with aliases; the shipped list where none is given.
    """
    places = places or load_places()
    counts = Counter(units)
    groups = _grouped(counts, places)
    names: dict[Unit, str] = {}
    for group in groups:
        listed = [found.name for name, _ in group if (found := places.find(name)) is not None]
        spelled = min(listed) if listed else min(group, key=lambda unit: _rank(unit, counts))[0]
        for unit in group:
            names[unit] = spelled
    return _kinds_apart(names, groups)


def with_letters(named: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return the one name of each standard, by framework and by what a report calls it.

    A letter that some reports of a framework print before a number, and others leave out, does not
    make two standards of one (`P 2.1` and `2.1`): the name has it, unless several have one.
    """
    lettered: dict[tuple[str, str], set[str]] = {}
    for framework, name in named:
        if bare := _LETTER.match(name):
            lettered.setdefault((framework, name[bare.end() :]), set()).add(name)
    only = {one: next(iter(found)) for one, found in lettered.items() if len(found) == 1}
    return {one: only.get(one, one[1]) for one in named}


def near_misses(names: Iterable[str]) -> list[NearMiss]:
    """Return pairs of names that may be of one unit, and why; two of the list never are."""
    places = load_places()
    found = []
    for one, other in combinations(sorted(set(names)), 2):
        listed = places.find(one) is not None and places.find(other) is not None
        if not listed and (why := _near(one, other)):
            found.append(NearMiss(one, other, why))
    return found


def _grouped(units: Iterable[Unit], places: Places) -> list[list[Unit]]:
    """Put together the spellings of one unit: kinds that are known part what names join."""
    groups: dict[str, list[Unit]] = {}
    for unit in sorted(units):
        found = places.find(unit[0])
        keys = {found.name} if found else name_keys(unit[0]) or {unit[0]}
        met = [groups[key] for key in sorted(keys) if key in groups]
        group = met[0] if met else []
        for other in met[1:]:  # a spelling that two groups share makes one of them
            if other is not group:
                group += other
                groups.update((key, group) for key, held in list(groups.items()) if held is other)
        group.append(unit)
        groups.update(dict.fromkeys(keys, group))
    whole = {id(group): group for group in groups.values()}
    return [part for group in whole.values() for part in _by_kind(group)]


def _by_kind(group: list[Unit]) -> list[list[Unit]]:
    kinds: dict[str, list[Unit]] = defaultdict(list)
    for unit in group:
        kinds[unit[1]].append(unit)
    known = sorted(kinds.keys() - {_UNKNOWN})
    if len(known) == 1:  # a unit of unknown kind is of the only kind there is
        return [group]
    return [kinds[kind] for kind in sorted(kinds)]


def _kinds_apart(names: dict[Unit, str], groups: list[list[Unit]]) -> dict[Unit, str]:
    """Add its kind to a name that units of several kinds bear, but for the first of them."""
    bearers: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        bearers[names[group[0]]] |= {kind for _, kind in group} - {_UNKNOWN}
    plain = {
        name: {_UNKNOWN, *(kinds if len(kinds) == 1 else [])}
        | set([kind for kind in _FIRST_KINDS if kind in kinds][:1])
        for name, kinds in bearers.items()
    }
    return {
        unit: name if unit[1] in plain[name] else f"{name} ({unit[1]})"
        for unit, name in names.items()
    }


def _rank(unit: Unit, counts: Counter[Unit]) -> tuple[bool, bool, int, bool, bool, str]:
    """Order spellings: without punctuation and in small letters, then what most documents have."""
    name = unit[0]
    plain = not any(sign in name for sign in "&/+,-")
    cased = not (name.isupper() or name.islower())
    return (not cased, not plain, -counts[unit], " and " not in name, name.isascii(), name)


@forgotten_with_project
@cache
def _folded(name: str) -> str:
    return fold_name(plain_name(name))


def _near(one: str, other: str) -> str:
    if _KIND.sub("", one) == _KIND.sub("", other) or _FIGURES.findall(one) != _FIGURES.findall(
        other
    ):
        return ""  # of two kinds, or counted through
    one, other = _folded(one), _folded(other)
    first, second = (frozenset(name.split()) - {"and", "the", "of"} for name in (one, other))
    if first == second:
        return "the same words"
    if first < second or second < first:
        return "one name within the other"
    letters = SequenceMatcher(None, one, other, autojunk=False)
    if min(letters.real_quick_ratio(), letters.quick_ratio()) < _ALIKE or letters.ratio() < _ALIKE:
        return ""
    differing = first ^ second
    return "" if differing <= _COMPASS else "nearly the same letters"


def slug(name: str) -> str:
    """Write a name as a part of an address or id: lower case, letters and figures, hyphens.

    At most 80 characters; `unnamed` where none is left.
    """
    bare = unicodedata.normalize("NFKD", name.replace("’", "")).encode("ascii", "ignore").decode()
    return _GAP.sub("-", bare.casefold().replace("'", "")).strip("-")[:80] or "unnamed"
