"""Make the sample report anew from the sample corpus, and pictures of it and of two notebooks.

    .venv/bin/python reports/sample/make.py

Needs Chromium for the pictures; without it the report alone is made.
"""

from __future__ import annotations

import base64
import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pipelines
from pipelines.report import FORMATS, ReportSettings

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WRITTEN = "2025-11-30"  # fixed, so that a report made anew differs only where the program does
VIEWS = (
    ("report-light", "light", 1280, 1500, "", ""),
    ("report-dark", "dark", 1280, 960, "#ratings", ""),
    ("report-filtered", "light", 1280, 960, "#recurrence?region=Marchmere", ""),
    (
        "report-findings",
        "light",
        1280,
        960,
        "#findings?unit=Ravelstow&theme=risk-of-harm",
        ".reasons",
    ),
    ("report-narrow", "light", 400, 860, "#theme-management-oversight", ""),
)
NOTEBOOKS = ("01-explore-a-corpus", "03-compare-units-and-regions")


def main() -> None:
    """Write the report in all formats, then the pictures."""
    run = pipelines.run(ROOT / "corpus" / "sample")
    settings = ReportSettings(formats=FORMATS, written=WRITTEN)
    with tempfile.TemporaryDirectory() as folder:
        # Written elsewhere first: what stands here came with the checkout, so that it carries no
        # mark of this machine's and would be left alone.
        for path in pipelines.write_report(
            run.tables, Path(folder), settings=settings, pictures=run.pictures()
        ):
            target = HERE / path.name
            target.write_bytes(path.read_bytes())
            print(target.relative_to(ROOT))
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("no pictures: Chromium is not installed")
    with tempfile.TemporaryDirectory() as folder:
        pages = [notebook_page(name, Path(folder)) for name in NOTEBOOKS]
        take_pictures(chromium, pages)


def notebook_page(name: str, folder: Path) -> Path:
    """Run a notebook and lay its outputs out as a plain page."""
    target = folder / f"{name}.ipynb"
    source = (ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")
    target.write_text(source.replace("../corpus", str(ROOT / "corpus")), encoding="utf-8")
    command = "import sys, nbformat, nbclient; n = nbformat.read(sys.argv[1], 4); "
    command += "nbclient.NotebookClient(n, timeout=600).execute(); nbformat.write(n, sys.argv[1])"
    subprocess.run([sys.executable, "-c", command, str(target)], check=True, cwd=folder)
    parts = []
    for cell in json.loads(target.read_text(encoding="utf-8"))["cells"]:
        text = html.escape("".join(cell["source"]).replace(str(ROOT / "corpus"), "../corpus"))
        if cell["cell_type"] == "markdown":
            parts.append(prose(text))
            continue
        parts.append(f"<pre>{text}</pre>")
        parts += [shown(output) for output in cell["outputs"]]
    page = folder / f"{name}.html"
    page.write_text(f"<meta charset=utf-8><style>{STYLE}</style>{''.join(parts)}", encoding="utf-8")
    return page


def prose(text: str) -> str:
    """Lay out a Markdown cell: a heading and paragraphs are all that the notebooks use."""
    return "".join(
        f"<h1>{block[2:]}</h1>" if block.startswith("# ") else f"<p>{block}</p>"
        for block in re.sub(r"`(.+?)`", r"<code>\1</code>", text).split("\n\n")
    )


def shown(output: dict) -> str:
    """Lay out what a cell gave: a table, a chart, text."""
    data = output.get("data", {})
    if "image/svg+xml" in data:
        picture = base64.b64encode("".join(data["image/svg+xml"]).encode()).decode()
        return f'<img src="data:image/svg+xml;base64,{picture}">'
    if "text/html" in data:
        return "".join(data["text/html"])
    text = "".join(output.get("text", data.get("text/plain", [])))
    return f"<samp>{html.escape(text)}</samp>" if output.get("name") != "stderr" else ""


def take_pictures(chromium: str, notebooks: list[Path]) -> None:
    """Photograph the report and the notebooks."""
    from playwright.sync_api import sync_playwright

    folder = HERE / "pictures"
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, scheme, width, height, fragment, opened in VIEWS:
            size = {"width": width, "height": height}
            page = browser.new_page(viewport=size, color_scheme=scheme)
            page.goto((HERE / "report.html").as_uri() + fragment)
            if opened:
                page.locator(f"#list > li:visible {opened} summary").first.click()
                page.evaluate("document.getElementById('findings').scrollIntoView()")
            page.screenshot(path=folder / f"{name}.png")
            page.close()
        for path in notebooks:
            page = browser.new_page(viewport={"width": 900, "height": 1100})
            page.goto(path.as_uri())
            page.screenshot(path=folder / f"notebook-{path.stem}.png")
            page.close()
        browser.close()
    for path in sorted(folder.glob("*.png")):
        print(path.relative_to(ROOT), path.stat().st_size)


STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; max-width: 52rem; color: #1c2326; }
pre { background: #f3f5f4; padding: .8rem; overflow: hidden; font-size: 13px; }
samp { white-space: pre-wrap; display: block; font-size: 13px; margin-bottom: 1rem; }
table { border-collapse: collapse; font-size: 13px; margin: .5rem 0 1rem; }
th, td { padding: .2rem .6rem; text-align: left; border-bottom: 1px solid #dde2e0; }
img { max-width: 100%; }
"""


if __name__ == "__main__":
    main()
