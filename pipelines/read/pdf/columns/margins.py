"""Edges that indents count from, on pages whose margins may mirror each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from pipelines.read.pdf.model.edges import left_edge
from pipelines.read.pdf.model.laid import LaidPage, Run

_OUT_OF_TURN = 0.4
_PADDING = 8.0  # points that the words of a heading stand in from the edge of its ground
_SURE = 20  # lines that start at one place: more of them say no more of it
_MODELS = 6  # pages that the others are laid over to tell left pages from right ones

# Edges of columns by side of the page, by number of columns, and by column: left and right.
Frames = list[list[list[tuple[float, float]]]]


def tell_sides(pages: Sequence[LaidPage]) -> None:
    """Tell left pages from right ones."""
    starts = [
        [row[0].x0 for run in page.runs if not run.place[1] for row in run.rows] for page in pages
    ]
    for page, side in zip(pages, page_sides(starts), strict=True):
        page.side = side


def set_edges(pages: Sequence[LaidPage]) -> None:
    """Tell where the column of each run begins and ends, learnt from all such columns."""
    frames = column_frames([(page.side, run) for page in pages for run in page.runs])
    widths: dict[tuple[int, int], float] = {}  # of lists abreast, by shift and column
    listed = [(page.side, run, run.abreast) for page in pages for run in page.runs]
    for side, run, lists in listed:
        if lists is None:
            run.edges = frames[side][run.columns - 1][run.place[1]]
            continue
        left = frames[side][0][0][0] + run.place[1] * lists.shift
        key = round(lists.shift), run.place[1]
        wide = max(s.x1 - left for row in run.rows for s in row)
        widths[key] = max(wide, widths.get(key, 0.0))
        run.edges = left, 0.0
    for _, run, lists in listed:
        if lists is not None:
            run.edges = run.edges[0], run.edges[0] + widths[round(lists.shift), run.place[1]]


def facing_edges(
    starts: Sequence[Sequence[float]], ends: Sequence[Sequence[float]]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Edges of one column on left and on right pages, whose margins may mirror each other.

    The shift between them is where their indents match best; with it both sides are learnt as
    one, so that a side with nothing but bullets still knows where its text would start.
    """
    one, other = starts
    if not one or not other:
        both = [*one, *other]
        edges = (left_edge(both), _right_edge([*ends[0], *ends[1]])) if both else (0.0, 500.0)
        return edges, edges
    shift = _best_shift(one, other)
    left = left_edge([*other, *(s + shift for s in one)])
    return (left - shift, _right_edge(ends[0])), (left, _right_edge(ends[1]))


def column_frames(runs: Iterable[tuple[int, Run]]) -> Frames:
    """Column edges for left and right pages, from runs and the sides of their pages."""
    starts: dict[tuple[int, int, int], list[float]] = {}
    ends: dict[tuple[int, int, int], list[float]] = {}
    for side, run in runs:
        lists = run.abreast
        key = (side, run.columns, run.place[1]) if lists is None else (side, 1, 0)
        shift = run.place[1] * lists.shift if lists is not None else 0.0
        for row in run.rows:
            starts.setdefault(key, []).append(row[0].x0 - shift)
            if lists is None:
                ends.setdefault(key, []).append(max(s.x1 for s in row))
    found: Frames = [[[], []], [[], []]]
    for count in (1, 2):
        for index in range(2):
            left, right = facing_edges(
                [starts.get((side, count, index), []) for side in (0, 1)],
                [ends.get((side, count, index), []) for side in (0, 1)],
            )
            found[0][count - 1].append(left)
            found[1][count - 1].append(right)
    for side in (0, 1):
        both = [starts.get((side, 2, index), []) for index in (0, 1)]
        if all(both):
            found[side][1] = _aligned(found[side][1], both)
    return found


def _aligned(
    edges: Sequence[tuple[float, float]], starts: Sequence[Sequence[float]]
) -> list[tuple[float, float]]:
    """The edges of two columns, where their indents match each other.

    A column in which little but items and headings on grounds stands shows its edge too far in.
    """
    (left, left_end), (right, right_end) = edges
    shift = _best_shift([start + right - left for start in starts[0]], starts[1])
    if 2 < abs(shift) <= _PADDING:
        left, right = left - max(shift, 0.0), right + min(shift, 0.0)
    return [(left, left_end), (right, right_end)]


def page_sides(starts: Sequence[Sequence[float]]) -> list[int]:
    """Tell left pages from right ones by where their lines start: 0 or 1 for each page.

    Page numbers would do in most files; an empty page put in turns the sides of all that follow.
    """
    edges = [round(left_edge(page)) if page else None for page in starts]
    known = [edge for edge in edges if edge is not None]
    usual = _commonest(known)
    if not known or sum(abs(edge - usual) <= 1 for edge in known) > 0.9 * len(known):
        return [0] * len(starts)
    # A page of contents, or one full of bullets, may be like no other: try several.
    models = sorted(filter(None, starts), key=len, reverse=True)[:_MODELS]
    found = next(filter(None, (_sides_by(model, starts, edges) for model in models)), None)
    in_turn = [page % 2 for page in range(len(starts))]
    return (
        max(found, in_turn, key=lambda sides: _fit(sides, starts)) if found else [0] * len(starts)
    )


