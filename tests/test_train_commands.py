import json
import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.changes import make_project
from pipelines.cli import app
from pipelines.errors import ArtefactError, CorpusError, SettingsError
from pipelines.project import leave_project, open_project
from pipelines.tag.models.artefacts import META
from pipelines.tag.models.registry import find_model, read_pointer, roll_back, shipped_folder
from pipelines.tag.training.train import TrainSettings, train_model
from small import few_shipped

RUNNER = CliRunner()


@pytest.fixture
def models(tmp_path):
    """Two of the shipped model, so that there is something to choose."""
    current = read_pointer(tmp_path).current
    for version in (1, 2):
        folder = tmp_path / f"mine-{version}"
        shutil.copytree(shipped_folder() / current, folder)
        meta = json.loads((folder / META).read_text(encoding="utf-8"))
        (folder / META).write_text(json.dumps({**meta, "name": "mine", "version": version}))
    return tmp_path


@pytest.fixture
def few(tmp_path, monkeypatch):
    """Have few of the shipped labels always used: to check all 24,000 takes five seconds."""
    base = few_shipped(tmp_path / "few")
    monkeypatch.setattr("pipelines.tag.training.train.shipped_labels", lambda: base)


def test_labels_are_checked_before_anything_is_trained(few, tmp_path):
    path = tmp_path / "new.csv"
    path.write_text(
        "text,themes\nThe lift was broken.,premises\nThe lift was broken.,premises-and-travel\n"
    )
    done = RUNNER.invoke(app, ["train", "--labels", str(path), "--check"])
    assert done.exit_code == 1
    assert "new.csv row 2: unknown theme 'premises'" in done.stderr
    assert "to be corrected before training: 1 row\n" in done.stderr


def test_good_labels_pass_the_check_and_unused_ones_are_counted(few, tmp_path, monkeypatch):
    path = tmp_path / "new.csv"
    path.write_text("text,themes\nThe lift was broken in May.,premises-and-travel\n")
    monkeypatch.chdir(tmp_path)  # no reports beside this folder
    done = RUNNER.invoke(app, ["train", "--labels", str(path), "--check"])
    assert done.exit_code == 0
    assert "95 labels of cheshire-west-2023-06 could not be used" in done.stderr
    assert "1 of reports" in done.stderr


def test_what_is_measured_is_what_is_trained(tmp_path, monkeypatch):
    """How a project describes its themes is learned from, so it is there when they are measured."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = tmp_path / "team"
    make_project(folder, own=True)
    words = {"food": ("lunch", "bread", "canteen"), "noise": ("din", "drills", "shouting")}
    entries = (
        f'[[themes]]\nslug = "{slug}"\ngroup = "themes"\nname = "The {said[1]}"\n'
        f'claim = "{" and ".join(said)}"\n'
        for slug, said in words.items()
    )
    group = '[[groups]]\nslug = "themes"\nname = "Themes"\n\n'
    (folder / "codebook.toml").write_text(group + "\n".join(entries))
    rows = [
        f"People spoke of the {word} on day {day}.,{slug},report-{day}"
        for day in range(1, 5)
        for slug, said in words.items()
        for word in said[: 1 + day % 3]
    ]
    rows += [f"Nothing else was said on day {day}.,none,report-{day}" for day in range(1, 5)]
    (folder / "labels" / "own.csv").write_text("text,themes,document\n" + "\n".join(rows) + "\n")
    try:
        open_project(folder)
        trained = train_model(TrainSettings(models=tmp_path / "m")).metrics
        where = ["--models", str(tmp_path / "m"), "--out", str(tmp_path / "out")]
        done = RUNNER.invoke(app, ["--project", str(folder), "evaluate", *where])
    finally:
        leave_project()
    assert done.exit_code == 0, done.output
    measured = json.loads((tmp_path / "out" / "metrics.json").read_text(encoding="utf-8"))
    same = ("measured_on", "findings", "micro", "macro", "brier", "themes")
    as_written = json.loads(json.dumps(trained))
    assert {key: measured[key] for key in same} == {key: as_written[key] for key in same}


def test_list_show_use_roll_back_verify(models):
    where = ["--models", str(models)]
    assert RUNNER.invoke(app, ["models", "use", "mine-2", *where]).exit_code == 0
    listed = RUNNER.invoke(app, ["models", "list", *where]).stdout.splitlines()
    assert [line[0] for line in listed if "mine-2" in line] == ["*"]
    assert "# Model" in RUNNER.invoke(app, ["models", "show", *where]).stdout
    verified = RUNNER.invoke(app, ["models", "verify", *where])
    assert verified.exit_code == 0
    assert "probes as saved" in verified.stdout
    assert RUNNER.invoke(app, ["models", "use", "mine-1", *where]).exit_code == 0
    assert RUNNER.invoke(app, ["models", "rollback", *where]).exit_code == 0
    assert read_pointer(models).current == "mine-2"


def test_paths_are_given_as_text_too(tmp_path):
    settings = TrainSettings(labels=("a.csv", Path("b.csv")), reports="r", models=str(tmp_path))
    assert settings.labels == (Path("a.csv"), Path("b.csv"))
    assert (settings.reports, settings.models) == ((Path("r"),), tmp_path)
    unset = ({"labels": ""}, {"base": ""}, {"labels": b"a.csv"}, {"models": b"m"})
    for wrong in ({"labels": 3}, {"labels": [None]}, {"models": 3}, {"reports": [""]}, *unset):
        said = f"{next(iter(wrong))}: got .* expected the path of a file or folder"
        with pytest.raises(SettingsError, match=said):
            TrainSettings(**wrong)
    with pytest.raises(ArtefactError, match="nothing to go back to"):
        roll_back(models=str(tmp_path))
    with pytest.raises(CorpusError, match=r"x\.csv cannot be read"):
        train_model(TrainSettings(labels=(str(tmp_path / "x.csv"),), models=str(tmp_path)))


@pytest.mark.parametrize("make", [None, os.mkfifo, Path.mkdir])
def test_a_card_that_is_no_file_is_said_and_not_waited_for(models, make):
    card = models / "mine-1" / "README.md"
    card.unlink()
    if make:
        make(card)
    done = RUNNER.invoke(app, ["models", "show", "mine-1", "--models", str(models)])
    assert isinstance(done.exception, ArtefactError)
    assert "no card to show" in str(done.exception)


def test_a_model_that_does_not_exist_is_named_with_those_that_do(models):
    with pytest.raises(ArtefactError, match=r"no model 'mine-7'.*mine-1, mine-2"):
        find_model("mine-7", models=models)


def test_explain_prints_words_weights_and_precedents():
    text = "Unpaid work hours were outstanding, as placements had been cancelled."
    done = RUNNER.invoke(app, ["explain", text, "--nearest", "2"])
    assert done.exit_code == 0
    said = " ".join(done.stdout.split())
    assert "Unpaid work (unpaid-work): given, " in said
    assert said.index("Themes ") < said.index("(unpaid-work): ") < said.index(" Issues ")
    assert "before any word" in said
    assert done.stdout.count("nearest 0.") == 2
