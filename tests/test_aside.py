"""What a folder holds besides reports: zips are looked into, the rest is in the ledger with why."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

import invented
import pipelines
from pipelines import columns as c
from pipelines.errors import SettingsError
from pipelines.flow import read_into
from pipelines.flow.sources.find import find_sources, survey_sources
from pipelines.flow.sources.zips import list_zip, unpack
from pipelines.report.provenance import _caution
from pipelines.tables import frame


def fates(run):
    rows = run.ledger.to_dict("records")
    return {row[c.PATH]: (row[c.STATUS], row[c.REASON]) for row in rows}


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "in"
    place.mkdir()
    invented.write(place, range(2), bullets=1)
    return place


def packed(path, entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def test_what_is_no_report_is_in_the_ledger_with_what_to_do_and_fails_nothing(folder, tmp_path):
    for name in ("mail.eml", "scan.PNG", "sheet.xlsx", "notes.odd", "plain", "novel.epub"):
        (folder / name).write_text("x")
    for name in (".hidden", "Thumbs.db", "~$report.docx"):
        (folder / name).write_text("x")
    done = read_into(folder, tmp_path / "out")
    aside = {path: why for path, (status, why) in fates(done).items() if status == "aside"}
    assert set(aside) == {
        *("mail.eml", "scan.PNG", "sheet.xlsx", "notes.odd", "plain", "novel.epub")
    }
    assert aside["novel.epub"].startswith("an e-book")
    assert "attached" in aside["mail.eml"]
    assert "OCR" in aside["scan.PNG"]
    assert all("; " in why for why in aside.values())  # what it is; what to do
    assert (done.summary.read, done.summary.failed, done.summary.aside) == (2, 0, 6)


def test_a_link_to_what_has_a_name_of_its_own_is_set_aside_and_nothing_is_read_twice(folder):
    """Whichever is met first: what is plain goes by its own name."""
    (folder / "z").mkdir()
    (folder / "report-0001.txt").rename(folder / "z" / "b.txt")
    (folder / "a-link.txt").symlink_to("report-0000.txt")
    (folder / "a-folder").symlink_to(folder / "z")
    (folder / "z" / "back").symlink_to(folder)
    (folder / "z" / "itself").symlink_to("itself")
    found = {one.path: one for one in survey_sources(folder)}
    assert {path for path, one in found.items() if not one.aside} == {"report-0000.txt", "z/b.txt"}
    assert found["a-link.txt"].problem.startswith("a link to report-0000.txt,")
    assert found["a-folder"].problem.startswith("a link to z,")
    assert found["z/back"].problem.startswith("a link to in,")
    assert found["z/itself"].aside
    by_name = survey_sources([folder / "a-link.txt", folder / "report-0000.txt"])
    assert [one.path for one in by_name] == ["a-link.txt"]
    assert {one.path for one in find_sources([folder, folder / "a-link.txt"])} == {
        "report-0000.txt",
        "z/b.txt",
    }


def test_what_only_a_link_names_is_read_by_it_once(folder):
    """As tools that keep all content in one place leave a folder."""
    (folder / ".store").mkdir()
    (folder / "report-0001.txt").rename(folder / ".store" / "5ad3")
    for name in ("second.txt", "first.txt"):
        (folder / name).symlink_to(".store/5ad3")
    found = {one.path: one.aside for one in survey_sources(folder)}
    assert found == {"report-0000.txt": False, "first.txt": False, "second.txt": True}


def test_a_link_out_of_what_was_given_is_not_read_and_says_where_it_leads(folder, tmp_path):
    (tmp_path / "else").mkdir()
    (folder / "report-0001.txt").rename(tmp_path / "else" / "b.txt")
    (folder / "b.txt").symlink_to(tmp_path / "else" / "b.txt")
    (folder / "more").symlink_to("../else")
    (folder / "all").symlink_to("/")
    (folder / "picture.png").symlink_to("/dev/null")
    done = read_into(folder, tmp_path / "out")
    assert done.summary.read == 1
    said = fates(done)
    assert {path for path, (status, _) in said.items() if status == "failed"} == {
        "b.txt",
        "more",
        "all",
    }
    assert said["more"][1] == (
        "a link out of the folder, to ../else; if it is meant, give that, or the link by its name, "
        "as a source too"
    )
    assert said["picture.png"][0] == "aside"
    given = {one.path: one for one in survey_sources([folder, tmp_path / "else"])}
    assert not given["else/b.txt"].aside  # by its own name
    assert given["in/b.txt"].problem.startswith("a link to else/b.txt,")
    assert given["more"].problem.startswith("a link to else,")


def test_a_folder_that_is_given_by_a_link_is_read(folder, tmp_path):
    (tmp_path / "link").symlink_to(folder)
    assert len(find_sources(tmp_path / "link")) == 2
    assert len(find_sources([tmp_path / "link", folder])) == 2


def test_reports_in_a_zip_are_read_as_if_it_were_a_folder(folder, tmp_path):
    first, second = sorted(folder.iterdir())
    zipped = packed(
        tmp_path / "pack.zip",
        {
            "year/one.txt": first.read_bytes(),
            "two.txt": second.read_bytes(),
            "__MACOSX/._one.txt": b"x",
            "photo.jpg": b"x",
            "more.zip": b"x",
            "page_files/a.html": b"x",
            "page_files/b.pdf": b"x",
            "page.html": b"x",
        },
    )
    done = read_into(zipped, tmp_path / "out")
    whole = read_into(folder, tmp_path / "plain")
    status = {path: status for path, (status, _) in fates(done).items()}
    assert status == {
        "pack.zip/more.zip": "aside",
        "pack.zip/page.html": "failed",
        "pack.zip/page_files/b.pdf": "aside",
        "pack.zip/photo.jpg": "aside",
        "pack.zip/two.txt": "read",
        "pack.zip/year/one.txt": "read",
    }
    assert sorted(done.findings[c.TEXT]) == sorted(whole.findings[c.TEXT])
    assert done.locate("pack.zip/two.txt") is None  # it is in no file of its own
    inside = read_into(tmp_path, tmp_path / "out")
    assert fates(inside)["pack.zip/two.txt"][0] == "duplicate"  # of the same in the folder


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_in_a_zip_are_both_read(tmp_path):
    pack = tmp_path / "pack.zip"
    names = ["in/a.txt", "in/a (2).txt", "in/a.txt", "in/a.txt", "b.txt"]
    with zipfile.ZipFile(pack, "w") as archive:
        for number, name in enumerate(names):
            archive.writestr(name, str(number))
    listed = list_zip(pack).names
    assert listed == ("b.txt", "in/a (2).txt", "in/a (3).txt", "in/a (4).txt", "in/a.txt")
    found = []
    for name in listed:
        unpack(str(pack), name, tmp_path / "out", most=10)
        found.append((tmp_path / "out").read_text())
    assert found == ["4", "1", "2", "3", "0"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_that_have_no_name_to_number_cost_a_zip_no_other_file(tmp_path):
    pack = tmp_path / "pack.zip"
    with zipfile.ZipFile(pack, "w") as archive:
        for name in (".", ".", "b.txt"):
            archive.writestr(name, "text")
    assert "b.txt" in list_zip(pack).names


def test_a_zip_behind_an_address_is_looked_into_like_one_on_this_machine(tmp_path):
    for name, entries in (("pack.zip", {"in/a.txt": b"x", "../b.odd": b"x"}), ("none.zip", {})):
        packed(tmp_path / name, entries)
    (tmp_path / "bad.zip").write_bytes(b"PK")
    there = [f"file://{tmp_path}/{name}.zip" for name in ("pack", "none", "bad")]
    found = {one.path: one for one in survey_sources(there)}
    assert set(found) == {"pack.zip/in/a.txt", "pack.zip/b.odd", "none.zip", "bad.zip"}
    assert found["pack.zip/in/a.txt"].address == f"zip://in/a.txt::{there[0]}"
    assert "No such file" in found["none.zip"].problem  # an empty archive is no folder there
    assert (found["bad.zip"].problem, found["bad.zip"].address) == (
        "",
        there[2],
    )  # its content tells


def test_a_report_whose_name_begins_with_a_dot_is_read_and_litter_is_not(folder, tmp_path):
    one = sorted(folder.iterdir())[0]
    one.rename(folder / ".hidden.txt")
    litter = ("._Report.txt", "~$Report.docx", ".DS_Store", ".txt")
    litter += (".trashed-123-report.pdf", ".goutputstream-X1.html")
    for name in litter:
        (folder / name).write_bytes(b"x")
    said = fates(read_into(folder, tmp_path / "out"))
    assert said[".hidden.txt"][0] == "read"
    assert len(said) == len(sorted(folder.iterdir())) - len(litter)


def test_documents_in_a_folder_named_like_a_pages_are_in_the_ledger(folder, tmp_path):
    (folder / "reports.html").write_text("<html>Our reports.</html>")
    kept = folder / "reports_files"
    (kept / "2024").mkdir(parents=True)
    for name in ("a.pdf", "2024/b.docx", "2024/c.DOC"):
        (kept / name).write_bytes(b"x")
    for name in ("frame.html", "picture.png", "style.css", "script"):
        (kept / name).write_bytes(b"x")
    said = fates(read_into(folder, tmp_path / "out"))
    inside = {path: said[path] for path in said if path.startswith("reports_files/")}
    assert set(inside) == {
        f"reports_files/{name}" for name in ("a.pdf", "2024/b.docx", "2024/c.DOC")
    }
    assert {status for status, _ in inside.values()} == {"aside"}
    assert all("give it by name" in why for _, why in inside.values())


def test_names_that_lead_out_of_an_archive_lead_nowhere_and_lose_no_report(folder, tmp_path):
    first, second = sorted(folder.iterdir())
    zipped = packed(
        tmp_path / "pack.zip",
        {
            "../reports/one.txt": first.read_bytes(),
            "/var/two.txt": second.read_bytes(),
            "two.txt": b"another",
            "../notes.odt": b"x",
            "../.hidden": b"x",
        },
    )
    said = fates(read_into(zipped, tmp_path / "out"))
    assert {path: status for path, (status, _) in said.items()} == {
        "pack.zip/reports/one.txt": "read",
        "pack.zip/var/two.txt": "read",
        "pack.zip/two.txt": "failed",
        "pack.zip/notes.odt": "aside",
    }
    assert "document" in said["pack.zip/notes.odt"][1]
    assert not (tmp_path / "reports").exists()


def test_an_archive_out_of_hand_is_named_and_the_rest_is_read(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("pipelines.flow.sources.zips._MOST_FILES", 10)
    packed(folder / "many.zip", {f"{n}.txt": b"x" for n in range(11)})
    (folder / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    packed(folder / "empty.zip", {})
    packed(folder / "word.zip", {"[Content_Types].xml": b"x", "word/document.xml": b"x"})
    packed(folder / "up.zip", {"../../up.txt": b"", "/root.txt": b""})
    done = read_into(folder, tmp_path / "out")
    told = fates(done)
    assert told["many.zip"][0] == "failed"
    assert "more than 10 files" in told["many.zip"][1]
    assert "damaged" in told["broken.zip"][1]
    assert told["empty.zip"][0] == "aside"
    assert told["word.zip"] == ("failed", "it is a Word document (.docx); name it .docx")
    assert done.summary.read == 2
    assert not (tmp_path.parent / "up.txt").exists()


def test_a_file_that_unpacks_without_end_is_cut_at_the_limit(tmp_path):
    zipped = packed(tmp_path / "bomb.zip", {"zeros.txt": b"0" * 5_000_000})
    assert zipped.stat().st_size < 10_000
    assert list_zip(zipped).names == ("zeros.txt",)
    unpack(str(zipped), "zeros.txt", tmp_path / "out.txt", most=1_000)
    assert (tmp_path / "out.txt").stat().st_size == 1_001


def test_what_a_password_locks_is_said_so(tmp_path):
    zipped = packed(tmp_path / "locked.zip", {"a.txt": b"secret"})
    data = bytearray(zipped.read_bytes())
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + at] |= 1
    zipped.write_bytes(bytes(data))
    (source,) = find_sources(zipped)
    assert "password" in source.problem
    assert "unpack it" in source.remedy


def test_a_folder_of_other_things_only_is_refused_and_says_what_there_is(tmp_path):
    for name in ("a.png", "b.png", "c.eml"):
        (tmp_path / name).write_text("x")
    with pytest.raises(SettingsError, match=r"nothing to read .* 1 of \.eml, 2 of \.png"):
        find_sources(tmp_path)


def test_sources_none_of_which_is_there_are_a_mistake_and_no_empty_run(folder, tmp_path):
    mistyped = folder.with_name("inn")
    with pytest.raises(SettingsError, match=r"no such file or folder; did you mean .*in"):
        pipelines.run(mistyped)
    with pytest.raises(SettingsError, match="no such file"):
        pipelines.run([mistyped, folder / "nowhere.txt"])
    some = read_into([folder / "report-0000.txt", folder / "nowhere.txt"], tmp_path / "out")
    assert fates(some)["nowhere.txt"][0] == "failed"


@pytest.mark.parametrize("name", ["01-explore-a-corpus", "04-check-and-explain-tags"])
def test_notebooks_get_through_a_report_without_findings(tmp_path, name):
    """Every cell runs on a folder whose one report lists no findings."""
    report = tmp_path / "in" / "report.txt"
    report.parent.mkdir()
    text = invented.as_text(invented.invent(1, bullets=1)).decode()
    report.write_text("\n".join(line for line in text.splitlines() if not line.startswith("- ")))
    place = Path(__file__).parents[1] / "notebooks" / f"{name}.ipynb"
    cells = json.loads(place.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    scope = {}
    for cell in code:
        exec(cell.replace("../corpus/sample", str(report.parent)), scope)
    assert len(scope["run"].findings) == 0


def test_a_report_without_findings_says_so_and_asks_for_no_stage():
    said = _caution({"tags": frame("tags")}, 0)
    assert "No finding was found" in said
    assert "stage" not in said
