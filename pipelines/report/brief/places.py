"""Where a theme or issue is found most: each region against the others, or each unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from pipelines import columns as c
from pipelines.report.content import Content
from pipelines.report.contrast import THEME, Contrast, contrast
from pipelines.report.evidence import unit_label
from pipelines.report.rows import Row, rows_of


def where_most(tables: Mapping[str, pd.DataFrame], content: Content) -> tuple[Contrast, ...]:
    """Compare regions by their share of findings that an extract holds; units where one region.

    Args:
        tables: Of the whole run: all findings are the base.
        content: The extract by theme or issue.

    Returns:
        A contrast a place and side, the clearest first.
    """
    rows = rows_of(tables, "findings")
    regions = {row[c.REGION] for row in rows if row[c.REGION]}
    held = {finding.finding_id for finding in content.evidence}
    found = [
        one
        for side in content.sides
        for one in _compared(rows, held, side, by_region=len(regions) > 1)
    ]
    return tuple(sorted(found, key=lambda o: (-o.beyond_chance, -abs(o.difference), o.name)))


def _compared(rows: list[Row], held: set[str], side: str, *, by_region: bool) -> Iterator[Contrast]:
    own = [row for row in rows if row[c.POLARITY] == side]
    place = {
        str(row[c.FINDING_ID]): str(row[c.REGION] or "no region") if by_region else unit_label(row)
        for row in own
    }
    for name in sorted(set(place.values())):
        inside = [finding for finding, where in place.items() if where == name]
        outside = [finding for finding, where in place.items() if where != name]
        if not outside:
            return
        here, rest = (
            (sum(finding in held for finding in each), len(each)) for each in (inside, outside)
        )
        if here[0] or rest[0]:
            yield contrast(THEME, name, name, side, here, rest)
