"""Notebooks are committed clean, use the public API only and take the reader's folder once."""

import ast
import json
import re
from pathlib import Path

import pandas as pd
import pytest

import pipelines
from pipelines.report import ReportSettings
from pipelines.report.finding import AREA
from pipelines.report.gather import gather

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
SAMPLE = Path(__file__).parents[1] / "corpus" / "sample"
LIBRARIES = {"altair", "json", "pandas", "pathlib", "pipelines", "tempfile"}


def cells(path, kind):
    made = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in made if cell["cell_type"] == kind]


def code(path):
    return "\n".join("".join(cell["source"]) for cell in cells(path, "code"))


def test_there_are_the_notebooks_that_the_readme_promises():
    assert [path.name[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05", "06"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_is_clean_and_short(path):
    for cell in cells(path, "code"):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None
        assert len(cell["source"]) <= 22
    assert len(cells(path, "code")) <= 12
    assert path.stat().st_size < 20_000


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_uses_the_public_api_only(path):
    tree = ast.parse(code(path))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= LIBRARIES
        elif isinstance(node, ast.ImportFrom):
            assert node.module in LIBRARIES
        elif isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 10
    used = set(re.findall(r"\bpipelines\.(\w+)", code(path)))
    assert used <= set(pipelines.__all__)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_takes_the_readers_folder_by_one_variable(path):
    assert len(re.findall(r"^FOLDER = \"\.\./corpus/sample\"", code(path), re.MULTILINE)) == 1
    assert code(path).count("corpus/sample") == 1


def executed(name, folder, until):
    """Run the cells of a notebook on a folder, up to one that holds some words; its names."""
    (path,) = (path for path in NOTEBOOKS if path.name.startswith(name))
    names = {}
    for cell in cells(path, "code"):
        source = "".join(cell["source"])
        if until in source:
            return names
        exec(source.replace('"../corpus/sample"', repr(str(folder))), names)
    return names


def test_the_sheet_to_correct_holds_what_has_no_theme_too(tmp_path):
    text = (SAMPLE / "hallowick-2024-04.txt").read_text(encoding="utf-8")
    vague = "- There was a good deal still to do.\n- Clearance of new staff"
    (tmp_path / "unit.txt").write_text(text.replace("- Clearance of new staff", vague, 1), "utf-8")
    names = executed("04", tmp_path, "no such cell")
    unsure, sheet = names["unsure"], names["sheet"]
    assert set(sheet.finding_id) == set(unsure.finding_id)
    bare = set(unsure.finding_id) - set(names["given"].finding_id)
    assert bare
    assert set(sheet.loc[sheet.themes == "none", "finding_id"]) == bare


def test_texts_and_reasons_are_shown_whole_and_the_sheet_is_kept(tmp_path):
    """The remedy of a file that failed stands at the end of its reason."""
    (tmp_path / "unit.txt").write_bytes((SAMPLE / "hallowick-2024-04.txt").read_bytes())
    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.7 torn")
    for name in ("01", "04"):
        names = executed(name, tmp_path, "no such cell")
        ledger = names["run"].ledger.fillna("")
        assert ledger.reason.max() in ledger._repr_html_()
    kept = pd.read_csv(names["work"] / "sheet.csv", encoding="utf-8-sig")
    assert kept.finding_id.tolist() == names["sheet"].finding_id.tolist()


def test_issues_of_some_regions_since_a_date_are_counted_as_the_report_on_them_does(tmp_path):
    for name in ("hallowick-2024-04", "cwm-teilas-2024-10", "aberwennol-2022-11"):
        (tmp_path / f"{name}.txt").write_bytes((SAMPLE / f"{name}.txt").read_bytes())
    names = executed("03", tmp_path, "run.page")
    settings = ReportSettings(regions=tuple(names["REGIONS"]), since=names["SINCE"])
    issues = [i for i in gather(names["run"].tables, settings).issues if i.polarity == AREA]
    assert names["found"].units.to_dict() == {i.label: i.count.units_with for i in issues}


@pytest.mark.parametrize(("name", "until"), [("04", "no such cell"), ("05", "train_model")])
def test_a_folder_without_findings_stops_no_notebook(tmp_path, name, until):
    (tmp_path / "note.txt").write_text("Nothing of this is a report.\n", encoding="utf-8")
    names = executed(name, tmp_path, until)
    assert len(names["sheet"]) == 0
