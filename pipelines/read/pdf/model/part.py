"""Parts: blocks in the making."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.read.pdf.model.line import Line
from pipelines.records import BlockKind


@dataclass(slots=True)
class Part:
    """A block in the making: its lines, and what is needed to decide whether the next belongs."""

    kind: BlockKind
    lines: list[Line] = field(default_factory=list)
    marker: str = ""
    indent: float = 0.0
    follow: float = 0.0
    nested: float | None = None
    joints: list[bool] = field(default_factory=list)  # True: a new item nested in this one
    boxed: bool = False
    heads: bool = True  # set in bold, it is a heading: but not where all of a box is bold
    rows: tuple[tuple[str, ...], ...] = ()
    cells: tuple[float, float, float, float] | None = None
    page: int = 0
    page_end: int = 0  # of a table that goes over pages
    grid: list[list[list[Line]]] = field(default_factory=list)  # the lines of a table's cells
    listed: bool = False  # some cell of it holds a list

    def add(self, line: Line, *, item: bool = False) -> None:
        """Take a line in."""
        self.lines.append(line)
        self.joints.append(item)

    @property
    def edges(self) -> list[float]:
        """The indents at which lines of an item continue: of one nested in it, and its own."""
        return [self.follow] if self.nested is None else [self.nested, self.follow]

    @property
    def last(self) -> Line:
        """The latest line."""
        return self.lines[-1]
