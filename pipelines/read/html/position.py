"""Where the lines of a page stand, told from the elements they are written in.

Converters of PDFs put several lines in one element, one line in several, and the bullets of lists
in elements of their own, anywhere.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from pipelines.read.drafts.calls import raised
from pipelines.read.drafts.lines import DASHES, SURE_GLYPHS

_ASIDE: Final = 6.0  # units of length between the tops of a bullet and of the line beside it
_ASTRAY: Final = 12.0  # the same, where nothing is nearer
_ROOM: Final = 0.75  # of a line, between two items at most
_MOST_HEIGHTS: Final = 20  # of lines, that are tried for an element
_BOTTOM: Final = 1e9
_MOST_BESIDE: Final = 200  # lines that are looked at for a bullet
_HYPHENS: Final = "-\u2010"
BULLET_FORM: Final = rf"(?:[{SURE_GLYPHS}{re.escape(DASHES)}o]|\(?\d{{1,2}}[.)])"
_BULLET: Final = re.compile(BULLET_FORM)
CONTINUES: Final = re.compile(rf"\s|[{_HYPHENS}]")


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line, or an element of several, where it stands, and how large it is set; 0 if unsaid."""

    text: str
    left: float
    top: float | None
    page: int
    size: float = 0.0


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
    return _BULLET.fullmatch(line.text) is not None


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
    elements = [one for line, height in elements for one in _bullets_apart(line, height)]
    tops = _tops_of(elements, heights)
    _set_beside([line for line, _ in elements], tops)
    out: list[PlacedLine] = []
    for index, (line, _) in enumerate(elements):
        if index in tops:
            parts = map(str.strip, line.text.split("\n"))
            out += [
                replace(line, text=t, top=top) for t, top in zip(parts, tops[index], strict=False)
            ]
        else:
            out.append(line)
    return out


def _bullets_apart(line: PlacedLine, height: float) -> list[tuple[PlacedLine, float]]:
    """Bullets in one element each by itself, where its own classes give a line its height."""
    if line.top is None or not height or not _are_bullets(line):
        return [(line, height)]
    parts = map(str.strip, line.text.split("\n"))
    return [(replace(line, text=t, top=line.top + n * height), 0.0) for n, t in enumerate(parts)]


def _are_bullets(line: PlacedLine) -> bool:
    return all(_BULLET.fullmatch(part.strip()) for part in line.text.split("\n"))


def _tops_of(
    elements: Sequence[tuple[PlacedLine, float]], heights: Sequence[float]
) -> dict[int, list[float]]:
    """Where the lines of elements of several stand, by the place of the element."""
    signs: dict[int, list[tuple[float, float]]] = {}  # tops and left sides of bullets, by page
    for line, _ in elements:
        if line.top is not None and _are_bullets(line):
            signs.setdefault(line.page, []).append((line.top, line.left))
    for beside in signs.values():
        beside.sort()
    ends = _ends([line for line, _ in elements])
    usual = Counter(height for line, height in elements if height and "\n" in line.text)
    found: dict[int, list[float]] = {}
    for index, (line, height) in enumerate(elements):
        if line.top is None or "\n" not in line.text or _are_bullets(line):
            continue
        count, end = line.text.count("\n") + 1, ends.get(index)
        beside = signs.get(line.page, [])
        at = bisect_left(beside, (line.top + _ASIDE, 0.0))
        until = bisect_left(beside, (end or _BOTTOM, 0.0), at)
        below = [top for top, left in beside[at : min(until, at + count)] if left < line.left]
        if not (height or end or below):
            continue
        most = usual.most_common(1)[0][0] if usual else None
        tried = [height] if height else _fitting(heights, count, line.top, end, most)
        ways = [(_tops(line.top, count, h, below), h) for h in tried]
        if below and ways:
            ways.sort(key=lambda way: _strain(way[0], way[1], below, end, most))
            usual[ways[0][1]] += 1
        if ways:
            found[index] = ways[0][0]
    return found


def _ends(lines: Sequence[PlacedLine]) -> dict[int, float]:
    """Where what comes next, and stands below an element, begins; by the element's place."""
    found: dict[int, float] = {}
    above = -1
    for index, line in enumerate(lines):
        if line.top is None or _are_bullets(line):
            continue
        before = lines[above]
        if above >= 0 and before.page == line.page and (before.top or 0.0) < line.top:
            found[above] = line.top
        above = index
    return found


def _fitting(
    heights: Sequence[float], count: int, top: float, end: float | None, usual: float | None
) -> list[float]:
    """The heights in which lines end before what stands below, the likeliest first.

    That is the usual one, or one that fills the room.
    """
    room = (end or _BOTTOM) - top
    near = room / count if usual is None else usual
    fits = (h for h in heights if h * (count - 1) < room)
    return sorted(fits, key=lambda h: abs(h - near))[:_MOST_HEIGHTS]


def _tops(top: float, count: int, height: float, bullets: Sequence[float]) -> list[float]:
    """Where the lines of an element stand: an item stands beside its bullet.

    It stands below some room that is in no height of lines, and grows from item to item.
    """
    tops = [top]
    for _ in range(1, count):
        free = tops[-1] + height
        at = bisect_left(bullets, free - _ASIDE)
        beside = at < len(bullets) and bullets[at] < free + _ROOM * height
        tops.append(bullets[at] if beside else free)
    return tops


def _strain(
    tops: Sequence[float],
    height: float,
    bullets: Sequence[float],
    end: float | None,
    usual: float | None,
) -> tuple[int, float]:
    """How badly a height agrees with what stands beside and below an element, and with others."""
    missed = len(set(bullets) - set(tops)) + (end is not None and tops[-1] + height > end + _ASIDE)
    if usual is not None:
        return missed, abs(height - usual)
    return missed, max(after - top - height for top, after in pairwise(tops))


def _set_beside(lines: Sequence[PlacedLine], tops: dict[int, list[float]]) -> None:
    """Set bullets in one element as lines of the element that the first of them stands beside."""
    beside: dict[int, list[tuple[float, int, int]]] = {}  # tops of lines with their places, by page
    for index, found in tops.items():
        rows = [(top, index, number) for number, top in enumerate(found)]
        beside.setdefault(lines[index].page, []).extend(rows)
    for rows in beside.values():
        rows.sort()
    for index, line in enumerate(lines):
        if "\n" not in line.text or line.top is None or not _are_bullets(line):
            continue
        rows, count = beside.get(line.page, []), line.text.count("\n") + 1
        first = bisect_left(rows, (line.top - _ASIDE, 0, 0))
        for top, other, number in rows[first : first + _MOST_BESIDE]:
            enough = number + count <= len(tops[other])
            if top < line.top + _ASIDE and lines[other].left > line.left and enough:
                tops[index] = tops[other][number : number + count]
                break


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
