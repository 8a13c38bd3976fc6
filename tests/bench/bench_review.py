"""Simulated reviewers on labels at hand: what each order of questions gives. `make bench-review`.

A reviewer who knows the labels answers one question after the other, always rightly or wrongly in
one of twenty. After every so many questions are counted: the cells (unit, polarity and theme, or
the subject of an issue), the tags, and how far off the page's own estimate is. Intervals are from
resampling units and polarities; the reviewer who errs answers five times over.

Labels of themes are the sample corpus's, which no model has seen. Labels of subjects are those of
three whole voices, tagged by a model that has not seen a finding of theirs: the decisions of the
one shipped, with weights learned from every third other label, as all of them would take an hour.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from pipelines import columns as c
from pipelines.answers.events import ISSUE, THEME
from pipelines.answers.standing import standing_of
from pipelines.report.charts.vega import alt
from pipelines.review.agreement import share_wrong
from pipelines.review.cells import Settling
from pipelines.tables import frame
from pipelines.tag import load_model, tag_tables
from pipelines.tag.fitting.fit import Examples, fit
from pipelines.tag.fitting.settings import FitSettings
from pipelines.tag.measure.evaluate import FOLDS, near_duplicates
from pipelines.tag.models.model import ISSUES
from pipelines.tag.models.weights import Weights
from pipelines.tag.training.described import described_labels
from pipelines.tag.training.train import TrainSettings, read_labels
from tests.bench.bench_issues import sample
from tests.bench.results import keep

ROOT = Path(__file__).parents[2]
OUT: Final = ROOT / "reports" / "bench"
STEP: Final = 0.05  # questions a finding between two counts
MOST: Final = 1.0
WRONG: Final = 0.05
TRIES: Final = 5
VOICES: Final = 3
EVERY: Final = 3
ORDERS: Final = ("settle the table", "likeliest errors", "random")


@dataclass(frozen=True)
class Labelled:
    """Findings, what a model gave them, and what they have.

    Attributes:
        level: `theme` or `issue`.
        truth: Slugs of each finding.
    """

    level: str
    findings: pd.DataFrame
    tags: pd.DataFrame
    truth: list[set[str]]


def truths(findings: pd.DataFrame, path: Path) -> list[set[str]]:
    """Return the themes of each finding as labelled."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert len(rows) == len(findings)
    assert [row[c.TEXT] for row in rows] == findings[c.TEXT].tolist()
    return [set(row["themes"]) for row in rows]


def sampled() -> Labelled:
    """The sample corpus, tagged with themes by the model in use."""
    findings, unit_of = sample()
    findings = findings.assign(**{c.UNIT: [unit_of(str(n)) for n in findings[c.FINDING_ID]]})
    truth = truths(findings, ROOT / "corpus" / "sample" / "labels" / "findings.jsonl")
    return Labelled(THEME, findings, tag_tables(findings, model=load_model())["tags"], truth)


def voiced() -> Labelled:
    """Three voices, tagged with issues by a model that has seen no finding of theirs."""
    labels = [x for x in read_labels(TrainSettings()).require() if x.subjects is not None]
    examples = Examples.of((*labels, *described_labels()))
    voices = sorted(set(examples.voices) - {""})[:: FOLDS * 3][:VOICES]
    held = np.isin(examples.voices, voices)
    third = np.cumsum(~held) % EVERY == 0
    test, rest = examples.where(held), examples.where(~held & third)
    rest = rest.where(~near_duplicates(rest, test))
    fitted = fit(rest, settings=FitSettings(), levels=(ISSUES,), complete=False, jobs=-1)
    shipped = load_model()
    issues = replace(
        shipped.issues, weights=fitted.weights[ISSUES], intercepts=fitted.intercepts[ISSUES]
    )
    nothing = Weights.none(len(issues.weights.steps), len(shipped.themes.slugs))
    themes = replace(shipped.themes, weights=nothing)
    model = replace(shipped, features=fitted.features, themes=themes, issues=issues)
    findings = frame(
        "findings",
        [
            {
                c.FINDING_ID: f"{x.unit}/{n:04d}",
                c.DOCUMENT_ID: x.unit,
                c.UNIT: x.unit,
                c.POLARITY: x.polarity,
                c.SUBSECTION: x.section or None,
                c.TEXT: x.text,
            }
            for n, x in enumerate(test.labels)
        ],
    )
    tags = tag_tables(findings, model=model)["issue_tags"]
    return Labelled(ISSUE, findings, tags, [set(x.as_coded.subjects or ()) for x in test.labels])


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
    tags = ((row, slug) for row in range(len(truth)) for slug in cells.slugs)
    given = {(row, slug) for row, slug in tags if cells.given(row, slug)}
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


