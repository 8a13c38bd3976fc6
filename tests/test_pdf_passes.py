"""The order of the PDF reader: each pass told of, what it changed, and what the tags settle."""

from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.errors import SettingsError
from pipelines.read.pdf.blocks.tags import settle
from pipelines.read.pdf.passes import PASSES
from pipelines.records import Block, BlockKind


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("passes") / "small.pdf"
    canvas = Canvas(str(path), pagesize=A4)
    for number in (1, 2, 3):
        canvas.setFont("Helvetica", 8)
        canvas.drawString(72, 800, "An inspection of Middlemarch PDU")
        canvas.setFont("Helvetica", 11)
        for row in range(12):
            canvas.drawString(72, 700 - 14 * row, f"Line {row} of page {number} tells of the work.")
        canvas.showPage()
    canvas.save()
    return path


def test_each_pass_has_one_name_and_says_what_it_does():
    assert len({step.name for step in PASSES}) == len(PASSES)
    for step in PASSES:
        assert step.reads
        assert step.sets
        assert step.idle


def test_trace_lists_the_passes_in_order_and_what_each_changed(report):
    done = CliRunner().invoke(app, ["read", str(report), "--trace"])
    assert done.exit_code == 0, done.output
    heads = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert [head.partition(" (")[0] for head in heads] == ["extract", *(s.name for s in PASSES)]
    told = done.stdout.partition("running heads (clean)")[2].partition("fixtures (clean)")[0]
    for number in (1, 2, 3):
        assert f"page {number}: - span 'An inspection of Middlemarch PDU'" in told


def test_trace_of_a_page_tells_everything_of_it_and_nothing_of_others(report):
    done = CliRunner().invoke(app, ["read", str(report), "--trace", "--page", "2"])
    assert "page 2: + line 0 in: Line 11 of page 2" in done.stdout
    assert "page 1:" not in done.stdout


def test_trace_takes_one_pdf(report, tmp_path):
    two = CliRunner().invoke(app, ["read", str(report), str(report), "--trace"])
    assert isinstance(two.exception, SettingsError)
    text = tmp_path / "report.txt"
    text.write_text("Strengths:\n- Work was planned.\n")
    other = CliRunner().invoke(app, ["read", str(text), "--trace"])
    assert "is no PDF" in str(other.exception)


@pytest.mark.parametrize(("roles", "level"), [(("H4", "H3"), 4), (("H3", "H4"), 3)])
def test_of_two_tags_as_frequent_the_first_settles_a_heading(roles, level):
    """Not the one that a set happens to give out first, which turns on the hash seed."""
    block = Block(BlockKind.HEADING, "Planning", 0, 8, 1, 1, level=1)
    settled, heard = settle([block], [roles])
    assert heard
    assert settled[0].level == level
