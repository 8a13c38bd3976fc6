"""Numbers, dates and lists as plain English says them; no wording elsewhere counts or rounds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pipelines.numbers import number_words

# Overrides of direction let hostile text change how the words around it are read.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)

_OUTCOMES: Final = {
    "read": "Read",
    "failed": "Not readable",
    "duplicate": "Duplicate",
    "aside": "Left aside",
}


def plain(text: object) -> str:
    """Return the text without control characters, direction overrides and lone surrogates.

    They have no place in a report: some break XML, some turn the text around them.
    """
    return _INVISIBLE.sub("", str(text)) if text is not None else ""


def outcome(status: str) -> str:
    """Return what became of a file, as the page, Word and the workbook call it."""
    return _OUTCOMES.get(status, status)


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return `1 report`, `1,204 reports`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def percent(share: float) -> str:
    """Return a share from 0 to 1 as a whole percentage; only all is 100% and only none 0%."""
    whole = round(share * 100)
    if whole == 100 and share < 1:
        return "over 99%"
    if whole == 0 and share > 0:
        return "under 1%"
    return f"{whole}%"


def interval(low: float | None, high: float | None) -> str:
    """Return `65% to 99%`, or nothing where there is no interval."""
    return "" if low is None or high is None else f"{percent(low)} to {percent(high)}"


def month(published: str | None) -> str:
    """Return `2023-06` as `June 2023`; what is no such date is returned as it is."""
    if not published:
        return "date not stated"
    year, _, number = published.partition("-")
    if number[:2].isdigit() and 1 <= int(number[:2]) <= 12:
        return f"{number_words().months[int(number[:2]) - 1]} {year}"
    return plain(published)


def day(written: str) -> str:
    """Return `2025-03-31` as `31 March 2025`."""
    return f"{int(written[8:10])} {month(written[:7])}"


def span(dates: Sequence[str]) -> str:
    """Return `June 2023 to March 2025` for the first and the last of the dates."""
    known = sorted(date for date in dates if date)
    if not known:
        return ""
    first, last = month(known[0]), month(known[-1])
    return first if first == last else f"{first} to {last}"


def listing(things: Sequence[str]) -> str:
    """Return `a, b and c`."""
    return " and ".join(filter(None, [", ".join(things[:-1]), *things[-1:]]))


def opening(text: str) -> str:
    """Return the text with its first letter large, as at the start of a line."""
    return text[:1].upper() + text[1:]


def shorten(text: str, limit: int) -> str:
    """Return the text cut at a word before `limit` characters, an ellipsis saying so."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > limit // 2 else cut).rstrip(" ,;:") + "…"
