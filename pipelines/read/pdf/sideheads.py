"""Headings that hang in the margin beside the text they head.

They stand left of the edge that all other text keeps to, on a line with it. Lifted a little, they
are lines of their own above what they head.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipelines.read.pdf.leads import parted
from pipelines.read.pdf.marks import Span

_ROOM = 50.0  # points between the start of such a heading and the text's edge
_SOME = 3  # such headings in a document; one or two may be anything
_LIFT = 0.45  # sizes
_ENOUGH = 10  # spans of text that show where its edge is


def lift_side_heads(pages: Sequence[Sequence[Span]], body: float) -> None:
    """Set the headings in the margin of pages above the lines they stand beside.

    Args:
        pages: The spans of each page that stand in no region.
        body: Size of the document's text.
    """
    found = [head for page in pages for head in _side_heads(page, body)]
    if len(found) < _SOME:
        return
    for head in found:
        _lift(*head)


def _side_heads(page: Sequence[Span], body: float) -> list[tuple[list[Span], float, float]]:
    """Headings that end before a page's text begins, and where the lines beside them start."""
    text = [s for s in page if not s.face.bold and s.size > 0.94 * body and len(s.text) > _SOME]
    if len(text) < _ENOUGH:
        return []
    starts = sorted(s.x0 for s in text)
    edge = starts[len(starts) // 30]
    margin = [s for s in page if s.x1 <= edge - 2 and s.face.bold and s.angle == 0]
    if min((s.x0 for s in margin), default=edge) > edge - _ROOM:
        return []
    groups: list[list[Span]] = []
    for span in sorted(margin, key=lambda s: (round(s.base), s.x0)):
        if groups and _goes_on(groups[-1][-1], span):
            groups[-1].append(span)
        else:
            groups.append([span])
    found = []
    for group in groups:
        beside = [s for s in page if _is_beside(group[0], s)]
        whole = not any(s.face.bold and s.x0 - group[0].x1 < s.size for s in beside)
        if whole and any(s.x0 >= edge - 2 for s in beside):
            found.append((group, min(s.x0 for s in beside), min(s.base for s in beside)))
    return found


def _goes_on(before: Span, span: Span) -> bool:
    """Whether a span goes on the heading that ends with the one before."""
    step = (span.base - before.base) / span.size
    wrapped = step < 1.6 or (step < 2.6 and span.text[:1].islower())
    return wrapped and abs(span.size - before.size) < 0.5


def _is_beside(head: Span, span: Span) -> bool:
    return span.x0 > head.x1 and abs(span.base - head.base) < 0.75 * span.size


def _lift(group: Sequence[Span], edge: float, base: float) -> None:
    """Set the lines of a heading as one, as narrow as the margin, half a line up."""
    start, size = min(s.x0 for s in group), group[0].size
    gaps = [0.0]
    for before, span in pairwise(group):
        goes_on = abs(span.base - before.base) < 0.5 * size and not parted(before, span)
        gaps.append(0.0 if goes_on else 0.3 * size)
    room = edge - 2 * size - start - sum(gaps)
    narrower = min(1.0, room / sum(s.x1 - s.x0 for s in group))
    base = min(base, group[0].base) - _LIFT * size
    for span, gap in zip(group, gaps, strict=True):
        width = max(1.0, narrower * (span.x1 - span.x0))
        span.x0, span.x1 = start + gap, start + gap + width
        span.base = base
        start = span.x1
