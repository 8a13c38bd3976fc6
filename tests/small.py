"""Few labels and small models: what a test can train in a moment."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path

from pipelines.codebook import load_codebook
from pipelines.tag.fitting.fit import Examples, fit
from pipelines.tag.fitting.settings import FitSettings
from pipelines.tag.labels.files import WRITTEN, read_rows, shipped_labels
from pipelines.tag.labels.label import Label
from pipelines.tag.labels.reading import check_labels
from pipelines.tag.models.decide import Decision
from pipelines.tag.models.model import ISSUES, LEVELS, THEMES, Head, Model, slugs_of


@cache
def some_labels() -> tuple[Label, ...]:
    """Return the shipped labels of three files: to check all 24,000 takes five seconds."""
    names = ("authored.jsonl", "authored_10.jsonl", "authored_2.jsonl")
    rows = [row for name in names for row in read_rows(shipped_labels() / name, origin=WRITTEN)]
    return check_labels(rows).require()


def few_shipped(folder: Path) -> Path:
    """Make a folder of few of the shipped labels, written ones and some of reports."""
    folder.mkdir()
    for name in ("authored_2.jsonl", "real.csv"):
        shutil.copy(shipped_labels() / name, folder)
    return folder


@cache
def written_texts() -> tuple[str, ...]:
    """Return the texts of all shipped labels, unchecked."""
    paths = sorted(shipped_labels().glob("*.jsonl"))
    lines = (line for path in paths for line in path.read_text("utf-8").splitlines())
    return tuple(json.loads(line)["text"] for line in lines)


def few_labels(each: int) -> list[Label]:
    """Return so many written labels a theme."""
    taken = dict.fromkeys(load_codebook().slugs, 0)
    chosen = []
    for label in some_labels():
        if label.themes and taken[label.themes[0]] < each:
            taken[label.themes[0]] += 1
            chosen.append(label)
    return chosen


def small_model(name: str = "small", version: int = 1, *, each: int = 4) -> Model:
    """Fit a model on few labels; its thresholds are plain, as nothing was held out."""
    fitted = fit(Examples.of(few_labels(each)), settings=FitSettings())
    heads = {}
    for level in LEVELS:
        slugs = slugs_of(level)
        size = len(slugs)
        decision = Decision((1.0,) * size, (0.0,) * size, (0.5,) * size, 0.2)
        heads[level] = Head(slugs, fitted.weights[level], fitted.intercepts[level], decision)
    meta = {"settings": FitSettings().to_dict(), "labels": [], "codebook": load_codebook().version}
    return Model(name, version, fitted.features, heads[THEMES], heads[ISSUES], meta)
