"""What stands out in an extract against the rest of its batch.

Themes are compared by their share of findings, as nearly every unit has something on every theme;
issues by the share of units that state them. A difference stands out where its 95 % interval
leaves out none; ties never do, however many units tie. Where few have it, or few lack it, the
exact test must agree: two findings of 31 are not more than three of 289.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipelines import columns as c
from pipelines.aggregate.counting import SMALL
from pipelines.intervals import fisher, newcombe
from pipelines.records import POLARITY_NAMES, Polarity
from pipelines.report.english import counted, opening, percent
from pipelines.report.evidence import units_read
from pipelines.report.extract import Extract
from pipelines.report.rows import Row, rows_of

THEME: Final = "theme"
ISSUE: Final = "issue"
_RARE: Final = 0.05
_NOUNS: Final = {
    Polarity.AREA_FOR_IMPROVEMENT.value: "areas for improvement",
    Polarity.STRENGTH.value: "strengths",
}


@dataclass(frozen=True, slots=True)
class Contrast:
    """A theme or issue here and in the rest: findings of all findings, or units of all units.

    Attributes:
        kind: `theme` or `issue`.
        subject: Slug of the theme or id of the issue.
        difference: Share here less share in the rest, with the ends of its Newcombe interval.
        findings: Findings here, whatever is compared.
    """

    kind: str
    subject: str
    name: str
    polarity: str
    here: int
    of: int
    other: int
    other_of: int
    difference: float
    low: float
    high: float
    findings: int

    @property
    def beyond_chance(self) -> float:
        """How far the interval is from no difference; 0 where chance may have made it."""
        sizes = (self.here, self.of, self.other, self.other_of)
        apart = max(self.low, -self.high, 0.0)
        having, all_of = (self.here, self.other), (self.of, self.other_of)
        few = min(*having, *(n - k for k, n in zip(having, all_of, strict=True))) < SMALL
        return 0.0 if apart and few and fisher(*sizes) >= _RARE else apart

    @property
    def more(self) -> bool:
        """Whether it is more here than in the rest."""
        return self.difference > 0

    @property
    def noun(self) -> str:
        """What is counted."""
        return "units" if self.kind == ISSUE else _NOUNS[self.polarity]

    @property
    def said(self) -> str:
        """Both shares in words."""
        return (
            f"{self.here} of {self.of} {self.noun} here ({percent(self.here / self.of)}), "
            f"{self.other} of {self.other_of} in the rest ({percent(self.other / self.other_of)})"
        )

    @property
    def reach(self) -> str:
        """The interval of the difference, in percentage points."""
        return f"{_points(self.low, '+')} to {_points(self.high, '+')} points"


def gather_contrasts(part: Extract, names: Mapping[str, str]) -> tuple[Contrast, ...]:
    """Compare every theme and issue of an extract with the rest, what stands out most first.

    Args:
        part: The extract; where it has no rest, nothing is compared.
        names: Of themes, by slug.
    """
    if part.rest is None:
        return ()
    rows = [
        *_themes(part.tables, part.rest, names, part.bases),
        *_issues(part.tables, part.rest),
    ]
    return tuple(
        sorted(
            rows,
            key=lambda r: (
                -r.beyond_chance,
                -abs(r.difference),
                -r.findings,
                r.kind,
                r.subject,
                r.polarity,
            ),
        )
    )


def stand_out(contrasts: tuple[Contrast, ...], *, more: bool, most: int) -> tuple[Contrast, ...]:
    """Return what is more here than in the rest beyond chance, or less; the clearest first."""
    found = [one for one in contrasts if one.beyond_chance and one.more == more]
    return tuple(found[:most])


def plain(one: Contrast, since: str = "") -> str:
    """Put a contrast in words for a person who has not seen the report.

    Args:
        one: What differs.
        since: What a later inspection of a unit found, if it is the opposite.
    """
    side = POLARITY_NAMES[one.polarity]
    if one.kind == ISSUE:
        found = f"found in {one.here or 'none'} of {one.of} units here"
        here = found if one.of > 1 else "found here" if one.here else "not found here"
        rest = counted(one.other_of, "other unit")
        told = f"{here} and in {one.other or 'none'} of {rest}"
    else:
        told = (
            f"{percent(one.here / one.of)} of all {one.noun} here, "
            f"{percent(one.other / one.other_of)} elsewhere ({one.here} of {one.of} against "
            f"{one.other} of {one.other_of})"
        )
    small, large = sorted((abs(one.low), abs(one.high)))
    return (
        f"{opening(one.name)} ({side}): {told}{since}; the true gap is likely to be between "
        f"{_points(small)} and {_points(large)} percentage points."
    )


def _points(gap: float, sign: str = "") -> str:
    """Return percentage points; a gap that is small is not said to be none."""
    digits = 1 if 0.0005 <= abs(gap) < 0.01 else 0
    # The sign for minus: lines break behind a hyphen, and leave it alone at the end of one.
    return f"{100 * gap:{sign}.{digits}f}".replace("-", "\u2212")


def by_chance(contrasts: tuple[Contrast, ...]) -> str:
    """Say how many of the comparisons would stand out if nothing differed."""
    number = max(1, round(len(contrasts) / 20))
    return (
        f"{counted(len(contrasts), 'theme or issue', 'themes and issues')} were compared; if "
        f"nothing differed, up to {number} or so would still stand out by chance."
    )


def _themes(
    here: Mapping[str, pd.DataFrame],
    rest: Mapping[str, pd.DataFrame],
    names: Mapping[str, str],
    bases: tuple[Mapping[str, int], Mapping[str, int]],
) -> Iterator[Contrast]:
    own, others = (_by_key(tables, "recurrence", (c.THEME, c.POLARITY)) for tables in (here, rest))
    for theme, polarity in sorted(set(own) | set(others)):
        k, other = (_number(rows, (theme, polarity), c.FINDINGS) for rows in (own, others))
        n, other_n = (base.get(polarity, 0) for base in bases)
        if n and other_n and (k or other):
            name = names.get(theme, theme)
            yield contrast(THEME, theme, name, polarity, (k, n), (other, other_n))


def _issues(
    here: Mapping[str, pd.DataFrame], rest: Mapping[str, pd.DataFrame]
) -> Iterator[Contrast]:
    own, others = (_by_key(tables, "issues", (c.ISSUE_ID,)) for tables in (here, rest))
    n, other_n = (len(units_read(tables)) for tables in (here, rest))
    if not n or not other_n:
        return
    for key in sorted(set(own) | set(others)):
        row = own.get(key) or others[key]
        counts = [_number(rows, key, c.UNITS) for rows in (own, others)]
        yield contrast(
            ISSUE,
            key[0],
            str(row[c.LABEL]),
            str(row[c.POLARITY]),
            (counts[0], n),
            (counts[1], other_n),
            findings=_number(own, key, c.FINDINGS),
        )


def contrast(
    kind: str,
    subject: str,
    name: str,
    polarity: str,
    here: tuple[int, int],
    rest: tuple[int, int],
    *,
    findings: int | None = None,
) -> Contrast:
    """Hold a share against another: so many of so many here, and in the rest.

    `findings` are those here, where they are not what is counted.
    """
    low, high = newcombe(*here, *rest)
    difference = here[0] / here[1] - rest[0] / rest[1]
    number = here[0] if findings is None else findings
    return Contrast(kind, subject, name, polarity, *here, *rest, difference, low, high, number)


def _by_key(
    tables: Mapping[str, pd.DataFrame], name: str, columns: tuple[str, ...]
) -> dict[tuple[str, ...], Row]:
    return {tuple(str(row[k]) for k in columns): row for row in rows_of(tables, name)}


def _number(rows: Mapping[tuple[str, ...], Row], key: tuple[str, ...], column: str) -> int:
    return int(rows[key][column]) if key in rows else 0
