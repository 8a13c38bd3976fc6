"""A brief says what stands out, in the inspectors' words, and never more than is known."""

import io
import re
from dataclasses import replace

import docx
import pandas as pd
import pytest

from pipelines.errors import MissingExtra, SettingsError
from pipelines.report import ReportSettings
from pipelines.report.brief.contents import gather_brief, plain
from pipelines.report.brief.forms import render_brief, write_brief
from pipelines.report.brief.quotes import quote_issues, turned_since
from pipelines.report.contrast import Contrast
from pipelines.report.english import opening
from pipelines.report.gather import gather
from pipelines.report.repeats import Pair, Repeat
from pipelines.report.where import inspections_of, said_where, where_found
from pipelines.tables import frame
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


def test_a_small_gap_is_not_said_to_be_none():
    one = Contrast("theme", "outcomes", "outcomes", AREA, 7, 54, 0, 31, 0.13, 0.003, 0.245, 7)
    assert "between 0.3 and 24 percentage points" in plain(one)
    assert one.reach == "+0.3 to +24 points"
    less = Contrast("theme", "outcomes", "outcomes", AREA, 7, 54, 0, 31, 0.13, -0.17, -0.003, 7)
    assert less.reach == "\u221217 to \u22120.3 points"  # no hyphens, behind which lines break


def test_what_has_turned_since_is_said_wherever_the_issue_is_named(tables, region):
    content = gather(tables, ReportSettings(regions=(region,)))
    issue = next(i for i in content.issues if i.polarity == AREA and i.count.certain)
    unit = content.units[0].name
    then = issue.evidence[:1]
    pair = Pair(issue.issue_id, issue.label, "risk-of-harm", "Risk of harm", True, then, ())
    turned = Repeat(unit, region, "May 2023", "May 2024", False, turned=(pair,))
    changed = replace(content, repeats=(turned,))
    assert turned_since(changed, issue.issue_id) == f"; since then a strength in {unit}"
    assert not turned_since(replace(content, repeats=()), issue.issue_id)
    (quoted,) = (
        q for q in quote_issues(changed, AREA, 99) if q.name.lower() == issue.label.lower()
    )
    assert quoted.reach.endswith(f"since then a strength in {unit}")
    one = Contrast("issue", issue.issue_id, issue.label, AREA, 3, 3, 1, 6, 0.8, 0.2, 0.9, 3)
    told = plain(one, turned_since(changed, one.subject))
    assert f"other units; since then a strength in {unit}; the true gap" in told
    outside = next(f for f in gather(tables, ReportSettings()).evidence if f.region != region)
    elsewhere = replace(pair, then=(outside,))
    before = replace(changed, repeats=(replace(turned, turned=(elsewhere,)),))
    assert not turned_since(before, issue.issue_id)  # the count is not of that inspection


def test_issues_are_said_to_be_found_where_and_since_when(tables, brief):
    """The units of the count, by name, with the months of the inspections that found it."""
    content = gather(tables, ReportSettings(regions=(tables["documents"].loc[0, "region"],)))
    inspections = inspections_of(content)
    assert brief.issues
    for quoted in brief.issues:
        issue = next(i for i in content.issues if opening(i.label) == quoted.name)
        found = where_found(issue, content, inspections)
        assert len(found) == issue.count.units_with
        members = tables["issue_findings"].query("issue_id == @issue.issue_id")
        own = tables["findings"].merge(members[["finding_id"]], on="finding_id")
        own = own[own["document_id"].isin(inspections)]
        assert issue.dates == (own["published"].min(), own["published"].max())
        assert {unit: len(dates) for unit, dates in found} == dict(
            own.groupby("unit")["document_id"].nunique()
        )
        assert quoted.where == said_where(issue.found, found, 6)
        assert quoted.where in render_brief(brief)


