"""Listing: issues as tables, with their units, intervals and representative findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import columns as c
from pipelines.catalogue import issue_id
from pipelines.intervals import wilson
from pipelines.places import counted_unit
from pipelines.tables import conform, frame

if TYPE_CHECKING:
    from pipelines.mine.likeness.space import Space

Rows = npt.NDArray[np.intp]


CATALOGUE: Final = "catalogue"
NEW: Final = "new"
MADE: Final = "person"


@dataclass(frozen=True, slots=True)
class Issue:
    """What several units are found to have: rows of the findings, and what is known of it.

    Attributes:
        key: Slug of its subject, or of a new group.
        theme: Slug of the theme under which it is listed.
        status: `catalogue`, `new`, or `person` where one parted it from another.
        probabilities: Of the rows; NaN where it is new.
        certainties: Of the rows; None where it is new.
        sources: Of the rows: `model` or `person`.
        stability: Of a new group; None of the catalogue's.
        pinned: Whether a person wants to see it whatever its number.
        decided: What people did to it, for people.
    """

    key: str
    theme: str
    polarity: str
    status: str
    label: str
    terms: tuple[str, ...]
    rows: Rows
    probabilities: npt.NDArray[np.float64]
    certainties: npt.NDArray[np.object_]
    sources: npt.NDArray[np.object_]
    stability: float | None
    pinned: bool = False
    decided: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its id."""
        return issue_id(self.key, self.polarity)


def units_of(documents: pd.DataFrame) -> dict[str, str]:
    """Return each document's unit; a document that names none counts as its own unit."""
    rows = zip(documents[c.DOCUMENT_ID], documents[c.UNIT], strict=True)
    return {document: counted_unit(unit, document) for document, unit in rows}


def texts_of(findings: pd.DataFrame, rows: Rows) -> npt.NDArray[np.object_]:
    """Return the texts of some findings: those of all would be in memory once more."""
    texts: npt.NDArray[np.object_] = findings[c.TEXT].iloc[rows].to_numpy(dtype=object)
    return texts


def places_of(ids: pd.Series, findings: pd.DataFrame) -> Rows:
    """Return the rows of findings by their ids, -1 where there is none; no id becomes an object."""
    known = pa.array(findings[c.FINDING_ID], pa.large_string())
    found = pc.index_in(pa.array(ids, pa.large_string()), value_set=known)
    places: Rows = pc.fill_null(found, -1).to_numpy(zero_copy_only=False).astype(np.intp)
    return places


def few_of(values: pd.Series) -> npt.NDArray[np.object_]:
    """Return texts of which there are few as objects: equal ones are one, of however many rows."""
    codes, kinds = pd.factorize(values)
    few: npt.NDArray[np.object_] = np.asarray([*kinds, None], dtype=object)[codes]
    return few


def issue_tables(
    found: list[Issue],
    space: Space,
    findings: pd.DataFrame,
    inspected: dict[str, str],
    themes: tuple[str, ...],
    opposite: Mapping[tuple[str, str], int],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables issues and issue_findings.

    Args:
        found: The issues.
        space: The findings' space.
        findings: In the order of the space.
        inspected: Unit of each document.
        themes: Slugs in the codebook's order, which is the order of the rows.
        opposite: Units with the other pole, by key and polarity.
    """
    ids = findings[c.FINDING_ID].array
    units = np.asarray([inspected[d] for d in findings[c.DOCUMENT_ID]], dtype=object)
    total = len(set(inspected.values()))
    order = {theme: n for n, theme in enumerate(themes)}
    reach = {(i.key, i.polarity): len(set(units[i.rows])) for i in found}
    ranked = sorted(
        found,
        key=lambda i: (
            order.get(i.theme, len(order)),
            i.polarity,
            -reach[i.key, i.polarity],
            -len(i.rows),
            i.key,
        ),
    )
    issue_rows: list[dict[str, object]] = []
    members: list[pd.DataFrame] = []
    for issue in ranked:
        name = issue.name
        having = reach[issue.key, issue.polarity]
        low, high = wilson(having, total)
        sure = (issue.certainties == "sure") | (issue.sources == "person")
        issue_rows.append(
            {
                c.ISSUE_ID: name,
                c.SUBJECT: issue.key if issue.status == CATALOGUE else None,
                c.THEME: issue.theme,
                c.POLARITY: issue.polarity,
                c.LABEL: issue.label,
                c.TERMS: list(issue.terms),
                c.STATUS: issue.status,
                c.FINDINGS: len(issue.rows),
                c.UNITS: having,
                c.UNITS_SURE: len(set(units[issue.rows[sure]])),
                c.OPPOSITE_UNITS: opposite.get((issue.key, issue.polarity), 0),
                c.UNITS_INSPECTED: total,
                c.SHARE: having / total,
                c.LOW: low,
                c.HIGH: high,
                c.STABILITY: None if issue.stability is None else round(issue.stability, 4),
                c.PINNED: issue.pinned,
                c.DECIDED: list(issue.decided),
            }
        )
        nearness = space.centrality(issue.rows)
        standing = representatives(_typical(issue, nearness), units[issue.rows])
        listed = pd.DataFrame(
            {
                c.ISSUE_ID: name,
                c.FINDING_ID: ids[issue.rows],
                c.PROBABILITY: issue.probabilities,
                c.CERTAINTY: issue.certainties,
                c.SOURCE: issue.sources,
                c.SIMILARITY: [round(float(near), 4) for near in nearness],
                c.REPRESENTATIVE: [at in standing for at in range(len(issue.rows))],
            }
        )
        members.append(conform("issue_findings", listed))
    together = pd.concat(members, ignore_index=True) if members else frame("issue_findings")
    return frame("issues", issue_rows), together


def _typical(issue: Issue, nearness: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return how well each finding stands for an issue: surest first, then the most central."""
    sure = np.nan_to_num(issue.probabilities, nan=0.0)
    out: npt.NDArray[np.float32] = (sure + 0.25 * nearness).astype(np.float32)
    return out


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


def said_once(findings: pd.DataFrame, issue_findings: pd.DataFrame) -> int:
    """Count the findings that are in no issue."""
    return int((~findings[c.FINDING_ID].isin(issue_findings[c.FINDING_ID])).sum())
