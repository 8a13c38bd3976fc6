import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from pipelines.catalogue import load_catalogue
from pipelines.errors import CorpusError
from pipelines.records import digest
from pipelines.tag.labels.files import read_rows
from pipelines.tag.labels.label import Found
from pipelines.tag.labels.reading import check_labels
from pipelines.tag.labels.slugs import MOST_ISSUES
from pipelines.tag.training.described import described_labels
from pipelines.tag.training.earlier import count_missing, earlier_files, file_entry

COLUMNS = ("text", "themes")
KINDS = (("Lift", 10), ("Door", 100))
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


def files(folder, *contents, columns=COLUMNS):
    """Read label files, given by their rows, one after the other."""
    rows = []
    for number, content in enumerate(contents, start=1):
        inside = folder / f"{number}"
        inside.mkdir(parents=True)
        path = written(inside, "csv", content, columns)
        rows += read_rows(path.rename(inside / f"file{number}.csv"))
    return check_labels(rows)


def test_a_later_file_corrects_an_earlier_one_and_says_so(tmp_path):
    found = files(tmp_path, ROWS, [("The lift had been broken since  May.", "ict-and-recording")])
    assert found.problems == ()
    assert found.notes == (
        "file2.csv row 2: ict-and-recording, in place of premises-and-travel in file1.csv row 2",
    )
    assert [(x.text, x.themes, x.source) for x in found.labels] == [
        (ROWS[0][0], ("ict-and-recording",), "file2.csv row 2"),
        (ROWS[1][0], ("risk-of-harm", "multi-agency-working"), "file1.csv row 3"),
    ]


def test_a_later_file_of_the_same_name_corrects_too_and_is_told_by_its_folder(tmp_path):
    rows = []
    for folder, theme in (("first", "premises-and-travel"), ("second", "ict-and-recording")):
        (tmp_path / folder).mkdir()
        rows += read_rows(written(tmp_path / folder, "csv", [(ROWS[0][0], theme)]))
    found = check_labels(rows)
    first, second = (f"{tmp_path}/{folder}/new.csv row 2" for folder in ("first", "second"))
    assert found.problems == ()
    assert found.notes == (
        f"{second}: ict-and-recording, in place of premises-and-travel in {first}",
    )
    (label,) = found.labels
    assert (label.document, label.file) == ("new.csv", f"{tmp_path}/second/new.csv")


def test_a_correction_of_themes_keeps_issues_that_it_says_nothing_of(tmp_path):
    subject = load_catalogue().slugs[0]
    columns = ("text", "themes", "issues")
    found = files(
        tmp_path,
        [("Text.", "outcomes", subject), ("Other.", "outcomes", subject)],
        [("Text.", "risk-of-harm", ""), ("Other.", "outcomes", "none")],
        columns=columns,
    )
    assert [(x.themes, x.subjects) for x in found.labels] == [
        (("risk-of-harm",), (subject,)),
        (("outcomes",), ()),
    ]
    assert len(found.notes) == 2


def test_what_was_coded_before_it_was_decided_again_is_kept_until_a_person_corrects_it(tmp_path):
    columns = ("text", "themes", "coded_themes", "coded_issues")
    subject = load_catalogue().slugs[0]
    first = [
        ("One.", "outcomes", "risk-of-harm", subject),
        ("Two.", "outcomes", "", ""),
        ("Three.", "outcomes", "none", "none"),
        ("Four.", "outcomes", "no-longer-a-theme", ""),
    ]
    found = files(tmp_path, first, columns=columns).labels
    assert [(x.coded_themes, x.coded_subjects) for x in found] == [
        (("risk-of-harm",), (subject,)),
        (None, None),
        ((), ()),
        (None, None),
    ]
    assert found[0].as_coded.themes == ("risk-of-harm",)
    assert found[0].as_coded.subjects == (subject,)
    assert found[1].as_coded == found[1]
    person = [("One.", "unpaid-work", "", "")]
    (mine, *_) = files(tmp_path / "later", first, person, columns=columns).labels
    assert mine.as_coded.themes == ("unpaid-work",)


