"""Kills and full disks: a run folder is always as before or as after."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import stat
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest

import invented
import pipelines
from kills import in_a_child, killed_at
from pipelines import columns as c
from pipelines.durable import write_bytes
from pipelines.errors import StorageError
from pipelines.flow import read_into
from pipelines.flow.storage.store import RunFolder
from pipelines.flow.storage.stored import Stored
from pipelines.flow.storage.written import write_manifest
from pipelines.report.export.files import export_tables
from pipelines.tables import frame
from samples import sample_tables

PLAIN_GUARDS = True
KILLS = 60
WRITERS = (
    "pipelines.flow.storage.store",
    "pipelines.flow.storage.generations",
    "pipelines.flow.storage.written",
    "pipelines.durable",
)


def publish(folder, mark):
    """Publish a run whose two tables and report all say `mark`."""
    tables = {
        "leftovers": frame("leftovers", [{c.TEXT: str(mark)}]),
        "ledger": frame("ledger", [{c.REASON: str(mark)}]),
    }
    with folder.locked(), folder.draft() as draft:
        stored = Stored(draft / "tables")
        stored.update(tables)
        (draft / "report").mkdir()
        (draft / "report" / "report.html").write_text(str(mark))
        write_manifest(draft, {"tables": stored.entries(), "owners": {}, "places": {}})


def marks(path):
    """Return what each part says, read as a notebook would and as we do."""
    plain = {
        "leftovers": pd.read_parquet(path / "tables" / "leftovers.parquet")[c.TEXT][0],
        "ledger": pd.read_parquet(path / "tables" / "ledger.parquet")[c.REASON][0],
        "report": (path / "report" / "report.html").read_text(),
    }
    ours = RunFolder(path).read_tables()
    return {*plain.values(), ours["leftovers"][c.TEXT][0], ours["ledger"][c.REASON][0]}


def test_a_kill_at_random_leaves_before_or_after(tmp_path, record_property):
    rng = random.Random(7)
    folder = RunFolder(tmp_path / "out")
    begun = time.monotonic()
    publish(folder, 0)
    longest = 3 * (time.monotonic() - begun)  # seconds; learnt below
    reached = set()
    # On a busy machine a child may be killed before it published anything: then more are tried.
    for number in range(5 * KILLS):
        if number >= KILLS and len(reached) > KILLS // 3:
            break

        def forever(first=1000 * number):
            for mark in range(first, first + 1000):
                publish(folder, mark)

        child = in_a_child(forever)
        time.sleep(rng.uniform(0.0, longest))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        seen = marks(tmp_path / "out")
        assert len(seen) == 1, seen
        # Kills come too early where nothing new was published, so later ones wait longer.
        longest *= 1.3 if seen <= reached else 0.9
        reached |= seen
    assert len(reached) > KILLS // 3  # the kills did hit runs at work
    publish(folder, "last")
    assert marks(tmp_path / "out") == {"last"}
    held = [p.name for p in (tmp_path / "out" / ".generations").iterdir()]
    assert len(held) == 5  # the generation, two before it, the link to it, the lock
    record_property("publishing killed at a random moment", number)


def state(out, *, opened):
    """Return what all parts of the folder say; before a first run that is nothing at all."""
    if opened or (out / "manifest.json").exists():
        (mark,) = marks(out)
        return mark
    with pytest.raises(pipelines.FindingsError, match="not the folder of a finished run"):
        RunFolder(out).read_tables()
    return "before"


@pytest.mark.parametrize(
    ("before", "step"),
    [
        pytest.param(True, 9, id="second run"),
        pytest.param(False, 11, id="first run"),
        pytest.param(True, 1, id="second run, every line", marks=pytest.mark.slow),
        pytest.param(False, 1, id="first run, every line", marks=pytest.mark.slow),
    ],
)
def test_a_kill_at_any_line_of_publishing_leaves_before_or_after(
    tmp_path, before, step, record_property
):
    publish(RunFolder(tmp_path / "template"), "before")
    outcomes = []
    for at in range(1, 2000, step):
        out = tmp_path / str(at)
        folder = RunFolder(out)
        if before:
            shutil.copytree(tmp_path / "template", out, symlinks=True)
        killed = killed_at(lambda f=folder: publish(f, "after"), WRITERS, at)
        outcomes.append(state(out, opened=before))
        if at % 10 == 0 or not killed:  # what is left behind is in nobody's way
            publish(folder, "again")
            assert marks(out) == {"again"}
        shutil.rmtree(out, ignore_errors=True)
        if not killed:
            break
    assert len(outcomes) > 150 // step
    assert outcomes == sorted(outcomes, reverse=True)  # before, then after, never back
    assert set(outcomes) == {"before", "after"}
    record_property("publishing killed at a chosen line", len(outcomes) - 1)


def test_a_kill_while_a_file_is_written_leaves_the_old_one(tmp_path, record_property):
    rng = random.Random(3)
    path = tmp_path / "labels.jsonl"
    write_bytes(path, b"0" * 200_000)
    for number in range(20):

        def forever(digit=number % 10):
            for _ in range(1000):
                write_bytes(path, str(digit).encode() * 200_000)

        child = in_a_child(forever)
        time.sleep(rng.uniform(0.0, 0.03))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        data = path.read_bytes()
        assert len(data) == 200_000
        assert len(set(data)) == 1
    record_property("a file killed while it was written", 20)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of two megabytes, where the system lets us make one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("only root may mount a small disk; the quota test stands in for it")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def fill(disk):
    with (disk / "filler").open("wb", buffering=0) as stream, suppress(OSError):
        while True:
            stream.write(b"\0" * 4096)


def test_a_full_disk_is_said_and_leaves_what_was_there(small_disk, tmp_path, record_property):
    paths = invented.write(tmp_path / "sources", range(2))
    read_into(paths[0], small_disk / "out", cache=tmp_path / "cache")
    fill(small_disk)
    with pytest.raises(StorageError, match="the disk is full"):
        read_into(paths, small_disk / "out", cache=tmp_path / "cache")
    (small_disk / "filler").unlink()
    assert pipelines.open_run(small_disk / "out").summary.read == 1
    assert not list((small_disk / "out" / ".generations").glob("draft-*"))
    assert read_into(paths, small_disk / "out", cache=tmp_path / "cache").summary.read == 2
    record_property("disk full", 1)


def test_a_full_disk_under_the_cache_costs_no_run(small_disk, tmp_path, caplog, record_property):
    paths = invented.write(tmp_path / "sources", range(1))
    fill(small_disk)
    done = read_into(paths, tmp_path / "out", cache=small_disk / "cache")
    assert done.summary.read == 1
    assert "cannot be written" in caplog.text
    assert not list(small_disk.rglob("*.entry"))
    record_property("disk full", 1)


def test_a_full_disk_ends_the_command_with_one_line(small_disk, tmp_path, record_property):
    paths = invented.write(tmp_path / "sources", range(1), bullets=1)
    fill(small_disk)
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "pipelines.cli", "run", str(paths[0])),
            *("--out", str(small_disk / "out"), "--cache", str(tmp_path / "cache")),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "the disk is full" in ended.stderr.splitlines()[-1]
    assert "Traceback" not in ended.stderr
    record_property("disk full", 1)


def test_a_quota_is_said_and_leaves_what_was_there(tmp_path, record_property):
    """The stand-in for a full disk where nobody may mount one: no file over 64 kB."""
    folder = RunFolder(tmp_path / "out")
    publish(folder, "before")

    def refused():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, 65_536))
        try:
            # Noise, which compression cannot shrink.
            publish(folder, "".join(chr(32 + b % 90) for b in os.urandom(400_000)))
        except StorageError as error:
            os._exit(42 if "raise the limit (ulimit -f)" in str(error) else 43)

    _, status = os.waitpid(in_a_child(refused), 0)
    assert os.waitstatus_to_exitcode(status) == 42
    assert marks(tmp_path / "out") == {"before"}
    assert not list((tmp_path / "out" / ".generations").glob("draft-*"))
    record_property("quota reached", 1)


def test_a_workbook_for_which_temporary_files_have_no_room_is_said(tmp_path):
    """openpyxl writes a sheet by lxml, whose errors are no errors of the system."""
    tables = sample_tables()

    def refused():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        try:
            export_tables(tables, tmp_path / "out.xlsx")
        except StorageError as error:
            os._exit(42 if "raise the limit (ulimit -f)" in str(error) else 43)

    _, status = os.waitpid(in_a_child(refused), 0)
    assert os.waitstatus_to_exitcode(status) == 42
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_said(tmp_path):
    (tmp_path / "closed").mkdir(mode=0o500)
    with (
        pytest.raises(StorageError, match="cannot be written"),
        RunFolder(tmp_path / "closed" / "out").locked(),
    ):
        pass


@pytest.mark.slow
def test_killing_the_whole_command_at_random_loses_nothing(tmp_path, record_property):
    """`findings run` is killed at 50 random moments; the folder opens each time, and ends whole."""
    sources = tmp_path / "sources"
    invented.write(sources, range(4), bullets=1)
    command = [
        *(sys.executable, "-m", "pipelines.cli", "run", str(sources), "--jobs", "2"),
        *("--out", str(tmp_path / "out"), "--cache", str(tmp_path / "cache")),
    ]
    begun = time.monotonic()
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    longest = (time.monotonic() - begun) / 2
    expected = pipelines.open_run(tmp_path / "out").findings
    rng = random.Random(11)
    for number in range(50):
        if number % 5 == 0:
            shutil.rmtree(tmp_path / "cache")  # every fifth from the beginning, workers and all
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(rng.uniform(0.1, longest))
        process.kill()
        process.wait()
        again = pipelines.open_run(tmp_path / "out")
        pd.testing.assert_frame_equal(again.findings, expected)
        assert again.report is not None
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    deadline = time.monotonic() + 60  # workers notice within a second or two, if they get to run
    while _workers_of(tmp_path):
        assert time.monotonic() < deadline, "workers outlived their run"
        time.sleep(0.1)
    record_property("the whole command killed at a random moment", 50)


def _workers_of(folder):
    return [
        p
        for p in Path("/proc").glob("[0-9]*/cmdline")
        if b"pipelines.flow.workers.guard" in _read(p) and str(folder).encode() in _read(p)
    ]


def _read(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_nothing_takes_the_place_of_a_pipe_a_device_or_a_folder(tmp_path):
    """Where root gave `--summary /dev/null`, the machine had that device no longer."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "device").symlink_to(os.devnull)
    for name in ("pipe", "folder", "device"):
        with pytest.raises(StorageError, match="is a folder, pipe or device"):
            write_bytes(tmp_path / name, b"x")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert (tmp_path / "device").is_symlink()
    assert len(list(tmp_path.iterdir())) == 3
