"""What people answer is kept whatever happens, and counts at once in every table."""

import json
import os
import random
import signal
import subprocess
import time

import pandas as pd
import pytest

import invented
from kills import in_a_child
from pipelines import columns as c
from pipelines.answers import (
    AnswerStore,
    about_finding,
    apply_answers,
    memo,
    standing_of,
    undo,
    whole,
)
from pipelines.answers.applied import count_answers
from pipelines.answers.score import cell_score, sample_score
from pipelines.answers.store import file_name
from pipelines.errors import SettingsError, StorageError
from pipelines.flow import open_run, recount, run, run_stage
from pipelines.flow.storage.store import RunFolder
from pipelines.records import digest
from pipelines.tables import frame

ONE, TWO = digest("The lift was broken."), digest("Nobody rang the police.")
AREA = "area_for_improvement"


def said(store):
    return store.read().events


def verdict(store, finding, slug):
    found = standing_of(said(store)).verdicts.get((finding, "theme", slug))
    return found and found.answer


def test_a_thousand_answers_by_two_people_are_merged_by_git(tmp_path):
    def git(*words, folder):
        identity = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
        done = subprocess.run(["git", *identity, *words], cwd=folder, capture_output=True)
        assert done.returncode == 0, done.stderr

    first = tmp_path / "first"
    AnswerStore(first).append([about_finding("Ann", ONE, "theme", "outcomes", "yes")])
    git("init", "-q", "-b", "main", folder=first)
    git("add", ".", folder=first)
    git("commit", "-qm", "begin", folder=first)
    second = tmp_path / "second"
    git("clone", "-q", str(first), str(second), folder=tmp_path)
    for folder, who in ((first, "Ann"), (second, "Ben"), (second, "Ann")):
        findings = [digest(f"{who} {folder.name} {n}") for n in range(350)]
        events = [about_finding(who, f, "theme", "outcomes", "no") for f in findings]
        AnswerStore(folder).append(events)
        git("add", ".", folder=folder)
        git("commit", "-qm", "more", folder=folder)
    git("pull", "-q", "--no-rebase", "--no-edit", str(second), "main", folder=first)
    found = AnswerStore(first).read()
    assert found.damaged == ()
    assert len(found.events) == 1051
    assert len({event.event_id for event in found.events}) == 1051
    times = [event.when for event in found.events]
    assert times == sorted(times)


def test_a_torn_last_line_is_survived_and_said(tmp_path, caplog):
    store = AnswerStore(tmp_path / "answers")
    store.append([about_finding("Ann", ONE, "theme", "outcomes", "yes")])
    path = store.folder / f"{file_name('Ann')}.jsonl"
    whole_line = path.read_bytes()
    path.write_bytes(whole_line + whole_line[:40])
    assert len(said(store)) == 1
    assert len(store.read().damaged) == 1
    assert "line 2: no JSON" in caplog.text  # by every command that reads answers
    store.append([about_finding("Ann", TWO, "theme", "outcomes", "no")])
    assert [event.finding for event in said(store)] == [ONE, TWO]
    assert "line 2" in store.read().damaged[0]


def test_lines_that_no_command_writes_are_passed_over(tmp_path):
    store = AnswerStore(tmp_path)
    good = about_finding("Ann", ONE, "theme", "outcomes", "yes").to_dict()
    lines = [
        json.dumps(good),
        json.dumps(good),  # as a union merge may leave it
        "<<<<<<< HEAD",
        json.dumps({**good, "id": "another-one", "answer": "perhaps"}),
        json.dumps([1]),
        json.dumps({**good, "id": "another-two", "finding": "../../etc"}),
        "[" * 100_000,
    ]
    (tmp_path / "ann.jsonl").write_text("\n".join(lines) + "\n")
    found = store.read()
    assert [event.event_id for event in found.events] == [good["id"]]
    assert len(found.damaged) == 5


