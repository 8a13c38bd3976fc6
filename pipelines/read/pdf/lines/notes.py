"""Footnotes: small lines at the foot of a page or column that open with a mark.

They are taken out of the flow, so that a bullet continues across the page end, and handed over
whole: a footnote continued at the foot of the next page is one footnote.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.habits import Habits
from pipelines.read.pdf.model.laid import LaidPage
from pipelines.read.pdf.model.line import Line
from pipelines.read.pdf.model.page import Shape

_SHORTEST, _ASIDE, _OVER = 20, 12, 40  # points: of a rule over notes, and to the text's ends
_FEW = 0.6  # share of a column's lines that may be notes
_SMALL = 0.85  # of the text's size; a lone call is smaller
_UNDER, _THROUGH = 0.3, 0.5  # sizes under and over a line's base, where a rule marks its words
_ENDS = 2.0  # points that its ends, as wide as it is thick, reach over them
_MARK = re.compile(
    r"^\[?\(?(?:\d{1,3}|[*†‡§¶‖]{1,15}|[¹²³⁰⁴⁵⁶⁷⁸⁹]{1,3})[.\])]{0,2}(?=\s|[A-Z“‘'\"(]|$)"
)


def note_mark(line: Line) -> str:
    """Return the footnote's mark, raised or not, that a line starts with; empty for none."""
    if line.raised:
        return line.raised
    if line.marker is not None and re.match(
        r"^[\[(]?(\d{1,3}[.)\]]{1,2}|[*†‡§¶‖])$", line.marker.text
    ):
        return line.marker.text
    found = _MARK.match(line.text)
    return found[0] if found else ""


def take_notes(page: LaidPage, habits: Habits) -> None:
    """Take the footnotes out of the runs of a page."""
    for run in page.runs:
        run.lines, notes = split_notes(run.lines, page.rules, body=habits.body)
        page.notes.extend(notes)


def drop_stray_calls(page: LaidPage, habits: Habits) -> None:
    """Drop lines that hold only the call of a footnote, which had no room after its word."""
    for run in page.runs:
        run.lines = [line for line in run.lines if not _is_stray_call(line, habits.body)]


def _is_stray_call(line: Line, body: float) -> bool:
    return (
        line.size < _SMALL * body
        and line.marker is None
        and bool(re.fullmatch(r"[\[(]?(?:\d{1,3}(?:,\s?\d{1,3})*|[*†‡§¶‖]{1,15})[\])]?", line.text))
    )


def split_notes(
    lines: Sequence[Line], rules: Sequence[Shape], *, body: float
) -> tuple[list[Line], list[Line]]:
    """Part the lines of a column (or page) into text and the footnotes at its foot.

    Args:
        lines: Top to bottom.
        rules: Rules of the page that stand by themselves; a short one parts text and notes.
        body: Size of the document's text.
    """
    if not lines:
        return [], []
    rule = _separator(lines, rules)
    cut = len(lines)
    while cut > 0 and lines[cut - 1].size < GEOMETRY.note * body:
        cut -= 1
    if rule is not None:
        below = next((i for i, line in enumerate(lines) if line.base > rule), len(lines))
        if below < len(lines) and (below >= cut or lines[below].raised):
            return list(lines[:below]), list(lines[below:])
    # Small lines without a rule: notes that start with a mark, or continue from the page before.
    if not any(map(note_mark, lines[cut:])):
        cut = len(lines)
    return list(lines[:cut]), list(lines[cut:])


def _separator(lines: Sequence[Line], rules: Sequence[Shape]) -> float | None:
    """Height of the lowest level rule with lines under it that are few enough to be notes."""
    left = min(line.x0 for line in lines)
    right = max(line.x1 for line in lines)
    best: float | None = None
    for rule in rules:
        if rule.height > GEOMETRY.rule or rule.width < _SHORTEST or abs(rule.x0 - left) > _ASIDE:
            continue
        if rule.x1 > right + _OVER or any(_underlines(rule, line) for line in lines):
            continue
        under = sum(line.base > rule.bottom for line in lines)
        if 0 < under <= max(3, _FEW * len(lines)) and (best is None or rule.top > best):
            best = rule.top
    return best


def _underlines(rule: Shape, line: Line) -> bool:
    """Whether a rule stands right under words of a line, as under a link, or through them."""
    close = -_THROUGH * line.size <= rule.top - line.base <= _UNDER * line.size
    return close and line.x0 - _ENDS <= rule.x0 and rule.x1 <= line.x1 + _ENDS


def strip_mark(line: Line) -> str:
    """Return a note's text without its mark."""
    if line.raised or line.marker is not None:
        return line.text
    mark = note_mark(line)
    return line.text[len(mark) :].lstrip() if mark else line.text
