"""The part of a run that a report or a brief is about, as a person names it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.cli.values import meant, plain_names, theme_meant

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.report import ReportSettings


def part_meant(
    settings: ReportSettings,
    tables: Mapping[str, pd.DataFrame],
    *,
    themes: Sequence[str] | None,
    units: Sequence[str] | None,
    regions: Sequence[str] | None,
    issues: Sequence[str] | None,
) -> ReportSettings:
    """Return the settings with what is asked for, in the words that the tables have.

    Args:
        settings: What else was chosen.
        tables: Of the run.
        themes: Slugs or names of themes, in any case, or starts of them.
        units: Names of units.
        regions: Names of regions.
        issues: Ids, subjects or names of issues.

    Raises:
        SettingsError: The run has no such value, or several begin so.
    """
    from pipelines import columns as c

    documents = tables["documents"]
    had = tables["tags"][c.THEME].unique() if "tags" in tables else ()

    def chosen(
        option: str, wanted: Sequence[str] | None, known: Mapping[str, Iterable[str]]
    ) -> tuple[str, ...]:
        return tuple(meant(option, value, known) for value in wanted or ())

    return replace(
        settings,
        themes=tuple(theme_meant("--theme", theme, had) for theme in themes or ()),
        units=chosen("--unit", units, plain_names(documents[c.UNIT].dropna().unique())),
        regions=chosen("--region", regions, plain_names(documents[c.REGION].dropna().unique())),
        issues=chosen("--issue", issues, _issues(tables)),
    )


def _issues(tables: Mapping[str, pd.DataFrame]) -> dict[str, tuple[str, ...]]:
    """Return the subjects of a run's issues, and the issues with their names."""
    from pipelines import columns as c

    found = tables.get("issues")
    if found is None:
        return {}
    ids = found[c.ISSUE_ID].tolist()
    named = zip(ids, found[c.LABEL].tolist(), strict=True)
    subjects = dict.fromkeys((key.partition("/")[0] for key in ids), ())
    return {**subjects, **{key: (label,) for key, label in named}}
