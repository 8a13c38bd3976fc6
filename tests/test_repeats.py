"""Units inspected twice, in the report: issues first, then beside now, dated and quoted."""

import io

import docx
import openpyxl
import pytest

from pipelines import aggregate
from pipelines.report import ReportSettings
from pipelines.report.excel.book import render_excel
from pipelines.report.gather import gather
from pipelines.report.markdown import render_markdown
from pipelines.report.page.html import render_html
from pipelines.report.word.document import render_word
from pipelines.tables import frame
from synthetic import make_tables, unit_name

AREA, STRENGTH = "area_for_improvement", "strength"


@pytest.fixture(scope="module")
def tables():
    """Three reports, the first unit inspected twice: known issues of known findings."""
    made = make_tables(3, each=8)
    first, last = (
        made["findings"][made["findings"]["unit"] == unit_name(0)]
        .groupby("document_id", sort=True)["finding_id"]
        .apply(list)
    )
    sides = {first[0]: AREA, first[1]: AREA, first[2]: AREA, first[3]: STRENGTH}
    sides |= {last[0]: AREA, last[1]: STRENGTH, last[2]: AREA, last[3]: AREA}
    findings = made["findings"].copy()
    findings["polarity"] = [
        sides.get(finding, side)
        for finding, side in zip(findings["finding_id"], findings["polarity"], strict=True)
    ]
    stated = [
        (first[0], "home-visits", "sure"),
        (last[0], "home-visits", "sure"),
        (first[1], "vetting-delay", "sure"),  # a strength now
        (last[1], "vetting-delay", "sure"),
        (first[2], "caseload-size", "sure"),
        (last[2], "caseload-size", "likely"),
        (first[3], "staff-consultation", "sure"),  # a strength then
        (last[3], "staff-consultation", "sure"),
    ]
    made["issue_tags"] = frame(
        "issue_tags",
        [
            {
                "finding_id": finding,
                "subject": subject,
                "polarity": sides[finding],
                "probability": 0.9,
                "assigned": True,
                "certainty": certainty,
                "source": "model",
            }
            for finding, subject, certainty in stated
        ],
    )
    made |= {
        "findings": findings,
        "issues": frame("issues"),
        "issue_findings": frame("issue_findings"),
    }
    return {**made, **aggregate.aggregate_tables(made)}


@pytest.fixture(scope="module")
def content(tables):
    return gather(tables, ReportSettings(written="2025-03-31"))


def test_pair_shows_both_findings_and_what_is_not_sure_says_so(tables, content):
    (repeat,) = content.repeats
    visits, loads = repeat.repeated
    assert (visits.issue_id, visits.sure) == (f"home-visits/{AREA}", True)
    assert (loads.issue_id, loads.sure) == (f"caseload-size/{AREA}", False)
    for pair in repeat.repeated:
        (then,), (now,) = pair.then, pair.now
        assert then.published < now.published
        assert then.unit == now.unit == unit_name(0)
    assert [pair.issue_id for pair in repeat.turned] == [f"vetting-delay/{AREA}"]
    assert repeat.turned[0].now[0].polarity == STRENGTH
    assert [pair.issue_id for pair in repeat.worsened] == [f"staff-consultation/{STRENGTH}"]
    assert "vetting-delay" not in " ".join(p.issue_id for p in repeat.gone)


def test_every_form_quotes_and_dates_them(content):
    (repeat,) = content.repeats
    pair = repeat.repeated[0]
    paper = docx.Document(io.BytesIO(render_word(content)))
    book = openpyxl.load_workbook(io.BytesIO(render_excel(content)))
    forms = {
        "html": render_html(content),
        "md": render_markdown(content),
        "docx": "\n".join(p.text for p in paper.paragraphs),
        "xlsx": "\n".join(
            str(cell) for row in book["Repeats"].iter_rows(values_only=True) for cell in row if cell
        ),
    }
    for name, text in forms.items():
        _, _, section = text.partition("Repeated since the last inspection")
        for finding in (pair.then[0], pair.now[0]):
            assert finding.text[:40] in (section or text), name
            assert finding.date in text, name
        assert "Needed improvement then, a strength now" in text, name
    assert "check: not sure" in forms["docx"]


def test_summary_counts_what_surely_came_back(content):
    said = " ".join("".join(part.text for part in s) for s in content.summary)
    assert "1 issue that needed improvement came up again, counting sure findings only" in said
    assert "“Home visits not made when needed”" in said
    assert "1 more perhaps" in said


def test_extract_of_the_later_report_quotes_the_earlier_one(tables):
    made = gather(tables, ReportSettings(since="2025-03"))
    (repeat,) = made.repeats
    inside = {finding.finding_id for finding in made.evidence}
    assert repeat.repeated[0].then[0].finding_id not in inside
    page = render_html(made)
    assert repeat.repeated[0].then[0].text in page
    assert f'href="#{repeat.repeated[0].then[0].anchor}"' not in page
    themed = gather(tables, ReportSettings(issues=(), themes=("staffing-and-workload",)))
    assert {p.issue_id for p in themed.repeats[0].repeated} == {f"caseload-size/{AREA}"}


def test_two_documents_of_one_month_are_not_a_unit_inspected_twice(tables):
    """They may be one inspection given twice, and neither is the later."""
    documents = tables["documents"].assign(published="2023-11")
    made = aggregate.aggregate_tables({**tables, "documents": documents})
    assert made["repeats"].empty
