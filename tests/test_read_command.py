import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import columns as c
from pipelines.cli import app

SAMPLE = Path(__file__).parents[1] / "corpus" / "sample" / "aberwennol-2022-11.txt"
FINDINGS = 37


@pytest.fixture
def findings(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def call(*arguments):
        return CliRunner().invoke(app, ["read", *map(str, arguments)])

    return call


def test_prints_a_readable_table(findings):
    done = findings(SAMPLE)
    assert done.exit_code == 0
    assert "Aberwennol" in done.stdout
    assert "4/24" in done.stdout
    assert "1.1 Leadership" in done.stdout
    assert f"{FINDINGS} findings" in done.stderr


def test_prints_json_lines(findings):
    done = findings(SAMPLE, "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == FINDINGS
    assert [row[c.ORDINAL] for row in rows] == list(range(1, FINDINGS + 1))
    assert rows[0][c.PAGE] is None
    assert rows[0][c.DOCUMENT_ID] == "aberwennol-2022-11"


def test_what_fails_is_named_and_the_rest_is_printed(findings, tmp_path):
    minutes = tmp_path / "minutes.txt"
    minutes.write_text("Minutes\n\nTea was served to all who came.\n")
    done = findings(minutes, SAMPLE, "--json")
    assert done.exit_code == 1
    assert len(done.stdout.splitlines()) == FINDINGS
    assert "minutes.txt: no inspection report" in done.stderr


def test_writes_tables_for_the_stages_to_come(findings, tmp_path):
    out = tmp_path / "out"
    done = findings(SAMPLE, "--out", out, "--csv")
    assert done.exit_code == 0
    assert done.stdout == ""
    assert (out / "tables" / "findings.parquet").exists()
    assert len((out / "tables" / "standards.csv").read_text().splitlines()) > 5
