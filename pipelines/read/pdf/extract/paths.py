"""What paths paint on a page, as rectangles: rules, frames, grounds, cell borders."""

from __future__ import annotations

import ctypes
from collections.abc import Callable

import pypdfium2.raw as pdfium

from pipelines.read.pdf.extract.handles import (
    Buffers,
    Handle,
    Rectangle,
    bounds_of,
    clipped,
    matrix_of,
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

    def __init__(
        self, buffers: Buffers, is_tinted: Callable[[Rectangle], bool] | None = None
    ) -> None:
        self._b = buffers
        self._is_tinted = is_tinted
        self.shapes: list[tuple[Rectangle, int]] = []

    def take(self, item: Handle, matrix: Matrix) -> None:
        """Note what a path paints."""
        filled = self._paints(item)
        if filled is None:
            box = clipped(item, bounds_of(item, matrix, self._b), matrix, self._b)
            if self._is_tinted and box and box[2] - box[0] > _WIDE and box[3] - box[1] > _HIGH:
                self.shapes += [(box, 1)] * self._is_tinted(box)
            return
        segments = pdfium.FPDFPath_CountSegments(item)
        if 5 < segments <= _SUBPATHS:
            own = matrix_of(item, self._b)
            if own is not None:
                self._take_subpaths(item, segments, own, matrix, filled=filled)
                return
        box = clipped(item, bounds_of(item, matrix, self._b), matrix, self._b)
        if box is not None:
            self.shapes.append((box, filled))

    def _paints(self, item: Handle) -> int | None:
        """The colour a path fills with, 0 where it only outlines; None where it leaves no mark."""
        b = self._b
        red, green, blue, alpha = b.numbers
        stroke = ctypes.c_int()
        if not pdfium.FPDFPath_GetDrawMode(item, b.mode, stroke):
            return None
        if b.mode.value and pdfium.FPDFPageObj_GetFillColor(item, red, green, blue, alpha):
            white = min(red.value, green.value, blue.value) >= _WHITE
            if alpha.value > 8 and not white:
                return 1 + int(red.value) + 256 * int(green.value) + 65536 * int(blue.value)
        if stroke.value and pdfium.FPDFPageObj_GetStrokeColor(item, red, green, blue, alpha):
            white = min(red.value, green.value, blue.value) >= _WHITE
            if alpha.value > 8 and not white:
                return 0
        return None

    def _take_subpaths(
        self, item: Handle, segments: int, own: Matrix, outer: Matrix, *, filled: int
    ) -> None:
        """A path may draw all rules of a table: take every subpath as a shape of its own."""
        g, h, i, j, k, m = multiply(own, outer)
        x, y = self._b.left, self._b.bottom
        points: list[tuple[float, float]] = []
        for index in [*range(segments), -1]:
            move = True
            if index >= 0:
                segment = pdfium.FPDFPath_GetPathSegment(item, index)
                move = pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO
            if move and len(points) > 1:
                xs, ys = [p[0] for p in points], [p[1] for p in points]
                box = clipped(item, (min(xs), min(ys), max(xs), max(ys)), outer, self._b)
                if box is not None:
                    self.shapes.append((box, filled))
            if move:
                points = []
            if index >= 0 and pdfium.FPDFPathSegment_GetPoint(segment, x, y):
                px, py = x.value, y.value
                points.append((px * g + py * i + k, px * h + py * j + m))
