"""Sheets of labels as people and programs really send them."""

import datetime as dt
import io
import json
import re
import zipfile
from importlib.resources import files
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart
from openpyxl.styles import Font

from pipelines.errors import CorpusError, SettingsError, UnreadableDocument
from pipelines.tag.labels.files import read_rows
from pipelines.tag.labels.heads import coders_of, heads_of, is_a_name
from pipelines.tag.labels.marks import read_marks
from pipelines.tag.labels.reading import check_labels
from pipelines.workbooks.opening import read_file

LIFT, CALLS = "The lift had been broken since May.", "Nobody rang the police about visits."
WANTED = [(LIFT, ("premises-and-travel",)), (CALLS, ("domestic-abuse-checks", "risk-of-harm"))]
SLUGS = ["premises-and-travel", "domestic-abuse-checks; risk-of-harm"]
CASES = Path(__file__).parents[2] / "shared" / "cases"


def found(path):
    return check_labels(read_rows(path))


def labels(path):
    got = found(path)
    assert got.problems == ()
    return [(label.text, label.themes) for label in got.labels]


def table(delimiter=",", heads=("text", "themes"), themes=SLUGS):
    rows = [heads, (LIFT, themes[0]), (CALLS, themes[1])]
    return "".join(delimiter.join(f'"{cell}"' for cell in row) + "\r\n" for row in rows)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_rows_of_text_in_any_dress(tmp_path, delimiter, encoding):
    path = tmp_path / "new.csv"
    path.write_bytes(table(delimiter).encode(encoding))
    assert labels(path) == WANTED


def test_windows_text_is_read_as_such_and_said(tmp_path):
    path = tmp_path / "new.csv"
    text = "Nobody went to the café – not once."
    path.write_bytes(f"text,themes\n{text},outcomes\n".encode("cp1252"))
    assert labels(path) == [(text, ("outcomes",))]
    assert any("Windows-1252" in note for note in found(path).notes)


@pytest.mark.parametrize(
    "heads",
    [
        ("Text", "THEMES"),
        (" text ", "themes "),
        ("Finding", "Theme"),
        ("data", "label"),
        ("FINDING (verbatim)", "Theme(s)"),
        ("Finding text:", "what the reader chose"),  # known by what it holds
    ],
)
def test_heads_in_any_spelling(tmp_path, heads):
    path = tmp_path / "new.tsv"
    path.write_text(table("\t", heads))
    assert labels(path) == WANTED


@pytest.mark.parametrize(
    "themes",
    [
        ["Premises and travel", "Domestic abuse checks; Risk of harm"],
        ["PREMISES-AND-TRAVEL", "domestic_abuse_checks, risk of  harm"],
        ["premises & travel", "Domestic abuse checks\nRisk of harm"],
        ["['premises-and-travel']", "['domestic-abuse-checks', 'risk-of-harm']"],
        ["premises-and-travel;", "domestic-abuse-checks#risk-of-harm"],
    ],
)
def test_themes_by_slug_or_name_and_parted_in_any_way(tmp_path, themes):
    path = tmp_path / "new.csv"
    path.write_text(table(themes=themes))
    assert labels(path) == WANTED


def test_old_mac_text_is_read_as_such_and_said(tmp_path):
    path = tmp_path / "new.csv"
    text = "The café’s “drop-in” was shut."
    path.write_bytes(f"text,themes\r{text},outcomes\r".encode("mac_roman"))
    assert labels(path) == [(text, ("outcomes",))]
    assert any("Mac Roman" in note for note in found(path).notes)


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        *(("x", None), (1, 0), ("Yes", "no"), ("✓", ""), ("☑️", "☐"), ("✅", "☒"), ("☒", "☐")),
        *(("✅", "❌"), ("●", None), ("■", "□"), ("√", "×")),
    ],
)
def test_a_column_for_each_theme_that_is_ticked(tmp_path, yes, no):
    book = Workbook()
    book.active.append(["Text", "Premises and travel", "domestic-abuse-checks", "Risk of harm"])
    book.active.append([LIFT, yes, no, no])
    book.active.append([CALLS, no, yes, yes])
    book.active.append(["Nothing of all this.", no, no, no])
    book.save(tmp_path / "new.xlsx")
    assert labels(tmp_path / "new.xlsx") == [*WANTED, ("Nothing of all this.", ())]
    said = ("new.xlsx: ☒ was taken as a tick",) if yes == "☒" else ()
    assert found(tmp_path / "new.xlsx").notes == said
    book.active["B2"] = "perhaps"
    book.save(tmp_path / "new.xlsx")
    assert "holds 'perhaps'" in found(tmp_path / "new.xlsx").problems[0]


@pytest.mark.parametrize("cross", ["✗", "✘"])
def test_a_cross_is_no_tick(tmp_path, cross):
    path = tmp_path / "new.csv"
    heads = "Text,Premises and travel,Risk of harm\n"
    path.write_text(f"{heads}{LIFT},✓,{cross}\n{CALLS},{cross},{cross}\n", encoding="utf-8")
    assert labels(path) == [(LIFT, ("premises-and-travel",)), (CALLS, ())]
    path.write_text(f"{heads}{LIFT},{cross},\n{CALLS},,\n", encoding="utf-8")
    problem = f"new.csv row 2: column 2 (premises-and-travel) holds '{cross}'; expected x or 1"
    assert found(path).problems[0].startswith(problem)  # alone it may mean either


def test_every_sheet_with_the_same_heads_counts_and_a_hidden_one_is_said(tmp_path):
    book = Workbook()
    for number, (text, slugs) in enumerate(
        zip((LIFT, CALLS, "Old."), (*SLUGS, "outcomes"), strict=False)
    ):
        sheet = book.create_sheet(f"Part {number}")
        sheet.append(["Text", "Themes"])
        sheet.append([text, slugs])
    book["Part 2"].sheet_state = "hidden"
    book.save(tmp_path / "new.xlsx")
    assert labels(tmp_path / "new.xlsx") == WANTED
    assert any("Part 2" in note and "hidden" in note for note in found(tmp_path / "new.xlsx").notes)


def test_what_a_file_is_counts_and_not_what_it_is_called(tmp_path):
    book = Workbook()
    for row in (["text", "themes"], [LIFT, SLUGS[0]], [CALLS, SLUGS[1]]):
        book.active.append(row)
    book.save(tmp_path / "new.xlsx")
    (tmp_path / "new.xlsx").rename(tmp_path / "book.csv")
    (tmp_path / "text.xlsx").write_text(table(), encoding="utf-8")
    assert labels(tmp_path / "book.csv") == labels(tmp_path / "text.xlsx") == WANTED


@pytest.mark.parametrize("themes", ["none", "None", "-", "–", "--", "n/a", "no theme"])
def test_no_theme_in_any_words(tmp_path, themes):
    path = tmp_path / "new.csv"
    path.write_text(f"text,themes\n{LIFT},{themes}\n")
    assert labels(path) == [(LIFT, ())]


@pytest.mark.parametrize("themes", ["?", "???", "…", "!", "/", "(?)"])
@pytest.mark.parametrize("column", ["themes", "issues"])
def test_signs_that_ask_are_no_word_for_none(tmp_path, column, themes):
    path = tmp_path / "new.csv"
    cells = {"themes": SLUGS[0], "issues": "none", column: themes}
    path.write_text(f"text,themes,issues\n{LIFT},{cells['themes']},{cells['issues']}\n", "utf-8")
    what = column.removesuffix("s")
    assert found(path).problems[0].startswith(f"new.csv row 2: unknown {what} {themes!r}")


@pytest.mark.parametrize("by", ["columns", "lists", "ids"])
def test_json_as_tables_are_saved(tmp_path, by):
    records = {
        str(n): {"text": t, "themes": s}
        for n, (t, s) in enumerate(zip((LIFT, CALLS), SLUGS, strict=False))
    }
    columns = {name: {n: r[name] for n, r in records.items()} for name in ("text", "themes")}
    lists = {name: list(values.values()) for name, values in columns.items()}
    path = tmp_path / "new.json"
    path.write_text(json.dumps({"ids": records, "columns": columns, "lists": lists}[by]))
    assert labels(path) == WANTED


def test_two_annotators_of_one_task_are_two_coders(tmp_path):
    given = [
        {"completed_by": who, "result": [{"type": "choices", "value": {"choices": [slug]}}]}
        for who, slug in (("ann", "outcomes"), ("ben", "risk-of-harm"))
    ]
    path = tmp_path / "new.json"
    path.write_text(json.dumps([{"data": {"text": LIFT}, "annotations": given}]))
    rows = read_rows(path)
    assert [row.values["coder"] for row in rows] == ["ann", "ben"]
    assert [row.values["themes"] for row in rows] == [["outcomes"], ["risk-of-harm"]]


def test_blank_rows_are_passed_over_and_counted_as_the_spreadsheet_counts(tmp_path):
    path = tmp_path / "new.csv"
    path.write_text(f"text,themes\n,\n\n{LIFT},outcomes\n,\nOther.,nonsense\n,\n")
    got = found(path)
    assert [label.source for label in got.labels] == ["new.csv row 4"]
    assert len(got.problems) == 1
    assert got.problems[0].startswith("new.csv row 6: unknown theme 'nonsense'")


