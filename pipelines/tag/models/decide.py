"""From scores to decisions: calibration, thresholds, how certain a tag is, the review band.

The only module that compares a probability with a threshold. A finding may have no tag at all:
nothing is forced on it. A tag is

- `sure` where tags as probable were right in 95 % of held-out findings,
- `likely` where its probability is over the threshold,
- `suggested` where it is worth asking a person; suggested tags are never counted.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pipelines.errors import SettingsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

SURE: Final = "sure"
LIKELY: Final = "likely"
SUGGESTED: Final = "suggested"


@dataclass(frozen=True, slots=True)
class Decision:
    """How a slug's score becomes a probability, and a probability a tag.

    The calibration is Platt's: log-odds = slope x score + offset. It is linear, so that a
    finding's log-odds are still the sum of what its words contribute.

    Attributes:
        slopes: One slope per slug, more than 0.
        offsets: One offset per slug.
        thresholds: The least probability at which a slug is given, one threshold per slug.
        band: How far from its threshold a probability counts as uncertain.
        sure: The least probability of a sure tag.
        suggested: The least probability of a suggested tag.
        most: Tags that a finding can have.
        rivalry: How much of what a finding says of all slugs together is taken off each one's
            score: slugs that seldom stand together are rivals.
    """

    slopes: tuple[float, ...]
    offsets: tuple[float, ...]
    thresholds: tuple[float, ...]
    band: float
    sure: float = 0.9
    suggested: float = 0.15
    most: int = 4
    rivalry: float = 0.0

    def __post_init__(self) -> None:
        """Refuse settings that do not fit together."""
        sizes = {len(self.slopes), len(self.offsets), len(self.thresholds)}
        if len(sizes) != 1:
            raise SettingsError(
                f"decision: {len(self.slopes)} slopes, {len(self.offsets)} offsets, "
                f"{len(self.thresholds)} thresholds; expected as many of each"
            )
        if not all(slope > 0 for slope in self.slopes):
            raise SettingsError("decision: a slope is not above 0; retrain the model")
        if not all(0 < threshold < 1 for threshold in self.thresholds):
            raise SettingsError("decision: a threshold is not between 0 and 1; retrain the model")
        if not 0 <= self.band < 1:
            raise SettingsError(f"decision: band {self.band} is not from 0 to under 1")
        if not 0 < self.suggested <= self.sure <= 1:
            raise SettingsError(
                f"decision: suggested {self.suggested} and sure {self.sure} must be over 0, in "
                "this order, and 1 at most"
            )
        if self.most < 1:
            raise SettingsError(f"decision: most {self.most} is less than 1")
        if not 0 <= self.rivalry < 1:
            raise SettingsError(f"decision: rivalry {self.rivalry} is not from 0 to under 1")

    def probabilities(
        self, scores: NDArray[np.float64], hints: NDArray[np.float64] | float = 0.0
    ) -> NDArray[np.float64]:
        """Calibrate an (n, slugs) array of scores; `hints` are added to the log-odds."""
        slopes = np.asarray(self.slopes)
        log_odds = (scores - self.rivals(scores)) * slopes + np.asarray(self.offsets) + hints
        out: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(log_odds, -500, 500)))
        return out

    def rivals(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what is taken off the scores of each row: (n, 1).

        `rivalry` times the log of the sum of the exponentials of all scores, which is close to
        the greatest of them: at 1 the scores would be those of a softmax.
        """
        if not self.rivalry or not scores.shape[1]:
            return np.zeros((len(scores), 1))
        out: NDArray[np.float64] = self.rivalry * np.logaddexp.reduce(scores, axis=1, keepdims=True)
        return out

    def assigned(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Give those at or over their threshold, the furthest over first, `most` of them a row.

        Args:
            probabilities: (n, slugs).
        """
        margin = self.margins(probabilities)
        order = np.argsort(-margin, axis=1, kind="stable")
        rank = np.empty_like(order)
        np.put_along_axis(rank, order, np.arange(margin.shape[1])[None, :], axis=1)
        chosen: NDArray[np.bool_] = (margin >= 0) & (rank < self.most)
        return chosen

    def certainty(self, probabilities: NDArray[np.float64]) -> NDArray[np.object_]:
        """Say of each decision of an (n, slugs) array how certain its tag is; None without one."""
        given = self.assigned(probabilities)
        out = np.full(probabilities.shape, None, dtype=object)
        out[~given & (probabilities >= self.suggested)] = SUGGESTED
        out[given] = LIKELY
        out[given & (probabilities >= self.sure)] = SURE
        return out

    def uncertain(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Mark the decisions of an (n, slugs) array that a person should look at."""
        out: NDArray[np.bool_] = np.abs(self.margins(probabilities)) < self.band
        return out & (probabilities < self.sure)

    def margins(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how far each probability is above its threshold."""
        out: NDArray[np.float64] = probabilities - np.asarray(self.thresholds)
        return out

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as JSON can hold them."""
        return {
            "slopes": list(self.slopes),
            "offsets": list(self.offsets),
            "thresholds": list(self.thresholds),
            "band": self.band,
            "sure": self.sure,
            "suggested": self.suggested,
            "most": self.most,
            "rivalry": self.rivalry,
        }

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> Decision:
        """Read the settings from what `to_dict` returned.

        Raises:
            SettingsError: A key is missing or strange.
        """
        keys = {field.name for field in fields(cls)}
        raw = {"rivalry": 0.0, **raw}  # models of before there was any
        if set(raw) != keys:
            raise SettingsError(f"decision: got keys {sorted(raw)}, expected {sorted(keys)}")
        return cls(
            tuple(float(v) for v in raw["slopes"]),
            tuple(float(v) for v in raw["offsets"]),
            tuple(float(v) for v in raw["thresholds"]),
            float(raw["band"]),
            float(raw["sure"]),
            float(raw["suggested"]),
            int(raw["most"]),
            float(raw["rivalry"]),
        )
