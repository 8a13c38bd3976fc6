"""Token rules for the places of a text that may give a proportion."""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from typing import Any

from pipelines.lexis import Rules
from pipelines.mine.numbers import DIGITS, number_words

_PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "’": "'", "‘": "'", "“": '"', "”": '"'})
_DASH = re.compile(r"(?<=\w)[‐‑–—](?=\w)")


def plain(text: str) -> str:
    """Return the text with ordinary spaces, quotes and hyphens, every offset unchanged."""
    return _DASH.sub("-", text.translate(_PLAIN))


@cache
def share_rules() -> Rules:
    """Build the token rules once."""
    known = number_words()
    digit: dict[str, Any] = {"TEXT": {"REGEX": DIGITS}}
    word: dict[str, Any] = {"LOWER": {"IN": sorted(known.cardinals)}}
    hyphen: dict[str, Any] = {"ORTH": "-"}
    numbers = [[digit], [word], [word, hyphen, word], [word, word]]
    marks = [_lower("per", "cent"), _lower("per", "-", "cent"), _lower("percent"), _lower("%")]
    determiner: dict[str, Any] = {"LOWER": {"IN": sorted(known.determiners)}}
    fraction: dict[str, Any] = {"LOWER": {"IN": sorted(known.fractions)}}
    pairs = list(product(numbers, numbers))
    of = [[], [determiner], [determiner] * 2, [determiner] * 3, [determiner] * 4]
    few: list[list[dict[str, Any]]] = [[], _lower("every"), _lower("every", "single")]
    plural = {"IS_ALPHA": True, "LOWER": {"NOT_IN": [*known.cardinals, *known.times, "of", "out"]}}
    between = [_lower("and"), _lower("to"), [hyphen]]
    return Rules(
        {
            "percent": [n + m for n, m in product(numbers, marks)],
            "range": [
                [a, *b, c, *m]
                for a, c in product((digit, word), repeat=2)
                for b, m in product(between, marks)
            ],
            "out of": [a + _lower("out", "of") + d + b for (a, b), d in product(pairs, of)],
            "of": [a + _lower("of") + d + b for (a, b), d in product(pairs, of)],
            "in": [
                a + noun + _lower("in") + e + b
                for (a, b), e, noun in product(pairs, few, ([], [plural]))
            ],
            "slash": [[{"TEXT": {"REGEX": r"^\d{1,4}/\d{1,4}$"}}]],
            "fraction": [
                [word, fraction],
                [word, hyphen, fraction],
                [{"LOWER": "a"}, fraction],
                _lower("half"),
            ],
        }
    )


def _lower(*words: str) -> list[dict[str, Any]]:
    return [{"LOWER": word} for word in words]
