"""One document read from Python: whatever a PDF does to its reader, who asked goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest

import invented
import pipelines
import traps
from pipelines.errors import UnreadableDocument
from pipelines.flow import alone
from pipelines.read import Limits
from pipelines.read import read_document as read_in_this_process
from pipelines.read import trace_document as trace_in_this_process
from pipelines.records import digest

PLAIN_GUARDS = True


@pytest.fixture
def sound(tmp_path):
    path = tmp_path / "sound.pdf"
    path.write_bytes(invented.as_pdf(invented.invent(930, bullets=2)))
    return path


def test_a_pdf_that_draws_without_end_ends_nothing_but_its_reading(tmp_path, sound):
    name = "forms-in-each-other.pdf"
    (tmp_path / name).write_bytes(traps.rings()[name])
    with pytest.raises(UnreadableDocument, match="more timeout and memory"):
        pipelines.read_document(tmp_path / name, limits=Limits(seconds=0.5))
    assert pipelines.read_document(sound).blocks


def test_a_trace_of_a_pdf_that_draws_without_end_is_given_up(tmp_path, sound):
    name = "forms-in-each-other.pdf"
    (tmp_path / name).write_bytes(traps.rings()[name])
    with pytest.raises(UnreadableDocument, match="more timeout and memory"):
        alone.trace_document(tmp_path / name, seconds=0.5)
    assert alone.trace_document(sound) == [*trace_in_this_process(sound)]


def test_training_reads_the_reports_of_its_labels_in_another_process(tmp_path, sound):
    finding = pipelines.segment_document(pipelines.read_document(sound)).findings[0]
    (tmp_path / "base").mkdir()
    sheet = f"digest,themes\n{digest(finding.text)},unpaid-work\n"
    (tmp_path / "base" / "labels.csv").write_text(sheet, encoding="utf-8")
    program = (
        "import sys; from pathlib import Path; from pipelines.flow.training import *\n"
        f"here = Path({str(tmp_path)!r})\n"
        "settings = TrainSettings(base=here / 'base', reports=(here / 'sound.pdf',))\n"
        "(label,) = read_labels(settings).require()\n"
        "assert label.themes == ('unpaid-work',)\n"
        "assert 'pypdfium2' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["forms-in-each-other.pdf", "forms-by-the-million.pdf"])
def test_a_pdf_that_fills_the_memory_ends_nothing_but_its_reading(name, tmp_path):
    (tmp_path / name).write_bytes(traps.rings()[name])
    with pytest.raises(UnreadableDocument, match="ended by signal"):
        pipelines.read_document(tmp_path / name)


def test_what_another_process_read_is_what_would_have_been_read_here(sound, tmp_path, monkeypatch):
    told, here = pipelines.read_document(sound), read_in_this_process(sound)
    assert told == here
    assert repr(told) == repr(here)  # lists are no tuples, words no members
    monkeypatch.chdir(tmp_path)
    assert pipelines.read_document("sound.pdf").path == "sound.pdf"


def test_a_refusal_says_what_it_says_here(tmp_path):
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7\n")
    said = []
    for read in (pipelines.read_document, read_in_this_process):
        with pytest.raises(UnreadableDocument) as raised:
            read(path, limits=Limits(max_pages=3))
        said.append(str(raised.value))
    assert said[0] == said[1]


def test_a_reading_that_was_broken_off_leaves_no_answer_for_the_next(tmp_path, sound):
    slow = tmp_path / "slow.pdf"
    slow.write_bytes(traps.drawn()["scattered.pdf"])
    pipelines.read_document(sound)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            pipelines.read_document(slow)
    finally:
        signal.signal(signal.SIGINT, before)
    assert pipelines.read_document(sound) == read_in_this_process(sound)


def test_a_forked_process_reads_by_a_guard_of_its_own(sound):
    pipelines.read_document(sound)
    before = alone._pool(os.getpid())
    child = os.fork()
    if not child:
        os._exit(alone._pool(os.getpid()) is before)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
