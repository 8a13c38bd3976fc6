"""The ledger: what became of every source, and which of two equal documents counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipelines import columns as c
from pipelines.flow.documents import DOCUMENT_TABLES, Reading
from pipelines.flow.rows import Row
from pipelines.places import canonical_unit

READ: Final = "read"
DUPLICATE: Final = "duplicate"
FAILED: Final = "failed"

_FORMATS: Final = ("pdf", "html", "text")
"""Which of two formats of one document counts: PDF first, as its findings have pages."""

_SAME: Final = 0.5
"""Two documents of one unit and month that share this part of their findings are one document.

Two readings of one report differ in a hyphen here and there; two reports share next to nothing.
"""


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
    """Give every document its final id, set duplicates aside and write the ledger.

    The result does not depend on the order of the readings: documents are taken by format (PDF,
    HTML, text), then by path.

    Args:
        readings: What was read, with the seconds it took.
    """
    kept: list[Reading] = []
    twins: dict[str, tuple[Reading, str]] = {}
    preferred = sorted((reading for reading, _ in readings), key=_preference)
    by_digest: dict[str, list[Reading]] = {}
    by_name: dict[str, list[Reading]] = {}
    for reading in preferred:
        if reading.rows is None:
            continue
        known = _known(reading, by_digest, by_name)
        if known is not None:
            twins[reading.source.address] = known
            continue
        kept.append(reading)
        for mark in _exact(reading):
            by_digest.setdefault(mark, []).append(reading)
        by_name.setdefault(reading.document_id, []).append(reading)
    kept.sort(key=_place)
    names = _unique([reading.document_id for reading in kept])
    final = dict(zip((reading.source.address for reading in kept), names, strict=True))
    rows: dict[str, list[Row]] = {table: [] for table in DOCUMENT_TABLES}
    for reading in kept:
        _add(rows, reading, final[reading.source.address])
    ledger = [
        _entry(reading, seconds, final, twins)
        for reading, seconds in sorted(readings, key=lambda pair: _place(pair[0]))
    ]
    return Settled(ledger, rows)


def _place(reading: Reading) -> tuple[str, str]:
    return reading.source.path, reading.source.address


def _preference(reading: Reading) -> tuple[int, str, str]:
    known = reading.format in _FORMATS
    rank = _FORMATS.index(reading.format) if known else len(_FORMATS)
    return (rank, *_place(reading))


def _exact(reading: Reading) -> list[str]:
    digests = _digests(reading)
    return [
        f"bytes {reading.sha256}",
        f"text {reading.text_digest}",
        *([f"findings {' '.join(digests)}"] if digests else []),
    ]


def _digests(reading: Reading) -> list[str]:
    return [row[c.DIGEST] for row in (reading.rows or {}).get("findings", [])]


def _known(
    reading: Reading, by_digest: dict[str, list[Reading]], by_name: dict[str, list[Reading]]
) -> tuple[Reading, str] | None:
    """Return the document that this one repeats, and how we know."""
    for mark in _exact(reading):
        for other in by_digest.get(mark, []):
            what = mark.partition(" ")[0]
            if what != "findings" or _could_be_one(reading, other):
                return other, f"same {what}"
    mine = set(_digests(reading))
    for other in by_name.get(reading.document_id, []):
        theirs = set(_digests(other))
        shared = len(mine & theirs)
        if shared and shared >= _SAME * len(mine | theirs):
            return other, f"same unit and month, {shared} of {len(mine | theirs)} findings the same"
    return None


def _could_be_one(reading: Reading, other: Reading) -> bool:
    """Whether two documents with equal findings may be one: they name no two units or months.

    Two units can be given the same findings (a template, a shared service); one report in two
    formats may lack its cover in one of them.
    """
    for column in (c.UNIT, c.PUBLISHED):
        mine, theirs = _fact(reading, column), _fact(other, column)
        if mine and theirs and mine != theirs:
            return False
    return True


def _fact(reading: Reading, column: str) -> str | None:
    row = next(iter((reading.rows or {}).get("documents", [])), None)
    value = row[column] if row else None
    if value and column == c.UNIT:
        return canonical_unit(str(value))
    return str(value) if value else None


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


def _add(rows: dict[str, list[Row]], reading: Reading, document_id: str) -> None:
    old = reading.document_id

    def renamed(value: str) -> str:
        return f"{document_id}{value[len(old) :]}" if value.startswith(f"{old}/") else value

    for table in DOCUMENT_TABLES:
        for row in (reading.rows or {}).get(table, []):
            named = {**row, c.DOCUMENT_ID: document_id}
            for column in (c.FINDING_ID, c.RECOMMENDATION_ID):
                if column in named:
                    named[column] = renamed(named[column])
            if table == "documents":
                named[c.PATH] = reading.source.path
            rows[table].append(named)


def _entry(
    reading: Reading,
    seconds: float,
    final: dict[str, str],
    twins: dict[str, tuple[Reading, str]],
) -> Row:
    address = reading.source.address
    entry: Row = {c.PATH: reading.source.path, c.SECONDS: round(seconds, 3)}
    if address in final:
        return {**entry, c.STATUS: READ, c.DOCUMENT_ID: final[address], c.REASON: None}
    if address in twins:
        original, how = twins[address]
        named = final[original.source.address]
        reason = f"{how} as {named} ({original.source.path})"
        return {**entry, c.STATUS: DUPLICATE, c.DOCUMENT_ID: named, c.REASON: reason}
    return {**entry, c.STATUS: FAILED, c.DOCUMENT_ID: None, c.REASON: reading.reason}
