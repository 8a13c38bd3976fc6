"""The codebook: themes and the groups they roll up into, as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from pipelines.errors import SettingsError
from pipelines.project import Layers, layers_in_use
from pipelines.project.entries import (
    SHIPPED,
    Entry,
    Layered,
    layered_entries,
    plain_entries,
)
from pipelines.project.layers import CODEBOOK, OWN, read_table
from pipelines.project.steps import THEME, Changes, changes_of
from pipelines.regular import regular_text
from pipelines.wordings import GAP, MOST_VARIANTS, check_names, count_variants, shortest_variant

_KEYS: Final[dict[str, set[str]]] = {
    "groups": {"slug", "name"},
    "themes": {"slug", "group", "name", "claim", "not", "lexicon", "status"},
    "sections": {"slug", "words"},
}
_MAY_LACK: Final = {"not", "lexicon", "status"}
_STATUSES: Final = {"", "draft"}
_LEXICON_KEYS: Final = {"phrases", "abbreviations", "patterns"}


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
    `origin` says where it is written: `shipped`, or the file and line of a project.
    """

    slug: str
    group: str
    name: str
    claim: str
    excludes: str = ""
    lexicon: Lexicon = Lexicon()
    status: str = ""
    origin: str = field(default="shipped", compare=False)


@dataclass(frozen=True, slots=True)
class Section:
    """What a standard or a heading below it is about, told by words of its title."""

    slug: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Codebook:
    """The themes in order, their groups, and the sections that findings stand in.

    Attributes:
        wordings: The lexicon of every theme that is or was, by the slug it was first written with:
            models know wordings by that, whatever became of the theme.
        changes: What became of themes and issues in a project.
        former: Names that themes have or had, each with the slug that it was the name of.
    """

    version: str
    groups: tuple[Group, ...]
    themes: tuple[Theme, ...]
    sections: tuple[Section, ...] = ()
    wordings: tuple[tuple[str, Lexicon], ...] = ()
    changes: Changes = field(default_factory=Changes)
    former: tuple[tuple[str, str], ...] = ()

    @property
    def slugs(self) -> tuple[str, ...]:
        """Theme slugs in the codebook's order."""
        return tuple(theme.slug for theme in self.themes)

    @property
    def names(self) -> dict[str, str]:
        """Names of the themes by slug."""
        return {theme.slug: theme.name for theme in self.themes}

    def theme(self, slug: str) -> Theme:
        """Return the theme of that slug.

        Raises:
            SettingsError: There is none.
        """
        for theme in self.themes:
            if theme.slug == slug:
                return theme
        raise SettingsError(f"no theme {slug!r}; the codebook has {', '.join(self.slugs)}")


def load_codebook(path: str | Path | None = None) -> Codebook:
    """Load and check a codebook.

    Args:
        path: A whole codebook; the shipped one with the changes of the project in use where none
            is given.

    Raises:
        SettingsError: A file cannot be read, or a key, slug, group or step in it is wrong.
    """
    if path is None:
        return _in_use(layers_in_use())
    try:
        text = regular_text(Path(path))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: cannot be read ({error}); check the path") from error
    raw = read_table(text, str(path))
    listed = {kind: plain_entries(raw.get(kind, []), str(path)) for kind in _KEYS}
    return _codebook(str(raw.get("version", "")), listed, Changes(), str(path))


@lru_cache(maxsize=4)
def _in_use(layers: Layers) -> Codebook:
    source = files("pipelines") / "data" / CODEBOOK
    raw = read_table(source.read_text(encoding="utf-8"), CODEBOOK)
    changes, shown = changes_of(layers), layers.shown(CODEBOOK)
    if strange := sorted(set(layers.table(CODEBOOK)) - {*_KEYS, "version"}):
        raise SettingsError(f"{shown}: unknown key {strange[0]!r}; known: {sorted(_KEYS)}")
    own = layers.settings.themes == OWN
    listed = {
        kind: layered_entries(
            [] if own and kind != "sections" else raw[kind],
            layers,
            file=CODEBOOK,
            kind=kind,
            known=known,
            steps=changes.of(THEME) if kind == "themes" else (),
        )
        for kind, known in _KEYS.items()
    }
    if not listed["themes"].entries:
        why = 'has no [[themes]], and themes are "own"' if own else "all themes would be retired"
        raise SettingsError(f"{shown}: {why}; write one")
    version = "-".join(part for part in (str(raw["version"]), layers.digest) if part)
    shipped = () if own else ((theme["slug"], theme["name"]) for theme in raw["themes"])
    book = _codebook(version, listed, changes, shown)
    return replace(book, former=changes.former(THEME, shipped))


