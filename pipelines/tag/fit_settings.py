"""How a model is fitted: the settings, checked when built."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from pipelines.errors import SettingsError
from pipelines.tag.features import FeatureSettings
from pipelines.tag.model import THEMES


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
        issue_rivalry: What of a finding's scores for all issues is taken off each one's; see
            `Decision.rivals`. Themes stand together too often to be rivals.
        hints: Weight of the section that a finding stands in; see `sections.py`.
        kept: Features that a slug keeps, those of the largest weights: the rest say little and
            make the model large.
    """

    features: FeatureSettings = field(default_factory=FeatureSettings)
    strength: float = 5.0
    real_weight: float = 8.0
    emphasis: float = 0.4
    whole: float = 0.5
    issue_whole: float = 1.0
    issue_rivalry: float = 0.3
    hints: float = 0.5
    kept: int = 6000

    def __post_init__(self) -> None:
        """Refuse settings that cannot be fitted."""
        for name in ("strength", "real_weight"):
            if not getattr(self, name) > 0:
                raise SettingsError(f"{name}: got {getattr(self, name)}, expected more than 0")
        if self.kept < 1:
            raise SettingsError(f"kept: got {self.kept}, expected 1 or more")
        for name in ("emphasis", "whole", "issue_whole", "issue_rivalry", "hints"):
            if not 0 <= getattr(self, name) <= 1:
                raise SettingsError(f"{name}: got {getattr(self, name)}, expected 0 to 1")

    def whole_of(self, level: str) -> float:
        """Return what the whole text counts for in scores of a level."""
        return self.whole if level == THEMES else self.issue_whole

    def rivalry_of(self, level: str) -> float:
        """Return how far the slugs of a level are rivals."""
        return 0.0 if level == THEMES else self.issue_rivalry

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as JSON can hold them."""
        return asdict(self)

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> FitSettings:
        """Read the settings from what `to_dict` gave, now or before there were all of them.

        Raises:
            SettingsError: A setting is unknown or strange.
        """
        try:
            return cls(
                **{
                    "emphasis": 0.0,
                    "whole": 0.0,
                    "issue_whole": 0.0,
                    "issue_rivalry": 0.0,
                    "hints": 0.0,
                    **raw,
                    "features": FeatureSettings(**raw["features"]),
                }
            )
        except (KeyError, TypeError) as error:
            raise SettingsError(f"settings of a model: {error}; train it again") from error
