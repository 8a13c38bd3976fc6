"""The gutters of a document, learnt over its pages, and which of them a page has.

So the last page of a chapter, with a few lines in each column, is read as the pages before it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.read.pdf.columns.gutter import Strip, by_row, find_gutter, is_line, strips
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.laid import Gutter, LaidPage
from pipelines.read.pdf.model.rows import rows_of
from pipelines.read.pdf.regions.filling import drawn_rows

_NARROWEST = 8.0  # points: gutters of facing pages may share less, and are two
_RECURS = 3  # lines that start at one place right of a gutter


@dataclass(slots=True)
class LearntGutter:
    """A gutter as many pages show it, and where lines start to the right of it."""

    x0: float
    x1: float
    pages: int
    starts: Counter[int]


def find_gutters(pages: Sequence[LaidPage]) -> None:
    """Find the gutter of each page, learnt from all of them."""
    for page in pages:
        page.rows = rows_of(page.free)
    strips_of = [strips(page.rows) for page in pages]
    own = [
        find_gutter(pieces, page.raw.width) for pieces, page in zip(strips_of, pages, strict=True)
    ]
    learnt = learn_gutters([(g, p) for g, p in zip(own, strips_of, strict=True) if g is not None])
    for page, pieces, gutter in zip(pages, strips_of, own, strict=True):
        page.gutter = (
            choose_gutter(pieces, learnt, gutter, drawn_rows(page.regions)) if learnt else None
        )


def learn_gutters(found: Sequence[tuple[Gutter, Sequence[Strip]]]) -> list[LearntGutter]:
    """Gather the gutters of all pages: one each for left and right pages, or for the document."""
    learnt: list[LearntGutter] = []
    for gutter, pieces in sorted(found, key=lambda item: item[0].x1 - item[0].x0):
        best = next((g for g in learnt if _shared(g, gutter) >= _NARROWEST), None)
        if best is None:
            best = LearntGutter(gutter.x0, gutter.x1, 0, Counter())
            learnt.append(best)
        best.pages += 1
        best.x0, best.x1 = max(best.x0, gutter.x0), min(best.x1, gutter.x1)
        beside = (p for p in pieces if p[0] >= gutter.x1 - GEOMETRY.edge or is_line(p))
        best.starts.update(round(p[0]) for p in beside if p[0] > gutter.x0)
    for one in learnt:  # few lines but headings may start at the column's edge
        often = (x for x, count in one.starts.items() if count >= _RECURS)
        first = min((x for x in often if x > one.x0 + _NARROWEST), default=one.x1)
        one.x1 = first if first < one.x1 - GEOMETRY.edge else one.x1
    return learnt


def _shared(one: LearntGutter, other: Gutter) -> float:
    """Width of the white that two gutters share."""
    return min(one.x1, other.x1) - max(one.x0, other.x0)


def _meets(learnt: LearntGutter, own: Gutter) -> bool:
    """Whether the lines before a page's own gutter end at a learnt one; items begin anywhere."""
    return abs(learnt.x0 - own.x0) <= 2 * GEOMETRY.edge


def choose_gutter(
    pieces: Sequence[Strip],
    gutters: Sequence[LearntGutter],
    own: Gutter | None,
    drawn: Sequence[Strip] = (),
) -> Gutter | None:
    """Choose the gutter that a page has: its own, or one that its lines and drawn rows respect."""
    if own is not None:
        like = max(gutters, key=lambda g: (_meets(g, own), _shared(g, own), g.pages))
        return Gutter(like.x0, like.x1)
    best: tuple[int, Gutter] | None = None
    edge = min((p[0] for p in pieces), default=0.0)
    for gutter in gutters:
        after = [p for p in pieces if p[0] >= gutter.x1 - GEOMETRY.edge]
        known = _known(after, gutter, edge)
        before = sum(p[1] <= gutter.x0 + GEOMETRY.edge for p in pieces)
        crossing = sum(p[0] < gutter.x0 - 1 and p[1] > gutter.x1 + 1 for p in pieces)
        fits = known >= 0.75 * len(after) and crossing <= len(after) + before
        fits = fits and (len(after) < 4 or _fills(after, gutter, edge))
        fits = (fits and len(after) >= 2 and before >= 1) or _parts_a_run(
            [*pieces, *_kept_to_columns(drawn, gutter)], gutter
        )
        if fits and (best is None or known > best[0]):
            best = (known, Gutter(gutter.x0, gutter.x1))
    return best[1] if best is not None else _left_alone(pieces, gutters)


