"""Recurring issues: what several inspections say in the same theme and with the same polarity.

Findings of a theme and polarity are grouped by similarity. A group is an issue where

- its findings come from two inspections or more (one in a hundred where there are many),
- they share a core of telling words, and a phrase that names it,
- the group comes back when findings and words are left out at random.

Findings in no issue are said once; `said_once` counts them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines import columns as c
from pipelines.codebook import Codebook
from pipelines.errors import SettingsError
from pipelines.lexis import stem
from pipelines.mine.grouping import groups
from pipelines.mine.listing import Issue, issue_tables, units_of
from pipelines.mine.naming import Name, name_group, weights
from pipelines.mine.parts import spread
from pipelines.mine.space import Space
from pipelines.mine.stability import stabilities
from pipelines.mine.terms import phrasing

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class IssueSettings:
    """What makes an issue.

    Attributes:
        threshold: Average similarity within a group, 0 to 1.
        pair_threshold: The same for a group of two, which can be alike by chance.
        shared: Share of a group's findings that must have a word for it to be of the core.
        core: Words that the core must have at least; one more in a group of two.
        named: Share of the name's words, weighed by rarity, that each finding must have.
        least_inspections: Inspections that an issue must come from at least.
        least_share: Share of all inspections that an issue must come from at least.
        least_stability: Groups that come back less are dropped.
        resamples: How often findings and words are left out at random.
    """

    threshold: float = 0.26
    pair_threshold: float = 0.36
    shared: float = 0.6
    core: int = 2
    named: float = 0.65
    least_inspections: int = 2
    least_share: float = 0.01
    least_stability: float = 0.6
    resamples: int = 10

    def __post_init__(self) -> None:
        """Check the settings.

        Raises:
            SettingsError: A value is out of range.
        """
        for name in (
            "threshold",
            "pair_threshold",
            "shared",
            "named",
            "least_share",
            "least_stability",
        ):
            if not 0 <= getattr(self, name) <= 1:
                raise SettingsError(f"issues: {name} is {getattr(self, name)}; expected 0 to 1")
        if self.least_inspections < 2:
            raise SettingsError(
                f"issues: least_inspections is {self.least_inspections}; expected 2 or more: "
                "what one inspection says does not recur"
            )


@dataclass(frozen=True, slots=True)
class _Bucket:
    """The findings of a theme and polarity: all that finding their issues needs.

    Attributes:
        theme: Slug.
        polarity: Of the findings.
        rows: Of the run's findings, ascending.
        space: Of these findings alone, in their order.
        texts: Of these findings.
        documents: Of these findings.
        stems: Of the theme's name, and of all themes' names.
        least: Inspections that an issue must come from.
        settings: As given.
    """

    theme: str
    polarity: str
    rows: Rows
    space: Space
    texts: npt.NDArray[np.object_]
    documents: npt.NDArray[np.object_]
    stems: tuple[frozenset[str], frozenset[str]]
    least: int
    settings: IssueSettings


def issues(
    tables: Mapping[str, pd.DataFrame],
    space: Space,
    *,
    codebook: Codebook,
    settings: IssueSettings | None = None,
    jobs: int = 1,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find the recurring issues of a run.

    Args:
        tables: Needs `documents`, `findings` (in the order of the space) and `tags`.
        space: The findings' space.
        codebook: Gives the order of themes.
        settings: The defaults where none are given.
        jobs: Processes that the themes and polarities are spread over.

    Returns:
        The tables issues and issue_findings.
    """
    chosen = settings or IssueSettings()
    findings = tables["findings"]
    documents = findings[c.DOCUMENT_ID].to_numpy(dtype=object)
    texts = findings[c.TEXT].to_numpy(dtype=object)
    least = max(chosen.least_inspections, round(chosen.least_share * len(tables["documents"])))
    own = {theme.slug: _name_stems(theme.name) for theme in codebook.themes}
    worn = frozenset().union(*own.values())
    parts = _buckets(findings, tables["tags"], codebook)
    largest_first = sorted(range(len(parts)), key=lambda at: (-len(parts[at][2]), at))
    buckets = (
        _Bucket(
            theme,
            side,
            rows,
            space.subset(rows),
            texts[rows],
            documents[rows],
            (own[theme], worn),
            least,
            chosen,
        )
        for theme, side, rows in (parts[at] for at in largest_first)
    )
    done = zip(largest_first, spread(_of_bucket, buckets, jobs=jobs), strict=True)
    found = [issue for _, listed in sorted(done) for issue in listed]
    return issue_tables(
        _distinct(found), space, findings, units_of(tables["documents"]), codebook.slugs
    )


