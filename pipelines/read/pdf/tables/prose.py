"""Running text over all cells of a frame: no row of a table, but a box in its frame."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from pipelines.read.pdf.model.edges import between
from pipelines.read.pdf.model.laid import LaidPage
from pipelines.read.pdf.model.region import Region
from pipelines.read.pdf.model.rows import rows_of
from pipelines.read.pdf.tables.cells import row_edges

_PROSE = 3  # lines that make running text of a cell


def part_prose(page: LaidPage) -> None:
    """Part regions into tables and running text in the same frame; drop those without text."""
    page.regions = [part for r in page.regions for part in _without_prose(r)]


def _without_prose(region: Region) -> list[Region]:
    """Part a region into tables and the running text over all columns between or under them."""
    if len(region.xs) < 3 or len(region.ys) < 3 or not region.walls:
        return [region]
    bands = between(region.ys, region.spans)
    prose = [
        len(edges) == 2 and len(rows_of(band)) >= _PROSE
        for edges, band in zip(row_edges(region), bands, strict=True)
    ]
    if not any(prose):
        return [region]
    parts = []
    for _, group in groupby(range(len(bands)), key=lambda i: (prose[i], prose[i] and i)):
        indices = list(group)
        ys = region.ys[indices[0] : indices[-1] + 2]
        spans = [s for i in indices for s in bands[i]]
        xs = [region.x0, region.x1] if prose[indices[0]] else region.xs
        parts.append(replace(region, top=ys[0], bottom=ys[-1], xs=xs, ys=ys, spans=spans))
    return [part for part in parts if part.spans]
