"""Shapes that belong to the page rather than to its text: frames, grounds, rules of the margin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from math import inf
from typing import NamedTuple

from pipelines.read.pdf.model.edges import edges_of
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.page import RawPage, Shape, Span

_TIGHT = 1.5  # points by which words stand over the fill behind them
_LINE = 1.7  # sizes that such a fill is high


class Fixtures(NamedTuple):
    """What belongs to the pages of a document.

    `frames`: Places of shapes that belong to the page. `between`: Keys of the rules between
    columns. `homes`: Where text begins on even and on odd pages.
    """

    frames: Collection[tuple[int, ...]] = ()
    between: Collection[tuple[int, int]] = ()
    homes: tuple[float, ...] = (inf, inf)


def find_fixtures(pages: Sequence[RawPage]) -> Fixtures:
    """Learn from all pages what belongs to each."""
    homes = tuple(_home([page for page in pages if page.number % 2 == side]) for side in (0, 1))
    return Fixtures(_page_frames(pages), _column_rules(pages), homes)


def _home(pages: Sequence[RawPage]) -> float:
    """The leftmost place where text begins on a tenth of the pages, and on two of them."""
    found = Counter(x for page in pages for x in {round(span.x0) for span in page.spans})
    least = max(2, len(pages) // 10)
    return min((float(x) for x, count in found.items() if count >= least), default=inf)


def _page_frames(pages: Sequence[RawPage]) -> set[tuple[int, ...]]:
    """Places of shapes that belong to the page, not to its text.

    Frames and grounds that hold most of a page on page after page, rules that recur at one place
    (under a running head, between columns), and whatever is drawn at one place on most pages.
    """
    large, rules, others = (Counter[tuple[int, ...]]() for _ in range(3))
    for page in pages:
        placed = [(rounded_place(shape), shape) for shape in page.shapes]
        large.update({place for place, s in placed if _holds_page(s, page)})
        rules.update({at for at, s in placed if min(s.width, s.height) <= GEOMETRY.rule})
        others.update({place for place, _ in placed})
    return {
        key
        for counts, least, share in ((large, 2, 0.3), (rules, 3, 0.4), (others, 5, 0.6))
        for key, count in counts.items()
        if count >= max(least, share * len(pages))
    }


def _holds_page(shape: Shape, page: RawPage) -> bool:
    return shape.width > 0.55 * page.width and shape.height > 0.5 * page.height


def rounded_place(shape: Shape) -> tuple[int, ...]:
    """Where a shape stands, to two points."""
    x0, top, x1, bottom, _ = shape
    return round(x0 / 2), round(top / 2), round(x1 / 2), round(bottom / 2)


def is_backdrop(shape: Shape, page: RawPage) -> bool:
    """Whether a shape is as good as the page itself."""
    return shape.width > 0.85 * page.width and shape.height > 0.8 * page.height


def without_marks(shapes: Sequence[Shape], spans: Sequence[Span]) -> list[Shape]:
    """Leave out the fills behind words, as a marker's are: some lie in lines that go on beside."""
    most = _LINE * max((s.size for s in spans), default=0.0)
    fills = [s for s in shapes if s.filled and GEOMETRY.rule < s.height < most]
    held = {id(s): _beside(s, spans) for s in fills if s.width > GEOMETRY.rule}
    marks = {(s.filled, round(s.height)) for s in shapes if held.get(id(s))}
    return [
        s for s in shapes if held.get(id(s)) is None or (s.filled, round(s.height)) not in marks
    ]


def _beside(shape: Shape, spans: Sequence[Span]) -> bool | None:
    """Whether the line of the words that a fill is as wide as goes on; None where none are."""
    row = [s for s in spans if shape.top < s.middle < shape.bottom and s.angle == 0]
    inside = [s for s in row if shape.x0 - _TIGHT < s.x0 and s.x1 < shape.x1 + _TIGHT]
    size = max((s.size for s in inside), default=0.0)
    if shape.height > _LINE * size:
        return None
    start, end = min(s.x0 for s in inside), max(s.x1 for s in inside)
    blank = _TIGHT + 2 * GEOMETRY.word_gap * size
    if abs(start - shape.x0) > blank or abs(end - shape.x1) > blank:
        return None
    return any(-blank < start - s.x1 < blank or -blank < s.x0 - end < blank for s in row)


def distinct(shapes: Iterable[Shape]) -> list[Shape]:
    """Drop what is drawn twice at one place, as fills and borders often are."""
    found: dict[tuple[int, ...], Shape] = {}
    for shape in shapes:
        key = tuple(round(v) for v in shape[:4])
        if key not in found or shape.filled:
            found[key] = shape
    return list(found.values())


def stands_alone(shape: Shape, shapes: Sequence[Shape], height: float) -> bool:
    """Whether a tall upright rule meets nothing at one end or both, as one between columns."""
    if shape.width > GEOMETRY.rule or shape.height < 0.25 * height:
        return False
    near = [s for s in shapes if s.x0 - 3 <= shape.x0 <= s.x1 + 3 and not _is_twin(s, shape)]
    return any(
        all(min(abs(s.top - end), abs(s.bottom - end)) > 3 for s in near)
        for end in (shape.top, shape.bottom)
    )


def _is_twin(one: Shape, other: Shape) -> bool:
    """Whether two shapes are one, drawn once or twice."""
    return all(abs(a - b) < 1.5 for a, b in zip(one[:4], other[:4], strict=True))


def _column_rules(pages: Sequence[RawPage]) -> set[tuple[int, int]]:
    """Keys of the upright rules that stand alone at one place on two pages or more.

    Such a rule parts columns; where they are short, so is the rule, and may touch a box. One with
    text on one side alone parts none: it is of a box, or marks a passage. Three of a height are the
    edges of cells in a table that goes on from page to page.
    """
    found: Counter[tuple[int, int]] = Counter()
    for page in pages:
        found.update(
            {
                upright_key(s)
                for s in page.shapes
                if stands_alone(s, page.shapes, page.height)
                and _parts_text(s, page)
                and not are_cells(s, page.shapes)
            }
        )
    return {key for key, count in found.items() if count >= 2}


def abreast(one: Shape, upright: Sequence[Shape]) -> list[Shape]:
    """The upright rules that start and end where one does, itself included."""
    return [s for s in upright if abs(one.top - s.top) < 4 and abs(one.bottom - s.bottom) < 4]


def are_cells(shape: Shape, shapes: Sequence[Shape]) -> bool:
    """Whether an upright rule is one of three or more abreast, as those of a table's columns."""
    upright = [s for s in shapes if s.width <= GEOMETRY.rule]
    return len(edges_of(s.x0 for s in abreast(shape, upright))) > 2


def _parts_text(rule: Shape, page: RawPage) -> bool:
    """Whether text stands on both sides of a rule."""
    beside = [s for s in page.spans if rule.top < s.middle < rule.bottom]
    return any(s.x1 <= rule.x0 + 2 for s in beside) and any(s.x0 >= rule.x1 - 2 for s in beside)


def upright_key(shape: Shape) -> tuple[int, int]:
    """Where an upright rule stands, to a point, and its width, to half a point."""
    return round((shape.x0 + shape.x1) / 2), round(shape.width * 2)
