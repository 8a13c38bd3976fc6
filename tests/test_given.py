"""What somebody gives to the public functions is looked at before it fails somewhere inside."""

from dataclasses import fields

import pandas as pd
import pytest

import pipelines
from pipelines.errors import SettingsError, UnreadableDocument
from pipelines.report.settings import Chosen, ReportSettings
from pipelines.tables import Given
from synthetic import make_tables


@pytest.fixture(scope="module")
def tables():
    return make_tables(2, each=4)


@pytest.mark.parametrize(
    "called",
    [
        pipelines.mine_tables,
        pipelines.aggregate_tables,
        lambda tables: pipelines.write_report(tables, "never-made"),
    ],
    ids=["mine", "aggregate", "report"],
)
def test_tables_that_are_none_are_named(tables, called):
    findings = tables["findings"]
    wrong = {
        "tables: got DataFrame": findings,
        "tables: got str": "runs/mine",
        "table findings: got list": {**tables, "findings": findings.to_dict("records")},
        "table tags: got NoneType": {**tables, "tags": None},
        "table findings: column 'document_id' is missing": {
            **tables,
            "findings": findings.drop(columns="document_id"),
        },
    }
    for said, given in wrong.items():
        with pytest.raises(SettingsError, match=said):
            called(given)


def test_columns_that_are_not_read_may_be_left_out_or_added(tables):
    spare = {"documents": ["path", "sha256", "warnings"], "findings": ["text"], "tags": ["review"]}
    fewer = {name: tables[name].drop(columns=columns) for name, columns in spare.items()}
    fewer["findings"] = fewer["findings"].assign(schema="one that somebody added")
    counted = pipelines.aggregate_tables({**tables, **fewer})
    for name, whole in pipelines.aggregate_tables(tables).items():
        pd.testing.assert_frame_equal(counted[name], whole)


@pytest.mark.parametrize(
    ("called", "said"),
    [
        (lambda: pipelines.run(5), "sources: got int"),
        (lambda: pipelines.run([None]), "source: got NoneType"),
        (lambda: pipelines.run(""), "source: got an empty name"),
        (lambda: pipelines.run("a.txt", out=5), "out: got int"),
        (lambda: pipelines.run("a.txt", jobs="two"), "setting jobs: got str"),
        (lambda: pipelines.run("a.txt", jobs=1.5), "setting jobs: got float; expected a whole"),
        (lambda: pipelines.run("a.txt", model=4), "setting model: got int"),
        (lambda: pipelines.open_run(None), "folder: got NoneType"),
        (lambda: pipelines.open_project(None), "folder: got NoneType"),
        (lambda: pipelines.read_document(None), "path: got NoneType"),
        (lambda: pipelines.read_document(b"%PDF"), "path: got bytes"),
        (lambda: pipelines.mine_tables({}, settings="all"), "settings: got str"),
        (lambda: pipelines.aggregate_tables({}, codebook="mine.toml"), "codebook: got str"),
        (lambda: pipelines.write_report({}, None), "folder: got NoneType"),
    ],
)
def test_values_of_another_type_are_named(called, said):
    with pytest.raises(SettingsError, match=said):
        called()


@pytest.mark.parametrize("name", ["documents", "findings", "tags"])
def test_nothing_is_counted_as_nought_for_want_of_a_table(tables, name):
    with pytest.raises(SettingsError, match=f"table {name} is missing"):
        pipelines.aggregate_tables({n: t for n, t in tables.items() if n != name})


def test_an_address_is_not_said_to_be_a_file_that_is_not_there():
    with pytest.raises(UnreadableDocument, match="an address is no file"):
        pipelines.read_document("https://reports.example/a.pdf")


def test_findings_of_two_runs_are_not_mixed_up(tables):
    findings = tables["findings"].head(2)
    with pytest.raises(SettingsError, match="stands twice"):
        pipelines.tag_findings(pd.concat([findings, findings]))


def test_an_editor_offers_what_a_page_can_be_about():
    """The hints of `run.page` are the settings of a report, but for its format."""
    assert {"formats", *Chosen.__annotations__} == {one.name for one in fields(ReportSettings)}


def test_a_table_is_read_when_it_is_asked_for_and_not_before(tables):
    asked = []

    class Told(dict):
        def __getitem__(self, name):
            asked.append(name)
            return super().__getitem__(name)

    given = Given(Told(tables), {})
    assert "findings" in given
    assert set(given) == set(tables)
    assert not asked
    assert given["findings"] is tables["findings"]
    assert asked == ["findings"]
