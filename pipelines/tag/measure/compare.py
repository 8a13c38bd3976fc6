"""Champion and challenger on the same findings, held out from either.

A model keeps what it gave to the findings that it was judged on, by digest. So a challenger is
compared without fitting the champion again, and only on the fixed reports and voices.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.regular import regular_text
from pipelines.tag.measure.evaluate import Held
from pipelines.tag.measure.metrics import paired_difference
from pipelines.tag.models.artefacts import HELD, METRICS
from pipelines.tag.models.follow import today
from pipelines.tag.models.meta import read_metrics
from pipelines.tag.models.model import THEMES, slugs_of


def compare(
    held: Held, folder: Path, meta: dict[str, Any], *, forced: bool
) -> dict[str, Any] | None:
    """Compare with what the champion gave the same findings when they were held out from it.

    Args:
        held: Of the challenger.
        folder: Of the champion.
        meta: What its meta.json holds.
        forced: Whether the challenger is put in use whatever comes out.

    Returns:
        None where the champion kept nothing to compare with.
    """
    try:
        lines = regular_text(folder / HELD).splitlines()
        rows = [json.loads(line) for line in lines]
        said = sorted({slug for row in rows for slug in row[THEMES]})
        now = dict(zip(said, today(tuple(said), THEMES), strict=True))
        before = {row["digest"]: {now[slug] for slug in row[THEMES]} for row in rows}
    except (OSError, ValueError, KeyError, TypeError):
        return None  # missing or damaged: nothing to compare with
    both = [n for n, label in enumerate(held.examples.labels) if label.digest in before]
    if not both:
        return None
    slugs = slugs_of(THEMES)
    given = [before[held.examples.labels[n].digest] for n in both]
    champion = np.asarray([[slug in themes for slug in slugs] for themes in given], dtype=bool)
    return {
        "champion": f"{meta['name']}-{meta['version']}",
        **paired_difference(held.themes.y[both], champion, held.themes.assigned[both]),
        "forced": forced,
    }


def held_lines(held: Held) -> str:
    """Write down what each held-out finding was given, by digest: no text is kept."""
    rows = [
        {
            "digest": label.digest,
            **{
                level: [
                    slug
                    for slug, given in zip(slugs_of(level), found.assigned[n], strict=True)
                    if given
                ]
                for level, found in held.levels.items()
            },
        }
        for n, label in enumerate(held.examples.labels)
    ]
    return "".join(json.dumps(row) + "\n" for row in rows)


def carried_metrics(folder: Path) -> dict[str, Any]:
    """Return what was measured for a champion's issues: it holds where nothing new was labelled.

    Raises:
        ArtefactError: Its metrics are damaged.
    """
    metrics = read_metrics(folder / METRICS)
    return {key: metrics[key] for key in ("issues", "subjects") if key in metrics}