def _fit(sides: Sequence[int], starts: Sequence[Sequence[float]]) -> int:
    """How many lines start at one place, once the pages of one side are shifted."""
    one, other = (
        [x for at, page in zip(sides, starts, strict=True) if at == side for x in page]
        for side in (0, 1)
    )
    shift = _best_shift(one, other)
    return _matches(Counter(one), _histogram(other), shift) if shift else 0


def _sides_by(
    model: Sequence[float], starts: Sequence[Sequence[float]], edges: Sequence[int | None]
) -> list[int] | None:
    """Tell the sides of pages by how they are shifted against one of them."""
    there = _histogram(model)
    moved = [s for s in (_best_shift(page, model) for page in starts if page) if abs(s) > 2]
    votes = {shift: sum(abs(shift - other) <= 1 for other in moved) for shift in moved}
    pages = [Counter(page) for page in starts]  # most lines start at one of a few places
    still = [_matches(page, there, 0.0) for page in pages] if votes else []
    for shift in sorted(votes, key=lambda s: (-votes[s], abs(s), s)):
        if votes[shift] < 2:
            break
        # How much better each page fits once shifted: from -1 to 1.
        signs = [
            (_matches(page, there, shift) - as_is) / max(page.total(), 1)
            for page, as_is in zip(pages, still, strict=True)
        ]
        sides = [int(sign > 0) for sign in signs]
        if sum(sides) < 0.25 * sum(bool(page) for page in starts):
            continue
        if not _alternate([side for side, page in zip(sides, starts, strict=True) if page]):
            continue
        sides = _in_turn(signs)
        # Pages of nested items are shifted as well, but the edge of their headings is not.
        usual = [
            _commonest([e for e, at in zip(edges, sides, strict=True) if at == side])
            for side in (0, 1)
        ]
        if abs(usual[0] - usual[1] - shift) <= 3:
            return sides
    return None


def _alternate(sides: Sequence[int]) -> bool:
    """Whether left pages and right ones follow each other, as they do but for a page put in."""
    turns = sum(one != two for one, two in pairwise(sides))
    return turns >= 0.5 * (len(sides) - 1)


def _commonest(edges: Sequence[int | None]) -> int:
    known = [edge for edge in edges if edge is not None]
    return max(known, key=lambda e: (sum(abs(e - o) <= 1 for o in known), -e), default=0)


def _matches(page: Counter[float], there: Counter[int], shift: float) -> int:
    """How many lines of a page start, once shifted, where those of another do."""
    here: dict[int, int] = {}
    for start, count in page.items():
        place = round(start + shift)
        here[place] = here.get(place, 0) + count
    return sum(
        min(count, max(there[place], there[place - 1], there[place + 1]))
        for place, count in here.items()
    )


def _in_turn(signs: Sequence[float]) -> list[int]:
    """The sides that fit the pages' evidence best, where left and right pages take turns.

    One page against its neighbours would have to be out of turn twice.
    """
    ways: list[tuple[float, list[int]]] = [(0.0, []), (0.0, [])]
    for sign in signs:
        ways = [
            max(
                (
                    score + (sign if side else -sign) / 2 - _OUT_OF_TURN * (sides[-1:] == [side]),
                    [*sides, side],
                )
                for score, sides in ways
            )
            for side in (0, 1)
        ]
    return max(ways)[1]


def _right_edge(ends: Sequence[float]) -> float:
    ordered = sorted(ends)
    return ordered[int(0.985 * (len(ordered) - 1))] if ordered else 500.0


def _best_shift(even: Sequence[float], odd: Sequence[float]) -> float:
    """Shift that lays the line starts of even pages best over those of odd pages."""
    here, there = _histogram(even), _histogram(odd)
    scores: defaultdict[int, int] = defaultdict(int)
    for place, count in here.items():
        for other, number in there.items():
            scores[other - place] += min(count, number, _SURE)
    best = max(scores, key=lambda d: (scores[d], -abs(d)))
    still = max(scores.get(d, 0) for d in (-1, 0, 1))
    if abs(best) <= 2 or abs(best) > 120 or scores[best] < 6 or scores[best] <= 1.25 * still:
        return 0.0
    matched = [
        o - e
        for e in {round(v, 1) for v in even}
        for o in {round(v, 1) for v in odd}
        if abs(o - e - best) <= 1.0
    ]
    return sorted(matched)[len(matched) // 2] if matched else float(best)


def _histogram(values: Iterable[float]) -> Counter[int]:
    return Counter(map(round, values))
