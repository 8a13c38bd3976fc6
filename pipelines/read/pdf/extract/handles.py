"""PDFium's page objects: opaque pointers, and the buffers that its calls write to."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable
from typing import Any, NamedTuple

from pipelines.read.pdf.extract import calls as pdfium
from pipelines.read.pdf.model.matrix import Matrix, display_matrix, mapped, multiply

# An opaque pointer of PDFium's: a page, a text page, a page object, a font.
Handle = Any
# Left, top, right, bottom.
Rectangle = tuple[float, float, float, float]

_LARGEST = 14_400.0  # points: no page is larger, whatever a damaged file says
_THIN = 3.0  # points: below this a shape is a rule, not an area
_LONGEST = 4096  # bytes of a name, a title, a type; what is longer is not asked for
_BLACK = (0, 0, 0, 255)
_DEPTH = 12  # form XObjects inside each other; deeper nesting is an attack or a loop

# What calls write to, made once: making it costs more than the calls.
_MATRIX, _BOX, _NUMBERS = (ctypes.c_float * 6)(), (ctypes.c_float * 4)(), (ctypes.c_uint * 4)()
_of_matrix, _of_box, _of_numbers = (struct.Struct(kind).unpack_from for kind in ("6f", "4f", "4I"))
_SIDES = [ctypes.addressof(_BOX) + 4 * i for i in range(4)]
_WORDS = ctypes.create_string_buffer(_LONGEST)
_EACH = [ctypes.addressof(_NUMBERS) + 4 * i for i in range(4)]


def matrix_of(item: Handle) -> Matrix | None:
    """The matrix of an object; None where it has none."""
    return _of_matrix(_MATRIX) if pdfium.FPDFPageObj_GetMatrix(item, _MATRIX) else None


def number_of(ask: Handle, item: Handle) -> float:
    """A number that a call tells of an object, such as the size of a font."""
    _BOX[0] = 0.0
    ask(item, _BOX)
    return _BOX[0]


def said(ask: Handle, *what: object) -> str:
    """What a call says in words, such as the name of an attachment; empty where it says nothing."""
    length = ask(*what, _WORDS, _LONGEST)
    return _WORDS.raw[: length - 2].decode("utf-16-le", "replace") if 2 < length <= _LONGEST else ""


def colour_of(item: Handle, *, stroke: bool) -> tuple[int, ...]:
    """Red, green, blue and alpha that an object is painted with, to 255; black if none is told."""
    ask = pdfium.FPDFPageObj_GetStrokeColor if stroke else pdfium.FPDFPageObj_GetFillColor
    return _of_numbers(_NUMBERS) if ask(item, *_EACH) else _BLACK


def draw_mode(path: Handle) -> tuple[int, ...]:
    """How a path is filled, and whether its outline is drawn; 0 where it is not."""
    return _of_numbers(_NUMBERS)[:2] if pdfium.FPDFPath_GetDrawMode(path, *_EACH[:2]) else (0, 0)


def point_of(segment: Handle) -> tuple[float, ...] | None:
    """Where a segment of a path ends; None where PDFium does not say."""
    return _of_box(_BOX)[:2] if pdfium.FPDFPathSegment_GetPoint(segment, *_SIDES[:2]) else None


def clips_of(item: Handle, matrix: Matrix) -> list[Rectangle]:
    """The rectangles around the paths that an object is clipped by."""
    clip = pdfium.FPDFPageObj_GetClipPath(item)
    found = []
    for path in range(pdfium.FPDFClipPath_CountPaths(clip) if clip else 0):
        segments = range(pdfium.FPDFClipPath_CountPathSegments(clip, path))
        ends = [point_of(pdfium.FPDFClipPath_GetPathSegment(clip, path, i)) for i in segments]
        if points := [point for point in ends if point]:
            xs, ys = zip(*points, strict=True)
            found.append(mapped((min(xs), min(ys), max(xs), max(ys)), matrix))
    return found


def clipped(item: Handle, box: Rectangle | None, matrix: Matrix) -> Rectangle | None:
    """Cut an area to what its clipping paths let show: borders are often drawn that way."""
    if box is None or min(box[2] - box[0], box[3] - box[1]) < _THIN:
        return box
    for clip in clips_of(item, matrix):
        box = (
            max(box[0], clip[0]),
            max(box[1], clip[1]),
            min(box[2], clip[2]),
            min(box[3], clip[3]),
        )
        if box[0] > box[2] or box[1] > box[3]:
            return None
    return box


class Drawn(NamedTuple):
    """A page object, its kind, the matrix it is drawn with, and the form XObject it is part of.

    `off`: It stands in a layer that is switched off. `box`: What it covers on the page as shown.
    """

    item: Handle
    kind: int
    matrix: Matrix
    form: Handle | None
    off: bool
    box: Rectangle | None


def objects_of(
    page: Handle,
    matrix: Matrix,
    is_off: Callable[[Handle], bool] | None,
    *,
    within: Drawn | None = None,
    depth: int = 0,
) -> list[Drawn]:
    """The objects of a page in the order in which they are drawn, form XObjects entered.

    Args:
        page: Of PDFium.
        matrix: From the page's own space to the page as shown.
        is_off: Whether an object stands in a layer that is switched off; None where none is.
        within: A form XObject of the page, where only its objects are asked for.
        depth: How many others that is in.
    """
    count, get, holder, form = pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, page, None
    if within is not None:
        count, get = pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject
        holder = form = within.item
    kind_of, bounds, found = pdfium.FPDFPageObj_GetType, pdfium.FPDFPageObj_GetBounds, list[Drawn]()
    for index in range(max(0, count(holder))):
        item = get(holder, index)
        kind = kind_of(item)
        off = (within is not None and within.off) or (is_off is not None and is_off(item))
        box = mapped(_of_box(_BOX), matrix) if bounds(item, *_SIDES) else None
        drawn = Drawn(item, kind, matrix, form, off, box)
        found.append(drawn)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEPTH:
            own = matrix_of(item)
            if own is not None:
                inner = multiply(own, matrix)
                found += objects_of(page, inner, is_off, within=drawn, depth=depth + 1)
    return found


def as_shown(page: Handle) -> tuple[Matrix, tuple[float, float]]:
    """The matrix from a page's own space to the page as shown, and its size there."""
    pdfium.FPDF_GetPageBoundingBox(page, _BOX)
    left, top, right, bottom = _of_box(_BOX)
    turns = pdfium.FPDFPage_GetRotation(page)
    width, height = min(abs(right - left), _LARGEST), min(abs(top - bottom), _LARGEST)
    matrix = display_matrix((left, bottom, right, top), turns)
    return matrix, (height, width) if turns % 2 else (width, height)