def _codebook(version: str, listed: dict[str, Layered], changes: Changes, name: str) -> Codebook:
    for kind, layered in listed.items():
        for entry in layered.ever:
            _check_entry(entry, kind)
        slugs = [entry.slug for entry in layered.entries]
        if twice := sorted(s for s, times in Counter(slugs).items() if times > 1):
            raise SettingsError(f"{name}: {kind[:-1]} slug {twice[0]!r} stands twice; rename one")
    groups = tuple(Group(e.slug, e.values["name"]) for e in listed["groups"].entries)
    themes = tuple(_theme(entry, {g.slug for g in groups}) for entry in listed["themes"].entries)
    check_names((e.where, e.slug, (e.values["name"],)) for e in listed["themes"].entries)
    used = {theme.group for theme in themes}
    for entry in listed["groups"].entries:
        if entry.slug not in used and entry.where != SHIPPED:
            raise SettingsError(
                f"{entry.where}: group {entry.slug!r} has no theme; remove it or use it"
            )
    return Codebook(
        version,
        tuple(group for group in groups if group.slug in used),
        themes,
        tuple(map(_section, listed["sections"].entries)),
        tuple((entry.key, _lexicon(entry)) for entry in listed["themes"].ever),
        changes,
    )


def _section(entry: Entry) -> Section:
    return Section(entry.slug, tuple(word.casefold() for word in entry.values["words"]))


def _theme(entry: Entry, groups: set[str]) -> Theme:
    values = entry.values
    status, group = values.get("status", ""), values["group"]
    if status not in _STATUSES:
        raise SettingsError(
            f"{entry.where}: theme {entry.slug!r} has status {status!r}; "
            "expected 'draft', or no status"
        )
    if group not in groups:
        raise SettingsError(
            f"{entry.where}: theme {entry.slug!r} has group {group!r}; "
            f"expected one of {sorted(groups)}"
        )
    said = (values["name"], values["claim"], values.get("not", ""))
    return Theme(entry.slug, group, *said, _lexicon(entry), status, entry.origin)


def _lexicon(entry: Entry) -> Lexicon:
    label = f"{entry.where}: {entry.slug}: lexicon"
    raw = entry.values.get("lexicon", {})
    if not isinstance(raw, Mapping) or (strange := sorted(set(raw) - _LEXICON_KEYS)):
        said = f"unknown key {strange[0]!r}" if isinstance(raw, Mapping) else f"got {raw!r}"
        raise SettingsError(f"{label}: {said}; known: {sorted(_LEXICON_KEYS)}")
    for key, entries in raw.items():
        check_phrases(f"{label}: {key}", entries, gaps=key == "patterns")
    return Lexicon(**{key: tuple(entries) for key, entries in raw.items()})


def _check_entry(entry: Entry, kind: str) -> None:
    label = f"{entry.where}: {entry.slug or 'an entry without slug'}"
    if strange := sorted(set(entry.values) - _KEYS[kind]):
        raise SettingsError(f"{label}: unknown key {strange[0]!r}; known: {sorted(_KEYS[kind])}")
    if missing := sorted(_KEYS[kind] - _MAY_LACK - set(entry.values)):
        raise SettingsError(f"{label}: key {missing[0]!r} is missing; add it")
    for key in ("slug", "name", "group", "claim", "not", "status"):
        value = entry.values.get(key, "")
        # Names stand in tables, addresses and terminals: a line separator would part them.
        plain = isinstance(value, str) and (value.isprintable() or key in ("claim", "not"))
        if not plain or (key in ("slug", "name") and key in entry.values and not value.strip()):
            raise SettingsError(
                f"{label}: {key} {str(value)[:60]!r}: expected one line without control characters"
            )
    check_phrases(f"{label}: words", entry.values.get("words", []))


def check_phrases(label: str, entries: Any, *, gaps: bool = False) -> None:  # noqa: ANN401 - TOML
    """Check the entries of a lexicon.

    Args:
        label: Where they stand, for messages.
        entries: As the file has them.
        gaps: Whether they are patterns, parted by gaps.

    Raises:
        SettingsError: One is not a phrase, writes out too many or an empty one, or stands twice.
    """
    if not isinstance(entries, list):
        raise SettingsError(f"{label}: got {entries!r}; expected a list of texts in quotes")
    for entry in entries:
        parts = entry.split(GAP) if gaps and isinstance(entry, str) else [entry]
        for part in parts:
            ways = count_variants(part) if isinstance(part, str) else 0
            if ways > MOST_VARIANTS:
                raise SettingsError(
                    f"{label}: {entry[:60]!r} writes out more than {MOST_VARIANTS} phrases; "
                    "write fewer alternatives, or several entries"
                )
            if not ways or not shortest_variant(part):
                raise SettingsError(
                    f"{label}: got {entry!r}; expected words, alternatives as (a|b)"
                )
    if twice := sorted({entry for entry in entries if entries.count(entry) > 1}):
        raise SettingsError(f"{label}: {twice[0]!r} stands twice; remove one")
