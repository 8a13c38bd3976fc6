"""How a model is fitted: the settings, checked when built."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from pipelines.errors import SettingsError
from pipelines.tag.features.pipeline import FeatureSettings
from pipelines.tag.models.model import THEMES


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How a model is fitted.

    Attributes:
        features: Weight of each view.
        strength: C of the logistic regressions: the inverse of their regularisation.
        real_weight: What a finding of a report counts for, a written one being 1.
        emphasis: How far features are scaled, for each theme, by how well their counts tell it
            from the rest: 0 leaves them as they are, 1 is naive Bayes' log-count ratio alone.
        whole: What a finding's whole text counts for in its score for a theme, beside its best
            sentence.
        issue_whole: The same for issues: a claim often needs both of two sentences.
        rivalry: What of a finding's scores for all themes is taken off each one's; see
            `Decision.rivals`. Themes stand together more often than issues: little.
        issue_rivalry: The same for issues.
        hints: Weight of the section that a finding stands in; see `sections.py`.
        encoder: What the encoder's scores for themes count for beside those of the words; see
            `encoder.py`.
        issue_encoder: The same for issues.
        steps: Whole steps from 0 to the largest weight of a slug, which its weights are rounded
            to: finer ones say nothing, and whole numbers make the model small.
    """

    features: FeatureSettings = field(default_factory=FeatureSettings)
    strength: float = 30.0
    real_weight: float = 8.0
    emphasis: float = 0.7
    whole: float = 0.5
    issue_whole: float = 1.0
    rivalry: float = 0.1
    issue_rivalry: float = 0.3
    hints: float = 0.5
    encoder: float = 0.45
    issue_encoder: float = 0.6
    steps: int = 63

    def __post_init__(self) -> None:
        """Refuse settings that cannot be fitted."""
        for name in ("strength", "real_weight"):
            if not getattr(self, name) > 0:
                raise SettingsError(f"{name}: got {getattr(self, name)}, expected more than 0")
        if not 1 <= self.steps <= 127:
            raise SettingsError(f"steps: got {self.steps}, expected 1 to 127")
        shares = ("emphasis", "whole", "issue_whole", "rivalry", "issue_rivalry", "hints")
        for name in (*shares, "encoder", "issue_encoder"):
            if not 0 <= getattr(self, name) <= 1:
                raise SettingsError(f"{name}: got {getattr(self, name)}, expected 0 to 1")

    def whole_of(self, level: str) -> float:
        """Return what the whole text counts for in scores of a level."""
        return self.whole if level == THEMES else self.issue_whole

    def rivalry_of(self, level: str) -> float:
        """Return how far the slugs of a level are rivals."""
        return self.rivalry if level == THEMES else self.issue_rivalry

    def encoder_of(self, level: str) -> float:
        """Return what the encoder counts for in scores of a level."""
        return self.encoder if level == THEMES else self.issue_encoder

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as JSON can hold them."""
        return asdict(self)
