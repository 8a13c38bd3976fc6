"""Key questions on the page: of many units and contrasts, the ones that tell most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipelines.report.questions import Answered, Contrasted, Question

_FEW_UNITS: Final = 2  # a median of one unit is that unit's own percentage


def telling(questions: Sequence[Question], most: int) -> list[tuple[Question, Contrasted]]:
    """Choose the contrasts that differ most, between medians of two units or more."""
    pairs = [
        (question, one)
        for question in questions
        for one in question.contrasts
        if min(one.units_with, one.other_units) >= _FEW_UNITS and one.apart
    ]
    pairs.sort(key=lambda pair: (pair[1].caution, -abs(pair[1].apart)))
    return pairs[:most]


def spread(answers: Sequence[Answered], most: int) -> list[Answered]:
    """Choose answers evenly along their range, the lowest and the highest among them."""
    if len(answers) <= most:
        return list(answers)
    step = (len(answers) - 1) / (most - 1)
    return [answers[round(place * step)] for place in range(most)]
