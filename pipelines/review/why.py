"""Why a tag might be right, asked of the model in a process of its own.

Loading the model would hold up every answer for seconds where it is done beside the page.
"""

from __future__ import annotations

from typing import Final

MOST: Final = 8  # parts that are marked


def spoken_for(
    text: str, polarity: str, section: str, level: str, slug: str, model: str
) -> list[list[int]]:
    """Return the parts of a text that speak most for a theme or issue: start and end of each.

    Args:
        text: Of the finding.
        polarity: Of the finding.
        section: Heading that it stands under.
        level: `theme` or `issue`.
        slug: That is asked about.
        model: Name and version; the one in use if empty.

    Raises:
        ArtefactError: The model is not at hand.
    """
    from pipelines.tag.explain.attribution import explain
    from pipelines.tag.models.registry import load_model

    made = explain(text, model=load_model(model or None), polarity=polarity, section=section)
    reasons = made.reasons if level == "theme" else made.issues
    parts = [p for reason in reasons if reason.slug == slug for p in reason.parts if p.weight > 0]
    parts.sort(key=lambda part: -part.weight)
    return joined([(part.start, part.end) for part in parts[:MOST]])


def joined(spans: list[tuple[int, int]]) -> list[list[int]]:
    """Return spans in order, those that touch made one."""
    out: list[list[int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1] + 1:
            out[-1][1] = max(out[-1][1], end)
        else:
            out.append([start, end])
    return out
