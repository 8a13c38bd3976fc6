"""The monthly batch of `reports/monthly`: its summary, its exit states, and the files' form."""

from __future__ import annotations

import re
import shlex
from configparser import ConfigParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml
from typer.main import get_command

from pipelines.cli import app
from pipelines.cli.summary import check_summary, write_summary
from pipelines.errors import SettingsError
from pipelines.flow import run

MONTHLY = Path(__file__).parents[1] / "reports" / "monthly"
REPORT = """# An inspection of probation services in: {unit} PDU

Published: {month} 2024

## 1. Organisational arrangements and activity

### 1.1 Leadership

#### Areas for improvement

- {finding}
"""
COMMAND = re.compile(
    r"(?:\$FINDINGS|/findings|\bfindings(?:\.exe)?) (?P<words>(?:fetch|run) [^\n|}&<]*)"
)


def write(folder, unit, finding, month="March"):
    text = REPORT.format(unit=unit, finding=finding, month=month)
    (folder / f"{unit.lower()}.md").write_text(text, encoding="utf-8")


def summary_of(done, tmp_path, status=0):
    write_summary(done, ["2 documents read; 0 failed"], status, str(tmp_path / "out" / "s.txt"))
    return (tmp_path / "out" / "s.txt").read_text(encoding="utf-8").splitlines()


def test_the_summary_begins_with_a_subject_and_says_what_changed(tmp_path):
    reports, folder = tmp_path / "reports", tmp_path / "run"
    reports.mkdir()
    write(reports, "Ambleholt", "Home visits were not made when they were needed.")
    first = summary_of(run([reports], folder, jobs=1), tmp_path)
    assert re.fullmatch(r"findings: all well: 1 documents? read, 1 findings?", first[0])
    assert "2 documents read; 0 failed" in first
    assert "first run" in first[-1]
    write(reports, "Corriebeck", "Contingency plans were missing or too general.", "May")
    second = summary_of(run([reports], folder, jobs=1), tmp_path, status=1)
    assert second[0].startswith("findings: some of it needs a look: 2 documents")
    assert any(line.startswith("What changed since the run of ") for line in second)
    assert any("Corriebeck" in line for line in second)


def commands():
    for path in sorted(MONTHLY.iterdir()):
        for line in path.read_text(encoding="utf-8").splitlines():
            for found in COMMAND.finditer(re.sub(r"</?\w+>|2>\S+", " ", line)):
                words = found["words"].split("#")[0]
                yield pytest.param(words, id=f"{path.name}: {words}")


@pytest.mark.parametrize("words", list(commands()))
def test_every_command_of_the_examples_is_one_that_there_is(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name, *rest = shlex.split(words.replace("\\", "/"))
    command = get_command(app).commands[name]
    with command.make_context(name, rest) as context:
        assert context.params["summary" if name == "run" else "to"] is not None


def test_the_files_are_what_their_programs_read():
    for name in ("findings-monthly.service", "findings-monthly.timer"):
        unit = ConfigParser(strict=False, interpolation=None)
        unit.optionxform = str
        unit.read(MONTHLY / name)
        assert "Unit" in unit.sections()
    steps = yaml.safe_load((MONTHLY / "github-actions.yml").read_text())["jobs"]["run"]["steps"]
    assert all(("uses" in step) != ("run" in step) for step in steps)
    ET.parse(MONTHLY / "task-scheduler.xml")
    entries = [x for x in (MONTHLY / "crontab").read_text().splitlines() if re.match(r"[\d*]", x)]
    assert all(len(entry.split(maxsplit=5)) == 6 for entry in entries)
    assert all("%" not in entry for entry in entries)  # cron takes it for the end of the line


def test_a_summary_takes_the_place_of_a_summary_and_of_nothing_else(tmp_path):
    place = tmp_path / "summary.txt"
    for before in ("", "findings: all well: 2 documents read, 9 findings\n"):
        place.write_text(before)
        check_summary(str(place))
    place.write_text("Minutes of our meeting\n")
    with pytest.raises(SettingsError, match="nothing is overwritten"):
        check_summary(str(place))
    with pytest.raises(SettingsError, match="is a folder"):
        check_summary(str(tmp_path))
