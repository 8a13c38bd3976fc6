"""Notebooks are committed clean, use the public API only and take the reader's folder once."""

import ast
import json
import re
from pathlib import Path

import pytest

import pipelines

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


@pytest.mark.parametrize(("name", "until"), [("04", "no such cell"), ("05", "train_model")])
def test_a_folder_without_findings_stops_no_notebook(tmp_path, name, until):
    (tmp_path / "note.txt").write_text("Nothing of this is a report.\n", encoding="utf-8")
    names = executed(name, tmp_path, until)
    assert len(names["sheet"]) == 0
