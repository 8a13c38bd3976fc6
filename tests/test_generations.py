"""What people and programs do to the folder of a run: no work is lost, and it can be written on."""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

import invented
import pipelines
from forked import called
from kills import killed_at
from pipelines import columns as c
from pipelines.cli import app
from pipelines.errors import ArtefactError, SettingsError, StorageError
from pipelines.flow import read_into
from pipelines.flow.storage.premises import check_place
from pipelines.flow.storage.store import RunFolder
from test_durable import WRITERS, publish

FINDINGS = [sys.executable, "-m", "pipelines.cli"]


def mark(path):
    return RunFolder(path).read_tables()["leftovers"][c.TEXT][0]


def through_links(old, new):
    shutil.copytree(old, new)


def zipped(old, new):
    with zipfile.ZipFile(f"{new}.zip", "w") as archive:
        for root, _, names in os.walk(old, followlinks=True):
            for name in names:
                path = Path(root) / name
                archive.write(path, path.relative_to(old))
    with zipfile.ZipFile(f"{new}.zip") as archive:
        archive.extractall(new)


def zipped_by_python(old, new):
    """Links to folders are empty folders in it, and the link to the manifest is a file."""
    shutil.make_archive(str(new), "zip", old)
    shutil.unpack_archive(f"{new}.zip", new)


def links_as_text(old, new):
    """As git or unzip write links on a system that has none."""
    shutil.copytree(old, new, symlinks=True)
    for path in [p for p in new.rglob("*") if p.is_symlink()]:
        target = str(path.readlink())
        path.unlink()
        path.write_text(target)


def links_dropped(old, new):
    """As clients that synchronise do."""
    shutil.copytree(old, new, symlinks=True)
    for path in [p for p in new.rglob("*") if p.is_symlink()]:
        path.unlink()


def only_current_dropped(old, new):
    shutil.copytree(old, new, symlinks=True)
    (new / ".generations" / "current").unlink()


def hidden_dropped(old, new):
    """`cp -rL old/* new`."""
    shutil.copytree(old, new, ignore=shutil.ignore_patterns(".*"))


def lock_dropped(old, new):
    shutil.copytree(old, new)
    (new / ".generations" / "lock").unlink()