@pytest.mark.parametrize(
    "change",
    [
        {"who": "Ann\x1b[31m"},
        {"who": "Ann\nBen"},
        {"who": "\ud800"},
        {"slug": "out\x00comes"},
        {"slug": "x" * 301},
        {"kind": "whole", "answer": "", "slug": "", "slugs": ["\u2028"]},
        {"place": "\x1b]0;taken\x07"},
        {"when": "9999-99-99T99:99:99Z"},
        {"kind": "memo", "answer": "", "level": "finding", "text": "half \udc00"},
    ],
)
def test_an_answer_from_elsewhere_that_no_cell_or_line_holds_is_passed_over(tmp_path, change):
    good = about_finding("Ann", ONE, "theme", "outcomes", "yes").to_dict()
    lines = [json.dumps(good), json.dumps({**good, "id": "another-one", **change})]
    (tmp_path / "ann.jsonl").write_text("\n".join(lines) + "\n")
    found = AnswerStore(tmp_path).read()
    assert len(found.events) == len(found.damaged) == 1
    assert "another-one" not in {event.event_id for event in found.events}


def test_what_is_no_file_and_what_an_editor_marked_cost_no_answer(tmp_path):
    good = about_finding("Ann", ONE, "theme", "outcomes", "yes").to_dict()
    (tmp_path / "ann.jsonl").write_bytes(b"\xef\xbb\xbf" + json.dumps(good).encode() + b"\r\n")
    (tmp_path / "ben.jsonl").mkdir()
    (tmp_path / "cyd.jsonl").symlink_to("nowhere")
    found = AnswerStore(tmp_path).read()
    assert [event.event_id for event in found.events] == [good["id"]]
    assert len(found.damaged) == 2


def test_people_of_like_names_have_files_of_their_own():
    names = ["ann", "Ann", "Ann B.", "ann-b", "Žofie", "李", "王", "../x", "CON "]
    files = [file_name(name) for name in names]
    assert len(set(files)) == len(files)
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for name in files)


@pytest.mark.parametrize("change", [{"who": " "}, {"answer": "maybe"}, {"level": "standard"}])
def test_an_answer_that_says_nothing_is_refused(change):
    given = {"who": "Ann", "level": "theme", "answer": "yes", **change}
    with pytest.raises(SettingsError, match="expected"):
        about_finding(given["who"], ONE, given["level"], "outcomes", given["answer"])


def test_the_last_word_of_a_person_counts_and_undo_takes_it_back(tmp_path):
    store = AnswerStore(tmp_path)
    yes = about_finding("Ann", ONE, "theme", "outcomes", "yes")
    no = about_finding("Ann", ONE, "theme", "outcomes", "no")
    for event in (yes, no):
        store.append([event])
    assert verdict(store, ONE, "outcomes") == "no"
    back = undo("Ann", no.event_id)
    store.append([back])
    assert verdict(store, ONE, "outcomes") == "yes"
    store.append([undo("Ann", back.event_id)])
    assert verdict(store, ONE, "outcomes") == "no"


@pytest.mark.parametrize("earlier", ["yes", "no", "unsure"])
def test_a_skip_takes_no_earlier_answer_of_the_same_person_away(earlier):
    answers = [about_finding("Ann", ONE, "theme", "outcomes", x) for x in (earlier, "skip")]
    standing = standing_of(answers)
    assert standing.said[ONE, "theme", "outcomes"]["Ann"].answer == earlier
    assert standing.skipped == {(ONE, "theme", "outcomes"): {"Ann"}}
    again = about_finding("Ann", ONE, "theme", "outcomes", "no")
    standing = standing_of([*answers, again])
    assert standing.verdicts[ONE, "theme", "outcomes"].answer == "no"
    assert not any(standing.skipped.values())


