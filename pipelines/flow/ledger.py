"""The ledger: what became of every source, and which of two equal documents counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipelines import columns as c
from pipelines.flow.documents import DOCUMENT_TABLES, Reading
from pipelines.flow.rows import Row
from pipelines.flow.twins import Doubt, Twin, find_twins
from pipelines.naming import Unit, name_units
from pipelines.segment import slug

READ: Final = "read"
DUPLICATE: Final = "duplicate"
FAILED: Final = "failed"
ASIDE: Final = "aside"
SECOND: Final = "a second document of this unit and month"


@dataclass(frozen=True, slots=True)
class Settled:
    """The sources sorted out.

    Attributes:
        ledger: Rows of that table, in the order of paths.
        rows: Rows by table, of the documents that count, in the order of paths.
    """

    ledger: list[Row]
    rows: dict[str, list[Row]]


def settle(readings: Sequence[tuple[Reading, float]]) -> Settled:
    """Name units and documents, count one inspection once and write the ledger.

    The result does not depend on the order of the readings: documents are taken by path.

    Args:
        readings: What was read, with the seconds it took.
    """
    ordered = sorted((reading for reading, _ in readings), key=_place)
    read = [reading for reading in ordered if reading.rows is not None]
    units = _units(read)
    twins, doubts = find_twins(read, units)
    kept = [reading for reading in read if reading.source.address not in twins]
    own = [_own_id(reading, units[reading.source.address]) for reading in kept]
    names = _unique(own)
    final = dict(zip((reading.source.address for reading in kept), names, strict=True))
    warned = _warnings(kept, own, final, doubts)
    rows: dict[str, list[Row]] = {table: [] for table in DOCUMENT_TABLES}
    for reading in kept:
        address = reading.source.address
        _add(rows, reading, final[address], units[address], warned[address])
    ledger = [
        _entry(reading, seconds, final, twins)
        for reading, seconds in sorted(readings, key=lambda pair: _place(pair[0]))
    ]
    return Settled(ledger, rows)


def _place(reading: Reading) -> tuple[str, str]:
    return reading.source.path, reading.source.address


def _units(readings: Sequence[Reading]) -> dict[str, str | None]:
    """The one name of each document's unit, by address; None where it names none."""
    printed: dict[str, Unit] = {}
    for reading in readings:
        row = next(iter((reading.rows or {}).get("documents", [])), {})
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
    row = next(iter((reading.rows or {}).get("documents", [])), {})
    if unit and row.get(c.UNIT) and reading.document_id.startswith(slug(str(row[c.UNIT]))):
        return slug(unit) + reading.document_id[len(slug(str(row[c.UNIT]))) :]
    return reading.document_id


def _warnings(
    kept: Sequence[Reading], own: Sequence[str], final: dict[str, str], doubts: Sequence[Doubt]
) -> dict[str, list[str]]:
    """What a reader should know of documents that may be one inspection, by address."""
    found: dict[str, list[str]] = {reading.source.address: [] for reading in kept}
    first: dict[str, Reading] = {}
    for reading, name in zip(kept, own, strict=True):
        other = first.setdefault(name, reading)
        unit = next(iter((reading.rows or {}).get("documents", [])), {}).get(c.UNIT)
        if other is not reading and unit:
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


def _add(
    rows: dict[str, list[Row]],
    reading: Reading,
    document_id: str,
    unit: str | None,
    warnings: Sequence[str],
) -> None:
    old = reading.document_id

    def renamed(value: str) -> str:
        return f"{document_id}{value[len(old) :]}" if value.startswith(f"{old}/") else value

    for table in DOCUMENT_TABLES:
        for row in (reading.rows or {}).get(table, []):
            named = {**row, c.DOCUMENT_ID: document_id}
            for column in (c.FINDING_ID, c.RECOMMENDATION_ID):
                if column in named:
                    named[column] = renamed(named[column])
            if c.UNIT in named and unit:
                named[c.UNIT] = unit
            if table == "documents":
                named[c.PATH] = reading.source.path
                named[c.WARNINGS] = [*(named.get(c.WARNINGS) or ()), *warnings]
            rows[table].append(named)


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
