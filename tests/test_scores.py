"""From features to scores: what is scored of a text, how scores mix, what emphasis does."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from pipelines.errors import SettingsError
from pipelines.lexis import annotate
from pipelines.tag.features.meanings import load_meanings
from pipelines.tag.features.pipeline import FeatureSettings, Pieces, claims, with_meanings
from pipelines.tag.fitting.fit import Examples, _presence, _scale, fit
from pipelines.tag.fitting.settings import FitSettings
from pipelines.tag.measure.evaluate import Level
from pipelines.tag.measure.scores import review_band
from pipelines.tag.models.model import ISSUES, LEVELS, THEMES, slugs_of
from pipelines.tag.training.levels import issues_digest, levels_to_measure
from pipelines.tag.training.settings import TrainSettings
from small import some_labels

ONE = "Home visits were not made in most cases."
TWO = "The office was clean and safe. Trainees had too many cases and little help."


def test_a_text_of_one_sentence_is_one_piece_and_its_whole():
    pieces = Pieces.of(annotate([ONE, TWO, ONE]))
    assert len(pieces.flat) == 5
    assert pieces.starts.tolist() == [0, 1, 4]
    assert pieces.wholes.tolist() == [0, 3, 4]


def test_cutting_a_text_into_sentences_looks_at_each_word_a_few_times():
    """It looked at every word once for every sentence."""
    asked = []

    class Place(int):
        def __le__(self, other):
            asked.append(self)
            return int(self) <= other

    text = "Staff were off. " * 300
    (plain,) = annotate([text])
    told = plain._replace(tokens=tuple(t._replace(end=Place(t.end)) for t in plain.tokens))
    found = claims(told)
    assert [len(claim.tokens) for claim in found] == [3] * 300
    assert [claim.sentences[0] for claim in found] == list(plain.sentences)
    assert len(asked) < 3 * len(plain.tokens)


def test_scores_mix_the_best_sentence_and_the_whole():
    pieces = Pieces.of(annotate([ONE, TWO]))
    scores = np.asarray([[1.0, -1.0], [0.0, 4.0], [2.0, -4.0], [9.0, -8.0]])
    assert pieces.best(scores).tolist() == [[0, 0], [2, 1]]  # never the whole
    assert pieces.pool(scores, whole=0.0).tolist() == [[1.0, -1.0], [2.0, 4.0]]
    assert pieces.pool(scores, whole=1.0).tolist() == [[1.0, -1.0], [9.0, -8.0]]
    assert pieces.pool(scores, whole=0.25).tolist() == [[1.0, -1.0], [3.75, 1.0]]


def test_no_texts_have_no_pieces():
    pieces = Pieces.of([])
    assert pieces.pool(np.zeros((0, 26)), whole=0.5).shape == (0, 26)


def test_emphasis_is_the_log_count_ratio_by_hand():
    matrix = csr_matrix(np.asarray([[0.5, 0.1, 0.0], [0.2, 0.0, 0.3], [0.0, 0.4, 0.1]]))
    y, there = np.asarray([[1], [1], [0]], dtype=np.int8), _presence(matrix)
    with_it, without = np.asarray([3.0, 2.0, 2.0]), np.asarray([1.0, 2.0, 2.0])
    ratio = np.abs(np.log((with_it / 7) / (without / 5)))
    expected = ratio / np.sqrt(np.mean(ratio**2))
    assert _scale(there, y[:, 0], 1.0) == pytest.approx(expected)
    assert _scale(there, y[:, 0], 0.5) == pytest.approx((1 + expected) / 2)
    assert (_scale(there, y[:, 0], 0.0) == 1.0).all()


@pytest.mark.parametrize(
    "wrong",
    [{"emphasis": -0.1}, {"emphasis": 2.0}, {"whole": 1.5}, {"issue_whole": 2}, {"hints": 1.1}],
)
def test_shares_outside_of_nought_to_one_are_refused(wrong):
    with pytest.raises(SettingsError, match="expected 0 to 1"):
        FitSettings(**wrong)


def test_review_band_by_hand():
    y = np.asarray([[1, 0, 0], [1, 1, 0], [0, 1, 1], [0, 0, 1]], dtype=np.int8)
    given = np.asarray([[1, 0, 0], [1, 0, 0], [1, 1, 0], [1, 0, 1]], dtype=bool)
    unsure = np.asarray([[0, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 0]], dtype=bool)
    nothing, sure = np.zeros(y.shape), np.full(y.shape, None, dtype=object)
    found = review_band(Level(y, nothing, nothing, given, unsure, sure))
    # Six themes are given; the marked one is wrong, of the other five one is.
    assert found["assigned"] == {
        "share": 0.1667,
        "error_inside": 1.0,
        "error_outside": 0.2,
        "ratio": 5.0,
    }
    assert found["decisions"]["error_inside"] == 1.0
    assert found["decisions"]["error_outside"] == 0.2
    assert found["findings"] == {
        "share": 0.5,
        "error_inside": 1.0,
        "error_outside": 0.5,
        "ratio": 2.0,
    }


@pytest.fixture(scope="module")
def examples():
    """Labels of short texts, a fraction of them without issues."""
    short = [x for x in some_labels() if len(x.text) < 160][:500]
    return Examples.of(
        [replace(x, subjects=None) if n % 5 == 0 else x for n, x in enumerate(short)]
    )


@pytest.fixture(scope="module")
def fitted(examples):
    return fit(examples, settings=FitSettings(), levels=(THEMES,))


def test_what_a_whole_counts_for_changes_texts_of_several_sentences_only(examples, fitted):
    best = fitted.scores(examples, settings=FitSettings(whole=0.0))[THEMES]
    whole = fitted.scores(examples, settings=FitSettings(whole=1.0))[THEMES]
    single = np.asarray([len(annotated.sentences) == 1 for annotated in examples.annotated])
    assert (best[single] == whole[single]).all()
    assert (best[~single] != whole[~single]).any()
    mixed = fitted.scores(examples, settings=FitSettings(whole=0.5))[THEMES]
    assert mixed == pytest.approx((best + whole) / 2)


def test_what_a_whole_counts_for_is_said_for_each_level():
    settings = FitSettings(whole=0.25, issue_whole=0.75)
    assert (settings.whole_of(THEMES), settings.whole_of(ISSUES)) == (0.25, 0.75)


def test_levels_that_are_not_asked_for_are_not_fitted(fitted):
    assert set(fitted.weights) == set(fitted.intercepts) == {THEMES}


def test_findings_without_issues_teach_issues_nothing(examples):
    """Fewer than three examples teach nothing either: such a slug is never near its threshold."""
    settings = FitSettings(features=FeatureSettings(letters=0.0, meanings=0.0))
    y = examples.y[ISSUES]
    known = (y >= 0).all(axis=1)
    assert 0 < known.sum() < len(known)
    found = fit(examples, settings=settings, levels=(ISSUES,))
    few = (y[known] == 1).sum(axis=0) < 3
    assert 0 < few.sum() < len(few) == len(slugs_of(ISSUES))
    assert (found.weights[ISSUES].steps[:, few] == 0).all()
    assert (found.scores(examples, settings=settings)[ISSUES][:, few] == -1000).all()
    assert (found.weights[ISSUES].steps[:, ~few] != 0).any(axis=0).all()
    silent = replace(examples, y={**examples.y, ISSUES: np.full_like(y, -1)})
    nothing = fit(silent, settings=settings, levels=(ISSUES,))
    assert not nothing.weights[ISSUES].steps.any()


def test_what_a_slug_learns_depends_neither_on_those_before_it_nor_on_processes(examples, fitted):
    """Scikit-learn once sorted an array that all slugs shared: only the first learned rightly."""
    alone = fit(
        replace(examples, y={**examples.y, THEMES: _only(examples.y[THEMES], 7)}),
        settings=FitSettings(),
        levels=(THEMES,),
        complete=False,
    )
    assert (
        alone.weights[THEMES].of(slice(None))[:, 7] == fitted.weights[THEMES].of(slice(None))[:, 7]
    ).all()
    shared = fit(examples, settings=FitSettings(), levels=(THEMES,), jobs=2)
    assert (shared.weights[THEMES].of(slice(None)) == fitted.weights[THEMES].of(slice(None))).all()


def _only(y, slug):
    out = np.zeros_like(y)
    out[:, slug] = y[:, slug]
    return out


def test_weights_are_rounded_to_whole_steps_of_the_largest(examples, fitted):
    coarse = fit(examples, settings=FitSettings(steps=7), levels=(THEMES,)).weights[THEMES]
    fine = fitted.weights[THEMES]
    assert (np.abs(coarse.steps).max(axis=0) == 7).all()
    assert (np.abs(fine.steps).max(axis=0) == FitSettings().steps).all()
    assert (
        np.abs(coarse.of(slice(None)) - fine.of(slice(None)))
        <= (coarse.step + fine.step) / 2 * 1.001
    ).all()


@pytest.mark.parametrize("steps", [0, 128])
def test_steps_that_a_small_number_does_not_hold_are_refused(steps):
    with pytest.raises(SettingsError, match="expected 1 to 127"):
        FitSettings(steps=steps)


def test_meanings_of_a_text_are_the_sum_of_its_words_vectors_with_length_one():
    known = load_meanings()
    words = ("probation", "staff", "risk")
    sums = sum(known.vectors[known.places[word]] for word in words)
    texts = annotate(["Probation STAFF, risk xqzzv.", "xqzzv", ""])
    found = known.of(texts)
    assert found.shape == (3, known.dimensions)
    assert found[0] == pytest.approx(sums / np.linalg.norm(sums), abs=1e-6)
    assert np.linalg.norm(found, axis=1) == pytest.approx([1.0, 0.0, 0.0], abs=1e-6)
    places, rows = known.rows(texts[0])
    assert places == [0, 1, 2]
    assert rows == [known.places[word] for word in words]


def test_words_that_mean_much_the_same_lie_close():
    known = load_meanings()
    one, same, other = (known.of(annotate([word]))[0] for word in ("drugs", "alcohol", "lift"))
    assert one @ same > 2 * (one @ other)


def test_meanings_stand_beside_the_other_features_times_their_weight():
    texts = annotate([ONE, TWO])
    other = csr_matrix(np.asarray([[1.0], [2.0]]))
    both = with_meanings(other, texts, 0.5).toarray()
    assert both[:, :1].tolist() == [[1.0], [2.0]]
    assert both[:, 1:] == pytest.approx(0.5 * load_meanings().of(texts))
    assert with_meanings(other, texts, 0.0) is other


def test_issues_are_measured_anew_only_where_more_was_said_of_them(examples):
    settings = TrainSettings()
    made = {
        "settings": settings.fit.to_dict(),
        "issues": {"slugs": list(slugs_of(ISSUES))},
        "issue_labels": issues_digest(examples),
    }
    always = np.ones(len(examples.labels), dtype=bool)

    def measured(champion=made, examples=examples, judged=always):
        return levels_to_measure(examples, champion, settings=settings, judged=judged)

    assert measured() == (THEMES,)
    assert measured(champion=None) == LEVELS
    assert measured(champion={**made, "issue_labels": "other"}) == LEVELS
    silent = np.asarray([x.subjects is not None for x in examples.labels])
    assert measured(judged=silent) == (THEMES,)  # what is new says nothing of issues
    assert measured(judged=~silent) == LEVELS
    real = replace(examples.labels[1], document="a-report-2024-01")
    more = replace(examples, labels=(*examples.labels, real))  # whoever has its text at hand
    assert measured(examples=more, judged=np.append(always, True)) == (THEMES,)