RECORDS = {
    "prodigy.jsonl": [
        {"text": LIFT, "accept": ["premises-and-travel"], "answer": "accept"},
        {"text": CALLS, "accept": ["domestic-abuse-checks", "risk-of-harm"], "answer": "accept"},
        {"text": "Passed over.", "accept": ["outcomes"], "answer": "ignore"},
    ],
    "doccano.jsonl": [
        {"id": 1, "data": LIFT, "label": ["premises-and-travel"]},
        {"id": 2, "data": CALLS, "label": ["Domestic abuse checks", "risk-of-harm"]},
    ],
    "labelstudio.json": [
        {
            "id": n,
            "data": {"text": text},
            "annotations": [
                {"was_cancelled": True, "result": []},
                {"result": [{"type": "choices", "value": {"choices": list(themes)}}]},
            ],
        }
        for n, (text, themes) in enumerate(WANTED)
    ],
    "labelstudio-min.json": [
        {"text": LIFT, "themes": "premises-and-travel", "annotator": 1},
        {"text": CALLS, "themes": {"choices": ["domestic-abuse-checks", "risk-of-harm"]}},
    ],
    "argilla.json": [
        {
            "fields": {"text": text},
            "status": "completed",
            "responses": {"themes": [{"value": list(themes), "user_id": "u"}]},
        }
        for text, themes in WANTED
    ],
    "argilla1.jsonl": [
        {"fields": {"text": text}, "responses": [{"values": {"themes": {"value": list(themes)}}}]}
        for text, themes in WANTED
    ],
    "spacy.jsonl": [
        {"text": text, "cats": {"outcomes": 0.0, **dict.fromkeys(themes, 1.0)}}
        for text, themes in WANTED
    ],
    "array.json": [{"text": text, "themes": "; ".join(themes)} for text, themes in WANTED],
}


@pytest.mark.parametrize("name", RECORDS)
def test_what_annotation_tools_export(tmp_path, name):
    path = tmp_path / name
    lines = [json.dumps(record) for record in RECORDS[name]]
    path.write_text("\n".join(lines) if name.endswith("l") else f"[{','.join(lines)}]")
    assert labels(path) == WANTED


@pytest.mark.parametrize(
    "record",
    [
        '{"text": NaN, "themes": ["outcomes"]}',
        '{"text": ["x"], "themes": ["outcomes"]}',
        '{"text": 12, "themes": ["outcomes"]}',
        '{"text": "12.5", "themes": ["outcomes"]}',
        '{"text": "nan", "themes": ["outcomes"]}',
        '{"text": "Words.", "themes": null}',
        '{"text": "Lost \\ufffd letters.", "themes": "outcomes"}',
    ],
)
def test_what_is_no_finding_is_refused_by_its_row(tmp_path, record):
    path = tmp_path / "new.jsonl"
    path.write_text(record)
    got = found(path)
    assert got.labels == ()
    assert got.problems[0].startswith("new.jsonl row 1: ")


def test_lost_letters_in_json_are_refused(tmp_path):
    path = tmp_path / "new.jsonl"
    path.write_bytes('{"text": "café", "themes": ["outcomes"]}'.encode("cp1252"))
    with pytest.raises(CorpusError, match="row 1 is not UTF-8"):
        read_rows(path)


def workbook(path, *, change=lambda book: None):
    book = Workbook()
    book.active.title = "Labels"
    for row in (("text", "themes"), (LIFT, SLUGS[0]), (CALLS, SLUGS[1])):
        book.active.append(row)
    change(book)
    book.save(path)
    return path


def test_labels_on_the_second_sheet_below_a_title(tmp_path):
    def change(book):
        notes = book.create_sheet("Read me", 0)
        notes["A1"] = "How to label: one row a finding"
        book.active = 0
        book["Labels"].insert_rows(1, 2)
        book["Labels"]["A1"] = "Our labels"

    assert labels(workbook(tmp_path / "new.xlsx", change=change)) == WANTED
    assert found(tmp_path / "new.xlsx").labels[0].source == "new.xlsx row 4"


def test_a_chart_sheet_in_front(tmp_path):
    def change(book):
        book.create_chartsheet("Chart", 0).add_chart(BarChart())
        book.active = 0

    assert labels(workbook(tmp_path / "new.xlsx", change=change)) == WANTED


def test_a_stated_dimension_that_is_wrong(tmp_path):
    path = workbook(tmp_path / "right.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "new.xlsx", "w") as new:
        for name in old.namelist():
            part = old.read(name).replace(b'<dimension ref="A1:B3"', b'<dimension ref="A1"')
            new.writestr(name, part)
    assert labels(tmp_path / "new.xlsx") == WANTED


def test_a_sheet_that_is_too_large_to_be_read_whole_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("pipelines.tag.labels.sheets.MOST_CELLS", 100)
    book = Workbook()
    book.active.append(["text", "themes"])
    for number in range(40):
        book.active.append([f"Visit {number} was not made.", "none"])
    book.create_sheet("notes")["ZZ50"] = "which nobody asks for"
    book.active["B90"].font = Font(bold=True)  # holds nothing: people format whole columns
    book.save(tmp_path / "narrow.xlsx")
    assert len(read_rows(tmp_path / "narrow.xlsx")) == 40
    book.active["ZZ2"] = "a stray cell"
    book.save(tmp_path / "wide.xlsx")
    with pytest.raises(CorpusError, match=r"'Sheet' has more than 100 cells.*row 2;.*parts"):
        read_rows(tmp_path / "wide.xlsx")


@pytest.mark.parametrize("empty", [0, 2])  # first rows: those below keep their numbers
def test_a_hidden_row_is_passed_over_and_said(tmp_path, empty):
    def change(book):
        for _ in range(empty):
            book.active.insert_rows(1)
        book.active.append(("Hidden.", "nonsense"))
        book.active.row_dimensions[4 + empty].hidden = True

    got = found(workbook(tmp_path / "new.xlsx", change=change))
    assert got.problems == ()
    assert len(got.labels) == 2
    assert [note for note in got.notes if f"row {4 + empty}" in note and "hidden" in note]


def test_a_cell_merged_over_rows_means_each_of_them(tmp_path):
    def change(book):
        book.active["B3"] = None
        book.active.merge_cells("B2:B3")

    themes = [theme for _, theme in labels(workbook(tmp_path / "new.xlsx", change=change))]
    assert themes == [("premises-and-travel",)] * 2


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def packed_with(*names):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as written:
        for name in names:
            written.writestr(name, b"x")
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (OLD + b"\0" * 50 + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
        (OLD + b"\0" * 50, "an old workbook"),
        (packed_with("xl/workbook.bin", "xl/worksheets/sheet1.bin"), "binary workbook"),
        (packed_with("word/document.xml"), "no workbook; give the workbook"),
        (packed_with("xl/workbook.xml"), "no sheet of cells"),
    ],
)
def test_what_is_called_xlsx_and_is_none_is_named(tmp_path, data, said):
    path = tmp_path / "labels.xlsx"
    path.write_bytes(data)
    with pytest.raises(CorpusError, match=said):
        read_rows(path)


@pytest.mark.parametrize("area", ["A3:XFD1048576", "A3:A$600000", "$A$3:$B$600000"])
def test_cells_merged_over_a_whole_sheet_are_not_made_one_by_one(tmp_path, area):
    """A file of five kilobytes took all of the memory."""
    book = Workbook()
    book.active.append(["text", "themes"])
    book.active.append([LIFT, SLUGS[0]])
    book.active.merge_cells("A3:A4")
    book.save(tmp_path / "small.xlsx")
    path = tmp_path / "large.xlsx"
    with zipfile.ZipFile(tmp_path / "small.xlsx") as small, zipfile.ZipFile(path, "w") as large:
        for name in small.namelist():
            large.writestr(name, small.read(name).replace(b"A3:A4", area.encode()))
    assert len(labels(tmp_path / "small.xlsx")) == 1
    with pytest.raises(CorpusError, match=r"merges .*; part them"):
        read_rows(path)
    with pytest.raises(UnreadableDocument, match="merges"):
        read_file(path)


def test_heads_that_are_no_words_are_listed_by_their_cells(tmp_path):
    book = Workbook()
    book.active.append(["Region", dt.date(2031, 2, 3), "Units"])
    book.save(tmp_path / "counts.xlsx")
    with pytest.raises(
        CorpusError, match="got 'Region', 'B1, which holds the date 2031-02-03"
    ) as no:
        read_rows(tmp_path / "counts.xlsx")
    assert "Wrong(" not in str(no.value)


def test_a_row_that_no_program_writes_is_refused_at_once(tmp_path):
    """One cell far below: every row above it was looked at, a million million of them."""
    book = Workbook()
    book.active.append(["text", "themes"])
    book.active.append(["Homes were visited.", "outcomes"])
    book.save(tmp_path / "whole.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "whole.xlsx") as whole,
        zipfile.ZipFile(tmp_path / "far.xlsx", "w") as far,
    ):
        for name in whole.namelist():
            data = whole.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = data.replace(b'r="2"', b'r="1099511627776"')
                data = data.replace(b'"A2"', b'"A1099511627776"').replace(
                    b'"B2"', b'"B1099511627776"'
                )
            far.writestr(name, data)
    assert len(read_rows(tmp_path / "whole.xlsx")) == 1
    with pytest.raises(CorpusError, match="has rows beyond 1,048,576"):
        read_rows(tmp_path / "far.xlsx")


