"""Regions and probation delivery units: variants of their names, mergers and renamings.

The list only ever adds to what a report says: a unit that is in no list is as good as any other,
under the name its report prints.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from pipelines.errors import SettingsError
from pipelines.frameworks import UnitKind, load_registry
from pipelines.project import Layers, layers_in_use
from pipelines.project.layers import PLACES
from pipelines.regular import regular_text

_COLUMNS: Final = ("name", "kind", "region", "also", "successors", "basis")
_COMPASS: Final = "north|east|south|west|central|mid|upper|lower|inner|outer|greater"
_HYPHEN: Final = re.compile(  # between two names: "Dyfed-Powys"; not "Stoke-on-Trent"
    r"(?<=\w)(?<!\b[Nn]orth)(?<!\b[Ee]ast)(?<!\b[Ss]outh)(?<!\b[Ww]est)[-‐‑–—](?=[A-Z])"
    rf"(?!(?i:{_COMPASS})\b)"
)
_SHARED: Final = re.compile(r"(.+) \((\w+)\)")  # a name that units of several kinds bear
_BASES: Final = frozenset({"seen", "derived"})  # printed so, or concluded from what is


@dataclass(frozen=True, slots=True)
class Place:
    """A region or unit that is inspected.

    Attributes:
        kind: A kind of the framework registry: `region`, `pdu`, `youth`, `area`.
        region: Of a unit; empty for a region, and where units of a kind have none.
        also: Other names it is printed under.
        successors: Units that took over its area, where it was merged or renamed.
    """

    name: str
    kind: str
    region: str = ""
    also: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Places:
    """The places known, found under any spelling of their names."""

    places: tuple[Place, ...]
    _by_name: Mapping[str, Place] = field(default_factory=dict, repr=False)

    def find(self, name: str) -> Place | None:
        """Return the place of that name, whatever its commas, "&" or order of parts."""
        plain = plain_name(name)
        keys = (fold_name(plain), *sorted(name_keys(plain)))
        return next((self._by_name[key] for key in keys if key in self._by_name), None)

    def canonical(self, name: str) -> str:
        """Return the one name under which a unit is counted: the list's, else its own."""
        found = self.find(name)
        return found.name if found else plain_name(name)

    def region_of(self, name: str) -> str | None:
        """Return the region of a unit, or of a region itself; None where the list is silent."""
        found = self.find(name)
        if found is None:
            return None
        return found.region or (found.name if found.kind == "region" else None)

    def successors(self, name: str) -> tuple[str, ...]:
        """Return the units that took over from a unit; empty where it stands or is unknown."""
        found = self.find(name)
        return found.successors if found else ()


def canonical_unit(name: str) -> str:
    """Return the one name under which a unit is counted, by the list in use."""
    return _canonical(name, layers_in_use())


def counted_unit(unit: object, document_id: object) -> str:
    """Return the unit that a document counts for; one that names none stands for itself."""
    return canonical_unit(unit) if isinstance(unit, str) and unit else str(document_id)


@lru_cache(maxsize=10_000)  # every finding of a report asks for the same few
def _canonical(name: str, layers: Layers) -> str:
    shared = _SHARED.fullmatch(name)
    kinds = {kind.kind for kind in load_registry().unit_kinds}
    if shared and shared[2] in kinds:  # a kind tells apart what would be one name without it
        return f"{_in_use(layers).canonical(shared[1])} ({shared[2]})"
    return _in_use(layers).canonical(name)


def plain_name(name: str, kinds: tuple[UnitKind, ...] | None = None) -> str:
    """Reduce a unit's printed name to the plain one: without "PDU", "region", "the".

    Args:
        name: As printed.
        kinds: Kinds of units, whose words are not part of a name; the shipped ones where not given.
    """
    behind, ahead = _type_words(load_registry().unit_kinds if kinds is None else kinds)
    name = " ".join(name.split()).strip(" :–—-,")
    before = ""
    while before != name:
        before = name
        name = behind.sub("", name).strip(" :–—-,")
    return ahead.sub("", name) or before


