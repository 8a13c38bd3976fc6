"""What is painted on a page in which order: text, and what may lie over or under it."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import pypdfium2.raw as pdfium

from pipelines.read.pdf.extract.handles import Buffers, Handle, Rectangle, bounds_of, matrix_of
from pipelines.read.pdf.model.matrix import Matrix, multiply

Colour = tuple[int, int, int]

_DEPTH: Final = 12
_FAINT: Final = 225  # of 255: a text whose every part is above it is nearly white
_CLEAR: Final = 40  # of 255: a text that lets more through than it paints
_ALIKE: Final = 40  # of 255: between a text and a ground that swallows it
_HAIR: Final = 0.5  # points that a letter may reach over the edge of what shows
_THIN: Final = 2.5  # points: a rule or an underline covers no letter
_WITHOUT_COVER: Final = frozenset(
    {
        pdfium.FPDF_ANNOT_LINK,
        pdfium.FPDF_ANNOT_POPUP,
        # Signs of notes: who reads moves them aside, and the text under them counts.
        pdfium.FPDF_ANNOT_TEXT,
        pdfium.FPDF_ANNOT_FILEATTACHMENT,
        pdfium.FPDF_ANNOT_SOUND,
        pdfium.FPDF_ANNOT_CARET,
    }
)
_OUTLINED: Final = pdfium.FPDF_TEXTRENDERMODE_STROKE
_HIDDEN_FLAG: Final = 2
_AFTER_ALL: Final = 10**9


class Text(NamedTuple):
    """A text object: where it stands, and what makes it hard to see.

    `form` is the form XObject it is part of; None where the page itself holds it.
    """

    handle: Handle
    form: Handle | None
    address: int
    order: int
    box: Rectangle
    mode: int
    colour: Colour
    faint: bool
    clipped: bool


class Painted(NamedTuple):
    """A fill, a picture or an annotation; `colour` is None where it has more than one.

    `redacts` says that somebody marked the place to be blackened, and has not done it yet.
    """

    order: int
    box: Rectangle
    colour: Colour | None = None
    picture: bool = False
    redacts: bool = False

    def looks_like(self, text: Text) -> bool:
        """Whether a text on it would not stand out."""
        if self.colour is None:
            return False
        return max(abs(a - b) for a, b in zip(self.colour, text.colour, strict=True)) < _ALIKE


@dataclass(slots=True)
class Painting:
    """The text of a page, and what is painted beside it."""

    texts: list[Text] = field(default_factory=list)
    covers: list[Painted] = field(default_factory=list)


def overlaps(one: Rectangle, other: Rectangle, part: float = 0.0) -> bool:
    """Whether a rectangle lies over more than `part` of another."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return False
    return width * height > part * (other[2] - other[0]) * (other[3] - other[1])


def paint_of(page: Handle, matrix: Matrix, buffers: Buffers) -> Painting:
    """Collect what is painted on a page, annotations last; signs of notes are hidden."""
    reader = _PaintReader(buffers)
    count = pdfium.FPDFPage_CountObjects(page)
    reader.walk(page, count, pdfium.FPDFPage_GetObject, matrix, 0)
    for index in range(max(0, pdfium.FPDFPage_GetAnnotCount(page))):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        if kind in _WITHOUT_COVER:
            pdfium.FPDFAnnot_SetFlags(annotation, _HIDDEN_FLAG)
        else:
            box = _rectangle(annotation, matrix)
            if box is not None:
                marked = kind == pdfium.FPDF_ANNOT_REDACT
                reader.painting.covers.append(Painted(_AFTER_ALL, box, redacts=marked))
        pdfium.FPDFPage_CloseAnnot(annotation)
    return reader.painting


