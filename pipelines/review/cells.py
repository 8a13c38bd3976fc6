"""Settling the recurrence table: which question is worth most, and how much is settled.

A cell of the table is a unit, a polarity and a theme (or the subject of an issue): it is filled
where one finding has the tag. So a cell with one certain tag needs no question, and of a cell with
several doubtful ones the likeliest is asked about first: a yes settles it. What a cell is worth
is how much error its questions take away for each that must be asked, all by the calibrated
probabilities of the tags. People err too: an answer makes a tag likely, not certain, and what is
worth less than a wrong answer costs is not asked.
"""

from __future__ import annotations

import heapq
from typing import Final

import numpy as np
import pandas as pd

from pipelines import columns as c
from pipelines.answers.events import NO, THEME, YES
from pipelines.review.plans import Estimate, Plan, best_plan, questions_until

_ASKED_FROM: Final = 0.02
"""Probability below which nobody is asked: fifty such questions would find one tag."""

_OPEN: Final = 0.2
"""How far from yes and no a tag is taken to have been, at least, when a person answers.

Who adds what the model never thought of, or takes away what it was sure of, looked twice.
"""


class Settling:
    """The cells of a run as questions are answered.

    Args:
        findings: The table of that name.
        tags: `tags` or `issue_tags`, as the model gave them or with answers in.
        level: `theme` or `issue`: which of the two.
        wrong: Share of the answers that are thought to be wrong; see `agreement.share_wrong`.
    """

    def __init__(
        self,
        findings: pd.DataFrame,
        tags: pd.DataFrame,
        *,
        level: str = THEME,
        wrong: float = 0.0,
    ) -> None:
        column = c.THEME if level == THEME else c.SUBJECT
        self.level, self.wrong = level, wrong
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
        self._beside: set[tuple[int, str]] = set()  # given by people, never thought of by the model
        self._at = {(self._row[n], self._slug[n]): n for n in range(len(self._row))}
        self._cells: dict[tuple[int, str], list[int]] = {}
        for n in range(len(self._row)):
            self._cells.setdefault((int(self._place[self._row[n]]), self._slug[n]), []).append(n)
        self._slugs = tuple(sorted({slug for _, slug in self._cells}))
        self._known: dict[tuple[int, str], tuple[float, bool, list[Plan]]] = {}
        self._versions = dict.fromkeys(self._cells, 0)
        self._worths: dict[tuple[int, str], float] = {}
        self._queue: list[tuple[float, int, int, str, int]] = []
        for key in self._cells:
            self._push(key)

    def answer(self, finding: int, slug: str, answer: str) -> None:
        """Record an answer: `yes`, `no`, or one that decides nothing and is not asked again.

        Args:
            finding: Its row.
            slug: That it was asked about.
            answer: As in the store; empty puts back what the model said.
        """
        n = self._at.get((finding, slug))
        if n is None:
            (self._beside.add if answer == YES else self._beside.discard)((finding, slug))
            return
        self._asked[n] = bool(answer)
        decided = answer in (YES, NO)
        likely = float(self._start[0][n])
        self._likely[n] = self._after(likely, yes=answer == YES) if decided else likely
        self._given[n] = answer == YES if decided else self._start[1][n]
        self._push((int(self._place[finding]), slug))

    def _after(self, likely: float, *, yes: bool) -> float:
        """Return how likely a tag of that probability is after an answer (Bayes)."""
        before = min(max(likely, _OPEN), 1.0 - _OPEN)
        right, wrong = (1.0 - self.wrong, self.wrong) if yes else (self.wrong, 1.0 - self.wrong)
        after = before * right / (before * right + (1.0 - before) * wrong)
        return after if yes else min(after, likely)

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
        return self._worths.get((int(self._place[finding]), slug), 0.0)

    def error(self, finding: int, slug: str) -> float:
        """Return the probability that a single decision is wrong; 0 where people decided it."""
        n = self._at.get((finding, slug))
        if n is None or self._asked[n]:
            return 0.0
        return float(1 - self._likely[n] if self._given[n] else self._likely[n])

    def open_questions(self) -> list[tuple[int, str]]:
        """Return every question that nobody was asked and whose decision is not almost certain.

        A part of what was split is probable and yet not given: it is asked about.
        """
        wrong = np.where(self._given, 1.0 - self._likely, self._likely)
        open_ = ~self._asked & (wrong >= _ASKED_FROM)
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
        return bool(self._given[n]) if n is not None else (finding, slug) in self._beside

    def filled(self) -> set[tuple[int, str]]:
        """Return the cells that are filled now: place and slug."""
        return {key for key, members in self._cells.items() if self._given[members].any()}

    def estimate(self, target: float = 0.97) -> Estimate:
        """Say how right the filled cells are thought to be, and what it takes to reach a target."""
        right = wrong = missed = 0.0
        plans: list[Plan] = []
        for key, members in self._cells.items():
            if key not in self._known:  # only what was answered since is worked out again
                filled = 1.0 - float(np.prod(1.0 - self._likely[members]))
                present = bool(self._given[members].any())
                self._known[key] = (filled, present, self._plans(members))
            filled, present, more = self._known[key]
            if present:
                right, wrong = right + filled, wrong + 1 - filled
            else:
                missed += filled
            plans += more
        precision = right / (right + wrong) if right + wrong else 1.0
        recall = right / (right + missed) if right + missed else 1.0
        asked = questions_until(target, plans, right, wrong, missed, spoilt=self.wrong)
        return Estimate(precision, recall, asked, target)

    def _worth(self, members: list[int]) -> tuple[float, int] | None:
        """Return what the best plan for a cell takes away a question, and what it asks first."""
        open_ = self._open(members)
        if open_ is None:
            return None
        left, rest, held = open_
        return best_plan(self._likely[left], self._given[left], rest, held).worth, left[0]

    def _plans(self, members: list[int]) -> list[Plan]:
        """Return the plans for a cell one after the other, each as likely as that it is needed."""
        open_ = self._open(members)
        if open_ is None:
            return []
        left, rest, held = open_
        likely, given = self._likely[left], self._given[left]
        out: list[Plan] = []
        reach = 1.0
        while len(likely):
            plan = best_plan(likely, given, rest, held)
            if plan.worth <= self.wrong:
                break
            out.append(Plan(plan.worth, reach * plan.length, plan.steps, present=plan.present))
            reach *= float(np.prod(1.0 - likely[: plan.steps]))
            likely, given = likely[plan.steps :], given[plan.steps :]
        return out

    def _open(self, members: list[int]) -> tuple[list[int], float, bool] | None:
        """Return what of a cell can be asked, the likeliest first, and what the rest makes of it.

        Returns:
            The open tags; the probability that no other tag fills the cell; whether one does so
            now. None where a person has filled it, or nothing is open.
        """
        left = [n for n in members if not self._asked[n] and self._likely[n] >= _ASKED_FROM]
        if not left or any(self._asked[n] and self._given[n] for n in members):
            return None
        left.sort(key=lambda n: (-self._likely[n], n))
        kept = [n for n in members if n not in left]
        rest = float(np.prod(1.0 - self._likely[kept])) if kept else 1.0
        return left, rest, bool(self._given[kept].any()) if kept else False

    def _push(self, key: tuple[int, str]) -> None:
        self._versions[key] += 1
        self._known.pop(key, None)
        found = self._worth(self._cells[key])
        self._worths[key] = found[0] if found is not None else 0.0
        if found is not None and found[0] > self.wrong:
            entry = (-found[0], found[1], key[0], key[1], self._versions[key])
            heapq.heappush(self._queue, entry)
