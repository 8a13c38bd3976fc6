"""What changed between two runs: reports, issues, decisions and who made them."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from forked import called
from pipelines.aggregate import changes
from pipelines.errors import SettingsError
from pipelines.flow import open_run, run, run_stage
from pipelines.flow.changes import changes_since
from pipelines.flow.storage.store import RunFolder
from pipelines.report import ReportSettings, write_report
from pipelines.report.changed import changed
from pipelines.tables import frame
from synthetic import make_tables

SAMPLE = Path(__file__).parents[1] / "corpus" / "sample"
FIRST = ("aberwennol-2022-11.txt", "cwm-teilas-2024-10.txt")
LATER = "hallowick-2024-04.txt"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two runs into one folder, the second with one more report."""
    place = tmp_path_factory.mktemp("changes")
    source, out = place / "reports", place / "out"
    source.mkdir()
    for name in FIRST:
        shutil.copy(SAMPLE / name, source)
    settings = {"jobs": 1, "formats": ("md",)}
    run(source, out, **settings)
    shutil.copy(SAMPLE / LATER, source)
    run(source, out, **settings)
    return out


def kinds(found):
    return found.groupby("kind")["subject"].apply(set).to_dict()


def test_report_added_and_issues_that_appeared_or_spread(folder):
    earlier, found = changes_since(folder)
    assert earlier.documents == 2
    by_kind = kinds(found)
    assert by_kind["report_added"] == {"hallowick-2024-04"}
    assert not {kind for kind in by_kind if kind.startswith("decision")}
    now = open_run(folder).issues.set_index("issue_id")
    for row in found[found["kind"].str.startswith("issue")].itertuples():
        assert row.units_read_before == 2
        assert row.units_read_after == 3
        assert row.units_after == now["units"].get(row.subject, 0)
    assert by_kind["issue_appeared"]


def test_of_issues_that_spread_alike_the_widest_come_first():
    rows = [{"issue_id": f"{n}/strength", "label": n, "polarity": "strength"} for n in "abc"]

    def at(*units):
        made = [{**row, "units": number} for row, number in zip(rows, units, strict=True)]
        return {"issues": frame("issues", made)}

    found = changes(at(1, 7, 4), at(2, 8, 5))
    assert found["label"].tolist() == ["b", "c", "a"]


def test_a_run_written_again_is_compared_with_the_run_before_and_drives_none_out(folder, tmp_path):
    """A report in one more form, twice, hid what was new of the month and lost the month before."""
    copy = shutil.copytree(folder, tmp_path / "out", symlinks=True)
    added = kinds(changes_since(copy)[1])["report_added"]
    for form in ("md", "html", "md"):
        run_stage("report", copy, formats=(form,))
        earlier, found = changes_since(copy)
        assert earlier.documents == 2
        assert kinds(found)["report_added"] == added
    kept = RunFolder(copy).generations()
    assert [(one.documents, one.again) for one in kept] == [(2, False), (3, True), (3, True)]
    run(folder.parent / "reports", copy, jobs=1, formats=("md",))
    assert changes_since(copy)[1].empty  # read anew, and the same
    assert [one.documents for one in RunFolder(copy).generations()] == [2, 3, 3]


def test_a_run_that_was_the_first_is_compared_with_what_it_was(folder, tmp_path):
    run(folder.parent / "reports", tmp_path / "out", jobs=1, formats=("md",))
    for _ in range(2):
        run_stage("report", tmp_path / "out", formats=("md",))
    assert changes_since(tmp_path / "out")[1].empty


def test_earlier_run_is_chosen_by_number_or_day(folder):
    number = changes_since(folder)[0].number
    assert changes_since(folder, str(number))[0].number == number
    assert changes_since(folder, "2999-01-01")[0].number == number
    for wrong, said in (("99", "keeps no earlier run"), ("2001-01-01", "keeps no"), ("x", "a day")):
        with pytest.raises(SettingsError, match=said):
            changes_since(folder, wrong)
    with pytest.raises(SettingsError, match=r"no earlier run 99; it keeps 1 of .*; findings"):
        changes_since(folder, "99")


def test_command_says_it_and_report_shows_it(folder):
    ended = called("changes", folder)
    assert ended.returncode == 0, ended.stderr
    assert "Reports added: 1" in ended.stdout
    assert "Hallowick" in ended.stdout
    listed = called("changes", folder, "--csv")
    assert listed.stdout.startswith("kind,subject")
    ended = called("report", folder, "--changes", "--formats", "md,html,docx")
    assert ended.returncode == 0, ended.stderr
    text = (folder / "extracts" / "report.md").read_text(encoding="utf-8")
    assert "## What changed since the earlier run" in text
    assert "Hallowick" in text.partition("## What changed")[2].partition("\n## ")[0]


def test_decision_says_whether_a_person_or_a_model_changed_it():
    before = make_tables(3, each=6)
    tags = before["tags"].copy()
    given = tags[tags["assigned"]].index
    tags.loc[given[0], ["assigned", "source"]] = [False, "person"]
    tags.loc[given[1], "assigned"] = False
    models = pd.DataFrame({"model": ["m"], "sha256": ["0"], "findings": [1], "scores": ["{}"]})
    after = {**before, "tags": tags, "models": models.assign(sha256="1")}
    found = changes({**before, "models": models}, after)
    assert set(found["kind"]) == {"decision_taken"}
    assert (
        dict(zip(found["finding_id"], found["reason"], strict=True))
        == {
            tags.loc[given[0], "finding_id"]: "a person decided",
            tags.loc[given[1], "finding_id"]: "another model",
        }
        or tags.loc[given[0], "finding_id"] == tags.loc[given[1], "finding_id"]
    )
    same = changes(before, {**after, "models": before.get("models", models.iloc[:0])})
    assert "another version of the program" in " ".join(same["reason"])


def test_changed_words_are_no_changed_decision():
    before = make_tables(2, each=4)
    findings = before["findings"].copy()
    findings.loc[0, "digest"] = "0" * 16
    tags = before["tags"].copy()
    tags.loc[tags["finding_id"] == findings.loc[0, "finding_id"], "assigned"] = False
    assert changes(before, {**before, "findings": findings, "tags": tags}).empty


def test_nothing_changed_is_said(tmp_path):
    tables = make_tables(2, each=4)
    found = changes(tables, tables)
    assert changed(found) == ()
    (path,) = write_report(
        {**tables, "changes": found}, tmp_path, settings=ReportSettings(formats=("md",))
    )
    assert "Nothing changed." in path.read_text(encoding="utf-8")
