"""Headings that hang in the margin beside the text they head.

They stand left of the edge that all other text keeps to, on a line with it. Lifted a little, they
are lines of their own above what they head.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipelines.read.pdf.model.bullets import is_glyph, is_sign
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.laid import LaidPage
from pipelines.read.pdf.model.line import NUMBER
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.rows import parted, rows_of

_ROOM = 50.0  # points between the start of such a heading and the text's edge
_SOME = 3  # such headings in a document; one or two may be anything
_LIFT = 0.45  # sizes from such a heading up to half its line
_LARGER = 1.1  # sizes of the text from which type stands out
_OUT = 3.0  # sizes by which a heading in bold may stick out of the margin
_STEP = 1.6  # sizes between two lines of a heading
_UNDER = 3.0  # sizes under a list's name, within which nothing but the list stands
_BESIDE = 0.75  # sizes between the baselines of a heading and the text beside it
_SPACE, _JOINED = 0.3, 0.5  # sizes of a space; and of white or a step within one line
_ENOUGH = 10  # lines of text that show where its edge is
_LONG = 12  # sizes: anything as wide is a line of text, not a heading in a margin
_LINES = 4  # lines of text to a heading that is neither bold nor large: labels have fewer


@dataclass(slots=True)
class _Head:
    """A heading in the margin, where the lines beside it start, and how high."""

    page: int
    spans: list[Span]
    edge: float
    base: float

    @property
    def text(self) -> str:
        return "".join(s.text for s in self.spans).replace(" ", "").casefold()


def lift_side_heads(laid: Sequence[LaidPage], body: float) -> None:
    """Set the headings in the margin of pages above the lines they stand beside.

    Args:
        laid: The pages; what stands in no region is looked at.
        body: Size of the document's text.
    """
    pages = [page.free for page in laid]
    lines = [[s.x0 for s in page if _is_line(s, body)] for page in pages]
    found: list[_Head] = []
    reach = 0.0
    for number, (page, starts) in enumerate(zip(pages, lines, strict=True)):
        starts.sort()
        for edge in (starts[len(starts) // 30] if starts else 0.0, _set_in(page, body)):
            margin = [s for s in page if s.x0 < edge - 2]
            groups = _groups([s for s in margin if _may_head(s, edge, body)])
            heads = [h for group in groups if (h := _head(group, page, edge, number))]
            reach = max([reach, *(edge - min(s.x0 for s in h.spans) for h in heads)])
            found += heads
            if heads:
                break
    found = _without_labels(found, lines, body)
    sure = sum(len(lines[head.page]) >= _ENOUGH for head in found)
    if reach < _ROOM or sure < _SOME:
        return
    for head in _joined(found, pages):
        _lift(head)


def _joined(heads: Sequence[_Head], pages: Sequence[list[Span]]) -> list[_Head]:
    """Put headings that the ends of pages part where they begin."""
    found: list[_Head] = []
    for head in heads:
        first, last = head.spans[0], found[-1].spans[-1] if found else head.spans[0]
        over = found and head.page == found[-1].page + 1 and first.text[:1].islower()
        if over and first.face == last.face and abs(first.size - last.size) < GEOMETRY.type:
            pages[head.page][:] = [s for s in pages[head.page] if s not in head.spans]
            pages[found[-1].page].extend(head.spans)
            found[-1].spans.extend(head.spans)
        else:
            found.append(head)
    return found


def _set_in(page: Sequence[Span], body: float) -> float:
    """Where lists begin beside their names, under lines as wide as both; 0 where none do."""
    out = [s for s in page if _stands_out(s, body)]
    bullets = [s for s in page if is_glyph(s.text.strip())] if out else []
    if not any(_is_level(sign, head) for sign in bullets for head in out):
        return 0.0
    signs: list[float] = []
    light = [s for s in page if not _stands_out(s, body)]
    for row in rows_of(page):
        heads = [span for span in row if _stands_out(span, body)]
        sign = row[len(heads)] if 0 < len(heads) < len(row) else row[0]
        if heads[:1] == row[:1] and is_glyph(sign.text.strip()):
            low = sign.base + _UNDER * sign.size
            if all(s.x0 >= sign.x0 for s in light if sign.base - 2 < s.base < low):
                signs.append(sign.x0)
    edge = min(signs, default=0.0)
    over = any(_is_line(s, body) and s.x0 < edge - _LONG < edge + _LONG < s.x1 for s in page)
    return edge if over else 0.0


def _is_level(sign: Span, head: Span) -> bool:
    """Whether a bullet may be on a row with what stands left of it."""
    return head.x0 <= sign.x0 and abs(head.base - sign.base) < _UNDER * sign.size


def _is_line(span: Span, body: float) -> bool:
    wide = span.x1 - span.x0 > _LONG * span.size
    return wide and not _stands_out(span, body) and span.size > GEOMETRY.note * body


def _stands_out(span: Span, body: float) -> bool:
    return span.face.bold or span.size > _LARGER * body


def _may_head(span: Span, edge: float, body: float) -> bool:
    """Whether a span that starts in the margin is a heading's: one in bold may stick out of it."""
    number = not span.face.bold and NUMBER.match(span.text.strip())  # an item's, set larger
    if is_sign(span.text) or number:
        return False
    if _stands_out(span, body):
        return span.x1 <= edge + _OUT * span.size
    word = sum(map(str.isalpha, span.text)) > 1  # bullets and numbers of items stand there, too
    return word and span.x1 <= edge - 2 and span.size > GEOMETRY.note * body


