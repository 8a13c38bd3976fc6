"""Titles between two tables that stripes or level rules join into one."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.rows import rows_of
from pipelines.read.pdf.tables.cells import Cells

_OVER = 2.0  # points by which a line runs into the next column, or begins outside of its own


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
        parts.append((title, [[[s for s in cell if s.base > title[-1].base + 1] for cell in row]]))
    return [part for part in parts if part[1]]


def _title(row: Sequence[Sequence[Span]], left: float, edge: float) -> list[Span]:
    """Lines of a first cell that begin before it or run into the second, with a row under them."""
    others = [s.base for cell in row[1:] for s in cell]
    found: list[Span] = []
    lines = rows_of(row[0]) if row and others else []
    for index, line in enumerate(lines):
        base, size = line[0].base, line[0].size
        alone = all(abs(base - other) > 0.8 * size for other in others) and base < max(others)
        outside = line[0].x0 < left - _OVER or max(s.x1 for s in line) > edge + _OVER
        wrapped = any(after[0].text[:1].islower() for after in lines[index + 1 : index + 2])
        if alone and outside and not wrapped and not (found and base - found[-1].base > 2 * size):
            found.extend(line)
        elif found:
            break
    return found
