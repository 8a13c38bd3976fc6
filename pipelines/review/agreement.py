"""How far coders agree: per cent, Cohen's kappa, Krippendorff's alpha with MASI."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from pipelines.answers.events import LEVELS, NO, YES
from pipelines.answers.standing import Standing

Coded = Mapping[str, Mapping[str, frozenset[str]]]
"""By finding: what each coder gave it, all of a level."""

_USUAL: Final = 0.02
"""Share of answers that is taken to be wrong as long as no two people answered the same."""

_WEIGHT: Final = 50  # questions answered twice that count for as much as what is usual


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two coders on one slug.

    Attributes:
        slug: Theme or subject.
        questions: That both answered with yes or no.
        same: Of these, on which they agree.
        kappa: Cohen's; None where it is not defined, as when both always say no.
    """

    slug: str
    questions: int
    same: int
    kappa: float | None


def agree_on(standing: Standing, level: str) -> list[Agreement]:
    """Compare coders on each theme or issue, over all pairs of coders on all findings.

    Args:
        standing: Of the store.
        level: `theme` or `issue`.

    Returns:
        A row for each slug that two people answered, and that somebody gave at least once.
    """
    tables: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for (_, at, slug), by_person in standing.said.items():
        if at != level:
            continue
        clear = [e.answer == YES for _, e in sorted(by_person.items()) if e.answer in (YES, NO)]
        for one, two in combinations(clear, 2):
            tables[slug][2 * one + two] += 1
    return [
        Agreement(slug, sum(cells), cells[0] + cells[3], _kappa(cells))
        for slug, cells in sorted(tables.items())
        if sum(cells) > cells[0]
    ]


def share_wrong(standing: Standing) -> float:
    """Return the share of answers thought to be wrong, in whole hundredths.

    Where two people answer a question apart, one of them is wrong. That both leave out of a
    finding what neither was asked about says nothing, and who settles what others disagree on
    knows of it.
    """
    pairs = apart = 0
    for (finding, level, _), by_person in standing.said.items():
        clear = [e for e in by_person.values() if e.answer in (YES, NO) and not e.resolves]
        whole = standing.whole.get((finding, level), set())
        for one, two in combinations(clear, 2):
            both = one.answer == two.answer
            if not both or one.answer == YES or not {one.who, two.who} <= whole:
                pairs, apart = pairs + 1, apart + (not both)
    return round((_USUAL * _WEIGHT + apart / 2) / (_WEIGHT + pairs), 2)


def _kappa(cells: list[int]) -> float | None:
    """Cohen's kappa of a two-by-two table: no-no, no-yes, yes-no, yes-yes."""
    total = sum(cells)
    first, second = (cells[2] + cells[3]) / total, (cells[1] + cells[3]) / total
    chance = first * second + (1 - first) * (1 - second)
    return None if chance == 1 else ((cells[0] + cells[3]) / total - chance) / (1 - chance)


def coded_whole(standing: Standing, level: str) -> dict[str, dict[str, frozenset[str]]]:
    """Return what coders gave to findings that they labelled whole, by finding and coder."""
    if level not in LEVELS:
        raise ValueError(level)
    out: dict[str, dict[str, frozenset[str]]] = {}
    for (finding, at), people in standing.whole.items():
        if at == level:
            out[finding] = {who: frozenset() for who in people}
    for (finding, at, slug), by_person in standing.said.items():
        if at == level and finding in out:
            for who, event in by_person.items():
                if event.answer == YES and who in out[finding]:
                    out[finding][who] |= {slug}
    return out


def masi_alpha(coded: Coded) -> float | None:
    """Krippendorff's alpha over sets of labels, with the distance MASI (Passonneau 2006).

    Args:
        coded: Findings of two coders or more count.

    Returns:
        1 for full agreement, 0 for chance; None where fewer than two findings were coded twice, or
        nothing differs at all.
    """
    units = [list(sets.values()) for sets in coded.values() if len(sets) > 1]
    values = [one for sets in units for one in sets]
    if len(units) < 2:
        return None
    observed = sum(
        2 * sum(masi(one, two) for one, two in combinations(sets, 2)) / (len(sets) - 1)
        for sets in units
    ) / len(values)
    counts: dict[frozenset[str], int] = defaultdict(int)
    for one in values:
        counts[one] += 1
    pairs = sum(2 * counts[a] * counts[b] * masi(a, b) for a, b in combinations(counts, 2))
    expected = pairs / (len(values) * (len(values) - 1))
    return None if expected == 0 else 1 - observed / expected


def masi(one: frozenset[str], two: frozenset[str]) -> float:
    """Return the distance MASI of two sets, 0 to 1: Jaccard's, weighed by how they overlap."""
    if one == two:
        return 0.0
    both = one & two
    jaccard = len(both) / len(one | two)
    monotonicity = 2 / 3 if one <= two or two <= one else 1 / 3
    return 1.0 - jaccard * (monotonicity if both else 0.0)
