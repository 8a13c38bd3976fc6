"""Bullets and numbers on lines of their own, joined to the lines they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pipelines.read.drafts.lines import Line, LineKind
from pipelines.read.drafts.wrapping import ends_openly, ends_sentence, starts_lower, starts_openly

_SHORTEST: Final = 25


def join_lone_bullets(lines: list[Line], called: frozenset[str]) -> list[Line]:
    """Join a lone bullet or number to the line below it, and '(Back to top)' to its heading.

    Several bullets below each other belong to the items that follow: a column was read before
    the next.

    Args:
        lines: Each judged by itself.
        called: Numbers of footnotes: one that stands alone has its note in the next line.
    """
    out: list[Line] = []
    waiting: Line | None = None
    for line in _dealt(lines):
        if waiting is not None and line.kind is LineKind.BLANK:
            continue
        if waiting is not None and not waiting.text and line.kind is LineKind.BREAK:
            out.append(line)  # its item stands on the next page
            continue
        if waiting is not None:
            bullet, waiting = waiting, None
            apart = bool(bullet.text) or (bool(out) and out[-1].kind is LineKind.BREAK)
            if line.kind is LineKind.TEXT and (not apart or _begins_text(line)):
                out.append(_with_bullet(bullet, line))
                continue
            if bullet.kind is not LineKind.BULLET:
                out.append(bullet)
        if _waits(line, called):
            waiting = line
        elif line.kind is LineKind.HEADING and not line.text:
            titled = out and any(char.isalpha() for char in out[-1].text)
            if titled and out[-1].kind in {LineKind.TEXT, LineKind.NUMBERED}:
                out[-1] = replace(out[-1], kind=LineKind.HEADING)
        else:
            out.append(line)
    return [*out, waiting] if waiting is not None and waiting.text else out


def _waits(line: Line, called: frozenset[str]) -> bool:
    if line.kind in {LineKind.BULLET, LineKind.NUMBERED}:
        return not line.text
    return line.kind is LineKind.TEXT and line.text in called


def _begins_text(line: Line) -> bool:
    """Whether a note or item may begin with a line, which is no heading and goes on no text."""
    short = len(line.text) < _SHORTEST or line.text.endswith(":")
    return not short and not starts_lower(line.plain)


def _with_bullet(bullet: Line, line: Line) -> Line:
    if bullet.kind is LineKind.TEXT:
        return replace(line, text=f"{bullet.text} {line.text}")
    return replace(line, kind=bullet.kind, marker=bullet.marker, indent=bullet.indent)


def _dealt(lines: Sequence[Line]) -> list[Line]:
    """Deal out bullets that stand below each other to the items in the lines below them."""
    out: list[Line] = []
    at = 0
    while at < len(lines):
        bullets, begin = _column(lines, at)
        if bullets and _give_back(out, bullets):
            at = begin
            continue
        if len(bullets) < 2:
            out.append(lines[at])
            at += 1
            continue
        end = begin
        while end < len(lines) and lines[end].kind is LineKind.TEXT:
            end += 1
        firsts = _firsts(lines[begin:end], len(bullets))
        dealt = iter(bullets)
        for index, line in enumerate(lines[begin:end]):
            out.append(_with_bullet(next(dealt), line) if index in firsts else line)
        out += list(dealt)[:1]  # one more may have its item after a blank line
        at = end
    return out


def _give_back(out: list[Line], bullets: Sequence[Line]) -> bool:
    """Give numbers that stand below their items to the lines above; whether they are such.

    Those of each list count from one, and its items stand below a line that ends with a colon.
    """
    groups: list[list[Line]] = []
    for bullet in bullets:
        number = bullet.marker.strip("().")
        if number == "1":
            groups.append([])
        if not groups or number != str(len(groups[-1]) + 1):
            return False
        groups[-1].append(bullet)
    firsts_of: dict[int, Line] = {}
    end = len(out)
    for group in reversed(groups):
        start = end
        while start and out[start - 1].kind is LineKind.TEXT and not _introduces(out[start - 1]):
            start -= 1
        if not 0 < start <= end - len(group) or not _introduces(out[start - 1]):
            return False
        firsts = sorted(_shortest(out[start:end], len(group) - 1))
        if len(firsts) < len(group) - 1:
            return False
        firsts_of |= {start + i: bullet for bullet, i in zip(group, (0, *firsts), strict=True)}
        end = start - 1
    for index, bullet in firsts_of.items():
        out[index] = _with_bullet(bullet, out[index])
    return True


def _introduces(line: Line) -> bool:
    return line.text.endswith(":")


def _shortest(lines: Sequence[Line], count: int) -> list[int]:
    """The lines after those with most room left that ended where a text can end."""
    free = [
        (lines[index - 1].length + len(lines[index].plain.split(" ", 1)[0]), index)
        for index in range(1, len(lines))
        if not ends_openly(lines[index - 1].plain) and not starts_openly(lines[index].plain)
    ]
    return [index for _, index in sorted(free)[:count]]


def _column(lines: Sequence[Line], at: int) -> tuple[list[Line], int]:
    """Return the lone bullets from a line on, blank lines apart, and where the text begins."""
    bullets: list[Line] = []
    while at < len(lines):
        line = lines[at]
        if line.kind in {LineKind.BULLET, LineKind.NUMBERED} and not line.text:
            bullets.append(line)
        elif line.kind is not LineKind.BLANK or not bullets:
            break
        at += 1
    return bullets, at


def _firsts(lines: Sequence[Line], count: int) -> set[int]:
    """Where the items of a run of lines begin: after sentences that left most of a line free.

    A run that opens in the middle of a sentence continues an item of the page before.
    """
    if not lines:
        return set()
    width = max(line.length for line in lines)
    ends = [
        (lines[index - 1].length + len(line.plain.split(" ", 1)[0]) - width, index)
        for index, line in enumerate(lines)
        if index and ends_sentence(lines[index - 1].plain) and not starts_lower(line.plain)
    ]
    goes_on = starts_lower(lines[0].plain) and len(ends) >= count
    found = {index for _, index in sorted(ends)[: count if goes_on else count - 1]}
    return found if goes_on else {0, *found}
