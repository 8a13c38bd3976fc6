"""Grouping a bucket too large to compare all pairs."""

import numpy as np

from pipelines.mine.grouping import LARGEST_PART, groups
from pipelines.mine.space import build_space

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
