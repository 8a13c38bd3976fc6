import math
from dataclasses import replace

import numpy as np
import pytest

from pipelines.codebook import load_codebook
from pipelines.errors import CorpusError, SettingsError
from pipelines.project import leave_project, open_project
from pipelines.tag.fitting.calibrate import can_learn, learn_decision, learn_thresholds
from pipelines.tag.fitting.fit import Examples, fit, targets
from pipelines.tag.fitting.settings import FitSettings
from pipelines.tag.labels.label import Label
from pipelines.tag.measure.evaluate import (
    Held,
    Level,
    decide_from,
    evaluate_held_out,
    fold_groups,
    near_duplicates,
)
from pipelines.tag.measure.metrics import (
    calibration_error,
    confusions,
    f1,
    macro_f1,
    paired_difference,
    theme_f1,
)
from pipelines.tag.measure.scores import cells, errors, measure, pairs
from pipelines.tag.models.decide import LIKELY, SUGGESTED, SURE, Decision
from pipelines.tag.models.model import ISSUES, NEVER, THEMES, slugs_of
from pipelines.tag.models.sections import FEWEST, learn_hints, section_of, sections_of
from small import few_labels, some_labels

SIZE = len(load_codebook().slugs)
ONES = (1.0,) * 3


def decision(thresholds=(0.5, 0.5, 0.5), band=0.1, slopes=ONES, offsets=(0.0,) * 3, **more):
    return Decision(slopes, offsets, thresholds, band, **more)


def test_thresholds_are_the_only_judge_of_assignment():
    p = np.asarray([[0.6, 0.4, 0.55]])
    assert decision().assigned(p).tolist() == [[True, False, True]]
    assert decision((0.9, 0.3, 0.5)).assigned(p).tolist() == [[False, True, True]]


def test_nothing_is_forced_and_never_more_than_the_most_is_given():
    generator = np.random.default_rng(1)
    p = generator.random((200, SIZE))
    for threshold in (0.01, 0.5, 0.99):
        for most in (1, 4):
            d = Decision((1.0,) * SIZE, (0.0,) * SIZE, (threshold,) * SIZE, 0.1, most=most)
            given = d.assigned(p)
            assert (given <= (p >= threshold)).all()
            assert (
                given.sum(axis=1).tolist()
                == np.minimum((p >= threshold).sum(axis=1), most).tolist()
            )


def test_a_finding_whose_themes_all_fall_short_has_none_however_near_the_nearest_is():
    p = np.asarray([[0.1, 0.3, 0.05], [0.49, 0.499999, 0.48]])
    d = decision(band=0.05)
    assert not d.assigned(p).any()
    assert d.uncertain(p).tolist() == [[False, False, False], [True, True, True]]


def test_of_more_than_the_most_the_furthest_over_their_threshold_are_given():
    p = np.asarray([[0.9, 0.8, 0.7]])
    assert decision((0.85, 0.5, 0.3), most=2).assigned(p).tolist() == [[False, True, True]]


def test_a_tag_is_sure_likely_or_suggested_and_only_the_first_two_are_given():
    d = decision(sure=0.9, suggested=0.2)
    p = np.asarray([[0.95, 0.6, 0.3], [0.9, 0.1999, 0.2], [0.1, 0.0, 0.19]])
    assert d.certainty(p).tolist() == [
        [SURE, LIKELY, SUGGESTED],
        [SURE, None, SUGGESTED],
        [None, None, None],
    ]
    given = np.isin(d.certainty(p).astype(str), (SURE, LIKELY))
    assert (given == d.assigned(p)).all()


def test_what_is_sure_needs_no_review_however_near_its_threshold():
    p = np.asarray([[0.55, 0.55, 0.55]])
    assert decision(sure=0.5).uncertain(p).tolist() == [[False] * 3]
    assert decision(sure=0.6).uncertain(p).tolist() == [[True] * 3]


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
        {"sure": 0.1},
        {"suggested": 0.0},
        {"most": 0},
    ],
)
def test_wrong_decisions_are_refused(wrong):
    with pytest.raises(SettingsError):
        decision(**wrong)


def test_a_decision_survives_json():
    strange = decision(sure=0.97, suggested=0.11, most=3)
    assert Decision.from_dict(strange.to_dict()) == strange
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


