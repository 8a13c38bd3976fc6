"""Data flows one way: a module imports only what stands below it."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
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
    "memory",
    "regular",
    "damage",
    "project",
    "columns",
    "numbers",
    "boxes",
    "picture",
    "display",
    "records",
    "intervals",
    "tables",
    "wordings",
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
# Packages inside of packages, lowest first; what stands beside them may import from all.
FOLDERS = {
    "report": ["charts", "page", "word", "excel", "brief", "export"],
    "flow": ["storage", "workers", "sources"],
    "read": ["drafts", "pdf", "text", "html", "word"],
    "mine": ["likeness", "proportions", "groups", "edits"],
    "tag": ["features", "labels", "models", "fitting", "measure", "training", "explain"],
    "read/pdf": ["model", "extract", "clean", "lines", "regions", "tables", "columns", "blocks"],
}
FORBIDDEN = {"utils", "util", "helpers", "common", "misc", "base"}
LONGEST = 300

# The contract of all tables in one place: splitting it would hide it.
MAY_BE_LONGER = {"columns.py"}

MODULES = sorted(PACKAGE.rglob("*.py"))


def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


@cache
def imported(path: Path) -> list[str]:
    """What a module imports, anywhere in it: modules, and what it takes out of modules."""
    names = []
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno} imports relatively"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


@pytest.mark.parametrize("package", [pipelines, pipelines.flow, pipelines.mine, pipelines.tag])
def test_what_is_imported_when_it_is_used_has_no_module_of_its_name(package):
    """That module, once imported by anybody, would stand where the function is looked for."""
    modules = {module.name for module in iter_modules(package.__path__)}
    assert not modules & set(package.__all__)


def test_every_module_has_a_place_in_the_flow():
    """Add one that has none to LAYERS where it belongs."""
    assert not {layer(path) for path in MODULES} - {*LAYERS, "__init__", "__main__"}


def test_imports_go_down():
    wrong = []
    for path in MODULES:
        own = layer(path)
        above = set(LAYERS[LAYERS.index(own) + 1 :]) if own in LAYERS else set()
        for name in imported(path):
            package, _, rest = name.partition(".")
            taken = rest.split(".")[0]
            if package == "pipelines" and taken in above:
                wrong.append(f"{path}: {own} must not import {taken}, which stands above it")
    assert not wrong


def test_what_is_listed_is_there():
    """A name that nothing bears any more would allow what nobody means."""
    assert all((PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").is_file() for name in LAYERS)
    assert all((PACKAGE / name).is_file() for name in MAY_BE_LONGER)
    found: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*/__init__.py"):
        outer = path.parent.parent.relative_to(PACKAGE).as_posix()
        if outer != ".":
            found.setdefault(outer, set()).add(path.parent.name)
    assert found == {name: set(folders) for name, folders in FOLDERS.items()}


@pytest.mark.parametrize("outer", FOLDERS)
def test_imports_go_down_inside_a_package(outer):
    folders = FOLDERS[outer]
    inside = ".".join(["pipelines", *outer.split("/")]) + "."
    for path in sorted((PACKAGE / outer).glob("*/**/*.py")):
        own = path.relative_to(PACKAGE / outer).parts[0]
        above = set(folders[folders.index(own) + 1 :])
        taken = {n.removeprefix(inside).split(".")[0] for n in imported(path) if inside in n}
        assert not taken & above, f"{path.name} in {own} must not import what stands above it"


def test_no_two_modules_know_each_other():
    """Inside a package without folders the imports are the order: they must have one."""
    named = {}
    for path in MODULES:
        name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        named[name.removesuffix(".__init__")] = path
    del named["pipelines"]  # it gives out what stands in all
    below = {
        name: {n if n in named else n.rpartition(".")[0] for n in imported(path)} & set(named)
        for name, path in named.items()
    }
    list(TopologicalSorter(below).static_order())  # raises CycleError, which names the ring


def test_nobody_imports_what_a_module_keeps_to_itself():
    kept = re.compile(r"^pipelines\..*\._(?!_version__$)")
    taken = {str(path): [n for n in imported(path) if kept.match(n)] for path in MODULES}
    assert not {path: names for path, names in taken.items() if names}


def test_what_the_makers_of_our_data_import_is_there():
    """No test runs them: they fit for minutes, some with libraries of their own."""
    gone = []
    for path in (PACKAGE.parent / "corpus").rglob("*.py"):
        for name in imported(path):
            module, _, taken = name.rpartition(".")
            if name.startswith("pipelines.") and not hasattr(import_module(module), taken):
                gone.append(f"{path.name}: {name}")
    assert not gone


def test_the_order_of_reading_names_every_module():
    told = re.findall(r"`([a-z]+)`", ast.get_docstring(ast.parse(READ.read_text())) or "")
    folders = set(FOLDERS["read"])
    own = [path for path in READ.parent.glob("**/*.py") if not path.is_relative_to(PDF)]
    assert set(told) == {path.stem for path in own} - {"__init__"} | folders


READ = PACKAGE / "read" / "__init__.py"
PDF = PACKAGE / "read" / "pdf"


def test_modules_are_named_and_sized_for_a_reader():
    """Split one that is too long by noun."""
    assert not [path for path in MODULES if path.stem in FORBIDDEN]
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in MODULES}
    own = [path for path in MODULES if path.name not in MAY_BE_LONGER]
    assert not {str(path): lines[path] for path in own if lines[path] > LONGEST}


# Whatever is not the standard library's or ours, and the only modules or packages that import it.
DOORS = {
    "PIL": {"picture.py", "records.py"},
    "aiohttp": {"flow/sources/remote.py"},
    "altair": {"report/charts/vega.py"},
    "botocore": {"flow/sources/remote.py"},
    "distributed": {"flow/workers/cluster.py", "flow/workers/delivery.py"},
    "docx": {"read/word/elsewhere.py", "read/word/ink.py", "read/word/opening.py",
             "read/word/reader.py", "read/word/styles.py", "report/brief/forms.py",
             "report/word"},
    "duckdb": {"report/export/sql.py"},
    "filelock": {"durable.py"},
    "fsspec": {"flow/sources/remote.py"},
    "httpx2": {"fetch/client.py", "fetch/answers.py"},
    "jinja2": {"report/markdown.py", "report/page/html.py", "report/templating.py",
               "review/server.py"},
    "joblib": {"flow/workers/cluster.py", "flow/workers/pool.py", "mine/parts.py", "tag"},
    "markupsafe": {"report/page/html.py", "report/markdown.py"},
    "numpy": {"aggregate/repeats.py", "answers/score.py", "flow/follow.py", "mine",
              "read/pdf/extract/recognised.py", "report/evidence.py", "report/coded.py",
              "report/rows.py", "review", "tag"},
    "openpyxl": {"report/excel", "report/export/workbook.py", "review/sheets.py",
                 "tag/labels/sheets.py", "workbooks/opening.py"},
    "pandas": {"aggregate", "answers", "cli", "flow", "mine", "report", "review", "shortforms.py",
               "tables.py", "tag"},
    "pdfminer": {"read/pdf/extract/layers.py"},
    "protego": {"fetch/client.py", "fetch/robots.py"},
    "pyarrow": {"aggregate", "cli", "flow", "memory.py", "mine/listing.py",
                "report/evidence.py", "report/coded.py", "report/export/sql.py", "tables.py"},
    "pypdfium2": {"flow/rows.py", "picture.py", "read/pdf/extract"},
    "rich": {"cli"},
    "scipy": {"mine", "tag"},
    "selectolax": {"fetch", "read"},
    "sklearn": {"mine/search.py", "review/health.py", "tag"},
    "spacy": {"lexis/tokenizer.py", "lexis/lexicon.py", "lexis/rules.py"},
    "starlette": {"review/door.py", "review/server.py"},
    "tenacity": {"fetch/client.py"},
    "threadpoolctl": {"mine", "tag/features/encoder.py"},
    "typer": {"cli"},
    "uvicorn": {"review/server.py"},
    "vl_convert": {"report/charts/drawing.py"},
    "weasyprint": {"report/brief/forms.py"},
}  # fmt: skip


def test_each_library_comes_in_by_its_doors_only():
    found: dict[str, set[str]] = {library: set() for library in DOORS}
    for path in MODULES:
        module = path.relative_to(PACKAGE).as_posix()
        for library in {name.split(".")[0] for name in imported(path)}:
            if library not in sys.stdlib_module_names and library != "pipelines":
                doors = DOORS.get(library, set())
                door = {door for door in doors if module == door or module.startswith(f"{door}/")}
                found.setdefault(library, set()).update(door or {module})
    assert found == DOORS


def test_functions_of_the_pdf_reader_fit_on_a_screen():
    functions = [
        (path, node)
        for path in sorted(PDF.rglob("*.py"))
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef)
    ]
    assert functions
    assert not [
        f"{path}: {node.name} is longer; split it"
        for path, node in functions
        if (node.end_lineno or 0) - node.lineno >= 40
    ]


def test_layer_check_sees_an_upward_import(tmp_path):
    wrong = tmp_path / "wrong.py"
    wrong.write_text("def f():\n    from pipelines.report import html\n")
    assert "pipelines.report.html" in imported(wrong)


CHANGING = {"add", "append", "clear", "discard", "extend", "insert", "pop", "remove", "reverse",
            "setdefault", "sort", "update"}  # fmt: skip


def changed_by(function: ast.FunctionDef) -> list[str]:
    """What a function writes into its arguments, or calls on them that changes them."""
    given = {arg.arg for arg in (*function.args.args, *function.args.kwonlyargs)}
    written: list[ast.expr] = []
    for node in ast.walk(function):
        if isinstance(node, ast.Assign | ast.Delete):
            written += node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            written.append(node.target)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            written += [node.func] if node.func.attr in CHANGING else []
    places = [e for t in written for e in (t.elts if isinstance(t, ast.Tuple) else [t])]
    changed = []
    for place in places:
        owner = place
        while isinstance(owner, ast.Attribute | ast.Subscript):
            owner = owner.value
        if owner is not place and isinstance(owner, ast.Name) and owner.id in given:
            changed.append(ast.unparse(place))
    return changed


def test_what_is_asked_changes_nothing():
    """A function that says whether something holds changes nothing that it was given."""
    found = {}
    for path in MODULES:
        for node in nodes(path):
            asks = isinstance(node, ast.FunctionDef) and (ast.get_docstring(node) or "")
            if asks and asks.startswith("Whether") and (changed := changed_by(node)):
                found[f"{path.relative_to(PACKAGE)}:{node.name}"] = changed
    assert not found
