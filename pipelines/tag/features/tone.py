"""The tone of clauses: whether words like theirs are more often of strengths or of areas.

A finding speaks well or ill as a whole, and may yet concede the opposite of something: "although
appointments were flexible, ...". `data/tone.csv` has a weight for each word, learned once from the
polarity of our written findings by `corpus/tone.py` (a logistic regression on which words are
there, as of Pang, Lee and Vaithyanathan, Thumbs up?, 2002).
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from pipelines.errors import SettingsError

FILE: Final = "tone.csv"
_WORD: Final = re.compile(r"[a-z][a-z'’-]*")
_SENTENCE: Final = re.compile(r"(?<=[.!?;])\s+")
CONCESSIVES: Final = (
    "although|though|while|whilst|whereas|despite|notwithstanding|albeit|even though|even if|"
    "in spite of"
)
ADVERSATIVES: Final = "but|yet|however|nonetheless|nevertheless"
# What sets a clause apart from the one before: that one ends with a comma, dash or colon, or with
# nothing before a word that turns the sense.
_TURN: Final = f"{CONCESSIVES}|{ADVERSATIVES}|except|other than"
_GO_ON: Final = (
    "and|which|with|the|a|an|this|these|that|there|they|it|its|in|for|some|many|most|few|only|too|"
    "not|no|so|because|since|where|when|who"
)
_CUT: Final = re.compile(
    rf"(?:,\s+|\s+[–—-]\s+|\s+)(?=(?:{_TURN})\b)|,\s+(?=(?:{_GO_ON})\b)|:\s+|\s+[–—]\s+",
    re.IGNORECASE,
)
# "Although visits were made in most cases, plans": the first comma ends what is conceded.
_OPENING: Final = re.compile(
    rf"(?:{CONCESSIVES})\b(?:[^\s,]*\s+){{4,}}?[^\s,]+(,\s+)",
    re.IGNORECASE,
)
_SHORTEST: Final = 4  # words; fewer go with the clause before


@dataclass(frozen=True)
class Tone:
    """How much each word speaks for a strength.

    Attributes:
        base: Tone of a clause of none of the words.
        weights: By word, lower-case; below 0 where it speaks for an area for improvement.
    """

    base: float
    weights: Mapping[str, float]

    def of(self, clause: str) -> float:
        """Return log-odds that a clause is of a strength, equally many being of either kind."""
        words = words_of(clause)
        said = sum(self.weights.get(word, 0.0) for word in sorted(words))
        return self.base + said / math.sqrt(len(words)) if words else 0.0


def words_of(text: str) -> set[str]:
    """Return the words that a text has, lower-case."""
    return set(_WORD.findall(text.lower()))


def clauses(text: str) -> list[str]:
    """Cut a text into its clauses, at sentences' ends and where the sense may turn."""
    out: list[str] = []
    for sentence in _SENTENCE.split(" ".join(text.split())):
        own: list[str] = []
        opening = _OPENING.match(sentence)
        cut = opening.end() if opening else 0
        for part in (sentence[:cut], *_CUT.split(sentence[cut:])):
            clause = part.strip(" ,;")
            if own and len(clause.split()) < _SHORTEST:
                own[-1] += f", {clause}" if clause else ""
            elif clause:
                own.append(clause)
        out += own
    return out or [text]


@cache
def load_tone() -> Tone:
    """Load the weights that came with the package, once.

    Raises:
        SettingsError: A row is not a word and a number.
    """
    weights = read_weights(FILE)
    return Tone(weights.pop("", 0.0), weights)


def read_weights(name: str) -> dict[str, float]:
    """Read a shipped table of words and weights; that of no word is what all begin at.

    Raises:
        SettingsError: A row is not a word and a number.
    """
    source = (files("pipelines") / "data" / name).read_text("utf-8")
    weights: dict[str, float] = {}
    for number, row in enumerate(csv.DictReader(source.splitlines()), start=2):
        try:
            weights[row["word"]] = float(row["weight"])
        except (KeyError, TypeError, ValueError):
            raise SettingsError(f"{name}, line {number}: got {row}; expected word,weight") from None
    return weights