def test_hints_are_added_as_they_stand_and_calibration_learns_the_rest():
    scores, _, p = simulated()
    hints = np.where(np.arange(len(scores))[:, None] % 2, 1.0, -1.0) * np.ones(SIZE)
    shifted = 1 / (1 + np.exp(-(np.log(p / (1 - p)) + hints)))
    y = (np.random.default_rng(5).random(p.shape) < shifted).astype(np.int8)
    learned = learn_decision(scores, y, hints=hints)
    assert abs(learned.probabilities(scores, hints) - shifted).mean() < 0.02
    assert learned.slopes[0] == pytest.approx(2.0, abs=0.15)


def test_sure_tags_were_right_in_nineteen_of_twenty_held_out_findings():
    scores, y, _ = simulated(2000)
    learned = learn_decision(scores, y)
    p = learned.probabilities(scores)
    sure = learned.certainty(p) == SURE
    assert sure.sum() > 50
    assert y[sure].mean() >= 0.95
    assert y[learned.assigned(p) & ~sure].mean() < 0.95


def test_where_no_tag_is_right_often_enough_none_is_sure():
    generator = np.random.default_rng(2)
    y = (generator.random((300, SIZE)) < 0.3).astype(np.int8)
    learned = learn_decision(generator.normal(size=y.shape), y)
    assert learned.sure == 1.0


def test_scores_of_a_slug_that_was_not_learned_bend_no_calibration():
    scores, y, _ = simulated()
    bent = scores.copy()
    bent[:60, 2] = NEVER
    learned, plain = learn_decision(bent, y), learn_decision(scores, y)
    assert learned.slopes[0] == pytest.approx(plain.slopes[0], rel=0.05)
    assert learned.offsets[2] == pytest.approx(plain.offsets[2], abs=0.3)
    assert (learned.probabilities(bent)[:60, 2] < 1e-6).all()


def test_rivals_take_off_what_a_finding_says_of_all_slugs_and_nothing_without_rivalry():
    scores = np.asarray([[2.0, 2.0, NEVER], [0.0, -1.0, -2.0]])
    plain = Decision((1.0,) * 3, (0.0,) * 3, (0.5,) * 3, 0.1)
    assert (plain.rivals(scores) == 0).all()
    found = replace(plain, rivalry=0.5).rivals(scores)
    total = math.log(1 + math.exp(-1) + math.exp(-2))
    assert found == pytest.approx(np.asarray([[0.5 * (2 + math.log(2))], [0.5 * total]]))
    with pytest.raises(SettingsError, match="rivalry"):
        replace(plain, rivalry=1.0)


def test_where_rivals_share_what_is_said_rivalry_tells_them_apart():
    """Each finding says one thing, loudly or softly; its neighbour is heard with it."""
    generator = np.random.default_rng(4)
    which, loud = generator.integers(0, SIZE, 800), generator.normal(0, 2, (800, 1))
    y = np.eye(SIZE, dtype=np.int8)[which]
    scores = loud + y + 0.5 * generator.normal(size=y.shape)
    learned = [learn_decision(scores, y, rivalry=rivalry) for rivalry in (0.0, 0.9)]
    found = [f1(y, d.assigned(d.probabilities(scores))) for d in learned]
    assert found[1] > found[0] + 0.1


@pytest.mark.parametrize("rows", [0, 50])
def test_where_no_label_was_given_there_is_nothing_to_learn_and_nothing_is_given(rows):
    scores = np.full((rows, SIZE), 9.0)
    learned = learn_decision(scores, np.zeros(scores.shape, dtype=np.int8), most=3)
    assert learned.most == 3
    p = learned.probabilities(np.full((2, SIZE), 9.0))
    assert (learned.certainty(p) == None).all()  # noqa: E711 - element by element


def test_where_what_has_a_score_is_all_of_one_kind_nothing_is_given():
    """Each theme's labels stood in one report: held out, it has no score where it is given."""
    y = np.eye(2, dtype=np.int8)[[0] * 9 + [1] * 9]
    scores = np.where(y == 1, NEVER, 0.5)
    assert not can_learn(scores, y)
    learned = learn_decision(scores, y)
    assert not learned.assigned(learned.probabilities(scores + 5)).any()


def test_a_level_whose_wrong_tags_cost_more_has_higher_thresholds():
    _, y, p = simulated()
    assert np.mean(learn_thresholds(p, y, precise=1.4)) > np.mean(learn_thresholds(p, y))


def test_the_most_is_kept_in_what_is_learned():
    scores, y, _ = simulated()
    learned = learn_decision(scores, y, most=2)
    assert learned.most == 2
    assert learned.assigned(learned.probabilities(scores)).sum(axis=1).max() == 2


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