WAYS = [
    through_links,
    zipped,
    zipped_by_python,
    links_as_text,
    links_dropped,
    only_current_dropped,
    hidden_dropped,
    lock_dropped,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("runs", [1, 3])
def test_a_copied_folder_is_read_and_written_on(tmp_path, way, runs):
    for number in range(runs):
        publish(RunFolder(tmp_path / "old"), f"run {number}")
    way(tmp_path / "old", tmp_path / "new")
    new = tmp_path / "new"
    assert mark(new) == f"run {runs - 1}"
    noted = (new / "report").is_dir()
    if noted:
        (new / "report" / "notes.txt").write_text("mine")
    for again in ("again", "and again"):
        publish(RunFolder(new), again)
        assert mark(new) == again
        assert (new / "report" / "report.html").read_text() == again
    if noted:
        kept = [p.read_text() for p in new.rglob("notes.txt")]
        assert kept
        assert set(kept) == {"mine"}
    publish(RunFolder(new), "last")
    publish(RunFolder(new), "very last")
    assert len([p for p in (new / ".generations").iterdir() if p.name.isdigit()]) == 3


@pytest.mark.parametrize("step", [29, pytest.param(1, marks=pytest.mark.slow)])
def test_a_kill_while_a_copied_folder_is_taken_over_loses_nothing(tmp_path, step, record_property):
    publish(RunFolder(tmp_path / "old"), "before")
    outcomes = []
    for at in range(1, 3000, step):
        out = tmp_path / str(at)
        through_links(tmp_path / "old", out)
        (out / "report" / "notes.txt").write_text("mine")
        killed = killed_at(lambda f=out: publish(RunFolder(f), "after"), WRITERS, at)
        outcomes.append(mark(out))
        assert any(p.read_text() == "mine" for p in out.rglob("notes.txt"))
        if at % 10 == 0 or not killed:
            publish(RunFolder(out), "again")
            assert mark(out) == "again"
            assert (out / "set-aside" / "report" / "notes.txt").read_text() == "mine"
        shutil.rmtree(out)
        if not killed:
            break
    assert outcomes == sorted(outcomes, reverse=True)
    assert set(outcomes) == {"before", "after"}
    record_property("taking over a copied folder killed at a chosen line", len(outcomes) - 1)


@pytest.mark.parametrize("step", [23, pytest.param(1, marks=pytest.mark.slow)])
def test_a_kill_while_an_earlier_run_is_restored_leaves_one_or_the_other(
    tmp_path, step, record_property
):
    for name in ("first", "second"):
        publish(RunFolder(tmp_path / "old"), name)
    outcomes = []
    for at in range(1, 3000, step):
        out = tmp_path / str(at)
        shutil.copytree(tmp_path / "old", out, symlinks=True)
        killed = killed_at(lambda f=out: RunFolder(f).restore(1), WRITERS, at)
        outcomes.append(mark(out))
        kept = {g.number for g in RunFolder(out).generations()}
        assert {1, 2} <= kept
        RunFolder(out).restore(1)
        assert mark(out) == "first"
        shutil.rmtree(out)
        if not killed:
            break
    assert outcomes == sorted(outcomes, reverse=True)
    assert set(outcomes) == {"first", "second"}
    record_property("restoring an earlier run killed at a chosen line", len(outcomes) - 1)


@pytest.mark.parametrize("links", [True, False])
def test_what_people_added_or_changed_is_set_aside_and_named(tmp_path, monkeypatch, caplog, links):
    if not links:
        monkeypatch.setattr("pathlib.Path.symlink_to", _refuse)
    out = tmp_path / "out"
    publish(RunFolder(out), "first")
    (out / "report" / "report.html").write_text("first, with my notes")
    (out / "report" / "pictures").mkdir()
    (out / "report" / "pictures" / "mine.png").write_bytes(b"png")
    (out / "tables" / "pivot.xlsx").write_bytes(b"xlsx")
    (out / "mine.txt").write_text("beside")
    publish(RunFolder(out), "second")
    aside = out / "set-aside"
    assert (aside / "report" / "report.html").read_text() == "first, with my notes"
    assert (aside / "report" / "pictures" / "mine.png").read_bytes() == b"png"
    assert (aside / "tables" / "pivot.xlsx").read_bytes() == b"xlsx"
    assert (out / "mine.txt").read_text() == "beside"
    assert "set-aside/report/report.html" in caplog.text
    (out / "report" / "report.html").write_text("second, with my notes")
    for number in range(5):
        publish(RunFolder(out), str(number))
    assert (aside / "report" / "report.html").read_text() == "first, with my notes"
    assert (aside / "report" / "report-2.html").read_text() == "second, with my notes"
    assert len([p for p in aside.rglob("*") if p.is_file()]) == 4


def _refuse(self, target, target_is_directory=False):
    raise OSError(1, "Operation not permitted")


def test_what_a_file_manager_leaves_is_nobodys_work(tmp_path):
    publish(RunFolder(tmp_path / "out"), "first")
    (tmp_path / "out" / "report" / ".DS_Store").write_bytes(b"x")
    publish(RunFolder(tmp_path / "out"), "second")
    assert not (tmp_path / "out" / "set-aside").exists()


def test_a_folder_of_before_files_were_listed_is_set_aside_rather_than_deleted(tmp_path):
    out = tmp_path / "out"
    publish(RunFolder(out), "first")
    place = (out / "manifest.json").resolve()
    place.write_text(place.read_text().replace('"files"', '"older"'))
    publish(RunFolder(out), "second")
    assert (out / "set-aside" / "report" / "report.html").read_text() == "first"
    assert not (out / "set-aside" / "tables").exists()


@pytest.mark.parametrize("damage", ["{", "", None])
def test_without_its_manifest_nothing_is_known_for_ours(tmp_path, damage):
    out = tmp_path / "out"
    publish(RunFolder(out), "first")
    place = (out / "manifest.json").resolve()
    place.unlink() if damage is None else place.write_text(damage)
    for number in range(4):
        publish(RunFolder(out), str(number))
    assert (out / "set-aside" / "report" / "report.html").read_text() == "first"


def test_a_link_of_the_users_own_in_the_place_of_the_report_is_kept(tmp_path):
    out = tmp_path / "out"
    publish(RunFolder(out), "first")
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "theirs.txt").write_text("theirs")
    (out / "report").unlink()
    (out / "report").symlink_to(tmp_path / "share")
    publish(RunFolder(out), "second")
    assert [p.name for p in (tmp_path / "share").iterdir()] == ["theirs.txt"]
    assert (out / "report" / "report.html").read_text() == "second"


