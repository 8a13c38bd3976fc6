import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import SettingsError
from pipelines.places import canonical_unit, load_places, name_keys, plain_name

PLACES = load_places()
MANIFEST = Path(__file__).parents[2] / "shared" / "reports.csv"


def test_regions_and_their_units():
    regions = [p for p in PLACES.places if p.kind == "region"]
    assert len(regions) == 12
    assert {p.region for p in PLACES.places if p.kind == "pdu"} == {p.name for p in regions}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gateshead and South Tyneside", "South Tyneside & Gateshead"),
        ("Dyfed Powys", "Dyfed-Powys PDU"),
        ("Swansea Neath Port Talbot", "Swansea, Neath and Port Talbot"),
        ("Cambridgeshire", "Cambridgeshire and Peterborough"),
        ("East Sussex", "Brighton and East Sussex"),
        ("Newcastle upon Tyne", "Newcastle Upon Tyne"),
        ("North and North East Lincolnshire", "North and North East Lincs"),
        ("Knowsley and St Helens", "Knowsley and St Helen’s Probation Delivery Unit"),
        ("Kent, Surrey and Sussex", "Kent Surrey & Sussex region"),
        ("Redcar Cleveland and Middlesbrough", "Redcar, Cleveland and Middlesbrough"),
    ],
)
def test_variants_of_a_name_are_one_unit(one, other):
    assert canonical_unit(one) == canonical_unit(other)
    assert PLACES.find(one) is PLACES.find(other) is not None


@pytest.mark.parametrize("sign", "’'‘ʼ")
def test_whatever_an_apostrophe_is_set_as_two_spellings_are_one(sign):
    assert name_keys(f"King{sign}s Marlock") == name_keys("Kings Marlock")


@pytest.mark.parametrize("sign", ["with", "|", ";", "\\", "·", "•", "/", ","])
def test_two_names_joined_by_any_sign_are_one_unit(sign):
    assert name_keys(f"Tern {sign} Marlock") == name_keys("Marlock and Tern")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Essex North", "Essex South"),
        ("East Kent", "West Kent"),
        ("York", "North Yorkshire"),
        ("Derby City", "Derbyshire"),
        ("Marlock", "Marlock and Tern"),
    ],
)
def test_other_units_stay_apart(one, other):
    assert canonical_unit(one) != canonical_unit(other)


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        ("Marlock PDU", "Marlock"),
        ("the Marlock Probation Delivery Unit (PDU)", "Marlock"),
        ("Marlock and Tern Youth Justice Service", "Marlock and Tern"),
        ("Marlock and Tern Delivery Unit", "Marlock and Tern"),
        ("Marlock & Tern Probation Unit", "Marlock & Tern"),
        ("PDU: Marlock", "Marlock"),
        ("the Probation Delivery Unit Marlock", "Marlock"),
        ("Avenmere region", "Avenmere"),
        ("Marlock\u00a0PDU ", "Marlock"),
        ("St. Osyth", "St. Osyth"),
        ("Regional Harbour", "Regional Harbour"),
    ],
)
def test_plain_names(printed, plain):
    assert plain_name(printed) == plain


def test_a_unit_in_no_list_counts_under_its_own_name():
    assert canonical_unit("Marlock and Tern PDU") == "Marlock and Tern"
    assert PLACES.find("Marlock and Tern") is None
    assert PLACES.region_of("Marlock and Tern") is None
    assert PLACES.successors("Marlock and Tern") == ()


def test_regions_and_successors():
    assert PLACES.region_of("Cheshire West PDU") == "North West"
    assert PLACES.region_of("Wales") == "Wales"
    assert PLACES.successors("Staffordshire & Stoke") == (
        "Staffordshire and Stoke North",
        "Staffordshire and Stoke South",
    )


@given(st.text(max_size=40))
def test_the_canonical_name_of_a_canonical_name_is_itself(name):
    once = canonical_unit(name)
    assert canonical_unit(once) == once


@pytest.mark.skipif(not MANIFEST.exists(), reason="the manifest of published reports is not here")
def test_every_unit_of_the_manifest_is_known_in_its_region():
    with MANIFEST.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) > 70
    for row in rows:
        assert PLACES.region_of(row["pdu"]) == row["region"], row["pdu"]


HEAD = "name,kind,region,also,successors,basis\n"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("A,planet,,,,seen\n", "planet"),
        ("A,region,,,,guessed\n", "guessed"),
        ("A,pdu,B,,,seen\n", "'B'"),
        ("A,region,,,C,seen\n", "'C'"),
        ("A,region,,,,seen\nB,pdu,A,A,,seen\n", "two places"),
    ],
)
def test_a_wrong_list_is_refused(tmp_path, rows, said):
    path = tmp_path / "places.csv"
    path.write_text(HEAD + rows)
    with pytest.raises(SettingsError, match=said):
        load_places(path)


def test_a_list_with_other_columns_is_refused(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text("name,region\nA,B\n")
    with pytest.raises(SettingsError, match="columns"):
        load_places(path)
    with pytest.raises(SettingsError, match="absent"):
        load_places(tmp_path / "absent.csv")