@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [
        ("A2", "#N/A", "A2 holds the error"),
        ("B2", "#REF!", "B2 holds the error"),
        ("A3", 12.5, "A3 holds the number 12.5"),
        ("B3", 3, "B3 holds the number 3"),
        ("B2", '=IF(1,"outcomes","")', "B2 holds a formula whose result was not saved"),
    ],
)
def test_cells_that_hold_no_words_are_refused_by_name(tmp_path, cell, value, said):
    def change(book):
        book.active[cell] = value

    got = found(workbook(tmp_path / "new.xlsx", change=change))
    assert len(got.problems) == 1
    assert said in got.problems[0]
    assert len(got.labels) == 1


def test_damaged_workbooks_are_a_sentence(tmp_path):
    whole = workbook(tmp_path / "whole.xlsx").read_bytes()
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(whole[: len(whole) // 2])
    torn = tmp_path / "torn.xlsx"
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(torn, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part[:300] if "sheet1" in name else part)
    for path in (cut, torn):
        with pytest.raises(CorpusError, match=r"damaged.*save it as \.xlsx"):
            read_rows(path)


def of_charts(whole):
    """A workbook without a sheet of cells, as where a chart has a sheet of its own."""
    book = Workbook()
    book.remove(book.active)
    book.create_chartsheet("Chart")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def unstyled(whole):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<x>" if "styles" in name else old.read(name))
    return out.getvalue()


def scribbled(whole):
    """Ten bytes of what is packed written over: zlib's error, or that of the check sum."""
    return whole[:300] + b"X" * 10 + whole[310:]


def shortened(whole):
    """A part that ends before it should."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    data = bytearray(out.getvalue())
    for at in [n for n in range(len(data)) if data[n : n + 4] == b"PK\1\2"]:
        data[at + 20 : at + 28] = (10**6).to_bytes(4, "little") * 2
    return bytes(data)


@pytest.mark.parametrize("change", [unstyled, scribbled, shortened, of_charts])
@pytest.mark.parametrize(
    ("opened", "error"), [(read_rows, CorpusError), (read_file, UnreadableDocument)]
)
def test_a_workbook_damaged_anywhere_is_a_sentence(tmp_path, change, opened, error):
    path = tmp_path / "new.xlsx"
    path.write_bytes(change(workbook(tmp_path / "whole.xlsx").read_bytes()))
    with pytest.raises(error, match=r"new.xlsx.*(damaged|no sheet of cells).*save"):
        opened(path)


@pytest.mark.parametrize("content", ["", "\n\n", "text,themes\n", "text,themes\n,\n"])
def test_a_file_that_gives_no_label_is_an_error(tmp_path, content):
    path = tmp_path / "new.csv"
    path.write_text(content)
    with pytest.raises(CorpusError):
        read_rows(path)


def test_texts_are_alike_whatever_quotes_form_and_spacing(tmp_path):
    one = "Women’s centre – “safe” at Tŷ Gwyn."
    others = ['Women\'s centre - "safe" at Tŷ  Gwyn.', "Women‘s centre — ”safe” at Ty\u0302 Gwyn."]
    path = tmp_path / "new.json"
    rows = [{"text": text, "themes": ["outcomes"]} for text in (one, *others)]
    path.write_text(json.dumps(rows))
    got = found(path)
    assert len(got.labels) == 1
    assert len(got.notes) == 2
    rows[2]["themes"] = ["risk-of-harm"]
    path.write_text(json.dumps(rows))
    assert "conflicts with" in found(path).problems[0]


def test_spoilt_letters_are_mended_and_said(tmp_path):
    path = tmp_path / "new.csv"
    good = "A women’s centre – at Tŷ Gwyn."
    spoilt = good.encode().decode("cp1252")
    path.write_text(f"text,themes\n{spoilt},womens-services\n", encoding="utf-8-sig")
    assert labels(path) == [(good, ("womens-services",))]
    assert "mended" in found(path).notes[0]


def test_two_coders_in_one_file_are_told_where_to_compare(tmp_path):
    path = tmp_path / "new.csv"
    path.write_text(f"text,themes,coder\n{LIFT},outcomes,A\n{LIFT},risk-of-harm,B\n")
    assert "findings labels agreement" in found(path).problems[0]


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not at hand")
@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("06-xlsx-dimension/40-dimension-A1.xlsx", 3),
        ("07-xlsx-notes-first/31-notes-first.xlsx", 3),
        ("08-xlsx-tracebacks/37-chartsheet-active.xlsx", 3),
        ("10-csv-excel-blank-rows/57-excel-blank.csv", 2),
        ("11-mojibake-labels/70-mojibake.csv", 1),
        ("29-annotation-tools/02-bom-semicolon.csv", 3),
        ("29-annotation-tools/04-utf16-tab.csv", 3),
        ("29-annotation-tools/13-names.csv", 2),
        ("29-annotation-tools/22-labelstudio.csv", 2),
        ("29-annotation-tools/23-doccano.csv", 2),
        ("29-annotation-tools/51-prodigy.jsonl", 3),
        ("29-annotation-tools/54-array.json", 3),
        ("31-correct-a-shipped-label/74-override-shipped.csv", 1),
    ],
)
def test_the_cases_give_their_labels(name, number):
    assert len(labels(CASES / name)) == number


@pytest.mark.parametrize(
    "heads",
    ["text,Theme A,Theme B", "Quote,Primary theme,Second theme", "findingText,theme,theme.1"],
)
def test_a_column_for_each_theme_however_they_are_told_apart(tmp_path, heads):
    path = tmp_path / "new.csv"
    path.write_text(f"{heads}\n{LIFT},{SLUGS[0]},\n{CALLS},Domestic abuse checks,Risk of harm\n")
    assert labels(path) == WANTED


@pytest.mark.parametrize(
    "themes",
    [
        "Domestic abuse checks / risk-of-harm",
        "domestic-abuse-checks/risk-of-harm",
        "Domestic abuse checks and Risk of harm",
        "1. Domestic abuse checks\n2) Risk of harm",
        "- Domestic abuse checks\n- Risk of harm",
        "domestic-abuse-checks + risk-of-harm",
    ],
)
def test_no_theme_of_a_cell_is_lost_whatever_parts_them(tmp_path, themes):
    path = tmp_path / "new.csv"
    path.write_text(table(themes=(SLUGS[0], themes)))
    assert labels(path) == WANTED


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    "odd",
    ['"so it said', '"so it said\n{}"The third",{}outcomes,"quoted"', '"so it said""'],
    ids=["to the end", "to the next", "doubled"],
)
def test_a_quote_that_is_not_closed_is_refused_wherever_it_is(tmp_path, delimiter, odd):
    """It takes in the rows below, and no column that we read shows it."""
    path = tmp_path / "new.csv"
    lines = [
        "text,themes,why",
        f"{LIFT},outcomes,",
        f"{CALLS},outcomes,{odd}",
        "A third.,outcomes,",
    ]
    path.write_text("\n".join(lines).replace("{}", "").replace(",", delimiter) + "\n")
    with pytest.raises(CorpusError, match="row 3: a quote is opened and not closed"):
        read_rows(path)


def test_quotes_in_and_around_cells_are_read_as_spreadsheets_read_them(tmp_path):
    path = tmp_path / "new.csv"
    whys = [
        '"two\nlines, ""quoted"""',
        '"two\nlines and a blank" ',
        '"odd" one',
        'a 5" pipe',
        '"last\nof all"',
    ]
    lines = [f"Finding {n}.,outcomes,{why}" for n, why in enumerate(whys)]
    path.write_text("\n".join(["text,themes,why", *lines]))
    assert len(labels(path)) == len(whys)


class Counted(str):
    """A text that counts the characters that are copied out of it."""

    copied = 0

    def __getitem__(self, key):
        out = super().__getitem__(key)
        Counted.copied += len(out)
        return out


def test_objects_one_after_the_other_are_read_without_copying_what_is_left():
    from pipelines.tag.labels import records as label_json

    text = Counted('{"text": "One."}\n' * 400)
    assert len(label_json._one_after_the_other(text)) == 400
    assert Counted.copied <= len(text)


def test_a_title_with_commas_above_a_table_with_semicolons(tmp_path):
    path = tmp_path / "new.csv"
    path.write_text("Our labels, by Ann, in May, all\r\n\r\n" + table(";"))
    assert labels(path) == WANTED


def test_rows_of_a_file_by_another_name(tmp_path):
    records = [{"text": text, "themes": list(themes)} for text, themes in WANTED]
    for name, content in (
        ("a.csv", json.dumps(records)),
        ("b.txt", "\n".join(map(json.dumps, records))),
        ("c.json", table()),
        ("d.jsonl", "\n".join(json.dumps(one, indent=1) for one in records)),
    ):
        (tmp_path / name).write_text(content)
        assert labels(tmp_path / name) == WANTED


@pytest.mark.parametrize(
    "whole",
    [
        lambda rows: {"tags": ["ours"], "project": {"items": rows}},
        lambda rows: {"columns": ["text", "themes"], "data": [list(r.values()) for r in rows]},
        lambda rows: [["text", "themes"], *(list(r.values()) for r in rows)],
        lambda rows: [
            {"text": r["text"], **{s: int(s in r["themes"]) for _, t in WANTED for s in t}}
            for r in rows
        ],
        lambda rows: [{"text": r["text"], "topic": {"choices": r["themes"]}} for r in rows],
    ],
)
def test_rows_wherever_they_lie_in_json(tmp_path, whole):
    path = tmp_path / "new.json"
    rows = [{"text": text, "themes": list(themes)} for text, themes in WANTED]
    path.write_bytes(json.dumps(whole(rows)).encode("utf-16-le"))
    assert labels(path) == WANTED


def results(*parts):
    return {"annotations": [{"completed_by": 1, "result": list(parts)}]}


def choices(*slugs, name="themes"):
    return {"type": "choices", "from_name": name, "value": {"choices": list(slugs)}}


TOOLS = {
    "Label Studio, with a remark and a rating": [
        results(
            {"type": "rating", "value": {"rating": 4}},
            {"type": "textarea", "from_name": "why", "value": {"text": ["So."]}},
            choices(*themes),
        )
        for _, themes in WANTED
    ],
    "Label Studio, two questions, neither named for themes": [
        results(choices("Quite sure", name="sure"), choices(*themes, name="what"))
        for _, themes in WANTED
    ],
    "Label Studio, a tree": [
        results({"type": "taxonomy", "value": {"taxonomy": [["A group", t] for t in themes]}})
        for _, themes in WANTED
    ],
    "doccano, an annotation a label": [
        {"annotations": [{"label": theme, "user": 1} for theme in themes]} for _, themes in WANTED
    ],
    "doccano, spans": [{"label": [[0, 4, theme] for theme in themes]} for _, themes in WANTED],
    "doccano, cats": [{"cats": list(themes), "entities": []} for _, themes in WANTED],
    "Prodigy, options by number": [
        {"options": [{"id": n, "text": t} for n, t in enumerate(themes)], "accept": [*range(n)]}
        for _, themes in WANTED
        for n in [len(themes)]
    ],
    "Prodigy, spans": [{"spans": [{"label": t} for t in themes]} for _, themes in WANTED],
    "Argilla, two questions": [
        {"responses": {"quality": [{"value": "good"}], "about": [{"value": list(themes)}]}}
        for _, themes in WANTED
    ],
    "Argilla, before version 1": [
        {"annotation": [{"label": theme, "score": 1.0} for theme in themes], "status": "Validated"}
        for _, themes in WANTED
    ],
}


@pytest.mark.parametrize("tool", TOOLS)
def test_questions_of_annotation_tools_by_any_name(tmp_path, tool):
    path = tmp_path / "new.json"
    texts = [{"text": text} for text, _ in WANTED]
    path.write_text(json.dumps([a | b for a, b in zip(texts, TOOLS[tool], strict=True)]))
    assert labels(path) == WANTED


@pytest.mark.parametrize(
    "record",
    [
        {"annotations": []},
        {"annotations": [], "predictions": [{"result": [choices("outcomes")]}]},
        {"responses": {}},
        {"responses": {"themes": [{"value": ["outcomes"], "status": "draft"}]}},
        {"responses": {"themes": [{"value": None, "status": "discarded"}]}},
        {"annotation": None, "status": "Default"},
    ],
)
def test_what_nobody_has_answered_yet_is_passed_over_and_said(tmp_path, record):
    path = tmp_path / "new.jsonl"
    given = {"text": LIFT, "annotations": [{"result": [choices(SLUGS[0])]}]}
    path.write_text(json.dumps(given) + "\n" + json.dumps({"text": CALLS, **record}))
    got = found(path)
    assert [label.themes for label in got.labels] == [WANTED[0][1]]
    assert (len(got.problems), len(got.notes)) == (0, 1)
    assert got.notes[0].startswith("new.jsonl row 2: ")


def test_two_people_of_argilla_are_two_coders(tmp_path):
    path = tmp_path / "new.json"
    both = [{"value": ["outcomes"], "user_id": "ann"}, {"value": ["risk-of-harm"], "user_id": "b"}]
    path.write_text(json.dumps([{"fields": {"text": LIFT}, "responses": {"themes": both}}]))
    assert [row.values["coder"] for row in read_rows(path)] == ["ann", "b"]
    assert "findings labels agreement" in found(path).problems[0]


def test_single_yes_and_no_of_prodigy_say_nothing_of_other_themes(tmp_path):
    path = tmp_path / "new.jsonl"
    asked = (("outcomes", "accept"), ("unpaid-work", "accept"), ("risk-of-harm", "reject"))
    path.write_text(
        "\n".join(json.dumps({"text": LIFT, "label": s, "answer": a}) for s, a in asked)
    )
    got = found(path)
    assert got.problems == ()
    assert set(got.labels[0].themes) == {"outcomes", "unpaid-work"}
    assert set(got.labels[0].decided) == {slug for slug, _ in asked}


def test_sheets_with_the_same_heads_in_another_order_count_and_others_are_said(tmp_path):
    def change(book):
        for heads, row in (
            (("Themes", "Text"), ("outcomes", "A third.")),
            (("Text", "Themes", "Why"), ("A fourth.", "outcomes", "So.")),
        ):
            sheet = book.create_sheet()
            sheet.append(heads)
            sheet.append(row)

    got = found(workbook(tmp_path / "new.xlsx", change=change))
    assert [label.text for label in got.labels] == [LIFT, CALLS, "A third."]
    assert "other heads" in got.notes[0]


@pytest.mark.parametrize("said", ["#GETTING_DATA", "#BUSY!", "#CONNECT!", "Err:508", "\ud83d lost"])
def test_errors_of_any_program_are_no_words(tmp_path, said):
    path = tmp_path / "new.json"
    path.write_text(json.dumps([{"text": said, "themes": ["outcomes"]}]))
    if "lost" not in said:
        path = tmp_path / "new.csv"
        path.write_text(f"text,themes\n{said},outcomes\n")
    assert found(path).labels == ()


@pytest.mark.parametrize(
    "spoilt", ["women\x92s", "women&rsquo;s", "womenÔÇÖs", "women&amp;#8217;s"]
)
def test_spoilt_quotes_of_labels_are_mended_and_said(tmp_path, spoilt):
    path = tmp_path / "new.csv"
    path.write_text(f"text,themes\nThe {spoilt} room was cold.,outcomes\n", encoding="utf-8")
    got = found(path)
    assert got.labels[0].text == "The women’s room was cold."
    assert "spoilt" in got.notes[0]


def test_letters_that_an_old_mac_spoilt_are_mended_and_said(tmp_path):
    path = tmp_path / "new.csv"
    spoilt = "The café’s lift – stuck.".encode().decode("mac_roman")
    path.write_text(f"text,themes\n{spoilt},outcomes\n", encoding="utf-8")
    got = found(path)
    assert [label.text for label in got.labels] == ["The café’s lift – stuck."]
    assert "spoilt" in got.notes[0]


SPREADSHEET = """<office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">
<office:automatic-styles><style:style style:name="away" style:family="table">
<style:table-properties table:display="false"/></style:style></office:automatic-styles>
<office:body><office:spreadsheet><table:table table:name="S" {sheet}>{rows}</table:table>
</office:spreadsheet></office:body></office:document-content>"""


def open_document(path, *rows, sheet=""):
    cell = '<table:table-cell office:value-type="string" {}><text:p>{}</text:p></table:table-cell>'
    lines = []
    for attributes, *cells in (("", "text", "themes"), *rows):
        made = [c if c.startswith("<") else cell.format("", c) for c in cells]
        lines.append(f"<table:table-row {attributes}>{''.join(made)}</table:table-row>")
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", SPREADSHEET.format(sheet=sheet, rows="".join(lines)))
    return path


@pytest.mark.parametrize("how", ["collapse", "filter"])
def test_a_hidden_row_of_an_open_document_is_passed_over_and_said(tmp_path, how):
    hidden = (f'table:visibility="{how}"', LIFT, SLUGS[0])
    got = found(open_document(tmp_path / "new.ods", hidden, ("", CALLS, "outcomes")))
    assert [label.text for label in got.labels] == [CALLS]
    assert "is hidden" in got.notes[0]


def test_labels_in_a_hidden_sheet_are_said_to_be_hidden(tmp_path):
    def change(book):
        book.active.sheet_state = "hidden"
        book.create_sheet("Notes")

    with pytest.raises(CorpusError, match="2 are hidden, by a filter or with their sheet"):
        read_rows(workbook(tmp_path / "new.xlsx", change=change))


def jsonl(path, *records):
    path.write_text("\n".join(map(json.dumps, records)))
    return path


@pytest.mark.parametrize("key", ["label", "labels", "cats"])
def test_what_nobody_labelled_in_doccano_trains_nothing(tmp_path, key):
    path = jsonl(tmp_path / "new.jsonl", {"text": LIFT, key: [SLUGS[0]]}, {"text": CALLS, key: []})
    got = found(path)
    assert [label.text for label in got.labels] == [LIFT]
    assert "row 2: was not answered there yet" in got.notes[0]


@pytest.mark.parametrize(
    ("given", "themes", "issues"),
    [
        ({"cats": {"outcomes": 1, "resettlement": 0}, "entities": []}, ("outcomes",), False),
        ({"theme": "outcomes", "entities": []}, ("outcomes",), False),
        ({"Themes": ["outcomes"], "label": []}, ("outcomes",), False),
        ({"annotation": "outcomes", "entities": []}, ("outcomes",), False),
        ({"choice": "outcomes", "labels": []}, ("outcomes",), False),
        ({"label": [], "meta": {"themes": ["outcomes"]}}, ("outcomes",), False),
        ({"labels": [], "issues": ["stable-leadership"]}, (), True),
        ({"themes": ["outcomes"], "accept": [], "answer": "accept"}, ("outcomes",), False),
        ({"theme": "outcomes", "accept": ["resettlement"]}, ("outcomes",), False),
    ],
)
def test_a_tools_empty_list_takes_no_label_that_stands_elsewhere(tmp_path, given, themes, issues):
    (row,) = read_rows(jsonl(tmp_path / "new.jsonl", {"text": LIFT, **given}))
    assert not row.passed
    assert bool(row.values.get("issues")) == issues
    if themes:
        assert labels(tmp_path / "new.jsonl") == [(LIFT, themes)]


@pytest.mark.parametrize(
    ("head", "cell"),
    [
        *(("memo", "#TODO"), ("memo", "= theme of last year"), ("memo", "Loading...")),
        *(("coder", "#AB"), ("issues", "<NA>"), ("issues", "nan"), ("memo", "#N/A")),
        *(("done", "ok"), ("done", "JB"), ("done", "12/3/2025"), ("done", "Y (JB)")),
    ],
)
def test_remarks_beside_a_label_do_not_refuse_it(tmp_path, head, cell):
    path = tmp_path / "new.csv"
    path.write_text(f'text,themes,{head}\n{LIFT},{SLUGS[0]},"{cell}"\n')
    assert labels(path) == WANTED[:1]


def test_signs_that_xml_cannot_hold_are_read_as_excel_shows_them(tmp_path):
    path = workbook(tmp_path / "new.xlsx")
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w") as packed:
        for name, part in parts.items():
            packed.writestr(name, part.replace(b"The lift had", b"The lift_x000D_ had"))
    assert labels(path) == WANTED


def test_rows_are_counted_below_excels_word_on_what_parts_cells(tmp_path):
    path = tmp_path / "new.csv"
    path.write_text(f"sep=;\ntext;themes\n;\n{LIFT};nonsense\n")
    assert "row 3" in found(path).problems[0]


def test_a_cell_beyond_all_measure_is_named_by_its_row(tmp_path):
    path = tmp_path / "new.csv"
    path.write_text(f"text,themes\n{LIFT},outcomes\n{'word ' * 30_000},outcomes\n")
    with pytest.raises(CorpusError, match="row 3: field larger than"):
        read_rows(path)


def test_signs_that_nobody_sees_make_no_row(tmp_path):
    path = tmp_path / "new.csv"
    path.write_text(f"text,themes\n{LIFT},{SLUGS[0]}\n\u200b,\n\u00a0,\ufeff \n", "utf-8")
    assert labels(path) == WANTED[:1]


def test_quotes_around_a_text_make_no_other(tmp_path):
    path = tmp_path / "new.csv"
    rows = f"{LIFT},{SLUGS[0]}\n'{LIFT},outcomes\n“{LIFT}”,outcomes\n"
    path.write_text(f"text,themes\n{rows}", "utf-8")
    assert len(found(path).problems) == 2


def test_a_list_of_nothing_is_no_word_for_none(tmp_path):
    path = tmp_path / "new.jsonl"
    path.write_text(f'{{"text": "{LIFT}", "themes": [null]}}\n')
    assert "no theme" in found(path).problems[0]


@pytest.mark.parametrize("cell", ["#N/A", "AB"])
@pytest.mark.parametrize("head", ["done", "Done?"])
def test_a_mark_of_done_that_may_mean_otherwise_is_said(tmp_path, head, cell):
    path = tmp_path / "new.csv"
    rows = [f"{LIFT},{SLUGS[0]},{cell}", f"{CALLS},outcomes,", f"More.,outcomes,{cell}"]
    path.write_text("\n".join((f"text,themes,{head}", *rows)))
    got = found(path)
    assert [label.text for label in got.labels] == [LIFT, "More."]
    said, unmarked = got.notes
    assert cell in said
    assert "row 3" in unmarked
    assert "Done says no or nothing" in unmarked
    assert "was taken as done" in said
    path.write_text(f"text,themes,{head}\n{LIFT},{SLUGS[0]},Done\n{CALLS},outcomes,x\n")
    assert not found(path).notes
    path.write_text(
        f"text,themes,{head}\n{LIFT},{SLUGS[0]},unchanged\n{CALLS},outcomes,unchecked\n"
    )
    assert labels(path) == WANTED[:1]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("ticked = [", 'ticked = ["0", '), "'0' is in two lists"),
        (('"unaltered"', '"Unaltered"'), "'Unaltered'"),
        (('crossed = ["☒"]', "crossed = []"), "crossed: got []"),
        (('crossed = ["☒"]', 'crossed = "☒"'), "crossed: got '☒'; expected a list"),
        (("as_it_was =", "as_they_were ="), "'as_they_were'"),
    ],
)
def test_lists_of_marks_are_checked(changed, said):
    shipped = (files("pipelines") / "data" / "marks.toml").read_text(encoding="utf-8")
    assert changed[0] in shipped
    with pytest.raises(SettingsError, match=re.escape(said)):
        read_marks(shipped.replace(*changed, 1))


