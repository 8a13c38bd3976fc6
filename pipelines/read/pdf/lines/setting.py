"""Spans to lines: baselines found, words separated, raised marks taken out.

A line belongs to one column of one page (or to one box). What its start may be - a bullet's
glyph, a number - is noted as its `marker`; whether it is one is learnt over the whole document.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pipelines.read.drafts.calls import is_part, raised
from pipelines.read.drafts.repair import DIVIDER, repair_text
from pipelines.read.pdf.lines.markers import split_marker
from pipelines.read.pdf.model.line import Line
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.rows import CALL, main_size, parted, rows_of

# Soft hyphen, and the hyphen that WeasyPrint and others set where they divide a word.
_SOFT = ("\u00ad", DIVIDER)
_FIRST = re.compile(r"(?:(?:\S*\d|[a-z]{1,2}) (?=[a-z]))*\S*")  # but R1 numbers what begins
_LEVEL = 0.05  # ems between the baselines of one line, as programs round them
_BEHIND = 8  # pieces of a line, and blanks, that tell what raised figures are
_LONGEST = 15  # characters of a call
_SMALL, _SMALLER = 0.8, 0.95  # of the text's size, up to which a call is set on the line; raised
_RAISED, _HIGH = 0.08, 0.2  # ems above the baseline: of a call in smaller type; in any
_STROKES: Final = "/⁄∕"
_OVER: Final = 0.15  # ems over the line, of the figure over the stroke
_BESIDE: Final = 0.25  # ems between the three of them
_KNOWN: Final = {unicodedata.normalize("NFKC", sign): sign for sign in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"}


def _main_type(row: Sequence[Span]) -> tuple[float, float]:
    """Main size of a row, and its baseline; where a long mark follows a short word, the word's."""
    if len({(span.size, span.base) for span in row}) == 1:
        return row[0].size, row[0].base
    size = main_size([s for s in row if not CALL.match(s.text.strip())] or row)
    return size, _baseline(row, size)


def _baseline(row: Sequence[Span], size: float) -> float:
    """Baseline of most of what a row has of a size: the sign of an item may stand over it."""
    weights: dict[float, int] = {}
    for span in row:
        if span.size == size:
            weights[span.base] = weights.get(span.base, 0) + len(span.text)
    return max(weights, key=lambda base: weights[base])


def line_of(row: Sequence[Span], *, page: int, left: float, right: float) -> Line | None:
    """Set a row as a line; None where it holds only reference marks."""
    size, base = _main_type(row)
    marker, body = split_marker(row)
    body = _with_fractions(body, base)
    setter = _set(body, size, base) if body else _Setter(row[0])
    first = setter.first
    text = "".join(setter.words).rstrip()
    if row[-1].text.rstrip().endswith(_SOFT):
        text = text.rstrip("-") + DIVIDER  # divides a word here and nowhere else
    if not text and marker is None and not setter.notes:
        return None
    if not text and marker is not None:
        text, first, marker = marker.text, row[0], None
    last = max([s.x1 for s in row])
    weight = max(setter.letters, 1)
    return Line(
        page,
        left,
        right,
        marker.x if marker is not None else min(setter.opened, first.x0),
        last,
        base,
        size,
        text,
        setter.bold,
        setter.bold_letters / weight,
        setter.italic_letters / weight,
        marker,
        setter.raised,
        setter.notes,
        tuple(dict.fromkeys([s.tag for s in row])),
        _weight_of_first(text) * (last - first.x0) / max(len(text), 1),
    )


def _weight_of_first(text: str) -> float:
    """Length of a text's first word in letters of usual width; capitals are wider.

    With the next where no line may end between: a figure and its unit, a short word and what it
    goes with. Few files say which of their spaces are hard.
    """
    found = _FIRST.match(text)
    word = found[0] if found else text
    return len(word) + (0.45 * sum(map(str.isupper, word)) if not word.islower() else 0.0)


@dataclass(slots=True)
class _Setter:
    """Sets spans one after the other: words, spaces between them, what is bold.

    `first`: The span that the text begins with. `raised`: The call that stands before it, from
    `opened` on.
    """

    first: Span
    raised: str = ""
    opened: float = 1e9
    words: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    bold: list[tuple[int, int]] = field(default_factory=list)
    edge: Span | None = None
    at: int = 0
    letters: int = 0
    bold_letters: int = 0
    italic_letters: int = 0
    _skipped: bool = False

    def skip(self, span: Span, after: Span) -> None:
        """Leave out a footnote's call; `after` is the span after it."""
        if self.edge is None:
            self.raised = span.text.strip()
            self.opened = min(self.opened, span.x0)
            self.first = after
        self.notes.append(span.text.strip())
        self._skipped = span.text.endswith(" ")

    def goes_on(self, span: Span) -> bool:
        """Whether raised figures are a part of what they stand behind, as of an area."""
        return is_part("".join(self.words[-_BEHIND:]).rstrip(), span.text.strip())

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


def _set(body: Sequence[Span], size: float, base: float) -> _Setter:
    """Set the text of a line, and leave out the calls of footnotes."""
    setter = _Setter(body[0])
    for span, after in zip(body, [*body[1:], *body[-1:]], strict=True):
        if not _is_call(span, size, base):
            setter.add(span)
        elif setter.goes_on(span):
            setter.add(replace(span, text=raised(span.text)))
        else:
            setter.skip(span, after)
    return setter


def _glued(text: str, edge: Span, span: Span) -> bool:
    """Punctuation after a call that was taken out stands against the word before the call."""
    level = abs(span.base - edge.base) < _LEVEL * span.size
    return text.lstrip()[:1] in ",.;:)?!" and level


def _is_call(span: Span, size: float, base: float) -> bool:
    bare = span.text.strip()
    if len(bare) > _LONGEST or not CALL.match(bare):
        return False
    raised = span.base < base - _RAISED * size
    if bare.isalpha():
        return raised
    return (
        (span.size < _SMALL * size and span.base < base + _LEVEL * size)
        or (span.size < _SMALLER * size and raised)
        or span.base < base - _HIGH * size
    )


def set_lines(spans: Sequence[Span], *, page: int, left: float, right: float) -> list[Line]:
    """Set the spans of one column as lines."""
    found = []
    for row in rows_of(spans):
        line = line_of(row, page=page, left=left, right=right)
        if line is not None:
            found.append(line)
    return found


def _with_fractions(row: Sequence[Span], base: float) -> list[Span]:
    """Write each fraction of a row, whose line is at `base`, as a sign or with raised figures."""
    kept = list(row)
    for at in range(len(kept) - 3, -1, -1):
        three = kept[at : at + 3]
        if len(three) < 3:  # before a fraction that ends the row, once it is written
            continue
        over, stroke, under = three
        if _is_fraction(over, stroke, under, base):
            figures, lower = over.text.strip(), under.text.strip()
            written = _KNOWN.get(f"{figures}⁄{lower}") or f"{raised(figures)}⁄{lower}"
            space = " " if under.text.endswith(" ") else ""
            kept[at : at + 3] = [replace(stroke, text=written + space, x0=over.x0, x1=under.x1)]
    return kept


def _is_fraction(over: Span, stroke: Span, under: Span, base: float) -> bool:
    return (
        stroke.text.strip() in _STROKES
        and over.text.strip().isdecimal()
        and under.text.strip().isdecimal()
        and base - over.base > _OVER * over.size
        and under.base >= base - _OVER * under.size
        and max(stroke.x0 - over.x1, under.x0 - stroke.x1) < _BESIDE * over.size
    )
