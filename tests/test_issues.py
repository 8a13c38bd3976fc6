"""Recurring issues: what becomes one, what it is called, and that nothing accidental decides it."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from samples import sample_tables

from pipelines import columns as c
from pipelines.errors import SettingsError
from pipelines.intervals import wilson
from pipelines.mine import DiscoverySettings, mine_tables, said_once
from pipelines.mine.naming import name_group
from pipelines.mine.saying import agreeing, saying
from pipelines.mine.terms import features, phrasing
from pipelines.tables import frame

AREA = "area_for_improvement"


def tables_of(*documents, theme="risk-of-harm", polarity=AREA):
    """Make tables of documents, each a unit's name and the texts of its findings."""
    findings, tags = [], []
    for number, (unit, *texts) in enumerate(documents):
        for ordinal, text in enumerate(texts, start=1):
            finding_id = f"d{number}/{ordinal:03d}"
            findings.append(
                {
                    c.FINDING_ID: finding_id,
                    c.DOCUMENT_ID: f"d{number}",
                    c.ORDINAL: ordinal,
                    c.UNIT: unit,
                    c.POLARITY: polarity,
                    c.TEXT: text,
                }
            )
            tags.append(
                {c.FINDING_ID: finding_id, c.THEME: theme, c.PROBABILITY: 1, c.ASSIGNED: True}
            )
    return {
        "documents": frame(
            "documents",
            [{c.DOCUMENT_ID: f"d{n}", c.UNIT: unit} for n, (unit, *_) in enumerate(documents)],
        ),
        "findings": frame("findings", findings),
        "tags": frame("tags", tags),
    }


def column_of(tables, column):
    return tables["findings"].set_index(c.FINDING_ID)[column].to_dict()


THREE = (
    (
        "Alder",
        "Contingency plans were generic and said nothing of what would raise the risk.",
        "Reception was dark and the lift had failed.",
        "Minutes of meetings went missing on two occasions.",
    ),
    (
        "Birch",
        "Contingency plans were copied from case to case and seldom named a trigger.",
        "Curfew addresses were approved by telephone.",
        "An outreach bus stood idle all summer.",
    ),
    (
        "Cedar",
        "In 14 cases the contingency plan was generic or left blank.",
        "The rota had changed five times since Easter.",
        "Archery had been tried as an intervention.",
    ),
)


@pytest.fixture(scope="module")
def sample():
    return sample_tables()


@pytest.fixture(scope="module")
def mined(sample):
    return mine_tables(sample)


def test_three_documents_that_say_one_thing_make_one_issue():
    tables = tables_of(*THREE)
    mined = mine_tables(tables)
    (issue,) = mined["issues"].to_dict("records")
    assert issue[c.LABEL].lower().startswith("contingency plans")
    assert (issue[c.FINDINGS], issue[c.UNITS], issue[c.UNITS_INSPECTED]) == (3, 3, 3)
    assert (issue[c.LOW], issue[c.HIGH]) == pytest.approx(wilson(3, 3))
    assert mined["issue_findings"][c.FINDING_ID].tolist() == ["d0/001", "d1/001", "d2/001"]
    assert said_once(tables["findings"], mined["issue_findings"]) == 6


def test_what_one_inspection_says_twice_does_not_recur():
    once = ("Alder", *(document[1] for document in THREE))
    assert mine_tables(tables_of(once, ("Birch", "The lift had failed.")))["issues"].empty


def test_a_unit_inspected_twice_is_one_unit():
    mined = mine_tables(tables_of(*(("Alder", *texts) for _, *texts in THREE)))
    (issue,) = mined["issues"].to_dict("records")
    assert (issue[c.UNITS], issue[c.UNITS_INSPECTED], issue[c.SHARE]) == (1, 1, 1.0)


def test_nothing_to_mine_gives_empty_tables():
    mined = mine_tables(tables_of())
    assert {name for name, table in mined.items() if not table.empty} == set()
    silent = mine_tables(tables_of(("Alder", "It was so."), ("Birch", "They had it.")))
    assert silent["issues"].empty


def test_every_issue_of_the_sample_recurs_and_says_how_often(sample, mined):
    document_of, unit_of = column_of(sample, c.DOCUMENT_ID), column_of(sample, c.UNIT)
    members = mined["issue_findings"].groupby(c.ISSUE_ID)
    assert len(mined["issues"]) >= 10
    for issue in mined["issues"].to_dict("records"):
        ids = members.get_group(issue[c.ISSUE_ID])[c.FINDING_ID]
        assert len({document_of[i] for i in ids}) >= 2
        assert len({unit_of[i] for i in ids}) == issue[c.UNITS]
        assert len(ids) == issue[c.FINDINGS]
        assert issue[c.STABILITY] >= DiscoverySettings().least_stability


def test_every_name_is_a_phrase_that_its_findings_share(sample, mined):
    text_of = column_of(sample, c.TEXT)
    known = phrasing()
    for issue in mined["issues"].to_dict("records"):
        words = issue[c.LABEL].lower().split()
        assert 1 <= len(words) <= 8
        assert words[0] not in known.stop | known.joints
        assert words[-1] not in known.stop | known.joints
        wanted = {feature for feature in features(issue[c.LABEL].lower()) if " " not in feature}
        members = mined["issue_findings"]
        ids = members.loc[members[c.ISSUE_ID] == issue[c.ISSUE_ID], c.FINDING_ID]
        assert all(wanted & set(features(text_of[i])) for i in ids), issue[c.LABEL]


