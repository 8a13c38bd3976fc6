"""Places where things start or end, and what stands below each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.page import Span


def edges_of(values: Iterable[float]) -> list[float]:
    """Distinct edges, ascending; what lies within three points is one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > GEOMETRY.edge:
            found.append(value)
    return found


def edges_apart(spans: Iterable[Span]) -> list[float]:
    """Left edges of what stands side by side, with white between over the whole height."""
    return starts_apart((s.x0, s.x1, 0.9 * s.size) for s in spans)


def starts_apart(strips: Iterable[tuple[float, float, float]]) -> list[float]:
    """Left edges of strips with as much white before them as each needs: left, right, white."""
    edges: list[float] = []
    reach = -1e9
    for x0, x1, white in sorted(strips):
        if x0 - reach > white:
            edges.append(x0)
        reach = max(reach, x1)
    return edges


def left_edges(spans: Sequence[Span]) -> list[float]:
    """Left edges of cells side by side: the bullets or numbers of items are not cells."""
    edges = edges_apart(spans)
    first = [s.text.strip() for s in spans if len(edges) == 2 and s.x0 < edges[1] - 1]
    bullets = first and all(len(text) <= 3 and text[-1:] not in "%" for text in first)
    return edges[:1] if bullets else edges


def slot(edges: Sequence[float], value: float) -> int:
    """Which of the spaces between edges a place lies in."""
    index = 0
    for i in range(len(edges) - 1):
        if value >= edges[i] - 0.5:
            index = i
    return index


def between(edges: Sequence[float], spans: Iterable[Span]) -> list[list[Span]]:
    """What stands between each two level edges, from the top; one row where there is one edge."""
    found: list[list[Span]] = [[] for _ in edges[1:] or edges]
    for span in spans:
        found[slot(edges, span.middle)].append(span)
    return found


def left_edge(starts: Sequence[float]) -> float:
    """The edge that indents count from: the leftmost start that recurs."""
    counts = Counter(map(round, starts))
    needed = max(2, len(starts) // 25)
    for place in sorted(counts):
        if sum(counts.get(place + d, 0) for d in (-1, 0, 1)) >= needed:
            return min(s for s in starts if abs(s - place) <= GEOMETRY.start)
    return min(starts, default=0.0)
