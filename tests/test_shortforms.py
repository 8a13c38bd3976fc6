"""Short forms: senses, spellings, what a document defines itself; search and hover text."""

import pandas as pd
import pytest
from typer.testing import CliRunner

import pipelines
from pipelines.cli import app
from pipelines.lexis import annotate
from pipelines.lexis.senses import folded
from pipelines.mine.likeness.terms import terms
from pipelines.mine.search import build_index, defined, search
from pipelines.report.page.html import explained
from pipelines.shortforms import (
    annotate_in_context,
    definitions,
    find_short_forms,
    hovers,
    written_out,
)
from pipelines.tables import frame
from pipelines.tag.explain.attribution import explain


def forms(text):
    return {form.short: form for form in find_short_forms(text)}


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("run by the Women's Advice Hub (WAH) in town", "WAH", "Women's Advice Hub"),
        ("many Probation Officers (POs) left", "PO", "Probation Officer"),
        ("TWR (Tomorrow's Women Rising) runs it", "TWR", "Tomorrow's Women Rising"),
        ("WAH\tWomen's Advice Hub\n", "WAH", "Women's Advice Hub"),
        ("attention deficit and hyperactivity disorder (ADHD)", "ADHD", "deficit"),
        ("the multi-agency risk assessment conference (MARAC)", "MARAC", "multi-agency risk"),
    ],
)
def test_a_definition_is_found(text, short, long):
    found = definitions(text)
    assert long in found[short]
    assert not found[short].lower().startswith(("and", "the"))


@pytest.mark.parametrize(
    "text",
    [
        "the office (see annexe)",
        "in the north (MOJ, 2023)",
        "Part Two (II)",
        "staff were told (NOT asked)",
        "a lift that broke (WAH)",
    ],
)
def test_what_is_no_definition_is_none(text):
    assert definitions(text) == {}


def test_what_a_document_says_itself_wins_inside_it():
    plain = forms("Each AP had a plan. The AP was full. A PSO was there.")
    assert (plain["AP"].ambiguous, plain["AP"].expansion) == (True, None)
    assert plain["AP"].title == "Accredited Programme or Approved Premises"
    own = forms("It was an Action Plan (AP). The AP was full.")
    assert (own["AP"].ambiguous, own["AP"].expansion) == (False, "Action Plan")
    assert own["AP"].source == "document"
    assert own["AP"].senses[0] == "Action Plan"
    assert own["AP"].title == "Action Plan"


def test_a_short_form_with_a_likely_and_another_sense_is_marked_and_says_both():
    form = forms("One PO left; a PSO stayed.")["PO"]
    assert form.ambiguous
    assert form.expansion == "Probation Officer"
    assert form.title == "Probation Officer (elsewhere also: Prison Officer)"


@pytest.mark.parametrize(
    ("spelling", "usual"),
    [("EpoP", "EPoP"), ("EPOP", "EPoP"), ("PqiP", "PQiP"), ("ROSH", "RoSH"), ("CAS-3", "CAS3")],
)
def test_spellings_fold(spelling, usual):
    form = forms(f"The {spelling} lead spoke. The {usual} lead left.")[usual]
    assert form.times == 2
    assert form.spellings == (spelling,)


def test_odd_spellings_serve_the_lexicon_and_search():
    for odd, usual in (("EpoP", "EPoP"), ("PqiP", "PQiP")):
        one, two = annotate([f"The {odd} lead left.", f"The {usual} lead left."])
        assert [hit.name for hit in one.hits] == [hit.name for hit in two.hits]
        stems = [[t.stem for t in terms(f"Their {way} work.")] for way in (odd, usual)]
        assert stems[0] == stems[1]


def test_unknown_ones_are_listed_and_headings_in_capitals_are_not():
    found = forms(
        "FOREWORD\nThe foreword on QZX and McDonald in Part II, HM said. QZXs too. IT or it."
    )
    assert found["QZX"].source == "unknown"
    assert found["QZX"].times == 2
    assert set(found) == {"QZX", "IT"}


def test_search_knows_what_a_documents_short_form_means():
    rows = [
        {"finding_id": "a/1", "document_id": "a", "text": "The AP had no beds.", "digest": "1"},
        {"finding_id": "b/1", "document_id": "b", "text": "The AP was late.", "digest": "2"},
        {"finding_id": "c/1", "document_id": "c", "text": "The lift was slow.", "digest": "3"},
    ]
    findings = frame("findings", rows)
    own = {"short": "AP", "source": "document", "senses": [], "spellings": []}
    table = frame(
        "abbreviations",
        [
            {**own, "document_id": "a", "expansion": "Approved Premises"},
            {**own, "document_id": "b", "expansion": "Action Plan"},
        ],
    )
    index = build_index(defined(findings, table))
    best = search("approved premises", findings, index=index)
    assert best["finding_id"].tolist()[0] == "a/1"
    assert best["text"].tolist()[0] == "The AP had no beds."
    assert search("action plan", findings, index=index)["finding_id"].tolist()[0] == "b/1"
    assert set(search("AP", findings, index=index)["finding_id"][:2]) == {"a/1", "b/1"}
    pd.testing.assert_frame_equal(defined(findings, None), findings)


