"""Links from recommendations to findings, and what has no partner."""

from pathlib import Path

import pandas as pd
import pytest

import pipelines
from pipelines import columns as c
from pipelines.mine import mine_tables
from pipelines.mine.coverage import coverage
from pipelines.mine.likeness.space import build_space
from pipelines.mine.links import FURTHER, SURE, links
from pipelines.tables import frame

FINDINGS = (
    ("area_for_improvement", "Wi-Fi failed daily in the Quay office.", "ict-and-recording"),
    ("strength", "Wi-Fi at the Quay office was fast and dependable.", "ict-and-recording"),
    ("area_for_improvement", "Managers oversaw too few cases in depth.", "management-oversight"),
    ("area_for_improvement", "The lift was broken.", "premises-and-travel"),
    ("area_for_improvement", "The ramp was too steep.", "premises-and-travel"),
    ("area_for_improvement", "Two interview rooms were damp.", "premises-and-travel"),
)
ASKED = (
    ("provide dependable Wi-Fi", "ict-and-recording"),
    ("deepen the oversight of cases by managers", "management-oversight"),
    ("teach everybody to swim", "training-and-development"),
)


@pytest.fixture(scope="module")
def tables():
    ids = [f"d/{n:03d}" for n in range(1, len(FINDINGS) + 1)]
    tag = {c.PROBABILITY: 1.0, c.ASSIGNED: True}
    return {
        "findings": frame(
            "findings",
            [
                {c.FINDING_ID: i, c.DOCUMENT_ID: "d", c.POLARITY: polarity, c.TEXT: text}
                for i, (polarity, text, _) in zip(ids, FINDINGS, strict=True)
            ],
        ),
        "tags": frame(
            "tags",
            [
                {c.FINDING_ID: i, c.THEME: theme, **tag}
                for i, (*_, theme) in zip(ids, FINDINGS, strict=True)
            ],
        ),
        "recommendations": frame(
            "recommendations",
            [
                {
                    c.RECOMMENDATION_ID: f"d/r{n}",
                    c.DOCUMENT_ID: "d",
                    c.NUMBER: n,
                    c.ADDRESSEE_TYPE: "pdu",
                    c.TEXT: text,
                }
                for n, (text, _) in enumerate(ASKED, start=1)
            ],
        ),
    }


@pytest.fixture(scope="module")
def asked():
    return frame(
        "recommendation_tags",
        [
            {c.RECOMMENDATION_ID: f"d/r{n}", c.THEME: theme, c.PROBABILITY: 1, c.ASSIGNED: True}
            for n, (_, theme) in enumerate(ASKED, start=1)
        ],
    )


@pytest.fixture(scope="module")
def linked(tables, asked):
    return links(tables, build_space(tables["findings"][c.TEXT].tolist()), asked)


def best(linked, recommendation):
    return linked.loc[linked[c.RECOMMENDATION_ID] == recommendation, c.FINDING_ID].iloc[0]


def test_the_finding_on_the_same_matter_comes_first(linked):
    assert best(linked, "d/r1") == "d/001"  # the area for improvement, not the strength
    assert best(linked, "d/r2") == "d/003"
    assert linked[c.SCORE].between(0, 1).all()


def test_what_has_no_partner_is_said(tables, linked, asked):
    found = coverage(tables, linked, asked)
    without = found.loc[found[c.KIND] == "recommendation_without_evidence"]
    assert without[c.RECOMMENDATION_ID].tolist() == ["d/r3"]
    area = found.loc[found[c.KIND] == "area_without_recommendation"]
    assert area[[c.THEME, c.FINDINGS]].to_numpy().tolist() == [["premises-and-travel", 3]]


def test_a_finding_of_another_document_is_no_evidence(tables, asked):
    elsewhere = {**tables, "findings": tables["findings"].assign(**{c.DOCUMENT_ID: "e"})}
    assert links(elsewhere, build_space(elsewhere["findings"][c.TEXT].tolist()), asked).empty


def test_the_order_of_recommendations_decides_nothing(tables, linked, asked):
    turned = {**tables, "recommendations": tables["recommendations"].iloc[::-1]}
    again = links(turned, build_space(turned["findings"][c.TEXT].tolist()), asked.iloc[::-1])
    pd.testing.assert_frame_equal(again, linked)


def test_themes_of_recommendations_that_are_given_are_used_and_not_made_again(tables, asked):
    documents = frame("documents", [{c.DOCUMENT_ID: "d", c.UNIT: "Alder"}])
    given = {**tables, "documents": documents, "recommendation_tags": asked}
    mined = mine_tables(given)
    assert "recommendation_tags" not in mined
    assert best(mined["links"], "d/r1") == "d/001"


LABELS = Path(__file__).parents[1] / "corpus" / "sample" / "labels" / "links.csv"


def test_limits_are_those_that_the_labels_support(monkeypatch):
    """The best link is kept, a further one only where the labels say that it is mostly apt."""
    labels = pd.read_csv(LABELS)
    run = pipelines.run([str(LABELS.parents[1])])
    monkeypatch.setattr("pipelines.mine.links.FURTHER", 0.0)
    findings = run.findings.sort_values(c.FINDING_ID, ignore_index=True)
    tables = {**run.tables, "findings": findings}
    space = build_space(findings[c.TEXT].tolist())
    every = links(tables, space, run.recommendation_tags)
    every["rank"] = every.groupby(c.RECOMMENDATION_ID).cumcount()
    judged = every.merge(labels, on=[c.RECOMMENDATION_ID, c.FINDING_ID])
    assert len(judged) >= 90  # of the 100 labelled; a changed model may drop some
    apt, best = judged["apt"] == "yes", judged["rank"] == 0
    sure = best & (judged[c.SCORE] >= SURE)
    further = ~best & (judged[c.SCORE] >= FURTHER)
    below = ~best & (judged[c.SCORE] < FURTHER)
    assert below.sum() >= 20
    assert apt[sure].mean() >= 0.85
    assert apt[best & ~sure].mean() < apt[sure].mean()
    assert apt[further].all()  # or choose the limit anew
    for limit in judged.loc[below, c.SCORE].nlargest(20).iloc[4:]:  # of fewer it is luck
        assert apt[below & (judged[c.SCORE] >= limit)].mean() < 0.7
    kept = run.links.merge(labels, on=[c.RECOMMENDATION_ID, c.FINDING_ID])
    assert (kept["apt"] == "yes").mean() >= 0.8


def test_doubtful_link_and_strength_are_named(tables):
    from pipelines.codebook import load_codebook
    from pipelines.report.content import Advice
    from pipelines.report.evidence import gather_evidence

    findings = tables["findings"].assign(**{c.ORDINAL: range(len(FINDINGS))})
    finding = gather_evidence({"findings": findings}, load_codebook())[1]
    advice = Advice("d/r1", "Unit", "", 1, "", "", unsure=frozenset({"d/002"}))
    assert "a strength" in advice.cited(finding)
    assert "check" in advice.cited(finding)
    assert "check" not in Advice("d/r1", "Unit", "", 1, "", "").cited(finding)
