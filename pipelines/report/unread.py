"""Published inspections that are not in the corpus, by region and year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipelines import columns as c
from pipelines.report.english import counted, month
from pipelines.report.rows import Row, rows_of

UNDATED: Final = "no date"
ENGLAND_AND_WALES: Final = "England and Wales"


@dataclass(frozen=True, slots=True)
class Missing:
    """A published inspection that is not in the corpus."""

    region: str
    unit: str
    date: str
    rating: str
    inspection_id: str


@dataclass(frozen=True, slots=True)
class Unread:
    """What is published and what of it was read.

    Attributes:
        sentence: The whole in a sentence.
        years: Heads of the columns, the undated last.
        regions: Name, then read and published for each year and altogether.
        missing: What is not in the corpus, by region and date.
    """

    sentence: str
    years: tuple[str, ...]
    regions: tuple[tuple[str, tuple[tuple[int, int], ...]], ...]
    missing: tuple[Missing, ...]


def gather_unread(tables: Mapping[str, pd.DataFrame]) -> Unread | None:
    """Build what is said of published inspections; nothing where none of them was read.

    A corpus of other reports (another inspectorate's, a sample) is not compared with the manifest:
    it would lack everything.
    """
    rows = rows_of(tables, "inspections")
    done = sum(row[c.DOCUMENT_ID] is not None for row in rows)
    if not done:
        return None
    years = sorted({_year(row) for row in rows}, key=lambda year: (year == UNDATED, year))
    regions = sorted({_region(row) for row in rows})
    counts = tuple(
        (
            region,
            tuple(
                _count(r for r in rows if _region(r) == region and year in {_year(r), ""})
                for year in (*years, "")
            ),
        )
        for region in regions
    )
    missing = sorted(
        (row for row in rows if row[c.DOCUMENT_ID] is None),
        key=lambda r: (_region(r), r[c.PUBLISHED] or "9999", r[c.UNIT], r[c.INSPECTION_ID]),
    )
    return Unread(
        sentence=(
            f"Of {counted(len(rows), 'published inspection')} that the manifest lists, {done} "
            f"{'is' if done == 1 else 'are'} in this batch and {len(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} not. The manifest may lack some itself."
        ),
        years=tuple(years),
        regions=counts,
        missing=tuple(
            Missing(
                _region(row),
                row[c.UNIT],
                month(row[c.PUBLISHED]) if row[c.PUBLISHED] else UNDATED,
                row[c.OVERALL_RATING] or "",
                row[c.INSPECTION_ID],
            )
            for row in missing
        ),
    )


def _count(rows: Iterable[Row]) -> tuple[int, int]:
    listed = list(rows)
    return sum(row[c.DOCUMENT_ID] is not None for row in listed), len(listed)


def _year(row: Row) -> str:
    return str(row[c.PUBLISHED])[:4] if row[c.PUBLISHED] else UNDATED


def _region(row: Row) -> str:
    return row[c.REGION] or ENGLAND_AND_WALES


def part(count: tuple[int, int]) -> str:
    """Say how many of how many; nothing where there is nothing."""
    return f"{count[0]} of {count[1]}" if count[1] else ""
