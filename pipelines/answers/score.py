"""How right the model was on a random sample of a run's own findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from pipelines import columns as c
from pipelines.answers.applied import without_answers
from pipelines.answers.events import NO, THEME, YES

ENOUGH: Final = 20
"""Findings below which a score would say nothing."""

_DRAWS: Final = 2000
_UNLISTED: Final = "unlisted"

Score = dict[str, tuple[float, float, float]]
"""`precision`, `recall` and `F1`, each with its 95 % interval."""


def sample_score(answered: pd.DataFrame, level: str = THEME) -> Score | None:
    """Score the model's tags on the findings that were drawn at random and answered whole.

    Args:
        answered: The table of that name.
        level: `theme` or `issue`.

    Returns:
        The score (bootstrap over findings), and `findings`, their number thrice; None where there
        are too few.
    """
    mine = _sampled(answered, level)
    names = mine[c.FINDING_ID].unique()
    if len(names) < ENOUGH:
        return None
    right = mine[c.ANSWER] == YES
    given = mine[c.ASSIGNED].astype(bool)
    counts = pd.DataFrame(
        {"both": right & given, "given": given, "right": right, c.FINDING_ID: mine[c.FINDING_ID]}
    )
    each = counts.groupby(c.FINDING_ID, sort=True)[["both", "given", "right"]].sum().to_numpy()
    draws = np.random.default_rng(14).integers(0, len(each), size=(_DRAWS, len(each)))
    drawn = each[draws].sum(axis=1)
    number = float(len(each))
    whole = _rates(each.sum(axis=0)[None, :])
    return {"findings": (number, number, number), **_score(whole, _rates(drawn))}


def cell_score(tables: Mapping[str, pd.DataFrame], answered: pd.DataFrame) -> Score | None:
    """Estimate how many cells of the recurrence table are right, from the same sample.

    A sample of findings leaves most of a cell unseen. So the sample says how often a tag that is
    sure, likely, suggested or not even listed is right, and the cells of the run are reckoned with
    these rates: a cell is right with the probability that one of its findings has the theme, each
    taken alone.

    Args:
        tables: Needs `findings`, `tags` and `answered`.
        answered: The table of that name.

    Returns:
        The score of the cells as the model filled them; None where there are too few findings.
    """
    mine = _sampled(answered, THEME)
    names = mine[c.FINDING_ID].unique()
    if len(names) < ENOUGH or not {"findings", "tags"} <= set(tables):
        return None
    tags = without_answers(tables)["tags"]
    themes = sorted(tags[c.THEME].unique())
    kind = _kind(tags[c.ASSIGNED], tags[c.CERTAINTY])
    kinds = sorted({*kind, *_kind(mine[c.ASSIGNED], mine[c.CERTAINTY]), _UNLISTED})
    seen = _seen(mine, tags.assign(kind=kind), kinds, len(themes))
    number, filled = _cells(tables["findings"], tags.assign(kind=kind), kinds, themes)
    draws = np.random.default_rng(14).integers(0, len(seen), size=(_DRAWS // 4, len(seen)))

    def rates(counts: np.ndarray) -> np.ndarray:
        asked, right = counts[:, 0], counts[:, 1]
        share = np.clip((right + 0.01) / (asked + 0.02), 0.0, 1 - 1e-9)  # a kind that none is of
        likely = 1.0 - np.exp(number @ np.log1p(-share))
        good = likely[filled].sum()
        return np.asarray([good, float(filled.sum()), likely.sum()])

    whole = rates(seen.sum(axis=0).T)[None, :]
    drawn = np.stack([rates(seen[draw].sum(axis=0).T) for draw in draws])
    return _score(_rates(whole), _rates(drawn))


def _sampled(answered: pd.DataFrame, level: str) -> pd.DataFrame:
    decided = answered[c.ANSWER].isin([YES, NO])
    return answered.loc[answered[c.SAMPLED] & (answered[c.KIND] == level) & decided]


def _kind(assigned: pd.Series, certainty: pd.Series) -> np.ndarray:
    said = certainty.astype(object).where(certainty.notna(), "none").to_numpy(dtype=str)
    given = np.where(assigned.to_numpy(dtype=bool), "given ", "not given ")
    return np.char.add(given, said).astype(object)


def _seen(mine: pd.DataFrame, tags: pd.DataFrame, kinds: list[str], themes: int) -> np.ndarray:
    """Return by sampled finding: asked and right, by kind of decision."""
    names = {name: n for n, name in enumerate(mine[c.FINDING_ID].unique())}
    out = np.zeros((len(names), 2, len(kinds)))
    listed = mine[c.LISTED].to_numpy(dtype=bool)
    kind = np.where(listed, _kind(mine[c.ASSIGNED], mine[c.CERTAINTY]), _UNLISTED)
    right = (mine[c.ANSWER] == YES).to_numpy()
    for name, one, yes, known in zip(mine[c.FINDING_ID], kind, right, listed, strict=True):
        place = kinds.index(one)
        out[names[name], 0, place] += known
        out[names[name], 1, place] += yes
    number = tags[c.FINDING_ID].value_counts()
    at = kinds.index(_UNLISTED)
    for name, row in names.items():  # a no to what the model never thought of is in no table
        out[row, 0, at] = themes - int(number.get(name, 0))
    return out


def _cells(
    findings: pd.DataFrame, tags: pd.DataFrame, kinds: list[str], themes: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Return by cell: how many decisions of each kind it has, and whether it is filled."""
    unit = findings[c.UNIT].fillna(findings[c.DOCUMENT_ID]).astype(str)
    place, places = pd.factorize(unit + "\t" + findings[c.POLARITY].astype(str))
    place_of = dict(zip(findings[c.FINDING_ID], place, strict=True))
    mine = tags.loc[tags[c.FINDING_ID].isin(place_of)]
    cell = mine[c.FINDING_ID].map(place_of).to_numpy(dtype=int) * len(themes)
    cell = cell + mine[c.THEME].map({slug: n for n, slug in enumerate(themes)}).to_numpy(dtype=int)
    number = np.zeros((len(places) * len(themes), len(kinds)))
    column = mine["kind"].map({name: n for n, name in enumerate(kinds)}).to_numpy(dtype=int)
    np.add.at(number, (cell, column), 1)
    size = np.repeat(np.bincount(place, minlength=len(places)), len(themes))
    number[:, kinds.index(_UNLISTED)] = size - number.sum(axis=1)
    filled = np.zeros(len(number), dtype=bool)
    filled[cell[mine[c.ASSIGNED].to_numpy(dtype=bool)]] = True
    return number, filled


def _score(whole: tuple[np.ndarray, ...], drawn: tuple[np.ndarray, ...]) -> Score:
    out = {}
    for name, value, spread in zip(("precision", "recall", "F1"), whole, drawn, strict=True):
        low, high = np.percentile(spread, [2.5, 97.5])
        out[name] = (float(value[0]), float(low), float(high))
    return out


def _rates(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    both, given, right = (counts[:, n].astype(float) for n in range(3))
    with np.errstate(invalid="ignore", divide="ignore"):
        return (
            np.nan_to_num(both / given),
            np.nan_to_num(both / right),
            np.nan_to_num(2 * both / (given + right)),
        )
