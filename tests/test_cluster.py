"""The same run on a cluster: a real scheduler and workers as processes of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager

import pytest

import invented
from pipelines import columns as c
from pipelines.errors import ArtefactError, MissingExtra, SettingsError
from pipelines.flow import read_into, run_stage
from pipelines.flow.documents import read_source
from pipelines.flow.settings import RunSettings
from pipelines.flow.sources.source import Source
from pipelines.flow.stages import code_version
from pipelines.flow.workers.cluster import backend
from pipelines.flow.workers.model import (
    ModelChoice,
    at_hand,
    choose_model,
    forget_model,
    model_files,
    receive_model,
)
from runs import same_tables

distributed = pytest.importorskip("distributed", reason="the extra [dask] is not installed")

START_SECONDS = 300  # a busy machine is no fault


@contextmanager
def program(*arguments, env=None):
    process = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]],
        env=env,
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
    """Give the address of a scheduler on loopback and its three worker processes."""
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
            for name in ("one", "two", "three")
        ]
        deadline = time.monotonic() + START_SECONDS
        while not note.exists() or not note.read_text().strip():
            assert time.monotonic() < deadline, "the scheduler did not start"
            time.sleep(0.1)
        address = json.loads(note.read_text())["address"]
        with distributed.Client(address, timeout=START_SECONDS, set_as_default=False) as client:
            client.wait_for_workers(3, timeout=START_SECONDS)
        yield address, workers


def certified(folder):
    """Give the settings by which Dask encrypts, with certificates made for this test."""
    trustme = pytest.importorskip("trustme", reason="nothing here makes certificates")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    issued = authority.issue_cert("127.0.0.1", "localhost")
    issued.private_key_and_cert_chain_pem.write_to_path(str(folder / "own.pem"))
    place = "DASK_DISTRIBUTED__COMM__TLS__"
    named = {f"{place}CA_FILE": str(folder / "ca.pem")}
    for who in ("SCHEDULER", "WORKER", "CLIENT"):
        named |= {f"{place}{who}__CERT": str(folder / "own.pem")}
        named |= {f"{place}{who}__KEY": str(folder / "own.pem")}
    return {**os.environ, **named}


@pytest.mark.slow
def test_a_scheduler_with_tls_serves_who_has_its_certificates_and_nobody_else(tmp_path):
    env = certified(tmp_path)
    invented.write(tmp_path / "in", range(2), bullets=1)
    note = tmp_path / "scheduler.json"
    here = ("--host", "127.0.0.1", "--no-dashboard", "--protocol", "tls")
    scheduler = program("dask_scheduler", *here, "--port", "0", "--scheduler-file", note, env=env)
    worker = program(
        *("dask_worker", *here, "--scheduler-file", note, "--no-nanny", "--nthreads", "1"),
        *("--local-directory", tmp_path / "worker"),
        env=env,
    )
    with scheduler, worker:
        deadline = time.monotonic() + START_SECONDS
        while not note.exists() or not note.read_text().strip():
            assert time.monotonic() < deadline, "the scheduler did not start"
            time.sleep(0.1)
        address = json.loads(note.read_text())["address"]
        assert address.startswith("tls://")

        def reading(where, env):
            words = ("run", tmp_path / "in", "--no-cache", "--formats", "md", "--scheduler", where)
            return subprocess.run(
                [*(sys.executable, "-m", "pipelines.cli"), *words, "--out", tmp_path / "out"],
                capture_output=True, text=True, check=False, env=env,
            )  # fmt: skip

        done = reading(address, env)
        assert done.returncode == 0, done.stderr
        assert "2 documents read" in done.stderr
        for where, said in (
            (address, "DASK_DISTRIBUTED__COMM__TLS__CA_FILE"),
            (address.replace("tls://", "tcp://"), "does not answer"),
        ):
            refused = reading(where, dict(os.environ))
            assert refused.returncode in (1, 2), refused.stderr
            assert "Traceback" not in refused.stderr
            assert said in refused.stderr


@contextmanager
def killing(worker, *, after):
    """Give a progress function that has the worker killed once so many documents are done."""
    seen = threading.Event()
    killer = threading.Thread(target=lambda: (seen.wait(60), worker.kill()))
    killer.start()
    yield lambda stage, done, total: seen.set() if done >= after else None
    killer.join()
    assert worker.wait(10) != 0


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """Give sources, and the runs that read them here and tagged them here."""
    folder = tmp_path_factory.mktemp("local")
    sources = folder / "sources"
    invented.write(sources, range(2), suffix="pdf", bullets=1)
    invented.write(sources, range(2, 9), bullets=1)
    (sources / "bad.pdf").write_bytes(b"%PDF-1.7 cut")
    read = read_into(sources, folder / "read", jobs=1, cache=None)
    assert read.summary.read == 9
    shutil.copytree(folder / "read", folder / "tagged", symlinks=True)
    return sources, read, run_stage("tag", folder / "tagged", jobs=1, cache=None)


def test_the_cluster_gives_the_local_results_whatever_workers_die(
    cluster, local, tmp_path, record_property
):
    """Reading and tagging there as here; a worker is killed in the middle of each."""
    address, (first, second, _) = cluster
    sources, read, tagged = local
    there = tmp_path / "there"
    far = {"scheduler": address, "cache": None}

    with killing(first, after=3) as tell:
        same_tables(read, read_into(sources, there, progress=tell, **far))

    model = shutil.copytree(
        choose_model(None).folder, tmp_path / "model"
    )  # not where a worker has its own
    with killing(second, after=2) as tell:
        again = run_stage("tag", there, progress=tell, model=model, **far)
    same_tables(tagged, again)
    assert len(again.tags)
    record_property("a worker of the cluster killed at work", 2)


def test_much_is_mined_by_the_workers_of_the_cluster_as_it_is_here(
    cluster, local, tmp_path, monkeypatch
):
    shutil.copytree(local[2].folder, tmp_path / "out", symlinks=True)
    here = run_stage("mine", tmp_path / "out", jobs=1, cache=None)
    monkeypatch.setattr("pipelines.flow.storage.stored.LARGE", 1)
    monkeypatch.setattr("pipelines.mine.parts.WORTHWHILE", 1)
    monkeypatch.delattr("pipelines.mine.parts.threadpool_limits")  # no part can be done here
    same_tables(here, run_stage("mine", tmp_path / "out", scheduler=cluster[0], cache=None))
    assert "new" in set(here.issues[c.STATUS])


def test_a_worker_with_other_code_is_refused(cluster, monkeypatch):
    monkeypatch.setattr("pipelines.flow.stages._installed", lambda library: "0.0")  # not there
    code_version.cache_clear()
    try:
        with (
            pytest.raises(SettingsError, match=r"has other code or libraries .*expected"),
            backend(RunSettings(scheduler=cluster[0])),
        ):
            pass
    finally:
        code_version.cache_clear()


def test_a_file_that_the_worker_does_not_see_is_said(tmp_path):
    source = Source("a.pdf", str(tmp_path / "a.pdf"))
    settings = RunSettings(scheduler="tcp://127.0.0.1:9", cache=None)
    assert "all workers have at the same path" in read_source((source, settings)).reason
    assert "No such file" in read_source((source, RunSettings(cache=None))).reason


def test_a_model_that_is_sent_is_found_by_its_bytes(tmp_path):
    ours = choose_model(None)
    there = receive_model(model_files(ours.folder), tmp_path / "sent")
    try:
        assert there.digest == ours.digest
        assert at_hand(ours) == str(tmp_path / "sent")
        assert at_hand(ModelChoice("/other", "0" * 16)) == "/other"
    finally:
        forget_model(ours.digest)
    assert at_hand(ours) == ours.folder
    with pytest.raises(ArtefactError, match="not written"):
        receive_model({"../outside": b""}, tmp_path / "sent")
    assert not (tmp_path / "outside").exists()


def test_a_scheduler_that_does_not_answer_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("pipelines.flow.workers.cluster._CONNECT_SECONDS", 1)
    path = tmp_path / "a.txt"
    path.write_text("text")
    with pytest.raises(SettingsError, match=r"tcp://127\.0\.0\.1:9 does not answer"):
        read_into(path, tmp_path / "out", scheduler="tcp://127.0.0.1:9", cache=None)


@pytest.mark.parametrize(
    ("tls", "said"),
    [
        ({}, "needs certificates"),
        ({"ca-file": "x.pem", "client.cert": "x.pem"}, "cannot be read"),
    ],
)
def test_tls_without_certificates_is_said_at_once(tls, said):
    """A client that Dask makes without them is half made, and takes a minute to end."""
    import dask

    with (
        dask.config.set({f"distributed.comm.tls.{name}": value for name, value in tls.items()}),
        pytest.raises(SettingsError, match=rf"{said}.*COMM__TLS__CA_FILE"),
        backend(RunSettings(scheduler="tls://127.0.0.1:9")),
    ):
        pass


def test_without_the_extra_the_message_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(MissingExtra, match=r"\[dask\]"),
        backend(RunSettings(scheduler="tcp://127.0.0.1:9")),
    ):
        pass
