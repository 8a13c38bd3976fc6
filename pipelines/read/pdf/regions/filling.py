"""Areas of a page that something drawn holds together, and what stands in them."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.read.pdf.lines.setting import set_lines
from pipelines.read.pdf.model.bullets import is_glyph
from pipelines.read.pdf.model.laid import LaidPage
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.region import Region
from pipelines.read.pdf.model.rows import rows_of

_OUT = 3.0  # sizes from a bullet that sticks out of its region to the region, and to its text


def set_aside(page: LaidPage) -> None:
    """Set text that runs in another direction as lines of its own, beside the page's text."""
    turned = [s for s in page.raw.spans if s.angle != 0]
    page.aside = set_lines(turned, page=page.raw.number, left=0.0, right=page.raw.width)


def fill_regions(page: LaidPage) -> None:
    """Give each region the spans that stand in it, or drop it; the others are free text."""
    page.free = _fill([s for s in page.raw.spans if s.angle == 0], page.regions)
    page.regions = [region for region in page.regions if region.spans]


def _fill(spans: Sequence[Span], regions: Sequence[Region]) -> list[Span]:
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
    return [s for s in free if not _give_to_region(s, regions)]


def _give_to_region(span: Span, regions: Sequence[Region]) -> bool:
    """Give an item's bullet that sticks out of its region to the text beside it there."""
    if not is_glyph(span.text.strip()):
        return False
    for region in regions:
        if span.x0 < region.x0 < span.x0 + _OUT * span.size and any(
            abs(s.base - span.base) < 1 and 0 < s.x0 - span.x0 < _OUT * span.size
            for s in region.spans
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
