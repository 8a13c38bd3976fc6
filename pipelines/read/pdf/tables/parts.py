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
from pipelines.read.pdf.tables.cells import Cells, join_lines
from pipelines.records import BlockKind

_FEWEST = 2  # items that make a list


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
    table.grid += following.grid
    table.listed = table.listed or following.listed
    table.page_end = following.page
