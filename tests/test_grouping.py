"""Grouping a bucket too large to compare all pairs."""

import numpy as np
import pytest
from scipy.sparse.linalg import ArpackError

from pipelines.mine.groups.stability import stabilities
from pipelines.mine.likeness import weighing
from pipelines.mine.likeness.grouping import LARGEST_PART, groups
from pipelines.mine.likeness.space import build_space
from pipelines.mine.likeness.terms import features
from pipelines.mine.likeness.weighing import widest_axes
from small import written_texts

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


def test_texts_lie_alike_where_the_search_for_directions_gives_up(monkeypatch):
    rows = build_space([f"{a}, {b}" for a in SUBJECTS for b in SUBJECTS]).words
    found = widest_axes(rows, 4)

    def gives_up(*_, **__):
        raise ArpackError(3)  # as it does on some sixty texts of which half are said twice

    monkeypatch.setattr(weighing, "svds", gives_up)
    assert np.abs(found.T @ widest_axes(rows, 4)) == pytest.approx(np.eye(4), abs=1e-4)


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


@pytest.mark.parametrize("largest", [60_000, 150])
def test_texts_lie_and_are_grouped_to_the_bit_as_scikit_learn_has_it(largest, monkeypatch):
    """It is written out because loading scikit-learn costs every run a second."""
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = written_texts()[:6000:20]
    monkeypatch.setattr("pipelines.mine.likeness.space.LARGEST_VOCABULARY", largest)
    space = build_space(texts)
    vectorizer = TfidfVectorizer(
        analyzer=features, sublinear_tf=True, min_df=2, max_features=largest, dtype=np.float32
    )
    words = vectorizer.fit_transform(texts)
    assert np.array_equal(space.words.toarray(), words.toarray())
    assert np.array_equal(space.names, vectorizer.get_feature_names_out())
    assert np.array_equal(space.rarity, vectorizer.idf_)
    new = written_texts()[7:6000:300]
    assert np.array_equal(space.placed(new).words.toarray(), vectorizer.transform(new).toarray())
    size = space.axes.shape[1]
    axes = TruncatedSVD(size, algorithm="arpack", random_state=0).fit(words).components_.T
    assert np.array_equal(space.axes, axes)

    rows = np.arange(len(texts))
    near = space.similarity(rows, rows)
    distance = 1 - np.round(np.maximum(near, near.T), 5)
    labels = AgglomerativeClustering(
        None, metric="precomputed", linkage="average", distance_threshold=0.7
    ).fit_predict(distance)
    sets = [np.flatnonzero(labels == at).tolist() for at in range(labels.max() + 1)]
    expected = sorted(one for one in sets if len(one) > 1)
    assert [group.tolist() for group in groups(space, rows, threshold=0.3)] == expected
