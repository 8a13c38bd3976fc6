"""Every command that writes, killed at random moments: nothing is lost, doubled or half-written.

Each file is then as before or as after, the tables of a run fit its manifest, and the same command
given again ends with what it would have made had nobody killed it.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import time
import zipfile
from pathlib import Path

import pandas as pd
import pytest

import invented
import pipelines
from forked import load, speak
from inspectorate import Page, Site, landing, manifest_of, slug
from kills import in_a_child
from pipelines.flow.storage.store import RunFolder
from pipelines.tag.models.registry import read_pointer, shipped_folder

pytestmark = pytest.mark.slow
PLAIN_GUARDS = True

SAMPLE = Path(__file__).parents[1] / "corpus" / "sample"
KILLS = int(os.environ.get("KILLS", "50"))
CODEBOOK = '[[groups]]\nslug = "all"\nname = "All"\n' + "".join(
    f'\n[[themes]]\nslug = "{slug}"\ngroup = "all"\nname = "{slug.title()}"\nclaim = "{claim}"\n'
    for slug, claim in (("homes", "accommodation, home visits"), ("training", "learning"))
)
TEAM = ("--project", "team")
POINTER = "team/models/current.json"
COMMANDS = {
    "run": ("run", "in", "--out", "run", "--cache", "kept", "--jobs", "1", "--formats", "md,html"),
    "tag": ("tag", "run", "--cache", "kept", "--jobs", "1"),
    "mine": ("mine", "run", "--cache", "kept"),
    "aggregate": ("aggregate", "run", "--cache", "kept"),
    "report": ("report", "run"),
    "report elsewhere": ("report", "run", "--out", "far", "--formats", "md,html"),
    "extract": ("report", "run", "--theme", "risk-of-harm", "--formats", "md,html"),
    "brief": ("brief", "run", "--theme", "risk-of-harm"),
    "recount": ("recount", "run"),
    "attach": ("attach", "run", "book.xlsx", "--document", "aberwennol-2022-11"),
    "sql": ("sql", "run", "select unit, text from findings", "--out", "far/answer.csv"),
    "export to SQLite": ("export", "run", "--to", "far/all.db"),
    "export to Excel": ("export", "run", "--to", "far/all.xlsx"),
    "export to a folder": ("export", "run", "--to", "far/csv"),
    "generations restore": ("generations", "restore", "run", "1"),
    "cache clear": ("cache", "clear", "--cache", "kept"),
    "search": ("search", "run", "home visits"),
    "labels export": ("labels", "export", "run", "--out", "far/sheet.xlsx", "--n", "10"),
    "labels import": ("labels", "import", "coded.csv", "--into", "run", "--coder", "Ann"),
    "labels exchange": ("labels", "exchange", "run", "--out", "far/coded.qdpx"),
    "init": ("init", "fresh", "--name", "Fresh"),
    "codebook rename": (*TEAM, "codebook", "rename", "training", "learning"),
    "codebook merge": (*TEAM, "codebook", "merge", "homes", "training", "--into", "all-one"),
    "codebook split": (*TEAM, "codebook", "split", "homes", "--into", "a=A", "--into", "b=B"),
    "codebook retire": (*TEAM, "codebook", "retire", "homes"),
    "train": (*TEAM, "train"),
    "models use": (*TEAM, "models", "use", read_pointer(shipped_folder()).current),
    "fetch": ("fetch", "--manifest", "manifest.csv", "--to", "got", "--delay", "0"),
    "frameworks guess": ("frameworks", "guess", "in", "--out", "far/mine.toml"),
}


def spoken(place: Path, words: tuple[str, ...]):
    """Return the work of a command in a folder, its words in files there."""

    def work() -> None:
        os.environ["XDG_DATA_HOME"] = str(place / "home")
        speak(list(words), place, place)

    return work


def done(place: Path, *words: str) -> int:
    """Do a command to its end in a child; return its exit status."""
    return os.waitstatus_to_exitcode(os.waitpid(in_a_child(spoken(place, words)), 0)[1])


def content(path: Path, place: Path) -> object:
    """Return what a file in a folder holds, apart from clocks and from where the folder is."""
    if path.name == "ledger.parquet":
        return pd.read_parquet(path).drop(columns=["seconds"], errors="ignore").to_json()
    if path.suffix in (".xlsx", ".docx", ".qdpx"):
        with zipfile.ZipFile(path) as packed:
            return {name: packed.read(name) for name in packed.namelist()}
    if path.suffix == ".jsonl":
        return sorted(map(_said, path.read_text().splitlines()))
    return path.read_bytes().replace(str(place).encode(), b"")


def _said(line: str) -> str:
    said = json.loads(line)
    return json.dumps({k: v for k, v in said.items() if k not in ("id", "when")}, sort_keys=True)


def state(place: Path) -> dict[str, object]:
    """Return every file that a person sees, through the links of a run's folder too."""
    found = {}
    for root, folders, names in os.walk(place, followlinks=True):
        folders[:] = [name for name in folders if name[0] != "." and name != "kept"]
        for name in names:
            path = Path(root) / name
            if name[0] != "." and name not in ("out", "err") and path.exists():
                found[str(path.relative_to(place))] = content(path, place)
    return found


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A folder with all that the commands need, made in children: they share nothing else."""
    load()
    place = tmp_path_factory.mktemp("killed")
    place.joinpath("home").mkdir()
    invented.write(place / "in", range(1), bullets=1)
    shutil.copy(SAMPLE / "aberwennol-2022-11.txt", place / "in")
    first = COMMANDS["run"]
    assert done(place, *first) == 0
    assert done(place, *first) == 0
    invented.write(place / "in", range(1, 2), bullets=1)
    in_child(lambda: prepare(place))
    with Site() as site:
        rows = []
        for number in range(3):
            report = invented.invent(number, bullets=1, paragraphs=2)
            name = slug(report.unit)
            site.pages[f"/document/{name}"] = Page(landing(report.unit, f"/uploads/{name}.pdf"))
            site.pages[f"/uploads/{name}.pdf"] = Page(invented.as_pdf(report), "application/pdf")
            rows.append({"id": name, "unit": report.unit, "address": f"/document/{name}"})
        manifest_of(site, rows, place / "manifest.csv")
        yield place


def in_child(work) -> None:
    assert os.waitpid(in_a_child(work), 0)[1] == 0


def prepare(place: Path) -> None:
    """Write answers, labels, a workbook and a project with two models."""
    from openpyxl import Workbook

    run = pipelines.open_run(place / "run")
    findings = run.findings
    (place / "far").mkdir()
    (place / "far" / "notes.txt").write_text("mine")
    rows = findings[["document_id", "ordinal", "digest", "text"]].head(20)
    rows.assign(themes="unpaid-work").drop(columns="text").to_csv(place / "coded.csv", index=False)
    book = Workbook()
    book.active.append(["Code", "Key question", "Cases", "Yes", "Percentage"])
    for _, row in run.key_questions.iterrows():
        book.active.append([row["code"], row["question"], 20, None, row["percent"]])
    book.save(place / "book.xlsx")
    assert done(place, "labels", "import", "coded.csv", "--into", "run", "--coder", "Ben") == 0
    assert done(place, "init", "team", "--own-themes") == 0
    (place / "team" / "codebook.toml").write_text(CODEBOOK)
    given = ["homes" if "home visits" in text else "none" for text in rows["text"]]
    given[:6] = ["training"] * 3 + ["homes"] * 3
    labels = place / "team" / "labels" / "ours.csv"
    rows.assign(themes=given)[["text", "themes"]].to_csv(labels, index=False)
    assert done(place, *TEAM, "train") == 0
    assert done(place, *TEAM, "train", "--force") == 0


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_killed_at_random_is_as_before_or_as_after(
    template, tmp_path, name, record_property
):
    words = COMMANDS[name]

    def fresh(called: str) -> Path:
        return shutil.copytree(template, tmp_path / called, symlinks=True)

    one, two = fresh("one"), fresh("two")
    before = state(one)
    begun = time.monotonic()
    status = done(one, *words)
    longest = time.monotonic() - begun
    assert (status, done(two, *words)) == (0, 0), (one / "err").read_text()
    after, other = state(one), state(two)
    assert set(after) == set(other)
    clocked = {path for path in after if after[path] != other[path]}
    rng = random.Random(name)
    killed, place = 0, fresh("killed")
    for _ in range(3 * KILLS):
        child = in_a_child(spoken(place, words))
        time.sleep(rng.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
        hit = os.WIFSIGNALED(os.waitpid(child, 0)[1])
        longest *= 1.02 if hit else 0.93
        killed += hit
        seen = state(place)
        for path, held in seen.items():
            assert path in clocked or held in (before.get(path), after.get(path)), path
        assert not set(before) & set(after) - set(seen)
        RunFolder(place / "run").read_tables()
        if killed % 10 == 0 or seen != before:
            given = done(place, *words)
            said = (place / "err").read_text()
            assert given == 0 or state(place).keys() == after.keys(), said
            assert "Traceback" not in said
            ended = state(place)
            again = name == "train" and seen != before  # one model more stands beside it
            assert ended.keys() - after.keys() == set() or again, said
            assert after.keys() - ended.keys() == set(), said
            for path in after.keys() - clocked - ({POINTER} if again else set()):
                assert ended[path] == after[path], path
            shutil.rmtree(place)
            fresh("killed")
        if killed == KILLS:
            break
    assert killed == KILLS
    record_property("a command that writes killed at a random moment", killed)