def test_a_dash_between_names_is_shown_as_it_stands(tmp_path):
    path = tmp_path / "new.csv"
    path.write_text(f"text,themes\n{LIFT},Outcomes - Risk of harm\n")
    assert "'Outcomes - Risk of harm'" in found(path).problems[0]


@pytest.mark.parametrize("text", ["=Good: leaders act.", "= Leaders were visible.", "#1 aim."])
def test_signs_before_a_sentence_make_no_formula(tmp_path, text):
    path = tmp_path / "new.csv"
    path.write_text(f"text,themes\n{text},outcomes\n")
    assert labels(path) == [(text, ("outcomes",))]


def test_an_empty_list_of_themes_of_our_own_is_a_label(tmp_path):
    assert found(jsonl(tmp_path / "new.jsonl", {"text": LIFT, "themes": []})).labels[0].themes == ()


def test_rows_of_several_questions_of_prodigy_are_read_together(tmp_path):
    path = jsonl(
        tmp_path / "new.jsonl",
        {"text": LIFT, "options": [{"id": SLUGS[0], "text": "Lifts"}], "accept": [SLUGS[0]]},
        {"text": CALLS, "label": "DOMESTIC_ABUSE_CHECKS", "answer": "accept"},
        {"text": "Nobody came.", "label": "ICT_AND_RECORDING", "answer": "reject"},
    )
    got = found(path)
    assert [(label.themes, label.decided) for label in got.labels] == [
        ((SLUGS[0],), None),
        (("domestic-abuse-checks",), ("domestic-abuse-checks",)),
        ((), ("ict-and-recording",)),
    ]
    assert not got.problems


