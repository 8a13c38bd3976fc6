"""Marks in sheets of labels and names of their columns: the lists of `data/marks.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

from pipelines.errors import SettingsError

_UNDONE = re.compile(r"un\w+ed(?![\w/])|\d\d? ?%")


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
        signs = set(mark) <= self.unsaid | {" "}
        return signs or bool(_UNDONE.match(mark)) or _opens(mark, self.undone)

    def keep_as_it_was(self, said: str) -> bool:
        """Whether a cell for corrected themes says that there is nothing to correct."""
        plain = said.strip().replace("\ufe0f", "").casefold()
        return plain in self.as_it_was or set(plain) <= self.as_it_was


def _opens(mark: str, openings: frozenset[str]) -> bool:
    """Whether a mark begins with one of some words, and not in the middle of a word."""
    found = (mark[len(one) :] for one in openings if mark.startswith(one))
    return any(not re.match(r"[\w/]", behind) for behind in found)


@cache
def marks() -> Marks:
    """Return the shipped marks."""
    return read_marks((files("pipelines") / "data" / "marks.toml").read_text(encoding="utf-8"))


def read_marks(text: str) -> Marks:
    """Read and check a marks.toml.

    Raises:
        SettingsError: A list is missing, unknown or empty, or holds something else than
            lower-case text; a mark is listed as a tick and as none.
    """
    raw, names = tomllib.loads(text), [field.name for field in fields(Marks)]
    if set(raw) != set(names):
        raise SettingsError(f"marks.toml: got keys {sorted(raw)}; expected {sorted(names)}")
    for name in names:
        given = raw[name]
        if not isinstance(given, list) or not given:
            raise SettingsError(f"marks.toml: {name}: got {given!r}; expected a list of texts")
        if wrong := [m for m in given if not isinstance(m, str) or not m or m != m.casefold()]:
            raise SettingsError(f"marks.toml: {name}: got {wrong[0]!r}; expected lower-case text")
    found = Marks(**{name: frozenset(raw[name]) for name in names})
    kinds = (found.ticked, found.yes, found.ballots, found.crosses, found.empty, found.no)
    listed = [mark for kind in kinds for mark in kind]
    if twice := sorted(mark for mark in set(listed) if listed.count(mark) > 1):
        raise SettingsError(f"marks.toml: {twice[0]!r} is in two lists; leave it in one")
    return found
