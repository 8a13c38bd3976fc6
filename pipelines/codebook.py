"""The codebook: themes and the groups they roll up into, as data."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipelines.errors import SettingsError

_GROUP_KEYS = {"slug", "name"}
_THEME_KEYS = {"slug", "group", "name", "claim", "not", "lexicon", "status"}
_STATUSES = {"", "draft"}
_SECTION_KEYS = {"slug", "words"}
_LEXICON_KEYS = {"phrases", "abbreviations", "patterns"}


@dataclass(frozen=True, slots=True)
class Group:
    """Themes that are reported together."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Wordings that hint at a theme: features with learned weights, never verdicts.

    Attributes:
        phrases: Words in order, whatever their number or tense; `(a|b) c` writes alternatives.
        abbreviations: Short forms as written; their expansions are in data/abbreviations.csv.
        patterns: As phrases, and ` ... ` stands for up to five words between.
    """

    phrases: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme: what a finding must make a claim about, what does not count, how it is worded.

    `status` is `draft` for a theme proposed by findings, which no model knows before training.
    """

    slug: str
    group: str
    name: str
    claim: str
    excludes: str = ""
    lexicon: Lexicon = Lexicon()
    status: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """What a standard or a heading below it is about, told by words of its title."""

    slug: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Codebook:
    """The themes in order, their groups, and the sections that findings stand in."""

    version: str
    groups: tuple[Group, ...]
    themes: tuple[Theme, ...]
    sections: tuple[Section, ...] = ()

    @property
    def slugs(self) -> tuple[str, ...]:
        """Theme slugs in the codebook's order."""
        return tuple(theme.slug for theme in self.themes)

    def theme(self, slug: str) -> Theme:
        """Return the theme of that slug.

        Raises:
            SettingsError: There is none.
        """
        for theme in self.themes:
            if theme.slug == slug:
                return theme
        raise SettingsError(f"no theme {slug!r}; the codebook has {', '.join(self.slugs)}")


def load_codebook(path: Path | None = None) -> Codebook:
    """Load and check a codebook file; the shipped one where no path is given.

    Raises:
        SettingsError: The file cannot be read, or a key, slug or group in it is wrong.
    """
    return _shipped() if path is None else _parse(path.read_text(encoding="utf-8"), str(path))


@cache
def _shipped() -> Codebook:
    source = files("pipelines") / "data" / "codebook.toml"
    return _parse(source.read_text(encoding="utf-8"), "codebook.toml")


def _parse(text: str, name: str) -> Codebook:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{name} is not TOML: {error}; correct the file") from error
    for kind, keys, needed in (
        ("groups", _GROUP_KEYS, _GROUP_KEYS),
        ("themes", _THEME_KEYS, _THEME_KEYS - {"not", "lexicon", "status"}),
        ("sections", _SECTION_KEYS, _SECTION_KEYS),
    ):
        for entry in raw.get(kind, []):
            _check_keys(name, entry, keys, needed)
    groups = tuple(Group(**entry) for entry in raw.get("groups", []))
    sections = tuple(
        Section(entry["slug"], tuple(entry["words"])) for entry in raw.get("sections", [])
    )
    themes = tuple(
        Theme(
            e["slug"],
            e["group"],
            e["name"],
            e["claim"],
            e.get("not", ""),
            _parse_lexicon(name, e),
            e.get("status", ""),
        )
        for e in raw.get("themes", [])
    )
    for kind, slugs in (
        ("group", [g.slug for g in groups]),
        ("theme", [t.slug for t in themes]),
        ("section", [s.slug for s in sections]),
    ):
        if twice := sorted({s for s in slugs if slugs.count(s) > 1}):
            raise SettingsError(f"{name}: {kind} slug {twice[0]!r} stands twice; rename one")
    _check_printable(name, [(g.slug, g.name) for g in groups])
    _check_printable(name, [(t.slug, t.name) for t in themes])
    known = {g.slug for g in groups}
    for theme in themes:
        if theme.status not in _STATUSES:
            raise SettingsError(
                f"{name}: theme {theme.slug!r} has status {theme.status!r}; "
                "expected 'draft', or no status"
            )
        if theme.group not in known:
            raise SettingsError(
                f"{name}: theme {theme.slug!r} has group {theme.group!r}; "
                f"expected one of {sorted(known)}"
            )
    if unused := sorted(known - {t.group for t in themes}):
        raise SettingsError(f"{name}: group {unused[0]!r} has no theme; remove it or use it")
    return Codebook(str(raw.get("version", "")), groups, themes, sections)


def _check_printable(file: str, named: Iterable[tuple[str, str]]) -> None:
    """Names stand in tables, addresses and terminals: a line separator would part them."""
    for value in (value for pair in named for value in pair):
        if not value.isprintable() or not value.strip():
            raise SettingsError(
                f"{file}: name {value[:60]!r}: expected one line without control characters"
            )


def _parse_lexicon(name: str, theme: dict[str, Any]) -> Lexicon:
    label = f"{name}: {theme['slug']}: lexicon"
    raw = theme.get("lexicon", {})
    if strange := sorted(set(raw) - _LEXICON_KEYS):
        raise SettingsError(f"{label}: unknown key {strange[0]!r}; known: {sorted(_LEXICON_KEYS)}")
    for key, entries in raw.items():
        check_phrases(f"{label}: {key}", entries)
    return Lexicon(**{key: tuple(entries) for key, entries in raw.items()})


def check_phrases(label: str, entries: list[Any]) -> None:
    """Check the entries of a lexicon; `label` says in errors where they stand.

    Raises:
        SettingsError: One is no phrase, or stands twice.
    """
    for entry in entries:
        balanced = isinstance(entry, str) and entry.count("(") == entry.count(")")
        if not balanced or not entry.strip():
            raise SettingsError(f"{label}: got {entry!r}; expected words, alternatives as (a|b)")
    if twice := sorted({entry for entry in entries if entries.count(entry) > 1}):
        raise SettingsError(f"{label}: {twice[0]!r} stands twice; remove one")


def _check_keys(name: str, entry: dict[str, object], known: set[str], needed: set[str]) -> None:
    label = entry.get("slug", "an entry without slug")
    if strange := sorted(set(entry) - known):
        raise SettingsError(f"{name}: {label}: unknown key {strange[0]!r}; known: {sorted(known)}")
    if missing := sorted(needed - set(entry)):
        raise SettingsError(f"{name}: {label}: key {missing[0]!r} is missing; add it")
