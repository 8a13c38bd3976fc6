"""Reasons: why one theme or issue was given to a finding, word by word."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.tag.explain.contributions import Span


@dataclass(frozen=True, slots=True)
class Part:
    """What a word or phrase of the finding adds to a theme's log-odds."""

    start: int
    end: int
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a theme or an issue was given, or not.

    Attributes:
        slug: Of the theme, or of the issue's subject.
        name: As people read it.
        certainty: `sure`, `likely` or `suggested`; None where it is none of them.
        log_odds: base + section + rivals + encoder + the weights of all parts.
        base: What the slug has before any word: intercept and calibration.
        section: What the section that the finding stands in adds.
        rivals: What the finding's scores for all slugs of the level take off; 0 for themes.
        encoder: What the encoder adds, which reads the finding as a whole; 0 without it.
        claim: Where the sentence stands that counts most.
        parts: By weight, the strongest for the theme first.
        conceded: Whether the finding only concedes it, of the other polarity as it is; an issue's
            name is then that of its other pole.
    """

    slug: str
    name: str
    probability: float
    assigned: bool
    certainty: str | None
    uncertain: bool
    log_odds: float
    base: float
    section: float
    rivals: float
    encoder: float
    claim: Span
    parts: tuple[Part, ...]
    conceded: bool = False

    @property
    def verdict(self) -> str:
        """Whether it was given, and how surely."""
        if self.conceded:
            return "only conceded"
        return f"given, {self.certainty}" if self.assigned else "not given"
