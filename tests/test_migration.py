"""Rename, split, merge and retire in a project with labels, answers, runs and models."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from pipelines import columns as c
from pipelines.answers import about_finding, apply_answers
from pipelines.answers.applied import count_answers, without_answers
from pipelines.answers.store import AnswerStore
from pipelines.changes import change, make_project
from pipelines.codebook import load_codebook
from pipelines.errors import CorpusError, SettingsError
from pipelines.flow import open_run, run, run_stage
from pipelines.flow.follow import follow
from pipelines.project import leave_project, open_project
from pipelines.review.cells import Settling
from pipelines.review.orders import Order
from pipelines.tables import frame
from pipelines.tag.labels.slugs import read_subjects
from pipelines.tag.models.registry import load_model
from pipelines.tag.training.train import TrainSettings, read_labels, train_model

SAMPLE = Path(__file__).parents[1] / "corpus" / "sample"
SOURCES = sorted(SAMPLE.glob("*.txt"))[:3]
OURS = {
    "ict-and-recording": "offices",
    "premises-and-travel": "offices",
    "staffing-and-workload": "staff",
    "training-and-development": "staff",
    "risk-of-harm": "harm",
}
CODEBOOK = """
[[groups]]
slug = "all"
name = "All"
""" + "".join(
    f"""
