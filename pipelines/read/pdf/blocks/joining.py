"""The lines of a part joined to one text: what comes between two, and which text is bold."""

from __future__ import annotations

from pipelines.read.drafts.calls import without_raised_calls
from pipelines.read.drafts.repair import DIVIDER
from pipelines.read.drafts.wrapping import join_lines
from pipelines.read.pdf.lines.notes import strip_mark
from pipelines.read.pdf.model.habits import Habits
from pipelines.read.pdf.model.part import Part
from pipelines.records import BlockKind


def join_lines_of(part: Part, habits: Habits) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Join a part's lines: by a newline, by nothing after a hyphen, by a space before an item."""
    pieces: list[str] = []
    length = 0
    bold: list[tuple[int, int]] = []
    for index, line in enumerate(part.lines):
        text = line.text
        shift = 0
        if index == 0 and part.kind is BlockKind.FOOTNOTE:
            kept = strip_mark(line)
            shift = len(kept) - len(text)
            text = kept
        if pieces:
            joined = _ended(pieces[-1], text, part.joints[index], habits)
            length += len(joined) - len(pieces[-1])
            pieces[-1] = joined
        for a, b in line.bold:
            begin, end = max(length, length + shift + a), length + shift + b
            if bold and bold[-1][1] >= begin - 1:
                bold[-1] = (bold[-1][0], end)
            elif end > begin:
                bold.append((begin, end))
        pieces.append(text)
        length += len(text)
    joined = "".join(pieces).rstrip(DIVIDER)
    out = without_raised_calls(joined)
    if out != joined:
        bold = [(a, min(b, len(out))) for a, b in bold if a < len(out)]
    return out, tuple(bold)


def _ended(out: str, text: str, item: bool, habits: Habits) -> str:
    """The text so far, ended as `text` continues it: by a newline, nothing, or a space."""
    if item:
        return out + " "
    if out.endswith(("/", "–", "—")) and out[-2:-1].isalnum():
        return out
    return join_lines(out, text, habits.words).removesuffix(text)


def join_cell(text: str, habits: Habits) -> str:
    """The text of a cell, its lines joined after hyphens as those of the text are."""
    first, *rest = text.split("\n")
    for line in rest:
        first = _ended(first, line, False, habits).replace("\n", " ") + line
    return first
