"""The folder of a project: found, read, checked, trusted or not."""

import os

import pytest

from pipelines.errors import SettingsError, StorageError
from pipelines.project import (
    leave_project,
    open_project,
    project_held,
    project_in_use,
    remember,
)
from pipelines.project.folder import MOST_BYTES, Project
from pipelines.tag.labels.files import SUFFIXES
from pipelines.tag.training.train import TrainSettings, read_labels


@pytest.fixture(autouse=True)
def nobody_else(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("FINDINGS_PROJECT", raising=False)
    yield
    leave_project()


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "team"
    made.mkdir()
    (made / "findings.toml").write_text('name = "Our team"\n', encoding="utf-8")
    return made


def test_it_is_found_from_below(folder, monkeypatch):
    (folder / "runs" / "may").mkdir(parents=True)
    monkeypatch.chdir(folder / "runs" / "may")
    found = project_in_use()
    assert found.folder == folder
    assert found.name == "Our team"
    assert found.answers == folder / "answers"


def test_without_one_there_is_none(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert project_in_use() is None


def test_one_that_is_named_goes_before_that_of_the_working_folder(folder, tmp_path, monkeypatch):
    other = tmp_path / "other"
    other.mkdir()
    (other / "findings.toml").write_text("", encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("FINDINGS_PROJECT", str(other))
    assert project_in_use().folder == other
    open_project(folder)
    assert project_in_use().folder == folder
    leave_project()
    assert project_in_use().name == "other"


def test_models_of_a_project_one_stands_in_count_only_where_it_was_made_here(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert not project_in_use().trusted
    remember(folder)
    assert project_in_use().trusted
    assert open_project(folder).trusted


def test_a_changed_file_is_read_again_but_not_by_what_has_begun(folder):
    open_project(folder)
    with project_held() as begun:
        (folder / "findings.toml").write_text('name = "Renamed"\n', encoding="utf-8")
        assert project_in_use() is begun
        assert project_in_use().name == "Our team"
    assert project_in_use().name == "Renamed"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = 3", "findings.toml, line 1: name is 3"),
        ('name = "a"\ncolour = "red"', "line 2: unknown key 'colour'"),
        ('name = "a"\n\nthemes = "ours"', "line 3: themes is 'ours'"),
        ('themes = "own"', "shipped issues belong to shipped themes"),
        ("name = [", "is not TOML"),
        ("a=" + "[" * 100_000, "is not TOML"),
    ],
)
def test_wrong_settings_are_named_with_file_and_line(folder, text, said):
    (folder / "findings.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"findings\.toml") as caught:
        open_project(folder)
    assert said in str(caught.value)


def test_a_received_project_cannot_read_elsewhere_or_stop_us(folder, tmp_path):
    (tmp_path / "secret.toml").write_text("", encoding="utf-8")
    (folder / "codebook.toml").symlink_to(tmp_path / "secret.toml")
    with pytest.raises(SettingsError, match="leads out of the project"):
        open_project(folder)
    (folder / "codebook.toml").unlink()
    os.mkfifo(folder / "codebook.toml")
    with pytest.raises(SettingsError, match="is a pipe or device"):
        open_project(folder)
    (folder / "codebook.toml").unlink()
    (folder / "codebook.toml").write_text("#" * (MOST_BYTES + 1), encoding="utf-8")
    with pytest.raises(SettingsError, match="more than 5,000,000 bytes"):
        open_project(folder)
    (folder / "codebook.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="UTF-8"):
        open_project(folder)


@pytest.mark.parametrize("name", ["answers", "models", "labels", "labels/ours.csv"])
def test_only_a_trusted_project_may_lead_elsewhere_by_a_link(folder, tmp_path, monkeypatch, name):
    (tmp_path / "home").mkdir()
    (folder / "labels").mkdir()
    if name == "labels":
        (folder / "labels").rmdir()
    (folder / name).symlink_to(tmp_path / "home")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "of-somebody-else"))
    monkeypatch.chdir(folder)

    def asked():
        project = project_in_use()
        return project.answers, project.models, project.label_files((".csv",))[0]

    with pytest.raises(StorageError, match=f"{name}: is a link.*--project, if you trust it"):
        asked()
    open_project(folder)
    assert asked()


def test_a_folder_without_settings_is_no_project(tmp_path):
    with pytest.raises(SettingsError, match="findings init"):
        open_project(tmp_path)


def test_label_files_are_all_that_can_be_read_and_what_else_lies_there_is_said(folder, monkeypatch):
    place = folder / "labels"
    (place / "old.csv").mkdir(parents=True)
    read = ["a.csv", "b.TSV", "c.Ods", "d.json", "e.JSONL", "f.xlsm"]
    for name in (
        *read,
        ".hidden.csv",
        "~$a.xlsx",
        ".DS_Store",
        "notes.docx",
        "old.xls",
        "README.txt",
    ):
        (place / name).write_text("text,themes\nThe lift had been broken since May.,outcomes\n")
    open_project(folder)
    found, others = project_in_use().label_files(SUFFIXES)
    assert [path.name for path in found] == read
    assert [path.name for path in others] == ["README.txt", "notes.docx", "old.csv", "old.xls"]
    (folder / "answers").mkdir()
    for name in read[2:]:
        (place / name).unlink()
    notes = read_labels(TrainSettings(base=folder / "answers")).notes
    assert [note for note in notes if "notes.docx: is no label file" in note]
    (place / "settings.json").write_text('{"name": "of another program"}')
    listed, label_files = [], Project.label_files
    monkeypatch.setattr(
        Project, "label_files", lambda *given: listed.append(1) or label_files(*given)
    )
    notes = read_labels(TrainSettings(base=folder / "answers")).notes
    assert [note for note in notes if "settings.json: is no label file" in note]
    assert len(listed) == 1  # what is read and what is passed over are of one moment
