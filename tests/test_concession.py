"""What findings concede: the issue of the other pole, which is suggested and not counted."""

import csv
import runpy
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from pipelines import columns as c
from pipelines.answers import about_finding, apply_answers
from pipelines.answers.applied import without_answers
from pipelines.answers.store import AnswerStore
from pipelines.catalogue import load_catalogue
from pipelines.errors import SettingsError
from pipelines.records import Polarity, digest
from pipelines.tables import frame
from pipelines.tag import load_model, tag_tables
from pipelines.tag.concession import SIGNS, load_weights
from pipelines.tag.explain.attribution import explain
from pipelines.tag.features import tone
from pipelines.tag.features.tone import clauses, load_tone

ROOT = Path(__file__).parents[1]
AREA, STRENGTH = str(Polarity.AREA_FOR_IMPROVEMENT), str(Polarity.STRENGTH)
CONCEDING = (
    "Although appointments were flexible and arranged around people's working shifts, home visits "
    "were rarely made where they were needed."
)
APART = (
    "Home visits were rarely made where they were needed. Appointments were flexible and "
    "thoughtfully arranged around people's working shifts."
)


def told(*findings):
    rows = [
        {
            c.FINDING_ID: f"a/{n:03d}",
            c.DOCUMENT_ID: "a",
            c.TEXT: text,
            c.POLARITY: polarity,
            c.DIGEST: digest(text),
        }
        for n, (text, polarity) in enumerate(findings, 1)
    ]
    return frame("findings", rows)


def issues_of(findings):
    return tag_tables(findings, model=load_model())["issue_tags"]


def row_of(tags, finding, subject):
    found = tags.loc[(tags[c.FINDING_ID] == finding) & (tags[c.SUBJECT] == subject)]
    return found[[c.POLARITY, c.ASSIGNED, c.CERTAINTY]].to_numpy().tolist()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Plans were late.", ["Plans were late."]),
        (
            CONCEDING,
            [
                "Although appointments were flexible and arranged around people's working shifts",
                "home visits were rarely made where they were needed.",
            ],
        ),
        (
            "Staff were proud of their work, but few plans were shared; visits were rare.",
            ["Staff were proud of their work", "but few plans were shared", "visits were rare."],
        ),
        ("", [""]),
    ],
)
def test_a_text_is_cut_where_its_sense_may_turn(text, parts):
    assert clauses(text) == parts


@pytest.mark.parametrize(
    ("clause", "strength"),
    [
        ("appointments were flexible and thoughtfully arranged", True),
        ("staff were proud of their work and listened to people", True),
        ("home visits were rarely made", False),
        ("few plans were shared and contact was poor", False),
    ],
)
def test_the_tone_of_a_clause_is_of_its_words(clause, strength):
    assert (load_tone().of(clause) > 0) == strength
    assert load_tone().of("...") == 0.0


@pytest.mark.parametrize("text", [CONCEDING, APART])
def test_what_is_conceded_is_suggested_under_its_other_pole(text):
    tags = issues_of(told((text, AREA)))
    assert row_of(tags, "a/001", "home-visits")[0][:2] == [AREA, True]
    assert row_of(tags, "a/001", "flexible-appointments") == [[STRENGTH, False, "suggested"]]


def test_the_same_said_of_a_strength_concedes_the_other_issue():
    turned = (
        "Appointments were flexible and thoughtfully arranged around people's working shifts, "
        "although home visits were rarely made where they were needed."
    )
    tags = issues_of(told((turned, STRENGTH)))
    assert row_of(tags, "a/001", "flexible-appointments")[0][:2] == [STRENGTH, True]
    assert row_of(tags, "a/001", "home-visits")[0][:2] == [AREA, False]


def test_a_strength_that_denies_what_is_bad_concedes_nothing():
    denied = (
        "Vacancies were rare. New staff were warmly welcomed and thoughtfully supported by skilled "
        "and experienced managers."
    )
    tags = issues_of(told((denied, STRENGTH)))
    listed = tags.loc[tags[c.CERTAINTY].notna()]
    assert "vacancies" in set(listed[c.SUBJECT])
    assert set(listed[c.POLARITY]) == {STRENGTH}


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (
            "Most practitioners had manageable caseloads, but in two of the teams caseloads were "
            "too high.",
            "caseload-size",
        ),
        (
            "While staff valued the supervision they received, it was infrequent for almost half "
            "of them.",
            "staff-supervision",
        ),
        (
            "The unit had a clear vision and a delivery plan, but these had not been communicated "
            "to front-line staff.",
            "vision-and-direction",
        ),
        (
            "Even though trainees were well supported, they carried caseloads that were too large "
            "for their experience.",
            "pqip-workload",
        ),
        (
            "Although trainees were well supported, their caseloads were too large.",
            "pqip-workload",
        ),
    ],
)
def test_what_is_good_but_not_for_all_is_stated(text, subject):
    assert row_of(issues_of(told((text, AREA))), "a/001", subject)[0][:2] == [AREA, True]


