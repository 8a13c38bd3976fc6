"""Spans to lines: baselines found, words parted, raised marks taken out.

A line belongs to one column of one page (or to one box). What its start may be - a bullet's
glyph, a number - is noted as its `lead`; whether it is one is learnt over the whole document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from pipelines.read.pdf.leads import Lead, is_glyph, may_mark, parted, split_lead
from pipelines.read.pdf.marks import Span
from pipelines.read.repair import repair_text

# Soft hyphen, and the hyphen that WeasyPrint and others set where they divide a word.
_SOFT = ("\u00ad", "\u2010")
#: Gap in ems from which two spans on a line are two cells rather than two words.
CELL_GAP = 1.25

_MARK = re.compile(
    r"^[\[(]?(?:\d{1,3}|[¹²³⁰⁴⁵⁶⁷⁸⁹]{1,3}|[*†‡§¶‖]{1,15}|[a-z])(?:[,;–-]\s?(?:\d{1,3}|[a-z]))*[\])]?[.,:;]?$"
)
_RAISED = re.compile(r"[a-z]{2,3}")  # as in 18th
_SMALLER = 0.8  # of the text's size, below which short words may be raised ones
_LONGEST_MARK = 60  # characters of the longest run of calls that is looked for
_READING = attrgetter("base", "x0")
_LEFT = attrgetter("x0")


@dataclass(slots=True)
class Line:
    """One line of text in a column; coordinates are on the page, `left` is the column's edge.

    `bold` holds parts of `text`; `notes` the footnote calls taken out of it; `raised` a mark that
    stood at its very start.
    """

    page: int
    left: float
    right: float
    x0: float
    x1: float
    base: float
    size: float
    text: str
    bold: list[tuple[int, int]]
    bold_share: float
    italic_share: float
    lead: Lead | None = None
    raised: str = ""
    notes: list[str] = field(default_factory=list)
    tags: tuple[int, ...] = ()
    width_of_first: float = 0.0
    band: int = 0

    @property
    def indent(self) -> float:
        """Distance of its start from the column's edge."""
        return self.x0 - self.left


def rows_of(spans: Iterable[Span]) -> list[list[Span]]:
    """Gather spans that share a baseline, top to bottom, each row from left to right.

    Small raised or lowered figures join the row that they are set on.
    """
    rows: list[tuple[float, float, list[Span]]] = []
    late: list[Span] = []
    spans = sorted(spans, key=_READING)
    small = _SMALLER * main_size(spans)
    for span in spans:
        placed = False
        for index in range(len(rows) - 1, max(-1, len(rows) - 4), -1):
            base, size, members = rows[index]
            smaller, larger = (span.size, size) if span.size < size else (size, span.size)
            near = abs(span.base - base)
            if near <= 0.12 * larger or (near <= 0.3 * larger and smaller > 0.8 * larger):
                members.append(span)
                if span.size > size and len(span.text.strip()) > len(members[0].text.strip()):
                    rows[index] = (span.base, span.size, members)
                placed = True
                break
        if not placed:
            bare = span.text.strip()
            if len(bare) <= _LONGEST_MARK and (
                _MARK.match(bare)
                or is_glyph(bare)
                or may_mark(bare)
                or (span.size < small and _RAISED.fullmatch(bare))
            ):
                late.append(span)
            else:
                rows.append((span.base, span.size, [span]))
    for span in late:
        _attach(span, rows)
    rows.sort(key=lambda row: row[0])
    for _, _, members in rows:
        members.sort(key=_LEFT)
    return [members for _, _, members in rows]


def _attach(span: Span, rows: list[tuple[float, float, list[Span]]]) -> None:
    """Give a raised mark, or a glyph off the baseline, to the row it touches; else its own row."""
    best: list[Span] | None = None
    distance = 1e9
    bare = span.text.strip()
    for base, size, members in rows:
        if not base - 0.95 * max(size, span.size) <= span.base <= base + 0.45 * size:
            continue
        sign = is_glyph(bare) or (may_mark(bare) and span.x1 <= min(s.x0 for s in members))
        reach = 3.2 * size if sign else 0.45 * size
        gap = min(max(span.x0 - other.x1, other.x0 - span.x1, 0.0) for other in members)
        if gap > reach:
            continue
        away = abs(base - span.base) + gap
        if away < distance:
            best, distance = members, away
    if best is not None:
        best.append(span)
        return
    for base, _, members in rows:
        if abs(base - span.base) <= 0.12 * span.size:
            members.append(span)
            return
    rows.append((span.base, span.size, [span]))


def segments(row: Sequence[Span]) -> list[list[Span]]:
    """Cut a row where the gap is too wide for a word space."""
    cut: list[list[Span]] = []
    edge = 0.0
    for span in row:
        if cut and span.x0 - edge <= CELL_GAP * max(span.size, cut[-1][-1].size):
            cut[-1].append(span)
        else:
            cut.append([span])
        edge = max(edge, span.x1) if cut[-1][0] is not span else span.x1
    return cut


