"""Data workbooks: ODS and XLSX that we make, joined by code; wrong ones refused by cell."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

import pipelines
from pipelines.cli import app
from pipelines.cli.run import conclude
from pipelines.errors import CorpusError, UnreadableDocument
from pipelines.flow import read_into
from pipelines.workbooks import find_results, read_sheets

RUNNER = CliRunner()
SAMPLE = Path(__file__).parents[1] / "corpus" / "sample"
HEAD = ["Code", "Key question", "Number of cases", "Yes", "Percentage"]
ASKED = "Does assessment attend well enough to keeping other people safe?"


def xlsx(rows, *, title="Annexe data", before=()) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "Notes"
    for row in before:
        sheet.append(row)
    data = book.create_sheet(title)
    for row in rows:
        data.append([value[0] if isinstance(value, tuple) else value for value in row])
        for place, value in enumerate(row, start=1):
            if isinstance(value, tuple):  # a number shown as a percentage
                data.cell(data.max_row, place).number_format = "0%"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(rows, *, title="Annexe data", before=()) -> bytes:
    def cell(value):
        kind = "office:value-type"
        if value is None:
            return '<table:table-cell table:number-columns-repeated="1"/>'
        if isinstance(value, tuple):
            return f'<table:table-cell {kind}="percentage" office:value="{value[0]}"/>'
        if isinstance(value, str):
            text = f"<text:p>{escape(value)}</text:p>"
            return f'<table:table-cell {kind}="string">{text}</table:table-cell>'
        return f'<table:table-cell {kind}="float" office:value="{value}"/>'

    def table(name, listed):
        lines = "".join(
            f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in listed
        )
        empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/>'
        return f'<table:table table:name="{name}">{lines}{empty}</table:table-row></table:table>'

    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    body = table("Notes", before) + table(title, rows)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body>'
        f"<office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
    return out.getvalue()


FORMS = pytest.mark.parametrize("make", [xlsx, ods])


class Number(float):
    """A number with the digits that a file gives."""

    def __new__(cls, digits):
        made = super().__new__(cls, digits)
        made.digits = digits
        return made

    def __str__(self):
        return self.digits


def results(data, name="book.xlsx"):
    return find_results(read_sheets(data, name), name)


@FORMS
def test_results_are_read_with_their_cells(make):
    rows = [
        ["Results of key questions"],
        [],
        HEAD,
        ["2.1 Assessment"],
        ["P 2.1", ASKED, 46, 25, (0.54348,)],
        ["2.2", "Does planning engage?", "1,046", 523, "50%"],
        [2.3, "Is it safe?", 9, None, "*"],
        ["Source: the inspectorate"],
    ]
    found = results(make(rows, before=[["Contents"], ["Percentage", "explained"]]))
    assert [(r.code, r.percent, r.numerator, r.base, r.cell) for r in found] == [
        ("2.1", 54.35, 25, 46, "E5"),
        ("2.2", 50.0, 523, 1046, "E6"),
        ("2.3", None, None, 9, "E7"),
    ]
    assert found[0].sheet == "Annexe data"


@FORMS
def test_a_row_whose_words_are_those_of_heads_is_a_row_of_data(make):
    """It was taken for heads: it was lost, and the rows below it lost their bases."""
    rows = [
        ["Code", "Key question", "Cases", "Percentage", "95% interval"],
        ["2.1", "Question 1: Is it?", 46, "54%"],
        ["2.2", "Does it?", 46, "60%"],
        ["Code", "Key question", "Percentage", "Cases"],  # heads may come again
        ["2.3", "Question 3: Was it?", "30 per cent", 50],
    ]
    found = results(make(rows))
    assert [(r.code, r.percent, r.base) for r in found] == [
        ("2.1", 54, 46),
        ("2.2", 60, 46),
        ("2.3", 30, 50),
    ]


@FORMS
@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["2.1", ASKED, 46, 25, 154], "cell E2: got '154'; expected a percentage from 0 to 100"),
        (["2.1", ASKED, 46, 25, "about half"], "cell E2: got 'about half'"),
        (["2.1", ASKED, 46, None, 0.54], "format the cell as a percentage, or write 54"),
        (["2.1", ASKED, 46, 25, (0.71,)], "cell E2: got '71'; expected about 54, as D2 is 25 of"),
        (["2.1", ASKED, 46, 47, 100], "cell D2: got '47'; expected at most the base, 46"),
        (["2.1", ASKED, 4.5, 2, 44], "cell C2: got '4.5'; expected a number of cases"),
        (["2.1", ASKED, "many", 2, 44], "cell C2: got 'many'"),
        (["two", ASKED, 46, 25, 54], "cell A2: got 'two'; expected a code such as 2.1"),
        (["2.1", ASKED, 46, 25, None], "cell E2: got 'nothing'; expected a percentage"),
    ],
)
def test_a_wrong_cell_is_named(make, row, said):
    with pytest.raises(CorpusError) as raised:
        results(make([HEAD, row]))
    assert said in str(raised.value)
    assert str(raised.value).startswith("book.xlsx, sheet 'Annexe data', cell ")


def test_numbers_that_are_none_are_named():
    data = ods([HEAD, ["2.1", ASKED, "COUNT", 25, 54]])
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        content = packed.read("content.xml").decode()
    wrong = content.replace(
        'office:value-type="string"><text:p>COUNT',
        'office:value-type="float" office:value="nan"><text:p>',
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", wrong)
    with pytest.raises(CorpusError, match="cell C2: got 'nan'"):
        results(out.getvalue())


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1e99", "1" + 400 * "0"])
def test_a_number_of_cases_that_no_table_could_hold_is_named(number):
    with pytest.raises(CorpusError, match=r"cell C2: .*expected a number of cases"):
        results(ods([HEAD, ["2.1", ASKED, Number(number), 25, 54]]))


def test_a_formula_without_a_result_is_named():
    with pytest.raises(CorpusError, match="cell E2: got 'a formula without a result'"):
        results(xlsx([HEAD, ["2.1", ASKED, 46, 25, "=D2/C2"]]))


@FORMS
def test_a_question_that_stands_twice_is_named(make):
    row = ["2.1", ASKED, 46, 25, 54]
    with pytest.raises(CorpusError, match=r"cell E3: .* it stands at Annexe data!E2 already"):
        results(make([HEAD, row, row]))


@FORMS
def test_a_workbook_without_results_says_what_is_expected(make):
    with pytest.raises(CorpusError, match="no sheet has results; expected a row of heads"):
        results(make([["Unit", "Staff"], ["Kirk", 12]]))


def test_what_is_no_workbook_is_refused():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("xl/workbook.xml", b"0" * 60_000_000)
    for data, said in (
        (b"%PDF-1.7", "no ODS or XLSX workbook"),
        (b"PK\x03\x04 broken", "no ODS or XLSX workbook"),
        (packed.getvalue(), "larger than 50,000,000 bytes when unpacked"),
    ):
        with pytest.raises(UnreadableDocument, match=said):
            read_sheets(data, "book")


def test_entities_and_damage_in_an_ods_are_refused():
    strange = b'<?xml version="1.0" encoding="utf-82"?><a/>'
    entity = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    for content in (entity, b"<a>", "<a/>".encode("utf-16"), strange):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as out:
            out.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            out.writestr("content.xml", content)
        with pytest.raises(UnreadableDocument):
            read_sheets(packed.getvalue(), "book.ods")


def test_a_sheet_with_one_cell_far_off_is_refused_at_once():
    book = Workbook()
    book.active.cell(1_000_000, 16_000, "far")
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(UnreadableDocument, match="more than 500,000 cells"):
        read_sheets(out.getvalue(), "book.xlsx")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "run"
    sources = [SAMPLE / "aberwennol-2022-11.txt", SAMPLE / "ravelstow-2023-01.pdf"]
    return pipelines.run(sources, folder, formats=("md",))


@pytest.fixture
def folder(made, tmp_path):
    return shutil.copytree(made.folder, tmp_path / "run", symlinks=True)


def printed(run, unit="Aberwennol"):
    """Return the key questions of a unit as rows of a workbook, of 20 cases each."""
    documents = run.documents.set_index("document_id")["unit"]
    mine = run.key_questions[run.key_questions["document_id"].map(documents) == unit]
    return [[row["code"], row["question"], 20, None, row["percent"]] for _, row in mine.iterrows()]


@FORMS
def test_a_workbook_gives_exact_bases_and_survives_counting_anew(make, made, folder, tmp_path):
    path = tmp_path / "data.bin"
    rows = printed(made)
    rows.append(["2.2", "Was the home visited?", 12, 3, 25])  # the report does not print it
    path.write_bytes(make([HEAD, *rows], before=[["Aberwennol PDU: data workbook"]]))
    done = RUNNER.invoke(app, ["attach", str(folder), str(path)])
    assert done.exit_code == 0, done.output
    assert f"{len(rows)} results joined to aberwennol-2022-11, {len(rows) - 1} of its" in (
        done.stderr
    )
    assert RUNNER.invoke(app, ["aggregate", str(folder)]).exit_code == 0
    run = pipelines.open_run(folder)
    units = run.question_units
    mine = units[units["unit"] == "Aberwennol"]
    assert set(mine["base_source"]) == {"workbook"}
    assert sorted(set(mine["base"])) == [12, 20]
    assert len(mine) == len(rows)
    assert set(units.loc[units["unit"] == "Ravelstow", "base_source"]) == {"report"}
    again = RUNNER.invoke(app, ["attach", str(folder), str(path)])
    assert again.exit_code == 0
    assert len(pipelines.open_run(folder).workbook_results) == len(rows)
    listed = RUNNER.invoke(
        app, ["questions", str(folder), "--unit", "Aberwennol", "--theme", "risk-of-harm", "--csv"]
    )
    assert listed.exit_code == 0
    assert ",workbook," in listed.stdout
    assert RUNNER.invoke(app, ["report", str(folder), "--formats", "md"]).exit_code == 0


def refused(folder, path, *more):
    before = pipelines.open_run(folder).tables
    done = RUNNER.invoke(app, ["attach", str(folder), str(path), *more])
    assert done.exit_code != 0
    assert set(pipelines.open_run(folder).tables) == set(before)
    return str(done.exception)


def test_the_workbook_of_another_inspection_is_refused_by_cell(made, folder, tmp_path):
    path = tmp_path / "ravelstow.xlsx"
    path.write_bytes(xlsx([HEAD, *printed(made, "Aberwennol")]))
    assert "as the report prints for" in refused(folder, path)
    assert "is it the workbook of another inspection?" in refused(folder, path)
    assert "Annexe data', cell E" in refused(folder, path)


def test_a_code_that_the_report_has_not_is_refused_by_cell(made, folder, tmp_path):
    path = tmp_path / "aberwennol.ods"
    path.write_bytes(ods([HEAD, *printed(made), ["9.9", "Is it?", 20, 5, 25]]))
    row = len(printed(made)) + 2
    assert f"cell E{row}: got 'code 9.9'; expected one of the report's: 1.1, " in (
        refused(folder, path)
    )


def test_codes_alone_are_not_enough_where_the_report_asks_more(made, folder, tmp_path):
    path = tmp_path / "aberwennol.xlsx"
    path.write_bytes(xlsx([["Code", "Percentage"], ["2.2", 22]]))
    said = refused(folder, path)
    assert "cell B2: got 'code 2.2 without a question'; expected a column Key question" in said


def test_whose_workbook_it_is_must_be_clear(made, folder, tmp_path):
    path = tmp_path / "data.xlsx"
    path.write_bytes(xlsx([HEAD, *printed(made)]))
    said = refused(folder, path)
    assert "names none of their units" in said
    assert "aberwennol-2022-11, ravelstow-2023-01" in said
    assert "this run has" in refused(folder, path, "--document", "nobody")
    told = ["attach", str(folder), str(path), "--document", "aberwennol-2022-11"]
    assert RUNNER.invoke(app, told).exit_code == 0


@pytest.fixture
def attached(made, folder, tmp_path):
    path = tmp_path / "aberwennol.ods"
    path.write_bytes(ods([HEAD, *printed(made), ["2.2", "Was the home visited?", 12, 3, 25]]))
    assert RUNNER.invoke(app, ["attach", str(folder), str(path)]).exit_code == 0
    return pipelines.open_run(folder).workbook_results


def test_a_new_run_into_the_folder_keeps_what_was_attached(folder, attached):
    source = SAMPLE / "aberwennol-2022-11.txt"
    command = ["run", str(source), "--out", str(folder), "--formats", "md"]
    done = RUNNER.invoke(app, command)
    assert done.exit_code == 0, done.output
    again = pipelines.open_run(folder)
    assert again.workbook_results.equals(attached)
    assert set(again.question_units["base_source"]) == {"workbook"}


def test_results_of_a_document_that_is_not_read_this_time_wait_for_it(folder, attached):
    read_into([SAMPLE / "ravelstow-2023-01.pdf"], folder)
    assert pipelines.open_run(folder).workbook_results.equals(attached)
    read_into([SAMPLE / "aberwennol-2022-11.txt"], folder)
    assert pipelines.open_run(folder).workbook_results.equals(attached)


def test_a_report_that_was_corrected_since_is_not_overruled(folder, attached, tmp_path, capsys):
    first = attached.iloc[0]
    corrected = tmp_path / "aberwennol-2022-11.txt"
    text = (SAMPLE / corrected.name).read_text(encoding="utf-8")
    old = f"{first['percent']:g}%"
    assert old in text
    corrected.write_text(text.replace(old, "99%"), encoding="utf-8")
    again = read_into([corrected], folder)
    said = "the data workbook attached to this document is left out: aberwennol.ods"
    assert again.workbook_results.empty
    warning = next(w for w in again.documents["warnings"][0] if w.startswith(said))
    assert "expected 99, as the report prints for" in warning
    assert "attach it again" in warning
    conclude(again, 1.0)
    assert said in capsys.readouterr().err


def test_a_run_into_a_folder_that_holds_no_run_attaches_nothing(tmp_path):
    done = read_into([SAMPLE / "aberwennol-2022-11.txt"], tmp_path / "new")
    assert "workbook_results" not in done.tables
