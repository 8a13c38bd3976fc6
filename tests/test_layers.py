"""Data flows one way: a module imports only what stands below it."""

import ast
from functools import cache
from pathlib import Path
from pkgutil import iter_modules

import pytest

import pipelines
import pipelines.flow
import pipelines.mine
import pipelines.tag

PACKAGE = Path(__file__).parents[1] / "pipelines"

# Lowest first. A module of a layer may import the layers before it, and its own.
LAYERS = [
    "later",
    "errors",
    "today",
    "durable",
    "regular",
    "project",
    "columns",
    "numbers",
    "boxes",
    "picture",
    "display",
    "records",
    "intervals",
    "tables",
    "codebook",
    "catalogue",
    "changes",
    "welsh",
    "frameworks",
    "places",
    "naming",
    "manifest",
    "workbooks",
    "answers",
    "read",
    "fetch",
    "segment",
    "lexis",
    "shortforms",
    "tag",
    "mine",
    "aggregate",
    "report",
    "flow",
    "review",
    "cli",
]
# The folders of the PDF reader, lowest first; what stands beside them may import from all.
PDF_FOLDERS = ["model", "extract", "clean", "lines", "regions", "tables", "columns", "blocks"]
FORBIDDEN = {"utils", "util", "helpers", "common", "misc", "base"}
LONGEST = 300

# The contract of all tables in one place: splitting it would hide it.
MAY_BE_LONGER = {"columns.py"}

MODULES = sorted(PACKAGE.rglob("*.py"))


def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


@cache
def imported(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno} imports relatively"
            names.append(node.module or "")
            if node.module == "pipelines":
                names += [f"pipelines.{alias.name}" for alias in node.names]
    return names


@pytest.mark.parametrize("package", [pipelines, pipelines.flow, pipelines.mine, pipelines.tag])
def test_what_is_imported_when_it_is_used_has_no_module_of_its_name(package):
    """That module, once imported by anybody, would stand where the function is looked for."""
    modules = {module.name for module in iter_modules(package.__path__)}
    assert not modules & set(package.__all__)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_down(path):
    own = layer(path)
    if own in {"__init__", "__main__"}:
        return
    assert own in LAYERS, f"{own} has no place in the flow; add it to LAYERS where it belongs"
    allowed = set(LAYERS[: LAYERS.index(own) + 1])
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "pipelines" and len(parts) > 1 and parts[1] in LAYERS:
            assert parts[1] in allowed, f"{own} must not import {parts[1]}, which stands above it"


PDF = PACKAGE / "read" / "pdf"


@pytest.mark.parametrize("path", sorted(PDF.glob("*/*.py")), ids=lambda p: str(p.relative_to(PDF)))
def test_imports_go_down_inside_the_pdf_reader(path):
    own = path.parent.name
    assert own in PDF_FOLDERS, f"{own} has no place; add it to PDF_FOLDERS where it belongs"
    allowed = set(PDF_FOLDERS[: PDF_FOLDERS.index(own) + 1])
    for name in imported(path):
        if name.startswith("pipelines.read.pdf"):
            folder = ([*name.split("."), ""])[3]
            assert folder in allowed, f"{own} must not import {name}, which stands above it"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_modules_are_named_and_sized_for_a_reader(path):
    assert path.stem not in FORBIDDEN
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST or path.name in MAY_BE_LONGER, f"{lines} lines; split by noun"


HEAVY = {
    "spacy": {"lexis/lexicon.py", "lexis/rules.py"},
    "httpx2": {"fetch/client.py", "fetch/answers.py"},
    "protego": {"fetch/client.py", "fetch/robots.py"},
    "tenacity": {"fetch/client.py"},
    "pdfplumber": {"picture.py", "read/pdf/extract/plumber.py"},
    "ocrmypdf": {"read/_ocr.py"},
}


@pytest.mark.parametrize("library", HEAVY)
def test_heavy_library_has_one_door(library):
    importers = {
        str(path.relative_to(PACKAGE))
        for path in MODULES
        if any(name.split(".")[0] == library for name in imported(path))
    }
    assert importers <= HEAVY[library]


@pytest.mark.parametrize("path", sorted(PDF.rglob("*.py")), ids=lambda p: str(p.relative_to(PDF)))
def test_functions_of_the_pdf_reader_fit_on_a_screen(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 40, f"{node.name} is longer; split it"


def test_layer_check_sees_an_upward_import(tmp_path):
    wrong = tmp_path / "wrong.py"
    wrong.write_text("def f():\n    from pipelines.report import html\n")
    assert "pipelines.report" in imported(wrong)
