"""The runs of a page: the columns of its bands, their rows, and the tables among these."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.read.pdf.lines.setting import line_of
from pipelines.read.pdf.model.laid import LaidPage, Run, Thing
from pipelines.read.pdf.model.page import Span
from pipelines.read.pdf.model.rows import rows_of
from pipelines.read.pdf.tables.figures import note_figures
from pipelines.read.pdf.tables.parts import table_part
from pipelines.read.pdf.tables.unruled import find_tables


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
