"""Where the lines of a page stand, told from the elements they are written in.

Converters of PDFs put several lines in one element, one line in several, and the bullets of lists
in elements of their own, anywhere.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipelines.read.drafts.calls import raised
from pipelines.read.drafts.lines import DASHES, SURE_GLYPHS

_ASIDE: Final = 6.0  # units of length between the tops of a bullet and of the line beside it
_ASTRAY: Final = 12.0  # the same, where nothing is nearer
_MOST_BESIDE: Final = 200  # lines that are looked at for a bullet
_HYPHENS: Final = "-\u2010"
BULLET_FORM: Final = rf"(?:[{SURE_GLYPHS}{re.escape(DASHES)}o]|\(?\d{{1,2}}[.)])"
_BULLET: Final = re.compile(BULLET_FORM)
CONTINUES: Final = re.compile(rf"\s|[{_HYPHENS}]")


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line, or an element of several, and where it stands."""

    text: str
    left: float
    top: float | None
    page: int


NO_LINE: Final = PlacedLine("", 0.0, None, -1)


def with_bullets(lines: Sequence[PlacedLine]) -> list[PlacedLine]:
    """Put bullets of items that are elements of their own before the lines they stand beside."""
    waiting = [n for n, line in enumerate(lines) if line.top is not None and _is_bullet(line)]
    if not waiting:
        return list(lines)
    beside: dict[int, list[tuple[float, int]]] = {}  # tops of lines with their places, by page
    for index, line in enumerate(lines):
        if line.top is not None and not _is_bullet(line):
            beside.setdefault(line.page, []).append((line.top, index))
    for tops in beside.values():
        tops.sort()
    out: list[PlacedLine | None] = list(lines)
    for most in (_ASIDE, _ASTRAY):  # the nearest first: tops that were counted off run astray
        waiting = [n for n in waiting if not _put(n, lines, out, beside, most)]
    return [line for line in out if line is not None]


def _is_bullet(line: PlacedLine) -> bool:
    return bool(_BULLET.fullmatch(line.text))


def _put(
    place: int,
    lines: Sequence[PlacedLine],
    out: list[PlacedLine | None],
    beside: Mapping[int, list[tuple[float, int]]],
    most: float,
) -> bool:
    """Put a bullet before the line nearest to it, within `most`, that has none yet."""
    bullet = lines[place]
    top, tops = bullet.top or 0.0, beside.get(bullet.page, [])
    first = bisect_left(tops, (top - most, 0))
    near = [
        (abs(other - top), lines[index].left, index)
        for other, index in tops[first : first + _MOST_BESIDE]
        if lines[index].left > bullet.left and out[index] is lines[index]
    ]
    away, _, index = min(near, default=(most, 0.0, 0))
    if away >= most:
        return False
    line = lines[index]
    out[index] = replace(line, text=f"{bullet.text} {line.text}", left=bullet.left)
    out[place] = None
    return True


def lines_of(
    elements: Sequence[tuple[PlacedLine, float]], heights: Sequence[float]
) -> list[PlacedLine]:
    """The lines of elements, each where it stands; elements stay whole where nobody can tell.

    Args:
        elements: With the height that their own classes give a line, or 0.
        heights: Of lines, as the page's style sheet has them.
    """
    out: list[PlacedLine] = []
    for index, (line, height) in enumerate(elements):
        after = elements[index + 1][0] if index + 1 < len(elements) else NO_LINE
        parts = line.text.split("\n")
        if not height and line.top is not None and after.top is not None and len(parts) > 1:
            room = after.top - line.top  # where the next begins below, with some gap or none
            fits = [h for h in heights if h * (len(parts) - 1) < room]
            height = min(fits, key=lambda h: abs(h - room / len(parts)), default=0.0)
        if line.top is None or not height:
            out.append(line)
        else:
            out += [replace(line, text=t, top=line.top + n * height) for n, t in enumerate(parts)]
    return out


def append_to_line(elements: list[tuple[PlacedLine, float]], line: PlacedLine) -> bool:
    """Append a part to the line that it continues; False where it continues none.

    A figure between the two is written raised.
    """
    text = line.text if line.text[0] in _HYPHENS else f" {line.text}"
    for back in (1, 2):
        if len(elements) < back or not _is_beside(before := elements[-back][0], line):
            return False
        if not before.text.isdigit():
            break
        text = f"{raised(before.text)}{text}"
    else:
        return False
    elements[-back:] = [(replace(before, text=f"{before.text}{text}"), elements[-back][1])]
    return True


def _is_beside(line: PlacedLine, after: PlacedLine) -> bool:
    """Whether two parts stand in one line, the second at the right."""
    if line.top is None or after.top is None or "\n" in line.text:
        return False
    return line.left < after.left and abs(line.top - after.top) < _ASIDE
