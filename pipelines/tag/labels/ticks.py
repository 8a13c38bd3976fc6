"""Which marks of a sheet are ticks, of a theme or in the column Done, and which say no.

A cross on a ballot (`✗`, `✘`) says no beside ticks, and yes where people cross what they choose.
So it is no tick: in a sheet that has ticks, it says no; in one that has none it may mean either,
and its rows are refused with the cell, for a person to put `x` or nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from pipelines.tag.labels.marks import marks
from pipelines.tag.labels.sheets import Wrong, shown
from pipelines.wordings import NONE

HELD: Final = "was not taken over: Done says"


def _mark(cell: object) -> str:
    return shown(cell).replace("\ufe0f", "").casefold()  # that chooses a picture of the sign


def says_no(rows: Iterable[Sequence[Any]], places: Collection[int]) -> frozenset[str]:
    """Return what is no tick in a sheet: crosses where other marks are ticks.

    Of those that may be an x drawn otherwise none says no beside x alone. A crossed box is a tick,
    as forms are filled in, but beside boxes or signs that are ticked.

    Args:
        rows: Those below the heads.
        places: Of the columns.
    """
    known = marks()
    given = {_mark(row[at]) for row in rows for at in places if at < len(row)}
    no = {"", *known.no, *known.empty}
    if given & known.ticked:
        no |= known.crossed
    if given & (known.ticked | known.yes) - {"x"}:
        return frozenset(no | known.ballots | known.crosses)
    return frozenset(no | known.ballots if "x" in given else no)


def has_ticks(rows: Iterable[Sequence[Any]], place: int) -> bool:
    """Whether a column holds ticks, and nothing else but what is none."""
    known = marks()
    ticks = known.ticked | known.yes | known.crossed
    given = {_mark(row[place]) for row in rows if place < len(row)}
    return bool(given & ticks) and given <= {"", *ticks, *known.no, *known.empty, *known.missing}


def held_back(cell: object, no: Collection[str] = ()) -> str | None:
    """Return what is to be said of a row that is not marked as done; None of one that is.

    Done is told by any sign, initials, a date, a word, that does not deny it, as an empty box does,
    a dash or a question mark, "not yet" or "partly".

    Args:
        cell: Of the column Done.
        no: What is no tick in it.

    Returns:
        Empty where a plain no, or nothing, needs no word: as our own sheets are before they are
        looked at.
    """
    if isinstance(cell, Wrong):
        return None
    known, said = marks(), _mark(cell)
    plain = {"", *known.no, *known.ballots, *known.missing}
    if said in plain:
        return ""
    mark = said.strip(" ([{<>}])")
    undone = mark in plain or said in no or known.deny_done(mark)
    return f"{HELD} {shown(cell)[:40]!r}" if undone else None


def taken_as_done(cell: object) -> str:
    """What is to be said of a mark that may mean otherwise, as initials; empty for a plain one.

    Args:
        cell: Of the column Done, in a row that counts as done.
    """
    if isinstance(cell, Wrong):
        return f"a cell of the column Done that {cell.what.partition(';')[0]} was taken as done"
    known = marks()
    plain = _mark(cell) in known.ticked | known.yes | known.done
    return "" if plain else f"{shown(cell)[:40]!r} in the column Done was taken as done"


def crossed_boxes(cells: Sequence[Any], themes: Mapping[int, str], no: Collection[str]) -> str:
    """What is to be said of a row whose crossed boxes are ticks; empty for any other.

    It is asked as `ticked` is.
    """
    boxes = {_mark(cells[at]) for at in themes if at < len(cells)} & marks().crossed
    return f"{min(boxes)} was taken as a tick" if boxes - set(no) else ""


def is_missing(cell: object, *, initials: bool = False) -> bool:
    """Whether a cell says that it holds nothing, as data frames are saved: `NA` by R.

    Args:
        cell: Of any column.
        initials: Whether that may be a person's initials there.
    """
    said = shown(cell)
    return (said == "NA" and not initials) or said.casefold() in marks().missing


def ticked(cells: Sequence[Any], themes: Mapping[int, str], no: Collection[str]) -> object:
    """Return the themes that a row ticks as a cell names them; a `Wrong` for a mark that is none.

    Args:
        cells: Of the row.
        themes: Slugs by the place of their column.
        no: What is no tick.
    """
    given, known = [], marks()
    for place, slug in themes.items():
        cell = cells[place] if place < len(cells) else None
        said = _mark(cell)
        if isinstance(cell, Wrong):
            return cell
        if said in no:
            continue
        if said in known.ticked | known.yes | known.crossed:
            given.append(slug)
        else:
            what = f"holds {said!r}; expected x or 1, or nothing"
            return Wrong(f"column {place + 1} ({slug})", what)
    unticked = "" if NONE in themes.values() else NONE  # who ticks nothing there has not said none
    return "; ".join(given) or unticked
