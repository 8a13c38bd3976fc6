"""Names of units that are in no list: variants meet, real units do not, near ones are proposed."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from pipelines import columns as c
from pipelines.aggregate.claims import inspections
from pipelines.aggregate.published import published_inspections
from pipelines.errors import SettingsError, UnreadableDocument
from pipelines.flow.units import list_units, possible_twins
from pipelines.manifest import Published
from pipelines.naming import name_units, near_misses
from pipelines.places import canonical_unit, load_places
from pipelines.read import read_document
from pipelines.records import Rating
from pipelines.segment import segment_document
from pipelines.tables import frame
from pipelines.welsh import english_heading, english_name, is_welsh


@pytest.mark.parametrize(
    "other",
    [
        "Marlock ＆ Tern",
        "Marlock & Tern",
        "Tern and Marlock",
        "MARLOCK AND TERN",
        "Marlock-and-Tern",
        "Marlock/Tern",
        "Marlock / Tern",
        "Marlock, Tern",
        "Marlock-Tern",
        "Marlock – Tern",
        "Marlock—Tern",
        "Marlock, and Tern",
        "Marlock\u00a0and Tern",
    ],
)
def test_variants_of_a_name_meet(other):
    names = name_units([("Marlock and Tern", "pdu"), (other, "pdu")])
    assert set(names.values()) == {"Marlock and Tern"}


def test_saints_accents_and_three_parts_meet():
    for names in (
        ["St Osk", "St. Osk", "Saint Osk", "St.Osk"],
        ["Ynys Mâr", "Ynys Mar"],
        ["Osk, Tern and Wick", "Wick & Osk/Tern"],
    ):
        assert len(set(name_units([(name, "youth") for name in names]).values())) == 1


def test_no_spelling_of_a_unit_in_the_list_is_another_unit():
    """Of all of them at once; what is not joined, such as East-West Lincolnshire, is proposed."""
    meant: dict[str, str] = {}
    for place in load_places().places:
        parts = re.split(r", | and ", place.name)
        spelled = [sign.join(parts) for sign in (" & ", "/", " / ", ", ", "-", " and ")]
        spelled += [" and ".join(parts[::-1]), place.name.upper(), place.name.lower()]
        spelled += [place.name.replace("-", " "), re.sub(r"\bSt ", "St. ", place.name)]
        meant.update(dict.fromkeys(spelled, place.name) if place.kind == "pdu" else {})
    names = name_units([(name, "pdu") for name in meant])
    apart = {name for (name, _), given in names.items() if given != meant[name]}
    assert len(meant) > 500
    assert all(names[name, "pdu"] == name for name in apart)  # under its own, not another's
    assert len(apart) < 20
    assert all(near_misses([name, meant[name]]) for name in apart)


@pytest.mark.parametrize(
    ("one", "other", "proposed"),
    [
        ("Marlock North", "Marlock South", False),
        ("East Osk and West Tern", "West Osk and East Tern", True),
        ("North East Marlock", "North and East Marlock", True),
        ("North-East Marlock", "North and East Marlock", True),
        ("Marlock", "Marlock and Tern", True),
        ("Marlbeck", "Marlbek", True),
        ("Marlock", "Skarrow", False),
        ("Essex North", "Essex South", False),
    ],
)
def test_real_units_stay_two_and_near_names_are_proposed(one, other, proposed):
    names = name_units([(one, "pdu"), (other, "pdu")])
    assert len(set(names.values())) == 2
    assert bool(near_misses(names.values())) == proposed


def test_units_of_two_kinds_are_two_under_one_name():
    names = name_units([("Osk", "pdu"), ("Osk", "youth"), ("OSK", "pdu")])
    assert names == {("Osk", "pdu"): "Osk", ("OSK", "pdu"): "Osk", ("Osk", "youth"): "Osk (youth)"}


def test_a_region_and_a_unit_of_one_name_are_two():
    """They were one, and what one was told came back as a repeat of what the other was told."""
    names = name_units([("Osk", "pdu"), ("Osk", "region"), ("Osk", "unknown"), ("OSK", "region")])
    assert names == {
        ("Osk", "pdu"): "Osk",
        ("Osk", "unknown"): "Osk",
        ("Osk", "region"): "Osk (region)",
        ("OSK", "region"): "Osk (region)",
    }
    assert {canonical_unit(name) for name in names.values()} == set(names.values())
    assert canonical_unit("Osk region") == "Osk"  # as printed, where no other bears the name
    assert set(name_units([("Osk", "region"), ("Osk", "youth")]).values()) == {"Osk", "Osk (youth)"}
    rows = [
        {c.DOCUMENT_ID: f"d{at}", c.UNIT: names["Osk", kind], c.UNIT_TYPE: kind}
        for at, kind in enumerate(("pdu", "region"))
    ]
    documents = frame("documents", rows)
    assert inspections({"documents": documents})[c.UNIT].nunique() == 2
    entries = [
        Published(kind, "Osk", kind, "", "pdu-2023", published="2025") for kind in ("region", "pdu")
    ]
    dated = documents.assign(**{c.PUBLISHED: "2025-01"})
    read = published_inspections(dated, entries).set_index(c.INSPECTION_ID)[c.DOCUMENT_ID]
    assert read.to_dict() == {"pdu": "d0", "region": "d1"}


@pytest.mark.parametrize(
    ("printed", "english"),
    [
        ("Cwm Osk PDU / Uned Cyflawni’r Gwasanaeth Prawf Cwm Osk", "Cwm Osk PDU"),
        ("Uned Cyflawni Prawf Cwm Osk / Cwm Osk PDU", "Cwm Osk PDU"),
        ("Cwm Osk PDU (Uned Gwasanaeth Prawf Cwm Osk)", "Cwm Osk PDU"),
        ("Marlock / Tern", "Marlock / Tern"),
        ("Marlock (North)", "Marlock (North)"),
        ("Cwm-Osk / Cwm-Osk", "Cwm-Osk"),
        ("Osk (OSK)", "Osk"),
    ],
)
def test_a_welsh_twin_is_left_out(printed, english):
    assert english_name(printed) == english


def test_a_report_with_a_welsh_twin_is_of_the_english_unit(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(
        "An inspection of probation services in:\n\nCwm Osk PDU / Uned Gwasanaeth Prawf Cwm Osk\n\n"
        "1.1 Leadership\n\nStrengths\n\n- Post was opened daily by all of them.\n"
    )
    assert segment_document(read_document(path)).facts.unit == "Cwm Osk"


def test_aliases_of_ones_own_join_what_is_proposed(tmp_path):
    own = tmp_path / "places.csv"
    own.write_text(
        "name,kind,region,also,successors,basis\nMarlbeck,pdu,Wales,Marlbek,,seen\n"
        "Osk,youth,,Osk Town,,seen\n"
    )
    places = load_places(extra=own)
    names = name_units([("Marlbeck", "pdu"), ("Marlbek", "pdu"), ("Osk Town", "youth")], places)
    assert set(names.values()) == {"Marlbeck", "Osk"}
    assert (places.region_of("Marlbek"), places.region_of("Osk")) == ("Wales", None)
    assert places.find("Gwent") is not None
    own.write_text(own.read_text() + "Tern,moon,,,,seen\n")
    with pytest.raises(SettingsError, match=r"places\.csv, line 4.*moon"):
        load_places(extra=own)


def test_units_are_listed_with_reports_dates_ratings_and_near_names():
    documents = pd.DataFrame(
        {
            "document_id": ["a", "b", "c", "d", "e"],
            "unit": ["Marlbeck", "Marlbeck", "Marlbek", "Salford", "Tameside"],
            "unit_type": ["pdu", "pdu", "pdu", "pdu", "area"],
            "region": [None, "Tessen", None, None, None],
            "published": ["2024-05", "2022-03", None, "2022-01", "2022-01"],
            "overall_rating": ["Good", None, "Inadequate", None, None],
        }
    )
    tables = {"documents": documents}
    listed = list_units(tables, possible_twins(tables)).to_dict("records")
    one, other, salford, tameside = listed
    assert (one["unit"], one["reports"]) == ("Marlbeck", 2)
    assert one["inspected"] == ["2022-03", "2024-05"]
    assert one["ratings"] == ["not rated", "Good"]
    assert one["perhaps"] == ["Marlbek: nearly the same letters"]
    assert other["inspected"] == ["?"]
    assert (salford["now"], tameside["now"]) == (["Salford and Trafford"], [])


WELSH = """Arolygiad o wasanaethau prawf yn:

UGP Cwm Osk

Cyhoeddwyd Mai 2024

Rhagair

Mae staff yn brysur.

1.1 Arweinyddiaeth

Cryfderau

- Roedd y post yn cael ei agor bob dydd gan bawb.

Meysydd i’w gwella

- Nid oedd digon o inc yn yr ystafell ar gyfer y gwaith.
"""


@pytest.mark.parametrize(
    "text",
    [
        WELSH,
        WELSH.replace("Cryfderau", "Strengths").replace("Meysydd i’w gwella", "To do"),
        # Headings in English, all else in Welsh, as a template is filled in.
        WELSH.replace("Cryfderau", "Strengths").replace("Meysydd i’w gwella", "What was wrong"),
        WELSH.replace("’", "'").upper(),
    ],
    ids=["welsh", "half", "headings", "capitals"],
)  # fmt: skip
def test_a_welsh_report_is_named_with_the_remedy(tmp_path, text):
    path = tmp_path / "cymraeg.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableDocument, match=r"Welsh.*English edition"):
        segment_document(read_document(path))


@pytest.mark.parametrize(
    "text",
    [
        "Pan kowal poszedł na targ, a na targu na wozie spał pies. Na to kowal: na co mi pies?",
        "Eu tu manibus ac lumine, eu mox ac tandem. Ac si quis eu venit, ac nemo eu vidit.",
        "AC 1\n\nAC 2\n\nAC 3\n\nAC 4\n\nAC 5\n\nAC 6\n\nEU 7\n\nEU 8",
    ],
    ids=["polish", "latin", "codes"],
)
def test_one_word_or_two_that_other_languages_have_are_no_welsh(text):
    assert not is_welsh([text])


@pytest.mark.parametrize("welsh_first", [True, False])
def test_of_a_document_in_two_languages_the_english_half_is_read(tmp_path, welsh_first):
    english = (
        "An inspection of probation services in Cwm Osk PDU\n\nForeword\n\nThe staff are busy.\n\n"
        "1.1 Leadership\n\nGood\n\nStrengths\n\n- The post was opened daily by all of them.\n"
    )
    path = tmp_path / "a.txt"
    halves = (WELSH, english) if welsh_first else (english, WELSH)
    path.write_text("\n\n".join(halves), encoding="utf-8")
    found = segment_document(read_document(path))
    assert [f.text for f in found.findings] == ["The post was opened daily by all of them."]
    assert [(r.code, r.standard, r.rating) for r in found.ratings] == [
        ("1.1", "Leadership", Rating.GOOD)
    ]
    assert any("are in Welsh: not read" in warning for warning in found.warnings)


def test_english_lists_between_welsh_ones_are_read(tmp_path):
    english = "1.{} {}\n\nGood\n\nStrengths\n\n- The post was opened daily by all of them.\n\n"
    welsh = "{}\n\nMae staff yn gweithio ac mae hyn wedi bod yn dda iawn yn yr ardal.\n\n"
    path = tmp_path / "a.txt"
    path.write_text(
        "An inspection of probation services in Cwm Osk PDU\n\n"
        + welsh.format("Rhagair")
        + english.format(1, "Leadership")
        + welsh.format("Sgoriau")
        + english.format(2, "Staffing")
        + english.format(3, "Services"),
        encoding="utf-8",
    )
    found = segment_document(read_document(path)).findings
    assert [f.standard for f in found] == ["Leadership", "Staffing", "Services"]


def test_an_english_short_form_is_no_welsh_heading(tmp_path):
    """DA stands for domestic abuse; "Da" is the rating Good."""
    path = tmp_path / "a.html"
    path.write_text(
        "<h1>An inspection of probation services in Cwm Osk PDU</h1><h2>1.1 Leadership</h2>"
        "<h3>DA</h3><p>All plans were read.</p><h3>DA</h3><p>Each plan was read.</p>",
        encoding="utf-8",
    )
    assert not segment_document(read_document(path)).findings
    assert english_heading("Domestic abuse (DA)") == "Domestic abuse (DA)"
    assert english_heading("GOOD / DA") == "GOOD"


@pytest.mark.parametrize("both", ["{0} / {1}", "{1} | {0}", "{0} – {1}", "{0} ({1})"])
def test_headings_in_both_languages_are_those_in_english(tmp_path, both):
    path = tmp_path / "a.html"
    path.write_text(
        "<h1>An inspection of probation services in Cwm Osk PDU</h1>"
        f"<h2>1.1 {both.format('Leadership', 'Arweinyddiaeth')}</h2>"
        f"<p>{both.format('Good', 'Da')}</p><h3>{both.format('Strengths', 'Cryfderau')}</h3>"
        "<ul><li>The post was opened daily by all of them.</li></ul>"
        f"<h3>{both.format('Areas for improvement', 'Meysydd i’w gwella')}</h3>"
        "<ul><li>The door was locked at noon on most of the days.</li></ul>",
        encoding="utf-8",
    )
    found = segment_document(read_document(path))
    assert [(f.standard, f.polarity.value[0]) for f in found.findings] == [
        ("Leadership", "s"),
        ("Leadership", "a"),
    ]
    assert [rating.rating for rating in found.ratings] == [Rating.GOOD]


def test_an_english_report_of_a_welsh_unit_is_read(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(
        "An inspection of probation services in Cwm Osk PDU\n\nRhagair\n\nCryfderau\n\n"
        "1.1 Leadership\n\nStrengths\n\n- The post was opened daily by all of them in Cwm Osk.\n"
        "\nAreas for improvement\n\n- The Welsh language scheme was not known to all staff.\n",
        encoding="utf-8",
    )
    assert len(segment_document(read_document(path)).findings) == 2


@pytest.mark.parametrize(
    "row", ["P 1.1 {}", "P1.1 {}", "R 1.1. {}", "1.1. {}", "P 1.1. {}", "1.1 {}"]
)
def test_rows_of_ratings_with_a_letter_or_a_full_stop(tmp_path, row):
    cells = "".join(
        f"<tr><td>{row.format(name).replace('1.1', code)}</td><td>Good</td></tr>"
        for code, name in (("1.1", "Leadership"), ("1.2", "Staffing"), ("1.3", "Services"))
    )
    path = tmp_path / "a.html"
    path.write_text(
        "<html><body><h1>An inspection of probation services in Osk PDU</h1><h2>Ratings</h2>"
        f"<table>{cells}</table><h2>{row.format('Leadership')}</h2><h3>Strengths</h3>"
        "<ul><li>Post was opened daily by all of them.</li></ul></body></html>"
    )
    found = segment_document(read_document(path))
    letter = row[0] if row[0].isalpha() else ""
    codes = [f"{letter} {code}".strip() for code in ("1.1", "1.2", "1.3")]
    assert [(r.code, r.standard, r.rating) for r in found.ratings] == [
        (code, name, "Good")
        for code, name in zip(codes, ("Leadership", "Staffing", "Services"), strict=True)
    ]
    assert found.findings[0].code == codes[0]
