"""Which themes a key question bears on: data, checked when loaded."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pipelines.codebook import load_codebook
from pipelines.errors import SettingsError
from pipelines.frameworks import fold
from pipelines.project import forgotten_with_project, layers_in_use
from pipelines.project.steps import THEME

_DIMENSIONS = {"engagement", "desistance", "safety", "outcomes"}


@dataclass(frozen=True, slots=True)
class Bearings:
    """What `data/questions.toml` says; words are folded."""

    dimensions: dict[str, tuple[str, ...]]
    wordings: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]

    def themes(self, question: str, dimension: str | None) -> tuple[str, ...]:
        """Return the themes that a question bears on, each once."""
        said = f" {fold(question.replace('?', ' '))} "
        found = list(self.dimensions.get(dimension or "", ()))
        for words, themes in self.wordings:
            if any(f" {word} " in said or f" {word}s " in said for word in words):
                found += themes
        return tuple(dict.fromkeys(found))


@forgotten_with_project
@cache
def load_bearings() -> Bearings:
    """Load and check the shipped data.

    Raises:
        SettingsError: A key, dimension or theme in it is wrong.
    """
    source = files("pipelines") / "data" / "questions.toml"
    return parse_bearings(source.read_text(encoding="utf-8"))


def parse_bearings(text: str, name: str = "questions.toml") -> Bearings:
    """Read the data from its text.

    Raises:
        SettingsError: A key, dimension or theme in it is wrong.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{name} is not TOML: {error}; correct the file") from error
    if strange := sorted(set(raw) - {"dimensions", "wordings"}):
        raise SettingsError(f"{name}: unknown key {strange[0]!r}; known: dimensions, wordings")
    if strange := sorted(set(raw.get("dimensions", {})) - _DIMENSIONS):
        raise SettingsError(
            f"{name}: dimension {strange[0]!r}; expected one of {', '.join(sorted(_DIMENSIONS))}"
        )
    wordings = []
    for number, entry in enumerate(raw.get("wordings", []), start=1):
        if set(entry) != {"words", "themes"}:
            raise SettingsError(f"{name}: wordings {number}: expected the keys words and themes")
        wordings.append((tuple(map(fold, entry["words"])), _checked(entry["themes"])))
    dimensions = {key: _checked(themes) for key, themes in raw.get("dimensions", {}).items()}
    return Bearings(dimensions, tuple(wordings))


def _checked(themes: list[str]) -> tuple[str, ...]:
    """Return themes as they are today; those that a project has not in use fall away."""
    book = load_codebook()
    if not layers_in_use():
        return tuple(book.theme(slug).slug for slug in themes)
    today = [found for slug in themes for found in book.changes.follow(THEME, slug)]
    return tuple(dict.fromkeys(slug for slug in today if slug in book.slugs))
