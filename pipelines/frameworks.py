"""The framework registry: standards by inspection programme, and the words reports are made of.

Data lives in `data/frameworks.toml`; here it is checked once and made fast to look up.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

from pipelines.errors import SettingsError
from pipelines.records import Polarity, Rating

SectionKind = Literal[
    "contents", "foreword", "ratings", "recommendations", "background", "front", "end"
]
_SECTION_KINDS: Final = frozenset(SectionKind.__args__)  # type: ignore[attr-defined]
_DIMENSIONS: Final = ("outcomes", "safety", "desistance", "engagement")
_UNIT_TYPES: Final = frozenset({"pdu", "region", "national", "youth"})
_MONTH: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])$")
_CODE: Final = re.compile(r"\d{1,2}\.\d{1,2}$")
_FOLDED: Final = str.maketrans({"&": " and ", "’": "'", "‘": "'", **dict.fromkeys("-‐‑‒–—―/", " ")})
_POINTS: Final = 3  # of an Outstanding standard, the most it can have
_KEYS: Final[dict[str, frozenset[str]]] = {
    "registry": frozenset(
        {"polarity", "sections", "boxes", "subsections", "dimensions", "frameworks"}
    ),
    "polarity": frozenset({"strength", "area_for_improvement"}),
    "section": frozenset({"kind", "titles", "openings"}),
    "boxes": frozenset({"titles"}),
    "subsections": frozenset({"titles"}),
    "dimensions": frozenset(_DIMENSIONS),
    "framework": frozenset(
        {
            "slug", "name", "unit_type", "prefix", "since", "until", "maxima", "sure", "rated",
            "titled", "groups", "standards",
        }
    ),
    "group": frozenset({"number", "titles"}),
    "standard": frozenset({"code", "title", "also", "rated"}),
}  # fmt: skip


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Reduce a wording to what is compared: case, dashes, "&", spaces and end marks aside."""
    return " ".join(text.casefold().translate(_FOLDED).split()).strip(" :.*_#,")


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard of a framework; `rated` is false where the inspectorate gives it no rating."""

    code: str
    title: str
    also: tuple[str, ...] = ()
    rated: bool = True

    @property
    def titles(self) -> tuple[str, ...]:
        """Its wordings, the title first."""
        return (self.title, *self.also)


@dataclass(frozen=True, slots=True)
class Framework:
    """An inspection programme: whom it inspects, when, against which standards.

    Attributes:
        prefix: Letter printed before its codes, as in `P 1.1`; empty where there is none.
        since: First month of publication known; `until` the last; empty where open.
        maxima: Scores that a document can be out of; empty where unknown.
        sure: Whether its standards were seen in print.
        rated: Whether it gives ratings at all.
        titled: Wordings in a document's title that name the framework.
        groups: Titles of its numbered groups of standards, by number.
    """

    slug: str
    name: str
    unit_type: str
    standards: tuple[Standard, ...]
    prefix: str = ""
    since: str = ""
    until: str = ""
    maxima: tuple[int, ...] = ()
    sure: bool = True
    rated: bool = True
    titled: tuple[str, ...] = ()
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def standard(self, *, code: str | None = None, title: str | None = None) -> Standard | None:
        """Return the standard of that code or title; None where there is none.

        A title that stands twice (youth: assessment in and out of court) needs its code.
        """
        found = [
            s
            for s in self.standards
            if (code is None or s.code == code)
            and (title is None or fold(title) in {fold(t) for t in s.titles})
        ]
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Registry:
    """All frameworks, and the wordings shared by them; look-ups take any case and spacing."""

    frameworks: tuple[Framework, ...]
    polarity: Mapping[str, Polarity]
    sections: Mapping[str, SectionKind]
    openings: Mapping[str, SectionKind]
    boxes: frozenset[str]
    subsections: Mapping[str, str]
    dimensions: Mapping[str, tuple[str, ...]]
    titles: Mapping[str, str] = field(default_factory=dict)
    groups: frozenset[str] = frozenset()

    def framework(self, slug: str | None) -> Framework | None:
        """Return the framework of that slug; None where there is none."""
        return next((f for f in self.frameworks if f.slug == slug), None)

    def section(self, title: str) -> SectionKind | None:
        """Say what part of a report a heading opens; None where it is no known part."""
        folded = fold(title)
        if found := self.sections.get(folded):
            return found
        first = re.match(r"[a-z]+", folded)
        return self.openings.get(first[0]) if first else None

    def is_box(self, title: str) -> bool:
        """Whether a heading is that of a practice example, with or without a name behind it."""
        folded = fold(title.replace(" – ", ": ", 1))
        named = re.match(r"(.*?)(?:\s*:\s*\S.*|\s+\d+.*)$", folded)
        return folded in self.boxes or (named is not None and named[1] in self.boxes)

    def dimension(self, question: str) -> str | None:
        """Say what a key question is about; None where no wording tells."""
        folded = fold(question)
        for name, words in self.dimensions.items():
            if any(re.search(_wording(w), folded) for w in words):
                return name
        return None


def rating_of_score(score: int, maximum: int) -> Rating:
    """Return the overall rating of a score, by the rule that all published bands fit.

    The bands part at 1/6, 1/2 and 5/6 of the maximum, rounded down: of 27 points 0-4 are
    Inadequate, 5-13 Requires improvement, 14-22 Good, 23-27 Outstanding.

    Args:
        score: Points.
        maximum: Points that could be had.

    Raises:
        SettingsError: The score is not within 0 and the maximum.
    """
    if not 0 <= score <= maximum or maximum < 1:
        raise SettingsError(f"score {score}/{maximum}: expected 0 <= score <= maximum")
    if score <= maximum // 6:
        return Rating.INADEQUATE
    if score <= maximum // 2:
        return Rating.REQUIRES_IMPROVEMENT
    return Rating.GOOD if score <= maximum * 5 // 6 else Rating.OUTSTANDING


def load_registry(path: Path | None = None) -> Registry:
    """Load and check a registry file; the shipped one where no path is given.

    Raises:
        SettingsError: The file cannot be read, or a key, code, kind or month in it is wrong.
    """
    if path is None:
        return _shipped()
    try:
        return _parse(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}; check the path") from error


@cache
def _shipped() -> Registry:
    source = files("pipelines") / "data" / "frameworks.toml"
    return _parse(source.read_text(encoding="utf-8"), "frameworks.toml")


def _parse(text: str, name: str) -> Registry:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{name} is not TOML: {error}; correct the file") from error
    _check(name, "registry", raw, needed=_KEYS["registry"])
    _check(name, "polarity", raw["polarity"], needed=_KEYS["polarity"])
    for table in ("boxes", "subsections", "dimensions"):
        _check(name, table, raw[table], needed=_KEYS[table])
    for section in raw["sections"]:
        _check(name, "section", section, needed={"kind", "titles"})
        _one_of(name, "section kind", section["kind"], _SECTION_KINDS)
    frameworks = tuple(_framework(name, entry) for entry in raw["frameworks"])
    _unique(name, "framework slug", [f.slug for f in frameworks])
    polarity = {
        fold(wording): Polarity(key) for key, words in raw["polarity"].items() for wording in words
    }
    return Registry(
        frameworks=frameworks,
        polarity=polarity,
        sections={fold(t): s["kind"] for s in raw["sections"] for t in s["titles"]},
        openings={fold(o): s["kind"] for s in raw["sections"] for o in s.get("openings", [])},
        boxes=frozenset(map(fold, raw["boxes"]["titles"])),
        subsections={fold(t): t for t in raw["subsections"]["titles"]},
        dimensions={key: tuple(raw["dimensions"][key]) for key in _DIMENSIONS},
        titles=_titles(frameworks),
        groups=frozenset(fold(t) for f in frameworks for _, titles in f.groups for t in titles),
    )


def _wording(word: str) -> str:
    """A wording as a pattern of whole words; a star at its end stands for any ending."""
    stem = re.escape(fold(word.rstrip("*")))
    return rf"\b{stem}" if word.endswith("*") else rf"\b{stem}\b"


def _titles(frameworks: Iterable[Framework]) -> dict[str, str]:
    """Map each wording of a standard to its spelling; other wordings never displace a title."""
    standards = [s for f in frameworks for s in f.standards]
    titles = {fold(s.title): s.title for s in standards}
    for standard in standards:
        for wording in standard.also:
            titles.setdefault(fold(wording), wording)
    return titles


def _framework(name: str, entry: dict[str, Any]) -> Framework:
    _check(name, "framework", entry, needed={"slug", "name", "unit_type", "standards"})
    label = f"framework {entry['slug']}"
    _one_of(name, f"{label}: unit_type", entry["unit_type"], _UNIT_TYPES)
    for key in ("since", "until"):
        if key in entry and not _MONTH.match(entry[key]):
            raise SettingsError(f"{name}: {label}: {key} is {entry[key]!r}; expected YYYY-MM")
    for group in entry.get("groups", []):
        _check(name, "group", group, needed=_KEYS["group"])
    standards = []
    for item in entry["standards"]:
        _check(name, "standard", item, needed={"code", "title"})
        if not _CODE.match(item["code"]):
            raise SettingsError(f"{name}: {label}: code {item['code']!r}; expected as in '1.1'")
        standards.append(
            Standard(
                item["code"], item["title"], tuple(item.get("also", [])), item.get("rated", True)
            )
        )
    _unique(name, f"{label}: code", [s.code for s in standards])
    if wrong := [m for m in entry.get("maxima", []) if m <= 0 or m % _POINTS]:
        raise SettingsError(
            f"{name}: {label}: maximum {wrong[0]}; expected a multiple of {_POINTS} points"
        )
    return Framework(
        slug=entry["slug"],
        name=entry["name"],
        unit_type=entry["unit_type"],
        standards=tuple(standards),
        prefix=entry.get("prefix", ""),
        since=entry.get("since", ""),
        until=entry.get("until", ""),
        maxima=tuple(entry.get("maxima", [])),
        sure=entry.get("sure", True),
        rated=entry.get("rated", True),
        titled=tuple(entry.get("titled", [])),
        groups=tuple((g["number"], tuple(g["titles"])) for g in entry.get("groups", [])),
    )


def _check(name: str, what: str, entry: Mapping[str, Any], *, needed: Iterable[str]) -> None:
    label = f"{what} {entry['slug']}" if "slug" in entry else what
    if strange := sorted(set(entry) - _KEYS[what]):
        known = sorted(_KEYS[what])
        raise SettingsError(f"{name}: {label}: unknown key {strange[0]!r}; known: {known}")
    if missing := sorted(set(needed) - set(entry)):
        raise SettingsError(f"{name}: {label}: key {missing[0]!r} is missing; add it")


def _one_of(name: str, what: str, value: str, known: Iterable[str]) -> None:
    if value not in known:
        raise SettingsError(f"{name}: {what} is {value!r}; expected one of {sorted(known)}")


def _unique(name: str, what: str, values: list[str]) -> None:
    if twice := sorted({v for v in values if values.count(v) > 1}):
        raise SettingsError(f"{name}: {what} {twice[0]!r} stands twice; rename one")
