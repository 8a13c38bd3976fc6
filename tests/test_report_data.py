"""Tables for other programs: SQL, SQLite, CSV, Parquet, each with the dictionary; the commands."""

import io
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from itertools import pairwise

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from kills import killed_at
from pipelines.aggregate import aggregate_tables
from pipelines.columns import TABLES
from pipelines.errors import SettingsError
from pipelines.mine import mine_tables
from pipelines.records import digest
from pipelines.report import ReportSettings, write_report
from pipelines.report.content import Issue, ThemeSection
from pipelines.report.counts import Count
from pipelines.report.english import span
from pipelines.report.excel.book import render_excel
from pipelines.report.excel.sheets import Field, add_sheet
from pipelines.report.export.dictionary import dictionary_markdown, dictionary_rows
from pipelines.report.export.files import export_folder, export_sqlite, to_csv, write_result
from pipelines.report.export.sql import query_tables
from pipelines.report.finding import AREA, STRENGTH
from pipelines.report.gather import gather
from pipelines.report.leading import leading
from pipelines.report.markdown import render_markdown
from pipelines.report.matrix import ratings_matrices
from pipelines.report.owned import write_beside
from pipelines.report.page.html import render_html
from pipelines.report.summary import summarise
from pipelines.tables import as_written, frame, harmless
from pipelines.tag.labels.files import read_rows
from pipelines.tag.labels.reading import check_labels
from synthetic import make_tables

FORMULA = '=HYPERLINK("http://x.example")'


@pytest.fixture(scope="module")
def tables():
    made = make_tables(3, each=8)
    made["findings"].loc[0, "text"] = FORMULA
    return made


def test_sql_sees_every_table_under_its_name(tables):
    for name, data in tables.items():
        assert query_tables(tables, f"select count(*) as n from {name}").n[0] == len(data)


def test_sql_joins_and_lists_work(tables):
    found = query_tables(
        tables,
        "select f.unit, count(*) as n from findings f join tags t using (finding_id) "
        "where t.assigned and len(f.quotes) = 0 group by 1 order by 1",
    )
    assert found.columns.tolist() == ["unit", "n"]
    assert len(found) == tables["documents"]["unit"].nunique()


@pytest.mark.parametrize(
    "query",
    [
        "selec 1",
        "select * from nowhere",
        "select * from read_csv('/etc/hostname')",
        "copy findings to 'out.csv'",
        "install httpfs",
        "set enable_external_access = true",
        "attach 'other.db'",
        "",
    ],
)
def test_sql_that_is_wrong_or_reaches_out_is_refused(tables, query, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError):
        query_tables(tables, query)
    assert not list(tmp_path.iterdir())


def test_sqlite_holds_tables_keys_and_dictionary(tables, tmp_path):
    path = export_sqlite(tables, tmp_path / "findings.sqlite")
    connection = sqlite3.connect(path)
    for name, data in tables.items():
        assert connection.execute(f"select count(*) from {name}").fetchone()[0] == len(data)
    assert not connection.execute("pragma foreign_key_check").fetchall()
    described = connection.execute("select distinct a_row_is from data_dictionary").fetchall()
    assert len(described) == len(set(tables) & set(TABLES))
    quotes = connection.execute("select json_array_length(quotes) from findings").fetchall()
    assert all(isinstance(number, int) for (number,) in quotes)
    connection.close()


def test_sqlite_export_is_the_same_bytes_twice_and_replaces_whole(tables, tmp_path):
    first = export_sqlite(tables, tmp_path / "a.sqlite").read_bytes()
    export_sqlite({"findings": tables["findings"]}, tmp_path / "b.sqlite")
    assert export_sqlite(tables, tmp_path / "b.sqlite").read_bytes() == first