def test_earlier_runs_are_kept_listed_and_restored(tmp_path):
    out = tmp_path / "out"
    for number in range(5):
        publish(RunFolder(out), str(number))
    kept = RunFolder(out).generations()
    assert [(g.number, g.current) for g in kept] == [(3, False), (4, False), (5, True)]
    RunFolder(out).restore(3)
    assert mark(out) == "2"
    assert [g.number for g in RunFolder(out).generations()] == [3, 4, 5, 6]
    with pytest.raises(SettingsError, match=r"generation: got 99; .* keeps 3, 4, 5"):
        RunFolder(out).restore(99)
    with RunFolder(out).locked(), pytest.raises(StorageError, match="another run"):
        RunFolder(out).restore(4)
    (out / ".generations" / "000004" / "tables" / "leftovers.parquet").write_bytes(b"damaged")
    with pytest.raises(ArtefactError, match="is not what the run wrote"):
        RunFolder(out).restore(4)
    assert mark(out) == "2"


def test_the_current_run_is_listed_once_however_the_folder_is_named(tmp_path, monkeypatch):
    for number in range(3):
        publish(RunFolder(tmp_path / "out"), str(number))
    (tmp_path / "link").symlink_to("out")
    monkeypatch.chdir(tmp_path)
    for name in ("out", "./out", "link", str(tmp_path / "link")):
        kept = RunFolder(Path(name)).generations()
        assert [(g.number, g.current) for g in kept] == [(1, False), (2, False), (3, True)]


def test_how_many_are_kept_is_a_setting(tmp_path):
    invented.write(tmp_path / "in", range(1), bullets=1)
    for _ in range(2):
        read_into(tmp_path / "in", tmp_path / "out", keep=0)
    assert len(RunFolder(tmp_path / "out").generations()) == 1
    with pytest.raises(SettingsError, match="setting keep: got -1"):
        read_into(tmp_path / "in", tmp_path / "out", keep=-1)


def test_a_run_that_reads_nothing_does_not_replace_one_that_did(tmp_path):
    invented.write(tmp_path / "in", range(2), bullets=1)
    out = tmp_path / "out"
    read_into(tmp_path / "in", out)
    lost = tmp_path / "lost"
    lost.mkdir()
    (lost / "cut.pdf").write_bytes(b"%PDF-1.7 cut")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    for given in (lost / "cut.pdf", lost, tmp_path / "empty.txt", tmp_path / "gone.txt"):
        with pytest.raises(StorageError, match=r"nothing could be read of 1 sources.*2 documents"):
            read_into(given, out)
    for gone in (tmp_path / "in" / "report-0009.txt", tmp_path / "inn"):
        with pytest.raises(SettingsError, match="no such file or folder; did you mean"):
            read_into(gone, out, allow_empty=True)
    assert pipelines.open_run(out).summary.read == 2
    assert read_into(lost, out, allow_empty=True).summary.read == 0
    RunFolder(out).restore(1)
    assert pipelines.open_run(out).summary.read == 2


def test_a_first_run_that_reads_nothing_still_says_why(tmp_path):
    (tmp_path / "empty.txt").touch()
    done = read_into(tmp_path / "empty.txt", tmp_path / "out")
    assert done.summary.failed == 1
    assert "the file is empty" in done.ledger[c.REASON][0]
    assert (tmp_path / "out" / "tables" / "ledger.parquet").is_file()


