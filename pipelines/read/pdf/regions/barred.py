"""Boxes drawn by one upright bar: text indented beside it, where the text around it begins."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.read.pdf.model.edges import left_edge
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.page import Shape, Span
from pipelines.read.pdf.model.region import Region
from pipelines.read.pdf.model.rows import is_bold, rows_of, segments

WIDEST = 9.0  # points: a wider shape is an area
_LOWEST = 24.0  # points: two lines of text
_NEAREST, _FARTHEST = 2.0, 30.0  # points of white between the bar and its text
_DEEPEST = 60.0  # the same where a page opens with the items of a box


def may_open_box(shape: Shape) -> bool:
    """Whether a shape is upright, thin, and as high as two lines of text."""
    return shape.width <= WIDEST and shape.height >= _LOWEST


def barred_boxes(rules: list[Shape], spans: Sequence[Span], home: float) -> list[Region]:
    """Take the bars that open boxes out of a page's loose rules; return the boxes.

    A bar that stands further out than the text around it marks that text, as a changed passage
    is marked in the margin: only one that stands where text begins, with its own text set in,
    makes a box.

    Args:
        rules: Of the page; those that open boxes are taken out.
        spans: Of the page.
        home: Where text begins on pages such as this; one with nothing but items cannot tell.
    """
    found: list[Region] = []
    for bar in [r for r in rules if may_open_box(r)]:
        column = [s for s in spans if s.angle == 0]
        inner = any(_is_beside(s, bar) and s.x1 <= bar.x0 + GEOMETRY.edge for s in column)
        if inner:  # it stands in a second column
            column = [s for s in column if s.x0 >= bar.x0 - GEOMETRY.edge]
        beside = [s for s in column if _is_beside(s, bar)]
        others = [s for s in column if not _is_beside(s, bar)]
        names = is_bold(row[0] for row in rows_of(beside)) and not is_bold(beside)
        if not beside or not others or names:  # of what stands beside them
            continue
        white = min(s.x0 for s in beside) - bar.x1
        starts = others if inner else [row[0] for row in rows_of(others)]
        edge = left_edge([s.x0 for s in starts])
        edge = edge if inner else min(edge, home)
        if _NEAREST <= white <= _DEEPEST and edge - GEOMETRY.edge <= bar.x0 <= edge + _FARTHEST:
            right = _right_end(column, beside, bar)
            xs, ys = [bar.x0, right], [bar.top, bar.bottom]
            found.append(Region(bar.x0, bar.top, right, bar.bottom, xs, ys))
            rules[:] = [r for r in rules if r is not bar]
    return found


def _right_end(column: Sequence[Span], beside: Sequence[Span], bar: Shape) -> float:
    """Where most lines end that start near a bar, and its own: a second column is none of it."""
    own, ends = (
        sorted(
            segments(row)[0][-1].x1
            for row in rows_of(spans)
            if bar.x0 - _FARTHEST <= row[0].x0 <= bar.x1 + _DEEPEST
        )
        for spans in (beside, column)
    )
    return max(own[-1], ends[int(0.6 * (len(ends) - 1))])


def _is_beside(span: Span, bar: Shape) -> bool:
    return bar.top - 1 <= span.middle <= bar.bottom + 1
