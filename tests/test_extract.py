"""An extract is counted over what it is about; the rest of the batch is only compared with."""

import re
from dataclasses import replace

import openpyxl
import pytest

from pipelines import aggregate
from pipelines.errors import SettingsError
from pipelines.intervals import newcombe, wilson
from pipelines.report import ReportSettings, write_report
from pipelines.report.advice import gather_advice
from pipelines.report.contrast import Contrast, stand_out
from pipelines.report.gather import gather
from pipelines.report.markdown import render_markdown
from pipelines.report.sections import framework_name
from pipelines.report.summary import summarise
from synthetic import make_tables

AREA, STRENGTH = "area_for_improvement", "strength"


@pytest.fixture(scope="module")
def tables():
    return make_tables(9, each=21)


@pytest.fixture(scope="module")
def region(tables):
    return tables["documents"].loc[1, "region"]


@pytest.fixture(scope="module")
def regional(tables, region):
    return gather(tables, ReportSettings(regions=(region,), title="North West"))


def of_region(tables, region):
    """The tables of a batch that holds only the region's reports."""
    documents = tables["documents"]
    inside = documents.loc[documents["region"] == region, "document_id"]
    findings = tables["findings"][tables["findings"]["document_id"].isin(inside)]
    kept = {**tables, "findings": findings}
    for name in ("documents", "standards", "recommendations"):
        kept[name] = tables[name][tables[name]["document_id"].isin(inside)]
    for name in ("tags", "issue_findings"):
        kept[name] = tables[name][tables[name]["finding_id"].isin(findings["finding_id"])]
    return {**kept, **aggregate.aggregate_tables(kept)}


def said(content):
    return " ".join("".join(part.text for part in s) for s in content.summary)


def test_every_number_of_an_extract_is_the_extracts(tables, region, regional):
    own = of_region(tables, region)
    rows = own["recurrence"].set_index(["theme", "polarity"])
    for theme in regional.themes:
        for polarity, count in ((AREA, theme.areas), (STRENGTH, theme.strengths)):
            row = rows.loc[(theme.slug, polarity)]
            assert (count.units_with, count.units, count.findings) == (
                row["units_with"],
                row["units"],
                row["findings"],
            )
    assert f"{len(own['documents'])} reports on " in said(regional)
    assert f"{len(own['findings'])} findings" in said(regional)
    points = {(p.theme, p.polarity, p.framework, p.period): p.count for p in regional.trend}
    for row in own["trend"].itertuples():
        count = points[row.theme, row.polarity, framework_name(row.framework), row.period]
        assert (count.units_with, count.units) == (row.units_with, row.units)
    assert dict(regional.provenance.facts)["Findings"] == f"{len(own['findings'])}"


def test_issues_are_counted_over_the_extract(tables, region, regional):
    units = tables["documents"].query("region == @region")["unit"].nunique()
    members = tables["issue_findings"].merge(tables["findings"], on="finding_id")
    members = members[members["region"] == region]
    assert {i.issue_id for i in regional.issues} == set(members["issue_id"])
    for issue in regional.issues:
        own = members[members["issue_id"] == issue.issue_id]
        assert (issue.count.units_with, issue.count.units) == (own["unit"].nunique(), units)
        assert issue.count.findings == len(own)
        assert (issue.count.low, issue.count.high) == pytest.approx(
            wilson(issue.count.units_with, units)
        )


def test_summary_bars_trend_and_themes_of_an_extract_name_no_other_number(
    tables, region, regional, tmp_path
):
    whole = tables["documents"]["unit"].nunique()
    text = render_markdown(regional)
    head, _, tail = text.partition("## Against the rest of the batch")
    counted = head + tail.partition("## What was read")[2]
    assert f"of {whole} " not in counted
    assert "North West" in text.splitlines()[0]
    others = set(tables["documents"].query("region != @region")["unit"])
    assert not [unit for unit in others if unit in counted]


