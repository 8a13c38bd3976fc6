"""From scores to themes: calibration, thresholds, one to four themes, the review band.

The only module that compares a probability with a threshold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.errors import SettingsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_THEMES = 4


@dataclass(frozen=True, slots=True)
class Decision:
    """How a theme's score becomes a probability, and a probability an assignment.

    The calibration is Platt's: log-odds = slope x score + offset. It is linear, so that a
    finding's log-odds are still the sum of what its words contribute.

    Attributes:
        slopes: A slope a theme, more than 0.
        offsets: An offset a theme.
        thresholds: The least probability at which a theme is assigned, a threshold a theme.
        band: How far from its threshold a probability counts as uncertain.
    """

    slopes: tuple[float, ...]
    offsets: tuple[float, ...]
    thresholds: tuple[float, ...]
    band: float

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

    def probabilities(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Calibrate an (n, themes) array of scores."""
        log_odds = scores * np.asarray(self.slopes) + np.asarray(self.offsets)
        out: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(log_odds, -500, 500)))
        return out

    def assigned(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Choose one to four themes a row of an (n, themes) array of probabilities.

        The themes at or over their threshold, the furthest over first; the nearest one where
        none is.
        """
        margin = self.margins(probabilities)
        order = np.argsort(-margin, axis=1, kind="stable")
        rank = np.empty_like(order)
        np.put_along_axis(rank, order, np.arange(margin.shape[1])[None, :], axis=1)
        chosen: NDArray[np.bool_] = ((margin >= 0) & (rank < MOST_THEMES)) | (rank == 0)
        return chosen

    def uncertain(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Mark the decisions of an (n, themes) array that a person should look at."""
        margin = self.margins(probabilities)
        forced = self.assigned(probabilities) & (margin < 0)
        out: NDArray[np.bool_] = (np.abs(margin) < self.band) | forced
        return out

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
        }

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> Decision:
        """Read the settings from what `to_dict` gave.

        Raises:
            SettingsError: A key is missing or strange.
        """
        keys = {"slopes", "offsets", "thresholds", "band"}
        if set(raw) != keys:
            raise SettingsError(f"decision: got keys {sorted(raw)}, expected {sorted(keys)}")
        return cls(
            tuple(float(v) for v in raw["slopes"]),
            tuple(float(v) for v in raw["offsets"]),
            tuple(float(v) for v in raw["thresholds"]),
            float(raw["band"]),
        )
