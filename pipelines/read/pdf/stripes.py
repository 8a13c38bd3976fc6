"""Striped tables: fills of one width above each other, with rows between them that have none."""

from __future__ import annotations

from pipelines.read.pdf.marks import Span, stand_apart
from pipelines.read.pdf.regions import Region, edges_of

_SAME = 3.0


def join_stripes(regions: list[Region], free: list[Span]) -> list[Span]:
    """Join fills of one width above each other, every other row of a striped table.

    The rows between them come along; a striped row has two cells or more, which a heading on a
    coloured ground has not. Returns the spans that are still free.
    """
    joined: list[Region] = []
    for region in sorted(regions, key=lambda r: (round(r.x0 / 3), r.top)):
        last = joined[-1] if joined else None
        if last is not None and _is_next_stripe(last, region):
            between = [
                s
                for s in free
                if last.bottom - 1 <= s.middle <= region.top + 1
                and last.x0 - 2 <= s.x0
                and s.x1 <= last.x1 + 2
            ]
            taken = set(map(id, between))
            free = [s for s in free if id(s) not in taken]
            last.spans += between + region.spans
            last.bottom = region.bottom
            last.ys = [*last.ys, *region.ys]
            last.xs = edges_of([*last.xs, *region.xs])
        else:
            joined.append(region)
    regions[:] = sorted(joined, key=lambda r: (r.top, r.x0))
    return free


def _is_next_stripe(last: Region, region: Region) -> bool:
    return (
        last.stripes
        and region.stripes
        and abs(last.x0 - region.x0) <= _SAME
        and abs(last.x1 - region.x1) <= _SAME
        and region.bottom - region.top < 90
        and -1 <= region.top - last.bottom <= 90
        and all(stand_apart(r.spans) for r in (last, region))
    )
