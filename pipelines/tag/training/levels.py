"""Which levels a training measures again: themes always, issues where more was said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.tag.fitting.fit import Examples
from pipelines.tag.models.model import ISSUES, LEVELS, THEMES, slugs_of
from pipelines.tag.models.probes import sha256
from pipelines.tag.training.described import DESCRIBED
from pipelines.tag.training.settings import TrainSettings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def levels_to_measure(
    examples: Examples,
    champion: dict[str, Any] | None,
    *,
    settings: TrainSettings,
    judged: NDArray[np.bool_],
) -> tuple[str, ...]:
    """Return the levels to hold out: issues only where their labels are others than before.

    They are six times as many as the themes. Where nothing new was said of them, how the champion
    decides them, and what was measured of it, still holds.

    Args:
        examples: n labels.
        champion: What the meta.json of the model in use holds.
        settings: Of the training.
        judged: n booleans: which labels are always used; the others are new.
    """
    if not slugs_of(ISSUES):
        return (THEMES,)
    if (
        champion is None
        or settings.measure == "all"
        or champion.get("settings") != settings.fit.to_dict()
    ):
        return LEVELS
    same_slugs = tuple(champion[ISSUES]["slugs"]) == slugs_of(ISSUES)
    same_labels = champion.get("issue_labels") == issues_digest(examples)
    new = (x for x, old in zip(examples.labels, judged, strict=True) if not old)
    says = any(x.subjects for x in new if x.source != DESCRIBED and x.decided_issues is None)
    return (THEMES,) if same_labels and same_slugs and not says else LEVELS


def issues_digest(examples: Examples) -> str:
    """Hash which written findings have which issues: whether a champion learned from the same.

    Those of reports are left out: who has no reports at hand still has the champion's issues.
    """
    said = [
        f"{x.digest} {' '.join(x.subjects)}"
        for x in examples.labels
        if x.subjects is not None and not x.real and x.source != DESCRIBED
    ]
    return sha256("\n".join(sorted(said)).encode())