def label(text, document="", theme="unpaid-work", **more):
    return Label(text, (theme,), document, f"file row {text}", **more)


def test_what_a_label_does_not_say_is_unknown_and_what_it_denies_is_known():
    subject = slugs_of(ISSUES)[3]
    labels = [label("A."), label("B.", subjects=()), label("C.", subjects=(subject,))]
    y = targets(labels, ISSUES)
    assert (y[0] == -1).all()
    assert (y[1] == 0).all()
    assert np.flatnonzero(y[2]).tolist() == [3]
    assert (targets([Label("None fits.", ())], THEMES) == 0).all()


def test_a_single_answer_teaches_its_theme_and_no_other_and_tests_none():
    asked, other = "outcomes", "risk-of-harm"
    said = [Label("Kittens in the lift.", given, "a", decided=(asked,)) for given in ((asked,), ())]
    assert [(targets([x]) == -1).sum() for x in said] == [len(slugs_of(THEMES)) - 1] * 2
    fitted, labels = [], few_labels(4)
    for one in said:
        examples = Examples.of([*labels, one])
        fitted.append(fit(examples, settings=FitSettings(), levels=(THEMES,)))
    at = {slug: slugs_of(THEMES).index(slug) for slug in (asked, other)}
    yes, no = (x.intercepts[THEMES] for x in fitted)
    assert yes[at[asked]] != no[at[asked]]
    assert yes[at[other]] == no[at[other]]
    held = evaluate_held_out(examples, settings=FitSettings(), levels=(THEMES,))
    assert "Kittens in the lift." not in {x.text for x in held.examples.labels}
    assert len(held.examples.labels) == len(labels)


def test_written_findings_are_never_held_out_where_there_are_two_reports():
    examples = Examples.of([label("One."), label("Two.", "a"), label("Three.", "b")])
    groups = dict(zip([x.text for x in examples.labels], fold_groups(examples), strict=True))
    assert groups == {"One.": "", "Two.": "a", "Three.": "b"}


def test_a_voice_is_held_out_whole_beside_the_reports():
    voiced = [label(f"Voice {v}, finding {n}.", voice=f"v{v}") for v in range(6) for n in range(3)]
    examples = Examples.of([label("One."), label("Two.", "a"), *voiced])
    folds = {}
    for name, x in zip(fold_groups(examples), examples.labels, strict=True):
        folds.setdefault(x.voice or x.document, set()).add(name)
    assert folds.pop("") == {""}
    assert folds.pop("a") == {"a"}
    assert all(len(names) == 1 for names in folds.values())
    assert {name for names in folds.values() for name in names} == {
        f"voices {n}" for n in (1, 2, 3, 4)
    }


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


def level(y, given, certainty=None):
    """Make a level of decisions whose scores do not matter."""
    sure = np.full(y.shape, None, dtype=object) if certainty is None else certainty
    return Level(y, y * 1.0, y * 1.0, given, np.zeros(y.shape, dtype=bool), sure)


def held_of(labels, given=None, name=THEMES):
    """Hold labels out; what they are given is what they are labelled, unless it is said."""
    examples = Examples.of(labels)
    levels = {THEMES: level(examples.y[THEMES], examples.y[THEMES] == 1)}
    levels[name] = level(
        examples.y[name], examples.y[name] == 1 if given is None else given(examples)
    )
    return Held(examples, np.asarray(fold_groups(examples)), levels, "reports")


def test_errors_list_what_was_missed_and_what_was_wrongly_given():
    def given(examples):
        out = examples.y[THEMES] == 1
        out[0] = False
        out[0, 0] = True
        return out

    held = held_of([label("One.", "a", "outcomes"), label("Two.", "b", "outcomes")], given)
    (row,) = errors(held)
    assert row["missed"] == ["outcomes"]
    assert row["wrongly_given"] == [load_codebook().slugs[0]]
    assert row["text"] == held.examples.labels[0].text


def test_a_finding_without_a_theme_is_right_where_it_is_given_none():
    labels = [Label("Nothing fits.", (), "a", "file row 2"), label("Two.", "b")]
    assert errors(held_of(labels)) == []
    (row,) = errors(held_of(labels, lambda examples: np.ones_like(examples.y[THEMES], dtype=bool)))[
        :1
    ]
    assert row["missed"] == []


AREA, STRENGTH = "polarity=area_for_improvement", "polarity=strength"


