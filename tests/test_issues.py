"""Recurring issues: what becomes one, what it is called, and that nothing accidental decides it."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from pipelines import columns as c
from pipelines.catalogue import load_catalogue
from pipelines.errors import SettingsError
from pipelines.intervals import wilson
from pipelines.mine import DiscoverySettings, mine_tables, said_once
from pipelines.mine.groups.naming import name_group
from pipelines.mine.groups.sample import in_sample, one_in
from pipelines.mine.groups.saying import agreeing, saying
from pipelines.mine.likeness.terms import features, phrasing
from pipelines.tables import frame
from samples import sample_tables

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


def stated(tables, *entries, subject="contingency-planning"):
    """Add issue tags to tables: finding ids, each with what differs from a likely tag given."""
    polarity = column_of(tables, c.POLARITY)
    rows = [
        {
            c.FINDING_ID: finding_id,
            c.SUBJECT: subject,
            c.POLARITY: polarity[finding_id],
            c.PROBABILITY: 0.8,
            c.ASSIGNED: True,
            c.CERTAINTY: "likely",
            c.SOURCE: "model",
            **more,
        }
        for finding_id, more in entries
    ]
    before = tables["issue_tags"].to_dict("records") if "issue_tags" in tables else []
    return {**tables, "issue_tags": frame("issue_tags", [*before, *rows])}


SURE = {c.CERTAINTY: "sure", c.PROBABILITY: 0.97}
SUGGESTED = {c.CERTAINTY: "suggested", c.PROBABILITY: 0.2, c.ASSIGNED: False}


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


def test_a_group_that_no_subject_covers_is_a_new_issue_with_its_name_for_an_id():
    (issue,) = mine_tables(tables_of(*THREE))["issues"].to_dict("records")
    assert issue[c.ISSUE_ID] == "new-contingency-plans-insufficient/area_for_improvement"
    assert issue[c.STATUS] == "new"
    assert pd.isna(issue[c.SUBJECT])
    assert (issue[c.UNITS_SURE], issue[c.OPPOSITE_UNITS]) == (0, 0)
    assert issue[c.STABILITY] > 0


def test_findings_that_state_a_subject_make_its_issue_whatever_their_words():
    said = [("d0/001", SURE), ("d1/002", {}), ("d2/003", {c.SOURCE: "person"})]
    mined = mine_tables(stated(tables_of(*THREE), *said))
    issue = mined["issues"].to_dict("records")[0]
    subject = load_catalogue().subject("contingency-planning")
    assert issue[c.ISSUE_ID] == "contingency-planning/area_for_improvement"
    assert (issue[c.STATUS], issue[c.SUBJECT]) == ("catalogue", "contingency-planning")
    assert issue[c.LABEL] == subject.area_for_improvement
    assert issue[c.THEME] == subject.theme
    assert (issue[c.FINDINGS], issue[c.UNITS], issue[c.UNITS_SURE]) == (3, 3, 2)
    assert (issue[c.LOW], issue[c.HIGH]) == pytest.approx(wilson(3, 3))
    assert pd.isna(issue[c.STABILITY])
    members = mined["issue_findings"]
    members = members[members[c.ISSUE_ID] == issue[c.ISSUE_ID]].set_index(c.FINDING_ID)
    assert members[c.CERTAINTY].to_dict() == {
        "d0/001": "sure",
        "d1/002": "likely",
        "d2/003": "likely",
    }
    assert members[c.PROBABILITY].tolist() == [0.97, 0.8, 0.8]


def test_what_states_a_subject_is_in_no_new_issue():
    """Not even where too few state it for an issue of the catalogue."""
    whole = stated(tables_of(*THREE), *((f"d{n}/001", {}) for n in range(3)))
    assert mine_tables(whole)["issues"][c.STATUS].tolist() == ["catalogue"]
    four = tables_of(*THREE, ("Dale", "Nobody wrote a contingency plan that was not generic."))
    assert mine_tables(four)["issues"][c.FINDINGS].tolist() == [4]
    lone = mine_tables(stated(four, ("d3/001", {})))
    assert lone["issues"][c.STATUS].tolist() == ["new"]
    assert lone["issue_findings"][c.FINDING_ID].tolist() == ["d0/001", "d1/001", "d2/001"]


def test_what_is_suggested_is_never_counted():
    tables = tables_of(*THREE)
    said = [(f"d{n}/001", SUGGESTED) for n in range(3)]
    mined = mine_tables(stated(tables, *said))
    for name, table in mine_tables(tables).items():
        pd.testing.assert_frame_equal(mined[name], table)


def test_of_very_many_findings_a_sample_is_grouped_and_counts_are_whole():
    """Each finding is of the sample by its id; what the groups stand for is then looked for."""
    tails = ("in most cases.", "for people in custody.", "and nobody had checked them.")
    many = [
        (f"Unit {at}", f"Contingency plans were generic and out of date {tails[at % 3]}")
        for at in range(24)
    ]
    tables = tables_of(*many)
    plain = mine_tables(tables)
    settings = DiscoverySettings(most=6)
    assert one_in(24, settings.most) == 4
    ids = tables["findings"][c.FINDING_ID]
    assert 2 <= in_sample(ids, 4).sum() < 12
    sampled = mine_tables(tables, settings=settings)
    assert sampled["issues"][c.FINDINGS].tolist() == plain["issues"][c.FINDINGS].tolist() == [24]
    assert sampled["issues"][c.UNITS].tolist() == plain["issues"][c.UNITS].tolist()


def test_what_is_mainly_about_something_else_counts_alike_in_a_sample_and_beside_it():
    """Where its first sentence says the name of the issue."""
    many = [
        (f"Unit {at}", f"Home visits to flats were not made in street {at} and court {at + 1}.")
        for at in range(40)
    ]
    tables = tables_of(*many)
    weak = tables["findings"][c.FINDING_ID].tolist()[::2]
    likelihood = tables["tags"][c.PROBABILITY].where(~tables["tags"][c.FINDING_ID].isin(weak), 0.4)
    others = [
        {c.FINDING_ID: x, c.THEME: "outcomes", c.PROBABILITY: 0.95, c.ASSIGNED: True} for x in weak
    ]
    tags = tables["tags"].assign(**{c.PROBABILITY: likelihood})
    tables["tags"] = pd.concat([tags, frame("tags", others)], ignore_index=True)
    found = [
        mine_tables(tables, settings=DiscoverySettings(most=most))["issues"][c.FINDINGS].tolist()
        for most in (1_000, 20)
    ]
    assert found == [[40], [40]]


def test_what_is_of_a_sample_stays_when_reports_are_added():
    ids = [f"d{at}/001" for at in range(500)]
    half, quarter = in_sample(ids, 2), in_sample(ids, 4)
    assert in_sample(ids[:100], 2).tolist() == half[:100].tolist()
    assert not (quarter & ~half).any()
    assert 200 < half.sum() < 300


def test_an_issue_that_one_inspection_has_does_not_recur():
    mined = mine_tables(stated(tables_of(*THREE), ("d0/001", {}), ("d0/002", {})))
    assert "catalogue" not in set(mined["issues"][c.STATUS])


def test_a_pole_counts_the_units_that_have_the_other_one():
    units = [(f"Unit {n}", "It was so.", "They had it.", "We met them.") for n in range(4)]
    tables = tables_of(*units)
    strengths = tables["findings"][c.FINDING_ID].str.endswith("/002")
    tables["findings"].loc[strengths, c.POLARITY] = "strength"
    said = ("d0/001", "d1/001", "d2/001", "d2/002", "d3/002")
    issues = mine_tables(stated(tables, *((name, {}) for name in said)))["issues"]
    found = issues.set_index(c.ISSUE_ID)
    assert found[c.UNITS].to_dict() == {
        "contingency-planning/area_for_improvement": 3,
        "contingency-planning/strength": 2,
    }
    assert found[c.OPPOSITE_UNITS].tolist() == [2, 3]
    subject = load_catalogue().subject("contingency-planning")
    assert found[c.LABEL].tolist() == [subject.area_for_improvement, subject.strength]


def test_a_finding_can_be_in_two_issues():
    tables = stated(tables_of(*THREE), ("d0/001", {}), ("d1/001", {}))
    both = stated(tables, ("d0/001", {}), ("d2/002", {}), subject="staff-morale")
    mined = mine_tables(both)
    members = mined["issue_findings"]
    assert members.loc[members[c.FINDING_ID] == "d0/001", c.ISSUE_ID].nunique() == 2


def test_an_id_is_slug_and_polarity_and_stays_when_documents_are_added():
    """So does what a finding is in: it does not depend on what else is in the batch."""
    said = [("d0/001", SURE), ("d1/001", {}), ("d1/003", {}), ("d2/001", {})]
    few = stated(tables_of(*THREE), *said)
    more = [(f"Unit {n}", "Minutes of meetings went missing.", "Lifts fail.") for n in range(9)]
    added = [(f"d{3 + n}/001", {}) for n in range(4)]
    many = stated(tables_of(*THREE, *more), *said, *added)
    many = stated(many, *((f"d{3 + n}/002", {}) for n in range(5)), subject="staff-morale")
    members = []
    for tables in (few, many):
        mined = mine_tables(tables)
        listed = mined["issues"][mined["issues"][c.STATUS] == "catalogue"]
        ids = [f"{s}/{p}" for s, p in zip(listed[c.SUBJECT], listed[c.POLARITY], strict=True)]
        assert listed[c.ISSUE_ID].tolist() == ids
        assert "contingency-planning/area_for_improvement" in ids
        own = mined["issue_findings"]
        own = own[own[c.ISSUE_ID] == "contingency-planning/area_for_improvement"]
        members.append(set(own[c.FINDING_ID]))
    first = {name for name, _ in said}
    assert members == [first, first | {name for name, _ in added}]


def test_tags_of_subjects_or_findings_that_are_not_there_are_left_alone():
    tables = stated(tables_of(*THREE), ("d0/001", {}), ("d1/001", {}))
    strange = frame(
        "issue_tags",
        [
            *tables["issue_tags"].to_dict("records"),
            {**tables["issue_tags"].iloc[0].to_dict(), c.SUBJECT: "of-another-catalogue"},
            {**tables["issue_tags"].iloc[0].to_dict(), c.FINDING_ID: "d9/001"},
        ],
    )
    made = mine_tables({**tables, "issue_tags": strange})
    for name, table in mine_tables(tables).items():
        pd.testing.assert_frame_equal(made[name], table)


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
        assert issue[c.STATUS] == "new"  # its findings state no subject: they have no issue tags
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


def test_a_finding_near_a_new_issue_joins_it_where_it_says_a_word_of_its_name():
    near = (
        "Dale",
        "Nobody could say which contingency would apply, and sheets for it held names of officers "
        "long gone.",
        "The lift had failed, and the reception was dark and cold.",
    )
    tables = tables_of(*THREE, near)
    text_of = column_of(tables, c.TEXT)
    joined = mine_tables(tables)["issue_findings"][c.FINDING_ID]
    apart = mine_tables(tables, settings=DiscoverySettings(joining=1.0))["issue_findings"]
    (more,) = set(joined) - set(apart[c.FINDING_ID])
    assert text_of[more] == near[1]
    assert all("ontingency" in text_of[finding] for finding in joined)


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


def test_a_finding_is_mainly_about_a_theme_that_a_person_alone_gave():
    """Such a theme has no probability: its finding was mainly about nothing."""
    text = "Staff were taught well. Nobody taught them to write a contingency plan not generic."
    tables = tables_of(*THREE, ("Dale", text))
    given = tables["tags"][c.PROBABILITY].mask(tables["tags"][c.FINDING_ID] == "d3/001")
    tables["tags"] = tables["tags"].assign(**{c.PROBABILITY: given})
    assert mine_tables(tables)["issues"][c.FINDINGS].tolist() == [4]


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


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Leaders had lost touch with the court clerks.", "Court clerks"),
        ("Parking permits for ushers were not renewed.", "Parking permits for ushers"),
    ],
)
def test_a_name_cuts_through_no_idiom_and_no_pair_of_nouns(text, name):
    telling = dict.fromkeys(features(text), 1.0)
    found = name_group([text] * 3, telling, core=frozenset(features(text)))
    assert found is not None
    assert found.label == name


def test_a_word_of_an_idiom_makes_no_claim():
    assert saying(["Visits were made at short notice."] * 3, ["visit"], AREA) == ""
    assert saying(["Visits were short."] * 3, ["visit"], AREA) != ""
