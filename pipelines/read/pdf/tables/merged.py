"""Cells that go over several columns or rows: where an edge between cells is not drawn.

A row over all columns that holds running text is not a row of a table but a box in its frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from pipelines.read.pdf.model.edges import between
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.laid import LaidPage
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.region import Region
from pipelines.read.pdf.model.rows import rows_of

LINE_STEP = 1.45  # sizes from line to line of one cell at most

_OVER = 4.0  # points by which text runs over an edge on either side
_PROSE = 3  # lines that make running text of a cell

Floor = tuple[float, float, float]  # of a region


def bands_of(region: Region) -> list[list[Span]]:
    """What stands in each row, from the top; what no rule parts from the row above belongs there.

    Where a column has no rules inside at all, its lines must go on from those above.
    """
    found = between(region.ys, region.spans)
    inside = [f for f in region.floors if region.ys[0] + _OVER < f[0] < region.ys[-1] - _OVER]
    for row in range(len(found) - 1, 0, -1):
        drawn = [f for f in inside if abs(f[0] - region.ys[row]) <= GEOMETRY.edge]
        for span in sorted(found[row], key=lambda s: s.base) if drawn else ():
            if _is_of_above(span, found[row - 1], drawn, inside):
                found[row].remove(span)
                found[row - 1].append(span)
    return found


def _is_of_above(
    span: Span, above: Sequence[Span], drawn: Sequence[Floor], inside: Sequence[Floor]
) -> bool:
    """Whether no rule parts a span from the row above, in a column that has rules or goes on."""
    middle = (span.x0 + span.x1) / 2

    def over(floors: Sequence[Floor]) -> bool:
        return any(x0 - GEOMETRY.edge <= middle <= x1 + GEOMETRY.edge for _, x0, x1 in floors)

    bases = [s.base for s in above if s.x0 < span.x1 and span.x0 < s.x1]
    goes_on = span.base - max(bases, default=-1e9) <= LINE_STEP * span.size
    return not over(drawn) and (goes_on or over(inside))


def row_edges(region: Region) -> list[list[float]]:
    """The edges of the cells in each row: those that text runs over, and nothing draws, go.

    Where no rule stands, as where grounds of items are set in, all lines must.
    """
    bands = bands_of(region)
    ruled = {x for x in region.xs if any(abs(x - at) <= GEOMETRY.edge for at, _, _ in region.walls)}
    found = []
    for band in bands:
        lines = rows_of(band)
        open_ = {
            x
            for x in region.xs[1:-1]
            if (any if x in ruled else all)(_runs_over(line, x) for line in lines)
        }
        found.append([x for x in region.xs if x not in open_])
    return found


def _runs_over(line: Sequence[Span], x: float) -> bool:
    return any(s.x0 < x - _OVER and s.x1 > x + _OVER for s in line)


def part_prose(page: LaidPage) -> None:
    """Part regions into tables and running text in the same frame; drop those without text."""
    page.regions = [part for r in page.regions if r.spans for part in _without_prose(r)]


def _without_prose(region: Region) -> list[Region]:
    """Part a region into tables and the running text over all columns between or under them."""
    if len(region.xs) < 3 or len(region.ys) < 3 or not region.walls:
        return [region]
    bands = bands_of(region)
    prose = [
        len(edges) == 2 and len(rows_of(band)) >= _PROSE
        for edges, band in zip(row_edges(region), bands, strict=True)
    ]
    if not any(prose):
        return [region]
    parts = []
    for _, group in groupby(range(len(bands)), key=lambda i: (prose[i], prose[i] and i)):
        indices = list(group)
        ys = region.ys[indices[0] : indices[-1] + 2]
        spans = [s for i in indices for s in bands[i]]
        xs = [region.x0, region.x1] if prose[indices[0]] else region.xs
        parts.append(replace(region, top=ys[0], bottom=ys[-1], xs=xs, ys=ys, spans=spans))
    return [part for part in parts if part.spans]
