"""Tables without any rules, among the rows of a column: by cells that stand under each other."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pipelines.read.pdf.model.bullets import is_sign
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.rows import is_bold
from pipelines.read.pdf.tables.cells import Cells, aligned_cells, cells_in_row, is_figure
from pipelines.read.pdf.tables.figures import Found, find_figures
from pipelines.read.pdf.tables.merged import LINE_STEP

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
    """Whether rows are lines of justified text with few words: as wide as the lines beside them."""
    if end - start > 4 or any(is_figure(p[-1]) for p in parts[start:end] if len(p) > 1):
        return False
    wide = (row for row, cut in zip(rows[start:end], parts[start:end], strict=True) if len(cut) > 1)
    reach = [max(s.x1 for s in row) for row in wide]  # a line of one word is not driven out
    if max(reach) - min(reach) > 1.5:
        return False
    fills = max(s.x1 for row in rows for s in row) - reach[0] < 1.5
    return any(
        0 <= index < len(rows)
        and abs(rows[index][0].base - rows[other][0].base) < 1.9 * rows[other][0].size
        and abs(_text_start(rows[index]) - rows[other][0].x0) < 1.5
        and (fills or abs(max(s.x1 for s in rows[index]) - reach[0]) < 1.5)
        for index, other in ((start - 1, start), (end, end - 1))
    )


def _text_start(row: Sequence[Span]) -> float:
    """Where the text of a row starts, after an item's sign."""
    return row[1].x0 if len(row) > 1 and is_sign(row[0].text) else row[0].x0


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
        elif not (_goes_on_in_last(rows, parts, end) or _wraps(rows, parts, end)) and (
            end - last_wide > 3
            or _is_title(rows, start, end)
            or rows[end][0].x0 + 4 > min(anchors)
            or max(s.x1 for s in rows[end]) > min(anchors) - 4
        ):
            break
        end += 1
    tail = _tail(rows, last_wide, end) or _last_rows(rows, parts, start, last_wide) or 0
    return last_wide + 1 + tail


def _last_rows(rows: Rows, parts: Cells, start: int, last: int) -> int:
    """Rows after the last wide one that have text in the first cell alone, as far apart as all."""
    pitch = rows[last][0].base - rows[last - 1][0].base
    stop = min(cell[0].x0 for cell in parts[last][1:]) - 4
    count = 0
    for before, row, cells in zip(rows[last:], rows[last + 1 :], parts[last + 1 :], strict=False):
        gap = row[0].base - before[0].base
        if (
            len(cells) > 1
            or abs(gap - pitch) > 0.05 * pitch
            or (gap <= LINE_STEP * row[0].size and not _stands_last(rows, last + 1 + count, pitch))
            or abs(row[0].x0 - rows[start][0].x0) > 2
            or max(s.x1 for s in row) > stop
            or row[0].face != before[0].face  # the head of what follows
            or "".join(s.text for s in row).rstrip().endswith((".", ":"))
        ):
            break
        count += 1
    return count


def _stands_last(rows: Rows, at: int, pitch: float) -> bool:
    """Whether nothing goes on from a row: white or the end of the column is under it."""
    return at + 1 == len(rows) or rows[at + 1][0].base - rows[at][0].base > 1.3 * pitch


def _goes_on_in_last(rows: Rows, parts: Cells, at: int) -> bool:
    """Whether a row is the second line of the last cell above: a row with all cells follows."""
    gap = rows[at][0].base - rows[at - 1][0].base
    return (
        gap <= LINE_STEP * rows[at][0].size
        and len(parts[at - 1]) > 1
        and abs(rows[at][0].x0 - parts[at - 1][-1][0].x0) < 1
        and at + 1 < len(rows)
        and len(parts[at + 1]) == len(parts[at - 1])
    )


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


def _tail(rows: Rows, last: int, end: int) -> int:
    """Rows after the last wide one that go on its first cell: as close as lines of a cell are."""
    count = 0
    for index in range(last + 1, end):
        gap = rows[index][0].base - rows[index - 1][0].base
        before = rows[last][0].base - rows[last - 1][0].base if last else gap * 2
        if gap > LINE_STEP * rows[index][0].size or gap >= before * 0.95:
            break
        count += 1
    return count