def _rectangle(annotation: Handle, matrix: Matrix) -> Rectangle | None:
    rect = pdfium.FS_RECTF()
    if not pdfium.FPDFAnnot_GetRect(annotation, rect):
        return None
    g, h, i, j, k, m = matrix
    corners = [(x, y) for x in (rect.left, rect.right) for y in (rect.bottom, rect.top)]
    xs = [x * g + y * i + k for x, y in corners]
    ys = [x * h + y * j + m for x, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


class _PaintReader:
    def __init__(self, buffers: Buffers) -> None:
        self.painting = Painting()
        self._b = buffers
        self._order = 0
        self._fill = ctypes.c_int()
        self._stroke = ctypes.c_int()
        self._width, self._x, self._y = (ctypes.c_float() for _ in range(3))

    def walk(self, holder: Handle, count: int, getter: Handle, matrix: Matrix, depth: int) -> None:
        for index in range(count):
            item = getter(holder, index)
            kind = pdfium.FPDFPageObj_GetType(item)
            self._order += 1
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                self._text(item, matrix, holder if depth else None)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEPTH:
                own = matrix_of(item, self._b)
                if own is not None:
                    inner = pdfium.FPDFFormObj_CountObjects(item)
                    into = pdfium.FPDFFormObj_GetObject
                    self.walk(item, inner, into, multiply(own, matrix), depth + 1)
            elif kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING):
                box = bounds_of(item, matrix, self._b)
                if box is not None:
                    picture = kind == pdfium.FPDF_PAGEOBJ_IMAGE
                    self.painting.covers.append(Painted(self._order, box, None, picture))
            elif kind == pdfium.FPDF_PAGEOBJ_PATH:
                self._path(item, matrix)

    def _text(self, item: Handle, matrix: Matrix, form: Handle | None) -> None:
        box = bounds_of(item, matrix, self._b)
        if box is None:
            return
        mode = pdfium.FPDFTextObj_GetTextRenderMode(item)
        colour, alpha = self._colour(item, stroke=mode == _OUTLINED)
        self.painting.texts.append(
            Text(
                item,
                form,
                ctypes.addressof(item.contents),
                self._order,
                box,
                mode,
                colour,
                faint=min(colour) >= _FAINT or alpha < _CLEAR,
                clipped=self._cuts(pdfium.FPDFPageObj_GetClipPath(item), box, matrix),
            )
        )

    def _cuts(self, clip: Handle, box: Rectangle, matrix: Matrix) -> bool:
        """Whether a clipping path leaves something of a box outside."""
        g, h, i, j, k, m = matrix
        count = pdfium.FPDFClipPath_CountPaths(clip) if clip else 0
        for index in range(max(0, count)):
            xs, ys = [], []
            for number in range(max(0, pdfium.FPDFClipPath_CountPathSegments(clip, index))):
                segment = pdfium.FPDFClipPath_GetPathSegment(clip, index, number)
                if pdfium.FPDFPathSegment_GetPoint(segment, self._x, self._y):
                    x, y = self._x.value, self._y.value
                    xs.append(x * g + y * i + k)
                    ys.append(x * h + y * j + m)
            if not xs or not (
                min(xs) <= box[0] + _HAIR
                and min(ys) <= box[1] + _HAIR
                and max(xs) >= box[2] - _HAIR
                and max(ys) >= box[3] - _HAIR
            ):
                return True
        return False

    def _path(self, item: Handle, matrix: Matrix) -> None:
        pdfium.FPDFPath_GetDrawMode(item, self._fill, self._stroke)
        if not self._fill.value:
            pdfium.FPDFPageObj_GetStrokeWidth(item, self._width)
            if not self._stroke.value or self._width.value < _THIN:
                return
        box = bounds_of(item, matrix, self._b)
        if box is None or min(box[2] - box[0], box[3] - box[1]) < _THIN:
            return
        colour, _ = self._colour(item, stroke=not self._fill.value)
        self.painting.covers.append(Painted(self._order, box, colour))

    def _colour(self, item: Handle, *, stroke: bool) -> tuple[Colour, int]:
        get = pdfium.FPDFPageObj_GetStrokeColor if stroke else pdfium.FPDFPageObj_GetFillColor
        red, green, blue, alpha = self._b.numbers
        if not get(item, red, green, blue, alpha):
            return (0, 0, 0), 255
        return (red.value, green.value, blue.value), alpha.value
