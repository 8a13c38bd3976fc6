"""Earlier names of themes and issues: links to them lead to what they are called today."""

from __future__ import annotations

from collections import defaultdict

from pipelines.codebook import load_codebook
from pipelines.naming import slug
from pipelines.project.steps import ISSUE, THEME
from pipelines.records import Polarity


def earlier_names() -> dict[str, str]:
    """Return what themes and issues of earlier names are called today: slugs and ids."""
    changes = load_codebook().changes
    issues = {
        f"{old}/{pole}": f"{new}/{pole}"
        for old, new in changes.renamed(ISSUE).items()
        for pole in Polarity
    }
    return {**changes.renamed(THEME), **issues}


def earlier_anchors() -> dict[str, list[str]]:
    """Return the anchors that led to a theme or an issue under its earlier names, by today's."""
    out: dict[str, list[str]] = defaultdict(list)
    for old, new in earlier_names().items():
        if "/" in old:
            out[f"issue-{slug(new)}"].append(f"issue-{slug(old)}")
        else:
            out[f"theme-{new}"].append(f"theme-{old}")
    return dict(out)
