"""Tables whose cells hold lists: text in columns, not figures.

Their cells are read as boxes are, in the order in which a person reads them: columns one after
the other, or, where the first column but names the rows, row by row.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.read.pdf.blocks.flow import Flow
from pipelines.read.pdf.model.habits import Habits
from pipelines.read.pdf.model.line import Line
from pipelines.read.pdf.model.part import Part
from pipelines.read.pdf.tables.parts import holds_list


def listed_parts(table: Part, habits: Habits) -> list[Part]:
    """The headings, paragraphs and items in a table's cells, in reading order."""
    grid = table.grid
    by_row = any(holds_list(cell) for cell in grid[0]) or _is_numbered(table)
    flow = Flow(habits, boxed=True)
    if by_row:
        for row in grid:
            for cell in row:
                _feed(flow, cell)
    else:
        for column in range(max(len(row) for row in grid)):
            for row in grid:
                _feed(flow, row[column] if column < len(row) else [])
            flow.close()
    return flow.parts


def _is_numbered(table: Part) -> bool:
    """Whether the first column but numbers the rows under the head, and one other has lists."""
    numbers = [row[0].strip("., )") for row in table.rows[1:] if row and row[0]]
    listed = {c for row in table.grid for c, cell in enumerate(row) if holds_list(cell)}
    return len(numbers) > 1 and all(map(str.isdecimal, numbers)) and len(listed) == 1


def _feed(flow: Flow, cell: Sequence[Line]) -> None:
    for line in cell:
        flow.feed(line)
