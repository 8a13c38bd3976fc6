"""Naming: the phrase that a person would write over a group of findings.

Candidates are runs of words that findings of the group really contain, begun and ended by words
that can begin and end a name. Class-based TF-IDF (M. Grootendorst, BERTopic, arXiv:2203.05794:
a term's frequency in the group, times the log of one plus the average size of a group by the
term's frequency overall) says how telling the words are; coverage says how many findings share the
run; completeness says how often it stands bounded in its sentences, which tells a phrase from the
fragment of one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from pipelines.mine.groups.shapes import shape_of
from pipelines.mine.likeness.space import Space
from pipelines.mine.likeness.terms import Phrasing, Term, phrasing, terms

LONGEST_NAME: Final = 8
_LONGEST_RUN: Final = 8
_SHARED: Final = 0.6  # of a group's findings must have a phrase for it to be shared
_GENERAL: Final = 0.2  # the same for a name that is the theme's own
_ENOUGH: Final = 200  # findings are read for a name at most, evenly spread over the group
_ALONE: Final = 0.8  # the same for a name of one telling word


@dataclass(slots=True)
class Candidate:
    """A run of words and where it was seen in a group."""

    findings: set[int] = field(default_factory=set)
    surfaces: Counter[str] = field(default_factory=Counter)
    seen: int = 0
    bounded: int = 0
    stems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Name:
    """A name, the phrases that set the group apart, the name's stems, the share that has it."""

    label: str
    terms: tuple[str, ...]
    stems: tuple[str, ...]
    coverage: float


def weights(space: Space, members: Sequence[int]) -> dict[str, float]:
    """Return the class-based TF-IDF weight of the features of a group."""
    columns, counts = np.unique(space.words[list(members)].indices, return_counts=True)
    total = counts.sum() or 1
    rarity = space.rarity[columns]
    return {
        str(name): float(weight)
        for name, weight in zip(space.names[columns], counts / total * rarity, strict=True)
    }


