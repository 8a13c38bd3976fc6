"""Small shapes that make up something: dotted rules, and bullets, which become text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.page import Face, RawPage, Shape, Span

_LARGEST = 9.0  # points: what is wider or higher is no bullet
_NEAREST, _FARTHEST = 0.5, 3.2  # points, and ems, from a bullet to its text
_MIDDLE, _OFF = 0.32, 0.3  # ems from the baseline to the middle of small letters, and from there
_SMALLEST, _WIDEST, _NARROWEST = 1.2, 1.7, 0.6  # points; widths to a height: discs, squares
_STROKE, _THIN, _THICK = 3.0, 0.4, 2.5  # points: the shortest dash, and how thick dashes are
_WITHIN = 1.0  # ems between a shape within a line and the text before it, or as from the text after

_DOTS, _PITCH = 6, 2.5  # dots that make a rule, and their distance in their own lengths

_DRAWN = Face("drawn", bold=False, italic=False, symbolic=True)


def join_dots(page: RawPage) -> None:
    """Draw whole the rules that are drawn as dots or dashes, as browsers do."""
    for upright in (0, 1):
        short = [s for s in page.shapes if max(s.width, s.height) <= _LARGEST]
        dots = [s for s in short if (s.height, s.width)[upright] <= GEOMETRY.rule]
        if len(dots) < _DOTS:
            return
        dots.sort(key=lambda s: (round(s[1 - upright]), s[upright]))
        rows: list[list[Shape]] = [[dots[0]]]
        for before, dot in pairwise(dots):
            pitch = dot[upright] - before[upright]
            apart = round(before[1 - upright]) != round(dot[1 - upright])
            if apart or pitch > _PITCH * (dot.width, dot.height)[upright]:
                rows.append([])
            rows[-1].append(dot)
        rules = [row for row in rows if len(row) >= _DOTS]
        gone = {id(dot) for row in rules for dot in row}
        page.shapes = [s for s in page.shapes if id(s) not in gone]
        page.shapes += [Shape(*row[0][:2], *row[-1][2:4], row[0].filled) for row in rules]


def set_drawn_bullets(page: RawPage) -> None:
    """Write bullets that are drawn as small discs, squares or dashes, or as pictures, as glyphs.

    Such a shape stands by itself to the left of a line, at the height of its small letters.
    """
    small = [s for s in page.shapes if max(s.width, s.height) <= _LARGEST and _is_small_bullet(s)]
    if not small:
        return
    upright = [s for s in page.spans if s.angle == 0]
    for shape in _outermost(small):
        middle = (shape.top + shape.bottom) / 2
        beside = [
            s
            for s in upright
            if _NEAREST < s.x0 - shape.x1 < _FARTHEST * s.size
            and abs(s.base - _MIDDLE * s.size - middle) < _OFF * s.size
        ]
        if not beside:
            continue
        follower = min(beside, key=lambda s: s.x0)
        white = max(_WITHIN * follower.size, follower.x0 - shape.x1)
        if any(-1 <= shape.x0 - s.x1 < white and abs(s.base - follower.base) < 2 for s in upright):
            continue  # within a line
        page.spans.append(
            Span("•", shape.x0, shape.x1, follower.base, follower.size, _DRAWN, follower.tag)
        )


def _outermost(small: Sequence[Shape]) -> list[Shape]:
    """Drop what lies inside a shape: a bullet may be an outline and what it encloses."""
    kept: dict[tuple[int, int], Shape] = {}
    for shape in sorted(small, key=lambda s: s.width):
        kept[round((shape.x0 + shape.x1) / 2), round((shape.top + shape.bottom) / 2)] = shape
    return list(kept.values())


def _is_small_bullet(shape: Shape) -> bool:
    """Whether a small shape is about as wide as high, or a dash."""
    if shape.height < _SMALLEST or shape.width / shape.height > _WIDEST:
        return shape.width >= _STROKE and _THIN <= shape.height <= _THICK
    return shape.width >= _SMALLEST and shape.width / shape.height >= _NARROWEST
