"""A brief says what stands out, in the inspectors' words, and never more than is known."""

import io
import re

import docx
import pytest

from pipelines.errors import MissingExtra, SettingsError
from pipelines.report import ReportSettings
from pipelines.report.brief import gather_brief, plain
from pipelines.report.brief_forms import render_brief, write_brief
from pipelines.report.contrast import Contrast
from pipelines.report.gather import gather
from synthetic import make_tables

AREA = "area_for_improvement"


@pytest.fixture(scope="module")
def tables():
    return make_tables(9, each=21)


@pytest.fixture(scope="module")
def region(tables):
    return tables["documents"].loc[0, "region"]  # of a unit inspected twice


@pytest.fixture(scope="module")
def brief(tables, region):
    return gather_brief(tables, ReportSettings(regions=(region,), written="2025-03-31"))


def test_page_has_the_sections_in_order_and_nothing_that_acts(brief):
    page = render_brief(brief)
    heads = re.findall(r"<h2>(.*?)</h2>", page)
    assert heads[0] == "What stands out against the rest"
    assert heads[-1] == "What is uncertain"
    assert "Since the last inspection" in heads
    assert "What was recommended" in heads
    assert "<script" not in page
    assert len(re.sub(r"<[^>]+>", " ", page).split()) < 1_000


def test_quotations_are_of_latest_inspections_and_of_sure_issues(tables, region, brief):
    own = tables["documents"].query("region == @region").sort_values("published")
    latest = set(own.drop_duplicates("unit", keep="last")["document_id"])
    findings = tables["findings"]
    sure = {
        i.label for i in gather(tables, ReportSettings(regions=(region,))).issues if i.count.certain
    }
    assert brief.issues
    for quoted in (*brief.issues, *brief.strengths):
        text = quoted.quote.rstrip("…")
        from_documents = set(findings.loc[findings["text"].str.startswith(text), "document_id"])
        assert from_documents & latest
        assert quoted.name.lower() in {label.lower() for label in sure}
    assert len({quoted.quote for quoted in brief.issues}) == len(brief.issues) <= 3


def test_what_is_uncertain_is_counted(tables, region, brief):
    findings = tables["findings"].query("region == @region")
    tags = tables["tags"].query("review")
    doubtful = findings["finding_id"].isin(tags["finding_id"]).sum()
    assert f"{doubtful} of {len(findings)} findings" in brief.uncertain[0]
    assert any("few" in text for text in brief.uncertain)


def test_contrast_reads_as_plain_english():
    one = Contrast(
        "issue", f"x/{AREA}", "home visits not made", AREA, 3, 3, 2, 9, 0.78, 0.2, 0.95, 4
    )
    assert plain(one) == (
        "Home visits not made (area for improvement): found in 3 of 3 units here and in 2 of 9 "
        "other units; the true gap is likely to be between 20 and 95 percentage points."
    )


def test_no_tie_stands_out(tables):
    for name in tables["documents"]["unit"].unique():
        made = gather_brief(tables, ReportSettings(units=(name,)))
        for point in made.sections[0][2]:
            share = re.search(r"in (\d+|none) of (\d+) other units?", point)
            assert not share or share[1] != share[2]


def test_theme_says_where_it_is_found(tables):
    made = gather_brief(tables, ReportSettings(themes=("risk-of-harm",)))
    assert made.sections[0][0] == "Where it is found most"
    assert made.title == "Risk of harm: what inspectors found"
    assert "are about this" in made.basis


def test_brief_of_everything_is_refused(tables):
    with pytest.raises(SettingsError, match="--region"):
        gather_brief(tables, ReportSettings())


def test_forms_and_their_names(tables, region, tmp_path):
    settings = ReportSettings(regions=(region,), written="2025-03-31")
    page, paper = write_brief(tables, tmp_path, settings=settings, formats=("html", "docx"))
    assert (page.name, paper.name) == (
        f"brief-{region.lower()}.html",
        f"brief-{region.lower()}.docx",
    )
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(paper.read_bytes())).paragraphs)
    assert "What is uncertain" in text
    with pytest.raises(SettingsError, match="xlsx"):
        write_brief(tables, tmp_path, settings=settings, formats=("xlsx",))


def test_pdf_has_one_or_two_pages(tables, region, tmp_path):
    pytest.importorskip("weasyprint", reason="WeasyPrint cannot draw here")
    import pypdfium2

    settings = ReportSettings(regions=(region,))
    (path,) = write_brief(tables, tmp_path, settings=settings, formats=("pdf",))
    with pypdfium2.PdfDocument(path) as drawn:
        assert 1 <= len(drawn) <= 2


def test_pdf_without_its_extra_says_which(tables, region, tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(MissingExtra, match="pdf"):
        write_brief(tables, tmp_path, settings=ReportSettings(regions=(region,)), formats=("pdf",))
