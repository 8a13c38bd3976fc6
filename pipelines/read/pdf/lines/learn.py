"""What a document teaches about itself before its blocks are built.

Size of its text, distance of its lines, where its lines end, and which glyphs are its bullets.
Nothing here knows a word of English or a place on a page.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipelines.read.drafts.wrapping import count_words
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.habits import Habits
from pipelines.read.pdf.model.laid import LaidPage
from pipelines.read.pdf.model.line import Line, Marker, is_number

_PLAY = 2.5  # points between the starts of lines of text around an item
_LEAST, _MOST, _USUAL = 0.8, 2.6, 1.25  # sizes between lines: as taken for leading; if none tell
_ROOM, _SPARE = 1.12, 0.8  # widths of a word that has room, as its letters vary; and sizes of white
_NEAR, _FURTHER = 3.0, 1.15  # sizes to the line before an item; usual distances to one apart
_SECOND = 1.6  # usual distances from an item's first line to its second
_BULLET_SPACE = 1.3  # sizes from a bullet to its text, more than from a word to the next
_MUCH = 24  # lines of a size that teach how far apart they are
_SPACED, _ALL = 8, 0.9  # ends of paragraphs, and the share of them with white, that show its use
_HYPHENS, _HYPHENED = 3, 0.01  # lines that end with one, and their share, where words are divided


def text_runs(pages: Iterable[LaidPage]) -> list[list[Line]]:
    """The lines that teach: of columns, of boxes, and of tables whose cells hold lists."""
    pages = list(pages)
    runs = [run.lines for page in pages for run in page.runs if run.lines]
    for thing in (thing.content for page in pages for thing in page.things):
        if isinstance(thing, list):
            runs.append(thing)
        elif thing.listed:
            runs.extend(cell for row in thing.grid for cell in row if cell)
    return runs


def learn_size(pages: Iterable[LaidPage], habits: Habits) -> None:
    """Learn the size of the text."""
    habits.body = _text_size(line for page in pages for run in page.runs for line in run.lines)


def _text_size(lines: Iterable[Line]) -> float:
    """Size of most characters, similar sizes taken together."""
    weights: Counter[float] = Counter()
    for line in lines:
        weights[round(line.size * 4) / 4] += len(line.text)
    if not weights:
        return 11.0
    best = max(weights, key=lambda s: weights[s])
    near = {s: w for s, w in weights.items() if abs(s - best) <= 0.3}
    return sum(s * w for s, w in near.items()) / sum(near.values())


def learn_leading(runs: Sequence[Sequence[Line]], habits: Habits) -> None:
    """Learn the distance of lines of the text's size, and of other sizes that much text has.

    It is the smallest that is common, in sizes.
    """
    habits.leading = _leading(runs, habits.body)
    _learn_other_sizes(runs, habits)


def _learn_other_sizes(runs: Sequence[Sequence[Line]], habits: Habits) -> None:
    sizes = Counter(round(line.size * 2) for run in runs for line in run)
    for size, count in sizes.items():
        if count >= _MUCH and abs(size / 2 - habits.body) >= GEOMETRY.size * habits.body:
            habits.leadings[size] = _leading(runs, size / 2)


def _leading(runs: Sequence[Sequence[Line]], body: float) -> float:
    counts = Counter(
        round(step * 50)
        for run in runs
        for one, two in pairwise(run)
        if abs(one.size - body) < GEOMETRY.size * body
        and abs(two.size - body) < GEOMETRY.size * body
        and _LEAST < (step := (two.base - one.base) / body) < _MOST
    )
    if not counts:
        return _USUAL
    total = sum(counts.values())
    for place in sorted(counts):
        near = sum(counts.get(place + d, 0) for d in (-1, 0, 1))
        if near >= 0.15 * total:
            return max(range(place - 1, place + 2), key=lambda p: counts.get(p, 0)) / 50
    return max(counts, key=lambda p: counts[p]) / 50


def learn_heading_steps(runs: Sequence[Sequence[Line]], habits: Habits) -> None:
    """Learn the least distance of two lines larger than the text, or bold, by their size."""
    found, body = habits.head_step, habits.body
    for run in runs:
        for one, two in pairwise(run):
            step = (two.base - one.base) / max(two.size, 1.0)
            large = (
                one.size > GEOMETRY.head * body
                or min(one.bold_share, two.bold_share) > GEOMETRY.bold
            )
            if large and abs(one.size - two.size) < 0.2 and step > 0.9:
                key = round(two.size * 2)
                found[key] = min(found.get(key, step), step)


def _start(line: Line) -> tuple[int, int]:
    """Which lines end where one does: those of columns as wide that start where it does."""
    start = line.x0 if line.marker is None else (line.marker.text_x or line.x0)
    return round((line.right - line.left) / 8), round((start - line.left) / 3)


def learn_line_ends(runs: Sequence[Sequence[Line]], habits: Habits) -> None:
    """Learn where lines end that start at one indent: the right edge of their paragraphs."""
    ends: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    for line in (line for run in runs for line in run):
        ends[_start(line)].append(line.x1 - line.left)
    for key, values in ends.items():
        if len(values) >= 3:
            values.sort()
            habits.edges[key] = values[int(0.985 * (len(values) - 1))]


def learn_white(runs: Sequence[Sequence[Line]], habits: Habits) -> None:
    """Learn whether white sets paragraphs apart: after a last line that is not full."""
    apart = [
        two.base - one.base > GEOMETRY.apart * habits.leading_of(two.size) * two.size
        for run in runs
        for one, two in pairwise(run)
        if one.text.endswith(".")
        and two.marker is None
        and abs(one.size - habits.body) < GEOMETRY.size * habits.body
        and two.text[:1].isupper()
        and ends_early(one, two, habits)
    ]
    habits.spaced = len(apart) >= _SPACED and sum(apart) >= _ALL * len(apart)


def ends_early(before: Line, line: Line, habits: Habits) -> bool:
    """Whether a line ended by will: the next line's first word would have fitted in it."""
    edge = habits.edges.get(_start(before), before.right - before.left)
    room = before.left + edge - before.x1
    return room > line.width_of_first * _ROOM + _SPARE * before.size


