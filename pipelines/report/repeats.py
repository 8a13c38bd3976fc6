"""Units inspected twice: what was found again, then and now, by the findings that say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipelines import columns as c
from pipelines.catalogue import load_catalogue
from pipelines.codebook import Codebook
from pipelines.report.english import counted, listing, month, opening
from pipelines.report.evidence import gather_evidence
from pipelines.report.finding import AREA, STRENGTH, Evidence, Findings
from pipelines.report.rows import Row, by, rows_of

_GONE: Final = ("no_longer_raised", "resolved")  # the second in runs of earlier versions


@dataclass(frozen=True, slots=True)
class Pair:
    """An issue of two inspections of a unit, with the findings of each, the surest first.

    `sure`: both tags are; `then` or `now` is empty where it was not raised.
    """

    issue_id: str
    name: str
    theme: str
    theme_name: str
    sure: bool
    then: tuple[Evidence, ...]
    now: tuple[Evidence, ...]

    @property
    def weight(self) -> int:
        """Findings on it, both times."""
        return len(self.then) + len(self.now)


@dataclass(frozen=True, slots=True)
class Repeat:
    """What a unit inspected twice was told again, what it was not, and what has turned.

    `repeated`, `gone` and `new` are areas for improvement; `turned` were one and are now a
    strength, `worsened` the reverse. `themes` are those found wanting both times, with the number
    of their findings then and now.
    """

    unit: str
    region: str
    earlier: str
    later: str
    across_break: bool
    repeated: tuple[Pair, ...] = ()
    gone: tuple[Pair, ...] = ()
    new: tuple[Pair, ...] = ()
    turned: tuple[Pair, ...] = ()
    worsened: tuple[Pair, ...] = ()
    themes: tuple[tuple[str, str, int, int], ...] = ()

    @property
    def sections(self) -> tuple[tuple[str, tuple[Pair, ...]], ...]:
        """What is shown with its findings, under its head; empty ones are left out."""
        found = (
            ("Needed improvement both times", self.repeated),
            ("Needed improvement then, a strength now", self.turned),
            ("A strength then, needs improvement now", self.worsened),
        )
        return tuple((head, pairs) for head, pairs in found if pairs)

    @property
    def once(self) -> tuple[tuple[str, tuple[Pair, ...]], ...]:
        """What was raised at one of the two inspections only, under its head."""
        return (("No longer raised", self.gone), ("Raised now and not then", self.new))

    @property
    def roll_up(self) -> str:
        """The themes found wanting both times, in words."""
        said = [f"{name} ({then} then, {now} now)" for _, name, then, now in self.themes]
        findings = "findings that were areas for improvement"
        return f"By theme, with {findings}: {listing(said)}." if said else ""


def gather_repeats(
    kept: Mapping[str, pd.DataFrame],
    batch: Mapping[str, pd.DataFrame],
    codebook: Codebook,
    evidence: Findings,
) -> tuple[Repeat, ...]:
    """Build what units inspected twice were told, issues first, themes as their roll-up.

    Args:
        kept: Tables of the report.
        batch: Tables of the whole batch: an extract shows the later inspection against an earlier
            one that may not be in it.
        codebook: Gives names of themes.
        evidence: The findings of the report.
    """
    rows = rows_of(kept, "repeats")
    if not rows:
        return ()
    every = evidence if kept is batch else gather_evidence(batch, codebook)
    cited = (f for row in rows for f in (*row[c.EARLIER_FINDINGS], *row[c.LATER_FINDINGS]))
    known = every.known(cited)
    documents = {row[c.DOCUMENT_ID]: row for row in rows_of(batch, "documents")}
    namer = _Namer(kept, batch, codebook)
    dates = {key: row[c.PUBLISHED] or "" for key, row in documents.items()}
    rows.sort(key=lambda row: (row[c.UNIT], dates.get(row[c.EARLIER], ""), row[c.EARLIER]))
    out = []
    for (unit, earlier, later), own in by(rows, c.UNIT, c.EARLIER, c.LATER).items():
        pairs = _Pairs([row for row in own if row[c.KIND] == "issue"], namer, known)
        first, last = (
            month(documents[key][c.PUBLISHED]) if key in documents else str(key)
            for key in (earlier, later)
        )
        turned, worsened = pairs.turned(AREA), pairs.turned(STRENGTH)
        reversed_ = {pair.issue_id.rpartition("/")[0] for pair in (*turned, *worsened)}
        out.append(
            Repeat(
                unit=unit,
                region=documents.get(later, {}).get(c.REGION) or "",
                earlier=first,
                later=last,
                across_break=bool(own[0][c.ACROSS_BREAK]),
                repeated=pairs.of(AREA, "repeated", "perhaps_repeated"),
                gone=_others(pairs.of(AREA, *_GONE), reversed_),
                new=_others(pairs.of(AREA, "new"), reversed_),
                turned=turned,
                worsened=worsened,
                themes=_themes(own, namer.themes),
            )
        )
    return tuple(out)


def _others(pairs: tuple[Pair, ...], reversed_: set[str]) -> tuple[Pair, ...]:
    return tuple(pair for pair in pairs if pair.issue_id.rpartition("/")[0] not in reversed_)


def _themes(rows: Sequence[Row], names: Mapping[str, str]) -> tuple[tuple[str, str, int, int], ...]:
    """Return the themes that were surely found wanting both times, by their findings."""
    again = [
        (
            str(row[c.SUBJECT]),
            names.get(row[c.SUBJECT], str(row[c.SUBJECT])),
            len(row[c.EARLIER_FINDINGS]),
            len(row[c.LATER_FINDINGS]),
        )
        for row in rows
        if row[c.KIND] == "theme" and row[c.POLARITY] == AREA and row[c.STATUS] == "repeated"
    ]
    return tuple(sorted(again, key=lambda t: (-min(t[2:]), -sum(t[2:]), t[1])))


class _Namer:
    """Names of issues and their themes, also of issues that recur nowhere else in the batch."""

    def __init__(
        self,
        kept: Mapping[str, pd.DataFrame],
        batch: Mapping[str, pd.DataFrame],
        codebook: Codebook,
    ) -> None:
        self.themes = codebook.names
        self.issues = {
            row[c.ISSUE_ID]: (row[c.LABEL], row[c.THEME]) for row in rows_of(batch, "issues")
        } | {row[c.ISSUE_ID]: (row[c.LABEL], row[c.THEME]) for row in rows_of(kept, "issues")}

    def name(self, issue: str, polarity: str) -> tuple[str, str]:
        """Return name and theme of an issue."""
        if issue in self.issues:
            return self.issues[issue]
        slug, catalogue = issue.rpartition("/")[0], load_catalogue()
        if slug in catalogue:
            subject = catalogue.subject(slug)
            return subject.name(polarity), subject.theme
        return issue, ""


@dataclass(frozen=True, slots=True)
class _Pairs:
    """The rows about issues of one unit's two inspections."""

    rows: list[Row]
    namer: _Namer
    known: Mapping[str, Evidence]

    def of(self, polarity: str, *statuses: str) -> tuple[Pair, ...]:
        """Return the issues of that side and status, those with most findings first."""
        made = [
            self._pair(row, row[c.EARLIER_FINDINGS], row[c.LATER_FINDINGS])
            for row in self.rows
            if row[c.POLARITY] == polarity and row[c.STATUS] in statuses
        ]
        return _ordered(made)

    def turned(self, polarity: str) -> tuple[Pair, ...]:
        """Return what was of that side then and is of the other now."""
        after = {
            row[c.SUBJECT].rpartition("/")[0]: row
            for row in self.rows
            if row[c.POLARITY] != polarity and row[c.STATUS] == "new"
        }
        made = [
            self._pair(row, row[c.EARLIER_FINDINGS], after[slug][c.LATER_FINDINGS])
            for row in self.rows
            if row[c.POLARITY] == polarity
            and row[c.STATUS] in _GONE
            and (slug := row[c.SUBJECT].rpartition("/")[0]) in after
        ]
        return _ordered(made)

    def _pair(self, row: Row, then: Sequence[str], now: Sequence[str]) -> Pair:
        issue = str(row[c.SUBJECT])
        name, theme = self.namer.name(issue, row[c.POLARITY])
        return Pair(
            issue,
            name,
            theme,
            self.namer.themes.get(theme, theme),
            row[c.STATUS] != "perhaps_repeated",
            *(tuple(self.known[f] for f in given if f in self.known) for given in (then, now)),
        )


def _ordered(pairs: list[Pair]) -> tuple[Pair, ...]:
    return tuple(sorted(pairs, key=lambda p: (not p.sure, -p.weight, p.name, p.issue_id)))


def named(pairs: Sequence[Pair]) -> str:
    """Name issues that were raised once, with their findings where there are several."""
    said = [
        opening(pair.name) + (f" ({counted(pair.weight, 'finding')})" if pair.weight > 1 else "")
        for pair in pairs
    ]
    return "; ".join(said) or "none"
