"""The framework registry: standards by inspection programme, and the words reports are made of.

Data lives in `data/frameworks.toml`; here it is checked once and made fast to look up.
"""

from __future__ import annotations

from pipelines.errors import SettingsError
from pipelines.frameworks.entries import Framework, SectionKind, Standard, UnitKind, fold
from pipelines.frameworks.load import load_registry
from pipelines.frameworks.registry import Registry
from pipelines.records import Rating

__all__ = [
    "Framework",
    "Registry",
    "SectionKind",
    "Standard",
    "UnitKind",
    "fold",
    "load_registry",
    "rating_of_score",
]


def rating_of_score(score: int, maximum: int) -> Rating:
    """Return the overall rating of a score, by the rule that all published bands fit.

    The bands part at 1/6, 1/2 and 5/6 of the maximum, rounded down: of 27 points 0-4 are
    Inadequate, 5-13 Requires improvement, 14-22 Good, 23-27 Outstanding.

    Args:
        score: Points.
        maximum: Points that could be had.

    Raises:
        SettingsError: The score is not within 0 and the maximum.
    """
    if not 0 <= score <= maximum or maximum < 1:
        raise SettingsError(f"score {score}/{maximum}: expected 0 <= score <= maximum")
    if score <= maximum // 6:
        return Rating.INADEQUATE
    if score <= maximum // 2:
        return Rating.REQUIRES_IMPROVEMENT
    return Rating.GOOD if score <= maximum * 5 // 6 else Rating.OUTSTANDING
