"""Saying: what the findings of a group claim about their subject, for the group's name.

`Home visits` names a subject; `home visits not made` says what recurs. The sentences on the
subject are searched for the words of each claim in claims.toml. A claim that most findings make
joins the name; failing that, two that most findings make between them.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import combinations
from typing import Final

from pipelines.errors import SettingsError
from pipelines.lexis import stem
from pipelines.mine.cues import cues, holds
from pipelines.mine.likeness.terms import features, phrasing
from pipelines.numbers import number_words
from pipelines.records import Polarity

MOST: Final = 0.6  # of the findings must make a claim for it to be the group's
BOTH: Final = 0.65  # must make one of two claims, and
EACH: Final = 0.25  # each of the two
_ENOUGH: Final = 200  # findings are read at most, evenly spread over the group
_WORD = re.compile(r"[a-z0-9]+(?:['-][a-z]+)*|%")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
_FEW: Final = frozenset(
    {"only", "few", "fewer", "less", "too", "rare", "some", "varied", "unable", "%", "cent"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """A claim and the words that make it.

    Attributes:
        say: How a name says it.
        words: Words that make the claim.
        low: Words that make it only where the sentence makes little of them.
        instead: How a name says it where this word is used most.
        of: Stems of subjects that it can be made of; of any where there are none.
    """

    say: str
    words: tuple[str, ...]
    low: tuple[str, ...]
    instead: Mapping[str, str]
    of: frozenset[str]


@cache
def sayings() -> dict[str, tuple[Claim, ...]]:
    """Load and check the shipped claims.toml: the claims of each polarity.

    Raises:
        SettingsError: A polarity or key is unknown, or a claim has no words.
    """
    raw = tomllib.loads((files("pipelines") / "data" / "claims.toml").read_text(encoding="utf-8"))
    if set(raw) != {str(polarity) for polarity in Polarity}:
        raise SettingsError(f"claims.toml: got {sorted(raw)}; expected a list for each polarity")
    out: dict[str, tuple[Claim, ...]] = {}
    for polarity, entries in raw.items():
        for entry in entries:
            strange = set(entry) - {"say", "words", "low", "instead", "of"}
            if strange or "say" not in entry or not set(entry) & {"words", "low"}:
                raise SettingsError(
                    f"claims.toml [{polarity}]: {entry.get('say', entry)!r}; "
                    "expected `say` with `words`, `low` or both"
                )
        out[polarity] = tuple(
            Claim(
                e["say"],
                tuple(e.get("words", ())),
                tuple(e.get("low", ())),
                e.get("instead", {}),
                frozenset(map(_stem, e.get("of", ()))),
            )
            for e in entries
        )
    return out


def saying(texts: Sequence[str], stems: Iterable[str], polarity: str) -> str:
    """Return what most of the findings say about a subject; empty where they do not agree.

    Args:
        texts: The findings'.
        stems: Telling stems of the subject.
        polarity: Of the findings.
    """
    subject = frozenset(stems)
    claims = _claims(subject, polarity)
    if not claims:
        return ""
    made = [_made(text, subject, polarity) for text in texts[:: -(-len(texts) // _ENOUGH)]]
    counts = {claim: sum(claim in one for one in made) for claim in claims}
    best = max(claims, key=lambda claim: counts[claim])  # the first of the file where several are
    if counts[best] >= max(2, MOST * len(made)):
        return _worded(best, made)
    often = [claim for claim in claims if counts[claim] >= max(2, EACH * len(made))]
    pairs = [
        (sum(any(c in one for c in pair) for one in made), pair) for pair in combinations(often, 2)
    ]
    most, pair = max(pairs, key=lambda found: found[0], default=(0, ()))
    if most < BOTH * len(made):
        return ""
    return " or ".join(_worded(claim, made) for claim in pair)


def agreeing(texts: Sequence[str], stems: Iterable[str], polarity: str) -> list[bool]:
    """Return which findings make the claim that most of them make; none if there is none."""
    subject = frozenset(stems)
    made = [_made(text, subject, polarity) for text in texts]
    claims = _claims(subject, polarity)
    counts = {claim: sum(claim in one for one in made) for claim in claims}
    best = max(claims, key=lambda claim: counts[claim], default=None)
    agreed = best is not None and counts[best] >= max(2, MOST * len(made))
    return [agreed and best in one for one in made]


def _claims(subject: frozenset[str], polarity: str) -> list[Claim]:
    """Return the claims that can be made about a subject: not reports that they were made."""
    known = sayings().get(polarity, ())
    return [
        claim
        for claim in known
        if subject.isdisjoint(features(claim.say)) and (not claim.of or subject & claim.of)
    ]


def _made(text: str, subject: frozenset[str], polarity: str) -> dict[Claim, list[str]]:
    """Return the claims that a finding makes about a subject, each with the words that make it."""
    made: dict[Claim, list[str]] = {}
    for sentence in _about(text, subject):
        for claim, words in _making(sentence, polarity).items():
            made.setdefault(claim, []).extend(words)
    return made


def _worded(claim: Claim, made: Sequence[Mapping[Claim, list[str]]]) -> str:
    """Word a claim as most findings do."""
    used = Counter(claim.instead.get(w, claim.say) for one in made for w in one.get(claim, ()))
    return min(used, key=lambda say: (-used[say], say != claim.say, say))


def _about(text: str, subject: frozenset[str]) -> list[list[str]]:
    """Return the words of the sentences that name most of the subject, and of the one after each.

    The one after often goes on about it: `It was insufficient in 32 of 44`. Words of the subject
    itself are left out: they make no claim about it, nor do those of an idiom, `at short notice`.
    """
    sentences = _SENTENCE.split(phrasing().phrases.sub("|", text))
    named = [len(subject & set(features(sentence))) for sentence in sentences]
    most = max(named)
    on = {at + step for at, count in enumerate(named) if count == most for step in (0, 1)}
    return [
        [word for word in _WORD.findall(sentences[at].lower()) if _stem(word) not in subject]
        for at in sorted(on)
        if at < len(sentences)
    ]


def _stem(word: str) -> str:
    found = stem(word)
    return phrasing().same.get(found, found)


def _making(words: Sequence[str], polarity: str) -> dict[Claim, list[str]]:
    """Return the claims that a sentence makes, each with the words that make it."""
    made: dict[Claim, list[str]] = {}
    little = _little(frozenset(words))
    for word in words:
        plainly, lowly = _claims_of(word, polarity)
        for claim in (*plainly, *(lowly if little else ())):
            made.setdefault(claim, []).append(word)
    return made


@lru_cache(maxsize=50_000)
def _claims_of(word: str, polarity: str) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    """Return the claims that a word makes, and those that it makes where little is made of it."""
    claims = sayings().get(polarity, ())
    plainly = tuple(claim for claim in claims if holds(claim.words, word))
    return plainly, tuple(claim for claim in claims if holds(claim.low, word))


def _little(words: frozenset[str]) -> bool:
    counted = words & number_words().cardinals.keys() or any(w.isdigit() for w in words)
    return bool(counted or words & (_FEW | cues().negations))
