"""Sources behind `s3://` addresses: a real S3 protocol on loopback, and servers that misbehave."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time

import pytest

import invented
from pipelines import columns as c
from pipelines.errors import MissingExtra, SettingsError
from pipelines.flow import read_into
from pipelines.flow.documents import read_source
from pipelines.flow.settings import RunSettings
from pipelines.flow.sources import remote
from pipelines.flow.sources.find import find_sources
from pipelines.flow.sources.source import Source
from pipelines.flow.workers.pool import GUARDS
from runs import same_tables
from tests.bench.bench_cluster import cluster

PLAIN_GUARDS = True
KEYS = {
    "AWS_ACCESS_KEY_ID": "nobody",
    "AWS_SECRET_ACCESS_KEY": "nothing",
    "AWS_DEFAULT_REGION": "eu-west-2",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_MAX_ATTEMPTS": "1",
}


@pytest.fixture
def keys(monkeypatch):
    """Take the place of the user's own credentials."""
    pytest.importorskip("s3fs", reason="the extra [s3] is not installed")
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    yield
    GUARDS.close()  # its processes hold the environment of this test


@pytest.fixture
def bucket(keys, monkeypatch):
    """An S3 server on loopback; gives a function that puts an object into its one bucket."""
    server = pytest.importorskip("moto.server", reason="moto is not installed")
    import boto3

    thread = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    thread.start()
    host, port = thread.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    client = boto3.Session().client("s3")
    place = {"LocationConstraint": KEYS["AWS_DEFAULT_REGION"]}
    client.create_bucket(Bucket="bucket", CreateBucketConfiguration=place)
    yield lambda key, data: client.put_object(Bucket="bucket", Key=key, Body=data)
    for entry in client.list_objects_v2(Bucket="bucket")["Contents"]:
        client.delete_object(Bucket="bucket", Key=entry["Key"])
    client.delete_bucket(Bucket="bucket")  # the next server would hold it still
    thread.stop()


def filled(put, folder, numbers, *, pdfs=0):
    """Put as many reports into the bucket, and into a folder: some PDFs, a damaged one, others."""
    invented.write(folder / "deep", numbers, bullets=1)
    if pdfs:
        invented.write(folder, range(100, 100 + pdfs), suffix="pdf", bullets=1)
    odd = "odd name ü+%20&?#=.txt"
    (folder / odd).write_bytes(invented.as_text(invented.invent(99, bullets=1)))
    (folder / "cut.pdf").write_bytes(b"%PDF-1.7 cut")
    (folder / "picture.png").write_bytes(b"no source")
    (folder / "~$report.docx").write_bytes(b"what a word processor leaves")
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            put(f"reports/{path.relative_to(folder).as_posix()}", path.read_bytes())
    for mark in ("reports/", "reports/deep/"):  # what a console leaves to show a folder
        put(mark, b"")
    put("else/where.txt", b"not asked for")


def test_a_bucket_is_read_as_the_folder_is(bucket, tmp_path):
    filled(bucket, tmp_path / "in", range(1))
    here = read_into(tmp_path / "in", tmp_path / "here", cache=None, jobs=1)
    there = read_into("s3://bucket/reports/", tmp_path / "there", cache=None, jobs=1)
    same_tables(here, there)
    assert (there.summary.read, there.summary.failed, there.summary.aside) == (2, 1, 1)


@pytest.mark.slow
def test_one_object_is_read_and_one_that_is_not_there_is_named(bucket, tmp_path):
    filled(bucket, tmp_path / "in", range(0), pdfs=1)
    one = read_into("s3://bucket/reports/report-0100.pdf", tmp_path / "one", cache=None)
    assert one.summary.read == 1
    for gone in ("s3://bucket/reports/gone.pdf", "s3://gone/reports"):
        lost = read_into(gone, tmp_path / "lost", cache=None)
        assert "No such file" in lost.ledger[c.REASON][0]


