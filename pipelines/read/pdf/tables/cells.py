"""Cells of tables: by drawn edges, or by what stands under each other without any."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from pipelines.read.pdf.model.bullets import is_glyph
from pipelines.read.pdf.model.edges import edges_apart, left_edges, slot, starts_apart
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.region import Region
from pipelines.read.pdf.model.rows import is_bold, rows_of, segments
from pipelines.read.pdf.tables.merged import LINE_STEP, bands_of, row_edges

# Rows of a table as their cells, each the spans in it; and rows cut where the white is wide.
Cells = list[list[list[Span]]]
Cut = Sequence[Sequence[Sequence[Span]]]

_WHITE = 4.0  # points between two columns of cells at least
_SIDE = 4.0  # points from a table's side to the rule that closes it


def cells_of(region: Region) -> Cells | None:
    """Sort a region's spans into rows of cells; None where it has but one column with text."""
    if len(region.xs) > 2:
        grid = _grid(region)
        columns = {c for row in grid for c, cell in enumerate(row) if cell}
        beside = any(sum(map(bool, row)) > 1 for row in grid)  # or grounds in steps, as of items
        if beside or (len(region.xs) == 3 and len(columns) == 1):
            return [row for row in grid if any(row)]
    return aligned_cells(rows_of(region.spans), bands_of(region))


def tables_of(region: Region) -> tuple[list[tuple[float, Cells]], list[Span]]:
    """The tables in a region, each with its top, and what else stands there.

    Two tables under each other may be joined by their level rules with a title between them; the
    rules under headings have no cells between them at all.
    """
    if not region.level:
        cells = cells_of(region)
        return ([], region.spans) if cells is None else ([(region.top, cells)], [])
    bands = [(y, band) for y, band in zip(region.ys, bands_of(region), strict=False) if band]
    parted = _parted([band for _, band in bands])
    if parted == sorted(parted):  # no line without cells after one with them
        parted = [True] * len(bands)
    found: list[tuple[float, Cells]] = []
    free: list[Span] = []
    for has_cells, group in groupby(zip(bands, parted, strict=True), key=lambda pair: pair[1]):
        held = [band for band, _ in group]
        spans = [s for _, band in held for s in band]
        cells = aligned_cells(rows_of(spans), [band for _, band in held]) if has_cells else None
        if cells is None:
            free.extend(spans)
        else:
            found.append((held[0][0], cells))
    return found, free


def _parted(bands: Sequence[Sequence[Span]]) -> list[bool]:
    """Which rows between level rules have cells."""
    parted = [_has_cells(band) for band in bands]
    edges = left_edges([s for band, has in zip(bands, parted, strict=True) if has for s in band])
    if len(edges) > 1:
        parted = [
            has or {s.x0 >= edges[1] - 2 for s in band} == {True, False}
            for band, has in zip(bands, parted, strict=True)
        ]
        # A last row may have text in one cell alone; what runs over both is none.
        parted[-1] |= not any(s.x0 < edges[1] - 2 and s.x1 > edges[1] + 2 for s in bands[-1])
    return parted


def _has_cells(spans: Sequence[Span]) -> bool:
    return any(len(cells_in_row(row)) > 1 for row in rows_of(spans)) or len(left_edges(spans)) > 1


def wide_enough(xs: Sequence[float]) -> list[float]:
    """Drop edges that leave no room for a cell: frames of paragraphs with different indents."""
    kept = [xs[0]]
    for x in xs[1:-1]:
        if x - kept[-1] >= 16 and xs[-1] - x >= 16:
            kept.append(x)
    return [*kept, xs[-1]]


def _grid(region: Region) -> Cells:
    grid: Cells = []
    for edges, band in zip(row_edges(region), bands_of(region), strict=True):
        for row in _rows_apart(region, band):
            grid.append([[] for _ in region.xs[1:]])
            for span in row:
                within = slot(edges, span.x0 + min(2.0, (span.x1 - span.x0) / 2))
                grid[-1][region.xs.index(edges[within])].append(span)
    return grid


def _rows_apart(region: Region, band: Sequence[Span]) -> list[list[Span]]:
    """Part a band where rows begin: apart, in several cells; in tables open at their sides only."""
    closed = any(min(at - region.x0, region.x1 - at) < _SIDE for at, _, _ in region.walls)
    if closed or not region.walls or any(map(is_sign, band)):
        return [list(band)]
    found: list[list[Span]] = []
    base = 0.0
    for row in rows_of(band):
        columns = {slot(region.xs, span.x0 + 1) for span in row}
        apart = row[0].base - base > LINE_STEP * row[0].size
        if not found or (apart and len(columns) > 1 and 0 in columns):
            found.append([])
        found[-1].extend(row)
        base = row[0].base
    return found or [[]]


def aligned_cells(
    rows: Sequence[Sequence[Span]], bands: Sequence[Sequence[Span]] = ()
) -> Cells | None:
    """Sort rows without upright rules into cells by what is aligned; None where nothing is.

    `bands`: What stands between level rules, where there are any.
    """
    cut = [cells_in_row(row) for row in rows]
    if len(bands) > 1:
        # Cells may be centred in their rows: find the columns by the white between them.
        edges = left_edges([s for row in rows for s in row])
        if len(edges) < 2:  # unless a row that runs over them hides them
            edges = left_edges([s for band in bands if not _runs_over(band) for s in band])
        if len(edges) > 1:
            return [_dealt(([s] for s in band), edges) for band in bands if band]
    wide = sum(len(parts) > 1 for parts in cut)
    if wide < 2 and not (wide == 1 and len(cut) <= 3):
        return None
    edges = _columns(cut)
    if _are_lists(cut, edges):  # the white between them is a gutter: what stands there are no rows
        cut_at_heads = groupby(cut, key=lambda parts: all(map(is_bold, parts)))
        return [_dealt((p for parts in group for p in parts), edges) for _, group in cut_at_heads]
    over = sum(any(p[0].x0 < x - _WHITE < x < p[-1].x1 for x in edges[1:]) for (p, *_) in cut)
    if len(edges) < 2 or over > wide:  # few words of lines driven apart stand over each other
        return None
    return [
        _dealt((seg for parts in band for seg in parts), edges) for band in _row_bands(cut, edges)
    ]


