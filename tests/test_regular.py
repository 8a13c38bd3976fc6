"""Files that somebody gave and that are none: pipes that nobody writes to, devices without end."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from pipelines.catalogue import load_catalogue
from pipelines.codebook import load_codebook
from pipelines.errors import ArtefactError, CorpusError, SettingsError, UnreadableDocument
from pipelines.flow.storage.written import read_manifest
from pipelines.frameworks import load_registry
from pipelines.manifest import load_manifest
from pipelines.places import load_places
from pipelines.regular import regular_bytes, regular_text
from pipelines.tag.labels.files import read_rows
from pipelines.tag.models.artefacts import read_meta
from pipelines.workbooks.opening import read_file

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")

REFUSED = (ArtefactError, CorpusError, SettingsError, UnreadableDocument, OSError)


@pytest.fixture(params=["a pipe", "a device without end"])
def planted(request):
    """What puts such a thing in the place of a file; a reader that waits for it is ended."""

    def plant(path: Path) -> Path:
        path.unlink(missing_ok=True)
        if request.param == "a pipe":
            os.mkfifo(path)
        else:
            path.symlink_to("/dev/zero")
        return path

    def late(*_):
        raise TimeoutError("it is read, or waited for")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(5)
    yield plant
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


READERS = {
    "meta.json": lambda path: read_meta(path.parent),
    "manifest.json": read_manifest,
    "labels.csv": lambda path: read_rows(path),
    "labels.jsonl": lambda path: read_rows(path),
    "codebook.toml": load_codebook,
    "issues.toml": load_catalogue,
    "frameworks.toml": lambda path: load_registry(extra=path),
    "manifest.csv": load_manifest,
    "places.csv": load_places,
    "book.xlsx": read_file,
}


@pytest.mark.parametrize("name", READERS)
def test_what_is_no_file_is_refused_and_not_waited_for(planted, tmp_path, name):
    with pytest.raises(REFUSED, match="is a pipe or device, expected a file"):
        READERS[name](planted(tmp_path / name))


def test_a_file_is_read_to_its_limit(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("é\r\nb\rc".encode())
    assert regular_text(path) == "é\nb\nc"
    assert regular_bytes(path, 7) == path.read_bytes()
    with pytest.raises(OSError, match="has more than 6 bytes"):
        regular_bytes(path, 6)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files as Linux lists them")
def test_what_is_refused_is_closed(tmp_path):
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(OSError, match="is a folder, expected a file"):
        regular_bytes(tmp_path)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
