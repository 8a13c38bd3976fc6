"""Aggregate: recurrence across units, regions, dates, frameworks, ratings and standards."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipelines.aggregate.breakdown import breakdown, trend
from pipelines.aggregate.changes import changes
from pipelines.aggregate.claims import claims, inspections, table
from pipelines.aggregate.contrast import cooccurrence, rating_contrast
from pipelines.aggregate.issues import recount_issues
from pipelines.aggregate.published import published_inspections
from pipelines.aggregate.questions import (
    asked_questions,
    claimed_by,
    compare_questions,
    contrast_questions,
    join_themes,
)
from pipelines.aggregate.recurrence import group_recurrence, recurrence, theme_unit
from pipelines.aggregate.repeats import repeats
from pipelines.aggregate.wording import phrase, word
from pipelines.codebook import Codebook, load_codebook

__all__ = ["aggregate_tables", "changes", "phrase", "recount_issues", "word"]


def aggregate_tables(
    tables: Mapping[str, pd.DataFrame], *, codebook: Codebook | None = None
) -> dict[str, pd.DataFrame]:
    """Count themes and issues over the documents of a run.

    Args:
        tables: Needs `documents`, `findings`, `tags`; uses `standards`, `issue_tags`,
            `issues`, `issue_findings`, `key_questions` and `workbook_results` where they are there.
        codebook: The shipped one where none is given.

    Returns:
        The tables recurrence, group_recurrence, theme_unit, breakdown, trend, repeats,
        cooccurrence, rating_contrast, inspections, question_units, question_themes and
        question_contrast. No result depends on the order of rows.
    """
    book = codebook or load_codebook()
    inspected = inspections(tables)
    claimed = claims(tables, inspected)
    asked = asked_questions(tables)
    about = claimed_by(tables, claimed)
    return {
        "recurrence": recurrence(claimed, inspected, book),
        "group_recurrence": group_recurrence(claimed, inspected, book),
        "theme_unit": theme_unit(claimed),
        "breakdown": breakdown(claimed, inspected, table(tables, "standards")),
        "trend": trend(claimed, inspected),
        "repeats": repeats(tables, inspected),
        "cooccurrence": cooccurrence(claimed),
        "rating_contrast": rating_contrast(claimed, inspected),
        "inspections": published_inspections(table(tables, "documents")),
        "question_units": compare_questions(asked),
        "question_themes": join_themes(asked, about),
        "question_contrast": contrast_questions(asked, about),
    }