def test_representatives_are_of_different_units(sample, mined):
    unit_of = column_of(sample, c.UNIT)
    standing = mined["issue_findings"].loc[mined["issue_findings"][c.REPRESENTATIVE]]
    for _, group in standing.groupby(c.ISSUE_ID):
        units = [unit_of[i] for i in group[c.FINDING_ID]]
        assert 1 <= len(units) <= 3
        assert len(set(units)) == len(units)


def test_the_order_of_rows_decides_nothing(sample, mined):
    shuffled = {name: table.sample(frac=1, random_state=5) for name, table in sample.items()}
    for name, table in mine_tables(shuffled).items():
        pd.testing.assert_frame_equal(table, mined[name])


@pytest.mark.slow
def test_the_hash_seed_decides_nothing():
    script = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from samples import sample_tables\n"
        "from pipelines.mine import mine_tables\n"
        "print({n: t.to_csv() for n, t in sorted(mine_tables(sample_tables()).items())})\n"
    )
    digests = {
        hashlib.sha256(
            subprocess.run(
                [sys.executable, "-c", script],
                capture_output=True,
                check=True,
                cwd=Path(__file__).parents[1],
                env={**os.environ, "PYTHONHASHSEED": seed},
            ).stdout
        ).hexdigest()
        for seed in ("0", "1")
    }
    assert len(digests) == 1


def test_abbreviations_meet_their_expansions():
    assert set(features("UPW placements")) == set(features("unpaid work placements"))


def test_judgement_and_numbers_are_no_features():
    assert features("In 12 cases this was insufficient and poor.") == []


@pytest.mark.parametrize("settings", [{"threshold": 2}, {"least_inspections": 1}])
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(SettingsError, match="expected"):
        DiscoverySettings(**settings)


def test_a_name_says_what_most_findings_claim():
    mined = mine_tables(tables_of(*THREE))
    assert mined["issues"][c.LABEL].tolist() == ["Contingency plans insufficient"]


@pytest.mark.parametrize(
    ("texts", "polarity", "said"),
    [
        (["Plans were late.", "Plans came weeks after sentence."], AREA, "delayed"),
        (["Plans: 3 of 9 used.", "Plans lay unread.", "Plans were late."], AREA, "not used"),
        (["Plans were praised.", "Staff spoke well of plans."], "strength", "valued"),
        (["Visits: none made.", "Six visits made.", "No visit completed."], AREA, "not made"),
        (["Plans were blue.", "Plans were green."], AREA, ""),
        (["Plans were late.", "Plans were unsafe.", "Plans slowed. Unsafe."], AREA, "delayed"),
    ],
)
def test_what_findings_say_of_a_subject(texts, polarity, said):
    assert saying(texts, ["plan", "visit"], polarity) == said


def test_a_finding_mainly_about_something_else_is_no_part_of_an_issue():
    stray = (
        "Dale",
        "Trainees were taught well and met every week. Nobody taught them to write a contingency "
        "plan that was not generic.",
    )
    tables = tables_of(*THREE, stray)
    strayed = tables["findings"].loc[tables["findings"][c.UNIT] == "Dale", c.FINDING_ID].iloc[0]
    assert strayed in set(mine_tables(tables)["issue_findings"][c.FINDING_ID])
    other = {c.FINDING_ID: strayed, c.THEME: "pqip-trainees", c.ASSIGNED: True}
    weak = tables["tags"][c.FINDING_ID] == strayed
    tables["tags"] = pd.concat(
        [
            tables["tags"].assign(
                **{c.PROBABILITY: tables["tags"][c.PROBABILITY].where(~weak, 0.6)}
            ),
            frame("tags", [{**other, c.PROBABILITY: 0.99}]),
        ],
        ignore_index=True,
    )
    mined = mine_tables(tables)
    assert strayed not in set(mined["issue_findings"][c.FINDING_ID])
    assert mined["issues"][c.FINDINGS].tolist() == [3]


def test_two_findings_that_share_words_but_no_phrase_are_no_issue():
    pair = (
        ("Alder", "Buses to the school were full, so appointments by the river were missed."),
        (
            "Birch",
            "The river flooded, the last bus left and the school lost appointments.",
        ),
    )
    assert mine_tables(tables_of(*pair))["issues"].empty


def test_an_issue_is_at_home_in_the_theme_that_names_it():
    texts = (
        "MAPPA referrals were discussed late by the panel of partners.",
        "The panel of partners discussed MAPPA referrals late.",
        "Late again: MAPPA referrals had not been discussed by the panel of partners.",
    )
    units = [(f"Unit {n}", text) for n, text in enumerate(texts)]
    away = tables_of(*units, theme="training-and-development")
    assert len(mine_tables(away)["issues"]) == 1
    both = tables_of(*units, theme="multi-agency-working")
    both["tags"] = pd.concat([both["tags"], away["tags"]], ignore_index=True)
    assert mine_tables(both)["issues"][c.THEME].tolist() == ["multi-agency-working"]


def test_findings_that_claim_what_most_do_are_told_from_those_that_do_not():
    visits = ["Six of 30 visits were made.", "No visits were made.", "Visits took a day."]
    assert agreeing(visits, ["visit"], AREA) == [True, True, False]
    assert agreeing(["Visits were blue.", "Visits were red."], ["visit"], AREA) == [False, False]


def test_a_name_breaks_off_before_a_second_joint():
    texts = [f"There were hostel beds and for care leavers with {one} none." for one in "abc"]
    telling = dict.fromkeys(features(texts[0]), 1.0)
    name = name_group(texts, telling, core=frozenset(features(texts[0])))
    assert name is not None
    assert {"hostel beds", "care leavers"} <= set(name.terms)
    assert not any(" and for " in term for term in name.terms)
