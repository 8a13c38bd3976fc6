"""What changed since an earlier run, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from pipelines import columns as c
from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.records import POLARITY_NAMES
from pipelines.report.english import counted, opening
from pipelines.report.rows import Row, rows_of

Changed = tuple[tuple[str, tuple[str, ...]], ...]

_HEADS: Final = {
    "report_added": "Reports added",
    "report_gone": "Reports no longer there",
    "report_changed": "Reports in another edition",
    "issue_appeared": "Issues that appeared",
    "issue_spread": "Issues that spread",
    "issue_shrank": "Issues in fewer units",
    "issue_went": "Issues that went",
    "decision_given": "Tags given that were not",
    "decision_taken": "Tags taken away",
}


def changed(changes: pd.DataFrame) -> Changed:
    """Return the kinds of changes that there are, each with a sentence for every change."""
    rows = rows_of({"changes": changes}, "changes")
    said = [
        (head, tuple(_said(row) for row in rows if row[c.KIND] == kind))
        for kind, head in _HEADS.items()
    ]
    return tuple((head, lines) for head, lines in said if lines)


def gather_changed(tables: Mapping[str, pd.DataFrame]) -> Changed | None:
    """Build the section; None where nobody asked what changed."""
    return changed(tables["changes"]) if "changes" in tables else None


def _said(row: Row) -> str:
    kind = str(row[c.KIND])
    if kind.startswith("report"):
        findings = counted(int(row[c.FINDINGS_AFTER] or row[c.FINDINGS_BEFORE]), "finding")
        return f"{row[c.UNIT]} ({row[c.SUBJECT]}), {findings}"
    if kind.startswith("issue"):
        side = POLARITY_NAMES[str(row[c.POLARITY])]
        return (
            f"{opening(row[c.LABEL])} ({side}): {row[c.UNITS_BEFORE]} of "
            f"{row[c.UNITS_READ_BEFORE]} units before, {row[c.UNITS_AFTER]} of "
            f"{row[c.UNITS_READ_AFTER]} now"
        )
    return f"{_name(str(row[c.SUBJECT]))}: {row[c.FINDING_ID]} ({row[c.REASON]})"


def _name(subject: str) -> str:
    slug, _, pole = subject.rpartition("/")
    catalogue, book = load_catalogue(), load_codebook()
    if slug in catalogue:
        return catalogue.subject(slug).name(pole)
    return book.theme(subject).name if subject in book.slugs else subject