@pytest.mark.parametrize("heads", ["text,themes,done", "text,themes,Premises and travel,done"])
def test_rows_with_boxes_to_tick_and_nothing_else_are_blank(tmp_path, heads):
    path = tmp_path / "new.csv"
    blank = "".join(",FALSE" if at > 1 else "," * (at > 0) for at in range(heads.count(",") + 1))
    rest = ",TRUE" * (heads.count(",") - 1)
    path.write_text(f"{heads}\n{LIFT},{SLUGS[0]}{rest}\n{blank}\n{blank}\n")
    assert labels(path) == WANTED[:1]


def test_ticks_without_a_text_are_no_blank_row(tmp_path):
    path = tmp_path / "new.csv"
    path.write_text(f"text,Risk of harm,Outcomes\n{LIFT},x,\n,,x\n,FALSE,FALSE\n")
    assert [problem.partition(" row ")[2][:1] for problem in found(path).problems] == ["3"]


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "#SPILL!",
            "#NV",
            "#N/D",
            "#¡REF!",
            "#DIV/0!",
            "Loading...",
            "<NA>",
            "=A1",
            "=SUM(A1:A9)",
        ),
        *("1 May 2024", "May-24", "Mon 3rd June, 12:30 pm", "1e5", "inf", "45 per cent"),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_errors_formulas_numbers_and_dates_are_no_findings(tmp_path, cell, kind):
    path = tmp_path / f"new.{kind}"
    if kind == "csv":
        path.write_text(f'text,themes\n"{cell}",outcomes\n{LIFT},{SLUGS[0]}\n')
    else:
        book = Workbook()
        for row in (("text", "themes"), ("", "outcomes"), (LIFT, SLUGS[0])):
            book.active.append(row)
        book.active["A2"].value = cell
        book.active["A2"].data_type = "s"
        book.save(path)
    got = found(path)
    assert [label.text for label in got.labels] == [LIFT]
    assert " row 2: " in got.problems[0]


@pytest.mark.parametrize("text", ["May Day was missed.", "In March staff left.", "#1 aim: calls."])
def test_sentences_with_dates_and_signs_are_findings(tmp_path, text):
    path = tmp_path / "new.csv"
    path.write_text(f"text,themes\n{text},outcomes\n")
    assert labels(path) == [(text, ("outcomes",))]


def test_a_hidden_sheet_of_an_open_document_gives_no_label(tmp_path):
    path = open_document(
        tmp_path / "new.ods", ("", LIFT, SLUGS[0]), sheet='table:style-name="away"'
    )
    with pytest.raises(CorpusError, match="holds no label"):
        read_rows(path)


