"""Drawn rules and fills to regions of a page: call-out boxes and ruled tables.

A region is a connected component of rules and areas that encloses something. What stands in a
region with two or more columns of cells is a table; otherwise it is a box.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.read.pdf.model.edges import edges_of
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.laid import LaidPage
from pipelines.read.pdf.model.page import RawPage, Shape
from pipelines.read.pdf.model.region import Region
from pipelines.read.pdf.regions.barred import WIDEST, barred_boxes
from pipelines.read.pdf.regions.grounds import (
    Fixtures,
    abreast,
    are_cells,
    distinct,
    is_backdrop,
    rounded_place,
    stands_alone,
    upright_key,
    without_marks,
)
from pipelines.read.pdf.regions.levels import open_tables

_TOUCH = 2.5
_ABREAST = 4.0  # points by which boxes of two columns may overlap in the gutter


def sort_shapes(page: LaidPage, fixtures: Fixtures) -> None:
    """Part the shapes of a page that may enclose something from the rules that stand alone."""
    raw, between = page.raw, fixtures.between
    shapes = [s for s in raw.shapes if not is_backdrop(s, raw)]
    shapes = without_marks(shapes, raw.spans)
    fixed = [s for s in shapes if rounded_place(s) in fixtures.frames]
    shapes = [s for s in shapes if rounded_place(s) not in fixtures.frames]
    shapes = distinct(s for s in shapes if s.width > 8 or s.height > 8)
    loose = {
        id(s)
        for s in shapes
        if (stands_alone(s, shapes, raw.height) and not are_cells(s, shapes))
        or (between and s.width <= GEOMETRY.rule and upright_key(s) in between)
    }
    page.rules = [s for s in fixed if s.height <= GEOMETRY.rule]
    page.rules += [s for s in shapes if id(s) in loose]
    page.shapes = [s for s in shapes if id(s) not in loose]


def connect_shapes(page: LaidPage) -> None:
    """Make regions of shapes that touch and enclose something; the others are rules."""
    for touching in _components(page.shapes, page.parting):
        for group in _without_bar(touching):
            region = _region(group)
            if region is None:
                page.rules.extend(group)
            else:
                page.regions.append(region)
    page.shapes = []


def join_open_sides(page: LaidPage) -> None:
    """Make boxes of long upright rules side by side: their top and bottom lie on other pages."""
    page.regions.extend(_open_boxes(page.rules))


def box_barred_text(page: LaidPage, fixtures: Fixtures) -> None:
    """Make boxes of text set in beside one upright bar; rules between columns are none."""
    columns = [
        r for r in page.rules if r.width <= GEOMETRY.rule and upright_key(r) in fixtures.between
    ]
    rules = [r for r in page.rules if r not in columns]
    home = fixtures.homes[page.raw.number % 2]
    page.regions.extend(barred_boxes(rules, page.raw.spans, home))
    page.rules = rules + columns


def join_level_rules(page: LaidPage) -> None:
    """Make regions of level rules of one length above each other."""
    page.regions.extend(open_tables(page.rules, page.regions, page.raw.spans))


def keep_outermost(page: LaidPage) -> None:
    """Drop regions inside of others, and set the others from top to bottom."""
    page.regions = sorted(_outermost(page.regions), key=lambda r: (r.top, r.x0))


def find_parting(page: LaidPage) -> float | None:
    """Where in a page's gutter boxes of two columns touch each other, if they do."""
    gutter = page.gutter
    if gutter is None:
        return None
    places = [
        x
        for region in page.regions
        for x in partings(region, page.raw)
        if gutter.x0 - 3 <= x <= gutter.x1 + 3
    ]
    return sum(places) / len(places) if places else None


def partings(region: Region, page: RawPage) -> list[float]:
    """Places near a page's middle that nothing drawn in a region crosses.

    Between columns such a place parts two boxes; elsewhere it may be an edge inside a table.
    """
    if region.x1 - region.x0 < 0.45 * page.width:
        return []
    own = [
        s
        for s in page.shapes
        if s.width > 8
        and region.x0 - 3 <= s.x0
        and s.x1 <= region.x1 + 3
        and region.top - 3 <= s.top
        and s.bottom <= region.bottom + 3
    ]
    edges = {s.x1 for s in own if 0.35 * page.width < s.x1 < 0.65 * page.width}
    free = (x for x in edges if all(s.x1 <= x + _ABREAST or s.x0 >= x - _ABREAST for s in own))
    return [(x + min((s.x0 for s in own if s.x0 >= x - _ABREAST), default=x)) / 2 for x in free]


def _side(shape: Shape, gutter: float) -> int:
    """Which column a shape keeps to: -1 or 1; 0 where it crosses the gutter, or is a wall in it."""
    near = min(_ABREAST, shape.width + 0.5)
    return (shape.x0 >= gutter - near) - (shape.x1 <= gutter + near)


