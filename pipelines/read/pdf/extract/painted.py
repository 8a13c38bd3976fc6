"""What is painted on a page in which order: text, and what may lie over or under it."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from pipelines.read.pdf.extract import calls as pdfium
from pipelines.read.pdf.extract.handles import (
    Drawn,
    Handle,
    Rectangle,
    clipped,
    clips_of,
    colour_of,
    draw_mode,
    number_of,
)
from pipelines.read.pdf.model.matrix import Matrix, mapped

Colour = tuple[int, ...]  # red, green, blue; of 255

_FAINT: Final = 225  # of 255: a text whose every part is above it is nearly white
_CLEAR: Final = 40  # of 255: a text that lets more through than it paints
_ALIKE: Final = 40  # of 255: between a text and a ground that swallows it
_LABEL: Final = 4  # heights of a text
_HAIR: Final = 0.5  # points that a letter may reach over the edge of what shows
_THIN: Final = 2.5  # points: a rule or an underline covers no letter
_TURNS: Final = 12  # ends of a stroke that goes to and fro; a frame has five
_HATCHED: Final = 4  # strokes side by side; a double rule has two
_SIDE: Final = 1.0  # points beside a stroke
_ALONG: Final = 0.5  # part of a stroke, with its sides, that another's take
WITHOUT_COVER: Final = frozenset(
    {
        pdfium.FPDF_ANNOT_LINK,
        pdfium.FPDF_ANNOT_POPUP,
        # Icons of notes: readers move them aside, and the text under them counts.
        pdfium.FPDF_ANNOT_TEXT,
        pdfium.FPDF_ANNOT_FILEATTACHMENT,
        pdfium.FPDF_ANNOT_SOUND,
        pdfium.FPDF_ANNOT_CARET,
    }
)
_OUTLINED: Final = pdfium.FPDF_TEXTRENDERMODE_STROKE
HIDDEN_FLAG: Final = 2
_MANY: Final = 200_000  # pairs of text and cover; a page has hundreds
_AFTER_ALL: Final = 10**9


class Text(NamedTuple):
    """A text object: where it stands, and what makes it hard to see.

    `form` is the form XObject it is part of; None where the page itself holds it.
    """

    handle: Handle
    form: Handle | None
    order: int
    box: Rectangle
    mode: int
    colour: Colour
    faint: bool
    clipped: bool


class Painted(NamedTuple):
    """A fill, a picture or an annotation; `colour` is None where it has more than one.

    `redacts` says that somebody marked the place to be blackened, and has not done it yet;
    `handle` is None of an annotation.
    """

    order: int
    box: Rectangle
    colour: Colour | None = None
    picture: bool = False
    redacts: bool = False
    handle: Handle | None = None

    def looks_like(self, text: Text) -> bool:
        """Whether a text on it may not stand out; a picture no higher than a label may be black."""
        if self.colour is None:
            return self.box[3] - self.box[1] < _LABEL * (text.box[3] - text.box[1])
        return max(abs(a - b) for a, b in zip(self.colour, text.colour, strict=True)) < _ALIKE


@dataclass(slots=True)
class Painting:
    """The text of a page, and what is painted beside it.

    `clear`: Forms that let more through than they paint.
    """

    texts: list[Text] = field(default_factory=list)
    covers: list[Painted] = field(default_factory=list)
    clear: set[int] = field(default_factory=set)
    _strokes: list[Painted] = field(default_factory=list)
    _scribbles: list[Painted] = field(default_factory=list)

    def take(self, drawn: Drawn, order: int) -> None:
        """Note a page object if it is a text, or may lie over one or under it."""
        if drawn.kind == pdfium.FPDF_PAGEOBJ_FORM:
            colour = colour_of(drawn.item, stroke=False)
            if drawn.form in self.clear or colour[3] < _CLEAR:
                self.clear.add(drawn.item)
            return
        if drawn.box is None:
            return
        if drawn.kind == pdfium.FPDF_PAGEOBJ_TEXT:
            self._text(drawn, drawn.box, order)
        elif drawn.kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING):
            picture = drawn.kind == pdfium.FPDF_PAGEOBJ_IMAGE
            self.covers.append(Painted(order, drawn.box, None, picture, handle=drawn.item))
        elif drawn.kind == pdfium.FPDF_PAGEOBJ_PATH:
            self._path(drawn, order)

    def _text(self, drawn: Drawn, box: Rectangle, order: int) -> None:
        item = drawn.item
        mode = pdfium.FPDFTextObj_GetTextRenderMode(item)
        *colour, alpha = colour_of(item, stroke=mode == _OUTLINED)
        faint = min(colour) >= _FAINT or alpha < _CLEAR or drawn.form in self.clear
        clipped = False
        for clip in clips_of(item, drawn.matrix):
            clipped |= (
                clip[0] > box[0] + _HAIR
                or clip[1] > box[1] + _HAIR
                or clip[2] < box[2] - _HAIR
                or clip[3] < box[3] - _HAIR
            )
        text = Text(item, drawn.form, order, box, mode, tuple(colour), faint, clipped)
        self.texts.append(text)

    def _path(self, drawn: Drawn, order: int) -> None:
        filled, stroked = draw_mode(drawn.item)
        box = clipped(drawn.item, drawn.box, drawn.matrix) if filled or stroked else None
        if box is None:
            return
        colour = colour_of(drawn.item, stroke=not filled)
        cover = Painted(order, box, colour[:3], handle=drawn.item)
        thin = not filled and number_of(pdfium.FPDFPageObj_GetStrokeWidth, drawn.item) < _THIN
        slight = min(box[2] - box[0], box[3] - box[1]) < _THIN
        if not (thin or slight):
            self.covers.append(cover)
        elif thin and not slight and pdfium.FPDFPath_CountSegments(drawn.item) >= _TURNS:
            self._scribbles.append(cover)
        else:
            self._strokes.append(cover)

    def hatch(self) -> None:
        """Take scribbles for covers, and thin strokes that follow each other and lie side by side.

        Not where they crowd the page, as on a map.
        """
        found, run = self._scribbles, list[Painted]()
        for stroke in [*self._strokes, None]:
            if run and (stroke is None or not _is_beside(run[-1].box, stroke.box)):
                found += run if len(run) >= _HATCHED else []
                run = []
            run += [stroke] if stroke else []
        if len(self.texts) * (len(self.covers) + len(found)) <= _MANY:
            self.covers += found

    @property
    def crowded(self) -> bool:
        """Whether there are too many texts and covers to compare each with each."""
        return len(self.texts) * len(self.covers) > _MANY

    def over(self, text: Text) -> list[Painted]:
        """What is painted after a text, anywhere on the page."""
        return [cover for cover in self.covers if cover.order > text.order]


def overlaps(one: Rectangle, other: Rectangle, part: float = 0.0) -> bool:
    """Whether a rectangle lies over more than `part` of another."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return False
    return width * height > part * (other[2] - other[0]) * (other[3] - other[1])


