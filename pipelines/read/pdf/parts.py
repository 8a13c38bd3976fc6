"""Parts: blocks in the making."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.read.pdf.learn import Habits
from pipelines.read.pdf.lines import Line
from pipelines.records import BlockKind


@dataclass(slots=True)
class Part:
    """A block in the making: its lines, and what is needed to know whether the next belongs."""

    kind: BlockKind
    lines: list[Line] = field(default_factory=list)
    marker: str = ""
    indent: float = 0.0
    follow: float = 0.0
    nested: float | None = None
    joints: list[bool] = field(default_factory=list)  # True: a new item nested in this one
    boxed: bool = False
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

    def take_back(self) -> Line:
        """Give up the latest line."""
        self.joints.pop()
        return self.lines.pop()

    @property
    def last(self) -> Line:
        """The latest line."""
        return self.lines[-1]


def usual_step(part: Part, habits: Habits) -> float:
    """Usual distance of lines in this part, in sizes."""
    if len(part.lines) > 2:
        one, two = part.lines[-2], part.lines[-1]
        if two.page == one.page and two.base > one.base and not part.joints[-1]:
            step = (two.base - one.base) / max(two.size, 1.0)
            if step <= 1.3 * habits.leading:
                return max(step, habits.leading)
    if len(part.lines) == 1 or part.joints[-1]:
        lead = part.last.lead
        if lead is not None:
            return max(habits.leading, habits.first_step.get(lead.text, 0.0))
    return habits.leading


def is_head_alone(part: Part, line: Line) -> bool:
    """Whether the part is bold throughout and the line not at all: a heading and its text.

    A bold beginning of a paragraph ends inside a line, hardly ever with it.
    """
    return (
        line.bold_share < 0.05
        and all(one.bold_share > 0.95 for one in part.lines)
        and not part.last.text.endswith("-")
        and not line.text[:1].islower()
    )


def is_next_number(before: str, sign: str) -> bool:
    """Whether numbered items follow each other: 9. and 10."""
    one, two = before.strip("()."), sign.strip("().")
    return one.isdecimal() and two.isdecimal() and int(two) == int(one) + 1