def simulate(data: Labelled, *, order: str, wrong: float, seed: int) -> Iterator[dict[str, Any]]:
    """Answer questions and yield what is counted as one goes."""
    draw = random.Random(seed)
    findings, truth = data.findings, data.truth
    usual = share_wrong(standing_of(()))
    cells = Settling(findings, data.tags, level=data.level, wrong=usual)
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


def curves(data: Labelled) -> list[dict[str, Any]]:
    out = []
    for order in ORDERS:
        for wrong in (0.0, WRONG):
            tries = TRIES if wrong or order == ORDERS[2] else 1
            runs = [list(simulate(data, order=order, wrong=wrong, seed=n)) for n in range(tries)]
            for points in zip(*runs, strict=True):
                mean = {k: round(float(np.mean([p[k] for p in points])), 4) for k in points[0]}
                reviewer = f"wrong in {wrong:.0%}" if wrong else "perfect"
                out.append({"level": data.level, "order": order, "reviewer": reviewer, **mean})
    return out


def plot(points: list[dict[str, Any]], path: Path) -> None:
    """Draw the cells, and below them the tags, of each level that was measured."""
    data = pd.DataFrame(points)
    # The shapes of the points tell the orders apart.
    base = alt.Chart(data).encode(
        x=alt.X("questions:Q", title="questions a finding"), color=alt.Color("order:N", legend=None)
    )
    rows = []
    for level in data["level"].unique():
        for name, banded in (("cells", True), ("tags", False)):
            least = (
                np.floor(10 * data.loc[data["level"] == level, ["low", "tags"]].min().min()) / 10
            )
            y = alt.Scale(domain=[least, 1.0], clamp=True)
            title = f"F1 of the {name}: {level}s"
            line = base.mark_line(point=True).encode(
                y=alt.Y(f"{name}:Q", scale=y, title=title), shape="order:N"
            )
            band = base.mark_area(opacity=0.15).encode(
                y=alt.Y("low:Q", scale=y, title=title), y2="high:Q"
            )
            drawn = (band + line if banded else line).properties(width=330, height=180)
            one = alt.datum.level == level
            rows.append(drawn.transform_filter(one).facet(column="reviewer:N"))
    alt.vconcat(*rows).save(str(path))


def main() -> None:
    points, sizes = [], {}
    for data in (sampled(), voiced()):
        sizes[data.level] = len(data.findings)
        points += curves(data)
    keep("review", {"findings": sizes, "curves": points})
    plot(points, OUT / "review.svg")
    for point in points:
        if point["questions"] in (0.0, 0.25, 0.5, 0.75, 1.0):
            print(
                f"{point['level']} {point['order']:<18} {point['reviewer']:<12} "
                f"{point['questions']:.2f} a finding: cells {point['cells']:.3f} "
                f"({point['low']:.3f} to {point['high']:.3f}), precision {point['precision']:.3f}, "
                f"recall {point['recall']:.3f}, tags {point['tags']:.3f}, "
                f"estimate {point['estimate']:.3f}"
            )
    for level in sizes:
        off = [
            p["estimate"] - p["cells"]
            for p in points
            if (p["level"], p["order"], p["reviewer"]) == (level, ORDERS[0], "perfect")
        ]
        print(f"{level}: the estimate is off by {min(off):+.3f} to {max(off):+.3f} on the way")


if __name__ == "__main__":
    main()
