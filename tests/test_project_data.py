"""The data files of a project over those shipped: what each adds, and what is wrong in it."""

import shutil
import sys

import pytest
from filelock import FileLock
from typer.testing import CliRunner

import pipelines
from pipelines import changes
from pipelines.aggregate.bearings import load_bearings
from pipelines.catalogue import load_catalogue
from pipelines.changes import change, make_project
from pipelines.cli import _project_first, app
from pipelines.cli.values import theme_meant
from pipelines.codebook import load_codebook
from pipelines.durable import write_text
from pipelines.errors import SettingsError, StorageError
from pipelines.frameworks import load_registry
from pipelines.lexis import annotate, load_abbreviations
from pipelines.manifest import COLUMNS, load_manifest
from pipelines.mine.proportions.direction import cues
from pipelines.places import load_places
from pipelines.project import layers_held, leave_project, open_project
from pipelines.project.layers import FILES, Layers
from pipelines.tag.labels.files import read_rows
from pipelines.tag.labels.marks import marks
from pipelines.tag.labels.reading import check_labels
from pipelines.tag.labels.slugs import heads_that_are_themes, read_subjects, read_themes, split_slug
from small import few_shipped

STEP = '[[steps]]\ndo = "rename"\nwhat = "theme"\nfrom = ["outcomes"]\nto = ["results"]\n'


def put(project, name, text):
    (project.folder / name).write_text(text, encoding="utf-8")


def test_a_shipped_theme_is_changed_where_the_project_says_so_and_new_ones_join_their_group(
    project,
):
    shipped = load_codebook()
    put(
        project,
        "codebook.toml",
        '[[themes]]\nslug = "unpaid-work"\nname = "Community payback"\n\n'
        '[themes.lexicon]\nphrases = ["litter picking"]\n\n'
        '[[themes]]\nslug = "electronic-monitoring"\ngroup = "supervision"\n'
        'name = "Electronic monitoring"\nclaim = "tags"\n',
    )
    book = load_codebook()
    changed, before = book.theme("unpaid-work"), shipped.theme("unpaid-work")
    assert (changed.name, changed.claim) == ("Community payback", before.claim)
    assert changed.lexicon.phrases == (*before.lexicon.phrases, "litter picking")
    assert "line 2" in changed.origin
    assert book.theme("electronic-monitoring").origin.endswith("codebook.toml, line 9")
    groups = [theme.group for theme in book.themes]
    assert groups == sorted(groups, key=[g.slug for g in book.groups].index)
    (found,) = annotate(["Nobody went litter picking."])
    assert "unpaid-work/litter_picking" in {hit.name for hit in found.hits}
    leave_project()
    assert load_codebook().themes == shipped.themes


def test_each_data_file_is_laid_over_the_shipped_one(project):
    put(
        project,
        "frameworks.toml",
        '[[frameworks]]\nslug = "ours"\nname = "Ours"\nunit_type = "pdu"\nstandards = []\n',
    )
    put(
        project,
        "places.csv",
        "name,kind,region,also,successors,basis\nNew Place,pdu,Wales,Newplace,,seen\n",
    )
    put(project, "abbreviations.csv", "short,expansion\nAP,Attendance panel\n")
    put(project, "cues.toml", 'good = ["splendid*"]\n')
    head = ",".join(COLUMNS)
    put(
        project, "manifest.csv", f"\ufeff{head}\nkirk-1,Kirk,pdu,Wales,pdu-2023,2024-05,,,,,,seen\n"
    )
    assert load_registry().frameworks[0].slug == "ours"
    assert load_places().canonical("Newplace") == "New Place"
    assert [e.expansion for e in load_abbreviations() if e.short == "AP"] == ["Attendance panel"]
    assert cues().side("splendidly", "") == 1
    assert [entry.id for entry in load_manifest()] == ["kirk-1"]
    with layers_held(Layers()):
        assert cues().side("splendidly", "") == 0
        assert load_places().find("Newplace") is None
        assert len(load_manifest()) > 1
    assert cues().side("splendidly", "") == 1


def test_a_teams_own_marks_are_added_to_the_shipped_ones(project, tmp_path):
    sheet = tmp_path / "new.csv"
    sheet.write_text("text,themes,Done\nLifts broke.,outcomes,gjort\nNobody rang.,outcomes,ok\n")
    put(project, "marks.toml", 'undone = ["gj*"]\nno = ["x"]\n')
    with layers_held(Layers()):
        assert len(check_labels(read_rows(sheet)).labels) == 2  # any word is done, and said
    assert [label.text for label in check_labels(read_rows(sheet)).labels] == ["Nobody rang."]
    assert marks().no >= {"x", "0"}
    assert "x" not in marks().yes