def name_group(
    texts: Sequence[str],
    telling: dict[str, float],
    *,
    core: frozenset[str],
    own: frozenset[str] = frozenset(),
    worn: frozenset[str] = frozenset(),
) -> Name | None:
    """Name a group of findings.

    A name is a phrase of two telling words or more that most findings share, or that at least two
    of them contain and whose words most share; failing that, one word that all but say, where it
    is not a word of the trade that stands everywhere.

    Args:
        texts: The findings' texts.
        telling: Weight of stems, as `weights` gives it.
        core: Stems that most of the findings have.
        own: Stems of the theme's own name: they name a group where nothing tells more.
        worn: Stems of all themes' names: alone they tell nothing that a theme does not.

    Returns:
        None where no such phrase stands: then the findings say no one thing that can be named.
    """
    texts = texts[:: -(-len(texts) // _ENOUGH)]
    size = len(texts)
    found = [candidate for candidate in _candidates(texts).values() if _telling(candidate)]
    by_score = sorted(
        (c for c in found if _score(c, size, telling) > 0),
        key=lambda c: (-_score(c, size, telling), c.stems),
    )
    ranked = [c for c in by_score if _is_shared(c, size, core)]
    if size == 2:
        ranked = _in_both(ranked)
    topic = next((c for c in ranked if _can_stand(c, size, worn)), None)
    if topic is None:
        topic = next((c for c in by_score if _is_theme(c, own, core, size)), None)
    if topic is None:
        return None
    topic = _longest(topic, ranked) if len(_telling(topic)) > 1 else _fuller(topic, found, core)
    shown = [_surface(topic)]
    for candidate in ranked:
        if len(shown) < 5 and not set(candidate.stems) & set(topic.stems):
            shown.append(_surface(candidate))
    label = shown[0]
    return Name(
        label[0].upper() + label[1:],
        tuple(dict.fromkeys(shown)),
        tuple(stem for stem in _telling(topic) if stem in core) or _telling(topic),
        len(topic.findings) / size,
    )


def _telling(candidate: Candidate) -> tuple[str, ...]:
    silent = phrasing().silent
    return tuple(dict.fromkeys(stem for stem in candidate.stems if stem not in silent))


def _is_shared(candidate: Candidate, size: int, core: frozenset[str]) -> bool:
    having = len(candidate.findings)
    if having >= max(2, _SHARED * size):
        return True
    return having >= min(2, size - 1) and set(_telling(candidate)) <= core


def _is_theme(candidate: Candidate, own: frozenset[str], core: frozenset[str], size: int) -> bool:
    """Whether a phrase is the theme's own name, and the group shares what is telling in it.

    So is a group named that says in general what the theme is about: `domestic abuse enquiries`.
    """
    often = len(candidate.findings) >= max(2, _GENERAL * size)
    whole = set(_telling(candidate)) == own
    return len(own) > 1 and often and whole and len(own & core - _plain()) * 2 > len(own - _plain())


def _in_both(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return the phrases that both of two findings contain, the words in any order.

    Two findings that share words but no phrase are alike by chance too often.
    """
    found: dict[frozenset[str], set[int]] = defaultdict(set)
    for candidate in ranked:
        found[frozenset(candidate.stems)] |= candidate.findings
    return [c for c in ranked if len(found[frozenset(c.stems)]) == 2]


def _plain() -> frozenset[str]:
    known = phrasing()
    return frozenset(known.same.get(word, word) for word in known.plain)


def _fuller(topic: Candidate, found: Sequence[Candidate], core: frozenset[str]) -> Candidate:
    """Return the shortest phrase of a finding that joins a one-word topic to the core.

    Failing that, the phrase around it that several findings have: `practice tutors`.
    """
    fuller = [
        c
        for c in found
        if set(topic.stems) < set(c.stems)
        and len(_telling(c)) == 2
        and set(_telling(c)) <= core
        and len(_surface(c).split()) <= LONGEST_NAME
    ]
    if not fuller:
        around = [
            c
            for c in found
            if set(topic.stems) < set(c.stems) and len(c.stems) == 2 and len(c.findings) >= 2
        ]
        return max(around, key=lambda c: (len(c.findings), c.stems), default=topic)
    return min(fuller, key=lambda c: (len(_surface(c)), _surface(c)))


def _longest(topic: Candidate, ranked: Sequence[Candidate]) -> Candidate:
    """Return the longest phrase that holds the topic and that almost as many findings have."""
    least = _ALONE * len(topic.findings)
    longer = [
        c
        for c in ranked
        if set(topic.stems) <= set(c.stems)
        and len(c.findings & topic.findings) >= max(2, least)
        and len(_surface(c).split()) <= LONGEST_NAME
    ]
    return max(longer, key=lambda c: (len(c.stems), len(c.findings), c.stems), default=topic)


def _can_stand(candidate: Candidate, size: int, worn: frozenset[str]) -> bool:
    telling = set(_telling(candidate))
    if len(_surface(candidate).split()) > LONGEST_NAME or telling <= worn:
        return False
    if len(telling) >= 2:
        return True
    alone = telling.isdisjoint(_plain())
    return alone and size >= 3 and len(candidate.findings) >= _ALONE * size


def _candidates(texts: Sequence[str]) -> dict[tuple[str, ...], Candidate]:
    known = phrasing()
    out: dict[tuple[str, ...], Candidate] = defaultdict(Candidate)
    for number, text in enumerate(texts):
        line = terms(text)
        for first, last in _runs(line, known):
            run = line[first:last]
            key = tuple(
                known.same.get(t.stem, t.stem) for t in run if t.surface not in known.joints
            )
            candidate = out[key]
            candidate.stems = key
            candidate.findings.add(number)
            candidate.surfaces[" ".join(t.surface for t in run)] += 1
            candidate.seen += 1
            candidate.bounded += _bounded(line, first, last)
    return out


def _runs(line: list[Term], known: Phrasing) -> list[tuple[int, int]]:
    """Return the runs of words that could be a name: each begins, goes on and ends as one can."""
    out: list[tuple[int, int]] = []
    shapes = [shape_of(term) for term in line]
    for first, opening in enumerate(shapes):
        if not opening.begins:
            continue
        telling = False
        for last in range(first, min(len(line), first + _LONGEST_RUN)):
            shape = shapes[last]
            fresh = last == first or line[last - 1].surface in known.joints
            if last > first and fresh and line[last].surface in known.joints - {"the"}:
                break  # young adults and for
            if not (shape.starts if fresh else shape.goes_on):
                break
            if last > first and line[last].stem == line[last - 1].stem:
                break  # MAPPA arrangements
            telling = telling or shape.telling
            if shape.ends and telling:
                out.append((first, last + 1))
    return out


def _bounded(line: list[Term], first: int, last: int) -> bool:
    before = line[first - 1] if first else None
    after = line[last] if last < len(line) else None
    return all(side is None or not shape_of(side).named for side in (before, after))


def _score(candidate: Candidate, size: int, telling: dict[str, float]) -> float:
    own = sum(telling.get(stem, 0.0) for stem in dict.fromkeys(candidate.stems))
    coverage = len(candidate.findings) / size
    complete = (candidate.bounded + 0.5) / (candidate.seen + 0.5)
    return own * coverage * complete


def _surface(candidate: Candidate) -> str:
    return min(candidate.surfaces, key=lambda s: (-candidate.surfaces[s], len(s), s))
