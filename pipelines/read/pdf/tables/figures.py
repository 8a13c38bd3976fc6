"""Tables without rules whose last column holds percentages: told by the white before them.

The cells beside a figure may run over several lines, and the figure stand at the height of the
first of them or of their middle; rows are told by their distances, or by where the figures stand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise

from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.page import Span

Row = Sequence[Span]
Found = tuple[int, int, list[list[list[Span]]]]

_PERCENTAGE = re.compile(r"\(?\d{1,3}(?:[.,]\d+)?\s?%\)?")
_REACH = 12.0  # sizes between two figures of a table
_TITLE = 40  # characters of a head
_SOME = 4  # lines of a table's head
_MANY = 9  # lines of a cell above or below its figure


def is_percentage(text: str) -> bool:
    """Whether a text is a percentage and nothing else."""
    return _PERCENTAGE.fullmatch(text.strip()) is not None


def note_figures(cells: Sequence[Sequence[Sequence[Span]]], known: set[int]) -> None:
    """Add how far a table's percentages stand from its first column, where it has any."""
    last = [s.x0 for row in cells for s in row[-1] if is_percentage(s.text)]
    first = [s.x0 for row in cells for s in row[0]]
    if last and first:
        known.add(round(min(last) - min(first)))


def find_figures(rows: Sequence[list[Span]], known: Collection[int] = ()) -> list[Found]:
    """Return the tables of figures among the rows of a column: from row, to row, their cells.

    `known`: Where percentages stand in other tables of the document (`note_figures`): there even
    one by itself is a row, the rest of a table that a page or column ends in.
    """
    sure = [index for index, row in enumerate(rows) if _figure(row) is not None]
    if not sure:
        return []
    pitch = _pitch(rows)
    found: list[Found] = []
    for cluster in _clusters(rows, sure):
        floor = found[-1][1] if found else 0
        table = _Table(rows, cluster, pitch, floor=floor, known=known).cells()
        if table is not None:
            found.append(table)
    return found


def _figure(row: Row) -> Span | None:
    """The percentage that ends a row, with white before it."""
    last = row[-1]
    if not is_percentage(last.text):
        return None
    if len(row) > 1 and last.x0 - max(s.x1 for s in row[:-1]) < 0.7 * last.size:
        return None
    return last


def _clusters(rows: Sequence[Row], at: Sequence[int]) -> list[list[int]]:
    """Group rows with figures that stand below each other, with nothing but cells between."""
    found: list[list[int]] = []
    for index in at:
        if not found or not _same_table(rows, found[-1][-1], index):
            found.append([])
        found[-1].append(index)
    return found


def _same_table(rows: Sequence[Row], one: int, two: int) -> bool:
    upper, lower = rows[one][-1], rows[two][-1]
    edge = min(upper.x0, lower.x0) - GEOMETRY.edge
    near = lower.base - upper.base <= _REACH * lower.size
    return (
        near
        and min(abs(upper.x0 - lower.x0), abs(upper.x1 - lower.x1)) < GEOMETRY.edge
        and all(max(s.x1 for s in row) < edge for row in rows[one + 1 : two])
    )


def _pitch(rows: Sequence[Row]) -> float:
    """Usual distance of lines, in sizes."""
    steps = Counter(
        round((b[0].base - a[0].base) / b[0].size, 1)
        for a, b in pairwise(rows)
        if abs(a[0].size - b[0].size) < GEOMETRY.type and a[0].size > 0
    )
    usual = {step: count for step, count in steps.items() if 1.0 <= step <= 2.0}
    return max(usual, key=lambda s: (usual[s], -s)) if usual else 1.2


