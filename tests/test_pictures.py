"""Findings as they stand on their pages: taken from the file that was read, carried by the page."""

from __future__ import annotations

import base64
import io
import json
import re
from pathlib import Path

import pytest
from PIL import Image

from pipelines.boxes import Box
from pipelines.errors import UnreadableDocument
from pipelines.flow import RunSettings, read_into
from pipelines.flow.pictures import pictured_sources, take_pictures
from pipelines.picture import clippings
from pipelines.report import ReportSettings, write_report
from pipelines.report.page.pictured import choose_pictured
from pipelines.tables import frame
from synthetic import make_tables

SAMPLE = Path(__file__).parents[1] / "corpus" / "sample" / "ravelstow-2025-02.pdf"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("pictures")
    (place / "in").mkdir()
    (place / "in" / SAMPLE.name).write_bytes(SAMPLE.read_bytes())
    return place


@pytest.fixture(scope="module")
def run(folder):
    return read_into(folder / "in", folder / "out", cache=None, jobs=1)


@pytest.fixture(scope="module")
def pictures(run):
    return run.pictures()


def test_every_placed_finding_of_a_small_batch_has_its_picture(run, pictures):
    placed = [row for row in run.findings.itertuples() if len(row.boxes)]
    assert len(placed) > 30
    assert set(pictures) == {row.finding_id for row in placed}
    for row in placed[:5]:
        image = Image.open(io.BytesIO(pictures[row.finding_id]))
        assert image.format == "PNG"
        boxes = [Box.from_text(text) for text in row.boxes]
        width = max(b.x1 for b in boxes) - min(b.x0 for b in boxes)
        assert image.width == pytest.approx((width + 24) * 100 / 72, abs=3)
        dark = sum(image.convert("L").histogram()[:128])
        assert 0.01 < dark / (image.width * image.height) < 0.5  # letters and a frame
    assert sum(map(len, pictures.values())) / len(pictures) < 6000


def test_same_file_gives_the_same_bytes(folder, run, pictures):
    sources = pictured_sources(run.tables, {SAMPLE.name: str(folder / "in" / SAMPLE.name)})
    again = take_pictures(run.tables, sources, RunSettings(cache=None, jobs=1))
    assert again == pictures


def test_changed_or_missing_file_is_not_pictured(tmp_path, run):
    other = tmp_path / SAMPLE.name
    other.write_bytes(SAMPLE.read_bytes() + b"\n%changed")
    settings = RunSettings(cache=None, jobs=1)
    sources = pictured_sources(run.tables, {SAMPLE.name: str(other)})
    assert len(sources) == 1
    assert take_pictures(run.tables, sources, settings) == {}
    assert pictured_sources(run.tables, {SAMPLE.name: str(tmp_path / "gone.pdf")}) == {}
    assert pictured_sources(run.tables, {SAMPLE.name: "s3://bucket/" + SAMPLE.name}) == {}


def test_page_carries_pictures_and_says_how_many(tmp_path, run, pictures):
    some = dict(list(pictures.items())[:7])
    settings = ReportSettings(formats=("html",))
    path = write_report(run.tables, tmp_path, settings=settings, pictures=some)[0]
    page = path.read_text(encoding="utf-8")
    carried = json.loads(re.search(r'id="pictures">(.*?)</script>', page, re.DOTALL)[1])
    assert sorted(map(base64.b64decode, carried.values())) == sorted(some.values())
    assert f"7 findings of {len(run.findings)} can be seen" in page
    without = write_report(run.tables, tmp_path, settings=settings)[0].read_text(encoding="utf-8")
    assert "Pictures of pages" not in without


def test_evidence_is_pictured_before_the_rest():
    tables = make_tables(6, each=30)
    paged = tables["findings"][tables["findings"]["boxes"].map(len) > 0]
    documents = set(paged["document_id"])
    members = tables["issue_findings"]
    evidence = set(members.loc[members["representative"], "finding_id"]) & set(paged["finding_id"])
    assert len(evidence) > 3
    chosen = choose_pictured(tables, documents, most=len(evidence))
    assert {name for own in chosen.values() for name in own} == evidence
    shuffled = {name: data.sample(frac=1, random_state=1) for name, data in tables.items()}
    assert choose_pictured(shuffled, documents, most=40) == choose_pictured(
        tables, documents, most=40
    )
    assert choose_pictured({"findings": frame("findings")}, documents) == {}


def test_boxes_beyond_the_page_or_the_document_do_no_harm():
    data = SAMPLE.read_bytes()
    made = clippings(
        data,
        {
            "far": [Box(1, -50, -50, 5000, 90)],
            "gone": [Box(900, 0, 0, 10, 10)],
            "tall": [Box(page, 60, 60, 500, 780) for page in (6, 7)],
        },
    )
    assert set(made) == {"far", "tall"}
    assert Image.open(io.BytesIO(made["tall"])).height <= 900
    with pytest.raises(UnreadableDocument):
        clippings(b"no PDF", {"x": [Box(1, 0, 0, 10, 10)]})
