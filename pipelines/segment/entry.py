"""Where a block of a report stands: in which part, under which standard, in which list."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.frameworks import SectionKind
from pipelines.records import Block, Polarity
from pipelines.segment.headings import Landmark
from pipelines.segment.standards import Place


@dataclass(frozen=True, slots=True)
class Entry:
    """A block and where it stands.

    Attributes:
        landmark: What it is a landmark for; None for plain text.
        section: Part of the report; None inside the standards.
        run: Number of the list of findings it is in; 0 outside.
        boxed: In a practice example.
        severed: Below a heading that ended a list of findings, and may have been one in it.
    """

    block: Block
    landmark: Landmark | None
    section: SectionKind | None
    place: Place
    polarity: Polarity | None
    run: int
    boxed: bool
    severed: bool = False