def test_export_replaces_no_other_file_and_none_that_was_changed(tables, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with closing(sqlite3.connect(tmp_path / "mine.db")) as connection:
        connection.execute("create table work (note text)")
        connection.commit()
    changed = export_sqlite(tables, tmp_path / "changed.db")
    with closing(sqlite3.connect(changed)) as connection:
        connection.execute("update findings set text = 'checked'")
        connection.commit()
    for path in sorted(tmp_path.iterdir()):
        before = path.read_bytes()
        with pytest.raises(SettingsError, match="is not, or no longer, as `findings` wrote it"):
            export_sqlite(tables, path)
        assert path.read_bytes() == before


def test_looking_at_an_export_leaves_it_ours(tables, tmp_path):
    path = export_sqlite(tables, tmp_path / "a.db")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        connection.execute("select count(*) from findings").fetchall()
    export_sqlite(tables, path)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_an_answer_replaces_its_own_files_only(tables, tmp_path, suffix):
    path = tmp_path / f"my answer{suffix}"
    _, beside = write_result(tables["documents"], path)
    write_result(tables["documents"].head(1), path)
    for changed in (beside, path):
        before = changed.read_bytes()
        changed.write_bytes(before + b"\nmine")
        with pytest.raises(SettingsError, match="nothing is overwritten"):
            write_result(tables["documents"], path)
        assert changed.read_bytes() == before + b"\nmine"
        changed.write_bytes(before)
    (tmp_path / "b.dictionary.md").write_text("my notes")
    with pytest.raises(SettingsError, match=r"b.dictionary.md: is there already"):
        write_result(tables["documents"], tmp_path / f"b{suffix}")
    assert not (tmp_path / f"b{suffix}").exists()


WRITERS = ("pipelines.durable", "pipelines.report.owned", "pipelines.report.export.files")


@pytest.mark.parametrize("before", [True, False])
def test_an_answer_killed_at_any_line_is_written_by_the_next_command(tmp_path, before):
    old, new = pd.DataFrame({"unit": ["Fenwick"]}), pd.DataFrame({"unit": ["Alderby"] * 3})
    for at in range(1, 999, 4):
        path = tmp_path / str(at) / "answer.csv"
        if before:
            write_result(old, path)
        killed = killed_at(lambda p=path: write_result(new, p), WRITERS, at)
        write_result(new, path)
        assert len(pd.read_csv(path)) == 3
        if not killed:
            break
    assert not killed
    assert at > 50


def test_a_report_killed_at_any_line_is_known_for_ours(tmp_path):
    for at in range(1, 999, 6):
        folder = tmp_path / str(at)
        write_beside(folder, {"report.md": b"old", "report.html": b"old"})
        new = {"report.md": b"new", "report.html": b"new"}
        killed = killed_at(lambda f=folder, n=new: write_beside(f, n), WRITERS, at)
        assert (folder / "report.md").read_bytes() in (b"old", b"new")
        write_beside(folder, new)
        seen = {p.name for p in folder.iterdir() if p.name[0] != "."}
        assert seen == {"report.md", "report.html"}
        if not killed:
            break
    assert not killed
    assert at > 50


def test_a_table_whose_name_leads_elsewhere_is_not_written(tables, tmp_path):
    for name in ("../x", "a/b", "..", ""):
        with pytest.raises(SettingsError, match="is no name of a file"):
            export_folder({**tables, name: tables["documents"]}, tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_a_report_outside_a_run_moves_edits_aside(tables, tmp_path, caplog):
    settings = ReportSettings(formats=("md",))
    (tmp_path / "report.md").write_text("mine, of before")
    (path,) = write_report(tables, tmp_path, settings=settings)
    assert (tmp_path / "report-2.md").read_text() == "mine, of before"
    assert "it is kept as report-2.md" in caplog.text
    write_report(tables, tmp_path, settings=settings)
    path.write_text("edited")
    write_report(tables, tmp_path, settings=settings)
    assert (tmp_path / "report-3.md").read_text() == "edited"
    assert len(list(tmp_path.glob("*.md"))) == 3


def test_csv_folder_is_harmless_and_has_its_dictionary(tables, tmp_path):
    folder = export_folder(tables, tmp_path / "csv")
    read = pd.read_csv(folder / "findings.csv")
    assert len(read) == len(tables["findings"])
    assert read.loc[0, "text"] == "'" + FORMULA
    assert "| finding_id | text |" in (folder / "DICTIONARY.md").read_text(encoding="utf-8")
    with pytest.raises(SettingsError, match="not empty"):
        export_folder(tables, folder)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_answer_is_written_with_the_meaning_of_its_columns(tables, tmp_path, suffix):
    found = query_tables(tables, "select theme, share, 1 + 1 as two from recurrence")
    path, beside = write_result(found, tmp_path / f"answer.{suffix}")
    read = pd.read_csv(path) if suffix == "csv" else pd.read_parquet(path)
    assert len(read) == len(found)
    assert "units_with / units" in beside.read_text(encoding="utf-8")
    assert "Computed by the query" in beside.read_text(encoding="utf-8")


def test_answer_in_an_unknown_format_is_refused(tables, tmp_path):
    with pytest.raises(SettingsError, match="csv"):
        write_result(tables["documents"], tmp_path / "answer.odt")


def test_dictionary_has_every_column_once():
    rows = dictionary_rows()
    assert len({(table, column) for table, _, column, _, _ in rows}) == len(rows)
    assert len(rows) == sum(len(table.columns) for table in TABLES.values())
    assert all(meaning for *_, meaning in rows)
    assert dictionary_markdown(["tags"]).count("\n## ") == 1


def test_csv_of_an_empty_table_is_its_head(tmp_path):
    folder = export_folder({"leftovers": make_tables(1, each=2)["leftovers"]}, tmp_path / "csv")
    head = "document_id,page,text,reason"
    assert (folder / "leftovers.csv").read_text(encoding="utf-8-sig").splitlines() == [head]


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory):
    """A real run over one invented report, as text."""
    from pipelines.flow import run

    folder = tmp_path_factory.mktemp("run")
    source = folder / "reports"
    source.mkdir()
    (source / "one.txt").write_text(REPORT, encoding="utf-8")
    run(source, folder / "out", jobs=1, formats=("md",))
    return folder / "out"


REPORT = """An inspection of probation services in:

Alder Bridge PDU

The Probation Service – Northmoor region

HM Inspectorate of Probation, March 2024

1. Organisational delivery

1.1. Leadership

Strengths:

- Leaders set out a plan for the unit, and people knew what it asked of them.

Areas for improvement:

- Checks with the police about domestic abuse came late in 12 out of 30 cases.
- Managers seldom looked at the cases of those who were new to the work.
"""


@pytest.fixture
def findings_command():
    from pipelines.cli import app

    def call(*arguments):
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return call


def test_command_report_writes_all_forms_in_place(run_folder, findings_command):
    done = findings_command("report", run_folder, "--title", "Spring round")
    assert done.exit_code == 0, done.output
    names = {path.name for path in (run_folder / "report").iterdir()}
    assert names == {"report.html", "report.md", "report.xlsx", "report.docx"}
    assert "# Spring round" in (run_folder / "report" / "report.md").read_text(encoding="utf-8")


def test_command_report_writes_an_extract_beside_the_whole(run_folder, findings_command):
    done = findings_command(
        "report", run_folder, "--unit", "Alder Bridge", "--formats", "md", "--formats", "md"
    )
    assert done.exit_code == 0, done.output
    extract = run_folder / "extracts" / "report-alder-bridge.md"
    assert "Alder Bridge" in extract.read_text(encoding="utf-8")
    wrong = findings_command("report", run_folder, "--theme", "weather")
    assert isinstance(wrong.exception, SettingsError)


@pytest.mark.parametrize("command", ["report", "brief"])
@pytest.mark.parametrize(
    "asked",
    [
        ("--theme", "Risk of harm"),
        ("--theme", "RISK-OF"),
        ("--unit", "alder b"),
        ("--region", "NORTH"),
    ],
)
def test_reports_and_briefs_know_what_is_meant(run_folder, findings_command, command, asked):
    formats = ("--formats", "html")
    done = findings_command(command, run_folder, *asked, *formats)
    assert done.exit_code == 0, done.output or done.exception
    name = {"risk": "risk-of-harm", "alde": "alder-bridge", "nort": "northmoor"}[
        asked[1][:4].lower()
    ]
    assert (run_folder / "extracts" / f"{command}-{name}.html").is_file()
    wrong = findings_command(command, run_folder, asked[0], "zzz", *formats)
    assert isinstance(wrong.exception, SettingsError)
    assert asked[0] in str(wrong.exception)


def test_command_sql_prints_a_table_and_csv(run_folder, findings_command):
    query = "select polarity, count(*) as n from findings group by 1 order by 1"
    shown = findings_command("sql", run_folder, query)
    assert shown.exit_code == 0, shown.output
    assert "area_for_improvement" in shown.stdout
    plain = findings_command("sql", run_folder, query, "--csv")
    assert plain.stdout.splitlines() == ["polarity,n", "area_for_improvement,2", "strength,1"]


def test_command_export_makes_a_database(run_folder, findings_command, tmp_path):
    done = findings_command("export", run_folder, "--to", tmp_path / "f.sqlite")
    assert done.exit_code == 0, done.output
    connection = sqlite3.connect(tmp_path / "f.sqlite")
    assert connection.execute("select count(*) from findings").fetchone() == (3,)
    connection.close()


@pytest.mark.parametrize("text", ["＝1+1", "＋1", "－1", "＠A1", "\ufeff=1", "\u200b＝1", "=1"])
def test_a_formula_in_any_guise_is_words_in_a_spreadsheet_and_comes_back(text):
    assert harmless(text) == f"'{text}"
    assert as_written(harmless(text)) == text


@pytest.mark.parametrize("text", ["'quoted' words", "it's", "'", "", "a = b", "'Twas -1"])
def test_words_with_an_apostrophe_are_left_alone(text):
    assert harmless(text) == text
    assert as_written(text) == text


def test_a_sheet_of_labels_with_formulas_keeps_its_digests(tmp_path):
    text = "=2+2 officers were away."
    sheet = pd.DataFrame({"text": [text], "digest": [digest(text)], "themes": ["outcomes"]})
    (tmp_path / "labels.csv").write_text(to_csv(sheet), encoding="utf-8-sig")
    checked = check_labels(read_rows(tmp_path / "labels.csv"))
    assert not checked.problems
    assert checked.labels[0].text == text


def test_a_cell_is_as_long_as_excel_counts(tmp_path):
    book = Workbook()
    add_sheet(book, "x", [Field("text", 40)], [["\U0001f600" * 31_003]])
    value = str(book["x"]["A2"].value)
    assert len(value.encode("utf-16-le")) // 2 <= 32_767
    assert len(value) > 15_000


def test_the_summary_does_not_contradict_the_chart_beside_it():
    content = gather(make_tables(9, each=21), ReportSettings(written="2025-03-31"))
    said = ["".join(part.text for part in sentence) for sentence in content.summary]
    areas, strengths = (line for line in said if line.startswith("The most widespread"))
    sides = {theme.name: theme.strengths for theme in content.themes}
    doubted = [n for n, side in sides.items() if side.rests_on and f"{n} ({side.said}" in strengths]
    assert doubted  # less sure units are in the chart's number, and said to be
    assert all(f"{n} ({sides[n].said}, {sides[n].rests_on})" in strengths for n in doubted)
    assert "of 8 units by sure findings" in areas


def test_a_theme_left_out_for_doubt_does_not_belie_the_most_widespread():
    """The chart beside it counts doubtful findings too: a wider theme stands there unnamed."""

    def said(*counts):
        themes = [
            ThemeSection(f"t{n}", f"Theme {n}", "Group", "", count, Count(0, 21))
            for n, count in enumerate(counts)
        ]
        return "".join(part.text for part in leading(themes, AREA))

    surer = [Count(n, 21, findings=n, sure=n) for n in (19, 18, 17)]
    assert said(*surer, Count(19, 21, sure=16)).startswith(
        "The most widespread area for improvement by sure findings is Theme 0, found in"
    )
    assert said(*surer, Count(17, 21, sure=16)).startswith(
        "The most widespread area for improvement is Theme 0, found in"
    )


def test_inspections_of_one_unit_stand_in_order_of_their_dates_and_are_told_apart():
    """Not by the names of the months: January 2024 is before March 2025, but after September."""
    made = make_tables(3, each=12)
    dates = dict(
        zip(made["documents"]["document_id"], ("2022-09", "2024-01", "2025-03"), strict=True)
    )
    unit = made["documents"].loc[0, "unit"]
    for name in ("documents", "findings"):
        published = made[name]["document_id"].map(dates)
        made[name] = made[name].assign(unit=unit, published=published)
    wanting = [
        {"document_id": key, "kind": "area_without_recommendation", "theme": "outcomes"}
        for key in sorted(dates, key=dates.get, reverse=True)
    ]
    made["coverage"] = frame("coverage", [{**row, "findings": 3} for row in wanting])
    made |= aggregate_tables(made)
    content = gather(made, ReportSettings())
    months = ["September 2022", "January 2024", "March 2025"]
    assert list(dict.fromkeys(item.date for item in content.advice)) == months
    assert [s.date for s in content.sources if s.status == "read"] == months
    assert [(r.earlier, r.later) for r in content.repeats] == [*pairwise(months)]
    assert [one.date for one in content.unanswered] == months
    told = render_markdown(content)
    heads = [f"### {unit}, {month}\n" for month in months]
    assert sorted(heads, key=told.index) == heads
    assert [told.count(head) for head in heads] == [1, 1, 1]
    assert f"| {unit} (3 reports) |" in told.replace("\\", "")
    page = render_html(content)
    assert f"{unit} (3 reports)</a></th>" in page
    groups = [f'data-group="{unit}, {month}"><summary>{unit}, {month}: ' for month in months]
    assert [page.count(group) for group in groups] == [1, 1, 1]
    assert sorted(groups, key=page.index) == groups
    book = load_workbook(io.BytesIO(render_excel(content)))
    assert f"{unit} (3 reports)" in [cell.value for cell in book["Theme x unit, areas"][1]]


def test_a_letter_that_some_reports_print_before_numbers_makes_no_second_column():
    made = make_tables(3, each=8)
    first, second, *_ = made["documents"]["document_id"]
    codes = [(first, "P 1.1"), (second, "1.1"), (first, "A 2.1"), (second, "B 2.1")]
    made["standards"] = frame(
        "standards",
        [{"document_id": d, "code": n, "standard": "Plans", "rating": "Good"} for d, n in codes],
    )
    made["documents"] = made["documents"].assign(framework="pdu-2023")
    content = gather(made, ReportSettings())
    names = ["A 2.1 Plans", "B 2.1 Plans", "P 1.1 Plans"]  # two letters may be two things
    (matrix,) = ratings_matrices(content)
    assert list(matrix.standards) == names
    own = {i.document_id: dict(cells) for _, i, cells in matrix.rows}
    assert own[second]["1.1 Plans"] == own[first]["P 1.1 Plans"] == "Good"  # linked by its own name
    sheet = load_workbook(io.BytesIO(render_excel(content)))["Ratings"]
    assert [cell.value for cell in sheet[1]][-3:] == names


def test_what_is_not_there_is_empty_and_a_folder_may_be_text(tmp_path):
    assert not any(len(table) for table in mine_tables({}).values())
    written = write_report({}, str(tmp_path / "report"), settings=ReportSettings(formats=("md",)))
    assert written == [tmp_path / "report" / "report.md"]


def test_files_of_one_name_are_told_apart_by_their_folders(tables):
    rows = [{"path": f"{place}/report.pdf", "status": "failed"} for place in ("north", "/tmp/a")]
    sources = gather({**tables, "ledger": frame("ledger", rows)}, ReportSettings()).sources
    assert [source.path for source in sources] == ["north/report.pdf", "report.pdf"]


def test_an_issue_of_one_unit_does_not_come_back_across_units(tables):
    content = gather(tables, ReportSettings())

    def said(*units):
        found = [
            Issue(f"i{n}", f"i{n}/x", f"Of {n}", "x", "X", AREA, (), Count(n, 9), None, ())
            for n in units
        ]
        told = summarise(replace(content, issues=found))
        return " ".join(part.text for sentence in told for part in sentence)

    opened = "1 issue  that needs improvement comes back across units; the widest by sure findings"
    assert f"{opened} is “ Of 3" in said(1, 3)
    assert "across units" not in said(1)  # inspected twice


def test_issues_say_from_when_to_when_they_were_found(tables):
    """In the page, in Markdown and in Word; of an extract, from its own reports."""
    content = gather(tables, ReportSettings())
    page, told = render_html(content), render_markdown(content)
    members = tables["issue_findings"].merge(tables["findings"], on="finding_id")
    for issue in content.issues:
        dates = members.loc[members["issue_id"] == issue.issue_id, "published"]
        assert issue.found == span([dates.min(), dates.max()])
        assert f"found {issue.found}" in issue.remarks
        assert f"{issue.counted[-1]}</span>; " in page
        assert f"; {issue.counted[-1]}" in told or f": {issue.counted[-1]}" in told
    since = max(tables["findings"]["published"].dropna())[:4]
    part = gather(make_tables(9, each=12), ReportSettings(since=since))
    assert part.issues
    assert all(issue.found[-4:] == issue.found.split()[1] == since for issue in part.issues)


def test_why_a_file_was_not_read_stands_beside_its_outcome(tables):
    """On a phone what stands in the last column is off the screen."""
    failed = next(s for s in gather(tables, ReportSettings()).sources if s.status == "failed")
    page = render_html(gather(tables, ReportSettings()))
    (row,) = re.findall(r'<tr class="failed"><th scope="row">.*?</th><td>.*?</td>(.*?)</td>', page)
    assert row.startswith('<td class="remarks">')
    assert failed.remarks[0][1:20] in row


def test_what_was_left_aside_is_called_so(tables):
    ledger = tables["ledger"].assign(status="aside", reason="a picture; nothing to do")
    page = render_html(gather({**tables, "ledger": ledger}, ReportSettings()))
    assert "<h3>Left aside</h3>" in page
    assert "A picture; nothing to do." in page


def test_a_run_of_an_earlier_version_says_the_same_of_what_is_no_longer_raised():
    made = make_tables(9, each=21)
    former = made["repeats"].replace({"status": {"no_longer_raised": "resolved"}})
    assert not former.equals(made["repeats"])
    now, then = (
        render_html(gather({**made, "repeats": repeats}, ReportSettings()))
        for repeats in (made["repeats"], former)
    )
    assert "No longer raised" in now
    assert now == then


def test_the_summary_names_the_widest_issues_of_both_sides_before_themes(tables):
    found = [
        Issue(f"{side}{n}", f"{side}{n}/x", f"{side} {n}", "x", "X", side, (), count, None, ())
        for side in (AREA, STRENGTH)
        for n, count in enumerate([Count(2, 9), Count(4, 9), Count(3, 9), Count(5, 9)])
    ]
    none = dict.fromkeys(("units", "repeats", "advice"), ())
    told = summarise(replace(gather(tables, ReportSettings()), issues=found, **none))
    _, _, areas, strengths, *themes = ["".join(part.text for part in one) for one in told]
    widest = (
        "widest by sure findings are “{0} 3” (5 of 9 units), “{0} 1” (4 of 9 units) and “{0} 2”"
    )
    assert areas.startswith("4 issues that need improvement come back across units; the ")
    assert strengths.startswith("4 issues that are strengths come back across units; the ")
    assert widest.format(AREA) in areas
    assert widest.format(STRENGTH) in strengths
    assert [one for one in themes if one.startswith("The most widespread")]


def test_of_one_unit_themes_lead_by_findings_and_none_is_widespread():
    made = make_tables(2, each=24)
    for name in ("documents", "findings"):
        made[name] = made[name].assign(unit=made["documents"].loc[0, "unit"])
    made |= aggregate_tables(made)
    content = gather(made, ReportSettings())
    said = ["".join(part.text for part in sentence) for sentence in content.summary]
    assert not [line for line in said if "widespread" in line or "of 1 unit" in line]
    (areas,) = (line for line in said if line.startswith("The areas for improvement are most"))
    found = [t.areas.findings for t in content.themes if t.areas.certain]
    named = [int(number) for number in re.findall(r"\((\d+) findings?\)", areas)]
    assert named == [n for n in sorted(found, reverse=True)[:3] if n > sorted(found)[-4]]
    (rated,) = (line for line in said if " rated " in line)
    assert rated.startswith("At the latest inspection the unit was rated ")


def test_equally_wide_issues_stand_in_the_summary_as_in_their_list_and_new_ones_last(tables):
    counts = {"b": Count(5, 20, sure=4), "a": Count(5, 20, sure=4), "new": Count(9, 20)}
    found = [
        Issue(n, f"{n}/x", n, "x", "X", AREA, (), count, None, (), new=n == "new")
        for n, count in counts.items()
    ]
    sentences = summarise(replace(gather(tables, ReportSettings()), issues=found))
    told = "".join(part.text for one in sentences for part in one)
    assert "“b” (5 of 20 units, 4 of them sure), “a” (5 of 20" in told
    assert told.index("“new” (9 of 20 units)") > told.index("“a”")


def test_a_report_without_findings_is_named_as_it_lowers_every_share(tables):
    documents = tables["documents"].copy()
    documents.loc[0, ["findings", "strengths", "areas_for_improvement"]] = 0
    made = {**tables, "documents": documents}
    (opened, *_) = gather(made, ReportSettings()).summary
    assert "; no finding was found in 1 of them, though its unit is counted" in "".join(
        part.text for part in opened
    )
    (opened, *_) = gather(made, ReportSettings(themes=("outcomes",))).summary
    assert "no finding was found" not in "".join(part.text for part in opened)
