"""Run folder, cache and search for sources: whole or not at all, whatever happens."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines import columns as c
from pipelines.columns import TABLES
from pipelines.durable import drafted, write_bytes
from pipelines.errors import ArtefactError, SettingsError, StorageError
from pipelines.flow.settings import RunSettings
from pipelines.flow.sources.find import find_sources, readable
from pipelines.flow.storage import written
from pipelines.flow.storage.cache import Cache, key_of
from pipelines.flow.storage.packing import (
    check_columns,
    compact,
    conformed,
    pack,
    tag_tables,
    take,
    unpack,
)
from pipelines.flow.storage.store import RunFolder
from pipelines.flow.storage.stored import Stored
from pipelines.flow.storage.written import write_csv, write_manifest
from pipelines.tables import frame, schema_of


def leftovers(text: str) -> pd.DataFrame:
    return frame("leftovers", [{c.DOCUMENT_ID: "d", c.TEXT: text, c.REASON: "r"}] * 3)


def publish(folder: RunFolder, text: str) -> None:
    data = leftovers(text)
    with folder.locked(), folder.draft() as draft:
        stored = Stored(draft / "tables")
        stored["leftovers"] = data
        (draft / "report").mkdir()
        (draft / "report" / "report.html").write_text(text)
        write_manifest(draft, {"tables": stored.entries(), "owners": {}, "places": {}})


def test_a_run_replaces_tables_report_and_manifest_together(tmp_path):
    folder = RunFolder(tmp_path / "out")
    for text in ("first", "second", "third"):
        publish(folder, text)
        assert set(folder.read_tables()["leftovers"][c.TEXT]) == {text}
        plain = pd.read_parquet(tmp_path / "out" / "tables" / "leftovers.parquet")
        assert set(plain[c.TEXT]) == {text}
        assert (tmp_path / "out" / "report" / "report.html").read_text() == text
    generations = [p for p in (tmp_path / "out" / ".generations").iterdir() if p.is_dir()]
    assert len([p for p in generations if not p.is_symlink()]) == 3


def test_a_run_folder_can_be_moved(tmp_path):
    publish(RunFolder(tmp_path / "a"), "text")
    (tmp_path / "a").rename(tmp_path / "b")
    assert set(RunFolder(tmp_path / "b").read_tables()["leftovers"][c.TEXT]) == {"text"}


def test_a_folder_given_by_a_relative_path_keeps_what_was_published(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = RunFolder(Path("out"))
    publish(folder, "one")
    assert folder.read_tables()["leftovers"][c.TEXT].unique().tolist() == ["one"]
    with folder.locked():  # a second run sweeps before it begins
        assert folder.read_tables()["leftovers"][c.TEXT].unique().tolist() == ["one"]


def test_without_links_the_parts_are_renamed_into_place(tmp_path, monkeypatch):
    def refuse(self, target, target_is_directory=False):
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr("pathlib.Path.symlink_to", refuse)
    folder = RunFolder(tmp_path / "out")
    for text in ("first", "second"):
        publish(folder, text)
        assert not (tmp_path / "out" / "tables").is_symlink()
        assert set(folder.read_tables()["leftovers"][c.TEXT]) == {text}


def test_what_a_run_without_links_began_is_ended_by_who_opens_next(tmp_path, monkeypatch):
    def refuse(self, target, target_is_directory=False):
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr("pathlib.Path.symlink_to", refuse)
    folder = RunFolder(tmp_path / "out")
    publish(folder, "first")
    ended = RunFolder._finish

    def killed(self):
        if (self.path / ".generations" / "committed").is_dir():
            raise KeyboardInterrupt

    monkeypatch.setattr(RunFolder, "_finish", killed)
    with pytest.raises(KeyboardInterrupt):
        publish(folder, "second")
    monkeypatch.setattr(RunFolder, "_finish", ended)
    assert set(folder.read_tables()["leftovers"][c.TEXT]) == {"second"}


def test_an_error_while_writing_leaves_what_was_there(tmp_path):
    folder = RunFolder(tmp_path / "out")
    publish(folder, "first")

    def fail() -> None:
        with folder.locked(), folder.draft() as draft:
            (draft / "tables").mkdir()
            (draft / "tables" / "leftovers.parquet").write_bytes(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert set(folder.read_tables()["leftovers"][c.TEXT]) == {"first"}
    assert not list((tmp_path / "out" / ".generations").glob("draft-*"))


def test_drafts_of_killed_runs_are_swept_away(tmp_path):
    folder = RunFolder(tmp_path / "out")
    publish(folder, "first")
    (tmp_path / "out" / ".generations" / "draft-killed" / "tables").mkdir(parents=True)
    (tmp_path / "out" / ".generations" / "draft-killed" / ".draft").touch()
    publish(folder, "second")
    assert not list((tmp_path / "out" / ".generations").glob("draft-*"))


def test_two_runs_in_one_folder_are_refused_with_a_sentence_or_wait(tmp_path, record_property):
    folder = RunFolder(tmp_path / "out")
    with (
        folder.locked(),
        pytest.raises(StorageError, match="another run is writing"),
        RunFolder(tmp_path / "out").locked(),
    ):
        pass
    entered, leave = threading.Event(), threading.Event()

    def hold():
        with folder.locked():
            entered.set()
            leave.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    entered.wait(10)
    threading.Timer(0.3, leave.set).start()
    with RunFolder(tmp_path / "out").locked(wait=10):
        pass
    thread.join()
    record_property("two runs into one folder", 2)


def test_a_damaged_table_is_named(tmp_path):
    folder = RunFolder(tmp_path / "out")
    publish(folder, "first")
    path = tmp_path / "out" / "tables" / "leftovers.parquet"
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    with pytest.raises(ArtefactError, match=r"leftovers\.parquet: is not what the run wrote"):
        folder.read_tables()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": 99}', "\x00"])
def test_a_damaged_manifest_is_named(tmp_path, text):
    folder = RunFolder(tmp_path / "out")
    publish(folder, "first")
    (tmp_path / "out" / "manifest.json").resolve().write_text(text)
    with pytest.raises(ArtefactError, match=r"manifest\.json"):
        folder.read_tables()


def test_a_missing_table_is_named(tmp_path):
    folder = RunFolder(tmp_path / "out")
    publish(folder, "first")
    (tmp_path / "out" / "tables" / "leftovers.parquet").unlink()
    with pytest.raises(ArtefactError, match="is missing"):
        folder.read_tables()


def test_a_folder_of_something_else_is_neither_read_nor_overwritten(tmp_path):
    with pytest.raises(ArtefactError, match="not the folder of a finished run"):
        RunFolder(tmp_path).read_tables()
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "mine.txt").write_text("mine")
    with (
        pytest.raises(StorageError, match="was not written by a run"),
        RunFolder(tmp_path).locked(),
    ):
        pass
    assert (tmp_path / "tables" / "mine.txt").read_text() == "mine"


def test_a_file_in_the_folders_place_is_refused(tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(SettingsError, match="is a file"), RunFolder(tmp_path / "out").locked():
        pass


def test_reading_while_runs_end_never_mixes_two(tmp_path, record_property):
    folder = RunFolder(tmp_path / "out")
    publish(folder, "0")
    stop = threading.Event()
    seen, errors = set(), []

    def look():
        while not stop.is_set():
            try:
                seen.add(tuple(folder.read_tables()["leftovers"][c.TEXT].unique()))
            except ArtefactError as error:
                errors.append(error)

    thread = threading.Thread(target=look)
    thread.start()
    for number in range(1, 15):
        publish(folder, str(number))
    stop.set()
    thread.join()
    assert not errors
    assert all(len(texts) == 1 for texts in seen)
    record_property("a run ending while another process reads", 14)


@pytest.mark.parametrize(("table", "column"), [("answered", c.POLARITY), ("edits", c.HAD)])
def test_a_column_that_an_older_folder_lacks_is_read_as_nothing(tmp_path, table, column):
    """Recount and mine refused folders with answers for a column that came later."""
    path = tmp_path / f"{table}.parquet"
    data = frame(table, [{c.WHO: ["Ann"]}])
    pq.write_table(pa.Table.from_pandas(data, schema_of(table)).drop([column]), path)
    check_columns(table, path)
    pd.testing.assert_frame_equal(take(table, path), data)
    pq.write_table(pa.Table.from_pandas(data, schema_of(table)).drop([c.WHO]), path)
    with pytest.raises(SettingsError, match="column 'who' is missing"):
        check_columns(table, path)


def test_equal_tables_are_equal_bytes_and_keep_their_types():
    data = frame("findings")
    assert pack("findings", data) == pack("findings", frame("findings"))
    again = unpack("findings", pack("findings", data))
    assert list(again.dtypes) == list(data.dtypes)
    lists = frame("documents", [{c.DOCUMENT_ID: "d", c.WARNINGS: ["a", "b"], c.PAGES: 3}])
    back = unpack("documents", pack("documents", lists))
    assert back[c.WARNINGS].tolist() == [["a", "b"]]
    assert back[c.PAGES].tolist() == [3]


def test_tags_of_a_document_are_parted_into_findings_and_recommendations():
    tags = {
        c.FINDING_ID: [0, 0, 1, 1],
        c.THEME: ["a", "b", "a", "b"],
        c.PROBABILITY: [0.1, 0.9, 0.8, 0.2],
        c.ASSIGNED: [False, True, True, False],
        c.CERTAINTY: [None, "sure", "likely", None],
        c.SOURCE: ["model"] * 4,
        c.REVIEW: [False] * 4,
    }
    stated = {
        c.FINDING_ID: [0, 1],
        c.SUBJECT: ["x", "x"],
        c.POLARITY: ["strength", None],
        c.PROBABILITY: [0.7, 0.6],
        c.ASSIGNED: [True, True],
        c.CERTAINTY: ["likely", "likely"],
        c.SOURCE: ["model"] * 2,
    }
    words = {
        c.FINDING_ID: [0, 1],
        c.THEME: ["b", "a"],
        c.START: [0, 0],
        c.END: [4, 5],
        c.TEXT: ["late", "train"],
        c.WEIGHT: [1.5, 0.5],
    }
    shares = {name: [] for name in TABLES["shares"].names}
    tables = {"tags": tags, "issue_tags": stated, "explanations": words, "shares": shares}
    tagged = compact(tables)
    parts = tag_tables(tagged, ["d/001", "d/r1"], findings=1)
    made = {name: conformed(name, part) for name, part in parts.items()}
    assert made["tags"][c.FINDING_ID].tolist() == ["d/001", "d/001"]
    assert made["tags"][c.PROBABILITY].tolist() == [0.1, 0.9]
    assert made["recommendation_tags"][c.RECOMMENDATION_ID].tolist() == ["d/r1", "d/r1"]
    assert made["recommendation_tags"][c.ASSIGNED].tolist() == [True, False]
    assert made["explanations"][c.TEXT].tolist() == ["late"]
    assert made["issue_tags"][c.SUBJECT].tolist() == ["x"]
    assert made["shares"].empty


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_csv_holds_nothing_that_a_spreadsheet_executes(tmp_path, text):
    (tmp_path / "tables").mkdir()
    write_csv(tmp_path, {"leftovers": leftovers(text)})
    back = pd.read_csv(tmp_path / "tables" / "leftovers.csv", dtype=str, keep_default_na=False)
    assert back[c.TEXT].str.startswith("'").all()
    assert back[c.TEXT].iloc[0].lstrip("'").strip() == text.strip()


@pytest.mark.parametrize(
    "text",
    ['a "quote", a comma\nand a line', "ends with \\", "nul\0inside", "“curly” – dash", ",,;"],
)
def test_csv_survives_texts_made_to_break_it(tmp_path, text):
    (tmp_path / "tables").mkdir()
    write_csv(tmp_path, {"leftovers": leftovers(text)})
    back = pd.read_csv(tmp_path / "tables" / "leftovers.csv", dtype=str, keep_default_na=False)
    assert len(back) == 3
    assert back[c.TEXT].iloc[0] == text.replace("\0", "\ufffd")


def test_cache_gives_back_what_was_kept_and_notices_damage(tmp_path, caplog):
    cache = Cache(tmp_path / "cache")
    key = key_of("a", 1, ["x"])
    assert cache.get("read", key) is None
    cache.put("read", key, b"payload" * 1000)
    assert cache.get("read", key) == b"payload" * 1000
    (path,) = (tmp_path / "cache").rglob("*.entry")
    whole = path.read_bytes()
    for damaged in (b"", whole[:10], whole[:-1], whole[:80] + b"x" + whole[81:], b"\0" * 500):
        path.write_bytes(damaged)
        assert cache.get("read", key) is None
    assert "damaged" in caplog.text
    cache.put("read", key, b"anew")
    assert cache.get("read", key) == b"anew"


def test_cache_counts_and_clears_only_what_is_its_own(tmp_path):
    cache = Cache(tmp_path / "cache")
    for number in range(5):
        cache.put("read" if number else "mine", key_of(number), b"x")
    (tmp_path / "cache" / "read" / "notes.txt").write_text("mine")
    assert cache.info().entries == {"mine": 1, "read": 4}
    assert sum(cache.clear().entries.values()) == 5
    assert cache.info().entries == {}
    assert (tmp_path / "cache" / "read" / "notes.txt").read_text() == "mine"
    foreign = Cache(tmp_path / "foreign")
    (tmp_path / "foreign" / "read" / "ab").mkdir(parents=True)
    (tmp_path / "foreign" / "read" / "ab" / "x.entry").write_text("not ours")
    foreign.clear()
    assert (tmp_path / "foreign" / "read" / "ab" / "x.entry").exists()


def test_a_cache_is_not_made_of_a_folder_with_other_files(tmp_path, caplog):
    """Its mark tells programs for backups to leave the folder out."""
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "thesis.odt").write_text("mine")
    cache = Cache(tmp_path / "work")
    cache.put("read", key_of(1), b"x")
    assert "holds other files" in caplog.text
    assert [p.name for p in (tmp_path / "work").iterdir()] == ["thesis.odt"]
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "CACHEDIR.TAG").write_text("Signature: another program's")
    Cache(tmp_path / "other").put("read", key_of(1), b"x")
    assert [p.name for p in (tmp_path / "other").iterdir()] == ["CACHEDIR.TAG"]


def test_clearing_a_cache_follows_no_link_and_takes_no_other_entry(tmp_path):
    cache = Cache(tmp_path / "cache")
    cache.put("read", key_of(1), b"x")
    elsewhere = Cache(tmp_path / "elsewhere")
    elsewhere.put("mine", key_of(2), b"y")
    (tmp_path / "cache" / "mine").symlink_to(tmp_path / "elsewhere" / "mine")
    (entry,) = (tmp_path / "cache" / "read").rglob("*.entry")
    (entry.parent / "other.entry").write_text("of another program")
    assert sum(cache.clear().entries.values()) == 1
    assert elsewhere.get("mine", key_of(2)) == b"y"
    assert (entry.parent / "other.entry").exists()


def test_a_cache_that_cannot_be_written_costs_a_warning(tmp_path, caplog):
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file" / "cache")
    cache.put("read", key_of(1), b"x")
    assert cache.get("read", key_of(1)) is None
    assert "cannot be written" in caplog.text


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "file"
    write_bytes(path, b"first")
    write_bytes(path, b"second")
    assert path.read_bytes() == b"second"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]

    def fail() -> None:
        with drafted(tmp_path / "folder") as draft:
            (draft / "half").write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
    for text in ("one", "two"):
        with drafted(tmp_path / "folder") as draft:
            (draft / "whole").write_text(text)
        assert (tmp_path / "folder" / "whole").read_text() == text


def names(*given, **more):
    return [source.path for source in find_sources(*given, **more)]


def test_sources_are_found_in_folders_by_suffix_or_content(tmp_path):
    (tmp_path / "deep" / "er").mkdir(parents=True)
    for name in ("a.pdf", "B.TXT", "deep/c.html", "deep/er/d.md", "picture.png", ".hidden.txt"):
        (tmp_path / name).write_bytes(b"content")
    (tmp_path / "download").write_bytes(b"%PDF-1.7 and so on")
    (tmp_path / "page.aspx").write_bytes(b"\xef\xbb\xbf\n<!DOCTYPE html><html>")
    assert names(tmp_path) == [
        ".hidden.txt",
        "B.TXT",
        "a.pdf",
        "deep/c.html",
        "deep/er/d.md",
        "download",
        "page.aspx",
    ]


def test_order_and_repetition_of_sources_do_not_matter(tmp_path):
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(name)
    paths = [tmp_path / "c.txt", tmp_path, tmp_path / "a.txt", str(tmp_path / "." / "a.txt")]
    assert names(paths) == names(list(reversed(paths))) == ["a.txt", "b.txt", "c.txt"]


def test_equal_paths_below_two_folders_are_told_apart(tmp_path):
    for root in ("one", "two"):
        (tmp_path / root).mkdir()
        (tmp_path / root / "a.txt").write_text(root)
    assert names([tmp_path / "one", tmp_path / "two"]) == ["one/a.txt", "two/a.txt"]


def test_links_in_circles_end(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("a")
    (tmp_path / "in" / "up").symlink_to(tmp_path)
    (tmp_path / "in" / "self").symlink_to(tmp_path / "in" / "self")
    (tmp_path / "in" / "self.txt").symlink_to(tmp_path / "in" / "self.txt")
    (tmp_path / "in" / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    assert names(tmp_path) == ["in/a.txt", "in/gone.txt", "in/self.txt"]


def test_odd_names_are_told_in_characters_that_any_table_holds(tmp_path):
    odd = [
        b"nl\nname.txt",
        b"\xff\xfe.txt",
        "ünï—cødé.txt".encode(),
        b"esc\x1b[31m.txt",
        b"=1+1.txt",
    ]
    for name in odd:
        (tmp_path / os.fsdecode(name)).write_bytes(b"text")
    found = names(tmp_path)
    assert len(found) == len(odd)
    for name in found:
        name.encode("utf-8")
        assert name.isprintable()
    assert "ünï—cødé.txt" in found
    assert readable("a\nb") == "a\\nb"


def test_what_is_not_there_is_a_source_with_a_problem(tmp_path):
    (source,) = find_sources(tmp_path / "gone.pdf")
    assert source.problem == "No such file or directory"
    (source,) = find_sources("nul\0name.pdf")
    assert source.problem


def test_an_empty_folder_or_list_is_said_so(tmp_path):
    with pytest.raises(SettingsError, match="nothing to read"):
        find_sources(tmp_path)
    with pytest.raises(SettingsError, match="no source given"):
        find_sources([])


def test_a_run_folder_inside_the_sources_is_left_alone(tmp_path):
    (tmp_path / "a.txt").write_text("a")
    publish(RunFolder(tmp_path / "runs" / "x"), "text")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "b.txt").write_text("b")
    assert names(tmp_path, leave_out=tmp_path / "out") == ["a.txt"]


def test_a_pipe_does_not_hang_the_search(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "a.txt").write_text("a")
    assert names(tmp_path) == ["a.txt", "pipe.txt"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("jobs", -1),
        ("timeout", 0),
        ("timeout", float("nan")),
        ("memory", 10),
        ("wait", -1),
        ("tolerance", 2),
        ("scheduler", "localhost"),
    ],
)
def test_a_wrong_setting_is_named(name, value):
    with pytest.raises(SettingsError, match=f"setting {name}: got"):
        RunSettings(**{name: value})


def test_the_folder_has_a_format_number():
    assert written.FORMAT == 1


def test_a_folder_whose_name_was_taken_meanwhile_is_left_as_it_is(tmp_path):
    target = tmp_path / "folder"

    def filled():
        with drafted(target, replaces=False) as draft:
            (draft / "own").touch()
            target.mkdir()
            (target / "another").touch()

    with pytest.raises(StorageError, match="was made by another command meanwhile"):
        filled()
    assert [path.name for path in tmp_path.rglob("*")] == ["folder", "another"]