def learn_bullets(runs: Sequence[Sequence[Line]], habits: Habits) -> None:
    """Learn which glyphs are bullets, and where the lines after a bullet's first start."""
    seen: defaultdict[str, list[_Place]] = defaultdict(list)
    bold: list[bool] = []  # whether the first line of an item is, and its second is not
    for run in runs:
        over: Line | None = None  # the last item of another sign
        last: Line | None = None
        for index, line in enumerate(run):
            if line.marker is None:
                continue
            if last is not None and last.marker and last.marker.text != line.marker.text:
                over = last
            last = line
            after = run[index + 1] if index + 1 < len(run) else None
            before = run[index - 1] if index else None
            if after is not None and after.marker is None and after.x0 > line.x0 - _PLAY:
                bold.append(line.bold_share > GEOMETRY.bold and after.bold_share < GEOMETRY.light)
            if not is_number(line.marker):
                seen[line.marker.text].append(_Place(before, line, line.marker, after, over))
    habits.bold_starts = sum(bold) > max(4, 0.5 * len(bold))
    for bullet, found in seen.items():
        kept = [spot for spot in found if spot.marker.strong]
        if not kept:
            kept = _weak_bullets(found, habits)
            habits.weak[bullet] = sorted({spot.line.indent for spot in kept})
        _learn_follow(bullet, kept, habits)


class _Place(NamedTuple):
    before: Line | None
    line: Line
    marker: Marker
    after: Line | None
    over: Line | None


def _weak_bullets(found: Sequence[_Place], habits: Habits) -> list[_Place]:
    """Of lines that start with a dash or the like, keep those that look like items.

    A wrapped line may start with a dash, too; it then stands where the lines around it stand,
    the line before it is full, and it continues in small letters, a word space on. An "o" is no
    English word.
    """
    places: list[list[_Place]] = []
    for spot in sorted(found, key=lambda s: s.line.indent):
        if not places or spot.line.indent - places[-1][-1].line.indent > 1.0:
            places.append([])
        places[-1].append(spot)
    kept: list[_Place] = []
    for group in sorted(places, key=len, reverse=True):
        score = sum(_looks_like_item(spot, habits) for spot in group)
        lone = len(group) == 1 and (group[0].marker.foreign or _is_nested(group[0]))
        if (len(group) >= 2 and score / len(group) > 0.45) or (kept and score > 0.9) or lone:
            kept.extend(group)
    return kept


