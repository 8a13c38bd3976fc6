"""Themes and issues as people write them: slugs or names, in any case, parted in any way."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.project import Layers, layers_in_use
from pipelines.project.steps import ISSUE, THEME
from pipelines.records import Polarity
from pipelines.tag.labels.choices import Unread, Voted, chosen
from pipelines.tag.labels.sheets import Number
from pipelines.wordings import NONE, PARTS, POLES, name_key, parted_key, says_none

MOST_THEMES: Final = 4
MOST_ISSUES: Final = 3
_VOTES: Final = "whole numbers beside names are read as votes: a name is given from one on"
_SHOWN: Final = 80  # characters of what is unknown

# All of these part names, or belong to one; the last ones belong to what is no known name.
_SIGN: Final = re.compile(rf"(?P<parts>{PARTS.pattern}|,)|，|\s(?:and|&)\s|/", re.IGNORECASE)
_SHORTEST: Final = 4  # letters of a head by which a theme is meant
_MOST_SIGNS: Final = 12  # in a name that stands among others
_COUNTED: Final = re.compile(r"^\s*(?:\(?\d{1,2}[.)]|[-•*–·])\s+")


def read_themes(raw: object) -> tuple[str, ...] | str:
    """Read the themes of a row: their slugs in the codebook's order, or what is wrong."""
    given = _slugs(raw, load_codebook().slugs, THEME, MOST_THEMES)
    if given is None:
        return f"no theme; give it one to four, or {NONE!r} where none fits"
    return given


def names_themes(cells: Iterable[object]) -> list[bool]:
    """Return which cells give a theme and nothing that is wrong; each text is read once."""
    layers = layers_in_use()
    return [
        _names_themes(layers, one) if type(one) is str else _gives(read_themes(one))
        for one in (cell if isinstance(cell, str) else chosen(cell) for cell in cells)
    ]


@lru_cache(maxsize=65536)
def _names_themes(_layers: Layers, said: str) -> bool:
    return _gives(read_themes(said))


def _gives(read: tuple[str, ...] | str) -> bool:
    return isinstance(read, tuple) and bool(read)


def read_subjects(raw: object, polarity: str = "") -> tuple[str, ...] | str | None:
    """Read the subjects of a row's issues: of `slug/pole`, and of a pole's name, the slug.

    A finding states issues of its own polarity. Where the pole is the other one, the finding only
    concedes that ("although visits were made, ..."): it does not state the issue.

    Args:
        raw: The row's issues.
        polarity: Of the finding; empty where unknown, and then every pole counts.

    Returns:
        Slugs in the catalogue's order; what is wrong; None where nothing is said of issues.
    """
    catalogue = load_catalogue()
    if not catalogue.slugs:  # a project without the level
        return None
    if polarity not in set(Polarity):
        return _slugs(raw, catalogue.slugs, ISSUE, MOST_ISSUES)
    given = _slugs(raw, catalogue.slugs, ISSUE, len(catalogue.slugs))
    if not given or isinstance(given, str):
        return given
    other = Polarity(polarity).other
    conceded = _former_of(layers_in_use(), other)
    conceded -= {name_key(catalogue.subject(slug).name(polarity)) for slug in given}
    conceded |= {name_key(catalogue.subject(slug).name(other)) for slug in given}
    stated = [
        entry
        for entry in _entries(raw, ISSUE)
        if _pole(entry) != other and name_key(entry) not in conceded
    ]
    return _slugs(stated, catalogue.slugs, ISSUE, MOST_ISSUES)


def read_polarity(said: str) -> str:
    """Read a polarity however it is written; one that is neither is left as it is."""
    return POLES.get(name_key(said), said)


