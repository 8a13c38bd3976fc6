"""Tables without any rules, among the rows of a column: by cells that stand under each other."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.rows import is_bold
from pipelines.read.pdf.tables.cells import (
    LINE_STEP,
    Cells,
    aligned_cells,
    cells_in_row,
    is_figure,
)
from pipelines.read.pdf.tables.figures import Found, find_figures

Rows = Sequence[list[Span]]


def find_tables(rows: Rows, known: Collection[int] = ()) -> list[Found]:
    """Runs of rows whose cells stand under each other without rules.

    `known`: Where percentages stand in other tables of the document.
    """
    found: list[Found] = []
    at = 0
    for figures in find_figures(rows, known):
        found += _between(rows, at, figures[0])
        found.append(figures)
        at = figures[1]
    return [*found, *_between(rows, at, len(rows))]


def _between(rows: Rows, first: int, last: int) -> list[Found]:
    """The tables between two rows."""
    found: list[Found] = []
    rows = rows[first:last]
    parts = [cells_in_row(row) for row in rows]
    index = 0
    while index < len(rows):
        end = _table_end(rows, parts, index) if len(parts[index]) > 1 else index
        wide = sum(len(p) > 1 for p in parts[index:end])
        table = wide > 1 and not _is_measured(rows, parts, index, end)
        cells = aligned_cells(rows[index:end]) if table else None
        if cells is not None:
            found.append((first + index, first + end, cells))
        index = end if cells is not None else index + 1
    return found


def _is_measured(rows: Rows, parts: Cells, start: int, end: int) -> bool:
    """Whether rows are lines of justified text with few words: they fill the column."""
    ends = [max(s.x1 for s in row) for row in rows]
    figures = any(is_figure(p[-1]) for p in parts[start:end])
    return (
        end - start <= 4
        and not figures
        and max(ends) - min(ends[start:end]) < 1.5
        and any(
            0 <= at < len(rows)
            and abs(rows[at][0].x0 - rows[near][0].x0) < 1.5
            and abs(rows[at][0].base - rows[near][0].base) < 1.9 * rows[near][0].size
            for at, near in ((start - 1, start), (end, end - 1))
        )
    )


def _table_end(rows: Rows, parts: Cells, start: int) -> int:
    end = start + 1
    last_wide = start
    anchors = [seg[0].x0 for seg in parts[start][1:]]
    ends = [max(s.x1 for s in seg) for seg in parts[start][1:] if is_figure(seg)]
    while end < len(rows):
        gap = rows[end][0].base - rows[end - 1][0].base
        if gap > 4.2 * rows[end][0].size:
            break
        if len(parts[end]) > 1:
            here = [seg[0].x0 for seg in parts[end][1:]]
            stop = [max(s.x1 for s in seg) for seg in parts[end][1:] if is_figure(seg)]
            aligned = any(abs(a - b) < 2.5 for a in anchors for b in here) or any(
                abs(a - b) < 2.5 for a in ends for b in stop
            )
            if not aligned:
                break
            anchors.extend(here)
            ends.extend(stop)
            last_wide = end
        elif not _wraps(rows, parts, end) and (
            end - last_wide > 3
            or _is_title(rows, start, end)
            or rows[end][0].x0 + 4 > min(anchors)
            or max(s.x1 for s in rows[end]) > min(anchors) - 4
        ):
            break
        end += 1
    return last_wide + 1


def _wraps(rows: Rows, parts: Cells, at: int) -> bool:
    """Whether a row is the first line of a cell, however wide: the row below goes on."""
    below = rows[at + 1] if at + 1 < len(rows) else rows[at]
    return (
        0 < below[0].base - rows[at][0].base <= LINE_STEP * below[0].size
        and len(parts[at + 1]) > 1
        and below[0].text[:1].islower()
        and abs(below[0].x0 - rows[at][0].x0) < 1
    )


def _is_title(rows: Rows, start: int, at: int) -> bool:
    """Whether a row is a bold line that stands off from the rows above: the next table's title."""
    if not is_bold(rows[at]) or rows[at - 1][0].face.bold:
        return False
    gap = rows[at][0].base - rows[at - 1][0].base
    usual = rows[start + 1][0].base - rows[start][0].base
    return at > start + 1 and gap > 1.2 * usual
