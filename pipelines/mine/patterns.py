"""Token rules for the places of a text that may give a proportion."""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from typing import Any

from pipelines.lexis import Rules
from pipelines.mine.numbers import DIGITS, number_words

_PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "’": "'", "‘": "'", "“": '"', "”": '"'})
_SLASH = re.compile(r"^\d{1,4}/\d{1,4}$")
_DASH = re.compile(r"(?<=\w)[‐‑–—](?=\w)")


def plain(text: str) -> str:
    """Return the text with ordinary spaces, quotes and hyphens, every offset unchanged."""
    return _DASH.sub("-", text.translate(_PLAIN))


@cache
def share_rules() -> Rules:
    """Build the token rules once."""
    known = number_words()
    digits = re.compile(DIGITS)
    digit = [{"FLAG": "digit"}]
    word = [{"FLAG": "word"}, _optional({"ORTH": "-"}), _optional({"FLAG": "word"})]
    numbers: list[list[dict[str, Any]]] = [digit, word]
    marks = [_lower("per", "cent"), _lower("per", "-", "cent"), _lower("percent"), _lower("%")]
    of: list[dict[str, Any]] = [{"FLAG": "determiner", "OP": "*"}]
    pairs = list(product(numbers, numbers))
    single: list[dict[str, Any]] = [{"FLAG": "digit"}, {"FLAG": "word"}]
    between = [_lower("and"), _lower("to"), _lower("-")]
    unfit = {*known.cardinals, *known.times, "of", "out", "in"}
    few = [_optional({"LOWER": "every"}), _optional({"LOWER": "single"})]
    return Rules(
        {
            "percent": [n + m for n, m in product(numbers, marks)],
            "range": [
                [a, *b, d, *m]
                for a, d in product(single, repeat=2)
                for b, m in product(between, marks)
            ],
            "out of": [a + _lower("out", "of") + of + b for a, b in pairs],
            "of": [a + _lower("of") + of + b for a, b in pairs],
            "in": [[*a, _optional({"FLAG": "noun"}), *_lower("in"), *few, *b] for a, b in pairs],
            "slash": [[{"FLAG": "slash"}]],
            "fraction": [
                [{"FLAG": "word"}, _optional({"ORTH": "-"}), {"FLAG": "fraction"}],
                [{"LOWER": "a"}, {"FLAG": "fraction"}],
                _lower("half"),
            ],
        },
        flags={
            "digit": lambda w: bool(digits.match(w)),
            "word": lambda w: w.lower() in known.cardinals,
            "determiner": lambda w: w.lower() in known.determiners,
            "fraction": lambda w: w.lower() in known.fractions,
            "noun": lambda w: w.isalpha() and w.lower() not in unfit,
            "slash": lambda w: bool(_SLASH.match(w)),
        },
    )


def _optional(token: dict[str, Any]) -> dict[str, Any]:
    return {**token, "OP": "?"}


def _lower(*words: str) -> list[dict[str, Any]]:
    return [{"LOWER": word} for word in words]
