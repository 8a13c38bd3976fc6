"""Tables of an older run under the slugs of today: what a project renamed, merged or split since.

Tags follow every step: one merged is there once, one retired is gone, and of one split all parts
are suggested for a person to choose. Counts follow names only; where more has changed they are
made again by `findings mine`.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from pipelines import columns as c
from pipelines.answers.applied import ANSWERED
from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.errors import SettingsError
from pipelines.project.steps import ISSUE, THEME, Changes
from pipelines.tag.models.decide import SUGGESTED

if TYPE_CHECKING:
    from numpy.typing import NDArray

_KINDS: Final = {c.THEME: THEME, c.OTHER_THEME: THEME, c.SUBJECT: ISSUE, c.ISSUE_ID: ISSUE}
_TAGS: Final = {
    "tags": (c.THEME, [c.FINDING_ID]),
    "recommendation_tags": (c.THEME, [c.RECOMMENDATION_ID]),
    "issue_tags": (c.SUBJECT, [c.FINDING_ID]),  # stated before conceded, as it is given
}


def follow(tables: MutableMapping[str, pd.DataFrame]) -> None:
    """Put tables under the slugs of today, those that are under others."""
    changes = load_codebook().changes
    for name in list(tables) if changes.steps else ():
        data = tables[name]
        if name in _TAGS:
            now = _tags(data, *_TAGS[name], changes)
        else:
            now = (_answered if name == ANSWERED else _named)(data, changes)
        if now is not data:
            tables[name] = now


def require_today(tables: Mapping[str, pd.DataFrame], folder: object) -> None:
    """Check that counts are of the codebook of today.

    Raises:
        SettingsError: They are of themes or issues that it has not.
    """
    counted = tables.get("recurrence", pd.DataFrame({c.THEME: []}))[c.THEME].dropna()
    listed = tables.get("issues", pd.DataFrame({c.SUBJECT: []}))[c.SUBJECT].dropna()
    strange = sorted(set(counted) - set(load_codebook().slugs))
    strange += sorted(set(listed) - set(load_catalogue().slugs))
    if strange:
        raise SettingsError(
            f"{folder}: was counted with {strange[0]!r}, which the codebook has no longer; count "
            f"anew: findings mine {folder}, then findings aggregate {folder}"
        )


def _named(data: pd.DataFrame, changes: Changes) -> pd.DataFrame:
    """Follow names in counts; two that became one are left, as their counts cannot be added."""
    out = data
    for column, kind in _KINDS.items() if len(data) else ():
        if column not in data.columns:
            continue
        if column == c.SUBJECT and c.KIND in data.columns:  # a row is of a theme or of an issue
            for one in (THEME, ISSUE):
                out = _renamed(out, column, one, changes, (data[c.KIND] == one).to_numpy(bool))
        else:
            out = _renamed(out, column, kind, changes, np.ones(len(data), dtype=bool))
    return out


def _renamed(
    data: pd.DataFrame, column: str, kind: str, changes: Changes, rows: NDArray[np.bool_]
) -> pd.DataFrame:
    """Follow the names of a column in some rows."""
    renamed, slugs = changes.renamed(kind), data.loc[rows, column].dropna().unique()
    held = {str(slug).partition("/")[0] for slug in slugs}
    targets = [renamed.get(slug, slug) for slug in held]
    plain = {old: new for old, new in renamed.items() if targets.count(new) <= 1}
    now = {slug: _now(str(slug), plain) for slug in slugs}
    if all(old == new for old, new in now.items()):
        return data
    values = data[column].map(lambda slug: now.get(slug, slug)).astype(data[column].dtype)
    return data.assign(**{column: values.where(rows, data[column])})


def _now(slug: str, plain: Mapping[str, str]) -> str:
    head, slash, pole = slug.partition("/")
    return f"{plain.get(head, head)}{slash}{pole}"


def _answered(data: pd.DataFrame, changes: Changes) -> pd.DataFrame:
    """Follow what the model had said where people answered, so that it can be put back.

    Of what was split or retired nothing is kept: what is left of it in the tags is the model's.
    """
    pairs = list(zip(data[c.KIND].astype(str), data[c.SUBJECT].astype(str), strict=True))
    now = [changes.follow(kind, slug) for kind, slug in pairs]
    if all(found == (slug,) for found, (_, slug) in zip(now, pairs, strict=True)):
        return data
    subjects = pd.Series([found[0] if len(found) == 1 else None for found in now], data.index)
    kept = data.assign(**{c.SUBJECT: subjects.astype(data[c.SUBJECT].dtype)})
    kept = kept.loc[subjects.notna()].reset_index(drop=True)
    best = kept.sort_values([c.ASSIGNED, c.LISTED], ascending=False, kind="stable")
    return best.drop_duplicates([c.FINDING_ID, c.KIND, c.SUBJECT]).sort_index(ignore_index=True)


def _tags(data: pd.DataFrame, column: str, keys: list[str], changes: Changes) -> pd.DataFrame:
    known = data[column].dropna().unique()
    now = {slug: changes.follow(_KINDS[column], str(slug)) for slug in known}
    if all(found == (slug,) for slug, found in now.items()):
        return data
    parts = data.assign(**{column: data[column].map(now)}).explode(column)
    parts = parts.loc[parts[column].notna()]
    split = data[column].map(lambda slug: len(now[slug]) > 1).reindex(parts.index).to_numpy(bool)
    given = parts[c.ASSIGNED].astype(bool).to_numpy() & split
    if c.CERTAINTY in parts.columns:
        certainty = parts[c.CERTAINTY].astype(object).where(~split, None)
        parts[c.CERTAINTY] = certainty.where(~given, SUGGESTED).astype(data[c.CERTAINTY].dtype)
    if c.SOURCE in parts.columns:  # nobody has said anything of a part
        parts[c.SOURCE] = parts[c.SOURCE].where(~split, "model").astype(data[c.SOURCE].dtype)
    if c.REVIEW in parts.columns:
        parts[c.REVIEW] = parts[c.REVIEW].where(~given, True).astype(data[c.REVIEW].dtype)
    assigned = parts[c.ASSIGNED].where(~split, False).astype(data[c.ASSIGNED].dtype)
    parts = parts.assign(**{c.ASSIGNED: assigned, column: parts[column].astype(data[column].dtype)})
    order = parts.reset_index(drop=True)
    best = order.sort_values([c.ASSIGNED, c.PROBABILITY], ascending=False, kind="stable")
    return best.drop_duplicates([*keys, column]).sort_index().reset_index(drop=True)
