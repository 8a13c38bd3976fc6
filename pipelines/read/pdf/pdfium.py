"""PDF pages to spans and shapes through PDFium's page objects: the fast way of reading.

Raw ctypes, a handful of calls a text object and none a character: forty times faster than
collecting characters one by one. Stream order means nothing here; layout sorts by geometry.
"""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass, field, replace
from typing import Any

import pypdfium2.raw as pdfium

from pipelines.errors import UnreadableDocument
from pipelines.read.pdf.lines import parted
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

_DEPTH = 12  # form XObjects inside each other; deeper nesting is an attack or a loop
_MANY = 300  # objects on a page from which asking each for its text costs more than all characters
_LARGEST = 14_400.0  # points: no page is larger, whatever a damaged file says
_SPREAD = 0.8  # ems a letter from which a text object must hold gaps
_SMALL = 16.0  # points: a picture lower than this is a sign or a rule
_THIN = 3.0  # points: below this a shape is a rule, not an area
_SUBPATHS = 400  # segments of a path that are looked at one by one
_BOLD = re.compile(r"bold|black|heavy|semi-?b|demi|[-,]bd\b", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obliq|[-,]it\b", re.IGNORECASE)
_SYMBOLIC = re.compile(r"symbol|dingbat|webdings|wingding|bullets|marlett", re.IGNORECASE)
_MARKER = re.compile(r"^\s*(?:\W|\(?\w{1,3}[.)]|o)\s*$")
_NAMELESS = re.compile(r"^([a-z]{1,3}\d+|cidfont.*|font\d*|)$", re.IGNORECASE)
_HYPHENS = {0x02: "-", 0xFFFE: "-"}  # what PDFium makes of a hyphen at the end of a line
# Letters of a ligature whose two bytes PDFium read the wrong way round: U+6600 stands for U+0066.
_SWAPPED = re.compile("[" + "".join(chr(code << 8) for code in range(0x61, 0x7B)) + "]")
_NO_FACE = Face("", bold=False, italic=False, symbolic=False)
_STROKED = 2  # text render mode fill-then-stroke: how producers fake bold


@dataclass(slots=True)
class _Buffers:
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


class PdfiumFile:
    """An open PDF; use as a context manager. Pages are loaded one at a time and closed again."""

    def __init__(self, data: bytes) -> None:
        pdfium.FPDF_InitLibrary()
        self._data = data
        self._handle = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
        if not self._handle:
            raise _refusal(pdfium.FPDF_GetLastError())
        self.count: int = pdfium.FPDF_GetPageCount(self._handle)
        self.tagged = bool(pdfium.FPDFCatalog_IsTagged(self._handle))
        self._faces: dict[str, Face] = {}
        self._buffers = _Buffers()

    def __enter__(self) -> PdfiumFile:
        """Return the open file."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        pdfium.FPDF_CloseDocument(self._handle)

    def information(self, key: str) -> str:
        """Return an entry of the file's information dictionary, such as `Title`; empty if none."""
        length = pdfium.FPDF_GetMetaText(self._handle, key.encode(), None, 0)
        if length <= 2:
            return ""
        buffer = ctypes.create_string_buffer(length)
        pdfium.FPDF_GetMetaText(self._handle, key.encode(), buffer, length)
        return buffer.raw[: length - 2].decode("utf-16-le", "replace").strip()

    def page(self, number: int) -> tuple[RawPage, bool] | None:
        """Read page `number` (from 1).

        Returns:
            The page and whether its objects account for its characters; None where PDFium cannot
            load the page at all.
        """
        page = pdfium.FPDF_LoadPage(self._handle, number - 1)
        if not page:
            return None
        text = pdfium.FPDFText_LoadPage(page)
        try:
            return _PageReader(page, text, self._faces, self._buffers, number).read()
        finally:
            if text:
                pdfium.FPDFText_ClosePage(text)
            pdfium.FPDF_ClosePage(page)


def _mended(text: str) -> str:
    """Put right what PDFium does to hyphens at line ends and to byte-swapped ligatures."""
    if text.isascii() and "\x02" not in text:
        return text
    return _SWAPPED.sub(lambda found: chr(ord(found[0]) >> 8), text.translate(_HYPHENS))


def _refusal(code: int) -> UnreadableDocument:
    if code == pdfium.FPDF_ERR_PASSWORD:
        return UnreadableDocument(
            "the PDF is encrypted and asks for a password",
            remedy="save a copy without password protection and give that",
        )
    if code == pdfium.FPDF_ERR_SECURITY:
        return UnreadableDocument(
            "the PDF is protected by a security scheme that cannot be opened",
            remedy="save a copy without protection and give that",
        )
    return UnreadableDocument(
        "the PDF is damaged: its objects cannot be found",
        remedy="fetch the file again, or open and save it in a PDF viewer",
    )


@dataclass(slots=True)
class _Piece:
    text: str
    box: tuple[float, float, float, float]
    origin: tuple[float, float]
    size: float
    face: Face
    tag: int
    angle: int


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
    return -0.15 * span.size <= span.x0 - before.x1 <= 0.55 * span.size and not _MARKER.match(
        before.text
    )


def _append(before: Span, span: Span) -> None:
    """Join a span to the one drawn just before."""
    if parted(before, span):
        if not (before.text.endswith(" ") or span.text.startswith(" ")):
            before.text += " "
    else:
        before.text = before.text.rstrip(" ")
    before.text += span.text
    before.x1 = max(before.x1, span.x1)


class _PageReader:
    """Walks the objects of one page."""

    def __init__(
        self, page: Any, text: Any, faces: dict[str, Face], buffers: _Buffers, number: int
    ) -> None:
        self._page = page
        self._text = text
        self._faces = faces
        self._handles: dict[int, Face] = {}
        self._b = buffers
        self._number = number
        self._pieces: list[_Piece] = []
        self._shapes: list[tuple[tuple[float, float, float, float], bool]] = []
        self._pictures = 0
        self._size = (0.0, 0.0)
        self._texts: dict[int, str] | None = None
        self._places: dict[int, list[tuple[str, float, float, float]]] | None = None

    def read(self) -> tuple[RawPage, bool]:
        box = pdfium.FS_RECTF()
        pdfium.FPDF_GetPageBoundingBox(self._page, box)
        crop = (box.left, box.bottom, box.right, box.top)
        turns = pdfium.FPDFPage_GetRotation(self._page)
        width, height = abs(box.right - box.left), abs(box.top - box.bottom)
        width, height = min(width, _LARGEST), min(height, _LARGEST)
        if turns % 2:
            width, height = height, width
        self._size = (width, height)
        if pdfium.FPDFPage_CountObjects(self._page) > _MANY:
            self._texts = self._texts_by_object()
        self._walk(
            self._page,
            pdfium.FPDFPage_CountObjects(self._page),
            pdfium.FPDFPage_GetObject,
            display_matrix(crop, turns),
            0,
        )
        return self._finish(width, height)

    def _finish(self, width: float, height: float) -> tuple[RawPage, bool]:
        weights: dict[int, int] = {}
        seen = 0
        for piece in self._pieces:
            weights[piece.angle] = weights.get(piece.angle, 0) + len(piece.text)
            seen += len(piece.text) - piece.text.count(" ")
        main = max(weights, key=lambda a: (weights[a], -a)) if weights else 0
        if main % 90:
            main = 0
        result = RawPage(self._number, width, height, pictures=self._pictures, turned=main)
        if main in (90, 270):
            result.width, result.height = height, width
        for piece in self._pieces:
            x0, top, x1, bottom = turn(piece.box, main, width, height)
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
        for shape, filled in self._shapes:
            result.shapes.append(Shape(*turn(shape, main, width, height), filled))
        return result, self._complete(seen)

    def _complete(self, seen: int) -> bool:
        """Check the objects' characters against the page's own count; a fiftieth may differ."""
        if not self._text:
            return not seen
        count = pdfium.FPDFText_CountChars(self._text)
        if count <= 0:
            return True
        buffer = (ctypes.c_ushort * (count + 1))()
        pdfium.FPDFText_GetText(self._text, 0, count, buffer)
        whole = ctypes.string_at(buffer, 2 * count).decode("utf-16-le", "replace")
        wanted = sum(map(len, whole.replace("\0", " ").split()))
        return abs(wanted - seen) <= 8 + wanted // 50

    def _walk(self, holder: Any, count: int, getter: Any, matrix: Matrix, depth: int) -> None:
        kind_of = pdfium.FPDFPageObj_GetType
        for index in range(count):
            item = getter(holder, index)
            kind = kind_of(item)
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                self._take_text(item, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_PATH:
                self._take_path(item, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEPTH:
                self._enter(item, matrix, depth)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                box = self._bounds(item, matrix)
                self._pictures += 1
                if box is not None and box[3] - box[1] < _SMALL:
                    self._shapes.append((box, True))

    def _enter(self, form: Any, matrix: Matrix, depth: int) -> None:
        own = self._matrix(form)
        if own is None:
            return
        self._walk(
            form,
            pdfium.FPDFFormObj_CountObjects(form),
            pdfium.FPDFFormObj_GetObject,
            multiply(own, matrix),
            depth + 1,
        )

    def _matrix(self, item: Any) -> Matrix | None:
        m = self._b.matrix
        if not pdfium.FPDFPageObj_GetMatrix(item, m):
            return None
        return (m.a, m.b, m.c, m.d, m.e, m.f)

    def _bounds(self, item: Any, matrix: Matrix) -> tuple[float, float, float, float] | None:
        b = self._b
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

    def _take_text(self, item: Any, matrix: Matrix) -> None:
        text = self._text_of(item)
        box = self._bounds(item, matrix)
        own = self._matrix(item)
        if box is None or own is None or not self._visible(box):
            return
        face = self._face(item)
        if not text.strip():
            if box[2] - box[0] <= 0.1 or box[3] - box[1] <= 0.1:
                return
            text = "\ufffd"  # a glyph without a character, as bullets often are
        total = multiply(own, matrix)
        b = self._b
        pdfium.FPDFTextObj_GetFontSize(item, b.size)
        size = abs(b.size.value) * (total[2] * total[2] + total[3] * total[3]) ** 0.5
        if size <= 0.5:
            return
        if not face.italic and abs(total[2]) > 0.15 * abs(total[3]) and total[1] == 0:
            face = face._replace(italic=True)
        if not face.bold and pdfium.FPDFTextObj_GetTextRenderMode(item) == _STROKED:
            face = face._replace(bold=True)
        piece = _Piece(
            text,
            box,
            (total[4], total[5]),
            size,
            face,
            pdfium.FPDFPageObj_GetMarkedContentID(item),
            direction(total),
        )
        if box[2] - box[0] > _SPREAD * size * len(text.strip()) and piece.angle == 0:
            self._pieces.extend(self._split(item, piece, matrix))
        else:
            self._pieces.append(piece)

    def _split(self, item: Any, piece: _Piece, matrix: Matrix) -> list[_Piece]:
        """Part a text object that holds several cells of a table, at its widest gaps."""
        if self._places is None:
            self._places = self._places_by_object()
        letters = self._places.get(ctypes.addressof(item.contents), [])
        g, _, i, _, k, _ = matrix
        parts: list[_Piece] = []
        edge = 0.0
        for letter, left, right, bottom in letters:
            x0, x1 = sorted((left * g + bottom * i + k, right * g + bottom * i + k))
            if letter.isspace() or x1 <= x0:
                if parts and letter.isspace():
                    parts[-1].text += " "
                continue
            if not parts or x0 - edge > piece.size:
                top, low = piece.box[1], piece.box[3]
                parts.append(replace(piece, text="", box=(x0, top, x1, low)))
                parts[-1].origin = (x0, piece.origin[1])
            parts[-1].text += letter
            parts[-1].box = (*parts[-1].box[:2], x1, parts[-1].box[3])
            edge = x1
        whole = "".join(p.text for p in parts).replace(" ", "")
        if len(parts) < 2 or len(whole) != len(piece.text.replace(" ", "")):
            return [piece]
        for part in parts:
            part.text = _mended(part.text)
        return parts

    def _places_by_object(self) -> dict[int, list[tuple[str, float, float, float]]]:
        """Letters of every object with their left, right and lower edges in the page's own space."""
        found: dict[int, list[tuple[str, float, float, float]]] = {}
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        for index in range(max(0, pdfium.FPDFText_CountChars(self._text) if self._text else 0)):
            item = pdfium.FPDFText_GetTextObject(self._text, index)
            code = pdfium.FPDFText_GetUnicode(self._text, index)
            if not item or not code:
                continue
            pdfium.FPDFText_GetCharBox(self._text, index, left, right, bottom, top)
            found.setdefault(ctypes.addressof(item.contents), []).append(
                (chr(code), left.value, right.value, bottom.value)
            )
        return found

    def _visible(self, box: tuple[float, float, float, float]) -> bool:
        width, height = self._size
        left, top, right, bottom = box
        on_page = right > 0 and bottom > 0 and left < width and top < height
        return on_page and left > -width and right < 2 * width and bottom < 2 * height

    def _text_of(self, item: Any) -> str:
        if self._texts is not None:
            return self._texts.get(ctypes.addressof(item.contents), "")
        buffer = self._b.text
        length = pdfium.FPDFTextObj_GetText(item, self._text, buffer, ctypes.sizeof(buffer))
        if length > ctypes.sizeof(buffer):
            buffer = (ctypes.c_ushort * (length // 2 + 1))()
            pdfium.FPDFTextObj_GetText(item, self._text, buffer, ctypes.sizeof(buffer))
        if length <= 2:
            return ""
        text = ctypes.string_at(buffer, length - 2).decode("utf-16-le", "replace")
        return _mended(text)

    def _texts_by_object(self) -> dict[int, str]:
        """Text of every object, character by character: linear where asking each is quadratic."""
        found: dict[int, str] = {}
        if not self._text:
            return found
        character, owner = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetTextObject
        for index in range(max(0, pdfium.FPDFText_CountChars(self._text))):
            code = character(self._text, index)
            item = owner(self._text, index)
            # What belongs to no object are spaces and line ends that PDFium guessed.
            if item and code and code not in (10, 13):
                address = ctypes.addressof(item.contents)
                found[address] = found.get(address, "") + chr(code)
        return {address: _mended(text) for address, text in found.items()}

    def _face(self, item: Any) -> Face:
        font = pdfium.FPDFTextObj_GetFont(item)
        if not font:
            return _NO_FACE
        address = ctypes.addressof(font.contents)
        face = self._handles.get(address)
        if face is None:
            face = self._handles[address] = self._named(font)
        return face

    def _named(self, font: Any) -> Face:
        length = pdfium.FPDFFont_GetBaseFontName(font, None, 0)
        buffer = ctypes.create_string_buffer(max(length, 1))
        pdfium.FPDFFont_GetBaseFontName(font, buffer, length)
        name = buffer.value.decode("utf-8", "replace").partition("+")
        plain = name[2] or name[0]
        flags = pdfium.FPDFFont_GetFlags(font)
        key = f"{plain}/{flags}"
        if key not in self._faces:
            nameless = bool(_NAMELESS.match(plain))
            weight = pdfium.FPDFFont_GetWeight(font) if nameless else 0
            self._faces[key] = Face(
                plain,
                bold=bool(_BOLD.search(plain))
                or flags > 0
                and bool(flags & 1 << 18)
                or weight >= 700,
                italic=bool(_ITALIC.search(plain)) or flags > 0 and bool(flags & 1 << 6),
                symbolic=bool(_SYMBOLIC.search(plain)),
            )
        return self._faces[key]

    def _take_path(self, item: Any, matrix: Matrix) -> None:
        filled = self._paints(item)
        if filled is None:
            return
        segments = pdfium.FPDFPath_CountSegments(item)
        if 5 < segments <= _SUBPATHS:
            own = self._matrix(item)
            if own is not None:
                self._take_subpaths(item, segments, own, matrix, filled=filled)
                return
        box = self._clipped(item, self._bounds(item, matrix), matrix)
        if box is not None:
            self._shapes.append((box, filled))

    def _clipped(
        self, item: Any, box: tuple[float, float, float, float] | None, matrix: Matrix
    ) -> tuple[float, float, float, float] | None:
        """Cut an area to what its clipping paths let show: borders are often drawn that way."""
        if box is None or box[2] - box[0] < _THIN or box[3] - box[1] < _THIN:
            return box
        clip = pdfium.FPDFPageObj_GetClipPath(item)
        paths = pdfium.FPDFClipPath_CountPaths(clip) if clip else 0
        x, y = self._b.left, self._b.bottom
        g, h, i, j, k, m = matrix
        for path in range(max(0, min(paths, 8))):
            count = pdfium.FPDFClipPath_CountPathSegments(clip, path)
            if not 3 <= count <= 16:
                continue
            xs, ys = [], []
            for index in range(count):
                segment = pdfium.FPDFClipPath_GetPathSegment(clip, path, index)
                pdfium.FPDFPathSegment_GetPoint(segment, x, y)
                px, py = x.value, y.value
                xs.append(px * g + py * i + k)
                ys.append(px * h + py * j + m)
            box = (
                max(box[0], min(xs)),
                max(box[1], min(ys)),
                min(box[2], max(xs)),
                min(box[3], max(ys)),
            )
            if box[0] > box[2] or box[1] > box[3]:
                return None
        return box

    def _paints(self, item: Any) -> bool | None:
        """Whether a path fills; None where it leaves no mark (or a white one)."""
        b = self._b
        red, green, blue, alpha = b.numbers
        stroke = ctypes.c_int()
        if not pdfium.FPDFPath_GetDrawMode(item, b.mode, stroke):
            return None
        if b.mode.value and pdfium.FPDFPageObj_GetFillColor(item, red, green, blue, alpha):
            white = min(red.value, green.value, blue.value) >= 252
            if alpha.value > 8 and not white:
                return True
        if stroke.value and pdfium.FPDFPageObj_GetStrokeColor(item, red, green, blue, alpha):
            white = min(red.value, green.value, blue.value) >= 252
            if alpha.value > 8 and not white:
                return False
        return None

    def _take_subpaths(
        self, item: Any, segments: int, own: Matrix, outer: Matrix, *, filled: bool
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
                box = self._clipped(item, (min(xs), min(ys), max(xs), max(ys)), outer)
                if box is not None:
                    self._shapes.append((box, filled))
            if move:
                points = []
            if index >= 0 and pdfium.FPDFPathSegment_GetPoint(segment, x, y):
                px, py = x.value, y.value
                points.append((px * g + py * i + k, px * h + py * j + m))
