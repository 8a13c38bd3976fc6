"""Where text stands on a page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in PDF points from the top left corner; `page` counts from 1."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float

    @classmethod
    def from_text(cls, text: str) -> Box:
        """Read a box as the table `findings` writes it: page, x0, top, x1, bottom."""
        page, x0, top, x1, bottom = text.split()
        return cls(int(page), float(x0), float(top), float(x1), float(bottom))
