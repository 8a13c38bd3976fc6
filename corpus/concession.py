"""Make `pipelines/data/concession.csv`: what tells whether a finding only concedes an issue.

python corpus/concession.py

A logistic regression on the signs of `pipelines/tag/concession.py`, of issues that the shipped
model gives to written findings: to those of the labels, which seldom concede (what a label has is
stated), and to those of `conceded.jsonl`, which all do. Prints how it does on findings held out.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from pipelines.tag import load_model
from pipelines.tag.concession import CONCEDED, FILE, SIGNS, may_concede, weigh
from pipelines.tag.models.follow import decided
from pipelines.tag.models.model import ISSUES
from pipelines.tag.predict import score_texts
from pipelines.tag.training.settings import TrainSettings
from pipelines.tag.training.train import read_labels
from pipelines.wordings import POLES

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "pipelines" / "data" / FILE
CONCEDING = ROOT / "corpus" / "conceded.jsonl"
Finding = tuple[str, str, set[str], set[str]]  # text, polarity, issues stated, issues conceded


def labelled() -> list[Finding]:
    """Return our findings with the issues that they state; they concede all others."""
    labels = read_labels(TrainSettings()).require()
    every = set(load_model().issues.slugs)
    known = [x for x in labels if not x.real and x.polarity and x.decided_issues is None]
    return [
        (x.text, x.polarity, set(x.subjects), every - set(x.subjects))
        for x in known
        if x.subjects is not None
    ]


def conceding() -> list[Finding]:
    """Return findings that concede, with what they state and what they concede."""
    rows = [json.loads(line) for line in CONCEDING.read_text("utf-8").splitlines()]
    return [
        (
            row["text"],
            POLES[row["polarity"]],
            {slug for slug in row["issues"] if "/" not in slug},
            {slug.partition("/")[0] for slug in row["issues"] if "/" in slug},
        )
        for row in rows
    ]


def weighed(findings: list[Finding]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the signs of issues that the model gives, which are conceded, and of which finding."""
    model = load_model()
    own = [one for one in findings if may_concede(one[0], one[1])]
    texts = [one[0] for one in own]
    found = decided(model.issues, score_texts(texts, model=model)[ISSUES], ISSUES)
    places, signs, _ = weigh(texts, [one[1] for one in own], found, model=model)
    slugs = [found.slugs[n] for n in places[:, 1]]
    told = [own[n] for n in places[:, 0]]
    known = np.asarray([s in one[2] | one[3] for s, one in zip(slugs, told, strict=True)])
    given_up = np.asarray([s in one[3] for s, one in zip(slugs, told, strict=True)])
    return signs[known], given_up[known], places[known, 0]


def main() -> None:
    """Fit, print, and write the file."""
    signs, y, finding = weighed(labelled())
    more, y_more, finding_more = weighed(conceding())
    x, target = np.vstack([signs, more]), np.concatenate([y, y_more])
    groups = np.concatenate([finding, finding_more + len(y) + finding.max()])
    mean, size = x.mean(axis=0), x.std(axis=0)
    fit = LogisticRegression(C=1.0)
    held = cross_val_predict(
        fit, (x - mean) / size, target, groups=groups, cv=GroupKFold(5), method="predict_proba"
    )[:, 1]
    for name, rows in (("labels", slice(len(y))), ("conceding", slice(len(y), None))):
        taken = held[rows] >= CONCEDED
        right = int((taken & target[rows]).sum())
        print(
            f"{name}: {len(target[rows])} issues given, {int(target[rows].sum())} conceded; "
            f"{int(taken.sum())} taken for conceded, {right} rightly"
        )
    fit.fit((x - mean) / size, target)
    weights = fit.coef_[0] / size
    base = float(fit.intercept_[0] - weights @ mean)
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("word", "weight"))
        writer.writerow(("", f"{base:.3f}"))
        writer.writerows(
            (sign, f"{weight:.3f}") for sign, weight in zip(SIGNS, weights, strict=True)
        )


if __name__ == "__main__":
    main()