def test_blanks_lines_remarks_and_merged_cells_of_an_open_document(tmp_path):
    remark = "<office:annotation><text:p>A remark</text:p></office:annotation>"
    said = f"<text:p>{LIFT.replace('had been', 'had<text:s/>been')}</text:p>"
    cell = '<table:table-cell office:value-type="string" table:number-rows-spanned="{}">{}'
    end = "</table:table-cell>"
    two = "<text:p>Domestic abuse checks</text:p><text:p>Risk of harm</text:p>"
    path = open_document(
        tmp_path / "new.ods",
        ("", cell.format(1, remark + said) + end, SLUGS[0]),
        ("", CALLS, cell.format(2, two) + end),
        ("", "Nobody came.", "<table:covered-table-cell/>"),
    )
    assert labels(path) == [*WANTED, ("Nobody came.", WANTED[1][1])]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ('office:value-type="date" office:date-value="2024-01-02"', "2 January 2024"),
        ('office:value-type="string" calcext:value-type="error"', "Err:508"),
        ('office:value-type="float" office:value="12"', "twelve"),
    ],
)
def test_cells_of_an_open_document_that_hold_no_words_are_refused_by_name(tmp_path, kind, said):
    cell = f"<table:table-cell {kind}><text:p>{said}</text:p></table:table-cell>"
    got = found(open_document(tmp_path / "new.ods", ("", cell, SLUGS[0]), ("", CALLS, SLUGS[1])))
    assert [label.text for label in got.labels] == [CALLS]
    assert "A2" in got.problems[0]


@pytest.mark.parametrize(
    "themes", ["[" * 20_000 + "]" * 20_000, "[" * 30 + '"outcomes"' + "]" * 30]
)
def test_brackets_in_brackets_are_refused_by_their_row(tmp_path, themes):
    path = tmp_path / "deep.csv"
    path.write_text("text;themes\nThe lift was broken.;" + themes.replace('"', "'") + "\n")
    (problem,) = check_labels(read_rows(path)).problems
    assert problem.startswith(("deep.csv row 2: unknown theme '", "deep.csv row 2: is nested"))
    assert len(problem) < 1000


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ('{"outcomes": 1' + "0" * 400 + ', "resettlement": 0.5}', "'outcomes' has the score 1000"),
        ('{"outcomes": NaN}', "'outcomes' has the score nan; expected 0 to 1"),
        ('{"outcomes": Infinity}', "'outcomes' has the score inf; expected 0 to 1"),
        ('{"outcomes": 85, "resettlement": 3}', "'outcomes' has the score 85; expected 0 to 1"),
        ('{"outcomes": 1, "resettlement": -1}', "'resettlement' has the score -1; expected 0 to 1"),
        ('{"outcomes": -1.5}', "'outcomes' has the score -1.5; expected 0 to 1"),
        ("[" * 20 + '"outcomes"' + "]" * 20, "is nested more than 6 deep; give names"),
    ],
)
def test_scores_and_nesting_that_say_nothing_are_refused_by_their_row(tmp_path, said, problem):
    """They were read as none, or as votes, or ended in a traceback."""
    path = tmp_path / "odd.jsonl"
    key = "cats" if said.startswith("{") else "themes"
    path.write_text(f'{{"text": "The lift was broken.", "{key}": {said}}}\n')
    (found,) = check_labels(read_rows(path)).problems
    assert found.startswith(f"odd.jsonl row 1: {problem}")


@pytest.mark.parametrize("suffix", ["jsonl", "csv"])
@pytest.mark.parametrize("most", [1, 10])
def test_votes_of_people_in_whole_numbers_are_given_above_none(tmp_path, suffix, most):
    """That they are read as votes is said, once a file; yes and no go without saying."""
    path = tmp_path / f"votes.{suffix}"
    votes = {"outcomes": most, "resettlement": 1, "unpaid-work": 0}
    with path.open("w", encoding="utf-8") as file:
        file.write("text;themes\n" if suffix == "csv" else "")
        for what in ("lift", "door"):
            row = {"text": f"The {what} was broken.", "cats": votes}
            cells = (row["text"], str(votes))
            file.write((";".join(cells) if suffix == "csv" else json.dumps(row)) + "\n")
    found = check_labels(read_rows(path))
    assert not found.problems
    assert sorted(found.labels[1].themes) == ["outcomes", "resettlement"]
    said = f"votes.{suffix}: whole numbers beside names are read as votes"
    assert [note.partition(": a name")[0] for note in found.notes] == ([said] if most > 1 else [])


@pytest.mark.parametrize("key", ["themes", "text", "document_id"])
def test_a_record_nested_beyond_all_measure_is_refused_by_its_row(tmp_path, key):
    path = tmp_path / "deep.jsonl"
    deep = "[" * 200 + "1" + "]" * 200
    record = {"text": '"The lift was broken."', "themes": '"outcomes"', key: deep}
    path.write_text("{" + ", ".join(f'"{k}": {v}' for k, v in record.items()) + "}\n")
    with pytest.raises(CorpusError, match=r"deep\.jsonl row 1: is nested more than 50 deep"):
        read_rows(path)


def test_a_sign_written_as_html_writes_it_makes_no_other_text(tmp_path):
    path = tmp_path / "new.csv"
    path.write_text(
        "text,themes\nHealth &amp; rooms.,premises-and-travel\nHealth & rooms.,outcomes\n"
    )
    (problem,) = check_labels(read_rows(path)).problems
    assert "row 3: outcomes conflicts with new.csv row 2" in problem


def test_two_equal_rows_that_correct_another_files_label_are_one(tmp_path):
    before, path = tmp_path / "old.csv", tmp_path / "new.csv"
    before.write_text("text,themes,issues\nStaff were glad.,outcomes,vision-and-direction\n")
    path.write_text("text,themes\n" + "Staff were glad.,pqip-trainees\n" * 2)
    label_set = check_labels([*read_rows(before), *read_rows(path)])
    assert label_set.problems == ()
    assert [label.themes for label in label_set.labels] == [("pqip-trainees",)]


@pytest.mark.parametrize(
    "head",
    ["Initials", "Coded by", "Rater", "Coder name", "Annotated By", "assessor_id"],
)
def test_who_labelled_is_found_under_the_heads_that_people_write(tmp_path, head):
    path = tmp_path / "new.csv"
    path.write_text(f"text,themes,{head}\nStaff were glad.,outcomes,Ann\n", "utf-8")
    assert read_rows(path)[0].values["coder"] == "Ann"


def test_several_columns_of_one_person_are_read_together(tmp_path):
    path = tmp_path / "new.csv"
    heads = "text,Theme 1 (Ann),Theme 2 (Ann),Theme 1 (Bob)"
    path.write_text(f"{heads}\n{LIFT},outcomes,risk-of-harm,outcomes\n{CALLS},outcomes,,\n")
    said = [(row.values["coder"], row.values["themes"]) for row in read_rows(path)]
    assert said == [("Ann", "outcomes; risk-of-harm"), ("Bob", "outcomes"), ("Ann", "outcomes")]


def test_themes_that_are_numbered_on_are_one_persons(tmp_path):
    path = tmp_path / "new.csv"
    path.write_text(f"text,Theme 1 (Topic),Theme 2 (Detail)\n{LIFT},outcomes,risk-of-harm\n")
    (row,) = read_rows(path)
    assert row.values["themes"] == "outcomes; risk-of-harm"
    assert not row.note


@pytest.mark.parametrize("word", ["QA", "OLD", "MAY"])
def test_capitals_beside_initials_are_kept_apart_and_named(tmp_path, word):
    path = tmp_path / "labels.csv"
    path.write_text(
        f"text,Themes (PB),Themes ({word})\nNo lift.,risk-of-harm,leadership-and-strategy\n"
    )
    rows = read_rows(path)
    assert [(row.values["coder"], row.values["themes"]) for row in rows] == [
        ("PB", "risk-of-harm"),
        (word, "leadership-and-strategy"),
    ]
    assert all(f"each person: PB; {word}" in row.note for row in rows)


@pytest.mark.parametrize(
    ("one", "other", "who"),
    [
        ("Themes (Ann)", "Themes (Bob)", ["Ann", "Bob"]),
        ("Themes (PB)", "Themes (QA)", ["PB", "QA"]),
        ("Ann's themes", "Bob’s themes", ["Ann", "Bob"]),
        ("themes_ann", "themes_bob", ["ann", "bob"]),
        ("Coder 1", "Coder 2", ["Coder 1", "Coder 2"]),
        ("1st coder", "2nd coder", ["1st coder", "2nd coder"]),
        ("Themes (first coder)", "Themes (second coder)", ["first coder", "second coder"]),
        ("Theme 1 (Ann)", "Theme 1 (Bob)", ["Ann", "Bob"]),
    ],
)
def test_a_column_of_themes_for_each_person_is_a_label_of_each(tmp_path, one, other, who):
    """They had been merged: a finding had what any of them gave it."""
    rows = [(LIFT, "outcomes", SLUGS[0]), (CALLS, SLUGS[1], SLUGS[1]), ("More.", "", "outcomes")]
    lines = (f"{text},{first},{second}" for text, first, second in rows)
    path = tmp_path / "new.csv"
    path.write_text("\n".join((f"text,{one},{other}", *lines)), "utf-8")
    said = [(row.values["themes"], row.values["coder"]) for row in read_rows(path)]
    both = [("outcomes", who[0]), (SLUGS[0], who[1]), (SLUGS[1], who[0]), (SLUGS[1], who[1])]
    assert said == [*both, ("outcomes", who[1])]
    (problem,) = found(path).problems
    assert "row 2: " in problem
    assert "findings labels agreement" in problem
    records = [{"text": text, one: [first], other: [second]} for text, first, second in rows]
    got = read_rows(jsonl(tmp_path / "new.jsonl", *records[:2]))
    assert [row.values["coder"] for row in got] == who * 2
    agreed = path.read_text("utf-8").replace("\n", ",themes\n", 1)
    path.write_text(agreed.replace(f",{SLUGS[0]}\n", f",{SLUGS[0]},outcomes\n"), "utf-8")
    (label,) = found(path).labels
    assert (label.text, label.themes) == (LIFT, ("outcomes",))
    assert f"did not read {one!r}; {other!r}" in found(path).notes[0]


