"""Level rules of one length above each other: tables without upright rules."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipelines.read.pdf.model.edges import edges_of, left_edges
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.page import Shape, Span
from pipelines.read.pdf.model.region import Region

_FEWEST = 3  # rules of one length that make a table
_END = 4.0  # points between the ends of rules that end together
_EMPTY = 12.0  # points: a row of a table that is as high holds something
_FAR = 80.0  # points: a row of a table that is as high holds lists, side by side


def open_tables(
    rules: list[Shape], regions: Sequence[Region], spans: Sequence[Span]
) -> list[Region]:
    """Three or more level rules of one length above each other: a table without upright rules."""
    level = [s for s in rules if s.height <= GEOMETRY.rule and s.width > 20]
    by_extent: dict[tuple[int, int], list[Shape]] = {}
    for shape in _end_to_end(level):
        by_extent.setdefault((round(shape.x0 / 4), round(shape.x1 / 4)), []).append(shape)
    found: list[Region] = []
    for group in by_extent.values():
        x0, x1 = group[0].x0, group[0].x1
        between = [r.top for r in regions if min(r.x1, x1) - max(r.x0, x0) > 0.6 * (x1 - x0)]
        parted = [r.top for r in _under_text(group, spans)]
        partial = _partial(group, rules, spans)
        floors = [(s.top, s.x0, s.x1) for s in [*group, *partial]]
        for ys in _evenly(edges_of(y for y, _, _ in floors), [*between, *parted]):
            if sum(_on(ys, s.top) for s in group) < _FEWEST:
                continue
            found.append(Region(x0, ys[0], x1, ys[-1], [x0, x1], ys, level=True, floors=floors))
            rules[:] = [
                r for r in rules if not (x0 - 2 <= r.x0 and r.x1 <= x1 + 2 and _on(ys, r.top))
            ]
    return found


def _under_text(rules: Sequence[Shape], spans: Sequence[Span]) -> list[Shape]:
    """Rules of one length far below the one before, with text between that keeps to no columns.

    Tables with a rule under their heads alone stand under each other like that; a heading between
    rules stands under the white that ends a table.
    """
    ordered = sorted(rules, key=lambda r: r.top)
    found: list[Shape] = []
    for above, rule in pairwise(ordered):
        held = [
            s
            for s in spans
            if s.angle == 0
            and above.top < s.middle < rule.top
            and above.x0 - GEOMETRY.edge < s.x0
            and s.x1 < above.x1 + GEOMETRY.edge
        ]
        room = rule.top - above.top
        if (room > _FAR and len(left_edges(held)) < 2) if held else room > _EMPTY:
            found.append(rule._replace(top=rule.top - GEOMETRY.edge))
    return found


def _partial(group: Sequence[Shape], rules: Sequence[Shape], spans: Sequence[Span]) -> list[Shape]:
    """Rules from one end of those of a group that stop short of cells over several rows."""
    x0, x1 = group[0].x0, group[0].x1
    tops = edges_of(s.top for s in group)
    short = [
        s
        for s in rules
        if s.height <= GEOMETRY.rule
        and 20 < s.width < x1 - x0 - 20
        and x0 - _END < s.x0
        and s.x1 < x1 + _END
        and (s.x0 < x0 + _END or s.x1 > x1 - _END)
        and any(a + GEOMETRY.edge < s.top < b - GEOMETRY.edge for a, b in pairwise(tops))
    ]
    return [s for s in short if not any(_is_underlined(t, s) for t in spans)]


def _is_underlined(span: Span, rule: Shape) -> bool:
    """Whether a rule is as long as a span right above it."""
    near = -1 <= rule.top - span.base <= 0.4 * span.size
    return near and abs(span.x0 - rule.x0) < GEOMETRY.edge and abs(span.x1 - rule.x1) < _END


def _evenly(ys: Sequence[float], between: Sequence[float]) -> list[list[float]]:
    """Part heights where the step is out of the common, or where a box or table lies between.

    The rule above footnotes ends no table, nor do the rules of headings on both sides of a box.
    """
    steps = sorted(b - a for a, b in pairwise(ys))
    if len(ys) < _FEWEST:
        return []
    widest = max(50.0, 2.2 * steps[(len(steps) - 1) // 2])
    runs: list[list[float]] = [[ys[0]]]
    for before, here in pairwise(ys):
        if here - before > widest or any(before < top < here for top in between):
            runs.append([])
        runs[-1].append(here)
    return [run for run in runs if len(run) >= _FEWEST]


def _on(places: Sequence[float], value: float) -> bool:
    return any(abs(value - place) <= GEOMETRY.edge for place in places)


def _end_to_end(level: Sequence[Shape]) -> list[Shape]:
    """Join level rules that go on from one another, as the borders of cells in a row do."""
    joined: list[Shape] = []
    for shape in sorted(level, key=lambda s: (round(s.top), s.x0)):
        last = joined[-1] if joined else None
        if last is not None and abs(last.top - shape.top) < 1.5 and shape.x0 <= last.x1 + 3:
            joined[-1] = last._replace(x1=max(last.x1, shape.x1))
        else:
            joined.append(shape)
    return [s for s in joined if s.width > 120]