def read_decided(raw: object, level: str) -> tuple[tuple[str, ...] | None, str]:
    """Read what a row speaks of: slugs of today, or None for all; and what is wrong with it."""
    if raw is None or raw == "":
        return None, ""
    known = load_codebook().slugs if level == THEME else load_catalogue().slugs
    now = {entry: load_codebook().changes.follow(level, entry) for entry in _entries(raw)}
    for entry, slugs in now.items():
        if entry in slugs and entry not in known:
            return None, _unknown(entry, known, level)
    spoken = {slug for slugs in now.values() for slug in slugs}
    return tuple(slug for slug in known if slug in spoken), ""


def how_read(kind: str, raw: object) -> list[str]:
    """Return what is to be said of how themes or issues of a row were read."""
    listed = _listed(raw)
    voted = isinstance(listed, list) and any(isinstance(one, Voted) for one in listed)
    now = _followed(kind, raw)
    said = [f"{slug!r} is retired and was left out" for slug in now if not now[slug]]
    return [_VOTES, *said] if voted else said


def heads_that_are_themes(cells: Sequence[str]) -> dict[int, str]:
    """Return the columns of a table that has one for each theme, to be ticked: place and slug.

    One for none of them has the slug `none`.
    """
    by_key = _known_keys(THEME)
    keys = {place: name_key(cell) for place, cell in enumerate(cells)}
    found = {place: by_key[key] for place, key in keys.items() if key in by_key}
    if len(found) > 1:  # and one for none of them, perhaps
        found |= {place: NONE for place, key in keys.items() if key and says_none(key)}
    return found


def near_theme(head: str) -> str:
    """Return the theme whose slug a head of a column comes close to; empty where there is none."""
    key = name_key(head)
    return next(iter(_near(key, load_codebook().slugs)), "") if len(key) >= _SHORTEST else ""


def _near(key: str, known: Sequence[str]) -> list[str]:
    inside = [slug for slug in known if key and key in slug]
    return inside or difflib.get_close_matches(key[:_SHOWN], known, n=1)


def _slugs(
    raw: object, known: tuple[str, ...], what: str, most: int
) -> tuple[str, ...] | str | None:
    if isinstance(raw, Number):
        return f"{raw.cell} holds the number {raw}, which is no {what}"
    if isinstance(raw, list) and not raw:
        return ()
    raw = _listed(raw)
    unread = [one for one in raw if isinstance(one, Unread)] if isinstance(raw, list) else []
    if unread:
        return str(unread[0])
    given = _entries(raw, what)
    if not given:
        return None
    if len(given) == 1 and says_none(given[0]):
        return ()
    changes = load_codebook().changes
    found: list[str] = []
    for entry in given:
        if says_none(entry):
            return f"{entry!r} stands beside {what}s; give one or the other"
        # What was renamed or merged is followed to what it is today.
        now = changes.follow(what, _slug(entry, what) or entry.partition("/")[0])
        if not set(now) <= set(known):
            return _unknown(entry, known, what)
        found += now
    if len(set(found)) > most:
        return f"{len(set(found))} {what}s; a finding has {most} at most"
    return tuple(sorted(set(found), key=known.index))


def split_slug(kind: str, raw: object) -> tuple[str, tuple[str, ...]] | None:
    """Return the first slug of a cell that was split, and its parts; None where there is none."""
    return next((said for said in _followed(kind, raw).items() if len(said[1]) > 1), None)


def _followed(kind: str, raw: object) -> dict[str, tuple[str, ...]]:
    """Return the slugs of a cell that a project's steps may have changed, and what they are now."""
    changes = load_codebook().changes
    if not changes.steps:
        return {}
    slugs = (_slug(one, kind) or one.partition("/")[0] for one in _entries(raw, kind))
    return {slug: changes.follow(kind, slug) for slug in slugs}


def _slug(entry: str, what: str) -> str | None:
    return _named(layers_in_use(), entry, what)


@lru_cache(maxsize=4096)  # thousands of rows name the same few
def _named(layers: Layers, entry: str, what: str) -> str | None:
    slug, _, pole = entry.partition("/")
    return _keys(layers, what).get(parted_key(slug if name_key(pole) in POLES else entry))