@pytest.mark.slow
def test_the_whole_command_over_a_bucket(bucket, tmp_path):
    """Cold, and warm: the second run reads nothing anew."""
    filled(bucket, tmp_path / "in", range(3), pdfs=2)
    ended = [
        subprocess.run(
            [
                *(sys.executable, "-m", "pipelines.cli", "run", "s3://bucket/reports"),
                *("--out", str(tmp_path / "out"), "--cache", str(tmp_path / "cache")),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        for _ in range(2)
    ]
    for run in ended:
        assert run.returncode == 1
        assert "6 documents read; 1 failed" in run.stderr
        assert "failed: cut.pdf: the PDF is damaged" in run.stderr
        assert "Traceback" not in run.stderr
    assert (tmp_path / "out" / "report" / "report.html").is_file()


@pytest.mark.slow
def test_workers_of_a_cluster_fetch_for_themselves(bucket, tmp_path, record_property):
    pytest.importorskip("distributed", reason="the extra [dask] is not installed")
    filled(bucket, tmp_path / "in", range(8), pdfs=2)
    here = read_into(tmp_path / "in", tmp_path / "here", cache=None)
    with cluster(tmp_path, 2) as address:
        there = read_into(
            "s3://bucket/reports", tmp_path / "there", scheduler=address, cache=None, jobs=2
        )
    same_tables(here, there)
    record_property("a run on a cluster from S3, equal to the local one", 1)


@pytest.mark.slow
def test_a_server_that_is_not_there_is_named(keys, monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    done = read_into("s3://bucket/reports", tmp_path / "out", cache=None)
    assert "Could not connect" in done.ledger[c.REASON][0]
    assert "check the address" in done.ledger[c.REASON][0]


@pytest.mark.slow
def test_missing_credentials_are_named(keys, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    (source,) = find_sources("s3://bucket/reports")
    assert "Unable to locate credentials" in source.problem


@pytest.fixture
def silent():
    """A server that takes every call and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.slow
def test_a_server_that_never_answers_costs_its_time_and_no_more(
    keys, silent, monkeypatch, record_property
):
    monkeypatch.setenv("AWS_ENDPOINT_URL", silent)
    monkeypatch.setattr(remote, "_LIST_SECONDS", 3.0)
    begun = time.monotonic()
    (source,) = find_sources("s3://bucket/reports")
    assert "longer than 3 seconds" in source.problem
    lost = read_source((Source("a.txt", "s3://bucket/a.txt"), RunSettings(timeout=3, cache=None)))
    assert "could not be fetched: took longer than 3 seconds" in lost.reason
    assert "--timeout" in lost.reason
    assert time.monotonic() - begun < 60
    record_property("a server that never answers", 2)


@pytest.mark.slow
def test_a_server_that_breaks_off_costs_what_it_held(keys, monkeypatch, record_property):
    """It promises a megabyte and hangs up after some bytes."""
    head = b"HTTP/1.1 206 OK\r\nETag: x\r\nContent-Range: bytes 0-9/1000000\r\n"

    def serve(server):
        while True:
            try:
                call, _ = server.accept()
            except OSError:
                return
            with call:
                call.recv(65536)
                call.sendall(head + b"Content-Length: 1000000\r\n\r\nStrengths:\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, args=(server,), daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.getsockname()[1]}")
        source = Source("a.txt", "s3://bucket/a.txt")
        lost = read_source((source, RunSettings(timeout=20, cache=None)))
    assert "could not be fetched" in lost.reason
    assert lost.held is None
    record_property("a server that breaks off", 1)


@pytest.mark.slow
def test_what_is_too_large_is_refused_before_it_fills_the_disk(bucket, tmp_path):
    from pipelines.read import Limits

    bucket("reports/large.txt", b"word " * 100_000)
    limits = Limits(max_bytes=10_000)
    done = read_into("s3://bucket/reports", tmp_path / "out", cache=None, limits=limits)
    assert "more than the limit of 10,000" in done.ledger[c.REASON][0]


def test_an_address_of_no_known_kind_is_wrong_usage():
    with pytest.raises(SettingsError, match="Protocol not known: nosuch"):
        find_sources("nosuch://bucket/reports")


def test_without_the_extra_the_message_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "s3fs", None)
    registry = pytest.importorskip("fsspec.registry", reason="fsspec is not installed")
    monkeypatch.delitem(registry._registry, "s3", raising=False)
    with pytest.raises(MissingExtra, match=r"\[s3\]"):
        find_sources("s3://bucket/reports")
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(MissingExtra, match=r"\[s3\]"):
        find_sources("s3://bucket/reports")
