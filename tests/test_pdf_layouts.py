"""A fixed small draw of the layout laboratory: invented reports in layouts drawn at random."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from pipelines.read.pdf import read_pdf
from tests.layouts.draw import render, titles
from tests.layouts.look import draw_look
from tests.layouts.measure import naive_findings, score, segmented_findings

# One layout a line of producers and mutations that render in a second or two.
FIXED = (5, 6, 9, 11, 105, 110, 146, 302)
OFFICE = (3, 8, 749)
LARGE = range(1001, 1081)


def check(seed: int) -> None:
    report, _, data = render(seed)
    document = read_pdf(data, path=f"{seed}.pdf", sha256="0" * 64)
    plain = score(report.findings(), naive_findings(document, titles(report)))
    assert plain.perfect, (plain.missed[:2], plain.extra[:2])
    full = score(report.findings(), segmented_findings(document))
    assert full.full == full.wanted == full.got, (full.missed[:2], full.extra[:2])


@pytest.mark.parametrize("seed", FIXED)
def test_fixed_layout_gives_every_finding_in_its_place(seed):
    check(seed)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("seed", OFFICE)
def test_word_files_through_libreoffice(seed):
    check(seed)


def test_a_seed_draws_one_layout():
    assert draw_look(7) == draw_look(7)
    assert len({draw_look(seed).producer for seed in range(40)}) >= 3


@pytest.mark.slow
def test_a_large_draw_keeps_its_mark():
    """The mark is the last honest one of tests/layouts/README.md, less a little for luck."""
    documents = perfect = wanted = full = 0
    for seed in LARGE:
        try:
            report, _, data = render(seed)
        except (FileNotFoundError, subprocess.SubprocessError):
            continue  # a producer that this machine lacks, or that fell over
        document = read_pdf(data, path=f"{seed}.pdf", sha256="0" * 64)
        result = score(report.findings(), naive_findings(document, titles(report)))
        documents += 1
        perfect += result.perfect
        wanted += result.wanted
        full += result.full
    assert documents > 20
    assert full / wanted > 0.97
    assert perfect / documents > 0.7
