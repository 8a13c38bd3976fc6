"""Few labels and small models: what a test can train in a moment."""

from __future__ import annotations

from pipelines.codebook import load_codebook
from pipelines.tag.decide import Decision
from pipelines.tag.fit import Examples, fit
from pipelines.tag.fit_settings import FitSettings
from pipelines.tag.label import Label
from pipelines.tag.model import ISSUES, LEVELS, THEMES, Head, Model, slugs_of
from pipelines.tag.nearest import written_labels


def few_labels(each: int) -> list[Label]:
    """Return so many written labels a theme, those of no voice."""
    taken = dict.fromkeys(load_codebook().slugs, 0)
    chosen = []
    for label in written_labels():
        if label.themes and not label.voice and taken[label.themes[0]] < each:
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
