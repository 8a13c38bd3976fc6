"""Scores: what the card and the evaluation command show of held-out findings.

Themes and issues, reports and voices are scored alike and shown apart. Beside single tags stand
cells (is a theme found in a unit, with a polarity?), since those are what recurrence counts; and
for issues, pairs of findings of two units that share one, since those are what makes an issue.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.tag.measure.evaluate import Held, Level
from pipelines.tag.measure.metrics import (
    bootstrap,
    calibration_error,
    confusions,
    f1,
    macro_f1,
    reliability,
    theme_f1,
)
from pipelines.tag.models.model import ISSUES, THEMES, slugs_of

if TYPE_CHECKING:
    from numpy.typing import NDArray


def measure(held: Held) -> dict[str, Any]:
    """Return all figures; those at the top are of reports where there are any."""
    real = held.examples.documents != ""
    main = held.where(real) if real.any() else held
    themes = main.themes
    slugs = slugs_of(THEMES)
    per_group = {
        str(name): _f1s(main.themes, main.groups == name) for name in sorted(set(main.groups))
    }
    out: dict[str, Any] = {
        "measured_on": held.measured_on,
        "documents": per_group,
        "mean_micro": round(float(np.mean([v["micro"] for v in per_group.values()])), 4),
        "mean_macro": round(float(np.mean([v["macro"] for v in per_group.values()])), 4),
        **_level(main, THEMES),
        "themes": _rows(themes, slugs),
        "confusions": confusions(themes.y, themes.assigned, slugs),
        "review": review_band(themes),
    }
    voiced = held.where(held.examples.voices != "")
    if len(voiced.groups) and real.any():
        out["voices"] = {
            **_level(voiced, THEMES),
            "folds": {
                str(name): _f1s(voiced.themes, voiced.groups == name)
                for name in sorted(set(voiced.groups))
            },
        }
    if ISSUES in held.levels:
        out["issues"] = {
            name: {**_level(part, ISSUES), "pairs": pairs(part)}
            for name, part in (("reports", held.where(real)), ("voices", voiced))
            if part.levels[ISSUES].known.any()
        }
        coded = held.levels[ISSUES].where(held.levels[ISSUES].known)
        out["subjects"] = _rows(coded, slugs_of(ISSUES), intervals=False) if len(coded.y) else []
    return out


def _f1s(level: Level, mask: NDArray[np.bool_]) -> dict[str, Any]:
    level = level.where(mask)
    return {
        "findings": len(level.y),
        "micro": round(f1(level.y, level.assigned), 4),
        "macro": round(macro_f1(level.y, level.assigned), 4),
    }


def _level(held: Held, name: str) -> dict[str, Any]:
    """Score a level: tags, how sure they are, cells."""
    from sklearn.metrics import label_ranking_average_precision_score

    part = held.where(held.levels[name].known)
    level = part.levels[name]
    y, given, p = level.y, level.assigned, level.probabilities
    right = y == 1
    some = y.any(axis=1)
    intervals = bootstrap(y, given)
    sure = level.sure
    top = p.argmax(axis=1)
    lrap = label_ranking_average_precision_score(y[some], p[some]) if some.any() else 0.0
    return {
        "findings": len(y),
        "micro": round(f1(y, given), 4),
        "micro_interval": intervals["micro"],
        "macro": round(macro_f1(y, given), 4),
        "macro_interval": intervals["macro"],
        "precision": _share(int((given & right).sum()), int(given.sum())),
        "recall": _share(int((given & right).sum()), int(right.sum())),
        "strongest_right": _share(int(right[np.arange(len(y)), top].sum()), int(some.sum())),
        "sure_precision": _share(int((sure & right).sum()), int(sure.sum())),
        "sure_recall": _share(int((sure & right).sum()), int(right.sum())),
        "cells": cells(part, name),
        "lrap": round(float(lrap), 4),
        "brier": round(float(np.mean((p - y) ** 2)), 4),
        "calibration_error_assigned": round(calibration_error(p[given], right[given]), 4),
        "calibration_error_all": round(calibration_error(p.ravel(), right.ravel()), 4),
        "themes_per_finding": {
            "labelled": round(float(y.sum() / len(y)), 3),
            "given": round(float(given.sum() / len(y)), 3),
        },
        "reliability": reliability(p.ravel(), right.ravel()),
        "reliability_assigned": reliability(p[given], right[given]),
    }


def _rows(level: Level, slugs: Sequence[str], *, intervals: bool = True) -> list[dict[str, Any]]:
    """Score each slug with its support."""
    found = theme_f1(level.y, level.assigned)
    spans = bootstrap(level.y, level.assigned)["themes"] if intervals else None
    return [
        {
            "theme": slug,
            "support": int((level.y[:, n] == 1).sum()),
            "given": int(level.assigned[:, n].sum()),
            "f1": None if np.isnan(found[n]) else round(float(found[n]), 4),
            **({"interval": spans[n]} if spans is not None else {}),
        }
        for n, slug in enumerate(slugs)
    ]


def cells(held: Held, name: str) -> dict[str, Any]:
    """Score cells: whether a slug is found in a unit with a polarity, as recurrence counts it."""
    level = held.levels[name]
    wanted, given = set(), set()
    for n, label in enumerate(held.examples.labels):
        if not label.unit:
            continue
        where = (label.unit, label.polarity)
        wanted |= {(*where, int(k)) for k in np.flatnonzero(level.y[n] == 1)}
        given |= {(*where, int(k)) for k in np.flatnonzero(level.assigned[n])}
    return _precision_recall(wanted, given)


def pairs(held: Held) -> dict[str, Any]:
    """Score pairs of findings of two units that share an issue."""
    part = held.where(held.levels[ISSUES].known)
    level = part.levels[ISSUES]
    return _precision_recall(_pairs(part, level.y == 1), _pairs(part, level.assigned))


def _pairs(held: Held, given: NDArray[np.bool_]) -> set[tuple[int, int]]:
    groups: dict[tuple[str, int], list[int]] = defaultdict(list)
    for n, label in enumerate(held.examples.labels):
        for k in np.flatnonzero(given[n]):
            groups[label.polarity, int(k)].append(n)
    unit = [label.unit for label in held.examples.labels]
    return {
        (a, b)
        for members in groups.values()
        for a, b in combinations(members, 2)
        if unit[a] != unit[b]
    }


def _precision_recall(wanted: set[Any], given: set[Any]) -> dict[str, Any]:
    hits = len(wanted & given)
    return {
        "wanted": len(wanted),
        "precision": _share(hits, len(given)),
        "recall": _share(hits, len(wanted)),
        "f1": _share(2 * hits, len(wanted) + len(given)),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def review_band(level: Level) -> dict[str, Any]:
    """Return coverage and error rates inside and outside the review band.

    For tags given, which is what is reviewed; for all decisions; and for findings, of which one
    is marked where a decision about it is, and wrong where any is.
    """
    wrong = level.assigned != (level.y == 1)

    def rates(
        inside: NDArray[np.bool_], among: NDArray[np.bool_], wrong: NDArray[np.bool_] = wrong
    ) -> dict[str, Any]:
        within, without = among & inside, among & ~inside
        error_in = float(wrong[within].mean()) if within.any() else 0.0
        error_out = float(wrong[without].mean()) if without.any() else 0.0
        return {
            "share": round(float(within.sum() / max(among.sum(), 1)), 4),
            "error_inside": round(error_in, 4),
            "error_outside": round(error_out, 4),
            "ratio": round(error_in / error_out, 2) if error_out else None,
        }

    everything = np.ones_like(wrong)
    return {
        "decisions": rates(level.uncertain, everything),
        "assigned": rates(level.uncertain, level.assigned),
        "findings": rates(
            np.asarray(level.uncertain.any(axis=1)),
            np.ones(len(wrong), dtype=bool),
            np.asarray(wrong.any(axis=1)),
        ),
        "findings_with_one": round(float(level.uncertain.any(axis=1).mean()), 4),
    }


def errors(held: Held) -> list[dict[str, Any]]:
    """List findings with wrongly decided themes, with their id; their text is the caller's."""
    slugs = slugs_of(THEMES)

    def named(row: Iterable[bool]) -> list[str]:
        return [slug for slug, hit in zip(slugs, row, strict=True) if hit]

    out: list[dict[str, Any]] = []
    for n, label in enumerate(held.examples.labels):
        wanted, given = held.themes.y[n] == 1, held.themes.assigned[n]
        if (wanted == given).all():
            continue
        out.append(
            {
                "finding": label.name,
                "text": label.text,
                "missed": named(wanted & ~given),
                "wrongly_given": named(given & ~wanted),
                "right": named(given & wanted),
            }
        )
    return sorted(out, key=lambda row: -len(row["missed"]) - len(row["wrongly_given"]))
