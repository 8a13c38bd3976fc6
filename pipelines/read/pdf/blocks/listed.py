"""Tables whose cells hold lists: text in columns, not figures.

Their cells are read as boxes are, in the order in which a person reads them: columns one after
the other, or, where the first column but names the rows, row by row.
"""

from __future__ import annotations

from itertools import chain

from pipelines.read.pdf.blocks.flow import Flow
from pipelines.read.pdf.model.habits import Habits
from pipelines.read.pdf.model.part import Part
from pipelines.read.pdf.tables.parts import holds_list


def listed_parts(table: Part, habits: Habits) -> list[Part]:
    """The headings, paragraphs and items in a table's cells, in reading order."""
    grid = table.grid
    flow = Flow(habits, boxed=True)
    if any(map(holds_list, grid[0])):
        lists = [[cell for row in grid for cell in row]]
    else:
        columns = range(max(map(len, grid)))
        lists = [[row[at] for row in grid if at < len(row)] for at in columns]
    for cells in lists:
        for line in chain.from_iterable(cells):
            flow.feed(line)
        flow.close()
    return flow.parts
