"""What a page is made of before anybody knows its layout: spans, shapes and faces.

Coordinates are PDF points from the top left corner of the page as it is displayed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Face(NamedTuple):
    """A font as far as layout needs it; `symbolic` fonts hold signs instead of letters."""

    name: str
    bold: bool
    italic: bool
    symbolic: bool


@dataclass(slots=True)
class Span:
    """A run of text in one face and size; `base` is its baseline, `tag` its marked-content id."""

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

    `filled` is its colour, as a hash that tells colours apart; 0 where it is only outlined.
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


Matrix = tuple[float, float, float, float, float, float]


def multiply(first: Matrix, second: Matrix) -> Matrix:
    """Apply `first`, then `second`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def display_matrix(box: Sequence[float], quarter_turns: int) -> Matrix:
    """Map user space (y upwards) to the displayed page (y downwards) for a crop box and /Rotate."""
    left, bottom, right, top = box
    return (
        (1.0, 0.0, 0.0, -1.0, -left, top),
        (0.0, 1.0, 1.0, 0.0, -bottom, -left),
        (-1.0, 0.0, 0.0, 1.0, right, -bottom),
        (0.0, -1.0, -1.0, 0.0, top, right),
    )[quarter_turns % 4]


def direction(matrix: Matrix) -> int:
    """Reading direction of text drawn with a display matrix: degrees clockwise, 0 upright."""
    a, b = matrix[0], matrix[1]
    if abs(b) <= 0.05 * abs(a) and a > 0:
        return 0
    return round(math.degrees(math.atan2(b, a))) % 360


def turn(
    box: tuple[float, float, float, float], angle: int, width: float, height: float
) -> tuple[float, float, float, float]:
    """Turn a rectangle with its page anticlockwise by a multiple of 90 degrees."""
    x0, top, x1, bottom = box
    if angle == 90:
        return top, width - x1, bottom, width - x0
    if angle == 180:
        return width - x1, height - bottom, width - x0, height - top
    if angle == 270:
        return height - bottom, x0, height - top, x1
    return box


def stand_apart(spans: Sequence[Span]) -> bool:
    """Whether spans stand side by side, parted by white over their whole height."""
    reach = -1e9
    for index, span in enumerate(sorted(spans, key=lambda s: s.x0)):
        if index and span.x0 - reach > 0.9 * span.size:
            return True
        reach = max(reach, span.x1)
    return False


def body_size(pages: Sequence[RawPage]) -> float:
    """Size of most characters on the pages, to half a point."""
    weights: dict[float, int] = {}
    for page in pages:
        for span in page.spans:
            size = round(span.size * 2) / 2
            weights[size] = weights.get(size, 0) + len(span.text)
    return max(weights, key=lambda s: weights[s]) if weights else 0.0
