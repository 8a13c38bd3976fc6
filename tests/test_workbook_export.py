"""`findings export` as a workbook: each table, a long sheet for pivots, real dates, no formula."""

from __future__ import annotations

from datetime import datetime

import pytest
from openpyxl import load_workbook

from pipelines.errors import SettingsError
from pipelines.report.export.files import export_tables
from pipelines.report.export.workbook import long_table
from synthetic import make_tables

FORMULA = '=HYPERLINK("http://x.example")'


@pytest.fixture(scope="module")
def tables():
    made = make_tables(3, each=8)
    made["findings"].loc[0, "text"] = FORMULA
    made["findings"].loc[:, "published"] = "2024-03-05"
    return made


@pytest.fixture(scope="module")
def book(tables, tmp_path_factory):
    place = tmp_path_factory.mktemp("book") / "tables.xlsx"
    return load_workbook(export_tables(tables, place))


def column(sheet, name):
    place = [cell.value for cell in sheet[1]].index(name) + 1
    return [row[0] for row in sheet.iter_rows(min_row=2, min_col=place, max_col=place)]


def test_every_table_is_a_sheet_with_its_rows(book, tables):
    assert set(book.sheetnames) == {*tables, "long", "dictionary"}
    for name, data in tables.items():
        assert book[name].max_row == len(data) + 1
        assert [cell.value for cell in book[name][1]] == list(data.columns)


def test_dates_are_dates_and_text_is_never_a_formula(book):
    assert column(book["findings"], "published")[0].value == datetime(2024, 3, 5)
    cell = column(book["findings"], "text")[0]
    assert cell.value == FORMULA
    assert cell.data_type == "s"


def test_the_long_sheet_has_a_row_for_each_theme_and_issue_of_a_finding(tables):
    long = long_table(tables)
    given = tables["tags"].loc[tables["tags"]["assigned"]]
    assert set(long["finding_id"]) == set(tables["findings"]["finding_id"])
    pairs = long.dropna(subset=["theme"])[["finding_id", "theme"]].drop_duplicates()
    assert len(pairs) == len(given)
    members = tables["issue_findings"]
    issues = long.dropna(subset=["issue_id"])[["finding_id", "issue_id"]].drop_duplicates()
    assert len(issues) == len(members)


def test_only_an_unchanged_workbook_of_ours_is_replaced(tables, tmp_path):
    path = export_tables(tables, tmp_path / "t.xlsx")
    first = path.read_bytes()
    assert export_tables(tables, path).read_bytes() == first
    edited = load_workbook(path)
    edited["findings"]["A2"] = "mine"
    edited.save(path)
    kept = path.read_bytes()
    with pytest.raises(SettingsError, match="no longer, as"):
        export_tables(tables, path)
    assert path.read_bytes() == kept


@pytest.mark.parametrize("name", ["tables.csv", "tables.ods", "tables.json"])
def test_an_unknown_suffix_makes_no_folder_of_that_name(tables, tmp_path, name):
    with pytest.raises(SettingsError, match=r"expected .*\.xlsx"):
        export_tables(tables, tmp_path / name)
    assert not (tmp_path / name).exists()
    assert export_tables(tables, tmp_path / "folder").is_dir()
