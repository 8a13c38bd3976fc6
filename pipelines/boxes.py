"""Where text stands on a page."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from pipelines.errors import ArtefactError


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
        """Read a box as the table `findings` writes it: page, x0, top, x1, bottom.

        Raises:
            ArtefactError: It is none.
        """
        try:
            page, *sides = text.split()
            x0, top, x1, bottom = map(float, sides)
            if not all(map(isfinite, (x0, top, x1, bottom))):
                raise ValueError
            return cls(int(page), x0, top, x1, bottom)
        except ValueError as error:
            raise ArtefactError(
                f"findings.parquet: boxes holds {text[:40]!r}, expected page, x0, top, x1, bottom; "
                "the folder was changed: run `findings run` into it again, or take a sound copy"
            ) from error
