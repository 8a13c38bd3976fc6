"""What an extract asks for, spelled as the batch spells it; what the batch lacks is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Final

import pandas as pd

from pipelines import columns as c
from pipelines.errors import SettingsError
from pipelines.places import canonical_unit, counted_unit
from pipelines.report.settings import ReportSettings

_LISTED: Final = 12


def spelt(settings: ReportSettings, documents: pd.DataFrame) -> ReportSettings:
    """Return the settings with the names of units and regions as the batch spells them.

    Raises:
        SettingsError: The batch has none of that name.
    """
    units = tuple(_named("unit", name, units_of(documents)) for name in settings.units)
    regions = tuple(_named("region", name, documents[c.REGION]) for name in settings.regions)
    return replace(settings, units=units, regions=regions)


def units_of(documents: pd.DataFrame) -> pd.Series:
    """Return the unit of each document; a document that names none counts as its own unit."""
    units = list(map(counted_unit, documents[c.UNIT], documents[c.DOCUMENT_ID]))
    return pd.Series(units, index=documents.index, dtype="str")


def _named(option: str, asked: str, values: pd.Series) -> str:
    """Return the name in the batch that is meant, whatever its capitals."""
    known = {str(value).casefold(): str(value) for value in sorted(set(values.dropna()))}
    wanted = asked.strip().casefold()
    if wanted not in known:
        wanted = canonical_unit(asked).casefold()
    if wanted not in known:
        raise SettingsError(
            f"no {option} {asked!r} in this run; it has {', '.join(known.values()) or 'none'}"
        )
    return known[wanted]


def asked_issues(tables: Mapping[str, pd.DataFrame], asked: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of the issues that are meant by id or subject: of a subject, both poles.

    Raises:
        SettingsError: None recurs by that name.
    """
    table = tables.get("issues")
    known = [] if table is None else sorted(table[c.ISSUE_ID])
    out: list[str] = []
    for name in asked:
        found = [i for i in known if i == name or i.rpartition("/")[0] == name]
        if not found:
            subjects = sorted({i.rpartition("/")[0] for i in known})
            near = get_close_matches(name.rpartition("/")[0] or name, subjects, _LISTED, 0.4)
            raise SettingsError(
                f"no issue {name!r} recurs in this run; it has {', '.join(near or subjects)}"
                if known
                else f"no issue {name!r}: no issue recurs in this run"
            )
        out += found
    return tuple(dict.fromkeys(out))
