"""Striped tables: fills of one width above each other, with rows between them that have none."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipelines.read.pdf.model.edges import edges_apart, edges_of
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.laid import LaidPage
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.region import Region
from pipelines.read.pdf.model.rows import is_bold, rows_of, segments
from pipelines.read.pdf.tables.figures import is_percentage

_TALLEST = 90.0  # points: of a stripe, and of the rows between two
_STEP, _LITTLE = 0.8, 1.1  # sizes between two lines at least; and the factor for a little more
_NEXT, _CLOSE = 3.5, 1.5  # sizes from a table's edge to its next row; to a further line of its cell
_PARTED = 1.7  # sizes between the middles of two rows, from which they are not one


def join_stripes(page: LaidPage) -> None:
    """Join fills of one width above each other, every other row of a striped table.

    The rows between them come along; a striped row has two cells or more, which a heading on a
    coloured ground has not.
    """
    joined: list[Region] = []
    for region in _column_by_column(page.regions):
        last = joined[-1] if joined else None
        if last is not None and _is_next_stripe(last, region):
            between = [
                s
                for s in page.free
                if last.bottom - 1 <= s.middle <= region.top + 1
                and last.x0 - 2 <= s.x0
                and s.x1 <= last.x1 + 2
            ]
            taken = set(between)
            page.free = [s for s in page.free if s not in taken]
            last.spans += between + region.spans
            last.bottom = region.bottom
            last.ys = [*last.ys, *region.ys]
            last.xs = edges_of([*last.xs, *region.xs])
        else:
            joined.append(region)
    page.regions = sorted(joined, key=lambda r: (r.top, r.x0))


def _column_by_column(regions: Sequence[Region]) -> list[Region]:
    return sorted(regions, key=lambda r: (round(r.x0 / 3), r.top))


def take_plain_rows(page: LaidPage) -> None:
    """Give striped tables the rows without a ground over and under their stripes."""
    for region in _column_by_column(page.regions):
        if region.stripes and len(edges_apart(region.spans)) > 1:
            page.free = _with_plain_rows(region, page.free)


def _with_plain_rows(region: Region, free: list[Span]) -> list[Span]:
    """Let a striped table take in the rows without a ground over and under its stripes.

    Such a row has something in a cell beyond the first, where the striped rows have theirs, and
    nothing that crosses from cell to cell, or out of the last.
    """
    drawn = region.xs[1:-1]
    cut = [segments(row) for row in rows_of(region.spans)]
    inner = drawn or edges_of(cell[0].x0 for row in cut for cell in row[1:])
    if not inner:
        return free
    starts = {round(s.x0) for s in region.spans if s.x0 >= inner[0] - 1}
    rows = rows_of(s for s in free if region.x0 - 2 <= s.x0 <= region.x1)
    for downwards in (True, False) if drawn else (True,):
        if downwards:
            beyond = [row for row in rows if row[0].middle > region.bottom]
        else:
            beyond = [row for row in reversed(rows) if row[0].middle < region.top]
        edge = region.bottom if downwards else region.top
        ends = [*inner, region.x1]
        taken = _plain_rows(beyond, ends, starts, edge, _pitch(region, inner[0]))
        spans = [s for row in taken for s in row]
        if spans:
            gone = set(spans)
            free = [s for s in free if s not in gone]
            region.spans += spans
            region.ys = edges_of([*region.ys, *_row_edges(taken)])
            region.top, region.bottom = region.ys[0], region.ys[-1]
    return free


def _pitch(region: Region, edge: float) -> float:
    """A little more than the distance of lines in the first cells of a table."""
    bases = sorted({round(s.base, 1) for s in region.spans if s.x0 < edge})
    steps = [b - a for a, b in pairwise(bases) if b - a > _STEP * region.spans[0].size]
    return _LITTLE * min(steps, default=0.0)


def _plain_rows(
    rows: Sequence[Sequence[Span]],
    inner: Sequence[float],
    starts: set[int],
    edge: float,
    pitch: float,
) -> list[Sequence[Span]]:
    """The rows that continue from an edge as rows of the table, as far as one has a second cell."""
    taken = 0
    for index, row in enumerate(rows):
        size = row[0].size
        own = [any(abs(s.x0 - start) <= GEOMETRY.start for start in starts) for s in row]
        others = [s for s, is_own in zip(row, own, strict=True) if not is_own]
        crosses = any(s.x0 < x - 2 and s.x1 > x + 2 for s in others for x in inner)
        if crosses or abs(row[0].middle - edge) > _NEXT * size:
            break
        close = taken == index and index and abs(row[0].middle - edge) < max(_CLOSE * size, pitch)
        # A heading continues no cell, nor does text continue a head.
        alike = not index or is_bold(row) == is_bold(rows[index - 1])
        if any(own) or (close and alike):
            taken = index + 1
        edge = row[0].middle
    return list(rows[:taken])


def _is_next_stripe(last: Region, region: Region) -> bool:
    return (
        last.stripes
        and region.stripes
        and abs(last.x0 - region.x0) <= GEOMETRY.edge
        and abs(last.x1 - region.x1) <= GEOMETRY.edge
        and region.bottom - region.top < _TALLEST
        and -1 <= region.top - last.bottom <= _TALLEST
        and all(len(edges_apart(r.spans)) > 1 for r in (last, region))
    )


def _row_edges(rows: Sequence[Sequence[Span]]) -> list[float]:
    """Outer edges of rows without a ground, and those below a head or where lines part.

    A head is bold, or has words where the line below has a percentage.
    """
    ordered = sorted(rows, key=lambda row: row[0].middle)
    edges = [ordered[0][0].middle - ordered[0][0].size, ordered[-1][0].middle + ordered[-1][0].size]
    for one, two in pairwise(ordered):
        head = is_bold(one) and not any(s.face.bold for s in two)
        head |= len(segments(one)) > 1 and is_percentage(two[-1].text)
        if head or two[0].middle - one[0].middle > _PARTED * two[0].size:
            edges.append((one[0].middle + two[0].middle) / 2)
    return edges
