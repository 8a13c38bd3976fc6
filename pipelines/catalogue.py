"""The catalogue of issues: the codebook's second level, as data.

A subject is one concrete matter with two poles, each a claim: an area for improvement and a
strength. An issue is a subject with a pole; a finding's polarity chooses the pole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from pipelines.codebook import Codebook, Lexicon, check_phrases, load_codebook
from pipelines.errors import SettingsError
from pipelines.project import Layers, layers_in_use
from pipelines.project.entries import SHIPPED, Entry, Layered, layered_entries, plain_entries
from pipelines.project.layers import ISSUES, NONE, OWN, read_table
from pipelines.project.steps import ISSUE, THEME
from pipelines.records import Polarity
from pipelines.regular import regular_text
from pipelines.wordings import check_names, name_key

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
        origin: Where it is written: `shipped`, or the file and line of a project.
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
    origin: str = field(default="shipped", compare=False)

    @property
    def theme(self) -> str:
        """Slug of the theme under which it is listed."""
        return self.themes[0]

    def name(self, polarity: str) -> str:
        """Return what the findings of a pole claim."""
        return self.strength if polarity == Polarity.STRENGTH else self.area_for_improvement

    def named(self, polarity: str) -> str:
        """Return the name of a pole; both where a text's pole is not known."""
        poles = [polarity] if polarity in set(Polarity) else list(Polarity)
        return " / ".join(map(self.name, poles))


@dataclass(frozen=True)
class Catalogue:
    """The subjects in order.

    Attributes:
        wordings: Phrases of every subject that is or was, by the slug it was first written with.
        former: Names that issues have or had, each with the id of the issue that it was.
    """

    version: str
    subjects: tuple[Subject, ...]
    wordings: tuple[tuple[str, tuple[str, ...]], ...] = ()
    former: tuple[tuple[str, str], ...] = ()

    @cached_property
    def _by_slug(self) -> dict[str, Subject]:
        return {subject.slug: subject for subject in self.subjects}

    @cached_property
    def slugs(self) -> tuple[str, ...]:
        """Slugs of the subjects in the catalogue's order."""
        return tuple(self._by_slug)

    @cached_property
    def slugs_by_name(self) -> dict[str, str]:
        """The slug of each subject by the names of its two poles."""
        return {
            name: subject.slug
            for subject in self.subjects
            for name in (subject.strength, subject.area_for_improvement)
        }

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


def load_catalogue(path: Path | None = None) -> Catalogue:
    """Load and check a catalogue.

    Args:
        path: A whole catalogue; the shipped one with the changes of the project in use where none
            is given.

    Raises:
        SettingsError: A file is not TOML, or a key, slug, theme, name, phrase or step in it is
            wrong.
    """
    if path is not None:
        text = regular_text(path)
        return parse_catalogue(text, path, load_codebook())
    return _layered(layers_in_use())


@lru_cache(maxsize=4)
def _layered(layers: Layers) -> Catalogue:
    codebook = load_codebook()
    chosen = layers.settings.issues
    source = files("pipelines") / "data" / ISSUES
    raw = read_table(source.read_text(encoding="utf-8"), ISSUES)
    if strange := sorted(set(layers.table(ISSUES)) - {"subjects", "version"}):
        raise SettingsError(
            f"{layers.shown(ISSUES)}: unknown key {strange[0]!r}; expected [[subjects]]"
        )
    if chosen == NONE:
        return Catalogue(NONE, ())
    subjects = [] if chosen == OWN else raw["subjects"]
    listed = layered_entries(
        subjects,
        layers,
        file=ISSUES,
        kind="subjects",
        known=_KNOWN,
        steps=codebook.changes.of(ISSUE),
    )
    version = "-".join(part for part in (str(raw.get("version", "")), layers.digest) if part)
    shipped = ((issue_id(s["slug"], pole), s[pole]) for s in subjects for pole in Polarity)
    former = codebook.changes.former(ISSUE, shipped)
    return replace(_catalogue(version, listed, codebook), former=former)


def parse_catalogue(text: str, name: str | Path, codebook: Codebook) -> Catalogue:
    """Read a catalogue from the text of a file; `name` is what errors call it.

    Raises:
        SettingsError: It is not TOML, or a key, slug, theme, name or phrase in it is wrong.
    """
    raw = read_table(text, str(name))
    listed = plain_entries(raw.get("subjects", []), str(name))
    return _catalogue(str(raw.get("version", "")), listed, codebook)


