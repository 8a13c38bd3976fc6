"""Senses of short forms: what each may stand for, the likeliest first, and its usual spelling."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from pipelines.errors import SettingsError
from pipelines.lexis.forms import load_abbreviations
from pipelines.project import Layers, layers_in_use

JOINTS: Final = frozenset({"a", "and", "by", "for", "in", "of", "on", "the", "to", "with"})
"""Words that a short form leaves out, and that begin no long form."""

_BASES: Final = frozenset({"seen", "recalled"})


@dataclass(frozen=True, slots=True)
class Senses:
    """What short forms stand for, by their folded spelling.

    Attributes:
        senses: All that each may stand for, the likeliest first.
        likely: What it stands for where the list has one sense.
        usual: Its usual spelling.
    """

    senses: dict[str, tuple[str, ...]]
    likely: dict[str, str]
    usual: dict[str, str]


def folded(short: str) -> str:
    """Reduce a short form to what is compared: case and hyphens aside."""
    return short.replace("-", "").casefold()


def load_senses() -> Senses:
    """Load and check the senses of the abbreviations in use.

    Raises:
        SettingsError: A row is not what it must be, or is of a short form that is not known.
    """
    return _in_use(layers_in_use())


@lru_cache(maxsize=4)
def _in_use(_layers: Layers) -> Senses:
    senses: dict[str, list[str]] = {}
    spelled: dict[str, set[str]] = {}
    for entry in load_abbreviations():
        senses.setdefault(folded(entry.short), []).append(entry.expansion)
        spelled.setdefault(folded(entry.short), set()).add(entry.short)
    own = {key: distinct(listed) for key, listed in senses.items()}
    for short, expansion in _others():
        if folded(short) not in own:
            raise SettingsError(
                f"senses.csv: {short!r} is not in abbreviations.csv; add its usual sense there"
            )
        senses[folded(short)].append(expansion)
    return Senses(
        senses={key: distinct(listed) for key, listed in senses.items()},
        likely={key: listed[0] for key, listed in own.items() if len(listed) == 1},
        usual={key: min(ways, key=oddness) for key, ways in spelled.items()},
    )


def oddness(spelling: str) -> tuple[int, int, str]:
    """Order spellings, the usual one first: "EPoP" before "EPOP", "CAS2" before "CAS-2"."""
    return -sum(letter.islower() for letter in spelling), len(spelling), spelling


def _others() -> list[tuple[str, str]]:
    source = files("pipelines") / "data" / "senses.csv"
    rows = list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))
    for number, row in enumerate(rows, start=2):
        if set(row) != {"short", "expansion", "basis"} or row["basis"] not in _BASES:
            raise SettingsError(
                f"senses.csv row {number}: got {row}; expected a short form, an expansion and "
                f"one of {', '.join(sorted(_BASES))}"
            )
    return [(row["short"], row["expansion"]) for row in rows]


def distinct(expansions: Iterable[str]) -> tuple[str, ...]:
    """Leave out expansions that differ in small words, hyphens, case, plurals or numbers only."""
    out: dict[str, str] = {}
    for expansion in expansions:
        out.setdefault(core(expansion), expansion)
    return tuple(out.values())


def core(expansion: str) -> str:
    """Reduce an expansion to what makes it another one."""
    words = re.sub(r"[^a-z0-9]+", " ", expansion.casefold()).split()
    kept = [
        word.removesuffix("ies").removesuffix("y").removesuffix("s")
        for word in words
        if word not in JOINTS
    ]
    return " ".join(kept).replace(" two", " 2").replace(" three", " 3")
