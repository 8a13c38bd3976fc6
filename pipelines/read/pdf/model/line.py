"""Lines of text, and what may mark an item at their start."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(slots=True)
class Line:
    """One line of text in a column; coordinates are on the page, `left` is the column's edge.

    `bold` holds parts of `text`; `notes` the footnote calls taken out of it; `raised` a mark that
    stood at its very start; `entry` whether it begins one, in a list of names.
    """

    page: int
    left: float
    right: float
    x0: float
    x1: float
    base: float
    size: float
    text: str
    bold: list[tuple[int, int]]
    bold_share: float
    italic_share: float
    marker: Marker | None = None
    raised: str = ""
    notes: list[str] = field(default_factory=list)
    tags: tuple[int, ...] = ()
    width_of_first: float = 0.0
    band: int = 0
    entry: bool | None = None

    @property
    def indent(self) -> float:
        """Distance of its start from the column's edge."""
        return self.x0 - self.left


NUMBER = re.compile(r"^(\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)])(?:\s+|$)")


@dataclass(slots=True)
class Marker:
    """The lone first token of a line; `text_x` is where the text after it starts (0: unknown).

    `glued`: Nothing separates it from the word after it.
    """

    text: str
    x: float
    text_x: float
    foreign: bool
    strong: bool
    glued: bool = False


def is_number(marker: Marker | None) -> bool:
    """Whether a marker is a number or letter with a full stop or bracket."""
    return marker is not None and bool(NUMBER.match(marker.text))