def _catalogue(version: str, listed: Layered, codebook: Codebook) -> Catalogue:
    subjects = tuple(_subject(entry, codebook) for entry in listed.entries)
    slugs = [subject.slug for subject in subjects]
    if twice := sorted(slug for slug, times in Counter(slugs).items() if times > 1):
        where = next(e.where for e in reversed(listed.entries) if e.slug == twice[0])
        raise SettingsError(f"{where}: subject {twice[0]!r} stands twice; rename one")
    entries = zip(listed.entries, subjects, strict=True)
    check_names((e.where, s.slug, (s.strength, s.area_for_improvement)) for e, s in entries)
    changes = codebook.changes
    out = []
    for subject, entry in zip(subjects, listed.entries, strict=True):
        broader = next(iter(changes.follow(ISSUE, subject.broader)), "")
        if broader and broader not in slugs:
            raise SettingsError(
                f"{entry.where}: {subject.slug}: broader is {subject.broader!r}; expected a subject"
            )
        out.append(replace(subject, broader="" if broader == subject.slug else broader))
    _refuse_rings(out, listed)
    wordings = tuple((entry.key, tuple(entry.values.get("phrases", ()))) for entry in listed.ever)
    return Catalogue(version, tuple(out), wordings)


def _refuse_rings(subjects: Sequence[Subject], listed: Layered) -> None:
    """Refuse subjects that are broader than themselves, through others."""
    above = {subject.slug: subject.broader for subject in subjects}
    for entry in sorted(listed.entries, key=lambda entry: entry.where == SHIPPED):
        way = [entry.slug]
        while (broader := above[way[-1]]) and broader not in way:
            way.append(broader)
        if broader == entry.slug:
            raise SettingsError(
                f"{entry.where}: {entry.slug}: is broader than itself, by way of "
                f"{', '.join(way[1:])}; give one of them another broader subject, or none"
            )


def _subject(entry: Entry, codebook: Codebook) -> Subject:
    label, values = f"{entry.where}: {entry.slug or 'an entry without slug'}", entry.values
    if strange := sorted(set(values) - _KNOWN):
        raise SettingsError(f"{label}: unknown key {strange[0]!r}; known: {sorted(_KNOWN)}")
    if missing := sorted(_NEEDED - set(values)):
        raise SettingsError(f"{label}: key {missing[0]!r} is missing; add it")
    for key in _KNOWN - {"themes", "phrases"}:
        value = values.get(key, "")
        if not isinstance(value, str) or not value.isprintable():
            raise SettingsError(f"{label}: {key}: got {value!r}; expected one line of text")
    for pole in Polarity:
        if not 1 <= len(values[pole].split()) <= MOST_WORDS:
            raise SettingsError(
                f"{label}: {pole}: got {values[pole]!r}; expected a claim of {MOST_WORDS} words "
                "at most"
            )
    if name_key(values["strength"]) == name_key(values["area_for_improvement"]):
        raise SettingsError(
            f"{label}: both poles are named {values['strength']!r}; say what findings of each claim"
        )
    if values.get("status", "") not in _STATUSES:
        raise SettingsError(f"{label}: status {values['status']!r}; expected 'draft', or none")
    phrases = values.get("phrases", [])
    check_phrases(f"{label}: phrases", phrases)
    return Subject(
        entry.slug,
        _themes(values["themes"], codebook, label),
        values["area_for_improvement"],
        values["strength"],
        values["claim"],
        values.get("not", ""),
        values.get("broader", ""),
        Lexicon(tuple(phrases)),
        values.get("status", ""),
        entry.origin,
    )


def _themes(given: object, codebook: Codebook, label: str) -> tuple[str, ...]:
    """Return the themes of a subject as they are today; those of a theme split are all its parts.

    Where all were retired it stands under the first theme: an issue is not lost with a theme.
    """
    if not isinstance(given, list) or not given:
        raise SettingsError(f"{label}: themes: got {given!r}; expected the codebook's")
    known = dict.fromkeys(codebook.slugs)
    olds = {slug for step in codebook.changes.of(THEME) for slug in step.before}
    out: dict[str, None] = {}
    for slug in given:
        if not isinstance(slug, str) or (slug not in known and slug not in olds):
            raise SettingsError(f"{label}: themes: got {given!r}; expected the codebook's")
        out.update(dict.fromkeys(codebook.changes.follow(THEME, slug)))
    return tuple(out) or codebook.slugs[:1]
