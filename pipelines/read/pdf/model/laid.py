"""A page taken apart: free text, what stands in regions, what runs in which column."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.line import Line
from pipelines.read.pdf.model.page import RawPage, Shape, Span
from pipelines.read.pdf.model.part import Part
from pipelines.read.pdf.model.region import Region

#: A band of a page and a column of it, from 0.
Place = tuple[int, int]


@dataclass(slots=True)
class Thing:
    """A table, or a box with its lines, on a page; `place` is known once columns are."""

    x0: float
    top: float
    x1: float
    bottom: float
    content: Part | list[Line]
    place: Place = (0, 0)


class Turn(Enum):
    """What a band of two lists abreast does: begin them, continue them, or stand aside."""

    BEGIN = "begin"
    GO_ON = "go on"
    ASIDE = "aside"


class Gutter(NamedTuple):
    """White between two columns and the text edges beside it."""

    x0: float
    x1: float

    @property
    def middle(self) -> float:
        """The middle of it."""
        return (self.x0 + self.x1) / 2

    def is_reached(self, start: float, end: float) -> bool:
        """Whether lines between two places fill the column left of it."""
        full = start + GEOMETRY.full * (self.x0 - start)
        return full <= end <= self.x0 + GEOMETRY.edge


class Abreast(NamedTuple):
    """What a band of two lists abreast does, the white between them, and how far it parts them.

    `shift`: Points from the edge of the left column to that of the right one.
    """

    turn: Turn
    gutter: Gutter
    shift: float


# The columns of a band of a page, each with its spans: one column, or two.
Band = list[list[Span]]


@dataclass(slots=True)
class Run:
    """One column in one band of a page: its rows, then its lines.

    `columns`: How many its band has. `band`: Counts the runs of a page, from 1. `edges`: Where
    the column begins and ends, once all columns are known. `abreast`: Of what lists it is one.
    """

    page: int
    place: Place
    columns: int
    band: int
    rows: list[list[Span]]
    abreast: Abreast | None = None
    edges: tuple[float, float] = (0.0, 0.0)
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class LaidPage:
    """A page taken apart: what is free text, what stands in regions, what runs in which column.

    `parting`: Where boxes of two columns touch each other. `shapes`: That no region has taken yet.
    `rows`: Of the free spans, before they are split into columns. `side`: 0 or 1, of facing
    pages. `aside`: Text that runs in another direction.
    """

    raw: RawPage
    parting: float | None = None
    shapes: list[Shape] = field(default_factory=list)
    rules: list[Shape] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    free: list[Span] = field(default_factory=list)
    aside: list[Line] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)
    rows: list[list[Span]] = field(default_factory=list)
    gutter: Gutter | None = None
    bands: list[Band] = field(default_factory=list)
    turns: dict[int, Abreast] = field(default_factory=dict)  # of bands with lists abreast
    side: int = 0
    runs: list[Run] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
