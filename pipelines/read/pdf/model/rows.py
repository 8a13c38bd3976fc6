"""Spans on one baseline: rows, their words and their cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from operator import attrgetter, itemgetter

from pipelines.read.pdf.model.bullets import is_glyph, is_sign, may_mark
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.page import Span, heaviest

#: The call of a footnote, or several: raised or not.
CALL = re.compile(
    r"^[\[(]?(?:\d{1,3}|[¹²³⁰⁴⁵⁶⁷⁸⁹]{1,3}|[*†‡§¶‖]{1,15}|[a-z])(?:[,;–-]\s?(?:\d{1,3}|[a-z]))*[\])]?[.,:;]?$"
)

_RAISED = re.compile(r"[A-Za-z]{2,3}|[®©™℠°ºª]")  # as in 18th
_LIFTED = 0.12  # ems over the line, at least, of letters that are raised
_TALL, _HIGHEST = 0.7, 1.3  # ems from their foot to their top, and from the line up to that
_BESIDE = 0.25  # ems from them to what they stand behind
_SMALLER = 0.8  # of the size of what shares a row, above which types are about of one size
_LEVEL, _NEAR = 0.12, 0.3  # sizes between the baselines of a row: at most, and in about one size
_LONGEST_MARK = 60  # characters of the longest run of calls that is looked for
_READING = attrgetter("base", "x0")
_LEFT = attrgetter("x0")
_BASE = itemgetter(0)

# Of its first span, or of one that is larger: baseline and size; its spans.
_Row = tuple[float, float, list[Span]]


def rows_of(spans: Iterable[Span]) -> list[list[Span]]:
    """Gather spans that share a baseline, top to bottom, each row from left to right.

    Small raised or lowered figures join the row that they are set on.
    """
    rows: list[_Row] = []
    late, others = _parted(sorted(spans, key=_READING))
    for span in others:
        base, own = span.base, span.size
        for index, (other, size, members) in enumerate(rows[:-4:-1], 1):
            near, larger = abs(base - other), size if own < size else own
            if near > _NEAR * larger:
                continue
            if near <= _LEVEL * larger or (own if own < size else size) > _SMALLER * larger:
                members.append(span)
                if own > size and len(span.text.strip()) > len(members[0].text.strip()):
                    rows[-index] = (base, own, members)
                break
        else:
            if _may_be_raised(span):
                late.append(span)
            else:
                rows.append((base, own, [span]))
    for span in late:
        _attach(span, rows)
    rows.sort(key=_BASE)
    for _, _, members in rows:
        if len(members) > 1:
            members.sort(key=_LEFT)
    return [members for _, _, members in rows]


def _parted(spans: Sequence[Span]) -> tuple[list[Span], list[Span]]:
    """Part letters that are raised behind a word or figure from all others, in their order."""
    raised: list[Span] = []
    others: list[Span] = []
    for at, span in enumerate(spans):
        behind = _RAISED.fullmatch(span.text.strip()) and _stands_behind(span, spans, at)
        (raised if behind else others).append(span)
    return raised, others


def _may_be_raised(span: Span) -> bool:
    """Whether a span may belong to a row that it is not level with: a call, or a sign."""
    bare = span.text.strip()
    if len(bare) > 3 or CALL.match(bare):
        return len(bare) <= _LONGEST_MARK and CALL.match(bare) is not None
    return is_sign(bare)


def _stands_behind(span: Span, spans: Sequence[Span], at: int) -> bool:
    """Whether letters are raised behind a word or figure; `at` is their place, from the top."""
    top = span.base - _TALL * span.size
    for other in islice(spans, at + 1, None):
        if other.base - span.base > 2 * span.size + other.size:
            return False
        if (
            other.base - span.base >= _LIFTED * other.size
            and other.base - top <= _HIGHEST * other.size
            and abs(span.x0 - other.x1) <= _BESIDE * other.size
            and other.text.rstrip()[-1:].isalnum()
        ):
            return True
    return False


def _attach(span: Span, rows: list[_Row]) -> None:
    """Give a raised mark, or a glyph off the baseline, to the row it touches; else its own row."""
    best: list[Span] | None = None
    distance = 1e9
    bare = span.text.strip()
    for base, size, members in rows:
        larger = size if size > span.size else span.size
        if not base - 0.95 * larger <= span.base <= base + 0.5 * size:
            continue
        sign = is_glyph(bare) or (may_mark(bare) and span.x1 <= min(s.x0 for s in members))
        reach = 3.2 * size if sign else 0.45 * size
        gap = min(max(span.x0 - other.x1, other.x0 - span.x1, 0.0) for other in members)
        if gap > reach:
            continue
        under = any(other.x0 < span.x0 and span.x1 < other.x1 for other in members)
        away = abs(base - span.base) + gap + size * under  # nothing stands in its own row's words
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


def segments(row: Sequence[Span], gap: float = GEOMETRY.cell_gap) -> list[list[Span]]:
    """Cut a row where the white, in ems, is too wide for a word space."""
    cut: list[list[Span]] = []
    edge = 0.0
    for span in row:
        if cut and span.x0 - edge <= gap * max(span.size, cut[-1][-1].size):
            cut[-1].append(span)
            edge = max(edge, span.x1)
        else:
            cut.append([span])
            edge = span.x1
    return cut


def is_bold(row: Iterable[Span]) -> bool:
    """Whether spans are bold, one and all."""
    return all(span.face.bold for span in row)


def main_size(spans: Sequence[Span]) -> float:
    """Size in which most of the characters are set."""
    return heaviest((span.size, len(span.text)) for span in spans)


def parted(before: Span, span: Span) -> bool:
    """Whether a space stands between two spans of a line.

    A space at the end needs white as well: PDFium writes some after letters that are set singly.
    One at the start is the text's own, and the white may be in what it covers.
    """
    size, gap = min(before.size, span.size), span.x0 - before.x1
    if span.text.startswith(" "):
        return before.text.endswith(" ") or gap > -GEOMETRY.space_gap * size
    raised = _is_raised(span, before)
    if raised:  # however small it is, the white is that of what it stands behind
        size = before.size
    if before.text.endswith("1") and (span.text[:1].isdigit() or raised):
        gap -= GEOMETRY.after_one * before.size
    return gap > (GEOMETRY.space_gap if before.text.endswith(" ") else GEOMETRY.word_gap) * size


def _is_raised(span: Span, before: Span) -> bool:
    """Whether a span is the letters of an ordinal: 21st."""
    lifted = before.base - span.base >= _LIFTED * before.size
    return lifted and _RAISED.fullmatch(span.text.strip()) is not None
