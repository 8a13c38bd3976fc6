"""The command as its user meets it: processes, exit statuses, words on stderr, data on stdout."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest

import invented
from forked import called
from pipelines.cli import COMMAND_MODULES

FINDINGS = [sys.executable, "-m", "pipelines.cli"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    root = tmp_path_factory.mktemp("cli")
    invented.write(root / "good", range(3), bullets=1)
    invented.write(root / "mixed", range(2), bullets=1)
    (root / "mixed" / "letter.txt").write_text("Dear all,\n\nno report.\n")
    return root


@pytest.fixture(scope="module")
def call(place):
    environment = {**os.environ, "COLUMNS": "80"}
    return partial(called, cwd=place, env=environment)


@pytest.fixture(scope="module")
def ended(call):
    return call("run", "good", "--out", "out", "--csv", "--jobs", 2)


def test_help_names_the_commands(call):
    answer = call("--help")
    assert answer.returncode == 0
    assert "run" in answer.stdout


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from pipelines.cli import app; "
        "print([m for m in ('pandas', 'numpy', 'sklearn', 'spacy', 'pypdfium2', 'altair')"
        " if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_every_module_of_commands_is_there():
    for name in COMMAND_MODULES:
        assert callable(import_module(f"pipelines.cli.{name}").register)


def test_every_command_has_help(call):
    listed = call("--help").stdout.split("Commands:")[1]
    names = [line.split()[0] for line in listed.splitlines() if line[2:3].strip()]
    assert {"run", "tag", "mine", "aggregate", "stages", "cache"} <= set(names)
    for name in ("run", "tag", "cache"):
        answer = call(name, "--help")
        assert answer.returncode == 0
        assert answer.stdout.strip()


def test_issues_are_listed_without_pandas_and_what_fetches(ended, place):
    """They take half of the time that the command takes; Arrow brings pandas in by the way."""
    code = (
        "import atexit, sys; from pipelines.cli import main; atexit.register(lambda: "
        "print([m for m in ('pandas', 'pipelines.manifest') if m in sys.modules])); main()"
    )
    words = [sys.executable, "-c", code, "issues", "out", "--format", "json"]
    told = subprocess.run(words, capture_output=True, text=True, check=True, cwd=place)
    assert json.loads(told.stdout.removesuffix("[]\n"))


def test_a_run_ends_with_a_summary_and_status_0(ended, place):
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == ""
    lines = ended.stderr.splitlines()
    assert "3 documents read; 0 failed" in lines
    assert "42 findings, 0 pieces left over (0.0%)" in lines
    assert f"report: {Path('out/report/report.html')}" in lines
    assert (place / "out" / "report" / "report.html").is_file()
    assert (place / "out" / "tables" / "findings.parquet").is_file()
    assert (place / "out" / "tables" / "findings.csv").is_file()


def test_without_a_terminal_progress_is_a_few_quiet_lines(ended):
    assert "\x1b" not in ended.stderr
    assert "\r" not in ended.stderr
    assert "read: 3 of 3" in ended.stderr.splitlines()
    assert len(ended.stderr.splitlines()) < 60


def test_on_a_terminal_progress_is_a_bar(ended, place):
    main, terminal = pty.openpty()
    process = subprocess.Popen(
        [*FINDINGS, "run", "good", "--out", "bar"],
        stderr=terminal,
        cwd=place,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(terminal)
    shown = b""
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(main)
    assert process.wait() == 0
    assert "━".encode() in shown
    assert b"3/3" in shown
    assert b"3 documents read" in shown


def test_a_failure_is_named_with_its_remedy_and_status_1(call, place):
    ended = call("run", "mixed", "--out", "mixed-out")
    assert ended.returncode == 1
    assert "2 documents read; 1 failed" in ended.stderr
    (line,) = [line for line in ended.stderr.splitlines() if line.startswith("failed: ")]
    assert line.startswith("failed: letter.txt: ")
    assert (place / "mixed-out" / "report" / "report.html").is_file()


def test_all_failing_is_still_a_run(call, place):
    ended = call("read", "mixed/letter.txt", "--out", "none-out")
    assert ended.returncode == 1
    assert "0 documents read; 1 failed" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert (place / "none-out" / "tables" / "ledger.parquet").is_file()


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["run"], 2, "Missing argument"),
        (["run", "good"], 2, "Missing option '--out'"),
        (["run", "good", "--out", "x", "--jobs", "many"], 2, "--jobs"),
        (["run", "good", "--out", "x", "--jobs", "-1"], 2, "--jobs"),
        (["run", "good", "--out", "x", "--nonsense"], 2, "--nonsense"),
        (["nonsense"], 2, "nonsense"),
        (["tag", "nowhere"], 2, "not the folder of a finished run"),
        (["mine", "nowhere"], 2, "not the folder of a finished run"),
        (["run", "good", "--out", "x", "--model", "no-such-1"], 2, "no-such-1"),
        (["run", "good", "--out", "x", "--scheduler", "here"], 2, "setting scheduler"),
        (["run", "good", "--out", "x", "--formats", "pdfx"], 2, "pdfx"),
        (["run", "good", "--out", "x", "--max-pages", "0"], 2, "max_pages"),
        (["run", "empty", "--out", "x"], 2, "nothing to read"),
        (["run", "good", "--out", "good/report-0000.txt"], 2, "is a file"),
    ],
)
def test_mistakes_end_with_one_sentence(call, place, arguments, status, words):
    (place / "empty").mkdir(exist_ok=True)
    ended = call(*arguments)
    assert ended.returncode == status, ended.stderr
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stderr.splitlines()[-1].startswith(("findings: ", "Error: "))


def test_a_wrong_format_is_said_before_anything_is_read(call):
    ended = call("run", "good", "--out", "x", "--formats", "pdfx")
    assert "read:" not in ended.stderr


def test_a_stage_can_be_done_anew_and_names_the_next(call, ended):
    assert ended.returncode == 0
    done = call("mine", "out")
    assert done.returncode == 0, done.stderr
    assert "next: findings aggregate out" in done.stderr
    assert "out of date and is removed: aggregate, the report." in done.stderr
    assert "The run as it was is kept: findings generations list out" in done.stderr
    assert len(call("generations", "list", "out").stdout.splitlines()) > 1
    assert call("aggregate", "out").returncode == 0
    assert call("run", "good", "--out", "out").returncode == 0


def test_the_cache_can_be_seen_and_cleared(call, ended, tmp_path):
    assert ended.returncode == 0
    told = call("cache", "info")
    assert told.returncode == 0
    assert "entries" in told.stdout
    call("run", "good/report-0000.txt", "--out", tmp_path / "o", "--cache", tmp_path / "c")
    assert "read     1 entries" in call("cache", "info", "--cache", tmp_path / "c").stdout
    assert "entries deleted" in call("cache", "clear", "--cache", tmp_path / "c").stderr
    assert "all      0 entries" in call("cache", "info", "--cache", tmp_path / "c").stdout


def test_stages_are_listed(call):
    told = call("stages")
    for name in ("read", "segment", "tag", "mine", "aggregate", "report"):
        assert f"\n{name} " in f"\n{told.stdout}"


def test_a_limit_can_be_set_and_the_message_names_it(call):
    ended = call("run", "good/report-0000.txt", "--out", "limited", "--max-characters", 500)
    assert ended.returncode == 1
    assert "max_characters" in ended.stderr
    assert "0 documents read; 1 failed" in ended.stderr


def test_the_package_is_a_command(place):
    told = subprocess.run(
        [sys.executable, "-m", "pipelines", "stages"], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0
    assert "aggregate" in told.stdout


def test_a_title_and_formats_reach_the_report(call, place):
    ended = call(
        *("run", "good", "--out", "titled", "--title", "Practice in three units", "--formats", "md")
    )
    assert ended.returncode == 0, ended.stderr
    assert "Practice in three units" in (place / "titled" / "report" / "report.md").read_text()
    assert not (place / "titled" / "report" / "report.html").exists()


def test_a_second_run_at_once_is_refused_with_a_sentence(call, ended, place):
    from filelock import FileLock

    with FileLock(place / "out" / ".generations" / "lock"):
        refused = call("run", "good", "--out", "out")
    assert refused.returncode == 1
    (said,) = refused.stderr.splitlines()[-1:]
    assert "another run is writing to this folder" in said
    assert "(--wait SECONDS does that) or give another --out" in said


def test_what_an_answer_to_sql_lacks_is_left_blank(call, ended):
    told = call("sql", "out", "select page, null as nothing from findings limit 1")
    assert told.returncode == 0
    assert "1 rows" in told.stderr
    assert "NA" not in told.stdout


def test_a_query_that_asks_for_a_file_is_told_how_to_join_one(call, ended):
    told = call("sql", "out", "select * from read_csv('staff.csv')")
    assert told.returncode != 0
    assert "pipelines.open_run(DIR)" in told.stderr


def test_a_list_in_an_answer_to_sql_is_shown(call, ended):
    query = ("sql", "out", "select quotes, text, null as nothing from findings limit 1")
    told = call(*query)
    assert told.returncode == 0, told.stderr
    assert "Traceback" not in told.stderr
    (row,) = json.loads(call(*query, "--format", "json").stdout)
    assert isinstance(row["quotes"], list)
    assert row["nothing"] is None
    assert call(*query, "--format", "csv").stdout == call(*query, "--csv").stdout != told.stdout


def test_what_a_narrow_terminal_cannot_write_is_escaped(place):
    told = subprocess.run(
        [*FINDINGS, "read", "good"],
        capture_output=True,
        check=False,
        cwd=place,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert told.returncode == 0, told.stderr
    assert b"\\xb7" in told.stdout  # the middle dot


def test_a_name_too_long_for_the_file_system_is_said(call):
    told = call("run", "good", "--out", "n" * 300)
    assert told.returncode == 1
    assert told.stderr.strip().splitlines()[-1].startswith("findings: ")
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("group", [[], ["themes"], ["models"], ["cache"], ["generations"]])
def test_help_says_of_every_command_what_it_does_in_a_whole_sentence(call, group):
    shown = call(*group, "--help").stdout
    lines = shown.partition("Commands:")[2].strip().splitlines()
    assert lines
    assert not [line for line in lines if not line.endswith(".") or line.endswith("...")]
