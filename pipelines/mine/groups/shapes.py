"""Shapes: where a word can stand in a name, told from the word lists and its ending."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from pipelines.mine.likeness.terms import Phrasing, Term, phrasing
from pipelines.project import forgotten_with_project

_ADJECTIVES: Final = ("ic", "ive", "ible", "able", "ous", "ful")


class Shape(NamedTuple):
    """Where a word can stand in a name.

    Attributes:
        begins: It can be the first.
        starts: It can stand there, or behind a joint.
        goes_on: It can stand behind another word of the name.
        ends: It can be the last.
        telling: A name with it tells something.
        named: It can be of a name at all.
    """

    begins: bool
    starts: bool
    goes_on: bool
    ends: bool
    telling: bool
    named: bool


@forgotten_with_project
@lru_cache(maxsize=100_000)
def shape_of(term: Term) -> Shape:
    """Return where a word can stand in a name."""
    known = phrasing()
    word, joint = term.surface, term.surface in known.joints
    named = _is_name_word(term, known)
    return Shape(
        begins=_begins(term, known),
        starts=joint or named,
        goes_on=joint or (named and not (word.endswith("ed") or word in known.participles)),
        ends=_ends(term, known),
        telling=term.stem not in known.silent,
        named=named and term.stem not in known.vague,
    )


def _is_name_word(term: Term, known: Phrasing) -> bool:
    if not term.stem or term.proper or (len(term.surface) < 3 and term.surface.islower()):
        return False
    return term.stem not in known.stop and term.stem not in known.verbs


def _begins(term: Term, known: Phrasing) -> bool:
    if not _is_name_word(term, known) or term.stem in known.vague:
        return False
    word = term.surface
    if word.endswith("ing") and len(word) > 5:
        return word in known.gerunds
    return word in known.participles or not word.endswith(("ed", "ly")) or len(word) < 5


def _ends(term: Term, known: Phrasing) -> bool:
    if not _begins(term, known) or term.stem in known.judging:
        return False
    word = term.surface
    if word in known.participles or word.endswith(("ed", "'s")) or term.stem in known.unfinished:
        return False
    if term.stem not in known.finished and word.endswith(_ADJECTIVES):
        return False
    return word in known.gerunds or not word.endswith("ing")
