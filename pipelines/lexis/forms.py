"""Forms of words: stems, abbreviations and what they stand for, and what annotation yields."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from pipelines.errors import SettingsError
from pipelines.project import Layers, layers_in_use
from pipelines.project.layers import ABBREVIATIONS

LONGEST = 2**31
"""Characters of a text that the tokenizer takes; how long a document may be is asked before."""

_VOWEL = re.compile(r"[aeiouy]")
_DOUBLE = re.compile(r"([^aeioulsz])\1$")
_KEEP = frozenset({"probation", "housing", "training", "during", "willing", "evening", "need"})


class Token(NamedTuple):
    """A word of a text: its stem, its lower-case form, and where it stands.

    A word of an abbreviation's expansion stands where the abbreviation does.
    """

    stem: str
    lower: str
    start: int
    end: int


class Hit(NamedTuple):
    """A place where an entry of the codebook's lexicon, or an abbreviation, was found."""

    name: str
    start: int
    end: int


class Annotated(NamedTuple):
    """The words and lexicon hits of a text; `sentences` are (start, end) offsets."""

    tokens: tuple[Token, ...]
    hits: tuple[Hit, ...]
    sentences: tuple[tuple[int, int], ...]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the word without plural, -ed and -ing, in lower case (Porter's first step)."""
    w = word.lower().replace("’", "'")
    if w.endswith("'s"):
        w = w[:-2]
    if len(w) < 4 or w in _KEEP or not w.isalpha():
        return w
    w = _singular(w)
    for ending in ("ing", "ed"):
        body = w[: -len(ending)]
        if w.endswith(ending) and len(body) > 2 and _VOWEL.search(body) and w not in _KEEP:
            w = _mended(body)
            break
    return w[:-1] if len(w) > 3 and w.endswith("e") else w


def _singular(w: str) -> str:
    if w.endswith(("sses", "shes", "ches", "xes")):
        return w[:-2]
    if w.endswith("ies"):
        return w[:-3] + "y"
    if w.endswith("s") and not w.endswith(("ss", "us", "is")):
        return w[:-1]
    return w


def _mended(body: str) -> str:
    if body.endswith("i"):
        return body[:-1] + "y"
    return body[:-1] if _DOUBLE.search(body) else body


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form and one thing it stands for."""

    short: str
    expansion: str


def load_abbreviations() -> tuple[Abbreviation, ...]:
    """Load and check the abbreviations in use, one expansion a row.

    Those of the project in use go before those shipped: a short form that it explains has but the
    meaning that it gives.

    Raises:
        SettingsError: A row lacks a value or stands twice.
    """
    return _in_use(layers_in_use())


@lru_cache(maxsize=4)
def _in_use(layers: Layers) -> tuple[Abbreviation, ...]:
    shipped = (files("pipelines") / "data" / ABBREVIATIONS).read_text(encoding="utf-8")
    own = _abbreviations(layers.text(ABBREVIATIONS) or "", layers.shown(ABBREVIATIONS))
    explained = {entry.short for entry in own}
    rest = _abbreviations(shipped, ABBREVIATIONS)
    return (*own, *(entry for entry in rest if entry.short not in explained))


def _abbreviations(text: str, name: str) -> tuple[Abbreviation, ...]:
    seen: dict[tuple[str, str], Abbreviation] = {}
    reader = csv.DictReader(text.splitlines())
    for row in reader:
        at = f"{name}, line {reader.line_num}"
        cells = [row.get("short"), row.get("expansion")]
        if set(row) != {"short", "expansion"} or not all(cell and cell.strip() for cell in cells):
            raise SettingsError(f"{at}: got {row}; expected a short form and an expansion")
        if not all(str(cell).isprintable() for cell in cells):
            raise SettingsError(f"{at}: got {row}; expected words without control characters")
        key = (row["short"], row["expansion"].casefold())
        if key in seen:
            raise SettingsError(f"{at}: {key} stands twice; remove one")
        seen[key] = Abbreviation(row["short"], row["expansion"])
    return tuple(seen.values())


def load_spellings() -> dict[str, tuple[str, ...]]:
    """Load and check odd spellings of short forms, by the spelling of the abbreviations in use.

    Raises:
        SettingsError: A short form is not in abbreviations.csv, or a spelling is one of its own.
    """
    return _spellings(layers_in_use())


@lru_cache(maxsize=4)
def _spellings(layers: Layers) -> dict[str, tuple[str, ...]]:
    source = files("pipelines") / "data" / "spellings.csv"
    known = {entry.short for entry in load_abbreviations()}
    out: dict[str, tuple[str, ...]] = {}
    for number, row in enumerate(csv.DictReader(source.read_text("utf-8").splitlines()), start=2):
        short, spelling = row["short"], row["spelling"]
        if spelling in known and layers.text(ABBREVIATIONS):
            continue  # a project has explained it as a short form of its own
        if short not in known or spelling in known:
            raise SettingsError(
                f"spellings.csv row {number}: {short!r} must be in abbreviations.csv, and "
                f"{spelling!r} must not; correct the row"
            )
        out[short] = (*out.get(short, ()), spelling)
    return out
