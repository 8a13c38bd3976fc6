"""PDFium's page objects: opaque pointers, and the buffers that its calls write to."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

from pipelines.read.pdf.model.matrix import Matrix, display_matrix

# An opaque pointer of PDFium's: a page, a text page, a page object, a font.
Handle = Any
# Left, top, right, bottom.
Rectangle = tuple[float, float, float, float]

_LARGEST = 14_400.0  # points: no page is larger, whatever a damaged file says


@dataclass(slots=True)
class Buffers:
    """The output arguments of the calls, made once: making them costs more than the calls."""

    size: Any = field(default_factory=ctypes.c_float)
    left: Any = field(default_factory=ctypes.c_float)
    bottom: Any = field(default_factory=ctypes.c_float)
    right: Any = field(default_factory=ctypes.c_float)
    top: Any = field(default_factory=ctypes.c_float)
    matrix: Any = field(default_factory=pdfium.FS_MATRIX)
    text: Any = field(default_factory=lambda: (ctypes.c_ushort * 2048)())
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
    left, bottom, right, top = b.left.value, b.bottom.value, b.right.value, b.top.value
    g, h, i, j, k, m = matrix
    ax, ay = left * g + bottom * i + k, left * h + bottom * j + m
    bx, by = right * g + top * i + k, right * h + top * j + m
    return (
        ax if ax < bx else bx,
        ay if ay < by else by,
        bx if bx > ax else ax,
        by if by > ay else ay,
    )


def as_shown(page: Handle) -> tuple[Matrix, tuple[float, float]]:
    """The matrix from a page's own space to the page as shown, and its size there."""
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, box)
    turns = pdfium.FPDFPage_GetRotation(page)
    width = min(abs(box.right - box.left), _LARGEST)
    height = min(abs(box.top - box.bottom), _LARGEST)
    matrix = display_matrix((box.left, box.bottom, box.right, box.top), turns)
    return matrix, (height, width) if turns % 2 else (width, height)
