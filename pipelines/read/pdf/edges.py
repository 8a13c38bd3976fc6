"""The first and last rows of a page, where running heads and feet stand."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.read.pdf.lines import rows_of
from pipelines.read.pdf.marks import Span

_ROWS = 4  # rows at the top and bottom of a page that may be furniture


def edge_rows(spans: Sequence[Span], height: float) -> list[tuple[list[Span], float, float, bool]]:
    """The first and last rows of a page: each, the distance to the text, to the row under it."""
    ordered = sorted(spans, key=lambda s: s.base)
    top = [s for s in ordered if s.base < 0.2 * height]
    low = [s for s in ordered if s.base > 0.8 * height]
    below = min((s.base for s in ordered if s.base >= 0.2 * height), default=height)
    above = max((s.base for s in ordered if s.base <= 0.8 * height), default=0.0)
    found: list[tuple[list[Span], float, float, bool]] = []
    rows = rows_of(top)
    for index, row in enumerate(rows[:_ROWS]):
        after = rows[index + 1][0].base if index + 1 < len(rows) else below
        found.append((row, after - row[0].base, after - row[0].base, True))
    rows = rows_of(low)[::-1]
    for index, row in enumerate(rows[:_ROWS]):
        before = rows[index + 1][0].base if index + 1 < len(rows) else above
        under = rows[index - 1][0].base - row[0].base if index else height
        found.append((row, row[0].base - before, under, False))
    return found
