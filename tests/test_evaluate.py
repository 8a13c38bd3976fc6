import numpy as np
import pytest

from pipelines.codebook import load_codebook
from pipelines.errors import CorpusError, SettingsError
from pipelines.tag.calibrate import learn_decision, learn_thresholds
from pipelines.tag.decide import Decision
from pipelines.tag.evaluate import Held, errors, evaluate_held_out, fold_groups, near_duplicates
from pipelines.tag.fit import Examples, FitSettings
from pipelines.tag.labels import Label
from pipelines.tag.metrics import (
    calibration_error,
    confusions,
    f1,
    macro_f1,
    paired_difference,
    theme_f1,
)

SIZE = len(load_codebook().slugs)
ONES = (1.0,) * 3


def decision(thresholds=(0.5, 0.5, 0.5), band=0.1, slopes=ONES, offsets=(0.0,) * 3):
    return Decision(slopes, offsets, thresholds, band)


def test_thresholds_are_the_only_judge_of_assignment():
    p = np.asarray([[0.6, 0.4, 0.55]])
    assert decision().assigned(p).tolist() == [[True, False, True]]
    assert decision((0.9, 0.3, 0.5)).assigned(p).tolist() == [[False, True, True]]


def test_never_none_and_never_more_than_four():
    generator = np.random.default_rng(1)
    p = generator.random((200, SIZE))
    for threshold in (0.01, 0.5, 0.99):
        d = Decision((1.0,) * SIZE, (0.0,) * SIZE, (threshold,) * SIZE, 0.1)
        given = d.assigned(p).sum(axis=1)
        assert given.min() >= 1
        assert given.max() <= 4


def test_the_one_given_where_none_passes_is_the_nearest_and_is_uncertain():
    p = np.asarray([[0.1, 0.3, 0.05]])
    d = decision(band=0.05)
    assert d.assigned(p).tolist() == [[False, True, False]]
    assert d.uncertain(p).tolist() == [[False, True, False]]


def test_a_stricter_threshold_never_adds_a_theme_that_does_not_pass():
    p = np.asarray([[0.8, 0.7, 0.1]])
    before = decision((0.5, 0.5, 0.5)).assigned(p)
    after = decision((0.5, 0.75, 0.5)).assigned(p)
    assert (after <= before).all()
    assert not after[0, 1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"slopes": (1.0,)},
        {"slopes": (0.0, 1.0, 1.0)},
        {"thresholds": (0.0, 0.5, 0.5)},
        {"band": 1.0},
    ],
)
def test_wrong_decisions_are_refused(wrong):
    with pytest.raises(SettingsError):
        decision(**wrong)


def test_a_decision_survives_json():
    assert Decision.from_dict(decision().to_dict()) == decision()
    with pytest.raises(SettingsError, match="keys"):
        Decision.from_dict({"slopes": []})


def simulated(n=600, seed=3):
    """Scores whose log-odds are known: 2 x score - 1, shifted a theme."""
    generator = np.random.default_rng(seed)
    scores = generator.normal(-1.0, 1.5, (n, SIZE))
    shift = np.linspace(-1, 1, SIZE)
    p = 1 / (1 + np.exp(-(2 * scores - 1 + shift)))
    return scores, (generator.random((n, SIZE)) < p).astype(np.int8), p


def test_calibration_finds_the_probabilities_back():
    scores, y, p = simulated()
    learned = learn_decision(scores, y)
    assert abs(learned.probabilities(scores) - p).mean() < 0.02
    assert learned.slopes[0] == pytest.approx(2.0, abs=0.15)
    assert np.corrcoef(learned.offsets, np.linspace(-1, 1, SIZE))[0, 1] > 0.9


def test_a_theme_without_support_has_the_common_threshold():
    _, y, p = simulated()
    y = y.copy()
    y[:, 3] = 0
    thresholds = learn_thresholds(p, y)
    common = learn_thresholds(p[:, [3, 3]], np.zeros((len(y), 2), dtype=np.int8))
    assert 0.15 <= thresholds[3] <= 0.7
    assert len(set(common)) == 1


def test_f1_by_hand():
    y = np.asarray([[1, 0, 1], [0, 1, 0]])
    given = np.asarray([[True, False, False], [True, True, False]])
    assert f1(y, given) == pytest.approx(2 * 2 / (3 + 3))
    assert theme_f1(y, given)[:2].tolist() == pytest.approx([2 / 3, 1.0])
    assert macro_f1(y, given) == pytest.approx((2 / 3 + 1 + 0) / 3)
    assert f1(np.zeros((2, 3)), np.zeros((2, 3), dtype=bool)) == 0.0
    assert np.isnan(theme_f1(np.zeros((2, 3)), np.zeros((2, 3), dtype=bool))).all()


def test_calibration_error_by_hand():
    p = np.asarray([0.95, 0.95, 0.15, 0.15])
    assert calibration_error(p, np.asarray([True, True, False, False])) == pytest.approx(0.1)
    assert calibration_error(np.asarray([]), np.asarray([], dtype=bool)) == 0.0


def test_confusions_say_what_was_given_instead():
    y = np.asarray([[1, 0], [1, 0], [0, 1]])
    given = np.asarray([[False, True], [False, True], [False, True]])
    assert confusions(y, given, ("a", "b")) == [{"missed": "a", "given": "b", "findings": 2}]


def test_paired_difference_of_equals_is_nothing_and_of_worse_is_negative():
    generator = np.random.default_rng(0)
    y = (generator.random((100, 5)) < 0.3).astype(int)
    good = y == 1
    assert paired_difference(y, good, good)["interval"] == [0.0, 0.0]
    assert paired_difference(y, good, ~good)["interval"][1] < 0


def label(text, document="", theme="unpaid-work"):
    return Label(text, (theme,), document, f"file row {text}")


def test_written_findings_are_never_held_out_where_there_are_two_reports():
    examples = Examples.of([label("One."), label("Two.", "a"), label("Three.", "b")])
    groups = dict(zip([x.text for x in examples.labels], fold_groups(examples), strict=True))
    assert groups == {"One.": "", "Two.": "a", "Three.": "b"}


def test_folds_of_written_findings_follow_their_text():
    texts = [f"Finding number {n}." for n in range(40)]
    first = Examples.of([label(t) for t in texts])
    second = Examples.of([label(t) for t in reversed(texts)])
    assert fold_groups(first) == fold_groups(second)
    assert len(set(fold_groups(first))) == 4


def test_near_duplicates_of_a_held_out_finding_leave_the_training():
    training = Examples.of(
        [
            label("Hours were late in most of the cases that we read in May."),
            label("The office was clean."),
        ]
    )
    test = Examples.of([label("Hours were late in most of the cases that we read in June.", "a")])
    marks = near_duplicates(training, test)
    found = [x.text for x, near in zip(training.labels, marks, strict=True) if near]
    assert found == ["Hours were late in most of the cases that we read in May."]


def test_nothing_to_hold_out_is_said():
    with pytest.raises(CorpusError, match="--reports"):
        evaluate_held_out(Examples.of([]), settings=FitSettings())


def test_errors_list_what_was_missed_and_what_was_wrongly_given():
    examples = Examples.of([label("One.", "a", "outcomes"), label("Two.", "b", "outcomes")])
    y = examples.y
    given = y == 1
    given[0] = False
    given[0, 0] = True
    held = Held(examples, y * 1.0, y * 1.0, given, given, "reports")
    (row,) = errors(held)
    assert row["missed"] == ["outcomes"]
    assert row["wrongly_given"] == [load_codebook().slugs[0]]
    assert row["text"] == examples.labels[0].text
