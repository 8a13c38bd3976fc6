"""PDFium's page objects: opaque pointers, and the buffers that its calls write to."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from pipelines.read.pdf.model.matrix import Matrix, display_matrix, mapped, multiply

# An opaque pointer of PDFium's: a page, a text page, a page object, a font.
Handle = Any
# Left, top, right, bottom.
Rectangle = tuple[float, float, float, float]

_LARGEST = 14_400.0  # points: no page is larger, whatever a damaged file says
_THIN = 3.0  # points: below this a shape is a rule, not an area
_DEPTH = 12  # form XObjects inside each other; deeper nesting is an attack or a loop


@dataclass(slots=True)
class Buffers:
    """The output arguments of the calls, made once: making them costs more than the calls."""

    size: Any = field(default_factory=ctypes.c_float)
    left: Any = field(default_factory=ctypes.c_float)
    bottom: Any = field(default_factory=ctypes.c_float)
    right: Any = field(default_factory=ctypes.c_float)
    top: Any = field(default_factory=ctypes.c_float)
    matrix: Any = field(default_factory=pdfium.FS_MATRIX)
    numbers: Any = field(default_factory=lambda: [ctypes.c_uint() for _ in range(4)])
    mode: Any = field(default_factory=ctypes.c_int)


def matrix_of(item: Handle, buffers: Buffers) -> Matrix | None:
    """The matrix of an object; None where it has none."""
    m = buffers.matrix
    if not pdfium.FPDFPageObj_GetMatrix(item, m):
        return None
    return (m.a, m.b, m.c, m.d, m.e, m.f)


def bounds_of(item: Handle, matrix: Matrix, buffers: Buffers) -> Rectangle | None:
    """The rectangle that an object covers once `matrix` maps it to the displayed page."""
    b = buffers
    if not pdfium.FPDFPageObj_GetBounds(item, b.left, b.bottom, b.right, b.top):
        return None
    return mapped((b.left.value, b.bottom.value, b.right.value, b.top.value), matrix)


def clips_of(item: Handle, matrix: Matrix, buffers: Buffers) -> Iterator[Rectangle]:
    """The rectangles around the paths that an object is clipped by."""
    clip = pdfium.FPDFPageObj_GetClipPath(item)
    x, y = buffers.left, buffers.bottom
    for path in range(max(0, pdfium.FPDFClipPath_CountPaths(clip) if clip else 0)):
        xs, ys = [], []
        for index in range(max(0, pdfium.FPDFClipPath_CountPathSegments(clip, path))):
            segment = pdfium.FPDFClipPath_GetPathSegment(clip, path, index)
            if pdfium.FPDFPathSegment_GetPoint(segment, x, y):
                xs.append(x.value)
                ys.append(y.value)
        if xs:
            yield mapped((min(xs), min(ys), max(xs), max(ys)), matrix)


def clipped(
    item: Handle, box: Rectangle | None, matrix: Matrix, buffers: Buffers
) -> Rectangle | None:
    """Cut an area to what its clipping paths let show: borders are often drawn that way."""
    if box is None or min(box[2] - box[0], box[3] - box[1]) < _THIN:
        return box
    for clip in clips_of(item, matrix, buffers):
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

    `off`: It stands in a layer that is switched off.
    """

    item: Handle
    kind: int
    matrix: Matrix
    form: Handle | None
    off: bool

    @property
    def address(self) -> int:
        """Tells objects of a page apart, as Python's handles of one object are many."""
        return ctypes.addressof(self.item.contents)


def objects_of(
    page: Handle, matrix: Matrix, buffers: Buffers, is_off: Callable[[Handle], bool]
) -> Iterator[Drawn]:
    """The objects of a page in the order in which they are drawn, form XObjects entered.

    Args:
        page: Of PDFium.
        matrix: From the page's own space to the page as shown.
        buffers: For PDFium's answers.
        is_off: Whether an object stands in a layer that is switched off.
    """

    def walk(form: Handle | None, matrix: Matrix, depth: int, *, off: bool) -> Iterator[Drawn]:
        if form is None:
            count, get, holder = pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, page
        else:
            count, get, holder = (
                pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, form
            )  # fmt: skip
        for index in range(max(0, count(holder))):
            item = get(holder, index)
            kind = pdfium.FPDFPageObj_GetType(item)
            gone = off or is_off(item)
            yield Drawn(item, kind, matrix, form, gone)
            if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEPTH:
                own = matrix_of(item, buffers)
                if own is not None:
                    yield from walk(item, multiply(own, matrix), depth + 1, off=gone)

    return walk(None, matrix, 0, off=False)


def as_shown(page: Handle) -> tuple[Matrix, tuple[float, float]]:
    """The matrix from a page's own space to the page as shown, and its size there."""
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, box)
    turns = pdfium.FPDFPage_GetRotation(page)
    width = min(abs(box.right - box.left), _LARGEST)
    height = min(abs(box.top - box.bottom), _LARGEST)
    matrix = display_matrix((box.left, box.bottom, box.right, box.top), turns)
    return matrix, (height, width) if turns % 2 else (width, height)
