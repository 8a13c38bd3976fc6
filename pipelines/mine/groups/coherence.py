"""Coherence: the findings of a group that say one thing, and what that is called.

Likeness alone groups findings that merely mention the same thing. A finding stays in a group where

- it has most of the telling words of the group's name,
- it shares something more than the name with the group, where the name is a single word, or made
  of plain words of the trade (`interview rooms`),
- the theme is what it is mainly about, or the name stands in its first sentence: a finding mainly
  about something else that comes to the subject at its end says something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.mine.groups.naming import LONGEST_NAME, Name, name_group, weights
from pipelines.mine.groups.saying import agreeing, saying
from pipelines.mine.likeness.space import Space
from pipelines.mine.likeness.terms import features, phrasing

Rows = npt.NDArray[np.intp]
_SOME: Final = 1e-3  # of the weight of words: any of them
_PAIR: Final = 0.36  # similarity of two findings that are a group of their own
_SPARSE_PAIR: Final = 0.6  # the same where their core has no more words than it must
_SHARED: Final = 0.6  # of a group's findings must have a word for it to be of the core
_LEAST_CORE: Final = 2  # words
_NAMED: Final = 0.65  # of the name's words, weighed by rarity, each finding must have
_FIRST = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Said:
    """Findings that a group is looked for in, in the order of their space.

    Attributes:
        texts: Of the findings.
        polarity: Of all of them, where they have one.
        mainly: Whether the theme is what a finding is mainly about.
        own: Stems of the theme's own name: they name a group where nothing tells more.
        worn: Stems of all themes' names: alone they tell nothing that a theme does not.
    """

    texts: npt.NDArray[np.object_]
    polarity: str
    mainly: npt.NDArray[np.bool_]
    own: frozenset[str] = frozenset()
    worn: frozenset[str] = frozenset()


def one_thing(space: Space, group: Rows, said: Said) -> tuple[Rows, Name] | None:
    """Return the findings of a group that say one thing, and its name; None where none do."""
    core = _core(space, group)
    group = _having(space, group, core, 0.5)
    if len(core) < _LEAST_CORE or len(group) < 2:
        return None
    if len(group) == 2 and not _pair(space, group, core, said):
        return None
    name = name_group(
        said.texts[group].tolist(),
        weights(space, group.tolist()),
        core=core,
        own=said.own,
        worn=said.worn,
    )
    if name is None:
        return None
    stems = frozenset(name.stems)
    first = len(group)
    group = _agreed(space, group, core, stems, said)
    if len(group) < 2:
        return None
    if len(group) == 2 < first:  # two must share more than what named the larger group
        return one_thing(space, group, said)
    return group, name


def joined(space: Space, found: list[tuple[Rows, Name]], said: Said, joining: float) -> list[Rows]:
    """Return groups with the findings of none that join them: near, and with a word of the name.

    Args:
        space: Of the findings of a theme and polarity.
        found: Groups of them, no finding in two, and their names.
        said: What the findings say: those mainly about something else join only a group whose
            name their first sentence says.
        joining: How near a group's middle a finding must lie; of several groups the nearest counts.
    """
    if not found:
        return []
    every = np.arange(space.words.shape[0])
    rest = np.setdiff1d(every, np.concatenate([group for group, _ in found]))
    highest = np.full(len(rest), joining)
    nearest = np.full(len(rest), -1)
    for number, (group, name) in enumerate(found):
        stems = frozenset(name.stems)
        able = _foremost(space, _having(space, rest, stems, _SOME), stems, said)
        at = np.searchsorted(rest, able)
        near = space.nearness(rest[at], group)
        at, near = at[near > highest[at]], near[near > highest[at]]
        highest[at], nearest[at] = near, number
    return [np.union1d(group, rest[nearest == n]) for n, (group, _) in enumerate(found)]


def _agreed(
    space: Space, group: Rows, core: frozenset[str], stems: frozenset[str], said: Said
) -> Rows:
    """Return the findings of a group that say what its name says."""
    group = _having(space, group, stems, _NAMED)
    if len(group) >= 2:
        group = _foremost(space, group, stems, said)
    if len(stems) == 1:
        group = _having(space, group, core - stems, _SOME)
    elif len(group) > 2 and stems <= phrasing().plain:
        group = _sharing(space, group, stems, said)
    return group


def _core(space: Space, group: Rows) -> frozenset[str]:
    """Return the stems that most findings of a group have."""
    if len(group) < 2:
        return frozenset()
    columns, counts = np.unique(space.words[group].indices, return_counts=True)
    often = columns[counts >= max(2, _SHARED * len(group))]
    return frozenset(str(name) for name in space.names[often] if " " not in name)


def _having(space: Space, group: Rows, stems: Iterable[str], share: float) -> Rows:
    """Return the findings with at least that share of the stems, weighed by their rarity."""
    columns = space.columns(stems)
    if not len(columns):
        return group[:0]
    rarity = space.rarity[columns]
    held = np.asarray((space.words[group][:, columns] > 0) @ rarity).ravel()
    out: Rows = group[held >= share * rarity.sum() - 1e-6]
    return out


def _foremost(space: Space, group: Rows, stems: frozenset[str], said: Said) -> Rows:
    """Return the findings that are about the theme, or begin with what the name says."""
    names = sorted(stems)
    rarity = {
        stem: float(space.rarity[at]) for stem, at in zip(names, space.columns(names), strict=True)
    }
    whole = sum(rarity.values())
    kept = [
        bool(said.mainly[row])
        or sum(rarity[s] for s in stems & set(features(_FIRST.split(said.texts[row], 1)[0])))
        >= _NAMED * whole - 1e-6
        for row in group
    ]
    foremost: Rows = group[np.asarray(kept, dtype=bool)]
    return foremost


def _sharing(space: Space, group: Rows, stems: frozenset[str], said: Said) -> Rows:
    """Return the findings that share more with the group than the name: a word, or the claim."""
    rows = space.words[group]
    columns, counts = np.unique(rows.indices, return_counts=True)
    often = columns[counts >= 2]
    often = often[[stems.isdisjoint(str(name).split()) for name in space.names[often]]]
    shares = np.asarray((rows[:, often] > 0).sum(axis=1)).ravel() > 0
    agree = agreeing(said.texts[group].tolist(), stems, said.polarity)
    sharing: Rows = group[shares | np.asarray(agree, dtype=bool)]
    return sharing


def _pair(space: Space, group: Rows, core: frozenset[str], said: Said) -> bool:
    """Whether two findings are more alike than two can be by chance.

    Where they share no more words than any group must, they must claim the same.
    """
    likeness = float(space.similarity(group[:1], group[1:])[0, 0])
    if len(core) > _LEAST_CORE:
        return likeness >= _PAIR
    claim = saying(said.texts[group].tolist(), core, said.polarity)
    return likeness >= _SPARSE_PAIR and bool(claim)


def full_name(name: Name, group: Rows, said: Said) -> Name:
    """Return a group's name with what its findings say of it, where that leaves it short."""
    claim = saying(said.texts[group].tolist(), name.stems, said.polarity)
    longer = f"{name.label} {claim}".strip()
    return replace(name, label=longer) if len(longer.split()) <= LONGEST_NAME else name
