"""The order of the PDF reader: each pass told of, what it changed, and what the tags settle."""

import re
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.errors import SettingsError
from pipelines.read import trace_document
from pipelines.read.pdf import layout as layout_module
from pipelines.read.pdf import passes
from pipelines.read.pdf.blocks.tags import settle
from pipelines.read.pdf.layout import Layout
from pipelines.read.pdf.passes import BLOCKS, CLOSING, PASSES
from pipelines.records import Block, BlockKind
from tests.pages import FOLDER, draw, fixture, shown

ROOT = Path(__file__).parents[1]


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


def test_an_area_keeps_its_figure_that_a_font_draws_raised():
    layout = Layout()
    layout.take(draw("page\n72 100 to=130 | In 102 m\n130 95 6 to=134 | ²\n137 100 | of room.\n"))
    assert shown(layout.finish()[0]) == ["paragraph: In 102 m² of room."]


def test_each_pass_has_one_name_and_says_what_it_does():
    names = [step.name for step in (*PASSES, *CLOSING) if step is not BLOCKS]
    assert len(set(names)) == len(names)
    for step in PASSES:
        assert step.reads
        assert step.sets
        assert step.idle


def test_trace_lists_the_passes_in_order_and_what_each_changed(report):
    done = CliRunner().invoke(app, ["read", str(report), "--trace"])
    assert done.exit_code == 0, done.output
    heads = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
    order = [step.name for step in (*PASSES, *CLOSING)]
    assert [head.partition(" (")[0] for head in heads] == ["extract", *order]
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
    settled, heard = settle([block], [roles], [None])
    assert heard
    assert settled[0].level == level


FIXTURES = sorted(path.stem for path in FOLDER.glob("*.md"))
# They act on what only a file has; test_ocr and test_pdf_ligatures need them.
OF_THE_FILE = {"OCR spots", "nameless glyphs"}


def needs(name: str) -> list[str]:
    """The passes, or the questions inside of one, that a fixture says it needs."""
    listed = re.search(r"^Needs: (.+)$", (FOLDER / f"{name}.md").read_text(), re.MULTILINE)
    assert listed, f"{name}.md does not say what it needs"
    return listed[1].split(", ")


def blocks_of(name: str) -> list[str]:
    pages, _ = fixture(name)
    layout = Layout()
    layout.take(pages)
    return shown(layout.finish()[0])


def leave_off(needed: str, monkeypatch) -> None:
    """Leave off a pass, or let a question inside of one always be answered with no."""
    path, dot, function = needed.rpartition(".")
    if not dot:
        for module, listed in ((layout_module, "PASSES"), (passes, "REGIONS"),
                               (layout_module, "CLOSING")):  # fmt: skip
            kept = tuple(step for step in getattr(module, listed) if step.name != needed)
            monkeypatch.setattr(module, listed, kept)
        return
    monkeypatch.setattr(f"pipelines.read.pdf.{path}.{function}", lambda *_, **__: None)


@pytest.mark.parametrize("name", FIXTURES)
def test_a_fixture_gives_its_blocks(name):
    assert blocks_of(name) == fixture(name)[1]


def test_raised_figures_of_the_font_are_calls_after_any_word_or_year_and_no_unit():
    layout = Layout()
    said = "Visits began in 2019¹ in rooms of 350 m² or so², {} and went on."
    kept = "about 5 ¹⁄₂ days, ¹⁄₃ of them in 9m²; 1.5 × 10⁶,"
    layout.take(draw(f"page\n72 100 | {said.format(kept)}\n"))
    assert shown(layout.finish()[0]) == [
        f"paragraph: Visits began in 2019 in rooms of 350 m² or so, {kept} and went on."
    ]


def test_letters_raised_behind_a_figure_and_a_space_that_pdfium_guessed_are_its_own():
    """Chromium draws what it moves up at the end, and PDFium sees white where it will stand."""
    layout = Layout()
    layout.take(
        draw(
            "page\n72 100 to=150 | The plan of 1 \n163 100 to=300 | April set out the work of 3 \n"
            "313 100 to=400 | teams.\n151 97 6.8 to=157 | st\n301 97 6.8 to=308 | rd"
        )
    )
    (said,) = shown(layout.finish()[0])
    assert said == "paragraph: The plan of 1st April set out the work of 3rd teams."


def test_a_stop_where_a_bar_over_withheld_words_ends_is_no_row_of_the_bar():
    layout = Layout()
    layout.take(
        draw(
            "page\n72 126 | •\n90 126 to=243 | An officer was praised,\nfill 243.4 115 316.3 131\n"
            "316.3 126 to=318 | ,\n320 126 to=500 | who had kept in touch.\n"
        )
    )
    (item,) = shown(layout.finish()[0])
    assert item == "bullet: An officer was praised, , who had kept in touch."


@pytest.mark.parametrize(("name", "needed"), [(n, step) for n in FIXTURES for step in needs(n)])
def test_a_fixture_needs_what_it_says(name, needed, monkeypatch):
    leave_off(needed, monkeypatch)
    try:
        got = blocks_of(name)
    except (IndexError, ValueError, AttributeError):
        got = ["nothing works without it"]
    assert got != fixture(name)[1]


@pytest.mark.parametrize("step", [step.name for step in (*passes.PASSES, *passes.CLOSING)])
def test_each_pass_is_needed_by_some_fixture(step):
    """A pass that changes nothing is deleted, or a fixture shows what it is for."""
    assert step in OF_THE_FILE or any(step in needs(name) for name in FIXTURES)


def test_the_page_traced_in_contributing_is_traced_so():
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    wanted = told.partition("```trace\n")[2].partition("```")[0].splitlines()
    got = iter(trace_document(ROOT / "corpus" / "sample" / "pellingdale-2023-07.pdf"))
    for line in wanted:
        assert line in got, f"no pass in this order tells: {line}"
