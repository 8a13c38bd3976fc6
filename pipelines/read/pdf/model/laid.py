"""A page taken apart: what is free text, what stands in regions, what runs in which column."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

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
    """What a band of two lists abreast does: begin them, go on with them, or stand aside."""

    BEGIN = "begin"
    GO_ON = "go on"
    ASIDE = "aside"


class Gutter(NamedTuple):
    """White between two columns and the text edges beside it."""

    x0: float
    x1: float


@dataclass(slots=True)
class Run:
    """Lines of one column in one band of a page, or what stands between them."""

    page: int
    lines: list[Line]
    place: Place = (0, 0)


@dataclass(slots=True)
class Page:
    """A page taken apart: what is free text, what stands in regions, what runs in which column."""

    raw: RawPage
    free: list[Span] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    rules: list[Shape] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)
    aside: list[Line] = field(default_factory=list)
    turns: dict[int, Turn] = field(default_factory=dict)  # of bands with lists abreast