def main_size(spans: Sequence[Span]) -> float:
    """Size in which most of the characters are set."""
    weights: dict[float, int] = {}
    for span in spans:
        weights[span.size] = weights.get(span.size, 0) + len(span.text)
    return max(weights, key=lambda s: (weights[s], s)) if weights else 0.0


def _text_size(row: Sequence[Span]) -> float:
    """Main size of a row; where a long mark follows a short word, that of the word."""
    if len(row) > 1:
        words = [s for s in row if not _MARK.match(s.text.strip())]
        if words and len(words) < len(row):
            return main_size(words)
    return main_size(row)


def line_of(row: Sequence[Span], *, page: int, left: float, right: float) -> Line | None:
    """Set a row as a line; None where nothing but marks is in it."""
    size = _text_size(row)
    base = next(s.base for s in row if s.size == size)
    lead, body = split_lead(row)
    first = body[0] if body else row[0]
    setter = _Setter()
    raised = ""
    opened = 1e9
    for index, span in enumerate(body):
        if _is_call(span, size, base):
            if setter.edge is None:
                raised = span.text.strip()
                opened = min(opened, span.x0)
                first = body[min(index + 1, len(body) - 1)]
            setter.skip(span)
        else:
            setter.add(span)
    text = "".join(setter.words).rstrip()
    if row[-1].text.rstrip().endswith(_SOFT):
        text = text.rstrip("-") + "\u00ad"  # divides a word here and nowhere else
    if not text and lead is None and not setter.notes:
        return None
    if not text and lead is not None:
        text, first, lead = lead.text, row[0], None
    last = max(s.x1 for s in row)
    weight = max(setter.letters, 1)
    return Line(
        page,
        left,
        right,
        lead.x if lead is not None else min(opened, first.x0),
        last,
        base,
        size,
        text,
        setter.bold,
        setter.bold_letters / weight,
        setter.italic_letters / weight,
        lead,
        raised,
        setter.notes,
        tuple(dict.fromkeys(s.tag for s in row)),
        _weight(text.partition(" ")[0]) * (last - first.x0) / max(len(text), 1),
    )


def _weight(word: str) -> float:
    """Length of a word in letters of usual width; capitals are wider."""
    return len(word) + (0.45 * sum(map(str.isupper, word)) if not word.islower() else 0.0)


@dataclass(slots=True)
class _Setter:
    """Sets spans one after the other: words, spaces between them, what is bold."""

    words: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    bold: list[tuple[int, int]] = field(default_factory=list)
    edge: Span | None = None
    at: int = 0
    letters: int = 0
    bold_letters: int = 0
    italic_letters: int = 0
    _skipped: bool = False

    def skip(self, span: Span) -> None:
        """Leave out a footnote's call."""
        self.notes.append(span.text.strip())
        self._skipped = span.text.endswith(" ")

    def add(self, span: Span) -> None:
        """Set a span."""
        text = span.text if span.text.isascii() else repair_text(span.text)
        piece = " ".join(text.split())
        if not piece:
            return
        self._space(span, text)
        self._skipped = False
        if span.face.bold:
            self._embolden(len(piece))
        if span.face.italic:
            self.italic_letters += len(piece)
        self.letters += len(piece)
        self._write(piece)
        if text.endswith(" "):
            self._write(" ")
        self.edge = span

    def _write(self, text: str) -> None:
        self.words.append(text)
        self.at += len(text)

    def _space(self, span: Span, text: str) -> None:
        edge = self.edge
        if edge is None:
            return
        apart = self._skipped or parted(edge, span)
        if self.words[-1] == " ":
            if not apart:
                self.words.pop()
                self.at -= 1
        elif apart and not (self.notes and _glued(text, edge, span)):
            self._write(" ")

    def _embolden(self, length: int) -> None:
        self.bold_letters += length
        if self.bold and self.bold[-1][1] >= self.at - 1:
            self.bold[-1] = (self.bold[-1][0], self.at + length)
        else:
            self.bold.append((self.at, self.at + length))


def _glued(text: str, edge: Span, span: Span) -> bool:
    """Punctuation after a call that was taken out stands against the word before the call."""
    return text.lstrip()[:1] in ",.;:)?!" and span.base == edge.base


def _is_call(span: Span, size: float, base: float) -> bool:
    bare = span.text.strip()
    if len(bare) > 15 or not _MARK.match(bare):
        return False
    raised = span.base < base - 0.08 * size
    if bare.isalpha():
        return raised and span.size < 0.8 * size and len(bare) == 1
    return (
        (span.size < 0.8 * size and span.base < base + 0.05 * size)
        or (span.size < 0.95 * size and raised)
        or span.base < base - 0.2 * size
    )
