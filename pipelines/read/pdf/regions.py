"""Drawn rules and fills to regions of a page: call-out boxes and ruled tables.

A region is a connected component of rules and areas that encloses something. What stands in a
region with two or more columns of cells is a table; otherwise it is a box.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from pipelines.read.pdf.lines import Line, line_of, rows_of, segments
from pipelines.read.pdf.marks import RawPage, Shape, Span

_THIN = 3.5
_TOUCH = 2.5
_SAME = 3.0


@dataclass(slots=True)
class Region:
    """A drawn region of a page; `xs` and `ys` are the edges of its cells, its own included.

    `stripes`: It is made of fills alone, as every other row of some tables is.
    """

    x0: float
    top: float
    x1: float
    bottom: float
    xs: list[float] = field(default_factory=list)
    ys: list[float] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    stripes: bool = False

    def holds(self, span: Span) -> bool:
        """Whether a span stands inside."""
        middle = span.middle
        return (
            self.top - 1 <= middle <= self.bottom + 1
            and self.x0 - 2 <= span.x0
            and (span.x0 + span.x1) / 2 <= self.x1 + 2
        )


def page_frames(pages: Sequence[RawPage]) -> set[tuple[int, ...]]:
    """Places of shapes that belong to the page, not to its text.

    Frames and grounds that hold most of a page on page after page, and rules that recur at one
    place: under a running head, between columns.
    """
    large: dict[tuple[int, ...], int] = {}
    rules: dict[tuple[int, ...], int] = {}
    for page in pages:
        for key in {_place(s) for s in page.shapes if _holds_page(s, page)}:
            large[key] = large.get(key, 0) + 1
        for key in {_place(s) for s in page.shapes if min(s.width, s.height) <= _THIN}:
            rules[key] = rules.get(key, 0) + 1
    most = len(pages)
    return {key for key, count in large.items() if count >= max(2, 0.3 * most)} | {
        key for key, count in rules.items() if count >= max(3, 0.4 * most)
    }


def _holds_page(shape: Shape, page: RawPage) -> bool:
    return shape.width > 0.55 * page.width and shape.height > 0.5 * page.height


def _place(shape: Shape) -> tuple[int, ...]:
    return tuple(round(v / 2) for v in shape[:4])


def find_regions(
    page: RawPage, frames: Collection[tuple[int, ...]] = ()
) -> tuple[list[Region], list[Shape]]:
    """Return a page's regions, top to bottom, and the rules that stand by themselves."""
    shapes = [s for s in page.shapes if not _is_backdrop(s, page)]
    fixed = [s for s in shapes if _place(s) in frames]
    shapes = [s for s in shapes if _place(s) not in frames]
    shapes = _distinct(s for s in shapes if s.width > 8 or s.height > 8)
    regions: list[Region] = []
    rules: list[Shape] = [s for s in fixed if s.height <= _THIN]
    for group in _components(shapes):
        region = _region(group)
        if region is None:
            rules.extend(group)
        else:
            regions.append(region)
    regions.extend(_open_boxes(rules))
    regions.extend(_open_tables(rules, regions))
    regions = _outermost(regions)
    regions.sort(key=lambda r: (r.top, r.x0))
    return regions, rules


def _is_backdrop(shape: Shape, page: RawPage) -> bool:
    return shape.width > 0.85 * page.width and shape.height > 0.8 * page.height


def _distinct(shapes: Iterable[Shape]) -> list[Shape]:
    """Drop what is drawn twice at one place, as fills and borders often are."""
    found: dict[tuple[int, ...], Shape] = {}
    for shape in shapes:
        key = tuple(round(v) for v in shape[:4])
        if key not in found or shape.filled:
            found[key] = shape
    return list(found.values())


def _components(shapes: Sequence[Shape]) -> list[list[Shape]]:
    order = sorted(shapes, key=lambda s: s.top)
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
            if shape.x0 <= other.x1 + _TOUCH and other.x0 <= shape.x1 + _TOUCH:
                parent[root(i)] = root(j)
        active.append(i)
    groups: dict[int, list[Shape]] = {}
    for i, shape in enumerate(order):
        groups.setdefault(root(i), []).append(shape)
    return list(groups.values())


