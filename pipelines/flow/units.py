"""What a corpus holds on each unit: its reports, their dates and ratings, and similar names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pandas as pd

from pipelines import columns as c
from pipelines.naming import NearMiss, near_misses
from pipelines.places import Places, canonical_unit, load_places
from pipelines.tables import records

REPORTS: Final = "reports"
RATINGS: Final = "ratings"
SINCE: Final = "inspected"
LATER: Final = "now"
PERHAPS: Final = "perhaps"
COLUMNS: Final = (
    c.UNIT, c.UNIT_TYPE, c.REGION, REPORTS, SINCE, RATINGS, LATER, PERHAPS
)  # fmt: skip


def list_units(tables: Mapping[str, pd.DataFrame], twins: Iterable[NearMiss]) -> pd.DataFrame:
    """Return a row for each unit of a run, by name.

    Its columns are the unit, its kind and region; how many reports there are, their months and
    overall ratings in the order of months; the units that took over from it; and names that may
    be its own (`twins`, as `possible_twins` gives them), which are proposed and never joined.
    """
    places = load_places()
    known = tables["documents"].dropna(subset=[c.UNIT])
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in records(known.sort_values([c.PUBLISHED, c.DOCUMENT_ID])):
        rows[canonical_unit(str(row[c.UNIT]))].append(row)
    perhaps: dict[str, list[str]] = defaultdict(list)
    for miss in twins:
        perhaps[miss.one].append(f"{miss.other}: {miss.why}")
        perhaps[miss.other].append(f"{miss.one}: {miss.why}")
    found = [
        {
            c.UNIT: unit,
            c.UNIT_TYPE: mine[0][c.UNIT_TYPE],
            c.REGION: mine[-1][c.REGION] or "",
            REPORTS: len(mine),
            SINCE: [row[c.PUBLISHED] or "?" for row in mine],
            RATINGS: [row[c.OVERALL_RATING] or "not rated" for row in mine],
            LATER: _successors(unit, str(mine[0][c.UNIT_TYPE]), places),
            PERHAPS: perhaps[unit],
        }
        for unit, mine in sorted(rows.items())
    ]
    return pd.DataFrame(found, columns=list(COLUMNS))


def _successors(unit: str, kind: str, places: Places) -> list[str]:
    """The units that took over from one; a unit of another kind may bear the same name."""
    found = places.find(unit)
    return list(found.successors) if found is not None and found.kind == kind else []


def possible_twins(tables: Mapping[str, pd.DataFrame]) -> list[NearMiss]:
    """Return the pairs of units of a run whose names are near each other."""
    return near_misses(canonical_unit(str(u)) for u in tables["documents"][c.UNIT].dropna())
