"""The flow end to end: what goes in comes out, whatever the order, the number of workers, the past.

Sources are invented reports (`invented.py`) in the formats that the product reads.
"""

from __future__ import annotations

import shutil
import zipfile
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

import invented
import pipelines
from pipelines import columns as c
from pipelines.errors import ArtefactError, SettingsError, StorageError
from pipelines.flow import RunSettings, documents, perform, read_into, run, run_stage
from pipelines.flow.ledger import settle
from pipelines.flow.settings import default_cache
from pipelines.flow.sources.source import Source
from pipelines.flow.stages import STAGES
from pipelines.flow.workers.apart import write_apart
from pipelines.flow.workers.model import choose_model
from pipelines.report.settings import ReportSettings
from pipelines.report.tagger import account
from pipelines.tag.models.registry import learned_by
from runs import same_tables

CONTRACT = Path(__file__).parents[2] / "shared" / "tables.md"


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Five documents in seven files, and six files that cannot be read."""
    root = tmp_path_factory.mktemp("sources")
    for number, suffix in enumerate(("txt", "html", "pdf", "txt", "pdf")):
        invented.write(root, range(number, number + 1), suffix=suffix, bullets=1)
    (root / "twice").mkdir()
    invented.write(root / "twice", range(2, 3), suffix="html", bullets=1)
    shutil.copy(root / "report-0000.txt", root / "twice" / "copy.txt")
    bad = root / "bad"
    bad.mkdir()
    (bad / "empty.txt").write_bytes(b"")
    (bad / "cut.pdf").write_bytes((root / "report-0002.pdf").read_bytes()[:700])
    (bad / "letter.txt").write_text("Dear all,\n\nthe canteen is closed on Friday.\n")
    (bad / "noise.pdf").write_bytes(bytes(range(256)) * 20)
    (bad / "wrong.pdf").write_text("Dear all,\n\nthis is no PDF.\n")
    (bad / "gone.txt").symlink_to(bad / "nowhere.txt")
    return root


@pytest.fixture(scope="module")
def done(folder, tmp_path_factory, cache):
    out = tmp_path_factory.mktemp("out") / "run"
    return run(folder, out, jobs=2, csv=True, cache=cache)


def test_every_source_is_in_the_ledger_with_its_fate(done):
    status = dict(zip(done.ledger[c.PATH], done.ledger[c.STATUS], strict=True))
    assert Counter(status.values()) == {"read": 5, "duplicate": 2, "failed": 6}
    assert status["twice/report-0002.html"] == "duplicate"
    assert status["twice/copy.txt"] == "duplicate"
    assert {path for path in status if status[path] == "failed"} == {
        f"bad/{name}"
        for name in ("empty.txt", "cut.pdf", "letter.txt", "noise.pdf", "wrong.pdf", "gone.txt")
    }
    failed = done.ledger[done.ledger[c.STATUS] == "failed"]
    assert failed[c.REASON].str.contains(";").all()  # the reason; the remedy
    assert failed[c.DOCUMENT_ID].isna().all()


def test_duplicates_say_of_which_and_count_once(done):
    twins = done.ledger[done.ledger[c.STATUS] == "duplicate"].set_index(c.PATH)
    assert "report-0002.pdf" in twins.loc["twice/report-0002.html", c.REASON]
    assert "report-0000.txt" in twins.loc["twice/copy.txt", c.REASON]
    assert set(done.documents[c.PATH]) == {
        "report-0000.txt",
        "report-0001.html",
        "report-0002.pdf",
        "report-0003.txt",
        "report-0004.pdf",
    }
    assert set(twins[c.DOCUMENT_ID]) <= set(done.documents[c.DOCUMENT_ID])


def test_findings_are_the_reports_own_in_every_format(done):
    for number, path in enumerate(sorted(done.documents[c.PATH])):
        (row,) = done.documents[done.documents[c.PATH] == path].to_dict("records")
        mine = done.findings[done.findings[c.DOCUMENT_ID] == row[c.DOCUMENT_ID]]
        report = invented.invent(number, bullets=1)
        assert mine[c.TEXT].tolist() == report.findings
        assert row[c.FINDINGS] == len(report.findings)
        assert row[c.UNIT] == report.unit
        assert mine[c.FINDING_ID].tolist() == [
            f"{row[c.DOCUMENT_ID]}/{n:03d}" for n in range(1, len(mine) + 1)
        ]


def test_every_finding_has_a_tag_row_for_every_theme(done):
    assert len(done.tags) == 26 * len(done.findings)
    assert done.tags[c.FINDING_ID].unique().tolist() == done.findings[c.FINDING_ID].tolist()
    given = done.tags.groupby(c.FINDING_ID)[c.ASSIGNED].sum()
    assert given.between(0, 4).all()  # nothing is forced
    assert (given >= 1).mean() > 0.8
    said = done.tags[c.CERTAINTY].isin(["sure", "likely"])
    assert (said == done.tags[c.ASSIGNED]).all()


def test_issue_tags_are_of_findings_and_have_their_polarity(done):
    polarity = done.findings.set_index(c.FINDING_ID)[c.POLARITY]
    tags = done.tables["issue_tags"]
    assert len(tags)
    assert tags[c.FINDING_ID].isin(polarity.index).all()
    assert tags[c.POLARITY].tolist() == polarity[tags[c.FINDING_ID]].tolist()
    assert tags.groupby(c.FINDING_ID)[c.ASSIGNED].sum().between(0, 3).all()


def test_tables_keep_their_contract_on_disk(done):
    names = {path.stem for path in (done.folder / "tables").glob("*.parquet")}
    assert names == set(done.tables)
    assert {name for entry in STAGES[1:-1] for name in entry.outputs} <= names
    for name in names & set(c.TABLES):
        data = pd.read_parquet(done.folder / "tables" / f"{name}.parquet")
        assert list(data.columns) == list(c.TABLES[name].names), name
        assert len(data) == len(done.tables[name])
        csv = pd.read_csv(done.folder / "tables" / f"{name}.csv")
        assert len(csv) == len(data)


def test_every_table_of_the_published_contract_is_written(done):
    if not CONTRACT.is_file():
        pytest.skip("the published contract is not on this machine")
    for line in CONTRACT.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[0] not in ("table", "---"):
            wanted = [part.split(" ")[0].split("(")[0] for part in cells[2].split(", ")]
            known = set(done.tables[cells[0]].columns)
            assert wanted[0] in known, cells[0]


def test_a_report_is_written(done):
    assert done.report is not None
    page = done.report.read_text()
    assert invented.invent(0).unit in page
    assert "cut.pdf" in page


def test_a_folder_opens_as_the_run_that_wrote_it(done):
    again = pipelines.open_run(done.folder)
    assert set(again.tables) == set(done.tables)
    for name, data in done.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], data)
    assert again.summary == done.summary
    assert again.report == done.report
    assert again.locate("report-0002.pdf").read_bytes().startswith(b"%PDF")
    assert again.locate("nonsense.pdf") is None
    assert "5 documents" in repr(again)
    assert "findings" in dir(again)
    with pytest.raises(AttributeError, match="no table 'finding'"):
        again.finding  # noqa: B018


def test_neither_workers_nor_order_nor_cache_change_a_byte(done, folder):
    reversed_order = sorted(folder.rglob("*.*"), reverse=True)
    other = run([folder, *reversed_order], jobs=1, cache=None)
    same_tables(done, other)


def counted(monkeypatch):
    asked = Counter()
    real = documents.GUARDS.ask

    def ask(call, **more):
        asked[call.function.rpartition(":")[2]] += 1
        return real(call, **more)

    monkeypatch.setattr(documents.GUARDS, "ask", ask)
    return asked


def sent_to_workers(monkeypatch):
    sent = Counter()
    real = perform.each

    def each(work, tasks, **more):
        for done in real(work, tasks, **more):
            sent[work.__name__] += 1
            yield done

    monkeypatch.setattr(perform, "each", each)
    return sent


def test_a_second_run_reads_and_tags_nothing_again(done, folder, cache, tmp_path, monkeypatch):
    asked = counted(monkeypatch)
    again = run(folder, tmp_path / "out", cache=cache)
    assert not asked
    same_tables(done, again)


def test_a_changed_document_costs_one_document(done, folder, cache, tmp_path, monkeypatch):
    copy = tmp_path / "sources"
    shutil.copytree(folder, copy, symlinks=True)
    text = (copy / "report-0003.txt").read_text()
    (copy / "report-0003.txt").write_text(text.replace("- Leaders", "- Some leaders", 1))
    asked, sent = counted(monkeypatch), sent_to_workers(monkeypatch)
    read_into(copy, tmp_path / "out", cache=cache)
    again = run_stage("tag", tmp_path / "out", cache=cache)
    assert asked == {"read_rows": 1, "tag_rows": 1}
    assert sent == {"read_source": 1, "tag_document": 1}  # to be found in the cache costs as much
    assert len(again.findings) == len(done.findings)


def test_damaged_cache_entries_are_made_anew(done, folder, cache, tmp_path, monkeypatch, caplog):
    copy = tmp_path / "cache"
    shutil.copytree(cache, copy)
    for number, path in enumerate(sorted(copy.rglob("*.entry"))):
        raw = path.read_bytes()
        path.write_bytes((b"", raw[: len(raw) // 2], raw[:-3] + b"abc", b"junk")[number % 4])
    asked = counted(monkeypatch)
    same_tables(done, run(folder, cache=copy))
    assert asked == {"read_rows": 13, "tag_rows": 5}
    assert "damaged" in caplog.text


def test_a_document_of_very_many_findings_is_tagged_in_parts(monkeypatch):
    texts = invented.invent(0, bullets=1).findings
    stated = [[text, "Staff", None, "strength"] for text in texts]
    task = ("d", stated, {}, choose_model(None), RunSettings(cache=None))
    asked = counted(monkeypatch)
    try:
        whole = documents.tag_document(task)
        monkeypatch.setattr(documents, "_TEXTS_AT_ONCE", 5)
        parts = documents.tag_document(task)
    finally:
        documents.GUARDS.close()
    assert len(texts) == 14
    assert asked["tag_rows"] == 1 + 3
    assert whole.held.tables["tags"][c.FINDING_ID].to_pylist()[-1] == 13
    assert whole.held == parts.held


def test_other_limits_are_other_results(folder, cache, tmp_path):
    from pipelines.read.limits import Limits

    tight = read_into(
        folder / "report-0000.txt", tmp_path / "out", cache=cache, limits=Limits(max_bytes=100)
    )
    assert tight.summary.failed == 1
    assert "limit" in tight.ledger[c.REASON][0]


def test_without_a_folder_nothing_is_written(folder, cache, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    kept = run(folder / "report-0000.txt", cache=cache)
    assert kept.folder is None
    assert kept.report is None
    assert not list(tmp_path.iterdir())
    assert len(kept.recurrence)


def test_words_alone_decide_where_that_is_asked_for_and_the_report_says_so(folder, cache, tmp_path):
    """The model keeps its name, by which it is found again; what it did without is said beside."""
    alone = run(folder / "report-0000.txt", tmp_path / "out", cache=cache, encoder=False)
    whole = run(folder / "report-0000.txt", cache=cache)
    assert list(alone.models[c.MODEL]) == list(whole.models[c.MODEL])
    assert learned_by(alone.models[c.MODEL][0])
    assert list(alone.tags[c.PROBABILITY]) != list(whole.tags[c.PROBABILITY])
    said = f"{alone.models[c.MODEL][0]}, without its encoder"
    assert said in (alone.report.parent / "report.md").read_text(encoding="utf-8")
    _, facts = account(whole.tables)
    assert dict(facts)["Model"] == whole.models[c.MODEL][0]


def test_stages_follow_each_other_on_a_folder(done, folder, cache, tmp_path):
    out = tmp_path / "out"
    read_into(folder, out, cache=cache)
    assert set(pipelines.open_run(out).tables) == {*STAGES[1].outputs, "ledger"}
    assert pipelines.open_run(out).report is None
    with pytest.raises(SettingsError, match="stage tag comes before mine"):
        run_stage("mine", out, cache=cache)
    for name in ("tag", "mine", "aggregate", "report"):
        run_stage(name, out, cache=cache)
    again = pipelines.open_run(out)
    same_tables(done, again)
    assert again.report is not None
    run_stage("mine", out, cache=cache)
    assert "recurrence" not in pipelines.open_run(out).tables
    assert pipelines.open_run(out).report is None


def test_a_stage_on_no_folder_makes_none(tmp_path):
    with pytest.raises(ArtefactError, match="not the folder of a finished run"):
        run_stage("tag", tmp_path / "nowhere")
    assert not list(tmp_path.iterdir())


def test_sources_of_other_file_systems_are_read_alike(done, folder, cache, tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, f"reports/{path.relative_to(folder).as_posix()}")
    inside = f"::file://{tmp_path}/all.zip"
    there = read_into(f"zip://reports{inside}", tmp_path / "there", cache=cache)
    assert there.summary.read == done.summary.read
    assert there.summary.duplicates == done.summary.duplicates
    assert there.summary.failed == done.summary.failed - 1  # a dangling link exists on disks only
    pd.testing.assert_frame_equal(there.documents, done.documents)
    pd.testing.assert_frame_equal(there.findings, done.findings)
    one = read_into(f"file://{folder}/report-0000.txt", tmp_path / "one", cache=cache)
    assert one.summary.read == 1
    lost = read_into(f"zip://reports/gone.pdf{inside}", tmp_path / "lost", cache=cache)
    assert "No such file" in lost.ledger[c.REASON][0]
    assert "check the address" in lost.ledger[c.REASON][0]


def reading(path, document_id, digests, *, kind="text", sha="", text="", unit=None):
    rows = {
        "documents": [{c.DOCUMENT_ID: document_id, c.UNIT: unit, c.PUBLISHED: None}],
        "findings": [
            {c.DOCUMENT_ID: document_id, c.FINDING_ID: f"{document_id}/{n:03d}", c.DIGEST: d}
            for n, d in enumerate(digests, start=1)
        ],
    }
    told = {"format": kind, "sha256": sha or path, "text_digest": text or path, "edition": ""}
    part = documents.part_of({**told, "document_id": document_id, "rows": rows})
    return documents.Reading(Source(path, f"/{path}"), part.head, part), 0.1


def fates(*readings):
    return {
        row[c.PATH]: (row[c.STATUS], row[c.DOCUMENT_ID]) for row in settle(list(readings)).ledger
    }


def test_ids_are_made_unique_whatever_the_order():
    readings = [
        reading(f"{name}.txt", "unit-2023-01", [name * 3 + str(n) for n in range(5)])
        for name in "cab"
    ] + [reading("d.txt", "unit-2023-01-2", ["dddd"])]
    expected = {
        "a.txt": ("read", "unit-2023-01"),
        "b.txt": ("read", "unit-2023-01-3"),
        "c.txt": ("read", "unit-2023-01-4"),
        "d.txt": ("read", "unit-2023-01-2"),
    }
    assert fates(*readings) == fates(*reversed(readings)) == expected
    settled = settle(readings)
    assert settled.kept[1].tables()["findings"][c.FINDING_ID][0].as_py() == "unit-2023-01-3/001"


def test_of_two_formats_the_one_with_pages_counts():
    digests = [f"{n:016x}" for n in range(10)]
    worse = [*digests[:8], "other", "another"]
    readings = [
        reading("a.txt", "u-2023-01", digests),
        reading("b.html", "u-2023-01", digests, kind="html"),
        reading("c.pdf", "u-2023-01", worse, kind="pdf"),
        reading("d.txt", "v-2024-01", ["x", "y"]),
    ]
    expected = {
        "a.txt": ("duplicate", "u-2023-01"),
        "b.html": ("duplicate", "u-2023-01"),
        "c.pdf": ("read", "u-2023-01"),
        "d.txt": ("read", "v-2024-01"),
    }
    assert fates(*readings) == fates(*reversed(readings)) == expected


def test_documents_that_share_little_are_not_duplicates():
    one = [f"{n:016x}" for n in range(10)]
    two = [f"{n:016x}" for n in range(6, 16)]
    assert fates(reading("a.txt", "u-2023", one), reading("b.txt", "u-2023", two)) == {
        "a.txt": ("read", "u-2023"),
        "b.txt": ("read", "u-2023-2"),
    }


def test_units_with_equal_findings_are_two_documents():
    digests = [f"{n:016x}" for n in range(10)]
    readings = [
        reading("a.txt", "u-2023-01", digests, unit="U"),
        reading("b.txt", "v-2023-01", digests, unit="V"),
        reading("c.txt", "c", digests),
    ]
    assert fates(*readings) == {
        "a.txt": ("read", "u-2023-01"),
        "b.txt": ("read", "v-2023-01"),
        "c.txt": ("duplicate", "u-2023-01"),
    }


def test_the_cache_is_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("FINDINGS_CACHE", str(tmp_path))
    assert default_cache() == tmp_path
    monkeypatch.delenv("FINDINGS_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache() == tmp_path / "probation-findings"
    assert RunSettings(cache="x").cache_folder == Path("x").absolute()


def test_stages_name_functions_that_are_there():
    for entry in STAGES:
        assert callable(entry.load())
        assert entry.help.endswith(".")


def test_the_report_of_a_large_run_is_the_same_from_a_process_of_its_own(
    tmp_path, monkeypatch, project
):
    (project.folder / "codebook.toml").write_text(
        '[[themes]]\nslug = "risk-of-harm"\nname = "Danger to others"\n', encoding="utf-8"
    )
    sources = tmp_path / "sources"
    invented.write(sources, range(2), suffix="pdf", bullets=1)
    run(sources, tmp_path / "out", formats=("html", "md"))
    names = ("report.html", "report.md")
    here = [(tmp_path / "out" / "report" / name).read_bytes() for name in names]
    assert b"Danger to others" in here[1]
    monkeypatch.setattr("pipelines.flow.storage.stored.LARGE", 1)
    run_stage("report", tmp_path / "out", cache=None, formats=("html", "md"))
    assert here == [(tmp_path / "out" / "report" / name).read_bytes() for name in names]


def test_a_large_run_gives_back_tables_that_are_read_when_asked_for(tmp_path, monkeypatch):
    invented.write(tmp_path / "sources", range(1), suffix="txt", bullets=1)
    monkeypatch.setattr("pipelines.flow.storage.stored.LARGE", 1)
    done = run(tmp_path / "sources", tmp_path / "out")
    for path in (tmp_path / "out" / "tables").iterdir():
        if path.stem not in ("ledger", "leftovers", "findings"):
            path.unlink()
    assert done.summary.findings == len(done.findings) > 0
    with pytest.raises(FileNotFoundError):
        _ = done.tags


def test_a_report_that_cannot_be_written_apart_is_said_so(tmp_path):
    in_the_way = tmp_path / "report"
    in_the_way.write_text("a file, not a folder")
    with pytest.raises(StorageError, match="report could not be written"):
        write_apart({}, in_the_way, report=ReportSettings(), pictures={})
