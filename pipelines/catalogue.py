"""The catalogue of issues: the codebook's second level, as data.

A subject is one concrete matter with two poles, each a claim: an area for improvement and a
strength. An issue is a subject with a pole; a finding's polarity chooses the pole.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from pipelines.codebook import Codebook, Lexicon, check_phrases, load_codebook
from pipelines.errors import SettingsError
from pipelines.records import Polarity

MOST_WORDS: Final = 8  # of a name: it stands in tables, bars and headings
_NEEDED: Final = {"slug", "themes", "area_for_improvement", "strength", "claim"}
_KNOWN: Final = _NEEDED | {"not", "broader", "phrases", "status"}
_STATUSES: Final = {"", "draft"}


@dataclass(frozen=True, slots=True)
class Subject:
    """What an issue is about, whichever way the finding points.

    Attributes:
        slug: Its name for ever.
        themes: Slugs of the codebook's themes that it belongs to, the main one first.
        area_for_improvement: What its findings claim where they are areas for improvement.
        strength: What they claim where they are strengths.
        claim: What counts.
        excludes: What does not, and where it belongs.
        broader: Slug of a subject that takes it in; empty where there is none.
        lexicon: Wordings that hint at it.
        status: `draft` for one that no model knows before training.
    """

    slug: str
    themes: tuple[str, ...]
    area_for_improvement: str
    strength: str
    claim: str
    excludes: str = ""
    broader: str = ""
    lexicon: Lexicon = field(default_factory=Lexicon)
    status: str = ""

    @property
    def theme(self) -> str:
        """Slug of the theme under which it is listed."""
        return self.themes[0]

    def name(self, polarity: str) -> str:
        """Return what the findings of a pole claim."""
        return self.strength if polarity == Polarity.STRENGTH else self.area_for_improvement


@dataclass(frozen=True)
class Catalogue:
    """The subjects in order."""

    version: str
    subjects: tuple[Subject, ...]

    @cached_property
    def _by_slug(self) -> dict[str, Subject]:
        return {subject.slug: subject for subject in self.subjects}

    @property
    def slugs(self) -> tuple[str, ...]:
        """Slugs of the subjects in the catalogue's order."""
        return tuple(self._by_slug)

    def __contains__(self, slug: object) -> bool:
        return slug in self._by_slug

    def subject(self, slug: str) -> Subject:
        """Return the subject of that slug.

        Raises:
            SettingsError: There is none.
        """
        if slug not in self._by_slug:
            raise SettingsError(f"no subject {slug!r}; the catalogue has {', '.join(self.slugs)}")
        return self._by_slug[slug]


def issue_id(slug: str, polarity: str) -> str:
    """Return the id of the issue that a subject and a pole make."""
    return f"{slug}/{polarity}"


def load_catalogue(path: Path | None = None, *, codebook: Codebook | None = None) -> Catalogue:
    """Load and check a catalogue file; the shipped one where no path is given.

    Args:
        path: A TOML file.
        codebook: Whose themes the subjects belong to; the shipped one where none is given.

    Raises:
        SettingsError: The file is no TOML, or a key, slug, theme, name or phrase in it is wrong.
    """
    if path is None and codebook is None:
        return _shipped()
    source = path or files("pipelines") / "data" / "issues.toml"
    book = codebook or load_codebook()
    return parse_catalogue(source.read_text(encoding="utf-8"), path or "issues.toml", book)


@cache
def _shipped() -> Catalogue:
    source = files("pipelines") / "data" / "issues.toml"
    return parse_catalogue(source.read_text(encoding="utf-8"), "issues.toml", load_codebook())


def parse_catalogue(text: str, name: str | Path, codebook: Codebook) -> Catalogue:
    """Read a catalogue from the text of a file; `name` is what errors call it.

    Raises:
        SettingsError: It is no TOML, or a key, slug, theme, name or phrase in it is wrong.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{name} is not TOML: {error}; correct the file") from error
    subjects = tuple(_subject(entry, name, codebook) for entry in raw.get("subjects", []))
    slugs = [subject.slug for subject in subjects]
    if twice := sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        raise SettingsError(f"{name}: subject {twice[0]!r} stands twice; rename one")
    for subject in subjects:
        if subject.broader and subject.broader not in slugs:
            raise SettingsError(
                f"{name}: {subject.slug}: broader is {subject.broader!r}; expected a subject"
            )
    return Catalogue(str(raw.get("version", "")), subjects)


def _subject(entry: dict[str, Any], name: str | Path, codebook: Codebook) -> Subject:
    label = f"{name}: {entry.get('slug', 'an entry without slug')}"
    if strange := sorted(set(entry) - _KNOWN):
        raise SettingsError(f"{label}: unknown key {strange[0]!r}; known: {sorted(_KNOWN)}")
    if missing := sorted(_NEEDED - set(entry)):
        raise SettingsError(f"{label}: key {missing[0]!r} is missing; add it")
    unknown = [theme for theme in entry["themes"] if theme not in codebook.slugs]
    if unknown or not entry["themes"]:
        raise SettingsError(f"{label}: themes: got {entry['themes']!r}; expected the codebook's")
    for pole in Polarity:
        if not 1 <= len(entry[pole].split()) <= MOST_WORDS:
            raise SettingsError(
                f"{label}: {pole}: got {entry[pole]!r}; expected a claim of {MOST_WORDS} words "
                "at most"
            )
    if entry.get("status", "") not in _STATUSES:
        raise SettingsError(f"{label}: status {entry['status']!r}; expected 'draft', or none")
    phrases = entry.get("phrases", [])
    check_phrases(f"{label}: phrases", phrases)
    return Subject(
        entry["slug"],
        tuple(entry["themes"]),
        entry["area_for_improvement"],
        entry["strength"],
        entry["claim"],
        entry.get("not", ""),
        entry.get("broader", ""),
        Lexicon(tuple(phrases)),
        entry.get("status", ""),
    )