def test_places_are_named_from_the_latest_and_the_rest_counted():
    both = ("May 2023", "June 2025")
    found = (("Ayle", both), ("Bree", ("May 2024",)), ("Cray", ()))
    assert said_where("May 2023 to June 2025", found, 2) == (
        "May 2023 to June 2025, latest first: Ayle (May 2023 and June 2025), Bree (May 2024) "
        "and 1 other unit"
    )
    assert said_where("May 2023", (("Ayle", ("May 2023",)),), 6) == "May 2023: Ayle (May 2023)"
    one_day = tuple((name, ("May 2023",)) for name in ("Ayle", "Bree"))
    assert said_where("May 2023", one_day, 6) == "May 2023: Ayle (May 2023) and Bree (May 2023)"


def test_a_brief_of_one_unit_says_that_it_says_nothing_of_others(tables):
    name = tables["documents"].loc[0, "unit"]
    made = gather_brief(tables, ReportSettings(units=(name,)))
    assert "This is one unit: what was found in it says nothing of others." in made.uncertain


def test_recommendations_of_the_same_words_are_given_once(tables):
    asked = tables["recommendations"].assign(text="Hold a weekly review of every case.")
    made = gather_brief(
        {**tables, "recommendations": asked},
        ReportSettings(regions=(tables["documents"].loc[0, "region"],)),
    )
    (said,), points = made.sections[-1][1:]
    assert len(points) == 1
    assert said.endswith("; 1 of them is given above.")


def test_a_unit_that_was_told_the_same_as_another_costs_no_others_their_place(tables):
    last = tables["documents"]["document_id"].iloc[-1]
    asked = tables["recommendations"]
    own = asked.loc[asked["document_id"] == last].iloc[:1]
    more = [own.assign(recommendation_id=f"{last}/more{n}", number=20 + n) for n in range(2)]
    other = own.assign(
        recommendation_id="other/r1", document_id=tables["documents"]["document_id"].iloc[-2]
    )
    texts = ["Meet weekly.", "Hire two officers.", "Mend the lift.", "Meet weekly."]
    rows = pd.concat([own, *more, other], ignore_index=True).assign(text=texts)
    made = gather_brief({**tables, "recommendations": rows}, ReportSettings(since="2000"))
    (said,), points = made.sections[-1][1:]
    assert len(points) == 3
    assert said.endswith("; 3 of them are given above.")


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


def test_a_region_that_is_the_whole_batch_is_not_told_as_a_theme(tables):
    own = {name: data.copy() for name, data in tables.items()}
    for name in ("documents", "findings"):
        own[name]["region"] = "Eastvale"
    made = gather_brief(own, ReportSettings(regions=("Eastvale",)))
    assert "about this" not in made.basis
    assert "rated" in made.basis
    head, said, points = made.sections[0]
    assert (head, points) == ("What stands out", ())
    assert said[0].startswith("No other report was read on units of the same kind")
    assert "It is" not in said[0]
    assert "Most areas for improvement concern" in said[0]


def test_advice_on_a_theme_is_about_it_before_what_its_findings_stand_behind(tables):
    own = dict(tables)
    last = tables["documents"].sort_values("published")["document_id"].iloc[-1]
    oversight = tables["recommendations"]["recommendation_id"] == f"{last}/r1"
    given = {"probability": 0.9, "assigned": True, "certainty": "sure", "source": "model"}
    own["recommendation_tags"] = frame(
        "recommendation_tags",
        [
            {"recommendation_id": key, "theme": theme, "review": False, **given}
            for kind, theme in ((oversight, "management-oversight"), (~oversight, "outcomes"))
            for key in tables["recommendations"].loc[kind, "recommendation_id"]
        ],
    )
    about = tables["tags"].query("theme == 'management-oversight' and assigned")["finding_id"]
    own["links"] = frame(
        "links",
        [
            {"recommendation_id": key, "finding_id": finding, "score": 0.7}
            for key in tables["recommendations"]["recommendation_id"]
            for finding in about
            if finding.startswith(key.partition("/")[0])
        ],
    )
    made = gather_brief(own, ReportSettings(themes=("management-oversight",)))
    (advised,) = (points for head, _, points in made.sections if head == "What was recommended")
    assert len(advised) == 1
    assert "management oversight" in advised[0]


def test_each_quotation_is_of_another_unit_where_it_can_be(tables, region):
    quoted = quote_issues(gather(tables, ReportSettings(regions=(region,))), AREA, 3)
    assert len({one.source.partition(",")[0] for one in quoted}) == 3


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
