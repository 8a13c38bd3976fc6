"""Commands killed at any moment: models, labels, reports and exports are as before or as after."""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from http.client import HTTPException

import pandas as pd
import pytest

import invented
import pipelines
from kills import in_a_child, killed_at, used
from pipelines import columns as c
from pipelines.answers import AnswerStore
from pipelines.changes import make_project
from pipelines.codebook import load_codebook
from pipelines.durable import write_bytes
from pipelines.flow import run
from pipelines.flow.storage.store import RunFolder
from pipelines.mine.edits.adopt import accept, merge
from pipelines.project import leave_project, open_project
from pipelines.review.session import Session
from pipelines.tag.models.artefacts import load_folder
from pipelines.tag.models.registry import model_folders, read_pointer
from pipelines.tag.training.train import shipped_labels
from runs import same_tables
from test_review import Caller, make_run

PLAIN_GUARDS = True
KILLS = 50
WITH_LABELS = (
    "import sys; from pathlib import Path; import pipelines.tag.training.train as train; "
    "labels = Path(sys.argv.pop(1)); train.shipped_labels = lambda: labels; "
    "from pipelines.cli import main; main()"
)
WRITERS = ("pipelines.mine.edits.adopt", "pipelines.durable")


def adoptable():
    """A proposal of two findings, as far as accepting it needs."""
    findings = pd.DataFrame(
        {
            c.FINDING_ID: ["a", "b"],
            c.DOCUMENT_ID: ["one", "two"],
            c.ORDINAL: [3, 4],
            c.DIGEST: ["0" * 8, "1" * 8],
            c.POLARITY: ["strength", "area_for_improvement"],
        }
    )
    proposal = {c.PROPOSAL_ID: ["tags"], c.LABEL: ["Tags"], c.TERMS: [["gps tags", "curfews"]]}
    return {
        "findings": findings,
        "proposals": pd.DataFrame({**proposal, c.THEME: [None]}),
        "proposal_findings": pd.DataFrame({c.PROPOSAL_ID: ["tags"] * 2, c.FINDING_ID: ["a", "b"]}),
    }


@pytest.mark.parametrize(
    "step", [pytest.param(31), pytest.param(1, marks=pytest.mark.slow, id="every line")]
)
def test_adopting_a_theme_killed_at_any_line_can_be_ended(tmp_path, step, record_property):
    """The codebook loads, labels are whole lines, and another command ends what was begun."""
    number = 0
    before = len(load_codebook().slugs)
    for at in range(1, 2000, step):
        make_project(tmp_path / str(at), name="Team")
        project = open_project(tmp_path / str(at))
        labels = project.labels / "proposal-tags.jsonl"
        labels.parent.mkdir(exist_ok=True)
        write_bytes(labels, b'{"an": "older label"}\n')
        try:
            killed = killed_at(lambda: accept(adoptable(), "tags"), WRITERS, at)
            lines = [json.loads(line) for line in labels.read_text().splitlines()]
            assert len(lines) in (1, 3)
            if "tags" in load_codebook().slugs:
                assert len(load_codebook().slugs) == before + 1
                merge(adoptable(), "tags", "tags")
            else:
                assert len(lines) == 1
                accept(adoptable(), "tags")
            assert len(labels.read_text().splitlines()) == 3
            assert "tags" in load_codebook().slugs
        finally:
            leave_project()
        number += killed
        if not killed:
            break
    assert not killed
    assert number > 60 // step
    record_property("adopting a theme killed at a chosen line", number)


def few_labels(folder):
    """Write eight labels a theme of the shipped ones; training on them takes seconds."""
    taken = {}
    chosen = []
    for path in sorted(shipped_labels().glob("*.jsonl")):
        for line in path.read_text().splitlines():
            themes = json.loads(line)["themes"]
            if any(taken.get(theme, 0) < 8 for theme in themes):
                chosen.append(line)
                taken |= {theme: taken.get(theme, 0) + 1 for theme in themes}
    folder.mkdir()
    (folder / "few.jsonl").write_text("\n".join(chosen) + "\n")


