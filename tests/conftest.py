"""What several test files share: a real Chromium, and the page that is opened in it."""

from __future__ import annotations

import shutil

import pytest

from pipelines.report import ReportSettings, write_report


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
    folder = tmp_path_factory.mktemp("report")
    return write_report(tables, folder, settings=ReportSettings(formats=("html",)))[0]
