"""The command where something around it is wrong: signals, streams, folders, rights, places."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import invented
import pipelines
from forked import called
from pipelines import columns as c
from pipelines.errors import SettingsError, StorageError
from pipelines.flow import read_into
from pipelines.flow.sources.find import find_sources
from pipelines.flow.storage.store import RunFolder
from pipelines.report import ReportSettings

FINDINGS = [sys.executable, "-m", "pipelines.cli"]


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources")
    invented.write(folder, range(2), bullets=1)
    return folder


UNRAISABLE = """
import os, signal, time
import pipelines.cli as cli

class Last:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.01)

def work(words):
    Last()
    time.sleep(20)

cli.app = work
cli.main()
"""


def test_a_signal_that_comes_while_nothing_can_be_raised_is_not_lost():
    ended = subprocess.run(
        [sys.executable, "-c", UNRAISABLE], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 128 + signal.SIGTERM
    assert "findings: stopped (SIGTERM)" in ended.stderr
    assert "ignored" not in ended.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_a_signal_ends_the_command_in_words_and_leaves_nothing(
    sources, tmp_path, name, record_property
):
    number = getattr(signal, name)
    places = {"TMPDIR": str(tmp_path / "tmp"), "FINDINGS_CACHE": str(tmp_path / "cache")}
    (tmp_path / "tmp").mkdir()
    process = subprocess.Popen(
        [*FINDINGS, "run", str(sources), "--out", str(tmp_path / "out")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **places},
    )
    while not (tmp_path / "out" / ".generations" / "lock").exists():
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(number)
    said = process.communicate()[1]
    assert process.returncode == 128 + number, said
    assert f"findings: stopped ({name}); nothing is half-written" in said
    assert "Traceback" not in said
    assert [p.name for p in (tmp_path / "out" / ".generations").iterdir()] == ["lock"]
    assert not list((tmp_path / "tmp").iterdir())
    record_property("stopped by a signal", 1)


@pytest.mark.slow
def test_streams_that_a_shell_closed_cost_nothing(sources, tmp_path):
    line = " ".join([*FINDINGS, "read", str(sources), "--no-cache", "--out", str(tmp_path / "out")])
    ended = subprocess.run(f"{line} <&- >&- 2>&-", shell=True, check=False)
    assert ended.returncode == 0
    assert len(pipelines.open_run(tmp_path / "out").findings) == 28


@pytest.mark.slow
def test_no_home_no_folder_for_drafts_no_locale_and_no_width(sources, tmp_path):
    """Names beyond ASCII, and words for a terminal that holds one letter a line."""
    (tmp_path / "in").mkdir()
    name = "Bericht für Ärzte \u2028 \u202e.txt"
    (tmp_path / "in" / name).write_bytes((sources / "report-0000.txt").read_bytes())
    (tmp_path / "in" / "empty \u0142.txt").touch()
    spoilt = {"TMPDIR": str(tmp_path / "nowhere"), "LC_ALL": "C", "LANG": "C", "COLUMNS": "1"}
    spoilt |= {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    spoilt["HOME"] = str(tmp_path / "in" / name)  # a file: there is no place for a cache
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    ended = subprocess.run(
        [*FINDINGS, "read", str(tmp_path / "in"), "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
        env={**kept, **spoilt},
    )
    assert ended.returncode == 1  # one is empty
    assert "1 document read; 1 failed" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="limits as Linux has them")
def test_no_room_of_addresses_for_charts_is_said_before_anything_is_read(sources, tmp_path):
    """The engine of the charts takes 64 GB of them, and aborts the process where it cannot."""
    line = " ".join([*FINDINGS, "run", str(sources), "--no-cache", "--out", str(tmp_path / "out")])
    ended = subprocess.run(
        ["bash", "-c", f"ulimit -v 4000000; exec {line}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 1, ended.stderr
    assert "read:" not in ended.stderr
    assert "ulimit -v unlimited" in ended.stderr.splitlines()[-1]
    assert "--formats md,xlsx" in ended.stderr.splitlines()[-1]


class Stop(BaseException):
    """What a signal raises."""


def test_a_question_in_sql_that_takes_long_ends_with_its_signal(monkeypatch):
    pytest.importorskip("duckdb", reason="the extra [sql] is not installed")
    from pipelines.report.export.sql import query_tables

    def stop(*_):
        raise Stop

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    begun = time.process_time()
    try:
        with pytest.raises(Stop):
            query_tables({}, "select count(*) from range(90000000000) t(n) where sin(n) > 2")
    finally:
        signal.signal(signal.SIGALRM, before)
    assert time.process_time() - begun < 60


def test_a_folder_that_is_gone_is_named(sources, tmp_path):
    (tmp_path / "gone").mkdir()
    line = " ".join([*FINDINGS, "read", str(sources), "--out", "out"])
    ended = subprocess.run(
        f"rmdir {tmp_path}/gone; {line}",
        shell=True,
        cwd=tmp_path / "gone",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert "started in is gone; change to another folder" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no file system where none may write")
def test_a_place_where_nothing_can_be_made_is_named():
    with (
        pytest.raises(StorageError, match="cannot be written"),
        RunFolder(Path("/proc/x")).locked(),
    ):
        pass


def test_results_do_not_go_where_the_sources_are(tmp_path, monkeypatch):
    invented.write(tmp_path, range(1), bullets=1)
    (tmp_path / "link").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    for place in (Path(), Path("link"), tmp_path):
        with pytest.raises(SettingsError, match="holds the sources; give another folder"):
            find_sources(tmp_path, leave_out=place)
    assert len(find_sources(tmp_path, leave_out=tmp_path / "out")) == 1


def test_names_that_differ_in_little_and_one_text_under_many(tmp_path):
    text = (invented.as_text(invented.invent(5, bullets=1)), invented.invent(6, bullets=1))
    names = ["a.txt", "A.txt", "a..txt", "a .txt", "é.txt", "e\u0301.txt", "x" * 250 + ".txt"]
    for name in names:
        (tmp_path / name).write_bytes(text[0])
    (tmp_path / "a.TXT").write_bytes(invented.as_text(text[1]))
    ledger = read_into(tmp_path, tmp_path / "out", cache=None).ledger
    if len(list(tmp_path.glob("[!o]*"))) < len(names) + 1:
        pytest.skip("this file system takes some of the names for one")
    assert len(ledger) == len(names) + 1
    assert (ledger[c.STATUS] == "read").sum() == 2
    assert (ledger[c.STATUS] == "duplicate").sum() == len(names) - 1


def test_what_vanishes_or_changes_while_the_run_goes_on_is_named_or_read(tmp_path):
    """Sources are found first and read later: what a name holds then is what counts."""
    invented.write(tmp_path / "in", range(3), bullets=1)

    def meddle(stage, done, _):
        if stage == "read" and done == 1:
            (tmp_path / "in" / "report-0001.txt").unlink(missing_ok=True)
            (tmp_path / "in" / "report-0002.txt").write_bytes(b"")

    done = read_into(tmp_path / "in", tmp_path / "out", cache=None, jobs=1, progress=meddle)
    assert len(done.ledger) == 3
    failed = done.ledger[done.ledger[c.STATUS] == "failed"]
    assert all("; " in reason for reason in failed[c.REASON])


@pytest.fixture(scope="module")
def plainly():
    """What to put before a command so that it has no more rights than the files' owner."""
    if os.geteuid() != 0:
        return []
    without = "-dac_override,-dac_read_search"
    words = ["setpriv", f"--bounding-set={without}", f"--inh-caps={without}"]
    try:
        subprocess.run([*words, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("root may read everything here: its rights cannot be laid down")
    return words


def closed(path, mode=0):
    """Take the rights to a path; return what gives them back."""
    path.chmod(mode)
    return lambda: path.chmod(0o700)


@pytest.mark.slow
def test_what_may_not_be_read_or_written_is_named_and_the_rest_is_read(
    sources, tmp_path, plainly, record_property
):
    invented.write(tmp_path / "in", range(2), bullets=1)
    invented.write(tmp_path / "in" / "shut", range(2, 3), bullets=1)
    invented.write(tmp_path / "in" / "listed", range(3, 4), bullets=1)
    (tmp_path / "kept").mkdir()
    (tmp_path / "cache").mkdir()
    again = [
        closed(tmp_path / "in" / "report-0001.txt"),
        closed(tmp_path / "in" / "shut"),
        closed(tmp_path / "in" / "listed", 0o600),
        closed(tmp_path / "kept", 0o500),
        closed(tmp_path / "cache", 0o500),
    ]

    def plain(*words):
        return subprocess.run(
            [*plainly, *FINDINGS, *map(str, words)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "FINDINGS_CACHE": str(tmp_path / "cache")},
        )

    ended = plain("read", tmp_path / "in", "--out", tmp_path / "out")
    written = plain("read", sources, "--out", tmp_path / "kept" / "out")
    exported = plain("export", tmp_path / "out", "--to", tmp_path / "kept" / "x.db")
    again.append(closed(Path(tmp_path / "out" / "tables" / "findings.parquet").resolve()))
    opened = plain("export", tmp_path / "out", "--to", tmp_path / "x.db")
    for give_back in again:
        give_back()
    assert ended.returncode == 1
    for path in ("report-0001.txt", "shut", "listed/report-0003.txt"):
        assert f"failed: {path}: Permission denied; check its path and permissions" in ended.stderr
    assert "1 document read; 3 failed" in ended.stderr
    assert "cannot be written" in ended.stderr  # the cache, which costs the run nothing
    assert "kept/out: cannot be written" in written.stderr
    assert "kept/x.db: cannot be written" in exported.stderr
    assert "findings.parquet: Permission denied; see that" in opened.stderr
    for command in (written, exported, opened):
        assert command.returncode == 1
        said = [line for line in command.stderr.splitlines() if " of " not in line]
        assert len(said) == 1  # a slow machine also tells its progress
    assert "Traceback" not in ended.stderr
    record_property("files and folders without the right to them", len(again))


def test_standard_error_that_is_full_costs_no_result(sources, tmp_path):
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    ended = called("run", sources, "--no-cache", "--out", tmp_path / "out", err="/dev/full")
    assert ended.returncode == 0
    assert pipelines.open_run(tmp_path / "out").summary.read == 2


def test_standard_error_that_nobody_reads_costs_no_result(sources, tmp_path):
    line = " ".join([*FINDINGS, "read", str(sources), "--no-cache", "--out", str(tmp_path / "out")])
    ended = subprocess.run(f"{line} 2> >(true)", shell=True, executable="/bin/bash", check=False)
    assert ended.returncode == 0
    assert pipelines.open_run(tmp_path / "out").summary.read == 2


def test_docstrings_that_python_threw_away_cost_no_result(sources, tmp_path):
    assert called("run", sources, "--out", tmp_path / "out", "--formats", "md").returncode == 0
    words = ["run", str(sources), "--out", str(tmp_path / "out")]  # what is kept needs no worker
    ended = subprocess.run(
        [sys.executable, "-OO", "-m", "pipelines.cli", *words, "--formats", "html,docx"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "out" / "report" / "report.docx").is_file()


def test_a_user_without_a_home_needs_none(sources, tmp_path):
    """As in a container that is given a number for a user."""
    if os.geteuid() != 0:
        pytest.skip("only root may become a user without an entry")
    tmp_path.chmod(0o777)
    for place in (tmp_path, *tmp_path.parents):
        if place.stat().st_uid == 0 and place.stat().st_mode & 0o005 != 0o005:
            pytest.skip("the folder for tests is shut to others")
    kept = {k: v for k, v in os.environ.items() if k not in ("HOME", "XDG_CACHE_HOME")}
    kept.pop("FINDINGS_CACHE", None)
    ended = subprocess.run(
        [*FINDINGS, "read", str(sources), "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
        user=54321,
        env=kept,
    )
    assert "Traceback" not in ended.stderr
    assert "2 documents read" in ended.stderr


def test_files_are_opened_to_whom_the_umask_opens_them(sources, tmp_path):
    out, mask = tmp_path / "out", 0o027
    lines = [
        ["run", sources, "--out", out, "--cache", tmp_path / "cache", "--csv"],
        ["report", out, "--theme", "management-oversight", "--formats", "html,md"],
        ["export", out, "--to", tmp_path / "x.sqlite"],
        ["export", out, "--to", tmp_path / "csv"],
        ["sql", out, "select 1 as one", "--out", tmp_path / "one.csv"],
        ["search", out, "plans"],
    ]
    for words in lines:
        ended = called(*words, umask=mask)
        assert ended.returncode == 0, ended.stderr
    made = [path for path in tmp_path.rglob("*") if not path.is_symlink()]
    assert len(made) > 40
    for path in made:
        own = path.suffix == ".entry"  # of the cache: its owner's alone
        assert path.stat().st_mode & 0o077 == (0 if own else 0o050 if path.is_dir() else 0o040), (
            path
        )


def test_a_file_that_is_shut_to_others_stays_so(tmp_path):
    from pipelines.durable import write_bytes

    write_bytes(tmp_path / "x", b"one")
    (tmp_path / "x").chmod(0o600)
    write_bytes(tmp_path / "x", b"two")
    assert (tmp_path / "x").stat().st_mode & 0o777 == 0o600


def test_a_run_that_may_only_be_read_is_searched(sources, tmp_path, plainly):
    assert called("read", sources, "--out", tmp_path / "out").returncode == 0
    for name in ("tag", "mine"):
        assert called(name, tmp_path / "out").returncode == 0
    again = closed(tmp_path / "out", 0o500)
    found = subprocess.run(
        [*plainly, *FINDINGS, "search", str(tmp_path / "out"), "plans"],
        capture_output=True,
        text=True,
        check=False,
    )
    again()
    assert found.returncode == 0, found.stderr
    assert not (tmp_path / "out" / "search-index.npz").exists()


@pytest.mark.parametrize("title", ["a\nb", "a\x07b", "\u2028", "x" * 1001])
def test_a_title_that_no_format_holds_is_refused(title):
    from pipelines.report import ReportSettings

    with pytest.raises(SettingsError, match="title: "):
        ReportSettings(title=title)


def test_a_long_title_is_cut_where_word_keeps_it():
    from pipelines.report.word.paper import new_document

    assert len(new_document("x" * 900).core_properties.title) == 255


@pytest.mark.parametrize(
    ("name", "said"),
    [("loop", "delete the link that leads to itself"), ("a\udcff", "is no text in UTF-8")],
)
def test_a_place_that_no_results_can_have_is_a_sentence(sources, tmp_path, name, said):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    ended = called("read", sources, "--out", tmp_path / name)
    assert ended.returncode == 1
    assert said in ended.stderr.splitlines()[-1]
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no file that fails when read")
def test_a_file_that_fails_when_it_is_read_stops_nothing(sources, tmp_path):
    folder = shutil.copytree(sources, tmp_path / "in")
    (folder / "memory").symlink_to(f"/proc/{os.getpid()}/mem")
    assert len(find_sources(folder)) == 2


def test_a_place_of_no_letters_is_not_the_folder_one_is_in(sources, tmp_path):
    """As of a shell's variable that is not set."""
    for words in (("read", ""), ("read", sources, "--out", ""), ("run", sources, "--out", "")):
        ended = called(*words, cwd=tmp_path)
        assert ended.returncode == 2
        assert "is empty; give a name" in ended.stderr
    assert not list(tmp_path.iterdir())
    assert "is empty" not in called("read", sources, "--csv", "--page", "1", cwd=tmp_path).stderr


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: pipelines.segment_document("report.pdf"), "document: got str; expected a doc"),
        (lambda: pipelines.explain(["Visits were late."]), "text: got list; expected the text"),
        (lambda: pipelines.tag_findings(["Visits were late."]), "findings: got list; expected"),
        (lambda: pipelines.train_model("labels.csv"), "settings: got str; expected TrainS"),
        (lambda: pipelines.write_report({}, ".", settings={"quotes": 3}), "settings: got dict"),
        (lambda: pipelines.load_codebook("nowhere.toml"), "nowhere.toml: cannot be read"),
        (lambda: ReportSettings(since=2024), "since: got int; expected text"),
        (lambda: ReportSettings(written=date(2024, 3, 1)), "written: got date; expected text"),
        (lambda: ReportSettings(quotes="3"), "quotes: got str; expected a whole number"),
        (lambda: ReportSettings(themes=None), "themes: got NoneType; expected several"),
    ],
)
def test_what_is_of_another_type_is_refused_by_its_name(call, said):
    with pytest.raises(SettingsError) as raised:
        call()
    assert str(raised.value).startswith(said)


def test_numbers_and_texts_of_numpy_are_taken():
    assert ReportSettings(since=None, quotes=np.int64(3), title=np.str_("Of it")).quotes == 3
    assert pipelines.explain(np.str_("Visits were late.")).text == "Visits were late."


def test_ctrl_c_while_the_program_loads_ends_it_without_a_traceback():
    script = (
        "import os, signal, sys\n"
        "class Found:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'typer':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Found())\n"
        "from pipelines.__main__ import main\n"
        "main()\n"
    )
    ended = subprocess.run([sys.executable, "-c", script, "stages"], capture_output=True)
    assert (ended.returncode, ended.stderr) == (-signal.SIGINT, b"")
