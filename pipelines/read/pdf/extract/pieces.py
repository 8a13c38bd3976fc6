"""Text as it is drawn: which pieces continue one another, which look bold, slanted or raised."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby, pairwise
from typing import NamedTuple

from pipelines.read.pdf.extract.handles import Rectangle
from pipelines.read.pdf.extract.letters import (
    LETTERS,
    Piece,
    between_words,
    mended,
    part_from,
)
from pipelines.read.pdf.extract.unseen import Letter
from pipelines.read.pdf.model.accents import ACCENTS
from pipelines.read.pdf.model.bullets import may_mark
from pipelines.read.pdf.model.matrix import direction
from pipelines.read.pdf.model.page import Face, Span
from pipelines.read.pdf.model.rows import parted

_MARKER = re.compile(r"^\s*(?:\W|\(?\w{1,3}[.)]|o)\s*$")
_WHITE = 0.2  # ems between letters of two words
_HAIR = 0.15  # sizes between a text and its twin
_LONGEST_CALL = 3  # figures of a footnote's number
_ABOVE = 0.15  # ems between the line and a letter that stands above it
_SHORT = 0.6  # ems of height that no letter of the text's own has, if it is not small
_FIGURE = 0.7  # ems that a figure is high
_LEANS = 0.15  # points to the side for each point of height, from which type is slanted
_SMALLEST, _LARGEST = 0.65, 0.85  # of the size of capitals: small ones
_PLATE = 60  # letters of a text in small capitals


def runs_on(before: Span, span: Span) -> bool:
    """Whether a span continues where the one before it stopped: letters or words set singly."""
    if (
        abs(before.base - span.base) > 0.05
        or not -0.15 * span.size <= span.x0 - before.x1 <= 0.55 * span.size
        or before.face != span.face
        or before.tag != span.tag
        or span.angle != 0
        or before.angle != 0
        or abs(before.size - span.size) > 0.01
    ):
        return False
    if span.text.strip() in ACCENTS or before.text.strip() in ACCENTS:
        return False  # it may stand over any letter near it
    pair = before.text + span.text.rstrip()
    return not _MARKER.match(before.text) or before.text == "(" or may_mark(pair)


def close_up(pieces: Sequence[Piece]) -> None:
    """Close the gaps of letters that are set singly and driven apart; wider ones part words."""
    for singly, run in groupby(pieces, _is_letter):
        letters = list(run) if singly else []
        begin = 0
        for index in range(1, len(letters)):
            if not _is_next_letter(letters[index - 1], letters[index]):
                _close_run(letters[begin:index])
                begin = index
        _close_run(letters[begin:])


def _is_letter(piece: Piece) -> bool:
    return len(piece.text) == 1 or piece.text[1:] == " "


def _is_next_letter(before: Piece, piece: Piece) -> bool:
    alike = before.size == piece.size and before.face is piece.face
    level = before.origin[1] == piece.origin[1] and before.angle == piece.angle == 0
    return alike and level and abs(piece.origin[0] - before.box[2]) < 1.5 * piece.size


def _close_run(run: Sequence[Piece]) -> None:
    if len(run) < LETTERS:
        return
    wide = between_words([b.origin[0] - a.box[2] for a, b in pairwise(run)], run[0].size)
    if wide is None:
        return
    for before, after in pairwise(run):
        if after.origin[0] - before.box[2] < wide:
            left, top, _, bottom = before.box
            before.box = (left, top, after.origin[0], bottom)
            before.text = before.text[0]  # PDFium guesses a space behind some


def raise_small(before: Span, span: Span, small: float) -> float:
    """Set small capitals in the size of the capital that they follow, on its line or the next.

    Args:
        before: What is drawn before the span.
        span: What may be in small capitals, as a name on a plate is, but no running text.
        small: Size in which those before are drawn; 0 where none are.

    Returns:
        The same for what follows.
    """
    if span.face != before.face or len(span.text) > _PLATE:
        return 0.0
    if _SMALLEST * before.size < span.size < _LARGEST * before.size:
        level = abs(span.base - before.base) < _HAIR and before.text[-1:].isupper()
        begins = level and span.text[:1].isalpha() and not parted(before, span)
        small = span.size if begins or abs(span.size - small) < _HAIR else 0.0
        span.size = before.size if small else span.size
    return small if span.size == before.size else 0.0


def append(before: Span, span: Span) -> None:
    """Join a span to the one drawn just before."""
    if parted(before, span):
        if not (before.text.endswith(" ") or span.text.startswith(" ")):
            before.text += " "
    else:
        before.text = before.text.rstrip(" ")
    before.text += span.text
    before.x1 = max(before.x1, span.x1)


class Stance(NamedTuple):
    """How a matrix sets text: its height for a height of one, its slant, its direction."""

    height: float
    slant: float  # how far upright strokes lean to the right for each point of their height
    angle: int


@lru_cache(maxsize=1024)
def stance_of(a: float, b: float, c: float, d: float) -> Stance:
    """How the matrix of a text, all but its place, sets it; a slant adds nothing to the height."""
    along = math.hypot(a, b)
    height = abs(a * d - b * c) / along if along else math.hypot(c, d)
    leans = b == 0 and abs(c) > _LEANS * abs(d)
    return Stance(height, c / abs(d) if leans and d else 0.0, direction(a, b))


def upright_box(box: Rectangle, base: float, slant: float) -> Rectangle:
    """The box of a text without what slanted letters lean over the white beside them."""
    x0, top, x1, low = box
    over, under = slant * (base - top), slant * (base - low)
    left, right = x0 - min(over, under), x1 - max(over, under)
    return (left, top, right, low) if left < right else box


def as_drawn(face: Face, slant: float, *, stroked: bool) -> Face:
    """The face of a text object as it looks: slanted by its matrix, made bold by a stroke."""
    if (slant and not face.italic) or (stroked and not face.bold):
        return face._replace(italic=face.italic or bool(slant), bold=face.bold or stroked)
    return face


def lift(piece: Piece) -> None:
    """Take for raised and small what a font draws so: letters and figures that stand on no line.

    Fonts have raised figures of their own, which are set on the line at the size of the text.
    """
    bare = piece.text.strip()
    if len(bare) > _LONGEST_CALL or piece.angle or not bare.isalnum():
        return
    top, low = piece.box[1], piece.box[3]
    above = piece.origin[1] - low
    if above > _ABOVE * piece.size and low - top < _SHORT * piece.size:
        piece.size = (low - top) / _FIGURE
        piece.origin = (piece.origin[0], low)


def seen_parts(piece: Piece, letters: Sequence[Letter]) -> list[Piece]:
    """Part a text object at the letters that nobody sees, and leave these out."""
    parts: list[Piece] = []
    driven_apart = not any(letter.text.isspace() for letter in letters)  # gaps for spaces
    gap = True
    for letter in letters:
        if letter.hidden:
            gap = True
            continue
        x0, _, x1, _ = letter.box
        white = letter.text.isspace()
        if gap and not white:
            parts.append(part_from(piece, x0, x1))
            gap = False
        if parts and not gap:
            left, top, right, low = parts[-1].box
            if driven_apart and parts[-1].text and x0 - right > _WHITE * piece.size:
                parts[-1].text += " "
            parts[-1].text += letter.text
            parts[-1].box = (min(left, x0), top, right if white else max(right, x1), low)
    for part in parts:
        part.text = mended(part.text)
    return parts


def embolden(pieces: Iterable[Piece], box: Rectangle) -> bool:
    """Take text drawn again a hair away for bold; PDFium may return it only once."""
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
