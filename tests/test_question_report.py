"""Key questions in the report: dots and tables of units, with bases, themes and issues."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from docx import Document
from openpyxl import load_workbook
from selectolax.lexbor import LexborHTMLParser

from pipelines.aggregate import aggregate_tables
from pipelines.codebook import load_codebook
from pipelines.report import ReportSettings, write_report
from pipelines.report.evidence import gather_evidence
from pipelines.report.page.questions import spread, telling
from pipelines.report.questions import gather_questions
from pipelines.tables import frame
from tests.test_questions import OTHER_WORDS, SAFE, batch

ABUSE = "domestic-abuse-checks"
AREA = "area_for_improvement"


@pytest.fixture(scope="module")
def counted():
    tables = batch(
        ("Kirk", "2024-01", "pdu-2023", 20.0, SAFE),
        ("Moss", "2023-11", "pdu-2023", 90.0, SAFE),  # inspected again since
        ("Moss", "2025-01", "pdu-2023", 30.0, OTHER_WORDS),
        ("Tarn", "2024-03", "pdu-2023", 70.0, SAFE),
        ("Fell & <Co>", "2024-05", "pdu-2023", 60.0, SAFE),
        ("Wold", "2022-06", "pdu-2021", 99.0, SAFE),  # nobody to compare with
        about=[("d0", ABUSE, AREA), ("d2", ABUSE, AREA), ("d3", ABUSE, "strength")],
    )
    issue = {"issue_id": "checks/area", "theme": ABUSE, "polarity": AREA, "terms": []}
    issue |= {"label": "checks come late", "units": 2, "units_inspected": 5}
    issue |= {"findings": 2, "units_sure": 2}
    tables["issues"] = frame("issues", [issue])
    member = {"issue_id": "checks/area", "representative": True, "similarity": 1.0}
    tables["issue_findings"] = frame(
        "issue_findings", [{**member, "finding_id": name} for name in ("d0/001", "d2/001")]
    )
    exact = {"document_id": "d3", "code": "2.1", "question": SAFE, "dimension": "safety"}
    exact |= {"percent": 70.4, "numerator": 19, "base": 27, "sheet": "Data", "cell": "C2"}
    tables["workbook_results"] = frame("workbook_results", [exact])
    return {**tables, **aggregate_tables(tables)}


def test_a_question_has_the_latest_answer_of_each_unit_with_its_base(counted):
    evidence = gather_evidence(counted, load_codebook())
    (question,) = gather_questions(counted, {ABUSE: "Domestic abuse checks"}, evidence)
    assert [(a.unit, a.percent, a.base, a.exact) for a in question.compared] == [
        ("Kirk", 20.0, 40, False),
        ("Moss", 30.0, 40, False),
        ("Fell & <Co>", 60.0, 40, False),
        ("Tarn", 70.4, 27, True),
    ]
    assert (question.middle, question.bases) == (45.0, "27 to 40")
    assert len(question.answers) == 5
    assert (ABUSE, "Domestic abuse checks") in question.themes
    kirk = question.compared[0]
    assert (kirk.areas, kirk.strengths, kirk.issues) == (1, 0, ("checks come late",))
    assert (kirk.median, kirk.apart) == (60.0, -40.0)


def test_a_finding_on_two_themes_of_a_question_counts_once(counted):
    """It stood under each of them, and the sum was shown as a number of findings."""
    evidence = gather_evidence(counted, load_codebook())
    (question,) = gather_questions(counted, {}, evidence)
    other = next(slug for slug, _ in question.themes if slug != ABUSE)
    more = frame(
        "tags",
        [{"finding_id": "d0/001", "theme": other, "assigned": True, "probability": 1.0}],
    )
    tables = {**counted, "tags": pd.concat([counted["tags"], more], ignore_index=True)}
    tables |= aggregate_tables(tables)
    (question,) = gather_questions(tables, {}, gather_evidence(tables, load_codebook()))
    assert (question.compared[0].areas, question.compared[0].strengths) == (1, 0)


def test_contrasts_of_one_unit_alone_are_not_put_forward(counted):
    evidence = gather_evidence(counted, load_codebook())
    (question,) = gather_questions(counted, {}, evidence)
    shown = {(one.kind, one.anchor, one.polarity) for _, one in telling([question], 9)}
    assert ("issue", "checks/area", AREA) in shown
    assert ("theme", ABUSE, AREA) in shown
    assert ("theme", ABUSE, "strength") not in shown  # Tarn alone


def test_of_many_units_the_lowest_and_the_highest_stay():
    assert spread(range(100), 5) == [0, 25, 50, 74, 99]
    assert spread(range(3), 5) == [0, 1, 2]


@pytest.fixture(scope="module")
def written(counted, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    formats = ("html", "md", "xlsx", "docx")
    return {
        path.suffix[1:]: path.read_bytes()
        for path in write_report(counted, folder, settings=ReportSettings(formats=formats))
        if path.stem == "report"
    }


def test_the_page_shows_dots_and_the_same_as_a_table(written):
    page = LexborHTMLParser(written["html"].decode()).css_first(
        "section[aria-labelledby=questions]"
    )
    dots = {dot.attributes["data-document"]: dot.attributes["style"] for dot in page.css(".dots i")}
    assert dots == {"d0": "--v:20.0", "d2": "--v:30.0", "d4": "--v:60.0", "d3": "--v:70.4"}
    assert page.css_first(".dots").attributes["aria-hidden"] == "true"
    assert page.css_first(".dots b").attributes["style"] == "--v:45.0"
    rows = {
        row.css_first("th").text(): [cell.text() for cell in row.css("td")]
        for row in page.css(".answered tbody tr")
    }
    assert list(rows) == ["Kirk", "Moss", "Fell & <Co>", "Tarn"]
    assert rows["Tarn"][1:3] == ["70%", "27 exactly"]
    assert rows["Kirk"] == [
        *("January 2024", "20%", "40", "10% to 35%", "-40 on 60%", "1", "0"),
        "Checks come late",
    ]
    assert "Wold" not in page.text()


def test_word_markdown_and_workbook_say_it_too(written):
    line = SAFE + " | 4 | 27 to 40 | 20 | 45 | 70 |"
    assert line in written["md"].decode()
    paper = Document(io.BytesIO(written["docx"]))
    cells = [[cell.text for cell in row.cells] for table in paper.tables for row in table.rows]
    assert ["2.1", SAFE, "4", "27 to 40", "20%", "45%", "70%"] in cells
    book = load_workbook(io.BytesIO(written["xlsx"]))
    rows = list(book["Key questions"].values)
    told = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert [(row["Unit"], row["Latest"]) for row in told].count(("Moss", "no")) == 1
    tarn = next(row for row in told if row["Unit"] == "Tarn")
    assert (tarn["Cases"], tarn["Cases from"], tarn["Sufficient, %"]) == (27, "workbook", 70.4)
    assert "checks come late" in {row[4] for row in book["Questions x themes"].values}


@pytest.mark.browser
def test_the_dots_and_tables_of_key_questions_follow_the_filter(browser, written, tmp_path):
    (tmp_path / "report.html").write_bytes(written["html"])
    page = browser.new_page()
    page.goto((tmp_path / "report.html").as_uri() + "#questions?unit=Kirk")
    section = page.locator("section[aria-labelledby=questions]")
    section.locator("summary").first.click()
    seen = section.locator(".dots i:visible")
    assert seen.count() == 1
    assert seen.get_attribute("data-document") == "d0"
    assert section.locator(".answered tbody tr:visible th").all_inner_texts() == ["Kirk"]
    page.locator("#clear").click()
    assert section.locator(".dots i:visible").count() == 4
    assert section.locator(".answered tbody tr:visible").count() == 4
    # Wold is compared with nobody, so it is in no table of this section.
    page.goto((tmp_path / "report.html").as_uri() + "#questions?unit=Wold")
    assert section.inner_text().split("\n")[-1].strip() == "Nothing here fits the filter."
    assert section.locator("h3:visible, table:visible").count() == 0
    page.close()