def _is_nested(spot: _Place) -> bool:
    """Whether a line stands close under an item of another sign, set in from the text of that.

    Between them stand other lines of that item, or such items as the line itself is.
    """
    before, line, marker, _, over = spot
    if before is None or over is None or over.marker is None:
        return False
    start = over.marker.text_x or over.x0 + over.size
    alike = before.marker is not None and before.marker.text == marker.text
    beside = line.x0 if alike else start
    follows = before is over or abs(before.x0 - beside) <= _PLAY
    near = 0 < line.base - before.base < _NEAR * line.size
    return line.x0 > start + _PLAY and near and follows


def _looks_like_item(spot: _Place, habits: Habits) -> float:
    before, line, marker, after, _ = spot
    score = 0.6 if marker.foreign or marker.text.isalpha() or _is_nested(spot) else 0.0
    if after is not None and after.marker is None and after.x0 > line.x0 + GEOMETRY.indent:
        score += 0.6
    if marker.text_x and marker.text_x - marker.x > _BULLET_SPACE * line.size:
        score += 0.6
    if before is not None and 0 < line.base - before.base < _NEAR * line.size:
        if abs(before.x0 - line.x0) > _PLAY or ends_early(before, line, habits):
            score += 0.6
        elif before.marker is not None and before.marker.text == marker.text:
            score += 0.2
        elif line.base - before.base > _FURTHER * habits.leading * line.size:
            score += 0.4
        else:
            score -= 0.5
    capital = line.text[:1].isupper() or line.text[:1].isdigit() or line.text[:1] in "“\"'‘"
    return score + (0.5 if capital else -0.3)


def _learn_follow(bullet: str, spots: Sequence[_Place], habits: Habits) -> None:
    indents: defaultdict[int, defaultdict[int, list[float]]]
    indents = defaultdict(lambda: defaultdict(list))  # of second lines, by where bullets stand
    steps: list[float] = []
    for _, line, _, after, _ in spots:
        if after is None or after.marker is not None:
            continue
        step = (after.base - line.base) / max(line.size, 1)
        if (
            not 0 < step < _SECOND * habits.leading
            or abs(after.size - line.size) > GEOMETRY.size * line.size
            or after.bold_share > 0.9 > line.bold_share
            or ends_early(line, after, habits)
        ):
            continue
        steps.append(step)
        if step <= _FURTHER * habits.leading:
            indents[round(line.indent / 2)][round(after.indent / 2)].append(after.indent)
    for spot, places in indents.items():
        found = places[max(places, key=lambda p: (len(places[p]), p))]
        habits.follow[(bullet, spot)] = sum(found) / len(found)
    if len(steps) >= 3:
        # A bullet in a font of its own makes the first line of every item taller.
        habits.first_step[bullet] = sorted(steps)[len(steps) // 2]


def learn_words(runs: Sequence[Sequence[Line]], habits: Habits) -> None:
    """Find out whether the document divides words at line ends, and which words it has."""
    ends = [line.text.endswith("-") for run in runs for line in run]
    if sum(ends) >= max(_HYPHENS, _HYPHENED * len(ends)):
        habits.words = count_words("\n\n".join("\n".join(x.text for x in run) for run in runs))


def is_bullet(line: Line, habits: Habits) -> bool:
    """Whether a line starts with a bullet."""
    marker = line.marker
    if marker is None or is_number(marker):
        return False
    if marker.strong:
        return True
    return any(abs(line.indent - at) <= GEOMETRY.bullet for at in habits.weak.get(marker.text, ()))


def follow_indent(line: Line, habits: Habits) -> float:
    """Indent at which the lines after a bullet's first are expected."""
    marker = line.marker
    if marker is None:
        return line.indent
    spot = round(line.indent / 2)
    for near in (spot, spot - 1, spot + 1):
        if (marker.text, near) in habits.follow:
            return habits.follow[(marker.text, near)]
    return (marker.text_x or line.x0 + line.size) - line.left