def test_rest_is_named_and_compared_with_newcombes_interval(tables, region, regional):
    rest = tables["documents"].query("region != @region")
    assert f"{len(rest)} reports on {rest['unit'].nunique()} units" in regional.rest
    assert regional.contrasts
    for one in regional.contrasts:
        low, high = newcombe(one.here, one.of, one.other, one.other_of)
        assert (one.low, one.high) == pytest.approx((low, high))
    findings = tables["findings"].merge(tables["tags"].query("assigned"), on="finding_id")
    one = next(o for o in regional.contrasts if o.kind == "theme")
    there = findings[(findings["theme"] == one.subject) & (findings["polarity"] == one.polarity)]
    assert one.here == (there["region"] == region).sum()
    assert one.other == (there["region"] != region).sum()
    of = tables["findings"].query("polarity == @one.polarity")
    assert one.of == (of["region"] == region).sum()


def test_a_title_says_that_choices_hold_together(tables):
    """Reports of a region and since a date are those that are both, and not of either."""
    first, other = sorted(tables["documents"]["region"].unique())[:2]
    head = "Themes in probation inspection reports: "

    def title(**chosen):
        return gather(tables, ReportSettings(**chosen)).title.removeprefix(head)

    both = {"regions": (first, other), "since": "2022"}
    assert title(**both) == f"{first} and {other}, since 2022"
    assert (
        title(**both, themes=("unpaid-work",)) == f"Unpaid work in {first} and {other}, since 2022"
    )
    assert title(themes=("unpaid-work", "outcomes")) == "Unpaid work and Outcomes"
    assert title(since="2022-06") == "reports since June 2022"


def test_ties_never_stand_out_and_the_clearest_comes_first(regional):
    for more in (True, False):
        found = stand_out(regional.contrasts, more=more, most=50)
        assert all(o.low > 0 if more else o.high < 0 for o in found)
        keeps = [o.beyond_chance for o in found]
        assert keeps == sorted(keeps, reverse=True)


def test_one_unit_of_few_does_not_differ_beyond_chance():
    """Found in it and in one of eight others: two of nine units have it, and it is one."""

    def shown(*sizes):
        low, high = newcombe(*sizes)
        return Contrast("issue", "x", "x", AREA, *sizes, 0.9, low, high, 1).beyond_chance

    assert newcombe(1, 1, 1, 8)[0] > 0
    assert not shown(1, 1, 1, 8)
    assert not shown(2, 3, 0, 6)
    assert shown(3, 3, 1, 6)
    assert shown(12, 30, 3, 60)
    # Few that have it are few, of however many.
    assert newcombe(2, 31, 3, 289)[0] > 0
    assert not shown(2, 31, 3, 289)
    assert shown(5, 31, 3, 289)


def test_evidence_on_another_matter_is_not_said_to_be_none(tables):
    """An extract on a theme leaves out what a recommendation was matched with on others."""
    evidence = gather(tables, ReportSettings()).evidence
    part = {**tables, "links": tables["links"].iloc[:0]}  # as of a theme that no finding behind has
    asked = tables["recommendations"].set_index("recommendation_id")
    found = asked.loc[tables["links"]["recommendation_id"].unique()]
    matched = set(zip(found["document_id"], found["number"], strict=True))
    assert matched
    for one in gather_advice(part, {}, evidence, tables):
        none = "What was matched to it is on another matter."
        bare = "No finding was matched to it."
        assert one.unmatched == (none if (one.document_id, one.number) in matched else bare)
    content = gather(tables, ReportSettings())
    told = summarise(replace(content, advice=gather_advice(part, {}, evidence, tables)))
    number = len(asked) - len(matched)
    said = "".join(p.text for p in told[-1])
    assert (f"for {number} no finding was matched" in said) == bool(number)


def test_theme_keeps_all_units_as_denominator(tables):
    made = gather(tables, ReportSettings(themes=("unpaid-work",)))
    assert [theme.slug for theme in made.themes] == ["unpaid-work"]
    assert made.evidence
    assert all("unpaid-work" in {tag.theme for tag in f.tags} for f in made.evidence)
    whole = gather(tables, ReportSettings())
    kept = next(theme for theme in whole.themes if theme.slug == "unpaid-work")
    assert made.themes[0].areas == kept.areas
    assert "9 reports of the batch were looked through" in made.scope
    assert sum(s.strengths + s.areas for s in made.sources) == len(made.evidence)
    assert not made.rest


