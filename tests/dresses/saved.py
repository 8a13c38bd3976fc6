"""Pages of sites as people save them: by browsers, as archives, for reading, through Word.

Chromium (its own page and its MHTML) and LibreOffice are the real programs; what SingleFile and
the reader view of Firefox write is written here in their manner.
"""

from __future__ import annotations

import base64
import random
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.layouts.contents import Content
from tests.layouts.programs import _found, _run

from .printed import _plain_boxes
from .sites import SitePage

FROM = "https://inspectorate.example/document/report/"


def _complete(page: str, rng: random.Random) -> bytes:
    """Saved "as complete": a comment says from where, and pictures lie in a folder beside it."""
    mark = f"<!-- saved from url=({len(FROM):04d}){FROM} -->\n"
    page = page.replace("<!DOCTYPE html>\n", f"<!DOCTYPE html>\n{mark}", 1)
    return re.sub(r'(src|href)="/', rf'\1="{FROM}', page).encode()


def _single_file(page: str, rng: random.Random) -> bytes:
    """All in one file: attributes without quotation marks, ends of elements left out, big data."""
    picture = base64.b64encode(rng.randbytes(rng.choice([30_000, 900_000]))).decode()
    page = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    page = page.replace(
        "<main", f"<img src=data:image/png;base64,{picture.rstrip('=')} alt><main", 1
    )
    page = re.sub(r'="([\w./:#-]+)"(?=[\s>])', r"=\1", page)
    page = re.sub(r"</(?:p|li|td|tr|tbody|dd|dt|option|th)>", "", page)
    page = re.sub(r'style="?display: ?none;?"?', "class=sf-hidden", page)
    mark = f"<!--\n Page saved with SingleFile \n url: {FROM} \n saved date: Mon May 04 2026 \n-->"
    return re.sub(r"(<html[^>]*>)", lambda m: m[1] + mark, page, count=1).encode()


def _reader_view(page: str, rng: random.Random) -> bytes:
    """The reader view: what is hidden or around the report is gone, and so are most classes."""
    title = re.search(r"<title>(.*?)</title>", page)
    body = re.search(
        r'(?s)(<(?:main|article|div class="container"|div data-elementor-type="wp-post").*)<(?:footer|/body)',
        page,
    )
    text = re.sub(r"(?s)<(nav|script|style|noscript|button|aside|svg).*?</\1>", "", body[1])
    bare = r' (?:class|id|role|data-[\w-]+|aria-[\w-]+|style|hidden)(?:="[^"]*")?(?=[ >])'
    text = re.sub(r"<[^<>]+>", lambda tag: re.sub(bare, "", tag[0]), text)
    return (
        f'<html dir="ltr"><head><meta charset="utf-8"><title>{title[1]}</title></head><body><div class="container" lang="en"><div class="header reader-header"><a class="domain reader-domain" href="{FROM}">inspectorate.example</a>'
        f'<h1 class="reader-title">{title[1]}</h1><div class="credits reader-credits">HM Inspectorate</div><div class="meta-data"><div class="reader-estimated-time">25-32 minutes</div></div></div><hr>'
        f'<div class="content"><div class="moz-reader-content"><div id="readability-page-1" class="page">{text}</div></div></div></div></body></html>'
    ).encode()


def _chromium(page: str, take: Callable[[object], bytes]) -> bytes:
    """What Chromium makes of a page without a network."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError as error:
        raise FileNotFoundError("playwright is not installed") from error
    browser_path = _found("chromium", "chromium-browser", "google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as drive:
        (Path(folder) / "report.html").write_text(page, encoding="utf-8")
        browser = drive.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        view = browser.new_page()
        view.goto((Path(folder) / "report.html").as_uri())
        taken = take(view)
        browser.close()
    return taken


def _document(page: str, rng: random.Random) -> bytes:
    return _chromium(page, lambda view: view.content().encode())


def _archive(page: str, rng: random.Random) -> bytes:
    def take(view):  # type: ignore[no-untyped-def]
        session = view.context.new_cdp_session(view)
        return session.send("Page.captureSnapshot", {"format": "mhtml"})["data"].encode()

    return _chromium(page, take)


def _through_writer(page: str, rng: random.Random) -> bytes:
    """Opened in a word processor, kept as its document, and saved as a page again."""
    office = _found("soffice", "libreoffice")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.html"
        source.write_text(page, encoding="utf-8")
        for target in ("odt:writer8", "html:HTML (StarWriter)"):
            suffix = target.split(":")[0]
            options = [f"-env:UserInstallation=file://{folder}/profile", "--headless"]
            reading = ["--infilter=HTML (StarWriter)"] if source.suffix == ".html" else []
            command = [office, *options, *reading, "--convert-to", target]
            _run([*command, "--outdir", folder, str(source)], seconds=180)
            source = Path(folder) / f"in.{suffix}"
        return source.read_bytes()


WAYS: dict[str, Callable[[str, random.Random], bytes]] = {
    "as served": lambda page, rng: page.encode(),
    "complete": _complete,
    "SingleFile": _single_file,
    "reader view": _reader_view,
    "Chromium page": _document,
    "Chromium MHTML": _archive,
    "writer": _through_writer,
}


# What these ways leave out of the file: nobody can read it there.
LOST = {
    "reader view": frozenset({"govuk", "collapse", "svg"}),  # buttons and drawings
    "writer": frozenset({"svg"}),
    "Chromium MHTML": frozenset({"govuk", "builder", "more"}),  # what has the attribute `hidden`
}


def make_saved_page(content: Content, seed: int) -> tuple[str, bytes]:
    """Return a few words on the dress and the bytes of the page as it was saved."""
    rng = random.Random(seed * 4001 + 13)
    way = rng.choice(["as served", *WAYS])
    if way in {"reader view", "writer"}:
        _plain_boxes(content)  # their frames are lost, so nobody can tell whose bullets are whose
    page = SitePage(content, seed, lost=LOST.get(way, frozenset()))
    dress, wording = page.dress, page.wording
    words = (
        f"{way} | {page.system} folds={page.folds} h={dress.headings}/{dress.mark} list={dress.lists}/{dress.nested} note={dress.notes} "
        f"quote={dress.quotes} box={dress.boxes} rate={wording.banner}/{wording.ratings}/{dress.rating} table={dress.table} case={dress.case} pairs={wording.pairs:d}"
    )
    return words, WAYS[way](page.shelled(), rng)