@pytest.mark.slow
def test_training_killed_at_random_loses_no_model_and_blocks_none(tmp_path, record_property):
    """From the first import to the pointer; labels of the user's own are left as they are."""
    few_labels(tmp_path / "labels")
    own = tmp_path / "own.csv"
    own.write_text("text,themes\nThe lift was broken in May.,premises-and-travel\n")
    models = tmp_path / "models"
    command = [sys.executable, "-c", WITH_LABELS, str(tmp_path / "labels"), "train", str(own)]
    command += ["--models", str(models), "--name", "few", "--force"]
    begun = time.monotonic()
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)
    longest = time.monotonic() - begun
    rng = random.Random(12)
    killed = 0
    seen: dict[str, tuple[int, ...]] = {}
    # Where the machine is faster than it was, a training may end first: then more are tried.
    for _ in range(3 * KILLS):
        if killed == KILLS:
            break
        process = subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(rng.uniform(0.1, longest))
        hit = process.poll() is None
        longest *= 1.02 if hit else 0.9
        killed += hit
        process.kill()
        process.wait()
        listed = {k: v for k, v in model_folders(models).items() if k.startswith("few-")}
        for label, folder in listed.items():
            if label not in seen:  # loading checks every file against its sum
                load_folder(folder)
                seen[label] = stamp(folder)
            assert stamp(folder) == seen[label]
        assert set(seen) == set(listed)
        assert read_pointer(models).current in listed
        assert {p.name for p in models.glob("[!.]*")} == {*listed, "current.json"}
        assert own.read_text().count("\n") == 2
    again = subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path)
    assert "in use now" in again.stderr
    assert read_pointer(models).current not in seen
    assert killed == KILLS
    record_property("training killed at a random moment", killed)


def stamp(folder):
    return tuple(sorted((p.stat().st_mtime_ns, p.stat().st_size) for p in folder.iterdir()))


@pytest.mark.slow
def test_reports_and_exports_killed_at_random_are_as_before_or_as_after(tmp_path, record_property):
    invented.write(tmp_path / "in", range(2), bullets=1)
    run(tmp_path / "in", tmp_path / "out", cache=None, formats=("md",))
    before = pipelines.open_run(tmp_path / "out")
    out = str(tmp_path / "out")
    findings = [sys.executable, "-m", "pipelines.cli"]
    commands = {
        "report": [*findings, "report", out, "--formats", "html,md,xlsx"],
        "sqlite": [*findings, "export", out, "--to", str(tmp_path / "all.db")],
        "folder": [*findings, "export", out, "--to", str(tmp_path / "tables")],
    }
    rng = random.Random(13)
    number = 0
    for name, command in commands.items():
        begun = time.monotonic()
        subprocess.run(command, check=True, capture_output=True)
        longest = time.monotonic() - begun
        for _ in range(17):
            if name == "folder":
                shutil.rmtree(tmp_path / "tables", ignore_errors=True)
            process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            time.sleep(rng.uniform(0.1, longest))
            number += process.poll() is None
            process.kill()
            process.wait()
            same_tables(before, pipelines.open_run(tmp_path / "out"))
            assert {p.suffix for p in (tmp_path / "out" / "report").iterdir()} in (
                {".md"},
                {".html", ".md", ".xlsx"},
            )
            if name == "sqlite":
                held = sqlite3.connect(tmp_path / "all.db").execute("select count(*) from findings")
                assert held.fetchone() == (28,)
            elif name == "folder" and (tmp_path / "tables").exists():
                assert (tmp_path / "tables" / "DICTIONARY.md").is_file()
                assert len(pd.read_csv(tmp_path / "tables" / "findings.csv")) == 28
        shutil.rmtree(tmp_path / "tables", ignore_errors=True)
        subprocess.run(command, check=True, capture_output=True)
    record_property("a report or an export killed at a random moment", number)


