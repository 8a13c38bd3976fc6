"""Grouping a bucket too large to compare all pairs."""

import numpy as np

from pipelines.mine.grouping import LARGEST_PART, groups
from pipelines.mine.space import build_space
from pipelines.mine.stability import stabilities

SUBJECTS = (
    "contingency plans were generic and named no trigger",
    "home visits were rarely made or recorded",
    "police replies on domestic abuse arrived weeks late",
    "unpaid work placements stood empty at weekends",
    "vetting of recruits took most of a year",
)


def test_like_texts_come_together_however_many_there_are():
    texts = [f"{SUBJECTS[n % 5]} (note {n})" for n in range(3 * LARGEST_PART)]
    found = groups(build_space(texts), np.arange(len(texts)), threshold=0.3)
    assert [len(group) for group in found] == [len(texts) // 5] * 5
    assert all(len({row % 5 for row in group.tolist()}) == 1 for group in found)


def test_texts_that_coincide_are_cut_by_rank_and_joined_again():
    texts = [SUBJECTS[0]] * (2 * LARGEST_PART) + [SUBJECTS[1]] * 2
    found = groups(build_space(texts), np.arange(len(texts)), threshold=0.3)
    assert sorted(len(group) for group in found) == [2, 2 * LARGEST_PART]


def test_groups_smaller_than_asked_for_are_left_out():
    texts = [SUBJECTS[0]] * 5 + [SUBJECTS[1]] * 2
    found = groups(build_space(texts), np.arange(7), threshold=0.3, smallest=3)
    assert [group.tolist() for group in found] == [[0, 1, 2, 3, 4]]


def test_a_group_is_as_stable_wherever_its_findings_stand():
    """The names of files give the order, and one more report moves the places of all after it."""
    ends = ("on Mondays", "in the cold north", "for women", "at court", "in custody by partners")
    texts = [f"{subject} {' '.join(ends[:n])}" for subject in SUBJECTS for n in range(6)]

    def stable(of):
        space, places = build_space(of), np.asarray([of.index(text) for text in texts])
        found = [np.sort(places[at : at + 6]) for at in range(0, len(texts), 6)]
        rows, said = np.arange(len(of)), np.asarray(of, dtype=object)
        return stabilities(space, said, rows, found, threshold=0.8, resamples=10)

    there = stable(texts)
    assert min(there) < 0.99
    assert np.allclose(there, stable(texts[::-1]), atol=1e-5)


def test_how_alike_texts_are_does_not_hang_on_their_order():
    draw = np.random.default_rng(0)
    words = [f"{a}a{b}o{d}" for a in "bdfglmprt" for b in "bdgklmprt" for d in "lmnt"]
    texts = [" ".join(draw.choice(words, 9)) for _ in range(120)]
    order = draw.permutation(len(texts))
    one, other = build_space(texts), build_space([texts[at] for at in order])
    rows, there = np.arange(len(texts)), np.argsort(order)
    near = one.similarity(rows, rows)
    assert np.allclose(near, other.similarity(there, there), atol=1e-4)