def test_where_people_disagree_nothing_is_decided_until_one_resolves_it(tmp_path):
    store = AnswerStore(tmp_path)
    store.append([about_finding("Ann", ONE, "theme", "outcomes", "yes")])
    store.append([about_finding("Ben", ONE, "theme", "outcomes", "no")])
    assert verdict(store, ONE, "outcomes") is None
    assert standing_of(said(store)).disputed == {
        (ONE, "theme", "outcomes"): {"Ann": "yes", "Ben": "no"}
    }
    store.append([about_finding("Cat", ONE, "theme", "outcomes", "unsure")])
    assert verdict(store, ONE, "outcomes") is None
    store.append([about_finding("Cat", ONE, "theme", "outcomes", "no")])
    assert verdict(store, ONE, "outcomes") == "no"
    store.append([about_finding("Ann", ONE, "theme", "outcomes", "yes", resolves=True)])
    assert verdict(store, ONE, "outcomes") == "yes"
    assert not standing_of(said(store)).disputed


def test_a_whole_labelling_answers_every_theme(tmp_path):
    store = AnswerStore(tmp_path)
    store.append([whole("Ann", ONE, "theme", ("outcomes",))])
    assert verdict(store, ONE, "outcomes") == "yes"
    assert verdict(store, ONE, "risk-of-harm") == "no"
    store.append([about_finding("Ann", ONE, "theme", "risk-of-harm", "yes")])
    given = {key for key, one in standing_of(said(store)).verdicts.items() if one.answer == "yes"}
    assert given == {(ONE, "theme", "outcomes"), (ONE, "theme", "risk-of-harm")}


def test_fifty_kills_while_answering_lose_no_answer_that_was_taken(tmp_path):
    """A person's answers come one by one; the process dies at any moment and is begun again."""
    store, taken = AnswerStore(tmp_path / "answers"), tmp_path / "taken"
    draw = random.Random(14)

    def answering():
        while True:
            event = about_finding("Ann", ONE, "theme", "outcomes", "yes")
            store.append([event])
            with taken.open("a") as stream:  # what the person was told is saved
                stream.write(event.event_id + "\n")

    kills, told = 0, []
    # On a busy machine a child may be killed before it answered anything: then more are tried.
    while kills < 50 or (len(told) <= 25 and kills < 1000):
        pid = in_a_child(answering)
        time.sleep(draw.uniform(0.02, 0.15))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        kills += 1
        lines = taken.read_text().split("\n")[:-1] if taken.exists() else []
        told = [line for line in lines if len(line) == 24]
    kept = [event.event_id for event in said(store)]
    assert len(told) > 25
    assert set(told) <= set(kept)
    assert len(kept) - len(set(told)) <= kills  # saved, but killed before it was said


def tagged():
    findings = frame(
        "findings",
        [
            {
                c.FINDING_ID: f"a/{n:03d}",
                c.DOCUMENT_ID: "a",
                c.POLARITY: AREA,
                c.TEXT: text,
                c.DIGEST: digest(text),
            }
            for n, text in enumerate(("The lift was broken.", "Nobody rang the police."), 1)
        ],
    )
    tags = [
        ("a/001", "premises-and-travel", 0.6, True, "likely", True),
        ("a/001", "outcomes", 0.3, False, "suggested", True),
        ("a/002", "premises-and-travel", 0.01, False, None, False),
        ("a/002", "outcomes", 0.97, True, "sure", False),
    ]
    names = (c.FINDING_ID, c.THEME, c.PROBABILITY, c.ASSIGNED, c.CERTAINTY, c.REVIEW)
    rows = [{**dict(zip(names, row, strict=True)), c.SOURCE: "model"} for row in tags]
    issue = {
        c.FINDING_ID: "a/001",
        c.SUBJECT: "ict-equipment",
        c.POLARITY: AREA,
        c.PROBABILITY: 0.5,
        c.ASSIGNED: True,
        c.CERTAINTY: "likely",
        c.SOURCE: "model",
    }
    return {
        "findings": findings,
        "tags": frame("tags", rows),
        "issue_tags": frame("issue_tags", [issue]),
    }