@pytest.mark.slow
def test_a_run_that_takes_up_ten_reports_killed_at_random_loses_nothing(tmp_path, record_property):
    """`REPORTS=2000 KILLS=20` kills it at random moments where thousands are there already.

    `OPTIONS="--no-encoder --jobs 1"` gives every run more words. Moments are drawn by processor
    time: by a clock, a machine that does much else would have all runs killed at their beginning.
    """
    reports, kills = (int(os.environ.get(k, d)) for k, d in (("REPORTS", "40"), ("KILLS", "20")))
    invented.write(tmp_path / "in", range(reports), bullets=3, paragraphs=4)
    words = [sys.executable, "-m", "pipelines.cli", "run", str(tmp_path / "in"), "--formats", "md"]
    words += ["--timeout", "600"]  # a machine that does much else is not what is tested
    words += os.environ.get("OPTIONS", "").split()
    words += ["--cache", str(tmp_path / "cache"), "--out"]
    subprocess.run([*words, str(tmp_path / "out")], check=True, capture_output=True)
    before = digests(tmp_path / "out")
    shutil.copytree(tmp_path / "out", tmp_path / "kept", symlinks=True)
    shutil.copytree(tmp_path / "cache", tmp_path / "held")
    invented.write(tmp_path / "in", range(reports, reports + 10), bullets=3, paragraphs=4)
    begun = os.times()
    subprocess.run([*words, str(tmp_path / "whole")], check=True, capture_output=True)
    ended, after = os.times(), digests(tmp_path / "whole")
    longest = sum(ended[2:4]) - sum(begun[2:4])  # of children: processor time
    rng, killed = random.Random(15), 0
    for _ in range(3 * kills):
        shutil.rmtree(tmp_path / "cache")  # what the ten cost is to be paid each time
        shutil.copytree(tmp_path / "held", tmp_path / "cache")
        process = subprocess.Popen(
            [*words, str(tmp_path / "out")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        moment = rng.uniform(0.1, longest)
        while (alive := process.poll() is None) and used(process.pid) < moment:
            time.sleep(0.02)
        killed += alive
        process.kill()
        process.wait()
        RunFolder(tmp_path / "out").read_tables()  # each against its digest
        seen = digests(tmp_path / "out")
        assert seen in (before, after)
        if seen == after:
            shutil.rmtree(tmp_path / "out")
            shutil.copytree(tmp_path / "kept", tmp_path / "out", symlinks=True)
        if killed == kills:
            break
    assert killed == kills
    subprocess.run([*words, str(tmp_path / "out")], check=True, capture_output=True)
    assert digests(tmp_path / "out") == after
    assert not list((tmp_path / "out" / ".generations").glob("draft-*"))
    record_property("a run that takes up ten reports killed at a random moment", killed)


def digests(folder):
    """The digest of every table, the ledger's seconds apart."""
    tables = json.loads((folder / "manifest.json").read_text())["tables"]
    return {name: entry["sha256"] for name, entry in tables.items() if name != "ledger"}


@pytest.mark.slow
def test_fifty_kills_of_the_review_page_lose_no_answer_that_it_said_was_saved(
    tmp_path, record_property
):
    """It is answered all the time, killed at a random moment, and begun again where it was."""
    reviewing = pytest.importorskip("pipelines.review.server", reason="needs starlette")
    folder = make_run(tmp_path / "run")
    draw = random.Random(14)
    saved: list[str] = []
    sent = 0
    for kill in range(KILLS):
        server = reviewing.Server(Session(folder), who="Ann")
        pid = in_a_child(server.run)
        call = Caller(server)
        call("/next?who=Ann&order=settle")  # it listens; what comes before this kills no answer
        ends = time.monotonic() + draw.uniform(0.0, 0.3)
        killer = threading.Timer(ends - time.monotonic(), os.kill, (pid, signal.SIGKILL))
        killer.start()
        for number in itertools.count():
            name = f"{kill:04d}{number:06d}"
            answer = {"who": "Ann", "row": number % 40, "level": "theme", "slug": "outcomes"}
            sent += 1
            try:
                status, _, _ = call("/answer", {**answer, "answer": "yes", "id": name})
            except (OSError, HTTPException):
                break
            assert status == 200
            saved.append(name)
        killer.join()
        os.waitpid(pid, 0)
    reading = AnswerStore(folder / "answers").read()
    kept = [event.event_id for event in reading.events]
    assert len(saved) > KILLS
    assert set(saved) <= set(kept)
    assert len(set(kept)) == len(kept) <= sent
    record_property("review page killed while it was answered", KILLS)
