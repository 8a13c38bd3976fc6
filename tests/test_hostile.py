"""Input made to break things: each file costs itself only, is named, and nothing else happens."""

from __future__ import annotations

import http.server
import json
import os
import pickle
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hostile
import invented
import pipelines
from pipelines import columns as c
from pipelines.errors import ArtefactError, UnreadableDocument
from pipelines.flow import read_into, run
from pipelines.flow.storage.cache import Cache, key_of
from pipelines.read import Limits, read_bytes
from pipelines.read.drafts.repair import repair_text
from pipelines.records import BlockKind

SLOW = {"bomb.pdf", "bomb-twice.pdf", "many-lines.pdf", "tree-in-itself.pdf", "line.txt"}
SLOW |= {"letters.txt", "tabs.txt", "cells.html", "comment.html", "dots.txt", "brackets.txt"}


def read_all(folder, sources, **more):
    """Run over the sources and one sound report; return fate and reason by name, and the run."""
    (folder / "in").mkdir()
    for name, data in sources.items():
        (folder / "in" / name).write_bytes(data)
    invented.write(folder / "in", range(1))
    done = read_into(folder / "in", folder / "out", cache=None, csv=True, **more)
    fate = {row[c.PATH]: (row[c.STATUS], row[c.REASON]) for row in done.ledger.to_dict("records")}
    assert set(fate) == {*sources, "report-0000.txt"}
    assert fate["report-0000.txt"][0] == "read"
    sound = done.documents[c.DOCUMENT_ID][done.documents[c.PATH] == "report-0000.txt"].item()
    mine = done.findings[done.findings[c.DOCUMENT_ID] == sound]
    assert mine[c.TEXT].tolist() == invented.invent(0).findings
    for status, reason in fate.values():
        assert status != "failed" or "; " in reason, reason  # the reason; what to do
    return fate, done


def small():
    everything = {**hostile.pdfs(), **hostile.pages(), **hostile.plain(scale=50)}
    return {name: data for name, data in everything.items() if name not in SLOW}


def test_hostile_files_cost_themselves_only(tmp_path):
    fate, _ = read_all(tmp_path, small(), jobs=2, timeout=120)
    for name, words in {
        "empty.txt": "empty",
        "blank.txt": "blanks",
        "noise.txt": "binary",
        "encrypted.pdf": "password",
        "only-head.pdf": "damaged",
        "deep.html": "nested",
        "deep-lists.html": "nested",
    }.items():
        assert fate[name][0] == "failed"
        assert words in fate[name][1], (name, fate[name][1])
    assert not any("worker" in str(reason) for _, reason in fate.values()), fate


@pytest.mark.slow
def test_hostile_files_of_full_size_cost_themselves_only(tmp_path, record_property):
    everything = {**hostile.pdfs(), **hostile.pages(), **hostile.plain(), **hostile.damaged(40)}
    fate, _ = read_all(tmp_path, everything, jobs=2, timeout=120)
    late = {name for name, (_, reason) in fate.items() if "longer than" in str(reason)}
    assert not late
    record_property("a hostile or damaged file among sound ones", len(everything))


def test_damaged_pdfs_cost_themselves_only(tmp_path):
    fate, done = read_all(tmp_path, hostile.damaged(12), jobs=2, timeout=120)
    assert sum(status == "failed" for status, _ in fate.values()) > 5
    known = set(invented.invent(901).findings)
    read = [name for name, (status, _) in fate.items() if name.startswith("b") and status == "read"]
    assert read  # a changed byte need not cost a document
    assert len(known & set(done.findings[c.TEXT])) > 20


def test_ten_megabytes_in_one_line_are_read_or_refused_in_time(tmp_path):
    fate, _ = read_all(tmp_path, {"line.txt": hostile.plain()["line.txt"]}, timeout=240)
    assert "longer than" not in str(fate["line.txt"][1])


