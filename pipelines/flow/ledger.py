"""The ledger: what became of every source, and which of two equal documents counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from pipelines import columns as c
from pipelines.flow.documents import Reading
from pipelines.flow.editions import BY_NAME, draft
from pipelines.flow.rows import Row
from pipelines.flow.twins import Doubt, Twin, find_twins
from pipelines.naming import Unit, name_units, slug

READ: Final = "read"
DUPLICATE: Final = "duplicate"
FAILED: Final = "failed"
ASIDE: Final = "aside"
_NAMING: Final = {
    c.DOCUMENT_ID,
    c.FINDING_ID,
    c.RECOMMENDATION_ID,
    c.UNIT,
    c.PATH,
    c.WARNINGS,
}
"""Columns that depend on what else is in the run."""

SECOND: Final = "a second document of this unit and month"


@dataclass(frozen=True, slots=True)
class Named:
    """A document that counts, under the names that it has in this run.

    Attributes:
        reading: Of its source.
        document_id: Its own in this run.
        unit: The one name of its unit; None where it names none.
        warnings: What a reader should know of it besides its own.
    """

    reading: Reading
    document_id: str
    unit: str | None
    warnings: tuple[str, ...]

    def tables(self) -> dict[str, pa.Table]:
        """Read its rows, by table, under these names."""
        old, path = self.reading.document_id, self.reading.source.path

        def renamed(value: str) -> str:
            own = value.startswith(f"{old}/")
            return f"{self.document_id}{value[len(old) :]}" if own else value

        def changed(name: str, values: list[Any]) -> list[Any]:
            match name:
                case c.DOCUMENT_ID:
                    return [self.document_id] * len(values)
                case c.FINDING_ID | c.RECOMMENDATION_ID:
                    return [renamed(value) for value in values]
                case c.UNIT if self.unit:
                    return [self.unit] * len(values)
                case c.PATH:
                    return [path] * len(values)
                case c.WARNINGS:
                    return [[*(own or ()), *self.warnings] for own in values]
            return values

        return {
            table: rows.from_arrays(
                [
                    pa.array(changed(field.name, column.to_pylist()), field.type)
                    if field.name in _NAMING
                    else column
                    for field, column in zip(rows.schema, rows.columns, strict=True)
                ],
                schema=rows.schema,
            )
            for table, rows in self.reading.tables().items()
        }


@dataclass(frozen=True, slots=True)
class Settled:
    """The sources sorted out.

    Attributes:
        ledger: Rows of that table, in the order of paths.
        kept: The documents that count, in the order of paths.
    """

    ledger: list[Row]
    kept: list[Named]


def settle(readings: Sequence[tuple[Reading, float]]) -> Settled:
    """Name units and documents, count one inspection once and write the ledger.

    The result does not depend on the order of the readings: documents are taken by path.

    Args:
        readings: What was read, with the seconds it took.
    """
    ordered = sorted((reading for reading, _ in readings), key=_place)
    read = [reading for reading in ordered if reading.held is not None]
    units = _units(read)
    twins, doubts = find_twins(read, units)
    kept = [reading for reading in read if reading.source.address not in twins]
    own = [_own_id(reading, units[reading.source.address]) for reading in kept]
    names = _unique(own)
    final = dict(zip((reading.source.address for reading in kept), names, strict=True))
    warned = _warnings(kept, units, final, doubts)
    named = [
        Named(reading, final[address], units[address], tuple(warned[address]))
        for reading, address in ((reading, reading.source.address) for reading in kept)
    ]
    ledger = [
        _entry(reading, seconds, final, twins)
        for reading, seconds in sorted(readings, key=lambda pair: _place(pair[0]))
    ]
    return Settled(ledger, named)


def _place(reading: Reading) -> tuple[str, str]:
    return reading.source.path, reading.source.address


def _units(readings: Sequence[Reading]) -> dict[str, str | None]:
    """The one name of each document's unit, by address; None where it names none."""
    printed: dict[str, Unit] = {}
    for reading in readings:
        row = reading.document
        if row.get(c.UNIT):
            printed[reading.source.address] = (
                str(row[c.UNIT]),
                str(row.get(c.UNIT_TYPE) or "unknown"),
            )
    names = name_units(list(printed.values()))
    addresses = [reading.source.address for reading in readings]
    return {a: names[printed[a]] if a in printed else None for a in addresses}


def _own_id(reading: Reading, unit: str | None) -> str:
    """The id that the document alone would have under the one name of its unit."""
    row = reading.document
    if unit and row.get(c.UNIT) and reading.document_id.startswith(slug(str(row[c.UNIT]))):
        return slug(unit) + reading.document_id[len(slug(str(row[c.UNIT]))) :]
    return reading.document_id


def _warnings(
    kept: Sequence[Reading],
    units: dict[str, str | None],
    final: dict[str, str],
    doubts: Sequence[Doubt],
) -> dict[str, list[str]]:
    """What a reader should know of documents that may be one inspection, by address.

    No unit is inspected twice in a month: two that say so are one, or one is dated wrongly.
    """
    found = {
        reading.source.address: [BY_NAME] if draft(reading) == BY_NAME else [] for reading in kept
    }
    first: dict[tuple[str, str, str], Reading] = {}
    for reading in kept:
        unit = units[reading.source.address]
        times = {at: str(reading.document.get(at) or "") for at in (c.PUBLISHED, c.FIELDWORK)}
        others = [
            first.setdefault((unit, at, when), reading)
            for at, when in times.items()
            if unit and (at == c.PUBLISHED or len(when) > len("2024"))
        ]
        other = next((one for one in others if one is not reading), None)
        if other is not None:
            found[reading.source.address].append(
                f"{SECOND}, counted beside "
                f"{final[other.source.address]} ({other.source.path}): take one out if they are "
                "one inspection"
            )
    for doubt in doubts:
        found[doubt.reading.source.address].append(
            f"{doubt.shared} of {doubt.of} findings are those of "
            f"{final[doubt.other.source.address]} ({doubt.other.source.path}): counted as two "
            "inspections, as their months differ"
        )
    return found


def _unique(names: list[str]) -> list[str]:
    """Put `-2`, `-3` behind names that stand there already."""
    taken = set(names)
    seen: set[str] = set()
    out = []
    for name in names:
        number, unique = 1, name
        while unique in seen or (number > 1 and unique in taken):
            number += 1
            unique = f"{name}-{number}"
        seen.add(unique)
        out.append(unique)
    return out


def _entry(
    reading: Reading,
    seconds: float,
    final: dict[str, str],
    twins: dict[str, Twin],
) -> Row:
    address = reading.source.address
    entry: Row = {c.PATH: reading.source.path, c.SECONDS: round(seconds, 3)}
    if address in final:
        return {**entry, c.STATUS: READ, c.DOCUMENT_ID: final[address], c.REASON: None}
    if address in twins:
        twin = twins[address]
        named = final[twin.original.source.address]
        reason = f"{twin.how} as {named} ({twin.original.source.path}), which counts: {twin.why}"
        return {**entry, c.STATUS: DUPLICATE, c.DOCUMENT_ID: named, c.REASON: reason}
    status = ASIDE if reading.source.aside else FAILED
    return {**entry, c.STATUS: status, c.DOCUMENT_ID: None, c.REASON: reading.reason}
