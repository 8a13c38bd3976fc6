"""What several test files share: a real Chromium, the page that is opened in it, what may lack."""

from __future__ import annotations

import gc
import json
import os
import shutil
import sys
import time
from collections.abc import Generator

import pytest
import vl_convert

import forked

LACKING = {
    "weasyprint": "WeasyPrint cannot draw here: the system has no Pango",
    "Liberation Sans": "the font Liberation Sans is not installed",
}
"""What a machine with only Python, git and make has not, and the reason given for a test."""

DEAREST = """
    cluster models hostile report flow fetch loop review misfortune generations durable
    labels killed killed_commands report_data explain cli workers evaluate project_data
    workbooks pdf answers addresses segment aggregate
"""
"""Files of tests that are begun first, by what they cost: the last to be done is a cheap one."""


def pytest_configure(config) -> None:
    """Stop the calendar; take WeasyPrint for absent where the library that it draws with is.

    Nothing of ours is imported above, so that numpy obeys: threads that wait for each other on a
    busy machine were two fifths of the processor time of a small training.
    """
    config.option.loadscopereorder = False  # xdist would begin with the files of most tests
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(int(time.time())))  # no test sees midnight
    # Where a machine keeps no compiled modules, each of some hundred processes compiles its own.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        sys.modules["weasyprint"] = None  # type: ignore[assignment]


def pytest_collection_modifyitems(items) -> None:
    """Begin with the dearest files."""
    order = {f"test_{name}.py": place for place, name in enumerate(DEAREST.split())}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))


def _skipped(error: Exception) -> str | None:
    if isinstance(error, (ModuleNotFoundError, FileNotFoundError)):
        named = getattr(error, "name", None) or str(error)
        return next((reason for what, reason in LACKING.items() if what in named), None)
    return None


def _or_skipped() -> Generator[None, object, object]:
    try:
        return (yield)
    except (ModuleNotFoundError, FileNotFoundError) as error:
        reason = _skipped(error)
        if reason is None:
            raise
        pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, object, object]:
    """Skip a test whose fixture needs what the system has not."""
    return (yield from _or_skipped())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """Skip a test that needs what the system has not."""
    return (yield from _or_skipped())


@pytest.fixture(scope="session", autouse=True)
def kept(tmp_path_factory):
    """Keep what runs read, tag and count for all tests: a document costs its worker once.

    It is the cache of every run that names none. A test of reading itself, of workers or of what
    a cache does gives one of its own, or None.
    """
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:  # one for all processes
        place = place.parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FINDINGS_CACHE", str(place / "kept"))
        for name in ("vegalite_to_png", "vegalite_to_svg"):
            patch.setattr(vl_convert, name, drawn_once(getattr(vl_convert, name)))
        yield place / "kept"


def drawn_once(draw):
    """Draw each chart once: many tests write the same report, and pictures cost most of it."""
    drawn = {}

    def call(spec, **settings):
        asked = json.dumps([spec, settings])
        if asked not in drawn:
            drawn[asked] = draw(spec, **settings)
        return drawn[asked]

    return call


@pytest.fixture(scope="module", autouse=True)
def guards(request):
    """Fork the guards of runs from a process that has the model loaded already.

    A file of tests of workers, their memory, their ends or of kills says PLAIN_GUARDS: there they
    are started as users start them.
    """
    from pipelines.flow.workers import process

    gc.freeze()  # runs collect between stages: not each time all tests and libraries anew
    with pytest.MonkeyPatch.context() as patch:
        if hasattr(os, "pidfd_open") and not getattr(request.module, "PLAIN_GUARDS", False):
            patch.setattr(process, "program", forked.program)
        yield


@pytest.fixture(scope="session")
def browser():
    """A Chromium of the system's, driven by playwright; skipped where either is absent."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next(filter(None, map(shutil.which, names)), None)
    if chromium is None:
        pytest.skip("no Chromium: install the package chromium")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def page_file(tables, tmp_path_factory):
    """The page about the `tables` of the test file that asks."""
    from pipelines.report import ReportSettings, write_report

    folder = tmp_path_factory.mktemp("report")
    return write_report(tables, folder, settings=ReportSettings(formats=("html",)))[0]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of shipped themes and issues, in use for the time of a test."""
    from pipelines.changes import make_project
    from pipelines.project import leave_project, open_project

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    make_project(tmp_path / "team", name="Our team")
    yield open_project(tmp_path / "team")
    leave_project()