def _known(after: Sequence[Strip], gutter: LearntGutter, left: float) -> int:
    """How many strips right of a gutter start where lines of its column do.

    Long lines that start together, as those of nested items, teach a place of their own; of the
    cells that a table has there, few are long.
    """
    own: defaultdict[int, list[bool]] = defaultdict(list)
    for x0, x1, _, _ in after:
        own[round(x0)].append(x1 - x0 >= 0.5 * (gutter.x0 - left))
    places = {x for x, long in own.items() if sum(long) >= max(3, 0.6 * len(long))}
    places |= {x for x, count in gutter.starts.items() if count >= _RECURS}
    return sum(any(round(x0) + d in places for d in (-1, 0, 1)) for x0, _, _, _ in after)


def _kept_to_columns(drawn: Sequence[Strip], gutter: LearntGutter) -> list[Strip]:
    """Rows of tables and boxes, with edges that stand out into the gutter drawn in."""
    kept: list[Strip] = []
    for x0, x1, base, size in drawn:
        if x0 >= gutter.x0 - GEOMETRY.edge:
            kept.append((gutter.x1, max(x1, gutter.x1), base, size))
        else:
            near = x1 <= gutter.x1 + GEOMETRY.edge
            kept.append((x0, min(x1, gutter.x0) if near else x1, base, size))
    return kept


def _parts_a_run(pieces: Sequence[Strip], gutter: LearntGutter) -> bool:
    """Whether rows that follow each other leave a gutter white and start again beyond it.

    So does the part in two columns of a page whose other part runs over its whole width.
    """
    edge = min((p[0] for p in pieces), default=0.0)
    left = right = known = full = 0
    for _, row in sorted(by_row(pieces).items()):
        if any(p[0] < gutter.x1 - 1 and p[1] > gutter.x0 + 1 for p in row):
            left = right = known = full = 0
            continue
        beyond = [p[0] for p in row if p[0] >= gutter.x1 - 1]
        left += len(beyond) < len(row)
        if beyond:
            right += 1
            start = min(beyond)
            known += start == gutter.x1 or any(
                gutter.starts[round(start) + d] >= _RECURS for d in (-1, 0, 1)
            )
            full += _fills(row, gutter, edge)
        if left and full and right >= 4 and known >= 0.8 * right:
            return True
    return False


def _fills(pieces: Sequence[Strip], gutter: LearntGutter, left: float) -> bool:
    """Whether lines right of a gutter start at its edge or are long: cells of a table do neither.

    `left`: Where the left column starts; the right one is taken to be as wide.
    """
    return any(
        abs(p[0] - gutter.x1) <= GEOMETRY.edge or p[1] >= gutter.x1 + 0.7 * (gutter.x0 - left)
        for p in pieces
        if p[0] >= gutter.x1 - GEOMETRY.edge
    )


def _left_alone(pieces: Sequence[Strip], gutters: Sequence[LearntGutter]) -> Gutter | None:
    """The gutter of a page that all but ends in its left column, as a chapter's last page may.

    What is left for its right column stands at the page's head: full lines, and the last one.
    """
    start = min((p[0] for p in pieces), default=0.0)
    for learnt in gutters:
        gutter = Gutter(learnt.x0, learnt.x1)
        after = sorted((p for p in pieces if p[0] >= gutter.x1 - GEOMETRY.edge), key=lambda p: p[2])
        reach = max((p[1] for p in pieces if p not in after), default=0.0)
        alone = len(pieces) - len(after) >= 3 and gutter.is_reached(start, reach)
        at_head = not after or after[0][2] <= min(p[2] for p in pieces) + 1
        if learnt.pages > 1 and alone and at_head:
            return gutter
    return None
