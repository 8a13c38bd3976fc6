"""How thick the strokes of a font are, where nothing else says whether it is bold."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import hypot
from statistics import median
from typing import Any

from pipelines.read.pdf.extract import calls as pdfium
from pipelines.read.pdf.extract.handles import Handle

_CODES = range(0x61, 0x7B)  # small letters, or some glyphs of a font with codes of its own
_FEWEST = 4  # letters that tell


def stroke_of(font: Handle) -> float:
    """The thickness of a font's strokes in ems, about; 0 where it has no outlines.

    A stroke encloses half its length's outline times its thickness, whichever letter it makes.
    """
    found: list[float] = []
    for code in _CODES:
        path = pdfium.FPDFFont_GetGlyphPath(font, code, 1.0)
        count = pdfium.FPDFGlyphPath_CountGlyphSegments(path) if path else 0
        area = length = 0.0
        for (x0, y0), (x1, y1) in _sides(path, count):
            area += x0 * y1 - x1 * y0
            length += hypot(x1 - x0, y1 - y0)
        if length:
            found.append(abs(area) / length)
    return round(median(found), 4) if len(found) >= _FEWEST else 0.0


def _sides(path: Handle, count: int) -> Iterator[Sequence[tuple[float, float]]]:
    """The sides of an outline; its curves count as their corners do."""
    x, y = (ctypes.c_float(), ctypes.c_float())
    at: Any = ctypes.addressof(x), ctypes.addressof(y)
    contour: list[tuple[float, float]] = []
    for index in range(count):
        segment = pdfium.FPDFGlyphPath_GetGlyphPathSegment(path, index)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO:
            yield from pairwise(contour)
            contour = []
        pdfium.FPDFPathSegment_GetPoint(segment, *at)
        contour.append((x.value, y.value))
    yield from pairwise(contour)
