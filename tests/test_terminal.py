"""Commands on a terminal of 80 and of 120 columns, in a pipe, and what people type as values."""

from __future__ import annotations

import csv
import io
import json

import pytest

from forked import called
from pipelines.cli.entries import print_entries
from pipelines.cli.values import meant
from pipelines.errors import SettingsError
from pipelines.flow import run

REGIONS = {"North West": (), "North East": (), "Wales": (), "Yorkshire and the Humber": ()}
THEMES = {"risk-of-harm": ("Risk of harm",), "ict-and-recording": ("ICT and recording",)}
LONG = f"hallowick-and-{'a-long-name-of-a-probation-delivery-unit-' * 2}in-the-north-2024-04/029"


@pytest.mark.parametrize(
    ("typed", "known", "value"),
    [
        ("wales", REGIONS, "Wales"),
        ("NORTH WEST", REGIONS, "North West"),
        ("north w", REGIONS, "North West"),
        ("yorkshire & the", REGIONS, "Yorkshire and the Humber"),
        ("Risk of Harm", THEMES, "risk-of-harm"),
        ("risk", THEMES, "risk-of-harm"),
        ("ict", THEMES, "ict-and-recording"),
    ],
)
def test_a_value_is_known_in_any_case_by_name_or_start(typed, known, value):
    assert meant("--option", typed, known) == value


def test_a_start_of_several_values_is_refused_with_them():
    with pytest.raises(SettingsError, match="may be North West, North East; give more"):
        meant("--region", "north", REGIONS)
    with pytest.raises(SettingsError, match=r"this run has .*Wales"):
        meant("--region", "Scotland", REGIONS)
    assert meant("--unit", "Hull", {"Hull": (), "Hull and East Riding": ()}) == "Hull"


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_entries_keep_to_the_width_and_ids_are_whole(columns, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", str(columns))
    text = "Plans said little about who might be harmed, and managers had not noticed. " * 4
    row = {"finding_id": LONG, "text": text, "polarity": "area_for_improvement", "unit": "\x1b[31m"}
    names = ["unit", "polarity", "text", "finding_id"]
    print_entries(names, [[row[name] for name in names]], "text")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Plans said little")
    assert all(len(line) <= columns for line in lines if LONG not in line)
    assert f"    {LONG}" in lines
    assert not any("\x1b" in line for line in lines)
    assert any("area for improvement" in line for line in lines)


@pytest.fixture(autouse=True)
def narrow(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    import invented

    root = tmp_path_factory.mktemp("terminal")
    invented.write(root / "in", range(2), bullets=2)
    run(root / "in", root / "out", formats=("md",))
    return root / "out"


@pytest.mark.parametrize("words", [("search", "cases"), ("shares",), ("issues",), ("links",)])
def test_csv_and_json_say_the_same(folder, words):
    command, *rest = words
    as_json = called(command, folder, *rest, "--format", "json")
    as_csv = called(command, folder, *rest, "--format", "csv")
    assert as_json.returncode == as_csv.returncode == 0, as_json.stderr
    rows = json.loads(as_json.stdout)
    assert len(rows) == len(list(csv.DictReader(io.StringIO(as_csv.stdout))))
    assert all("finding_id" in row or "issue_id" in row for row in rows)


def test_an_unknown_form_is_refused_and_area_is_a_side(folder):
    refused = called("shares", folder, "--format", "xml")
    assert refused.returncode == 2
    assert "expected table, csv, json" in refused.stderr
    found = called("search", folder, "cases", "--polarity", "AREA", "--format", "json")
    assert {row["polarity"] for row in json.loads(found.stdout)} <= {"area_for_improvement"}
    assert found.returncode == 0


def test_read_prints_each_finding_whole_within_the_width(folder):
    told = called("read", folder.parent / "in", "--no-cache")
    assert told.returncode == 0, told.stderr
    assert all(len(line) <= 80 for line in told.stdout.splitlines())
    assert "–" in told.stdout
    assert "+" in told.stdout