def test_units_of_another_kind_are_counted_by_name_and_not_compared_with(tables):
    documents = tables["documents"].copy()
    documents.loc[1, "unit_type"] = "youth"
    kinds = {**tables, "documents": documents}
    whole = said(gather(kinds, ReportSettings()))
    assert "units are 7 probation delivery units and 1 youth justice service; every" in whole
    assert "youth" not in said(gather(tables, ReportSettings()))
    alone = gather(kinds, ReportSettings(units=(documents.loc[1, "unit"],)))
    assert not alone.contrasts
    assert "8 reports are on units of other kinds and are not compared" in alone.scope
    assert "only compared with" not in alone.scope
    other = gather(kinds, ReportSettings(units=(documents.loc[2, "unit"],)))
    assert "7 reports on 6 units" in other.rest
    assert "1 report is on a unit of another kind and is not compared" in other.scope


def test_units_of_no_known_region_are_counted(tables):
    documents = tables["documents"].copy()
    documents.loc[1:3, "region"] = None
    told = said(gather({**tables, "documents": documents}, ReportSettings()))
    assert re.search(r"on 8 units in \d regions? \(3 of no known region\)", told)


def test_unit_keeps_only_its_own(tables):
    unit = tables["documents"].loc[1, "unit"]
    made = gather(tables, ReportSettings(units=(unit.upper(),)))
    assert {finding.unit for finding in made.evidence} == {unit}
    assert [section.name for section in made.units] == [unit]
    assert {advice.unit for advice in made.advice} == {unit}
    assert all(theme.areas.units == 1 for theme in made.themes)
    assert f"{made.themes[0].areas.units_with} of 1" in render_markdown(made)


def test_date_leaves_earlier_reports_to_the_rest(tables):
    made = gather(tables, ReportSettings(since="2024-01"))
    dates = tables["documents"]["published"]
    assert len([s for s in made.sources if s.status == "read"]) == (dates >= "2024-01").sum()
    assert min(f.published for f in made.evidence) >= "2024-01"
    bare = {name: data.copy() for name, data in tables.items()}
    bare["documents"].loc[0, "published"] = None
    assert "1 report without a date" in gather(bare, ReportSettings(since="2024-01")).scope


def test_issue_holds_both_poles_and_what_was_not_chosen_is_not_none(tables):
    issues = tables["issues"]
    both = issues.groupby("subject")["polarity"].nunique()
    subject = both[both == 2].index[0]
    made = gather(tables, ReportSettings(issues=(subject,)))
    assert {i.issue_id for i in made.issues} == set(issues.query("subject == @subject")["issue_id"])
    assert all(set(f.issues) & {i.issue_id for i in made.issues} for f in made.evidence)
    one = gather(tables, ReportSettings(issues=(f"{subject}/{AREA}",)))
    assert one.sides == (AREA,)
    assert all(f.polarity == AREA for f in one.evidence)
    text = render_markdown(one)
    assert "not chosen" in text
    assert "a strength in 0 of" not in text
    assert "0 strengths" not in said(one)


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"units": ("Nowhere",)}, "Birch Cross"),
        ({"regions": ("Nowhere",)}, "Eastvale"),
        ({"issues": ("unpaid-wrok",)}, "unpaid-work"),
        ({"since": "2099"}, "no report is left"),
    ],
)
def test_what_is_not_in_the_batch_is_said_with_what_is(tables, asked, named):
    with pytest.raises(SettingsError, match=named):
        gather(tables, ReportSettings(**asked))


def test_wrong_date_is_named():
    with pytest.raises(SettingsError, match="last spring"):
        ReportSettings(since="last spring")


def test_extract_has_its_own_file_and_sheet(tables, region, tmp_path):
    settings = ReportSettings(formats=("html", "xlsx", "docx"), regions=(region,), since="2022-06")
    page, book, paper = write_report(tables, tmp_path, settings=settings)
    assert page.name == f"report-{region.lower()}-since-2022-06.html"
    assert paper.stat().st_size > 1000
    sheet = openpyxl.load_workbook(book)["Against the rest"]
    assert [cell.value for cell in sheet[1]][:4] == [
        "Kind",
        "Theme or issue",
        "Polarity",
        "Counted",
    ]
    assert sheet.max_row > 10
    text = page.read_text(encoding="utf-8")
    ids = set(re.findall(r' id="([^"]+)"', text))
    for address in set(re.findall(r'href="#([^"]*)"', text)):
        assert address.partition("?")[0] in ids, address
