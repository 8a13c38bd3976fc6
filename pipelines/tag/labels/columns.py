"""Columns of a sheet of labels: where its values stand, and what a row says in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice
from typing import Any, Final

from pipelines import columns as c
from pipelines.tag.labels.choices import chosen
from pipelines.tag.labels.heads import (
    CODER,
    DONE,
    ISSUES,
    OF_ANYTHING,
    THEMES,
    coders_of,
    head_key,
    heads_of,
    is_a_name,
    speaks_of_themes,
    spread_of,
)
from pipelines.tag.labels.marks import marks
from pipelines.tag.labels.sheets import Grid, Wrong, shown
from pipelines.tag.labels.slugs import (
    heads_that_are_themes,
    names_themes,
    near_theme,
    read_themes,
)
from pipelines.tag.labels.ticks import has_ticks, is_missing, says_no, ticked
from pipelines.wordings import NONE, says_none

_LOOKED_AT: Final = 100  # cells of a column that nobody called a column of themes
SAYING: Final = (c.TEXT, c.DIGEST, THEMES, ISSUES)  # a row that has none of them is blank


@dataclass(frozen=True, slots=True)
class Heads:
    """Where the values of a sheet stand.

    Attributes:
        single: Columns by our names.
        spread: Columns of those that have several, `Theme 1` and `Theme 2`.
        ticked: Columns that are a theme each, with their slugs.
        no: What is no tick in them.
        coders: Columns of the themes that each of several people gave, with their names.
        corrected: Column of themes that count where it is filled.
        note: What is to be said of all rows.
        wrong: Why none of them can be read; empty where they can.
    """

    single: Mapping[str, int]
    spread: Mapping[str, Sequence[int]] = field(default_factory=dict)
    ticked: Mapping[int, str] = field(default_factory=dict)
    no: Collection[str] = ()
    coders: Mapping[int, str] = field(default_factory=dict)
    corrected: int | None = None
    note: str = ""
    wrong: str = ""


def heads_in(grid: Grid, number: int, cells: Sequence[Any]) -> Heads | None:
    """Return the heads that a row is; None where it is none.

    Args:
        grid: The sheet.
        number: Of the row.
        cells: Of the row.
    """
    written = [shown(cell) for cell in cells]
    themed = {n for n, said in enumerate(written) if speaks_of_themes(said)}
    coders = _people(grid, number, written)
    again = {n for n in themed - set(coders) if speaks_of_themes(written[n], corrected=True)}
    again = set(_holding_themes(grid, number, again))
    names = ["" if n in coders or n in again else said for n, said in enumerate(written)]
    single, spread = heads_of(names), spread_of(names)
    if not {c.TEXT, c.DIGEST} & set(single):
        return None
    if len(again) == 1 or THEMES in single or THEMES in spread:
        counts = min(again, default=None)
        known = {*single.values(), *spread.get(THEMES, ()), counts}
        width = max(map(len, grid.rows.values()))
        left = _holding_themes(grid, number, set(range(width)) - known, most=_LOOKED_AT)
        if THEMES in single and (more := _headless(written, single[THEMES], left)):
            # A head that is merged over columns stands in the first of them.
            spread = {**spread, THEMES: [*spread.get(THEMES, [single[THEMES]]), *more]}
            left = [n for n in left if n not in more]
        unread = "; ".join(_called(written, n) for n in left)
        notes = [f"did not read {unread}, beside its themes"] if left else []
        if THEMES not in single and THEMES not in spread:
            return Heads({**single, THEMES: min(again)}, spread, note="; ".join(notes))
        if counts is not None:
            notes.append(f"where {written[counts]!r} is filled, it counts")
        return Heads(single, spread, corrected=counts, note="; ".join(notes))
    if coders:
        people = "; ".join(dict.fromkeys(coders.values()))
        return Heads(
            single, spread, coders=coders, note=f"has a column of themes for each person: {people}"
        )
    themes = heads_that_are_themes(names)
    if len(themes) > 1:
        below = [row for n, row in grid.rows.items() if n > number]
        note, wrong = _other_ticks(names, below, {*themes, *single.values()})
        return Heads(single, spread, themes, says_no(below, themes), note=note, wrong=wrong)
    found = _holding_themes(grid, number, set(range(len(names))) - set(single.values()))
    return Heads({**single, THEMES: found[0]}, spread) if len(found) == 1 else None


def _other_ticks(
    names: Sequence[str], below: Sequence[Sequence[Any]], known: Collection[int]
) -> tuple[str, str]:
    """Return what is to be said of columns with ticks that are no theme, and what is wrong.

    A theme whose head is not quite its name is given by nobody else.
    """
    left = [name for n, name in enumerate(names) if n not in known and has_ticks(below, n)]
    for name in filter(None, left):
        if near := near_theme(name):
            return "", f"column {name!r} has ticks and is no theme; did you mean {near!r}?"
    return (f"did not read {'; '.join(map(repr, left))}, beside its themes" if left else ""), ""


def _headless(written: Sequence[str], first: int, holding: Collection[int]) -> list[int]:
    """Return the columns without a head that hold themes, next to the column of themes."""
    out: list[int] = []
    while (n := first + 1 + len(out)) in holding and not "".join(written[n : n + 1]):
        out.append(n)
    return out


def _called(written: Sequence[str], place: int) -> str:
    name = "".join(written[place : place + 1])
    return repr(name) if name else f"column {place + 1}"


def _people(grid: Grid, head: int, written: Sequence[str]) -> dict[int, str]:
    """Return the columns of themes of two people or more; one alone says how it is filled.

    Somebody may not have begun yet.
    """
    coders = coders_of(written)
    holding = _holding_themes(grid, head, coders)
    below = [cells for number, cells in grid.rows.items() if number > head]
    empty = {
        n for n in coders if not any(n < len(cells) and _is_filled(cells[n]) for cells in below)
    }
    coders = {n: who for n, who in coders.items() if n in holding or n in empty}
    return coders if holding and len(set(coders.values())) > 1 else {}


def _holding_themes(
    grid: Grid, head: int, places: Collection[int], *, most: int | None = None
) -> list[int]:
    """Return which columns hold themes, whatever their heads call them and for all their slips.

    Args:
        grid: The sheet.
        head: Number of the row of heads.
        places: Of the columns that are asked about.
        most: Cells of each that are looked at; all where nothing is said.
    """
    below = [cells for number, cells in grid.rows.items() if number > head]
    found = []
    for place in sorted(places):
        held = (cells[place] for cells in below if place < len(cells))
        read = names_themes(islice(filter(_is_filled, held), most))
        if 2 * sum(read) > len(read):
            found.append(place)
    return found


def may_be_codebook(grid: Grid, number: int, heads: Heads) -> bool:
    """Whether what stands below heads may be themes with what they mean, and no findings.

    A codebook has a row for each theme; findings say some of them again, or several at once.
    """
    written = shown(grid.rows[number][heads.single[c.TEXT]]) if c.TEXT in heads.single else ""
    at = heads.single.get(THEMES)
    if at is None or head_key(written) not in OF_ANYTHING:
        return False
    below = [row[at] for n, row in grid.rows.items() if n > number and at < len(row)]
    said = [read_themes(cell if isinstance(cell, str) else chosen(cell)) for cell in below]
    named = [theme for one in said if isinstance(one, tuple) for theme in one]
    return (
        len(set(named)) == len(named) == sum(isinstance(one, tuple) and bool(one) for one in said)
    )


def keys_of(cells: Sequence[Any]) -> set[str]:
    """Return the heads of a row, folded."""
    return {head_key(shown(cell)) for cell in cells} - {""}


def values_of(cells: Sequence[Any], heads: Heads) -> dict[str, Any]:
    """Return what a row says, by our names of columns."""
    values = {name: cells[at] if at < len(cells) else None for name, at in heads.single.items()}
    said = ticked(cells, heads.ticked, heads.no) if heads.ticked else NONE
    if heads.ticked and (said != NONE or any(shown(values.get(name)) for name in SAYING)):
        values[THEMES] = said
    for name, cell in values.items():
        if isinstance(cell, str) and is_missing(cell, initials=name in (CODER, DONE)):
            values[name] = None
    for name, places in heads.spread.items():
        values[name] = _together([cells[at] for at in places if at < len(cells)])
    at = heads.corrected
    again = cells[at] if at is not None and at < len(cells) else None
    if _is_filled(again) and not marks().keep_as_it_was(shown(again)):
        values[THEMES] = again
    return values


def _together(several: Sequence[Any]) -> object:
    """Return what columns say that hold a theme each, as one cell would."""
    failed = [cell for cell in several if isinstance(cell, Wrong)]
    given = [shown(cell) for cell in several if shown(cell) and not is_missing(cell)]
    # "none" behind a theme is said of its own column: there is no further one.
    given = [*given[:1], *(one for one in given[1:] if not says_none(one))]
    return failed[0] if failed else "; ".join(given)


def _is_filled(cell: Any) -> bool:  # noqa: ANN401
    return bool(cell) and bool(shown(cell)) and not is_missing(cell)


def by_coder(cells: Sequence[Any], heads: Heads) -> list[dict[str, Any]]:
    """Return what a row says, once for each person that has a column of themes filled there."""
    values = values_of(cells, heads)
    said: dict[str, list[Any]] = {}
    for at, who in heads.coders.items():
        if at < len(cells) and _is_filled(cells[at]):
            said.setdefault(who, []).append(cells[at])
    return [
        {**values, THEMES: _together(given) if len(given) > 1 else given[0], CODER: who}
        for who, given in said.items()
    ] or [values]


def sheets_of_people(sheets: Sequence[tuple[str, Collection[str]]]) -> bool:
    """Whether each sheet is one person's: called by a name, and mostly about the same findings.

    Args:
        sheets: The name and the findings of each.
    """
    filled = [(name, set(texts)) for name, texts in sheets if texts]
    alike = all(
        2 * len(one & other) > min(len(one), len(other))
        for (_, one), (_, other) in combinations(filled, 2)
    )
    return alike and len(filled) > 1 and all(is_a_name(name) for name, _ in filled)