class _Table:
    """A cluster of figures, and the lines that stand beside them."""

    def __init__(
        self,
        rows: Sequence[Row],
        cluster: Sequence[int],
        pitch: float,
        *,
        floor: int,
        known: Collection[int],
    ) -> None:
        self._rows = rows
        self._cluster = cluster
        self._figures = [rows[index][-1] for index in cluster]
        self._edge = min(f.x0 for f in self._figures)
        self._size = self._figures[0].size
        self._pitch = pitch * self._size
        self._floor = floor
        beside = [rows[i][0].x0 for i in range(cluster[0], cluster[-1] + 1) if self._left(i)]
        self._start = min(beside, default=-1e9)
        self._known = known
        self._last_line = -1

    def cells(self) -> Found | None:
        """Return the table; None where its figures have no lines of their own beside them."""
        groups = self._groups()
        if groups is None:
            return None
        first, last = groups[0][0], max(groups[-1][-1], self._cluster[-1])
        first = min(first, self._cluster[0])
        head, top = self._head(first)
        if len(self._cluster) < 2 and head is None and first > self._floor:
            left = min((s.x0 for i in groups[0] for s in self._left(i)), default=-1e9)
            if not any(abs(self._edge - left - offset) <= GEOMETRY.edge for offset in self._known):
                return None
        cells = [
            [[s for i in group for s in self._left(i)], [figure]]
            for group, figure in zip(groups, self._figures, strict=True)
        ]
        return top, last + 1, [*([head] if head is not None else []), *cells]

    def _left(self, index: int) -> list[Span]:
        """What stands in a row before the column of figures."""
        row = self._rows[index]
        return [s for s in row if s.x1 < self._edge]

    def _is_beside(self, index: int) -> bool:
        row = self._rows[index]
        left = self._left(index)
        same = bool(left) and abs(left[-1].size - self._size) < 0.1 * self._size
        return same and len(left) == len(row) and self._at_edge(left)

    def _at_edge(self, left: Row) -> bool:
        return self._start < -1e8 or abs(left[0].x0 - self._start) <= GEOMETRY.edge

    def _groups(self) -> list[list[int]] | None:
        """The lines of each figure's cell."""
        first, last = self._cluster[0], self._cluster[-1]
        while first > max(self._floor, self._cluster[0] - _MANY) and self._is_beside(first - 1):
            first -= 1
        while last + 1 < min(len(self._rows), self._cluster[-1] + _MANY) and self._is_beside(
            last + 1
        ):
            last += 1
        lines = [i for i in range(first, last + 1) if self._left(i)]
        self._last_line = max(lines, default=-1)
        blocks: list[list[int]] = []
        for index in lines:
            if not blocks or self._base(index) - self._base(blocks[-1][-1]) > 1.15 * self._pitch:
                blocks.append([])
            blocks[-1].append(index)
        groups: list[list[int]] = []
        for block in blocks:
            figures = [f for f in self._figures if self._faces(block, f)]
            groups.extend(self._shared(block, figures))
        if len(groups) == len(self._figures) - 1 and not self._left(last):
            groups.append([last])  # what stands beside it is on the next page
        return groups if len(groups) == len(self._figures) and all(groups) else None

    def _base(self, index: int) -> float:
        return self._left(index)[0].base

    def _faces(self, block: Sequence[int], figure: Span) -> bool:
        play = 0.35 * self._size
        under = self._pitch if self._is_cut(block, figure) else play
        return self._base(block[0]) - play <= figure.base <= self._base(block[-1]) + under

    def _is_cut(self, block: Sequence[int], figure: Span) -> bool:
        """Whether a row is the last: other lines of its cell may be in the next column."""
        return block[-1] == self._last_line and figure is self._figures[-1]

    def _shared(self, block: list[int], figures: Sequence[Span]) -> list[list[int]]:
        """Deal the lines of a block to its figures, by the first lines or by the middles."""
        bases = [self._base(i) for i in block]
        if len(figures) == 1:
            off = abs(sum(bases) / len(bases) - figures[0].base)
            if off < self._pitch * (2 if self._is_cut(block, figures[0]) else 0.25):
                return [block]
        play = 0.2 * self._size
        level = [next((i for i, b in enumerate(bases) if abs(b - f.base) < play), None)
                 for f in figures]  # fmt: skip
        starts = [at for at in level if at is not None]
        if len(starts) == len(figures):
            return [block[a:b] for a, b in pairwise([*starts, len(block)])]
        groups: list[list[int]] = []
        at = 0
        for figure in figures:  # the lines whose middle is nearest, the most of them
            spread = (
                (round(abs(sum(bases[a:b]) / (b - a) - figure.base)), a - b, b)
                for a in ((at,) if groups else range(len(block)))
                for b in range(a + 1, len(block) + 1)
            )
            _, size, end = min(spread, default=(0, 0, at))
            groups.append(block[end + size : end])
            at = end
        return groups

    def _head(self, first: int) -> tuple[list[list[Span]] | None, int]:
        """The row of heads above the first figure, and where the table begins."""
        right = max(f.x1 for f in self._figures)
        head: list[list[Span]] = [[], []]
        top = index = first
        while index > max(self._floor, first - _SOME):
            index -= 1
            step = self._rows[index + 1][0].base - self._rows[index][0].base
            if step > 3.5 * self._size:
                break
            row = self._rows[index]
            over = [s for s in row if s.x1 > self._edge]
            left = [s for s in row if s not in over]
            if over and not self._edge - 60 < over[0].x0 < right + GEOMETRY.edge:
                break
            if left and not self._at_edge(left):
                break
            if sum(len(s.text) for s in left) > _TITLE:
                break
            if over:
                top = index
            elif left[-1].x1 > self._edge - 10:
                break
            head = [[*left, *head[0]], [*over, *head[1]]]
        if top == first:
            return None, first
        spans = [s for row in self._rows[top:first] for s in row]
        return [[s for s in part if s in spans] for part in head], top
