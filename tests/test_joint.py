"""Reports of frameworks that are data alone: joint ones, one's own, ones nobody wrote down."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.errors import SettingsError
from pipelines.frameworks import load_registry
from pipelines.read import read_document
from pipelines.records import Polarity
from pipelines.segment import segment_document
from pipelines.segment.guess import draft_framework

HEAD = (
    "<h1>Joint targeted area inspection of the multi-agency response to harm in the family in "
    "{unit}</h1><p>Dear local partnership</p><p>We came in May.</p>"
)
ITEMS = "<ul><li>{0} was read by all who had to.</li><li>{0} was kept up to date daily.</li></ul>"


def letter(tmp_path, body, unit="Marlock Borough Council", name="letter.html"):
    path = tmp_path / name
    path.write_text(f"<html><body>{HEAD.format(unit=unit)}{body}</body></html>", encoding="utf-8")
    return read_document(path)


def listed(segmentation):
    return [(f.polarity.value[:4], f.subsection, f.text.split()[0]) for f in segmentation.findings]


def test_topics_as_high_as_their_list_do_not_end_it(tmp_path):
    body = (
        f"<h2>Key strengths</h2>{ITEMS.format('Post')}"
        "<h2>Case study: effective practice</h2><p>One child was helped by all.</p>"
        f"<h2>Areas for improvement</h2><h2>Leadership</h2>{ITEMS.format('Mail')}"
        f"<h2>Resettlement</h2><p>Two things were not done.</p>{ITEMS.format('Ink')}"
        f"<h1>The front door</h1>{ITEMS.format('Wax')}"
        "<h2>Next steps</h2><p>Write to us.</p><ul><li>Send the plan within a month.</li></ul>"
    )
    found = segment_document(letter(tmp_path, body))
    assert listed(found) == [
        *[("stre", None, "Post")] * 2,
        *[("area", "Leadership", "Mail")] * 2,
        *[("area", "Resettlement", "Ink")] * 2,
        *[("area", "The front door", "Wax")] * 2,
    ]
    assert found.facts.framework == "joint-area-2016"
    assert (found.facts.unit, found.facts.unit_type) == ("Marlock", "area")


def test_letters_that_name_their_lists_otherwise(tmp_path):
    body = (
        f"<h1>What needs to improve?</h1>{ITEMS.format('Mail')}<h1>Strengths</h1>"
        f"{ITEMS.format('Post')}<h1>Main findings</h1><p>All of it is told here at length.</p>"
        "<h1>Areas for priority action</h1>"
        "<ul><li>There are no areas for priority action.</li></ul>"
    )
    found = segment_document(letter(tmp_path, body, unit="the London Borough of Marlock"))
    assert [p for p, _, _ in listed(found)] == ["area"] * 2 + ["stre"] * 2
    assert found.leftovers == ()
    assert found.facts.unit == "Marlock"


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("Joint targeted area inspection of Marlock", "Marlock"),
        ("Joint targeted area inspection of harm in Marlock and Tern.", "Marlock and Tern"),
        ("An inspection of the work with harm in the family in Marlock", "Marlock"),
        ("An inspection of services for people in need of help and of care", None),
    ],
)  # fmt: skip
def test_a_unit_is_what_the_form_of_title_says(tmp_path, title, unit):
    path = tmp_path / "a.txt"
    path.write_text(f"{title}\n\nStrengths\n\n- Post was opened daily by all of them.\n")
    assert segment_document(read_document(path)).facts.unit == unit


def test_an_unknown_framework_gives_findings_with_a_warning(tmp_path):
    body = (
        "<h1>Review of kennels in Marlock</h1><h2>Areas for improvement</h2>"
        f"<h2>Leadership</h2>{ITEMS.format('Mail')}<h2>Staff</h2>{ITEMS.format('Ink')}"
    )
    path = tmp_path / "kennels.html"
    path.write_text(f"<html><body>{body}</body></html>")
    found = segment_document(read_document(path))
    assert [f.text.split()[0] for f in found.findings] == ["Mail", "Mail", "Ink", "Ink"]
    assert any("no framework" in warning for warning in found.warnings)


OWN = """
[[unit_kinds]]
kind = "kennel"
behind = ["kennels"]

