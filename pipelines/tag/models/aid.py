"""What the encoder adds to a level of a model: its scores, mixed with those of the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.errors import SettingsError
from pipelines.tag.models.decide import Decision

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNREAD = -1  # the column of a slug that the encoder says nothing of
UNLEARNED = -500.0  # a score below it is of a slug of which no words were learned


@dataclass(frozen=True)
class Aid:
    """How the encoder's scores count for the slugs of a level.

    Attributes:
        share: What they count for, from 0 to 1; the words are the rest.
        columns: The encoder's column of each slug; -1 where it says nothing of it.
        alone: How the level decides where the encoder is left out.
    """

    share: float
    columns: tuple[int, ...]
    alone: Decision

    def __post_init__(self) -> None:
        """Refuse what does not fit together."""
        if not 0 < self.share <= 1:
            raise SettingsError(f"encoder: share {self.share} is not over 0 and up to 1")
        if len(self.columns) != len(self.alone.slopes):
            raise SettingsError(
                f"encoder: {len(self.columns)} columns for {len(self.alone.slopes)} slugs"
            )

    @property
    def shares(self) -> NDArray[np.float64]:
        """The encoder's share of each slug's score: (slugs,)."""
        return np.where(np.asarray(self.columns) == UNREAD, 0.0, self.share)

    def mix(self, words: NDArray[np.float64], read: NDArray[np.float64]) -> NDArray[np.float64]:
        """Mix scores; see `mix`."""
        return mix(words, read, share=self.share, columns=self.columns)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {"share": self.share, "columns": list(self.columns), "alone": self.alone.to_dict()}

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> Aid:
        """Read it from what `to_dict` returned.

        Raises:
            SettingsError: A key is missing or strange.
        """
        keys = {field.name for field in fields(cls)}
        if set(raw) != keys:
            raise SettingsError(f"encoder: got keys {sorted(raw)}, expected {sorted(keys)}")
        columns = tuple(int(column) for column in raw["columns"])
        return cls(float(raw["share"]), columns, Decision.from_dict(raw["alone"]))


def mix(
    words: NDArray[np.float64],
    read: NDArray[np.float64],
    *,
    share: float,
    columns: Sequence[int],
) -> NDArray[np.float64]:
    """Mix the encoder's scores into those of the words: (texts, slugs).

    Args:
        words: (texts, slugs); a slug that no words were learned of keeps its score.
        read: (texts, columns), as the encoder gives them.
        share: What the encoder's count for.
        columns: Its column of each slug; -1 where it says nothing of it.
    """
    places = np.asarray(columns, dtype=np.int64)
    both = (places != UNREAD) & (words > UNLEARNED)
    return np.where(both, (1.0 - share) * words + share * read[:, places], words)