def test_the_command_says_what_it_kept(tmp_path):
    invented.write(tmp_path / "in", range(1), bullets=1)
    words = ("--out", tmp_path / "out", "--no-cache")
    assert called("read", tmp_path / "in", *words).returncode == 0
    assert called("read", tmp_path / "in", *words).returncode == 0
    (tmp_path / "empty.txt").touch()
    ended = called("run", tmp_path / "empty.txt", *words)
    assert ended.returncode == 1
    assert "the results of 1 documents that are there stay as they are" in ended.stderr
    listed = called("generations", "list", tmp_path / "out")
    assert [line[:6] for line in listed.stdout.splitlines()] == ["     1", "*    2"]
    assert "1 documents" in listed.stdout
    restored = called("generations", "restore", tmp_path / "out", "1")
    assert "generation 1 is current again" in restored.stderr
    assert called("generations", "list", tmp_path).returncode == 2


def test_results_do_not_go_among_other_files_unless_asked(tmp_path):
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "letter.txt").write_text("mine")
    invented.write(tmp_path / "in", range(1), bullets=1)
    with pytest.raises(StorageError, match=r"holds other files \(letter.txt\).*--mixed"):
        read_into(tmp_path / "in", tmp_path / "papers")
    assert [p.name for p in (tmp_path / "papers").iterdir()] == ["letter.txt"]
    read_into(tmp_path / "in", tmp_path / "papers", mixed=True)
    read_into(tmp_path / "in", tmp_path / "papers")  # it is a run's folder now
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / ".DS_Store").touch()
    read_into(tmp_path / "in", tmp_path / "bare")


@pytest.mark.parametrize("inner", ["", "flow", "data/new"])
def test_results_do_not_go_into_the_program(inner):
    place = Path(pipelines.__file__).parent / inner
    for mixed in (True, False):
        with pytest.raises(StorageError, match="inside the installation"):
            check_place(place, mixed=mixed)


def test_results_do_not_go_into_its_source_code_but_where_git_ignores_them():
    checkout = Path(pipelines.__file__).parents[1]
    if not (checkout / "pyproject.toml").is_file():
        pytest.skip("the package is installed without its source code")
    for inner in ("", "results", "corpus/sample", "runs/../docs"):
        with pytest.raises(StorageError, match="inside the source code"):
            check_place(checkout / inner, mixed=True)
    check_place(checkout / "runs" / "mine", mixed=False)


@pytest.mark.parametrize(
    "words",
    [
        ("report", "run", "--out"),
        ("brief", "run", "--out"),
        ("sql", "run", "select 1", "--out"),
        ("export", "run", "--to"),
        ("labels", "export", "run", "--out"),
        ("labels", "exchange", "run", "--out"),
        ("codebook", "unsettled", "--out"),
        ("evaluate", "--out"),
        ("fetch", "--to"),
    ],
)
def test_nothing_else_is_written_there_either(words):
    done = CliRunner().invoke(app, [*words, str(Path(pipelines.__file__).parent / "x.csv")])
    assert isinstance(done.exception, StorageError)
    assert "inside the installation" in str(done.exception)


def test_a_planted_store_leads_nowhere(tmp_path):
    """A received folder whose store, lock, link or parts point to folders of the user's."""
    treasure = tmp_path / "home" / "000001"
    treasure.mkdir(parents=True)
    (treasure / "work.txt").write_text("mine")
    (tmp_path / "home" / "draft-1").mkdir()
    (tmp_path / "home" / "draft-1" / "work.txt").write_text("mine")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / ".generations").symlink_to(tmp_path / "home")
    with pytest.raises(StorageError, match="is no folder of ours"):
        publish(RunFolder(tmp_path / "a"), "x")
    publish(RunFolder(tmp_path / "b"), "first")
    store = tmp_path / "b" / ".generations"
    for name in ("000009", "draft-x", "link-x", "mine"):
        (store / name).symlink_to(tmp_path / "home")
    (store / "link-y").mkdir()
    (store / "link-y" / "current").symlink_to("../../home")
    (store / "notes").mkdir()
    (store / "notes" / "n.txt").write_text("mine")
    (store / "lock").unlink()
    (tmp_path / "home" / "precious").write_text("mine")
    (store / "lock").symlink_to(tmp_path / "home" / "precious")
    with pytest.raises(StorageError, match="lock: is a link"):
        publish(RunFolder(tmp_path / "b"), "x")
    (store / "lock").unlink()
    for number in range(5):
        publish(RunFolder(tmp_path / "b"), str(number))
    (store / "current").unlink()
    (store / "current").symlink_to("../../home/000001")
    for number in range(5):
        publish(RunFolder(tmp_path / "b"), str(number))
    assert mark(tmp_path / "b") == "4"
    assert (store / "notes" / "n.txt").read_text() == "mine"
    assert sorted(p.name for p in (tmp_path / "home").rglob("*") if p.is_file()) == [
        "precious",
        "work.txt",
        "work.txt",
    ]


