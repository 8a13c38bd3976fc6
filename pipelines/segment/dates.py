"""Months and counts as reports write them."""

from __future__ import annotations

import re
from typing import Final

from pipelines.numbers import number_words

_MONTHS: Final = [month.lower() for month in number_words().months]
_MONTH: Final = "|".join(f"{m[:3]}(?:{m[3:]})?" if len(m) > 3 else m for m in _MONTHS) + "|sept"
MONTH_YEAR: Final = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?P<month>{_MONTH})\b\.?,?\s+"
    r"(?:\d{1,2}(?:st|nd|rd|th)?,\s+)?(?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_MONTH_ALONE: Final = re.compile(rf"\b(?P<month>{_MONTH})\b(?!\s+\w+\s+cases)", re.IGNORECASE)
_FIGURE_BEFORE: Final = re.compile(r"\d(?:st|nd|rd|th)?(?:\s+of)?\s+$")
_FIGURE_AFTER: Final = re.compile(r"[.,]?\s+\d")
_COUNT: Final = re.compile("[0-9]{1,9}")
_YEAR: Final = re.compile(r"\b20\d\d\b")
_ISO: Final = re.compile(r"\b(20\d\d)-(0[1-9]|1[0-2])(?:-\d\d)?\b")
_SLASHED: Final = re.compile(r"\b\d{1,2}[/.](0?[1-9]|1[0-2])[/.](20\d\d)\b")


def find_month(text: str) -> str | None:
    """Return the first month with its year in a text as `YYYY-MM`; None where there is none."""
    found = [
        (m.start(), f"{m['year']}-{_number(m['month']):02d}")
        for m in (MONTH_YEAR.search(text),)
        if m
    ]
    found += [(m.start(), f"{m[1]}-{m[2]}") for m in (_ISO.search(text),) if m]
    found += [(m.start(), f"{m[2]}-{int(m[1]):02d}") for m in (_SLASHED.search(text),) if m]
    return min(found)[1] if found else None


def find_first_month(text: str) -> str | None:
    """Return the first month named as `YYYY-MM`, its year taken from what follows.

    "between 27 May and 3 June 2023" began in May 2023.
    """
    first = next((m for m in _MONTH_ALONE.finditer(text) if _is_month(m)), None)
    year = _YEAR.search(text, first.end()) if first else None
    if first is None or year is None:
        return find_month(text)
    month, following = _number(first["month"]), find_month(text[first.start() :])
    value = int(year[0])
    if following and int(following[:4]) == value and month > int(following[5:]):
        value -= 1  # "between 12 December and 13 January 2023"
    return f"{value}-{month:02d}"


def _is_month(match: re.Match[str]) -> bool:
    """Whether a word is a month's name; one in small letters may, as in "may" and "march", be none.

    It is one where a figure stands beside it.
    """
    if not match["month"].islower():
        return True
    before, after = match.string[: match.start()], match.string[match.end() :]
    return bool(_FIGURE_BEFORE.search(before[-12:]) or _FIGURE_AFTER.match(after))


def parse_count(text: str) -> int | None:
    """Read a count in figures or in words; None where it is neither."""
    text = text.strip().lower().replace(",", "")
    if _COUNT.fullmatch(text):
        return int(text)
    return number_words().spelled(re.split(r"[-\s]+", text))


def _number(month: str) -> int:
    return next(i for i, m in enumerate(_MONTHS, start=1) if m.startswith(month[:3].lower()))
