"""The objects of one page, form XObjects entered: text to spans, paths to shapes."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable

import pypdfium2.raw as pdfium

from pipelines.read.pdf.crossing import cell_edges, runs_over, set_within
from pipelines.read.pdf.handles import Buffers, Handle, Rectangle, bounds_of, matrix_of
from pipelines.read.pdf.layers import stands_in
from pipelines.read.pdf.leads import may_mark, parted
from pipelines.read.pdf.letters import LetterReader, Piece, close_up, is_spaced_out
from pipelines.read.pdf.marks import (
    Face,
    Matrix,
    RawPage,
    Shape,
    Span,
    direction,
    display_matrix,
    multiply,
    turn,
)
from pipelines.read.pdf.paths import PathReader

_DEPTH = 12  # form XObjects inside each other; deeper nesting is an attack or a loop
_MANY = 300  # objects on a page from which asking each for its text costs more than all characters
_LARGEST = 14_400.0  # points: no page is larger, whatever a damaged file says
_SPREAD = 0.8  # ems a letter from which a text object must hold gaps
_SMALL = 16.0  # points: a picture lower than this is a sign or a rule
_MARKER = re.compile(r"^\s*(?:\W|\(?\w{1,3}[.)]|o)\s*$")
_HAIR = 0.15  # sizes between a text and its twin
_LONGEST_CALL = 3  # figures of a footnote's number
_ABOVE = 0.15  # ems between the line and a letter that stands above it
_SHORT = 0.6  # ems of height that no letter of the text's own has, if it is not small
_FIGURE = 0.7  # ems that a figure is high
_STROKED = 2  # text render mode fill-then-stroke: how producers fake bold


def _runs_on(before: Span, span: Span) -> bool:
    """Whether a span goes on where the one before it stopped: letters or words set singly."""
    if (
        span.angle != 0
        or before.angle != 0
        or before.face != span.face
        or before.tag != span.tag
        or abs(before.base - span.base) > 0.05
        or abs(before.size - span.size) > 0.01
    ):
        return False
    if not -0.15 * span.size <= span.x0 - before.x1 <= 0.55 * span.size:
        return False
    pair = before.text + span.text.rstrip()
    return not _MARKER.match(before.text) or before.text == "(" or may_mark(pair)


def _append(before: Span, span: Span) -> None:
    """Join a span to the one drawn just before."""
    if parted(before, span):
        if not (before.text.endswith(" ") or span.text.startswith(" ")):
            before.text += " "
    else:
        before.text = before.text.rstrip(" ")
    before.text += span.text
    before.x1 = max(before.x1, span.x1)


def _as_drawn(face: Face, item: Handle, total: Matrix) -> Face:
    """The face of a text object as it looks: slanted by its matrix, made bold by a stroke."""
    if not face.italic and abs(total[2]) > 0.15 * abs(total[3]) and total[1] == 0:
        face = face._replace(italic=True)
    if not face.bold and pdfium.FPDFTextObj_GetTextRenderMode(item) == _STROKED:
        face = face._replace(bold=True)
    return face


def _lift(piece: Piece) -> None:
    """Take for raised and small what a font draws so: letters and figures that stand on no line.

    Fonts have raised figures of their own, which are set on the line at the size of the text.
    """
    bare = piece.text.strip()
    top, low = piece.box[1], piece.box[3]
    above = piece.origin[1] - low
    if (
        len(bare) <= _LONGEST_CALL
        and bare.isalnum()
        and piece.angle == 0
        and above > _ABOVE * piece.size
        and low - top < _SHORT * piece.size
    ):
        piece.size = (low - top) / _FIGURE
        piece.origin = (piece.origin[0], low)


def _embolden(pieces: Iterable[Piece], box: Rectangle) -> bool:
    """Take text drawn again a hair away for bold; PDFium may tell but once what it says."""
    for piece in pieces:
        x0, top, x1, low = piece.box
        near = _HAIR * piece.size
        if (
            -near <= x0 - box[0] <= near
            and abs(x1 - box[2]) <= near
            and abs(top - box[1]) + abs(low - box[3]) <= 2 * near
        ):
            piece.face = piece.face._replace(bold=True)
            return True
    return False


class PageReader:
    """Walks the objects of one page."""

    def __init__(
        self,
        page: Handle,
        letters: LetterReader,
        buffers: Buffers,
        *,
        hidden: frozenset[str] = frozenset(),
    ) -> None:
        self._page = page
        self._hidden = hidden  # layers that are switched off
        self._passed_over = 0  # letters in them
        self._letters = letters
        self._paths = PathReader(buffers)
        self._b = buffers
        self._pieces: list[Piece] = []
        self._drawn: dict[tuple[str, int], list[Piece]] = {}
        self._owners: list[tuple[int, Matrix]] = []  # of each piece: the address of its object
        self._pictures = 0
        self._size = (0.0, 0.0)

    def read(self, number: int) -> tuple[RawPage, bool]:
        """Read the page; the flag says whether its objects account for its characters."""
        box = pdfium.FS_RECTF()
        pdfium.FPDF_GetPageBoundingBox(self._page, box)
        crop = (box.left, box.bottom, box.right, box.top)
        turns = pdfium.FPDFPage_GetRotation(self._page)
        width, height = abs(box.right - box.left), abs(box.top - box.bottom)
        width, height = min(width, _LARGEST), min(height, _LARGEST)
        if turns % 2:
            width, height = height, width
        self._size = (width, height)
        if self._letters.forgetful or pdfium.FPDFPage_CountObjects(self._page) > _MANY:
            self._letters.read_all()
        self._walk(
            self._page,
            pdfium.FPDFPage_CountObjects(self._page),
            pdfium.FPDFPage_GetObject,
            display_matrix(crop, turns),
            0,
        )
        self._part_cells()
        return self._finish(number, width, height)

    def _part_cells(self) -> None:
        """Part pieces that run over edges of cells or other pieces where they hold white."""
        edges = cell_edges(self._paths.shapes)
        within = set_within(self._pieces)
        pieces: list[Piece] = []
        for index, (piece, owner) in enumerate(zip(self._pieces, self._owners, strict=True)):
            if index in within or (edges and runs_over(piece, edges)):
                address, matrix = owner
                pieces.extend(self._letters.split(address, piece, matrix, within.get(index, ())))
            else:
                pieces.append(piece)
        self._pieces = pieces

    def _finish(self, number: int, width: float, height: float) -> tuple[RawPage, bool]:
        close_up(self._pieces)
        weights: dict[int, int] = {}
        seen = self._passed_over
        for piece in self._pieces:
            weights[piece.angle] = weights.get(piece.angle, 0) + len(piece.text)
            seen += len(piece.text) - piece.text.count(" ")
        main = max(weights, key=lambda a: (weights[a], -a)) if weights else 0
        if main % 90:
            main = 0
        result = RawPage(number, width, height, pictures=self._pictures, turned=main)
        if main in (90, 270):
            result.width, result.height = height, width
        for piece in self._pieces:
            x0, _, x1, bottom = turn(piece.box, main, width, height)
            x, y = piece.origin
            x, base, _, _ = turn((x, y, x, y), main, width, height)
            angle = (piece.angle - main) % 360
            if angle == 0 and x <= x0 and not piece.text.startswith(" "):
                x0 = x  # where the pen was set down: the same for every letter, unlike its ink
            span = Span(
                piece.text,
                x0,
                x1,
                base if angle == 0 else bottom,
                piece.size,
                piece.face,
                piece.tag,
                angle,
            )
            if result.spans and _runs_on(result.spans[-1], span):
                _append(result.spans[-1], span)
            else:
                result.spans.append(span)
        for shape, filled in self._paths.shapes:
            result.shapes.append(Shape(*turn(shape, main, width, height), filled))
        return result, self._letters.account_for(seen)

    def _walk(self, holder: Handle, count: int, getter: Handle, matrix: Matrix, depth: int) -> None:
        kind_of = pdfium.FPDFPageObj_GetType
        for index in range(count):
            item = getter(holder, index)
            kind = kind_of(item)
            if self._hidden and stands_in(item, self._hidden):
                self._pass_over(item, kind)
            elif kind == pdfium.FPDF_PAGEOBJ_TEXT:
                self._take_text(item, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_PATH:
                self._paths.take(item, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEPTH:
                self._enter(item, matrix, depth)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                box = bounds_of(item, matrix, self._b)
                self._pictures += 1
                if box is not None and box[3] - box[1] < _SMALL:
                    self._paths.shapes.append((box, 1))

    def _pass_over(self, item: Handle, kind: int, depth: int = 0) -> None:
        """Count the letters of an object that the page does not show."""
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            self._passed_over += len("".join(self._letters.text_of(item).split()))
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEPTH:
            for index in range(pdfium.FPDFFormObj_CountObjects(item)):
                inner = pdfium.FPDFFormObj_GetObject(item, index)
                self._pass_over(inner, pdfium.FPDFPageObj_GetType(inner), depth + 1)

    def _enter(self, form: Handle, matrix: Matrix, depth: int) -> None:
        own = matrix_of(form, self._b)
        if own is None:
            return
        self._walk(
            form,
            pdfium.FPDFFormObj_CountObjects(form),
            pdfium.FPDFFormObj_GetObject,
            multiply(own, matrix),
            depth + 1,
        )

    def _take_text(self, item: Handle, matrix: Matrix) -> None:
        text = self._letters.text_of(item)
        box = bounds_of(item, matrix, self._b)
        own = matrix_of(item, self._b)
        if box is None or own is None or not self._visible(box):
            return
        face = self._letters.face(item)
        if not text.strip():
            if box[2] - box[0] <= 0.1 or box[3] - box[1] <= 0.1:
                return
            if _embolden(reversed(self._pieces), box):
                return
            text = "\ufffd"  # a glyph without a character, as bullets often are
        total = multiply(own, matrix)
        b = self._b
        pdfium.FPDFTextObj_GetFontSize(item, b.size)
        size = abs(b.size.value) * (total[2] * total[2] + total[3] * total[3]) ** 0.5
        if size <= 0.5:
            return
        if is_spaced_out(text):
            text = self._letters.spaced_anew(item, text, size, matrix)
        piece = Piece(
            text,
            box,
            (total[4], total[5]),
            size,
            _as_drawn(face, item, total),
            pdfium.FPDFPageObj_GetMarkedContentID(item),
            direction(total),
        )
        _lift(piece)
        alike = self._drawn.setdefault((text, round(piece.origin[1])), [])
        if _embolden(alike, box):
            return
        alike.append(piece)
        address = ctypes.addressof(item.contents)
        if box[2] - box[0] > _SPREAD * size * len(text.strip()) and piece.angle == 0:
            parts = self._letters.split(address, piece, matrix)
        else:
            parts = [piece]
        self._pieces.extend(parts)
        self._owners.extend([(address, matrix)] * len(parts))

    def _visible(self, box: Rectangle) -> bool:
        width, height = self._size
        left, top, right, bottom = box
        on_page = right > 0 and bottom > 0 and left < width and top < height
        return on_page and left > -width and right < 2 * width and bottom < 2 * height
