"""Settling the recurrence table: which question is worth most, and how far one has come.

A cell of the table is a unit, a polarity and a theme (or the subject of an issue): it is filled
where one finding has the tag. So a cell with one certain tag needs no question, and of a cell with
several doubtful ones the likeliest is asked about first: a yes settles it. What a cell is worth
is how much error its questions take away for each that must be asked, all by the calibrated
probabilities of the tags.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pipelines import columns as c
from pipelines.answers.events import NO, THEME, YES

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ASKED_FROM: Final = 0.02
"""Probability below which nobody is asked: fifty such questions would find one tag."""

_DEEP: Final = 8  # questions that the worth of a cell looks ahead


@dataclass(frozen=True, slots=True)
class Estimate:
    """How well the filled cells are thought to agree with what people would fill.

    Attributes:
        precision: Expected share of the filled cells that are right.
        recall: Expected share of the right cells that are filled.
        questions: More questions until `target`; None where no question helps.
        target: F1 that was asked for.
    """

    precision: float
    recall: float
    questions: int | None
    target: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 1.0


class Settling:
    """The cells of a run as questions are answered.

    Args:
        findings: The table of that name.
        tags: `tags` or `issue_tags`, as the model gave them or with answers in.
        level: `theme` or `issue`: which of the two.
    """

    def __init__(self, findings: pd.DataFrame, tags: pd.DataFrame, *, level: str = THEME) -> None:
        column = c.THEME if level == THEME else c.SUBJECT
        self.level = level
        self.ids = [str(name) for name in findings[c.FINDING_ID]]
        row_of = {name: row for row, name in enumerate(self.ids)}
        unit = findings[c.UNIT].fillna(findings[c.DOCUMENT_ID])
        places = (unit.astype(str) + "\t" + findings[c.POLARITY].astype(str)).to_numpy()
        self._place = pd.factorize(places)[0]
        known = tags.loc[tags[c.FINDING_ID].isin(row_of)]
        self._row = np.asarray([row_of[str(n)] for n in known[c.FINDING_ID]], dtype=np.intp)
        self._slug = known[column].astype(str).to_numpy(dtype=object)
        self._given = known[c.ASSIGNED].to_numpy(dtype=bool).copy()
        person = known[c.SOURCE].to_numpy(dtype=object) == "person"
        likely = known[c.PROBABILITY].fillna(0.0).to_numpy(dtype=float)
        self._start = likely.copy(), self._given.copy()
        self._likely = np.where(person, self._given.astype(float), likely)
        self._asked = person.copy()
        self._at = {(self._row[n], self._slug[n]): n for n in range(len(self._row))}
        self._cells: dict[tuple[int, str], list[int]] = {}
        for n in range(len(self._row)):
            self._cells.setdefault((int(self._place[self._row[n]]), self._slug[n]), []).append(n)
        self._slugs = tuple(sorted({slug for _, slug in self._cells}))
        self._versions = dict.fromkeys(self._cells, 0)
        self._queue: list[tuple[float, int, int, str, int]] = []
        for key in self._cells:
            self._push(key)

    def answer(self, finding: int, slug: str, answer: str) -> None:
        """Take in an answer: `yes`, `no`, or what decides nothing but is not asked again.

        Args:
            finding: Its row.
            slug: That it was asked about.
            answer: As in the store; empty puts back what the model said.
        """
        n = self._at.get((finding, slug))
        if n is None:
            return
        self._asked[n] = bool(answer)
        decided = answer in (YES, NO)
        self._likely[n] = float(answer == YES) if decided else self._start[0][n]
        self._given[n] = answer == YES if decided else self._start[1][n]
        self._push((int(self._place[finding]), slug))

    def ranked(self, number: int) -> list[tuple[int, str]]:
        """Return the questions worth most, each of a cell of its own: row and slug.

        Args:
            number: How many at most.
        """
        out: list[tuple[int, str]] = []
        held = []
        while self._queue and len(out) < number:
            entry = heapq.heappop(self._queue)
            _, n, place, slug, version = entry
            if self._versions[place, slug] == version:
                out.append((int(self._row[n]), slug))
                held.append(entry)
        for entry in held:
            heapq.heappush(self._queue, entry)
        return out

    def worth(self, finding: int, slug: str) -> float:
        """Return what it is worth to ask about the cell that a finding and slug are in."""
        found = self._worth(self._cells.get((int(self._place[finding]), slug), []))
        return found[0] if found else 0.0

    def error(self, finding: int, slug: str) -> float:
        """Return the probability that a single decision is wrong; 0 where people decided it."""
        n = self._at.get((finding, slug))
        if n is None or self._asked[n]:
            return 0.0
        return float(1 - self._likely[n] if self._given[n] else self._likely[n])

    def open_questions(self) -> list[tuple[int, str]]:
        """Return every question that nobody was asked and that is not all but certain."""
        open_ = ~self._asked & (self._likely >= _ASKED_FROM) & (self._likely <= 1 - _ASKED_FROM)
        return [(int(self._row[n]), str(self._slug[n])) for n in np.flatnonzero(open_)]

    def probability(self, finding: int, slug: str) -> float:
        """Return what the model thinks."""
        n = self._at.get((finding, slug))
        return float(self._start[0][n]) if n is not None else 0.0

    @property
    def slugs(self) -> tuple[str, ...]:
        """What there are cells of."""
        return self._slugs

    def given(self, finding: int, slug: str) -> bool:
        """Whether the finding has the tag now."""
        n = self._at.get((finding, slug))
        return bool(self._given[n]) if n is not None else False

    def slugs_given(self, finding: int) -> tuple[str, ...]:
        """Return the tags that a finding has now."""
        return tuple(slug for slug in self.slugs if self.given(finding, slug))

    def filled(self) -> set[tuple[int, str]]:
        """Return the cells that are filled now: place and slug."""
        return {key for key, members in self._cells.items() if self._given[members].any()}

    def estimate(self, target: float = 0.97) -> Estimate:
        """Say how right the filled cells are thought to be, and what it takes to reach a target."""
        right = wrong = missed = 0.0
        plans: list[tuple[float, float, float, bool]] = []
        for members in self._cells.values():
            filled = 1.0 - float(np.prod(1.0 - self._likely[members]))
            present = bool(self._given[members].any())
            if present:
                right, wrong = right + filled, wrong + 1 - filled
            else:
                missed += filled
            found = self._worth(members)
            if found is not None and found[0] > 0:
                plans.append((found[0], found[2], filled, present))
        precision = right / (right + wrong) if right + wrong else 1.0
        recall = right / (right + missed) if right + missed else 1.0
        asked = self._until(target, plans, right, wrong, missed)
        return Estimate(precision, recall, asked, target)

    @staticmethod
    def _until(
        target: float,
        plans: list[tuple[float, float, float, bool]],
        right: float,
        wrong: float,
        missed: float,
    ) -> int | None:
        """Count the questions that settling cells, the most worth first, takes to the target."""
        asked = 0.0
        for _, cost, filled, present in [(0.0, 0.0, 0.0, True), *sorted(plans, reverse=True)]:
            if cost and present:
                wrong -= 1 - filled
            elif cost:
                right, missed = right + filled, missed - filled
            asked += cost
            total = 2 * right + wrong + missed
            if total <= 0 or 2 * right / total >= target:
                return round(asked)
        return None

    def _worth(self, members: list[int]) -> tuple[float, int, float] | None:
        """Return what a cell's best plan takes away a question, what it asks first, its length."""
        left = [n for n in members if not self._asked[n] and self._likely[n] >= _ASKED_FROM]
        if not left or any(self._asked[n] and self._given[n] for n in members):
            return None
        left.sort(key=lambda n: (-self._likely[n], n))
        kept = [n for n in members if n not in left]
        rest = float(np.prod(1.0 - self._likely[kept])) if kept else 1.0
        held = bool(self._given[kept].any()) if kept else False
        likely = self._likely[left]
        given = self._given[left]
        before = self._wrong(likely, given, rest, held)
        best, length = 0.0, 0.0
        reach, asked = 1.0, 0.0
        for k in range(1, min(len(left), _DEEP) + 1):
            asked += reach
            reach *= 1.0 - float(likely[k - 1])
            gain = (before - reach * self._wrong(likely[k:], given[k:], rest, held)) / asked
            if gain > best:
                best, length = gain, asked
        return best, left[0], length

    @staticmethod
    def _wrong(
        likely: NDArray[np.float64], given: NDArray[np.bool_], rest: float, held: bool
    ) -> float:
        """Return the probability that a cell of these open tags is wrong as it is."""
        empty = rest * float(np.prod(1.0 - likely))
        return empty if held or bool(given.any()) else 1.0 - empty

    def _push(self, key: tuple[int, str]) -> None:
        self._versions[key] += 1
        found = self._worth(self._cells[key])
        if found is not None and found[0] > 0:
            entry = (-found[0], found[1], key[0], key[1], self._versions[key])
            heapq.heappush(self._queue, entry)
