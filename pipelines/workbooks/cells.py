"""Cells of a workbook, whatever program wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MOST_CELLS: Final = 500_000
"""Of a workbook: the data of one inspection are some hundreds."""

MOST_BYTES: Final = 50_000_000
"""Of a workbook's parts when unpacked."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is not empty.

    Attributes:
        row: From 1.
        column: From 1.
        value: A text, a number, or a truth.
        percentage: It is shown as a percentage: its value is 0.71 where 71% is seen.
        formula: It is worked out, and the program that saved it left no result.
        kind: `error`, `date` or `time` where its text is none that a person typed; known of ODS.
        over: Rows that it is merged over, its own among them; known of ODS.
    """

    row: int
    column: int
    value: str | float | bool
    percentage: bool = False
    formula: bool = False
    kind: str = ""
    over: int = 1

    @property
    def name(self) -> str:
        """Its name as programs show it, `C7`."""
        letters, number = "", self.column
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord("A") + rest) + letters
        return f"{letters}{self.row}"

    @property
    def text(self) -> str:
        """Its value as text on one line."""
        whole = isinstance(self.value, float) and self.value.is_integer()
        return " ".join(str(int(self.value) if whole else self.value).split())


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, and its cells by row and column.

    Attributes:
        name: As its program shows it.
        cells: Those that are not empty.
        hidden: Rows that its program does not show; known of ODS.
        concealed: Its program does not show it at all; known of ODS.
    """

    name: str
    cells: dict[tuple[int, int], Cell]
    hidden: frozenset[int] = frozenset()
    concealed: bool = False

    def rows(self) -> Iterator[dict[int, Cell]]:
        """Yield the rows that have cells, each by column."""
        by_row: dict[int, dict[int, Cell]] = {}
        for (row, column), cell in sorted(self.cells.items()):
            by_row.setdefault(row, {})[column] = cell
        yield from by_row.values()
