"""Areas of a page that something drawn holds together."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.read.pdf.model.page import Span


@dataclass(slots=True, eq=False)
class Region:
    """A drawn region of a page; `xs` and `ys` are the edges of its cells, its own included.

    `stripes`: It is made of fills alone, as every other row of some tables is.
    `level`: It is made of level rules alone.
    `walls`: Its upright rules: where each stands, its top and its bottom.
    `floors`: Its level rules and the edges of its frames: the height of each, its left, its right.
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
    floors: list[tuple[float, float, float]] = field(default_factory=list)

    def holds(self, span: Span) -> bool:
        """Whether a span stands inside."""
        middle = span.middle
        return (
            self.top - 1 <= middle <= self.bottom + 1
            and self.x0 - 2 <= span.x0
            and (span.x0 + span.x1) / 2 <= self.x1 + 2
        )
