"""Pages as pictures, small, to see what of their text is seen."""

from __future__ import annotations

import ctypes
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from pipelines.read.pdf.extract import calls as pdfium
from pipelines.read.pdf.extract.handles import Handle, Rectangle
from pipelines.read.pdf.extract.painted import Painting, Text, overlaps

_SCALE: Final = 2.0  # pixels a point: a letter of the smallest print has some of its own
_WIDEST: Final = 2_400  # pixels
_NOTICED: Final = 10  # of 255: a smaller difference is seen by nobody
_EVEN: Final = 24  # of 255, within which a ground is of one colour
_PAPER: Final = 200  # of 255
_CHANNELS: Final = 3


@dataclass(frozen=True, slots=True)
class Picture:
    """A part of a page drawn: rows of blue, green and red, `scale` pixels a point.

    `left` and `top` are the pixels of the page left of it and above it.
    """

    data: bytes
    stride: int
    width: int
    height: int
    scale: float
    left: int
    top: int

    def same(self, other: Picture, box: Rectangle) -> bool:
        """Whether nobody sees a difference between two pictures within a box of the page."""
        for begin, end in self._rows(box):
            mine, theirs = self.data[begin:end], other.data[begin:end]
            if mine != theirs and any(
                abs(a - b) > _NOTICED for a, b in zip(mine, theirs, strict=True)
            ):
                return False
        return True

    def ink(self, other: Picture, box: Rectangle) -> int:
        """How much two pictures differ within a box of the page, all pixels and colours summed."""
        mine, theirs = self._within(box), other._within(box)
        return sum(abs(a - b) for a, b in zip(mine, theirs, strict=True)) if mine != theirs else 0

    def one_colour(self, box: Rectangle, *, paper: bool) -> bool:
        """Whether a box of the page is of one colour; that of paper counts only if asked for."""
        data = self._within(box)
        channels = [data[at::_CHANNELS] for at in range(_CHANNELS)]
        even = all(max(c, default=0) - min(c, default=0) <= _EVEN for c in channels)
        return even and (paper or min(data, default=255) < _PAPER)

    def is_tinted(self, box: Rectangle) -> bool:
        """Whether most of a box of the page is not white."""
        data = self._within(box)
        pixels = [data[at : at + _CHANNELS] for at in range(0, len(data), _CHANNELS)]
        return 2 * pixels.count(b"\xff" * _CHANNELS) < len(pixels)

    def _within(self, box: Rectangle) -> bytes:
        return b"".join(self.data[begin:end] for begin, end in self._rows(box))

    def _rows(self, box: Rectangle) -> list[tuple[int, int]]:
        left, top, right, bottom = (value * self.scale for value in box)
        left, right = left - self.left, right - self.left
        top, bottom = top - self.top, bottom - self.top
        x0, x1 = max(0, int(left)), min(self.width, max(int(right), int(left) + 1))
        y0, y1 = max(0, int(top)), min(self.height, max(int(bottom) + 1, int(top) + 1))
        if x0 >= x1:
            return []
        return [
            (y * self.stride + x0 * _CHANNELS, y * self.stride + x1 * _CHANNELS)
            for y in range(y0, y1)
        ]


def draw(
    page: Handle, size: tuple[float, float], box: Rectangle, *, laid: bool = True
) -> Picture | None:
    """Draw what a box of a page shows, `laid` annotations too; None where there is no room."""
    scale = min(_SCALE, _WIDEST / max(*size, 1.0))
    whole = [max(1, int(length * scale)) for length in size]
    left, top = max(0, int(box[0] * scale)), max(0, int(box[1] * scale))
    width = min(whole[0], int(box[2] * scale) + 1) - left
    height = min(whole[1], int(box[3] * scale) + 1) - top
    if width < 1 or height < 1:  # all of it is off the page
        return Picture(b"", 0, 0, 0, scale, 0, 0)
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_BGR, None, 0)
    if not bitmap:
        return None
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, -left, -top, *whole, 0, pdfium.FPDF_ANNOT * laid)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        data = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    return Picture(data, stride, width, height, scale, left, top)


def draw_bare(
    suspects: Collection[Text],
    painting: Painting,
    page: Handle,
    size: tuple[float, float],
    place: Rectangle,
) -> tuple[Picture, Picture] | None:
    """Draw a place with some text and without, nothing painted over it; None where nothing is."""
    over = [
        c.handle
        for c in (() if painting.crowded else painting.covers)
        if any(c.order > s.order and overlaps(c.box, s.box) for s in suspects)
    ]
    for handle in over:
        pdfium.FPDFPageObj_SetIsActive(handle, False)
    shown = draw(page, size, place, laid=False) if over else None
    without = draw_without(suspects, page, size, place, laid=False) if over else None
    for handle in over:
        pdfium.FPDFPageObj_SetIsActive(handle, True)
    return None if shown is None or without is None else (shown, without)


def draw_without(
    suspects: Iterable[Text],
    page: Handle,
    size: tuple[float, float],
    place: Rectangle,
    *,
    laid: bool = True,
) -> Picture | None:
    """Draw a place of a page without some of its text."""
    modes = [(item.handle, item.mode) for item in suspects]
    for handle, _ in modes:
        pdfium.FPDFTextObj_SetTextRenderMode(handle, pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)
    picture = draw(page, size, place, laid=laid)
    for handle, mode in modes:
        pdfium.FPDFTextObj_SetTextRenderMode(handle, mode)
    return picture