[[themes]]
slug = "{slug}"
group = "all"
name = "{slug.capitalize()}"
claim = "{claim}"
"""
    for slug, claim in (
        ("offices", "buildings, rooms, computers, records"),
        ("staff", "vacancies, caseloads, sickness, skills"),
        ("harm", "risk of harm, keeping people safe"),
    )
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A project of three themes with labels, an answer, a model and a run."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
    folder = tmp_path_factory.mktemp("team") / "project"
    make_project(folder, own=True)
    (folder / "codebook.toml").write_text(CODEBOOK, encoding="utf-8")
    project = open_project(folder)
    rows = map(json.loads, (SAMPLE / "labels" / "findings.jsonl").open(encoding="utf-8"))
    names = {path.stem for path in SOURCES}
    kept = [row for row in rows if row[c.DOCUMENT_ID] in names]
    with (project.labels / "ours.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([c.DOCUMENT_ID, c.ORDINAL, c.DIGEST, "themes"])
        for row in kept:
            slugs = dict.fromkeys(OURS[slug] for slug in row["themes"] if slug in OURS)
            named = ";".join(slugs) or "none"
            writer.writerow([row[c.DOCUMENT_ID], row[c.ORDINAL], row[c.DIGEST], named])
    outcome = train_model(TrainSettings(reports=tuple(SOURCES), name="ours"))
    assert outcome.adopted
    assert outcome.model.folder.parent == project.models
    done = run(SOURCES, project.runs / "first", jobs=1, formats=("html",))
    person = about_finding("Ann", done.findings[c.DIGEST].iloc[0], "theme", "staff", "yes")
    AnswerStore(project.answers).append([person])
    yield folder
    leave_project()
    patch.undo()


@pytest.fixture
def project(trained, tmp_path):
    shutil.copytree(trained, tmp_path / "copy", symlinks=True)
    return open_project(tmp_path / "copy")


def given(tags, theme):
    return set(tags.loc[tags[c.ASSIGNED] & (tags[c.THEME] == theme), c.FINDING_ID])


def tagged_again(project):
    return run_stage("tag", project.runs / "first", jobs=1).tags


def labels():
    found = read_labels(TrainSettings())
    assert not found.problems
    return found


def test_the_project_tags_with_its_themes_alone(project):
    tags = open_run(project.runs / "first").tags
    assert set(tags[c.THEME]) == {"offices", "staff", "harm"}
    assert all(given(tags, theme) for theme in ("offices", "staff", "harm"))


def test_a_renamed_theme_keeps_labels_answers_runs_model_and_links(project):
    before = open_run(project.runs / "first").tags
    with_staff = sum("staff" in x.themes for x in labels().labels)
    change("rename", "theme", ["staff"], {"people": "People who work here"})
    assert load_codebook().slugs == ("offices", "people", "harm")
    assert load_codebook().theme("people").name == "People who work here"
    assert sum("people" in x.themes for x in labels().labels) == with_staff > 0
    old = open_run(project.runs / "first")
    assert given(old.tags, "people") == given(before, "staff")
    assert "people" in set(old.recurrence[c.THEME])
    report = run_stage("report", project.runs / "first", formats=("html",)).report
    page = report.read_text(encoding="utf-8")
    assert 'id="theme-staff"' in page
    assert '"staff": "people"' in page or '"staff":"people"' in page
    again = tagged_again(project)
    person = again.loc[(again[c.SOURCE] == "person") & (again[c.THEME] == "people")]
    assert len(person) == 1
    assert given(again, "people") == given(before, "staff") | set(person[c.FINDING_ID])
    with pytest.raises(SettingsError, match="taken, or was before"):
        change("rename", "theme", ["harm"], {"staff": ""})


def test_merged_themes_are_one_with_all_their_labels_and_tags(project):
    before = open_run(project.runs / "first").tags
    either = sum(bool({"staff", "offices"} & set(x.themes)) for x in labels().labels)
    change("merge", "theme", ["staff", "offices"], {"means": "Means"})
    assert sorted(load_codebook().slugs) == ["harm", "means"]
    assert sum("means" in x.themes for x in labels().labels) == either
    old = open_run(project.runs / "first").tags
    both = given(before, "staff") | given(before, "offices")
    assert given(old, "means") == both
    assert not old.duplicated([c.FINDING_ID, c.THEME]).any()
    with pytest.raises(SettingsError, match="findings mine"):
        run_stage("report", project.runs / "first", formats=("html",))
    again = tagged_again(project)
    assert given(again, "means") >= both
    assert not again.duplicated([c.FINDING_ID, c.THEME]).any()


def test_a_split_theme_asks_for_review_and_is_settled_by_a_later_label(project, tmp_path):
    before = open_run(project.runs / "first").tags
    count = len(labels().labels)
    with_staff = sum("staff" in x.themes for x in labels().labels)
    change("split", "theme", ["staff"], {"numbers": "Numbers of staff", "skills": "Skills"})
    found = labels()
    assert len(found.unsettled) == with_staff
    assert len(found.labels) == count - with_staff
    assert {x.parts for x in found.unsettled} == {("numbers", "skills")}
    for tags in (open_run(project.runs / "first").tags, tagged_again(project)):
        parts = tags.loc[tags[c.THEME].isin(["numbers", "skills"])]
        asked = parts.loc[parts[c.REVIEW].astype(bool)]
        assert set(asked[c.FINDING_ID]) >= given(before, "staff")
        assert set(asked[c.CERTAINTY].dropna()) == {"suggested"}
        assert not parts[c.ASSIGNED].any()
    first = found.unsettled[0]
    sheet = project.labels / "settled.csv"
    sheet.write_text(f"digest,themes\n{first.digest},numbers\n", encoding="utf-8")
    assert len(labels().unsettled) == with_staff - 1
    assert any(x.digest == first.digest and x.themes == ("numbers",) for x in labels().labels)


def test_what_a_person_gave_before_a_split_is_asked_about_as_what_the_model_gave(tmp_path):
    make_project(tmp_path / "team")
    open_project(tmp_path / "team")
    try:
        change("split", "theme", ["outcomes"], {"ends": "Ends", "means": "Means"})
        row = {c.FINDING_ID: "a/001", c.THEME: "outcomes", c.PROBABILITY: 0.99, c.ASSIGNED: True}
        row |= {c.CERTAINTY: "sure", c.SOURCE: "person", c.REVIEW: False}
        findings = {c.FINDING_ID: "a/001", c.DOCUMENT_ID: "a", c.POLARITY: "strength"}
        tables = {"tags": frame("tags", [row]), "findings": frame("findings", [findings])}
        follow(tables)
        asked = Settling(tables["findings"], tables["tags"]).open_questions()
        assert asked == [(0, "ends"), (0, "means")]
        for said in ("theme:outcomes", "theme:OUTCOMES"):
            assert Order.parse(said, tables["findings"]) == Order("theme", ("ends", "means"))
        change("merge", "theme", ["ends", "means"], {"results": "Results"})
        assert Order.parse("theme:outcomes", tables["findings"]).values == ("results",)
        change("retire", "theme", ["results"])
        with pytest.raises(SettingsError, match="got 'outcomes'; expected one of"):
            Order.parse("theme:outcomes", tables["findings"])
    finally:
        leave_project()


def test_answers_can_be_taken_back_and_are_counted_alike_after_steps(tmp_path):
    """A person's tag was taken for the model's as soon as its theme had another name."""
    make_project(tmp_path / "team")
    open_project(tmp_path / "team")
    try:
        tags = [
            {c.FINDING_ID: "a/001", c.THEME: slug, c.PROBABILITY: p, c.ASSIGNED: p > 0.5}
            | {c.CERTAINTY: "likely" if p > 0.5 else None, c.SOURCE: "model", c.REVIEW: False}
            for slug, p in (("outcomes", 0.2), ("resettlement", 0.8), ("unpaid-work", 0.3))
        ]
        finding = {c.FINDING_ID: "a/001", c.DOCUMENT_ID: "a", c.POLARITY: "strength"}
        tables = {
            "tags": frame("tags", tags),
            "findings": frame("findings", [{**finding, c.DIGEST: "0" * 16}]),
            "repeats": frame("repeats", [{c.KIND: "theme", c.SUBJECT: "outcomes"}]),
        }
        before = tables["tags"].copy()
        store = AnswerStore(tmp_path / "answers")
        for slug, said in (("outcomes", "yes"), ("resettlement", "no"), ("unpaid-work", "yes")):
            store.append([about_finding("Ann", "0" * 16, "theme", slug, said)])
        answered = apply_answers(tables, store.read())
        change("rename", "theme", ["outcomes"], {"ends": "Ends"})
        change("split", "theme", ["unpaid-work"], {"placements": "P", "hours": "H"})
        follow(answered)
        assert answered["repeats"][c.SUBJECT].tolist() == ["ends"]
        again = apply_answers(answered, store.read())
        assert count_answers(again["answered"]) == {"added": 1, "removed": 1}
        back = without_answers(answered)["tags"].set_index(c.THEME)
        assert set(back[c.SOURCE]) == {"model"}
        assert not back.loc["ends", c.ASSIGNED]
        assert back.loc["resettlement", c.ASSIGNED]
        assert len(back) == len(before) + 1
    finally:
        leave_project()


def test_a_retired_theme_is_given_no_longer_and_its_labels_stay_as_none(project):
    change("retire", "theme", ["offices"])
    found = labels()
    assert not any("offices" in x.themes for x in found.labels)
    assert len(found.labels) == sum(1 for _ in (project.labels / "ours.csv").open()) - 1
    assert "offices" not in set(open_run(project.runs / "first").tags[c.THEME])
    assert "offices" not in set(tagged_again(project)[c.THEME])


def test_a_theme_that_the_model_does_not_know_is_said_in_the_report(project):
    book = project.folder / "codebook.toml"
    more = '\n[[themes]]\nslug = "money"\ngroup = "all"\nname = "Money"\nclaim = "debts"\n'
    book.write_text(book.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert load_model().themes.slugs == ("offices", "staff", "harm")
    run_stage("tag", project.runs / "first", jobs=1)
    run_stage("mine", project.runs / "first", jobs=1)
    run_stage("aggregate", project.runs / "first")
    report = run_stage("report", project.runs / "first", formats=("html",)).report
    said = report.read_text(encoding="utf-8")
    assert "does not know 1 of the codebook" in said
    assert "Money" in said


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ('do = "rename"\nwhat = "theme"\nfrom = ["nosuch"]\nto = ["x"]', "line 1: rename theme"),
        ('do = "split"\nwhat = "theme"\nfrom = ["staff"]\nto = ["a"]', "2 or more"),
        ('do = "merge"\nwhat = "theme"\nfrom = ["staff"]\nto = ["new"]', "nothing says what it is"),
        ('do = "pin"\nwhat = "issue"\nfrom = ["staff"]', "do is 'pin'"),
        ('do = "burn"\nwhat = "theme"\nfrom = ["staff"]', "do is 'burn'"),
        ('do = "retire"\nwhat = "theme"\nfrom = ["../staff"]', "small letters"),
    ],
)
def test_a_wrong_step_is_named_with_file_and_line(project, step, said):
    (project.folder / "changes.toml").write_text(f"[[steps]]\n{step}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"changes\.toml") as caught:
        load_codebook()
    assert said in str(caught.value)


def test_a_step_that_does_not_fit_changes_nothing(project):
    before = (project.folder / "codebook.toml").read_text(encoding="utf-8")
    with pytest.raises(SettingsError):
        change("merge", "theme", ["staff", "nosuch"], {"new": "New"})
    assert (project.folder / "codebook.toml").read_text(encoding="utf-8") == before
    assert not (project.folder / "changes.toml").exists()


def test_what_labels_concede_of_a_renamed_issue_does_not_count_as_stated(tmp_path):
    make_project(tmp_path / "team")
    open_project(tmp_path / "team")
    try:
        change("rename", "issue", ["home-visits"], {"calls": "Calls not made|Calls made"})
        area = "area_for_improvement"
        assert read_subjects("home-visits/strength", area) == ()
        assert read_subjects("calls/strength; case-recording", area) == ("case-recording",)
        assert read_subjects("home-visits", area) == ("calls",)
    finally:
        leave_project()


def test_a_finding_that_states_and_concedes_issues_that_were_merged_has_the_one_it_states(tmp_path):
    """It had both rows, and an answer was put into the last of them."""
    make_project(tmp_path / "team")
    open_project(tmp_path / "team")
    try:
        area, other = "area_for_improvement", "strength"
        finding = {c.FINDING_ID: "a/001", c.DOCUMENT_ID: "a", c.POLARITY: area}
        row = {c.FINDING_ID: "a/001", c.SOURCE: "model"}
        given = {c.PROBABILITY: 0.6, c.ASSIGNED: True, c.CERTAINTY: "likely"}
        conceded = {c.PROBABILITY: 0.8, c.ASSIGNED: False, c.CERTAINTY: "suggested"}
        tables = {
            "findings": frame("findings", [{**finding, c.DIGEST: "0" * 16}]),
            "issue_tags": frame(
                "issue_tags",
                [
                    {**row, **given, c.SUBJECT: "home-visits", c.POLARITY: area},
                    {**row, **conceded, c.SUBJECT: "vacancies", c.POLARITY: other},
                ],
            ),
        }
        change("merge", "issue", ["home-visits", "vacancies"], {"calls": "Not made|Made"})
        follow(tables)
        (held,) = tables["issue_tags"].to_dict("records")
        assert (held[c.SUBJECT], held[c.POLARITY], held[c.ASSIGNED]) == ("calls", area, True)
    finally:
        leave_project()


@pytest.mark.parametrize(
    ("said", "others", "problem"),
    [("dogs", "dogs", r"without it \('none'\)"), ("dogs", "cats", "in a second one")],
)
def test_labels_of_which_nothing_can_be_learned_are_refused_with_what_to_label(
    tmp_path, said, others, problem
):
    make_project(tmp_path / "own", own=True)
    book = CODEBOOK[: CODEBOOK.index("[[themes]]")] + "".join(
        f'[[themes]]\nslug = "{one}"\ngroup = "all"\nname = "{one}"\nclaim = "Claims."\n'
        for one in ("dogs", "cats")
    )
    (tmp_path / "own" / "codebook.toml").write_text(book)
    kinds = (("Dogs", said), ("Cats", others))
    rows = [
        f"d{n % 2},{n},{kinds[n % 2][0]} were walked {how} in the {place}.,{kinds[n % 2][1]}"
        for n, (how, place) in enumerate(
            (how, place) for how in ("well", "badly", "often", "daily") for place in "abcdef"
        )
    ]
    path = tmp_path / "own" / "labels" / "own.csv"
    path.write_text("\n".join(["document_id,ordinal,text,themes", *rows]) + "\n")
    open_project(tmp_path / "own")
    try:
        with pytest.raises(CorpusError, match=problem):
            train_model(TrainSettings())
    finally:
        leave_project()
