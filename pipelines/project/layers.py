"""What a project says in its data files, read once: the layer over what is shipped.

A run, its workers and its cache all go by one such reading, so that a file that is changed
meanwhile changes nothing half-way.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pipelines.errors import SettingsError

SETTINGS: Final = "findings.toml"
CODEBOOK: Final = "codebook.toml"
ISSUES: Final = "issues.toml"
FRAMEWORKS: Final = "frameworks.toml"
PLACES: Final = "places.csv"
ABBREVIATIONS: Final = "abbreviations.csv"
CUES: Final = "cues.toml"
MARKS: Final = "marks.toml"
INSPECTIONS: Final = "manifest.csv"
CHANGES: Final = "changes.toml"
FILES: Final = (
    SETTINGS,
    CODEBOOK,
    ISSUES,
    FRAMEWORKS,
    PLACES,
    ABBREVIATIONS,
    CUES,
    MARKS,
    INSPECTIONS,
    CHANGES,
)
"""Names of the data files of a project; none but the first need be there."""

SHIPPED: Final = "shipped"
OWN: Final = "own"
NONE: Final = "none"
_CHOICES: Final = {"themes": (SHIPPED, OWN), "issues": (SHIPPED, OWN, NONE)}


@dataclass(frozen=True, slots=True)
class Layers:
    """The data files of a project.

    Attributes:
        folder: Where they are, for messages; empty where there is no project.
        files: Pairs of name and text, of those that are there.
    """

    folder: str = ""
    files: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.files)

    @property
    def digest(self) -> str:
        """What names their content, in 16 digits; empty where there is no project."""
        if not self.files:
            return ""
        state = hashlib.sha256()
        for name, text in self.files:
            state.update(f"{name} {len(text)} ".encode())
            state.update(text.encode("utf-8", "replace"))
        return state.hexdigest()[:16]

    @property
    def handed(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """What a worker is handed, as JSON can hold it; `Layers.taken` is the other side."""
        return self.folder, self.files

    @classmethod
    def taken(cls, handed: Sequence[Any]) -> Layers:
        """Return the data files that a worker was handed."""
        folder, files = handed or ("", ())
        return cls(str(folder), tuple((str(name), str(text)) for name, text in files))

    def text(self, name: str) -> str | None:
        """Return the text of a file; None where the project has none of that name."""
        return dict(self.files).get(name)

    def shown(self, name: str) -> str:
        """Return the path of a file as messages show it."""
        return f"{self.folder}/{name}" if self.folder else name

    def table(self, name: str) -> dict[str, Any]:
        """Return a TOML file as a table; an empty one where the project has none of that name.

        Raises:
            SettingsError: It is not TOML.
        """
        return read_table(self.text(name) or "", self.shown(name))

    @property
    def settings(self) -> ProjectSettings:
        """What `findings.toml` says.

        Raises:
            SettingsError: It is not TOML, or a key or value in it is unknown.
        """
        return _settings(self)


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """What `findings.toml` says.

    Attributes:
        name: Of the project, for people.
        themes: `shipped`: the shipped codebook with the project's changes; `own`: its own alone.
        issues: As `themes`, of the catalogue of issues; `none` switches the level off.
    """

    name: str = ""
    themes: str = SHIPPED
    issues: str = SHIPPED


def read_table(text: str, shown: str) -> dict[str, Any]:
    """Return TOML as a table.

    Raises:
        SettingsError: It is none; the message names the line.
    """
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{shown} is not TOML: {error}; correct the file") from error


def line_of(text: str, *near: str) -> int:
    """Return the line, from 1, of the last of some words, each below the one before.

    A word that is nowhere below is passed over: what is missing has no line of its own. 0 where
    there are no words or no text.
    """
    lines = text.splitlines()
    at = 0
    for word in near:
        at = next((i for i in range(at, len(lines)) if word in lines[i]), at)
    return at + 1 if near and lines else 0


def place_of(shown: str, text: str, *near: str) -> str:
    """Return file and line of the last of some words, as messages show them."""
    line = line_of(text, *near)
    return f"{shown}, line {line}" if line else shown


def _settings(layers: Layers) -> ProjectSettings:
    raw, text, shown = layers.table(SETTINGS), layers.text(SETTINGS) or "", layers.shown(SETTINGS)
    known = {"name", *_CHOICES}
    if strange := sorted(set(raw) - known):
        raise SettingsError(
            f"{place_of(shown, text, strange[0])}: unknown key {strange[0]!r}; known: "
            f"{sorted(known)}"
        )
    name = raw.get("name", "")
    if not isinstance(name, str) or not name.isprintable():
        raise SettingsError(
            f"{place_of(shown, text, 'name')}: name is {name!r}; expected one line of text"
        )
    for key, choices in _CHOICES.items():
        if raw.get(key, SHIPPED) not in choices:
            raise SettingsError(
                f"{place_of(shown, text, key)}: {key} is {raw[key]!r}; expected one of "
                f"{list(choices)}"
            )
    chosen = ProjectSettings(name, raw.get("themes", SHIPPED), raw.get("issues", SHIPPED))
    if chosen.themes == OWN and chosen.issues == SHIPPED:
        raise SettingsError(
            f'{place_of(shown, text, "themes")}: themes are "own", and the shipped issues belong '
            'to shipped themes; say issues = "none", or "own" with an issues.toml'
        )
    if chosen.issues == NONE and layers.text(ISSUES) is not None:
        raise SettingsError(
            f'{place_of(shown, text, "issues")}: issues are "none", and there is an {ISSUES} '
            'of which nothing would be made; say issues = "own", or take the file away'
        )
    return chosen
