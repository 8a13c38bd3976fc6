"""Calls of footnotes inside a text: raised figures after a word, or figures in brackets."""

from __future__ import annotations

import re
from typing import Final

_RAISED: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_TO_RAISED: Final = str.maketrans("0123456789-−–", f"{_RAISED}⁻⁻⁻")
_FROM_RAISED: Final = str.maketrans(_RAISED, "0123456789")
# Called after a word or its punctuation. Not calls: an area ("350 m²", "9m²": after "£5m" other
# figures are), a power of ten, a part of a fraction.
_CALL: Final = re.compile(
    r"(?<!\b[mM])(?<!\b[ckm]m)(?<!\d[ckm]m)(?<!\bft)(?<!\dft)(?<![×x] 10)(?<![×x]10)"
    rf"(?!(?<=\d[mM])[²³](?![{_RAISED}]))"
    rf"(?<=[^\s⁻{_RAISED}])[ ]?[{_RAISED}]++(?:[, ]?[{_RAISED}]++)*+(?![⁄/∕])"
)
# What raised figures that are no call stand behind; money is none ("£5m" and a call).
_MEASURE: Final = re.compile(
    r"(?:(?<![\w£$€.,-])(?<![£$€]\s)\d[\d,]*(?:\.\d+)?\s?|\bper |/ ?)(?:m|[ckm]m|ft)\Z"
)
_POWER: Final = re.compile(r"[×x] ?10\Z")
_BELOW_ONE: Final = re.compile(r"[-−–]\d{1,2}")  # no call is below nothing
_BRACKET_CALL: Final = re.compile(r"(?<=[^\s\[(])[ ]?\[\^?\d{1,3}\](?![(:\w])")


def raised(figures: str) -> str:
    """Write figures raised, as a call or a power is."""
    return figures.translate(_TO_RAISED)


def lowered(figures: str) -> str:
    """Write raised figures as others are."""
    return figures.translate(_FROM_RAISED)


def is_part(before: str, figures: str) -> bool:
    """Whether raised figures behind a text are a part of it: of an area or a power of ten."""
    figures = lowered(figures)
    area = figures in ("2", "3") and _MEASURE.search(before)
    if _BELOW_ONE.fullmatch(figures):
        return before[-1:].isdecimal()
    return bool(area or (figures.isdecimal() and _POWER.search(before)))


def without_raised_calls(text: str) -> str:
    """Take out calls in raised figures."""
    if text.isascii() or not any(figure in text for figure in _RAISED):
        return text
    return _CALL.sub("", text)


def without_calls(text: str) -> str:
    """Take out calls in raised figures, or in figures in brackets."""
    return without_raised_calls(_BRACKET_CALL.sub("", text) if "[" in text else text)
