"""Token rules for the places of a text that may give a proportion."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import product
from typing import Any

from pipelines.lexis import Patterns, Rules
from pipelines.mine.numbers import DIGITS, number_words

Pattern = list[dict[Any, Any]]

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
    unfit = {*known.cardinals, *known.times, "of", "out", "in"}
    return Rules(
        _patterns,
        {
            "digit": lambda w: bool(digits.match(w)),
            "word": lambda w: w.lower() in known.cardinals,
            "number": lambda w: w.lower() in known.cardinals or bool(digits.match(w)),
            "determiner": lambda w: w.lower() in known.determiners,
            "fraction": lambda w: w.lower() in known.fractions,
            "noun": lambda w: w.isalpha() and w.lower() not in unfit,
            "slash": lambda w: bool(_SLASH.match(w)),
        },
    )


def _patterns(flag: Mapping[str, int]) -> Patterns:
    digit = {flag["digit"]: True}
    word = {flag["word"]: True}
    fraction = {flag["fraction"]: True}
    hyphen = _optional({"ORTH": "-"})
    numbers: list[Pattern] = [[digit], [word, hyphen, _optional(word)]]
    number = {flag["number"]: True}
    marks: list[Pattern] = [
        [{"LOWER": "per"}, hyphen, {"LOWER": "cent"}],
        [{"LOWER": {"IN": ["percent", "%"]}}],
    ]
    of: Pattern = [{flag["determiner"]: True, "OP": "*"}]
    pairs = list(product(numbers, numbers))
    between = {"LOWER": {"IN": ["and", "to", "-"]}}
    noun = _optional({flag["noun"]: True})
    few = [_optional({"LOWER": {"IN": ["every", "a"]}}), _optional({"LOWER": "single"})]
    return {
        "percent": [n + m for n, m in product(numbers, marks)],
        "range": [
            [number, *low, between, number, *high] for low, high in product([[], *marks], marks)
        ],
        "out of": [a + _lower("out", "of") + of + b for a, b in pairs],
        "of": [a + _lower("of") + of + b for a, b in pairs],
        "in": [[*a, noun, hyphen, *_lower("in"), hyphen, *few, *b] for a, b in pairs],
        "slash": [[{flag["slash"]: True}]],
        "fraction": [[word, hyphen, fraction], [{"LOWER": "a"}, fraction], _lower("half")],
    }


def _optional(token: dict[Any, Any]) -> dict[Any, Any]:
    return {**token, "OP": "?"}


def _lower(*words: str) -> Pattern:
    return [{"LOWER": word} for word in words]
