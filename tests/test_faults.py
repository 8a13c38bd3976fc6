"""Faults provoked in whole runs: kills where they hurt, damage, limits; their cost is counted."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

import invented
import pipelines
from kills import killed_at
from pipelines import columns as c
from pipelines.flow import read_into, run
from pipelines.flow.storage.cache import Cache
from pipelines.flow.storage.store import RunFolder
from pipelines.flow.workers import apart
from pipelines.report.settings import ReportSettings
from runs import same_tables
from small import small_model

pytestmark = pytest.mark.slow
PLAIN_GUARDS = True

APART = (
    "import sys; import pipelines.flow.storage.stored as stored; stored.LARGE = 1; "
    "from pipelines.cli import main; sys.argv = ['findings', *sys.argv[1:]]; main()"
)


def command(*words):
    return [sys.executable, "-m", "pipelines.cli", *map(str, words)]


def ended(*words):
    return subprocess.run(command(*words), capture_output=True, text=True, check=False)


def guards(parent):
    """Return the worker processes of a process."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
            said = (path.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == parent and b"pipelines.flow.workers.guard" in said:
            found.append(int(path.parent.name))
    return found


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A run whose report is small: its folder is a template for others."""
    folder = tmp_path_factory.mktemp("done")
    invented.write(folder / "in", range(2), bullets=1)
    invented.write(folder / "in", range(2, 3), suffix="pdf", bullets=1)
    run(folder / "in", folder / "out", cache=folder / "cache", formats=("html", "md"))
    return folder


def test_every_kind_of_cache_entry_is_checked_and_made_anew(done, tmp_path, record_property):
    """One bit of each entry is turned, at a place of its own."""
    cache = shutil.copytree(done / "cache", tmp_path / "cache")
    entries = sorted(cache.rglob("*.entry"))
    assert {e.parent.parent.name for e in entries} == {"read", "tag", "mine", "aggregate", "report"}
    rng = random.Random(4)
    for entry in entries:
        raw = bytearray(entry.read_bytes())
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
        entry.write_bytes(raw)
    again = run(done / "in", tmp_path / "out", cache=cache, formats=("html", "md"))
    same_tables(pipelines.open_run(done / "out"), again)
    kept = Cache(cache)
    assert all(kept.get(e.parent.parent.name, e.stem) is not None for e in entries)
    record_property("a cache entry damaged", len(entries))


def test_a_cache_from_somewhere_else_writes_nothing_outside_the_report(done, tmp_path):
    cache = shutil.copytree(done / "cache", tmp_path / "cache")
    kept = Cache(cache)
    for entry in sorted((cache / "report").rglob("*.entry")):
        kept.put_files("report", entry.stem, {"../../../../outside.html": b"x"})
    again = run(done / "in", tmp_path / "out", cache=cache, formats=("html", "md"))
    assert again.report.is_file()
    assert not list(tmp_path.rglob("outside.html"))


def test_clearing_the_cache_killed_at_any_line_leaves_a_cache(done, tmp_path, record_property):
    number = 0
    for at in range(1, 400, 2):
        cache = shutil.copytree(done / "cache", tmp_path / str(at))
        kept = Cache(cache)
        killed = killed_at(kept.clear, ("pipelines.flow.storage.cache",), at)
        left = [(p.parent.parent.name, p.stem) for p in cache.rglob("*.entry")]
        assert all(kept.get(stage, key) is not None for stage, key in left)
        kept.put("read", "0" * 64, b"new")
        assert kept.get("read", "0" * 64) == b"new"
        assert kept.info().entries["read"] >= 1
        shutil.rmtree(cache)
        if not killed:
            break
        number += 1
    assert not killed
    assert number > 10
    record_property("clearing the cache killed at a chosen line", number)


@pytest.fixture(scope="module")
def killed_model():
    """A model of few labels, saved and loaded in a moment."""
    return small_model("killed")


def test_saving_a_model_killed_at_any_line_leaves_the_models_whole(
    killed_model, tmp_path, record_property
):
    """Before or after: a model that is listed loads, the pointer names one, training goes on."""
    from pipelines.tag.models.artefacts import load_folder, save_model
    from pipelines.tag.models.registry import model_folders, next_version, read_pointer, use_model

    models = tmp_path / "models"
    shipped = read_pointer(models).current

    def save():
        made = replace(killed_model, version=next_version("killed", models))
        save_model(
            models / made.label, model=made, metrics={}, probe_texts=["No."], texts={"a.md": ""}
        )
        use_model(made.label, models=models)

    modules = (
        "pipelines.tag.models.artefacts",
        "pipelines.tag.models.registry",
        "pipelines.durable",
    )
    save()  # children begin with what this one has loaded
    number = 0
    while killed_at(save, modules, 1 + 40 * number):
        number += 1
        listed = [label for label in model_folders(models) if label.startswith("killed-")]
        for label in listed:
            load_folder(models / label)
        assert read_pointer(models).current in {shipped, *listed}
        visible = {p.name for p in models.glob("[!.]*")}
        assert visible <= {*listed, "current.json"}
    assert number > 10
    save()  # what was left behind is in nobody's way
    assert read_pointer(models).current in model_folders(models)
    record_property("saving a model killed at a chosen line", number)


def strike(after, hits):
    """Kill the workers of this process after so many seconds."""
    time.sleep(after)
    for pid in guards(os.getpid()):
        os.kill(pid, signal.SIGKILL)
        hits.append(pid)


@pytest.fixture
def files(done):
    return RunFolder(done / "out").files()


def test_a_report_process_killed_at_random_is_begun_again(files, tmp_path, record_property):
    settings = ReportSettings(formats=("html", "md", "xlsx", "docx"))

    def write(folder):
        folder.mkdir(parents=True)
        apart.write_apart(files, folder, report=settings, pictures={})
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    begun = time.monotonic()
    expected = write(tmp_path / "expected" / "report")
    longest = time.monotonic() - begun
    rng = random.Random(5)
    hit = 0
    for number in range(10):
        hits: list[int] = []
        killer = threading.Thread(target=strike, args=(rng.uniform(0.3, longest), hits))
        killer.start()
        made = write(tmp_path / str(number) / "report")
        killer.join()
        hit += bool(hits)
        assert set(made) == set(expected)
        for name in ("report.html", "report.md"):  # the office formats hold the time of writing
            assert made[name] == expected[name]
        assert [p.name for p in (tmp_path / str(number)).iterdir()] == ["report"]
    assert hit >= 5
    record_property("the process that writes a large report killed", hit)


def test_a_command_killed_while_its_report_is_written_apart_leaves_nothing(
    done, tmp_path, record_property
):
    """The command dies, and with it the process that writes; the folder opens as before."""
    shutil.copytree(done / "out", tmp_path / "out", symlinks=True)
    cache = shutil.copytree(done / "cache", tmp_path / "cache")
    before = pipelines.open_run(tmp_path / "out")
    words = ["run", str(done / "in"), "--out", str(tmp_path / "out"), "--cache", str(cache)]
    rng = random.Random(6)
    struck, kills = 0, 12
    for _ in range(kills):
        shutil.rmtree(cache / "report", ignore_errors=True)  # so that it is written anew
        process = subprocess.Popen(
            [sys.executable, "-c", APART, *words, "--formats", "html,md"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        store = tmp_path / "out" / ".generations"
        while process.poll() is None and not list(store.glob("draft-*/report")):
            time.sleep(0.01)
        time.sleep(rng.uniform(0.0, 3.0))
        children = guards(process.pid)
        process.kill()
        process.wait()
        struck += bool(children)
        deadline = time.monotonic() + 15
        while any(Path(f"/proc/{pid}").exists() for pid in children):
            assert time.monotonic() < deadline, "the process that writes outlived the command"
            time.sleep(0.1)
        again = pipelines.open_run(tmp_path / "out")
        same_tables(before, again)
        assert again.report.is_file()
    assert struck >= 6
    assert subprocess.run(command(*words), capture_output=True, check=False).returncode == 0
    assert not list((tmp_path / "out" / ".generations").glob("draft-*"))
    record_property("the command killed while its report is written apart", kills)


def test_two_commands_into_one_folder(done, tmp_path, record_property):
    """One is refused with a sentence, or waits if asked to; the folder is whole."""
    words = ("run", done / "in", "--out", tmp_path / "out", "--no-cache", "--formats", "html")
    for more, statuses in (((), {0, 1}), (("--wait", "300"), {0})):
        both = [
            subprocess.Popen(
                command(*words, *more), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
            )
            for _ in range(2)
        ]
        said = [process.communicate()[1] for process in both]
        assert {process.returncode for process in both} == statuses
        assert not any("Traceback" in text for text in said)
        refused = [text for text, p in zip(said, both, strict=True) if p.returncode]
        assert all("another run is writing to this folder" in text for text in refused)
        same_tables(pipelines.open_run(done / "out"), pipelines.open_run(tmp_path / "out"))
    record_property("two commands into one folder", 2)


def test_a_document_that_takes_too_much_memory_is_named(tmp_path, record_property):
    """It costs itself, with the flag that would give it more; for time, see test_workers."""
    invented.write(tmp_path / "in", range(1))
    (tmp_path / "in" / "long.txt").write_bytes(b"Strengths:\n- a finding\n" * 800_000)
    done = read_into(tmp_path / "in", tmp_path / "out", cache=None, memory=256, jobs=2)
    fate = done.ledger.set_index(c.PATH)
    assert fate.loc["report-0000.txt", c.STATUS] == "read"
    assert "--memory" in fate.loc["long.txt", c.REASON]
    assert done.summary.findings >= 42
    record_property("a document beyond its memory", 1)