def test_a_folder_that_shows_what_is_elsewhere_is_not_read(tmp_path):
    publish(RunFolder(tmp_path / "secret"), "secret")
    (tmp_path / "received").mkdir()
    for part in ("tables", "manifest.json"):
        (tmp_path / "received" / part).symlink_to(tmp_path / "secret" / part)
    with pytest.raises(ArtefactError, match="outside of it"):
        RunFolder(tmp_path / "received").read_tables()


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ({"tables": {"../../x": {"sha256": "0"}}}, "expected the name of a table"),
        ({"tables": {"a/b": {"sha256": "0"}}}, "expected the name of a table"),
        ({"tables": {"": {"sha256": "0"}}}, "expected the name of a table"),
        ({"tables": {"findings": {}}}, "expected the name of a table"),
        ({"tables": {"findings": []}}, "expected the name of a table"),
        ({"tables": []}, "tables is no object"),
        ({"owners": 3}, "owners is no object"),
        ({"places": None}, "places is no object"),
        ({"places": {"a.pdf": 3}}, "places holds what is no text"),
    ],
)
def test_a_manifest_from_elsewhere_is_checked(tmp_path, said, match):
    import json

    publish(RunFolder(tmp_path / "out"), "first")
    place = (tmp_path / "out" / "manifest.json").resolve()
    place.write_text(json.dumps({**json.loads(place.read_text()), **said}))
    with pytest.raises(ArtefactError, match=match):
        RunFolder(tmp_path / "out").read_tables()


def test_a_file_replaced_while_it_is_read_is_not_kept_under_the_other_s_name(tmp_path, monkeypatch):
    """As clients that synchronise replace files: what is cached is what was read of these bytes."""
    from pipelines.flow import documents

    sources = invented.write(tmp_path / "in", range(2), bullets=1)
    first, second = (path.read_bytes() for path in sources)
    path = sources[0]
    sources[1].unlink()
    hashed = documents.sha256_of
    asked = []

    def replaced(*given):
        asked.append(hashed(*given))
        if len(asked) == 2:  # the run looks into the cache first, then the worker reads
            path.write_bytes(second)
        return asked[-1]

    monkeypatch.setattr(documents, "sha256_of", replaced)
    got = read_into(tmp_path / "in", tmp_path / "out", cache=tmp_path / "cache").documents
    monkeypatch.undo()
    path.write_bytes(first)
    back = read_into(tmp_path / "in", tmp_path / "out", cache=tmp_path / "cache").documents
    assert back[c.SHA256][0] != got[c.SHA256][0]


def test_files_planted_in_the_cache_do_not_reach_a_report(tmp_path):
    from pipelines.flow import run
    from pipelines.flow.storage.cache import Cache

    invented.write(tmp_path / "in", range(2), bullets=1)
    run(tmp_path / "in", tmp_path / "out", cache=tmp_path / "cache", formats=("md",))
    cache = Cache(tmp_path / "cache")
    for entry in (tmp_path / "cache" / "report").rglob("*.entry"):
        if (files := cache.get_files("report", entry.stem)) and "report.md" in files:
            cache.put_files("report", entry.stem, {**files, "setup.exe": b"MZ", "x.docm": b"PK"})
    run(tmp_path / "in", tmp_path / "out", cache=tmp_path / "cache", formats=("md",))
    assert [p.name for p in (tmp_path / "out" / "report").iterdir()] == ["report.md"]
