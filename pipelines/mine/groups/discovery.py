"""Discovery: what several inspections say in other words than any subject of the catalogue.

Findings that state no issue of the catalogue are grouped, those of a theme and polarity by
similarity. A group is a new issue where

- its findings come from two inspections or more (one in a hundred where there are many),
- they share a core of telling words, and a phrase that names it,
- the group comes back when findings and words are left out at random.

Likeness of words alone leaves out most of what says the same in other words. So the groups found
are then the choice that each other finding has: of those whose name it has a word of it joins the
one that it lies nearest to, if it lies near enough. One mainly about something else joins only
where its first sentence says the name.

Of more findings than `most` a sample is grouped (`sample.py`), and the others join in the same
way, so that counts are whole. An issue that so few state that fewer than two inspections of them
are in the sample is missed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines import columns as c
from pipelines.codebook import Codebook
from pipelines.errors import SettingsError
from pipelines.mine.groups.coherence import Said, full_name, joined, one_thing
from pipelines.mine.groups.naming import Name
from pipelines.mine.groups.sample import in_sample, one_in
from pipelines.mine.groups.stability import stabilities
from pipelines.mine.likeness.grouping import groups
from pipelines.mine.likeness.space import Space
from pipelines.mine.likeness.terms import features
from pipelines.mine.listing import few_of, places_of, texts_of
from pipelines.mine.parts import spread
from pipelines.records import digest

Rows = npt.NDArray[np.intp]
_NEARLY_ALL: Final = 0.8
_MAINLY: Final = 0.98  # of the probability of a finding's strongest theme


@dataclass(frozen=True, slots=True)
class DiscoverySettings:
    """What makes a new issue.

    Attributes:
        threshold: Average similarity within a group, 0 to 1.
        joining: How near a finding must lie to a group's middle to join it, 0 to 1
            (`tests/bench/bench_discovery.py` shows what other values give).
        least_inspections: Inspections that an issue must come from at least.
        least_share: Share of all inspections that an issue must come from at least.
        least_stability: Groups that come back less are dropped.
        resamples: How often findings and words are left out at random.
        most: Findings that are grouped, about: of more a sample is.
    """

    threshold: float = 0.26
    joining: float = 0.3
    least_inspections: int = 2
    least_share: float = 0.01
    least_stability: float = 0.7
    resamples: int = 10
    most: int = 10_000

    def __post_init__(self) -> None:
        """Check the settings.

        Raises:
            SettingsError: A value is out of range.
        """
        for name in ("threshold", "joining", "least_share", "least_stability"):
            if not 0 <= getattr(self, name) <= 1:
                raise SettingsError(f"discovery: {name} is {getattr(self, name)}; expected 0 to 1")
        if self.least_inspections < 2:
            raise SettingsError(
                f"discovery: least_inspections is {self.least_inspections}; expected 2 or more: "
                "what one inspection says does not recur"
            )
        if self.most < 1:
            raise SettingsError(f"discovery: most is {self.most}; expected 1 or more")


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that say one thing: rows of the findings, and what is known of it."""

    theme: str
    polarity: str
    rows: Rows
    name: Name
    stability: float


@dataclass(frozen=True, slots=True)
class _Bucket:
    """The findings of a theme and polarity: all that finding their issues needs.

    Attributes:
        theme: Slug.
        polarity: Of the findings.
        rows: Of the run's findings, in an order that hangs on their texts alone.
        space: Of these findings alone, in their order.
        said: What these findings say.
        documents: Of these findings.
        sampled: Of these findings, those that are grouped.
        fewest: Inspections that a group must come from.
        least: Inspections that an issue must come from.
        settings: As given.
    """

    theme: str
    polarity: str
    rows: Rows
    space: Space
    said: Said
    documents: npt.NDArray[np.object_]
    sampled: npt.NDArray[np.bool_]
    fewest: int
    least: int
    settings: DiscoverySettings


def discover(
    tables: Mapping[str, pd.DataFrame],
    space: Space,
    *,
    codebook: Codebook,
    left: npt.NDArray[np.bool_],
    settings: DiscoverySettings | None = None,
    jobs: int = 1,
) -> list[Group]:
    """Find new issues among findings that state none of the catalogue's.

    Args:
        tables: Needs `documents`, `findings` (in the order of the space) and `tags`.
        space: The findings' space.
        codebook: Gives the order of themes.
        left: Of the findings, those in no issue of the catalogue.
        settings: The defaults where none are given.
        jobs: Processes that the themes and polarities are spread over.
    """
    chosen = settings or DiscoverySettings()
    findings = tables["findings"]
    documents = few_of(findings[c.DOCUMENT_ID])
    least = max(chosen.least_inspections, round(chosen.least_share * len(tables["documents"])))
    step = one_in(int(left.sum()), chosen.most)
    sampled = in_sample(findings[c.FINDING_ID].tolist(), step)
    own = {theme.slug: _name_stems(theme.name) for theme in codebook.themes}
    worn = frozenset().union(*own.values())
    parts = _buckets(findings, tables["tags"], codebook, left)
    largest_first = sorted(range(len(parts)), key=lambda at: (-len(parts[at][2]), at))
    buckets = (
        _Bucket(
            theme,
            side,
            rows,
            space.subset(rows),
            Said(texts_of(findings, rows), side, mainly, own[theme], worn),
            documents[rows],
            sampled[rows],
            max(chosen.least_inspections, round(least / step)),
            least,
            chosen,
        )
        for theme, side, rows, mainly in (parts[at] for at in largest_first)
    )
    done = zip(largest_first, spread(_of_bucket, buckets, jobs=jobs), strict=True)
    found = [issue for _, listed in sorted(done) for issue in listed]
    return _distinct(_at_home(found, parts, codebook))