def test_what_a_finding_only_concedes_is_no_issue_that_it_states(tmp_path):
    columns = ("text", "themes", "polarity", "issues", "coded_issues")
    visits, records = "home-visits", "case-recording"
    named = load_catalogue().subject(visits)
    rows = [
        ("One.", "outcomes", "improvement", f"{visits}/strength; {records}", f"{visits}/strength"),
        ("Two.", "outcomes", "strength", f"{visits}/area_for_improvement", ""),
        ("Three.", "outcomes", "afi", f"{visits}/strength; {visits}", ""),
        ("Four.", "outcomes", "", f"{visits}/strength", ""),
        ("Five.", "outcomes", "strength", f"{visits}/strength", ""),
        ("Six.", "outcomes", "Area for improvement", f"{visits}/strength", ""),
        ("Seven.", "outcomes", "Areas for Improvement", f"{visits}/strength; {records}", ""),
        ("Eight.", "outcomes", "improvement", named.strength, ""),
        ("Nine.", "outcomes", "improvement", named.area_for_improvement, ""),
        ("Ten.", "outcomes", "improvement", f"{visits}/strength, {records}", ""),
        ("Eleven.", "outcomes", "improvement", f"{named.strength}, {records}/afi", ""),
    ]
    found = files(tmp_path, rows, columns=columns).labels
    assert [x.subjects for x in found[:5]] == [(records,), (), (visits,), (visits,), (visits,)]
    assert [x.subjects for x in found[5:7]] == [(), (records,)]
    assert [x.subjects for x in found[7:]] == [(), (visits,), (records,), (records,)]
    assert found[0].coded_subjects == ()


def test_a_label_that_speaks_of_some_themes_has_the_say_on_these_and_on_no_other(tmp_path):
    columns = ("text", "themes", "decided")
    whole = [("The lift was broken.", "premises-and-travel; outcomes", "")]
    some = [("The lift was broken.", "risk-of-harm", "risk-of-harm; outcomes")]
    for n, order in enumerate(((whole, some), (some, whole))):
        (label,) = files(tmp_path / str(n), *order, columns=columns).labels
        assert label.themes == ("risk-of-harm", "premises-and-travel")
        assert label.decided is None
    more = [("The lift was broken.", "outcomes", "outcomes; unpaid-work")]
    (label,) = files(tmp_path / "more", some, more, columns=columns).labels
    assert label.themes == ("risk-of-harm", "outcomes")
    assert label.decided == ("risk-of-harm", "unpaid-work", "outcomes")
    (problem,) = files(
        tmp_path / "wrong", [("A.", "outcomes", "outcome")], columns=columns
    ).problems
    assert "unknown theme 'outcome'; did you mean 'outcomes'?" in problem


def test_two_rows_of_a_later_file_that_conflict_are_a_problem_still(tmp_path):
    twice = [(ROWS[0][0], "ict-and-recording"), (ROWS[0][0], "outcomes")]
    found = files(tmp_path, ROWS, twice)
    assert len(found.problems) == 1
    assert "file2.csv row 3" in found.problems[0]
    assert "file2.csv row 2" in found.problems[0]


def test_a_shipped_label_is_corrected_by_a_file_of_ones_own_and_it_is_said(tmp_path):
    from pipelines.tag.training.train import TrainSettings, read_labels, shipped_labels

    base = tmp_path / "base"  # one file of them: to read all takes seconds
    base.mkdir()
    (base / "authored_7.jsonl").symlink_to(shipped_labels() / "authored_7.jsonl")
    shipped = read_labels(TrainSettings(base=base)).labels[0]
    theme = next(t for t in ("outcomes", "unpaid-work") if t not in shipped.themes)
    own = written(tmp_path, "xlsx", [(shipped.text, theme)])
    found = read_labels(TrainSettings(base=base, labels=(own,)))
    assert found.problems == ()
    (label,) = (x for x in found.labels if x.digest == shipped.digest)
    assert label.themes == (theme,)
    assert label.subjects == shipped.subjects
    (note,) = (n for n in found.notes if n.startswith("new.xlsx row 2: "))
    assert theme in note.partition(", in place of ")[0]
    assert note.endswith(f" in {shipped.source}")


def test_none_is_a_label_that_no_theme_fits(tmp_path):
    found = checked(tmp_path, [("Of nothing in particular.", "none"), ("Lost.", "")])
    assert [(x.text, x.themes) for x in found.labels] == [("Of nothing in particular.", ())]
    assert found.problems == (
        "new.csv row 3: no theme; give it one to four, or 'none' where none fits",
    )
    path = tmp_path / "new.jsonl"
    path.write_text('{"text": "A.", "themes": []}\n{"text": "B.", "themes": "none"}\n')
    assert [x.themes for x in check_labels(read_rows(path)).labels] == [(), ()]
    path.write_text('{"text": "A.", "themes": "-"}\n{"text": "B.", "themes": "\'-"}\n')
    assert [x.themes for x in check_labels(read_rows(path)).labels] == [(), ()]  # as we guard it


def test_none_beside_a_theme_is_a_problem(tmp_path):
    (problem,) = checked(tmp_path, [("Text.", "none; outcomes")]).problems
    assert "'none' stands beside themes" in problem


