"""The wheel: what travels in it, and that it works in an empty environment and folder."""

import csv
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from test_loop import CODEBOOK

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "corpus" / "sample"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = out.glob("*.whl")
    return built


def test_wheel_carries_data_templates_model_and_labels(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "pipelines/py.typed",
        "pipelines/data/codebook.toml",
        "pipelines/shipped/labels/",
        "pipelines/shipped/models/",
        "pipelines/report/templates/",
    ):
        assert any(name.startswith(wanted) for name in names), f"{wanted} is not in the wheel"
    assert any(name.endswith("model.npz") for name in names)
    strange = [n for n in names if not n.startswith(("pipelines/", "probation_findings-"))]
    assert not strange


@pytest.fixture(scope="module")
def empty_environment(wheel, tmp_path_factory):
    home = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    binaries = home / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run(
        [
            str(binaries / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--constraint",
            str(ROOT / "requirements.lock"),
            str(wheel),
        ],
        check=True,
    )
    return binaries


def test_installed_wheel_runs_and_tags_a_report(empty_environment, tmp_path):
    source = sorted(SAMPLE.glob("*.txt"))[0]
    out = tmp_path / "out"
    done = subprocess.run(
        [str(empty_environment / "findings"), "run", str(source), "--out", str(out)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
    )
    assert done.returncode == 0, done.stderr
    assert "1 document" in done.stdout + done.stderr
    code = (
        "import sys, pandas, pipelines; "
        "assert 'site-packages' in pipelines.__file__, pipelines.__file__; "
        "t = pandas.read_parquet(sys.argv[1]); "
        "print(int(t['assigned'].sum()), t['theme'].nunique())"
    )
    tagged = subprocess.run(
        [str(empty_environment / "python"), "-c", code, str(out / "tables" / "tags.parquet")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert int(tagged[0]) >= 20
    assert tagged[1] == "26"


def test_a_project_goes_from_proposal_to_report_from_the_wheel(empty_environment, tmp_path):
    def call(*words):
        done = subprocess.run(
            [str(empty_environment / "findings"), *map(str, words)],
            cwd=tmp_path / "team" if (tmp_path / "team").is_dir() else tmp_path,
            capture_output=True,
            text=True,
            env={
                **{k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
                "XDG_DATA_HOME": str(tmp_path / "data"),
            },
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    call("init", "team", "--own-themes")
    reports = tmp_path / "team" / "reports"
    reports.mkdir()
    for path in SAMPLE.glob("*.txt"):
        shutil.copy(path, reports)
    (tmp_path / "team" / "codebook.toml").write_text(CODEBOOK, encoding="utf-8")
    call("run", "reports", "--out", "runs/first")
    proposals = call("themes", "propose", "runs/first", "--csv").lstrip("\ufeff").splitlines()
    slugs = [row["proposal_id"] for row in csv.DictReader(proposals)]
    assert slugs
    call("themes", "accept", slugs[0], "runs/first", "--name", "Newly seen")
    call("read", *sorted(reports.iterdir()), "--csv")
    names = {path.stem for path in reports.iterdir()}
    rows = map(json.loads, (SAMPLE / "labels" / "findings.jsonl").open(encoding="utf-8"))
    lines = [
        f"{row['digest']},{'offices' if 'premises-and-travel' in row['themes'] else 'none'}"
        for row in rows
        if row["document_id"] in names
    ]
    labels = tmp_path / "team" / "labels" / "ours.csv"
    labels.write_text("\n".join(["digest,themes", *lines]) + "\n", encoding="utf-8")
    call("train", "--reports", "reports")
    call("run", "reports", "--out", "runs/second")
    page = (tmp_path / "team" / "runs" / "second" / "report" / "report.html").read_text("utf-8")
    assert "Newly seen" in page
