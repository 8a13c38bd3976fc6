"""Lists of findings in boxes and in tables, and what is said where findings seem to be missing."""

from __future__ import annotations

import random
from io import BytesIO
from textwrap import wrap

import pytest
from reportlab.pdfgen.canvas import Canvas

from pipelines.read.limits import DEFAULT_LIMITS
from pipelines.read.pdf import read_pdf
from pipelines.read.text.reader import read_text
from pipelines.records import BlockKind, Segmentation
from pipelines.segment import segment_document
from tests.layouts.model import prose

FRONT = (
    "<h1>An inspection of probation services in: Testshire PDU</h1>"
    "<p>HM Inspectorate of Probation, May 2024</p>"
    "<h1>1. Organisational arrangements and activity</h1><h2>1.1 Leadership</h2><p>Good</p>"
)
STYLE = (
    "@page{size:A4;margin:2.2cm} body{font:11pt Liberation Sans} h3{margin:4pt}"
    "table{border-collapse:collapse;width:100%} td,th{border:1px solid #333;padding:4pt;"
    "vertical-align:top;text-align:left} .none td,.none th{border:none}"
)
RNG = random.Random(11)
STRENGTHS = [prose(RNG, 1, 2).capitalize() for _ in range(7)]
AREAS = [prose(RNG, 1, 2).capitalize() for _ in range(9)]


def listed(texts: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{text}</li>" for text in texts) + "</ul>"


def one_column(texts: list[str], head: str) -> str:
    rows = "".join(f"<tr><td>{text}</td></tr>" for text in texts)
    return f"<table><tr><th>{head}</th></tr>{rows}</table>"


TABLES = {
    "a column of cells": one_column(STRENGTHS, "Strengths")
    + "<p>&nbsp;</p>"
    + one_column(AREAS, "Areas for improvement"),
    "lists side by side": "<table><tr><th>Strengths</th><th>Areas for improvement</th></tr>"
    f"<tr><td>{listed(STRENGTHS)}</td><td>{listed(AREAS)}</td></tr></table>",
    "heads beside their lists": f"<table><tr><th>Strengths</th><td>{listed(STRENGTHS)}</td></tr>"
    f"<tr><th>Areas for improvement</th><td>{listed(AREAS)}</td></tr></table>",
    "boxes": f'<div style="border:1pt solid #333"><h3>Strengths</h3>{listed(STRENGTHS)}</div>'
    '<p>Some words between.</p><div style="border:1pt solid #333">'
    f"<h3>Areas for improvement</h3>{listed(AREAS)}</div>",
}


def segmented(body: str, *, font: str = "Liberation Sans", size: int = 11) -> Segmentation:
    weasyprint = pytest.importorskip("weasyprint", reason="WeasyPrint draws the lists")
    style = STYLE.replace("11pt Liberation Sans", f"{size}pt {font}")
    end = f"<h2>1.2 Staff</h2><p>Good</p><h3>Strengths</h3>{listed(STRENGTHS[:1])}"
    html = f"<html><style>{style}</style><body>{FRONT}{body}{end}</body></html>"
    data = weasyprint.HTML(string=html).write_pdf()
    return segment_document(read_pdf(data, path="listed.pdf", sha256="0" * 64))


@pytest.mark.parametrize("size", [10, 12, 13])
@pytest.mark.parametrize("font", ["Liberation Sans", "DejaVu Sans", "DejaVu Serif"])
@pytest.mark.parametrize("form", TABLES)
def test_lists_in_frames_are_read_whole(form, font, size):
    """In wider letters a table goes over the page, and its edges recur there."""
    got = segmented(TABLES[form], font=font, size=size)
    found = [(f.text, f.polarity.value) for f in got.findings if f.code == "1.1"]
    wanted = [(" ".join(t.split()), "strength") for t in STRENGTHS]
    wanted += [(" ".join(t.split()), "area_for_improvement") for t in AREAS]
    assert found == wanted
    assert not [w for w in got.warnings if "no findings" in w]


def test_a_frame_of_paragraphs_below_a_lists_heading_is_the_list_and_ends_it():
    cells = "".join(f"<tr><td>{text}</td></tr>" for text in AREAS[:3])
    closing = "<h4>About the visit</h4><p>We came in May and spoke with all who wanted to.</p>"
    got = segmented(f"<h3>Areas for improvement</h3><table>{cells}</table>{closing}")
    found = [f.text for f in got.findings if f.polarity.value == "area_for_improvement"]
    assert found == [" ".join(text.split()) for text in AREAS[:3]]
    assert got.leftovers == ()


def test_a_practice_example_in_a_frame_is_still_none():
    example = f'<div style="border:1pt solid #333"><h3>A new start</h3>{listed(AREAS)}</div>'
    got = segmented(f"<h3>Strengths</h3>{listed(STRENGTHS)}{example}")
    assert len([f for f in got.findings if f.code == "1.1"]) == len(STRENGTHS)


def warnings(text: str) -> tuple[str, ...]:
    document = read_text(text, path="short.txt", sha256="0" * 64, limits=DEFAULT_LIMITS)
    return segment_document(document).warnings


SHORT = """An inspection of probation services in: Testshire PDU
HM Inspectorate of Probation, May 2024

1. Organisational arrangements and activity

1.1 Leadership

Good

{body}

1.2 Staff

Good

Strengths

- Staff were proud of what they did and said so to us.
"""


def test_a_rated_standard_without_findings_is_named():
    said = warnings(SHORT.format(body="The reasons were lost on the way."))
    assert any("1.1 Leadership is rated and has no findings" in w for w in said), said


def test_an_empty_list_is_named():
    body = "Strengths\n\n- Leaders were seen.\n\nAreas for improvement"
    said = warnings(SHORT.format(body=body))
    assert any("empty list of areas for improvement" in w for w in said), said


def test_items_outside_of_lists_are_counted():
    body = "What we saw went well.\n\n- Leaders were seen by all.\n\n- Plans were shared with all."
    said = warnings(SHORT.format(body=body))
    assert any(w.startswith("2 items of 1.1 in no list") for w in said), said


def test_a_larger_o_is_a_bullet_however_near_its_item_stands():
    canvas = Canvas(page := BytesIO())
    items = [
        f"{first} of {prose(RNG, 1, 1)}" for first in ("The plan", "Staff", "27 people", "All")
    ]
    for number, item in enumerate(items):
        canvas.setFont("Helvetica", 13)
        canvas.drawString(54, 700 - 40 * number, "o")
        canvas.setFont("Helvetica", 10)
        for row, line in enumerate(wrap(item, 60)):
            canvas.drawString(62.4, 700 - 40 * number - 12 * row, line)
    canvas.save()
    document = read_pdf(page.getvalue(), path="made.pdf", sha256="0" * 64)
    assert [block.text for block in document.blocks if block.kind == BlockKind.BULLET] == items