def test_another_sense_than_the_shipped_one_takes_its_place():
    own = {folded("PCC"): "Parish Church Council", folded("SPO"): "senior probation officer"}
    said = written_out("The PCC met SPOs.", own)
    assert said == "The Parish Church Council met SPOs."


def test_a_finding_is_read_with_the_short_forms_of_its_document():
    text = "The WAH was full. SPOs left."
    own = {folded("WAH"): "Women's Advice Hub", folded("SPO"): "school parking officer"}
    (read,) = annotate_in_context([text], [own])
    said = [(token.stem, text[token.start : token.end]) for token in read.tokens if token.stem]
    assert [stem for stem, place in said if place == "WAH"] == ["women", "advic", "hub"]
    assert [stem for stem, place in said if place == "SPOs"] == ["school", "park", "officer"]
    assert ("womens-services/women", 4, 7) in read.hits
    assert not [hit for hit in read.hits if hit.name.endswith("/SPO")]
    assert annotate_in_context([text]) == annotate([text])
    assert annotate_in_context([text], [{folded("SPO"): "senior probation officers"}]) == (
        annotate([text])
    )


@pytest.mark.parametrize(
    ("text", "short", "sense", "theme"),
    [
        ("The WAH had too few places.", "WAH", "Women's Advice Hub", "womens-services"),
        ("QDV was not asked about.", "QDV", "domestic abuse", "domestic-abuse-checks"),
        (
            "Visits to the MSA failed.",
            "MSA",
            "mental health service",
            "health-and-substance-misuse",
        ),
    ],
)
def test_a_theme_is_given_by_what_the_document_says_and_explained_by_it(text, short, sense, theme):
    plain = {reason.slug: reason for reason in explain(text).reasons}[theme]
    made = explain(text, context={folded(short): sense})
    own = {reason.slug: reason for reason in made.reasons}[theme]
    assert (plain.assigned, own.assigned) == (False, True)
    assert own.parts[0].text == short


def test_hover_text_marks_each_once_and_escapes():
    titles = {folded("SPO"): 'Senior "Probation" <Officer>'}
    text = "<b>SPOs</b> and an SPO"
    marked = explained(text, hovers(text, titles))
    assert marked == (
        '&lt;b&gt;<abbr title="Senior &#34;Probation&#34; &lt;Officer&gt;">SPOs</abbr>&lt;/b&gt; '
        "and an SPO"
    )


def test_a_run_has_the_table_the_command_and_the_page(tmp_path):
    source = tmp_path / "kirk.txt"
    text = (
        "An inspection of probation services in Kirk PDU\n\n1.1. Leadership\n\nStrengths:\n\n"
        "- The Women's Advice Hub (WAH) was used well by every SPO and by each AP.\n\n"
        "Areas for improvement:\n\n- The WAH had too few places.\n"
        "- The QZX had not met, and EpoP work had no lead.\n"
    )
    source.write_text(text, encoding="utf-8")
    run = pipelines.run([source], tmp_path / "run", formats=("html",))
    table = run.abbreviations.set_index("short")
    assert table.loc["WAH", "expansion"] == "Women's Advice Hub"
    assert table.loc["EPoP", "spellings"] == ["EpoP"]
    page = run.report.read_text(encoding="utf-8")
    assert '<abbr title="Senior Probation Officer">SPO</abbr>' in page
    assert '<abbr title="Accredited Programme or Approved Premises">AP</abbr>' in page
    assert '<abbr title="Women&#39;s Advice Hub">WAH</abbr> had too few places' in page
    tags = run.tags.loc[run.tags["assigned"]]
    full = run.findings.loc[run.findings["text"] == "The WAH had too few places.", "finding_id"]
    assert "womens-services" in tags.loc[tags["finding_id"].isin(full), "theme"].tolist()
    why = run.explanations.loc[run.explanations["finding_id"].isin(full)]
    assert "WAH" in set(why["text"])
    asked = CliRunner().invoke(app, ["explain", full.iloc[0], "--run", str(tmp_path / "run")])
    assert "(womens-services): given, sure" in asked.stdout
    listed = CliRunner().invoke(app, ["acronyms", str(tmp_path / "run"), "--unknown", "--csv"])
    assert listed.exit_code == 0
    assert [line.split(",")[0] for line in listed.stdout.splitlines()] == ["short", "QZX"]


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("Community Rehabilitation Companies (CRCs)", "CRC", "Community Rehabilitation Company"),
        ("Basic Custody Processes (BCPs)", "BCP", "Basic Custody Process"),
        ("Senior Probation Officers (SPOs)", "SPO", "Senior Probation Officer"),
        ("Youth Justice Services (YJSs)", "YJS", "Youth Justice Service"),
    ],
)
def test_the_long_form_of_a_plural_is_singular(text, short, long):
    assert definitions(f"We saw {text} there.")[short] == long
