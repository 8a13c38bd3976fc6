"""What is taken of a table: some columns of some rows, so that the rest costs no memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipelines import columns as c

Where = tuple[tuple[tuple[str, str, object], ...], ...]
"""Which rows: any of the outer tuples, whose conditions all hold, as Parquet readers take them."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a stage takes of a table.

    Attributes:
        columns: Their names; all where none are given.
        rows: Which; all where nothing is said.
        streamed: Whether it is handed over as a file, to be read some rows at a time.
    """

    columns: tuple[str, ...] = ()
    rows: Where = ()
    streamed: bool = False


GIVEN: Final[Where] = (((c.ASSIGNED, "==", True),),)
"""Of tags those that are given."""
