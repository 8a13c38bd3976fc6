"""Ligatures that a file's table of signs gives no letters."""

from __future__ import annotations

import re

import pytest

from pipelines.read.pdf import read_pdf
from pipelines.read.pdf.ligatures import _by_neighbours

TEXT = "Staff found first-rate offices; conflicts and difficulties were significant. "


def test_neighbours_tell_a_ligature():
    table = {0x13B1: "ff", 0x13B3: "fl", 0x13B4: "ffi"}
    assert _by_neighbours(0x13B2, table) == "fi"
    assert _by_neighbours(0x13B5, table) == "ffl"
    assert _by_neighbours(0x13B3, table) == ""  # it has its letters
    assert _by_neighbours(0x03B1, {0x03B0: "a", 0x03B2: "b"}) == ""


def test_a_ligature_without_letters_is_read():
    weasyprint = pytest.importorskip("weasyprint")
    html = f'<p style="font: 11pt DejaVu Sans">{TEXT * 3}</p>'
    data = weasyprint.HTML(string=html).write_pdf(uncompressed_pdf=True)
    named = re.compile(rb"(<[0-9a-f]{4}>) <00660069>")
    if not named.search(data):
        pytest.skip("no font with ligatures is installed")
    forgetful = named.sub(lambda m: m[1] + b" <>        ", data)
    document = read_pdf(forgetful, path="made.pdf", sha256="0" * 64)
    assert document.blocks[0].text == " ".join((TEXT * 3).split())
