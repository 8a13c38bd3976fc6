"""Spans to lines: baselines found, words parted, raised marks taken out.

A line belongs to one column of one page (or to one box). What its start may be - a bullet's
glyph, a number - is noted as its `lead`; whether it is one is learnt over the whole document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipelines.read.pdf.marks import Face, RawPage, Span
from pipelines.read.repair import repair_text

#: Gap in ems from which two spans on a line are two words; less where a space is written.
_WORD_GAP = 0.18
_SPACE_GAP = 0.11
#: Gap in ems from which two spans on a line are two cells rather than two words.
CELL_GAP = 1.25

_MARK = re.compile(
    r"^[\[(]?(?:\d{1,3}|[*†‡§¶]{1,15}|[a-z])(?:[,;–-]\s?(?:\d{1,3}|[a-z]))*[\])]?[.,:;]?$"
)
_LETTER_OR_DIGIT = re.compile(r"\w")
_NUMBER = re.compile(r"^(\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])(?:\s+|$)")
_GLYPHS = "•●○◦▪▫■□‣⁃∙◆◇★☆►▶➢➤➔→✓✔❖♦⬤❑❒▸▹■\ufffd"
_DRAWN = Face("drawn", bold=False, italic=False, symbolic=True)
_WEAK = "–—-−*·»›>+§~o¡"


@dataclass(slots=True)
class Lead:
    """The lone first token of a line; `text_x` is where the text after it starts (0: unknown)."""

    text: str
    x: float
    text_x: float
    foreign: bool
    strong: bool


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
    face: str
    bold: list[tuple[int, int]]
    bold_share: float
    italic_share: float
    lead: Lead | None = None
    raised: str = ""
    raised_size: float = 0.0
    notes: list[str] = field(default_factory=list)
    tags: tuple[int, ...] = ()
    width_of_first: float = 0.0
    band: int = 0

    @property
    def indent(self) -> float:
        """Distance of its start from the column's edge."""
        return self.x0 - self.left


def parted(before: Span, span: Span) -> bool:
    """Whether a space stands between two spans of a line.

    A written space needs white as well: PDFium writes some after letters that are set singly.
    """
    size = min(before.size, span.size)
    written = before.text.endswith(" ") or span.text.startswith(" ")
    gap = span.x0 - before.x1
    return gap > (_SPACE_GAP if written else _WORD_GAP) * size


def is_glyph(text: str) -> bool:
    """Whether a lone token is a sign that only bullets use."""
    return len(text) == 1 and (text in _GLYPHS or "\ue000" <= text <= "\uf8ff")


def may_mark(text: str) -> bool:
    """Whether a lone token may be a bullet's sign if it recurs: a dash, a star, an odd letter."""
    return len(text) == 1 and text in _WEAK


def rows_of(spans: Iterable[Span]) -> list[list[Span]]:
    """Gather spans that share a baseline, top to bottom, each row from left to right.

    Small raised or lowered figures join the row that they are set on.
    """
    rows: list[tuple[float, float, list[Span]]] = []
    late: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.base, s.x0)):
        placed = False
        for index in range(len(rows) - 1, max(-1, len(rows) - 4), -1):
            base, size, members = rows[index]
            smaller, larger = (span.size, size) if span.size < size else (size, span.size)
            near = abs(span.base - base)
            if near <= 0.12 * larger or (near <= 0.3 * larger and smaller > 0.8 * larger):
                members.append(span)
                if len(span.text.strip()) > len(members[0].text.strip()) and span.size > size:
                    rows[index] = (span.base, span.size, members)
                placed = True
                break
        if not placed:
            if _MARK.match(span.text.strip()) or is_glyph(span.text.strip()):
                late.append(span)
            else:
                rows.append((span.base, span.size, [span]))
    for span in late:
        _attach(span, rows)
    rows.sort(key=lambda row: row[0])
    return [sorted(members, key=lambda s: s.x0) for _, _, members in rows]


def _attach(span: Span, rows: list[tuple[float, float, list[Span]]]) -> None:
    """Give a raised mark, or a glyph off the baseline, to the row it touches; else its own row."""
    best: list[Span] | None = None
    distance = 1e9
    for base, size, members in rows:
        if not base - 0.95 * max(size, span.size) <= span.base <= base + 0.45 * size:
            continue
        reach = 3.2 * size if is_glyph(span.text.strip()) else 0.45 * size
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


