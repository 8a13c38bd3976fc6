"""Key questions: compared across units, joined to themes and issues; and published inspections."""

import docx
import pandas as pd
import pytest
from openpyxl import load_workbook

from pipelines.aggregate import aggregate_tables
from pipelines.aggregate.bearings import load_bearings, parse_bearings
from pipelines.aggregate.published import published_inspections
from pipelines.errors import SettingsError
from pipelines.intervals import wilson
from pipelines.manifest import Published
from pipelines.report import FORMATS, ReportSettings, write_report
from pipelines.report.gather import gather
from pipelines.report.unread import gather_unread
from pipelines.tables import frame

SAFE = "Does assessment focus on keeping other people safe?"
OTHER_WORDS = "Does assessment attend well enough to keeping others safe?"


def batch(*rows, **more):
    """Make tables of documents; a row is unit, month, framework, percentage, wording."""
    documents, questions = [], []
    for number, (unit, month, framework, percent, wording) in enumerate(rows):
        key = f"d{number}"
        documents.append(
            {
                "document_id": key,
                "unit": unit,
                "unit_type": "pdu",
                "published": month,
                "framework": framework,
                "cases_inspected": 40,
                "warnings": [],
            }
        )
        questions.append(
            {
                "document_id": key,
                "code": "2.1",
                "question": wording,
                "dimension": "safety",
                "percent": percent,
            }
        )
    tables = {"documents": frame("documents", documents)}
    tables["key_questions"] = frame("key_questions", questions)
    findings = [
        {
            "finding_id": f"{key}/001",
            "document_id": key,
            "unit": rows[int(key[1:])][0],
            "ordinal": 1,
            "polarity": polarity,
            "text": "x",
            "quotes": [],
        }
        for key, _, polarity in more.get("about", [])
    ]
    tags = [
        {
            "finding_id": f"{key}/001",
            "theme": theme,
            "assigned": True,
            "source": "label",
            "probability": 1.0,
        }
        for key, theme, _ in more.get("about", [])
    ]
    tables["findings"] = frame("findings", findings)
    tables["tags"] = frame("tags", tags)
    return tables


def test_a_question_is_compared_with_the_latest_answers_of_other_units_in_its_framework():
    tables = batch(
        ("Kirk", "2024-01", "pdu-2023", 30.0, SAFE),
        ("Moss", "2023-11", "pdu-2023", 90.0, SAFE),  # inspected again since
        ("Moss", "2025-01", "pdu-2023", 50.0, OTHER_WORDS),
        ("Tarn", "2024-06", "pdu-2023", 40.0, SAFE),
        ("Wold", "2022-06", "pdu-2021", 99.0, SAFE),  # of another framework
    )
    made = aggregate_tables(tables)["question_units"].set_index("document_id")
    kirk = made.loc["d0"]
    assert (kirk["other_units"], kirk["median"], kirk["difference"]) == (2, 45.0, -15.0)
    assert (kirk["base"], kirk["base_source"], kirk["caution"]) == (40, "report", True)
    low, high = wilson(12, 40)
    assert (kirk["low"], kirk["high"]) == pytest.approx((100 * low, 100 * high), abs=0.05)
    assert made.loc["d4", "other_units"] == 0
    assert pd.isna(made.loc["d4", "median"])


def test_a_letter_that_some_reports_print_before_a_code_does_not_part_a_question():
    tables = batch(
        ("Kirk", "2024-01", "pdu-2023", 30.0, SAFE), ("Moss", "2024-02", "pdu-2023", 50.0, SAFE)
    )
    plain = tables["key_questions"]["code"].iloc[0]
    tables["key_questions"].loc[0, "code"] = f"P {plain}"
    made = aggregate_tables(tables)["question_units"]
    assert made["other_units"].tolist() == [1, 1]
    assert made["code"].tolist() == [f"P {plain}"] * 2


def test_two_questions_of_one_standard_and_dimension_are_not_mixed():
    tables = batch(
        ("Kirk", "2024-01", "pdu-2023", 30.0, SAFE), ("Moss", "2024-02", "pdu-2023", 50.0, SAFE)
    )
    second = {**tables["key_questions"].iloc[0].to_dict(), "question": "Are victims safe?"}
    second["percent"] = 80.0
    tables["key_questions"] = pd.concat(
        [tables["key_questions"], frame("key_questions", [second])], ignore_index=True
    )
    made = aggregate_tables(tables)["question_units"].set_index(["document_id", "question"])
    assert made.loc[("d0", SAFE), "median"] == 50.0
    assert made.loc[("d0", "Are victims safe?"), "other_units"] == 0


def test_answers_are_joined_to_findings_and_contrasted():
    tables = batch(
        ("Kirk", "2024-01", "pdu-2023", 20.0, SAFE),
        ("Moss", "2024-02", "pdu-2023", 30.0, SAFE),
        ("Tarn", "2024-03", "pdu-2023", 70.0, SAFE),
        about=[
            ("d0", "domestic-abuse-checks", "area_for_improvement"),
            ("d1", "domestic-abuse-checks", "area_for_improvement"),
            ("d2", "domestic-abuse-checks", "strength"),
        ],
    )
    issue = {
        "issue_id": "i1",
        "theme": "domestic-abuse-checks",
        "polarity": "area_for_improvement",
        "terms": [],
    }
    tables["issues"] = frame("issues", [issue])
    member = {"issue_id": "i1", "finding_id": "d0/001", "representative": True}
    tables["issue_findings"] = frame("issue_findings", [member])
    made = aggregate_tables(tables)
    joined = made["question_themes"].set_index(["document_id", "theme"])
    mine = joined.loc[("d0", "domestic-abuse-checks")]
    assert (mine["areas_for_improvement"], mine["strengths"], mine["issues"]) == (1, 0, ["i1"])
    contrast = made["question_contrast"].set_index(["kind", "subject", "polarity"])
    theme = contrast.loc[("theme", "domestic-abuse-checks", "area_for_improvement")]
    assert (theme["percent_with"], theme["other_percent"], theme["difference"]) == (25, 70, -45)
    assert contrast.loc[("issue", "i1", "area_for_improvement"), "difference"] == -30


