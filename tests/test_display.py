"""Objects in a notebook: shown whole, escaped, and the same for every reader."""

import inspect

import pandas as pd
import pytest

from pipelines.columns import TABLES
from pipelines.flow.outcome import Run
from pipelines.records import (
    Block,
    BlockKind,
    Document,
    Facts,
    Finding,
    Polarity,
    Rating,
    Segmentation,
    StandardRating,
)
from pipelines.tables import frame
from synthetic import make_tables

HOSTILE = '<script>alert("x")</script>'


@pytest.fixture
def finding():
    return Finding(
        "a/001",
        "a",
        1,
        Polarity.STRENGTH,
        f"Sound work {HOSTILE}",
        code="1.1",
        standard="Leadership",
        unit="Alder Bridge",
        quotes=("They listen.",),
        page=7,
    )


def test_finding_shows_text_place_and_quotes(finding):
    shown = finding._repr_html_()
    for part in ("Sound work", "Alder Bridge", "1.1", "Leadership", "page 7", "They listen."):
        assert part in shown
    assert "Strength" in shown
    assert "<script" not in shown


def test_document_shows_its_beginning_and_counts():
    blocks = tuple(
        Block(BlockKind.HEADING if i % 5 == 0 else BlockKind.BULLET, f"Line {i} {HOSTILE}", 0, 0)
        for i in range(30)
    )
    shown = Document("a.pdf", "pdf", "0", "", blocks, pages=3, reader="pdfium")._repr_html_()
    assert "6 heading" in shown
    assert "24 bullet" in shown
    assert "Line 0" in shown
    assert "and 18 more" in shown
    assert "<script" not in shown


def test_segmentation_shows_facts_ratings_and_findings(finding):
    shown = Segmentation(
        "a",
        Facts(unit="Alder Bridge", overall_rating=Rating.GOOD),
        findings=(finding,) * 15,
        ratings=(StandardRating("1.1", "Leadership", Rating.GOOD),),
        warnings=(HOSTILE,),
    )._repr_html_()
    assert shown.count("Sound work") == 12
    assert "and 3 more findings" in shown
    assert "1.1 Leadership" in shown
    assert "<script" not in shown


def test_run_shows_its_tables():
    names = ("ledger", "findings", "leftovers")
    shown = Run({name: frame(name) for name in names})._repr_html_()
    for name in names:
        assert f">{name}<" in shown


def test_a_tables_attribute_says_its_columns_and_gives_the_table():
    for name, table in TABLES.items():
        said = inspect.getdoc(getattr(Run, name))
        assert all(f"{column.name} (" in said for column in table.columns)
    run = Run({"findings": frame("findings")})
    assert run.findings is run.tables["findings"]
    with pytest.raises(AttributeError, match="no table 'tags'"):
        run.tags  # noqa: B018


def test_typed_tables_have_dates_and_categories():
    rows = [{"document_id": str(n), "published": when} for n, when in enumerate(("2024-03", None))]
    documents = Run({"documents": frame("documents", rows)}).typed("documents")
    assert documents["published"].tolist() == [pd.Timestamp(2024, 3, 1), pd.NaT]
    assert documents["region"].dtype == "category"


def test_a_notebook_shows_the_report_in_a_frame_that_cannot_reach_it(tmp_path):
    run = Run(make_tables(2, each=4))
    page = run.page(title="Two units <b>", formats=("html", "md"))  # a page is HTML in any case
    shown = page._repr_html_()
    assert shown.startswith("<iframe srcdoc=")
    assert "allow-same-origin" not in shown
    assert shown.count("<") == 2
    assert page.save(tmp_path / "page.html").read_text(encoding="utf-8") == page.html
