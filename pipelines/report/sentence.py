"""Sentences whose numbers lead to the findings they count."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Query:
    """A choice of findings, by which a number leads to the findings it counts."""

    theme: str = ""
    polarity: str = ""
    unit: str = ""
    region: str = ""
    standard: str = ""
    rating: str = ""
    issue: str = ""
    year: str = ""
    check: str = ""

    @property
    def address(self) -> str:
        """Fragment of the page that shows these findings; with no choice, all of them."""
        chosen = [
            f"{name}={quote(value, safe='')}"
            for name in self.__slots__
            if (value := getattr(self, name))
        ]
        return "#findings?" + "&".join(chosen)


@dataclass(frozen=True, slots=True)
class Part:
    """Part of a sentence; with an address where a number or name leads somewhere."""

    text: str
    address: str = ""


Sentence = tuple[Part, ...]
