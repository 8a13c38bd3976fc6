"""Stability: whether a group comes back when findings and words are left out at random.

Each round leaves out a fifth of the findings and a tenth of the words, groups again, and looks for
the group that agrees best with the old one (Jaccard, over the findings still there). The mean over
the rounds is the group's stability (C. Hennig, Cluster-wise assessment of cluster stability,
Computational Statistics & Data Analysis 52, 2007). Left out words matter as much as left out
findings: a group that rests on one word is an accident of wording.

A finding's fate in a round hangs on its text, a word's on the word: neither on what else is in the
batch nor on the names of files, so that a group is not lost because one more report was added.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.mine.likeness.grouping import groups
from pipelines.mine.likeness.space import Space
from pipelines.records import digest

Rows = npt.NDArray[np.intp]
_FINDINGS_LEFT: Final = 0.8
_WORDS_LEFT: Final = 0.9
_FEWEST: Final = 4  # rounds, in a bucket so large that fewer tell as much
_WORK: Final = 4_000


def stabilities(
    space: Space,
    texts: npt.NDArray[np.object_],
    rows: Rows,
    found: Sequence[Rows],
    *,
    dropped: Sequence[Rows] = (),
    threshold: float,
    resamples: int,
) -> list[float]:
    """Return the stability of groups of one bucket, 0 to 1.

    Args:
        space: Where the findings lie.
        texts: Of the findings of the space; those of `rows` are looked at.
        rows: All findings of the bucket, ascending.
        found: Groups of them.
        dropped: For each group the findings that were near and say something else: whether they
            come back beside it tells nothing of the group.
        threshold: As the groups were made with.
        resamples: Number of rounds; fewer in a large bucket, whose groups are large too.
    """
    if not found:
        return []
    local = space.subset(rows)
    own = [np.searchsorted(rows, group) for group in found]
    apart = [frozenset(np.searchsorted(rows, group).tolist()) for group in dropped]
    apart += [frozenset()] * (len(own) - len(apart))
    grouped = np.unique(np.concatenate(own))
    totals = np.zeros(len(own))
    rounds = np.zeros(len(own))
    words, said = _marks(local.names), _marks(texts[rows])
    for number in range(max(_FEWEST, min(resamples, _WORK // len(rows)))):
        kept = _stay(words, number, _WORDS_LEFT)
        left_in = np.flatnonzero(_stay(said, number, _FINDINGS_LEFT))
        again = groups(local.thinned(kept), left_in, threshold=threshold)
        home = {int(row): at for at, group in enumerate(again) for row in group}
        present = set(np.intersect1d(grouped, left_in).tolist())
        for at, group in enumerate(own):
            members = [int(row) for row in group if int(row) in present]
            if len(members) >= 2:
                rounds[at] += 1
                totals[at] += _agreement(members, home, again, apart[at])
    return [float(t / r) if r else 0.0 for t, r in zip(totals, rounds, strict=True)]


def _marks(texts: Iterable[str]) -> npt.NDArray[np.uint64]:
    return np.asarray([int(digest(text), 16) for text in texts], dtype=np.uint64)


def _stay(marks: npt.NDArray[np.uint64], number: int, share: float) -> npt.NDArray[np.bool_]:
    """Draw a share of marks, in every round another: each by itself and the round alone.

    Marks and round are mixed as in SplitMix64 (G. Steele and others, Fast splittable pseudorandom
    number generators, OOPSLA 2014).
    """
    mixed = marks + np.uint64((number + 1) * 0x9E3779B97F4A7C15 % 2**64)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    drawn: npt.NDArray[np.bool_] = mixed < share * 2.0**64
    return drawn


def _agreement(
    members: list[int], home: dict[int, int], again: list[Rows], apart: frozenset[int]
) -> float:
    shared: dict[int, int] = {}
    for row in members:
        if row in home:
            shared[home[row]] = shared.get(home[row], 0) + 1
    size = {at: sum(int(row) not in apart for row in again[at]) for at in shared}
    return max((n / (len(members) + size[at] - n) for at, n in shared.items()), default=0.0)