def test_a_yes_is_a_sure_tag_of_a_person_a_no_takes_it_away_and_undo_puts_it_back(tmp_path):
    store = AnswerStore(tmp_path)
    events = [
        about_finding("Ann", ONE, "theme", "premises-and-travel", "no"),
        about_finding("Ann", ONE, "theme", "outcomes", "yes"),
        about_finding("Ann", TWO, "theme", "outcomes", "yes"),
        about_finding("Ann", ONE, "issue", "ict-equipment", "no"),
        about_finding("Ann", TWO, "issue", "vacancies", "yes"),
    ]
    store.append(events)
    before = tagged()
    after = apply_answers(before, store.read())
    tags = after["tags"].set_index([c.FINDING_ID, c.THEME])
    assert not tags.loc[("a/001", "premises-and-travel"), c.ASSIGNED]
    assert tags.loc[("a/001", "outcomes"), c.CERTAINTY] == "sure"
    assert tags.loc["a/001", c.SOURCE].tolist() == ["person", "person"]
    assert not tags[c.REVIEW].any()
    assert tags.loc[("a/001", "outcomes"), c.PROBABILITY] == 0.3  # what the model thinks stays
    given = after["issue_tags"].query("assigned")
    assert given[c.SUBJECT].tolist() == ["vacancies"]
    assert given[c.POLARITY].tolist() == [AREA]
    assert count_answers(after["answered"]) == {"removed": 2, "added": 2, "confirmed": 1}
    again = apply_answers(after, store.read())
    for name in ("tags", "issue_tags", "answered"):
        pd.testing.assert_frame_equal(again[name], after[name])
    store.append([undo("Ann", event.event_id) for event in events])
    back = apply_answers(again, store.read())
    assert set(back) == set(before)
    for name in before:
        pd.testing.assert_frame_equal(back[name], before[name])


def test_what_is_disputed_stays_as_the_model_has_it_and_is_marked(tmp_path):
    store = AnswerStore(tmp_path)
    store.append([about_finding("Ann", TWO, "theme", "outcomes", "yes")])
    store.append([about_finding("Ben", TWO, "theme", "outcomes", "no")])
    after = apply_answers(tagged(), store.read())
    row = after["tags"].set_index([c.FINDING_ID, c.THEME]).loc[("a/002", "outcomes")]
    assert row[c.ASSIGNED]
    assert row[c.REVIEW]
    assert row[c.SOURCE] == "model"
    assert after["answered"][c.ANSWER].tolist() == ["disputed"]


