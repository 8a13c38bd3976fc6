"""Text and faces of PDFium's text objects."""

from __future__ import annotations

import ctypes
import re
import struct
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from pipelines.read.pdf.extract import calls as pdfium
from pipelines.read.pdf.extract.handles import Handle, Rectangle
from pipelines.read.pdf.extract.lettering import STYLED
from pipelines.read.pdf.extract.strokes import stroke_of
from pipelines.read.pdf.model.bullets import is_glyph
from pipelines.read.pdf.model.matrix import Matrix, mapped
from pipelines.read.pdf.model.page import Face

_BOLD = re.compile(r"bold|black|heavy|semi-?b|demi|[-,]bd\b", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obliq|[-,]it\b", re.IGNORECASE)
_SYMBOLIC = re.compile(r"symbol|dingbat|webdings|wingding|bullets|marlett", re.IGNORECASE)
_NAMELESS = re.compile(r"^([a-z]{1,3}[-_]?\d+([-_]\d+)*|cidfont.*|font\d*|)$", re.IGNORECASE)
_HYPHEN = re.compile("[\x02\ufffe]")  # what PDFium makes of one at the end of a line
_NAMELESS_SECOND = "\x82"  # a font's second sign is no hyphen
_SPACES = dict.fromkeys([0xA0, 0x202F, *range(0x2000, 0x200B)], " ")  # of any width
_PLAIN = _SPACES | STYLED
# Letters of a ligature whose two bytes PDFium read the wrong way round: U+6600 stands for U+0066.
_SWAPPED = re.compile("[" + "".join(chr(code << 8) for code in range(0x61, 0x7B)) + "]")
_LONE = re.compile(r"\s(?:(?:[b-df-hj-np-tv-xz]{1,3}|[euy])(?:\s|$)|(?<=\w\s)\.\s\w)")  # no word
_HEAVY = 700  # a font's weight from which it is bold
_FORCED_BOLD, _ITALIC_FLAG = 1 << 18, 1 << 6  # flags of a font
#: Letters set singly that show whether they are driven apart.
LETTERS = 4
_APART = 0.1  # ems between letters that are
_BEARING = 0.05  # ems of white that a letter brings with it on its right
_WORD = 0.2  # ems more between words
_SWAPPED_FFI = "\u6600\ucf00"  # what Ghostscript makes of the three letters of that ligature
_NOTHING = "\0\n\r"  # no letters
_HALF = re.compile("[\ud800-\udfff]")
_NO_FACE = Face("", bold=False, italic=False, symbolic=False)


@dataclass(slots=True)
class Piece:
    """A text object, or a part of one, on the page as displayed."""

    text: str
    box: Rectangle
    origin: tuple[float, float]
    size: float
    face: Face
    tag: int
    angle: int


def part_from(piece: Piece, x0: float, x1: float) -> Piece:
    """An empty part of a piece, from one place to another."""
    box = (x0, piece.box[1], x1, piece.box[3])
    origin = (x0, piece.origin[1])
    return Piece("", box, origin, piece.size, piece.face, piece.tag, piece.angle)


def face_named(name: str, *, bold: bool = False, italic: bool = False) -> Face:
    """A face as far as its name says what it looks like, or something else does."""
    return Face(
        name,
        bold=bold or bool(_BOLD.search(name)),
        italic=italic or bool(_ITALIC.search(name)),
        symbolic=bool(_SYMBOLIC.search(name)),
    )


def joined_halves(text: str) -> str:
    """Put halves of characters over U+FFFF together; U+FFFD stands for one without the other."""
    if not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def mended(text: str) -> str:
    """Put right byte-swapped ligatures; a space is a space, a letter of any style a letter."""
    if text.isascii():
        return text
    text = text.replace(_SWAPPED_FFI, "ffi")
    return _SWAPPED.sub(lambda found: chr(ord(found[0]) >> 8), text.translate(_PLAIN))


def is_spaced_out(text: str) -> bool:
    """Whether letters stand alone as no word does, or a capital does before them."""
    if len(text) <= 4:
        return False
    return (text[1] == " " and text[0].isupper()) or _LONE.search(text) is not None


def between_words(gaps: Sequence[float], size: float) -> float | None:
    """The gap from which letters that are driven apart stand in two words; None if they are not.

    Of usual letters, unlike of these, some always stand close together.
    """
    ordered = sorted(gaps)
    if ordered[len(ordered) // 4] < _APART * size:
        return None
    return ordered[(len(ordered) - 1) // 2] + _WORD * size


class LetterReader:
    """Reads what the text objects of one page say, and in which face."""

    def __init__(self, text: Handle, shown: Matrix, faces: dict[str, Face]) -> None:
        self._text = text
        self._shown = shown
        self._faces = faces
        self._handles: dict[int, Face] = {}

    def split(self, address: int, piece: Piece, at: Sequence[float] = ()) -> list[Piece]:
        """Part a text object at its widest gaps, as between cells of a table, and `at` places.

        It is parted, too, where the pen goes back, and behind a bullet that opens it.
        """
        parts: list[Piece] = []
        edge = 0.0
        spaces: list[bool] = []  # since the last letter: written ones, and those PDFium guessed
        for letter, (x0, _, x1, _) in () if piece.angle else self.letters_of(address):
            if letter.isspace():
                spaces.append(x1 > x0)
            if letter.isspace() or x1 <= x0:
                continue
            begins = not parts or abs(x0 - edge) > piece.size or any(edge <= x <= x0 for x in at)
            begins |= bool(spaces) and len(parts) == 1 and is_glyph(parts[0].text)
            if parts and spaces and (not begins or any(spaces)):
                parts[-1].text += " "
            if begins:
                parts.append(part_from(piece, x0, x1))
            parts[-1].text += letter
            parts[-1].box = (*parts[-1].box[:2], x1, parts[-1].box[3])
            edge, spaces = x1, []
        whole = "".join(p.text for p in parts).replace(" ", "")
        if len(parts) < 2 or len(whole) != len(piece.text.replace(" ", "")):
            return [piece]
        for part in parts:
            part.text = mended(part.text)
        return parts

    def spaced_anew(self, address: int, text: str, size: float) -> str:
        """The text of an object whose letters are driven apart, spaces where the gaps are wide.

        And where some are written, unless between all letters.
        """
        letters: list[tuple[str, Rectangle]] = []
        written: set[int] = set()  # spaces, by the letters before them: guessed ones have no width
        for letter, box in self.letters_of(address, loose=True):
            if letter.strip():
                letters.append((letter, box))
            elif box[2] > box[0] and not is_spaced_out(text):
                written.add(len(letters) - 1)
        if len(letters) < LETTERS or len(letters) != len(text.replace(" ", "")):
            return text
        gaps = [b[0] - a[2] + _BEARING * size for (_, a), (_, b) in pairwise(letters)]
        wide = between_words(gaps, size)
        if wide is None:
            return text
        words = [
            f" {letter}" if gap > wide or at in written else letter
            for at, ((letter, _), gap) in enumerate(zip(letters[1:], gaps, strict=True))
        ]
        return letters[0][0] + "".join(words)

    def letters_of(self, address: int, *, loose: bool = False) -> list[tuple[str, Rectangle]]:
        """The letters of an object, with the boxes of their ink as shown, or `loose` ones."""
        found: list[tuple[str, Rectangle]] = []
        box: Any = (ctypes.c_double * 4)()  # left, bottom, right, top
        left, bottom, right, top = (ctypes.addressof(box) + 8 * i for i in range(4))
        wide: Any = (ctypes.c_float * 4)()  # left, top, right, bottom
        for index in (index for run in self.runs.get(address, ()) for index in run):
            letter = self._whole[index]
            if "\udc00" <= letter <= "\udfff" and found and "\ud800" <= found[-1][0] <= "\udbff":
                found[-1] = (joined_halves(found[-1][0] + letter), found[-1][1])
            elif letter not in _NOTHING:
                pdfium.FPDFText_GetCharBox(self._text, index, left, right, bottom, top)
                if loose:
                    pdfium.FPDFText_GetLooseCharBox(self._text, index, wide)
                    box[:] = (wide[0], wide[3], wide[2], wide[1])
                found.append((letter, mapped(box[:], self._shown)))
        return found

    @cached_property
    def _whole(self) -> str:
        """The characters of the page, one for each place that PDFium counts.

        One over U+FFFF has two places, a half of it at each.
        """
        count = max(0, pdfium.FPDFText_CountChars(self._text) if self._text else 0)
        buffer = ctypes.create_string_buffer(2 * count + 2)
        got = pdfium.FPDFText_GetText(self._text, 0, count, buffer) if count else 0
        codes = buffer.raw[: 2 * max(0, got - 1)]
        whole = codes.decode("utf-16-le", "surrogatepass")
        if len(whole) != got - 1:
            whole = "".join(map(chr, struct.unpack(f"{len(codes) // 2}H", codes)))
        if len(whole) != count:  # it leaves out what has no code
            each = (pdfium.FPDFText_GetUnicode(self._text, index) for index in range(count))
            whole = "".join(map(chr, each))
        if "\x02" not in whole and "\ufffe" not in whole:
            return whole
        return _HYPHEN.sub(self._unless_nameless, whole)

    @cached_property
    def runs(self) -> dict[int, list[range]]:
        """Where every object's characters stand among those of the page.

        Those of one object follow each other, often to the end of a line: few need to be looked at
        to find the last of them, where asking PDFium for an object's text looks at the whole page.
        """
        found: dict[int, list[range]] = {}
        begin, whole, count, ask = 0, self._whole, len(self._whole), pdfium.FPDFText_GetTextObject
        while begin < count:
            # No object has the spaces that PDFium guesses, nor the ends of lines.
            address = None if whole[begin] in "\r\n" else ask(self._text, begin)
            if not address:
                begin += 1
                continue
            end = whole.find("\r", begin)
            last, beyond = begin, count if end < 0 else end
            step = beyond - begin
            while beyond - last > 1:
                middle = beyond - 1 if step else (last + beyond) // 2
                step = 0
                if ask(self._text, middle) == address:
                    last = middle
                else:
                    beyond = middle
            found.setdefault(address, []).append(range(begin, last + 1))
            begin = last + 1
        return found

    def _unless_nameless(self, found: re.Match[str]) -> str:
        """A hyphen, unless the file does not say what it, or any sign of its font, stands for."""
        if pdfium.FPDFText_GetUnicode(self._text, found.start()) == 0:
            return "\0"
        nameless = pdfium.FPDFText_HasUnicodeMapError(self._text, found.start()) == 1
        return _NAMELESS_SECOND if nameless else "-"

    def has_any(self, signs: Set[str]) -> bool:
        """Whether any of some signs stands on the page."""
        return not self._whole.isascii() and not signs.isdisjoint(self._whole)

    def account_for(self, seen: int) -> bool:
        """Check the objects' characters against the page's own count; a fiftieth may differ."""
        wanted = len("".join(self._whole.replace("\0", " ").split()))
        return not wanted or abs(wanted - seen) <= 8 + wanted // 50

    @cached_property
    def texts(self) -> dict[int, str]:
        """The text of each text object that has some, and a space that PDFium guesses behind it."""
        whole, found = self._whole, dict[int, str]()
        for address, runs in self.runs.items():
            text = "".join([whole[run.start : run.stop] for run in runs]).replace("\0", "")
            if whole[runs[-1].stop : runs[-1].stop + 1] == " ":
                text += " "
            found[address] = text if text.isascii() else mended(joined_halves(text))
        return found

    def face(self, item: Handle) -> Face:
        """The face it is set in."""
        font = pdfium.FPDFTextObj_GetFont(item)
        if not font:
            return _NO_FACE
        face = self._handles.get(font)
        if face is None:
            face = self._handles[font] = self._named(font)
        return face

    def _named(self, font: Handle) -> Face:
        length = pdfium.FPDFFont_GetBaseFontName(font, None, 0)
        buffer = ctypes.create_string_buffer(max(length, 1))
        pdfium.FPDFFont_GetBaseFontName(font, buffer, length)
        name = buffer.value.decode("utf-8", "replace").partition("+")
        plain = name[2] or name[0]
        flags = pdfium.FPDFFont_GetFlags(font)
        key = f"{plain}/{flags}"
        if key not in self._faces:
            nameless = _NAMELESS.match(plain) is not None
            weight = pdfium.FPDFFont_GetWeight(font) if nameless else 0
            bold = weight >= _HEAVY or (flags > 0 and bool(flags & _FORCED_BOLD))
            italic = flags > 0 and bool(flags & _ITALIC_FLAG)
            face = face_named(plain, bold=bold, italic=italic)
            self._faces[key] = face._replace(stroke=stroke_of(font)) if nameless else face
        return self._faces[key]
