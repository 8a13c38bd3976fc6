"""From features to scores: what is scored of a text, how scores mix, what emphasis does."""

import json
from dataclasses import asdict

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from pipelines.errors import SettingsError
from pipelines.lexis import annotate
from pipelines.tag.evaluate import Held, review_band
from pipelines.tag.features import Pieces
from pipelines.tag.fit import Examples, FitSettings, _scales, fit_pipeline, score_examples
from pipelines.tag.nearest import written_labels

ONE = "Home visits were not made in most cases."
TWO = "The office was clean and safe. Trainees had too many cases and little help."


def test_a_text_of_one_sentence_is_one_piece_and_its_whole():
    pieces = Pieces.of(annotate([ONE, TWO, ONE]))
    assert len(pieces.flat) == 5
    assert pieces.starts.tolist() == [0, 1, 4]
    assert pieces.wholes.tolist() == [0, 3, 4]


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
    y = np.asarray([[1], [1], [0]], dtype=np.int8)
    with_it, without = np.asarray([3.0, 2.0, 2.0]), np.asarray([1.0, 2.0, 2.0])
    ratio = np.abs(np.log((with_it / 7) / (without / 5)))
    expected = ratio / np.sqrt(np.mean(ratio**2))
    assert _scales(matrix, y, 1.0) == pytest.approx(expected[None, :])
    assert _scales(matrix, y, 0.5) == pytest.approx((1 + expected[None, :]) / 2)
    assert (_scales(matrix, y, 0.0) == 1.0).all()


def test_settings_of_a_model_made_before_emphasis_and_wholes_mean_neither():
    raw = json.loads(json.dumps(asdict(FitSettings())))
    assert FitSettings.from_dict(raw) == FitSettings()
    old = {key: value for key, value in raw.items() if key not in ("emphasis", "whole")}
    assert (FitSettings.from_dict(old).emphasis, FitSettings.from_dict(old).whole) == (0.0, 0.0)


@pytest.mark.parametrize("wrong", [{"emphasis": -0.1}, {"emphasis": 2.0}, {"whole": 1.5}])
def test_shares_outside_of_nought_to_one_are_refused(wrong):
    with pytest.raises(SettingsError, match="expected 0 to 1"):
        FitSettings(**wrong)


def test_review_band_by_hand():
    y = np.asarray([[1, 0, 0], [1, 1, 0], [0, 1, 1], [0, 0, 1]], dtype=np.int8)
    given = np.asarray([[1, 0, 0], [1, 0, 0], [1, 1, 0], [1, 0, 1]], dtype=bool)
    unsure = np.asarray([[0, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 0]], dtype=bool)
    nothing = np.zeros(y.shape)
    labels = written_labels()[:4]
    examples = Examples(tuple(labels), tuple(annotate([x.text for x in labels])), y, ("",) * 4)
    found = review_band(Held(examples, nothing, nothing, given, unsure, "reports"))
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


def test_what_a_whole_counts_for_changes_texts_of_several_sentences_only():
    labels = [label for label in written_labels() if len(label.text) < 160][:500]
    examples = Examples.of(labels)
    pipeline = fit_pipeline(examples, settings=FitSettings())
    best = score_examples(pipeline, examples, whole=0.0)
    whole = score_examples(pipeline, examples, whole=1.0)
    single = np.asarray([len(annotated.sentences) == 1 for annotated in examples.annotated])
    assert (best[single] == whole[single]).all()
    assert (best[~single] != whole[~single]).any()
    mixed = score_examples(pipeline, examples, whole=0.5)
    assert mixed == pytest.approx((best + whole) / 2)
