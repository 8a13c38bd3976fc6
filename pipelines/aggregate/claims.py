"""Claims: what the aggregation counts.

A claim is a theme assigned to a finding, with the inspection that the finding is from. An
inspection is a document with the unit it is about. Everything else in this package counts
distinct units among claims and divides by distinct units among inspections.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipelines import columns as c
from pipelines.places import canonical_unit
from pipelines.tables import frame

YEAR = "year"
QUARTER = "quarter"
SURE = "sure"


def table(tables: Mapping[str, pd.DataFrame], name: str) -> pd.DataFrame:
    """Return a table of the run, or an empty one with its columns where the run has none."""
    return tables[name] if name in tables else frame(name)


def inspections(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row per document, with its unit's canonical name, year and quarter.

    A document that names no unit stands for itself: dropping it would shrink denominators
    silently, and merging all of them would invent a unit.

    Returns:
        Columns document_id, unit, region, framework, overall_rating, published, year, quarter;
        ordered by document_id, so that no result depends on the order of the sources.
    """
    documents = table(tables, "documents")
    out = documents.loc[
        :, [c.DOCUMENT_ID, c.UNIT, c.REGION, c.FRAMEWORK, c.OVERALL_RATING, c.PUBLISHED]
    ].copy()
    out[c.UNIT] = [
        document_id if pd.isna(unit) else canonical_unit(unit)
        for unit, document_id in zip(out[c.UNIT], out[c.DOCUMENT_ID], strict=True)
    ]
    out[YEAR] = out[c.PUBLISHED].str.slice(0, 4)
    month = pd.to_numeric(out[c.PUBLISHED].str.slice(5, 7), errors="coerce")
    quarter = ((month + 2) // 3).astype("Int64").astype("str")
    out[QUARTER] = (out[YEAR] + "-Q" + quarter).where(month.notna())
    return out.sort_values(c.DOCUMENT_ID, ignore_index=True)


def claims(tables: Mapping[str, pd.DataFrame], inspected: pd.DataFrame) -> pd.DataFrame:
    """One row for each finding and theme assigned to it, with the columns of its inspection.

    Args:
        tables: Needs `findings` and `tags`.
        inspected: As `inspections` returns it.

    Returns:
        Columns finding_id, theme, sure, polarity, standard and those of `inspected`.
    """
    tags = table(tables, "tags")
    assigned = tags.loc[tags[c.ASSIGNED], [c.FINDING_ID, c.THEME]].copy()
    of_person = tags.loc[tags[c.ASSIGNED], c.SOURCE] == "person"
    assigned[SURE] = (tags.loc[tags[c.ASSIGNED], c.CERTAINTY] == "sure") | of_person
    findings = table(tables, "findings")[[c.FINDING_ID, c.DOCUMENT_ID, c.POLARITY, c.STANDARD]]
    out = assigned.merge(findings, on=c.FINDING_ID).merge(inspected, on=c.DOCUMENT_ID)
    return out.sort_values([c.FINDING_ID, c.THEME], ignore_index=True)
