"""Recurring issues: what several inspections say in the same theme and with the same polarity.

Findings of a theme and polarity are grouped by similarity. A group is an issue where

- its findings come from two inspections or more (one in a hundred where there are many),
- they share a core of telling words, and a phrase that names it,
- the group comes back when findings and words are left out at random.

Findings in no issue are said once; `said_once` counts them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines import columns as c
from pipelines.codebook import Codebook
from pipelines.errors import SettingsError
from pipelines.intervals import wilson
from pipelines.lexis import stem
from pipelines.mine.grouping import groups
from pipelines.mine.naming import Name, name_group, weights
from pipelines.mine.space import Space
from pipelines.mine.stability import stabilities
from pipelines.mine.terms import phrasing
from pipelines.places import canonical_unit
from pipelines.tables import frame

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
class _Found:
    theme: str
    polarity: str
    rows: Rows
    name: Name
    stability: float


def issues(
    tables: Mapping[str, pd.DataFrame],
    space: Space,
    *,
    codebook: Codebook,
    settings: IssueSettings | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find the recurring issues of a run.

    Args:
        tables: Needs `documents`, `findings` (in the order of the space) and `tags`.
        space: The findings' space.
        codebook: Gives the order of themes.
        settings: The defaults where none are given.

    Returns:
        The tables issues and issue_findings.
    """
    chosen = settings or IssueSettings()
    findings = tables["findings"]
    documents = findings[c.DOCUMENT_ID].to_numpy(dtype=object)
    texts = findings[c.TEXT].to_numpy(dtype=object)
    inspected = _units(tables["documents"])
    least = max(chosen.least_inspections, round(chosen.least_share * len(tables["documents"])))
    theme_stems = {theme.slug: _name_stems(theme.name) for theme in codebook.themes}
    worn = frozenset().union(*theme_stems.values())
    found: list[_Found] = []
    for theme, polarity, rows in _buckets(findings, tables["tags"], codebook):
        named: list[tuple[Rows, Name]] = []
        for group in groups(space, rows, threshold=chosen.threshold, smallest=least):
            one = _one_thing(space, group, texts, (theme_stems[theme], worn), chosen)
            if one is not None and len(set(documents[one[0]])) >= least:
                named.append(one)
        steady = stabilities(
            space,
            rows,
            [group for group, _ in named],
            threshold=chosen.threshold,
            resamples=chosen.resamples,
        )
        found.extend(
            _Found(theme, polarity, group, name, stability)
            for (group, name), stability in zip(named, steady, strict=True)
            if stability >= chosen.least_stability
        )
    return _tables(_distinct(found), space, findings, inspected)


def said_once(findings: pd.DataFrame, issue_findings: pd.DataFrame) -> int:
    """Count the findings that are in no issue."""
    return int((~findings[c.FINDING_ID].isin(issue_findings[c.FINDING_ID])).sum())


def _units(documents: pd.DataFrame) -> dict[str, str]:
    return {
        document: document if pd.isna(unit) else canonical_unit(unit)
        for document, unit in zip(documents[c.DOCUMENT_ID], documents[c.UNIT], strict=True)
    }


def _buckets(
    findings: pd.DataFrame, tags: pd.DataFrame, codebook: Codebook
) -> Iterable[tuple[str, str, Rows]]:
    row_of = pd.Series(np.arange(len(findings)), index=findings[c.FINDING_ID].to_numpy())
    assigned = tags.loc[tags[c.ASSIGNED] & tags[c.FINDING_ID].isin(row_of.index)]
    polarity = findings[c.POLARITY].to_numpy(dtype=object)
    for theme in codebook.slugs:
        ids = assigned.loc[assigned[c.THEME] == theme, c.FINDING_ID]
        rows = np.sort(row_of.loc[ids].to_numpy(dtype=np.intp))
        for side in sorted(set(polarity[rows])):
            yield theme, str(side), rows[polarity[rows] == side]


def _one_thing(
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
    if space.vectorizer is None or len(group) < 2:
        return frozenset()
    counts = np.asarray((space.words[group] > 0).sum(axis=0)).ravel()
    often = np.flatnonzero(counts >= max(2, shared * len(group)))
    return frozenset(str(name) for name in space.names[often] if " " not in name)


def _having(space: Space, group: Rows, stems: frozenset[str], share: float) -> Rows:
    """Return the findings with at least that share of the stems, weighed by their rarity."""
    columns = [space.vectorizer.vocabulary_[s] for s in sorted(stems) if s in space.vocabulary]
    if not columns:
        return group[:0]
    rarity = space.vectorizer.idf_[columns]
    held = np.asarray((space.words[group][:, columns] > 0) @ rarity).ravel()
    out: Rows = group[held >= share * rarity.sum() - 1e-6]
    return out


def _name_stems(name: str) -> frozenset[str]:
    stems = [stem(word) for word in name.lower().split()]
    return frozenset(phrasing().same.get(one, one) for one in stems)


def _pair(space: Space, group: Rows, settings: IssueSettings) -> bool:
    """Whether two findings are more alike than two can be by chance."""
    return float(space.similarity(group[:1], group[1:])[0, 0]) >= settings.pair_threshold


def _distinct(found: list[_Found]) -> list[_Found]:
    """Keep one of issues that are mostly the same findings under two themes: the larger one."""
    kept: list[_Found] = []
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


def _tables(
    found: list[_Found], space: Space, findings: pd.DataFrame, inspected: dict[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    ids = findings[c.FINDING_ID].to_numpy(dtype=object)
    units = np.asarray([inspected[d] for d in findings[c.DOCUMENT_ID]], dtype=object)
    total = len(set(inspected.values()))
    issue_rows: list[dict[str, object]] = []
    member_rows: list[dict[str, object]] = []
    numbers: dict[tuple[str, str], int] = {}
    order = {theme: n for n, theme in enumerate(dict.fromkeys(f.theme for f in found))}
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
        standing = _representatives(nearness, units[issue.rows])
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


def _representatives(nearness: npt.NDArray[np.float32], units: npt.NDArray[np.object_]) -> set[int]:
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
