"""Areas of a page that something drawn holds together, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipelines.read.pdf.leads import is_glyph
from pipelines.read.pdf.lines import rows_of
from pipelines.read.pdf.marks import Span

_SAME = 3.0


@dataclass(slots=True)
class Region:
    """A drawn region of a page; `xs` and `ys` are the edges of its cells, its own included.

    `stripes`: It is made of fills alone, as every other row of some tables is.
    `level`: It is made of level rules alone.
    `walls`: Its upright rules: where each stands, its top and its bottom.
    """

    x0: float
    top: float
    x1: float
    bottom: float
    xs: list[float] = field(default_factory=list)
    ys: list[float] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    stripes: bool = False
    level: bool = False
    walls: list[tuple[float, float, float]] = field(default_factory=list)

    def holds(self, span: Span) -> bool:
        """Whether a span stands inside."""
        middle = span.middle
        return (
            self.top - 1 <= middle <= self.bottom + 1
            and self.x0 - 2 <= span.x0
            and (span.x0 + span.x1) / 2 <= self.x1 + 2
        )


def edges_of(values: Iterable[float]) -> list[float]:
    """Distinct edges, ascending; what lies within three points is one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _SAME:
            found.append(value)
    return found


def fill_regions(regions: Sequence[Region], spans: Sequence[Span]) -> list[Span]:
    """Give each region the spans that stand in it; return the others."""
    if not regions:
        return list(spans)
    free: list[Span] = []
    for span in spans:
        for region in regions:
            if region.holds(span):
                region.spans.append(span)
                break
        else:
            free.append(span)
    return [s for s in free if not _joins_outside(s, regions)]


def _joins_outside(span: Span, regions: Sequence[Region]) -> bool:
    """Give an item's sign that sticks out of its region to the text beside it there."""
    if not is_glyph(span.text.strip()):
        return False
    for region in regions:
        if span.x0 < region.x0 < span.x0 + 3 * span.size and any(
            abs(s.base - span.base) < 1 and 0 < s.x0 - span.x0 < 3 * span.size for s in region.spans
        ):
            region.spans.append(span)
            return True
    return False


def drawn_rows(regions: Sequence[Region]) -> list[tuple[float, float, float, float]]:
    """The rows of text in regions as pieces of line: each as wide as its region."""
    return [
        (region.x0, region.x1, row[0].base, row[0].size)
        for region in regions
        for row in rows_of(region.spans)
    ]