def _is_beside(one: Rectangle, other: Rectangle) -> bool:
    """Whether two strokes lie along each other, so close that nothing is read between them."""
    wide = [(b[0] - _SIDE, b[1] - _SIDE, b[2] + _SIDE, b[3] + _SIDE) for b in (one, other)]
    return overlaps(wide[0], wide[1], _ALONG) or overlaps(wide[1], wide[0], _ALONG)


def paint_of(page: Handle, objects: Iterable[Drawn], matrix: Matrix) -> Painting:
    """Collect what is painted on a page, annotations last; icons of notes are hidden."""
    painting = Painting()
    for order, drawn in enumerate(objects):
        painting.take(drawn, order)
    painting.hatch()
    for index in range(max(0, pdfium.FPDFPage_GetAnnotCount(page))):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        if kind in WITHOUT_COVER:
            pdfium.FPDFAnnot_SetFlags(annotation, HIDDEN_FLAG)
        else:
            box = rectangle_of(annotation, matrix)
            if box is not None and not _is_writing(annotation):
                marked = kind == pdfium.FPDF_ANNOT_REDACT
                painting.covers.append(Painted(_AFTER_ALL, box, redacts=marked))
        pdfium.FPDFPage_CloseAnnot(annotation)
    return painting


def _is_writing(annotation: Handle) -> bool:
    """Whether an annotation draws nothing but letters: they cover no more than others do."""
    kinds = {kind for _, kind in drawn_in(annotation)}
    return kinds == {pdfium.FPDF_PAGEOBJ_TEXT}


def drawn_in(annotation: Handle) -> Iterator[tuple[Handle, int]]:
    """The objects that an annotation draws, and the kind of each."""
    for index in range(max(0, pdfium.FPDFAnnot_GetObjectCount(annotation))):
        item = pdfium.FPDFAnnot_GetObject(annotation, index)
        yield item, pdfium.FPDFPageObj_GetType(item)


def rectangle_of(annotation: Handle, matrix: Matrix) -> Rectangle | None:
    """Where an annotation lies on the page as shown."""
    rect = (ctypes.c_float * 4)()
    if not pdfium.FPDFAnnot_GetRect(annotation, rect):
        return None
    left, top, right, bottom = rect
    return mapped((left, bottom, right, top), matrix)