def _region(group: Sequence[Shape]) -> Region | None:
    x0, x1 = min(s.x0 for s in group), max(s.x1 for s in group)
    top, bottom = min(s.top for s in group), max(s.bottom for s in group)
    if x1 - x0 < 30 or bottom - top < 9:
        return None
    areas = [s for s in group if s.width > _THIN and s.height > _THIN]
    upright = [s for s in group if s.width <= _THIN and s.height > 6]
    level = [s for s in group if s.height <= _THIN and s.width > 6]
    if not areas and (len(upright) < 1 or len(level) < 1):
        return None
    if not areas and not _encloses(upright, level, (x0, top, x1, bottom)):
        return None
    xs = _edges([x0, x1, *(s.x0 for s in upright), *(e for s in areas for e in (s.x0, s.x1))])
    ys = _edges(
        [top, bottom, *(s.top for s in level), *(e for s in areas for e in (s.top, s.bottom))]
    )
    return Region(x0, top, x1, bottom, xs, ys, stripes=not upright and not level)


def _encloses(
    upright: Sequence[Shape], level: Sequence[Shape], box: tuple[float, float, float, float]
) -> bool:
    """Whether rules shut in the rectangle they span, on two opposite sides and a third."""
    x0, top, x1, bottom = box

    def side(rules: Sequence[Shape], axis: int, at: float, extent: float) -> bool:
        near = [r for r in rules if abs(r[axis] - at) < 4 or abs(r[axis + 2] - at) < 4]
        return sum(max(r.width, r.height) for r in near) > 0.6 * extent

    left = side(upright, 0, x0, bottom - top)
    right = side(upright, 0, x1, bottom - top)
    over = side(level, 1, top, x1 - x0)
    under = side(level, 1, bottom, x1 - x0)
    return (left and right and (over or under)) or (
        over and under and (left or right or upright != [])
    )