def test_cells_count_a_theme_once_a_unit_and_polarity():
    def given(examples):
        return np.asarray([[True, *[False] * (SIZE - 1)]] * len(examples.labels))

    first = load_codebook().slugs[0]
    labels = [
        label("One.", "a", first, unit="Alder", context=AREA),
        label("Two.", "a", first, unit="Alder", context=AREA),
        label("Three.", "a", "outcomes", unit="Alder", context=STRENGTH),
        label("Four.", "b", "outcomes", context=AREA),  # of no unit
    ]
    assert cells(held_of(labels, given), THEMES) == {
        "wanted": 2,
        "precision": 0.5,
        "recall": 0.5,
        "f1": 0.5,
    }


def test_pairs_are_of_two_units_and_one_polarity():
    one, other = slugs_of(ISSUES)[:2]
    texts = {"One.": ("Alder", AREA, one), "Two.": ("Birch", AREA, one)}
    texts |= {"Three.": ("Alder", AREA, one), "Four.": ("Cedar", STRENGTH, one)}
    texts |= {"Five.": ("Birch", AREA, other)}
    labels = [
        label(text, "a", subjects=(slug,), unit=unit, context=side)
        for text, (unit, side, slug) in texts.items()
    ]

    def given(examples):
        out = examples.y[ISSUES] == 1
        out[[x.text == "Three." for x in examples.labels]] = False
        out[[x.text == "Five." for x in examples.labels], 0] = True
        return out

    assert pairs(held_of(labels, name=ISSUES)) == {
        "wanted": 2,
        "precision": 1.0,
        "recall": 1.0,
        "f1": 1.0,
    }
    found = pairs(held_of(labels, given, ISSUES))
    assert (found["wanted"], found["precision"], found["recall"]) == (2, 0.5, 0.5)


def test_titles_tell_a_section_the_heading_below_a_standard_first():
    found = sections_of(["Staff", "Staff", None, "None"], [None, "Court work", None, None])
    assert found == ["staffing", "court", "", ""]
    assert section_of("STAFFING", "Of no kind", load_codebook()) == "staffing"


def test_words_of_a_section_in_capitals_are_compared_as_titles_are(tmp_path):
    path = tmp_path / "book.toml"
    path.write_text('[[sections]]\nslug = "planning"\nwords = ["PLAN"]\n', encoding="utf-8")
    assert section_of("Plans of work", None, load_codebook(path)) == "planning"


def test_a_section_hints_at_what_its_findings_are_more_often_about():
    sections = ["staffing"] * FEWEST + ["court"] * FEWEST + ["planning"] * (FEWEST - 1) + [""]
    y = np.zeros((len(sections), 2), dtype=np.int8)
    y[:FEWEST, 0] = 1
    y[::3, 1] = 1  # as often in every section
    hints = learn_hints(sections, y, weight=0.5)
    assert sorted(hints.learned) == ["court", "staffing"]  # too few of planning to learn from
    assert hints.learned["staffing"][0] > 1
    assert hints.learned["court"][0] < -1
    assert hints.learned["staffing"][1] == pytest.approx(0, abs=0.05)
    rows = hints.rows(["staffing", "", "planning"])
    assert rows.tolist() == [[0.5 * v for v in hints.learned["staffing"]], [0, 0], [0, 0]]
    assert learn_hints(sections, y, weight=0).rows(["staffing"]) == 0.0
    assert learn_hints(sections, np.full_like(y, -1), weight=1).rows(["staffing"]) == 0.0


@pytest.fixture(scope="module")
def few():
    """Some labels of each theme, two voices and two that stand for reports."""
    taken = dict.fromkeys(load_codebook().slugs, 0)
    chosen = []
    for n, x in enumerate(some_labels()):
        if x.themes and taken[x.themes[0]] < 8:
            taken[x.themes[0]] += 1
            at = taken[x.themes[0]] % 4
            names = ({}, {"document": "a"}, {"document": "b"}, {"voice": f"v{n % 2}"})[at]
            given = {"themes": x.themes, "subjects": x.subjects, "context": x.context, **names}
            chosen.append(Label(x.text, source=f"few.jsonl row {n}", unit=f"u{at}", **given))
    return Examples.of(chosen)


def test_reports_and_voices_are_held_out_and_shown_apart(few):
    held = evaluate_held_out(few, settings=FitSettings(), levels=(THEMES,), jobs=1)
    assert set(held.groups) == {"a", "b", "voices 1", "voices 2"}
    assert len(held.themes.y) == len(held.examples.labels) < len(few.labels)
    assert held.measured_on == "reports"
    found = measure(held)
    assert set(found["documents"]) == {"a", "b"}
    assert set(found["voices"]["folds"]) == {"voices 1", "voices 2"}
    assert found["findings"] == sum(x.real for x in few.labels)
    assert (held.themes.sure <= held.themes.assigned).all()


