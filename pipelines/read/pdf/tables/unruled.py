"""Tables without any rules, among the rows of a column: by cells that stand under each other."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pipelines.read.pdf.model.bullets import is_glyph, may_mark
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.tables.cells import aligned_cells, cells_in_row, is_figure
from pipelines.read.pdf.tables.figures import find_figures


def find_tables(
    rows: Sequence[list[Span]], known: Collection[int] = ()
) -> list[tuple[int, int, list[list[list[Span]]]]]:
    """Runs of rows whose cells stand under each other without rules.

    `known`: Where percentages stand in other tables of the document.
    """
    found: list[tuple[int, int, list[list[list[Span]]]]] = []
    at = 0
    for figures in find_figures(rows, known):
        found += _between(rows, at, figures[0])
        found.append(figures)
        at = figures[1]
    return [*found, *_between(rows, at, len(rows))]


def _between(
    rows: Sequence[list[Span]], first: int, last: int
) -> list[tuple[int, int, list[list[list[Span]]]]]:
    """The tables between two rows."""
    found: list[tuple[int, int, list[list[list[Span]]]]] = []
    rows = rows[first:last]
    parts = [cells_in_row(row) for row in rows]
    index = 0
    while index < len(rows):
        if len(parts[index]) < 2:
            index += 1
            continue
        end = _table_end(rows, parts, index)
        wide = sum(len(p) > 1 for p in parts[index:end])
        if end - index >= 2 and wide >= 2 and not _is_measured(rows, parts, index, end):
            cells = aligned_cells(rows[index:end])
            if cells is not None:
                found.append((first + index, first + end, cells))
                index = end
                continue
        index += 1
    return found


def _is_measured(
    rows: Sequence[list[Span]], parts: Sequence[list[list[Span]]], start: int, end: int
) -> bool:
    """Whether rows are lines of justified text with few words: as wide as the lines beside them."""
    if end - start > 4 or any(is_figure(p[-1]) for p in parts[start:end] if len(p) > 1):
        return False
    reach = [max(s.x1 for s in row) for row in rows[start:end]]
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
    bare = row[0].text.strip()
    return row[1].x0 if len(row) > 1 and (is_glyph(bare) or may_mark(bare)) else row[0].x0


def _table_end(rows: Sequence[list[Span]], parts: Sequence[list[list[Span]]], start: int) -> int:
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
        elif (
            end - last_wide > 3
            or _is_title(rows, start, end)
            or rows[end][0].x0 + 4 > min(anchors)
            or max(s.x1 for s in rows[end]) > min(anchors) - 4
        ):
            break
        end += 1
    return last_wide + 1 + _tail(rows, parts, last_wide, end)


def _is_title(rows: Sequence[list[Span]], start: int, at: int) -> bool:
    """Whether a row is a bold line that stands off from the rows above: the next table's title."""
    if not all(s.face.bold for s in rows[at]) or rows[at - 1][0].face.bold:
        return False
    gap = rows[at][0].base - rows[at - 1][0].base
    usual = rows[start + 1][0].base - rows[start][0].base
    return at > start + 1 and gap > 1.2 * usual


def _tail(
    rows: Sequence[list[Span]], parts: Sequence[list[list[Span]]], last: int, end: int
) -> int:
    """Rows after the last wide one that go on its first cell: as close as lines of a cell are."""
    count = 0
    for index in range(last + 1, end):
        gap = rows[index][0].base - rows[index - 1][0].base
        before = rows[last][0].base - rows[last - 1][0].base if last else gap * 2
        if len(parts[index]) > 1 or gap > 1.45 * rows[index][0].size or gap >= before * 0.95:
            break
        count += 1
    return count
