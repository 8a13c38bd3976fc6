"""What paths paint on a page, as rectangles: rules, frames, grounds, cell borders."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipelines.read.pdf.extract import calls as pdfium
from pipelines.read.pdf.extract.handles import (
    Drawn,
    Handle,
    Rectangle,
    clipped,
    colour_of,
    draw_mode,
    matrix_of,
    point_of,
)
from pipelines.read.pdf.model.matrix import Matrix, multiply

_SUBPATHS = 400  # segments of a path that are looked at one by one
_WHITE = 252  # of 255: what is lighter leaves no mark
_WIDE, _HIGH = 100.0, 20.0  # points: a ground that text stands on


class PathReader:
    """Reads the paths of one page.

    PDFium calls what is filled with a pattern white; `is_tinted` tells whether it looks white, and
    is given for files that have patterns.
    """

    def __init__(self, is_tinted: Callable[[Rectangle], bool] | None = None) -> None:
        self._is_tinted = is_tinted
        self.shapes: list[tuple[Rectangle, int]] = []

    def take(self, drawn: Drawn) -> None:
        """Note what a path paints."""
        item, matrix = drawn.item, drawn.matrix
        filled = _paints(item)
        if filled is None:
            box = clipped(item, drawn.box, matrix) if self._is_tinted else None
            if self._is_tinted and box and box[2] - box[0] > _WIDE and box[3] - box[1] > _HIGH:
                self.shapes += [(box, 1)] * self._is_tinted(box)
            return
        segments = pdfium.FPDFPath_CountSegments(item)
        own = matrix_of(item) if 5 < segments <= _SUBPATHS else None
        parts = (drawn.box,) if own is None else _subpaths(item, segments, multiply(own, matrix))
        for box in parts:
            if shown := clipped(item, box, matrix):
                self.shapes.append((shown, filled))


def _paints(item: Handle) -> int | None:
    """The colour a path fills with, 0 where it only outlines; None where it leaves no mark."""
    filled, stroked = draw_mode(item)
    for stroke in (False,) * bool(filled) + (True,) * bool(stroked):
        *colour, alpha = colour_of(item, stroke=stroke)
        if alpha > 8 and min(colour) < _WHITE:
            return 0 if stroke else 1 + colour[0] + 256 * colour[1] + 65536 * colour[2]
    return None


def _subpaths(item: Handle, segments: int, total: Matrix) -> Iterator[Rectangle]:
    """What each subpath covers: a path may draw all rules of a table."""
    g, h, i, j, k, m = total
    xs: list[float] = []
    ys: list[float] = []
    for index in range(segments):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO:
            if len(xs) > 1:
                yield min(xs), min(ys), max(xs), max(ys)
            xs, ys = [], []
        if point := point_of(segment):
            x, y = point
            xs.append(x * g + y * i + k)
            ys.append(x * h + y * j + m)
    if len(xs) > 1:
        yield min(xs), min(ys), max(xs), max(ys)