[[frameworks]]
slug = "kennels-2024"
name = "Kennels, from 2024"
unit_type = "kennel"
titles = ["Review of {unit}"]
list_ends = "known"
standards = []

[frameworks.polarity]
strength = ["Wagging tails"]
area_for_improvement = ["Growls"]

[[frameworks.sections]]
kind = "end"
titles = ["Goodbye"]
"""


def test_a_kind_of_unit_has_one_name_for_one_and_one_for_several(tmp_path):
    own = tmp_path / "frameworks.toml"
    own.write_text(OWN.replace('behind = ["kennels"]', 'named = ["kennel"]'))
    with pytest.raises(SettingsError, match=r"named is \['kennel'\]; expected two texts"):
        load_registry(extra=own)


def test_a_framework_of_ones_own_needs_no_code(tmp_path):
    own = tmp_path / "frameworks.toml"
    own.write_text(OWN)
    page = tmp_path / "a.html"
    page.write_text(
        f"<html><body><h1>Review of Marlock Kennels</h1><h2>Wagging tails</h2>"
        f"{ITEMS.format('Post')}<h2>Growls</h2><h2>Barks</h2>{ITEMS.format('Mail')}"
        f"<h2>Goodbye</h2>{ITEMS.format('Ink')}</body></html>"
    )
    found = segment_document(read_document(page), registry=load_registry(extra=own))
    assert [f.text.split()[0] for f in found.findings] == ["Post", "Post", "Mail", "Mail"]
    facts = found.facts
    assert (facts.unit, facts.unit_type, facts.framework) == ("Marlock", "kennel", "kennels-2024")


@pytest.mark.parametrize(("kind", "region"), [("kennel", "Fens"), ("pdu", None)])
def test_the_list_of_places_gives_the_region_of_a_kind_of_ones_own(
    tmp_path, monkeypatch, kind, region
):
    """And not that of another kind that bears the name."""
    (tmp_path / "findings.toml").write_text('name = "Kennels"\n')
    (tmp_path / "frameworks.toml").write_text(OWN)
    rows = f"Fens,region,,,,seen\nMarlock,{kind},Fens,,,seen\n"
    (tmp_path / "places.csv").write_text(f"name,kind,region,also,successors,basis\n{rows}")
    page = tmp_path / "a.html"
    page.write_text(f"<h1>Review of Marlock Kennels</h1><h2>Wagging tails</h2>{ITEMS}")
    monkeypatch.chdir(tmp_path)
    assert segment_document(read_document(page)).facts.region == region


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"Review of {unit}"', '"Review of {place}"', "line 10.*place"),
        ('"Review of {unit}"', '"Review"', "line 10.*unit"),
        ('list_ends = "known"', 'list_ends = "never"', "line 11.*never"),
        ('"Growls"', '"Wagging tails"', "both lists"),
        ('kind = "end"', 'kind = "finish"', "line 18.*finish"),
        ('["Goodbye"]', '"Goodbye"', "list of texts"),
        ('unit_type = "kennel"', 'unit_type = "zoo"', "line 9.*zoo"),
        ("standards = []", "", "line 7.*standards"),
        ("[frameworks.polarity]", "[frameworks.polarities]", "polarities"),
    ],
)
def test_a_wrong_framework_is_refused_with_file_and_line(tmp_path, old, new, said):
    own = tmp_path / "mine.toml"
    own.write_text(OWN.replace(old, new, 1))
    with pytest.raises(SettingsError, match=f"mine.toml.*{said}"):
        load_registry(extra=own)


def kennels(tmp_path, count=4):
    units = ["Marlock", "Tern and Osmere", "Skarrow", "Brinmouth"]
    for number, unit in enumerate(units[:count]):
        path = tmp_path / f"{number}.html"
        path.write_text(
            f"<html><body><h1>Joint review of kennels in {unit}</h1><p>Published: May 2024</p>"
            f"<h2>How we did it</h2><p>We came and looked at every one of them.</p>"
            f"<h2>What went well</h2>{ITEMS.format('Post')}"
            f"<h2>What needs more work</h2>{ITEMS.format('Wax')}"
            f"<h2>Matter {number}</h2>{ITEMS.format('Mail')}"
            f"<h2>Farewell</h2><p>Write to us.</p></body></html>"
        )
        yield read_document(path)


def test_a_draft_of_a_framework_loads_and_a_person_finishes_it(tmp_path):
    documents = list(kennels(tmp_path))
    registry = load_registry()
    draft = draft_framework(documents, registry)
    own = tmp_path / "draft.toml"
    own.write_text(draft.replace('"What needs more work" heads', '"" heads'))
    framework = load_registry(extra=own).frameworks[0]
    assert framework.since == "2024-05"
    assert "what went well" in framework.wordings.polarity
    assert framework.wordings.sections["farewell"] == "end"
    assert framework.wordings.sections["how we did it"] == "front"
    assert '"What needs more work" heads bullets (in 4)' in draft
    lists = '[frameworks.polarity]\narea_for_improvement = ["What needs more work"]'
    finished = draft.replace("[frameworks.polarity]", lists)
    own.write_text(finished.replace('list_ends = "any"', 'list_ends = "known"'))
    found = segment_document(documents[1], registry=load_registry(extra=own))
    assert found.facts.unit == "Tern and Osmere"
    assert [f.polarity for f in found.findings] == [
        *[Polarity.STRENGTH] * 2,
        *[Polarity.AREA_FOR_IMPROVEMENT] * 4,
    ]


def test_a_registry_without_a_framework_still_reads_its_letters(tmp_path):
    registry = load_registry()
    without = replace(registry, frameworks=registry.frameworks[:1])
    body = (
        f"<h2>Areas for improvement</h2>{ITEMS.format('Mail')}<h2>Matter</h2>{ITEMS.format('Ink')}"
    )
    found = segment_document(letter(tmp_path, body), registry=without)
    assert len(found.findings) + len(found.leftovers) == 4
    assert any("no framework" in warning for warning in found.warnings)


def test_items_below_a_heading_that_may_be_a_topic_are_left_over(tmp_path):
    page = (
        "<h2>An inspection of probation services in Osk PDU</h2><h2>1.1 Leadership</h2>"
        f"<h2>Areas for improvement</h2>{ITEMS.format('Mail')}<h2>Culture</h2>{ITEMS.format('Ink')}"
        f"<h2>1.2 Staff</h2><h2>Strengths</h2>{ITEMS.format('Post')}"
    )
    path = tmp_path / "flat.html"
    path.write_text(f"<html><body>{page}</body></html>")
    found = segment_document(read_document(path))
    assert [f.text.split()[0] for f in found.findings] == ["Mail", "Mail", "Post", "Post"]
    assert [left.text.split()[0] for left in found.leftovers] == ["Ink", "Ink"]


def test_a_framework_named_by_its_title_without_standards_keeps_the_titles_known(tmp_path):
    page = (
        "<h1>A dynamic inspection of public protection in Osk region</h1><h2>Leadership</h2>"
        f"<h2>Strengths</h2>{ITEMS.format('Mail')}<h2>Staffing</h2><h2>Strengths</h2>"
        f"{ITEMS.format('Post')}"
    )
    path = tmp_path / "dynamic.html"
    path.write_text(f"<html><body>{page}</body></html>")
    found = segment_document(read_document(path))
    assert found.facts.framework == "dynamic-2025"
    assert [f.standard for f in found.findings] == ["Leadership"] * 2 + ["Staffing"] * 2
