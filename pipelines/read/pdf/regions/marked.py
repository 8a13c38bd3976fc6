"""Regions that mark text, as a reader's pen or a reviewer's frame does, and hold none together."""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import pairwise

from pipelines.read.pdf.model.bullets import is_sign
from pipelines.read.pdf.model.edges import left_edges
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.laid import LaidPage
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.region import Region
from pipelines.read.pdf.model.rows import is_bold, rows_of

_HANG = 3.0  # sizes from a region to an item's sign left of it
_ALIKE = 0.8  # points between two steps that are one


def free_marked(page: LaidPage) -> None:
    """Drop regions whose rows stand as those over and under them do: no box was set there."""
    free = set(page.free)
    marks = [r for r in page.regions if r.spans and _is_mark(r, page.raw.spans, free)]
    page.free += [s for region in marks for s in region.spans]
    page.regions = [r for r in page.regions if r not in marks]


def _is_mark(region: Region, spans: Sequence[Span], free: Set[Span]) -> bool:
    """Whether the rows of a region keep to the indents and the steps of free rows around it."""
    own = set(region.spans)
    x0, x1 = region.x0 - _HANG * region.spans[0].size, region.x1
    if (
        region.level
        or any(region.x0 + GEOMETRY.edge < x < x1 - GEOMETRY.edge for x, _, _ in region.walls)
        or len(left_edges(region.spans)) > 1
    ):
        return False
    rows = rows_of(s for s in spans if x0 < s.x0 < x1 and s.angle == 0)
    inside = [row for row in rows if own.intersection(row)]
    steps = list(pairwise(rows))
    if not inside or sum(map(len, inside)) > len(own) or is_bold(inside[0]):
        return False  # a stop at its edge begins beside it
    around = [row for row in rows if free >= set(row)]
    if _is_titled(inside[0], around, rows):
        return False
    starts = [x for row in around for x in _starts(row)]
    # A heading over it or under it has white of its own, and so has an item.
    light = [pair for pair in steps if not any(map(is_bold, pair))]
    usual = [pair for pair in light if all(row in around for row in pair)]
    ours = [pair for pair in light if any(row in inside for row in pair)]
    return (
        any(row not in inside for pair in ours for row in pair)
        and (_lies_in_list(region, inside, around) or all(_is_usual(p, usual) for p in ours))
        and all(
            any(abs(x - y) < GEOMETRY.start for y in starts) for row in inside for x in _starts(row)
        )
    )


_Row = Sequence[Span]


def _is_titled(first: _Row, around: Sequence[_Row], rows: Sequence[_Row]) -> bool:
    """Whether the first row of a region is a title: in a face of its own, or where signs stand."""
    signs = [row[0].x0 for row in rows if _is_signed(row)]
    faces = {span.face for row in around for span in row}
    own = all(span.face not in faces for span in first[_is_signed(first) :])
    stands_out = any(abs(first[0].x0 - x) < GEOMETRY.start for x in signs)
    return own or (stands_out and not _is_signed(first))


def _lies_in_list(region: Region, inside: Sequence[_Row], around: Sequence[_Row]) -> bool:
    """Whether a region begins with an item and leaves its sign out, under or over a free one's."""
    signs = [row[0] for row in inside if _is_signed(row)]
    others = [row[0].x0 for row in around if _is_signed(row)]
    return _is_signed(inside[0]) and all(
        sign.x1 < region.x0 + GEOMETRY.edge
        and any(abs(sign.x0 - x) < GEOMETRY.start for x in others)
        for sign in signs
    )


def _is_usual(pair: tuple[_Row, _Row], usual: Sequence[tuple[_Row, _Row]]) -> bool:
    """Whether two rows are as far apart as two free ones; of an item, where any other begins."""
    alike = [other for other in usual if _is_signed(other[1]) == _is_signed(pair[1])] or usual
    return any(abs(_step(pair) - _step(other)) < _ALIKE for other in alike)


def _step(pair: tuple[_Row, _Row]) -> float:
    return pair[1][0].base - pair[0][0].base


def _is_signed(row: _Row) -> bool:
    return is_sign(row[0].text)


def _starts(row: _Row) -> list[float]:
    """Where a row starts, and where its text does after an item's sign."""
    return [s.x0 for s in row[: 2 if _is_signed(row) else 1]]