def test_sound_reports_with_nasty_text_are_read_whole_and_flagged(tmp_path):
    fate, done = read_all(tmp_path, hostile.reports(), jobs=2)
    assert {status for status, _ in fate.values()} <= {"read", "duplicate"}
    by_path = done.documents.set_index(c.PATH)
    assert (by_path[c.FINDINGS] == 42).all()
    assert "writing direction" in str(by_path.loc["overrides.txt", c.WARNINGS])
    assert "control characters" in str(by_path.loc["control.txt", c.WARNINGS])
    for text in done.findings[c.TEXT]:
        assert not any(ord(char) < 32 or char in "\u202a\u202b\u202c\u202d\u202e" for char in text)
    csv = pd.read_csv(tmp_path / "out" / "tables" / "findings.csv", dtype=str)
    assert len(csv) == len(done.findings)
    assert not csv[c.TEXT].str.startswith(("=", "+", "-", "@")).any()
    assert csv[c.TEXT].str.startswith("'=HYPERLINK").sum() == 1


class Counting(http.server.BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012 - shared on purpose: the class is the server's ear

    def do_GET(self):
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


EAR = """
import os, sys

def heard(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        with open(os.environ["HEARD"], "a") as note:
            note.write(f"{event} {arguments[-1] if event == 'socket.connect' else arguments}\\n")

sys.addaudithook(heard)
"""


def test_the_command_asks_no_network(tmp_path):
    """Heard from inside: every call to a network in the command and in all its workers."""
    invented.write(tmp_path / "in", range(1), suffix="pdf", bullets=1)
    invented.write(tmp_path / "in", range(1, 2), suffix="html", bullets=1)
    (tmp_path / "in" / "s3:").mkdir()
    (tmp_path / "in" / "s3:" / "bucket.txt").write_text("https://example.com/report.pdf\n")
    (tmp_path / "ear").mkdir()
    (tmp_path / "ear" / "sitecustomize.py").write_text(EAR)
    path = os.pathsep.join([str(tmp_path / "ear"), *filter(None, sys.path)])
    heard = tmp_path / "heard"
    environment = {**os.environ, "PYTHONPATH": path, "HEARD": str(heard)}
    call = "import socket; socket.socket(type=socket.SOCK_DGRAM).connect(('127.0.0.1', 9))"
    subprocess.run([sys.executable, "-c", call], env=environment, check=True)
    assert "socket.connect ('127.0.0.1', 9)" in heard.read_text()  # the ear hears
    heard.unlink()
    command = [sys.executable, "-m", "pipelines.cli", "run", str(tmp_path / "in")]
    words = ["--no-cache", "--jobs", "1", "--formats", "html,md,xlsx,docx"]
    ended = subprocess.run(
        [*command, "--out", str(tmp_path / "out"), *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "2 documents read; 1 failed" in ended.stderr
    assert not heard.exists() or not heard.read_text()


def test_nothing_that_a_source_names_is_fetched_or_run(tmp_path):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    there = f"http://127.0.0.1:{server.server_port}"
    page = invented.as_html(invented.invent(1, bullets=1)).decode()
    outside = (
        f'<link rel="stylesheet" href="{there}/a.css"><script src="{there}/b.js"></script>'
        f"<script>fetch('{there}/c')</script><img src='{there}/d.png' onerror='alert(1)'>"
        f'<iframe src="{there}/e"></iframe><object data="{there}/f"></object>'
        f'<meta http-equiv="refresh" content="0;url={there}/g"><base href="{there}/">'
    )
    page = page.replace("<main>", "<main>" + outside).replace(
        "Leaders", "Leaders <script>alert('x')</script>", 1
    )
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "page.html").write_text(page)
    done = run(tmp_path / "in", tmp_path / "out", cache=tmp_path / "cache")
    server.shutdown()
    server.server_close()
    assert Counting.asked == []
    assert done.summary.findings == 14
    assert not done.findings[c.TEXT].str.contains("alert").any()
    assert there not in done.report.read_text()


def test_odd_names_reach_tables_and_report_as_plain_text(tmp_path):
    names = [
        b"=cmd()|'x'!A1.txt",
        b"new\nline.txt",
        b"\xff\xfe bytes.txt",
        b"-rf.txt",
        b"<script>alert(1)<script>.txt",
        "\u202egnp.txt".encode(),
        b"%s%n{}.txt",
        b"'; drop table findings; --.txt",
    ]
    (tmp_path / "in").mkdir()
    for number, name in enumerate(names):
        text = invented.as_text(invented.invent(number, bullets=1))
        (tmp_path / "in" / os.fsdecode(name)).write_bytes(text)
    done = run(tmp_path / "in", tmp_path / "out", cache=None, csv=True, encoder=False)
    assert done.summary.read == len(names)
    for path in done.documents[c.PATH]:
        assert path.isprintable()
        path.encode("utf-8")
    assert "<script>alert(1)" not in done.report.read_text()
    csv = pd.read_csv(tmp_path / "out" / "tables" / "ledger.csv", dtype=str)
    assert not csv[c.PATH].str.startswith(("=", "-")).any()


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"max_bytes": 1000}, "bytes"),
        ({"max_pages": 3}, "pages"),
        ({"max_characters": 1000}, "characters"),
        ({"max_blocks": 10}, "max_blocks"),
    ],
)
def test_each_limit_has_its_message(limits, words):
    suffix = "pdf" if "max_pages" in limits else "txt"
    data = invented.FORMATS[suffix](invented.invent(2))
    with pytest.raises(UnreadableDocument, match=words) as caught:
        read_bytes(data, path=f"a.{suffix}", limits=Limits(**limits))
    assert next(iter(limits)) in caught.value.remedy + caught.value.reason