def _pole(entry: str) -> str:
    return POLES.get(name_key(entry.partition("/")[2]), "")


@lru_cache(maxsize=16)
def _former_of(_layers: Layers, pole: str) -> frozenset[str]:
    """Return the names that issues of a pole had, as keys."""
    former = load_catalogue().former
    return frozenset(name_key(name) for name, issue in former if _pole(issue) == pole)


def _known_keys(what: str) -> dict[str, str]:
    """Return slugs by what cells may say: names that were, then names of today, and slugs."""
    return _keys(layers_in_use(), what)


@lru_cache(maxsize=8)
def _keys(layers: Layers, what: str) -> dict[str, str]:
    book, catalogue = load_codebook(), load_catalogue()
    olds, known = (
        (book.former, book.slugs) if what == THEME else (catalogue.former, catalogue.slugs)
    )
    now = {theme.name: theme.slug for theme in book.themes}
    names = {**dict(olds), **(now if what == THEME else catalogue.slugs_by_name)}
    out = {
        key(name): slug.partition("/")[0]
        for name, slug in names.items()
        for key in (name_key, parted_key)
    }
    return {**out, **{name_key(slug): slug for slug in known}}


def _entries(raw: object, what: str = "") -> list[str]:
    """Part a cell, or take a list; a sign that parts does not where it belongs to a name.

    Where nothing is said of what it names, no name is known.
    """
    listed, layers = _listed(raw), layers_in_use()
    said = listed if isinstance(listed, list) else [listed]
    out = [one for entry in said for one in _apart(layers, str(entry).strip(), what)]
    return [entry.strip() for entry in out if entry.strip()]


def _listed(raw: object) -> object:
    """Return the list that a cell holds as JSON or as Python writes it; anything else as text."""
    said = raw if isinstance(raw, list) else str(raw or "").strip()
    if isinstance(said, str) and said[:1] in ("[", "{") and said[-1:] in ("]", "}"):
        try:
            return chosen(json.loads(said.replace("'", '"')))
        except (ValueError, RecursionError):
            pass
    return said


@lru_cache(maxsize=4096)
def _apart(layers: Layers, said: str, what: str) -> tuple[str, ...]:
    """Part a cell, or an entry of a list, behind the longest name that it begins with each time.

    What begins with no name ends at a comma, or at a sign that few names have.
    """
    signs = list(_SIGN.finditer(said))
    ends = [*(sign.start() for sign in signs), len(said)]
    out: list[str] = []
    start = at = 0
    while at < len(ends):
        last = min(at + _MOST_SIGNS, len(signs))
        runs = ((n, said[start : ends[n]]) for n in range(last, at - 1, -1))
        told = ((n, part) for n, run in runs for part in (run, _COUNTED.sub("", run, count=1)))
        at, part = next(
            ((n, part) for n, part in told if what and _named(layers, part, what)),
            _unnamed(said, start, signs, at),
        )
        out.append(part)
        start = signs[at].end() if at < len(signs) else len(said)
        at += 1
    return tuple(out)


def _unnamed(said: str, start: int, signs: Sequence[re.Match[str]], at: int) -> tuple[int, str]:
    """Return what begins with no name, as far as it goes, and the place of the sign behind it."""
    parting = (n for n in range(at, len(signs)) if signs[n]["parts"])
    end = next(parting, len(signs))
    part = said[start : signs[end].start() if end < len(signs) else len(said)]
    return end, _COUNTED.sub("", part, count=1)


def _unknown(entry: str, known: tuple[str, ...], what: str) -> str:
    near = _near(name_key(entry), known)
    listed = f"expected {NONE!r} or one of {', '.join(known)}"
    hint = f"did you mean {near[0]!r}?" if near else listed
    said = entry if len(entry) <= _SHOWN else f"{entry[:_SHOWN]}..."
    return f"unknown {what} {said!r}; {hint}"
