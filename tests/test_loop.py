"""The loop: propose, accept, label, train, run, report; in one session, in a project."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import columns as c
from pipelines.changes import make_project
from pipelines.cli import app
from pipelines.flow import open_run, run
from pipelines.mine.edits.adopt import accept
from pipelines.project import leave_project, open_project
from pipelines.tag.training.train import TrainSettings, read_labels, train_model

SAMPLE = Path(__file__).parents[1] / "corpus" / "sample"
CODEBOOK = """
[[groups]]
slug = "all"
name = "All"

[[themes]]
slug = "offices"
group = "all"
name = "Offices"
claim = "buildings, rooms, reception, travel"
"""


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A project of one theme whose reports have been read, with labels of that theme."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
    folder = tmp_path_factory.mktemp("loop") / "team"
    make_project(folder, own=True)
    (folder / "codebook.toml").write_text(CODEBOOK, encoding="utf-8")
    sources = sorted(SAMPLE.glob("*.txt"))
    names = {path.stem for path in sources}
    rows = map(json.loads, (SAMPLE / "labels" / "findings.jsonl").open(encoding="utf-8"))
    with (folder / "labels" / "ours.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([c.DOCUMENT_ID, c.ORDINAL, c.DIGEST, "themes"])
        for row in rows:
            if row[c.DOCUMENT_ID] in names:
                given = "offices" if "premises-and-travel" in row["themes"] else "none"
                writer.writerow([row[c.DOCUMENT_ID], row[c.ORDINAL], row[c.DIGEST], given])
    open_project(folder)
    done = run(sources, folder / "runs" / "first", jobs=1, formats=("md",))
    assert not len(done.tags)
    assert len(done.findings) > 100
    yield folder
    leave_project()
    patch.undo()


@pytest.fixture
def team(begun, tmp_path):
    shutil.copytree(begun, tmp_path / "team", symlinks=True)
    return open_project(tmp_path / "team")


def test_from_python(team):
    first = open_run(team.runs / "first")
    slug = first.proposals[c.PROPOSAL_ID].iloc[0]
    accept(first.tables, slug)
    labels = read_labels(TrainSettings())
    assert not labels.problems
    assert not labels.unresolved  # the run has the texts
    offices = sum("offices" in label.themes for label in labels.labels)
    outcome = train_model(TrainSettings())
    assert outcome.adopted
    assert outcome.model.themes.slugs == ("offices", slug)
    second = run(sorted(SAMPLE.glob("*.txt")), jobs=1)
    assert second.tags.loc[second.tags[c.THEME] == slug, c.ASSIGNED].any()
    written = (team.labels / "ours.csv").read_text(encoding="utf-8").count("offices")
    assert offices == written  # a proposal's labels take no other theme away


def test_from_the_command_line(team):
    def call(*words):
        done = CliRunner().invoke(app, ["--project", str(team.folder), *map(str, words)])
        assert done.exit_code == 0, (done.output, done.exception)
        return done

    listed = call("themes", "propose", team.runs / "first", "--csv").stdout.lstrip("\ufeff")
    proposal = next(csv.DictReader(listed.splitlines()))
    call("themes", "accept", proposal[c.PROPOSAL_ID], team.runs / "first", "--name", "Newly seen")
    told = call("tag", team.runs / "first").stderr
    assert "does not know these themes yet" in told
    trained = call("train").stderr
    assert "in use now" in trained
    second = team.runs / "second"
    told = call("run", *sorted(SAMPLE.glob("*.txt")), "--out", second, "--formats", "html").stderr
    assert "does not know" not in told
    assert f"project: {team.name}" in told
    assert "Newly seen" in (second / "report" / "report.html").read_text(encoding="utf-8")
