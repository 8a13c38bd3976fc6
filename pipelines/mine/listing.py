"""Listing: issues as tables, with their units, intervals and representative findings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines import columns as c
from pipelines.intervals import wilson
from pipelines.mine.naming import Name
from pipelines.mine.space import Space
from pipelines.places import canonical_unit
from pipelines.tables import frame

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Issue:
    """A group of findings that say one thing: rows of the findings, and what is known of it."""

    theme: str
    polarity: str
    rows: Rows
    name: Name
    stability: float


def units_of(documents: pd.DataFrame) -> dict[str, str]:
    """Return each document's unit; one that names none stands for itself."""
    return {
        document: document if pd.isna(unit) else canonical_unit(unit)
        for document, unit in zip(documents[c.DOCUMENT_ID], documents[c.UNIT], strict=True)
    }


def issue_tables(
    found: list[Issue],
    space: Space,
    findings: pd.DataFrame,
    inspected: dict[str, str],
    themes: tuple[str, ...],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables issues and issue_findings.

    Args:
        found: The issues.
        space: The findings' space.
        findings: In the order of the space.
        inspected: Unit of each document.
        themes: Slugs in the codebook's order, which is the order of the rows.
    """
    ids = findings[c.FINDING_ID].to_numpy(dtype=object)
    units = np.asarray([inspected[d] for d in findings[c.DOCUMENT_ID]], dtype=object)
    total = len(set(inspected.values()))
    issue_rows: list[dict[str, object]] = []
    member_rows: list[dict[str, object]] = []
    numbers: dict[tuple[str, str], int] = {}
    order = {theme: n for n, theme in enumerate(themes)}
    ranked = sorted(
        found,
        key=lambda f: (
            order[f.theme],
            f.polarity,
            -len(set(units[f.rows])),
            -len(f.rows),
            f.rows[0],
        ),
    )
    for issue in ranked:
        bucket = (issue.theme, issue.polarity)
        numbers[bucket] = numbers.get(bucket, 0) + 1
        issue_id = f"{issue.theme}/{issue.polarity}/{numbers[bucket]:02d}"
        having = len(set(units[issue.rows]))
        low, high = wilson(having, total)
        issue_rows.append(
            {
                c.ISSUE_ID: issue_id,
                c.THEME: issue.theme,
                c.POLARITY: issue.polarity,
                c.LABEL: issue.name.label,
                c.TERMS: list(issue.name.terms),
                c.FINDINGS: len(issue.rows),
                c.UNITS: having,
                c.UNITS_INSPECTED: total,
                c.SHARE: having / total,
                c.LOW: low,
                c.HIGH: high,
                c.STABILITY: round(issue.stability, 4),
            }
        )
        nearness = space.centrality(issue.rows)
        standing = representatives(nearness, units[issue.rows])
        member_rows.extend(
            {
                c.ISSUE_ID: issue_id,
                c.FINDING_ID: ids[row],
                c.SIMILARITY: round(float(near), 4),
                c.REPRESENTATIVE: at in standing,
            }
            for at, (row, near) in enumerate(zip(issue.rows, nearness, strict=True))
        )
    return frame("issues", issue_rows), frame("issue_findings", member_rows)


def representatives(nearness: npt.NDArray[np.float32], units: npt.NDArray[np.object_]) -> set[int]:
    """Pick up to three findings nearest to the centre, no two of one unit."""
    chosen: set[int] = set()
    seen: set[str] = set()
    for at in np.argsort(-np.round(nearness, 5), kind="stable"):
        if units[at] not in seen:
            chosen.add(int(at))
            seen.add(units[at])
        if len(chosen) == 3:
            break
    return chosen