def _components(shapes: Sequence[Shape], gutter: float | None) -> list[list[Shape]]:
    order = sorted(shapes, key=lambda s: s.top)
    sides = [0 if gutter is None else _side(s, gutter) for s in order]
    parent = list(range(len(order)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    active: list[int] = []
    for i, shape in enumerate(order):
        active = [j for j in active if order[j].bottom + _TOUCH >= shape.top]
        for j in active:
            other = order[j]
            together = sides[i] * sides[j]
            near = shape.x0 <= other.x1 + _TOUCH and other.x0 <= shape.x1 + _TOUCH
            if near and together >= 0:
                parent[root(i)] = root(j)
        active.append(i)
    groups: dict[int, list[Shape]] = {}
    for i, shape in enumerate(order):
        groups.setdefault(root(i), []).append(shape)
    return list(groups.values())


def _without_bar(group: Sequence[Shape]) -> list[list[Shape]]:
    """Part a coloured bar from the box that starts right under it: a heading, not its title."""
    bar = min(group, key=lambda s: (s.top, -s.width))
    if not GEOMETRY.rule < bar.height < 40 or WIDEST < bar.width < 60:
        return [list(group)]
    inside = [s for s in group if s.bottom <= bar.bottom + 1]
    under = [s for s in group if s.bottom > bar.bottom + 1]
    part = (
        bool(under)
        and all(s.top >= bar.bottom - _TOUCH for s in under)
        and _region(under) is not None
        and all(_is_of_bar(s, bar) for s in inside)
        # The paragraphs of a box on a ground may be filled one by one: its title is not a bar.
        and not (all(s.filled for s in under) and bar.filled in {s.filled for s in under})
    )
    return [inside, under] if part else [list(group)]


def _is_of_bar(shape: Shape, bar: Shape) -> bool:
    """Whether a shape is as good as a bar, or the edge of a slim one; cells stand beside it."""
    slim = bar.width <= WIDEST and bar.x0 - 1 <= shape.x0 and shape.x1 <= bar.x1 + 1
    over = shape.x0 < bar.x1 - _TOUCH and shape.x1 > bar.x0 + _TOUCH
    wide = over and shape.width >= 0.5 * bar.width
    return shape.height <= bar.height + 2 and (slim or wide)


def _region(group: Sequence[Shape]) -> Region | None:
    x0, x1 = min(s.x0 for s in group), max(s.x1 for s in group)
    top, bottom = min(s.top for s in group), max(s.bottom for s in group)
    if x1 - x0 < 30 or bottom - top < 9:
        return None
    areas = [s for s in group if s.width > GEOMETRY.rule and s.height > GEOMETRY.rule]
    upright = [s for s in group if s.width <= GEOMETRY.rule and s.height > 6]
    level = [s for s in group if s.height <= GEOMETRY.rule and s.width > 6]
    if not areas and not _encloses(upright, level, (x0, top, x1, bottom)):
        return None
    xs = edges_of([x0, x1, *(s.x0 for s in upright), *(e for s in areas for e in (s.x0, s.x1))])
    ys = edges_of(
        [top, bottom, *(s.top for s in level), *(e for s in areas for e in (s.top, s.bottom))]
    )
    stripes = not upright and not level and all(s.filled for s in areas)
    walls = [((s.x0 + s.x1) / 2, s.top, s.bottom) for s in upright]
    floors = [(s.top, s.x0, s.x1) for s in level]
    floors += [(y, s.x0, s.x1) for s in areas if not s.filled for y in (s.top, s.bottom)]
    floors += [(y, x0, x1) for s in areas if s.filled for y in (s.top, s.bottom)]
    return Region(x0, top, x1, bottom, xs, ys, stripes=stripes, walls=walls, floors=floors)


def _encloses(
    upright: Sequence[Shape], level: Sequence[Shape], box: tuple[float, float, float, float]
) -> bool:
    """Whether rules shut in the rectangle they span: two opposite sides and what is between."""
    x0, top, x1, bottom = box

    def side(rules: Sequence[Shape], axis: int, at: float, extent: float) -> bool:
        near = [r for r in rules if abs(r[axis] - at) < 4 or abs(r[axis + 2] - at) < 4]
        return sum(max(r.width, r.height) for r in near) > 0.6 * extent

    left = side(upright, 0, x0, bottom - top)
    right = side(upright, 0, x1, bottom - top)
    over = side(level, 1, top, x1 - x0)
    under = side(level, 1, bottom, x1 - x0)
    parted = len(edges_of(rule.x0 for rule in upright)) > 1
    return (left and right and (over or under)) or (over and under and parted)


def _open_boxes(rules: list[Shape]) -> list[Region]:
    """Long upright rules side by side: a box or table whose top and bottom lie on other pages."""
    upright = [s for s in rules if s.width <= GEOMETRY.rule and s.height > 40]
    found: list[Region] = []
    while upright:
        one = upright[0]
        level = abreast(one, upright)
        xs = edges_of(s.x0 for s in level)
        if xs[-1] - xs[0] > 100:
            found.append(Region(xs[0], one.top, xs[-1], one.bottom, xs, [one.top, one.bottom]))
            rules[:] = [r for r in rules if r not in level]
        upright = [s for s in upright if s not in level]
    return found


def _outermost(regions: list[Region]) -> list[Region]:
    regions.sort(key=lambda r: -(r.x1 - r.x0) * (r.bottom - r.top))
    kept: list[Region] = []
    for region in regions:
        if not any(
            k.x0 - 2 <= region.x0
            and region.x1 <= k.x1 + 2
            and k.top - 2 <= region.top
            and region.bottom <= k.bottom + 2
            for k in kept
        ):
            kept.append(region)
    return kept
