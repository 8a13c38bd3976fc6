"""The same run on a cluster: a real scheduler and workers as processes of their own."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager

import invented
import pandas as pd
import pytest

from pipelines import columns as c
from pipelines.errors import MissingExtra, SettingsError
from pipelines.flow import read_into
from pipelines.flow.cluster import backend
from pipelines.flow.settings import RunSettings
from pipelines.flow.store import pack

distributed = pytest.importorskip("distributed", reason="the extra [dask] is not installed")

START_SECONDS = 60


@contextmanager
def program(*arguments):
    process = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Give the address of a scheduler on loopback and its two worker processes."""
    folder = tmp_path_factory.mktemp("cluster")
    note = folder / "scheduler.json"
    with ExitStack() as stack:
        stack.enter_context(
            program(
                *("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"),
                *("--scheduler-file", str(note)),
            )
        )
        workers = [
            stack.enter_context(
                program(
                    *("dask_worker", "--scheduler-file", str(note), "--no-nanny"),
                    *("--nthreads", "1", "--host", "127.0.0.1", "--no-dashboard"),
                    *("--local-directory", str(folder / name), "--name", name),
                )
            )
            for name in ("one", "two")
        ]
        deadline = time.monotonic() + START_SECONDS
        while not note.exists() or not note.read_text().strip():
            assert time.monotonic() < deadline, "the scheduler did not start"
            time.sleep(0.1)
        import json

        address = json.loads(note.read_text())["address"]
        with distributed.Client(address, timeout=START_SECONDS, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=START_SECONDS)
        yield address, workers


def same(one, two):
    for name, data in one.tables.items():
        if name == "ledger":
            pd.testing.assert_frame_equal(
                data.drop(columns=[c.SECONDS]), two.tables[name].drop(columns=[c.SECONDS])
            )
        else:
            assert pack(name, data) == pack(name, two.tables[name]), name
    assert set(one.tables) == set(two.tables)


def test_the_cluster_gives_the_local_results_and_a_killed_worker_costs_nothing(cluster, tmp_path):
    address, workers = cluster
    sources = tmp_path / "sources"
    invented.write(sources, range(3), suffix="pdf")
    invented.write(sources, range(3, 6))
    (sources / "bad.pdf").write_bytes(b"%PDF-1.7 cut")
    local = read_into(sources, tmp_path / "l", jobs=2, cache=tmp_path / "local")
    same(local, read_into(sources, tmp_path / "f", scheduler=address, cache=tmp_path / "far"))

    many = tmp_path / "many"
    invented.write(many, range(40), bullets=6)
    here = read_into(many, tmp_path / "here", jobs=2, cache=None)
    seen = threading.Event()
    killer = threading.Thread(target=lambda: (seen.wait(60), workers[0].kill()))
    killer.start()

    def tell(stage, done, total):
        if done >= 8:
            seen.set()

    there = read_into(many, tmp_path / "there", scheduler=address, cache=None, progress=tell)
    killer.join()
    assert workers[0].wait(10) != 0
    assert there.summary.read == 40
    same(here, there)


def test_a_scheduler_that_does_not_answer_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("pipelines.flow.cluster._CONNECT_SECONDS", 1)
    path = tmp_path / "a.txt"
    path.write_text("text")
    with pytest.raises(SettingsError, match=r"tcp://127\.0\.0\.1:9 does not answer"):
        read_into(path, tmp_path / "out", scheduler="tcp://127.0.0.1:9", cache=None)


def test_without_the_extra_the_message_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(MissingExtra, match=r"\[dask\]"),
        backend(RunSettings(scheduler="tcp://127.0.0.1:9")),
    ):
        pass