def test_what_is_conceded_beside_a_clause_with_an_issue_of_its_own_stays_so():
    text = "While staff felt valued and supported, their training needs were not met."
    tags = issues_of(told((text, AREA)))
    assert row_of(tags, "a/001", "training-access")[0][:2] == [AREA, True]
    assert row_of(tags, "a/001", "reward-and-recognition")[0][:2] == [STRENGTH, False]


def test_blanks_in_number_are_one():
    text = "Although vacancies\n" + " " * 3000 + "remained high in most teams."
    assert clauses(text) == ["Although vacancies remained high in most teams."]


def test_an_unknown_polarity_concedes_nothing():
    found = explain(APART, polarity="mixed")
    assert found.reason("flexible-appointments", level="issues").assigned


def test_what_should_be_is_not_conceded():
    asked = (
        "Home visits were rarely made where they were needed. Leaders should ensure flexible "
        "appointments, thoughtfully arranged around people's working shifts."
    )
    assert set(issues_of(told((asked, AREA)))[c.POLARITY]) == {AREA}


def test_nothing_is_conceded_where_all_speaks_alike_or_the_polarity_is_unknown():
    alike = (
        "Home visits were rarely made where they were needed. Appointments were rigid, and few "
        "were arranged around people's working shifts."
    )
    tags = issues_of(told((alike, AREA)))
    given = tags.loc[tags[c.ASSIGNED], [c.SUBJECT, c.POLARITY]].to_numpy().tolist()
    assert ["home-visits", AREA] in given
    assert ["flexible-appointments", AREA] in given
    unknown = told((APART, AREA)).drop(columns=c.POLARITY)
    assert row_of(issues_of(unknown), "a/001", "flexible-appointments")[0][1] is True


def test_what_a_finding_concedes_depends_on_no_other_finding():
    rows = [(CONCEDING, AREA), ("The lift was broken.", AREA), (APART, STRENGTH)]
    together = issues_of(told(*rows))
    alone = issues_of(told(rows[0]))
    own = together.loc[together[c.FINDING_ID] == "a/001"].reset_index(drop=True)
    for name in alone.columns:
        assert own[name].tolist() == alone[name].tolist()


def test_an_explanation_says_what_is_only_conceded():
    found = explain(APART, polarity=AREA)
    reason = found.reason("flexible-appointments", level="issues")
    name = load_catalogue().subject("flexible-appointments").strength
    assert (reason.verdict, reason.name) == ("only conceded", name)
    assert "only conceded" in found._repr_html_()
    assert found.reason("home-visits", level="issues").assigned
    assert explain(APART).reason("flexible-appointments", level="issues").assigned


def test_a_person_who_says_yes_decides_for_the_findings_own_pole(tmp_path):
    findings = told((APART, AREA))
    tables = {"findings": findings, **tag_tables(findings, model=load_model())}
    store = AnswerStore(tmp_path)
    store.append([about_finding("Ann", digest(APART), "issue", "flexible-appointments", "yes")])
    after = apply_answers(tables, store.read())
    assert row_of(after["issue_tags"], "a/001", "flexible-appointments") == [[AREA, True, "sure"]]
    back = without_answers(after)["issue_tags"]
    assert row_of(back, "a/001", "flexible-appointments") == [[STRENGTH, False, "suggested"]]


def test_a_row_that_is_no_word_and_number_is_named(monkeypatch, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "tone.csv").write_text("word,weight\nlate,low\n", encoding="utf-8")
    monkeypatch.setattr(tone, "files", lambda _: tmp_path)
    load_tone.cache_clear()
    with pytest.raises(SettingsError, match=r"tone.csv, line 2: .*expected word,weight"):
        load_tone()
    load_tone.cache_clear()


def test_weights_of_other_signs_are_named(monkeypatch, tmp_path):
    (tmp_path / "data").mkdir()
    rows = "".join(f"{sign},1\n" for sign in SIGNS[1:])
    (tmp_path / "data" / "concession.csv").write_text(f"word,weight\n{rows}", encoding="utf-8")
    monkeypatch.setattr(tone, "files", lambda _: tmp_path)
    load_weights.cache_clear()
    with pytest.raises(SettingsError, match=r"concession.csv: got .*; expected"):
        load_weights()
    load_weights.cache_clear()


@pytest.mark.slow
def test_the_weights_are_those_of_the_written_findings():
    made = runpy.run_path(str(ROOT / "corpus" / "tone.py"))["make_table"]()
    shipped = (files("pipelines") / "data" / "tone.csv").read_text("utf-8")
    fresh, kept = (
        {row["word"]: float(row["weight"]) for row in csv.DictReader(text.splitlines())}
        for text in (made, shipped)
    )
    near = [abs(fresh.get(word, 0.0) - weight) for word, weight in kept.items()]
    # A weight close to the least that is kept may fall to the other side on another processor.
    assert np.quantile(near, 0.99) < 0.02
    assert len(set(fresh) ^ set(kept)) < 20