def test_issues_are_known_none_or_not_said(tmp_path):
    first, second = load_catalogue().slugs[:2]
    rows = [
        ("One.", "outcomes", f"{second}/strength; {first}"),
        ("Two.", "outcomes", "none"),
        ("Three.", "outcomes", ""),
    ]
    found = checked(tmp_path, rows, columns=("text", "themes", "issues"))
    assert found.problems == ()
    assert [x.subjects for x in found.labels] == [(first, second), (), None]
    without = checked(tmp_path, [row[:2] for row in rows])
    assert {x.subjects for x in without.labels} == {None}


def test_issues_that_cannot_be_used_are_problems(tmp_path):
    slugs = load_catalogue().slugs
    rows = [
        ("One.", "outcomes", f"{slugs[0]}s"),
        ("Two.", "outcomes", ";".join(slugs[: MOST_ISSUES + 1])),
    ]
    first, second = checked(tmp_path, rows, columns=("text", "themes", "issues")).problems
    assert f"unknown issue '{slugs[0]}s'; did you mean {slugs[0]!r}?" in first
    assert f"4 issues; a finding has {MOST_ISSUES} at most" in second


def test_what_a_row_says_of_its_voice_unit_section_and_polarity_is_kept(tmp_path):
    columns = ("text", "themes", "origin", "voice", "unit", "section", "polarity", "colour")
    rows = [
        ("One.", "outcomes", "written", "v01", "Alder", "Staff", "improvement", "red"),
        ("Two.", "outcomes", "written", "", "", "", "", ""),
        ("Three.", "outcomes", "real", "", "", "", "strength", "blue"),
    ]
    found = checked(tmp_path, rows, columns=columns)
    assert found.problems == ()
    assert [(x.voice, x.unit, x.section, x.polarity, x.document) for x in found.labels] == [
        ("v01", "Alder", "Staff", "area_for_improvement", ""),
        ("", "", "", "", ""),
        ("", "new.csv", "", "strength", "new.csv"),
    ]


def test_an_unknown_origin_and_a_strange_ordinal_are_problems(tmp_path):
    columns = ("text", "themes", "origin", "ordinal")
    rows = [("One.", "outcomes", "invented", "1"), ("Two.", "outcomes", "", "first")]
    first, second = checked(tmp_path, rows, columns=columns).problems
    assert "origin 'invented'; expected real or written" in first
    assert "ordinal 'first' is no whole number" in second


@pytest.mark.parametrize(
    ("said", "read"), [("3.0", 3), ("3.", 3), ("007", 7), ("20240312001", 20240312001)]
)
def test_an_ordinal_is_whole_however_a_program_writes_it(tmp_path, said, read):
    (label,) = checked(tmp_path, [(*ROWS[0], said)], columns=(*COLUMNS, "ordinal")).labels
    assert label.ordinal == read


@pytest.mark.parametrize("said", ["²", "9" * 5000, "3.5", "1e3"])
def test_a_strange_ordinal_is_a_problem_of_its_row(tmp_path, said):
    (problem,) = checked(tmp_path, [(*ROWS[0], said)], columns=(*COLUMNS, "ordinal")).problems
    assert problem.startswith(f"new.csv row 2: ordinal '{said[:40]}' is no whole number")


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
                             "victim-safety"])), "5 themes; a finding has 4 at most"),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_used_are_problems(tmp_path, row, part):
    (problem,) = checked(tmp_path, [row]).problems
    assert "row 2" in problem
    assert part in problem


def test_what_the_catalogue_says_of_a_subject_is_a_label_of_it():
    described = described_labels()
    subject = load_catalogue().subjects[0]
    own = [x for x in described if x.subjects == (subject.slug,)]
    assert [x.text for x in own] == [subject.area_for_improvement, subject.strength, subject.claim]
    assert {x.themes for x in own} == {subject.themes}
    assert not any(x.real or x.voice for x in described)
    assert len(described) == 3 * len(load_catalogue().subjects)


def test_stand_off_labels_find_their_text_or_are_counted(tmp_path):
    text = "Case records were thin."
    columns = ("document_id", "ordinal", "digest", "themes")
    rows = [
        ("alder-2023-01", "1", digest(text), "ict-and-recording"),
        ("alder-2023-01", "2", digest("Something else."), "outcomes"),
    ]
    found = checked(tmp_path, rows, columns=columns, texts={digest(text): Found(text, "")})
    assert [(x.text, x.document, x.name, x.unit) for x in found.labels] == [
        (text, "alder-2023-01", "alder-2023-01/001", "alder-2023-01")
    ]
    assert found.unresolved == {"alder-2023-01": 1}


