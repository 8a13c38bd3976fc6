"""Sheets with a column for each theme: which marks are ticks, and which say that there is none.

A cross on a ballot (`✗`, `✘`) says no beside ticks, and yes where people cross what they choose.
So it is no tick: in a sheet that has ticks, it says no; in one that has none it may mean either,
and its rows are refused with the cell, for a person to put `x` or nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from pipelines.tag.label_sheets import Wrong, shown
from pipelines.wordings import NONE

_TICKS: Final = frozenset({"x", "1", "1.0", "y", "yes", "true", "✓", "✔"})
_CROSSES: Final = frozenset({"✗", "✘"})
_NO: Final = frozenset({"", "0", "0.0", "n", "no", "false", "-"})


def says_no(rows: Iterable[Sequence[Any]], themes: Collection[int]) -> frozenset[str]:
    """Return what is no tick in a sheet: crosses where other marks are ticks.

    Args:
        rows: Those below the heads.
        themes: Places of the columns.
    """
    marks = {shown(row[at]).casefold() for row in rows for at in themes if at < len(row)}
    return _NO | _CROSSES if marks & _TICKS else _NO


def ticked(cells: Sequence[Any], themes: Mapping[int, str], no: Collection[str]) -> object:
    """Return the themes that a row ticks as a cell names them; a `Wrong` for a mark that is none.

    Args:
        cells: Of the row.
        themes: Slugs by the place of their column.
        no: What is no tick.
    """
    given = []
    for place, slug in themes.items():
        cell = cells[place] if place < len(cells) else None
        said = shown(cell).casefold()
        if isinstance(cell, Wrong):
            return cell
        if said in _TICKS:
            given.append(slug)
        elif said not in no:
            what = f"holds {said!r}; expected x or 1, or nothing"
            return Wrong(f"column {place + 1} ({slug})", what)
    return "; ".join(given) or NONE