def test_order_of_rows_decides_nothing():
    tables = batch(
        ("Kirk", "2024-01", "pdu-2023", 20.0, SAFE), ("Moss", "2024-02", "pdu-2023", 30.0, SAFE)
    )
    turned = {name: data.iloc[::-1].reset_index(drop=True) for name, data in tables.items()}
    for name in ("question_units", "question_themes", "question_contrast", "inspections"):
        one, two = aggregate_tables(tables)[name], aggregate_tables(turned)[name]
        pd.testing.assert_frame_equal(one, two)


def test_tables_that_pandas_read_are_counted_alike(tmp_path):
    """A list comes from Parquet as an array, of which nobody can say whether it is null."""
    tables = batch(("Kirk", "2024-01", "pdu-2023", 20.0, SAFE))
    documents = tables["documents"]
    documents.at[0, "warnings"] = ["one", "another"]
    documents.to_parquet(tmp_path / "documents.parquet")
    read = {**tables, "documents": pd.read_parquet(tmp_path / "documents.parquet")}
    one, two = aggregate_tables(tables), aggregate_tables(read)
    pd.testing.assert_frame_equal(one["question_units"], two["question_units"])
    assert gather({**read, **two}, ReportSettings()).units[0].name == "Kirk"


def test_bearings_are_checked():
    assert "domestic-abuse-checks" in load_bearings().themes("Was domestic abuse seen?", None)
    with pytest.raises(SettingsError, match="no theme 'safety'"):
        parse_bearings('[dimensions]\nsafety = ["safety"]\n')
    with pytest.raises(SettingsError, match="dimension 'danger'"):
        parse_bearings("[dimensions]\ndanger = []\n")


def test_inspections_are_matched_by_unit_framework_and_time():
    manifest = [
        Published("a-pdu-2021", "Gateshead & South Tyneside", "pdu", "North East", "pdu-2021"),
        Published("b-pdu-2023", "South Tyneside and Gateshead", "pdu", "North East", "pdu-2023"),
        Published("c-pdu-2023", "Sheffield", "pdu", "Yorkshire", "pdu-2023", "2024"),
        Published("d-region-2023", "Wales", "region", "Wales", "region-2023"),
    ]
    tables = batch(
        ("South Tyneside and Gateshead", "2022-12", "pdu-2021", 1.0, SAFE),
        ("Sheffield", "2024-11", None, 1.0, SAFE),
        ("Sheffield", "2023-03", None, 1.0, SAFE),
        ("Wales", "2025-01", "pdu-2023", 1.0, SAFE),  # a unit of that name is no region
    )
    made = published_inspections(tables["documents"], manifest).set_index("inspection_id")
    assert made["document_id"].fillna("").to_dict() == {
        "a-pdu-2021": "d0",
        "b-pdu-2023": "",
        "c-pdu-2023": "d1",
        "d-region-2023": "",
    }


def test_two_inspections_of_a_unit_under_one_framework_are_told_apart_by_their_dates():
    def entry(name, date):
        return Published(name, "Kirk", "pdu", "North East", "pdu-2023", date)

    def read(manifest, *dates):
        documents = batch(*(("Kirk", date, "pdu-2023", 1.0, SAFE) for date in dates))["documents"]
        made = published_inspections(documents, manifest).set_index("inspection_id")
        return made["document_id"].dropna().to_dict()

    first, last = entry("first", "2023-09"), entry("last", "2025-02")
    assert read([first, last], "2025-02") == {"last": "d0"}
    assert read([first, last], "2025-01") == {"last": "d0"}  # printed a month before
    assert read([first, last], "2025-02", "2023-09") == {"first": "d1", "last": "d0"}
    assert read([first, entry("last", "2025")], "2025-02") == {"last": "d0"}
    assert read([entry("undated", ""), last], "2025-02") == {"last": "d0"}
    assert read([last, first], "2023-09", None) == {"first": "d0", "last": "d1"}


def test_the_report_says_what_is_published_and_was_not_read(tmp_path):
    tables = batch(("Cheshire West", "2023-06", "pdu-2021", 32.0, SAFE))
    tables |= aggregate_tables(tables)
    settings = ReportSettings(written="2025-03-31", formats=FORMATS)
    paths = {p.suffix: p for p in write_report(tables, tmp_path, settings=settings)}
    said = "Of 91 published inspections that the manifest lists, 1 is in this batch and 90 are not."
    for suffix in (".html", ".md"):
        assert said in paths[suffix].read_text(encoding="utf-8")
    line = next(
        line
        for line in paths[".md"].read_text(encoding="utf-8").splitlines()
        if line.startswith("| North West |")
    )
    assert line == "| North West |  | 1 of 4 |  |  |  | 0 of 1 | 1 of 5 |"
    assert "Cumbria (no date)" in paths[".html"].read_text(encoding="utf-8")
    sheet = load_workbook(paths[".xlsx"])["Not read"]
    assert sheet.max_row == 91
    paper = docx.Document(str(paths[".docx"]))
    assert said in "\n".join(p.text for p in paper.paragraphs)


def test_a_corpus_of_other_reports_is_not_compared_with_the_manifest(tmp_path):
    tables = batch(("Kirk", "2024-01", "pdu-2023", 32.0, SAFE))
    assert gather_unread(tables | aggregate_tables(tables)) is None