def _of_bucket(bucket: _Bucket) -> list[Group]:
    """Find the issues of a theme and polarity."""
    chosen, space = bucket.settings, bucket.space
    rows = np.flatnonzero(bucket.sampled)
    named: list[tuple[Rows, Name]] = []
    dropped: list[Rows] = []
    for group in groups(space, rows, threshold=chosen.threshold, smallest=bucket.fewest):
        one = one_thing(space, group, bucket.said)
        if one is not None and len(set(bucket.documents[one[0]])) >= bucket.fewest:
            named.append(one)
            dropped.append(np.setdiff1d(group, one[0]))
    steady = stabilities(
        space,
        bucket.said.texts,
        rows,
        [group for group, _ in named],
        dropped=dropped,
        threshold=chosen.threshold,
        resamples=chosen.resamples,
    )
    firm = [
        (one, stability)
        for one, stability in zip(named, steady, strict=True)
        if stability >= chosen.least_stability
    ]
    told = [one for one, _ in firm]
    wholes = joined(space, told, bucket.said, chosen.joining)
    return [
        Group(
            bucket.theme,
            bucket.polarity,
            np.sort(bucket.rows[whole]),
            full_name(name, group, bucket.said),
            stability,
        )
        for ((group, name), stability), whole in zip(firm, wholes, strict=True)
        if len(set(bucket.documents[whole])) >= bucket.least
    ]


def _at_home(
    found: list[Group],
    parts: list[tuple[str, str, Rows, npt.NDArray[np.bool_]]],
    codebook: Codebook,
) -> list[Group]:
    """Drop issues whose name belongs to another theme that nearly all of their findings have.

    What they have in common is then the other theme: found there if it says one thing.
    """
    wordings = {
        theme.slug: {frozenset(features(p)) for p in theme.lexicon.phrases if "(" not in p}
        - {frozenset()}
        for theme in codebook.themes
    }
    holding = {(theme, side): frozenset(rows.tolist()) for theme, side, rows, _ in parts}
    kept: list[Group] = []
    for issue in found:
        words = frozenset(features(issue.name.terms[0]))
        rows = frozenset(issue.rows.tolist())
        home = [slug for slug, phrases in wordings.items() if any(p <= words for p in phrases)]
        elsewhere = any(
            len(rows & holding.get((slug, issue.polarity), frozenset())) >= _NEARLY_ALL * len(rows)
            for slug in home
        )
        if issue.theme in home or not elsewhere:
            kept.append(issue)
    return kept


def _buckets(
    findings: pd.DataFrame,
    tags: pd.DataFrame,
    codebook: Codebook,
    left: npt.NDArray[np.bool_],
) -> list[tuple[str, str, Rows, npt.NDArray[np.bool_]]]:
    """Return each theme and polarity with its findings left, and which are mainly of it."""
    assigned = tags.loc[tags[c.ASSIGNED]]
    places = places_of(assigned[c.FINDING_ID], findings)
    assigned, places = assigned.loc[places >= 0], places[places >= 0]
    themes = few_of(assigned[c.THEME])
    held = assigned[c.PROBABILITY].fillna(1.0).to_numpy(dtype=float)  # people give none
    highest = np.zeros(len(findings))
    np.maximum.at(highest, places, held)
    main = held >= _MAINLY * highest[places]
    polarity = few_of(findings[c.POLARITY])
    out: list[tuple[str, str, Rows, npt.NDArray[np.bool_]]] = []
    for theme in codebook.slugs:
        own = (themes == theme) & left[places]
        rows = np.unique(places[own])
        mainly = np.isin(rows, places[own & main])
        for side in sorted(set(polarity[rows])):
            at = np.flatnonzero(polarity[rows] == side)
            at = at[np.argsort([*map(digest, texts_of(findings, rows[at]))], kind="stable")]
            out.append((theme, str(side), rows[at], mainly[at]))
    return out


def _name_stems(name: str) -> frozenset[str]:
    return frozenset(feature for feature in features(name) if " " not in feature)


def _distinct(found: list[Group]) -> list[Group]:
    """Keep one of issues that are mostly the same findings under two themes: the larger one."""
    kept: list[Group] = []
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
