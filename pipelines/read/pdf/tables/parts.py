"""Tables as parts of a page, titles between them, and those whose cells hold lists.

Their cells are read as boxes are, in the order in which a person reads them: columns one after
the other, or, where lists begin in the first row, row by row.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.read.pdf.lines.setting import set_lines
from pipelines.read.pdf.model.line import Line, is_number
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.part import Part
from pipelines.read.pdf.model.rows import rows_of
from pipelines.read.pdf.tables.cells import Cells, join_lines
from pipelines.records import BlockKind

_FEWEST = 2  # items that make a list
_INTO = 2.0  # points by which a title runs into the next column, or begins outside of its own


def table_part(cells: Cells, page: int, box: tuple[float, float, float, float]) -> Part:
    """The part of a page that a table's cells make; `box` is where it stands."""
    part = Part(BlockKind.TABLE, page=page, page_end=page, cells=box)
    part.grid = lines_of_cells(cells, page, box[2])
    rows = (tuple(join_lines(map(_written, cell)) for cell in row) for row in part.grid)
    part.rows = tuple(row for row in rows if any(row))
    part.listed = any(holds_list(cell) for row in part.grid for cell in row)
    return part


def _written(line: Line) -> str:
    """A line of a cell, with what may mark an item."""
    marker = line.marker.text if line.marker is not None else ""
    return f"{marker} {line.text}" if marker and line.text != marker else line.text


def lines_of_cells(
    cells: Sequence[Sequence[Sequence[Span]]], page: int, right: float
) -> list[list[list[Line]]]:
    """The lines of each cell of a table."""
    count = max((len(row) for row in cells), default=0)
    columns = [[s for row in cells for s in row[c]] for c in range(count)]
    starts = [min((s.x0 for s in column), default=right) for column in columns]
    edges = [*starts[1:], right]
    return [
        [set_lines(cell, page=page, left=starts[c], right=edges[c]) for c, cell in enumerate(row)]
        for row in cells
    ]


def holds_list(lines: Sequence[Line]) -> bool:
    """Whether lines open with one bullet at one place more than once."""
    signs = [
        (line.marker.text, round(line.x0))
        for line in lines
        if line.marker is not None and not is_number(line.marker)
    ]
    return any(signs.count(sign) >= _FEWEST for sign in signs)


def join_grids(table: Part, following: Part) -> None:
    """Add the cells of the part of a table on the next page; indents count from the same edges."""
    shift = following.cells[0] - table.cells[0] if following.cells and table.cells else 0.0
    lefts = [
        next((row[c][0].left for row in table.grid if c < len(row) and row[c]), None)
        for c in range(max(len(row) for row in table.grid))
    ]
    for row in following.grid:
        for left, cell in zip(lefts, row, strict=False):
            for line in cell:
                line.left = line.left if left is None else left + shift
    if _goes_on(table.grid[-1], following.grid[0]):
        for cell, rest in zip(table.grid[-1], following.grid.pop(0), strict=True):
            cell += rest
    table.grid += following.grid
    table.listed = table.listed or following.listed
    table.page_end = following.page


def _goes_on(row: Sequence[Sequence[Line]], following: Sequence[Sequence[Line]]) -> bool:
    """Whether lists with names over them go on in a row that has items and ends of items only."""
    named = any(map(holds_list, [*row, *following])) and not any(c and c[0].marker for c in row)
    items = (c[0].marker or c[0].text[:1].islower() for c in following if c)
    return named and len(row) == len(following) and all(items)


def part_titles(cells: Cells) -> list[tuple[list[Span], Cells]]:
    """Part a table at each line of its first column that keeps to no column.

    Returns:
        The tables, each with the lines that stand above it; one without lines if none does so.
    """
    parts: list[tuple[list[Span], Cells]] = [([], [])]
    edge = min((s.x0 for row in cells for cell in row[1:] for s in cell), default=0.0)
    starts = sorted(max(line[0].x0 for line in rows_of(row[0])) for row in cells if row[0])
    left = starts[len(starts) // 2] if starts else 0.0
    for row in cells:
        title = _title(row, left, edge)
        if not title:
            parts[-1][1].append(row)
            continue
        first, last = title[0].base, title[-1].base
        above = [[s for s in cell if s.base < first - 1] for cell in row]
        if any(above):
            parts[-1][1].append(above)
        parts.append((title, [[[s for s in cell if s.base > last + 1] for cell in row]]))
    return [part for part in parts if part[1]]


def _title(row: Sequence[Sequence[Span]], left: float, edge: float) -> list[Span]:
    """Lines of a first cell that begin before it or run into the second, with a row under them."""
    others = [s.base for cell in row[1:] for s in cell]
    found: list[Span] = []
    lines = rows_of(row[0]) if row and others else []
    for index, line in enumerate(lines):
        base, size = line[0].base, line[0].size
        alone = all(abs(base - other) > 0.8 * size for other in others) and base < max(others)
        outside = line[0].x0 < left - _INTO or max(s.x1 for s in line) > edge + _INTO
        wrapped = any(after[0].text[:1].islower() for after in lines[index + 1 : index + 2])
        if alone and outside and not wrapped and not (found and base - found[-1].base > 2 * size):
            found.extend(line)
        elif found:
            break
    return found