@pytest.mark.parametrize(
    ("names", "people"),
    [
        (("Ann", "Bob Lee"), True),
        (("Round 1", "Round 2"), False),
        (("ann (done)", "Coder 2"), True),
        (("Draft", "Final"), False),
        (("January", "February"), False),
        (("Sheet1", "Sheet2"), False),
        (("Data", "Backup"), False),
        (("Ann", "Ann final"), False),
        (("Pass one", "Pass two"), False),
    ],
)
def test_sheets_called_by_people_are_a_persons_each(tmp_path, names, people):
    book = Workbook()
    del book["Sheet"]
    for name, slug in zip(names, SLUGS, strict=True):
        sheet = book.create_sheet(name)
        for row in (["text", "themes"], [LIFT, slug], [CALLS, SLUGS[1]]):
            sheet.append(row)
    path = tmp_path / "new.xlsx"
    book.save(path)
    assert [row.values.get("coder") for row in read_rows(path)] == (
        [names[0]] * 2 + [names[1]] * 2 if people else [None] * 4
    )
    assert len(found(path).problems) == people
    book[names[1]]["A2"], book[names[1]]["A3"] = "Others.", "And more."
    book.save(path)
    assert not any(row.values.get("coder") for row in read_rows(path))


@pytest.mark.parametrize(
    "head",
    ["Corrected themes", "Final theme", "agreed_labels", "Theme (checked)", "Themes - final"],
)
@pytest.mark.parametrize("before", ["Themes", "Original theme", "Theme 1", ""])
def test_themes_that_were_corrected_count_where_they_are_filled(tmp_path, head, before):
    path = tmp_path / "new.csv"
    lines = [f"text,{before},{head}", f"{LIFT},outcomes,{SLUGS[0]}", f"{CALLS},{SLUGS[1]},"]
    path.write_text("\n".join(lines))
    (label, *_) = found(path).labels
    assert (label.text, label.themes) == WANTED[0]
    if before:
        assert labels(path) == WANTED
        assert f"where {head!r} is filled, it counts" in found(path).notes[0]
    path.write_text(f"text,Themes,Themes checked,New theme\n{LIFT},{SLUGS[0]},yes,outcomes\n")
    assert labels(path) == WANTED[:1]
    assert found(path).notes == ("new.csv: did not read 'New theme', beside its themes",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Theme", "Theme (additional)"),
        ("Theme (required)", "Theme (optional)"),
        ("Theme (most important)", "Theme (Less important)"),
        ("theme_a", "theme_b"),
        ("Theme (First choice)", "Theme (Second choice)"),
    ],
)
def test_what_stands_behind_theme_and_is_no_person_parts_nothing(tmp_path, one, other):
    """The second theme was left out, or was another person's."""
    path = tmp_path / "new.csv"
    path.write_text(f"text,{one},{other}\n{LIFT},{SLUGS[0]},{SLUGS[1]}\n{CALLS},{SLUGS[1]},\n")
    both, alone = found(path).labels
    assert (set(both.themes), alone.themes) == (
        {*SLUGS[0].split("; "), *SLUGS[1].split("; ")},
        WANTED[1][1],
    )
    path.write_text(f"text,Themes (up to 3)\n{LIFT},{SLUGS[0]}\n{CALLS},stafing\nMore.,xx\n")
    assert len(found(path).problems) == 2
    path.write_text(f"text,Ann's themes,Bob's themes\n{LIFT},{SLUGS[0]},ok\n")
    assert labels(path) == WANTED[:1]
    path.write_text(f"text,Theme: Risk of harm,Theme: Outcomes\n{LIFT},x,\n")
    with pytest.raises(CorpusError, match="no column 'themes'"):
        found(path)


@pytest.mark.parametrize("said", ["-", "N/A", "ok", "no change", "✓", "as before", "Agreed"])
def test_what_was_not_corrected_stays(tmp_path, said):
    path = tmp_path / "new.csv"
    lines = f"{LIFT},{SLUGS[0]},{said}\n{CALLS},outcomes,{SLUGS[1]}\nMore.,none,outcomes\n"
    path.write_text(f"text,Themes,Corrected themes\n{lines}", "utf-8")
    assert labels(path) == [*WANTED, ("More.", ("outcomes",))]


@pytest.mark.parametrize("head", ["Themes before review", "Themes to review", "Labels not checked"])
def test_themes_that_are_to_be_reviewed_correct_nothing(tmp_path, head):
    path = tmp_path / "new.csv"
    path.write_text(f"text,Themes,{head}\n{LIFT},{SLUGS[0]},outcomes\n")
    assert labels(path) == WANTED[:1]


@pytest.mark.parametrize("cross", ["×", "❌"])
def test_a_cross_beside_x_may_be_a_tick_and_is_refused(tmp_path, cross):
    path = tmp_path / "new.csv"
    path.write_text(f"text,Premises and travel,Risk of harm\n{LIFT},x,{cross}\n", "utf-8")
    assert f"holds '{cross}'" in found(path).problems[0]


@pytest.mark.parametrize(
    "said", ["None of these", "no theme fits", "None apply", "Not applicable", "(none)", "—"]
)
def test_none_in_other_words_is_a_label(tmp_path, said):
    path = tmp_path / "new.csv"
    path.write_text(f"text,themes\n{LIFT},{said}\n", "utf-8")
    assert labels(path) == [(LIFT, ())]


def test_none_in_a_further_column_takes_no_theme_away(tmp_path):
    path = tmp_path / "new.csv"
    path.write_text(f"text,Theme 1,Theme 2\n{LIFT},{SLUGS[0]},none\n{CALLS},{SLUGS[1]},-\n")
    assert labels(path) == WANTED
    path.write_text(f"text,Theme 1,Theme 2\n{LIFT},none,{SLUGS[0]}\n")
    assert "'none' stands beside themes" in found(path).problems[0]


def test_a_remark_that_is_an_error_is_left_out_and_said(tmp_path):
    path = tmp_path / "new.csv"
    path.write_text(f"text,themes,memo\n{LIFT},{SLUGS[0]},#N/A\n{CALLS},{SLUGS[1]},Fine.\n")
    assert labels(path) == WANTED
    (note,) = found(path).notes
    assert note == "new.csv: a cell of the column 'memo' that holds the error #N/A was left out"


@pytest.mark.parametrize(
    "people",
    [
        ("Ann S", "Bob T"),
        ("A.S.", "B.T."),
        ("Coder One", "Coder Two"),
        ("main coder", "second coder"),
        ("Ann, final", "Bob, final"),
        ("Emily Post", "Tom Free"),
    ],
)
def test_people_are_called_what_words_of_columns_are(people):
    assert coders_of(["Finding", *(f"Themes ({who})" for who in people)]) == dict(
        enumerate(people, start=1)
    )
    assert is_a_name("Ann S")


@pytest.mark.parametrize("head", ["Reviewer", "Assessed by", "user"])
def test_who_coded_is_asked_before_who_else_had_a_part(head):
    assert heads_of(["Finding", head, "Coder", "Themes"])["coder"] == 2


@pytest.mark.parametrize(
    "lines",
    [
        ("text;themes", f"{LIFT};outcomes; risk-of-harm"),
        ("themes;text", f"outcomes;{LIFT}; and so it stayed"),
        ("text,themes,memo", f"{LIFT},outcomes,,,mind"),
    ],
)
def test_a_row_with_a_sign_too_many_is_refused(tmp_path, lines):
    """What stood behind the last head was left out without a word: a theme, half a sentence."""
    path = tmp_path / "new.csv"
    path.write_text("\n".join((*lines, "")))
    (problem,) = found(path).problems
    assert "row 2: " in problem
    assert "stands behind the last head; put quotes" in problem
    path.write_text("\n".join((lines[0], f"{lines[0][0]};,,;;")))
    assert "stands behind" not in str(found(path).problems)


def test_a_workbook_may_have_remarks_beside_its_columns(tmp_path):
    book = Workbook()
    for row in (["text", "themes"], [LIFT, SLUGS[0], None, "Mind the lift."]):
        book.active.append(row)
    book.save(tmp_path / "new.xlsx")
    assert labels(tmp_path / "new.xlsx") == WANTED[:1]


def test_a_label_that_r_left_empty_is_no_none(tmp_path):
    """A finding that nobody had looked at was learned from as one without themes."""
    path = tmp_path / "new.csv"
    path.write_text(f'"","text","themes"\n"1","{LIFT}","{SLUGS[0]}"\n"2","{CALLS}",NA\n"3",NA,NA\n')
    assert found(path).problems == (
        "new.csv row 3: no theme; give it one to four, or 'none' where none fits",
    )


def test_a_column_to_tick_for_none_of_the_themes(tmp_path):
    """It had been passed over: what was not ticked at all was taken for none."""
    path = tmp_path / "new.csv"
    heads = "text,Premises and travel,Outcomes,None of these"
    path.write_text(f"{heads}\n{LIFT},x,,\n{CALLS},,,x\nMore.,,,\nLess.,,x,x\n,,,\n")
    assert [(label.text, label.themes) for label in found(path).labels] == [
        WANTED[0],
        (CALLS, ()),
    ]
    unticked, both = found(path).problems
    assert "row 4: no theme" in unticked
    assert "row 5: 'none' stands beside themes" in both


