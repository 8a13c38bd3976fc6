"""Words divided at line ends, told from words with a hyphen of their own."""

from __future__ import annotations

import runpy
from collections import Counter
from pathlib import Path

import pytest

from pipelines.errors import SettingsError
from pipelines.read.drafts import words
from pipelines.read.drafts.words import is_divided, known_words

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("head", "tail", "divided"),
    [
        ("atten", "dance", True),
        ("inter", "viewed", True),
        ("xylo", "phonists", True),  # in no list, but nor are its parts
        ("multi", "agency", False),
        ("part", "time", False),
        ("no", "repeat", False),  # two words that nothing joins
        ("ex", "partner", False),
    ],
)
def test_the_list_decides_where_the_document_does_not(head, tail, divided):
    assert is_divided(head, tail, {}) is divided


def test_the_document_outvotes_the_list():
    assert is_divided("multi", "agency", Counter({"multiagency": 2, "multi-agency": 1}))
    assert not is_divided("atten", "dance", Counter({"atten-dance": 1}))


def test_the_list_is_that_of_the_written_findings():
    made = runpy.run_path(str(ROOT / "corpus" / "words.py"))["make_list"]()
    assert frozenset(made.splitlines()) == known_words()
    assert len(known_words()) > 5000


@pytest.mark.parametrize("lines", ["b\na\n", "a\na\n", "a\nB\n", "a\n\nb\n"])
def test_a_list_that_is_wrong_is_named(monkeypatch, tmp_path, lines):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "words.txt").write_text(lines, encoding="utf-8")
    monkeypatch.setattr(words, "files", lambda _: tmp_path)
    known_words.cache_clear()
    with pytest.raises(SettingsError, match=r"words.txt line \d: .* python corpus/words.py"):
        known_words()
    known_words.cache_clear()