class Canary:
    """What a pickle could do when it is loaded: here it leaves a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (os.mkdir, (self.path,))


def evil_models(folder):
    """Model folders that are not ours: nothing, a pickle, a pickle in our clothes."""
    from pipelines.tag.models.registry import find_model, read_pointer

    canary = str(folder / "executed")
    (folder / "bare").mkdir(parents=True)
    (folder / "pickled").mkdir()
    (folder / "pickled" / "model.pkl").write_bytes(pickle.dumps(Canary(canary)))
    real = find_model(read_pointer().current)
    for name in ("swapped", "zipped"):
        shutil.copytree(real, folder / name)
        weights = folder / name / "model.npz"
        meta = json.loads((folder / name / "meta.json").read_text())
        if name == "swapped":
            weights.write_bytes(pickle.dumps(Canary(canary)))
        else:
            np.savez(weights, **{"words.terms": np.asarray([Canary(canary)], dtype=object)})
        import hashlib

        meta["sha256"][weights.name] = hashlib.sha256(weights.read_bytes()).hexdigest()
        (folder / name / "meta.json").write_text(json.dumps(meta))
    shutil.copytree(real, folder / "changed")
    weights = folder / "changed" / "model.npz"
    raw = bytearray(weights.read_bytes())
    raw[len(raw) // 2] ^= 1
    weights.write_bytes(raw)


def test_a_model_folder_that_is_not_ours_is_refused_and_nothing_in_it_runs(tmp_path):
    evil_models(tmp_path / "models")
    sources = invented.write(tmp_path / "in", range(1), bullets=1)
    for name in ("bare", "pickled", "swapped", "zipped", "changed"):
        with pytest.raises(ArtefactError):
            run(sources, tmp_path / "out", model=tmp_path / "models" / name, cache=None)
    assert not (tmp_path / "models" / "executed").exists()
    assert not (tmp_path / "out" / "manifest.json").exists()


def test_a_cache_from_somewhere_else_cannot_run_code(tmp_path):
    (source,) = invented.write(tmp_path / "in", range(1))
    read_into(source, tmp_path / "out", cache=tmp_path / "cache")
    canary = tmp_path / "executed"
    (entry,) = (tmp_path / "cache").rglob("*.entry")
    cache = Cache(tmp_path / "cache")
    cache.put("read", entry.stem, pickle.dumps(Canary(str(canary))))
    assert key_of("x") != entry.stem
    done = read_into(source, tmp_path / "out", cache=tmp_path / "cache")
    assert done.summary.read == 1
    assert not canary.exists()


FRAGMENTS = st.sampled_from(
    [
        *("Strengths:", "Areas for improvement:", "1.1 Leadership", "2. Court work", "Contents"),
        *("- a finding that says something.", "• another of them", "o nested", "1. act on this"),
        *("“It was fair,” said one.", "‘quoted’", "Recommendations", "The PDU should:", "61%"),
        *("soft\u00adhyphen", "no\u00a0break", "ﬁne", "\uf0b7 bullet", "line-", "end", "\u202e"),
        *("", " ", "\t", "\f", "2", "Page 3 of 9", "1", "[1]", "¹", "(Back to top)", "Rating Good"),
    ]
)
TEXTS = st.lists(
    st.one_of(FRAGMENTS, st.text(max_size=40), FRAGMENTS), min_size=1, max_size=40
).map("\n".join)
QUICK = settings(
    max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


@QUICK
@given(st.text(max_size=300))
def test_mending_twice_is_mending_once(text):
    once = repair_text(text)
    assert repair_text(once) == once
    once.encode("utf-8")


def check_offsets(document):
    at = 0
    for block in document.blocks:
        assert block.start >= at
        assert block.end >= block.start
        at = block.end
        if block.kind is not BlockKind.TABLE:
            assert " ".join(document.text[block.start : block.end].split()) == block.text
    for finding in pipelines.segment_document(document).findings:
        assert " ".join(document.text[finding.start : finding.end].split()) == finding.text


@QUICK
@given(TEXTS)
def test_blocks_and_findings_stand_where_they_say_in_text(text):
    try:
        check_offsets(read_bytes(text.encode("utf-8", "surrogatepass"), path="a.txt"))
    except UnreadableDocument as error:
        assert error.remedy  # noqa: PT017 - being read is as well


@QUICK
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["p", "li", "h2", "td", "div", "ul", "blockquote", "b"]),
            st.one_of(FRAGMENTS, st.text(max_size=30)),
            st.booleans(),
        ),
        max_size=30,
    )
)
def test_blocks_and_findings_stand_where_they_say_in_pages(parts):
    body = "".join(f"<{tag}>{text}{f'</{tag}>' if closed else ''}" for tag, text, closed in parts)
    data = f"<!DOCTYPE html><html><body>{body}".encode("utf-8", "replace")
    try:
        check_offsets(read_bytes(data, path="a.html"))
    except UnreadableDocument as error:
        assert error.remedy  # noqa: PT017 - being read is as well


@settings(QUICK, max_examples=60)
@given(st.data())
def test_changed_pdfs_are_read_or_refused_with_a_remedy(data):
    sound = bytearray(PDF)
    for _ in range(data.draw(st.integers(1, 30))):
        sound[data.draw(st.integers(0, len(sound) - 1))] = data.draw(st.integers(0, 255))
    try:
        check_offsets(read_bytes(bytes(sound), path="a.pdf"))
    except UnreadableDocument as error:
        assert error.remedy  # noqa: PT017 - being read is as well


PDF = invented.as_pdf(invented.invent(3, bullets=1, paragraphs=2))


def test_links_and_things_that_are_no_files_do_not_hang_the_command(tmp_path, monkeypatch):
    invented.write(tmp_path / "in" / "deep", range(1))
    for name in ("/dev/zero", "/dev/tty", "/proc/kmsg", "/proc/self/mem"):  # endless, or waiting
        (tmp_path / "in" / f"{name.replace('/', '-')}.txt").symlink_to(name)
    monkeypatch.chdir(tmp_path / "in")  # a socket's path must be short
    server = socket.socket(socket.AF_UNIX)
    server.bind("socket.html")
    (tmp_path / "in" / "deep" / "up").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "self.pdf").symlink_to(tmp_path / "in" / "self.pdf")
    os.mkfifo(tmp_path / "in" / "pipe.txt")
    command = [sys.executable, "-m", "pipelines.cli", "read", str(tmp_path / "in")]
    ended = subprocess.run(
        [*command, "--out", str(tmp_path / "out"), "--no-cache"],
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert ended.returncode == 1
    server.close()
    assert "1 documents read; 7 failed" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert Path(tmp_path / "out" / "tables" / "ledger.parquet").is_file()
