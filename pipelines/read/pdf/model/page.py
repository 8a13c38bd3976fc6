"""What a page is made of before anybody knows its layout: spans, shapes and faces.

Coordinates are PDF points from the top left corner of the page as it is displayed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Face(NamedTuple):
    """A font as far as layout needs it; `symbolic` fonts hold glyphs instead of letters.

    `stroke` is how thick its strokes are in ems, where its name does not say whether it is bold.
    """

    name: str
    bold: bool
    italic: bool
    symbolic: bool
    stroke: float = 0.0


@dataclass(slots=True, eq=False)
class Span:
    """A run of text in one face and size; `base` is its baseline, `tag` its marked-content id.

    Each is itself alone, whatever others say in its place.
    """

    text: str
    x0: float
    x1: float
    base: float
    size: float
    face: Face
    tag: int = -1
    angle: int = 0

    @property
    def middle(self) -> float:
        """Height at which small letters have their middle."""
        return self.base - 0.25 * self.size


class Shape(NamedTuple):
    """The rectangle that a drawn path, fill or picture covers.

    `filled` is its colour, as a hash that distinguishes colours; 0 where it is only outlined.
    """

    x0: float
    top: float
    x1: float
    bottom: float
    filled: int

    @property
    def width(self) -> float:
        """Horizontal extent."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Vertical extent."""
        return self.bottom - self.top


Box = tuple[float, float, float, float]


@dataclass(slots=True)
class RawPage:
    """One page as its content stream draws it, in any order."""

    number: int
    width: float
    height: float
    spans: list[Span] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    pictures: int = 0
    roles: dict[int, str] = field(default_factory=dict)  # of marked content, in tagged files
    turned: int = 0  # degrees it was turned by to set its text upright
    covered: list[Box] = field(default_factory=list)  # words under something: not among the spans
    invisible: list[Box] = field(default_factory=list)  # words that nobody sees: nor these
    recognised: bool = False  # its text was recognised from its picture


def text_size(pages: Sequence[RawPage]) -> float:
    """Size of most characters on the pages, to half a point."""
    weights: dict[float, int] = {}
    for page in pages:
        for span in page.spans:
            weights[span.size] = weights.get(span.size, 0) + len(span.text)
    return heaviest((round(size * 2) / 2, weight) for size, weight in weights.items())


def heaviest(weighted: Iterable[tuple[float, int]]) -> float:
    """The value with the most weight, the larger of two that have as much; 0 of none."""
    weights: dict[float, int] = {}
    for value, weight in weighted:
        weights[value] = weights.get(value, 0) + weight
    return max(weights, key=lambda value: (weights[value], value)) if weights else 0.0


#: Role of a marked-content id on a page: `H1`, `P`, `LI`, `TD`, `Note` ...
Roles = dict[int, str]