def test_only_what_is_judged_is_held_out(few):
    judged = np.asarray([x.document != "a" for x in few.labels])
    held = evaluate_held_out(few, settings=FitSettings(), judged=judged, levels=(THEMES,), jobs=1)
    assert set(held.groups) == {"b", "voices 1", "voices 2"}


def test_models_are_judged_by_labels_that_no_model_had_a_say_in(few):
    """They learn from those that were decided again."""
    labels = tuple(replace(x, coded_themes=("outcomes",)) if x.document else x for x in few.labels)
    held = evaluate_held_out(
        replace(few, labels=labels), settings=FitSettings(), levels=(THEMES,), jobs=1
    )
    real = held.examples.documents != ""
    outcomes = slugs_of(THEMES).index("outcomes")
    assert (np.flatnonzero(held.themes.y[real].any(axis=0)) == [outcomes]).all()
    assert (np.flatnonzero(held.themes.y[~real].any(axis=0)) != [outcomes]).any()
    as_they_are = evaluate_held_out(few, settings=FitSettings(), levels=(THEMES,), jobs=1)
    assert (held.themes.scores == as_they_are.themes.scores).all()


def test_what_decides_is_learned_from_findings_that_say_and_reports_count_more(few):
    settings = FitSettings(hints=0.0)
    known = (few.y[ISSUES] >= 0).all(axis=1)
    assert known.all()
    scores = np.random.default_rng(0).normal(size=few.y[ISSUES].shape)
    silent = Examples(few.labels, few.annotated, {**few.y}, few.contexts, few.sections)
    half = np.arange(len(known)) % 2 == 0
    silent.y[ISSUES] = np.where(half[:, None], few.y[ISSUES], -1).astype(np.int8)
    with_silent = decide_from(silent, scores, level=ISSUES, settings=settings)
    without = decide_from(few.where(half), scores[half], level=ISSUES, settings=settings)
    assert with_silent.decision == without.decision
    assert with_silent.slugs == slugs_of(ISSUES)
    assert with_silent.decision.most == 3


def test_reports_whose_findings_have_no_theme_end_in_figures_not_in_a_traceback():
    written = [Label(f"Risk of harm, case {n}.", ("risk-of-harm",)) for n in range(6)]
    none = [Label(f"The {name} was open.", (), name) for name in ("canteen", "garden")]
    examples = Examples.of([*written, *none])
    held = evaluate_held_out(examples, settings=FitSettings(), levels=(THEMES,))
    assert measure(held)["lrap"] == 0.0


def test_folds_that_repeat_each_other_and_folds_of_few_end_in_figures_not_in_a_traceback():
    words = ("alpha", "bingo", "cedar", "delta", "ember", "fjord")
    same = [Label(f"Risk of harm: {word} {word[::-1]}.", ("risk-of-harm",)) for word in words]
    labels = [replace(x, document=f"d{n % 2}-2024-01") for n, x in enumerate(same)]
    alike = Examples.of([replace(x, text="Plans were late there.") for x in labels])
    unknown = Examples.of([replace(x, text=x.text.partition(":")[2]) for x in labels])
    for examples in (Examples.of(labels), alike, unknown):  # the last name nothing of the codebook
        held = evaluate_held_out(examples, settings=FitSettings(), levels=(THEMES,))
        assert len(held.examples.labels) == 6


def test_a_project_without_issues_is_measured_by_its_themes(tmp_path):
    (tmp_path / "findings.toml").write_text('themes = "own"\nissues = "none"\n')
    (tmp_path / "codebook.toml").write_text(
        '[[groups]]\nslug = "all"\nname = "All"\n\n[[themes]]\nslug = "rooms"\n'
        'group = "all"\nname = "Rooms"\nclaim = "rooms"\n'
    )
    words = ("alpha", "bingo", "cedar", "delta", "ember", "fjord")
    said = [(f"The room {word} was cold.", ("rooms",)) for word in words]
    said += [(f"The plan {word} was late.", ()) for word in words]
    open_project(tmp_path)
    try:
        labels = [Label(text, themes, f"d{n % 2}") for n, (text, themes) in enumerate(said)]
        held = evaluate_held_out(Examples.of(labels), settings=FitSettings())
        assert set(held.levels) == {THEMES}
        assert measure(held)["findings"] == len(said)
    finally:
        leave_project()
