"""What a document's reader is told of text that nobody sees: how much, where, never what."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from pipelines.read.pdf.model.page import Box, RawPage

_PLACES: Final = 5  # named one by one
_MILLIMETRES: Final = 25.4 / 72
_SAID: Final = {
    "covered": "{words} under a box, picture or annotation withheld, perhaps redacted; look at the "
    "page and decide: {places}",
    "invisible": "{words} that nobody sees (not painted, in the colour of the page, cut off, or in "
    "a layer that is off) left out: {places}",
    "unread": "form fields or boxes of text laid on pages ({count}) are not read, where they or "
    "something else may lie on text: {places}",
    "written": "form fields or boxes of text laid on pages ({count}) are read as text of the page: "
    "{places}",
}

# Numbers of pages, and where something stands on them.
Places = list[tuple[int, Box]]


@dataclass(slots=True)
class Withheld:
    """Words left out because they are covered, or not visible at all; fields not read, and read."""

    covered: Places = field(default_factory=list)
    invisible: Places = field(default_factory=list)
    unread: Places = field(default_factory=list)
    written: Places = field(default_factory=list)

    def take(self, page: RawPage) -> None:
        """Note what a page holds of them."""
        self.covered += [(page.number, box) for box in page.covered]
        self.invisible += [(page.number, box) for box in page.invisible]

    def remarks(self) -> list[str]:
        """Say so in a document's warnings."""
        told = [(said, getattr(self, kind)) for kind, said in _SAID.items()]
        return [
            said.format(count=len(at), words=_counted(len(at)), places=_places(at))
            for said, at in told
            if at
        ]


def _counted(words: int) -> str:
    return "1 word" if words == 1 else f"{words} words"


def _places(at: Places) -> str:
    """Name the lines by page and height, the first few of them."""
    lines = sorted((page, round(box[3] * _MILLIMETRES)) for page, box in at)
    named = [f"page {page}, {height} mm from the top" for (page, height), _ in groupby(lines)]
    more = f" and {len(named) - _PLACES} more lines" if len(named) > _PLACES else ""
    return "; ".join(named[:_PLACES]) + more