def test_a_memo_follows_its_finding_and_one_on_a_theme_stays(tmp_path):
    store = AnswerStore(tmp_path)
    store.append([memo("Ann", "finding", "old/007", "Ask the unit.", finding=TWO)])
    store.append([memo("Ben", "theme", "outcomes", "Too broad?")])
    memos = apply_answers(tagged(), store.read())["memos"]
    assert memos[c.SUBJECT].tolist() == ["a/002", "outcomes"]
    assert memos[c.TEXT].tolist() == ["Ask the unit.", "Too broad?"]


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Two invented reports, and a run of them."""
    root = tmp_path_factory.mktemp("answers")
    (root / "sources").mkdir()
    invented.write(root / "sources", range(2), bullets=1)
    run(root / "sources", root / "run", jobs=1, formats=("md",), title="Ours")
    return root


def test_answers_count_at_once_and_in_the_next_run(ran):
    out = ran / "run"
    before = open_run(out)
    given = before.tags.loc[before.tags[c.ASSIGNED]].iloc[0]
    finding = before.findings.set_index(c.FINDING_ID).loc[given[c.FINDING_ID]]
    store = AnswerStore(out / "answers")
    no = about_finding("Ann", finding[c.DIGEST], "theme", given[c.THEME], "no")
    store.append([no, memo("Ann", "theme", given[c.THEME], "Seldom <b>right</b> here.")])

    def counted(found):
        at = found.theme_unit
        mine = at.loc[(at[c.THEME] == given[c.THEME]) & (at[c.UNIT] == finding[c.UNIT])]
        return int(mine[c.FINDINGS].sum())

    after = recount(out, jobs=1)
    assert counted(after) == counted(before) - 1
    report = (out / "report" / "report.md").read_text()
    assert report.startswith("# Ours")
    assert "1 decision on 1 finding by Ann" in report
    assert "0 tags confirmed, 1 taken away, 0 added" in report
    assert "Seldom" in report
    assert "<b>right" not in report
    (ran / "sources" / "more").mkdir()
    next(iter((ran / "sources").glob("*0001*"))).rename(ran / "sources" / "more" / "moved.txt")
    again = run(ran / "sources", out, jobs=1, formats=("md",))
    assert counted(again) == counted(before) - 1
    assert len(again.memos) == 1
    retagged = run_stage("tag", out, jobs=1)
    assert (retagged.tags[c.SOURCE] == "person").sum() == 1
    run_stage("mine", out, jobs=1)
    store.append([undo("Ann", no.event_id)])
    assert counted(recount(out, jobs=1)) == counted(before)
    assert said(store)  # generations came and went, the answers are there


def test_a_report_printed_beside_itself_is_counted_again_in_its_own_formats(ran, tmp_path):
    out = tmp_path / "run"
    run(ran / "sources", out, jobs=1, formats=("md",))
    for name in ("report.pdf", "report.csv"):
        (out / "report" / name).write_bytes(b"printed")
    recount(out, jobs=1)
    assert (out / "report" / "report.md").is_file()
    assert not (out / "report" / "report.html").exists()


def test_a_folder_in_use_is_refused_with_what_recount_can_do(ran):
    with RunFolder(ran / "run").locked(), pytest.raises(StorageError) as raised:
        recount(ran / "run", jobs=1)
    assert str(raised.value).endswith("wait for it to end and try again")


def test_a_random_sample_scores_the_model_as_it_was_before_corrections():
    rows = []
    for n in range(40):
        for slug, given, answer in (
            ("outcomes", True, "yes" if n % 4 else "no"),
            ("risk-of-harm", False, "no" if n % 2 else "yes"),
        ):
            rows.append(
                {
                    c.FINDING_ID: f"a/{n:03d}",
                    c.KIND: "theme",
                    c.SUBJECT: slug,
                    c.ANSWER: answer,
                    c.WHO: ["Ann"],
                    c.ASSIGNED: given,
                    c.SAMPLED: n < 36,
                }
            )
    found = sample_score(frame("answered", rows))
    assert found["findings"][0] == 36
    assert found["precision"][0] == 27 / 36
    assert found["recall"][0] == 27 / (27 + 18)
    for name in ("precision", "recall", "F1"):
        value, low, high = found[name]
        assert low < value < high
    assert sample_score(frame("answered", rows[:20])) is None


@pytest.mark.parametrize("right", [True, False])
def test_the_sample_says_how_right_the_cells_are_that_nobody_looked_at(right):
    size = 120
    findings = [
        {c.FINDING_ID: f"a/{n:03d}", c.DOCUMENT_ID: "a", c.UNIT: f"U{n // 2}", c.POLARITY: AREA}
        for n in range(size)
    ]
    tags = [
        {c.FINDING_ID: one[c.FINDING_ID], c.THEME: "outcomes", c.ASSIGNED: True,
         c.CERTAINTY: "sure", c.PROBABILITY: 0.9, c.SOURCE: "model"}
        for one in findings
    ]  # fmt: skip
    rows = [
        {c.FINDING_ID: f"a/{n:03d}", c.KIND: "theme", c.SUBJECT: "outcomes", c.WHO: ["Ann"],
         c.ANSWER: "yes" if right or n % 2 else "no", c.LISTED: True, c.ASSIGNED: True,
         c.CERTAINTY: "sure", c.SAMPLED: n % 3 == 0}
        for n in range(size)
    ]  # fmt: skip
    answered = frame("answered", rows)
    tables = {"findings": frame("findings", findings), "tags": frame("tags", tags)}
    value, low, high = cell_score({**tables, "answered": answered}, answered)["precision"]
    # Each cell has two findings: where half of the tags are right, three cells of four are.
    assert value == pytest.approx(1.0 if right else 0.75, abs=0.02)
    assert low <= value <= high
    assert high - low < 0.3
