"""The manifest: facts on published inspections, checked cell by cell; and its addresses."""

import pytest

from pipelines.errors import SettingsError, UnreadableDocument
from pipelines.fetch.addresses import host_of, joined, without_secrets
from pipelines.manifest import COLUMNS, choose, load_manifest, parse_manifest
from pipelines.places import load_places

HEAD = ",".join(COLUMNS)
GOOD = "kirk-pdu-2023,Kirk,pdu,Wales,pdu-2023,2024-05,Good,14/21,https://example.org/a,OGL,,seen"


def test_the_shipped_manifest_holds_what_is_known_and_no_page_of_a_newspaper():
    entries = load_manifest()
    assert len(entries) == 91
    hosts = {host_of(entry.address) for entry in entries if entry.address}
    assert all(host.endswith("justiceinspectorates.gov.uk") for host in hosts)
    assert sum(entry.unit_type == "pdu" for entry in entries) == 78
    counts = [
        sum(e.framework == slug and e.overall_rating == rating for e in entries)
        for slug in ("pdu-2021", "pdu-2023")
        for rating in ("Good", "Requires improvement", "Inadequate")
    ]
    # The published counts, and Hull and East Riding of 2024, which follows from them.
    assert counts == [1, 18, 16, 0, 21, 22]


def test_every_unit_of_the_manifest_is_in_the_list_of_places_and_of_its_region():
    for entry in load_manifest():
        if entry.unit_type == "pdu":
            assert load_places().region_of(entry.unit) == entry.region, entry.id


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kirk-pdu-2023", "../kirk", "row 2, id"),
        (",Kirk,", ",,", "row 2, unit"),
        (",pdu,", ",prison,", "row 2, unit_type: is 'prison'; expected one of"),
        (",pdu-2023,", ",pdu-1999,", "row 2, framework"),
        ("2024-05", "May 2024", "row 2, published"),
        ("Good", "Fine", "row 2, overall_rating"),
        ("14/21", "14 of 21", "row 2, score"),
        ("https://example.org/a", "file:///etc/passwd", "row 2, address: expected"),
        ("OGL,,seen", "OGL,abc,seen", "row 2, sha256"),
        ("seen", "guessed", "row 2, basis"),
        (",seen", "", "row 2: has not 12 cells"),
    ],
)
def test_a_wrong_cell_is_named(old, new, said):
    parse_manifest(f"{HEAD}\n{GOOD}\n", "mine.csv")
    with pytest.raises(SettingsError, match=r"mine\.csv") as raised:
        parse_manifest(f"{HEAD}\n{GOOD.replace(old, new)}\n", "mine.csv")
    assert said in str(raised.value)


def test_a_wrong_address_is_not_repeated():
    row = GOOD.replace("https://example.org/a", "ftp://clerk:hunter2@example.org/a")
    with pytest.raises(SettingsError) as raised:
        parse_manifest(f"{HEAD}\n{row}\n", "mine.csv")
    assert "hunter2" not in str(raised.value)


def test_an_id_stands_once_and_columns_are_those_expected():
    with pytest.raises(SettingsError, match="row 3: id 'kirk-pdu-2023' stands in row 2"):
        parse_manifest(f"{HEAD}\n{GOOD}\n{GOOD}\n", "mine.csv")
    with pytest.raises(SettingsError, match="columns are unit, address; expected id, unit"):
        parse_manifest("unit,address\n", "mine.csv")


def test_since_keeps_what_may_have_been_published_then():
    entries = load_manifest()
    late = choose(entries, since="2025-06")
    ids = {entry.id for entry in late}
    assert "gwent-pdu-2023" in ids  # of 2025, the month not known
    assert "dorset-pdu-2021" not in ids  # undated, of a framework that had ended
    assert "norfolk-pdu-2023" not in ids  # May 2024
    assert all(entry.span[1] >= "2025-06" for entry in late)


def test_units_are_chosen_in_any_spelling():
    chosen = choose(load_manifest(), units=["gateshead & south tyneside PDU"])
    assert {entry.framework for entry in chosen} == {"pdu-2021", "pdu-2023"}


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://a:b@example.org/x#y", "https://example.org/x"),
        ("https://example.org/x?p=1171", "https://example.org/x?p=1171"),
        ("https://example.org/x?p=1&X-Amz-Signature=q", "p=1&X-Amz-Signature=hidden"),
        ("https://example.org/x?api_key=q", "api_key=hidden"),
    ],
)
def test_what_is_secret_in_an_address_is_not_shown(address, shown):
    assert without_secrets(address).endswith(shown)
    assert "q" not in without_secrets(address).partition("?")[2].replace("api_key", "")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "javascript:x", "ftp://e.org/", "//[x"])
def test_only_addresses_of_the_web_are_followed(target):
    with pytest.raises(UnreadableDocument):
        joined("https://example.org/", target)


def test_a_page_cannot_make_us_log_in_elsewhere():
    assert joined("https://e.org/a", "//u:p@e.org/b#c") == "https://e.org/b"
