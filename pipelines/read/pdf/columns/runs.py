"""The runs of a page: the columns of its bands, their rows, and where tables and boxes belong."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.read.pdf.lines.setting import line_of
from pipelines.read.pdf.model.geometry import GEOMETRY
from pipelines.read.pdf.model.laid import Gutter, LaidPage, Place, Run, Thing
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.rows import rows_of
from pipelines.read.pdf.tables.figures import note_figures
from pipelines.read.pdf.tables.parts import table_part
from pipelines.read.pdf.tables.unruled import find_tables


def place_things(page: LaidPage) -> None:
    """Find where the tables and boxes of a page stand among the columns of its text."""
    if page.gutter is not None or page.turns:
        for thing in page.things:
            thing.place = _place_of(thing, page)


def _place_of(thing: Thing, page: LaidPage) -> Place:
    """The band and column that a thing belongs to.

    What stands in a column goes with the band of two columns that it is in, or next to; what is
    as wide as the page stands between such bands.
    """
    bands = page.bands
    tops = [min((s.base - s.size for c in band for s in c), default=0.0) for band in bands]
    index = max((i for i, top in enumerate(tops) if top <= thing.top + GEOMETRY.edge), default=-1)
    for near in (index, index + 1):
        if 0 <= near < len(bands) and len(bands[near]) > 1:
            gutter = page.turns[near].gutter if near in page.turns else page.gutter
            column = _column(thing, gutter) if gutter is not None else None
            if column is not None:
                return near, column
    return (index, len(bands[index]) - 1) if index >= 0 else (0, 0)


def _column(thing: Thing, gutter: Gutter) -> int | None:
    """The column that a thing keeps to; None where it crosses the gutter."""
    if thing.x0 >= gutter.x0 - GEOMETRY.edge:
        return 1
    return 0 if thing.x1 <= gutter.x1 + GEOMETRY.edge else None


def begin_runs(page: LaidPage) -> None:
    """Make a run of each column with text."""
    for order, band in enumerate(page.bands):
        for index, spans in enumerate(band):
            if spans:
                rows = page.rows if len(page.bands) == len(band) == 1 else rows_of(spans)
                lists = page.turns.get(order) if len(band) > 1 else None
                place, number = (order, index), len(page.runs) + 1
                page.runs.append(Run(page.raw.number, place, len(band), number, rows, lists))


def take_out_tables(pages: Sequence[LaidPage], figures: set[int]) -> None:
    """Take tables without rules out of the rows of runs.

    `figures`: Where percentages stand in the tables of the document so far; more are added.
    """
    for page in pages:
        _take_out(page, figures)


def _take_out(page: LaidPage, figures: set[int]) -> None:
    for run in page.runs:
        rest: list[list[Span]] = []
        at = 0
        for begin, end, cells in find_tables(run.rows, figures):
            note_figures(cells, figures)
            rest.extend(run.rows[at:begin])
            spans = [s for row in run.rows[begin:end] for s in row]
            at = end
            box = (
                min(s.x0 for s in spans),
                min(s.base - s.size for s in spans),
                max(s.x1 for s in spans),
                max(s.base for s in spans) + 2,
            )
            page.things.append(Thing(*box, table_part(cells, run.page, box), run.place))
        run.rows = [*rest, *run.rows[at:]]


def set_runs(page: LaidPage) -> None:
    """Set the rows of runs as lines."""
    for run in page.runs:
        left, right = run.edges
        for row in run.rows:
            line = line_of(row, page=run.page, left=left, right=right)
            if line is not None:
                line.band = run.band
                run.lines.append(line)
