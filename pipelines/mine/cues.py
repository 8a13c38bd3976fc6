"""Cues: words that tell good from poor practice, or that a figure is not practice, as data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from pipelines.errors import SettingsError
from pipelines.project import forgotten_with_project, layers_in_use
from pipelines.project.layers import CUES, place_of, read_table

_LISTS: Final = ("good", "done", "poor", "negations", "excess")
_NEUTRAL: Final = {
    "traits",
    "be",
    "wishes",
    "wishes_not",
    "wishes_to",
    "composed",
    "contain",
    "cases",
}


@dataclass(frozen=True, slots=True)
class Neutral:
    """Words by which a figure tells who people are, what they wish or how a whole is made up.

    Attributes:
        traits: What people are, after a word of `be`.
        be: Forms of to be and to have.
        wishes: What people do of their own wish, right after the figure.
        wishes_not: After such a word they make it practice.
        wishes_to: Words that are a wish also before `to`.
        composed: Runs of words right before the figure.
        contain: Right after the figure, or a word of `cases`, they say what cases are about.
        cases: What is inspected.
    """

    traits: frozenset[str]
    be: frozenset[str]
    wishes: frozenset[str]
    wishes_not: frozenset[str]
    wishes_to: frozenset[str]
    composed: tuple[tuple[str, ...], ...]
    contain: frozenset[str]
    cases: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cues:
    """Words that tell good from poor practice; a word ending in `*` stands for its beginnings.

    Attributes:
        good: Say that something is as it should be.
        done: Say that something was done, which is good unless another cue says otherwise.
        poor: Say that something is not as it should be.
        negations: Turn the cue after them round; alone they say that something was not done.
        excess: After `too` they say that something is not as it should be.
        neutral: Say that a figure is not practice at all.
    """

    good: tuple[str, ...]
    done: tuple[str, ...]
    poor: tuple[str, ...]
    negations: frozenset[str]
    excess: frozenset[str]
    neutral: Neutral

    def side(self, word: str, before: str) -> int:
        """Return 1 for a cue of good practice, -1 for poor, 0 for none."""
        if before == "too" and word in self.excess:
            return -1
        return _side(word)


@forgotten_with_project
@lru_cache(maxsize=50_000)
def _side(word: str) -> int:
    known = cues()
    if holds(known.poor, word):
        return -1
    return 1 if holds(known.good, word) or holds(known.done, word) else 0


def holds(cues: tuple[str, ...], word: str) -> bool:
    """Whether one of the cues is the word, or stands for its beginning."""
    return any(word.startswith(cue[:-1]) if cue.endswith("*") else word == cue for cue in cues)


@forgotten_with_project
@cache
def cues() -> Cues:
    """Load and check the shipped cues.toml; words of the project in use are added to its lists.

    Raises:
        SettingsError: A list is missing or unknown, or holds something else than words.
    """
    raw = read_table((files("pipelines") / "data" / CUES).read_text(encoding="utf-8"), CUES)
    expected = {*_LISTS, "neutral"}
    if set(raw) != expected:
        raise SettingsError(f"{CUES}: got keys {sorted(raw)}; expected {sorted(expected)}")
    layers = layers_in_use()
    own = layers.table(CUES)
    for name, words in own.items():
        where = place_of(layers.shown(CUES), layers.text(CUES) or "", name)
        if name not in _LISTS:
            raise SettingsError(f"{where}: unknown key {name!r}; known: {sorted(_LISTS)}")
        listed = words if isinstance(words, list) else [None]
        if wrong := [w for w in listed if not isinstance(w, str) or not w.rstrip("*")]:
            raise SettingsError(f"{where}: {name}: got {wrong[0]!r}; expected words in quotes")
        raw[name] = [*raw[name], *(word.lower() for word in words)]
    neutral = raw["neutral"]
    if set(neutral) != _NEUTRAL:
        raise SettingsError(
            f"{CUES} [neutral]: got keys {sorted(neutral)}; expected {sorted(_NEUTRAL)}"
        )
    return Cues(
        tuple(raw["good"]),
        tuple(raw["done"]),
        tuple(raw["poor"]),
        frozenset(raw["negations"]),
        frozenset(raw["excess"]),
        Neutral(
            **{name: frozenset(neutral[name]) for name in _NEUTRAL - {"composed"}},
            composed=tuple(tuple(run.split()) for run in neutral["composed"]),
        ),
    )
