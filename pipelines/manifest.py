"""Published inspections: what is known of each, so that it can be fetched or missed.

The shipped manifest holds facts only, from public pages; it is not complete, and says by an empty
cell what was not seen. One of the user's own has the same columns and takes its place: the
`manifest.csv` of the project in use, or a file named for one command.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from pipelines.errors import SettingsError
from pipelines.frameworks import load_registry
from pipelines.places import canonical_unit
from pipelines.project import Layers, layers_in_use
from pipelines.project.layers import INSPECTIONS
from pipelines.records import Rating
from pipelines.regular import regular_text

COLUMNS: Final = (
    "id",
    "unit",
    "unit_type",
    "region",
    "framework",
    "published",
    "overall_rating",
    "score",
    "address",
    "licence",
    "sha256",
    "basis",
)
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DATE: Final = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2]))?")
_SCORE: Final = re.compile(r"\d{1,3}/\d{1,3}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_ADDRESS: Final = re.compile(r"https?://[^\s/]+\S*")
_LONGEST_ID: Final = 100
_TYPES: Final = frozenset({"pdu", "region", "national", "youth"})
_BASES: Final = frozenset({"seen", "derived"})  # printed so, or concluded from what is


@dataclass(frozen=True, slots=True)
class Published:
    """A published inspection.

    Attributes:
        id: Name of its file and its row everywhere; it never changes, whatever becomes known later.
        published: `YYYY-MM`, or `YYYY`; empty where no date was seen.
        framework: Slug in the framework registry.
        address: Of the report or of a page that leads to it; empty where none is known.
        licence: Short name, `OGL` for the Open Government Licence; empty where it was not seen.
        sha256: Of the report's file; empty where no copy was at hand.
        basis: `seen`, or `derived` from other facts.
    """

    id: str
    unit: str
    unit_type: str
    region: str
    framework: str
    published: str = ""
    overall_rating: str = ""
    score: str = ""
    address: str = ""
    licence: str = ""
    sha256: str = ""
    basis: str = "seen"

    @property
    def year(self) -> str:
        """The year of publication; empty where no date was seen."""
        return self.published[:4]

    @property
    def span(self) -> tuple[str, str]:
        """The first and the last month in which it can have been published."""
        if len(self.published) > len("YYYY"):
            return self.published, self.published
        if self.published:
            return f"{self.published}-01", f"{self.published}-12"
        for framework in load_registry().frameworks:
            if framework.slug == self.framework:
                return framework.since or "0000-00", framework.until or "9999-12"
        return "0000-00", "9999-12"


def load_manifest(path: Path | None = None) -> tuple[Published, ...]:
    """Load and check a manifest; where no path is given the project's, else the shipped one.

    Raises:
        SettingsError: The file cannot be read, or a cell of it is not what it must be.
    """
    if path is None:
        return _in_use(layers_in_use())
    try:
        return parse_manifest(regular_text(path, "utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: is not UTF-8; save it as CSV in UTF-8") from error
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}; check the path") from error


@cache
def _in_use(layers: Layers) -> tuple[Published, ...]:
    own = layers.text(INSPECTIONS)
    if own is not None:
        return parse_manifest(own.removeprefix("\ufeff"), layers.shown(INSPECTIONS))
    source = files("pipelines") / "data" / "manifest.csv"
    return parse_manifest(source.read_text(encoding="utf-8"), "manifest.csv")


def parse_manifest(text: str, name: str) -> tuple[Published, ...]:
    """Read a manifest's text; `name` is what messages call it.

    Raises:
        SettingsError: A column is missing, or a cell is not what it must be.
    """
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise SettingsError(
            f"{name}: columns are {', '.join(reader.fieldnames or ()) or 'none'}; expected "
            f"{', '.join(COLUMNS)}"
        )
    entries = tuple(_entry(name, number, row) for number, row in enumerate(reader, start=2))
    first: dict[str, int] = {}
    for number, entry in enumerate(entries, start=2):
        if (before := first.setdefault(entry.id, number)) != number:
            raise SettingsError(
                f"{name} row {number}: id {entry.id!r} stands in row {before} already; "
                "give each inspection an id of its own"
            )
    return entries


def _entry(name: str, number: int, row: Mapping[str | None, str | None]) -> Published:
    if None in row or None in row.values():
        raise SettingsError(f"{name} row {number}: has not {len(COLUMNS)} cells; correct the row")
    cells = {str(key): (value or "").strip() for key, value in row.items()}
    frameworks = {framework.slug for framework in load_registry().frameworks}
    for column, fits, expected in (
        (
            "id",
            bool(_ID.fullmatch(cells["id"])) and len(cells["id"]) <= _LONGEST_ID,
            f"small letters, digits and single hyphens, {_LONGEST_ID} at most",
        ),
        ("unit", bool(cells["unit"]), "the plain name of the unit"),
        ("unit_type", cells["unit_type"] in _TYPES, f"one of {', '.join(sorted(_TYPES))}"),
        ("framework", cells["framework"] in frameworks, f"one of {', '.join(sorted(frameworks))}"),
        ("published", _may(_DATE, cells["published"]), "YYYY-MM, YYYY or nothing"),
        ("overall_rating", _rating(cells["overall_rating"]), "one of the four ratings or nothing"),
        ("score", _may(_SCORE, cells["score"]), "points as in 2/27, or nothing"),
        (
            "address",
            _may(_ADDRESS, cells["address"]),
            "an address that begins with https:// or http://, or nothing",
        ),
        ("sha256", _may(_SHA256, cells["sha256"]), "64 hexadecimal digits or nothing"),
        ("basis", cells["basis"] in _BASES, f"one of {', '.join(sorted(_BASES))}"),
    ):
        if not fits:
            # An address is not repeated: a file of the user's may hold a password in it.
            got = "" if column == "address" else f" is {cells[column]!r};"
            raise SettingsError(f"{name} row {number}, {column}:{got} expected {expected}")
    return Published(**cells)


def _may(pattern: re.Pattern[str], value: str) -> bool:
    return not value or bool(pattern.fullmatch(value))


def _rating(value: str) -> bool:
    return not value or value in {rating.value for rating in Rating} - {Rating.NOT_RATED.value}


def choose(
    entries: Iterable[Published],
    *,
    units: Iterable[str] = (),
    regions: Iterable[str] = (),
    since: str = "",
) -> tuple[Published, ...]:
    """Choose among published inspections.

    Args:
        entries: To choose from.
        units: Names in any spelling; none for all.
        regions: Names; none for all.
        since: `YYYY-MM` or `YYYY`. What may have been published then, or later, is chosen: an
            inspection without a date by the time in which its framework was used.

    Raises:
        SettingsError: No inspection is of a unit or region asked for, or `since` is not a date.
    """
    listed = tuple(entries)
    if since and not _DATE.fullmatch(since):
        raise SettingsError(f"--since {since!r}: expected a month or a year, as in 2024-03 or 2024")
    wanted = _known("--unit", units, [e.unit for e in listed])
    within = _known("--region", regions, [e.region for e in listed if e.region])
    earliest = since if len(since) != len("YYYY") else f"{since}-01"
    return tuple(
        entry
        for entry in listed
        if (not wanted or canonical_unit(entry.unit) in wanted)
        and (not within or canonical_unit(entry.region) in within)
        and (not earliest or entry.span[1] >= earliest)
    )


def _known(option: str, asked: Iterable[str], there: Iterable[str]) -> frozenset[str]:
    known = {canonical_unit(name): name for name in there}
    folded = {name.casefold(): name for name in known}
    out = set()
    for name in asked:
        found = canonical_unit(name)
        found = found if found in known else folded.get(found.casefold(), "")
        if not found:
            raise SettingsError(
                f"{option} {name!r}: no published inspection in the manifest; it has "
                f"{', '.join(sorted(known))}"
            )
        out.add(found)
    return frozenset(out)
