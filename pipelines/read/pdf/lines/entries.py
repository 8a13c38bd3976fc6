"""Lists of names, such as those whom a letter is written to: each name begins an entry."""

from __future__ import annotations

from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.habits import Habits
from pipelines.read.pdf.model.laid import LaidPage
from pipelines.read.pdf.model.line import Line

_FEWEST = 3  # names that make a list
_LONGEST = 5  # words of a name with its titles


def mark_entries(page: LaidPage, habits: Habits) -> None:
    """Mark which lines of a list of names begin an entry, and which do not.

    White separates a list from other text. Text of whole sentences hardly ever begins every second
    line with a name and a comma.
    """
    for run in page.runs:
        for lines in _close_lines(run.lines, habits):
            named = [_opens_with_name(line) for line in lines]
            if sum(named) >= max(_FEWEST, len(lines) / 2):
                for line, opens in zip(lines, named, strict=True):
                    line.entry = opens


def _close_lines(lines: list[Line], habits: Habits) -> list[list[Line]]:
    """Lines that no white parts; a last line may stand a little lower, as other text may not."""
    found: list[list[Line]] = []
    for line in lines:
        usual = 1.06 * GEOMETRY.apart * habits.leading_of(line.size) * line.size
        step = line.base - found[-1][-1].base if found else -1.0
        if line.marker is not None or not 0 <= step <= usual:
            found.append([])
        found[-1].append(line)
    return found


def _opens_with_name(line: Line) -> bool:
    """Whether two words or more in capitals and a comma begin a line."""
    name, comma, _ = line.text.partition(",")
    words = name.split()
    return (
        bool(comma)
        and 2 <= len(words) <= _LONGEST
        and all(word[0].isupper() and not any(map(str.isdigit, word)) for word in words)
    )
