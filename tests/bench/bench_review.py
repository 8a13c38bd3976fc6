"""Simulated reviewers on labels at hand: what each order of questions gives. `make bench-review`.

A reviewer who knows the labels answers one question after the other, always rightly or wrongly in
one of twenty. After every so many questions are counted: the cells of the recurrence table (unit,
polarity and theme), the tags, and how far off the page's own estimate is. Intervals are from
resampling units and polarities; the reviewer who errs answers five times over. The labels are the
sample corpus's, which no model has seen.

Issues are not measured: no findings outside of training have labels of the catalogue's subjects.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from pipelines import columns as c
from pipelines.review.cells import Settling
from pipelines.tag import load_model, tag_tables
from tests.bench.bench_issues import sample
from tests.bench.results import keep

ROOT = Path(__file__).parents[2]
OUT: Final = ROOT / "reports" / "bench"
STEP: Final = 0.05  # questions a finding between two counts
MOST: Final = 1.0
WRONG: Final = 0.05
TRIES: Final = 5
ORDERS: Final = ("settle the table", "likeliest errors", "random")


def truths(findings: pd.DataFrame, path: Path) -> list[set[str]]:
    """Return the themes of each finding as labelled."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert len(rows) == len(findings)
    assert [row[c.TEXT] for row in rows] == findings[c.TEXT].tolist()
    return [set(row["themes"]) for row in rows]


def next_question(order: str, cells: Settling, draw: random.Random) -> tuple[int, str] | None:
    if order == ORDERS[0]:
        return next(iter(cells.ranked(1)), None)
    questions = cells.open_questions()
    if not questions:
        return None
    if order == ORDERS[1]:
        return max(questions, key=lambda pair: (cells.error(*pair), -pair[0], pair[1]))
    return draw.choice(questions)


def places_of(findings: pd.DataFrame) -> np.ndarray:
    unit = findings[c.UNIT].astype(str) + "\t" + findings[c.POLARITY].astype(str)
    return pd.factorize(unit)[0]


def counted(cells: Settling, truth: list[set[str]], places: np.ndarray) -> dict[str, Any]:
    """Count cells and tags as they stand, with an interval for the cells."""
    right = {(int(places[row]), slug) for row, slugs in enumerate(truth) for slug in slugs}
    filled = cells.filled()
    size = int(places.max()) + 1
    table = np.zeros((size, 3))
    for at, some in enumerate((filled & right, filled, right)):
        for place, _ in some:
            table[place, at] += 1
    given = {(row, slug) for row in range(len(truth)) for slug in cells.slugs_given(row)}
    said = {(row, slug) for row, slugs in enumerate(truth) for slug in slugs}
    draws = np.random.default_rng(14).integers(0, size, (1000, size))
    spread = np.asarray([f1(*table[one].sum(axis=0)) for one in draws])
    both, mine, all_ = table.sum(axis=0)
    low, high = np.percentile(spread, [2.5, 97.5])
    return {
        "precision": both / mine,
        "recall": both / all_,
        "cells": f1(both, mine, all_),
        "low": float(low),
        "high": float(high),
        "tags": f1(len(given & said), len(given), len(said)),
        "estimate": cells.estimate().f1,
    }


def f1(both: float, one: float, other: float) -> float:
    return float(2 * both / (one + other)) if one + other else 1.0


def simulate(
    findings: pd.DataFrame,
    tags: pd.DataFrame,
    truth: list[set[str]],
    *,
    order: str,
    wrong: float,
    seed: int,
) -> Iterator[dict[str, Any]]:
    """Answer questions and yield what is counted as one goes."""
    draw = random.Random(seed)
    cells = Settling(findings, tags)
    places = places_of(findings)
    marks = [round(k * STEP * len(findings)) for k in range(round(MOST / STEP) + 1)]
    for asked in range(marks[-1] + 1):
        if asked in marks:
            share = round(marks.index(asked) * STEP, 2)
            yield {"questions": share, **counted(cells, truth, places)}
        question = next_question(order, cells, draw)
        if question is None:
            for share in (m for m in marks if m > asked):
                at = round(marks.index(share) * STEP, 2)
                yield {"questions": at, **counted(cells, truth, places)}
            return
        row, slug = question
        yes = (slug in truth[row]) != (draw.random() < wrong)
        cells.answer(row, slug, "yes" if yes else "no")


def curves(findings: pd.DataFrame, path: Path) -> list[dict[str, Any]]:
    truth = truths(findings, path)
    tags = tag_tables(findings, model=load_model())["tags"]
    out = []
    for order in ORDERS:
        for wrong in (0.0, WRONG):
            tries = TRIES if wrong or order == ORDERS[2] else 1
            runs = [
                list(simulate(findings, tags, truth, order=order, wrong=wrong, seed=n))
                for n in range(tries)
            ]
            for points in zip(*runs, strict=True):
                mean = {k: round(float(np.mean([p[k] for p in points])), 4) for k in points[0]}
                reviewer = f"wrong in {wrong:.0%}" if wrong else "perfect"
                out.append({"order": order, "reviewer": reviewer, **mean})
    return out


def plot(points: list[dict[str, Any]], path: Path) -> None:
    data = pd.DataFrame(points)
    base = alt.Chart(data).encode(x=alt.X("questions:Q", title="questions a finding"))
    y = alt.Scale(domain=[0.85, 1.0], clamp=True)
    colour = alt.Color("order:N", legend=None)  # the shapes of the points tell the orders apart
    band = base.mark_area(opacity=0.15).encode(
        y=alt.Y("low:Q", scale=y, title="F1 of the cells"), y2="high:Q", color=colour
    )
    line = base.mark_line(point=True).encode(
        y=alt.Y("cells:Q", scale=y), color=colour, shape="order:N"
    )
    chart = (band + line).properties(width=330, height=220).facet(column="reviewer:N")
    chart.save(str(path))


def main() -> None:
    findings, unit_of = sample()
    findings = findings.assign(**{c.UNIT: [unit_of(str(n)) for n in findings[c.FINDING_ID]]})
    points = curves(findings, ROOT / "corpus" / "sample" / "labels" / "findings.jsonl")
    keep("review", {"findings": len(findings), "curves": points})
    plot(points, OUT / "review.svg")
    for point in points:
        if point["questions"] in (0.0, 0.25, 0.5, 0.75, 1.0):
            print(
                f"{point['order']:<18} {point['reviewer']:<12} "
                f"{point['questions']:.2f} a finding: cells {point['cells']:.3f} "
                f"({point['low']:.3f} to {point['high']:.3f}), precision {point['precision']:.3f}, "
                f"recall {point['recall']:.3f}, tags {point['tags']:.3f}, "
                f"estimate {point['estimate']:.3f}"
            )


if __name__ == "__main__":
    main()
