"""A count as a report states it: of how many, how sure, and how precisely known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Count:
    """How many units of how many, with the interval; and the findings behind it."""

    units_with: int = 0
    units: int = 0
    share: float | None = None
    low: float | None = None
    high: float | None = None
    findings: int = 0
    sure: int | None = None

    @property
    def certain(self) -> int:
        """Units with a finding that is sure; all where nothing says how sure they are."""
        return self.units_with if self.sure is None else self.sure

    @property
    def said(self) -> str:
        """Units of units; where none were looked at, as the other side was chosen, so much."""
        return f"{self.units_with} of {self.units}" if self.units else "not chosen"

    @property
    def rests_on(self) -> str:
        """What the number of units rests on, in words; empty where all are sure."""
        if self.certain >= self.units_with:
            return ""
        return f"{self.certain} of them sure" if self.certain else "none of them sure"
