"""Regions that mark text, as a reader's pen or a reviewer's frame does, and hold none together."""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import pairwise

from pipelines.read.pdf.model.bullets import is_glyph, may_mark
from pipelines.read.pdf.model.edges import left_edges
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.laid import LaidPage
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.region import Region
from pipelines.read.pdf.model.rows import rows_of

_HANG = 3.0  # sizes from a region to an item's sign left of it
_ALIKE = 0.8  # points between two steps that are one


def free_marked(page: LaidPage) -> None:
    """Drop regions whose rows stand as those over and under them do: no box was set there."""
    free = set(map(id, page.free))
    marks = [r for r in page.regions if r.spans and _is_mark(r, page.raw.spans, free)]
    page.free += [s for region in marks for s in region.spans]
    page.regions = [r for r in page.regions if not any(r is mark for mark in marks)]


def _is_mark(region: Region, spans: Sequence[Span], free: Set[int]) -> bool:
    """Whether the rows of a region keep to the indents and the steps of free rows around it."""
    own = set(map(id, region.spans))
    x0, x1 = region.x0 - _HANG * region.spans[0].size, region.x1
    rows = rows_of(s for s in spans if x0 < s.x0 < x1 and s.angle == 0)
    inside = [row for row in rows if own.intersection(map(id, row))]
    steps = list(pairwise(rows))
    if (
        region.level
        or any(region.x0 + GEOMETRY.edge < x < x1 - GEOMETRY.edge for x, _, _ in region.walls)
        or len(left_edges(region.spans)) > 1
        or sum(map(len, inside)) > len(own)
        or _is_bold(inside[0])
    ):
        return False
    around = [row for row in rows if free >= set(map(id, row))]
    starts = [x for row in around for x in _starts(row)]
    usual = [_step(*pair) for pair in steps if all(row in around for row in pair)]
    # A heading over it or under it has white of its own.
    ours = [
        pair
        for pair in steps
        if any(row in inside for row in pair) and not any(map(_is_bold, pair))
    ]
    return (
        any(row not in inside for pair in ours for row in pair)
        and all(any(abs(_step(*pair) - other) < _ALIKE for other in usual) for pair in ours)
        and all(
            any(abs(x - y) < GEOMETRY.start for y in starts) for row in inside for x in _starts(row)
        )
    )


def _step(over: Sequence[Span], under: Sequence[Span]) -> float:
    return under[0].base - over[0].base


def _starts(row: Sequence[Span]) -> list[float]:
    """Where a row starts, and where its text does after an item's sign."""
    sign = row[0].text.strip()
    return [s.x0 for s in row[: 2 if is_glyph(sign) or may_mark(sign) else 1]]


def _is_bold(row: Sequence[Span]) -> bool:
    return all(span.face.bold for span in row)
