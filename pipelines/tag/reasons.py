"""Reasons: what an explanation of a finding's themes and issues holds, and how it shows itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.tag.contributions import Span
from pipelines.tag.marks import reason_html
from pipelines.tag.model import THEMES

SHOWN: Final = 3  # slugs beside those that were given


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


@dataclass(frozen=True, slots=True)
class Explanation:
    """A finding and why it was given its themes and issues; shows itself in notebooks."""

    text: str
    model: str
    reasons: tuple[Reason, ...]
    issues: tuple[Reason, ...]

    def reason(self, slug: str, *, level: str = THEMES) -> Reason:
        """Return the reason of a theme, or of an issue where `level` is `issues`.

        Raises:
            KeyError: There is no such theme or issue.
        """
        for reason in self.reasons if level == THEMES else self.issues:
            if reason.slug == slug:
                return reason
        raise KeyError(slug)

    @property
    def shown(self) -> tuple[Reason, ...]:
        """Reasons of the themes that were given, and of the three that came nearest."""
        return _nearest(self.reasons)

    @property
    def shown_issues(self) -> tuple[Reason, ...]:
        """Reasons of the issues that were given, and of the three that came nearest."""
        return _nearest(self.issues)

    def _repr_html_(self) -> str:
        """Render as HTML: words for a theme underlined twice, words against it dotted."""
        return "".join(reason_html(self.text, r) for r in (*self.shown, *self.shown_issues))


def _nearest(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    ranked = sorted(reasons, key=lambda r: (not r.assigned, -r.probability, r.slug))
    return tuple(ranked[: sum(r.assigned for r in ranked) + SHOWN])