def _are_lists(cut: Cut, edges: Sequence[float]) -> bool:
    """Whether items stand in each of several columns."""
    items = [p for parts in cut for p in parts if len(p) > 1 and is_sign(p[0])]
    return len(edges) > 1 and all(_dealt(items, edges))


def is_sign(span: Span) -> bool:
    """Whether a span is but an item's bullet."""
    return is_glyph(span.text.strip())


def _runs_over(band: Sequence[Span]) -> bool:
    """Whether a row is one cell: nothing in it stands beside anything else."""
    return len(edges_apart(band)) == 1 and all(len(cells_in_row(row)) < 2 for row in rows_of(band))


def is_figure(spans: Sequence[Span]) -> bool:
    """Whether a cell holds a figure, which tables set flush right."""
    text = "".join(s.text for s in spans).strip()
    return len(text) <= 8 and any(c.isdigit() for c in text)


def _dealt(pieces: Iterable[Sequence[Span]], edges: Sequence[float]) -> list[list[Span]]:
    """A row of cells: each piece with the last edge that it starts behind."""
    row: list[list[Span]] = [[] for _ in edges]
    for piece in pieces:
        row[slot([*edges, 1e9], piece[0].x0 + 1)].extend(piece)
    return row


def cells_in_row(row: Sequence[Span]) -> list[list[Span]]:
    """The cells of a row; a bullet's sign or an item's number belongs to the cell after it."""
    cut = segments(row)
    if len(cut) > 1 and _is_justified(row):
        return [list(row)]
    if len(cut) > 1:
        text = "".join(s.text for s in cut[0]).strip()
        if len(text) <= 4 and (len(text) <= 1 or text[-1] in ".)" or len(cut) == 2):
            cut = (
                cut[1:] if len(cut) == 2 and not is_glyph(text) else [[*cut[0], *cut[1]], *cut[2:]]
            )
    for index in range(len(cut) - 1, 0, -1):
        if len(cut[index - 1]) == 1 and is_sign(cut[index - 1][0]):
            cut[index - 1 : index + 1] = [[*cut[index - 1], *cut[index]]]
    return cut


def _is_justified(row: Sequence[Span]) -> bool:
    """Whether a row is a line driven out to its measure: words of a sentence, all equally apart."""
    gaps = [b.x0 - a.x1 for a, b in pairwise(row) if b.x0 - a.x1 > 0.3 * b.size]
    words = [s.text.strip() for s in row if len(s.text.strip()) > 1]
    small = sum(word[0].islower() for word in words)
    even = len(gaps) >= 2 and max(gaps) - min(gaps) < max(1.0, 0.15 * row[-1].size)
    return even and small >= 0.5 * len(words)


def _columns(cut: Cut) -> list[float]:
    """Left edges of columns: where no row with several parts has ink just before a start."""
    cells = (cell for parts in cut if len(parts) > 1 for cell in parts)
    return starts_apart((cell[0].x0, max(s.x1 for s in cell), _WHITE) for cell in cells)


def _row_bands(cut: Cut, edges: Sequence[float]) -> list[list[Sequence[Sequence[Span]]]]:
    """The lines of each row, told by their distances."""
    gaps = [b[0][0].base - a[0][0].base for a, b in pairwise(cut)]
    close = min(gaps, default=0.0) * 1.25
    uneven = bool(gaps) and max(gaps) > close
    found: list[list[Sequence[Sequence[Span]]]] = []
    for index, parts in enumerate(cut):
        same = False
        if found and uneven:
            same = gaps[index - 1] <= close and _alone(found[-1], parts)
            same = same and not _starts_row(parts, edges)
        elif found and gaps[index - 1] <= LINE_STEP * parts[0][0].size:
            same = len(parts) == 1 and any(len(p) > 1 for p in found[-1])
        if not same:
            found.append([])
        found[-1].append(parts)
    return found


def _alone(band: Cut, parts: Sequence[Sequence[Span]]) -> bool:
    """Whether a row goes on cells of the band rather than starting a row of as many cells."""
    return len(parts) == 1 or sum(len(p) > 1 for p in band) == 0


def _starts_row(parts: Sequence[Sequence[Span]], edges: Sequence[float]) -> bool:
    """Whether a line of a first cell goes on nothing: it opens with a capital letter."""
    first = parts[0][0]
    return len(parts) == 1 and first.x0 < edges[0] + 2 and first.text[:1].isupper()


def join_lines(texts: Iterable[str]) -> str:
    """Join lines by spaces; a dash at a line's end joins without.

    After a hyphen the line's end is kept: whether it divides a word, the document's words say.
    """
    joined = ""
    for text in texts:
        if joined.endswith(("-", "–")) and joined[-2:-1].isalnum():
            joined += f"\n{text}" if joined.endswith("-") else text
        else:
            joined = f"{joined} {text}" if joined else text
    return joined
