"""Shapes that belong to the page rather than to its text: frames, grounds, rules of the margin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipelines.read.pdf.marks import RawPage, Shape

_THIN = 3.5  # points: a shape no thicker is a rule


def page_frames(pages: Sequence[RawPage]) -> set[tuple[int, ...]]:
    """Places of shapes that belong to the page, not to its text.

    Frames and grounds that hold most of a page on page after page, and rules that recur at one
    place: under a running head, between columns.
    """
    large: dict[tuple[int, ...], int] = {}
    rules: dict[tuple[int, ...], int] = {}
    for page in pages:
        for key in {place_of(s) for s in page.shapes if _holds_page(s, page)}:
            large[key] = large.get(key, 0) + 1
        for key in {place_of(s) for s in page.shapes if min(s.width, s.height) <= _THIN}:
            rules[key] = rules.get(key, 0) + 1
    most = len(pages)
    return {key for key, count in large.items() if count >= max(2, 0.3 * most)} | {
        key for key, count in rules.items() if count >= max(3, 0.4 * most)
    }


def _holds_page(shape: Shape, page: RawPage) -> bool:
    return shape.width > 0.55 * page.width and shape.height > 0.5 * page.height


def place_of(shape: Shape) -> tuple[int, ...]:
    """Where a shape stands, to two points."""
    return tuple(round(v / 2) for v in shape[:4])


def is_backdrop(shape: Shape, page: RawPage) -> bool:
    """Whether a shape is as good as the page itself."""
    return shape.width > 0.85 * page.width and shape.height > 0.8 * page.height


def distinct(shapes: Iterable[Shape]) -> list[Shape]:
    """Drop what is drawn twice at one place, as fills and borders often are."""
    found: dict[tuple[int, ...], Shape] = {}
    for shape in shapes:
        key = tuple(round(v) for v in shape[:4])
        if key not in found or shape.filled:
            found[key] = shape
    return list(found.values())
