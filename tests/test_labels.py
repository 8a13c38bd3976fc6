import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from pipelines.errors import CorpusError
from pipelines.records import digest
from pipelines.tag.labels import Found, check_labels, read_rows

COLUMNS = ("text", "themes")
ROWS = [
    ("The lift had been broken since May.", "premises-and-travel"),
    ("Nobody took up references from partners.", "multi-agency-working; risk-of-harm"),
]


def written(folder: Path, suffix: str, rows=ROWS, columns=COLUMNS) -> Path:
    path = folder / f"new.{suffix}"
    if suffix == "xlsx":
        book = Workbook()
        for row in (columns, *rows):
            book.active.append(row)
        book.save(path)
    elif suffix == "jsonl":
        lines = [json.dumps(dict(zip(columns, row, strict=True))) for row in rows]
        path.write_text("\n".join(lines) + "\n")
    else:
        lines = [",".join(f'"{cell}"' for cell in row) for row in (columns, *rows)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return path


def checked(folder, rows, *, columns=COLUMNS, texts=None):
    return check_labels(read_rows(written(folder, "csv", rows, columns)), texts=texts)


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "jsonl"])
def test_one_content_in_three_formats(tmp_path, suffix):
    found = check_labels(read_rows(written(tmp_path, suffix)))
    assert found.problems == ()
    assert [(x.text, x.themes) for x in found.labels] == [
        (ROWS[0][0], ("premises-and-travel",)),
        (ROWS[1][0], ("risk-of-harm", "multi-agency-working")),
    ]
    assert all(label.document == f"new.{suffix}" and label.real for label in found.labels)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_rows_are_numbered_as_in_the_spreadsheet(tmp_path, suffix):
    path = written(tmp_path, suffix, [*ROWS, ("Text.", "premises-and-travels")])
    problems = check_labels(read_rows(path)).problems
    assert problems == (
        f"new.{suffix} row 4: unknown theme 'premises-and-travels'; "
        "did you mean 'premises-and-travel'?",
    )


def test_a_conflict_names_both_rows(tmp_path):
    again = ("THE LIFT  had been broken since May.", "ict-and-recording")
    found = checked(tmp_path, [*ROWS, again])
    assert len(found.problems) == 1
    assert "row 4" in found.problems[0]
    assert "row 2" in found.problems[0]
    with pytest.raises(CorpusError, match="row 4"):
        found.require()


def test_a_duplicate_is_noted_and_counts_once(tmp_path):
    found = checked(tmp_path, [*ROWS, ROWS[0]])
    assert found.problems == ()
    assert found.notes == ("new.csv row 4: duplicate of new.csv row 2, counted once",)
    assert len(found.labels) == 2


@pytest.mark.parametrize(
    ("row", "part"),
    [
        (("", "risk-of-harm"), "neither text nor digest"),
        (("Text.", ""), "no theme"),
        (("Text.", "Premises"), "did you mean 'premises-and-travel'?"),
        (("Text.", "risk-of-ham"), "did you mean 'risk-of-harm'?"),
        (("Text.", ";".join(["risk-of-harm", "outcomes", "unpaid-work", "resettlement",
                             "victim-safety"])), "four at most"),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_used_are_problems(tmp_path, row, part):
    (problem,) = checked(tmp_path, [row]).problems
    assert "row 2" in problem
    assert part in problem


def test_stand_off_labels_find_their_text_or_are_counted(tmp_path):
    text = "Case records were thin."
    columns = ("document_id", "ordinal", "digest", "themes")
    rows = [
        ("alder-2023-01", "1", digest(text), "ict-and-recording"),
        ("alder-2023-01", "2", digest("Something else."), "outcomes"),
    ]
    found = checked(tmp_path, rows, columns=columns, texts={digest(text): Found(text, "")})
    assert [(x.text, x.document, x.name) for x in found.labels] == [
        (text, "alder-2023-01", "alder-2023-01/001")
    ]
    assert found.unresolved == {"alder-2023-01": 1}


def test_a_digest_of_another_text_is_a_problem(tmp_path):
    rows = [("Case records were thin.", digest("Other."), "outcomes")]
    (problem,) = checked(tmp_path, rows, columns=("text", "digest", "themes")).problems
    assert "is not that of its text" in problem


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("x.csv", b"text,label\nA,b\n", "no column 'themes'"),
        ("x.csv", b"text,themes\n\xff\xfe,b\n", "UTF-8"),
        ("x.xlsx", b"no workbook", "not a workbook"),
        ("x.jsonl", b"{", "row 1 is not JSON"),
        ("x.jsonl", b"[1]\n", "expected an object"),
        ("x.pkl", b"", "expected .csv"),
    ],
)
def test_files_that_cannot_be_read_say_why(tmp_path, name, content, part):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CorpusError, match=part):
        read_rows(path)


def test_shipped_labels_agree_with_each_other_and_hold_no_text_of_reports():
    from pipelines.tag.train import TrainSettings, read_labels, shipped_labels

    found = read_labels(TrainSettings())
    assert found.problems == ()
    assert found.notes == ()
    assert found.unresolved == {
        "cheshire-west-2023-06": 95,
        "knowsley-and-st-helens-2023-06": 99,
    }
    header = (shipped_labels() / "real.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == "document_id,ordinal,digest,themes"
