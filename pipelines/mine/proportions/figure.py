"""A proportion as it is printed in one place of a text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A proportion as printed in one place.

    Attributes:
        kind: `percent`, `range`, `out of`, `of`, `slash`, `in` or `fraction`.
        first: Index of its first word, without the comparator.
        last: Index of the word after it.
        value: 0 to 1.
        numerator: Where it is given.
        denominator: Where it is given.
        comparator: `eq`, `lt`, `gt` or `approx`.
        lead: Index of the first word of the comparator; `first` where there is none.
    """

    kind: str
    first: int
    last: int
    value: float
    numerator: int | None = None
    denominator: int | None = None
    comparator: str = "eq"
    lead: int = 0
