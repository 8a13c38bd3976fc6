"""A fixed small draw of the layout laboratory: invented reports in layouts drawn at random."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from pipelines.read.pdf import read_pdf
from pipelines.segment import segment_document
from tests.layouts import reports
from tests.layouts.contents import real_texts
from tests.layouts.draw import render, render_house, titles
from tests.layouts.look import draw_look
from tests.layouts.measure import naive_findings, score, segmented_findings

# One layout a line of producers and mutations that render in a second or two.
FIXED = (5, 6, 9, 11, 105, 110, 146, 302)
OFFICE = (3, 8, 749)
# A producer that this machine lacks, or that fell over.
MISSING = (FileNotFoundError, subprocess.SubprocessError)


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


# Draws that no mending had seen when they were first read, and what was reached then, less one
# document for luck: documents that are perfect, and findings that are right in their place.
DRAWS = {
    "plain": (render, range(71001, 71025), 0.95, 0.995),
    "house": (render_house, range(77001, 77031), 0.90, 0.96),
}
PRINTED = {"": (range(73001, 73025), 0.91, 0.995), "typst": (range(76001, 76025), 0.87, 0.995)}


@pytest.mark.slow
@pytest.mark.parametrize("kind", DRAWS)
def test_a_large_draw_keeps_its_mark(kind):
    """The marks of tests/layouts/README.md."""
    draw, seeds, whole, single = DRAWS[kind]
    results = []
    for seed in seeds:
        try:
            report, _, data = draw(seed)
        except MISSING:
            continue
        document = read_pdf(data, path=f"{seed}.pdf", sha256="0" * 64)
        results.append(score(report.findings(), naive_findings(document, titles(report))))
    assert len(results) > len(seeds) / 4
    assert sum(r.perfect for r in results) >= whole * len(results)
    assert sum(r.full for r in results) >= single * sum(r.wanted for r in results)


@pytest.mark.slow
@pytest.mark.parametrize("printer", PRINTED, ids=["whole reports", "typst"])
def test_a_large_draw_of_reports_keeps_its_mark(printer):
    seeds, whole, single = PRINTED[printer]
    verdicts = []
    for seed in seeds:
        try:
            content, _, data = reports.render(seed, seed % 2 == 0 and bool(real_texts()), printer)
        except MISSING:
            continue
        document = read_pdf(data, path=f"{seed}.pdf", sha256="0" * 64)
        verdicts.append(reports.judge(content.wanted, document, segment_document(document)))
    assert len(verdicts) > len(seeds) / 4
    assert sum(v.perfect for v in verdicts) >= whole * len(verdicts)
    assert sum(v.full for v in verdicts) >= single * sum(v.findings for v in verdicts)