def line_of(row: Sequence[Span], *, page: int, left: float, right: float) -> Line | None:
    """Set a row as a line; None where nothing but marks is in it."""
    size = main_size(row)
    base = next(s.base for s in row if s.size == size)
    words: list[str] = []
    bold: list[tuple[int, int]] = []
    notes: list[str] = []
    raised, raised_size, at, weight, italic, bolds = "", 0.0, 0, 0, 0, 0
    faces: dict[str, int] = {}
    edge: Span | None = None
    skipped = False
    lead, body = _lead(row)
    first = body[0] if body else row[0]
    for span in body:
        text = span.text
        bare = text.strip()
        if _is_call(span, size, base):
            if edge is None and not words:
                raised, raised_size = bare, span.size
                first = body[1] if len(body) > 1 else span
            notes.append(bare)
            skipped = text.endswith(" ")
            continue
        text = repair_text(text) if not text.isascii() else text
        if not bare:
            continue
        if (
            edge is not None
            and (skipped or parted(edge, span))
            and not (notes and _glued(text, edge, span))
            and not words[-1].endswith(" ")
        ):
            words.append(" ")
            at += 1
        elif edge is not None and words[-1] == " " and not parted(edge, span) and not skipped:
            words.pop()
            at -= 1
        skipped = False
        piece = " ".join(text.split())
        if not piece:
            continue
        if span.face.bold:
            if bold and bold[-1][1] >= at - 1:
                bold[-1] = (bold[-1][0], at + len(piece))
            else:
                bold.append((at, at + len(piece)))
            bolds += len(piece)
        if span.face.italic:
            italic += len(piece)
        weight += len(piece)
        faces[span.face.name] = faces.get(span.face.name, 0) + len(piece)
        words.append(piece)
        at += len(piece)
        if text.endswith(" "):
            words.append(" ")
            at += 1
        edge = span
    text = "".join(words).rstrip()
    if not text and lead is None and not notes:
        return None
    if not text and lead is not None:
        text, first, at = lead.text, row[0], len(lead.text)
        lead = None
    last = max((s.x1 for s in row), default=0.0)
    return Line(
        page,
        left,
        right,
        lead.x if lead is not None else first.x0,
        last,
        base,
        size,
        text,
        max(faces, key=lambda f: faces[f]) if faces else "",
        bold,
        bolds / weight if weight else 0.0,
        italic / weight if weight else 0.0,
        lead,
        raised,
        raised_size,
        notes,
        tuple(dict.fromkeys(s.tag for s in row)),
        _first_width(text, first.x0, last),
    )


def _glued(text: str, edge: Span, span: Span) -> bool:
    """Punctuation after a call that was taken out stands against the word before the call."""
    return text.lstrip()[:1] in ",.;:)?!" and span.base == edge.base


def _first_width(text: str, x0: float, x1: float) -> float:
    return len(text.partition(" ")[0]) * (x1 - x0) / max(len(text), 1)


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


def _lead(row: Sequence[Span]) -> tuple[Lead | None, list[Span]]:
    """Split off the row's first token where it may mark an item; the rest is the text."""
    first = row[0]
    bare = first.text.strip()
    rest = list(row[1:])
    while rest and not rest[0].text.strip():
        rest.pop(0)
    loose = bool(rest) and parted(first, rest[0])
    if rest and (is_glyph(bare) or (may_mark(bare) and (loose or not bare.isalpha()))):
        follower = rest[0]
        foreign = first.face.symbolic or first.face.name != follower.face.name
        return Lead(bare, first.x0, follower.x0, foreign, is_glyph(bare)), rest
    if rest and len(bare) <= 2 and first.face.symbolic:
        return Lead(bare, first.x0, rest[0].x0, True, True), rest
    if len(bare) > 1 and (is_glyph(bare[0]) or (may_mark(bare[0]) and bare[1] == " ")):
        text = bare[1:].lstrip()
        width = (first.x1 - first.x0) / len(bare)
        cut = Span(
            text,
            first.x0 + width * (len(bare) - len(text)),
            first.x1,
            first.base,
            first.size,
            first.face,
            first.tag,
        )
        if first.text.endswith(" "):
            cut.text += " "
        return Lead(bare[0], first.x0, 0.0, False, is_glyph(bare[0])), [cut, *rest]
    if loose and _NUMBER.match(bare) and len(bare) <= 5:
        return Lead(bare, first.x0, rest[0].x0, False, False), rest
    found = _NUMBER.match(bare)
    if found and len(bare) > len(found[0]):
        text = bare[found.end() :]
        width = (first.x1 - first.x0) / len(bare)
        cut = Span(
            text + (" " if first.text.endswith(" ") else ""),
            first.x0 + width * found.end(),
            first.x1,
            first.base,
            first.size,
            first.face,
            first.tag,
        )
        return Lead(found[1], first.x0, 0.0, False, False), [cut, *rest]
    return None, list(row)


def is_number(lead: Lead | None) -> bool:
    """Whether a lead is a number or letter with a full stop or bracket."""
    return (
        lead is not None
        and bool(_NUMBER.match(lead.text))
        and bool(_LETTER_OR_DIGIT.search(lead.text))
        and len(lead.text) > 1
    )


def drawn_signs(page: RawPage) -> None:
    """Set bullets that are drawn as small discs or squares, or as pictures, as signs.

    Such a shape stands by itself to the left of a line, at the height of its small letters.
    """
    small = [
        s
        for s in page.shapes
        if 1.2 <= s.width <= 9 and 1.2 <= s.height <= 9 and 0.6 <= s.width / s.height <= 1.7
    ]
    if not small:
        return
    upright = [s for s in page.spans if s.angle == 0]
    for shape in small:
        middle = (shape.top + shape.bottom) / 2
        beside = [
            s
            for s in upright
            if 0.5 < s.x0 - shape.x1 < 3.2 * s.size
            and abs(s.base - 0.32 * s.size - middle) < 0.3 * s.size
            and max(shape.width, shape.height) < 0.75 * s.size
        ]
        before = [s for s in upright if s.x1 <= shape.x0 + 1 and shape.x0 - s.x1 < 2 * s.size]
        if not beside or any(abs(s.base - beside[0].base) < 2 for s in before):
            continue
        follower = min(beside, key=lambda s: s.x0)
        page.spans.append(
            Span("•", shape.x0, shape.x1, follower.base, follower.size, _DRAWN, follower.tag)
        )
