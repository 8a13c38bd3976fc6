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