@pytest.mark.parametrize("first", [True, False])
def test_a_codebook_of_descriptions_is_not_the_findings(tmp_path, first):
    """The sheet in front was taken for the labels, and the labels were not."""
    book = Workbook()
    meant, given = book.active, book.create_sheet("Labels", 0 if not first else None)
    for row in (["theme", "description"], ["outcomes", "What came of it."]):
        meant.append(row)
    for row in (["finding", "themes"], [LIFT, SLUGS[0]], [CALLS, SLUGS[1]]):
        given.append(row)
    book.save(tmp_path / "new.xlsx")
    assert labels(tmp_path / "new.xlsx") == WANTED
    given.sheet_state = "hidden"
    book.active = book.index(meant)
    book.save(tmp_path / "new.xlsx")
    assert [label.text for label in found(tmp_path / "new.xlsx").labels] == ["What came of it."]


def test_who_labelled_is_known_before_the_others_begin(tmp_path):
    """What Ann had labelled was taken for the labels of whoever imported it."""
    path = tmp_path / "new.csv"
    path.write_text(f"text,Themes (Ann),Themes (Ben),Themes (Cai)\n{LIFT},outcomes,,nan\n")
    assert [row.values["coder"] for row in read_rows(path)] == ["Ann"]


@pytest.mark.parametrize("cell", ["1.23457E+15", "12345678901234", 1234567890123450])
def test_a_digest_of_which_a_spreadsheet_made_a_number_is_refused(tmp_path, cell):
    """It was a label whose report had to be given, however often it was given."""
    book = Workbook()
    for row in (["digest", "themes"], [cell, SLUGS[0]], ["1234567890123456", SLUGS[0]]):
        book.active.append(row)
    book.save(tmp_path / "new.xlsx")
    (problem,) = found(tmp_path / "new.xlsx").problems
    assert problem.startswith("new.xlsx row 2: digest")
    assert "took it for a number" in problem


def test_files_put_one_behind_the_other_have_their_heads_again(tmp_path):
    path = tmp_path / "new.csv"
    path.write_text(f"\ufefftext,themes\n{LIFT},{SLUGS[0]}\n" * 2, "utf-8")
    assert labels(path) == WANTED[:1]


@pytest.mark.parametrize("missing", ["nan", "NaN", "<NA>", "NA"])
def test_a_coder_that_a_data_frame_lacks_is_nobody(tmp_path, missing):
    """Somebody called nan had labelled; R's empty columns were nobody's. N.A. may be a person."""
    path = tmp_path / "new.csv"
    heads = "text,themes,coder,polarity"
    path.write_text(f"{heads}\n{LIFT},{SLUGS[0]},{missing},{missing}\n")
    (label,) = found(path).labels
    assert (label.coder, label.polarity) == ("NA" if missing == "NA" else "", "")
    path.write_text(f"text,Ann's themes,Ben's themes\n{LIFT},outcomes,NA\n{CALLS},NA,outcomes\n")
    assert [row.values["coder"] for row in read_rows(path)] == ["Ann", "Ben"]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("cp1252", "Windows"), ("mac_roman", "Mac"), ("cp850", "MS-DOS")],
)
def test_old_encodings_are_told_by_where_their_signs_stand(tmp_path, encoding, name):
    """Text of MS-DOS had a quotation mark for an ô, as Excel saves `CSV (MS-DOS)`."""
    path = tmp_path / "new.csv"
    text = "The Môr café lost £40 a day."
    path.write_bytes(f"text,themes\n{text},outcomes\n".encode(encoding))
    assert labels(path) == [(text, ("outcomes",))]
    assert name in found(path).notes[0]


def test_two_people_who_correct_anothers_label_are_named_to_each_other(tmp_path):
    """Joined with what they corrected, a label had lost who gave it."""
    before, path = tmp_path / "old.csv", tmp_path / "new.csv"
    before.write_text(f"text,themes\n{LIFT},outcomes\n")
    path.write_text(f"text,themes,coder\n{LIFT},pqip-trainees,Ann\n{LIFT},resettlement,Ben\n")
    (problem,) = check_labels([*read_rows(before), *read_rows(path)]).problems
    assert "findings labels agreement" in problem


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
@pytest.mark.parametrize("merged", [True, False])
def test_themes_beside_the_head_are_read_with_those_under_it(tmp_path, suffix, merged):
    """Of a head over three columns, the themes under the first were read, and no others."""
    rows = [["text", "themes"], [LIFT, SLUGS[0]], [CALLS, *SLUGS[1].split("; "), "outcomes"]]
    path = tmp_path / f"new.{suffix}"
    if suffix == "csv":
        path.write_text("".join(f"{','.join([*row, '', ''][:4])}\n" for row in rows))
    else:
        book = Workbook()
        for row in rows:
            book.active.append(row)
        if merged:
            book.active.merge_cells("B1:D1")
        book.save(path)
    lift, calls = found(path).labels
    assert (lift.themes, set(calls.themes)) == (WANTED[0][1], {*WANTED[1][1], "outcomes"})


def test_a_column_of_themes_under_a_head_of_its_own_is_said_to_be_unread(tmp_path):
    path = tmp_path / "new.csv"
    path.write_text(f"text,theme,also,remark\n{LIFT},{SLUGS[0]},outcomes,fine\n")
    assert labels(path) == WANTED[:1]
    assert found(path).notes == ("new.csv: did not read 'also', beside its themes",)


@pytest.mark.parametrize("head", ["Staffing", "ICT and recordng"])
@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_ticks_under_what_is_nearly_a_theme_are_refused(tmp_path, head, suffix):
    """They were passed over: who had ticked nothing else was learned from as without a theme."""
    heads = ["text", "Premises and travel", "Outcomes", head]
    rows = [[LIFT, "x", "", ""], [CALLS, "", "", "x"]]
    path = tmp_path / f"new.{suffix}"
    if suffix == "csv":
        path.write_text("".join(f"{','.join(row)}\n" for row in [heads, *rows]))
    else:
        jsonl(path, *(dict(zip(heads, row, strict=True)) for row in rows))
    with pytest.raises(CorpusError, match=f"column '{head}' has ticks and is no theme; did you"):
        found(path)


def test_ticks_that_are_of_no_theme_are_said_to_be_unread(tmp_path):
    path = tmp_path / "new.csv"
    path.write_text(f"text,no,Premises and travel,Outcomes,Seen\n{LIFT},1,x,,x\n{CALLS},2,,x,\n")
    assert [label.themes for label in found(path).labels] == [WANTED[0][1], ("outcomes",)]
    assert found(path).notes == ("new.csv: did not read 'Seen', beside its themes",)


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
@pytest.mark.parametrize("text", ["It is on–off and case–by–case.", "They said…then left."])
def test_a_dash_between_words_is_no_letter_of_another_encoding(tmp_path, encoding, text):
    """The dash of Windows is the û of MS-DOS: `onûoff` is in no report."""
    path = tmp_path / "new.csv"
    path.write_bytes(f"text,themes\n{text},outcomes\n".encode(encoding))
    assert labels(path) == [(text, ("outcomes",))]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("mac_roman", "The fête wasn’t held."), ("cp850", "Mr Müller was at the café.")],
)
def test_signs_that_windows_lacks_are_of_an_older_encoding(tmp_path, encoding, text):
    """Such a file was said to be no text, or read by the first of two that have its signs."""
    path = tmp_path / "new.csv"
    path.write_bytes(f"text,themes\n{text},outcomes\n".encode(encoding))
    assert labels(path) == [(text, ("outcomes",))]


def test_findings_under_the_head_description_are_no_codebook(tmp_path):
    """A few examples behind them, under the head Text, had been read in their place."""
    book = Workbook()
    given, shown = book.active, book.create_sheet("Examples")
    for row in (["description", "themes"], [LIFT, SLUGS[0]], [CALLS, SLUGS[1]]):
        given.append(row)
    for row in (["text", "themes"], ["Trainees had no time.", "pqip-trainees"]):
        shown.append(row)
    book.save(tmp_path / "new.xlsx")
    assert labels(tmp_path / "new.xlsx") == WANTED


def test_nan_is_a_person_who_may_label(tmp_path):
    """Her labels were given to whoever imported them."""
    path = tmp_path / "new.csv"
    path.write_text(f"text,themes,coder\n{LIFT},outcomes,Nan\n")
    assert [label.coder for label in found(path).labels] == ["Nan"]


def test_a_spoilt_digest_beside_its_text_does_no_harm(tmp_path):
    """A row was refused with the advice to give the text that it gave."""
    path = tmp_path / "new.csv"
    path.write_text(f"digest,text,themes\n1.23457E+15,{LIFT},outcomes\n")
    assert labels(path) == [(LIFT, ("outcomes",))]


@pytest.mark.parametrize("cell", ["n.a.", "(blank)", "N / A", "[null]"])
def test_a_word_for_nothing_is_no_finding_whatever_signs_are_in_it(tmp_path, cell):
    path = tmp_path / "labels.csv"
    path.write_text(f"text,themes\n{cell},ict-and-recording\n")
    assert "is no finding" in found(path).problems[0]


def test_a_zero_byte_in_a_csv_is_said_and_not_taken_for_another_encoding(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_bytes(b"text,themes\nThe lift\0 was broken.,premises-and-travel\n")
    with pytest.raises(CorpusError, match="bytes of value zero"):
        found(path)
