"""Text objects that run over other things, and hold white there.

Some programs write a table's row as one, or a line that another font interrupts with a glyph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipelines.read.pdf.extract.handles import Rectangle
from pipelines.read.pdf.extract.letters import Piece
from pipelines.read.pdf.model.bullets import is_glyph

_THIN = 3.5
_HEAD = 60  # characters in the heads of a table
_HIGHEST = 250.0  # points: a ground that is higher is not a cell's
_APART = 12.0  # points between the edges of a cell
_SET_IN, _NESTED = 2.0, 24.0  # points between the bullets of items that may be of one list
_NEAR = 8  # pieces that follow one which is drawn around them
_WRITTEN_ON = re.compile(r"\S\s+\d{1,3}(?:[.,]\d+)?%\s*$")  # with the text of the cell before
_MOST = 250  # edges on a page; drawings have more, tables fewer

# Where an upright edge stands, its top and its bottom.
Edge = tuple[float, float, float]


def cell_edges(shapes: Sequence[tuple[Rectangle, int]]) -> list[Edge]:
    """The upright edges between cells: of upright rules, and of grounds as high as a row.

    Between cells are those with other edges on either side; a box has none.
    """
    found: dict[tuple[int, int], Edge] = {}
    for (x0, top, x1, bottom), _ in shapes:
        if bottom - top < 6 or (x1 - x0 > _THIN and bottom - top > _HIGHEST):
            continue
        for x in ((x0 + x1) / 2,) if x1 - x0 <= _THIN else (x0, x1):
            found[round(x / 3), round(top / 3)] = (x, top, bottom)
    edges = list(found.values())
    if len(edges) > _MOST:
        return []
    between = [edge for edge in edges if _has(edge, edges, -1) and _has(edge, edges, 1)]
    return between + _joints(shapes)


def _joints(shapes: Sequence[tuple[Rectangle, int]]) -> list[Edge]:
    """Where level rules end at one another, one below the other: the borders of cells."""
    level = sorted(
        (round(top), x0, x1)
        for (x0, top, x1, bottom), _ in shapes
        if bottom - top <= _THIN and x1 - x0 > _APART
    )
    found: dict[int, Edge] = {}
    for (height, _, end), (other, start, _) in pairwise(level):
        if other - height <= 1 and abs(start - end) < _THIN:
            x, top, _ = found.get(round(start / 3), (start, float(height), 0.0))
            found[round(start / 3)] = (x, top, float(height))
    return [edge for edge in found.values() if edge[2] > edge[1]]


def _has(edge: Edge, edges: Sequence[Edge], side: int) -> bool:
    """Whether another edge stands at the same height on one side (-1 left, 1 right)."""
    x, top, bottom = edge
    near = [e for e in edges if side * (e[0] - x) > _APART and e[1] < bottom and top < e[2]]
    half = 0.5 * (bottom - top)
    return any(min(low, bottom) - max(high, top) > half for _, high, low in near)


def runs_over(piece: Piece, edges: Sequence[Edge]) -> bool:
    """Whether a piece of text runs over an edge between cells.

    So may a head over the first edge, or a row without a ground under the last.
    """
    x0, top, x1, bottom = piece.box
    margin = piece.size
    if piece.angle != 0:
        return False
    row = len(piece.text) <= _HEAD or _WRITTEN_ON.search(piece.text)
    reach = 1.6 * piece.size if row else -2.0
    left, right, top, bottom = x0 + margin, x1 - margin, top - reach, bottom + reach
    return any(left < x < right and low < bottom and top < high for x, low, high in edges)


def set_within(pieces: Sequence[Piece]) -> dict[int, list[float]]:
    """The pieces that are drawn around others which follow them, and where those stand.

    PDFium guesses a space behind such a one, as behind all that the pen goes back from: it goes.
    """
    found: dict[int, list[float]] = {}
    for index, piece in enumerate(pieces):
        base = piece.origin[1]
        x0, _, x1, _ = piece.box
        for other in pieces[index + 1 : index + _NEAR] if not piece.angle else ():
            left, right = other.origin[0], other.box[2]
            if other.origin[1] == base and x0 < left and right < x1:
                found.setdefault(index, []).append((left + right) / 2)
                other.text = other.text.rstrip(" ")
    return found


def indented_bullets(pieces: Sequence[Piece]) -> list[int]:
    """The pieces that open with a bullet, where some are indented a little."""
    found = [i for i, p in enumerate(pieces) if p.text[1:2] == " " and is_glyph(p.text[0])]
    starts = sorted(pieces[i].origin[0] for i in found)
    apart = any(_SET_IN < b - a < _NESTED for a, b in pairwise(starts))
    return found if apart else []
