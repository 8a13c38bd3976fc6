"""Traps of many kinds: each is read or refused in words, and what is sound beside it is whole."""

from __future__ import annotations

import re
import subprocess
import sys

import openpyxl
import pandas as pd
import pytest

import invented
import pipelines
import traps
from pipelines import columns as c
from pipelines.errors import UnreadableDocument
from pipelines.mine.proportions.shares import claims
from pipelines.read import read_bytes
from pipelines.read.pdf.extract.damage import find_damage
from pipelines.segment import segment_document
from pipelines.segment.dates import parse_count

BEYOND_MEMORY = {"forms-in-each-other.pdf", "forms-by-the-million.pdf"}
"""Grow without end inside PDFium; the worker that reads one is ended, and nothing else."""

FORMULA = re.compile(r"[=+@\t\r]|-[^0-9]")


def outcome(name, data):
    """Say what came of a source: `read`, or why it was refused; anything else is raised."""
    try:
        segment_document(read_bytes(data, path=name))
    except UnreadableDocument as error:
        assert error.remedy  # noqa: PT017 - being read is as well
        return error.reason
    return "read"


def test_small_traps_are_read_or_refused_with_a_remedy():
    drawn = traps.drawn()
    chosen = {name: data for name, data in drawn.items() if name.startswith(("box", "font"))}
    pages, plain = traps.pages(), traps.plain()
    chosen |= {name: pages[name] for name in ("numbers.html", "utf-7.html", "zeros-between.html")}
    chosen |= {name: data for name, data in pages.items() if name.startswith("charset")}
    chosen |= {name: plain[name] for name in ("ends-0.txt", "halves.txt", "ebcdic.txt")}
    said = {name: outcome(name, data) for name, data in (chosen | traps.disguised()).items()}
    for name in ("two.pdf", "page.pdf", "print.html", "ends-0.txt", "halves.txt"):
        assert said[name] == "read", name
    for name, words in {
        "zip.pdf": "zip archive",
        "word.pdf": "Word document",
        "packed.pdf": "packed file",
        "picture.pdf": "picture",
        "postscript.pdf": "PostScript",
        "program.txt": "binary",
    }.items():
        assert words in said[name], (name, said[name])


@pytest.mark.parametrize("name", ["no-mark-le.html", "no-mark-be.html", "thirty-two.html"])
def test_encodings_that_are_not_named_are_known(name):
    document = read_bytes(traps.pages()[name], path=name)
    found = [finding.text for finding in segment_document(document).findings]
    assert found == invented.invent(920).findings


def test_a_page_object_numbered_beyond_counting_is_no_page():
    """Its digits were once tried from each in turn, and then taken for a number."""
    assert find_damage(traps.rings()["numbered-beyond-counting.pdf"], 0)


@pytest.mark.parametrize("number", ["9" * 22, "9" * 400, "9" * 5000, "1" + ",000" * 9, "²", "٣"])
def test_numbers_that_no_table_holds_are_no_counts(number):
    assert parse_count(number) is None
    for text in (f"In 7 of the {number} cases", f"({number}/{number}) of cases", f"{number}%"):
        for _, _, figure, _ in claims(text, "area_for_improvement"):
            assert 0 <= figure.value <= 1
            assert figure.denominator is None or figure.denominator < 10**15


def test_a_share_above_all_is_none():
    found = claims("It went from 1474 to 17 per cent of cases.", "area_for_improvement")
    assert all(figure.value <= 1 for _, _, figure, _ in found)


@pytest.fixture(scope="module")
def caught(tmp_path_factory):
    """All traps and three sound reports through the command, in every format."""
    folder = tmp_path_factory.mktemp("traps")
    invented.write(folder / "in" / "sound", range(3))
    made = {**traps.rings(), **traps.drawn(), **traps.scans(), **traps.disguised()}
    made |= {f"page-{name}": data for name, data in traps.pages().items()}
    made |= {f"text-{name}": data for name, data in traps.plain().items()} | traps.named()
    for name, data in made.items():
        (folder / "in" / name).write_bytes(data)
    command = [sys.executable, "-m", "pipelines.cli", "run", str(folder / "in")]
    ended = subprocess.run(
        [
            *(*command, "--out", str(folder / "out"), "--no-cache", "--timeout", "120", "--csv"),
            *("--formats", "html,md,xlsx,docx"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return ended, len(made), folder / "out"


@pytest.mark.slow
def test_every_trap_costs_itself_only(caught, record_property):
    ended, number, out = caught
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    done = pipelines.open_run(out)
    fate = done.ledger.set_index(c.PATH)
    assert len(fate) == number + 3
    reasons = fate[c.REASON].fillna("")
    blamed = set(fate.index[reasons.str.contains("worker")])
    assert blamed <= BEYOND_MEMORY
    late = set(fate.index[reasons.str.contains("longer than")])
    assert late <= {"scan-bomb.pdf"}  # a hundred million points to recognise letters in
    assert (fate.loc[fate[c.STATUS] == "failed", c.REASON].str.contains("; ")).all()
    for name in range(3):
        path = f"sound/report-{name:04d}.txt"
        sound = done.documents[c.DOCUMENT_ID][done.documents[c.PATH] == path].item()
        mine = done.findings[done.findings[c.DOCUMENT_ID] == sound]
        assert mine[c.TEXT].tolist() == invented.invent(name).findings
    record_property("a trap among sound sources, through the command", number)


@pytest.mark.slow
def test_names_that_are_code_reach_every_format_as_text(caught):
    _, _, out = caught
    page = (out / "report" / "report.html").read_text()
    for code in ("<script>alert", "<img src=x", "\x1b", "\0", "</script><!--"):
        assert code not in page, code
    assert not re.search(r'(?<!\\)"}; alert\(1\)', page)
    plain = (out / "report" / "report.md").read_text()
    assert not re.search(r"(?<!\\)\[x\]\(javascript|(?<!\\)!\[y\]|<script|<img|\x1b", plain)
    book = openpyxl.load_workbook(out / "report" / "report.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    links = [cell.hyperlink.target for cell in cells if cell.hyperlink and cell.hyperlink.target]
    assert all(link.startswith("#") for link in links)
    for path in (out / "tables").glob("*.csv"):
        for name, column in pd.read_csv(path, dtype=str, keep_default_na=False).items():
            assert not [text for text in column if FORMULA.match(text)], (path.name, name)