@cache
def _type_words(kinds: tuple[UnitKind, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns of the words behind names and before them; the longer first."""
    behind = _any_of(word for kind in kinds for word in kind.behind)
    ahead = _any_of(word for kind in kinds for word in kind.before)
    return (
        re.compile(rf"[\s,(]*\b{behind}\b[\s).]*$", re.IGNORECASE),
        re.compile(rf"^(?:the\s+)?(?:{ahead}[:\s]+)?(?=\S)", re.IGNORECASE),
    )


def _any_of(words: Iterable[str]) -> str:
    longest = sorted({*words}, key=lambda word: (-len(word), word))
    escaped = (r"\s+".join(map(re.escape, word.split())) for word in longest)
    # Where there is none, a pattern that nothing matches.
    return f"(?:{'|'.join(escaped) or '(?!)'})"


def fold_name(name: str) -> str:
    """Reduce a name to what is compared: case, accents, commas, apostrophes, hyphens, "&" aside."""
    name = unicodedata.normalize("NFKD", name.casefold()).replace("&", " and ")
    name = re.sub(r"\bst\.", "st ", name)
    name = "".join(sign for sign in name if not unicodedata.combining(sign))
    name = re.sub(r"['’‘ʼ.]", "", name)
    return " ".join(re.sub(r"\bsaint\b", "st", re.sub(r"[^\w]+", " ", name)).split())


def name_keys(name: str) -> frozenset[str]:
    """Return what two spellings of one name have in common: its parts in one order.

    "A and B", "B & A", "A/B", "A with B" and "A, B" have one key. So have "A-B" and "A and B",
    unless the hyphen stands beside a point of the compass: North-East Marlock is not North and
    East Marlock.
    """
    keys = {_parts(name)}
    if _HYPHEN.search(name):
        keys.add(_parts(_HYPHEN.sub(", ", name)))
    return frozenset(keys - {""})


def _parts(name: str) -> str:
    """Reduce a name to its parts in one order: "A and B" is "B and A"."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    parts = re.split(r"\s*(?:[,/&+;|·•\\]|\s[–—-]\s|\b(?:and|with)\b)\s*", plain)
    return "|".join(sorted({p for p in map(fold_name, parts) if p}))


def load_places(path: Path | None = None, *, extra: Path | None = None) -> Places:
    """Load and check a list of places; the shipped one where no path is given.

    Args:
        path: A whole list; the shipped one with the places of the project in use where none is
            given.
        extra: A list of one's own: its rows come before those of the list, and one with the name
            of another replaces it, so that aliases can be added to a unit.

    Raises:
        SettingsError: A file cannot be read, or a row of it is wrong.
    """
    if path is None and extra is None:
        return _in_use(layers_in_use())
    rows = _rows_in_use(layers_in_use()) if path is None else _rows(_text(path), str(path))
    return _joined(_before(_rows(_text(extra), str(extra)), rows) if extra is not None else rows)


@lru_cache(maxsize=4)
def _in_use(layers: Layers) -> Places:
    return _joined(_rows_in_use(layers))


def _rows_in_use(layers: Layers) -> list[tuple[str, Place]]:
    shipped = (files("pipelines") / "data" / PLACES).read_text(encoding="utf-8")
    own = layers.text(PLACES)
    rows = _rows(shipped, PLACES)
    return rows if own is None else _before(_rows(own, layers.shown(PLACES)), rows)


def _before(own: list[tuple[str, Place]], rows: list[tuple[str, Place]]) -> list[tuple[str, Place]]:
    """Put rows of one's own before others; one of the same name takes the other's place."""
    replaced = {place.name for _, place in own}
    return [*own, *((at, place) for at, place in rows if place.name not in replaced)]


def _text(path: Path) -> str:
    try:
        return regular_text(path, "utf-8-sig")
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}; check the path") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: is not UTF-8 text; save it as CSV UTF-8") from error


def _rows(text: str, name: str) -> list[tuple[str, Place]]:
    """Return the places of a list, each with where it stands, for messages."""
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) != _COLUMNS:
        raise SettingsError(
            f"{name}: columns are {reader.fieldnames}; expected {', '.join(_COLUMNS)}"
        )
    rows = []
    for row in reader:
        at = f"{name}, line {reader.line_num}"
        if None in row or None in row.values():
            raise SettingsError(f"{at}: expected {len(_COLUMNS)} cells, as in the first line")
        rows.append((at, _place(at, row)))
    return rows


def _joined(rows: Sequence[tuple[str, Place]]) -> Places:
    regions = {place.name for _, place in rows if place.kind == "region"}
    known = {place.name for _, place in rows}
    by_name: dict[str, Place] = {}
    for at, place in rows:
        if (place.region or place.kind == "pdu") and place.region not in regions:
            raise SettingsError(f"{at}: {place.name}: region {place.region!r} has no row; add it")
        if lost := [s for s in place.successors if s not in known]:
            raise SettingsError(f"{at}: {place.name}: successor {lost[0]!r} has no row; add it")
        for wording in (place.name, *place.also):
            if by_name.setdefault(fold_name(wording), place) is not place:
                raise SettingsError(f"{at}: {wording!r} names two places; rename one")
    for _, place in rows:
        for wording in (place.name, *place.also):
            by_name.setdefault(_parts(wording), place)
    return Places(tuple(place for _, place in rows), by_name)


def _place(at: str, row: Mapping[str, str]) -> Place:
    kinds = {kind.kind for kind in load_registry().unit_kinds}
    if row["kind"] not in kinds or row["basis"] not in _BASES:
        raise SettingsError(
            f"{at}: kind {row['kind']!r}, basis {row['basis']!r}; "
            f"expected one of {sorted(kinds)} and of {sorted(_BASES)}"
        )
    if not fold_name(row["name"]):
        raise SettingsError(f"{at}: a place without a name; give one or take the line out")
    return Place(
        row["name"], row["kind"], row["region"], _listed(row["also"]), _listed(row["successors"])
    )


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())