def _of_bucket(bucket: _Bucket) -> list[Issue]:
    """Find the issues of a theme and polarity."""
    chosen, space = bucket.settings, bucket.space
    rows = np.arange(len(bucket.rows), dtype=np.intp)
    named: list[tuple[Rows, Name]] = []
    for group in groups(space, rows, threshold=chosen.threshold, smallest=bucket.least):
        one = one_thing(space, group, bucket.texts, bucket.stems, chosen)
        if one is not None and len(set(bucket.documents[one[0]])) >= bucket.least:
            named.append(one)
    steady = stabilities(
        space,
        rows,
        [group for group, _ in named],
        threshold=chosen.threshold,
        resamples=chosen.resamples,
    )
    return [
        Issue(bucket.theme, bucket.polarity, bucket.rows[group], name, stability)
        for (group, name), stability in zip(named, steady, strict=True)
        if stability >= chosen.least_stability
    ]


def said_once(findings: pd.DataFrame, issue_findings: pd.DataFrame) -> int:
    """Count the findings that are in no issue."""
    return int((~findings[c.FINDING_ID].isin(issue_findings[c.FINDING_ID])).sum())


def _buckets(
    findings: pd.DataFrame, tags: pd.DataFrame, codebook: Codebook
) -> list[tuple[str, str, Rows]]:
    ids = pd.Index(findings[c.FINDING_ID].to_numpy(dtype=object))
    assigned = tags.loc[tags[c.ASSIGNED]]
    places = ids.get_indexer(assigned[c.FINDING_ID].to_numpy(dtype=object))
    themes = assigned[c.THEME].to_numpy(dtype=object)
    polarity = findings[c.POLARITY].to_numpy(dtype=object)
    out: list[tuple[str, str, Rows]] = []
    for theme in codebook.slugs:
        rows = np.unique(places[(themes == theme) & (places >= 0)])
        out.extend(
            (theme, str(side), rows[polarity[rows] == side]) for side in sorted(set(polarity[rows]))
        )
    return out


def one_thing(
    space: Space,
    group: Rows,
    texts: npt.NDArray[np.object_],
    stems: tuple[frozenset[str], frozenset[str]],
    settings: IssueSettings,
) -> tuple[Rows, Name] | None:
    """Return the findings of a group that say one thing, and its name; None where none do."""
    core = _core(space, group, settings.shared)
    group = _having(space, group, core, 0.5)
    if len(core) < settings.core or len(group) < 2:
        return None
    if len(group) == 2 and (len(core) <= settings.core or not _pair(space, group, settings)):
        return None
    name = name_group(
        texts[group].tolist(),
        weights(space, group.tolist()),
        core=core,
        own=stems[0],
        worn=stems[1],
    )
    if name is None:
        return None
    group = _having(space, group, frozenset(name.stems), settings.named)
    return (group, name) if len(group) >= 2 else None


def _core(space: Space, group: Rows, shared: float) -> frozenset[str]:
    """Return the stems that most findings of a group have."""
    if len(group) < 2:
        return frozenset()
    columns, counts = np.unique(space.words[group].indices, return_counts=True)
    often = columns[counts >= max(2, shared * len(group))]
    return frozenset(str(name) for name in space.names[often] if " " not in name)


def _having(space: Space, group: Rows, stems: frozenset[str], share: float) -> Rows:
    """Return the findings with at least that share of the stems, weighed by their rarity."""
    columns = space.columns(stems)
    if not len(columns):
        return group[:0]
    rarity = space.rarity[columns]
    held = np.asarray((space.words[group][:, columns] > 0) @ rarity).ravel()
    out: Rows = group[held >= share * rarity.sum() - 1e-6]
    return out


def _name_stems(name: str) -> frozenset[str]:
    stems = [stem(word) for word in name.lower().split()]
    return frozenset(phrasing().same.get(one, one) for one in stems)


def _pair(space: Space, group: Rows, settings: IssueSettings) -> bool:
    """Whether two findings are more alike than two can be by chance."""
    return float(space.similarity(group[:1], group[1:])[0, 0]) >= settings.pair_threshold


def _distinct(found: list[Issue]) -> list[Issue]:
    """Keep one of issues that are mostly the same findings under two themes: the larger one."""
    kept: list[Issue] = []
    by_row: dict[int, list[int]] = {}
    for issue in sorted(found, key=lambda f: (-len(f.rows), -f.name.coverage, -f.stability)):
        rows = set(issue.rows.tolist())
        rivals = {k for row in rows for k in by_row.get(row, [])}
        if any(
            kept[k].polarity == issue.polarity
            and 2 * len(rows & set(kept[k].rows.tolist())) >= len(rows)
            for k in rivals
        ):
            continue
        for row in rows:
            by_row.setdefault(row, []).append(len(kept))
        kept.append(issue)
    return kept
