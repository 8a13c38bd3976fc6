"""How far a review is, and plans of questions: the error removed, how many a target takes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

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

    @property
    def settled(self) -> float:
        """F1 in whole per cent, rounded down: a target is not said to be met before it is."""
        return math.floor(100 * self.f1 + 1e-9) / 100


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a review stands.

    Attributes:
        table: Estimate of the cells of themes, or of issues.
        answered: Findings with an answer of anybody.
        questions: Questions that this person answered.
    """

    table: Estimate
    answered: int
    questions: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Tags of a cell to ask about in turn, until one is a yes.

    Attributes:
        worth: Error that it takes away for each question.
        length: Questions that it is expected to take.
        steps: Questions that it takes at most.
        present: Whether the cell is filled before.
    """

    worth: float
    length: float
    steps: int
    present: bool


def questions_until(
    target: float,
    plans: list[Plan],
    right: float,
    wrong: float,
    missed: float,
    *,
    spoilt: float,
) -> int | None:
    """Count the questions that settling cells, the most worth first, takes to the target."""
    asked = 0.0
    for plan in [Plan(0.0, 0.0, 0, present=True), *sorted(plans, key=lambda p: -p.worth)]:
        gained = (plan.worth - spoilt) * plan.length
        if plan.present:
            wrong -= gained
        else:
            right += gained
            missed -= gained
        asked += plan.length
        total = 2 * right + wrong + missed
        if total <= 0 or 2 * right / total >= target:
            return round(asked)
    return None


def best_plan(
    likely: NDArray[np.float64], given: NDArray[np.bool_], rest: float, held: bool
) -> Plan:
    """Return the plan that removes most error per question: so many tags in turn, until a yes."""
    # How likely the tags from each on leave the cell empty, and whether one of them fills it now.
    empty, filled = [rest], [held]
    for one, has in zip(likely[::-1].tolist(), given[::-1].tolist(), strict=True):
        empty.append(empty[-1] * (1.0 - one))
        filled.append(filled[-1] or has)
    wrong = [e if f else 1.0 - e for e, f in zip(empty, filled, strict=True)][::-1]
    present = filled[-1]
    best = Plan(0.0, 0.0, 1, present=present)
    reach, asked = 1.0, 0.0
    for steps, one in enumerate(likely[:_DEEP].tolist(), start=1):
        asked += reach
        reach *= 1.0 - one
        gained = wrong[0] - reach * wrong[steps]
        if gained / asked > best.worth:
            best = Plan(gained / asked, asked, steps, present=present)
    return best
