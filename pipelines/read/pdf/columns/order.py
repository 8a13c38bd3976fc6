"""Reading order of a page: where its tables and boxes belong among the columns of its text."""

from __future__ import annotations

from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.laid import Gutter, LaidPage, Place, Thing


def place_things(page: LaidPage) -> None:
    """Find where the tables and boxes of a page stand among the columns of its text."""
    if page.gutter is not None or page.turns:
        for thing in page.things:
            thing.place = _place_of(thing, page)


def _place_of(thing: Thing, page: LaidPage) -> Place:
    """The band and column that a thing belongs to.

    What stands in a column goes with the band of two columns that it is in, or next to; what is
    as wide as the page stands between such bands.
    """
    bands = page.bands
    tops = [min((s.base - s.size for c in band for s in c), default=0.0) for band in bands]
    index = max((i for i, top in enumerate(tops) if top <= thing.top + GEOMETRY.edge), default=-1)
    for near in (index, index + 1):
        if 0 <= near < len(bands) and len(bands[near]) > 1:
            gutter = page.turns[near].gutter if near in page.turns else page.gutter
            column = _column(thing, gutter) if gutter is not None else None
            if column is not None:
                return near, column
    return (index, len(bands[index]) - 1) if index >= 0 else (0, 0)


def _column(thing: Thing, gutter: Gutter) -> int | None:
    """The column that a thing keeps to; None where it crosses the gutter."""
    if thing.x0 >= gutter.x0 - GEOMETRY.edge:
        return 1
    return 0 if thing.x1 <= gutter.x1 + GEOMETRY.edge else None
