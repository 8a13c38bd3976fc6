"""What many pages show together and one alone does not: frames, rules between columns, margins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from pipelines.read.pdf.model.page import RawPage
from pipelines.read.pdf.regions.barred import may_open_box
from pipelines.read.pdf.regions.grounds import column_rules, page_frames


class Fixtures(NamedTuple):
    """What belongs to the pages of a document.

    `frames`: Places of shapes that belong to the page. `between`: Keys of the rules between
    columns. `homes`: Where text begins on even and on odd pages; none where no page has a bar.
    """

    frames: Collection[tuple[int, ...]] = ()
    between: Collection[tuple[int, int]] = ()
    homes: tuple[float, float] | None = None


def find_fixtures(pages: Sequence[RawPage]) -> Fixtures:
    """Learn from all pages what belongs to each."""
    homes = None
    if any(may_open_box(shape) for page in pages for shape in page.shapes):
        even, odd = (_home([page for page in pages if page.number % 2 == n]) for n in (0, 1))
        homes = (even, odd)
    return Fixtures(page_frames(pages), column_rules(pages), homes)


def _home(pages: Sequence[RawPage]) -> float:
    """The leftmost place where text begins on a tenth of the pages, and on two of them."""
    found: Counter[int] = Counter()
    for page in pages:
        found.update({round(span.x0) for span in page.spans})
    least = max(2, len(pages) // 10)
    return min((float(place) for place, count in found.items() if count >= least), default=1e9)
