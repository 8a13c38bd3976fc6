"""Aggregate: recurrence across units, regions, dates, frameworks, ratings and standards."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipelines import columns as c
from pipelines.aggregate.changes import changes
from pipelines.aggregate.claims import Claims, CountedFindings, Tables, inspections
from pipelines.aggregate.contrast import cooccurrence, rating_contrast
from pipelines.aggregate.counting import count_all, theme_unit
from pipelines.aggregate.issues import recount_issues
from pipelines.aggregate.published import published_inspections
from pipelines.aggregate.questions import (
    asked_questions,
    claimed_by,
    compare_questions,
    contrast_questions,
    join_themes,
)
from pipelines.aggregate.repeats import repeats
from pipelines.aggregate.wording import phrase, word
from pipelines.codebook import Codebook, load_codebook
from pipelines.errors import check_kind
from pipelines.tables import Given, table

__all__ = ["aggregate_tables", "changes", "phrase", "recount_issues", "word"]

_READ: Final = {
    "documents": (
        c.DOCUMENT_ID,
        c.UNIT,
        c.UNIT_TYPE,
        c.REGION,
        c.PUBLISHED,
        c.FRAMEWORK,
        c.OVERALL_RATING,
    ),
    "findings": (c.FINDING_ID, c.DOCUMENT_ID, c.STANDARD, c.POLARITY),
    "tags": (c.FINDING_ID, c.THEME, c.PROBABILITY, c.CERTAINTY, c.SOURCE),
}
"""Columns without which nothing comes of a table."""


def aggregate_tables(
    tables: Tables, *, codebook: Codebook | None = None
) -> dict[str, pd.DataFrame]:
    """Count themes and issues over the documents of a run.

    Args:
        tables: Needs `documents`, `findings`, `tags`; uses `standards`, `issue_tags`,
            `issues`, `issue_findings`, `key_questions` and `workbook_results` where they are there.
            Findings and what is said of them may be in files: they are read some rows at a time.
        codebook: The shipped one where none is given.

    Returns:
        The tables recurrence, group_recurrence, theme_unit, breakdown, trend, repeats,
        cooccurrence, rating_contrast, inspections, question_units, question_themes and
        question_contrast. No result depends on the order of rows.

    Raises:
        SettingsError: A table that is needed is not there; one is none, or lacks a column; or the
            codebook is none.
    """
    tables, book = Given(tables, _READ), codebook or load_codebook()
    check_kind("codebook", book, Codebook, "one of load_codebook()")
    tables.need("documents", "findings", "tags")
    inspected = inspections(tables)
    findings = CountedFindings.of(tables, inspected)
    tagged = findings.stated(tables, "tags", c.THEME)
    grouped = findings.stated(tables, "issue_findings", c.ISSUE_ID)
    claimed = Claims.of(tagged, inspected, {theme.slug: theme.group for theme in book.themes})
    asked = asked_questions(tables)
    about = claimed_by(claimed, grouped, table(tables, "issues"))
    return {
        **count_all(claimed, findings, table(tables, "standards"), book),
        "theme_unit": theme_unit(claimed),
        "repeats": repeats(tables, inspected, findings, tagged, grouped),
        "cooccurrence": cooccurrence(claimed),
        "rating_contrast": rating_contrast(claimed),
        "inspections": published_inspections(table(tables, "documents")),
        "question_units": compare_questions(asked),
        "question_themes": join_themes(asked, about),
        "question_contrast": contrast_questions(asked, about),
    }
