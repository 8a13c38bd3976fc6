"""Token rules for the places of a text that may give a proportion."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from functools import cache
from itertools import product
from typing import Any

from pipelines.lexis import Matched, Patterns, Rules, Token
from pipelines.numbers import DIGITS, number_words

Pattern = list[dict[Any, Any]]

_PLAIN = str.maketrans(
    {**dict.fromkeys("\u00a0\u2002\u2007\u2009\u200a\u202f", " "), "’": "'", "‘": "'"}
    | {"“": '"', "”": '"', "％": "%", "﹪": "%", "⁄": "/", "∕": "/"}
    | {chr(ord("０") + digit): str(digit) for digit in range(10)}
)
_SLASH = re.compile(r"^\d{1,4}/\d{1,4}(?:ths?|rds?|nds?)?$")
_DASH = re.compile(r"(?<=[\w%])[‐‑–—−](?=\w)|(?<=% )[‐‑–—−](?= \d{1,3}(?:\.\d+)? ?%)")
# A point set high, or as a comma in a percentage: 12·5 and 12,5 per cent, 12,5-15%. Two digits
# after a comma may be a figure of their own, whose space was lost ("year 1,15%"), but after "in".
_POINT = re.compile(
    r"(?<=\d)(?:[·∙⋅‧•](?=\d)|,(?=(?:\d|(?:(?<=\bin \d,)|(?<=\bin \d\d,))\d\d)"
    r"(?: ?(?:-|to) ?\d+(?:[.,]\d\d?)?)? ?(?:%|per[ -]?cent|pct|p\.?c\b)))"
)
# Where a space was lost, or is needed to cut words apart: 33%of, 25%-30%, 80pc, 1½, ¾of, ~40, c.40.
_SIGNS = "".join(number_words().signs)
_JOINED = re.compile(
    r"(?<=[~≈<>≤≥])(?=\d)|(?<=\bc\.)(?=\d)"
    r"|(?<=%)(?=[A-Za-z+-])|(?<=%-)(?=\d)|(?<=\d)(?=(?:p\.?ct?|per[ -]?cent)\b)"
    rf"|(?<=\d)(?=[{_SIGNS}])|(?<=[{_SIGNS}])(?=[%A-Za-z-])|(?<=[{_SIGNS}]-)(?=[{_SIGNS}])"
)


def plain(text: str) -> str:
    """Return the text with ordinary spaces, quotes and hyphens, every offset unchanged."""
    return _POINT.sub(".", _DASH.sub("-", text.translate(_PLAIN)))


def match_shares(text: str) -> Matched:
    """Cut a text into words and find the places that may give a proportion.

    Words that were joined are cut apart; offsets are those of the text as it came.
    """
    return _cut(text, share_rules().match)


def words_of(text: str) -> tuple[Token, ...]:
    """Cut a text into words as `match_shares` does."""
    return _cut(text, share_rules().words).words


def _cut(text: str, match: Callable[[str], Matched]) -> Matched:
    even = plain(text)
    gaps = [found.start() for found in _JOINED.finditer(even)]
    if not gaps:
        return match(even)
    matched = match(_JOINED.sub(" ", even))
    wider = [gap + place for place, gap in enumerate(gaps)]  # where the spaces went in

    def back(offset: int) -> int:
        return offset - bisect_left(wider, offset)

    words = tuple(
        word._replace(start=back(word.start), end=back(word.end)) for word in matched.words
    )
    return Matched(words, matched.found)


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
            "sign": lambda w: w in known.signs,
            "noun": lambda w: w.isalpha() and w.lower() not in unfit,
            "slash": lambda w: bool(_SLASH.match(w)),
        },
    )


def _patterns(flag: Mapping[str, int]) -> Patterns:
    digit = {flag["digit"]: True}
    word = {flag["word"]: True}
    fraction = {flag["fraction"]: True}
    sign = {flag["sign"]: True}
    hyphen = _optional({"ORTH": "-"})
    numbers: list[Pattern] = [[digit], [word, hyphen, _optional(word)]]
    number = {flag["number"]: True}
    marks: list[Pattern] = [
        [{"LOWER": "per"}, hyphen, {"LOWER": "cent"}],
        [{"LOWER": {"IN": ["percent", "%"]}}],
        [{"ORTH": {"IN": ["pc", "pct", "pct.", "p.c", "p.c."]}}],
    ]
    of: Pattern = [{flag["determiner"]: True, "OP": "*"}]
    pairs = list(product(numbers, numbers))
    between = {"LOWER": {"IN": ["and", "to", "-"]}}
    noun = _optional({flag["noun"]: True})
    few = [_optional({"LOWER": {"IN": ["every", "a"]}}), _optional({"LOWER": "single"})]
    return {
        "percent": [n + m for n, m in product([*numbers, [digit, sign], [sign]], marks)],
        "range": [
            [number, *low, between, number, *high] for low, high in product([[], *marks], marks)
        ]
        + [[sign, between, sign]],
        "out of": [a + _lower("out", "of") + of + b for a, b in pairs],
        "of": [a + _lower("of") + of + b for a, b in pairs],
        "in": [[*a, noun, hyphen, *_lower("in"), hyphen, *few, *b] for a, b in pairs],
        "slash": [[{flag["slash"]: True}]],
        "sign": [[sign]],
        "fraction": [[word, hyphen, fraction], [{"LOWER": "a"}, fraction], _lower("half")],
    }


def _optional(token: dict[Any, Any]) -> dict[Any, Any]:
    return {**token, "OP": "?"}


def _lower(*words: str) -> Pattern:
    return [{"LOWER": word} for word in words]