def load_everything():
    for load in (
        load_codebook,
        load_catalogue,
        load_registry,
        load_places,
        load_abbreviations,
        cues,
        marks,
        load_manifest,
    ):
        load()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("codebook.toml", '[[themes]]\nslug = "x"\nclaim = 3\n', "line 2: x: key 'group'"),
        ("codebook.toml", '[[themes]]\nslug = "A b"\n', "slug is 'A b'"),
        ("codebook.toml", '[[themes]]\nslug = "unpaid-work"\nclaim = 3\n', "line 2: unpaid-work"),
        ("codebook.toml", '[[themes]]\nslug = "unpaid-work"\nname = "a\\u001bb"\n', "control"),
        ("codebook.toml", 'themes = "x"\n', "line 1: expected [[themes]]"),
        (
            "codebook.toml",
            '[[themes]]\nslug = "ends"\nname = "Outcomes"\ngroup = "services"\nclaim = "c"\n',
            "line 2: ends: 'Outcomes' is a name or slug of 'outcomes' too",
        ),
        ("codebook.toml", '[[themes]]\nslug = "unpaid-work"\ncolor = 1\n', "unknown key 'color'"),
        ("issues.toml", '[[subjects]]\nslug = "x"\nthemes = [3]\n', "line 2: x: key"),
        ("frameworks.toml", "[[frameworks]]\n", "frameworks.toml, line 1"),
        ("places.csv", "name,kind\n", "places.csv: columns"),
        ("abbreviations.csv", "short,expansion\nAB,\n", "abbreviations.csv, line 2"),
        ("cues.toml", "\ngreat = []\n", "cues.toml, line 2: unknown key 'great'"),
        ("marks.toml", "\ndoing = []\n", "marks.toml, line 2: unknown key 'doing'"),
        ("marks.toml", 'done = ["Fertig"]\n', "marks.toml, line 1: done: got 'Fertig'"),
        ("manifest.csv", "unit,address\n", "manifest.csv: columns"),
        ("changes.toml", "[[steps]]\n", "changes.toml, line 1"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(project, name, text, said):
    put(project, name, text)
    with pytest.raises(SettingsError, match=name.replace(".", r"\.")) as caught:
        load_everything()
    assert said in str(caught.value)


def test_issues_of_ones_own_are_not_passed_over(project):
    put(project, "findings.toml", '\nissues = "none"\n')
    load_everything()
    put(project, "issues.toml", "")
    with pytest.raises(SettingsError, match=r"findings.toml, line 2: issues are .none., and there"):
        load_everything()


def test_themes_of_ones_own_do_without_the_shipped_ones(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    make_project(tmp_path / "team", own=True)
    try:
        open_project(tmp_path / "team")
        assert load_codebook().slugs == ("first-theme",)
        assert load_catalogue().subjects == ()
        assert not any(load_bearings().dimensions.values())
    finally:
        leave_project()


def test_issues_are_renamed_and_split_by_their_poles(project):
    before = load_catalogue()
    change("rename", "issue", ["contingency-planning"], {"plan-b": "No plan B|Plan B ready"})
    now = load_catalogue()
    assert "contingency-planning" not in now
    assert now.subject("plan-b").area_for_improvement == "No plan B"
    assert now.subject("plan-b").themes == before.subject("contingency-planning").themes
    assert [s.broader for s in now.subjects].count("plan-b") == [
        s.broader for s in before.subjects
    ].count("contingency-planning")
    assert dict(now.wordings) == dict(before.wordings)
    change("rename", "issue", ["plan-b"], {"plan-c": ""})
    with pytest.raises(SettingsError, match="a bar"):
        change("split", "issue", ["plan-c"], {"one": "Only one", "two": "A|B"})


@pytest.mark.parametrize(
    ("do", "what", "before", "after"),
    [
        ("rename", "theme", ["unpaid-work"], {"payback": "Community payback"}),
        ("merge", "theme", ["unpaid-work", "risk-of-harm"], {"both": "Both"}),
        ("merge", "theme", ["unpaid-work"], {"risk-of-harm": "Harm and unpaid work"}),
        ("split", "theme", ["unpaid-work"], {"one": "One", "two": "Two"}),
        ("rename", "issue", ["contingency-planning"], {"plan-b": "No plan B|Plan B ready"}),
        ("split", "issue", ["contingency-planning"], {"one": "A|B", "two": "C|D"}),
    ],
)
def test_a_change_that_was_stopped_halfway_is_finished_by_the_same_command(
    project, monkeypatch, do, what, before, after
):
    def stopped(path, text):
        write_text(path, text)
        raise KeyboardInterrupt

    whole, broken = (shutil.copytree(project.folder, project.folder / name) for name in "ab")
    open_project(whole)
    change(do, what, before, after)
    open_project(broken)
    with monkeypatch.context() as patch:
        patch.setattr(changes, "write_text", stopped)
        with pytest.raises(KeyboardInterrupt):
            change(do, what, before, after)
    load_codebook()
    load_catalogue()
    change(do, what, before, after)
    for path in whole.glob("*.toml"):
        assert (broken / path.name).read_text() == path.read_text()


def test_a_theme_is_found_by_what_it_was_called_before(project, capsys):
    change("merge", "theme", ["unpaid-work", "risk-of-harm"], {"both": "Both"})
    change("rename", "theme", ["both"], {"payback": "Payback"})
    change("split", "theme", ["outcomes"], {"short": "Short", "long": "Long"})
    there = ["payback", "short", "long"]
    for typed in ("unpaid-work", "Risk of harm", "both"):
        assert theme_meant("--theme", typed, there) == "payback"
        assert capsys.readouterr().err == f"--theme {typed!r} is payback today\n"
    assert theme_meant("--theme", "Pay", there) == "payback"
    assert theme_meant("--theme", "both", [*there, "both"]) == "both"  # a run of before
    assert not capsys.readouterr().err
    with pytest.raises(SettingsError, match="may be short, long"):
        theme_meant("--theme", "outcomes", there)


def test_of_two_changes_at_once_none_is_lost(project, monkeypatch):
    """The second was made of files that are no longer there."""
    read = changes.require_project()
    change("retire", "theme", ["unpaid-work"])
    steps = (project.folder / "changes.toml").read_text()
    with monkeypatch.context() as patch:
        patch.setattr(changes, "require_project", lambda: read)
        with pytest.raises(SettingsError, match="was changed by somebody else meanwhile"):
            change("retire", "theme", ["outcomes"])
    assert (project.folder / "changes.toml").read_text() == steps
    change("retire", "theme", ["outcomes"])
    assert not [path.name for path in project.folder.iterdir() if path.name.startswith(".")]
    assert not {"unpaid-work", "outcomes"} & set(load_codebook().slugs)
    monkeypatch.setattr(changes, "_WAIT", 0)
    with (
        FileLock(project.answers / changes._LOCK),
        pytest.raises(StorageError, match="another command is changing this project"),
    ):
        change("retire", "theme", ["resettlement"])


@pytest.mark.parametrize(
    ("do", "after"), [("retire", {}), ("rename", {"visits": ""}), ("merge", {"home-visits": ""})]
)
def test_a_step_is_about_both_poles_of_an_issue(project, do, after):
    with pytest.raises(SettingsError, match="without a pole, 'contingency-planning'"):
        change(do, "issue", ["contingency-planning/strength"], after)
    to = "".join(f'to = ["{slug}"]\n' for slug in after)
    step = f'[[steps]]\ndo = "{do}"\nwhat = "issue"\nfrom = ["contingency-planning/strength"]\n'
    put(project, "changes.toml", step + to)
    with pytest.raises(SettingsError, match=r"changes.toml, line 1: from: .* without a pole"):
        load_catalogue()


def test_a_sheet_that_was_made_before_a_rename_is_read_after_it(project):
    """It says names, and each that a theme or an issue had leads to what that is today."""
    poor, good = "contingency plans missing or too general", "contingency plans specific and ready"
    for slug, name in (("offices", "Offices and travel"), ("places", "Places")):
        change("rename", "theme", load_codebook().slugs[-2:-1], {slug: name})
    for slug, name in (("plan-b", "No plan B|Plan B ready"), ("plan-c", "No plan C|Plan C")):
        old = "contingency-planning" if slug == "plan-b" else "plan-b"
        change("rename", "issue", [old], {slug: name})
    for name in ("Premises and travel", "offices and travel", "Places", "premises-and-travel"):
        assert read_themes(name) == ("places",)
        assert read_themes(f"Outcomes; {name}") == ("outcomes", "places")
    assert heads_that_are_themes(["Premises and travel"]) == {0: "premises-and-travel"}
    for name in (poor, "No plan B", "No plan C", "plan-b/area_for_improvement"):
        assert read_subjects(name, "area_for_improvement") == ("plan-c",)
        assert read_subjects(name, "strength") == ()  # only conceded
    assert read_subjects(good, "strength") == ("plan-c",)
    change("split", "theme", ["places"], {"rooms": "Rooms", "journeys": "Journeys"})
    assert split_slug("theme", "Offices and travel") == ("offices", ("rooms", "journeys"))
    change("retire", "theme", ["unpaid-work"])
    change("rename", "theme", ["outcomes"], {"results": "Unpaid work"})
    assert read_themes("unpaid work") == ("results",)  # as it is today


def test_a_name_that_two_had_is_nobodys(project):
    for slug, new in (("unpaid-work", "one"), ("outcomes", "two")):
        change("rename", "theme", [slug], {new: "Results"})
        change("rename", "theme", [new], {f"{new}-now": f"Now {new}"})
    assert "unknown theme 'Results'" in read_themes("Results")
    assert read_themes("Outcomes") == ("two-now",)
    put(project, "changes.toml", STEP + 'named = "Outcomes"\n')
    with pytest.raises(SettingsError, match=r"changes.toml, line 1: named: got 'Outcomes'"):
        load_codebook()


def test_a_retired_theme_that_a_label_gives_is_said_to_be_left_out(project):
    """The label became one of no theme without a word."""
    change("retire", "theme", ["unpaid-work"])
    put(project, "new.csv", "text,themes\nOne.,unpaid-work\nTwo.,outcomes\nThree.,unpaid-work\n")
    found = check_labels(read_rows(project.folder / "new.csv"))
    assert [label.themes for label in found.labels] == [(), ("outcomes",), ()]
    assert found.notes == ("new.csv: 'unpaid-work' is retired and was left out",)


def test_a_retired_theme_leaves_its_issues_in_place(project):
    change("retire", "theme", ["unpaid-work"])
    assert "unpaid-work" not in load_codebook().slugs
    assert len(load_catalogue().subjects) == 160
    assert all(set(s.themes) <= set(load_codebook().slugs) for s in load_catalogue().subjects)


def test_the_last_theme_stays_and_none_is_merged_into_itself(project):
    """Without a theme a run ended in a traceback; the step into itself was recorded for ever."""
    first, *rest = load_codebook().slugs
    change("retire", "theme", rest)
    with pytest.raises(SettingsError, match="all themes would be retired; write one"):
        change("retire", "theme", [first])
    with pytest.raises(SettingsError, match="into itself changes nothing"):
        change("merge", "theme", [first], {first: ""})
    assert load_codebook().slugs == (first,)


def called(*words):
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, (done.output, done.exception)
    return done


def test_init_show_and_change_from_the_command_line(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    base = few_shipped(tmp_path / "few")  # to check all 24,000 labels takes five seconds
    monkeypatch.setattr("pipelines.tag.training.train.shipped_labels", lambda: base)
    folder = tmp_path / "team"
    called("init", folder, "--name", "Our team")
    again = called("init", folder)
    assert "is a project already" in again.stderr
    try:
        called("--project", folder, "codebook", "rename", "unpaid-work", "payback")
        listed = called("--project", folder, "codebook", "show", "--changed", "--csv")
        assert "payback" in listed.stdout
        assert "renamed from unpaid-work" in listed.stdout
        assert "rename theme unpaid-work to payback" in listed.stderr
        called(
            *("--project", folder, "codebook", "split", "premises-and-travel"),
            *("--into", "premises=Premises", "--into", "travel=Travel"),
        )
        sheet = tmp_path / "sheet.csv"
        called("--project", folder, "codebook", "unsettled", "--out", sheet)
        assert "premises or travel" in sheet.read_text(encoding="utf-8-sig")
    finally:
        leave_project()


def test_the_project_may_be_named_behind_the_command():
    assert _project_first(["run", "x", "--project", "p", "--csv"]) == [
        "--project",
        "p",
        "run",
        "x",
        "--csv",
    ]
    assert _project_first(["run", "--project=p"]) == ["--project=p", "run"]
    assert _project_first(["search", "--", "--project", "p"]) == ["search", "--", "--project", "p"]


def test_a_project_of_very_many_themes_is_read_or_refused_at_once(project):
    """Each was looked for among all the others: ten thousand took minutes. Steps, not a clock."""

    def lines_run(themes):
        put(
            project,
            "codebook.toml",
            "".join(
                f'[[themes]]\nslug = "t{n}"\ngroup = "nowhere"\nname = "T{n}"\nclaim = "c"\n\n'
                for n in range(themes)
            ),
        )
        count = 0

        def trace(frame, event, _):
            nonlocal count
            if "pipelines" not in frame.f_code.co_filename:
                return None
            count += 1
            return trace

        sys.settrace(trace)
        try:
            with pytest.raises(SettingsError, match="line 2: theme 't0' has group 'nowhere'"):
                load_codebook()
        finally:
            sys.settrace(None)
        return count

    steps = [lines_run(themes) for themes in (50, 200)]
    assert steps[1] < 6 * steps[0]


@pytest.mark.parametrize("name", [name for name in FILES if name != "findings.toml"])
def test_a_wrong_file_of_the_project_is_named_before_anything_is_read(project, tmp_path, name):
    """Frameworks, places and the like were named by the stage that asked first, minutes later."""
    (tmp_path / "one.txt").write_text("A report that is never read.")
    put(project, name, "[[broken\nx\n")
    told = []
    with pytest.raises(SettingsError, match=name):
        pipelines.run(tmp_path / "one.txt", progress=lambda *said: told.append(said))
    assert told == []