def _groups(margin: Sequence[Span]) -> list[list[Span]]:
    groups: list[list[Span]] = []
    for span in sorted(margin, key=lambda s: (round(s.base), s.x0)):
        if not groups or not _goes_on(groups[-1], span):
            groups.append([])
        groups[-1].append(span)
    return groups


def _head(group: list[Span], page: Sequence[Span], edge: float, number: int) -> _Head | None:
    """The heading that a group of spans is, if text starts at the edge beside it."""
    if sum(c.isalpha() for s in group for c in s.text) < 3:
        return None
    own = set(map(id, group))
    beside = [s for s in page if id(s) not in own and _is_beside(group[0], s)]
    reach = max(s.x1 for s in group if abs(s.base - group[0].base) < 1)
    whole = not any(s.face.bold and s.x0 - reach < s.size for s in beside)
    if not whole or not any(s.x0 >= edge - 2 for s in beside):
        return None
    base = min(s.base for s in beside)
    return _Head(number, group, min(s.x0 for s in beside), base)


def _without_labels(
    heads: Sequence[_Head], lines: Sequence[Sequence[float]], body: float
) -> list[_Head]:
    """Drop what may label the rows of a table: it looks like the text, and does not recur.

    So does a list beside another whose items begin in bold.
    """
    texts = Counter(head.text for head in heads)
    count = sum(len(lines[number]) for number in {head.page for head in heads})
    sparse = count >= _LINES * len(heads)
    return [
        head
        for head in heads
        if (_stands_out(head.spans[0], body) and len({s.face.bold for s in head.spans}) == 1)
        or (sparse and texts[head.text] > 1)
    ]


def _goes_on(head: Sequence[Span], span: Span) -> bool:
    """Whether a span continues a heading."""
    before = head[-1]
    if abs(span.base - before.base) < 1:
        return True  # in small capitals, or in a style of its own
    step = (span.base - before.base) / max(s.size for s in head)  # small capitals are smaller
    return step < _STEP and abs(span.size - before.size) < GEOMETRY.type


def _is_beside(head: Span, span: Span) -> bool:
    return span.x0 > head.x1 and abs(span.base - head.base) < _BESIDE * span.size


def _lift(head: _Head) -> None:
    """Set the lines of a heading as one, as narrow as the margin, half a line up."""
    group = head.spans
    start, size = min(s.x0 for s in group), group[0].size
    gaps = [0.0]
    for before, span in pairwise(group):
        level = abs(span.base - before.base) < _JOINED * size
        gaps.append(0.0 if level and not parted(before, span) else _SPACE * size)
    room = head.edge - 2 * size - start - sum(gaps)
    narrower = min(1.0, room / sum(s.x1 - s.x0 for s in group))
    base = min(head.base, group[0].base) - _LIFT * size
    for span, gap in zip(group, gaps, strict=True):
        width = max(1.0, narrower * (span.x1 - span.x0))
        span.x0, span.x1 = start + gap, start + gap + width
        span.base = base
        start = span.x1
