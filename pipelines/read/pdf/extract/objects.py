"""The objects of one page, form XObjects entered: text to spans, paths to shapes."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.read.pdf.extract import calls as pdfium
from pipelines.read.pdf.extract.crossing import cell_edges, indented_bullets, runs_over, set_within
from pipelines.read.pdf.extract.handles import (
    Drawn,
    Handle,
    Rectangle,
    as_shown,
    matrix_of,
    number_of,
)
from pipelines.read.pdf.extract.letters import LetterReader, Piece, is_spaced_out
from pipelines.read.pdf.extract.paths import PathReader
from pipelines.read.pdf.extract.pieces import (
    append,
    as_drawn,
    close_up,
    embolden,
    lift,
    raise_small,
    runs_on,
    seen_parts,
    stance_of,
    upright_box,
)
from pipelines.read.pdf.extract.shown import draw
from pipelines.read.pdf.extract.unseen import Unseen
from pipelines.read.pdf.model.matrix import Matrix, multiply, turn
from pipelines.read.pdf.model.page import RawPage, Shape, Span, heaviest

_SPREAD = 0.65  # ems a letter from which a text object must hold gaps
_WIDE = 0.54  # ems a letter from which a text may be driven apart
_NEAR = 20.0  # points: what is drawn twice, to look bold, is nearer than that
_EDGE = 2.0  # points: white beside the text on a ground
_SMALL = 16.0  # points: a picture lower than this is a sign or a rule


class PageReader:
    """Walks the objects of one page."""

    def __init__(
        self,
        page: Handle,
        letters: LetterReader,
        unseen: Unseen,
        *,
        patterned: bool = False,
    ) -> None:
        self._page = page
        _, self._size = as_shown(page)
        self._passed_over = 0  # letters in layers that are switched off
        self._letters = letters
        self._paths = PathReader(self._is_tinted if patterned else None)
        self._pieces: list[Piece] = []
        self._drawn: dict[tuple[str, int], dict[int, list[Piece]]] = {}
        self._owners: list[int] = []  # of each piece: the address of its object
        self._pictures = 0
        self._unseen = unseen

    def read(self, number: int, objects: Sequence[Drawn]) -> tuple[RawPage, bool]:
        """Read the page's objects; the flag says whether they account for its characters."""
        for drawn in objects:
            self._take(drawn)
        self._part_cells()
        return self._finish(number, *self._size)

    def _part_cells(self) -> None:
        """Part pieces that run over edges of cells or other pieces where they hold white."""
        edges = cell_edges(self._paths.shapes)
        within = set_within(self._pieces)
        for index in indented_bullets(self._pieces):
            within.setdefault(index, [])
        pieces: list[Piece] = []
        for index, (piece, owner) in enumerate(zip(self._pieces, self._owners, strict=True)):
            if index in within or (edges and runs_over(piece, edges)):
                at = within.get(index, ())
                pieces.extend(self._letters.split(owner, piece, at))
            else:
                pieces.append(piece)
        self._pieces = pieces

    def _finish(self, number: int, width: float, height: float) -> tuple[RawPage, bool]:
        close_up(self._pieces)
        shown = sum(len(piece.text) - piece.text.count(" ") for piece in self._pieces)
        seen = self._passed_over + self._unseen.letters + shown
        main = -int(heaviest((-piece.angle, len(piece.text)) for piece in self._pieces))
        if main % 90:
            main = 0
        result = RawPage(number, width, height, pictures=self._pictures, turned=main)
        result.covered, result.invisible = self._unseen.covered, self._unseen.invisible
        if main in (90, 270):
            result.width, result.height = height, width
        spans, small = result.spans, 0.0
        for piece in self._pieces:
            text, size = piece.text, piece.size
            x0, _, x1, bottom = piece.box
            x, base = piece.origin
            if main:
                x0, _, x1, bottom = turn(piece.box, main, width, height)
                x, base, _, _ = turn((x, base, x, base), main, width, height)
            angle = (piece.angle - main) % 360
            if angle:
                base = bottom
            elif x <= x0 and text[:1] != " ":
                x0 = x  # where the pen was set down: the same for every letter, unlike its ink
            span = Span(text, x0, x1, base, size, piece.face, piece.tag, angle)
            before = spans[-1] if spans else span
            if small or size != before.size:
                small = raise_small(before, span, small)
            if before is not span and runs_on(before, span):
                append(before, span)
            else:
                spans.append(span)
        for shape, filled in self._paths.shapes:
            result.shapes.append(Shape(*turn(shape, main, width, height), filled))
        return result, self._letters.account_for(seen)

    def _take(self, drawn: Drawn) -> None:
        kind, box = drawn.kind, drawn.box
        if drawn.off:
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                self._passed_over += len("".join(self._letters.texts.get(drawn.item, "").split()))
        elif kind == pdfium.FPDF_PAGEOBJ_TEXT:
            if box is not None and self._visible(box):
                self._take_text(drawn.item, drawn.matrix, box)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            self._paths.take(drawn)
        elif kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING):
            picture = kind == pdfium.FPDF_PAGEOBJ_IMAGE
            self._pictures += picture
            # Of a tint that fades, as far as it shows.
            if box is not None and (not picture or box[3] - box[1] < _SMALL):
                self._paths.shapes.append((box, 1))

    def _take_text(self, item: Handle, matrix: Matrix, box: Rectangle) -> None:
        text = self._letters.texts.get(item, "")
        own = matrix_of(item)
        if own is None:
            return
        if not text.strip():
            if box[2] - box[0] <= 0.1 or box[3] - box[1] <= 0.1:
                return
            if embolden(reversed(self._pieces), box):
                return
            text = "\ufffd"  # a glyph without a character, as bullets often are
        *shape, x, y = multiply(own, matrix)
        height, slant, angle = stance_of(*shape)
        size = abs(number_of(pdfium.FPDFTextObj_GetFontSize, item)) * height
        if size <= 0.5:  # fonts of drawings have a scale of their own
            size = box[3] - box[1]
        if size <= 0.5:
            return
        if slant:
            box = upright_box(box, y, slant)
        if is_spaced_out(text) or box[2] - box[0] > _WIDE * size * len(text):
            text = self._letters.spaced_anew(item, text, size)
        face = as_drawn(self._letters.face(item), slant, stroked=item in self._unseen.stroked)
        mark = pdfium.FPDFPageObj_GetMarkedContentID(item)
        piece = Piece(text, box, (x, y), size, face, mark, angle)
        lift(piece)
        self._keep(piece, item)

    def _keep(self, piece: Piece, address: int) -> None:
        """Keep a text object, or the parts of it that are seen or stand apart.

        Unless it was drawn a hair away before: that one is bold.
        """
        key, at = (piece.text, round(piece.origin[1])), int(piece.box[0] / _NEAR)
        alike = self._drawn.get(key)
        if alike is None:
            self._drawn[key] = {at: [piece]}
        elif any(embolden(alike.get(at + i, ()), piece.box) for i in (0, -1, 1)):
            return
        else:
            alike.setdefault(at, []).append(piece)
        letters = self._unseen.objects.get(address)
        wide = piece.box[2] - piece.box[0]
        if letters:
            parts = seen_parts(piece, letters)
        elif piece.angle == 0 and (
            wide > _SPREAD * piece.size * len(piece.text.strip())
            or piece.origin[0] - piece.box[0] > piece.size  # the pen goes back
        ):
            parts = self._letters.split(address, piece)
        else:
            parts = [piece]
        self._pieces.extend(parts)
        self._owners.extend([address] * len(parts))

    def _is_tinted(self, box: Rectangle) -> bool:
        """Whether a ground is drawn in a colour: at its left edge no text stands."""
        picture = draw(self._page, self._size, box)
        return picture is not None and picture.is_tinted((*box[:2], box[0] + _EDGE, box[3]))

    def _visible(self, box: Rectangle) -> bool:
        width, height = self._size
        left, top, right, bottom = box
        on_page = right > 0 and bottom > 0 and left < width and top < height
        return on_page and left > -width and right < 2 * width and bottom < 2 * height
