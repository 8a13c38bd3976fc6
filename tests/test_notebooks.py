"""Notebooks are committed clean, use the public API only and take the reader's folder once."""

import ast
import json
import re
from pathlib import Path

import pytest

import pipelines

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
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
