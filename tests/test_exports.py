"""The public names: there, typed, light to import, and none hides a module."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import pipelines

PACKAGE = Path(pipelines.__file__).parent


@pytest.mark.parametrize("name", pipelines.__all__)
def test_public_name_resolves_to_where_it_is_defined(name):
    value = getattr(pipelines, name)
    assert value.__doc__, f"{name} has no docstring"
    assert value.__module__.startswith("pipelines."), value.__module__


def test_all_and_homes_agree():
    assert sorted(pipelines.__all__) == sorted(pipelines._HOME)


@pytest.mark.parametrize("name", pipelines.__all__)
def test_no_public_name_hides_a_module(name):
    assert not (PACKAGE / f"{name}.py").exists()
    assert not (PACKAGE / name).is_dir()


def test_unknown_name_says_what_there_is():
    with pytest.raises(AttributeError, match="read_document"):
        pipelines.no_such_name  # noqa: B018


def test_importing_the_reader_imports_nothing_heavy():
    code = (
        "import sys, pipelines, pipelines.read; "
        "print(sorted({'pandas', 'sklearn', 'spacy', 'pdfplumber', 'altair'} & set(sys.modules)))"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert out.strip() == "[]"


@pytest.mark.parametrize("module", sorted(set(pipelines._HOME.values())))
def test_modules_of_public_names_import(module):
    assert import_module(module)


def test_dir_shows_only_what_is_public():
    assert dir(pipelines) == sorted(pipelines.__all__)
