"""Which marks of a sheet are ticks, of a theme or in the column Done, and which say no.

A cross on a ballot (`✗`, `✘`) says no beside ticks, and yes where people cross what they choose.
So it is no tick: in a sheet that has ticks, it says no; in one that has none it may mean either,
and its rows are refused with the cell, for a person to put `x` or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from pipelines.tag.labels.sheets import Wrong, shown
from pipelines.wordings import NONE

_TICKS: Final = frozenset({"x", "1", "1.0", "y", "yes", "true", "✓", "✔"})
_CROSSES: Final = frozenset({"✗", "✘"})
_MISSING: Final = frozenset({"<na>", "nan"})  # as pandas writes that there is nothing
_DONE: Final = _TICKS | {"done", "ok"}
_NO: Final = frozenset({"", "0", "0.0", "n", "no", "false", "-"})
_PLAIN_NO: Final = _NO | _CROSSES  # without a doubt, in the column Done
_UNDONE: Final = re.compile(
    r"(?:no|not|n/a|todo|to do|tbc|tbd|pending|later|open|started|ongoing|wip|in progress|"
    r"part|partly|partially|half|maybe|perhaps|unsure|unclear|skip|skipped)(?![\w/])"
)
HELD: Final = "was not taken over: Done says"
_BOXES: Final = "✓✔☑☒🗹🗸√"  # ticked without a letter


def says_no(rows: Iterable[Sequence[Any]], places: Collection[int]) -> frozenset[str]:
    """Return what is no tick in a sheet: crosses where other marks are ticks.

    Args:
        rows: Those below the heads.
        places: Of the columns.
    """
    marks = {shown(row[at]).casefold() for row in rows for at in places if at < len(row)}
    return _NO | _CROSSES if marks & _TICKS else _NO


def held_back(cell: object) -> str | None:
    """Return what is to be said of a row that is not marked as done; None of one that is.

    Done is told by a tick, initials, a date, a word that does not deny it. An empty box, a dash or
    a question mark is no tick, and "not yet" or "partly" no word for done.

    Args:
        cell: Of the column Done.

    Returns:
        Empty where a plain no, or nothing, needs no word: as our own sheets are before they are
        looked at.
    """
    if isinstance(cell, Wrong):
        return None
    said = shown(cell)
    mark = said.strip(" ([{<>}])").casefold()
    signs = any(sign.isalnum() or sign in _BOXES for sign in mark)
    if signs and mark not in _PLAIN_NO and not _UNDONE.match(mark):
        return None
    return "" if said.casefold() in _PLAIN_NO else f"{HELD} {said[:40]!r}"


def taken_as_done(cell: object) -> str:
    """What is to be said of a mark that may mean otherwise, as initials; empty for a plain one.

    Args:
        cell: Of the column Done, in a row that counts as done.
    """
    if isinstance(cell, Wrong):
        return f"a cell of the column Done that {cell.what.partition(';')[0]} was taken as done"
    said = shown(cell)
    return "" if said.casefold() in _DONE else f"{said!r} in the column Done was taken as done"


def is_missing(cell: object) -> bool:
    """Whether a cell says that it holds nothing, as data frames are saved."""
    return shown(cell).casefold() in _MISSING


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