def _edges(values: Iterable[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _SAME:
            found.append(value)
    return found


def _open_boxes(rules: list[Shape]) -> list[Region]:
    """Two long upright rules side by side: a box whose top and bottom lie on other pages."""
    upright = [s for s in rules if s.width <= _THIN and s.height > 40]
    found: list[Region] = []
    for i, one in enumerate(upright):
        for two in upright[i + 1 :]:
            same = abs(one.top - two.top) < 4 and abs(one.bottom - two.bottom) < 4
            if same and abs(one.x0 - two.x0) > 100:
                x0, x1 = sorted((one.x0, two.x0))
                found.append(Region(x0, one.top, x1, one.bottom, [x0, x1], [one.top, one.bottom]))
                rules[:] = [r for r in rules if r is not one and r is not two]
    return found


def _open_tables(rules: list[Shape], regions: Sequence[Region]) -> list[Region]:
    """Three or more level rules of one length above each other: a table without upright rules."""
    level = [s for s in rules if s.height <= _THIN and s.width > 20]
    level = [s for s in level if not any(r.top < s.top < r.bottom for r in regions)]
    by_extent: dict[tuple[int, int], list[Shape]] = {}
    for shape in _end_to_end(level):
        by_extent.setdefault((round(shape.x0 / 4), round(shape.x1 / 4)), []).append(shape)
    found: list[Region] = []
    for group in by_extent.values():
        group.sort(key=lambda s: s.top)
        ys = _edges(s.top for s in group)
        if len(ys) >= 3 and max(b - a for a, b in zip(ys, ys[1:], strict=False)) < 120:
            x0, x1 = group[0].x0, group[0].x1
            found.append(Region(x0, ys[0], x1, ys[-1], [x0, x1], ys))
            rules[:] = [
                r for r in rules if not (x0 - 2 <= r.x0 and r.x1 <= x1 + 2 and _on(ys, r.top))
            ]
    return found


def _on(places: Sequence[float], value: float) -> bool:
    return any(abs(value - place) <= _SAME for place in places)


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


def _outermost(regions: list[Region]) -> list[Region]:
    regions.sort(key=lambda r: -(r.x1 - r.x0) * (r.bottom - r.top))
    kept: list[Region] = []
    for region in regions:
        inside = next(
            (
                k
                for k in kept
                if k.x0 - 2 <= region.x0
                and region.x1 <= k.x1 + 2
                and k.top - 2 <= region.top
                and region.bottom <= k.bottom + 2
            ),
            None,
        )
        if inside is None:
            kept.append(region)
    return kept


def fill_regions(regions: Sequence[Region], spans: Sequence[Span]) -> list[Span]:
    """Give each region the spans that stand in it; return the others."""
    if not regions:
        return list(spans)
    free: list[Span] = []
    for span in spans:
        for region in regions:
            if region.holds(span):
                region.spans.append(span)
                break
        else:
            free.append(span)
    return free


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
            last.xs = _edges([*last.xs, *region.xs])
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
        and all(len(_projected(r.spans)) > 1 for r in (last, region))
    )


def cells_of(region: Region) -> list[list[list[Span]]] | None:
    """Sort a region's spans into rows of cells; None where it has but one column with text."""
    region.xs = _wide_enough(region.xs)
    if len(region.xs) > 2:
        grid = _grid(region)
        columns = {c for row in grid for c, cell in enumerate(row) if cell}
        if len(columns) > 1 or len(region.xs) == 3 and len(columns) == 1 and _is_banner(region):
            return [row for row in grid if any(row)]
    return aligned_cells(rows_of(region.spans), ruled=region.ys)


def _wide_enough(xs: Sequence[float]) -> list[float]:
    """Drop edges that leave no room for a cell: frames of paragraphs with different indents."""
    kept = [xs[0]]
    for x in xs[1:-1]:
        if x - kept[-1] >= 16 and xs[-1] - x >= 16:
            kept.append(x)
    return [*kept, xs[-1]]


def _is_banner(region: Region) -> bool:
    """A row of cells of which some are empty, such as a standard that is not rated."""
    return (
        len(region.ys) >= 2
        and region.xs[1] - region.xs[0] > 60
        and region.xs[2] - region.xs[1] > 30
    )


def _grid(region: Region) -> list[list[list[Span]]]:
    grid: list[list[list[Span]]] = [
        [[] for _ in range(len(region.xs) - 1)] for _ in range(max(1, len(region.ys) - 1))
    ]
    for span in region.spans:
        column = _slot(region.xs, span.x0 + min(2.0, (span.x1 - span.x0) / 2))
        row = _slot(region.ys, span.middle)
        grid[row][column].append(span)
    return grid


def _slot(edges: Sequence[float], value: float) -> int:
    index = 0
    for i in range(len(edges) - 1):
        if value >= edges[i] - 0.5:
            index = i
    return index


def aligned_cells(
    rows: Sequence[Sequence[Span]], ruled: Sequence[float] = ()
) -> list[list[list[Span]]] | None:
    """Sort rows without upright rules into cells by what is aligned; None where nothing is."""
    cut = [cells_in_row(row) for row in rows]
    starts = [seg[0].x0 for parts in cut if len(parts) > 1 for seg in parts[1:]]
    if len(ruled) > 2 and rows:
        # Cells may be centred in their rows: find the columns by the white between them.
        edges = _projected([s for row in rows for s in row])
        if len(edges) > 1:
            return _banded(rows, edges, ruled)
    wide = sum(len(parts) > 1 for parts in cut)
    if wide < 2 and not (wide == 1 and len(cut) <= 3 and ruled):
        return None
    edges = _columns(cut)
    if len(edges) < 2 or not starts:
        return None
    grouped: list[list[list[Span]]] = []
    bands = _row_bands(cut, ruled)
    for band in bands:
        row: list[list[Span]] = [[] for _ in edges]
        for parts in band:
            for seg in parts:
                row[_slot([*edges, 1e9], seg[0].x0 + 1)].extend(seg)
        grouped.append(row)
    return grouped


def _projected(spans: Sequence[Span]) -> list[float]:
    """Left edges of what stands side by side, parted by white over the whole height."""
    edges: list[float] = []
    reach = -1e9
    for span in sorted(spans, key=lambda s: s.x0):
        if span.x0 - reach > 0.9 * span.size:
            edges.append(span.x0)
        reach = max(reach, span.x1)
    if len(edges) > 1 and all(
        len(s.text.strip()) <= 3 and s.text.strip()[-1:] not in "%"
        for s in spans
        if s.x0 < edges[1] - 1
    ):
        edges.pop(1 if not _codes(spans, edges[1]) else -1) if len(edges) == 2 else None
    return edges


def _codes(spans: Sequence[Span], edge: float) -> bool:
    """Whether what stands left of an edge are codes such as 1.1, not signs of items."""
    return all(s.text.strip()[:1].isdigit() for s in spans if s.x0 < edge - 1)


def _banded(
    rows: Sequence[Sequence[Span]], edges: Sequence[float], ruled: Sequence[float]
) -> list[list[list[Span]]]:
    grid: dict[int, list[list[Span]]] = {}
    for row in rows:
        for span in row:
            cells = grid.setdefault(_slot(ruled, span.middle), [[] for _ in edges])
            cells[_slot([*edges, 1e9], span.x0 + 1)].append(span)
    return [grid[key] for key in sorted(grid)]


def cells_in_row(row: Sequence[Span]) -> list[list[Span]]:
    """The cells of a row; a bullet's sign or an item's number belongs to the cell after it."""
    cut = segments(row)
    if len(cut) > 1:
        text = "".join(s.text for s in cut[0]).strip()
        if len(text) <= 4 and (len(text) <= 1 or text[-1] in ".)" or len(cut) == 2):
            return cut[1:] if len(cut) == 2 else [[*cut[0], *cut[1]], *cut[2:]]
    return cut


def _columns(cut: Sequence[Sequence[Sequence[Span]]]) -> list[float]:
    """Left edges of columns: where no row with several parts has ink just before a start."""
    covered = [
        (seg[0].x0, max(s.x1 for s in seg)) for parts in cut if len(parts) > 1 for seg in parts
    ]
    covered.sort()
    edges: list[float] = []
    reach = -1e9
    for x0, x1 in covered:
        if x0 > reach + 4 or not edges:
            edges.append(x0)
        reach = max(reach, x1)
    return edges


def _row_bands(
    cut: Sequence[Sequence[Sequence[Span]]], ruled: Sequence[float]
) -> list[list[Sequence[Sequence[Span]]]]:
    if len(ruled) > 2:
        bands: dict[int, list[Sequence[Sequence[Span]]]] = {}
        for parts in cut:
            bands.setdefault(_slot(ruled, parts[0][0].middle), []).append(parts)
        return [bands[key] for key in sorted(bands)]
    gaps = [b[0][0].base - a[0][0].base for a, b in zip(cut, cut[1:], strict=False)]
    close = min(gaps, default=0.0) * 1.25
    uneven = bool(gaps) and max(gaps) > close
    found: list[list[Sequence[Sequence[Span]]]] = []
    for index, parts in enumerate(cut):
        if not found:
            found.append([parts])
        elif uneven and gaps[index - 1] <= close and _alone(found[-1], parts):
            found[-1].append(parts)
        elif not uneven and len(parts) == 1 and any(len(p) > 1 for p in found[-1]):
            found[-1].append(parts)
        else:
            found.append([parts])
    return found


def _alone(band: Sequence[Sequence[Sequence[Span]]], parts: Sequence[Sequence[Span]]) -> bool:
    """Whether a row goes on cells of the band rather than starting a row of as many cells."""
    return len(parts) == 1 or sum(len(p) > 1 for p in band) == 0


def cell_text(spans: Sequence[Span], page: int) -> str:
    """Join the lines of a cell."""
    found: list[Line] = []
    for row in rows_of(spans):
        line = line_of(row, page=page, left=row[0].x0, right=row[-1].x1)
        if line is not None:
            if line.lead is not None and line.text != line.lead.text:
                line.text = f"{line.lead.text} {line.text}"
            found.append(line)
    return join_lines([line.text for line in found])


def join_lines(texts: Sequence[str]) -> str:
    """Join lines by spaces; a hyphen at a line's end joins without."""
    joined = ""
    for text in texts:
        if joined.endswith("-") and len(joined) > 1 and joined[-2].isalnum():
            joined += text
        else:
            joined = f"{joined} {text}" if joined else text
    return joined
