"""A project whose themes are wholly its own: letters of joint inspections, as its guide says.

`tests/joint` holds eight themes and 41 labels of eight letters, stand-off: ids and digests only.
"""

import csv
import shutil
from pathlib import Path

import pytest

from pipelines import columns as c
from pipelines.changes import make_project
from pipelines.flow import open_run, run
from pipelines.project import leave_project, open_project
from pipelines.tag.training.train import TrainSettings, train_model

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent / "joint"
LETTERS = Path(__file__).parents[2] / "shared" / "real_pdf"
NAMES = (
    "central_bedfordshire",
    "derby",
    "haringey",
    "lancashire",
    "manchester",
    "oxfordshire",
    "salford",
    "wokingham",
)


def letters():
    found = [path for name in NAMES for path in LETTERS.glob(f"{name}__joint_area_*.pdf")]
    if len(found) != len(NAMES):
        pytest.skip("the letters of joint inspections are not in ../shared/real_pdf")
    return found


def test_eight_themes_and_41_labels_are_trained_run_and_reported(tmp_path, monkeypatch):
    sources = letters()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = tmp_path / "letters"
    make_project(folder, name="Joint inspections", own=True)
    shutil.copy(HERE / "codebook.toml", folder)
    shutil.copy(HERE / "labels.csv", folder / "labels")
    try:
        project = open_project(folder)
        first = run(sources, project.runs / "first", jobs=2, formats=("md",))
        assert not len(first.tags)
        outcome = train_model(TrainSettings())
        assert not outcome.labels.unresolved
        assert len(outcome.labels.labels) == 41
        assert outcome.metrics["measured_on"] == "reports"
        assert outcome.metrics["micro"] > 0.6
        run(sources, project.runs / "second", jobs=2, formats=("html",))
        second = open_run(project.runs / "second")
        given = second.tags.loc[second.tags[c.ASSIGNED]]
        assert given[c.THEME].nunique() == 8
        assert given[c.FINDING_ID].nunique() > len(second.findings) / 2
        page = second.report.read_text(encoding="utf-8")
        assert "Voice of the child" in page
    finally:
        leave_project()


def test_the_labels_hold_no_text():
    with (HERE / "labels.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 41
    assert set(rows[0]) == {c.DOCUMENT_ID, c.ORDINAL, c.DIGEST, "themes"}
