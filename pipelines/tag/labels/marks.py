"""Marks in sheets of labels and names of their columns: the lists of `data/marks.toml`.

A team's own marks are in the `marks.toml` of its project, which adds to these.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

from pipelines.errors import SettingsError
from pipelines.project import forgotten_with_project, layers_in_use
from pipelines.project.layers import MARKS, place_of, read_table

_OPPOSED = ("ticked", "yes", "ballots", "crosses", "empty", "no")  # no mark is in two of these


@dataclass(frozen=True, slots=True)
class Marks:
    """The lists of marks.toml, whose comments say what each of them holds."""

    ticked: frozenset[str]
    yes: frozenset[str]
    ballots: frozenset[str]
    crosses: frozenset[str]
    crossed: frozenset[str]
    empty: frozenset[str]
    no: frozenset[str]
    missing: frozenset[str]
    done: frozenset[str]
    undone: frozenset[str]
    done_though: frozenset[str]
    unsaid: frozenset[str]
    as_it_was: frozenset[str]
    of_no_person: frozenset[str]
    months: frozenset[str]

    def deny_done(self, mark: str) -> bool:
        """Whether a mark of the column Done, in lower case, says that a row is not done."""
        if _opens(mark, self.done_though):
            return False
        return set(mark) <= self.unsaid | {" "} or _opens(mark, self.undone)

    def keep_as_it_was(self, said: str) -> bool:
        """Whether a cell for corrected themes says that there is nothing to correct."""
        plain = said.strip().replace("\ufe0f", "").casefold()
        return plain in self.as_it_was or set(plain) <= self.as_it_was


def _opens(mark: str, openings: frozenset[str]) -> bool:
    """Whether a mark begins with one of some words, and not in the middle of a word."""
    return any(_opening(one).match(mark) for one in openings)


@cache
def _opening(said: str) -> re.Pattern[str]:
    letters = re.escape(said).replace(r"\*", r"\w+").replace(r"\#", r"\d\d?")
    return re.compile(rf"{letters}(?![\w/])")


@forgotten_with_project
@cache
def marks() -> Marks:
    """Return the shipped marks, and those that the project in use adds to the lists.

    What the project has in one list is in no other that says the opposite.

    Raises:
        SettingsError: As `read_marks`, with file and line; but a project's list may be missing.
    """
    shipped = read_marks((files("pipelines") / "data" / MARKS).read_text(encoding="utf-8"))
    raw = {field.name: getattr(shipped, field.name) for field in fields(Marks)}
    layers = layers_in_use()
    for name, own in layers.table(MARKS).items():
        where = place_of(layers.shown(MARKS), layers.text(MARKS) or "", name)
        if name not in raw:
            raise SettingsError(f"{where}: unknown key {name!r}; known: {sorted(raw)}")
        _check_list(where, name, own)
        for other in set(_OPPOSED) - {name} if name in _OPPOSED else ():
            raw[other] -= set(own)
        raw[name] |= set(own)
    return Marks(**raw)


def read_marks(text: str) -> Marks:
    """Read and check the shipped marks.toml.

    Raises:
        SettingsError: A list is missing, unknown or empty, or holds something else than
            lower-case text; a mark is listed as a tick and as none.
    """
    raw, names = read_table(text, MARKS), [field.name for field in fields(Marks)]
    if set(raw) != set(names):
        raise SettingsError(f"{MARKS}: got keys {sorted(raw)}; expected {sorted(names)}")
    for name in names:
        _check_list(MARKS, name, raw[name])
    listed = [mark for name in _OPPOSED for mark in raw[name]]
    if twice := sorted(mark for mark in set(listed) if listed.count(mark) > 1):
        raise SettingsError(f"{MARKS}: {twice[0]!r} is in two lists; leave it in one")
    return Marks(**{name: frozenset(raw[name]) for name in names})


def _check_list(where: str, name: str, given: object) -> None:
    if not isinstance(given, list) or not given:
        raise SettingsError(f"{where}: {name}: got {given!r}; expected a list of texts")
    if wrong := [m for m in given if not isinstance(m, str) or not m or m != m.casefold()]:
        raise SettingsError(f"{where}: {name}: got {wrong[0]!r}; expected lower-case text")
