"""A run's folder from elsewhere: its tables were changed and signed anew; every command reads on.

Each damage meets each command that reads: it answers, or says one sentence of ours, and sends the
terminal nothing but words.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal

import pandas as pd
import pyarrow as pa
import pytest
from docx import Document
from pyarrow import parquet
from typer.testing import CliRunner

import invented
from pipelines.answers.events import Event
from pipelines.answers.store import file_name
from pipelines.boxes import Box
from pipelines.cli import app
from pipelines.cli.entries import cell
from pipelines.errors import ArtefactError, FindingsError, SettingsError
from pipelines.flow import run
from pipelines.flow.storage.received import KEYS, check_received
from pipelines.flow.storage.store import RunFolder
from pipelines.mine import mine_tables
from pipelines.mine.search import build_index
from pipelines.report import ReportSettings
from pipelines.report.brief.forms import write_brief
from pipelines.review.session import Session
from pipelines.tables import conform, schema_of
from samples import sample_tables

STEERING = "\x1b]0;taken\x07\x1b[31mred\u202e\u2028x\x00"


def every(table, column, value):
    return table, lambda data: data.assign(**{column: [value] * len(data)})


def none_of(table):
    return table, lambda data: data.iloc[:0]


def twice(table):
    return table, lambda data: pd.concat([data, data])


DAMAGE = {
    "steering texts": [every("findings", "text", STEERING)],
    "steering units": [every("findings", "unit", STEERING), every("documents", "unit", STEERING)],
    "one id": [every("findings", "finding_id", STEERING)],
    "no texts": [every("findings", "text", None)],
    "numbers as texts": [every("findings", "text", 7)],
    "no findings": [none_of("findings")],
    "no documents": [none_of("documents")],
    "findings twice": [twice("findings")],
    "documents twice": [twice("documents")],
    "long texts": [every("findings", "text", "word " * 5000)],
    "dates of no day": [every("documents", "published", "9999-99-99")],
    "pages below 0": [every("findings", "page", -5)],
    "tags of nobody": [every("tags", "finding_id", "nobody/001")],
    "unknown themes": [every("tags", "theme", "<b>none</b>")],
    "no probabilities": [every("tags", "probability", float("nan"))],
    "unknown sides": [every("findings", "polarity", "sideways")],
    "no issues": [none_of("issues")],
    "no ledger": [none_of("ledger")],
    "formulas as paths": [every("documents", "path", "=cmd()|x")],
}
COMMANDS = {
    "units": ("units", "{run}", "--csv"),
    "units as a table": ("units", "{run}"),
    "shares": ("shares", "{run}"),
    "issues": ("issues", "{run}"),
    "links": ("links", "{run}"),
    "search": ("search", "{run}", "staff work"),
    "similar": ("similar", "{run}", "{finding}"),
    "acronyms": ("acronyms", "{run}"),
    "sql": ("sql", "{run}", "select * from findings"),
    "export": ("export", "{run}", "--to", "{beside}"),
    "export to SQLite": ("export", "{run}", "--to", "{beside}.db"),
    "questions": ("questions", "{run}"),
    "report": ("report", "{run}", "--formats", "md"),
    "generations": ("generations", "list", "{run}"),
    "themes": ("themes", "propose", "{run}"),
    "mine": ("mine", "{run}"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("received")
    invented.write(root / "in", range(2), bullets=1)
    return run(root / "in", root / "out", formats=("md",))


def damaged(folder, table, change):
    place = (folder / "tables" / f"{table}.parquet").resolve()
    change(pd.read_parquet(place)).to_parquet(place)
    manifest = (folder / "manifest.json").resolve()
    said = json.loads(manifest.read_text())
    said["tables"][table]["sha256"] = hashlib.sha256(place.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(said))


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGE)
def test_every_command_reads_a_changed_folder_or_says_what_is_wrong(
    made, tmp_path, damage, record_property
):
    folder = tmp_path / "received"
    shutil.copytree(made.folder, folder, symlinks=True)
    for table, change in DAMAGE[damage]:
        damaged(folder, table, change)
    names = {
        "run": str(folder),
        "finding": made.findings["finding_id"][0],
        "beside": str(tmp_path / "beside"),
    }
    wrong = {}
    for name, words in COMMANDS.items():
        done = CliRunner().invoke(app, [word.format(**names) for word in words])
        if not isinstance(done.exception, (type(None), SystemExit, FindingsError, OSError)):
            wrong[name] = repr(done.exception)
        elif "Usage: " in done.output:
            wrong[name] = "is no command"
        elif "\x1b" in done.output or "\x00" in done.output:
            wrong[name] = "steers the terminal"
    assert not wrong
    record_property("a command met a folder that was changed and signed anew", len(COMMANDS))


def arrow(tables):
    return {
        name: pa.Table.from_pandas(conform(name, tables[name]), schema=schema_of(name))
        for name in KEYS
        if name in tables
    }


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        (*every("findings", "text", None), "has no text"),
        (*every("findings", "polarity", "sideways"), "polarity 'sideways', expected area"),
        (*every("findings", "finding_id", None), "finding_id is missing or given twice"),
        (*twice("findings"), "finding_id is missing or given twice"),
        (*twice("documents"), "document_id is missing or given twice"),
        (*twice("recommendations"), "recommendation_id is missing or given twice"),
    ],
)
def test_tables_that_no_run_writes_are_named(tmp_path, table, change, said):
    tables = sample_tables()
    check_received(tmp_path, arrow(tables))
    with pytest.raises(ArtefactError, match=rf"{table}\.parquet: .*{said}.*findings run"):
        check_received(tmp_path, arrow({**tables, table: change(tables[table])}))


def test_a_column_that_stands_twice_is_named(made, tmp_path):
    folder = shutil.copytree(made.folder, tmp_path / "received", symlinks=True)
    path = (folder / "tables" / "findings.parquet").resolve()
    table = parquet.read_table(path)
    doubled = table.append_column(table.column_names[0], table.column(0))
    parquet.write_table(doubled, path)
    with pytest.raises(ArtefactError, match=r"findings\.parquet: .*a column stands twice"):
        check_columns_of(folder, path)


def check_columns_of(folder, path):
    manifest = (folder / "manifest.json").resolve()
    said = json.loads(manifest.read_text())
    said["tables"]["findings"]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(said))
    RunFolder(folder).read_tables()


@pytest.mark.parametrize("name", ["search-index.npz", "report"])
def test_a_pipe_in_a_received_folder_is_not_waited_for(made, tmp_path, name):
    folder = shutil.copytree(made.folder, tmp_path / "received", symlinks=True)
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)

    def late(*_):
        raise TimeoutError("it is waited for")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(20)
    try:
        done = CliRunner().invoke(app, ["search", str(folder), "plans"])
        again = CliRunner().invoke(app, ["report", str(folder), "--formats", "md"])
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert not isinstance(done.exception, TimeoutError)
    assert not isinstance(again.exception, TimeoutError)
    assert done.exit_code == 0
    assert (folder / "report" / "report.md").is_file()


def test_a_box_that_is_none_is_a_sentence():
    assert Box.from_text("3 1.0 2.0 3.0 4.5") == Box(3, 1.0, 2.0, 3.0, 4.5)
    for wrong in ("", "1 2 3", "x 1 2 3 4", "1 nan 2 3 4", "1 2 3 4 inf", f"{'9' * 9000} 1 2 3 4"):
        with pytest.raises(ArtefactError, match=r"boxes holds .* expected page, x0"):
            Box.from_text(wrong)


def test_a_name_that_steers_reaches_no_brief_and_no_list_of_edits(tmp_path):
    tables = sample_tables()
    tables["documents"]["region"] = f"<script>alert(1)</script>{STEERING}"
    region = tables["documents"]["region"][0]
    tables["findings"]["region"] = region
    settings = ReportSettings(regions=(region,))
    page, paper = write_brief(tables, tmp_path, settings=settings, formats=("html", "docx"))
    assert not {"\x1b", "\x07", "\u202e", "<script>"} & set(
        re.findall(r"<script>|.", page.read_text())
    )
    assert "script" in Document(paper).paragraphs[0].text
    said = {"id": "0" * 12, "kind": "edit", "who": "Ann", "when": "2026-01-31T09:30:00Z"}
    said |= {"level": "issue", "slug": "x/strength", "answer": "rename", "text": "name"}
    assert Event.from_dict(said).text == "name"
    with pytest.raises(SettingsError, match="text is"):
        Event.from_dict({**said, "text": STEERING})


def test_a_cell_of_a_table_does_not_steer_the_terminal():
    assert cell(STEERING) == "]0;taken[31mred\u2028x"
    assert cell([STEERING, "y"]) == "]0;taken[31mred\u2028x; y"


def test_findings_without_a_word_are_like_none():
    findings = sample_tables()["findings"].head(3).assign(text="...")
    index = build_index(findings)
    assert index.like(findings["finding_id"].iloc[0]).tolist() == [0, 0, 0]


def test_tags_of_findings_that_are_not_there_are_passed_over():
    tables = sample_tables()
    none = {**tables, "findings": tables["findings"].iloc[:0]}
    assert mine_tables(none)["issues"].empty


def test_nothing_is_read_or_written_through_a_link_planted_in_a_run(made, tmp_path):
    folder = shutil.copytree(made.folder, tmp_path / "received", symlinks=True)
    home = tmp_path / "home"
    home.mkdir()
    for name in ("answers", "extracts", "set-aside"):
        (folder / name).symlink_to(home)
    (folder / "report" / "note.txt").write_text("a file that a run would set aside")
    about = ("--unit", made.findings["unit"][0], "--formats")

    def refused(*words):
        with pytest.raises(FindingsError, match=r"is a link|by a link"):
            CliRunner().invoke(app, list(map(str, words)), catch_exceptions=False)
        assert not list(home.iterdir())

    refused("edit", "pin", folder, made.issues["issue_id"][0], "--coder", "Ann")
    refused("brief", folder, *about, "html")
    refused("report", folder, *about, "md")
    refused("report", folder, "--formats", "md")
    (folder / "set-aside").unlink()
    (folder / "set-aside").mkdir()
    (folder / "set-aside" / "report").symlink_to(home)
    refused("report", folder, "--formats", "md")


@pytest.mark.parametrize("there", [True, False])
def test_nobodys_answers_are_read_from_or_added_to_a_file_elsewhere(made, tmp_path, there):
    folder = shutil.copytree(made.folder, tmp_path / "received", symlinks=True)
    precious = tmp_path / "precious"
    if there:
        precious.write_text("mine\n")
    (folder / "answers").mkdir()
    (folder / "answers" / f"{file_name('Ann')}.jsonl").symlink_to(precious)
    session = Session(folder)
    assert [said.partition(": ")[2] for said in session.damaged] == [
        "is a link or no file; put the file itself there"
    ]
    with pytest.raises(SettingsError, match="is a link, and nothing is added through it"):
        session.write_memo("Ann", "finding", session.ids[0], "Odd.", finding=0)
    assert (precious.read_text() == "mine\n") if there else not precious.exists()
    session.write_memo("Ben", "finding", session.ids[0], "Odd.", finding=0)