def test_stand_off_labels_take_section_and_polarity_from_the_report(tmp_path):
    text = "Case records were thin."
    texts = {digest(text): Found(text, "polarity=strength code=1.4", "Information")}
    columns = ("document_id", "digest", "themes", "section", "polarity")
    row = ("alder-2023-01", digest(text), "ict-and-recording", "Staff", "improvement")
    (label,) = checked(tmp_path, [row], columns=columns, texts=texts).labels
    assert (label.section, label.polarity) == ("Information", "strength")


def test_a_digest_of_another_text_is_a_problem(tmp_path):
    rows = [("Case records were thin.", digest("Other."), "outcomes")]
    (problem,) = checked(tmp_path, rows, columns=("text", "digest", "themes")).problems
    assert "is not that of its text" in problem


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("x.csv", b"text,colour\nA,b\n", "no column 'themes'"),
        ("x.csv", b"text,themes\n\x81\x8d,b\n", "UTF-8"),
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
    from pipelines.tag.training.train import TrainSettings, read_labels, shipped_labels

    found = read_labels(TrainSettings())
    assert found.problems == ()
    assert found.notes == ()
    assert found.unresolved == {
        "cheshire-west-2023-06": 95,
        "knowsley-and-st-helens-2023-06": 99,
    }
    header = (shipped_labels() / "real.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == "document_id,ordinal,digest,themes,issues"


def test_a_label_that_its_file_holds_no_more_is_dropped_and_not_lost(tmp_path):
    """Taken out or corrected; lost is one whose text is not found, or whose file is gone."""
    path = tmp_path / "own.csv"
    known = "The lift was out of order."
    absent = digest("The door was locked.")
    path.write_text(f"text,digest,themes\n{known},,outcomes\n,{absent},outcomes\n")
    labels = check_labels(read_rows(path))
    meta = {
        "labels": [digest(known), absent, digest("The lift was out of odrer.")],
        "label_files": [{"path": "corpus/labels/own.csv"}, {"path": str(path)}],
    }
    assert count_missing(meta, labels, tmp_path) == (1, 1, False)
    assert earlier_files(meta) == [path]
    path.rename(tmp_path / "elsewhere.csv")
    assert count_missing(meta, labels, tmp_path) == (2, 0, False)
    assert earlier_files(meta) == []


def learned(*paths):
    """Return what meta.json holds of a model trained on label files of a user's own."""
    labels = check_labels([row for path in paths for row in read_rows(path)]).labels
    entries = [file_entry(path, labels, None) for path in paths]
    return {"labels": [label.digest for label in labels], "label_files": entries}


@pytest.mark.parametrize("told", [True, False])
def test_labels_of_a_file_that_is_gone_are_lost_whatever_becomes_of_others(tmp_path, told):
    """Another file, renamed or corrected by a new one, made them dropped, and few."""
    paths = a, b = tmp_path / "a.csv", tmp_path / "b.csv"
    rows = [[(f"{what} {n} was broken.", "outcomes") for n in range(m)] for what, m in KINDS]
    for path, own in zip(paths, rows, strict=True):
        written(tmp_path, "csv", own).rename(path)
    meta = learned(a, b)
    for entry in meta["label_files"]:
        if not told:
            del entry["labels"]  # as of before
    a.unlink()
    corrects = written(tmp_path, "csv", [(text, "resettlement") for text, _ in rows[1]])
    both = check_labels([*read_rows(b), *read_rows(corrects)])
    assert count_missing(meta, both, tmp_path) == (10, 0, False)
    b.rename(tmp_path / "c.csv")
    renamed = check_labels(read_rows(tmp_path / "c.csv"))
    assert count_missing(meta, renamed, tmp_path) == (10, 0, False)


@pytest.mark.parametrize(
    ("left", "few"), [(30, True), (29, True), (27, True), (26, False), (9, False)]
)
@pytest.mark.parametrize("name", ["own.csv", "renamed.csv"])
def test_few_labels_taken_out_are_dropped_wherever_their_file_is_now(tmp_path, left, few, name):
    """Most of a file gone put the poorer model in use; one row and a new name never did."""
    texts = [f"Lift number {n} was out of order." for n in range(30)]
    steady, own = tmp_path / "steady.csv", tmp_path / "own.csv"
    steady.write_text("text,themes\n" + "".join(f"On stairs: {t},outcomes\n" for t in texts))
    own.write_text("text,themes\n" + "".join(f"{t},outcomes\n" for t in texts))
    meta = learned(steady, own)
    own.unlink()
    now = tmp_path / name
    now.write_text("text,themes\n" + "".join(f"{t},outcomes\n" for t in texts[:left]))
    labels = check_labels([*read_rows(steady), *read_rows(now)])
    lost, dropped, found = count_missing(meta, labels, tmp_path)
    assert (lost + dropped, found) == (30 - left, few)
    assert not lost or name != "own.csv"
