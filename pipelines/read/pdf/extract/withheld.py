"""What a document's reader is told of text that nobody sees: how much, where, never what."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from pipelines.read.pdf.model.page import Box, RawPage

_PLACES: Final = 5  # named one by one
_MILLIMETRES: Final = 25.4 / 72


@dataclass(slots=True)
class Withheld:
    """Words left out because they are covered, or not visible at all; fields not read, and read."""

    covered: list[tuple[int, Box]] = field(default_factory=list)
    invisible: list[tuple[int, Box]] = field(default_factory=list)
    unread: list[tuple[int, Box]] = field(default_factory=list)
    written: list[tuple[int, Box]] = field(default_factory=list)

    def take(self, page: RawPage) -> None:
        """Note what a page holds of them."""
        self.covered += [(page.number, box) for box in page.covered]
        self.invisible += [(page.number, box) for box in page.invisible]

    def remarks(self) -> list[str]:
        """Say so in a document's warnings."""
        found = []
        if self.covered:
            found.append(
                f"{_counted(self.covered)} under a box, picture or annotation withheld, perhaps "
                f"redacted; look at the page and decide: {_places(self.covered)}"
            )
        if self.invisible:
            found.append(
                f"{_counted(self.invisible)} that nobody sees (not painted, in the colour of the "
                f"page, cut off, or in a layer that is off) left out: {_places(self.invisible)}"
            )
        if self.unread:
            found.append(
                f"form fields or boxes of text laid on pages ({len(self.unread)}) are not read, "
                f"where they or something else may lie on text: {_places(self.unread)}"
            )
        if self.written:
            found.append(
                f"form fields or boxes of text laid on pages ({len(self.written)}) are read as "
                f"text of the page: {_places(self.written)}"
            )
        return found


def _counted(words: list[tuple[int, Box]]) -> str:
    return "1 word" if len(words) == 1 else f"{len(words)} words"


def _places(words: list[tuple[int, Box]]) -> str:
    """Name the lines by page and height, the first few of them."""
    lines = [
        (page, round(box[3] * _MILLIMETRES))
        for page, box in sorted(words, key=lambda word: (word[0], word[1][3]))
    ]
    named = [f"page {page}, {height} mm from the top" for (page, height), _ in groupby(lines)]
    more = f" and {len(named) - _PLACES} more lines" if len(named) > _PLACES else ""
    return "; ".join(named[:_PLACES]) + more
